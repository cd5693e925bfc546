"""Light and colour, in closed form, frame by frame; automatic levels that are steady over time."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vgan.recipe_steps import Grade
from vgan.runtime import in_parallel
from vgan.steps.around import Around
from vgan.steps.levels import Level, Levels
from vgan.steps.steady import LUMA

LIGHT = math.log(4)  # odds of light to dark, as logarithms, at either end of a field: brightness
WARMTH, TINT = 0.5, 0.4
FLATTEST = 0.35  # of the contrast that is left at -1; at 1 there is twice of it
BAND = 200_000  # values that are worked on at once: so many stay in a core's cache
PEEKS = (1.0, 0.4, 0.12, 0.04)  # seconds before a single frame at which its levels are looked for
SECONDS = {"cpu": 0.004, "cuda": 0.0004}  # see `vgan.steps.Kind`


@dataclass(frozen=True)
class Curve:
    """What is done to every pixel. odds: of light to dark are multiplied by these, for red, green and blue; gamma, and
    contrast: slope in the middle; saturation: 0 for none, 1 as it is, 2 for vivid."""

    odds: tuple[float, float, float] = (1.0, 1.0, 1.0)
    gamma: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0

    @classmethod
    def of(cls, step: Grade) -> "Curve":
        """What `step` asks for, as much of it as its strength says."""
        warm, tint = (amount * step.strength for amount in (WARMTH * step.temperature, TINT * step.tint))
        logs = (warm + tint, -tint, tint - warm)
        even = sum(weight * log for weight, log in zip(LUMA, logs, strict=True))  # a grey stays as light as it is
        light = LIGHT * step.brightness * step.strength
        red, green, blue = (math.exp(light + log - even) for log in logs)
        contrast = step.contrast * step.strength
        slope = 1 + contrast * (1 if contrast > 0 else 1 - FLATTEST)
        return cls((red, green, blue), step.gamma**step.strength, slope, 1 + step.saturation * step.strength)


def grade(chunks: Iterator[Tensor], step: Grade, around: Around) -> Iterator[Tensor]:
    """The pictures of `chunks` one by one, graded: (1, 3, H, W) float32. As they come where nothing is asked for."""
    curve, auto = Curve.of(step), step.auto * step.strength
    if curve == Curve() and not auto:
        yield from chunks
        return
    levels, seconds = Levels(), float(1 / around.extent.fps)

    def items() -> Iterator[tuple[Tensor, Level]]:
        for picture in (one for chunk in chunks for one in chunk.split(1)):
            yield picture, levels(picture, seconds).part(auto) if auto else Level()

    @torch.inference_mode()
    def draw(item: tuple[Tensor, Level]) -> Tensor:
        return graded(item[0], curve, item[1])

    yield from in_parallel(draw, items(), around.models.runtime.device)


def graded_at(step: Grade, around: Around, places: Sequence[int]) -> Tensor:
    """Single frames, with the levels that follow from some frames shortly before."""
    pictures, auto = around.at(places), step.auto * step.strength
    if not auto:
        return torch.cat(list(grade(iter([pictures]), step, around)))
    return torch.cat(
        [
            graded(picture, Curve.of(step), _level_at(picture, place % around.extent.frames, around).part(auto))
            for place, picture in zip(places, pictures.split(1), strict=True)
        ]
    )


def graded(picture: Tensor, curve: Curve, level: Level) -> Tensor:
    """`picture` (1, 3, H, W) in [-1, 1] under `curve`, its levels set first; float32 in [-1, 1].

    Black stays black and white white but for the levels and the contrast below 1: multiplied odds x / (1 - x) bend
    towards both ends and never reach them, so that nothing clips.
    """
    height, width = picture.shape[-2:]
    done = torch.empty_like(picture, dtype=torch.float32, memory_format=torch.contiguous_format)
    rows = max(1, BAND // (3 * width))
    for top in range(0, height, rows):
        done[0, :, top : top + rows] = _band(picture[0, :, top : top + rows], curve, level)
    return done


def _band(band: Tensor, curve: Curve, level: Level) -> Tensor:
    """Some rows (3, h, W) of a picture."""
    slope = level.gain / (level.white - level.black)
    x = torch.empty(band.shape, device=band.device)  # plane by plane, however the picture lies in memory
    torch.mul(band.float(), 0.5 * slope, out=x).add_(0.5 * slope - level.black * slope / level.gain).clamp_(0, 1)
    if curve.odds != (1.0, 1.0, 1.0):
        odds = torch.tensor(curve.odds, device=x.device)[:, None, None]
        below = torch.mul(x, odds - 1).add_(1)
        x.mul_(odds).div_(below)
    if curve.gamma != 1:
        x.pow_(1 / curve.gamma)
    x.mul_(2).sub_(1)
    if curve.contrast > 1:
        below = x.abs().mul_(curve.contrast - 1).add_(1)
        x.mul_(curve.contrast).div_(below)
    elif curve.contrast < 1:
        x.mul_(curve.contrast)
    return x if curve.saturation == 1 else _saturated(x, curve.saturation)


def _saturated(x: Tensor, saturation: float) -> Tensor:
    """Further from the grey of the same luma, or nearer. The more colour a place has, the less it gains."""
    red, green, blue = x
    luma = (red * LUMA[0]).add_(green, alpha=LUMA[1]).add_(blue, alpha=LUMA[2])
    amount: float | Tensor = saturation
    if saturation > 1:
        chroma = torch.maximum(torch.maximum(red, green), blue).sub_(torch.minimum(torch.minimum(red, green), blue))
        amount = chroma.mul_((1 - saturation) / 2).add_(saturation)  # chroma: 0 to 2
    return x.sub_(luma).mul_(amount).add_(luma).clamp_(-1, 1)


def _level_at(picture: Tensor, place: int, around: Around) -> Level:
    """The levels of a frame as a render has them, but for what lies further back. Remembered for the same picture."""
    asked = (place, picture[..., ::16, ::16].float().cpu().numpy().tobytes())
    if around.memory.get("graded") != asked:
        levels, back = Levels(), [round(seconds * float(around.extent.fps)) for seconds in PEEKS]
        earlier = sorted({place - frames for frames in back if 0 < frames <= place})
        seen = [*(around.at(earlier).split(1) if earlier else ()), picture]  # at once: they are close together
        places, level = [*earlier, place], Level()
        for before, now, one in zip([places[0], *places], places, seen, strict=False):
            level = levels(one, float((now - before) / around.extent.fps))
        around.memory.update(graded=asked, level=level)
    found: Level = around.memory["level"]
    return found
