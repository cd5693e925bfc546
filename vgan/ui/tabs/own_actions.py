"""What the events of the group "Your own style" do: fit, load, fetch, push."""

import html
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gradio as gr

from vgan import hub
from vgan.errors import Cancelled, RecipeError
from vgan.media import reader
from vgan.ui import messages, style_messages
from vgan.ui.i18n import word
from vgan.ui.own_styles import OwnStyle
from vgan.ui.services import Studio
from vgan.ui.strip import poster_of
from vgan.ui.style_gallery import StyleGallery
from vgan.ui.tabs.events import told_by, visit_of
from vgan.ui.uploads import check_file
from vgan.zoo import STYLE_FILES, STYLES, find_model, find_style

OUTPUTS = 6  # own, gallery, second style, styles to push, meter, stage


class OwnActions:
    """Handlers. Those that bring a style answer with: own, gallery, second style, styles to push, meter, stage.

    The gallery, given another choice, asks for the new picture by itself.
    """

    def __init__(self, studio: Studio, gallery: StyleGallery):
        self._studio, self._gallery = studio, gallery

    def take(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """A file arrived: a picture waits to be fitted, a style is loaded at once."""
        visit, path = visit_of(request), check_file("file", str(told_by(event, "path")))
        if path.suffix.lower() in STYLE_FILES:
            return self._brought(visit, self._studio.add_style(visit, str(path)))
        _, pixels = next(iter(reader.frames(path)))
        picture = {"path": str(path), "name": path.name, "thumb": poster_of(pixels)}
        return [style_messages.own(self._studio.styles(visit), picture=picture), *[gr.skip()] * (OUTPUTS - 1)]

    def fit(self, request: gr.Request, own: Any) -> Iterator[list[Any]]:
        """Fit a style to the picture that waits, with progress, and choose it."""
        visit, picture = visit_of(request), own.get("picture") if isinstance(own, dict) else None
        others = [gr.skip()] * (OUTPUTS - 1)
        styles = self._studio.styles(visit)
        if not isinstance(picture, dict):
            raise RecipeError("picture: none is chosen yet. Drop one first.")
        try:
            for step in self._studio.fit(visit, str(picture.get("path"))):
                if isinstance(step, OwnStyle):
                    yield self._brought(visit, step)
                else:
                    yield [style_messages.own(styles, picture=picture, progress=asdict(step)), *others]
        except Cancelled:
            yield [style_messages.own(styles, picture=picture), *others]
        except Exception:
            yield [style_messages.own(styles, picture=picture), *others]
            raise

    def cancel(self, request: gr.Request) -> None:
        """Stop the fitting; its own event then says so."""
        self._studio.cancel(visit_of(request))

    def fetch(self, request: gr.Request, name: str) -> Iterator[list[Any]]:
        """A style from the Hub, `owner/name` or `owner/name:file`, fetched with progress and chosen."""
        visit, style = visit_of(request), find_style(str(name).strip())
        if style.name in STYLES:
            raise RecipeError(f"style: {style.name!r} is in the gallery already. Choose it there.")
        if find_model(style.model).path:
            raise RecipeError(f"style: {style.name[:80]!r} is a file. Drop it above; here goes owner/name.")

        def meter(message: dict[str, Any]) -> list[Any]:
            return [*[gr.skip()] * (OUTPUTS - 2), message, gr.skip()]

        try:
            for step in self._studio.fetch(visit, find_model(style.model)):
                yield meter(messages.progress(step, "fetching_style"))
            yield self._brought(visit, self._studio.add_style(visit, style.name))
        except Cancelled:
            yield meter(messages.IDLE)
        except Exception:
            yield meter(messages.IDLE)
            raise

    def push(self, request: gr.Request, name: str, repository: str, token: str) -> list[Any]:
        """Push a style of this visit to the Hub with the person's own token, which is used once and not kept.

        Returns an empty token box, what to say, and nothing for the stage.
        """
        visit = visit_of(request)
        style = next((one for one in self._studio.styles(visit) if one.name == name and one.saved), None)
        if self._studio.settings.public:
            raise RecipeError("push: this app is public and pushes nothing. Save the style and upload it yourself.")
        if style is None or style.file is None:
            raise RecipeError("push: no style is chosen. Fit or load one of your own first.")
        if not token.strip():
            raise RecipeError("token: none is given. Paste one with the right to write (Settings, Access Tokens).")
        pushed = hub.push_style(Path(style.file), repository.strip(), self._studio.settings, token=token.strip())
        url = html.escape(pushed.url)
        return ["", f"<a href='{url}' target='_blank' rel='noopener'>{url}</a>", gr.skip()]

    def _brought(self, visit: str, style: OwnStyle) -> list[Any]:
        styles = self._studio.styles(visit)
        saved = [(one.title, one.name) for one in styles if one.saved]
        return [
            style_messages.own(styles),
            gr.update(value=style.name, looks=self._gallery.tiles(styles)),
            gr.update(choices=second_choices(styles)),
            gr.update(choices=saved, value=saved[0][1] if saved else None),
            messages.IDLE,
            gr.skip(),
        ]


def second_choices(styles: list[OwnStyle]) -> list[tuple[Any, str]]:
    """What the second style can be: (shown, name); an empty name for none."""
    shipped = [(word(f"style_{name}"), name) for name in STYLES]
    return [(word("second_none"), ""), *((style.title, style.name) for style in styles), *shipped]
