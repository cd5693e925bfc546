"""What the events of the Create tab do: values of the controls in, messages for the page out."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from vgan.errors import Cancelled, RecipeError, VganError
from vgan.inversion import sliders
from vgan.picture_code import read
from vgan.recipe import ATTRIBUTES, MAX_KEYS, VARIATIONS, Generate, Latent, Recipe, generated
from vgan.sources.known import known
from vgan.ui import messages
from vgan.ui.controls import Panel
from vgan.ui.finishes import finish_of
from vgan.ui.gallery import Gallery
from vgan.ui.links import from_query
from vgan.ui.services import Studio
from vgan.ui.tabs.events import made_clip, recipe_in, rendering, visit_of
from vgan.zoo import LOOKS, MODELS

_PLAIN = {name: Latent.model_fields[name].default for name in (*ATTRIBUTES, "variation")}


class Actions:
    """Handlers. `values` are those of `panel.components` in order, then the path component's."""

    def __init__(self, studio: Studio, panel: Panel, gallery: Gallery):
        self._studio, self._panel, self._gallery = studio, panel, gallery

    # --- redraw

    def show(self, *values: Any) -> list[Any]:
        """Stage, meter and recipe for the controls as they are; the path plays if it is switched on."""
        return self._shown(self._recipe(values))

    def touch(self, *values: Any) -> list[Any]:
        """As `show`, for a control that only the picture at hand listens to: the path stops, so that it is seen."""
        return self._shown(self.alone(values))

    def choose_look(self, *values: Any) -> list[Any]:
        """As `touch`, and the sliders that this look understands."""
        return [*self.touch(*values), *self._understood(self.alone(values))]

    def arrive(self, request: gr.Request) -> Any:
        """The page was opened: restore what its address asks for."""
        recipe = from_query(dict(request.query_params))
        return self.everything(recipe) if recipe else gr.skip()

    # --- change the picture

    def dice(self, *values: Any) -> list[Any]:
        """Another seed."""
        recipe = _changed(self.alone(values), seed=random.randrange(100_000))
        return [generated(recipe).seed, *self._shown(recipe)]

    def surprise(self, *values: Any) -> list[Any]:
        """Another look, seed and setting of the sliders, within what looks good; the clip's format stays."""
        playable = [look.name for look in LOOKS.values() if MODELS[look.model].folder]
        lively = {name: round(random.uniform(0.25, 0.85), 2) for name in ATTRIBUTES}
        recipe = _changed(
            self.alone(values),
            look=random.choice(playable),
            seed=random.randrange(100_000),
            variation=tuple(round(random.gauss(0, 0.5), 2) for _ in range(VARIATIONS)),
            **(lively | {"hue": round(random.random(), 2)}),
        )
        return self.everything(recipe, path=gr.skip())

    def reset_adjust(self, *values: Any) -> list[Any]:
        """The seven named sliders back to where they began: for a picture of one's own, what it measures."""
        own = generated(self.alone(values)).picture
        plain = {name: _PLAIN[name] for name in ATTRIBUTES} | (sliders(read(own)) if own else {})
        return self.everything(_changed(self.alone(values), **plain), path=gr.skip())

    def reset_variation(self, *values: Any) -> list[Any]:
        """The six directions back to zero, in all layers, and no second seed."""
        plain = {name: Latent.model_fields[name].default for name in ("variation", "basis", "layers", "mix_seed")}
        return self.everything(_changed(self.alone(values), **plain), path=gr.skip())

    # --- the path

    def add_key(self, *values: Any) -> list[Any]:
        """The picture at hand becomes the next key look, and the path plays once there are two."""
        path = _path(values)
        if len(path["keys"]) >= MAX_KEYS:
            raise RecipeError(f"path: {MAX_KEYS} key looks are the most. Remove one first.")
        keys = [*path["keys"], messages.key_look(self._studio, self.alone(values))]
        path = {"keys": keys, "play": len(keys) > 1}
        return [path, *self._shown(self._panel.recipe(list(values[:-1]), _latents(path)))]

    def recall_key(self, event: gr.EventData, *values: Any) -> list[Any]:
        """A key look was pressed: the sliders take its place."""
        path = _path(values)
        index = event._data.get("index") if isinstance(event._data, dict) else None
        if not isinstance(index, int) or not 0 <= index < len(path["keys"]):
            raise RecipeError(f"path: there is no key look {index!r}. Allowed: 0 to {len(path['keys']) - 1}.")
        key = path["keys"][index]["latent"]
        if not isinstance(key, dict):
            raise RecipeError("path: a key look must be a latent. Clear the path and add it again.")
        return self.everything(_changed(self.alone(values), **key), path=gr.skip())

    # --- recipes

    def apply_text(self, text: str) -> list[Any]:
        """A pasted recipe moves every control."""
        return self.everything(Recipe.parse(text))

    def apply_file(self, file: str | None) -> list[Any]:
        """A dropped recipe, or a clip that carries one. The drop zone is empty afterwards."""
        if not file:
            return [gr.skip()] * (1 + self.everything_count)
        return [None, *self.everything(recipe_in(Path(file)))]

    def recall_clip(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """The recipe of a finished clip moves every control."""
        return self.everything(made_clip(self._studio, event, request).recipe)

    # --- weights that are fetched

    def fetch(self, request: gr.Request, *values: Any) -> Iterator[list[Any]]:
        """Fetch the weights of the chosen look with progress, then play it."""
        recipe = self.alone(values)
        look = generated(recipe).look
        spec = self._studio.to_fetch(look)
        others: list[Any] = [gr.skip()] * 6
        if spec:
            try:
                yield [{"notice": messages.notice(look, spec, 0)}, *others]
                for step in self._studio.fetch(visit_of(request), spec):
                    yield [{"notice": messages.notice(look, spec, step.done)}, *others]
            except Cancelled:
                yield [messages.IDLE, *others]
                return
            except Exception:
                yield [messages.IDLE, *others]
                raise
        tiles = gr.skip()
        if look in LOOKS:
            self._gallery.draw(look)
            tiles = gr.update(looks=self._gallery.tiles())
        yield [*self._shown(recipe), *self._understood(recipe), tiles]

    def decline(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """The person does not want those weights, or not any more: the look that plays is chosen again."""
        self._studio.cancel(visit_of(request))
        playing = event._data.get("look") if isinstance(event._data, dict) else None
        return [playing if playing in LOOKS else gr.skip(), messages.IDLE]

    # --- clips

    def render(self, request: gr.Request, *values: Any) -> Iterator[list[Any]]:
        """Progress in the meter, then the clip on the stage."""
        yield from rendering(self._studio, visit_of(request), self._recipe(values))

    def list_clips(self, request: gr.Request) -> dict[str, Any]:
        """The tab was opened: clips may have been made elsewhere."""
        return messages.clips(self._studio, visit_of(request))

    def cancel(self, request: gr.Request) -> None:
        """Stop the render; its own event then says so."""
        self._studio.cancel(visit_of(request))

    def leave(self, request: gr.Request) -> None:
        """The page was closed."""
        self._studio.leave(visit_of(request))

    # --- parts of the answers

    def _recipe(self, values: Any) -> Recipe:
        path = _path(values)
        return self._panel.recipe(list(values[:-1]), _latents(path) if path["play"] else None)

    def alone(self, values: Any) -> Recipe:
        """The recipe of the controls as they are, without the path. Raises RecipeError."""
        return self._panel.recipe(list(values[:-1]))

    def _shown(self, recipe: Recipe) -> list[Any]:
        """Stage, meter, recipe box."""
        return [messages.live(self._studio, recipe), self._meter(recipe), recipe.to_json()]

    def _meter(self, recipe: Recipe) -> Any:
        try:
            return messages.meter(self._studio, recipe)
        except VganError:
            return gr.skip()  # weights that are not here yet: the stage says so

    @property
    def everything_count(self) -> int:
        """How many outputs `everything` has."""
        return len(self._panel.controls) + 7

    def everything(self, recipe: Recipe, path: Any = None) -> list[Any]:
        """All controls, path (by default the recipe's own), stage, meter, recipe box, and which sliders there are."""
        finish_of(recipe)
        generated(recipe)
        path = path or messages.path_of(self._studio, recipe)
        stage, *shown = self._shown(recipe)
        stage |= messages.left_behind(recipe)
        return [*self._panel.updates(recipe), path, stage, *shown, *self._understood(recipe)]

    @staticmethod
    def _understood(recipe: Recipe) -> list[Any]:
        look = known(generated(recipe).look)
        named, layered = bool(look.attributes), bool(look.layers)
        return [gr.update(visible=named), gr.update(visible=not named), gr.update(visible=layered)]


def _path(values: Any) -> dict[str, Any]:
    """The path component's value, checked as far as its shape; what is in a key look, the recipe checks."""
    path = values[-1]
    keys = path.get("keys") if isinstance(path, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) and "latent" in key for key in keys):
        return messages.NO_KEYS
    return {"keys": keys[:MAX_KEYS], "play": bool(path.get("play")) and len(keys) > 1}


def _latents(path: dict[str, Any]) -> list[Any]:
    return [key["latent"] for key in path["keys"]] if len(path["keys"]) > 1 else []


def _changed(recipe: Recipe, **fields: Any) -> Recipe:
    source: Generate = generated(recipe)
    return Recipe.parse(recipe.model_dump(mode="json") | {"source": source.model_dump(mode="json") | fields})
