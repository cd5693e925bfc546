"""The networks in memory: loaded once, shared by everybody, least recently used out."""

import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import torch
from torch import nn

from vgan import runtime, zoo
from vgan.breaks import holding
from vgan.errors import WeightsError
from vgan.families import FAMILIES
from vgan.hub import Progress, fetch, find_local, sha256_of
from vgan.settings import Settings
from vgan.weights import load_into, read_config, read_weights

log = logging.getLogger(__name__)

MOST_BYTES = 1_500_000_000  # of all networks in memory together; the last one stays, however large


@dataclass(frozen=True)
class _Entry:
    model: nn.Module
    config: dict[str, Any]
    fingerprint: bytes
    stamp: tuple[int, int]

    @property
    def bytes(self) -> int:
        return sum(tensor.nbytes for tensor in self.model.state_dict().values())


@dataclass(frozen=True)
class Loaded:
    """A network in memory. parameters: how many numbers it holds."""

    name: str
    bytes: int
    parameters: int


class Models:
    """Networks by name, ready to draw on `runtime`. Safe to use from several threads.

    A network never changes once it is here. capacity: how many stay in memory, as long as they are no larger than
    MOST_BYTES together; one that is pushed out lives on for as long as somebody draws with it.
    """

    def __init__(self, settings: Settings | None = None, capacity: int = 12):
        self.settings = settings or Settings()
        self.runtime = runtime.choose(self.settings.device)
        self._capacity = capacity
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._loading: dict[str, Lock] = {}
        self._lock = Lock()
        self._twin: Models | None = None  # see `on_processor`

    def get(self, model_name: str, on_progress: Progress | None = None) -> nn.Module:
        """The network called `model_name` (a row of the zoo, or a Hub repository `owner/name`), fetched if need be.

        on_progress: called with (bytes so far, bytes in all) while weights are fetched. Raises UnknownName or
        RecipeError for a name that may not be used, WeightsError for weights that cannot be had or do not fit.
        """
        return self._entry(model_name, on_progress).model

    def here(self, model_name: str) -> bool:
        """Whether the files of `model_name` are on this machine. Raises UnknownName and RecipeError as `get`."""
        spec = zoo.find_model(model_name)
        return self._loaded(spec) is not None or find_local(spec, self.settings) is not None

    def config(self, model_name: str) -> dict[str, Any]:
        """What `config.json` says beside the weights of `model_name`, empty where there is none. Raises as `get`."""
        return self._entry(model_name, None).config

    def fingerprint(self, model_name: str) -> bytes:
        """The sha256 of the weights file of `model_name`, 32 bytes. Raises as `get`."""
        return self._entry(model_name, None).fingerprint

    def loaded(self) -> list[Loaded]:
        """The networks that are in memory now, the one that was used last first."""
        with self._lock:
            entries = list(self._entries.items())
        return [
            Loaded(name, entry.bytes, sum(part.numel() for part in entry.model.state_dict().values()))
            for name, entry in reversed(entries)
        ]

    def on_processor(self) -> "Models":
        """The same networks, loaded once more, to draw on the processor."""
        with self._lock:
            self._twin = self._twin or Models(replace(self.settings, device="cpu"), self._capacity)
            return self._twin

    def release(self) -> int:
        """Let go of every network; each comes back when it is next asked for. Returns their bytes.

        Safe at any time: who draws with one at this moment holds it until the frames are done.
        """
        with self._lock:
            freed = self._bytes()
            self._entries.clear()
            self._twin = None
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        log.info("%d bytes of networks left the memory", freed)
        return freed

    def let_go(self) -> bool:
        """Let go of the network that was used least recently, see `release`. Returns whether there was one."""
        with self._lock:
            if not self._entries:
                return False
            log.info("%s leaves the memory, which is needed", self._entries.popitem(last=False)[0])
        return True

    def _entry(self, name: str, on_progress: Progress | None) -> _Entry:
        name = zoo.SMALLER.get(name, name) if self.settings.quick else name
        spec = zoo.find_model(name)
        if entry := self._loaded(spec):
            return entry
        with self._lock:
            loading = self._loading.setdefault(name, Lock())
        with loading, holding():  # whoever waited here finds it loaded
            if entry := self._loaded(spec):
                return entry
            entry = self._load(spec, on_progress)
            with self._lock:
                self._entries[name] = entry
                while len(self._entries) > 1 and (len(self._entries) > self._capacity or self._bytes() > MOST_BYTES):
                    log.info("%s leaves the memory", self._entries.popitem(last=False)[0])
            return entry

    def _bytes(self) -> int:
        return sum(entry.bytes for entry in self._entries.values())

    def _loaded(self, spec: zoo.ModelSpec) -> _Entry | None:
        """The network of `spec`, unless its files were written anew since, as those of a look that is trained are."""
        stamp = self._stamp(spec)
        with self._lock:
            entry = self._entries.get(spec.name)
            if entry is None or entry.stamp != stamp:
                return None
            self._entries.move_to_end(spec.name)
            return entry

    def _stamp(self, spec: zoo.ModelSpec) -> tuple[int, int]:
        """When a file of somebody's own was written, and how large it is; of others, which are pinned, nothing."""
        files = find_local(spec, self.settings) if spec.path or spec.own else None
        try:
            stat = files.weights.stat() if files else None
        except (OSError, ValueError):  # gone, or no name of a file: whoever loads it says so
            stat = None
        return (stat.st_mtime_ns, stat.st_size) if stat else (0, 0)

    def _load(self, spec: zoo.ModelSpec, on_progress: Progress | None) -> _Entry:
        stamp = self._stamp(spec)
        files = fetch(spec, self.settings, on_progress)
        config = read_config(files.config) if files.config else None
        family = FAMILIES[spec.family]
        try:
            model, state = family.build(config, read_weights(files.weights))
            load_into(model, state, files.weights.name)
        except WeightsError as error:
            raise _named(spec, error) from error
        model = self.runtime.place(model)
        _must_draw(spec, model)
        log.info("%s: loaded, %s", spec.name, files.origin)
        return _Entry(model, config or {}, bytes.fromhex(sha256_of(files.weights)), stamp)


def _shown(spec: zoo.ModelSpec) -> str:
    """What a person calls it: the row of a file has an inner name, with the file's whole path."""
    return spec.name if spec.name in zoo.MODELS else spec.title


def _named(spec: zoo.ModelSpec, error: WeightsError) -> WeightsError:
    """The same error, which says of which model it speaks."""
    said, shown = str(error), _shown(spec)
    return WeightsError(said if said.startswith(shown) else f"{shown}: {said}")


def _must_draw(spec: zoo.ModelSpec, model: nn.Module) -> None:
    """A network whose sizes contradict each other fits its weights and still cannot draw: better said here, by name."""
    try:
        with torch.inference_mode():
            finite = bool(FAMILIES[spec.family].picture(model).isfinite().all())
    except WeightsError as error:
        raise _named(spec, error) from error
    except (RuntimeError, IndexError, ValueError) as error:
        fault = f"its config.json is wrong ({str(error)[:160]})"
        raise WeightsError(f"{_shown(spec)}: the network cannot draw: {fault}.") from error
    if not finite:
        raise WeightsError(f"{_shown(spec)}: the network draws pictures that are not finite. Its weights are spoilt.")
