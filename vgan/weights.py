"""Weight and config files as data: read without trusting them, loaded without leniency."""

import json
import logging
import math
import zipfile
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor, nn

from vgan.errors import WeightsError
from vgan.small_files import is_file

log = logging.getLogger(__name__)

PICKLES = (".bin", ".pth", ".pt")
# Where training scripts put the generator's own tensors; its running mean first, where there are both.
WRAPPERS = ("g_ema", "g", "state_dict", "params_ema", "params")
BESIDE = ("latent_avg",)  # tensors that belong to the generator, and lie beside its own
PLAIN = (Namespace,)  # beside tensors: a bag of settings, which training scripts put into their checkpoints
_reading = Lock()  # what is plain is said to torch as a whole
MAX_CONFIG_BYTES = 1_000_000


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors in a file, by name, on the CPU.

    `.safetensors` is read by safetensors, `.bin`, `.pth` and `.pt` by torch with `weights_only=True`, nothing else at
    all: no file is tried a second way. Raises WeightsError naming the file where it is missing, truncated, of another
    format than its name says, or holds anything but tensors (code in a pickle is refused, never run).
    """
    if path.suffix.lower() not in (".safetensors", *PICKLES):
        raise WeightsError(f"{path.name}: weights end in .safetensors, {', '.join(PICKLES)}; this name does not.")
    if not is_file(path):
        raise WeightsError(f"{path.name}: there is no such file in {path.parent}.")
    return _read_safetensors(path) if path.suffix.lower() == ".safetensors" else _read_pickle(path)


def read_config(path: Path) -> dict[str, Any]:
    """The JSON object in a `config.json`. Raises WeightsError naming the file where there is none."""
    try:
        if path.stat().st_size > MAX_CONFIG_BYTES:
            raise WeightsError(f"{path.name}: {path.stat().st_size:,} bytes; at most {MAX_CONFIG_BYTES:,} are read.")
        config = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise WeightsError(f"{path.name}: cannot be read as JSON ({str(error)[:120]}).") from error
    if not isinstance(config, dict):
        raise WeightsError(f"{path.name}: expected a JSON object, found {type(config).__name__}.")
    return config


def numbers_in(path: Path) -> int:
    """How many numbers a `.safetensors` file holds, by its head alone: no tensor is read. 0 for one that is damaged."""
    try:
        with safe_open(path, "pt") as file:
            return sum(math.prod(file.get_slice(key).get_shape()) for key in file.keys())  # noqa: SIM118
    except (SafetensorError, OSError, ValueError):
        return 0


def load_into(model: nn.Module, state: Mapping[str, Tensor], name: str) -> None:
    """Put `state` into `model`, every tensor and no other, or raise WeightsError naming `name` and what does not fit.

    Values are copied and cast to the model's own dtype. A model on the meta device comes to life by it.
    """
    wanted = model.state_dict()
    faults = [
        *_listed("missing", [key for key in wanted if key not in state]),
        *_listed("unexpected", [key for key in state if key not in wanted]),
        *_listed("of a wrong shape", [_mismatch(key, wanted[key], state[key]) for key in wanted if key in state]),
        *_listed("not finite", [key for key in wanted if key in state and not bool(state[key].isfinite().all())]),
    ]
    if faults:
        raise WeightsError(f"{name}: the weights do not fit the network: {'; '.join(faults)}. Fetch or export it anew.")
    bodiless = any(tensor.is_meta for tensor in wanted.values())
    # Copied, so that the network does not lean on a file that somebody may replace.
    own = {key: state[key].to(tensor.dtype, copy=True) for key, tensor in wanted.items()}
    model.load_state_dict(own, strict=True, assign=bodiless)


def _mismatch(key: str, wanted: Tensor, found: Tensor) -> str:
    if wanted.shape == found.shape and wanted.is_floating_point() == found.is_floating_point():
        return ""
    return f"{key} is {_kind(found)}, not {_kind(wanted)}"


def _kind(tensor: Tensor) -> str:
    return f"{list(tensor.shape)} of {str(tensor.dtype).removeprefix('torch.')}"


def _listed(fault: str, items: list[str]) -> list[str]:
    items = [item for item in items if item]
    more = f" and {len(items) - 3} more" if len(items) > 3 else ""
    return [f"{fault}: {', '.join(items[:3])}{more}"] if items else []


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        with path.open("rb") as file:
            start = file.read(4)
        kind = "a pickle, which is not opened under this name" if _looks_like_pickle(start) else "truncated or damaged"
        raise WeightsError(f"{path.name}: not a whole safetensors file: {kind} ({str(error)[:120]}).") from error


def _looks_like_pickle(start: bytes) -> bool:
    return start[:2] == b"PK" or (start[:1] == b"\x80" and start[1:2] in b"\x02\x03\x04\x05")


def _read_pickle(path: Path) -> dict[str, Tensor]:
    try:
        _refuse_compressed(path)
        # Mapped, so that what is not wanted of a large file, a critic or an optimiser, takes no memory.
        mapped = zipfile.is_zipfile(path)
        with _reading, torch.serialization.safe_globals(list(PLAIN)):
            content = torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    except WeightsError:
        raise
    except Exception as error:  # a hostile or damaged pickle makes the reader raise anything at all
        reason = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
        raise WeightsError(f"{path.name}: refused: it is damaged, or holds more than tensors ({reason}).") from error
    return _plain_tensors(path, content)


def _refuse_compressed(path: Path) -> None:
    """torch stores tensors uncompressed; a compressed archive could unfold to any size."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > path.stat().st_size:
            raise WeightsError(f"{path.name}: refused: a compressed archive, which torch does not write.")


def _plain_tensors(path: Path, content: object) -> dict[str, Tensor]:
    """The state dict inside `content`, itself or in one of the known wrappers, each tensor backed by its own bytes."""
    for wrapper in WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            log.info("%s: taking the tensors under %r", path.name, wrapper)
            beside = {name: content[name] for name in BESIDE if isinstance(content.get(name), Tensor)}
            content = {**content[wrapper], **beside}
            break
    if not isinstance(content, Mapping) or not content:
        raise WeightsError(f"{path.name}: expected tensors by name, found {type(content).__name__}.")
    state: dict[str, Tensor] = {}
    for key, tensor in content.items():
        plain = isinstance(tensor, Tensor) and tensor.layout == torch.strided and tensor.device.type == "cpu"
        if not isinstance(key, str) or not plain or tensor.is_quantized:
            raise WeightsError(f"{path.name}: {str(key)[:80]!r} is not a plain tensor but {type(tensor).__name__}.")
        state[key] = tensor.detach()
    # A view can claim more numbers than its file holds (stride 0): copied out, it would fill the memory.
    if sum(tensor.nbytes for tensor in state.values()) > 2 * path.stat().st_size:
        raise WeightsError(f"{path.name}: refused: its tensors claim far more numbers than the file holds.")
    return state
