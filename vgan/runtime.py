"""Device, number format, memory format and seeds: chosen once, here, and passed on."""

import time
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import nn

from vgan.errors import RecipeError


@dataclass(frozen=True)
class Runtime:
    """Where and in what precision networks run."""

    device: torch.device
    dtype: torch.dtype

    def place(self, model: nn.Module) -> nn.Module:
        """`model` on the device, in channels_last, for inference. Its own dtype rules (autocast) stay with the caller."""
        return model.to(self.device).to(memory_format=torch.channels_last).eval().requires_grad_(False)  # type: ignore[call-overload]


def _cpu_bfloat16_is_faster() -> bool:
    """Time a small convolution both ways: some CPUs have bfloat16 units, most only emulate them."""

    def seconds(dtype: torch.dtype) -> float:
        conv = nn.Conv2d(48, 48, 3, padding=1).to(dtype).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        x = torch.zeros(4, 48, 64, 64, dtype=dtype).to(memory_format=torch.channels_last)
        best = float("inf")
        with torch.inference_mode():
            for _ in range(4):
                start = time.perf_counter()
                conv(x)
                best = min(best, time.perf_counter() - start)
        return best

    return seconds(torch.bfloat16) < seconds(torch.float32)


@lru_cache(maxsize=4)
def choose(device: str = "auto") -> Runtime:
    """The runtime for `device` (`auto`, `cpu`, `cuda`). Raises RecipeError for a device that is not there."""
    if device not in {"auto", "cpu", "cuda"}:
        raise RecipeError(f"device: {device!r} is not known. Allowed: auto, cpu, cuda.")
    if device == "cuda" and not torch.cuda.is_available():
        raise RecipeError("device: 'cuda' was asked for, but torch sees no GPU. Use 'auto' or 'cpu'.")
    if device != "cpu" and torch.cuda.is_available():
        return Runtime(torch.device("cuda"), torch.bfloat16)
    return Runtime(torch.device("cpu"), torch.bfloat16 if _cpu_bfloat16_is_faster() else torch.float32)


def generator(seed: int) -> torch.Generator:
    """A CPU random generator, so that a seed means the same on every device."""
    return torch.Generator("cpu").manual_seed(seed)
