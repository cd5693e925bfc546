"""`python -m vgan bench style`: how fast a clip is restyled, all in one run on one machine."""

import functools
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import torch
from torch import Tensor, nn

from vgan.bench import machine, peak_memory
from vgan.media.extent import Extent
from vgan.models.stylizer import StyleNetwork
from vgan.models.translators.animegan2 import AnimeGenerator
from vgan.recipe import Generate, Recipe, Share
from vgan.recipe_steps import Stylize
from vgan.registry import Models
from vgan.steps.around import Around
from vgan.steps.painters import OURS
from vgan.steps.stylize import stylize

SIDE = 512
FRAMES = 48
ROUNDS = 5
CLIP = Share(aspect="1:1", short_side=480, fps=30)


@dataclass
class StyleBench:
    """fps_*: frames of 512 x 512 a second. network: ours alone, with the clip's statistics; own_statistics: with every
    frame's own; step: the whole step at its default steadiness; animegan2: AnimeGANv2's generator (Chen et al. 2020) at
    the fastest of number and memory formats. memory_*: peak resident bytes of a process that restyles a clip."""

    machine: str
    threads: int
    dtype: str
    fps_network: float
    fps_own_statistics: float
    fps_step: float
    fps_animegan2: float
    animegan2_setting: str
    step_over_animegan2: float
    memory_6s: int
    memory_60s: int
    memory_ratio: float


def bench_style(models: Models) -> StyleBench:
    """The step, the network and AnimeGANv2's in turns, the best of each, then memory by length."""
    pictures = _pictures()
    network, runtime = models.get(OURS), models.runtime
    assert isinstance(network, StyleNetwork)
    code = network.codes[:1].float()
    one = pictures[:1].to(runtime.device, runtime.dtype).contiguous(memory_format=torch.channels_last)
    with torch.inference_mode():
        statistics = network.measure(one, code)
    peers = dict(_animegan2(runtime.device))
    ways: dict[str, Callable[[], object]] = {
        "network": lambda: network(one, code, statistics),
        "own": lambda: network(one, code),
        **{name: functools.partial(work, pictures[:1]) for name, work in peers.items()},
    }
    best = dict.fromkeys([*ways, "step"], float("inf"))
    with torch.inference_mode():
        for work in ways.values():
            work()
        for _ in range(ROUNDS):
            for name, work in ways.items():
                best[name] = min(best[name], _timed(work, runtime.device))
            best["step"] = min(best["step"], _step_seconds(pictures, models))
    setting = min(peers, key=lambda name: best[name])
    with tempfile.TemporaryDirectory() as folder:
        short, long = (peak_memory(_recipe(seconds), Path(folder)) for seconds in (6, 60))
    return StyleBench(
        machine=machine(models),
        threads=torch.get_num_threads(),
        dtype=str(runtime.dtype).removeprefix("torch."),
        fps_network=round(1 / best["network"], 1),
        fps_own_statistics=round(1 / best["own"], 1),
        fps_step=round(1 / best["step"], 1),
        fps_animegan2=round(1 / best[setting], 2),
        animegan2_setting=setting,
        step_over_animegan2=round(best[setting] / best["step"], 1),
        memory_6s=short,
        memory_60s=long,
        memory_ratio=round(long / short, 3),
    )


def _recipe(seconds: int) -> Recipe:
    source = Generate(look="waves", seconds=6, loops=seconds // 6)
    return Recipe(source=source, steps=(Stylize(canvas=256),), share=CLIP)


def _pictures() -> Tensor:
    """A texture that drifts: (FRAMES, 3, SIDE, SIDE) in [-1, 1]."""
    noise = torch.rand(1, 3, SIDE // 8, SIDE // 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    picture = nn.functional.interpolate(noise, SIDE, mode="bicubic").clamp(-1, 1)
    return torch.cat([picture.roll(2 * frame, 3) for frame in range(FRAMES)])


def _step_seconds(pictures: Tensor, models: Models) -> float:
    """Seconds a frame of the whole step, once it knows the clip."""
    placed = pictures.to(models.runtime.device)
    extent = Extent(FRAMES, Fraction(30), (SIDE, SIDE))
    around = Around(extent, extent, False, lambda frames: torch.stack([placed[f] for f in frames]), models)
    made = stylize(iter(placed.split(4)), Stylize(), around)
    next(made)
    start = time.perf_counter()
    count = sum(1 for _ in made)
    return (time.perf_counter() - start) / count


def _animegan2(device: torch.device) -> Iterator[tuple[str, Callable[[Tensor], Tensor]]]:
    """The peer in each number and memory format. Its weights are random: they do not change how long it takes."""
    for dtype in (torch.float32, torch.bfloat16):
        for layout in (torch.contiguous_format, torch.channels_last):
            model = AnimeGenerator().to(device, dtype).to(memory_format=layout).eval()

            def work(
                x: Tensor, model: nn.Module = model, dtype: torch.dtype = dtype, layout: torch.memory_format = layout
            ) -> Tensor:
                made: Tensor = model(x.to(device, dtype).contiguous(memory_format=layout))
                return made

            yield f"{str(dtype).removeprefix('torch.')}, {str(layout).removeprefix('torch.')}", work


def _timed(work: Callable[[], object], device: torch.device) -> float:
    start = time.perf_counter()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def table(result: StyleBench) -> str:
    """The result as a Markdown table."""
    rows = [
        ("512 x 512, the whole step at default steadiness", f"{result.fps_step:g} fps"),
        ("512 x 512, the network alone, statistics shared", f"{result.fps_network:g} fps"),
        ("512 x 512, the network alone, every frame's own statistics", f"{result.fps_own_statistics:g} fps"),
        (f"AnimeGANv2's generator at its fastest ({result.animegan2_setting})", f"{result.fps_animegan2:g} fps"),
        ("the step over AnimeGANv2's generator", f"{result.step_over_animegan2:g} x"),
        (
            "peak memory restyling 6 s, 60 s (480 x 480)",
            f"{result.memory_6s / 1e6:.0f} MB, {result.memory_60s / 1e6:.0f} MB: {result.memory_ratio:.2f} x",
        ),
    ]
    lines = [f"{result.machine}; {result.threads} threads; {result.dtype}", "", "| what | measured |", "|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {value} |" for what, value in rows)]) + "\n"
