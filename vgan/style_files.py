"""Styles of somebody's own as small files: a vector, and which network it is for."""

from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from vgan.media.writer import writing
from vgan.unfinished import unfinished


def save_style(path: Path, code: Tensor, network: bytes) -> None:
    """Write `code` (1, 2, channels) to `path`, whole or not at all. network: sha256 of the weights it was fitted to.
    Raises MediaError where it cannot be written.

    `zoo.find_style` takes the file's name, or that of a Hub repository which holds it as `style.safetensors`.
    """
    tensors = {
        "code": code.detach().float().cpu().contiguous(),
        "network": torch.frombuffer(bytearray(network), dtype=torch.uint8),
    }
    with writing(path.name), unfinished(path) as part:
        part.path.write_bytes(save(tensors, metadata={"format": "pt"}))
        part.finish()
