"""The page's own events called by number from outside, with values that no page would send."""

import json
import re
import secrets
from typing import Any

import httpx
import pytest
from attacked import API, App

pytest_plugins = ["attacked"]

NONSENSE: list[Any] = [
    None,
    "",
    -1,
    1e308,
    True,
    [],
    {},
    [[[]]],
    {"source": None},
    {"source": {"kind": "upload", "path": 7}},
    {"cards": [{"kind": "captions"}], "steps": [{"kind": []}], "value": {}, "index": -1},
    "0" * 100_000,
    "\ud800",
    "{" * 2_000,
    '{"source": {"kind": "generate"}, "steps": 1}',
    [None] * 5_000,
]
STUMBLED = re.compile(r"unexpected error in the app|Exception in ASGI application")
LOOSE = {"HTML", "Textbox", "State", "Api", "Dropdown"}  # kinds of input that Gradio hands on as they come


def fired(visitor: httpx.Client, number: int, data: list[Any], told: Any, session: str) -> httpx.Response:
    """Call event `number` with `data`; told: what a component sends along."""
    body = {"fn_index": number, "session_hash": session, "data": data, "event_data": told}
    text = json.dumps(body)  # NaN and lone surrogates too, as no browser sends them
    return visitor.post(f"{API}/run/x", content=text.encode(), headers={"Content-Type": "application/json"})


def log_of(app: App) -> str:
    """What the process has written."""
    return (app.folder.parent / "log").read_text(errors="replace")


@pytest.mark.parametrize("value", NONSENSE, ids=lambda value: repr(value)[:24])
def test_no_event_stumbles_over_nonsense(app: App, visitor: httpx.Client, value: Any) -> None:
    """In every place of an event that takes anything at all; the others hold what the page opens with."""
    before, session = len(log_of(app)), secrets.token_hex(8)
    told = {name: value for name in ("path", "index", "from", "name", "recipe", "sentence", "key", "value")}
    for number, event in app.events.items():
        if event["queue"]:
            continue
        data = [value if kind in LOOSE else usual for kind, usual in zip(event["inputs"], event["values"], strict=True)]
        answer = fired(visitor, number, data, told, session)
        assert answer.status_code in {200, 400, 422, 500}, (event, answer.text[:200])
        assert app.secret().decode() not in answer.text
        assert str(app.folder) not in answer.text, "answers tell nothing about folders"
    said = log_of(app)[before:]
    found = STUMBLED.search(said)
    assert found is None, said[found.start() :][:3000]


def test_page_events_need_a_page(app: App, visitor: httpx.Client) -> None:
    """Without a session all callers would share one visit, and its files."""
    for number, event in app.events.items():
        body = {"fn_index": number, "data": event["values"]}
        answer = visitor.post(f"{API}/run/x", json=body)
        assert (answer.status_code == 422) == (event["name"] not in {"preview", "models", "words", "render"}), event
