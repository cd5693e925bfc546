"""What is kept is said on every tab, and deleted at once; and nothing that a stranger writes is run by the page."""

import json
from pathlib import Path
from typing import Any

import pytest
from attacks import MARKUP
from conftest import DESK, PHONE, SLOW_MS, Studio
from films import drifting, write_film

PANEL, OPENER, DELETE = (f"#vgan-head [data-part={name}]" for name in ("panel", "kept", "delete"))


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_film(tmp_path / "walk.mp4", drifting(8))


class TestKept:
    @pytest.mark.parametrize(
        ("studio", "words"),
        [({"viewport": DESK, "locale": "en-GB"}, "24 hours"), ({"viewport": PHONE, "locale": "zh-CN"}, "24 小时")],
        indirect=["studio"],
        ids=["desk", "phone"],
    )
    def test_it_is_said_on_every_tab(self, studio: Studio, words: str) -> None:
        page = studio.open().page
        for tab in range(6):
            page.get_by_role("tab").nth(tab).click()
            page.focus(OPENER)
            page.keyboard.press("Enter")
            assert words in page.inner_text(PANEL)
            box = page.locator(PANEL).bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= page.viewport_size["width"]
            on_top = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('[data-part=panel]'))"
            assert page.evaluate(on_top, [box["x"] + box["width"] / 2, box["y"] + box["height"] - 10])
            if tab == 0:
                studio.shoot(f"kept-{page.viewport_size['width']}")
            page.keyboard.press("Escape")
            assert page.locator(PANEL).is_hidden()
        assert studio.nameless("#vgan-head") == []

    def test_files_are_deleted_at_once(self, studio: Studio, clip: Path) -> None:
        page = studio.open().style().page
        studio.repainted(lambda: page.set_input_files("#vgan-source input[type=file]", str(clip)))
        page.click(OPENER)
        page.click(DELETE)
        with page.expect_navigation(timeout=SLOW_MS):
            page.click(DELETE)
        page.wait_for_selector("#create[data-settled]", state="attached")


class TestMarkup:
    """Nothing that strangers write is run."""

    HIT = "() => window.hit"

    def test_recipes_and_the_faults_that_quote_them(self, studio: Studio) -> None:
        page = studio.open().page
        studio.unfold("recipe")
        for number, markup in enumerate(MARKUP):
            raw: dict[str, Any] = {"source": {"kind": "generate", "sentence": markup}}
            broken: tuple[dict[str, Any], ...] = (
                {},
                {markup: 1},
                {"steps": [{"kind": markup}]},
                {"source": {"kind": "generate", "look": markup}},
            )
            studio.write("#recipe textarea", json.dumps(raw | broken[number % len(broken)]))
            page.locator("#recipe textarea").blur()
            studio.settle()
            assert page.evaluate(self.HIT) is None, markup

    def test_names_of_files(self, studio: Studio, clip: Path, tmp_path: Path) -> None:
        page = studio.open().style().page
        named = tmp_path / "&lt;img src=x onerror=window.hit=1&gt;<b>.mp4"
        named.write_bytes(clip.read_bytes())
        studio.repainted(lambda: page.set_input_files("#vgan-source input[type=file]", str(named)))
        assert "onerror=window.hit=1" in page.inner_text("#vgan-source"), "it is shown as it is written"
        assert page.evaluate(self.HIT) is None
