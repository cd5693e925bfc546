"""Small random checkpoints in public layouts, so that loaders are tested where the shared fixtures are not at hand."""

import torch
from torch import Tensor

from vgan.models.generators.fastgan import NOISY, SKIPS

WIDTHS = {4: 16, 8: 16, 16: 8, 32: 8, 64: 8, 128: 6, 256: 4, 512: 4, 1024: 2}


def fastgan(size: int = 256, huggan: bool = False, z_dim: int = 12) -> dict[str, Tensor]:
    """A FastGAN state dict as its authors' training script writes it, or in HugGAN's names."""
    random = torch.Generator().manual_seed(size)
    state: dict[str, Tensor] = {}

    def conv(name: str, *shape: int, transposed: bool = False) -> None:
        weight = torch.randn(*shape, generator=random)
        matrix = (weight.transpose(0, 1) if transposed else weight).flatten(1)
        state[f"{name}.weight_orig"] = weight
        state[f"{name}.weight_u"] = torch.nn.functional.normalize(torch.rand(matrix.shape[0], generator=random), dim=0)
        v = matrix.T @ state[f"{name}.weight_u"]
        state[f"{name}.weight_v"] = v / v.norm()

    def norm(name: str, width: int) -> None:
        state[f"{name}.weight"] = 1 + 0.1 * torch.randn(width, generator=random)
        state[f"{name}.bias"] = 0.1 * torch.randn(width, generator=random)
        state[f"{name}.running_mean"] = 0.1 * torch.randn(width, generator=random)
        state[f"{name}.running_var"] = 0.2 + torch.rand(width, generator=random)
        state[f"{name}.num_batches_tracked"] = torch.tensor(9)

    def noise(name: str) -> None:
        state[f"{name}._weight" if huggan else f"{name}.weight"] = torch.full((1,), 0.3)

    def named(level: str, at: int) -> str:
        """The layer's name in either layout; `level` as the original writes it."""
        if not huggan:
            return {"init": f"init.init.{at}"}.get(level, f"{level}.{at}")
        kind, _, rest = level.removesuffix(".main").partition("_")
        block = {"init": "_init", "feat": f"_upsample_{rest}", "se": f"_sle_{rest}"}[kind]
        return f"{block}._layers.{at}"

    convolution = "._conv" if huggan else ""
    conv(named("init", 0) + convolution, z_dim, 2 * WIDTHS[4], 4, 4, transposed=True)
    norm(named("init", 1), 2 * WIDTHS[4])
    below = WIDTHS[4]
    for side in (side for side in WIDTHS if 4 < side <= size):
        width, level = WIDTHS[side], f"feat_{side}"
        conv(named(level, 1) + convolution, 2 * width, below, 3, 3)
        norm(named(level, 3 if side in NOISY else 2), 2 * width)
        if side in NOISY:
            noise(named(level, 2))
            conv(named(level, 5) + convolution, 2 * width, width, 3, 3)
            noise(named(level, 6))
            norm(named(level, 7), 2 * width)
        if side in SKIPS:
            conv(named(f"se_{side}.main", 1) + convolution, width, WIDTHS[SKIPS[side]], 4, 4)
            conv(named(f"se_{side}.main", 3) + convolution, width, width, 1, 1)
        below = width
    conv("_out_128.0._conv" if huggan else "to_128", 3, WIDTHS[128], 1, 1)
    conv("_out_1024.0._conv" if huggan else "to_big", 3, WIDTHS[size], 3, 3)
    return state


def stylegan2(levels: int = 3, style: int = 16, depth: int = 2, width: int = 8) -> dict[str, Tensor]:
    """A StyleGAN2 state dict in rosinality's names, of pictures of 4 * 2**levels px, each level as wide as the last."""
    random = torch.Generator().manual_seed(levels)
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0])
    kernel = torch.outer(taps, taps) / 16
    state: dict[str, Tensor] = {"input.input": torch.randn(1, width, 4, 4, generator=random)}
    for index in range(depth):
        state[f"style.{index + 1}.weight"] = torch.randn(style, style, generator=random) / 0.01
        state[f"style.{index + 1}.bias"] = torch.zeros(style)

    def modulated(name: str, *shape: int) -> None:
        state[f"{name}.conv.weight"] = torch.randn(1, *shape, generator=random)
        state[f"{name}.conv.modulation.weight"] = torch.randn(shape[1], style, generator=random)
        state[f"{name}.conv.modulation.bias"] = torch.ones(shape[1])

    for index in range(1 + 2 * levels):
        name = f"convs.{index - 1}" if index else "conv1"
        modulated(name, width, width, 3, 3)
        state[f"{name}.noise.weight"] = torch.full((1,), 0.1)
        state[f"{name}.activate.bias"] = torch.zeros(width)
        if index % 2:
            state[f"{name}.conv.blur.kernel"] = kernel.clone()
        side = 4 * 2 ** ((index + 1) // 2)
        state[f"noises.noise_{index}"] = torch.randn(1, 1, side, side, generator=random)
    for index in range(1 + levels):
        name = f"to_rgbs.{index - 1}" if index else "to_rgb1"
        modulated(name, 3, width, 1, 1)
        state[f"{name}.conv.weight"] *= 0.3
        state[f"{name}.bias"] = torch.zeros(1, 3, 1, 1)
        if index:
            state[f"{name}.upsample.kernel"] = kernel.clone()
    return state
