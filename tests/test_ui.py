"""The app without a browser: controls, links, jobs, folders, previews, and the endpoints over real HTTP."""

import base64
import io
import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import untrained
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image

from vgan import ui
from vgan.errors import Cancelled, RecipeError, WeightsError
from vgan.recipe import ATTRIBUTES, Generate, Recipe, Share
from vgan.registry import Models
from vgan.settings import Settings
from vgan.ui import controls, folders, i18n, links, messages
from vgan.ui.errors import as_shown, in_place, say
from vgan.ui.finished import file_name
from vgan.ui.jobs import Job, Progress
from vgan.ui.services import Made, Studio
from vgan.ui.strip import animated, make_strip
from vgan.ui.tabs import TABS
from vgan.zoo import LOOKS, MODELS

pytest_plugins = ["over_http"]

TINY: dict[str, Any] = {
    "source": {"kind": "generate", "seconds": 0.5},
    "share": {"short_side": 144, "fps": 8, "aspect": "1:1"},
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("ui")
    untrained.write(folder / "weights" / "looks")
    return Settings(offline=True, device="cpu", weights=folder / "weights", outputs=folder / "clips")


@pytest.fixture(scope="module")
def studio(settings: Settings) -> Studio:
    settings.outputs.mkdir(exist_ok=True)
    return Studio(Models(settings), settings)


# --- controls from fields


@pytest.mark.parametrize("name", [*ATTRIBUTES, "truncation", "seconds", "loops"])
def test_slider_has_the_bounds_of_its_field(name: str) -> None:
    schema = Generate.model_json_schema()["properties"][name]
    slider = controls.slider(Generate, name)
    assert (slider.minimum, slider.maximum, slider.value) == (schema["minimum"], schema["maximum"], schema["default"])


@pytest.mark.parametrize("name", ["aspect", "format"])
def test_chips_have_the_choices_of_their_field(name: str) -> None:
    schema = Share.model_json_schema()["properties"][name]
    assert [value for _, value in controls.chips(Share, name).choices] == schema["enum"]


def test_every_word_is_there_in_both_languages() -> None:
    tables = i18n.translations().translations_dict
    assert tables["en"].keys() == tables["zh"].keys() == tables["zh-CN"].keys()
    for table in tables.values():
        for key, text in table.items():
            assert text.strip(), key
            assert not set("{}<>'") & set(text), f"{key}: Gradio's formatter would read these signs as its own"
    with pytest.raises(KeyError):
        i18n.word("no-such-word")


def test_tabs_are_named() -> None:
    assert [tab.name for tab in TABS] == ["create", "style", "enhance", "share", "train", "models"]
    for tab in TABS:
        i18n.word(f"tab_{tab.name}")


# --- links


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"look": "neon", "seed": 2**31 - 1, "hue": 0.123456789, "motion": 0, "variation": (0, 1.5, -3, 0, 0, 0.05)},
        {"path": ({"look": "ink"}, {"look": "silk", "seed": 3, "hue": 1}), "seconds": 7.5, "loops": 3},
        {"look": "owner/name:class-1"},
    ],
)
def test_link_brings_the_recipe_back(changes: dict[str, Any]) -> None:
    from urllib.parse import parse_qsl

    share = Share(aspect="16:9", fps=24)
    recipe = Recipe(source=Generate(**changes), share=share)
    assert links.from_query(dict(parse_qsl(links.to_query(recipe)[1:]))) == recipe


def test_default_needs_no_link_and_foreign_keys_are_passed_over() -> None:
    assert links.to_query(Recipe()) == ""
    assert links.from_query({"utm_source": "mail", "__theme": "light"}) is None


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"hue": "2"}, "source.hue"),
        ({"hue": "nan"}, "finite"),
        ({"look": "../secret"}, "'../secret'"),
        ({"look": "aurorra"}, "Did you mean 'aurora'"),
        ({"variation": "1,2"}, "variation"),
        ({"path": "[{"}, "path"),
        ({"path": "[" * 5000}, "path"),
        ({"path": '[{"look":"ink"},{"look":"fastgan-shells"}]'}, "one model"),
        ({"short_side": "100000"}, "short_side"),
        ({"seconds": "1000000"}, "seconds"),
        ({"seed": "9" * 9000}, "link"),
    ],
)
def test_bad_link_is_refused_by_name(query: dict[str, str], said: str) -> None:
    with pytest.raises(RecipeError, match=said.replace("[", r"\[").replace(".", r"\.")):
        links.from_query(query)


# --- errors


def test_error_is_said_once_and_harmless() -> None:
    shown = as_shown(RecipeError("look: '<img src=//evil>' is not known."))
    assert shown.title == "This cannot be made as asked"
    assert "<img" not in shown.message
    assert "'&lt;img src=//evil&gt;'" in shown.message


def test_unexpected_error_is_logged_and_named(caplog: pytest.LogCaptureFixture) -> None:
    assert "ZeroDivisionError" in say(ZeroDivisionError("x")).text
    assert "unexpected error" in caplog.text


def test_error_of_a_quick_event_lands_on_the_stage() -> None:
    def refuse(*_: Any) -> None:
        raise WeightsError("gone")

    answer = in_place(refuse, 1, 3)("a")
    assert answer[1]["fault"] == {"title": "These weights cannot be used", "text": "gone"}
    assert in_place(refuse, 1, 3)("a")[1] != answer[1], "the same error twice is seen twice"


# --- jobs


def test_job_reports_and_returns() -> None:
    def work(report: Any, _: Any) -> str:
        for done in range(1, 4):
            report(done, 3)
            time.sleep(0.02)
        return "made"

    job = Job(work)
    steps = list(job.updates(every=0.001))
    assert all(isinstance(step, Progress) and step.total in {0, 3} for step in steps)
    assert job.result == "made"


def test_stopped_job_ends_its_reader_at_once_and_its_work_soon() -> None:
    ended = threading.Event()

    def work(report: Any, cancelled: Any) -> None:
        try:
            while not cancelled():
                time.sleep(0.01)
            report(1, 2)
        finally:
            ended.set()

    job = Job(work)
    threading.Timer(0.05, job.stop).start()
    with pytest.raises(Cancelled):
        list(job.updates())
    assert ended.wait(10)


def test_reader_that_goes_away_stops_the_work() -> None:
    seen = threading.Event()

    def work(report: Any, cancelled: Any) -> None:
        report(1, 2)
        while not cancelled():
            time.sleep(0.01)
        seen.set()

    updates = Job(work).updates()
    next(updates)
    updates.close()  # type: ignore[attr-defined]
    assert seen.wait(10)


def test_error_of_the_work_reaches_the_reader() -> None:
    def work(*_: Any) -> None:
        raise RecipeError("no")

    with pytest.raises(RecipeError, match="no"):
        list(Job(work).updates())


# --- folders


def test_sweep_removes_old_visits_and_nothing_else(tmp_path: Path) -> None:
    old, fresh, other = folders.new_folder(tmp_path), folders.new_folder(tmp_path), tmp_path / "visit-mine"
    other.mkdir()
    (old / "clip.mp4").touch()
    long_ago = time.time() - 2 * folders.KEEP_SECONDS
    for path in (old / "clip.mp4", old, other):
        os.utime(path, (long_ago, long_ago))
    assert folders.sweep(tmp_path) == 1
    assert not old.exists()
    assert fresh.is_dir()
    assert other.is_dir()
    assert len(fresh.name) > 32, "nobody guesses it"


# --- strips


def test_strip_keeps_frames_in_order() -> None:
    frames = np.stack([np.full((32, 16, 3), 15 * index, np.uint8) for index in range(16)])
    strip = make_strip(frames, 4.0)
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(strip.data.partition(",")[2]))))
    assert sheet.shape == (4 * 32, 4 * 16, 3)
    for index in range(16):
        top, left = index // strip.columns * 32, index % strip.columns * 16
        assert abs(int(sheet[top + 16, left + 8, 0]) - 15 * index) <= 2


@pytest.mark.parametrize("kind", ["webp", "gif"])
def test_animated_preview_loops_forever(kind: Any) -> None:
    frames = np.random.default_rng(0).integers(0, 255, (16, 24, 24, 3), dtype=np.uint8)
    with Image.open(io.BytesIO(animated(frames, 4.0, kind))) as picture:
        assert picture.n_frames == 16  # type: ignore[attr-defined]
        assert picture.info["loop"] == 0


# --- the studio


def test_preview_is_the_same_twice_and_different_for_another_seed(studio: Studio) -> None:
    one = studio.preview(Recipe.parse(TINY))
    again = Studio(studio.models, studio.settings).preview(Recipe.parse(TINY))
    other = studio.preview(Recipe.parse(TINY | {"source": {"kind": "generate", "seed": 8}}))
    assert one.data == again.data
    assert one.data != other.data
    assert one.frames == 16


def test_render_makes_a_file_with_a_sensible_name_in_an_own_folder(studio: Studio) -> None:
    recipe = Recipe.parse(TINY)
    *steps, made = studio.render("me", recipe)
    assert all(isinstance(step, Progress) for step in steps)
    assert isinstance(made, Made)
    assert made.clip.path.name == "aurora-7-1x1.mp4"
    assert made.clip.path.is_relative_to(studio.settings.outputs)
    *_, second = studio.render("me", recipe)
    assert isinstance(second, Made)
    assert second.clip.path.name == "aurora-7-1x1-2.mp4"
    assert [one.number for one in studio.made("me")] == [0, 1]
    assert studio.made("somebody else") == []
    message = messages.clip(made)
    json.dumps(message)
    assert message["url"].endswith("aurora-7-1x1.mp4")


def test_cancelled_render_leaves_nothing(studio: Studio) -> None:
    recipe = Recipe.parse(
        {"source": {"kind": "generate", "seconds": 20}, "share": {"short_side": 144, "aspect": "1:1"}}
    )
    steps = studio.render("hasty", recipe)
    next(steps)
    studio.cancel("hasty")
    with pytest.raises(Cancelled):
        list(steps)
    assert studio.made("hasty") == []
    end = time.monotonic() + 20
    folder = next(path for path in studio.settings.outputs.iterdir() if not any(path.glob("*.mp4")))
    while any(folder.iterdir()) and time.monotonic() < end:
        time.sleep(0.05)
    assert list(folder.iterdir()) == []
    *_, made = studio.render("hasty", Recipe.parse(TINY))  # and the next one runs
    assert isinstance(made, Made)


def test_what_was_cancelled_before_it_began_does_not_begin(studio: Studio) -> None:
    asked = time.monotonic()
    studio.pause("quick")
    with pytest.raises(Cancelled, match="before it began"):
        next(studio.render("quick", Recipe.parse(TINY), asked=asked))
    assert studio.made("quick") == []
    *_, made = studio.render("quick", Recipe.parse(TINY))
    assert isinstance(made, Made), "what is asked for after that does"


def test_look_that_is_not_here_says_how_to_get_it(studio: Studio) -> None:
    with pytest.raises(RecipeError, match="models pull fastgan-shells"):
        studio.preview(Recipe(source=Generate(look="fastgan-shells")))
    message = messages.live(studio, Recipe(source=Generate(look="fastgan-shells")))
    assert message["notice"]["bytes"] == MODELS["fastgan-shells"].bytes
    spec = studio.to_fetch("fastgan-shells")
    assert spec is not None
    with pytest.raises(WeightsError, match="VGAN_OFFLINE"):
        list(studio.fetch("me", spec))


@pytest.mark.parametrize(
    ("recipe", "name"),
    [
        (Recipe(source=Generate(look="silk")), "silk-7-9x16.mp4"),
        (Recipe(source=Generate(look="some-one/My.Looks:cats", seed=1), share=Share(format="png")), "cats-1-9x16.zip"),
    ],
)
def test_file_name_says_what_is_inside(recipe: Recipe, name: str) -> None:
    assert file_name(recipe) == name


# --- over HTTP


def test_only_the_public_endpoints_are_named(web: Client) -> None:
    named = web.view_api(return_format="dict")["named_endpoints"]
    assert set(named) == {"/models", "/preview", "/render", "/words"}
    assert all(named[name]["description"] for name in named)


@pytest.mark.parametrize(("kind", "mime"), [("webp", "image/webp"), ("gif", "image/gif"), ("strip", "image/jpeg")])
def test_preview_over_http(web: Client, kind: str, mime: str) -> None:
    answer = web.predict(TINY, kind, api_name="/preview")
    assert answer["image"].startswith(f"data:{mime};base64,")
    assert answer["frames"] == 16
    assert answer["seconds"] == 0.5
    assert answer["width"] == answer["height"] > 0


def test_render_over_http(web: Client) -> None:
    file, facts = web.predict(TINY, api_name="/render")
    assert Path(file).name == facts["name"] == "aurora-7-1x1.mp4"
    assert (facts["width"], facts["height"], facts["frames"]) == (144, 144, 4)
    with av.open(file) as clip:
        assert clip.streams.video[0].codec_context.name == "h264"


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ({"source": {"kind": "generate", "hue": 7}}, "source.hue"),
        ({"source": {"kind": "generate", "look": "x/../y"}}, "look"),
        ({"share": {"short_side": 100_000}}, "share.short_side"),
        (
            {"steps": [{"kind": "stylize", "style": "/etc/hosts.pt"}]},
            "steps.0.style: 'hosts.pt' is not a file that",
        ),
        ({"steps": [{"kind": "stylize", "second": "../a.pt"}]}, "steps.0.second: 'a.pt' is not a file that"),
        ({"source": {"kind": "upload", "path": "/etc/hosts"}}, "source.path: 'hosts' is not a file that you uploaded"),
        ({"source": {"kind": "upload", "path": "gone.mp4"}}, "source.path: 'gone.mp4' is not a file that you"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
@pytest.mark.parametrize("name", ["/preview", "/render"])
def test_bad_request_over_http_names_the_field(web: Client, name: str, recipe: dict[str, Any], said: str) -> None:
    with pytest.raises(AppError, match=said.replace(".", r"\.")):
        web.predict(recipe, api_name=name)


def test_files_outside_the_outputs_are_not_served(web: Client) -> None:
    import urllib.error
    import urllib.request

    for path in ("/etc/passwd", str(Path(ui.__file__))):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{web.src}gradio_api/file={path}", timeout=10)


def test_gallery_has_a_tile_for_every_look(settings: Settings, studio: Studio) -> None:
    from vgan.ui.gallery import Gallery

    tiles = Gallery(studio, settings.outputs / "tiles").tiles()
    assert [tile["name"] for tile in tiles] == list(LOOKS)
    for tile in tiles:
        assert tile.get("moving") or tile["licence"]
