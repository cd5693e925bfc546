"""What the events of the Models tab do: show a model, fetch it, play it, bring one, free the memory."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from vgan.errors import Cancelled, RecipeError
from vgan.sources.told import MAX_NAME, bounded, tell
from vgan.ui import model_messages
from vgan.ui.model_messages import ModelMessages
from vgan.ui.services import Studio
from vgan.ui.tabs.create_actions import Actions
from vgan.ui.tabs.events import told_by, visit_of
from vgan.ui.tabs.look_shelf import LookShelf
from vgan.ui.trainings import Trainings
from vgan.ui.uploads import check_file
from vgan.zoo import find_look, find_model

USED_IN = ("create", "style", "enhance")


class ModelsActions:
    """Handlers. Those that change what there is answer with: models, shelf, memory, looks to push, Create's gallery."""

    def __init__(self, studio: Studio, trainings: Trainings, shelf: LookShelf, say: ModelMessages):
        self._studio, self._trainings, self._shelf, self._say = studio, trainings, shelf, say

    def opened(self) -> list[Any]:
        """The tab was opened: what there is now."""
        return [self._say.all(), self._say.shelf(), self._say.memory(), self._shelf.to_push(), gr.skip()]

    def show(self, event: gr.EventData) -> list[Any]:
        """A model is looked at: its figures, its card and what it draws. Models, and nothing else."""
        return [self._say.one(str(told_by(event, "name"))[:MAX_NAME]), gr.skip()]

    def fetch(self, event: gr.EventData, request: gr.Request) -> Iterator[list[Any]]:
        """Download a model of the list, with progress: models, and nothing else."""
        name = str(told_by(event, "name"))[:MAX_NAME]
        if not any(row["name"] == name for row in self._say.all()["models"]):
            raise RecipeError(f"model: {name[:80]!r} is not in the list. Choose one of those.")
        spec = find_model(name)
        try:
            for step in self._studio.fetch(visit_of(request), spec):
                yield [{"fetching": {"name": name, "done": step.done, "total": step.total or spec.bytes}}, gr.skip()]
        except Cancelled:
            yield [{"fetching": None}, gr.skip()]
            return
        except Exception:
            yield [{"fetching": None}, gr.skip()]
            raise
        yield [self._say.all() | {"fetching": None}, gr.skip()]

    def go(self, event: gr.EventData) -> Any:
        """The tab where a model is used."""
        tab = told_by(event, "tab")
        return gr.update(selected=tab) if tab in USED_IN else gr.skip()

    def stop(self, request: gr.Request) -> None:
        """Stop the download; its own event then says so."""
        self._studio.cancel(visit_of(request))

    # --- looks that were trained here

    def delete(self, event: gr.EventData) -> list[Any]:
        """Remove a look, for good."""
        self._trainings.remove(str(told_by(event, "name")))
        return self._changed()

    def rename(self, event: gr.EventData) -> list[Any]:
        """Give a look another name."""
        self._trainings.rename(str(told_by(event, "name")), str(told_by(event, "title"))[:80])
        return self._changed()

    def zipped(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """A look in one file: shelf and models."""
        return [self._say.shelf(zip=self._shelf.zipped(event, request)), gr.skip()]

    def push(self, name: Any, repository: Any, token: Any) -> list[Any]:
        """Push a look, see `LookShelf.push`; nothing for the models."""
        return [*self._shelf.push(name, repository, token), gr.skip()]

    def play(self, event: gr.EventData, request: gr.Request, create: Actions, gallery: int) -> list[Any]:
        """A look of any name that is allowed here plays in Create, see `LookShelf.open`."""
        return self._shelf.open(self._checked(told_by(event, "name"), request), create, gallery)

    # --- a generator that is brought

    def check(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """Say what the name in the box is, without fetching its weights: bring, and nothing else."""
        found = tell(self._checked(told_by(event, "name"), request), self._studio.settings)
        return [model_messages.told(found), gr.skip()]

    def _checked(self, name: Any, request: gr.Request) -> str:
        """A look's name as it was typed. A file's path is taken where Create takes it: of what was dropped."""
        said = bounded(name.strip() if isinstance(name, str) else "")
        if path := find_model(find_look(said).model).path:
            check_file("look", path, self._studio.folder_of(visit_of(request)))
        return said

    # --- memory

    def free(self) -> list[Any]:
        """Let every network go: memory, models. Not where strangers would make each other wait."""
        if self._studio.settings.public:
            raise RecipeError("memory: this app is public, and its networks are everybody's. They leave by themselves.")
        freed = self._studio.models.release()
        return [self._say.memory(freed), self._say.all()]

    def _changed(self) -> list[Any]:
        return [*self.opened()[:-1], self._shelf.tiles()]
