"""The list of words and pictures in a real browser: a page of its own, which says back what it holds."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from conftest import DESK, PHONE, Studio

from vgan.recipe import Recipe
from vgan.recipe_overlays import MAX_OVERLAYS
from vgan.text.subtitles import read_subtitles
from vgan.ui import layers
from vgan.ui.i18n import translations
from vgan.ui.theme import head, theme
from vgan.ui.web import component

LAYERS, ECHO, COUNT = "#vgan-layers", "#echo textarea", "#count input"
LEAST_TOUCH = 43  # pixels; borders take the last one
CLIP = {"seconds": 6, "fps": 30, "start": 0, "end": 6, "at": 0, "trim": False}
TALK = "1\n00:00:00,500 --> 00:00:01,500\nRead\n\n2\n00:00:02,000 --> 00:00:03,000\nfrom\na file\n"
# What is read with less than 4.5 to 1 against the first ground behind it that is not clear, as WCAG 2 has it.
CONTRAST = """(place) => {
    const levels = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
    const linear = (level) => (level <= 0.03928 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4);
    const light = ([red, green, blue]) =>
        0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
    const ground = (node) => {
        for (; node; node = node.parentElement) {
            const colour = levels(getComputedStyle(node).backgroundColor);
            if (colour.length === 3 || colour[3] > 0.99) return colour;
        }
        return [255, 255, 255];
    };
    const falling = (one, other) => other - one;
    const ratio = (node) => {
        const ends = [light(levels(getComputedStyle(node).color)), light(ground(node))].sort(falling);
        return (ends[0] + 0.05) / (ends[1] + 0.05);
    };
    const read = (node) => node.checkVisibility() && !node.disabled && !node.closest(".looks")
        && [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
    return [...document.querySelectorAll(`${place} :is(span, b, small, p, button, label, summary, output)`)]
        .filter((node) => read(node) && ratio(node) < 4.5)
        .map((node) => node.outerHTML.slice(0, 100));
}"""
# How tall the list is, and each part of it, once nothing has moved for a third of a second.
TALL = """async (place) => {
    const list = document.querySelector(place), painted = () => new Promise(requestAnimationFrame);
    const parts = () => [list, ...list.querySelectorAll("li, .open .field")].map((one) => one.offsetHeight);
    for (let still = 0, last = ""; still < 20; await painted()) {
        const now = String(parts());
        still = now === last ? still + 1 : 0;
        last = now;
    }
    return parts();
}"""
SMALL = """([place, least]) => {
    const typed = "textarea, [type=text], [type=number], [type=color]";
    const kinds = `button, .switch, select, summary, label:has([type=radio]), ${typed}`;
    return [...document.querySelectorAll(`${place} :is(${kinds})`)]
        .filter((node) => node.checkVisibility() && Math.min(node.offsetWidth, node.offsetHeight) < least)
        .map((node) => node.outerHTML.slice(0, 80));
}"""


def uploaded(event: gr.EventData, held: Any) -> Any:
    """What the server answers to a file: subtitles are lines, any other file is named."""
    if event.field == "cues":
        return layers.with_cues(held, event.layer, read_subtitles(Path(event.path).read_bytes()))
    return layers.with_field(held, event.layer, event.field, event.path)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page with the list, a timeline, and what the list says."""
    first = layers.value([])
    with gr.Blocks(analytics_enabled=False) as page, gr.Column(elem_classes="studio"):
        with gr.Column(elem_id="panel"):
            listed: Any = component("layers", first, base="chain", script="controls cards cues", **layers.props())
        component("timeline", CLIP)
        echo = gr.Textbox(json.dumps(first), label="Value", elem_id="echo")
        count = gr.Number(0, label="Inputs", elem_id="count")
        said = {"show_progress": "hidden", "queue": False}
        listed.input(lambda held, n: (json.dumps(held), n + 1), [listed, count], [echo, count], **said)
        listed.upload(uploaded, [listed], [listed], **said).then(json.dumps, [listed], [echo], **said)
    style = "<style>#panel { width: min(340px, calc(100vw - 32px)); min-width: 0 !important; }</style>"
    options = {"theme": theme(), "head": head() + style, "i18n": translations(), "ssr_mode": False, "quiet": True}
    _, url, _ = page.launch(server_name="127.0.0.1", prevent_thread_lock=True, footer_links=[], **options)
    yield url
    page.close()


@pytest.fixture
def page(studio: Studio) -> Any:
    """The page, opened."""
    return opened(studio)


def opened(studio: Studio, query: str = "") -> Any:
    studio.page.goto(studio.address + query)
    studio.page.wait_for_selector(f"{LAYERS} [data-add=captions]")
    return studio.page


def added(page: Any, kind: str) -> None:
    page.click(f"{LAYERS} [data-add={kind}]")
    page.wait_for_selector(f"{LAYERS} .open[data-kind={kind}]")


def said(studio: Studio) -> list[dict[str, Any]]:
    """The cards as the server heard of them last, when it has heard of everything."""
    studio.page.wait_for_timeout(250)
    studio.settle()
    return list(json.loads(studio.page.input_value(ECHO))["layers"])


def overlay(studio: Studio) -> Any:
    """The only overlay, checked."""
    (one,) = Recipe.parse({"overlays": layers.overlays_of({"layers": said(studio)})}).overlays
    return one


def slid(page: Any, field: str, value: float) -> None:
    script = "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }"
    page.eval_on_selector(f"{LAYERS} .open [data-field={field}]", script, value)


def played(page: Any, at: float) -> None:
    """Put the playhead somewhere."""
    script = "(slider, at) => { slider.value = at; slider.dispatchEvent(new Event('input', { bubbles: true })); }"
    page.eval_on_selector("#vgan-timeline [data-part=at]", script, at)


def chosen(page: Any, field: str, value: str) -> None:
    page.check(f"{LAYERS} .open [data-field={field}][value='{value}']", force=True)


def test_words_are_typed_and_timed(studio: Studio, page: Any) -> None:
    assert page.is_visible(f"{LAYERS} .hint")
    added(page, "captions")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA", "one types at once"
    page.keyboard.type("Hello there")
    assert "Hello there" in page.inner_text(f"{LAYERS} .title-of small")
    page.click(f"{LAYERS} [data-tool=line]")
    page.keyboard.type("and goodbye")
    page.fill(f"{LAYERS} [data-field=end-1]", "1")
    page.keyboard.press("Tab")
    cues = [(cue.start, cue.end, cue.text) for cue in overlay(studio).cues]
    assert cues == [(0, 2, "Hello there"), (2, 2.1, "and goodbye")], "an end is after its beginning"
    page.fill(f"{LAYERS} [data-field=start-1]", "4")
    page.keyboard.press("Tab")
    assert page.get_attribute(f"{LAYERS} [data-tool=go-1]", "aria-label") == "Show 0:04.0"
    page.fill(f"{LAYERS} [data-field=end-1]", "")
    page.keyboard.press("Tab")
    assert overlay(studio).cues[1].model_dump() == {"start": 4, "end": None, "text": "and goodbye"}
    page.click(f"{LAYERS} [data-tool=gone-0]")
    assert [cue.text for cue in overlay(studio).cues] == ["and goodbye"]
    page.click(f"{LAYERS} [data-tool=gone-0]")
    assert [cue.text for cue in overlay(studio).cues] == [""], "one line is always there"


def test_typing_is_told_when_it_pauses(studio: Studio, page: Any) -> None:
    added(page, "captions")
    said(studio)
    before = int(page.input_value(COUNT))
    page.keyboard.type("twenty letters or so", delay=5)
    assert overlay(studio).cues[0].text == "twenty letters or so"
    assert int(page.input_value(COUNT)) - before <= 3
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA", "and the cursor stays"


def test_line_under_the_playhead_is_marked_and_shown(studio: Studio, page: Any) -> None:
    now = f"{LAYERS} [data-cue][aria-current=true]"
    added(page, "captions")
    assert page.get_attribute(now, "data-cue") == "0", "at once"
    page.click(f"{LAYERS} [data-tool=line]")
    assert page.get_attribute(now, "data-cue") == "0"
    page.click(f"{LAYERS} [data-tool=go-1]")
    assert page.get_attribute(now, "data-cue") == "1"
    assert "0:02.0" in page.inner_text("#vgan-timeline")
    played(page, 4.5)
    page.click(f"{LAYERS} [data-tool=line]")
    assert page.input_value(f"{LAYERS} [data-field=start-2]") == "4.5", "the next line begins at the playhead"
    assert page.input_value(f"{LAYERS} [data-field=end-1]") == "4.5"


def test_many_lines_follow_the_playhead_and_stay_where_they_were(studio: Studio, page: Any, tmp_path: Path) -> None:
    added(page, "captions")
    file = tmp_path / "many.srt"
    times = [f"00:00:0{n / 10:.3f}" for n in range(51)]
    file.write_text("\n".join(f"{times[n]} --> {times[n + 1]}\nLine {n}\n" for n in range(50)), encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        page.click(f"{LAYERS} [data-tool=import]")
    chooser.value.set_files(str(file))
    page.wait_for_selector(f"{LAYERS} [data-cue='49']", state="attached")
    assert page.evaluate("document.activeElement.dataset.tool") == "import", "what is looked at stays so"
    scrolled = f"document.querySelector('{LAYERS} .cues').scrollTop"
    played(page, 4.05)
    assert page.get_attribute(f"{LAYERS} [aria-current=true]", "data-cue") == "40"
    page.wait_for_function(f"{scrolled} > 1000")
    chosen(page, "font", "serif")
    page.wait_for_function(f"{scrolled} > 1000")


def test_subtitles_come_and_go(studio: Studio, page: Any, tmp_path: Path) -> None:
    added(page, "mark")
    added(page, "captions")
    file = tmp_path / "talk.srt"
    file.write_text(TALK, encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        page.click(f"{LAYERS} [data-tool=import]")
    assert ".srt" in page.get_attribute(f"{LAYERS} [data-part=file]", "accept")
    chooser.value.set_files(str(file))
    page.wait_for_selector(f"{LAYERS} [data-cue='1']")
    assert [cue["text"] for cue in said(studio)[1]["cues"]] == ["Read", "from\na file"]
    page.fill(f"{LAYERS} [data-field=text-0]", "a <b> & c --> d\n\n\nمرحبا")
    page.fill(f"{LAYERS} [data-field=end-1]", "")
    page.keyboard.press("Tab")
    got = {}
    for kind in ("srt", "vtt"):
        with page.expect_download() as download:
            page.click(f"{LAYERS} [data-tool={kind}]")
        assert download.value.suggested_filename == f"captions.{kind}"
        got[kind] = Path(download.value.path()).read_text(encoding="utf-8")
    assert got["srt"] == (
        "1\n00:00:00,500 --> 00:00:01,500\na <b> & c → d\nمرحبا\n\n2\n00:00:02,000 --> 00:00:06,000\nfrom\na file\n"
    )
    assert got["vtt"].startswith("WEBVTT\n\n1\n00:00:00.500 --> 00:00:01.500\na &lt;b&gt; &amp; c → d\n")
    first, last = read_subtitles(got["vtt"])
    assert (first.text, last.text, last.end) == ("a <b> & c → d\nمرحبا", "from\na file", 6), "and it is read back"


def test_look_is_chosen_and_marked_while_it_holds(studio: Studio, page: Any) -> None:
    added(page, "captions")
    page.click(f"{LAYERS} [data-look=lit]")
    assert {name: getattr(overlay(studio), name) for name in layers.WORD_LOOKS["lit"]} == layers.WORD_LOOKS["lit"]
    assert page.get_attribute(f"{LAYERS} [aria-pressed=true]", "data-look") == "lit"
    assert page.evaluate("document.activeElement.dataset.look") == "lit"
    assert page.is_visible(f"{LAYERS} [data-field=lit]"), "the lit word has a colour"
    slid(page, "outline", 0.2)
    assert page.locator(f"{LAYERS} .looks [aria-pressed=true]").count() == 0
    chosen(page, "enter", "fade")
    assert page.locator(f"{LAYERS} [data-field=lit]").count() == 0
    families = (
        "[...document.fonts].filter((face) => face.status === 'loaded').map((face) => face.family.replaceAll('\"', ''))"
    )
    assert {f"vg-{look['font']}" for look in layers.WORD_LOOKS.values()} <= set(page.evaluate(families))


def test_countdown_keeps_its_size_in_a_look(studio: Studio, page: Any) -> None:
    added(page, "countdown")
    page.click(f"{LAYERS} [data-look=neon]")
    assert (overlay(studio).font, overlay(studio).size, overlay(studio).enter) == ("rounded", 0.3, "pop")
    page.fill(f"{LAYERS} [data-field=first]", "1")
    page.keyboard.press("Tab")
    assert (overlay(studio).first, overlay(studio).last) == (1, 0), "it counts down"
    page.fill(f"{LAYERS} [data-field=start]", "2")
    page.keyboard.press("Tab")
    page.fill(f"{LAYERS} [data-field=end]", "1")
    page.keyboard.press("Tab")
    assert (overlay(studio).start, overlay(studio).end) == (2, 2.1)


def test_colours_are_picked_and_typed(studio: Studio, page: Any) -> None:
    added(page, "captions")
    page.fill(f"{LAYERS} [data-field=colour]", "#12ab9f")
    assert overlay(studio).colour == "#12ab9f"
    page.fill(f"{LAYERS} [data-field=box_colour-hex]", "F0A")
    page.keyboard.press("Tab")
    assert overlay(studio).box_colour == "#ff00aa"
    assert page.input_value(f"{LAYERS} [data-field=box_colour]") == "#ff00aa"
    page.fill(f"{LAYERS} [data-field=box_colour-hex]", "pinkish")
    page.keyboard.press("Tab")
    assert page.input_value(f"{LAYERS} [data-field=box_colour-hex]") == "#ff00aa", "what is no colour is not taken"


def test_place_by_the_grid_the_keys_and_finely(studio: Studio, page: Any) -> None:
    added(page, "captions")
    assert page.is_checked(f"{LAYERS} .places [value='7']"), "at the bottom to begin with"
    chosen(page, "place", "0")
    assert (overlay(studio).x, overlay(studio).y, overlay(studio).align) == (0, 0.1, "left")
    page.keyboard.press("ArrowRight")
    assert (overlay(studio).x, overlay(studio).align) == (0.5, "center")
    assert page.evaluate("document.activeElement.value") == "1"
    page.click(f"{LAYERS} summary")
    slid(page, "y", 0.33)
    assert overlay(studio).y == 0.33
    page.click(f"{LAYERS} [data-tool=reset]")
    assert overlay(studio).y == 0.9


def test_picture_and_font_of_ones_own(studio: Studio, page: Any, tmp_path: Path) -> None:
    added(page, "picture")
    assert layers.overlays_of({"layers": said(studio)}) == [], "without a file it is nothing yet"
    logo, font = tmp_path / "logo.png", tmp_path / "mine.ttf"
    logo.write_bytes(b"a picture")
    font.write_bytes(b"a font")
    with page.expect_file_chooser() as chooser:
        page.click(f"{LAYERS} [data-zone=path]")
    chooser.value.set_files(str(logo))
    page.wait_for_selector(f"{LAYERS} [data-zone=path]:has-text('logo.png')")
    assert overlay(studio).files["path"].endswith("logo.png")
    assert "logo.png" in page.inner_text(f"{LAYERS} .title-of small")
    added(page, "captions")
    with page.expect_file_chooser() as chooser:
        page.click(f"{LAYERS} [data-zone=font]")
    chooser.value.set_files(str(font))
    page.wait_for_selector(f"{LAYERS} .fonts label:has-text('mine.ttf')")
    assert said(studio)[1]["font"].endswith("mine.ttf")
    chosen(page, "font", "serif")
    assert said(studio)[1]["font"] == "serif"


def test_order_switches_and_the_most(studio: Studio, page: Any) -> None:
    for kind in ("captions", "wave", "mark"):
        added(page, kind)
    page.focus(f"{LAYERS} [data-kind=captions] .grip")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert [card["kind"] for card in said(studio)] == ["wave", "mark", "captions"]
    page.click(f"{LAYERS} [data-kind=wave] [role=switch]")
    assert [one["kind"] for one in layers.overlays_of({"layers": said(studio)})] == ["mark", "captions"]
    chosen(page, "corner", "top-left")
    page.fill(f"{LAYERS} [data-field=text]", "AI")
    assert (said(studio)[1]["corner"], said(studio)[1]["text"]) == ("top-left", "AI")
    page.click(f"{LAYERS} .open [data-tool=remove]")
    for _ in range(MAX_OVERLAYS - 2):
        page.click(f"{LAYERS} [data-add=mark]")
    assert page.is_disabled(f"{LAYERS} [data-add=captions]")
    assert str(MAX_OVERLAYS) in page.inner_text(f"{LAYERS} .adder .title")


@pytest.mark.parametrize("theme_of", ["dark", "light"])
def test_names_contrast_and_no_jumps(studio: Studio, theme_of: str) -> None:
    page = opened(studio, f"?__theme={theme_of}")
    for kind in layers.FIELDS:
        added(page, kind)
        if page.locator(f"{LAYERS} summary").count():
            page.click(f"{LAYERS} summary")
        assert studio.nameless(LAYERS) == [], kind
        assert page.evaluate(CONTRAST, LAYERS) == [], kind
        studio.page.locator(f"{LAYERS} .open").scroll_into_view_if_needed()
        shot(studio, f"layers-{theme_of}-{kind}")
    page.click(f"{LAYERS} [data-kind=captions] .title-of")
    before = page.evaluate(TALL, LAYERS)
    for field, value in (("outline", 0.1), ("box", 0.5), ("shadow", 0), ("size", 0.2)):
        slid(page, field, value)
    chosen(page, "font", "script")
    page.click(f"{LAYERS} [data-look=note]")
    assert page.evaluate(TALL, LAYERS) == before


@pytest.mark.parametrize("studio", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True)
def test_phone(studio: Studio, page: Any) -> None:
    for kind in layers.FIELDS:
        added(page, kind)
        if page.locator(f"{LAYERS} summary").count():
            page.click(f"{LAYERS} summary")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], kind
        assert page.evaluate(SMALL, [LAYERS, LEAST_TOUCH]) == [], kind
        shot(studio, f"layers-phone-{kind}")


@pytest.mark.parametrize("studio", [{"locale": "zh-CN", "viewport": DESK}], indirect=True)
def test_chinese(studio: Studio, page: Any) -> None:
    added(page, "captions")
    text = page.inner_text(LAYERS)
    for word in ("倒计时", "添加一行", "逐字点亮", "手写", "位置", "逐词"):
        assert word in text, word
    shot(studio, "layers-chinese")


def shot(studio: Studio, name: str) -> None:
    """Keep a picture of the list alone, if pictures are kept."""
    folder = os.environ.get("VGAN_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        studio.page.wait_for_timeout(200)
        studio.page.locator(LAYERS).screenshot(path=str(Path(folder) / f"{name}.png"))
