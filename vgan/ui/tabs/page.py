"""What the tabs of one app know of each other."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import gradio as gr

from vgan.ui.services import Studio

if TYPE_CHECKING:
    from vgan.ui.tabs import clip_layout, create


@dataclass
class Page:
    """The page that is being built. tabs: to change the one that is shown; create, style, enhance: what is on these."""

    app: gr.Blocks
    studio: Studio
    tabs: gr.Tabs
    create: "create.Layout" = field(init=False)
    style: "clip_layout.Layout" = field(init=False)
    enhance: "clip_layout.Layout" = field(init=False)
