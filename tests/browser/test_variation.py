"""The Variation group and looks by name in a real browser: what is chosen is in the recipe, and edits come back."""

import json
from pathlib import Path

import pytest
import torch
from checkpoints import fastgan, stylegan2
from conftest import Studio

from vgan.recipe import Generate, Recipe


def source(studio: Studio) -> Generate:
    """What the recipe box says plays."""
    found = Recipe.parse(studio.page.locator("#recipe textarea").input_value()).source
    assert isinstance(found, Generate)
    return found


def wait_for(studio: Studio, text: str) -> None:
    studio.page.wait_for_function("text => document.querySelector('#recipe textarea').value.includes(text)", arg=text)


def test_sliders_change_what_was_chosen(studio: Studio) -> None:
    studio.open("?look=silk&variation=2,0,0,0,0,0")
    for group in ("variation", "recipe"):
        studio.unfold(group)
    studio.after(lambda: studio.chip("basis", "As seen"))
    studio.after(lambda: studio.chip("layers", "Fine"))
    wait_for(studio, '"layers": [')
    assert (source(studio).basis, source(studio).layers) == ("pca", (5, 7))
    studio.page.fill("#f-mix-seed input", "12")
    studio.after(lambda: studio.page.press("#f-mix-seed input", "Enter"))
    wait_for(studio, '"mix_seed": 12')
    assert source(studio).mix_from == 3
    studio.after(lambda: studio.chip("mix-from", "Texture"))
    wait_for(studio, '"mix_from": 5')
    studio.after(lambda: studio.page.click("#b-reset-variation"))
    wait_for(studio, '"mix_seed": null')
    found = source(studio)
    assert (found.variation, found.basis, found.layers) == ((0,) * 6, "closed", None)
    assert studio.page.is_checked("#f-layers input[value=all]")


def test_an_edit_is_saved_and_applied_to_another_seed(studio: Studio, tmp_path: Path) -> None:
    studio.open("?look=silk&seed=3&variation=1,0,0,-2,0,0")
    page = studio.page
    for group in ("variation", "recipe"):
        studio.unfold(group)
    studio.write("#f-edit-name :is(input, textarea)", "Softer")
    page.click("#b-edit-save")
    page.wait_for_selector("#b-edit-file:not([disabled])")
    with page.expect_download() as download:
        page.click("#b-edit-file")
    saved = json.loads(Path(download.value.path()).read_text())
    assert (saved["name"], saved["variation"]) == ("Softer", [1, 0, 0, -2, 0, 0])

    path = tmp_path / "softer.json"
    path.write_text(json.dumps(saved))
    studio.open("?look=ink&seed=8")
    for group in ("variation", "recipe"):
        studio.unfold(group)
    studio.after(lambda: page.set_input_files("#edit-drop input[type=file]", str(path)))
    wait_for(studio, "-2")
    found = source(studio)
    assert (found.look, found.seed, found.variation) == ("ink", 8, (1, 0, 0, -2, 0, 0))
    studio.after(lambda: page.click("#b-reset-variation"))
    page.click("#f-edits input")
    studio.after(lambda: page.click("#f-edits [role=option] >> text=Softer"))
    wait_for(studio, "-2")


def test_a_dropped_checkpoint_plays(studio: Studio, tmp_path: Path) -> None:
    studio.open("?look=silk")
    page = studio.page
    for group in ("variation", "advanced", "recipe"):
        studio.unfold(group)
    for name, state, layers in (("tiny.pt", stylegan2(levels=4), True), ("fast.pt", fastgan(), False)):
        torch.save({"g_ema": state}, tmp_path / name)
        studio.after(lambda name=name: page.set_input_files("#checkpoint-drop input[type=file]", str(tmp_path / name)))  # type: ignore[misc]
        wait_for(studio, name)
        page.wait_for_selector("#layered", state="visible" if layers else "hidden")
        assert not page.is_visible("#f-hue"), "it has no named sliders"
    studio.shoot("dropped-checkpoint")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no/such", "is fetched on first use"),
        ("my:nothing", "Train it first"),
        ("/etc/passwd.pt", "not a file that you uploaded"),
    ],
)
def test_names_that_cannot_be_loaded_say_why(studio: Studio, name: str, said: str) -> None:
    studio.open("?look=silk")
    studio.unfold("advanced")
    studio.write("#own :is(input, textarea)", name)
    studio.page.click("#b-own")
    studio.page.wait_for_function("said => document.querySelector('#vgan-stage').innerText.includes(said)", arg=said)


@pytest.mark.parametrize("studio", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_fits_a_phone_and_has_labels(studio: Studio) -> None:
    studio.open()
    for group in ("variation", "advanced"):
        studio.unfold(group)
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert studio.nameless("#create") == []
    studio.shoot("phone-variation")
