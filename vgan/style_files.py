"""Styles of somebody's own as small files: a vector, and which network it is for."""

import secrets
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor


def save_style(path: Path, code: Tensor, network: bytes) -> None:
    """Write `code` (1, 2, channels) to `path`, whole or not at all. network: sha256 of the weights it was fitted to.

    `zoo.find_style` takes the file's name, or that of a Hub repository which holds it as `style.safetensors`.
    """
    tensors = {
        "code": code.detach().float().cpu().contiguous(),
        "network": torch.frombuffer(bytearray(network), dtype=torch.uint8),
    }
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        part.write_bytes(save(tensors, metadata={"format": "pt"}))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
