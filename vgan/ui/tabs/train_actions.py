"""What the events of the Train tab do. The training itself is in `vgan.ui.trainings`."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from vgan import own_looks
from vgan.errors import RecipeError
from vgan.own_looks import Options
from vgan.ui import train_messages
from vgan.ui.gallery import Gallery
from vgan.ui.services import Studio
from vgan.ui.tabs.create_actions import Actions
from vgan.ui.tabs.events import told_by, visit_of
from vgan.ui.tabs.look_shelf import LookShelf
from vgan.ui.trainings import MOST_CLIPS, Trainings
from vgan.ui.uploads import check_file, example


class TrainActions:
    """Handlers. Those that change what there is answer with: stage, meter, shelf, looks to push, gallery of Create."""

    def __init__(self, studio: Studio, trainings: Trainings, gallery: Gallery):
        self._studio, self._trainings, self._gallery = studio, trainings, gallery
        self._looks = LookShelf(studio, gallery)
        self._drawn = self._looks.names()

    # --- clips

    def take(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """Clips arrived: the stage gets moments of each, and what cannot be used is said. Stage, and nothing else."""
        files = told_by(event, "files")
        if not isinstance(files, list) or not 1 <= len(files) <= MOST_CLIPS:
            raise RecipeError(f"clips: 1 to {MOST_CLIPS} at a time. Drop them again.")
        named = [file if isinstance(file, dict) else {} for file in files]
        checked = [(check_file("clips", str(one.get("path"))), str(one.get("name") or "clip")) for one in named]
        return [train_messages.brought(self._studio, visit_of(request), checked), gr.skip()]

    def example(self, request: gr.Request) -> list[Any]:
        """The clip that ships with the app, for those who have none at hand."""
        path = example()
        if path is None:
            raise RecipeError("example: it is not on this machine. Drop a clip of your own.")
        return [train_messages.brought(self._studio, visit_of(request), [(path, path.name)]), gr.skip()]

    # --- the training

    def start(
        self, held: Any, name: Any, minutes: Any, mirror: Any, loop_seconds: Any, scratch: Any, request: gr.Request
    ) -> list[Any]:
        """Begin. held: the value of the clips' component."""
        self._trainings.allowed()
        clips, crop = train_messages.given(held)
        own = self._studio.folder_of(visit_of(request))
        clips = [replace(clip, path=check_file("clips", str(clip.path), own)) for clip in clips]
        options = Options(
            minutes=_number("minutes", minutes),
            crop=crop,
            mirror=bool(mirror),
            loop_seconds=_number("loop_seconds", loop_seconds),
            scratch=bool(scratch),
        )
        self._trainings.tidy()
        self._trainings.start(clips, str(name or "")[:80], options)
        return self._everything(fresh=True)

    def tick(self, event: gr.EventData) -> list[Any]:
        """How far it is: asked now and then by every page that shows it."""
        one = self._trainings.now()
        signature = train_messages.signature(self._trainings, self._studio)
        stage = train_messages.training(one, told_by(event, "sheet")) | {"shelf": signature}
        same = told_by(event, "shelf") == signature
        return [stage, train_messages.meter(one), *([gr.skip()] * 3 if same else self._shelf())]

    def opened(self) -> list[Any]:
        """The tab was opened: what there is, whoever began it."""
        return self._everything()

    def pause(self) -> list[Any]:
        """Keep a checkpoint and end."""
        self._trainings.pause()
        return self._everything(known=None)

    def resume(self) -> list[Any]:
        """Go on with the training that the stage shows."""
        one = self._trainings.now()
        if one is None:
            raise RecipeError("train: nothing waits to be gone on with. Drop clips and press Train.")
        self._trainings.resume(one.name)
        return self._everything(fresh=True)

    def discard(self) -> list[Any]:
        """Throw away the training that the stage shows."""
        one = self._trainings.now()
        if one:
            self._trainings.discard(one.name)
        return self._everything()

    # --- the shelf

    def resume_named(self, event: gr.EventData) -> list[Any]:
        """Go on with one of those that wait."""
        self._trainings.resume(str(told_by(event, "name")))
        return self._everything(fresh=True)

    def delete(self, event: gr.EventData) -> list[Any]:
        """Remove a look, or a training that waits."""
        name = str(told_by(event, "name"))
        if told_by(event, "kind") == "training":
            self._trainings.discard(name)
        else:
            self._trainings.remove(name)
        return self._everything()

    def rename(self, event: gr.EventData) -> list[Any]:
        """Give a look another name."""
        self._trainings.rename(str(told_by(event, "name")), str(told_by(event, "title"))[:80])
        return self._everything()

    def zipped(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """A look in one file, for the person who asks: shelf and stage."""
        link = self._looks.zipped(event, request)
        return [train_messages.shelf(self._trainings, self._studio, self._gallery, zip=link), gr.skip()]

    def open(self, event: gr.EventData, create: Actions, gallery: int) -> list[Any]:
        """A look plays in Create, see `LookShelf.open`."""
        name = own_looks.own_look(str(told_by(event, "name")), self._studio.settings).name
        return self._looks.open(name, create, gallery)

    def looks(self) -> Any:
        """The gallery of Create, for a page that has just been opened, where looks came or went since it was drawn."""
        return gr.skip() if self._looks.names() == self._drawn else self._looks.tiles()

    def push(self, name: Any, repository: Any, token: Any) -> Iterator[list[Any]]:
        """Push a look, see `LookShelf.push`; nothing for the stage."""
        yield [*self._looks.push(name, repository, token), gr.skip()]

    # --- parts of the answers

    def _everything(self, known: Any = "", fresh: bool = False) -> list[Any]:
        one = self._trainings.now()
        stage = train_messages.training(one, known, fresh)
        stage |= {"shelf": train_messages.signature(self._trainings, self._studio)}
        return [stage, train_messages.meter(one), *self._shelf()]

    def _shelf(self) -> list[Any]:
        shelf = train_messages.shelf(self._trainings, self._studio, self._gallery)
        return [shelf, self._looks.to_push(), self._looks.tiles()]


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise RecipeError(f"{name}: {str(value)[:40]!r} is no number. Choose one.") from error


def example_sheet(folder: Path) -> Path | None:
    """The picture of what a training gives, where it ships."""
    return next((file for file in (folder / "training.jpg", folder / "training.png") if file.is_file()), None)
