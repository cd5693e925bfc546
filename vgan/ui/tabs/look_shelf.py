"""What can be done with looks that were trained here, on every tab that shows them: save, play, push."""

import html
import zipfile
from typing import Any

import gradio as gr
from gradio.components import Component

from vgan import hub, own_looks
from vgan.errors import RecipeError
from vgan.media.writer import writing
from vgan.own_looks.shelf import WEIGHTS
from vgan.recipe import Recipe
from vgan.ui import train_messages
from vgan.ui.finished import free_name
from vgan.ui.gallery import Gallery, own_source, tile_source
from vgan.ui.i18n import word
from vgan.ui.services import Studio
from vgan.ui.tabs.clip_layout import Layout
from vgan.ui.tabs.create_actions import Actions
from vgan.ui.tabs.events import told_by, visit_of
from vgan.unfinished import unfinished
from vgan.zoo import find_look

ZIPPED = (hub.CARD, hub.CONFIG, WEIGHTS, hub.SHEET)
PUSHING = ("push_look", "repository", "token")


class LookShelf:
    """The looks that were trained here. gallery: of Create, where they play."""

    def __init__(self, studio: Studio, gallery: Gallery):
        self._studio, self._gallery = studio, gallery

    def names(self) -> list[str]:
        """Of all of them, as recipes say them."""
        return [look.name for look in own_looks.own_looks(self._studio.settings)]

    def to_push(self) -> Any:
        """The list of what can be pushed, the first one chosen."""
        looks = [(look.title, look.name) for look in own_looks.own_looks(self._studio.settings)]
        return gr.update(choices=looks, value=looks[0][1] if looks else None)

    def tiles(self) -> Any:
        """The gallery of Create, as it is now."""
        return gr.update(looks=self._gallery.tiles())

    def zipped(self, event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        """Weights, config, card and sheet of a look in one file, for the person who asks: what the browser saves."""
        look = own_looks.own_look(str(told_by(event, "name")), self._studio.settings)
        out = free_name(self._studio.folder_of(visit_of(request)), f"{look.folder.name}.zip")
        with writing(out.name), unfinished(out) as part:
            with zipfile.ZipFile(part.path, "w") as archive:  # weights do not get smaller
                for file in ZIPPED:
                    if (look.folder / file).is_file():
                        archive.write(look.folder / file, f"{look.folder.name}/{file}")
            part.finish()
        return train_messages.link(out, f"{look.folder.name}.zip")

    def open(self, name: str, create: Actions, gallery: int) -> list[Any]:
        """A look of any name plays in Create, one that was trained here as its footage did: the tab, and what a recipe
        changes there. gallery: its place among these."""
        name = find_look(name).name
        mine = {look.name: look for look in own_looks.own_looks(self._studio.settings)}
        source = own_source(mine[name]) if name in mine else tile_source(name)
        changed = create.apply_text(Recipe(source=source).to_json())
        changed[gallery] = gr.update(value=name, looks=self._gallery.tiles())
        return [gr.update(selected="create"), *changed]

    def push(self, name: Any, repository: Any, token: Any) -> list[Any]:
        """Push a look with its card by the person's own token, which is used once and not kept: an empty token box, and
        what to say. Raises RecipeError, UnknownName, WeightsError."""
        if self._studio.settings.public:
            raise RecipeError("push: this app is public and pushes nothing. Save the look and upload it yourself.")
        if not name:
            raise RecipeError("push: no look is chosen. Train one first.")
        if not str(token or "").strip():
            raise RecipeError("token: none is given. Paste one with the right to write (Settings, Access Tokens).")
        pushed = own_looks.push(
            str(name), str(repository or "").strip(), self._studio.settings, token=str(token).strip()
        )
        url = html.escape(pushed.url)
        return ["", f"<a href='{url}' target='_blank' rel='noopener'>{url}</a>"]


def draw_push(on: Layout, closed: bool) -> None:
    """The controls with which a look is pushed. closed: nothing may be."""
    parts, place = on.parts, on.place
    given: dict[str, Any] = {"interactive": not closed}
    parts["push_look"] = gr.Dropdown([], label=word("push_look"), elem_id=f"{place}-push-look", **given)
    parts["repository"] = gr.Textbox(
        label=word("push_to"), placeholder="owner/name", max_length=120, elem_id=f"{place}-push-to", **given
    )
    with gr.Row(elem_classes="inline"):
        parts["token"] = gr.Textbox(
            label=word("push_token"), type="password", max_length=200, elem_id=f"{place}-token", scale=1, **given
        )
        on.button("push", "push", size="sm", **given)
    parts["pushed"] = gr.HTML(elem_classes="note")


def pushing(on: Layout) -> tuple[list[Component], list[Component]]:
    """What a push takes, and what it answers."""
    return [on.parts[name] for name in PUSHING], [on.parts["token"], on.parts["pushed"]]
