"""The Enhance tab in a real browser, as a person uses it, with files that are written here."""

from pathlib import Path
from typing import Any

import av
import pytest
from conftest import DESK, ENHANCED, PHONE, Studio
from enhance_app import damaged
from films import drifting, write_film

from vgan.media.probe import recipe_of
from vgan.recipe import Recipe

SOURCE = "#vgan-enhance-source input[type=file]"
BEFORE = "#vgan-enhance-compare img[data-part=before]"
CHAIN = "#vgan-chain"
PRESSED_AT_ONCE = """(wanted) => {
    const button = document.querySelector(wanted);
    button.removeAttribute("data-pressed");
    new MutationObserver((_, seen) => {
        if (!button.checkVisibility()) return;
        seen.disconnect();
        button.dataset.pressed = "";
        button.click();
    }).observe(document.querySelector("#enhance"), { subtree: true, childList: true, attributes: true });
}"""
LEAST_TOUCH = 43  # pixels; borders take the last one


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a second of 96 x 72: 12 frames, 24 a second, with sound."""
    frames = drifting(12, (96, 72))
    return write_film(tmp_path_factory.mktemp("clips") / "walk.mp4", frames, tone=(0.0, 0.5), rate=24)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of 192 x 144 at 20 frames: one is black, and two stand still."""
    return write_film(tmp_path_factory.mktemp("clips") / "broken.mp4", damaged())


def uploaded(studio: Studio, file: Path) -> Any:
    """The page with `file` as the source and no steps."""
    studio.open().enhance()
    studio.repainted(lambda: studio.page.set_input_files(SOURCE, str(file)))
    cleared(studio)
    return studio.page


def cleared(studio: Studio) -> None:
    """Remove every step."""
    page = studio.page
    while page.locator(f"{CHAIN} li").count():
        if page.get_attribute(f"{CHAIN} li:first-child .title-of", "aria-expanded") == "false":
            page.click(f"{CHAIN} li:first-child .title-of")
        page.click(f"{CHAIN} [data-tool=remove]")
        studio.settle()


def added(studio: Studio, kind: str) -> None:
    """Add a step; it opens."""
    studio.page.click(f"{CHAIN} [data-add={kind}]")
    studio.settle()


def kinds(studio: Studio) -> list[str]:
    """The steps of the chain, in order."""
    return list(studio.page.eval_on_selector_all(f"{CHAIN} li", "cards => cards.map(card => card.dataset.kind)"))


def slid(studio: Studio, field: str, value: float) -> None:
    """Move a slider of the open card."""
    script = "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }"
    studio.page.eval_on_selector(f"{CHAIN} .open [data-field={field}]", script, value)


def asked(page: Any) -> Recipe:
    """What the recipe box says."""
    return Recipe.parse(page.locator("#e-recipe textarea").input_value())


def colour(studio: Studio, shown: str) -> float:
    """How far the colours of a picture of the page are from grey, in levels."""
    return sum(abs(red - green) + abs(red - blue) for red, green, blue in studio.pixels(shown)) / 256


def test_chain_is_built_and_seen(studio: Studio, clip: Path) -> None:
    page = uploaded(studio, clip)
    assert page.is_visible(f"{CHAIN} .hint")
    added(studio, "grade")
    assert page.get_attribute(f"{CHAIN} .title-of", "aria-expanded") == "true"
    studio.repainted(lambda: slid(studio, "saturation", -1))
    assert colour(studio, ENHANCED) < 6 < colour(studio, BEFORE)
    assert "Vividness" in page.inner_text(f"{CHAIN} .title-of small")
    added(studio, "scale")
    page.fill(f"{CHAIN} .open [data-field=short_side]", "144")
    studio.repainted(lambda: page.keyboard.press("Enter"))
    assert "192 × 144" in page.inner_text("#vgan-enhance-compare .facts")
    assert "192 × 144 · 12 frames" in page.inner_text("#vgan-enhance-meter")
    studio.repainted(lambda: page.click(f"{CHAIN} [data-kind=grade] [role=switch]"))
    assert colour(studio, ENHANCED) > 6, "it is switched off"
    studio.unfold("e-recipe")
    assert [step.kind for step in asked(page).steps] == ["scale"]


def test_steps_change_places_by_buttons_keys_and_drag(studio: Studio, clip: Path) -> None:
    page = uploaded(studio, clip)
    for kind in ("grade", "sharpen", "crop"):
        added(studio, kind)
    page.click(f"{CHAIN} [data-tool=up]")
    assert kinds(studio) == ["grade", "crop", "sharpen"]
    assert page.get_attribute(f"{CHAIN} [data-kind=crop] .title-of", "aria-expanded") == "true", "it stays open"
    page.focus(f"{CHAIN} [data-kind=grade] .grip")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert kinds(studio) == ["crop", "sharpen", "grade"]
    page.click(f"{CHAIN} [data-kind=crop] .title-of")
    grip, first = (page.locator(f"{CHAIN} [data-kind={kind}] .grip") for kind in ("grade", "crop"))
    here, there = grip.bounding_box(), first.bounding_box()
    page.mouse.move(here["x"] + 8, here["y"] + 10)
    page.mouse.down()
    page.mouse.move(here["x"] + 8, there["y"] + 4, steps=8)
    page.mouse.up()
    assert kinds(studio) == ["grade", "crop", "sharpen"]
    studio.settle()
    studio.unfold("e-recipe")
    assert [step.kind for step in asked(page).steps] == ["grade", "crop", "sharpen"]


def test_preset_fills_the_chain_and_is_marked_while_it_holds(studio: Studio, clip: Path) -> None:
    page = uploaded(studio, clip)
    studio.repainted(lambda: page.click("[data-preset=portrait]"))
    assert kinds(studio) == ["reframe", "upscale"]
    assert page.get_attribute("[data-preset=portrait]", "aria-checked") == "true"
    page.click(f"{CHAIN} [data-kind=upscale] .title-of")
    studio.repainted(lambda: slid(studio, "strength", 0))
    assert page.locator("#vgan-presets [aria-checked=true]").count() == 0
    page.click(f"{CHAIN} [data-tool=reset]")
    studio.settle()
    assert page.get_attribute("[data-preset=portrait]", "aria-checked") == "true"


def test_fields_that_exclude_each_other(studio: Studio, clip: Path) -> None:
    page = uploaded(studio, clip)
    added(studio, "interpolate")
    assert not page.is_visible("#e-fps"), "the step says how many frames there are"
    assert page.locator(f"{CHAIN} [data-field=sound]").count() == 0
    page.fill(f"{CHAIN} [data-field=fps]", "60")
    page.keyboard.press("Enter")
    studio.settle()
    page.click(f"{CHAIN} [data-field=slow]")
    studio.settle()
    assert page.input_value(f"{CHAIN} [data-field=fps]") == ""
    assert page.locator(f"{CHAIN} [data-field=sound]").count() == 2
    studio.unfold("e-recipe")
    (step,) = asked(page).steps
    assert (step.slow, step.fps) == (True, None)
    assert "24 frames" in page.inner_text("#vgan-enhance-meter")


def test_damage_is_found_shown_and_switched(studio: Studio, broken: Path) -> None:
    page = uploaded(studio, broken)
    assert not page.is_visible("#vgan-damage .plot")
    added(studio, "repair")
    page.wait_for_selector("#vgan-findings li")
    assert page.locator("#vgan-findings li b").all_inner_texts() == ["Black", "Frozen"]
    assert "% sure" in page.inner_text("#vgan-findings li:first-child")
    assert "one flat colour" in page.inner_text("#vgan-findings li:first-child")
    assert page.inner_text("#vgan-damage .count") == "3 frames to mend"
    studio.settle()
    studio.repainted(lambda: page.click("#vgan-findings li:first-child .go"))
    assert page.inner_text("#vgan-enhance-timeline").startswith("0:00.6")
    assert sum(studio.picture(BEFORE)) / 256 < 30 < sum(studio.picture(ENHANCED)) / 256, "it is mended"
    studio.shoot("enhance-damage")
    studio.repainted(lambda: page.click("#vgan-findings li:first-child [role=switch]"))
    assert sum(studio.picture(ENHANCED)) / 256 < 30, "it is left as it is"
    page.click("#vgan-findings summary")
    page.locator("#vgan-findings .each button").first.click()
    studio.settle()
    assert page.inner_text("#vgan-damage .count") == "1 frame to mend"
    studio.unfold("e-recipe")
    assert asked(page).steps[0].leave == (12, 25)
    box = page.locator("#vgan-damage .plot").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + box["height"] / 2)
    studio.settle()
    assert page.inner_text("#vgan-enhance-timeline").startswith("0:00.2"), "the plot jumps there"
    page.click("#vgan-findings [data-part=mark]")
    studio.settle()
    assert asked(page).steps[0].mend == (4,)


def test_preset_pressed_while_a_clip_arrives_is_for_that_clip(studio: Studio, clip: Path) -> None:
    studio.open().enhance()
    page = studio.page
    page.set_input_files(SOURCE, str(clip))
    page.click("#vgan-presets button:nth-of-type(2)")
    steps = ["repair", "denoise", "grade", "upscale"]
    facts = "document.querySelector('#vgan-enhance-compare .facts').innerText"
    page.wait_for_function(f"{facts}.includes('4 steps') && {facts}.includes('192 × 144')")
    assert page.locator("#vgan-enhance-meter").inner_text().startswith("192 × 144 · 12 frames")
    assert kinds(studio) == steps
    studio.unfold("e-recipe")
    assert [step.kind for step in asked(page).steps] == steps
    assert asked(page).source.kind == "upload"


def test_render_says_what_was_done_and_gives_it_back(studio: Studio, clip: Path, tmp_path: Path) -> None:
    page = uploaded(studio, clip)
    added(studio, "sharpen")
    added(studio, "upscale")
    page.click("#e-render")
    page.wait_for_selector("#vgan-enhance-clips button[aria-pressed=true]")
    facts = page.inner_text("#vgan-enhance-compare .facts")
    assert "walk-sharpen-upscale" in facts
    assert "192 × 144 · 24 fps · 0.5 s" in facts
    with page.expect_download() as got:
        page.click("#vgan-enhance-compare [data-part=download]")
    file = tmp_path / got.value.suggested_filename
    got.value.save_as(file)
    with av.open(str(file)) as made:
        assert sum(1 for _ in made.decode(video=0)) == 12
        assert made.streams.audio
    recipe = recipe_of(file)
    assert recipe is not None
    cleared(studio)
    studio.unfold("e-recipe")
    studio.repainted(lambda: page.set_input_files("#e-recipe-file input[type=file]", str(file)))
    assert kinds(studio) == ["sharpen", "upscale"]
    assert asked(page) == recipe


def test_stopped_render_goes_on(studio: Studio) -> None:
    studio.open("?seconds=30&fps=60&short_side=720").enhance()
    page = studio.page
    cleared(studio)
    page.click("#e-render")
    page.wait_for_function("document.querySelector('#vgan-enhance-meter .head').textContent.includes('%')")
    for _ in range(3):  # as quickly as a script can: what is offered is heard
        page.evaluate(PRESSED_AT_ONCE, "#vgan-enhance-meter [data-part=resume]")
        page.click("#e-cancel")
        page.wait_for_selector("#vgan-enhance-meter [data-pressed]", state="attached")
        page.wait_for_function("document.querySelector('#vgan-enhance-meter .head').textContent.includes('%')")
    page.click("#e-cancel")
    page.wait_for_selector("#vgan-enhance-meter [data-part=resume]:visible")
    assert page.is_visible("#e-render")
    page.click("#vgan-enhance-meter [data-part=discard]")
    page.wait_for_selector("#vgan-enhance-meter [data-part=resume]", state="hidden")
    assert page.locator("#vgan-enhance-clips button").count() == 0


def test_finished_clip_of_create_is_sent_on(studio: Studio) -> None:
    studio.open("?look=silk&seed=5&seconds=0.5&short_side=144&fps=10")
    page = studio.page
    page.click("#b-render")
    page.click("#vgan-stage [data-part=enhance]")
    page.wait_for_selector(f"{ENHANCED}[data-shown]")
    page.wait_for_function("document.querySelector('#vgan-enhance-source .what').innerText.includes('silk-5')")
    studio.settle()
    assert page.inner_text("#vgan-enhance-source .what small").startswith("144 × 256 · 10 fps · 0.5 s")


def test_model_that_is_none_is_refused_on_the_stage(studio: Studio, clip: Path, tmp_path: Path) -> None:
    page = uploaded(studio, clip)
    added(studio, "upscale")
    page.click(f"{CHAIN} summary")
    (tmp_path / "model.pth").write_bytes(b"no model")
    with page.expect_file_chooser() as chooser:
        page.click(f"{CHAIN} [data-zone=model]")
    shown = page.get_attribute(ENHANCED, "src")
    chooser.value.set_files(str(tmp_path / "model.pth"))
    page.locator("#vgan-enhance-compare .notice").wait_for()
    assert "model.pth" in page.inner_text("#vgan-enhance-compare .notice")
    assert page.get_attribute(ENHANCED, "src") == shown
    studio.settle()
    page.click(f"{CHAIN} .field .tools button:last-child")
    page.locator("#vgan-enhance-compare .notice").wait_for(state="hidden")


@pytest.mark.parametrize("studio", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True)
def test_phone(studio: Studio) -> None:
    studio.open().enhance()
    page = studio.page
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= PHONE["width"]
    assert page.locator("#e-panel .label-wrap.open").count() == 0, "groups begin closed"
    assert page.is_visible("[data-preset=crisp]")
    studio.shoot("enhance-phone")
    for group in ("e-steps", "e-damage", "e-recipe", "e-clip"):
        studio.unfold(group)
    page.click(f"{CHAIN} .title-of")
    page.locator(f"{CHAIN} summary").first.click()
    studio.settle()
    assert page.evaluate(wide) <= PHONE["width"]
    small = """(least) => [...document.querySelectorAll("#enhance .side :is(button, .switch, select, summary)")]
        .filter((node) => node.checkVisibility() && node.closest("#vgan-chain, #vgan-presets"))
        .filter((node) => Math.min(node.offsetWidth, node.offsetHeight) < least)
        .map((node) => node.outerHTML.slice(0, 80))"""
    assert page.evaluate(small, LEAST_TOUCH) == []
    page.locator(f"{CHAIN} .tools").last.scroll_into_view_if_needed()
    assert 0 <= page.locator("#e-view").bounding_box()["y"] < 60, "the stage stays in view"
    studio.shoot("enhance-phone-open")


def test_everything_has_a_label(studio: Studio, broken: Path) -> None:
    page = uploaded(studio, broken)
    added(studio, "repair")
    page.wait_for_selector("#vgan-findings li")
    for kind in ("stylize", "interpolate", "crop", "upscale"):
        added(studio, kind)
        assert studio.nameless("#enhance") == [], kind
    studio.unfold("e-recipe")
    page.locator(f"{CHAIN} summary").last.click()
    assert studio.nameless("#enhance") == []


@pytest.mark.parametrize("studio", [{"locale": "zh-CN", "viewport": DESK}], indirect=True)
def test_chinese(studio: Studio) -> None:
    studio.open().enhance()
    page = studio.page
    assert "旧手机视频" in page.inner_text("#vgan-presets")
    assert "放大" in page.inner_text(CHAIN)
    page.click(f"{CHAIN} .title-of")
    assert "清脆度" in page.inner_text(f"{CHAIN} .open")
    assert "损坏" in page.inner_text("#e-damage")
