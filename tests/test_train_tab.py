"""The Train tab without a browser: clips come in, a training is begun, paused, gone on with, kept, removed."""

import io
import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
import untrained
from films import drifting, write_film
from train_app import STEPS, again, alone, begin, state, until

from vgan import own_looks
from vgan.errors import RecipeError, UnknownName
from vgan.own_looks import Options
from vgan.registry import Models
from vgan.settings import Settings
from vgan.ui import train_messages
from vgan.ui.gallery import Gallery
from vgan.ui.services import Studio
from vgan.ui.tabs.train_actions import TrainActions
from vgan.ui.trainings import FOOTAGE, Given, Trainings

VISIT: Any = SimpleNamespace(session_hash="someone")
ALL = [0, 0, 1, 1]
EVERYTHING = Options(minutes=5)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Folders of its own for every test: what was trained in one is not there in the next."""
    arrived = tmp_path / "gradio"
    arrived.mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(arrived))
    return alone(tmp_path)


@pytest.fixture
def arrived(settings: Settings, tmp_path: Path) -> Path:
    """The folder where Gradio puts uploads."""
    return tmp_path / "gradio"


@pytest.fixture
def studio(settings: Settings) -> Studio:
    return Studio(Models(settings), settings)


@pytest.fixture
def trainings(settings: Settings) -> Iterator[Trainings]:
    """With a stand-in of STEPS steps; nothing runs on afterwards."""
    found = Trainings(settings, begin(), again())
    yield found
    _end(found)


def _end(trainings: Trainings) -> None:
    """Let what still runs pause."""
    if not trainings._settings.public:
        trainings.pause()
        until(lambda: trainings._process is None or trainings._process.poll() is not None, "the end of the process")


@pytest.fixture
def clip(arrived: Path) -> Path:
    """A second of 192 x 144 at 20 frames."""
    return write_film(arrived / "My river.mp4", drifting(20))


@pytest.fixture
def do(studio: Studio, trainings: Trainings) -> TrainActions:
    return TrainActions(studio, trainings, Gallery(studio, studio.settings.outputs / "tiles"))


def told(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def held(*paths: Path, crop: Any = ALL, **changes: Any) -> dict[str, Any]:
    """What the clips' component hands over."""
    one = {"name": "clip", "width": 192, "height": 144, "seconds": 1.0, "start": 0, "end": 1.0} | changes
    return {"clips": [one | {"path": str(path)} for path in paths], "chosen": 0, "crop": crop}


def started(do: TrainActions, *paths: Path, name: str = "river", **changes: Any) -> list[Any]:
    return do.start(held(*paths, **changes), name, 5, True, 4.0, False, VISIT)


def finished(trainings: Trainings) -> None:
    until(lambda: state(trainings) == "done", "the end of the training")


# --- clips


def test_clips_come_in_with_moments_of_each(do: TrainActions, clip: Path, arrived: Path) -> None:
    other = write_film(arrived / "other.mp4", drifting(30, (96, 160)))
    files = [{"path": str(clip), "name": "My river.mp4"}, {"path": str(other), "name": "other.mp4"}]
    stage, _meter = do.take(told(files=files), VISIT)
    first, second = stage["brought"]
    assert (first["name"], first["size"], first["seconds"]) == ("My river.mp4", [192, 144], 1.0)
    assert (second["size"], second["seconds"]) == ([96, 160], 1.5)
    assert first["strip"].startswith("data:image/jpeg")
    assert first["frames"] == 16
    assert "fault" not in stage


def test_what_cannot_be_used_is_said_and_the_rest_taken(do: TrainActions, clip: Path, arrived: Path) -> None:
    (arrived / "notes.mp4").write_text("no film")
    files = [{"path": str(arrived / "notes.mp4"), "name": "notes.mp4"}, {"path": str(clip), "name": "river.mp4"}]
    stage, _ = do.take(told(files=files), VISIT)
    assert [one["name"] for one in stage["brought"]] == ["river.mp4"]
    assert "notes.mp4" in stage["fault"]["text"]


def test_the_example_comes_with_one_click(do: TrainActions) -> None:
    stage, _ = do.example(VISIT)
    assert len(stage["brought"]) == 1
    assert stage["brought"][0]["seconds"] > 1


@pytest.mark.parametrize("files", [None, [], "x", [{}], [{"path": 7}], [{"path": "/etc/passwd"}], [{"path": "../x"}]])
def test_files_that_were_not_uploaded_are_refused(do: TrainActions, files: Any) -> None:
    with pytest.raises(RecipeError):
        do.take(told(files=files), VISIT)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": 0.9}, "left"),
        ({"start": -1}, "start"),
        ({"start": float("nan")}, "start"),
        ({"end": "x"}, "end"),
        ({"end": True}, "end"),
        ({"crop": [0, 0]}, "crop"),
        ({"crop": [0, 0, "1", 1]}, "crop"),
        ({"crop": [0, 0, float("inf"), 1]}, "crop"),
    ],
)
def test_trims_and_crops_are_checked(do: TrainActions, clip: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        started(do, clip, **changes)


@pytest.mark.parametrize("value", [None, {}, {"clips": []}, {"clips": ["x"]}, {"clips": [{"path": 1}]}, "x"])
def test_nothing_is_begun_without_clips(do: TrainActions, value: Any) -> None:
    with pytest.raises(RecipeError, match="clips"):
        do.start(value, "river", 5, True, 4.0, False, VISIT)


def test_trims_and_crop_reach_the_engine(settings: Settings, clip: Path) -> None:
    seen: dict[str, Any] = {}

    def look(clips: Any, name: str, options: Options, settings: Settings) -> Any:
        seen.update(clips=clips, options=options)
        return begin()(clips, name, options, settings)

    trainings = Trainings(settings, look, again())
    box = held(clip, clip, crop=[0.25, 0, 0.5, 1], start=0.2, end=0.8)
    clips, crop = train_messages.given(box)
    trainings.start(clips, "river", Options(minutes=5, crop=crop))
    first, second = seen["clips"]
    assert first != second  # the same clip twice, and each has its own name
    assert [seen["options"].of(path) for path in (first, second)] == [own_looks.Trim(0.2, 0.8)] * 2
    assert seen["options"].crop == "0.2500,0.0000,0.5000,1.0000"
    finished(trainings)


# --- a training


def test_it_learns_finishes_and_stands_on_the_shelf(do: TrainActions, trainings: Trainings, clip: Path) -> None:
    stage, meter, shelf, *_ = started(do, clip)
    assert stage["training"]["working"]
    assert stage["training"]["fresh"]
    assert meter["progress"]
    until(lambda: (now := trainings.now()) and len(now.progress.losses) > 3, "losses")
    stage, meter, *_ = do.tick(told(sheet="", shelf=stage["shelf"]))
    growing = stage["training"]
    assert growing["sheet"].startswith("data:image/jpeg")
    assert len(growing["losses"]) > 2
    assert [len(row) for row in growing["losses"]] == [3] * len(growing["losses"])
    assert meter["progress"]["left"] > 0
    assert meter["progress"]["total"] > meter["progress"]["done"]
    again, *_ = do.tick(told(sheet=growing["version"], shelf=stage["shelf"]))
    assert again["training"]["version"] != growing["version"] or "sheet" not in again["training"]
    finished(trainings)
    stage, meter, shelf, push, gallery = do.opened()
    assert stage["training"]["state"] == "done"
    assert meter == {}
    assert [look["name"] for look in shelf["looks"]] == ["my:river"]
    assert not shelf["waiting"]
    assert push["choices"] == [("River", "my:river")]
    assert gallery["looks"][0]["name"] == "my:river"
    assert shelf["looks"][0]["sheet"].startswith("data:image/jpeg")


def test_it_pauses_and_goes_on_where_it_was(do: TrainActions, trainings: Trainings, clip: Path) -> None:
    started(do, clip)
    until(lambda: (now := trainings.now()) and now.progress.step > 3, "steps")
    stage, *_ = do.pause()
    assert stage["training"]["state"] in ("pausing", "paused")
    until(lambda: state(trainings) == "paused", "the pause")
    stage, meter, shelf, *_ = do.opened()
    assert meter == {"waits": True}
    assert [one["goes"] for one in shelf["waiting"]] == [True]
    at = stage["training"]["step"]
    assert 3 < at < STEPS
    do.resume()
    until(lambda: (now := trainings.now()) and now.state == "training" and now.progress.step > at, "more steps")
    steps = [row["step"] for row in trainings.now().progress.losses]  # type: ignore[union-attr]
    assert steps == list(range(1, len(steps) + 1))
    finished(trainings)


def test_a_killed_process_is_seen_and_gone_on_with(do: TrainActions, trainings: Trainings, clip: Path) -> None:
    started(do, clip)
    now = until(lambda: (now := trainings.now()) and now.progress.step > 3 and now, "steps")
    os.kill(now.progress.pid, signal.SIGKILL)
    until(lambda: state(trainings) == "failed", "that it was killed")
    stage, meter, *_ = do.opened()
    assert "Resume" in stage["training"]["error"]
    assert meter == {"waits": True}
    do.resume_named(told(name="river"))
    finished(trainings)


def test_another_app_finds_what_waits(do: TrainActions, trainings: Trainings, settings: Settings, clip: Path) -> None:
    started(do, clip)
    until(lambda: (now := trainings.now()) and now.progress.step > 3, "steps")
    do.pause()
    until(lambda: state(trainings) == "paused", "the pause")
    other = Trainings(settings, begin(), again())
    assert state(other) == "paused"
    assert [one.name for one in other.unfinished()] == ["river"]
    other.resume("river")
    finished(other)


def test_there_is_one_at_a_time(do: TrainActions, trainings: Trainings, settings: Settings, clip: Path) -> None:
    started(do, clip)
    with pytest.raises(RecipeError, match="is being trained"):
        started(do, clip, name="other")
    until(lambda: state(trainings) == "training", "the first step")
    with pytest.raises(RecipeError, match="is being trained"):
        Trainings(settings, begin(), again()).start([Given(clip)], "other", EVERYTHING)
    with pytest.raises(RecipeError, match="being trained"):
        do.discard()
    assert not (settings.looks / FOOTAGE / "other").exists()
    finished(trainings)


def test_what_went_wrong_is_said(do: TrainActions, trainings: Trainings, clip: Path) -> None:
    started(do, clip, name="fails")
    until(lambda: state(trainings) == "failed", "the failure")
    stage, meter, shelf, *_ = do.opened()
    assert "not a number" in stage["training"]["error"]
    assert shelf["waiting"][0]["error"]
    stage, meter, shelf, *_ = do.delete(told(name="fails", kind="training"))
    assert stage["training"] is None
    assert shelf["waiting"] == []
    assert meter == {}


def test_what_waits_is_thrown_away_with_its_clips(
    do: TrainActions, trainings: Trainings, settings: Settings, clip: Path
) -> None:
    started(do, clip)
    until(lambda: (now := trainings.now()) and now.progress.step > 1, "steps")
    assert len(list((settings.looks / FOOTAGE / "river").iterdir())) == 1
    do.pause()
    until(lambda: state(trainings) == "paused", "the pause")
    stage, meter, shelf, *_ = do.discard()
    assert stage["training"] is None
    assert meter == {}
    assert not shelf["waiting"]
    assert not (settings.looks / FOOTAGE / "river").exists()
    assert not own_looks.trainings(settings)


def test_clips_outlive_the_uploads(do: TrainActions, trainings: Trainings, settings: Settings, clip: Path) -> None:
    started(do, clip)
    clip.unlink()
    (kept,) = (settings.looks / FOOTAGE / "river").iterdir()
    assert kept.stat().st_size > 0
    assert kept.name == "00-my-river.mp4"
    finished(trainings)


# --- names


def test_without_a_name_it_is_called_after_the_first_clip(do: TrainActions, trainings: Trainings, clip: Path) -> None:
    stage, *_ = started(do, clip, name=" 河 ")
    assert stage["training"]["name"] == "my-river"
    finished(trainings)
    stage, *_ = started(do, clip, name="")
    assert stage["training"]["name"] == "my-river-2"
    finished(trainings)


@pytest.mark.parametrize("name", ["aurora", "river"])
def test_names_that_are_taken_are_refused(do: TrainActions, trainings: Trainings, clip: Path, name: str) -> None:
    started(do, clip)
    finished(trainings)
    with pytest.raises(RecipeError, match="name"):
        started(do, clip, name=name)


# --- the shelf


@pytest.fixture
def done(do: TrainActions, trainings: Trainings, clip: Path) -> TrainActions:
    """With one finished look, `my:river`."""
    started(do, clip)
    finished(trainings)
    return do


def test_a_look_is_renamed_and_removed(done: TrainActions, settings: Settings) -> None:
    _, _, shelf, *_ = done.rename(told(name="my:river", title="Night Traffic"))
    assert [(look["name"], look["title"]) for look in shelf["looks"]] == [("my:night-traffic", "Night traffic")]
    with pytest.raises(RecipeError, match="aurora"):
        done.rename(told(name="my:night-traffic", title="Aurora"))
    _, _, shelf, *_ = done.delete(told(name="my:night-traffic", kind="look"))
    assert shelf["looks"] == []
    assert not (settings.looks / "night-traffic").exists()
    assert not own_looks.trainings(settings)  # so that the name is free again


@pytest.mark.parametrize("name", ["my:../../x", "../x", "my:", "", "aurora", "my:none", None, 7])
def test_only_looks_that_are_there_can_be_touched(done: TrainActions, settings: Settings, name: Any) -> None:
    for act in (done.rename, done.delete, lambda event: done.zipped(event, VISIT)):
        with pytest.raises((UnknownName, RecipeError)):
            act(told(name=name, title="x", kind="look"))
    assert (settings.looks / "river" / "model.safetensors").is_file()


@pytest.mark.parametrize("name", ["../x", "..", "", ".footage", "a/b", None])
def test_only_trainings_that_are_there_can_be_touched(do: TrainActions, name: Any) -> None:
    for act in (do.resume_named, lambda event: do.delete(event)):
        with pytest.raises(RecipeError, match="name"):
            act(told(name=name, kind="training"))


def test_a_look_is_downloaded_whole(done: TrainActions, settings: Settings) -> None:
    shelf, _ = done.zipped(told(name="my:river"), VISIT)
    (file,) = settings.outputs.glob("visit-*/river.zip")
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        assert {"river/model.safetensors", "river/config.json"} <= set(archive.namelist())
    assert shelf["zip"]["name"] == "river.zip"
    assert "river.zip" in shelf["zip"]["url"]


def test_pushing_needs_a_look_and_a_token(done: TrainActions) -> None:
    for name, repository, token in (("", "me/x", "hf"), ("my:river", "me/x", " "), ("my:river", "no-owner", "hf")):
        with pytest.raises(RecipeError):
            list(done.push(name, repository, token))


# --- the gallery of Create


def test_a_look_stands_first_in_the_gallery_with_a_tile_of_its_own(
    done: TrainActions, studio: Studio, settings: Settings
) -> None:
    gallery = Gallery(studio, settings.outputs / "tiles")
    first, *others = gallery.tiles()
    assert (first["name"], first["title"]) == ("my:river", "River")
    assert "aurora" in [tile["name"] for tile in others]
    (drawn,) = (settings.outputs / "tiles").glob("river-*.webp")
    at = drawn.stat().st_mtime_ns
    assert gallery.tiles()[0] == first
    assert drawn.stat().st_mtime_ns == at  # it was not drawn again
    untrained.write(settings.looks / "river")  # the same name, other weights
    assert Gallery(studio, settings.outputs / "tiles").tiles()[0]["moving"] != first["moving"]


def test_a_look_that_cannot_be_drawn_has_its_sheet(done: TrainActions, settings: Settings) -> None:
    (settings.looks / "river" / "model.safetensors").write_bytes(b"no weights")
    _, _, shelf, *_ = done.opened()
    (look,) = shelf["looks"]
    assert "moving" not in look
    assert look["sheet"].startswith("data:image/jpeg")
