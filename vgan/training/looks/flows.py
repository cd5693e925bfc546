"""Looks that flow: one field bent by another, then coloured."""

import torch
from torch import Tensor

from vgan.training.looks.fields import Draw, Field, Plane, mix, ramp, smoothstep, tint


def silk(draw: Draw, at: Plane) -> Tensor:
    """Folded cloth with a soft sheen."""
    zoom, hue, lively = draw.log_uniform(0.6, 1.6), draw.uniform(0, 1), draw.uniform(0, 1)
    bend = Field(draw, 0.8 * zoom, lively=lively)
    angle, folds = draw.uniform(0, 3.14), draw.uniform(0.8, 2.0) * zoom
    along = at.x * torch.cos(torch.tensor(angle)) + at.y * torch.sin(torch.tensor(angle))
    height = along * folds + draw.uniform(0.25, 0.5) * bend(at.x, at.y, at.t)
    shade = 0.5 + 0.5 * torch.sin(2 * torch.pi * height)
    sheen = shade**7
    base = ramp(shade, tint(hue + 0.06, 0.85, 0.12), tint(hue, 0.8, 0.5), tint(hue - 0.04, 0.65, 0.8))
    return mix(base, tint(hue - 0.05, 0.22, 1.0), sheen * 0.75)


def ink(draw: Draw, at: Plane) -> Tensor:
    """Plumes of ink in clear water: dark colour on light ground."""
    zoom, hue, lively = draw.log_uniform(0.6, 1.6), draw.uniform(0, 1), draw.uniform(0, 1)
    curl = [Field(draw, 1.1 * zoom, lively=lively) for _ in range(2)]
    body = Field(draw, 0.9 * zoom, modes=6, lively=lively)
    reach = draw.uniform(0.1, 0.3) / zoom
    x, y = (axis + reach * field(at.x, at.y, at.t) for axis, field in zip((at.x, at.y), curl, strict=True))
    density = body(x, y, at.t) + 0.35 * curl[0](1.9 * x, 1.9 * y, at.t)
    edge = draw.uniform(-0.5, 0.6)
    wash = smoothstep(edge - 0.55, edge + 0.75, density)
    core = smoothstep(edge + 0.1, edge + 1.1, density)
    water = tint(hue + draw.uniform(-0.1, 0.1), 0.07, 0.97)
    return mix(mix(water, tint(hue, 0.62, 0.85), wash), tint(hue + draw.uniform(0.03, 0.12), 0.92, 0.38), core)


def liquid(draw: Draw, at: Plane) -> Tensor:
    """A soft gradient that never holds still."""
    zoom, hue, lively = draw.log_uniform(0.6, 1.6), draw.uniform(0, 1), draw.uniform(0, 1)
    bend = Field(draw, 0.5 * zoom, lively=lively)
    first, second = (Field(draw, 0.5 * zoom, modes=6, lively=lively) for _ in range(2))
    reach = 0.25 / zoom
    x, y = at.x + reach * bend(at.x, at.y, at.t), at.y + reach * bend(at.y, at.x, at.t)
    a, b = 0.5 + 0.4 * first(x, y, at.t), 0.5 + 0.4 * second(x, y, at.t)
    span = draw.uniform(0.1, 0.3)
    vivid = draw.uniform(0.45, 0.95)
    colour = ramp(a, tint(hue - span, vivid, 0.55), tint(hue, vivid, 0.95), tint(hue + span, vivid * 0.7, 1.0))
    return mix(colour, tint(hue + span / 2, 0.15, 1.0), 0.7 * smoothstep(0.45, 1.1, b))


def caustics(draw: Draw, at: Plane) -> Tensor:
    """The net of light on the floor of a pool."""
    zoom, hue, lively = draw.log_uniform(0.6, 1.6), draw.uniform(0, 1), draw.uniform(0, 1)
    bend = [Field(draw, 1.3 * zoom, lively=lively) for _ in range(2)]
    nets = [Field(draw, (1.1 + 0.4 * i) * zoom, modes=7, lively=lively) for i in range(2)]
    reach = draw.uniform(0.06, 0.16) / zoom
    x, y = (axis + reach * field(at.x, at.y, at.t) for axis, field in zip((at.x, at.y), bend, strict=True))
    sharp = draw.uniform(3.0, 6.0)
    light = torch.stack([torch.exp(-sharp * net(x, y, at.t).abs()) for net in nets]).sum(0)
    glow = torch.exp(-1.2 * nets[0](x, y, at.t).abs())
    floor = ramp(glow, tint(hue + 0.03, 0.9, 0.2), tint(hue, 0.85, 0.5))
    return mix(floor, tint(hue - 0.03, 0.18, 1.0), (light * draw.uniform(0.6, 0.95)).clamp(0, 1))


def marble(draw: Draw, at: Plane) -> Tensor:
    """Polished stone with dark and golden veins."""
    zoom, hue, lively = draw.log_uniform(0.6, 1.6), draw.uniform(0, 1), draw.uniform(0, 1)
    bend, fine = Field(draw, 0.9 * zoom, lively=lively), Field(draw, 2.2 * zoom, lively=lively)
    angle, bands = torch.tensor(draw.uniform(0.4, 1.2)), draw.uniform(0.7, 1.5) * zoom
    turbulence = 0.55 * bend(at.x, at.y, at.t) + draw.uniform(0.08, 0.22) * fine(at.x, at.y, at.t)
    along = (at.x * torch.cos(angle) + at.y * torch.sin(angle)) * bands + turbulence
    vein = torch.exp(-draw.uniform(5, 9) * torch.sin(torch.pi * along).abs())
    gold = torch.exp(-14 * torch.sin(torch.pi * (along + 0.42)).abs())
    stone = ramp(0.5 + 0.5 * torch.cos(2 * torch.pi * along), tint(hue, 0.38, 0.62), tint(hue, 0.14, 0.93))
    stone = mix(stone, tint(hue + 0.02, 0.6, 0.2), vein * 0.9)
    return mix(stone, tint(hue + 0.45, 0.55, 0.85), gold * 0.8)


def clouds(draw: Draw, at: Plane) -> Tensor:
    """Lit cloud against a deep sky."""
    zoom, hue, lively = draw.log_uniform(0.6, 1.6), draw.uniform(0, 1), draw.uniform(0, 1)
    octaves = [Field(draw, f * zoom, stretch=(0.8, 1.25), lively=lively) for f in (0.6, 1.4, 3.0)]
    rough = draw.uniform(0.25, 0.6)
    lift = 0.06 / zoom
    density = torch.stack([rough**i * octave(at.x, at.y, at.t) for i, octave in enumerate(octaves)]).sum(0)
    above = torch.stack([rough**i * octave(at.x, at.y - lift, at.t) for i, octave in enumerate(octaves)]).sum(0)
    cover = draw.uniform(-0.5, 0.5)
    body = smoothstep(cover - 0.3, cover + 0.8, density)
    lit = (0.55 + 0.6 * (density - above)).clamp(0, 1)
    sky = ramp((at.y / at.tall).expand_as(density), tint(hue, 0.8, 0.42), tint(hue - 0.04, 0.6, 0.78))
    return mix(sky, ramp(lit, tint(hue + 0.05, 0.35, 0.55), tint(hue + 0.08, 0.06, 1.0)), body * 0.95)
