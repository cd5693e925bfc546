"""The Share tab in a real browser, as a person uses it: a clip becomes a post."""

import io
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import DESK, PHONE, SHARED, Studio
from PIL import Image
from share_app import song

from vgan.media.probe import recipe_of
from vgan.recipe import Recipe

STAGE, SOURCE, LAYERS, SOUND = "#vgan-share-stage", "#vgan-share-source", "#vgan-share-layers", "#vgan-sound"
VIDEO, NOTICE, REPORT = f"{STAGE} video", f"{STAGE} .notice", "#vgan-report"
SMALL = "?look=silk&seed=5&seconds=2&short_side=144&fps=24"
LEAST_TOUCH = 43  # pixels; borders take the last one
# Mean brightness and moment of every frame that is seen from `lead` seconds before the end on, for `span` seconds.
LOOPED = """async ([video, lead, span]) => {
    const film = document.querySelector(video), small = document.createElement("canvas");
    small.width = small.height = 16;
    const pen = small.getContext("2d", { willReadFrequently: true }), seen = [];
    film.currentTime = film.duration - lead;
    await film.play();
    const end = performance.now() + 1000 * span;
    while (performance.now() < end) {
        await new Promise((next) => requestAnimationFrame(next));
        pen.drawImage(film, 0, 0, 16, 16);
        const data = pen.getImageData(0, 0, 16, 16).data;
        let sum = 0;
        for (let at = 0; at < data.length; at += 4) sum += data[at] + data[at + 1] + data[at + 2];
        seen.push([film.currentTime, sum / 768]);
    }
    return seen;
}"""
# Pairs of what can be pressed in the bar that lie over each other.
OVERLAPS = """(place) => {
    const boxes = [...document.querySelectorAll(`${place} :is(button, label, .meter)`)]
        .filter((node) => node.checkVisibility() && node.getBoundingClientRect().width)
        .map((node) => [node, node.getBoundingClientRect()]);
    const over = (one, other) => one.left < other.right - 1 && other.left < one.right - 1
        && one.top < other.bottom - 1 && other.top < one.bottom - 1;
    return boxes.flatMap(([node, box], at) => boxes.slice(at + 1)
        .filter(([other, its]) => over(box, its) && !node.contains(other) && !other.contains(node))
        .map(([other]) => [node.outerHTML.slice(0, 80), other.outerHTML.slice(0, 80)]));
}"""
# What is cut off at its side though it is to be read.
CUT = """(place) => [...document.querySelectorAll(`${place} :is(button, label, span, b, p)`)]
    .filter((node) => node.checkVisibility() && node.childElementCount === 0 && node.textContent.trim())
    .filter((node) => getComputedStyle(node).textOverflow !== "ellipsis" && node.scrollWidth > node.clientWidth + 1)
    .filter((node) => getComputedStyle(node).display !== "inline")
    .map((node) => node.outerHTML.slice(0, 100))"""


@pytest.fixture(scope="module")
def beat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds with 120 beats a minute."""
    return song(tmp_path_factory.mktemp("music") / "beat.wav", 8.0)


def asked(page: Any) -> Recipe:
    """What the recipe box says."""
    return Recipe.parse(page.locator("#p-recipe textarea").input_value())


def cards(page: Any) -> list[str]:
    """What lies over the picture, from the lowest up."""
    return list(page.eval_on_selector_all(f"{LAYERS} li[data-kind]", "cards => cards.map(card => card.dataset.kind)"))


def with_music(studio: Studio, file: Path) -> None:
    """Choose `file` as the music, and wait until it is drawn."""
    studio.page.set_input_files(f"{SOUND} input[type=file]", str(file))
    studio.page.wait_for_selector(f"{SOUND} .graph canvas")
    studio.settle()


def test_finished_clip_is_sent_and_gets_a_template(studio: Studio) -> None:
    studio.open("?look=silk&seed=5&seconds=1&short_side=144&fps=10")
    page = studio.page
    page.click("#b-render")
    page.click("#vgan-stage [data-part=share]")
    page.wait_for_selector(f"{SHARED}[data-shown]")
    page.wait_for_function("document.querySelector('#vgan-share-source .what').innerText.includes('Silk #5')")
    studio.settle()
    assert page.get_by_role("tab", selected=True).inner_text().strip() == "Share"
    plain = studio.picture(SHARED)
    page.click("[data-template=birthday]")
    page.fill("[data-blank=name]", "Grace")
    studio.shown = SHARED
    studio.repainted(lambda: page.click("#vgan-share-templates [data-part=use]"))
    laid = studio.picture(SHARED)
    assert max(abs(one - other) for one, other in zip(plain, laid, strict=True)) > 40, "there are words now"
    assert cards(page) == ["captions"] * 3
    assert "Grace" in page.inner_text(f"{LAYERS} li:nth-child(2)")
    studio.shoot("share-birthday")
    studio.unfold("p-recipe")
    assert (asked(page).source.look, asked(page).source.seed) == ("silk", 5)
    studio.repainted(lambda: page.locator(f"{LAYERS} [role=switch]").nth(1).click())
    assert "Grace" not in str(asked(page).overlays)


def test_preview_is_heard_and_loops(studio: Studio, beat: Path) -> None:
    studio.open(SMALL).share()
    page = studio.page
    with_music(studio, beat)
    assert "120 BPM" in page.inner_text(f"{SOUND} .zone")
    graph = studio.pixels(f"{SOUND} [data-part=graph]")
    assert max(map(sum, graph)) > 100, "the waveform is drawn"
    before = page.get_attribute(SHARED, "src")
    studio.repainted(lambda: page.click("[data-idea=pulse]"))
    assert page.get_attribute(SHARED, "src") != before, "the stage shows what the music does"
    assert page.locator(f"{SOUND} .drive").count() == 2
    page.click("[data-bars='2']")
    studio.settle()
    assert float(page.input_value("#p-seconds input[type=number]")) == pytest.approx(4, abs=0.1)
    assert "/ 0:04" in page.inner_text("#vgan-share-timeline")
    page.click("#p-draft")
    page.wait_for_function(f"(document.querySelector('{VIDEO}') || {{}}).readyState >= 3")
    page.wait_for_function(f"document.querySelector('{VIDEO}').webkitAudioDecodedByteCount > 0")
    facts = page.evaluate(f"(({{ muted, paused, duration, loop }}) => [muted, paused, duration, loop])({film()})")
    assert facts[:2] == [False, False], "it plays, and one hears it"
    assert facts[2] == pytest.approx(4, abs=0.1)
    assert facts[3]
    seen = page.evaluate(LOOPED, [VIDEO, 0.5, 1.5])
    moments, levels = zip(*seen, strict=True)
    assert any(later < earlier - 0.5 for earlier, later in pairwise(moments)), "it went round"
    assert min(levels) > 0.5 * sorted(levels)[len(levels) // 2] > 4, "and never was black"
    studio.shoot("share-preview")
    assert page.locator("#vgan-share-clips [data-index]").count() == 0, "a preview is no clip"
    page.click(f"{STAGE} [data-part=back]")
    page.wait_for_selector(VIDEO, state="hidden")


def film() -> str:
    return f"document.querySelector('{VIDEO}')"


def test_render_is_checked_and_comes_back_whole(studio: Studio, beat: Path, tmp_path: Path) -> None:
    studio.open(SMALL).share()
    page = studio.page
    studio.unfold("p-recipe")
    page.click(f"{LAYERS} [data-add=captions]")
    page.keyboard.type("Hello there")
    with_music(studio, beat)
    studio.repainted(lambda: page.click("[data-idea=glow]"))
    page.click("#p-render")
    page.wait_for_selector(f"{REPORT} li", state="attached")
    assert page.locator(f"{REPORT} li").count() > 15
    studio.unfold("p-check")
    assert re.search("Ready to post|Not ready yet", page.inner_text(REPORT))
    page.locator(REPORT).scroll_into_view_if_needed()
    studio.shoot("share-report")
    link = page.locator(f"{REPORT} [data-part=cover]")
    with page.expect_download() as cover:
        link.click()
    assert Image.open(io.BytesIO(Path(cover.value.path()).read_bytes())).format == "JPEG"
    with page.expect_download() as got:
        page.click(f"{STAGE} [data-part=download]")
    file = tmp_path / got.value.suggested_filename
    got.value.save_as(file)
    made = recipe_of(file)
    assert made is not None
    assert (made.sound.music, len(made.sound.drives)) == ("beat.wav", 2)  # type: ignore[union-attr]
    page.click(f"{LAYERS} [data-tool=remove]")
    page.wait_for_timeout(300)
    studio.settle()
    page.click(f"{SOUND} [data-part=remove]")
    page.wait_for_selector(f"{SOUND} .graph", state="hidden")
    studio.settle()
    assert asked(page).sound is None
    assert asked(page).overlays == ()
    studio.repainted(lambda: page.set_input_files("#p-recipe-file input[type=file]", str(file)))
    assert cards(page) == ["captions"]
    assert page.is_visible(f"{SOUND} .graph")
    assert page.locator(f"{SOUND} .drive").count() == 2
    assert not page.is_visible(NOTICE)
    assert asked(page) == made


def test_what_cannot_be_made_is_said_and_the_bar_is_free_again(studio: Studio) -> None:
    studio.open(SMALL).share()
    page = studio.page
    slide = "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }"
    for name in ("seconds", "loops"):
        page.eval_on_selector(f"#p-{name} input[type=range]", slide, 60)
    page.wait_for_selector(NOTICE)
    assert "at most 120 seconds" in page.inner_text(NOTICE)
    studio.settle()
    page.click("#p-render")
    page.wait_for_selector(".toast-body")
    page.wait_for_selector("#share:not([data-busy]) #p-render")
    assert page.locator("#vgan-share-clips [data-index]").count() == 0


@pytest.mark.parametrize("studio", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True)
def test_phone(studio: Studio, beat: Path) -> None:
    studio.open(SMALL).share()
    page = studio.page
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= PHONE["width"]
    for tab in page.get_by_role("tab").all():
        box = tab.bounding_box()
        assert box["x"] >= 0, "every tab is seen"
        assert box["x"] + box["width"] <= PHONE["width"]
    assert page.locator("#p-panel .label-wrap.open").count() == 0, "groups begin closed"
    assert page.evaluate(OVERLAPS, "#p-go") == []
    studio.shoot("share-phone")
    for group in ("p-templates", "p-words", "p-music", "p-mood", "p-where", "p-check", "p-recipe", "p-clip"):
        studio.unfold(group)
        page.locator(f"#{group}").scroll_into_view_if_needed()
        assert page.evaluate(wide) <= PHONE["width"], group
        assert page.evaluate(CUT, f"#{group}") == [], group
        if group == "p-templates":
            page.click("[data-template=birthday]")
        if group == "p-music":
            with_music(studio, beat)
            page.click("[data-idea=pulse]")
            studio.settle()
        page.locator(f"#{group}").scroll_into_view_if_needed()
        assert page.evaluate(wide) <= PHONE["width"], group
        assert page.evaluate(CUT, f"#{group}") == [], group
        studio.shoot(f"share-phone-{group}")
    small = """(least) => [...document.querySelectorAll("#share .side :is(button, .switch, select, summary)")]
        .filter((node) => node.checkVisibility() && node.closest("#vgan-share-templates, #vgan-sound, #vgan-mood"))
        .filter((node) => Math.min(node.offsetWidth, node.offsetHeight) < least)
        .map((node) => node.outerHTML.slice(0, 80))"""
    assert page.evaluate(small, LEAST_TOUCH) == []
    assert page.evaluate(OVERLAPS, "#p-output") == []
    page.locator("#p-music > .label-wrap").click()
    page.wait_for_selector(f"{SOUND} .graph", state="hidden")


@pytest.mark.parametrize("studio", [{"locale": "zh-CN", "viewport": DESK}], indirect=True)
def test_chinese_and_names(studio: Studio, beat: Path) -> None:
    studio.open(SMALL).share()
    page = studio.page
    assert "生日" in page.inner_text("#vgan-share-templates")
    page.click("[data-template=birthday]")
    with_music(studio, beat)
    page.click("[data-idea=flow]")
    studio.unfold("p-mood")
    page.click("#vgan-mood [data-part=read]")
    page.wait_for_selector("#vgan-mood .grounds b:not(:empty)")
    studio.settle()
    assert "运动" in page.inner_text("#vgan-mood")
    studio.shoot("share-chinese")
    page.click("[data-mood=happy]")
    studio.settle()
    for group in ("p-words", "p-where", "p-check", "p-recipe"):
        studio.unfold(group)
    assert [step.kind for step in asked(page).steps] == ["grade"]
    assert studio.nameless("#share") == []
