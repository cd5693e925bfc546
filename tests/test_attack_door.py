"""What the door refuses before Gradio sees it: bodies, other sites and names, other visitors' sessions, slow lines."""

import json
import secrets
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from attacked import API, App, call, upload

from vgan.ui import patience
from vgan.ui.doors import BODIES

pytest_plugins = ["attacked"]

TINY: dict[str, Any] = {
    "source": {"kind": "generate", "seconds": 0.5},
    "share": {"short_side": 144, "fps": 8, "aspect": "1:1"},
}
JSON = {"Content-Type": "application/json"}
JOIN = f"{API}/queue/join"


def event_of(app: App, name: str) -> int:
    return next(number for number, event in app.events.items() if event["name"] == name)


def answer_to(app: App, sent: bytes, patience: float = 30) -> bytes:
    """The first line of what comes back for raw bytes; nothing where the line is cut."""
    place = httpx.URL(app.url)
    with socket.create_connection((place.host, place.port or 80), timeout=patience) as line:
        line.sendall(sent)
        return line.recv(4096).split(b"\r\n")[0]


class TestBodies:
    @pytest.mark.parametrize(
        "path", [JOIN, f"{API}/call/render", f"{API}/mcp/", f"{API}/upload", "/login", "/", "/config"]
    )
    def test_long_body_is_refused_before_it_is_sent(self, app: App, path: str) -> None:
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10000000000\r\n"
        head += "Content-Type: multipart/form-data; boundary=x\r\n\r\n{"
        assert b" 413 " in answer_to(app, head.encode())

    @pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "99999999999999999999999999", "", "1, 2"])
    def test_length_that_is_none_is_refused(self, app: App, length: str) -> None:
        head = f"POST {JOIN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n"
        assert answer_to(app, head.encode()).split(b" ")[1][:1] == b"4"

    def test_endless_body_is_cut(self, app: App) -> None:
        most = next(most for start, most in BODIES if JOIN.startswith(start))
        piece = b"x" * 65536

        def endless() -> Any:
            while True:
                yield piece

        begin = time.monotonic()
        try:
            answer = httpx.post(f"{app.url}{JOIN}", content=endless(), headers=JSON, timeout=30)
            assert answer.status_code == 413
            assert f"{most / 1e6:g} MB" in answer.text
        except httpx.WriteError:  # the line is closed upon the one who goes on talking
            pass
        assert time.monotonic() - begin < 10

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"null",
            b"[]",
            b"{}",
            b'{"data": 1}',
            b'{"data": []}',
            b'{"data": [], "fn_index": 0}',
            b'{"data": [], "fn_index": 999999, "session_hash": "a"}',
            b'{"data": [], "fn_index": "0", "session_hash": "a"}',
            b'{"data": [], "fn_index": 1e400, "session_hash": "a"}',
            b'{"data": [], "fn_index": true, "session_hash": "a"}',
            b'{"data": [], "fn_index": 0, "session_hash": ["a"]}',
            b'{"data": [], "fn_index": 0, "session_hash": "../../etc"}',
            b'{"data": [], "fn_index": 0, "session_hash": "' + b"a" * 5000 + b'"}',
            b'{"data": ["\\ud800"], "fn_index": 0, "session_hash": "a"}',
            b"[" * 100_000,
            b'{"data":' + b"[" * 2_000 + b"]" * 2_000 + b"}",
            b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
            b"\xff\xfe\x00",
            b'{"data": [{"meta": {"_type": "gradio.FileData"}, "path": "/etc/passwd"}], "session_hash": "a"}',
        ],
        ids=lambda body: repr(body[:40]),
    )
    def test_broken_body_is_refused_and_told_why(self, visitor: httpx.Client, body: bytes) -> None:
        for path in (
            JOIN,
            f"{API}/run/x",
            f"{API}/call/preview",
            f"{API}/call/v2/nothing",
            f"{API}/cancel",
            f"{API}/api/no",
        ):
            answer = visitor.post(path, content=body, headers=JSON)
            if path.endswith("cancel") and body.startswith(b'{"data": []'):
                continue  # it takes no data
            assert answer.status_code in {400, 404, 422}, (path, answer.text)
            assert answer.json()["detail"]
            assert "Traceback" not in answer.text

    def test_too_many_files_and_fields_are_refused(self, visitor: httpx.Client) -> None:
        many = [("files", (f"{number}.txt", b"x")) for number in range(70)]
        assert visitor.post(f"{API}/upload", files=many).status_code == 400
        fields = {"files": "x" * 1_000_000}
        assert visitor.post(f"{API}/upload", files={"a": ("a", b"")}, data=fields).status_code == 400
        for content in (
            b"",
            b"--x",
            b"--x\r\n\r\n",
            b"--x\r\nContent-Disposition: form-data\r\n\r\n--x--",
            b"\0" * 100,
        ):
            head = {"Content-Type": "multipart/form-data; boundary=x"}
            assert visitor.post(f"{API}/upload", content=content, headers=head).status_code in {200, 400}
        assert (
            visitor.post(f"{API}/upload", content=b"x", headers={"Content-Type": "multipart/form-data"}).status_code
            == 400
        )
        assert visitor.post(f"{API}/upload", content=b"x").status_code == 400

    def test_upload_that_breaks_off_leaves_nothing(self, app: App) -> None:
        before = {path for path in app.folder.rglob("*") if path.is_file() and "gradio" in path.parts}
        place = httpx.URL(app.url)
        head = f"POST {API}/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\nContent-Type: "
        head += "multipart/form-data; boundary=x\r\n\r\n--x\r\n"
        head += 'Content-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'
        with socket.create_connection((place.host, place.port or 80)) as line:
            line.sendall(head.encode() + b"a" * 5000)
            time.sleep(0.3)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            left = {path for path in app.folder.rglob("*") if path.is_file() and "gradio" in path.parts} - before
            if not left:
                break
            time.sleep(0.1)
        assert not left

    def test_silent_and_slow_lines_are_cut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of the protocol alone: waiting for the real limits would take a minute."""
        import asyncio

        import uvicorn

        monkeypatch.setattr(patience, "HEAD_SECONDS", 0.3)

        async def hello(_: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})

        async def cut(port: int, first: bytes, then: bytes) -> float:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            begin = time.monotonic()
            writer.write(first)
            while time.monotonic() - begin < 30:
                try:
                    writer.write(then)
                    if not await asyncio.wait_for(reader.read(4096), 0.1):
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
            writer.close()
            return time.monotonic() - begin

        async def tried() -> list[float]:
            config = uvicorn.Config(hello, port=0, http=patience.Patient, lifespan="off", log_level="error")
            server = uvicorn.Server(config)
            task = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            whole = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
            lines = ((b"", b""), (b"GET / HTTP/1.1\r\n", b"a: b\r\n"), (whole + b"GET / HT", b"x"))
            taken = [await cut(port, first, then) for first, then in lines]
            server.should_exit = True
            await task
            return taken

        with ThreadPoolExecutor(1) as own:  # a thread without a loop: the browser's may run in this one
            assert max(own.submit(asyncio.run, tried()).result()) < 15


class TestOtherSites:
    @pytest.mark.parametrize(
        "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7860", "evil.example@127.0.0.1", ""]
    )
    def test_no_answer_under_the_name_of_another(self, app: App, host: str) -> None:
        answer = answer_to(app, f"GET /config HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert b" 421 " in answer or b" 400 " in answer or not host, answer

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil.example", "file://"]
    )
    def test_another_site_cannot_use_the_app(self, app: App, visitor: httpx.Client, origin: str) -> None:
        head = {"Origin": origin}
        body = {"data": [TINY], "fn_index": event_of(app, "render"), "session_hash": "a"}
        for answer in (
            visitor.post(JOIN, json=body, headers=head),
            visitor.post(f"{API}/upload", files={"files": ("a", b"a")}, headers=head),
            visitor.get("/config", headers=head),
            visitor.options(JOIN, headers=head | {"Access-Control-Request-Method": "POST"}),
        ):
            assert answer.status_code == 403
            assert "access-control-allow-origin" not in answer.headers

    def test_nor_by_pictures_and_links(self, visitor: httpx.Client) -> None:
        cross = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        for path in (f"{API}/heartbeat/abc", f"{API}/info", f"{API}/queue/data?session_hash=a", "/logout"):
            assert visitor.get(path, headers=cross).status_code == 403
        assert visitor.get("/", headers=cross | {"Sec-Fetch-Mode": "navigate"}).status_code == 200, (
            "links to the app work"
        )

    def test_own_page_is_let_in(self, app: App, visitor: httpx.Client) -> None:
        head = {"Origin": app.url, "Sec-Fetch-Site": "same-origin"}
        assert visitor.post(f"{API}/reset", json={"event_id": "a"}, headers=head).status_code == 200

    def test_no_redirect_leads_elsewhere(self, visitor: httpx.Client) -> None:
        for path in (
            "/login?next=https://evil.example",
            "//evil.example/..",
            "/logout",
            "/?deep_link=../../x",
            "/login//evil.example",
        ):
            answer = visitor.get(path)
            assert "evil.example" not in answer.headers.get("location", "")

    def test_what_every_answer_says(self, visitor: httpx.Client) -> None:
        page = visitor.get("/")
        rules = page.headers["content-security-policy"]
        assert "frame-ancestors 'self'" in rules
        assert "connect-src 'self' data: blob:;" in rules, "the page can ask nobody else"
        path = upload(visitor, "a.html", b"<script>1</script>")
        for answer in (page, visitor.get("/config"), visitor.get(f"{API}/file={path}"), visitor.get("/nothing")):
            assert answer.headers["x-content-type-options"] == "nosniff"
        file = visitor.get(f"{API}/file={path}")
        assert "sandbox" in file.headers["content-security-policy"]
        assert file.headers["content-disposition"].startswith("attachment")
        assert file.headers["cache-control"] == "private, no-store"
        assert file.headers["cross-origin-resource-policy"] == "same-origin"


class TestSessions:
    def test_session_belongs_to_whoever_used_it_first(self, app: App, visitor: httpx.Client) -> None:
        session = secrets.token_hex(8)
        number = event_of(app, "preview")
        mine = {"data": [{}, "strip", None], "fn_index": number, "session_hash": session}
        assert visitor.post(f"{API}/run/x", json=mine).status_code == 200
        for stranger in (app.visitor(), httpx.Client(base_url=app.url)):
            cases = [
                stranger.post(f"{API}/run/x", json=mine),
                stranger.post(JOIN, json=mine),
                stranger.post(f"{API}/call/preview", json=mine),
                stranger.post(f"{API}/cancel", json={"session_hash": session, "fn_index": number, "event_id": "a"}),
                stranger.get(f"{API}/queue/data", params={"session_hash": session}),
                stranger.get(f"{API}/heartbeat/{session}"),
            ]
            assert [answer.status_code for answer in cases] == [403] * len(cases)
        assert visitor.post(f"{API}/run/x", json=mine).status_code == 200

    def test_nobody_hears_or_stops_the_work_of_another(self, app: App, visitor: httpx.Client) -> None:
        begun = visitor.post(f"{API}/call/render", json={"data": [TINY, None, None]}).json()["event_id"]
        stranger = app.visitor()
        for event in (begun, "0" * 32, "../" + begun):
            stranger.post(
                f"{API}/cancel",
                json={"session_hash": "other", "fn_index": event_of(app, "render"), "event_id": event + "x"},
            )
        with visitor.stream("GET", f"{API}/call/render/{begun}") as lines:
            text = "".join(lines.iter_text())
        assert "event: complete" in text

    def test_visitors_clips_are_their_own(self, app: App, visitor: httpx.Client) -> None:
        event, data = call(visitor, "render", TINY, None, None)
        assert event == "complete"
        path = data[0]["path"]
        assert visitor.get(f"{API}/file={path}").status_code == 200
        assert "visit-" not in json.dumps(app.visitor().get("/config").json()), "no page names another's folder"

    def test_cookie_is_kept_from_scripts(self, app: App) -> None:
        for scheme, wanted in (("http", "SameSite=Lax"), ("https", "Secure; SameSite=None; Partitioned")):
            cookie = httpx.get(f"{app.url}/config", headers={"X-Forwarded-Proto": scheme}).headers["set-cookie"]
            assert "HttpOnly" in cookie
            assert cookie.endswith(wanted)
        with httpx.Client(base_url=app.url) as client:
            assert "set-cookie" in client.get("/").headers
            assert "set-cookie" not in client.get("/").headers, "one is enough"
