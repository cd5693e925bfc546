"""The Style tab in a real browser, as a person uses it, with files that are written here."""

import base64
from pathlib import Path
from typing import Any

import av
import pytest
from conftest import AFTER, BEFORE, FEATURES, PHONE, Studio
from films import drifting, write_film
from PIL import Image
from safetensors.torch import load_file

from vgan.hub import sha256_of
from vgan.media.probe import recipe_of
from vgan.recipe import Recipe, Upload
from vgan.style_files import save_style

SOURCE = "#vgan-source input[type=file]"
OWN = "#vgan-own input[type=file]"
DIVIDER = "#vgan-compare [data-part=divider]"
NOTICE = "#vgan-compare .notice"
VIDEO = "#vgan-compare video"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1.54 s of 192 x 144: 37 frames, 24 a second, with sound."""
    return write_film(tmp_path_factory.mktemp("clips") / "walk.mp4", drifting(37), tone=(0.0, 1.54), rate=24)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "tiles.png"
    Image.fromarray(drifting(1, (160, 200))[0]).save(path)
    return path


@pytest.fixture(scope="module")
def style_file(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A style for the app's network: halfway between two of its gallery."""
    network, path = weights / "styles" / "model.safetensors", tmp_path_factory.mktemp("styles") / "halfway.safetensors"
    codes = load_file(network)["codes"]
    save_style(path, codes[:1].lerp(codes[1:2], 0.5), bytes.fromhex(sha256_of(network)))
    return path


def uploaded(studio: Studio, file: Path) -> Any:
    """The page with `file` as the source."""
    studio.open().style()
    studio.repainted(lambda: studio.page.set_input_files(SOURCE, str(file)))
    return studio.page


def different(studio: Studio, one: str = BEFORE, other: str = AFTER) -> float:
    """Mean difference of two pictures of the page, grey levels."""
    pairs = zip(studio.picture(one), studio.picture(other), strict=True)
    return sum(abs(a - b) for a, b in pairs) / 256


def asked(page: Any) -> Recipe:
    """What the recipe box says."""
    return Recipe.parse(page.locator("#s-recipe textarea").input_value())


def rendered(studio: Studio) -> str:
    """Render, wait for the clip on the stage; returns what is written under it."""
    studio.page.click("#s-render")
    studio.page.wait_for_selector("#vgan-style-clips button[aria-pressed=true]")
    return str(studio.page.inner_text("#vgan-compare .facts"))


def downloaded(page: Any, folder: Path) -> Path:
    with page.expect_download() as got:
        page.click("#vgan-compare [data-part=download]")
    got.value.save_as(folder / got.value.suggested_filename)
    return folder / str(got.value.suggested_filename)


def dropped(page: Any, zone: str, file: Path) -> None:
    """Drop `file` on a zone of the page."""
    script = """([name, data]) => {
        const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0)), carried = new DataTransfer();
        carried.items.add(new File([bytes], name));
        return carried;
    }"""
    carried = page.evaluate_handle(script, [file.name, base64.b64encode(file.read_bytes()).decode()])
    page.locator(zone).dispatch_event("drop", {"dataTransfer": carried})


def test_opens_with_a_picture(studio: Studio) -> None:
    studio.open().style()
    assert different(studio) > 3, "a style is seen at once"
    assert max(studio.picture(BEFORE)) - min(studio.picture(BEFORE)) > 8
    assert "Aurora" in studio.page.inner_text("#vgan-source .what")
    chosen = studio.page.locator("#vgan-styles [aria-checked=true]")
    assert chosen.locator(".name").inner_text() in studio.page.inner_text("#vgan-compare .facts")
    studio.shoot("style-desk")


def test_another_style_changes_only_the_picture_after(studio: Studio, clip: Path) -> None:
    page = uploaded(studio, clip)
    assert page.inner_text("#vgan-source .what").split("\n") == ["walk.mp4", "192 × 144 · 24 fps · 1.5 s · ♪"]
    before, after = (page.get_attribute(shown, "src") for shown in (BEFORE, AFTER))
    studio.repainted(lambda: page.click("[data-style=scream]"))
    assert page.get_attribute(BEFORE, "src") == before
    assert page.get_attribute(AFTER, "src") != after
    assert "The Scream" in page.inner_text("#vgan-compare .facts")
    assert different(studio) > 3
    studio.repainted(lambda: studio.slide("strength", 0))
    assert different(studio) == 0, "no strength is the source itself"


def test_divider_follows_pointer_and_keys(studio: Studio) -> None:
    studio.open().style()
    page, divider = studio.page, studio.page.locator(DIVIDER)
    assert divider.get_attribute("aria-valuenow") == "50"
    box = page.locator("#vgan-compare .picture").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.6, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, middle, steps=3)
    page.mouse.up()
    assert divider.get_attribute("aria-valuenow") == "25"
    line = divider.bounding_box()
    assert line["x"] + line["width"] / 2 == pytest.approx(box["x"] + box["width"] * 0.25, abs=2)
    for key, value in (("ArrowRight", "27"), ("PageUp", "37"), ("Home", "0"), ("ArrowLeft", "0"), ("End", "100")):
        page.keyboard.press(key)
        assert divider.get_attribute("aria-valuenow") == value, key
    assert page.locator("#vgan-compare [data-part=tag-after]").get_attribute("class").split()[-1] == "off"


def test_timeline_shows_other_moments_and_trims(studio: Studio, clip: Path) -> None:
    page = uploaded(studio, clip)
    before = studio.picture(BEFORE)
    page.focus("#vgan-timeline [data-part=at]")
    studio.repainted(lambda: page.keyboard.press("End"))
    assert studio.picture(BEFORE) != before
    assert page.inner_text("#vgan-timeline") == "0:01.5 / 0:01.5"
    page.focus("#vgan-timeline [data-part=start]")
    studio.repainted(lambda: [page.keyboard.press("ArrowRight") for _ in range(4)])
    page.focus("#vgan-timeline [data-part=end]")
    studio.repainted(lambda: [page.keyboard.press("ArrowLeft") for _ in range(10)])
    studio.unfold("s-recipe")
    assert asked(page).source == Upload(path="walk.mp4", start=0.2, end=1.0)
    assert page.inner_text("#vgan-timeline").endswith(" / 0:00.8")
    page.focus("#vgan-timeline [data-part=end]")
    studio.repainted(lambda: page.keyboard.press("End"))
    assert asked(page).source.end is None, "at its end the mark means all the rest"  # type: ignore[union-attr]
    page.focus("#vgan-timeline [data-part=start]")
    page.keyboard.press("End")
    studio.settle()
    start = asked(page).source.start  # type: ignore[union-attr]
    assert start == pytest.approx(1.5, abs=0.051), "something is always left"


def test_render_play_download_reopen(studio: Studio, clip: Path, tmp_path: Path) -> None:
    page = uploaded(studio, clip)
    studio.repainted(lambda: page.click("[data-style=scream]"))
    page.focus("#vgan-timeline [data-part=start]")
    studio.repainted(lambda: [page.keyboard.press("ArrowRight") for _ in range(3)])
    facts = rendered(studio)
    assert "walk-scream.mp4" in facts
    assert "192 × 144 · 24 fps · 1.38 s" in facts
    page.wait_for_function(f"document.querySelector('{VIDEO}').readyState >= 2")
    assert page.evaluate(f"(v => v.loop && !v.paused && !v.hidden)(document.querySelector('{VIDEO}'))")
    page.wait_for_selector("#vgan-compare .steady")
    assert page.inner_text("#vgan-compare .steady").startswith("flicker ")
    studio.shoot("style-clip")
    file = downloaded(page, tmp_path)
    with av.open(str(file)) as made:
        video, sound = made.streams.video[0], made.streams.audio[0]
        assert (video.width, video.height) == (192, 144)
        assert sum(1 for _ in made.decode(video=0)) == 33
        assert float(video.duration * video.time_base) == pytest.approx(1.375)
        assert float(sound.duration * sound.time_base) == pytest.approx(1.375, abs=0.03)
    recipe = recipe_of(file)
    assert recipe is not None
    assert recipe.steps[0].style == "scream"
    assert recipe.source == Upload(path="walk.mp4", start=0.15), "where it lay is nobody's business"

    page.click("#vgan-compare [data-part=back]")
    assert page.is_visible(AFTER)
    studio.repainted(lambda: page.click("[data-style=udnie]"))
    page.click("#vgan-style-clips button")
    studio.repainted(lambda: page.click("#vgan-compare [data-part=recall]"))
    assert page.get_attribute("[data-style=scream]", "aria-checked") == "true"

    # The clip itself, dropped where recipes go, restores everything: its upload is found by name.
    studio.repainted(lambda: page.click("[data-style=udnie]"))
    studio.unfold("s-recipe")
    studio.repainted(lambda: page.set_input_files("#s-recipe-file input[type=file]", str(file)))
    assert page.get_attribute("[data-style=scream]", "aria-checked") == "true"
    assert asked(page) == recipe


def test_cancel_works_at_once(studio: Studio) -> None:
    studio.open("?seconds=30&fps=60&short_side=144").style()
    page = studio.page
    page.click("#s-render")
    page.wait_for_function("document.querySelector('#vgan-style-meter .head').textContent.includes('%')")
    assert not page.is_visible("#s-render")
    page.click("#s-cancel")
    page.wait_for_selector("#style:not([data-busy])", state="attached")
    assert page.is_visible("#s-render")
    assert page.locator("#vgan-style-clips button").count() == 0


def test_picture_in_picture_out(studio: Studio, picture: Path, tmp_path: Path) -> None:
    page = uploaded(studio, picture)
    assert page.is_checked("#s-format input[value=png]")
    assert not page.is_visible("#vgan-timeline [data-part=start]"), "a picture has no moments"
    rendered(studio)
    file = downloaded(page, tmp_path)
    assert file.suffix == ".png"
    with Image.open(file) as made:
        assert made.size == (160, 200)


def test_look_of_create_is_the_source(studio: Studio, clip: Path) -> None:
    studio.open("?look=ink&seed=12&aspect=1:1&short_side=480&seconds=1")
    studio.style()
    page = studio.page
    assert "Ink #12" in page.inner_text("#vgan-source .what"), "the tab takes the look as it is when opened"
    studio.repainted(lambda: page.set_input_files(SOURCE, str(clip)))
    studio.repainted(lambda: page.click("#vgan-source [data-part=create]"))
    assert "Ink #12" in page.inner_text("#vgan-source .what")
    assert page.get_attribute("#vgan-source [data-part=create]", "aria-pressed") == "true"
    assert "480 × 480" in page.inner_text("#vgan-compare .facts")


def test_finished_clip_is_sent_on_to_be_restyled(studio: Studio) -> None:
    studio.open("?look=silk&seed=5&seconds=0.5&short_side=144&fps=10")
    page = studio.page
    page.click("#b-render")
    page.click("#vgan-stage [data-part=restyle]")
    page.wait_for_selector(f"{AFTER}[data-shown]")
    page.wait_for_function("document.querySelector('#vgan-source .what').innerText.includes('Silk #5')")
    studio.settle()
    assert different(studio) > 3
    assert "aurora" not in rendered(studio)
    assert "144 × 256" in page.inner_text("#vgan-compare .facts")


def test_dropped_style_file_becomes_the_first_tile(studio: Studio, clip: Path, style_file: Path) -> None:
    page = uploaded(studio, clip)
    studio.unfold("s-own")
    page.wait_for_selector(OWN, state="attached")
    after = page.get_attribute(AFTER, "src")
    studio.repainted(lambda: dropped(page, "#vgan-own [data-part=zone]", style_file))
    first = page.locator("#vgan-styles [role=radio]").first
    assert first.get_attribute("aria-checked") == "true"
    assert first.locator(".name").inner_text() == "halfway"
    assert page.get_attribute(AFTER, "src") != after
    assert page.get_attribute("#vgan-own li a", "download") == "halfway.safetensors"


@pytest.mark.skipif(not FEATURES.is_file(), reason=f"{FEATURES.name} is not here: fitting looks through it")
def test_picture_is_learned_and_saved(studio: Studio, clip: Path, picture: Path, tmp_path: Path) -> None:
    page = uploaded(studio, clip)
    studio.unfold("s-own")
    page.set_input_files(OWN, str(picture))
    studio.repainted(lambda: page.click("#vgan-own [data-part=fit]"))
    first = page.locator("#vgan-styles [role=radio]").first
    assert first.locator(".name").inner_text() == "tiles"
    assert first.get_attribute("aria-checked") == "true"
    with page.expect_download() as got:
        page.click("#vgan-own li a")
    got.value.save_as(tmp_path / "saved.safetensors")
    assert set(load_file(tmp_path / "saved.safetensors")) == {"code", "network"}


def test_files_that_cannot_be_used_are_refused_on_the_stage(
    studio: Studio, clip: Path, picture: Path, tmp_path: Path
) -> None:
    page = uploaded(studio, clip)
    studio.unfold("s-own")
    shown = page.get_attribute(AFTER, "src")
    whole = clip.read_bytes()
    for zone, name, content, said in (
        (SOURCE, "notes.mp4", b"this is no clip", ["notes.mp4", "cannot be read", "Try another file"]),
        (SOURCE, "cut.mp4", whole[: len(whole) // 2], ["cut.mp4", "cannot be read"]),
        (SOURCE, "nothing.mp4", b"", ["nothing.mp4"]),
        (OWN, "picture.safetensors", picture.read_bytes(), ["picture", "safetensors"]),
        (OWN, "sketch.png", b"no picture", ["sketch.png", "cannot be read"]),
    ):
        (tmp_path / name).write_bytes(content)
        page.set_input_files(zone, str(tmp_path / name))
        page.locator(NOTICE).wait_for()
        for part in said:
            assert part in page.inner_text(NOTICE)
        assert page.get_attribute(AFTER, "src") == shown, name
        assert page.inner_text("#vgan-source .what").startswith("walk.mp4"), name
        studio.settle()
        page.click("#vgan-compare [data-part=close]")
        assert not page.is_visible(NOTICE)
    studio.repainted(lambda: page.click("[data-style=scream]"))


@pytest.mark.parametrize("studio", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True)
def test_phone(studio: Studio) -> None:
    studio.open().style()
    page = studio.page
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= PHONE["width"]
    button = page.locator("#s-render").bounding_box()
    assert PHONE["height"] - 100 < button["y"] <= PHONE["height"] - button["height"]
    for name in ("Create", "Style"):
        box = page.get_by_role("tab", name=name).bounding_box()
        assert 0 <= box["x"] <= PHONE["width"] - box["width"]
        assert box["y"] < 60
    assert not page.locator("#tabs .overflow-menu").is_visible()
    assert page.locator("#s-panel .label-wrap.open").count() == 0, "groups begin closed"
    studio.shoot("style-phone")
    for group in ("s-adjust", "s-mix", "s-own", "s-recipe", "s-clip"):
        studio.unfold(group)
    assert page.evaluate(wide) <= PHONE["width"]
    page.locator("#f-strength").scroll_into_view_if_needed()
    assert 0 <= page.locator("#s-view").bounding_box()["y"] < 60, "the stage stays in view"


def test_everything_has_a_label(studio: Studio) -> None:
    studio.open().style()
    for group in ("s-mix", "s-own", "s-recipe"):
        studio.unfold(group)
    assert studio.nameless("#style") == []


@pytest.mark.parametrize("studio", [{"locale": "zh-CN"}], indirect=True)
def test_chinese(studio: Studio) -> None:
    studio.open().style()
    assert studio.page.inner_text("#s-render") == "渲染"
    assert "呐喊" in studio.page.inner_text("#vgan-styles")
    assert "强度" in studio.page.inner_text("#f-strength")
    assert studio.page.inner_text("#vgan-compare [data-part=tag-after]") == "效果"
