"""The group "Your picture" of Create in a real browser."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import CANVAS, FEATURES, PHONE, Studio
from PIL import Image, ImageDraw

FILE = "#vgan-picture input[type=file]"
PART = "#vgan-picture [data-part={}]"
RECIPE = "#recipe textarea"

pytestmark = pytest.mark.skipif(not FEATURES.is_file(), reason=f"SqueezeNet 1.1 is not at {FEATURES}")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """An orange disc over blue."""
    picture = Image.new("RGB", (300, 200), (30, 60, 160))
    ImageDraw.Draw(picture).ellipse((100, 50, 200, 150), fill=(240, 150, 40))
    picture.save(tmp_path / "my sun.png")
    return tmp_path / "my sun.png"


def opened(studio: Studio) -> None:
    """The group and the recipe can be seen."""
    for group in ("recipe", "your-picture"):
        studio.unfold(group)
    studio.page.wait_for_selector(RECIPE)


def carried(studio: Studio) -> dict[str, Any]:
    """The source of the recipe that the page shows."""
    source: dict[str, Any] = json.loads(studio.page.input_value(RECIPE))["source"]
    return source


def has_picture(studio: Studio, wanted: bool) -> None:
    """Wait until the recipe has a picture, or none."""
    script = "([box, wanted]) => Boolean(JSON.parse(document.querySelector(box).value).source.picture) === wanted"
    studio.page.wait_for_function(script, arg=[RECIPE, wanted], timeout=120_000)
    studio.settle()


def test_found_moved_removed(studio: Studio, mine: Path) -> None:
    page = studio.open("?aspect=1:1").page
    seed = studio.picture()
    opened(studio)
    page.set_input_files(FILE, str(mine))
    page.wait_for_selector(PART.format("stop"))
    assert page.get_attribute(CANVAS, "data-shown"), "the old picture stays meanwhile"
    has_picture(studio, wanted=True)
    page.wait_for_selector(PART.format("pair"))
    assert page.inner_text(PART.format("verdict"))
    assert "LPIPS" in (page.get_attribute(PART.format("verdict"), "title") or "")
    assert not studio.nameless("#your-picture")
    studio.shoot("picture-desk")
    found = carried(studio)
    assert found["picture"]
    assert found["motion"] == 0.5
    assert found["hue"] != 0.45, "sliders begin where the picture is"
    studio.after(lambda: studio.slide("hue", 0.9))
    studio.settle()
    assert carried(studio)["picture"] == found["picture"], "sliders work on it"
    studio.after(lambda: page.click("#b-reset-adjust"))
    studio.settle()
    assert carried(studio)["hue"] == found["hue"], "reset leads back to the picture"
    studio.after(lambda: page.click(PART.format("remove")))
    has_picture(studio, wanted=False)
    assert not page.is_visible(PART.format("pair"))
    assert studio.picture() != seed or carried(studio)["hue"] == 0.45


def test_stopped_and_not_a_picture(studio: Studio, mine: Path, tmp_path: Path) -> None:
    page = studio.open("?aspect=1:1").page
    opened(studio)
    page.set_input_files(FILE, str(mine))
    page.wait_for_selector(PART.format("stop"))
    page.click(PART.format("stop"))
    page.wait_for_selector(PART.format("find"))
    studio.settle()
    assert not carried(studio)["picture"]
    (tmp_path / "song.mp3").write_bytes(b"ID3" + bytes(2000))
    page.set_input_files(FILE, str(tmp_path / "song.mp3"))
    page.wait_for_selector("#vgan-stage [data-part=fault]:visible, #vgan-stage .fault:visible")
    assert "song" in page.inner_text("#vgan-stage")


def test_a_recipe_brings_its_picture(studio: Studio, mine: Path) -> None:
    page = studio.open("?aspect=1:1").page
    opened(studio)
    page.set_input_files(FILE, str(mine))
    has_picture(studio, wanted=True)
    address = page.url
    studio.open(address.removeprefix(studio.address))
    opened(studio)
    has_picture(studio, wanted=True)
    page.wait_for_selector(PART.format("remove"))
    assert "recipe" in page.inner_text(PART.format("verdict"))


@pytest.mark.parametrize("studio", [{"viewport": PHONE}], indirect=True)
def test_fits_a_phone(studio: Studio) -> None:
    page = studio.open().page
    studio.unfold("your-picture")
    page.wait_for_selector(PART.format("hint"))
    page.locator("#your-picture").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    studio.shoot("picture-phone")
