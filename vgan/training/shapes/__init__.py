"""Moving shapes: clips whose content and motion are known exactly, for comparing families of video generators."""

from dataclasses import dataclass
from math import cos, pi, sin

import torch
from torch import Tensor

from vgan.errors import UnknownName
from vgan.training.looks.fields import Draw, hsv, mix, smoothstep, tint
from vgan.training.shapes.motions import MOTIONS
from vgan.training.shapes.outlines import OUTLINES

COLOURS = {"red": 0.985, "orange": 0.07, "yellow": 0.14, "green": 0.38, "blue": 0.58, "violet": 0.76}  # hues, in turns


@dataclass(frozen=True)
class Scene:
    """What one clip shows, and how it moves.

    shape, colour, motion: names in OUTLINES, COLOURS and MOTIONS; size: reach of the shape from its middle, in sides of
    the frame; turn: how it stands, in turns; phase: where in the motion the clip begins, in loops; way: 1 or -1, which
    way round; shaded: whether the ground is lit unevenly; ground: its hue, in turns; dark: whether the ground is.
    """

    shape: str
    colour: str
    motion: str
    size: float
    turn: float
    phase: float
    way: int
    shaded: bool
    ground: float
    dark: bool


def draw_scene(seed: int, motion: str | None = None, shape: str | None = None) -> Scene:
    """Everything about a clip from its seed; what is given is taken as it is. Raises UnknownName."""
    for kind, name, table in (("motion", motion, MOTIONS), ("shape", shape, OUTLINES)):
        if name is not None and name not in table:
            raise UnknownName(kind, name, table)
    draw = Draw(seed)
    return Scene(
        shape=shape or list(OUTLINES)[draw.whole(0, len(OUTLINES) - 1)],
        colour=list(COLOURS)[draw.whole(0, len(COLOURS) - 1)],
        motion=motion or list(MOTIONS)[draw.whole(0, len(MOTIONS) - 1)],
        size=draw.uniform(0.16, 0.24),
        turn=draw.uniform(-0.04, 0.04),
        phase=draw.uniform(0, 1),
        way=1 if draw.uniform(0, 1) < 0.5 else -1,
        shaded=draw.uniform(0, 1) < 0.7,
        ground=draw.uniform(0, 1),
        dark=draw.uniform(0, 1) < 0.5,
    )


def make_shape_clip(scene: Scene, times: Tensor, side: int) -> Tensor:
    """Frames of a scene. times: (T,) in loops; 0 and 1 give the same frame, bit for bit. side: pixels.

    Returns (T, 3, side, side) float32 in [-1, 1]; edges are drawn with partial pixels.
    """
    t = (times.float().remainder(1.0) + scene.phase).remainder(1.0).view(-1, 1, 1)
    pose = MOTIONS[scene.motion](t, float(scene.way))
    line = (torch.arange(side) + 0.5) / side - 0.5
    y, x = torch.meshgrid(line, line, indexing="ij")
    picture = _ground(scene, x, y)

    def distance(dx: float, dy: float) -> Tensor:
        """From the outline moved by (dx, dy), in sides."""
        across = (x - pose.x - dx * pose.height) / pose.squash.sqrt()
        down = (y - pose.y - dy * pose.height) * pose.squash.sqrt()
        angle = 2 * pi * (pose.turn + scene.turn)
        size = scene.size * pose.size
        turned = (
            across * torch.cos(angle) + down * torch.sin(angle),
            down * torch.cos(angle) - across * torch.sin(angle),
        )
        return OUTLINES[scene.shape](turned[0] / size, turned[1] / size) * size

    shadow = 1 - smoothstep(-0.05, 0.09, distance(0.35, 0.8))
    picture = picture * (1 - (0.45 if scene.dark else 0.3) * shadow.unsqueeze(1))
    edge = distance(0.0, 0.0)
    inside = (0.5 - edge * side).clamp(0, 1)
    return mix(picture, _body(scene, x - pose.x, y - pose.y, edge), inside).clamp(0, 1) * 2 - 1


def _ground(scene: Scene, x: Tensor, y: Tensor) -> Tensor:
    """(1, 3, h, w) in [0, 1]."""
    light = 0.2 if scene.dark else 0.86
    if not scene.shaded:
        return tint(scene.ground, 0.18, light).expand(1, 3, *x.shape)
    angle = 2 * pi * scene.ground
    slope = x * cos(angle) + y * abs(sin(angle))
    value = light * (1.06 - 0.35 * slope - 0.45 * (x.square() + y.square()))
    return hsv(scene.ground + 0.08 * slope, torch.tensor(0.22), value)[None]


def _body(scene: Scene, x: Tensor, y: Tensor, edge: Tensor) -> Tensor:
    """(T, 3, h, w): lit from above on the left, a little darker along its edge."""
    lit = 0.92 - 0.45 * (x + 1.5 * y) - 0.16 * smoothstep(-0.035, 0.0, edge)
    return hsv(COLOURS[scene.colour], 0.78 - 0.25 * smoothstep(0.85, 1.1, lit), lit.clamp(0.25, 1))
