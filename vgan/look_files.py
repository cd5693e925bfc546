"""The generators that looks play, built from files: in our own format, or as somebody else published them."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from vgan.errors import WeightsError
from vgan.models.config import params_from
from vgan.models.generators import fastgan_checkpoint, public
from vgan.models.generators.fastgan import FastGAN
from vgan.models.generators.loop import LoopGenerator, LoopParams, encode_shares
from vgan.models.generators.stylegan2 import PREVIEW, StyleGAN2
from vgan.models.generators.video import Given, VideoGenerator
from vgan.models.video_families import VIDEO_FAMILIES

State = dict[str, Tensor]
LEAST_LATENT = fastgan_checkpoint.LEAST_LATENT
LARGEST_SIDE = 1024  # of a loop model's own square pictures, pixels
LOOP_LIMITS = {"looks": 256, "base": 128, "base_convs": 8, "last_convs": 8, "channels": 6}
VIDEO_SIDES = (16, 32, 64, 128, 256, 512)
VIDEO_LIMITS = {"labels": 256, "side": VIDEO_SIDES[-1], "frames": 64, "motion": 256, "width": 256}
LEAST_FRAMES = 4


def sizes(config: Mapping[str, Any] | None, family: str, whose: str) -> Any:
    """`params` of a config.json that says the right family. Raises WeightsError."""
    if config is None or config.get("family") != family:
        found = "missing" if config is None else f"{str(config.get('family'))[:80]!r}"
        raise WeightsError(f"config.json: family is {found}; {whose} says {family!r}.")
    return config.get("params")


def build_loop(config: Mapping[str, Any] | None, state: State) -> tuple[nn.Module, State]:
    """A LoopGenerator on the meta device, and its tensors. Raises WeightsError, as all of these do."""
    params = params_from(LoopParams, sizes(config, "loop", "a repository of looks"), LOOP_LIMITS)
    side = params.base * 2 ** (len(params.channels) - 1)
    if side > LARGEST_SIDE:
        raise WeightsError(f"config.json: base and channels make pictures of {side} px; allowed: up to {LARGEST_SIDE}.")
    if params.style < LEAST_LATENT:
        raise WeightsError(f"config.json: params.style is {params.style}; allowed: {LEAST_LATENT} or more.")
    with torch.device("meta"):
        return LoopGenerator(params), state


def build_look(config: Mapping[str, Any] | None, state: State) -> tuple[nn.Module, State]:
    """A generator of whatever family the config.json says: a row of VIDEO_FAMILIES, or the loop generator itself, whose
    looks are called looks; as one of the families it has labels like all of them."""
    family, params = (None, None) if config is None else (config.get("family"), config.get("params"))
    if family == "loop" and not (isinstance(params, dict) and "labels" in params):
        return build_loop(config, state)
    if not isinstance(family, str) or family not in VIDEO_FAMILIES:
        families = ", ".join(["loop", *(name for name in VIDEO_FAMILIES if name != "loop")])
        found = "missing" if config is None else f"{str(family)[:80]!r}"
        raise WeightsError(f"config.json: family is {found}; a look's is one of {families}.")
    row = VIDEO_FAMILIES[family]
    params = params_from(row.params, sizes(config, family, "it"), VIDEO_LIMITS)
    if params.side not in VIDEO_SIDES:
        raise WeightsError(
            f"config.json: params.side is {params.side}; allowed: {', '.join(str(side) for side in VIDEO_SIDES)}."
        )
    for name, least in (("frames", LEAST_FRAMES), ("latent", LEAST_LATENT)):
        if getattr(params, name) < least:
            raise WeightsError(f"config.json: params.{name} is {getattr(params, name)}; allowed: {least} or more.")
    try:
        with torch.device("meta"):
            return row.generator(params), state
    except (ValueError, TypeError, IndexError, RuntimeError, ArithmeticError) as error:
        raise WeightsError(f"config.json: no {family} generator has these params ({str(error)[:160]}).") from error


def build_fastgan(config: Mapping[str, Any] | None, state: State) -> tuple[nn.Module, State]:
    """A FastGAN, of either layout."""
    return fastgan_checkpoint.from_checkpoint(state)


def build_look_file(config: Mapping[str, Any] | None, state: State) -> tuple[nn.Module, State]:
    """A public checkpoint, recognised by its keys."""
    return public.from_checkpoint(state)


def look_picture(model: nn.Module) -> Tensor:
    """One picture (1, C, H, W) of a generator that was loaded, as proof that it draws."""
    for cls, picture in _PICTURES.items():
        if isinstance(model, cls):
            drawn: Tensor = picture(model)
            return drawn
    raise WeightsError(f"{type(model).__name__} is no generator that plays a look.")


def _loop_picture(model: LoopGenerator) -> Tensor:
    def zeros(*shape: int) -> Tensor:
        return torch.zeros(*shape, device=model.look.weight.device)

    params = model.params
    w = model.mapping(zeros(1, params.latent), zeros(1).long(), encode_shares(zeros(1, 7)))
    return model.synthesis(w, zeros(1, params.motion), zeros(1), zeros(1, 2), model.cells(1, 1))


def _fastgan_picture(model: FastGAN) -> Tensor:
    z = torch.randn(1, model.params.z_dim, generator=torch.Generator().manual_seed(0))
    return model(z.to(model.small.weight.device), size="small")


def _stylegan2_picture(model: StyleGAN2) -> Tensor:
    z = torch.randn(1, model.params.style, generator=torch.Generator().manual_seed(0))
    return model.synthesis(model.mapping(z.to(model.mean.device)), side=min(PREVIEW, model.params.size))


def _video_picture(model: VideoGenerator) -> Tensor:
    device = next(model.parameters()).device
    noise = model.draw(1, torch.Generator().manual_seed(0)).to(device)
    given = Given(torch.zeros(1, dtype=torch.int64), encode_shares(torch.zeros(1, 7))).to(device)
    return model.loop(noise, given, torch.zeros(1, device=device))


_PICTURES: dict[type[nn.Module], Any] = {
    LoopGenerator: _loop_picture,
    FastGAN: _fastgan_picture,
    StyleGAN2: _stylegan2_picture,
    VideoGenerator: _video_picture,
}
