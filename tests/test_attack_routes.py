"""Every route of the running app from outside: nobody reads a file that is not theirs, and the app asks nobody."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from attacked import API, App, call, upload
from attacks import LOOKED_AT, addresses, names_of

pytest_plugins = ["attacked"]

TINY: dict[str, Any] = {
    "source": {"kind": "generate", "seconds": 0.5},
    "share": {"short_side": 144, "fps": 8, "aspect": "1:1"},
}


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine, and what was sent to it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    peer.settimeout(1)
                    heard.append(peer.recv(200))
                    peer.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi")

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1], heard


def file_data(path: str, **more: Any) -> dict[str, Any]:
    """A file as Gradio's clients name one."""
    return {"path": path, "meta": {"_type": "gradio.FileData"}, "orig_name": "clip.mp4"} | more


def raw(app: App, target: str) -> bytes:
    """The whole answer to a GET of `target`, sent as it is: clients tidy up addresses."""
    place = httpx.URL(app.url)
    with socket.create_connection((place.host, place.port or 80), timeout=30) as line:
        sent = target.encode("utf-8", "surrogatepass").replace(b" ", b"%20")
        line.sendall(b"GET " + sent + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


class TestRoutes:
    def test_somebody_has_looked_at_every_route(self, app: App) -> None:
        paths = {path.replace("{url_path:path}", "").replace("{path_or_url:path}", "") for path, _ in app.routes}
        strange = {path for path in paths - {"/", ""} if not path.startswith(tuple(LOOKED_AT))}
        assert not strange, "new routes: look at them, then shut them in vgan/ui/doors.py or list them in attacks.py"
        assert len(paths) > 50, "the routes were not listed"

    @pytest.mark.parametrize("start", [start for start, kind in LOOKED_AT.items() if kind == "shut"])
    def test_what_the_app_does_not_need_is_shut(self, app: App, visitor: httpx.Client, start: str) -> None:
        paths = {path for path, _ in app.routes if path.startswith(start)} or {start}
        for path in paths:
            asked = path.partition("{")[0] + ("x/y/z/w" if "{" in path else "")
            for method in ("GET", "POST", "HEAD", "PUT"):
                assert visitor.request(method, asked).status_code == 404, (method, asked)
                assert visitor.request(method, asked.replace(API, "/%67radio_api")).status_code == 404, (method, asked)

    def test_no_websocket_and_no_strange_method(self, app: App, visitor: httpx.Client) -> None:
        upgrade = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Key": "eA==",
            "Sec-WebSocket-Version": "13",
        }
        assert visitor.get("/queue/join", headers=upgrade).status_code in {400, 403, 404}
        for method in ("TRACE", "CONNECT", "DELETE", "PATCH", "PROPFIND", "x" * 300):
            assert visitor.request(method, "/").status_code in {400, 405}, method


class TestFiles:
    ROUTES = (f"{API}/file=", "/static/", "/assets/", "/svelte/", f"{API}/file/", f"{API}/proxy=", "/theme.css/", "/")

    def test_no_file_of_the_machine_is_served(self, app: App) -> None:
        secret = app.secret()
        for file in (app.canary, Path("/etc/passwd"), app.folder / "asked"):
            for name in names_of(file):
                for route in self.ROUTES:
                    answer = raw(app, f"{route}{name}")
                    assert secret not in answer, (route, name)
                    assert b"root:x:0:0" not in answer, (route, name)
                    assert b" 500 " not in answer.split(b"\r\n")[0], (route, name)

    @pytest.mark.parametrize("endpoint", ["preview", "render"])
    def test_no_file_field_takes_a_file_of_the_machine(self, app: App, visitor: httpx.Client, endpoint: str) -> None:
        """Every field of a recipe, and every argument, that names a file."""
        other = upload(app.visitor(), "theirs.mp4", app.secret())
        fields = [
            lambda name: ({"source": {"kind": "upload", "path": name}},),
            lambda name: ({"steps": [{"kind": "stylize", "style": name}]},),
            lambda name: ({"steps": [{"kind": "upscale", "model": name}]},),
            lambda name: ({"source": {"kind": "generate", "look": name}},),
            lambda name: ({"overlays": [{"kind": "picture", "path": name}]},),
            lambda name: (
                {"overlays": [{"kind": "captions", "font": name, "cues": [{"start": 0, "end": 1, "text": "a"}]}]},
            ),
            lambda name: (TINY | {"sound": {"music": name}},),
            lambda name: ({}, "webp", file_data(name)) if endpoint == "preview" else ({}, file_data(name), None),
        ]
        names = names_of(app.canary)[:12] if endpoint == "render" else names_of(app.canary)
        for name in [*names, other[: other.rindex("/")], f"{other}/../../../../../canary.mp4"]:
            for number, field in enumerate(fields):
                event, answer = call(visitor, endpoint, *field(name))
                assert app.secret().decode() not in json.dumps(answer)
                if number == 3 and name == "":
                    continue  # the default look
                assert event != "complete" or (number == 7 and name == ""), (name, number, answer)

    def test_what_one_visitor_has_nobody_else_finds(self, app: App, visitor: httpx.Client) -> None:
        mine = upload(visitor, "mine.mp4", b"the same bytes")
        theirs = upload(app.visitor(), "mine.mp4", b"the same bytes")
        assert mine != theirs, "where a file lies does not follow from what is in it"
        assert len(Path(mine).parent.parent.name) >= 40, "and cannot be guessed"
        assert visitor.get(f"{API}/file={mine}").content == b"the same bytes"
        for guess in (Path(mine).parent, Path(mine).parent.parent, Path(mine).parents[2], app.folder / "clips"):
            for end in ("", "/", "/.", "/*", "/../mine.mp4"):
                assert visitor.get(f"{API}/file={guess}{end}").status_code in {400, 403, 404}, (guess, end)

    def test_file_names_do_not_leave_their_folder(self, app: App, visitor: httpx.Client) -> None:
        for name in (*names_of(app.folder / "planted.mp4"), "tmpabc", ".hidden", "..", "a\r\nb", "C:\\x", "n" * 300):
            answer = visitor.post(f"{API}/upload", files={"files": (name or "x", b"planted")})
            assert answer.status_code in {200, 400, 413}, (name, answer.text)
            for path in answer.json() if answer.status_code == 200 else []:
                saved = Path(path)
                assert saved.resolve().is_relative_to((app.folder / "gradio").resolve()), name
                assert saved.read_bytes() == b"planted"
        assert not (app.folder / "planted.mp4").exists()


class TestRequests:
    def test_the_app_asks_nobody(self, app: App, visitor: httpx.Client, listener: tuple[int, list[bytes]]) -> None:
        port, heard = listener
        for address in addresses(port):
            for route in (f"{API}/file=", f"{API}/proxy=", f"{API}/file/"):
                raw(app, f"{route}{address}")
            for data in (
                file_data(address),
                file_data("clip.mp4", url=address),
                {"path": address},
                {"url": address},
                address,
            ):
                event, answer = call(visitor, "preview", {"source": {"kind": "upload"}}, "webp", data)
                assert event != "complete", (address, answer)
            recipe = {"source": {"kind": "upload", "path": address}}
            assert call(visitor, "preview", recipe)[0] != "complete"
            for number, made in app.events.items():
                if made["inputs"][:1] in (["File"], ["UploadButton"]):
                    body = {
                        "fn_index": number,
                        "session_hash": "asks",
                        "data": [file_data(address)] * len(made["inputs"]),
                    }
                    visitor.post(f"{API}/run/x", json=body)
        assert heard == []
        assert {one for one in app.asked() if str(port) in one} == set()

    def test_nor_through_mcp(self, app: App, visitor: httpx.Client, listener: tuple[int, list[bytes]]) -> None:
        port, heard = listener
        head = {"Accept": "application/json, text/event-stream"}
        forged = {"X-Forwarded-Host": f"127.0.0.1:{port}", "X-Gradio-Server": f"http://127.0.0.1:{port}"}
        for address in (*addresses(port)[:4], f"file://{app.canary}", str(app.canary), "data:text/plain;base64,aGk="):
            for tool in ("preview", "render"):
                call_ = {"name": tool, "arguments": {"recipe": {"source": {"kind": "upload"}}, "file": address}}
                body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call_}
                answer = visitor.post(f"{API}/mcp/", json=body, headers=head | forged)
                assert app.secret().decode() not in answer.text
        assert heard == []
        assert {one for one in app.asked() if str(port) in one} == set()
