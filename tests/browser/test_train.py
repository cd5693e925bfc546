"""The Train tab in a real browser, with the real engine: clips become a look that plays in Create."""

import json
import os
import re
import signal
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import CANVAS, PHONE, Studio
from films import drifting, write_film

SOURCE = "#vgan-footage input[type=file]"
STAGE = "#vgan-trainer .stage"
CLIP = "#vgan-trainer canvas[data-shown]"
SHEET = "#vgan-trainer img[data-part=sheet][data-shown]"
NOTICE = "#vgan-trainer .notice"
LONG_MS = 400_000  # for a training of seconds, on a machine with other work to do


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two of four seconds, 160 x 120."""
    folder = tmp_path_factory.mktemp("clips")
    return [write_film(folder / f"{name}.mp4", drifting(80, (160, 120)), rate=20) for name in ("river", "brook")]


def dropped(studio: Studio, *files: Path) -> Any:
    """The Train tab with `files`, the last of which the stage shows."""
    page = studio.open().train().page
    page.set_input_files(SOURCE, [str(file) for file in files])
    page.wait_for_selector(CLIP)
    page.wait_for_function("count => document.querySelectorAll('#vgan-footage li').length === count", arg=len(files))
    studio.settle()
    return page


def begun(studio: Studio, name: str, minutes: str) -> Any:
    """A training of what was dropped."""
    page = studio.page
    if not page.locator("#t-name input").is_visible():
        studio.unfold("t-clip")
    studio.write("#t-name input, #t-name textarea", name)
    studio.chip("minutes", minutes, "t")
    page.click("#t-render")
    page.wait_for_selector("#train[data-busy]", state="attached")
    return page


def facts(page: Any, text: str) -> None:
    """Wait until the line under the stage says `text`."""
    script = "text => document.querySelector('#vgan-trainer [data-part=facts]').textContent.includes(text)"
    page.wait_for_function(script, arg=text, timeout=LONG_MS)


def box(page: Any) -> list[float]:
    """The crop: left, top, width and height in percent of the picture."""
    style = "name => parseFloat(document.querySelector('#vgan-trainer .crop').style[name])"
    return [page.evaluate(style, name) for name in ("left", "top", "width", "height")]


def test_nobody_sees_an_empty_page(studio: Studio) -> None:
    page = studio.open().train().page
    assert page.get_attribute(STAGE, "data-view") == "example"
    page.wait_for_selector(SHEET)
    page.get_by_text("Try it with our example clip").click()
    page.wait_for_selector(CLIP)
    assert page.locator("#vgan-footage li").count() == 1
    assert studio.nameless("#train") == []
    page.locator("#vgan-footage .off").click()
    page.wait_for_selector(SHEET)
    page.click("#t-render")
    page.wait_for_selector(f"{NOTICE}:not([hidden])")
    assert "none are here" in page.inner_text(NOTICE)
    page.wait_for_selector("#train:not([data-busy])", state="attached")  # the button is free again


def test_clips_are_trimmed_and_cropped_at_once(studio: Studio, clips: list[Path]) -> None:
    page = dropped(studio, *clips)
    page.locator("#vgan-footage .clip").first.click()
    start = page.locator("#vgan-trainer [data-part=start]")
    start.focus()
    for _ in range(10):
        start.press("ArrowRight")
    assert page.inner_text("#vgan-trainer [data-part=time]") == "0:03.5 / 0:04.0"
    assert "0:03.5" in page.locator("#vgan-footage .clip").nth(0).inner_text()
    assert "0:04.0" in page.locator("#vgan-footage .clip").nth(1).inner_text()
    corner = page.locator("#vgan-trainer [data-edge=se]").bounding_box()
    page.mouse.move(corner["x"] + 15, corner["y"] + 15)
    page.mouse.down()
    page.mouse.move(corner["x"] - 185, corner["y"] - 85)
    page.mouse.up()
    left, top, width, height = box(page)
    assert (left, top) == (0, 0)
    assert width < 85
    assert height < 90
    page.focus("#vgan-trainer .crop")
    page.keyboard.press("ArrowRight")
    assert box(page)[0] > 1
    page.get_by_role("button", name="Whole picture").click()
    assert box(page) == [0, 0, 100, 100]


def test_a_clip_becomes_a_look_that_plays_in_create(studio: Studio, clips: list[Path], looks: Path) -> None:
    dropped(studio, *clips)
    page = begun(studio, "Night River", "0.05")
    assert page.get_attribute(STAGE, "data-view") == "training"
    studio.shoot("train-begun")
    facts(page, "Ready")
    page.wait_for_selector(SHEET)
    assert (looks / "night-river" / "model.safetensors").is_file()
    studio.shoot("train-done")
    page.locator("#vgan-shelf li[data-name='my:night-river']").wait_for()
    with page.expect_download() as saved:
        page.locator("#vgan-shelf [data-act=download]").click()
    with zipfile.ZipFile(saved.value.path()) as archive:
        assert {"night-river/model.safetensors", "night-river/config.json", "night-river/README.md"} <= set(
            archive.namelist()
        )
    studio.after(lambda: page.get_by_role("button", name="Open in Create").first.click())
    tile = page.locator("#vgan-gallery [data-look='my:night-river']")
    assert tile.get_attribute("aria-checked") == "true"
    assert page.locator(CANVAS).is_visible()
    assert max(studio.picture()) > min(studio.picture())
    studio.settle()
    studio.open().train()  # somebody else opens the page
    assert page.locator("#vgan-gallery [data-look='my:night-river']").count() == 1
    page.locator("#vgan-shelf [data-act=shelf_rename]").click()
    page.locator("#vgan-shelf li input").fill("Calm river")
    page.locator("#vgan-shelf li input").press("Enter")
    page.locator("#vgan-shelf li[data-name='my:calm-river']").wait_for()
    page.locator("#vgan-shelf [data-act=path_remove]").click()
    page.locator("#vgan-shelf [data-act=shelf_yes]").click()
    page.get_by_text("Looks that you train stand here").wait_for()
    assert not (looks / "calm-river").exists()


def test_it_goes_on_after_its_process_was_killed(studio: Studio, clips: list[Path], looks: Path) -> None:
    dropped(studio, clips[0])
    page = begun(studio, "Brook", "20")
    facts(page, "Learning")
    page.wait_for_selector(SHEET, timeout=LONG_MS)
    told = json.loads((looks / ".training" / "brook" / "progress.json").read_text())
    os.kill(told["pid"], signal.SIGKILL)
    page.wait_for_selector(f"{NOTICE}:not([hidden])", timeout=LONG_MS)
    assert "Resume" in page.inner_text(NOTICE)
    studio.open().train()  # and it is found again by whoever comes
    page.locator("#vgan-shelf li[data-name=brook]").wait_for()
    page.locator("#vgan-train-meter [data-part=resume]").click()
    page.wait_for_selector("#train[data-busy]", state="attached")
    facts(page, "Learning")
    page.click("#t-cancel")
    facts(page, "Paused")
    page.locator("#vgan-train-meter [data-part=discard]").click()
    page.wait_for_function("document.querySelector('#vgan-trainer .stage').dataset.view === 'example'")
    assert not (looks / ".training" / "brook").exists()


@pytest.mark.parametrize("studio", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True)
def test_a_phone(studio: Studio) -> None:
    page = studio.open().train().page
    page.get_by_text("Try it with our example clip").click()
    page.wait_for_selector(CLIP)
    studio.settle()
    studio.shoot("train-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    stage = page.locator("#t-view").bounding_box()
    assert stage["height"] <= 0.46 * PHONE["height"]
    go = page.locator("#t-render").bounding_box()
    assert go["y"] + go["height"] <= PHONE["height"]
    for name in ("Create", "Style", "Enhance", "Share", "Train"):
        assert page.get_by_role("tab", name=re.compile(f"^{name}")).is_visible()
    page.evaluate("window.scrollTo(0, 500)")
    assert page.locator("#vgan-trainer canvas").is_visible()
    studio.unfold("t-clip")
    assert page.locator("#t-minutes").is_visible()


@pytest.mark.parametrize("studio", [{"locale": "zh-CN"}], indirect=True)
def test_in_chinese(studio: Studio) -> None:
    page = studio.open().train().page
    page.get_by_text("用示例短片试试").wait_for()
    assert page.get_by_text("我的风格").is_visible()
