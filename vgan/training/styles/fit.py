"""A style of somebody's own: the network stays as it is, one vector is fitted to a picture."""

import time
from collections.abc import Callable

import torch
from torch import Tensor

from vgan.models.perceptual import SqueezeTaps, content_distance, gram, gram_distance
from vgan.models.stylizer import StyleNetwork
from vgan.training.styles.still_life import dead_leaves, textures
from vgan.training.styles.targets import CONTENT, target_of

SIDE = 160
BATCH = 2
CANVAS, POOL = 256, 8  # pictures that the style is tried on, window by window
RATE = 0.02
CONTENT_WEIGHT = 1.0
MIN_SIDE = 64


def fit_style(
    network: StyleNetwork,
    picture: Tensor,
    eyes: SqueezeTaps,
    report: Callable[[int, int], None],
    seconds: float = 60.0,
    seed: int = 0,
) -> Tensor:
    """The style of uint8 `picture` (3, H, W) as a vector (1, 2, channels) for `network`.

    Begins at the style, of those that the network knows, that comes nearest. report: called with (hundredths of the
    time that are over, 100); what it raises ends the fitting. Raises ValueError for a picture below MIN_SIDE pixels a
    side.
    """
    if min(picture.shape[-2:]) < MIN_SIDE:
        raise ValueError(f"a style picture of {picture.shape[2]}x{picture.shape[1]} is too small: {MIN_SIDE} at least")
    report(0, 100)
    began = time.monotonic()
    generator = torch.Generator().manual_seed(seed)
    device = network.codes.device
    target = target_of(picture, eyes)
    grams = [part.to(device) for part in target.grams]
    content = dead_leaves(textures(CANVAS), POOL, generator).to(device)
    code = torch.nn.Parameter(_nearest(network, content[:2], grams, eyes).clone())
    average = code.detach().clone()
    optimiser = torch.optim.Adam([code], lr=RATE, betas=(0.9, 0.99))
    while (over := (time.monotonic() - began) / seconds) < 1:
        report(int(100 * over), 100)
        for group in optimiser.param_groups:
            group["lr"] = RATE * max(0.05, 1 - over)
        top, left = torch.randint(CANVAS - SIDE, (2,), generator=generator).tolist()
        chosen = torch.randint(POOL, (BATCH,), generator=generator)
        shown = content[chosen, :, top : top + SIDE, left : left + SIDE]
        style, kept = _losses(network, code, shown, grams, eyes)
        loss = style + CONTENT_WEIGHT * kept
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        average.lerp_(code.detach(), 0.05)
    report(100, 100)
    return average


def _losses(
    network: StyleNetwork, code: Tensor, shown: Tensor, grams: list[Tensor], eyes: SqueezeTaps
) -> tuple[Tensor, Tensor]:
    with torch.autocast(shown.device.type, torch.bfloat16):
        made = network.draw_clips(shown.contiguous(memory_format=torch.channels_last), code, len(shown)).float()
        seen = eyes(made)
        with torch.no_grad():
            wanted = eyes(shown)[CONTENT]
    style = gram_distance([gram(tap.float()) for tap in seen], grams).mean()
    return style, content_distance(seen[CONTENT], wanted).mean()


@torch.no_grad()
def _nearest(network: StyleNetwork, shown: Tensor, grams: list[Tensor], eyes: SqueezeTaps) -> Tensor:
    """The network's own style that is least far from the target: (1, 2, channels)."""
    codes = network.codes.detach().float().split(1)
    distances = [float(_losses(network, code, shown, grams, eyes)[0]) for code in codes]
    return codes[distances.index(min(distances))]
