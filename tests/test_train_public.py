"""A public app trains nothing: the Train tab says so, and no event of it, asked over HTTP, begins anything."""

from typing import Any

import httpx
import pytest
import untrained
from gradio_client import Client

from vgan.settings import Settings
from vgan.ui.uploads import example

pytest_plugins = ["over_http"]

OPTIONS = ["river", 5, True, 4.0, False]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("public")
    untrained.write(folder / "weights" / "looks")
    untrained.write_styles(folder / "weights" / "styles")
    untrained.write(folder / "looks" / "mine")
    places: dict[str, Any] = {"weights": folder / "weights", "looks": folder / "looks"}
    return Settings(offline=True, public=True, device="cpu", outputs=folder / "clips", **places)


def events(web: Client, target: str) -> list[dict[str, Any]]:
    """The events that begin at the component with the id `target`."""
    ids = {one["id"] for one in web.config["components"] if one["props"].get("elem_id") == target}
    return [
        one for one in web.config["dependencies"] if ids & {place[0] for place in one["targets"]} and one["backend_fn"]
    ]


def asked(web: Client, event: dict[str, Any], data: list[Any], told: dict[str, Any] | None = None) -> Any:
    """The answer to an event as the page would send it."""
    body = {"data": data, "fn_index": event["id"], "event_data": told, "session_hash": "stranger"}
    answer = httpx.post(f"{web.src}gradio_api/run/predict", json=body, timeout=60)
    return answer.json()


def test_nothing_is_begun_or_removed_over_http(web: Client, settings: Settings) -> None:
    held = {"clips": [{"path": str(example()), "start": 0, "end": 1, "seconds": 1}], "chosen": 0, "crop": [0, 0, 1, 1]}
    (start,) = events(web, "t-render")
    (pause,) = events(web, "t-cancel")
    shelf, meter = events(web, "vgan-shelf"), events(web, "vgan-train-meter")
    assert len(shelf) >= 4
    before = sorted(settings.looks.rglob("*"))
    answers = [asked(web, start, [held, *OPTIONS]), asked(web, pause, [])]
    for event in (*shelf, *meter):
        for kind in ("look", "training"):
            told = {"name": "my:mine", "title": "theirs", "kind": kind}
            answers.append(asked(web, event, [], told))
    faults = [one for answer in answers for one in answer.get("data", []) if isinstance(one, dict) and "fault" in one]
    assert "your own" in faults[0]["fault"]["text"]
    assert sorted(settings.looks.rglob("*")) == before


def test_the_tab_says_where_one_trains(web: Client) -> None:
    (stage,) = [one for one in web.config["components"] if one["props"].get("elem_id") == "vgan-trainer"]
    assert stage["props"]["props"]["closed"] is True
    for name in ("t-render", "t-name", "t-minutes", "t-token"):
        (part,) = [one for one in web.config["components"] if one["props"].get("elem_id") == name]
        assert part["props"]["interactive"] is False
