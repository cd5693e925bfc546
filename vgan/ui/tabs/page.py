"""What the tabs of one app know of each other."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import gradio as gr

from vgan.ui.gallery import Gallery
from vgan.ui.services import Studio
from vgan.ui.trainings import Trainings

if TYPE_CHECKING:
    from vgan.ui.tabs import clip_layout, create, create_actions, unfinished


@dataclass
class Page:
    """The page that is being built. tabs: to change the one that is shown; create, style, enhance: what is on these;
    gallery: of Create; create_actions: its handlers; create_shown: what a recipe changes there;
    trainings: of Train; again: how a tab makes what did not finish, by its name."""

    app: gr.Blocks
    studio: Studio
    tabs: gr.Tabs
    create: "create.Layout" = field(init=False)
    style: "clip_layout.Layout" = field(init=False)
    enhance: "clip_layout.Layout" = field(init=False)
    gallery: Gallery = field(init=False)
    create_actions: "create_actions.Actions" = field(init=False)
    create_shown: list[Any] = field(init=False)
    trainings: Trainings = field(init=False)
    again: "dict[str, unfinished.Again]" = field(default_factory=dict)
