"""The sound of a clip, drawn as it is heard: bars with round ends, a line, or a circle of rays."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.media.mix import sound_for
from vgan.media.planes import OFFSET, TO_YUV
from vgan.overlays.around import Onto
from vgan.overlays.bands import levels
from vgan.overlays.blend import Patch, Picture, Plane
from vgan.overlays.coming import pose
from vgan.recipe_overlays import Wave
from vgan.text.raster import rgb

LEAST_CELL = 4  # pixels from one bar to the next
THICK = 0.56  # of that, for a bar
STEPS = 192  # heights in which bars are drawn beforehand, at most
STROKE = 0.035  # of a line: its width as a share of the height
RING = 0.52  # of a circle's radius, where its rays begin
CURVE = 1.4  # bars at half their level have less than half their height

Draw = Callable[[np.ndarray], np.ndarray]  # levels (bars,) in 0 to 1 -> how much is covered, float32 (h, w)


def open_wave(step: Wave, onto: Onto) -> "WaveLayer":
    """See `vgan.overlays`. The sound, music and all, is read once, here. Raises as `vgan.media.mix.sound_for`."""
    return WaveLayer(step, onto)


class WaveLayer:
    """A wave in its place, all of it inside the safe zone."""

    def __init__(self, step: Wave, onto: Onto):
        extent, box = onto.extent, onto.safe
        wide = min(step.width * box.size[0], box.size[0])
        tall = min(step.height * min(extent.size), box.size[1])
        if step.shape == "circle":
            wide = tall = min(wide, tall)
        width, height = (max(8, int(side) // 2 * 2) for side in (wide, tall))
        left = box.left + step.x * box.size[0] - width / 2
        top = box.top + step.y * box.size[1] - height / 2
        self._left = int(min(max(left, box.left), max(box.left, box.right - width))) // 2 * 2  # on whole colour pixels
        self._top = int(min(max(top, box.top), max(box.top, box.bottom - height))) // 2 * 2
        self._step, self._fps, self._side = step, extent.fps, min(extent.size)
        self._draw, bars, loud = _SHAPES[step.shape]((width, height), step.bars)
        self._paint = _Paint(step.colour, step.second, loud)
        heard = levels(sound_for(onto.recipe.sound, extent), extent.frames, extent.fps, -(-bars // 2))
        self._heard = np.concatenate([heard[:, ::-1], heard[:, bars % 2 :]], axis=1) ** CURVE  # bass in the middle

    def at(self, frame: int) -> Sequence[Patch]:
        """See `vgan.overlays.around.Layer`."""
        step = self._step
        now = pose(float(frame / self._fps), step.start, step.end, "fade", "fade")
        if now is None:
            return ()
        covered = self._draw(self._heard[min(frame, len(self._heard) - 1)])
        return (Patch(self._left, self._top, self._paint(covered), now.opacity * step.strength),)


class _Paint:
    """Colours every place of a wave, from the quiet end to the loud one, and makes a picture of what is covered.

    loud: float32 (h, w) or (h, 1), 0 where bars begin and 1 where the highest ends.
    """

    def __init__(self, colour: str, second: str, loud: np.ndarray):
        ends = [np.array(rgb(one)) for one in (colour, second)]
        colours = ends[0] + (ends[1] - ends[0]) * loud[..., None].clip(0, 1)
        self.rgb = torch.from_numpy(colours.astype(np.float32))
        planes = self.rgb @ torch.from_numpy(TO_YUV).T + torch.from_numpy(OFFSET)
        self.light = planes[..., 0].contiguous()
        wide = planes.shape[1]
        even = planes if wide > 1 else planes.expand(-1, 2, -1)
        self.colours = F.avg_pool2d(even[..., 1:].permute(2, 0, 1)[None], 2)[0]

    def __call__(self, covered: np.ndarray) -> Picture:
        return _Drawn(self, torch.from_numpy(covered))


class _Drawn(Picture):
    """What is covered, in its colours. A new one comes with every frame: only what is asked for is worked out."""

    def __init__(self, paint: _Paint, alpha: Tensor):
        self._paint, self._covered = paint, alpha

    @property
    def rgb(self) -> Plane:
        """See `Picture`."""
        alpha = self._covered[..., None]
        return Plane.of(alpha * self._paint.rgb, (1 - alpha).expand(-1, -1, 3))

    @property
    def size(self) -> tuple[int, int]:
        """See `Picture`."""
        return self._covered.shape[1], self._covered.shape[0]

    def planes(self, odd: tuple[bool, bool]) -> tuple[Plane, Plane, Plane]:
        """See `Picture`; it lies on whole pixels of colour."""
        alpha, (blue, red) = self._covered, self._paint.colours
        coarse = F.avg_pool2d(alpha[None, None], 2)[0, 0]
        through = 1 - coarse
        light = Plane.of(alpha * self._paint.light, 1 - alpha)
        return light, Plane.of(coarse * blue, through), Plane.of(coarse * red, through)


def _bars(size: tuple[int, int], bars: int) -> tuple[Draw, int, np.ndarray]:
    """Bars from the middle up and down. Each height is drawn once; a frame is put together from those."""
    width, height = size
    bars = min(bars, max(2, width // LEAST_CELL))
    cell = width // bars
    radius = max(0.75, THICK * cell / 2)
    heights = np.linspace(2 * radius, max(2 * radius, height - 1), min(STEPS, height))
    x, y = np.abs(np.arange(cell) + 0.5 - cell / 2), np.abs(np.arange(height) + 0.5 - height / 2)
    beyond = np.maximum(0, y[None] - (heights[:, None] / 2 - radius))
    drawn = (0.5 + radius - np.hypot(x[None, None], beyond[..., None])).clip(0, 1).astype(np.float32)
    edge = (width - bars * cell) // 2

    def draw(heard: np.ndarray) -> np.ndarray:
        chosen = drawn[np.rint(heard[:bars] * (len(heights) - 1)).astype(int)]
        covered = np.zeros((height, width), np.float32)
        covered[:, edge : edge + bars * cell] = chosen.transpose(1, 0, 2).reshape(height, -1)
        return covered

    return draw, bars, (2 * y / height).astype(np.float32)[:, None]


def _line(size: tuple[int, int], points: int) -> tuple[Draw, int, np.ndarray]:
    """A smooth line that swings up and down, as far as it is loud there; it ends at rest."""
    width, height = size
    points = min(points, max(4, width // LEAST_CELL))
    basis = _spline(points, width)
    slopes = np.gradient(basis, axis=0)
    stroke = max(1.5, STROKE * height)
    swing = (np.sin(np.linspace(0, np.pi, points)) * (-1.0) ** np.arange(points)).astype(np.float32)
    swing *= (height - stroke - 2) / 2
    y = (np.arange(height) + 0.5 - height / 2).astype(np.float32)[:, None]

    def draw(heard: np.ndarray) -> np.ndarray:
        swung = heard[:points] * swing
        middle, steep = basis @ swung, 1 / np.sqrt(1 + (slopes @ swung) ** 2)
        covered = np.abs(y - middle)
        covered *= -steep
        covered += 0.5 + stroke / 2
        return covered.clip(0, 1, out=covered)

    return draw, points, np.abs(2 * y / height)


def _spline(points: int, width: int) -> np.ndarray:
    """Weights, float32 (width, points), of a smooth line through points at equal steps (Catmull and Rom, 1974)."""
    place = (np.arange(width) + 0.5) / width * (points - 1)
    first = place.astype(int)
    t = place - first
    near = ((2 - t) * t - 1) * t, (3 * t - 5) * t * t + 2, ((4 - 3 * t) * t + 1) * t, (t - 1) * t * t
    weights = np.zeros((width, points), np.float32)
    for offset, weight in zip((-1, 0, 1, 2), near, strict=True):
        np.add.at(weights, (np.arange(width), (first + offset).clip(0, points - 1)), weight / 2)
    return weights


def _circle(size: tuple[int, int], rays: int) -> tuple[Draw, int, np.ndarray]:
    """Rays around a circle. Only the places that a ray can reach are looked at."""
    side = min(size)
    inner, outer = RING * side / 2, side / 2 - 1
    rays = min(rays, max(8, int(2 * np.pi * inner / LEAST_CELL)))
    radius = max(0.75, THICK * np.pi * inner / rays)
    y, x = np.mgrid[:side, :side].astype(np.float32) + 0.5 - side / 2
    distance, turn = np.hypot(x, y), np.arctan2(x, y) / (2 * np.pi) + 0.5  # from the top, clockwise
    ray = np.floor(turn * rays).astype(np.int32) % rays
    aside = distance * np.sin((turn * rays - ray - 0.5) * 2 * np.pi / rays).astype(np.float32)
    reached = (np.abs(aside) < radius + 1) & (distance > inner - radius - 1) & (distance < outer + 1)
    places, of_ray = np.flatnonzero(reached), ray[reached]
    square, along = (aside**2)[reached], distance[reached]
    before = np.maximum(0, inner - along)

    def draw(heard: np.ndarray) -> np.ndarray:
        ends = inner + heard[:rays] * (outer - inner - radius)
        beyond = np.maximum(before, along - ends[of_ray])
        covered = np.zeros(side * side, np.float32)
        covered[places] = (0.5 + radius - np.sqrt(square + beyond * beyond)).clip(0, 1)
        return covered.reshape(side, side)

    return draw, rays, ((distance - inner) / max(1.0, outer - inner)).astype(np.float32)


_SHAPES = {"bars": _bars, "line": _line, "circle": _circle}
