"""The browser app: build it, launch it."""

import logging
import os
from dataclasses import replace
from typing import Any

import gradio as gr

from vgan import unfinished
from vgan.errors import MediaError
from vgan.logs import event
from vgan.memory import few_arenas
from vgan.registry import Models
from vgan.settings import Settings
from vgan.ui import api, beside, guard, privacy, zero
from vgan.ui.counters import Counters
from vgan.ui.gallery import SHIPPED
from vgan.ui.health import Health
from vgan.ui.i18n import translations, word
from vgan.ui.observed import Observed
from vgan.ui.style_gallery import SHIPPED as STYLE_TILES
from vgan.ui.tabs import TABS
from vgan.ui.tabs.page import Page
from vgan.ui.tabs.unfinished import EVENTS
from vgan.ui.tabs.unfinished import wire as wire_unfinished
from vgan.ui.theme import head, theme
from vgan.ui.uploads import EXAMPLES
from vgan.ui.web import component
from vgan.ui.zero import OnZero

__all__ = ["build", "launch"]

log = logging.getLogger(__name__)
QUEUE_SIZE = 64
LOOK_EVERY = 0.01  # seconds between two looks at Gradio's queue: it looks a thousand times a second, busy or not
ENVIRONMENT = {
    "FORWARDED_ALLOW_IPS": "",  # VGAN_PROXIES says whom to believe: uvicorn would believe all of this machine
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",  # after every event it would work out what nobody reads
}
THREADS = 128  # for handlers; those that wait, for previews or in the line, hold one each
NETWORKS = 6  # kept in memory: looks, styles, and a few that visitors bring


def build(models: Models, settings: Settings) -> gr.Blocks:
    """The whole app, not yet launched. Draws the first preview, so that nobody ever sees an empty page."""
    try:
        settings.outputs.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished.keep_aside(settings.outputs)
    except OSError as error:
        raise MediaError(
            f"outputs: {settings.outputs} cannot be made ({error.strerror}). Set VGAN_OUTPUTS to another folder."
        ) from error
    left = [one for place in (None, settings.looks, settings.outputs) for one in unfinished.sweep(place)]
    studio = OnZero(models, settings) if zero.here() else Observed(models, settings)
    with gr.Blocks(title="VGAN Studio", analytics_enabled=False, fill_width=True) as app:
        app.studio = studio  # for what goes on beside the pages
        app.left = left
        api.add(studio)  # first, so that no event of the page takes its names
        top = privacy.head(settings)
        again = component("unfinished", None, events=EVENTS)
        with gr.Tabs(elem_id="tabs") as tabs:
            page = Page(app, studio, tabs)
            for tab in TABS:
                with gr.Tab(word(f"tab_{tab.name}"), id=tab.name) as here:
                    tab.build(page, here)
        privacy.wire(studio, top)
        wire_unfinished(studio, again, tabs, page.again)
    app.queue(max_size=QUEUE_SIZE, default_concurrency_limit=1)
    app._queue.sleep_when_free = LOOK_EVERY
    return app


def launch(settings: Settings | None = None, **options: Any) -> tuple[Any, str, str]:
    """Build the app and serve it. Host and port are Gradio's own (`GRADIO_SERVER_NAME`, `GRADIO_SERVER_PORT`).

    options: passed to `gr.Blocks.launch`, over what is set here. Returns what that returns.
    """
    settings = settings or Settings()
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    few_arenas()
    if zero.here():
        settings = replace(settings, device="cpu")
    gr.set_static_paths([SHIPPED, STYLE_TILES, EXAMPLES])
    defaults: dict[str, Any] = {
        "share": False,
        "theme": theme(),
        "head": head(),
        "i18n": translations(),
        "footer_links": ["api", "settings"],
        "run_history": False,
        "allowed_paths": [str(settings.outputs.resolve())],
        "blocked_paths": [str(settings.outputs.resolve() / unfinished.ASIDE)],
        "max_file_size": f"{settings.max_upload_mb}mb",
        "max_threads": THREADS + settings.line,
        "mcp_server": True,
        "ssr_mode": False,
        "enable_monitoring": False,
        "_frontend": False,  # would end an app whose page takes over 3 s once: on a busy machine, the first one does
    }
    app: Any = build(Models(settings, NETWORKS), settings)
    app.counters = Counters((health := Health(app.studio)).now)
    for left in app.left:  # found before anybody counted
        event("unfinished", kind=left.kind, frames=left.done)
    guarded = guard.launch_options(settings)
    guarded["app_kwargs"] |= {"routes": beside.routes(settings, health, app.counters)}
    if settings.space:
        defaults["server_name"] = os.environ.get("GRADIO_SERVER_NAME", "0.0.0.0")
    return app.launch(**(defaults | guarded | options))
