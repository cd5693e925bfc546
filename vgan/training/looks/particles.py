"""Looks of many small things: each follows a closed path, so that the whole scene loops."""

import torch
from torch import Tensor

from vgan.training.looks.fields import Draw, Field, Plane, hsv, mix, ramp, smoothstep, tint

MARGIN = 0.25  # things start this far outside the scene, so that its border is as busy as its middle


def _count(draw: Draw, at: Plane, per_unit: float) -> int:
    return max(3, round(per_unit * (at.wide + 2 * MARGIN) * (at.tall + 2 * MARGIN)))


def _spread(draw: Draw, at: Plane, count: int) -> tuple[Tensor, Tensor]:
    return draw.many(count, -MARGIN, at.wide + MARGIN), draw.many(count, -MARGIN, at.tall + MARGIN)


def bokeh(draw: Draw, at: Plane) -> Tensor:
    """Lights out of focus, drifting."""
    zoom, hue, lively = draw.log_uniform(0.65, 1.5), draw.uniform(0, 1), draw.uniform(0, 1)
    count = _count(draw, at, draw.uniform(5, 16) * zoom**2)
    x0, y0 = _spread(draw, at, count)
    radius = draw.many(count, 0.06, 0.15) / zoom
    sway, phase, n = (
        (0.02 + 0.16 * lively * draw.many(count)),
        draw.many(count),
        draw.waves(count, 1, 1 + round(lively)),
    )
    hues, alpha = hue + draw.uniform(0.02, 0.09) * draw.normal(count), draw.many(count, 0.25, 0.8)
    picture = ramp(
        (at.y / at.tall).expand(at.t.shape[0], *at.y.shape[-2:]), tint(hue + 0.04, 0.75, 0.06), tint(hue, 0.7, 0.2)
    )
    for i in range(count):
        turn = 2 * torch.pi * (float(n[i]) * at.t + float(phase[i]))
        dx, dy = (
            at.x - float(x0[i]) - float(sway[i]) * torch.cos(turn),
            at.y - float(y0[i]) - float(sway[i]) * torch.sin(turn),
        )
        distance = (dx.square() + dy.square()).sqrt() / float(radius[i])
        disc = smoothstep(1.0, 0.82, distance) * (0.72 + 0.28 * smoothstep(0.4, 0.95, distance))
        twinkle = 0.75 + 0.25 * torch.sin(turn * 1.0 + 1.0)
        picture = picture + tint(float(hues[i]) % 1, 0.6, 1.0) * (disc * twinkle * float(alpha[i])).unsqueeze(-3) * (
            1 - 0.6 * picture
        )
    return picture.clamp(0, 1)


def embers(draw: Draw, at: Plane) -> Tensor:
    """Sparks rising from a glow below."""
    zoom, hue, lively = draw.log_uniform(0.65, 1.5), draw.uniform(0, 1), draw.uniform(0, 1)
    count = _count(draw, at, draw.uniform(14, 36) * zoom)
    x0, y0 = _spread(draw, at, count)
    size = draw.many(count, 0.012, 0.03) / zoom
    rise = torch.where(draw.many(count) < 0.25 + 0.75 * lively, 1.0, 0.0)
    sway, phase = draw.many(count, 0.01, 0.06), draw.many(count)
    haze = Field(draw, 0.9 * zoom, stretch=(1.0, 0.7), lively=lively)
    heat = (at.y / at.tall) ** 1.6 * (0.75 + 0.3 * haze(at.x, at.y, at.t))
    picture = ramp(
        heat * draw.uniform(0.6, 1.0), tint(hue - 0.05, 0.9, 0.03), tint(hue - 0.02, 0.92, 0.3), tint(hue, 0.85, 0.75)
    )
    light, span = torch.zeros(()), at.tall + 2 * MARGIN
    for i in range(count):
        turn = 2 * torch.pi * (at.t + float(phase[i]))
        y = (float(y0[i]) + MARGIN - float(rise[i]) * span * at.t).remainder(span) - MARGIN
        y = y + float(sway[i]) * torch.sin(turn) * (1 - float(rise[i]))
        squared = ((at.x - float(x0[i]) - float(sway[i]) * torch.cos(turn)).square() + (at.y - y).square()) / float(
            size[i]
        ) ** 2
        light = light + (0.7 + 0.3 * torch.sin(turn + 2)) * (torch.exp(-squared) + 0.16 * torch.exp(-squared / 10))
    spark = ramp(light.clamp(0, 1), tint(hue, 0.9, 0.0), tint(hue + 0.03, 0.85, 1.0), tint(hue + 0.1, 0.25, 1.0))
    return (picture + spark * light.clamp(0, 1).unsqueeze(-3)).clamp(0, 1)


def confetti(draw: Draw, at: Plane) -> Tensor:
    """Paper pieces tumbling over a plain ground."""
    zoom, hue, lively = draw.log_uniform(0.65, 1.5), draw.uniform(0, 1), draw.uniform(0, 1)
    count = _count(draw, at, draw.uniform(10, 26) * zoom**1.5)
    x0, y0 = _spread(draw, at, count)
    long, short = draw.many(count, 0.045, 0.08) / zoom, draw.many(count, 0.022, 0.042) / zoom
    falls = torch.where(draw.many(count) < lively, 1.0, 0.0)
    spin, phase, sway = draw.waves(count, 1, 2), draw.many(count), draw.many(count, 0.01, 0.05)
    family = torch.tensor([0.0, 0.0, 0.08, 0.5, -0.1])[(draw.many(count) * 5).long()]
    paper = hsv(
        (hue + family + 0.02 * draw.normal(count)).remainder(1), draw.many(count, 0.6, 0.9), draw.many(count, 0.75, 1.0)
    )
    picture = ramp(
        (at.y / at.tall).expand(at.t.shape[0], *at.y.shape[-2:]), tint(hue, 0.25, 0.95), tint(hue + 0.04, 0.4, 0.8)
    )
    span = at.tall + 2 * MARGIN
    for i in range(count):
        turn = 2 * torch.pi * (float(spin[i]) * at.t + float(phase[i]))
        y = (float(y0[i]) + MARGIN + float(falls[i]) * span * at.t).remainder(span) - MARGIN
        dx, dy = at.x - float(x0[i]) - float(sway[i]) * torch.cos(turn), at.y - y - float(sway[i]) * torch.sin(turn)
        lean = torch.pi * float(phase[i]) * 7 + 0.6 * torch.sin(turn)
        u, v = dx * torch.cos(lean) + dy * torch.sin(lean), dy * torch.cos(lean) - dx * torch.sin(lean)
        flip = 0.35 + 0.65 * torch.cos(turn).abs()  # seen edge-on twice a tumble
        inside = smoothstep(0.006, -0.006, u.abs() - float(long[i])) * smoothstep(
            0.006, -0.006, v.abs() - float(short[i]) * flip
        )
        picture = mix(picture, paper[:, i].view(3, 1, 1) * (0.65 + 0.35 * flip.unsqueeze(-3)), inside)
    return picture
