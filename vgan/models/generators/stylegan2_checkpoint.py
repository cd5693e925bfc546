"""StyleGAN2 checkpoints in the layout of the widespread PyTorch port (rosinality's names), told apart by their keys.

Sizes are read from the shapes: networks with wider channels, another style or a shorter mapping are as welcome.
"""

import re
from collections.abc import Iterable, Mapping
from math import sqrt

import torch
from torch import Tensor

from vgan.errors import WeightsError
from vgan.models.generators.stylegan2 import BLUR, SMALLEST, StyleGAN2, StyleGAN2Params, mapped

TELL_TALE = "conv1.conv.modulation.weight"
MAX_WIDTH = 4096
MAX_DEPTH = 32
LEVELS = range(2, 10)  # above the first: pictures of 16 to 2048 px
LEAST_STYLE = 8  # numbers of a latent, so that there are directions to slide along
MAPPING_RATE = 0.01  # share of the learning rate at which mapping networks of this layout are trained
MEAN_SAMPLES = 4096  # styles of which the mean is taken where the file does not say it
MEAN = "latent_avg"  # beside the tensors, in the same file


def side_of(state: Mapping[str, Tensor]) -> int:
    """The side of the pictures that a checkpoint draws, pixels."""
    return SMALLEST * 2 ** _levels(key.removeprefix("module.") for key in state)


def from_checkpoint(state: Mapping[str, Tensor]) -> tuple[StyleGAN2, dict[str, Tensor]]:
    """A StyleGAN2 of the checkpoint's shape on the meta device, and its weights by this module's names, float32.

    state: the generator's tensors and, where the file has it, the mean style as `latent_avg`; a `module.` prefix
    (multi-GPU training) is allowed. Where it has none, or no noise of its own, the mean is taken over styles of a fixed
    seed and the noise drawn from one. Raises WeightsError for missing, unexpected or ill-shaped tensors.
    """
    checkpoint = _Checkpoint({key.removeprefix("module."): tensor for key, tensor in state.items()})
    params = _read_params(checkpoint)
    with torch.device("meta"):
        model = StyleGAN2(params)
    ours: dict[str, Tensor] = {}
    style, wide = params.style, [params.widths[index // 2] for index in range(len(model.convs))]
    for index in range(params.depth):
        weight = checkpoint.take(f"style.{index + 1}.weight", style, style)
        ours[f"mapper.{index}.weight"] = weight * (MAPPING_RATE / sqrt(style))
        ours[f"mapper.{index}.bias"] = checkpoint.take(f"style.{index + 1}.bias", style) * MAPPING_RATE
    ours["constant"] = checkpoint.take("input.input", 1, wide[0], SMALLEST, SMALLEST)
    for index, conv in enumerate(model.convs):
        theirs = f"convs.{index - 1}" if index else "conv1"
        width = params.widths[(index + 1) // 2]
        weight = checkpoint.take(f"{theirs}.conv.weight", 1, width, wide[index], 3, 3)[0]
        ours[f"convs.{index}.weight"] = weight / sqrt(wide[index] * 9)
        ours[f"convs.{index}.strength"] = checkpoint.take(f"{theirs}.noise.weight", 1)
        ours[f"convs.{index}.bias"] = checkpoint.take(f"{theirs}.activate.bias", width)
        ours |= checkpoint.affine(f"convs.{index}", theirs, wide[index], style)
        if conv.doubles:
            checkpoint.blur(f"{theirs}.conv.blur.kernel")
    for index, width in enumerate(params.widths):
        theirs = f"to_rgbs.{index - 1}" if index else "to_rgb1"
        ours[f"rgbs.{index}.weight"] = checkpoint.take(f"{theirs}.conv.weight", 1, 3, width, 1, 1)[0] / sqrt(width)
        ours[f"rgbs.{index}.bias"] = checkpoint.take(f"{theirs}.bias", 1, 3, 1, 1).flatten()
        ours |= checkpoint.affine(f"rgbs.{index}", theirs, width, style)
        if index:
            checkpoint.blur(f"{theirs}.upsample.kernel")
    ours |= _noises(checkpoint, params)
    ours["mean"] = _mean(checkpoint, params, ours)
    checkpoint.must_be_used_up()
    return model, ours


class _Checkpoint:
    """Tensors by their published names, each taken once, so that what nobody asked for is noticed."""

    def __init__(self, state: dict[str, Tensor]):
        self.state = state
        self._left = set(state)

    def take(self, key: str, *shape: int) -> Tensor:
        """The tensor called `key`, float32. Raises WeightsError where it is missing or has another shape."""
        if key not in self.state:
            raise WeightsError(f"StyleGAN2: the tensor {key!r} is missing. This is another network, or part of one.")
        tensor = self.state[key]
        if tensor.shape != shape or not tensor.is_floating_point():
            found = f"shape {tuple(tensor.shape)} of {tensor.dtype}"
            raise WeightsError(f"StyleGAN2: {key!r} has {found}, expected floats of shape {shape}.")
        self._left.discard(key)
        return tensor.float()

    def affine(self, ours: str, theirs: str, width: int, style: int) -> dict[str, Tensor]:
        """The layer that reads the style for `theirs`, under the names of `ours`."""
        weight = self.take(f"{theirs}.conv.modulation.weight", width, style) / sqrt(style)
        return {
            f"{ours}.affine.weight": weight,
            f"{ours}.affine.bias": self.take(f"{theirs}.conv.modulation.bias", width),
        }

    def blur(self, key: str) -> None:
        """Raises WeightsError for another filter than the one of all published networks."""
        taps = torch.tensor(BLUR)
        wanted = torch.outer(taps, taps) / taps.sum() ** 2 * 4
        if not torch.allclose(self.take(key, len(BLUR), len(BLUR)), wanted, atol=1e-4):
            raise WeightsError(f"StyleGAN2: {key!r} is another filter than {BLUR}, the only one that is played here.")

    def must_be_used_up(self) -> None:
        """Raises WeightsError where tensors are left over."""
        if self._left:
            names = ", ".join(sorted(self._left)[:3])
            raise WeightsError(f"StyleGAN2: {len(self._left)} unexpected tensors ({names}). This is another network.")


def _levels(keys: Iterable[str]) -> int:
    found = (re.match(r"to_rgbs\.(\d{1,2})\.", key) for key in keys)
    return max((int(match[1]) + 1 for match in found if match), default=0)


def _read_params(checkpoint: _Checkpoint) -> StyleGAN2Params:
    state, levels = checkpoint.state, _levels(checkpoint.state)
    depth = sum(re.fullmatch(r"style\.\d{1,3}\.weight", key) is not None for key in state)
    if levels not in LEVELS or not 1 <= depth <= MAX_DEPTH:
        raise WeightsError(
            f"StyleGAN2: {levels} levels and a mapping of {depth} layers; allowed: {LEVELS[0]} to {LEVELS[-1]} levels, "
            f"1 to {MAX_DEPTH} layers. This is another network, or part of one."
        )
    names = [TELL_TALE, *(f"convs.{2 * level - 1}.conv.modulation.weight" for level in range(1, levels + 1))]
    for key in names:
        if key not in state or state[key].ndim != 2:
            raise WeightsError(f"StyleGAN2: {key!r} is missing, or no matrix. This is another network, or part of one.")
    style, widths = state[TELL_TALE].shape[1], tuple(state[key].shape[0] for key in names)
    if not all(1 <= width <= MAX_WIDTH for width in (style, *widths)) or style < LEAST_STYLE:
        raise WeightsError(f"StyleGAN2: style {style}, widths {widths}: no StyleGAN2 has these.")
    return StyleGAN2Params(style, depth, widths)


def _noises(checkpoint: _Checkpoint, params: StyleGAN2Params) -> dict[str, Tensor]:
    """The noise of the file; of old files, which have none, noise of a fixed seed."""
    sides, random = params.noise_sides, torch.Generator().manual_seed(0)
    if not any(key.startswith("noises.") for key in checkpoint.state):
        return {f"noises.{index}": torch.randn(1, 1, side, side, generator=random) for index, side in enumerate(sides)}
    return {
        f"noises.{index}": checkpoint.take(f"noises.noise_{index}", 1, 1, side, side)
        for index, side in enumerate(sides)
    }


def _mean(checkpoint: _Checkpoint, params: StyleGAN2Params, ours: Mapping[str, Tensor]) -> Tensor:
    """The mean style of the file, or of styles of a fixed seed."""
    if MEAN in checkpoint.state:
        shape = checkpoint.state[MEAN].shape
        return checkpoint.take(MEAN, *shape[:-1], params.style).reshape(-1, params.style).mean(0)
    layers = [(ours[f"mapper.{index}.weight"], ours[f"mapper.{index}.bias"]) for index in range(params.depth)]
    random = torch.Generator().manual_seed(0)
    return mapped(torch.randn(MEAN_SAMPLES, params.style, generator=random), layers).mean(0)
