"""The loop generator: one latent, drawn at any aspect, that plays as a seamless loop.

What it takes from whom: style modulation from StyleGAN2 (Karras et al. 2020), Fourier features instead of a learned
constant from Alias-Free GAN (Karras et al. 2021), a periodic motion code in place of StyleGAN-V's acyclic one
(Skorokhodov et al. 2022), RGB summed over levels from StyleGAN2's skip generator. Ours is the base: Fourier features
whose plane is bent by a first set of Fourier features, the way that flowing pictures are made by hand.
"""

from dataclasses import asdict, dataclass
from itertools import pairwise
from math import pi

import torch
from torch import Tensor, nn

from vgan.models.layers import ModulatedConv, activate, double
from vgan.models.motion import Motion

GROUPS = 4  # independent bends of the plane


@dataclass(frozen=True)
class LoopParams:
    """Sizes of a LoopGenerator. `channels` are those of the base and then of each level, twice as fine as the last;
    `last_convs` the convolutions of the finest one, which costs as much as all the others."""

    looks: tuple[str, ...]
    latent: int = 64
    attributes: int = 8
    style: int = 128
    motion: int = 16
    base: int = 32
    bend_waves: int = 64
    waves: int = 128
    channels: tuple[int, ...] = (80, 40, 24, 16)
    base_convs: int = 3
    last_convs: int = 2

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


def encode_shares(shares: Tensor) -> Tensor:
    """Attribute sliders (B, 7), shares of each look's range with hue in turns first, as network input (B, 8): hue as a
    point on the circle, the others in [-1, 1]."""
    turn = 2 * pi * shares[:, :1]
    return torch.cat([turn.cos(), turn.sin(), shares[:, 1:] * 2 - 1], dim=1)


def _wave_vectors(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    """(count, 2) cycles per short side, log-uniform in length; one in four lies along x, one in four along y."""
    length = low * (high / low) ** torch.rand(count, generator=generator)
    angle = 2 * pi * torch.rand(count, generator=generator)
    index = torch.arange(count) % 4
    angle = torch.where(index == 0, 0.0, torch.where(index == 1, pi / 2, angle))
    return torch.stack([length * angle.cos(), length * angle.sin()], dim=1)


class Waves(nn.Module):
    """Plane waves sin(2 pi (k.x + n t) + p): k learned, n whole, p from the style."""

    cycles: Tensor

    def __init__(self, count: int, low: float, high: float, style: int):
        super().__init__()
        generator = torch.Generator().manual_seed(count)
        self.k = nn.Parameter(_wave_vectors(count, low, high, generator))
        # Half of the waves stand still, so that calm pictures are as easy as lively ones.
        self.register_buffer(
            "cycles", torch.randint(-2, 3, (count,), generator=generator).float() * (torch.arange(count) % 8 < 5)
        )
        self.phase = nn.Linear(style, count)
        nn.init.normal_(self.phase.weight, std=0.5 / style**0.5)

    def forward(self, plane: Tensor, time: Tensor, style: Tensor, shift: Tensor | None = None) -> Tensor:
        """plane: (N, groups, 2, h, w), groups sharing the waves evenly; time: (N,); style (N, S); shift: (N, count)
        radians, added to the phases.

        Returns (N, count, h, w).
        """
        k = self.k.unflatten(0, (plane.shape[1], -1)) * (2 * pi)
        angle = torch.einsum("ngchw,gkc->ngkhw", plane, k).flatten(1, 2)
        phase = 2 * pi * time[:, None] * self.cycles + self.phase(style)
        if shift is not None:
            phase = phase + shift
        return torch.sin(angle + phase[:, :, None, None])


class Base(nn.Module):
    """The coarsest level: bent Fourier features of a grid, and where up and down are."""

    def __init__(self, params: LoopParams):
        super().__init__()
        self.zoom = nn.Linear(params.style, 1)
        self.bending = Waves(params.bend_waves, 0.25, 3.0, params.style)
        self.bend = ModulatedConv(params.bend_waves, 2 * GROUPS, 1, params.style, demodulate=False)
        nn.init.normal_(self.bend.weight, std=0.06 / params.bend_waves**0.5)
        self.waves = Waves(params.waves, 0.3, 5.0, params.style)
        self.mix = ModulatedConv(params.waves + 4, params.channels[0], 1, params.style)

    def forward(
        self,
        style: Tensor,
        time: Tensor,
        offset: Tensor,
        cells: tuple[int, int],
        margin: int = 0,
        mixing: Tensor | None = None,
        shifts: Tensor | None = None,
    ) -> Tensor:
        """style: (N, S); time: (N,) loops; offset (N, 2) short sides; cells: (h, w) of the scene.

        margin: cells drawn beyond the scene on each side. mixing: (N, S), the style of the last layer, where it has one
        of its own. shifts: (N, bend_waves + waves), see `Waves`. Returns (N, C, h + 2 margin, w + 2 margin) float32.
        """
        height, width = cells
        short = min(cells)
        y = (torch.arange(-margin, height + margin, device=style.device) + 0.5 - height / 2) / short
        x = (torch.arange(-margin, width + margin, device=style.device) + 0.5 - width / 2) / short
        grid = torch.stack(torch.meshgrid(x, y, indexing="xy"))
        zoom = torch.exp2(torch.tanh(self.zoom(style)))[:, :, None, None]
        plane = (grid * zoom + offset[:, :, None, None])[:, None]
        bent, waved = (None, None) if shifts is None else shifts.split([len(self.bending.k), len(self.waves.k)], 1)
        bend = self.bend(self.bending(plane, time, style, bent), style, active=False).unflatten(1, (GROUPS, 2))
        features = self.waves(plane + bend, time, style, waved)
        down = (y * (2 * short / height))[:, None].expand(grid.shape[1:])
        place = torch.stack([down, down.square(), down**3, torch.ones_like(down)]).expand(len(style), -1, -1, -1)
        return self.mix(torch.cat([features, place], dim=1), style if mixing is None else mixing)


class Level(nn.Module):
    """Convolutions at twice the last size, and a residual to the picture."""

    def __init__(self, channels_in: int, channels: int, style: int, convs: int = 2):
        super().__init__()
        self.narrow = nn.Conv2d(channels_in, channels, 1)
        self.convs = nn.ModuleList(ModulatedConv(channels, channels, 3, style) for _ in range(convs))
        self.rgb = _rgb(channels, style)

    def forward(self, x: Tensor, picture: Tensor, style: Tensor) -> tuple[Tensor, Tensor]:
        x = double(self.narrow(x))
        for conv in self.convs:
            x = conv(x, style)
        return x, double(picture) + self.rgb(x, style, active=False)


def _rgb(channels: int, style: int) -> ModulatedConv:
    layer = ModulatedConv(channels, 3, 1, style, demodulate=False)
    with torch.no_grad():  # small, and no tanh after it: a saturated output stops learning within minutes
        layer.weight.mul_(0.2)
    return layer


class LoopGenerator(nn.Module):
    """mapping(z, look, attributes) -> w, then synthesis(w, motion, time) -> pictures.

    conditional: it listens to named attributes, as some of the `VideoGenerator`s do.
    """

    conditional = True

    def __init__(self, params: LoopParams):
        super().__init__()
        self.params = params
        style, narrow = params.style, 32
        self.look = nn.Embedding(len(params.looks), narrow)
        self.condition = nn.Linear(narrow + params.attributes, style)
        self.mapper = nn.Sequential(
            nn.Linear(params.latent + narrow + params.attributes, style),
            nn.LeakyReLU(0.2),
            nn.Linear(style, style),
            nn.LeakyReLU(0.2),
            nn.Linear(style, style),
        )
        self.motion = nn.Linear(params.motion, style, bias=False)
        nn.init.normal_(self.motion.weight, std=0.1 / params.motion**0.5)
        first = params.channels[0]
        self.base = Base(params)
        self.base_convs = nn.ModuleList(ModulatedConv(first, first, 3, style) for _ in range(params.base_convs))
        self.base_rgb = _rgb(first, style)
        convs = [2] * (len(params.channels) - 2) + [params.last_convs]
        self.levels = nn.ModuleList(
            Level(coarse, fine, style, count)
            for (coarse, fine), count in zip(pairwise(params.channels), convs, strict=False)
        )

    def mapping(self, z: Tensor, look: Tensor, attributes: Tensor) -> Tensor:
        """z: (B, latent) ~ N(0, 1), z = 0 is the look's centre; look: (B,) indices; attributes: (B, 8) encoded shares.

        Returns the style w, (B, style).
        """
        given = torch.cat([self.look(look), attributes], dim=1)
        w = self.condition(given) + self.mapper(torch.cat([z, given], dim=1))
        return activate(w)

    def style(self, w: Tensor, code: Tensor) -> Tensor:
        """w: (N, style) or (N, parts, style); code: (N, motion). The style of one frame each, of the shape of w."""
        moved = self.motion(code)
        return w + (moved[:, None] if w.ndim == 3 else moved)

    @property
    def parts(self) -> int:
        """How many layers, or groups of them, can have a style of their own: the waves, what mixes them, each
        convolution of the base, each level."""
        return 2 + len(self.base_convs) + len(self.levels)

    @property
    def waves(self) -> int:
        """How many waves there are whose phases can be shifted: those that bend the plane, then those that draw."""
        return len(self.base.bending.k) + len(self.base.waves.k)

    def shifts(self, offset: Tensor) -> Tensor:
        """Phases (N, waves) in radians that show the same part of the plane as `offset` (N, 2) does."""
        return 2 * pi * offset @ torch.cat([self.base.bending.k, self.base.waves.k]).t()

    def first(
        self,
        style: Tensor,
        time: Tensor,
        offset: Tensor,
        cells: tuple[int, int],
        margin: int = 0,
        shifts: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Features and picture at the base: ((N, C, h, w), (N, 3, h, w)). See `Base.forward` and `synthesis`."""
        plane, mixing, *convs = self._by_part(style)
        with torch.autocast(style.device.type, enabled=False):  # phases of far offsets need the digits
            x = self.base(plane.float(), time.float(), offset.float(), cells, margin, mixing.float(), shifts)
        if torch.is_autocast_enabled(style.device.type):
            x = x.to(torch.get_autocast_dtype(style.device.type))
        x = x.to(memory_format=torch.channels_last)
        last = mixing
        for conv, last in zip(self.base_convs, convs, strict=False):
            x = conv(x, last)
        return x, self.base_rgb(x, last, active=False)

    def _by_part(self, style: Tensor) -> tuple[Tensor, ...]:
        """The style (N, S) of each of `parts`, of one for all (N, S) or one for each (N, parts, S)."""
        return style.unbind(1) if style.ndim == 3 else (style,) * self.parts

    def synthesis(
        self,
        w: Tensor,
        code: Tensor,
        time: Tensor,
        offset: Tensor,
        cells: tuple[int, int],
        levels: int | None = None,
        margin: int = 0,
        shifts: Tensor | None = None,
    ) -> Tensor:
        """Frames, each with its own w (N, style), motion code (N, M), time (N,) in loops, and offset (N, 2).

        w may have a style for each of `parts`, (N, parts, style). shifts: (N, waves), radians added to the phases.

        cells: (h, w) of the base grid, the shorter one `params.base`. levels: how many to draw, default all; each
        doubles the size. margin: cells drawn beyond the scene and cut off again, so that its border shows no trace of
        reflect padding. Returns (N, 3, h * 2**levels, w * 2**levels), in [-1, 1] up to overshoot.
        """
        style = self.style(w, code)
        x, picture = self.first(style, time, offset, cells, margin, shifts)
        own = self._by_part(style)[2 + len(self.base_convs) :]
        for level, one in zip(self.levels[:levels], own, strict=False):
            x, picture = level(x, picture, one)
        cut = margin * picture.shape[-1] // (cells[1] + 2 * margin)
        return picture[:, :, cut : picture.shape[-2] - cut, cut : picture.shape[-1] - cut]

    def cells(self, wide: float, tall: float) -> tuple[int, int]:
        """(h, w) of the base grid for an aspect of `wide` to `tall`."""
        unit = self.params.base / min(wide, tall)
        return round(tall * unit), round(wide * unit)

    def forward(self, z: Tensor, look: Tensor, attributes: Tensor, motion: Motion, times: Tensor) -> Tensor:
        """Whole clips, square: z (B, latent), times (B, T). Returns (B, T, 3, H, W)."""
        count = times.shape[1]
        w = self.mapping(z, look, attributes).repeat_interleave(count, 0)
        frames = self.synthesis(
            w,
            motion.code(times).flatten(0, 1),
            times.flatten(),
            motion.offset.repeat_interleave(count, 0),
            self.cells(1, 1),
        )
        return frames.unflatten(0, times.shape)
