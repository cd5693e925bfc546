"""The tabs of the app, in the order of the work. A new tab is one file and one row."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from vgan.ui.services import Studio
from vgan.ui.tabs import create


@dataclass(frozen=True)
class Tab:
    """name: of the tab in addresses, and of its word `tab_<name>`. build: draws it and wires its events."""

    name: str
    build: Callable[[gr.Blocks, Studio], None]


TABS: tuple[Tab, ...] = (Tab("create", create.build),)
