"""FastGAN checkpoints in two layouts, the original repository's and the HugGAN sprint's, told apart by their keys."""

import re
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from vgan.errors import WeightsError
from vgan.models.generators.fastgan import NOISY, SKIPS, FastGAN, FastGANParams

SIZES = (256, 512, 1024)
MAX_WIDTH = 4096
LEAST_LATENT = 8  # numbers of a latent, so that there are directions to slide along
NORM_EPSILON = 1e-5

# HugGAN's key names to the original's, which the rest of this file reads.
HUGGAN_NAMES = (
    (re.compile(r"^_init\._layers\.(\d+)\.(?:_conv\.)?"), r"init.init.\1."),
    (re.compile(r"^_upsample_(\d+)\._layers\.(\d+)\._(?:conv\.)?"), r"feat_\1.\2."),
    (re.compile(r"^_upsample_(\d+)\._layers\.(\d+)\."), r"feat_\1.\2."),
    (re.compile(r"^_sle_(\d+)\._layers\.(\d+)\._conv\."), r"se_\1.main.\2."),
    (re.compile(r"^_out_128\.0\._conv\."), "to_128."),
    (re.compile(r"^_out_1024\.0\._conv\."), "to_big."),
)


def from_checkpoint(state: Mapping[str, Tensor]) -> tuple[FastGAN, dict[str, Tensor]]:
    """A FastGAN of the checkpoint's shape, and its weights folded into this module's names, float32.

    The module is on the meta device: it takes no memory, whatever widths a hostile file claims, until tensors that were
    found to fit are assigned to it.

    state: tensors of either layout; a `module.` prefix (multi-GPU training) is allowed. The vectors of spectral norm
    are used as stored. Raises WeightsError for missing, unexpected or ill-shaped tensors.
    """
    huggan = any(key.removeprefix("module.").startswith("_init.") for key in state)
    checkpoint = _Checkpoint({_original_name(key): tensor for key, tensor in state.items()})
    params = _read_params(checkpoint, huggan)
    with torch.device("meta"):
        model = FastGAN(params)
    folded: dict[str, Tensor] = {}
    for ours, conv, norm, noise in _layers(params):
        weight = checkpoint.spectral(conv, transposed=ours == "first")
        if norm:
            scale, shift = checkpoint.norm(norm)
            if scale.shape[0] != weight.shape[1 if ours == "first" else 0]:
                raise WeightsError(f"FastGAN: {norm}.weight has {scale.shape[0]} channels, which {conv} has not.")
            weight = weight * (scale.view(1, -1, 1, 1) if ours == "first" else scale.view(-1, 1, 1, 1))
            folded[f"{ours}.bias"] = shift
            if noise:
                folded[ours.replace("convs", "strengths")] = scale.view(-1, 1, 1) * checkpoint.number(f"{noise}.weight")
        folded[f"{ours}.weight"] = weight
    checkpoint.must_be_used_up()
    return model, folded


def side_of(state: Mapping[str, Tensor]) -> int:
    """The side of the pictures that a checkpoint of either layout draws, pixels; 0 where it has no levels."""
    return _largest(_original_name(key) for key in state)


def _largest(keys: Iterable[str]) -> int:
    return max((int(match[1]) for key in keys if (match := re.match(r"feat_(\d{1,4})\.", key))), default=0)


class _Checkpoint:
    """Tensors by the original's names, each taken once, so that what nobody asked for is noticed."""

    def __init__(self, state: dict[str, Tensor]):
        self.state = state
        self._left = set(state)

    def take(self, key: str, ndim: int) -> Tensor:
        """The tensor called `key`, float32. Raises WeightsError where it is missing or has other dimensions."""
        if key not in self.state:
            raise WeightsError(f"FastGAN: the tensor {key!r} is missing. This is another network, or part of one.")
        tensor = self.state[key]
        if tensor.ndim != ndim or not tensor.is_floating_point() or max(tensor.shape, default=1) > 16 * MAX_WIDTH:
            found = f"shape {tuple(tensor.shape)} of {tensor.dtype}"
            raise WeightsError(f"FastGAN: {key!r} has {found}, expected floats in {ndim} dimensions.")
        self._left.discard(key)
        return tensor.float()

    def spectral(self, name: str, transposed: bool) -> Tensor:
        """The convolution's weight over its spectral norm u^T W v, with u and v as stored (no power iteration)."""
        weight = self.take(f"{name}.weight_orig", 4)
        u, v = self.take(f"{name}.weight_u", 1), self.take(f"{name}.weight_v", 1)
        matrix = (weight.transpose(0, 1) if transposed else weight).flatten(1)
        if matrix.shape != (u.shape[0], v.shape[0]):
            raise WeightsError(f"FastGAN: {name}.weight_u and weight_v do not fit weight_orig {tuple(weight.shape)}.")
        # In float64, or the last bit would depend on where in memory the file's tensors happen to lie.
        sigma = torch.dot(u.double(), torch.mv(matrix.double(), v.double()))
        return weight / sigma.float()

    def norm(self, name: str) -> tuple[Tensor, Tensor]:
        """Batch norm with running statistics as (scale, shift), each (C,)."""
        parts = ("weight", "bias", "running_mean", "running_var")
        weight, bias, mean, variance = (self.take(f"{name}.{part}", 1) for part in parts)
        self._left.discard(f"{name}.num_batches_tracked")
        if not weight.shape == bias.shape == mean.shape == variance.shape:
            raise WeightsError(f"FastGAN: the tensors of {name} have different lengths.")
        scale = weight / (variance + NORM_EPSILON).sqrt()
        return scale, bias - mean * scale

    def number(self, key: str) -> Tensor:
        """A single learned number, shape (1,)."""
        tensor = self.take(key, 1)
        if tensor.numel() != 1:
            raise WeightsError(f"FastGAN: {key!r} has {tensor.numel()} numbers, expected 1.")
        return tensor

    def must_be_used_up(self) -> None:
        """Raises WeightsError where tensors are left over."""
        if self._left:
            names = ", ".join(sorted(self._left)[:3])
            raise WeightsError(f"FastGAN: {len(self._left)} unexpected tensors ({names}). This is another network.")


def _original_name(key: str) -> str:
    key = key.removeprefix("module.")
    for pattern, name in HUGGAN_NAMES:
        renamed, hits = pattern.subn(name, key)
        if hits:
            return renamed
    return key


def _read_params(checkpoint: _Checkpoint, huggan: bool) -> FastGANParams:
    size = _largest(checkpoint.state)
    if size not in SIZES:
        raise WeightsError(f"FastGAN: no generator of {', '.join(map(str, SIZES))} px here. This is another network.")
    z_dim, doubled = checkpoint.take("init.init.0.weight_orig", 4).shape[:2]
    widths = [doubled // 2]
    side = 8
    while side <= size:
        last = 5 if side in NOISY else 1
        widths.append(checkpoint.take(f"feat_{side}.{last}.weight_orig", 4).shape[0] // 2)
        side *= 2
    channels = checkpoint.take("to_big.weight_orig", 4).shape[0]
    if not all(1 <= width <= MAX_WIDTH for width in (z_dim, *widths)) or z_dim < LEAST_LATENT or channels not in (3, 4):
        raise WeightsError(f"FastGAN: latent {z_dim}, widths {widths}, output {channels}: no FastGAN has these.")
    return FastGANParams(z_dim, tuple(widths), squash=huggan or size == 1024, out_channels=channels)


def _layers(params: FastGANParams) -> list[tuple[str, str, str, str]]:
    """Every convolution: our name, and the original's names of it, its batch norm and its noise ('' for none)."""
    rows = [("first", "init.init.0", "init.init.1", "")]
    for side in (2**power for power in range(3, len(params.widths) + 2)):
        if side in NOISY:
            rows += [
                (f"levels.{side}.convs.{index}", f"feat_{side}.{at}", f"feat_{side}.{at + 2}", f"feat_{side}.{at + 1}")
                for index, at in enumerate((1, 5))
            ]
        else:
            rows.append((f"levels.{side}.convs.0", f"feat_{side}.1", f"feat_{side}.2", ""))
        if side in SKIPS:
            rows.append((f"skips.{side}.squeeze", f"se_{side}.main.1", "", ""))
            rows.append((f"skips.{side}.excite", f"se_{side}.main.3", "", ""))
    return [*rows, ("small", "to_128", "", ""), ("large", "to_big", "", "")]
