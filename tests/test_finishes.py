"""Soft and crisp edges of a look: from chip to recipe, link and back."""

import gradio as gr
import pytest

from vgan.errors import RecipeError
from vgan.plan import roughly
from vgan.recipe import VARIATIONS, Generate, Recipe, Share
from vgan.recipe_steps import Stylize, Upscale
from vgan.ui import controls, links
from vgan.ui.controls import Control, Panel
from vgan.ui.finishes import FINISHES, finish_of


@pytest.fixture
def panel() -> Panel:
    with gr.Blocks():
        chips, size = controls.finish(), controls.chips(Share, "short_side", (480, 720, 1080))
        variations = [Control("source", f"variation_{n}", box) for n, box in enumerate(controls.variations(), 1)]
        return Panel((Control("share", "short_side", size), Control("steps", "finish", chips), *variations))


@pytest.mark.parametrize("name", FINISHES)
def test_chip_becomes_steps_and_comes_back(panel: Panel, name: str) -> None:
    recipe = panel.recipe([1080, name, *[0.0] * VARIATIONS])
    assert recipe.steps == FINISHES[name]
    assert panel.updates(recipe)[1] == name


@pytest.mark.parametrize("name", FINISHES)
def test_link_carries_the_finish(name: str) -> None:
    recipe = Recipe(source=Generate(look="silk"), steps=FINISHES[name])
    query = dict(pair.split("=") for pair in links.to_query(recipe).removeprefix("?").split("&"))
    assert links.from_query(query) == recipe


def test_link_with_another_finish_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"finish: 'matte' is none\. Allowed: soft, crisp"):
        links.from_query({"finish": "matte"})


@pytest.mark.parametrize(("steps", "tab"), [((Stylize(),), "Style"), ((Upscale(factor=2),), "Enhance")])
def test_other_steps_belong_to_another_tab(steps: tuple[Stylize | Upscale, ...], tab: str) -> None:
    with pytest.raises(RecipeError, match=f"{steps[0].kind}.*{tab} tab"):
        finish_of(Recipe(steps=steps))


def test_small_previews_leave_fine_steps_out() -> None:
    style = Stylize()
    assert roughly(Recipe(steps=(style, *FINISHES["crisp"]))).steps == (style,)
