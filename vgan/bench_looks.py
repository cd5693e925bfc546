"""`python -m vgan bench looks`: the loop generator as it ships, distilled, compiled, in other numbers, in one run."""

import copy
import logging
import time
import warnings
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vgan.bench import machine
from vgan.models.generators.loop import LoopGenerator
from vgan.recipe import Generate
from vgan.registry import Models
from vgan.runtime import Runtime
from vgan.sources.play_loop import LoopPlayer
from vgan.zoo import SMALLER

log = logging.getLogger(__name__)

FRAMES = 4  # drawn at once, as a render on a processor does
ROUNDS = 7
LOOKS = ("caustics", "marble", "aurora")
AS_IT_SHIPS = "as it ships"


@dataclass(frozen=True)
class Way:
    """One way to draw the same frames. ms: a frame at 9:16, the best of all rounds; ratio: over that of the first way;
    apart: mean difference of its pictures from the first way's, grey levels of 255; ready: seconds before the first
    frame, for a way that has to be prepared."""

    name: str
    ms: float
    ratio: float
    apart: float
    ready: float


@dataclass(frozen=True)
class LooksBench:
    """machine, threads, dtype: as it ships; failed: ways that this machine cannot go, and why."""

    machine: str
    threads: int
    dtype: str
    ways: list[Way]
    failed: dict[str, str]


def bench_looks(models: Models) -> LooksBench:
    """Every way in turns, the best of each; one thread, so that ways compare and not how they share cores."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        players, ready, failed = _ways(models)
        drawn = {name: _draw(player) for name, player in players.items()}
        best = dict.fromkeys(players, float("inf"))
        for _ in range(ROUNDS):
            for name, player in players.items():
                start = time.perf_counter()
                _draw(player, LOOKS[:1])
                best[name] = min(best[name], time.perf_counter() - start)
    finally:
        torch.set_num_threads(threads)
    first = best[AS_IT_SHIPS]
    ways = [
        Way(
            name,
            round(1000 * seconds / FRAMES, 2),
            round(seconds / first, 3),
            round(float((drawn[name] - drawn[AS_IT_SHIPS]).abs().mean() * 127.5), 2),
            round(ready.get(name, 0.0), 1),
        )
        for name, seconds in best.items()
    ]
    return LooksBench(machine(models), threads, str(models.runtime.dtype).removeprefix("torch."), ways, failed)


def _ways(models: Models) -> tuple[dict[str, LoopPlayer], dict[str, float], dict[str, str]]:
    """Players by name, seconds that some took to be ready, and the ways that cannot be gone here."""
    runtime, plain = models.runtime, Runtime(models.runtime.device, torch.float32)
    model = models.get("looks")
    assert isinstance(model, LoopGenerator)
    directions = LoopPlayer.directions(model, runtime)
    players = {AS_IT_SHIPS: LoopPlayer(model, runtime, directions), "float32": LoopPlayer(model, plain, directions)}
    distilled = models.get(SMALLER["looks"])
    assert isinstance(distilled, LoopGenerator)
    players["distilled"] = LoopPlayer(distilled, runtime, directions)
    ready, failed = {}, {}
    for name, network in (("compiled", model), ("distilled and compiled", distilled)):
        start, own = time.perf_counter(), copy.deepcopy(network)
        own.synthesis = torch.compile(own.synthesis)  # type: ignore[method-assign]
        player = LoopPlayer(own, runtime, directions)
        try:
            _draw(player, LOOKS[:1])
        except Exception as error:  # without a C++ compiler, or on an unknown processor: whatever the compiler raises
            failed[name] = (str(error).splitlines() or [type(error).__name__])[0][:160]
            log.warning("%s: %s", name, failed[name])
            continue
        players[name], ready[name] = player, time.perf_counter() - start
    try:
        with warnings.catch_warnings():  # where torch keeps it is about to change
            warnings.simplefilter("ignore")
            quantised = torch.ao.quantization.quantize_dynamic(
                copy.deepcopy(model).cpu(), {nn.Linear}, dtype=torch.qint8
            )
        players["int8 linear layers"] = LoopPlayer(quantised, runtime, directions)
    except (AttributeError, RuntimeError) as error:
        failed["int8 linear layers"] = str(error)[:160]
    return players, ready, failed


def _draw(player: LoopPlayer, looks: tuple[str, ...] = LOOKS) -> Tensor:
    phases = torch.arange(FRAMES) / FRAMES
    frames = [player.draw(Generate(look=look, seed=3), phases, "9:16", preview=False).float().cpu() for look in looks]
    return torch.cat(frames).clamp(-1, 1)


def table(result: LooksBench) -> str:
    """The result as a Markdown table."""
    lines = [
        f"{result.machine}; one of {result.threads} threads; {result.dtype} as it ships; {FRAMES} frames of 9:16 each",
        "",
        "| the loop generator | a frame | over the first | pictures apart, of 255 | ready after |",
        "|---|---|---|---|---|",
    ]
    for way in result.ways:
        ready = f"{way.ready:g} s" if way.ready else ""
        lines.append(f"| {way.name} | {way.ms:g} ms | {way.ratio:.2f} | {way.apart:g} | {ready} |")
    lines += [f"| {name} | not here: {why} | | | |" for name, why in result.failed.items()]
    return "\n".join(lines) + "\n"
