"""The Create tab in a real browser, as a person uses it."""

import json
from pathlib import Path

import av
import pytest
from conftest import CANVAS, PHONE, Studio

from vgan.media.probe import probe, recipe_of
from vgan.recipe import Recipe

SHORT = "?seconds=0.5&short_side=144&fps=10"


def different(one: list[float], other: list[float]) -> float:
    """Mean difference of two pictures, grey levels."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def test_plays_on_load(studio: Studio) -> None:
    studio.open()
    assert "Aurora" in studio.page.inner_text("#vgan-stage .facts")
    first = studio.picture()
    assert max(first) - min(first) > 8, "the stage is not a flat colour"
    studio.page.wait_for_timeout(700)
    assert different(first, studio.picture()) > 0, "the loop moves"
    studio.shoot("desk-dark")


def test_slider_changes_picture_and_address(studio: Studio) -> None:
    studio.open("?motion=0")
    before = studio.picture()
    studio.after(lambda: studio.slide("hue", 0.9))
    studio.after(lambda: studio.slide("brightness", 0.95))
    studio.settle()
    studio.page.wait_for_timeout(400)
    assert different(before, studio.picture()) > 1
    assert "hue=0.9" in studio.page.url
    assert "brightness=0.95" in studio.page.url


def test_another_look_and_dice(studio: Studio) -> None:
    studio.open()
    studio.after(lambda: studio.page.click("[data-look=silk]"))
    assert studio.page.get_attribute("[data-look=silk]", "aria-checked") == "true"
    assert "Silk" in studio.page.inner_text("#vgan-stage .facts")
    studio.after(lambda: studio.page.click("#b-dice"))
    studio.settle()
    assert studio.page.input_value("#f-seed input") != "7"
    assert f"seed={studio.page.input_value('#f-seed input')}" in studio.page.url


def test_surprise_then_reset(studio: Studio) -> None:
    studio.open()
    studio.after(lambda: studio.page.click("#b-surprise"))
    studio.settle()
    assert "hue=" in studio.page.url
    studio.after(lambda: studio.page.click("#b-reset-adjust"))
    studio.settle()
    assert "hue=" not in studio.page.url
    assert studio.page.input_value("#f-hue input[type=number]") == "0.45"


def test_keyboard_only(studio: Studio) -> None:
    studio.open()
    page = studio.page
    page.focus("[data-look=aurora]")
    studio.after(lambda: page.keyboard.press("ArrowRight"))
    assert page.evaluate("document.activeElement.dataset.look") == "silk"
    page.keyboard.press("Tab")  # the seed
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "b-dice"
    studio.after(lambda: page.keyboard.press("Enter"))
    page.focus("#f-hue input[type=range]")
    studio.after(lambda: page.keyboard.press("ArrowLeft"))
    studio.settle()
    assert page.input_value("#f-hue input[type=number]") == "0.44"
    page.focus("#f-aspect input[value='9:16']")
    studio.after(lambda: page.keyboard.press("ArrowRight"))
    assert "aspect=4:5" in page.url.replace("%3A", ":")
    outline = page.evaluate("getComputedStyle(document.activeElement.closest('label')).outlineStyle")
    assert outline == "solid", "the focus is seen"


@pytest.mark.parametrize("aspect", ["9:16", "4:5", "1:1", "16:9"])
def test_picture_has_the_aspect_and_stays_inside(studio: Studio, aspect: str) -> None:
    studio.open(f"?aspect={aspect}")
    wide, tall = map(int, aspect.split(":"))
    studio.page.wait_for_function(
        """([selector, ratio]) => { const box = document.querySelector(selector).getBoundingClientRect();
        return Math.abs(box.width / box.height - ratio) < 0.03; }""",
        arg=[CANVAS, wide / tall],
    )
    box = studio.page.locator(CANVAS).bounding_box()
    bar = studio.page.locator("#output").bounding_box()
    assert box["y"] >= 56
    assert box["y"] + box["height"] <= bar["y"]
    assert box["height"] >= 350


def test_render_download_and_reopen(studio: Studio, tmp_path: Path) -> None:
    studio.open(SHORT + "&seed=12&look=ink")
    page = studio.page
    stage = page.locator("#view").bounding_box()
    studio.settle()
    page.click("#b-render")
    page.wait_for_selector("#vgan-clips button[aria-pressed=true]")
    page.wait_for_function("document.querySelector('#vgan-stage video').readyState >= 2")
    assert page.locator("#view").bounding_box() == stage, "nothing jumps"
    facts = page.inner_text("#vgan-stage .facts")
    assert "144 × 256" in facts
    assert "10 fps" in facts
    assert "MB" in facts
    assert page.evaluate("(v => v.loop && !v.paused)(document.querySelector('#vgan-stage video'))")
    studio.shoot("clip")
    with page.expect_download() as got:
        page.click("#vgan-stage [data-part=download]")
    assert got.value.suggested_filename == "ink-12-9x16.mp4"
    file = tmp_path / got.value.suggested_filename
    got.value.save_as(file)
    with av.open(str(file)) as clip:
        video = clip.streams.video[0]
        assert (video.codec_context.name, video.codec_context.profile) == ("h264", "High")
        assert (video.codec_context.width, video.codec_context.height) == (144, 256)
        assert video.codec_context.pix_fmt == "yuv420p"
        assert sum(1 for _ in clip.decode(video=0)) == 5
    info = probe(file)
    assert info.fps == pytest.approx(10)
    assert info.seconds == pytest.approx(0.5)
    recipe = recipe_of(file)
    assert recipe is not None
    assert (recipe.source.look, recipe.source.seed) == ("ink", 12)  # type: ignore[union-attr]

    # The clip itself, dropped back on another state of the sliders, restores them.
    studio.after(lambda: page.click("[data-look=silk]"))
    studio.settle()
    studio.unfold("recipe")
    studio.after(lambda: page.set_input_files("#recipe-file input[type=file]", str(file)))
    studio.settle()
    assert page.get_attribute("[data-look=ink]", "aria-checked") == "true"
    assert page.input_value("#f-seed input") == "12"
    studio.after(lambda: page.click("#b-dice"))
    page.click("#vgan-clips button")
    studio.after(lambda: page.click("#vgan-stage [data-part=recall]"))
    studio.settle()
    assert page.input_value("#f-seed input") == "12"


def test_cancel_works_at_once(studio: Studio) -> None:
    studio.open("?seconds=30&short_side=1080&fps=60")
    page = studio.page
    studio.settle()
    page.click("#b-render")
    page.wait_for_selector("#create[data-busy]", state="attached")
    assert page.is_visible("#b-cancel")
    assert not page.is_visible("#b-render")
    page.wait_for_function("document.querySelector('#vgan-meter .head').textContent.includes('%')")
    studio.shoot("rendering")
    page.click("#b-cancel")
    page.click("#b-render")  # as soon as it is there again
    page.wait_for_function("document.querySelector('#vgan-meter .head').textContent.includes('%')")
    page.click("#b-cancel")
    page.wait_for_selector("#create:not([data-busy])", state="attached")
    assert page.is_visible("#b-render")
    assert page.locator("#vgan-clips button").count() == 0
    studio.after(lambda: studio.slide("hue", 0.2))  # the app is free again


def test_recipe_out_and_in(studio: Studio) -> None:
    studio.open("?look=marble&hue=0.3&variation=0,1,0,0,0,-2")
    page = studio.page
    studio.unfold("recipe")
    box = page.locator("#recipe textarea")
    box.wait_for()
    page.wait_for_function("document.querySelector('#recipe textarea').value.includes('marble')")
    recipe = Recipe.parse(box.input_value())
    assert recipe.source.variation == (0, 1, 0, 0, 0, -2)  # type: ignore[union-attr]
    changed = recipe.model_dump(mode="json")
    changed["source"] |= {"look": "waves", "motion": 0.9}
    changed["share"]["short_side"] = 600
    box.fill(json.dumps(changed))
    studio.after(lambda: page.click("#b-apply"))
    studio.settle()
    assert page.get_attribute("[data-look=waves]", "aria-checked") == "true"
    assert page.input_value("#f-motion input[type=number]") == "0.9"
    assert page.is_checked("#f-short-side input[value='600']")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"source": {"kind": "generate", "hue": 3}}', ["source.hue", "less than or equal to 1", "3"]),
        ('{"source": {"kind": "generate", "look": "aurorra"}}', ["aurorra", "Did you mean 'aurora'"]),
        ('{"source": {"kind": "generate", "hue": NaN}}', ["source.hue", "finite"]),
        ('{"share": {"short_side": 100000}}', ["share.short_side", "100000", "2160"]),
        ("not json", ["not JSON"]),
    ],
)
def test_bad_recipe_says_what_is_wrong(studio: Studio, text: str, said: list[str]) -> None:
    studio.open()
    studio.unfold("recipe")
    studio.write("#recipe textarea", text)
    studio.page.click("#b-apply")
    notice = studio.page.locator("#vgan-stage .notice.fault")
    notice.wait_for()
    for part in said:
        assert part in notice.inner_text()
    studio.page.click("#vgan-stage [data-part=decline]")
    assert not notice.is_visible()


def test_link_restores_everything(studio: Studio) -> None:
    studio.open("?look=clouds&seed=99&hue=0.8&motion=0.1&truncation=0.5&aspect=16:9&fps=24&seconds=2&format=webm")
    page = studio.page
    page.wait_for_selector("[data-look=clouds][aria-checked=true]")
    studio.settle()
    assert page.input_value("#f-seed input") == "99"
    assert page.input_value("#f-hue input[type=number]") == "0.8"
    assert page.input_value("#f-seconds input[type=number]") == "2"
    for name, value in (("aspect", "16:9"), ("fps", "24"), ("format", "webm")):
        assert page.is_checked(f"#f-{name} input[value='{value}']")


def test_bad_link_says_so_and_the_app_plays(studio: Studio) -> None:
    studio.open("?hue=7&look=silk")
    notice = studio.page.locator("#vgan-stage .notice.fault")
    notice.wait_for()
    assert "source.hue" in notice.inner_text()
    assert "'7'" in notice.inner_text()
    studio.after(lambda: studio.slide("hue", 0.5))


def test_path_of_key_looks(studio: Studio) -> None:
    studio.open()
    page = studio.page
    studio.unfold("path")
    page.click("#path [data-part=add]")
    page.wait_for_selector("#path .key")
    studio.after(lambda: page.click("[data-look=ink]"))
    studio.after(lambda: page.click("#path [data-part=add]"))
    page.wait_for_function("document.querySelectorAll('#path .key').length === 2")
    assert "Path of 2 looks" in page.inner_text("#vgan-stage .facts")
    assert page.is_checked("#path [data-part=play]")
    studio.settle()
    studio.shoot("path")
    studio.after(lambda: studio.slide("hue", 0.1))
    page.wait_for_function("!document.querySelector('#path [data-part=play]').checked")
    first = page.get_attribute("#path .key img", "src")
    page.click("#path .key:nth-child(1) [aria-label='Move later']")
    assert page.get_attribute("#path .key:nth-child(2) img", "src") == first
    studio.settle()
    studio.after(lambda: page.click("#path .key:nth-child(2) .face"))
    studio.settle()
    assert page.get_attribute("[data-look=aurora]", "aria-checked") == "true"
    page.click("#path .key:nth-child(1) [aria-label='Remove']")
    assert page.locator("#path .key").count() == 1


def test_look_that_must_be_fetched_says_what_it_is(studio: Studio) -> None:
    studio.open()
    page = studio.page
    page.click("[data-look=fastgan-universe]")
    notice = page.locator("#vgan-stage .notice")
    notice.wait_for()
    for part in ("Universe", "117 MB", "huggan/fastgan-few-shot-universe", "MIT"):
        assert part in notice.inner_text()
    studio.shoot("fetch")
    page.click("#vgan-stage [data-part=accept]")  # this app is offline
    toast = page.locator(".toast-body")
    toast.wait_for()
    assert "VGAN_OFFLINE" in toast.inner_text()
    studio.after(lambda: page.click("[data-look=ink]"))


@pytest.mark.parametrize("studio", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True)
def test_phone(studio: Studio) -> None:
    studio.open()
    page = studio.page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    button = page.locator("#b-render").bounding_box()
    assert button["y"] + button["height"] <= PHONE["height"]
    assert button["y"] > PHONE["height"] - 100, "the primary button lies at the bottom edge"
    assert page.locator("#panel .label-wrap.open").count() == 0, "groups begin closed"
    studio.shoot("phone-dark")
    studio.unfold("adjust")
    page.locator("#f-motion").scroll_into_view_if_needed()
    stage = page.locator("#view").bounding_box()
    assert 0 <= stage["y"] < 60, "the stage stays in view"
    assert stage["height"] <= 0.45 * PHONE["height"] + 1
    studio.after(lambda: studio.slide("motion", 0.9))
    for group in ("variation", "path", "advanced", "recipe", "clip"):
        studio.unfold(group)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("#f-aspect").scroll_into_view_if_needed()
    studio.after(lambda: studio.chip("aspect", "16:9"))
    studio.shoot("phone-groups")


@pytest.mark.parametrize("studio", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
def test_dark_first_and_light(studio: Studio) -> None:
    studio.open()
    page = studio.page
    assert "dark" in page.get_attribute("body", "class")
    dark = page.evaluate("getComputedStyle(document.querySelector('#panel')).backgroundColor")
    page.click("#vgan-head [data-part=theme]")
    light = page.evaluate("getComputedStyle(document.querySelector('#panel')).backgroundColor")
    assert dark != light
    studio.shoot("desk-light")
    studio.open()
    assert "dark" not in (page.get_attribute("body", "class") or ""), "the choice is kept"


@pytest.mark.parametrize("studio", [{"reduced_motion": "reduce"}], indirect=True)
def test_reduced_motion_shows_a_still(studio: Studio) -> None:
    studio.open()
    studio.page.wait_for_timeout(300)
    first = studio.picture()
    studio.page.wait_for_timeout(400)
    assert studio.picture() == first
    studio.page.click("#vgan-stage [data-part=toggle]")
    studio.page.wait_for_timeout(600)
    assert studio.picture() != first


@pytest.mark.parametrize("studio", [{"locale": "zh-CN"}], indirect=True)
def test_chinese(studio: Studio) -> None:
    studio.open()
    assert studio.page.inner_text("#b-render") == "渲染"
    assert "极光" in studio.page.inner_text("#vgan-gallery")
    assert "色彩" in studio.page.inner_text("#f-hue")


def test_everything_has_a_label(studio: Studio) -> None:
    studio.open()
    for group in ("variation", "path", "advanced", "recipe"):
        studio.unfold(group)
    assert studio.nameless(":is(#create, #vgan-head)") == []
