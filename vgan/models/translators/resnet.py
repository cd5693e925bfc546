"""The residual generator of CycleGAN and pix2pix, in the layout that its checkpoints have (Zhu et al. 2017).

Also the generator of our own unpaired translation.
"""

import re
from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn

from vgan.errors import WeightsError

State = dict[str, Tensor]
TELL_TALE = "model.10.conv_block.1.weight"
LARGEST_WIDTH, MOST_BLOCKS = 256, 32
_STALE = re.compile(r"\.(running_mean|running_var|num_batches_tracked)$")


@dataclass(frozen=True)
class ResnetParams:
    """width: channels after the first convolution; blocks: residual ones; dropout: whether the checkpoint was trained
    with it, which shifts its keys; batch_norm: in place of instance normalisation."""

    width: int = 64
    blocks: int = 9
    dropout: bool = False
    batch_norm: bool = False


class ResnetBlock(nn.Module):
    """Two convolutions around which the picture goes unchanged."""

    def __init__(self, channels: int, dropout: bool, batch_norm: bool):
        super().__init__()

        def layers() -> list[nn.Module]:
            return [
                nn.ReflectionPad2d(1),
                nn.Conv2d(channels, channels, 3, bias=not batch_norm),
                _norm(channels, batch_norm),
            ]

        between = [nn.ReLU(), *([nn.Dropout(0.5)] if dropout else [])]
        self.conv_block = nn.Sequential(*layers(), *between, *layers())

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same."""
        return x + self.conv_block(x)


def _norm(channels: int, batch: bool) -> nn.Module:
    return nn.BatchNorm2d(channels) if batch else nn.InstanceNorm2d(channels)


class ResnetGenerator(nn.Module):
    """Pictures (B, 3, H, W) in [-1, 1] to the same; sides must be multiples of 4."""

    def __init__(self, params: ResnetParams):
        super().__init__()
        self.params = params
        width, batch, bias = params.width, params.batch_norm, not params.batch_norm
        layers: list[nn.Module] = [
            nn.ReflectionPad2d(3),
            nn.Conv2d(3, width, 7, bias=bias),
            _norm(width, batch),
            nn.ReLU(),
        ]
        for channels in (width, 2 * width):
            down = nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1, bias=bias)
            layers += [down, _norm(2 * channels, batch), nn.ReLU()]
        layers += [ResnetBlock(4 * width, params.dropout, batch) for _ in range(params.blocks)]
        for channels in (4 * width, 2 * width):
            up = nn.ConvTranspose2d(channels, channels // 2, 3, stride=2, padding=1, output_padding=1, bias=bias)
            layers += [up, _norm(channels // 2, batch), nn.ReLU()]
        self.model = nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh())

    def forward(self, pictures: Tensor) -> Tensor:
        """pictures: (B, 3, H, W) in [-1, 1]."""
        made: Tensor = self.model(pictures)
        return made


def from_state(state: State) -> tuple[ResnetGenerator, State]:
    """The generator that a checkpoint's tensors are for, and those of them that it wants.

    Old checkpoints carry statistics of instance normalisation, which were never used: they are left out.
    """
    numbers = {int(found[1]) for key in state if (found := re.match(r"model\.(\d+)\.conv_block\.", key))}
    batch = "model.2.weight" in state
    dropout = "model.10.conv_block.5.weight" not in state
    params = ResnetParams(state["model.1.weight"].shape[0], len(numbers), dropout, batch)
    if not 1 <= params.width <= LARGEST_WIDTH or params.blocks > MOST_BLOCKS:
        raise WeightsError(
            f"a ResNet generator of {params.width} channels and {params.blocks} blocks; allowed: up to {LARGEST_WIDTH} "
            f"and {MOST_BLOCKS}."
        )
    wanted = state if batch else {key: value for key, value in state.items() if not _STALE.search(key)}
    return ResnetGenerator(params), wanted


def draw(model: nn.Module, pictures: Tensor) -> Tensor:
    """Pictures (N, 3, H, W) in [-1, 1] of any size to the same: sides are padded to multiples of 4, and cut again."""
    height, width = pictures.shape[-2:]
    padded = F.pad(pictures, (0, -width % 4, 0, -height % 4), mode="replicate")
    made: Tensor = model(padded)
    return made[..., :height, :width]
