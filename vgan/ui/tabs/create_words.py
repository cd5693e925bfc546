"""The sentence box on top of the Create tab: words, a picture or a song set the sliders."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.components import Component

from vgan.hub import find_local
from vgan.recipe import Generate, Recipe, generated
from vgan.ui import words as told_as
from vgan.ui.errors import in_place
from vgan.ui.i18n import word
from vgan.ui.i18n_words import EXAMPLES
from vgan.ui.services import Studio
from vgan.ui.tabs.events import LONG, told_by, visit_of
from vgan.ui.uploads import check_file
from vgan.ui.web import component
from vgan.words import applied, read
from vgan.words.clean import LONGEST, cleaned
from vgan.words.encoder import ENCODER
from vgan.words.picture import coloured, see
from vgan.words.song import listen, played
from vgan.zoo import find_model

if TYPE_CHECKING:
    from vgan.ui.tabs.create_actions import Actions

PICTURES = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".mp4", ".webm", ".mov"]
SONGS = [".mp3", ".wav", ".flac", ".ogg", ".m4a", ".aac", ".opus", ".mp4", ".webm", ".mov"]


@dataclass(frozen=True)
class Parts:
    """What is drawn. box: the recipe's own sentence; reading: what was understood."""

    box: gr.Textbox
    button: gr.Button
    reading: gr.HTML
    picture: gr.UploadButton
    song: gr.UploadButton


def draw() -> Parts:
    """The group, in the column that is being drawn."""
    with gr.Column(elem_id="words", elem_classes="sliders"):
        with gr.Row(elem_id="say", elem_classes="inline"):
            box = gr.Textbox(
                "",
                label=word("sentence"),
                placeholder=word("say_hint"),
                max_length=LONGEST,
                lines=1,
                max_lines=3,
                scale=1,
                elem_id="f-sentence",
            )
            button = gr.Button(word("say"), size="sm", elem_id="b-say", elem_classes="b-say")
        reading = component("reading", told_as.NOTHING, examples=list(EXAMPLES))
        with gr.Row(elem_id="say-files", elem_classes="inline"):
            picture, song = _upload("say_picture", PICTURES), _upload("say_song", SONGS)
    return Parts(box, button, reading, picture, song)


def _upload(name: str, kinds: list[str]) -> gr.UploadButton:
    label: Any = word(name)  # translated as the labels of other components are
    return gr.UploadButton(label, file_types=kinds, size="sm", elem_id=f"b-{name.replace('_', '-')}")


class WordsActions:
    """Handlers. `values` are those of the Create tab's own, see `create_actions.Actions`."""

    def __init__(self, studio: Studio, create: "Actions"):
        self._studio, self._create = studio, create

    def say(self, request: gr.Request, *values: Any) -> Iterator[list[Any]]:
        """The sentence in the box moves the sliders: [reading, everything]."""
        yield from self._said(request, self._create.alone(values))

    def example(self, event: gr.EventData, request: gr.Request, *values: Any) -> Iterator[list[Any]]:
        """One of the examples was pressed."""
        source = generated(self._create.alone(values)).model_dump(mode="json")
        sentence = str(told_by(event, "sentence") or "")
        recipe = self._create.alone(values).model_dump(mode="json") | {"source": source | {"sentence": sentence}}
        yield from self._said(request, Recipe.parse(recipe))

    def look_at(self, file: str | None, *values: Any) -> Iterator[list[Any]]:
        """A picture or clip gives its colours, its attributes and the look that is most like it."""
        yield from self._from_file(file, values, see, coloured, told_as.seen)

    def listen_to(self, file: str | None, *values: Any) -> Iterator[list[Any]]:
        """A song gives a look, with its reasons."""
        yield from self._from_file(file, values, lambda path, _: listen(path), played, told_as.listened)

    def _from_file(
        self,
        file: str | None,
        values: Any,
        take: Callable[[Path, Any], Any],
        use: Callable[[Any, Generate], Generate],
        show: Callable[[Any], dict[str, Any]],
    ) -> Iterator[list[Any]]:
        if not file:
            return
        path = check_file("file", str(file))
        recipe = self._create.alone(values)
        yield self._unchanged(told_as.READING)
        try:
            found = take(path, self._studio.models)
            yield [show(found), *self._moved(recipe, use(found, generated(recipe)))]
        except Exception:
            yield self._unchanged(told_as.NOTHING)
            raise

    def _said(self, request: gr.Request, recipe: Recipe) -> Iterator[list[Any]]:
        source = generated(recipe)
        try:
            cleaned(source.sentence)  # refused before anything is fetched
            spec = find_model(ENCODER)
            yield self._unchanged(told_as.READING)
            if find_local(spec, self._studio.settings) is None and not self._studio.settings.offline:
                for step in self._studio.fetch(visit_of(request), spec):
                    yield self._unchanged(told_as.fetching(spec, step.done))
            reading = read(source.sentence, self._studio.models)
            yield [told_as.understood(reading), *self._moved(recipe, applied(reading, source))]
        except Exception:
            yield self._unchanged(told_as.NOTHING)
            raise

    def _moved(self, recipe: Recipe, source: Generate) -> list[Any]:
        changed = recipe.model_dump(mode="json") | {"source": source.model_dump(mode="json")}
        return self._create.everything(Recipe.parse(changed), path=gr.skip())

    def _unchanged(self, reading: dict[str, Any]) -> list[Any]:
        return [reading, *[gr.skip()] * self._create.everything_count]


def wire(parts: Parts, do: WordsActions, every: list[Component], wide: list[Any], stage: Component) -> None:
    """Events. every: values of the tab; wide: what a recipe changes; stage: where faults are told."""
    outputs = [parts.reading, *wide]

    def at(events: list[Any], handler: Callable[..., Any], inputs: list[Component]) -> None:
        careful = in_place(handler, outputs.index(stage), len(outputs))
        gr.on(events, careful, inputs, outputs, concurrency_id="words", trigger_mode="once", **LONG)

    at([parts.button.click, parts.box.submit], do.say, every)
    at([parts.reading.select], do.example, every)
    at([parts.picture.upload], do.look_at, [parts.picture, *every])
    at([parts.song.upload], do.listen_to, [parts.song, *every])
