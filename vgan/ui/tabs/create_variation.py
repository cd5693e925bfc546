"""The Variation group of the Create tab: six sliders, what they change, a second seed, and saved edits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.components import Component

from vgan.edits import SUFFIX, Edit, read_edit
from vgan.errors import RecipeError
from vgan.recipe import Recipe, generated
from vgan.sources.bands import ALL, NAMES
from vgan.ui import controls
from vgan.ui.errors import in_place
from vgan.ui.finished import free_name
from vgan.ui.i18n import word
from vgan.ui.services import Studio
from vgan.ui.tabs.events import QUICK, moves, visit_of
from vgan.ui.uploads import check_file

if TYPE_CHECKING:
    from vgan.ui.tabs.create_actions import Actions

MOST_EDITS = 24  # that a page keeps
LONGEST_NAME = 60
CHIPS: dict[str, Any] = {"elem_classes": "chips", "min_width": 60}


@dataclass(frozen=True)
class Parts:
    """What is drawn. layered: shown for looks whose network has layers; kept: the page's edits, as dictionaries."""

    sliders: list[gr.Slider]
    basis: gr.Radio
    layered: gr.Column
    layers: gr.Radio
    mix_seed: gr.Number
    mix_from: gr.Radio
    kept: gr.State
    edits: gr.Dropdown
    name: gr.Textbox
    save: gr.Button
    file: gr.DownloadButton
    drop: gr.File

    @property
    def fields(self) -> list[tuple[str, str, Component]]:
        """Rows of the panel: part of the recipe, field, component."""
        rows = [("source", f"variation_{index}", slider) for index, slider in enumerate(self.sliders, 1)]
        names = ("basis", "layers", "mix_seed", "mix_from")
        return [*rows, *(("source", name, getattr(self, name)) for name in names)]

    @property
    def latent(self) -> list[Any]:
        """Events after which the picture at hand is another."""
        chosen = [self.basis.input, self.layers.input, self.mix_from.input]
        return [*moves(self.sliders), *chosen, self.mix_seed.submit, self.mix_seed.blur]


def draw(button: Callable[..., None]) -> Parts:
    """The group's content, in the accordion that is being drawn. button: draws one and keeps it by name."""
    button("reset-variation", "reset", size="sm", elem_classes="reset")
    gr.HTML(word("variation_note"), elem_classes="note")
    with gr.Column(elem_classes="sliders"):
        basis = gr.Radio(
            [(word("basis_closed"), "closed"), (word("basis_pca"), "pca")],
            value="closed",
            label=word("basis"),
            info=word("basis_help"),
            elem_id="f-basis",
            **CHIPS,
        )
        sliders = controls.variations()
    with gr.Column(elem_classes="sliders", elem_id="layered") as layered:
        layers = gr.Radio(
            [(word(f"layers_{name}"), name) for name in (ALL, *NAMES)],
            value=ALL,
            label=word("layers"),
            info=word("layers_help"),
            elem_id="f-layers",
            **CHIPS,
        )
        mix_seed = gr.Number(
            value=None,
            precision=0,
            minimum=0,
            maximum=2**31 - 1,
            label=word("mix_seed"),
            info=word("mix_seed_help"),
            elem_id="f-mix-seed",
        )
        mix_from = gr.Radio(
            [(word(f"mix_from_{name}"), name) for name in NAMES[1:]],
            value=NAMES[1],
            label=word("mix_from"),
            info=word("mix_from_help"),
            elem_id="f-mix-from",
            **CHIPS,
        )
    kept = gr.State([])
    edits = gr.Dropdown([], value=None, label=word("edits"), info=word("edits_help"), elem_id="f-edits")
    with gr.Row(elem_id="edit", elem_classes="inline"):
        name = gr.Textbox("", label=word("edit_name"), max_length=LONGEST_NAME, elem_id="f-edit-name", scale=1)
        save = gr.Button(word("edit_save"), size="sm", elem_id="b-edit-save")
        label: Any = word("edit_file")
        file = gr.DownloadButton(label, size="sm", elem_id="b-edit-file", interactive=False)
    drop = gr.File(
        label=word("edit_drop"), file_types=[".json"], height=96, elem_id="edit-drop", elem_classes="recipe-file"
    )
    return Parts(sliders, basis, layered, layers, mix_seed, mix_from, kept, edits, name, save, file, drop)


class EditActions:
    """Handlers. `values` are those of the Create tab's own, see `create_actions.Actions`."""

    def __init__(self, studio: Studio, create: "Actions"):
        self._studio, self._create = studio, create

    def save(self, request: gr.Request, kept: Any, name: str, *values: Any) -> list[Any]:
        """The sliders as they are become an edit: [edits of the page, their list, the file, an empty name, stage]."""
        edit = Edit.of(generated(self._create.alone(values)), str(name or ""))
        file = free_name(self._studio.folder_of(visit_of(request)), f"{_safe(edit.name)}{SUFFIX}")
        file.write_text(edit.to_json(), encoding="utf-8")
        return [*_listed(kept, edit), gr.update(value=str(file), interactive=True), "", gr.skip()]

    def choose(self, kept: Any, name: Any, *values: Any) -> list[Any]:
        """An edit of the list moves the sliders: everything that a recipe changes."""
        edit = next((one for one in _edits(kept) if one.name == name), None)
        if edit is None:
            raise RecipeError(f"edit: {str(name)[:80]!r} is none of this page. Choose one of the list.")
        return self._applied(edit, values)

    def bring(self, request: gr.Request, kept: Any, file: str | None, *values: Any) -> list[Any]:
        """A dropped file joins the list and moves the sliders: [the drop, the page's edits, their list, everything]."""
        if not file:
            return [gr.skip()] * (3 + self._create.everything_count)
        edit = read_edit(check_file("edit", str(file)))
        return [None, *_listed(kept, edit), *self._applied(edit, values)]

    def _applied(self, edit: Edit, values: Any) -> list[Any]:
        recipe = self._create.alone(values)
        changed = recipe.model_copy(update={"source": edit.applied(generated(recipe))})
        return self._create.everything(Recipe.parse(changed.model_dump(mode="json")), path=gr.skip())


def wire(parts: Parts, do: EditActions, every: list[Component], wide: list[Any], stage: Component) -> None:
    """Events. every: values of the tab; wide: what a recipe changes; stage: where faults are told."""

    def at(events: list[Any], handler: Callable[..., Any], inputs: list[Any], outputs: list[Any]) -> None:
        gr.on(events, in_place(handler, outputs.index(stage), len(outputs)), inputs, outputs, **QUICK)

    listed = [parts.kept, parts.edits]
    saved = [*listed, parts.file, parts.name, stage]
    at([parts.save.click, parts.name.submit], do.save, [parts.kept, parts.name, *every], saved)
    at([parts.edits.input], do.choose, [parts.kept, parts.edits, *every], wide)
    at([parts.drop.upload], do.bring, [parts.kept, parts.drop, *every], [parts.drop, *listed, *wide])


def _edits(kept: Any) -> list[Edit]:
    """The edits that a page keeps."""
    return [Edit.model_validate(one) for one in kept] if isinstance(kept, list) else []


def _listed(kept: Any, edit: Edit) -> list[Any]:
    """[edits of the page, their list] with `edit` on top, in place of one of the same name."""
    edits = [edit, *(one for one in _edits(kept) if one.name != edit.name)][:MOST_EDITS]
    return [[one.model_dump(mode="json") for one in edits], gr.update(choices=[one.name for one in edits], value=None)]


def _safe(name: str) -> str:
    return Path("".join(sign if sign.isalnum() else "-" for sign in name.lower())).name.strip("-")[:40] or "edit"
