"""What is kept of a visitor, for how long, and how it goes at once."""

from typing import Any

import gradio as gr

from vgan.settings import Settings
from vgan.ui import arrivals, sessions
from vgan.ui.services import Studio
from vgan.ui.tabs.events import QUICK, visit_of
from vgan.ui.web import component


def head(settings: Settings) -> gr.HTML:
    """The head of every tab, which says what is kept."""
    return component("head", {"hours": settings.keep_hours, "public": settings.public})


def wire(studio: Studio, head_: Any) -> None:
    """Its button deletes what the browser has uploaded and the page has made."""

    def forget(request: gr.Request) -> dict[str, Any]:
        studio.forget(visit_of(request))
        arrivals.forget(sessions.visitor(str(request.headers.get("cookie") or "")))
        return {"hours": studio.settings.keep_hours, "public": studio.settings.public, "gone": True}

    head_.submit(forget, None, head_, **QUICK)
