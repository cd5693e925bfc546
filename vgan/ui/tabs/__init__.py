"""The tabs of the app, in the order of the work. A new tab is one file and one row."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from vgan.ui.tabs import create, enhance, models, share, style, train
from vgan.ui.tabs.page import Page


@dataclass(frozen=True)
class Tab:
    """name: of the tab in addresses, and of its word `tab_<name>`. build: draws it and wires its events, its
    own selection included."""

    name: str
    build: Callable[[Page, gr.Tab], None]


TABS: tuple[Tab, ...] = (
    Tab("create", create.build),
    Tab("style", style.build),
    Tab("enhance", enhance.build),
    Tab("share", share.build),
    Tab("train", train.build),
    Tab("models", models.build),
)
