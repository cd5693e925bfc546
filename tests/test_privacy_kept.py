"""How long files are kept, who may come in where a password is asked for, and that the app speaks to nobody."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from attacked import API, App, call, serving, upload
from gradio_client import Client

from vgan.errors import RecipeError
from vgan.settings import Settings
from vgan.ui import arrivals, logins
from vgan.ui.doors import Refused

pytest_plugins = ["attacked"]

TINY: dict[str, Any] = {
    "source": {"kind": "generate", "seconds": 0.5},
    "share": {"short_side": 144, "fps": 8, "aspect": "1:1"},
}
USER, PASSWORD = "ana", "correct:horse"
KEPT_SECONDS = 6.0


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app with a password, which keeps nothing for long."""
    folder = tmp_path_factory.mktemp("locked")
    with serving(folder, VGAN_AUTH=f"{USER}:{PASSWORD},bo:b", VGAN_KEEP_HOURS=str(KEPT_SECONDS / 3600)) as app:
        yield app


@contextmanager
def logged_in(app: App) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, timeout=60) as client:
        client.post("/login", data={"username": USER, "password": PASSWORD}).raise_for_status()
        client.get("/config").raise_for_status()
        yield client


class TestPassword:
    def test_nothing_is_open_without_it(self, locked: App) -> None:
        with httpx.Client(base_url=locked.url) as stranger, logged_in(locked) as ana:
            path = upload(ana, "mine.mp4", b"mine")
            assert ana.get(f"{API}/file={path}").content == b"mine"
            cases: list[tuple[str, str, dict[str, Any]]] = [
                ("GET", "/config", {}),
                ("GET", f"{API}/info", {}),
                ("GET", f"{API}/openapi.json", {}),
                ("GET", f"{API}/file={path}", {}),
                ("GET", f"{API}/queue/data?session_hash=a", {}),
                ("GET", f"{API}/heartbeat/a", {}),
                ("GET", f"{API}/upload_progress?upload_id=a", {}),
                ("GET", f"{API}/queue/status", {}),
                ("GET", f"{API}/app_id", {}),
                ("POST", f"{API}/upload", {"files": {"files": ("a", b"a")}}),
                ("POST", f"{API}/queue/join", {"json": {"data": [], "fn_index": 0, "session_hash": "a"}}),
                ("POST", f"{API}/run/models", {"json": {"data": []}}),
                ("POST", f"{API}/call/models", {"json": {"data": []}}),
                ("POST", f"{API}/call/v2/models", {"json": {}}),
                ("GET", f"{API}/call/models/{'0' * 32}", {}),
                ("POST", f"{API}/cancel", {"json": {"session_hash": "a", "fn_index": 0, "event_id": "a"}}),
                ("POST", f"{API}/reset", {"json": {"event_id": "a"}}),
                ("POST", f"{API}/mcp/", {"json": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}}),
                ("GET", f"{API}/mcp/schema", {}),
            ]
            for method, address, more in cases:
                answer = stranger.request(method, address, **more)
                assert answer.status_code == 401, (method, address, answer.status_code)
            for address in ("/counters", "/metrics"):  # they have a key of their own
                assert stranger.get(address).status_code == 404
            page = stranger.get("/")
            assert page.status_code == 200
            assert '"auth_required":true' in page.text.replace(" ", "")
            assert "vgan-stage" not in page.text
            forged = {"Cookie": "access-token-unsecure-x=y; access-token-x=y"}
            assert stranger.get(f"{API}/file={path}", headers=forged).status_code == 401

    def test_with_it_everything_works(self, locked: App) -> None:
        with logged_in(locked) as ana:
            assert call(ana, "render", TINY, None, None)[0] == "complete"
        client = Client(locked.url, auth=(USER, PASSWORD), verbose=False)
        assert client.predict(api_name="/models")

    def test_users_are_read_from_the_settings(self) -> None:
        door = logins.Logins(Settings(auth=("ana:a:b", "bo:b")))
        assert door.check("ana", "a:b")
        for user, password in (("ana", "a"), ("ana", ""), ("", ""), ("cy", ""), ("bo", "a:b"), ("ana", "ä")):
            assert not door.check(user, password)
        for pair in ("ana", ":b", "ana:"):
            with pytest.raises(RecipeError, match="VGAN_AUTH: number 2 is no user:password") as caught:
                logins.Logins(Settings(auth=("a:b", pair)))
            assert pair not in str(caught.value).replace("user:password", "")

    def test_token_of_nobody_is_refused(self) -> None:
        class Known:
            cookie_id, tokens = "x", {"t": "ana"}

        door = logins.Logins(Settings(auth=("a:b",)))
        door.check_cookie(Known, "access-token-x=t")
        for cookies in ("", "access-token-x=", "access-token-x=u", "access-token-y=t", "a=b; \x00=1", '="'):
            with pytest.raises(Refused, match="Log in first"):
                door.check_cookie(Known, cookies)


class TestKept:
    def test_files_go_though_nobody_renders(self, locked: App) -> None:
        with logged_in(locked) as ana:
            mine = Path(upload(ana, "mine.mp4", b"mine"))
            result = Path(call(ana, "render", TINY, None, None)[1][0]["path"])
            assert mine.exists()
            assert result.exists()
            end = time.monotonic() + 4 * KEPT_SECONDS
            while time.monotonic() < end and (mine.exists() or result.exists() or clips(locked)):
                time.sleep(0.3)
            assert not mine.exists()
            assert not result.exists()
            assert clips(locked) == []
            assert not mine.parent.parent.exists(), "folders go as well"
            assert ana.get(f"{API}/file={result}").status_code == 403

    def test_button_deletes_at_once_and_only_ones_own(self, app: App, visitor: httpx.Client) -> None:
        number = next(number for number, event in app.events.items() if event["name"] == "forget")
        other = app.visitor()
        mine, theirs = Path(upload(visitor, "mine.mp4", b"mine")), Path(upload(other, "theirs.mp4", b"theirs"))
        for client, session in ((visitor, "mine1"), (other, "theirs1")):
            save = next(number for number, event in app.events.items() if event["name"] == "save")
            data = [*app.events[save]["values"]]
            data[1] = f"edit of {session}"
            body = {"data": data, "fn_index": save, "session_hash": session}
            answer = client.post(f"{API}/run/x", json=body)
            assert "fault" not in answer.text, answer.text
        before = clips(app)
        assert len(before) >= 2, "an edit was saved for each"
        answer = visitor.post(f"{API}/run/x", json={"data": [], "fn_index": number, "session_hash": "mine1"})
        assert answer.json()["data"][0]["gone"] is True
        assert not mine.exists()
        assert theirs.exists()
        assert len(clips(app)) == len(before) - 1

    def test_old_files_of_an_earlier_run_go(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
        for name in ("visitor-x/y/old.mp4", "0" * 64 + "/copy.mp4", "page.png"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        assert arrivals.sweep_uploads(3600) == 0
        time.sleep(0.05)
        assert arrivals.sweep_uploads(0.01, {str(tmp_path / "page.png")}) == 2
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["page.png"]


class TestLast:
    def test_wrong_passwords_are_slowed_down(self, locked: App) -> None:
        with httpx.Client(base_url=locked.url) as stranger:
            said = [
                stranger.post("/login", data={"username": user, "password": secrets.token_hex(4)}).status_code
                for user in [USER, "nobody"] * 4
            ]
            assert said[:5] == [400] * 5
            assert set(said[5:]) == {429}


def clips(app: App) -> list[Path]:
    """What lies where finished clips lie."""
    return [path for path in (app.folder / "clips").glob("visit-*/*") if path.is_file()]


def test_the_app_speaks_to_nobody(app: App, visitor: httpx.Client) -> None:
    """Offline, from its start to a render: previews, words, models, uploads, and the events that would fetch."""
    assert call(visitor, "render", TINY, None, None)[0] == "complete"
    for name, data in (("words", ["slow green aurora", None]), ("models", []), ("preview", [TINY, "webp", None])):
        call(visitor, name, *data)
    call(visitor, "preview", {"source": {"kind": "generate", "look": "owner/name"}}, "webp", None)
    call(visitor, "preview", {"steps": [{"kind": "stylize", "style": "owner/name"}]}, "webp", None)
    session = secrets.token_hex(8)
    for number, event in app.events.items():
        if event["name"] in {"fetch", "check", "peek", "bring", "load", "open"} and not event["queue"]:
            told = {"name": "owner/name", "path": "owner/name"}
            body = {"data": event["values"], "fn_index": number, "session_hash": session, "event_data": told}
            visitor.post(f"{API}/run/x", json=body)
    head = {"Accept": "application/json, text/event-stream"}  # the first call makes Gradio a client of itself
    params = {"name": "words", "arguments": {"sentence": "calm"}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    assert visitor.post(f"{API}/mcp/", json=body, headers=head).status_code == 200
    assert app.asked() == set()
