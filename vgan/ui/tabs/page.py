"""What the tabs of one app know of each other."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import gradio as gr

from vgan.ui.services import Studio

if TYPE_CHECKING:
    from vgan.ui.tabs.create import Layout


@dataclass
class Page:
    """The page that is being built. tabs: to change the one that is shown; create: what is on the first tab."""

    app: gr.Blocks
    studio: Studio
    tabs: gr.Tabs
    create: "Layout" = field(init=False)
