"""The Models tab in a real browser: the list, a model with its card, a look opened and removed, a name."""

import re
from pathlib import Path
from typing import Any

import pytest
import untrained
from conftest import CANVAS, PHONE, Studio

from vgan.zoo import MODELS

PAGE = "#vgan-models [data-part=page]"
CARDS = "#vgan-models .card"
ONE = "#vgan-models [data-part=one]"
MORE = "#vgan-models [data-part=more]:not([hidden])"
FOUND = "#m-bring [data-part=found]:not([hidden])"
FAULT = "#m-bring [data-part=fault]:not([hidden])"
MINE = "#m-looks li[data-name='my:pond']"


@pytest.fixture
def mine(looks: Path) -> Path:
    """A look that was trained here."""
    untrained.write(looks / "pond")
    (looks / "pond" / "README.md").write_text(
        "# Pond\n\n## Measured\n\n| what | measured |\n|---|---|\n| distance | 5 |\n"
    )
    return looks / "pond"


def models(studio: Studio) -> Any:
    """The Models tab, with what is there now."""
    page = studio.open().page
    page.get_by_role("tab", name=re.compile("Models|模型")).click()
    page.wait_for_selector("#models[data-settled]", state="attached")
    page.wait_for_selector(f"{CARDS} >> nth=0")
    studio.settle()
    return page


def shown(page: Any, name: str) -> None:
    """Open the model `name` and wait for its card."""
    page.locator(f"{CARDS}[data-model='{name}']").click()
    page.wait_for_selector(MORE)


def test_every_model_is_there_and_can_be_read(studio: Studio) -> None:
    page = models(studio)
    assert page.locator(CARDS).count() >= len(MODELS)
    assert studio.nameless("#models") == []
    studio.shoot("models")
    page.get_by_role("radio", name=re.compile("^Styles")).click()
    assert page.locator(CARDS).count() == 1
    page.keyboard.press("ArrowRight")  # as in any radio group
    assert page.get_by_role("radio", name=re.compile("^Enhance")).get_attribute("aria-checked") == "true"
    assert page.locator(CARDS).count() == 9
    page.get_by_role("radio", name=re.compile("^All")).click()
    shown(page, "looks")
    card = page.inner_text("#vgan-models [data-part=card]")
    assert "Limits" in card
    assert page.locator("#vgan-models .figures > div").count() >= 1
    assert page.locator("#vgan-models .draws li").count() == 12
    assert "Apache-2.0" in page.inner_text("#vgan-models [data-part=facts]")
    assert studio.nameless("#models") == []
    studio.shoot("models-one")
    page.keyboard.press("Escape")
    page.wait_for_selector(f"{CARDS}[data-model=looks]:focus")


def test_a_look_of_ones_own_is_opened_and_removed(studio: Studio, mine: Path) -> None:
    page = models(studio)
    shown(page, "my:pond")
    assert "distance" in page.inner_text("#vgan-models .figures")
    studio.after(lambda: page.locator("#vgan-models [data-part=use]").click())
    assert page.locator("#vgan-gallery [data-look='my:pond']").get_attribute("aria-checked") == "true"
    assert page.locator(CANVAS).is_visible()
    assert max(studio.picture()) > min(studio.picture())
    studio.settle()
    page = models(studio)
    page.locator(f"{MINE} [data-act=path_remove]").click()
    page.locator(f"{MINE} [data-act=shelf_no]").click()  # not without being asked
    assert mine.is_dir()
    page.locator(f"{MINE} [data-act=path_remove]").click()
    page.locator(f"{MINE} [data-act=shelf_yes]").click()
    page.wait_for_selector(MINE, state="detached")
    page.wait_for_selector(f"{CARDS}[data-model='my:pond']", state="detached")
    assert not mine.exists()
    assert page.locator("#vgan-gallery [data-look='my:pond']").count() == 0


def test_a_name_is_checked_in_place(studio: Studio) -> None:
    page = models(studio)
    page.fill("#m-bring [data-part=name]", "../<b>x")
    page.click("#m-bring [data-part=check]")
    page.wait_for_selector(FAULT)
    assert "Allowed" in page.inner_text(FAULT)
    page.fill("#m-bring [data-part=name]", "silk")
    page.keyboard.press("Enter")
    page.wait_for_selector(FOUND)
    assert "7 named" in page.inner_text(FOUND)
    studio.shoot("models-found")
    studio.after(lambda: page.locator("#m-bring [data-part=open]").click())
    assert page.locator("#vgan-gallery [data-look=silk]").get_attribute("aria-checked") == "true"


def test_memory_is_let_go_of(studio: Studio) -> None:
    page = models(studio)
    page.wait_for_selector("#vgan-memory li >> nth=0")
    page.locator("#vgan-memory [data-part=free]").click()
    page.wait_for_selector("#vgan-memory li", state="detached")
    assert "freed" in page.inner_text("#vgan-memory")
    page.get_by_role("tab", name=re.compile("^Create")).click()
    studio.after(lambda: page.locator("#vgan-gallery [data-look=ink]").click())  # it comes back by itself


@pytest.mark.parametrize("studio", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True)
def test_models_on_a_phone(studio: Studio) -> None:
    page = models(studio)
    for name in ("Create", "Style", "Enhance", "Share", "Train", "Models"):
        assert page.get_by_role("tab", name=re.compile(f"^{name}")).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    studio.shoot("models-phone")
    shown(page, "styles")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    top = page.locator(ONE).bounding_box()
    assert 0 <= top["y"] < PHONE["height"] / 2
    studio.shoot("models-phone-one")
    page.locator("#vgan-models [data-part=back]").click()
    assert page.locator(f"{CARDS}[data-model=styles]").is_visible()


@pytest.mark.parametrize("studio", [{"locale": "zh-CN"}], indirect=True)
def test_models_in_chinese(studio: Studio) -> None:
    page = models(studio)
    assert page.get_by_role("radio", name=re.compile("^运动与修复")).is_visible()
    assert "就绪" in page.inner_text("#vgan-models [data-part=grid]")
