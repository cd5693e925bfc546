"""The network of fast neural style (Johnson et al. 2016) in the layout of PyTorch's own example."""

import re

import torch.nn.functional as F
from torch import Tensor, nn

from vgan.errors import WeightsError

State = dict[str, Tensor]
TELL_TALE = "res1.conv1.conv2d.weight"
LARGEST_WIDTH = 128
BLOCKS = 5
_STALE = re.compile(r"in\d\.(running_mean|running_var|num_batches_tracked)$")


class PaddedConv(nn.Module):
    """Enlarge by repeating pixels if asked, reflect-pad, convolve."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1, enlarge: int = 1):
        super().__init__()
        self.conv2d = nn.Conv2d(channels_in, channels_out, kernel, stride)
        self._pad, self._enlarge = kernel // 2, enlarge

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, H, W) to (B, C_out, h, w)."""
        if self._enlarge > 1:
            x = F.interpolate(x, scale_factor=self._enlarge, mode="nearest")
        made: Tensor = self.conv2d(F.pad(x, (self._pad,) * 4, mode="reflect"))
        return made


class Residual(nn.Module):
    """Two normalised convolutions added to the input."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv1, self.in1 = PaddedConv(channels, channels, 3), nn.InstanceNorm2d(channels, affine=True)
        self.conv2, self.in2 = PaddedConv(channels, channels, 3), nn.InstanceNorm2d(channels, affine=True)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same."""
        y = F.relu(self.in1(self.conv1(x)))
        made: Tensor = x + self.in2(self.conv2(y))
        return made


class TransformerNet(nn.Module):
    """Pictures (B, 3, H, W) in [0, 255] to about the same; sides that are no multiples of 4 grow."""

    def __init__(self, width: int = 32):
        super().__init__()
        one, two, four = width, 2 * width, 4 * width
        self.conv1, self.in1 = PaddedConv(3, one, 9), nn.InstanceNorm2d(one, affine=True)
        self.conv2, self.in2 = PaddedConv(one, two, 3, 2), nn.InstanceNorm2d(two, affine=True)
        self.conv3, self.in3 = PaddedConv(two, four, 3, 2), nn.InstanceNorm2d(four, affine=True)
        for index in range(1, BLOCKS + 1):
            setattr(self, f"res{index}", Residual(four))
        self.deconv1, self.in4 = PaddedConv(four, two, 3, enlarge=2), nn.InstanceNorm2d(two, affine=True)
        self.deconv2, self.in5 = PaddedConv(two, one, 3, enlarge=2), nn.InstanceNorm2d(one, affine=True)
        self.deconv3 = PaddedConv(one, 3, 9)

    def forward(self, pictures: Tensor) -> Tensor:
        """pictures: (B, 3, H, W) in [0, 255]."""
        x = F.relu(self.in1(self.conv1(pictures)))
        x = F.relu(self.in2(self.conv2(x)))
        x = F.relu(self.in3(self.conv3(x)))
        for index in range(1, BLOCKS + 1):
            x = getattr(self, f"res{index}")(x)
        x = F.relu(self.in4(self.deconv1(x)))
        x = F.relu(self.in5(self.deconv2(x)))
        made: Tensor = self.deconv3(x)
        return made


def from_state(state: State) -> tuple[TransformerNet, State]:
    """The network that a checkpoint's tensors are for, and those of them that it wants: old ones carry statistics of
    instance normalisation, which were never used."""
    width = state["conv1.conv2d.weight"].shape[0]
    if not 1 <= width <= LARGEST_WIDTH:
        raise WeightsError(f"a TransformerNet of {width} channels; allowed: up to {LARGEST_WIDTH}.")
    return TransformerNet(width), {key: value for key, value in state.items() if not _STALE.search(key)}


def draw(model: nn.Module, pictures: Tensor) -> Tensor:
    """Pictures (N, 3, H, W) in [-1, 1] of any size to the same."""
    height, width = pictures.shape[-2:]
    padded = F.pad(pictures, (0, -width % 4, 0, -height % 4), mode="replicate")
    made = model((padded * 127.5 + 127.5).to(pictures.dtype))[..., :height, :width]
    return (made.float() / 127.5 - 1).clamp(-1, 1)
