"""Looks with a direction: curtains, layers, lines."""

import torch
from torch import Tensor

from vgan.training.looks.fields import Draw, Field, Plane, hsv, mix, ramp, smoothstep, tint


def aurora(draw: Draw, at: Plane) -> Tensor:
    """Curtains of light over a night sky, bright at the hem, fading upwards."""
    zoom, hue, lively = draw.log_uniform(0.6, 1.6), draw.uniform(0, 1), draw.uniform(0, 1)
    sway = Field(draw, 0.7 * zoom, stretch=(1.0, 0.5), lively=lively)
    rays = Field(draw, 3.2 * zoom, modes=10, stretch=(1.0, 0.04), lively=lively)
    glow, light = at.y / at.tall, torch.zeros(())
    for layer in range(2):
        hem = Field(draw, 0.7 * zoom, modes=6, stretch=(1.0, 0.0), lively=lively)
        x = at.x + (0.16 / zoom) * sway(at.x + layer, at.y, at.t)
        edge = at.tall * (draw.uniform(0.55, 0.9) - 0.25 * layer) + 0.13 * hem(x, at.y * 0, at.t)
        above = edge - at.y
        height = draw.uniform(0.28, 0.6) * at.tall
        curtain = torch.sigmoid(above * 28) * torch.exp(-above.clamp_min(0) / height)
        light = light + curtain * (0.62 + 0.38 * rays(x, at.y, at.t)).clamp_min(0.06)
    sky = ramp(glow, tint(hue + 0.12, 0.8, 0.05), tint(hue + 0.06, 0.7, 0.14))
    colour = hsv(hue + 0.22 * (0.75 - glow), torch.tensor(0.75), torch.tensor(1.0))
    return (sky + colour * (light * draw.uniform(0.7, 1.05)).unsqueeze(-3)).clamp(0, 1)


def waves(draw: Draw, at: Plane) -> Tensor:
    """Layers of paper sea, light at the back and deep in front."""
    zoom, hue, lively = draw.log_uniform(0.6, 1.6), draw.uniform(0, 1), draw.uniform(0, 1)
    layers = draw.whole(4, 8)
    swell = draw.uniform(0.03, 0.075)
    picture = ramp(
        (at.y / at.tall).expand(at.t.shape[0], *at.y.shape[-2:]), tint(hue - 0.08, 0.35, 0.98), tint(hue, 0.3, 0.9)
    )
    for layer in range(layers):
        depth = (layer + 1) / layers
        crest = Field(draw, (0.6 + 0.5 * depth) * zoom, modes=5, stretch=(1.0, 0.0), lively=lively)
        edge = at.tall * (0.12 + 0.85 * layer / layers) + swell * crest(at.x, at.y * 0, at.t)
        below = at.y - edge
        colour = ramp(
            (1 - below * 3).clamp(0, 1),
            tint(hue + 0.04 * depth, 0.85, 0.9 - 0.72 * depth),
            tint(hue, 0.55, 1 - 0.62 * depth),
        )
        picture = mix(picture, colour, smoothstep(-0.006, 0.006, below))
    return picture


def neon(draw: Draw, at: Plane) -> Tensor:
    """A glowing grid on a dark, bending surface."""
    zoom, hue, lively = draw.log_uniform(0.6, 1.6), draw.uniform(0, 1), draw.uniform(0, 1)
    bend = [Field(draw, 0.6 * zoom, modes=6, lively=lively) for _ in range(2)]
    cells, reach = draw.uniform(2.6, 4.2) * zoom, draw.uniform(0.05, 0.13) / zoom
    glow, core = torch.zeros(()), torch.zeros(())
    for axis, field in zip((at.x, at.y), bend, strict=True):
        distance = torch.sin(torch.pi * cells * (axis + reach * field(at.x, at.y, at.t))).abs() / cells
        glow = glow + torch.exp(-distance * draw.uniform(10, 18))
        core = core + torch.exp(-((distance / 0.02) ** 2))
    pulse = 0.75 + 0.25 * Field(draw, 0.7 * zoom, modes=5, lively=1.0)(at.x, at.y, at.t)
    ground = ramp((at.y / at.tall).expand_as(glow), tint(hue + 0.1, 0.9, 0.05), tint(hue + 0.18, 0.85, 0.2))
    lit = mix(ground, tint(hue, 0.9, 0.85), (glow * 0.5 * pulse).clamp(0, 1))
    return mix(lit, tint(hue - 0.03, 0.2, 1.0), (core * pulse).clamp(0, 1) * 0.9)
