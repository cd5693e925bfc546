"""The line in a real browser: a place that is told, a Cancel that leaves it, and a closed page that makes room."""

from typing import Any

import pytest
from conftest import PHONE, Studio

LONG = "?seconds=12&loops=8&short_side=720"
SHORT = "?seconds=0.5&short_side=144&fps=10"
METER = "#create .vgan-meter .meter"


@pytest.fixture
def other(chromium: Any, address: str) -> Any:
    """Somebody else's page, on which a long render runs."""
    context = chromium.new_context()
    page = context.new_page()
    Studio(page, address).open(LONG)
    page.click("#b-render")
    page.wait_for_function(f"document.querySelector('{METER} .head').innerText.includes('%')")
    yield page
    context.close()


def waits(studio: Studio, words: str) -> None:
    studio.page.wait_for_function(
        f"(words) => document.querySelector('{METER} .head').innerText.includes(words)", arg=words
    )


def test_closed_page_makes_room_for_who_waits(studio: Studio, other: Any) -> None:
    studio.open(SHORT)
    studio.page.click("#b-render")
    waits(studio, "1 before you")
    assert "starts" in studio.page.inner_text(f"{METER} .text")
    studio.shoot("line")
    other.close()
    studio.page.wait_for_selector("#vgan-clips button[aria-pressed=true]")
    assert "about" in studio.page.inner_text(f"{METER} .text")


@pytest.mark.parametrize("studio", [{"viewport": PHONE, "locale": "zh-CN"}], indirect=True)
def test_cancel_leaves_the_line(studio: Studio, other: Any) -> None:
    studio.open(SHORT)
    studio.page.click("#b-render")
    waits(studio, "前面还有 1 个")
    box = studio.page.locator(METER).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    studio.shoot("line-phone")
    studio.page.click("#b-cancel")
    studio.page.wait_for_function(f"document.querySelector('{METER} .text').innerText.includes('约')")
    assert "%" in other.inner_text(f"{METER} .head"), "whoever runs goes on"
    studio.page.click("#b-render")
    waits(studio, "前面还有 1 个")
    other.click("#b-cancel")
    studio.page.wait_for_selector("#vgan-clips button[aria-pressed=true]")
