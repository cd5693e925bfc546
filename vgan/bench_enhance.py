"""`python -m vgan bench enhance`: how fast a clip is mended and enlarged, all in one run on one machine."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vgan.bench import machine, peak_memory
from vgan.media.extent import Extent
from vgan.recipe import Generate, Recipe, Share, Upload
from vgan.recipe_steps import Denoise, Interpolate, Repair, Upscale
from vgan.registry import Models
from vgan.render import render
from vgan.steps import STEPS
from vgan.steps.around import Around

SIZE = (480, 270)  # of the pictures that networks are timed on
FRAMES = 8
ROUNDS = 3
CLIP = Recipe(source=Generate(look="caustics", seconds=3), share=Share(aspect="9:16", short_side=540, fps=24))
PASSES: dict[str, tuple[Any, ...]] = {
    "x2, noise taken out in the same pass": (Upscale(clean=0.7),),
    "x2": (Upscale(),),
    "denoise, then x2": (Denoise(), Upscale()),
    "denoise alone": (Denoise(),),
    "look for damage": (Repair(),),
    "twice as many frames": (Interpolate(),),
}


@dataclass
class EnhanceBench:
    """steps: frames of 270 x 480 that go in, a second, by step; ratios: of ours over the peer's at the same factor;
    passes: frames of 540x960 that are read, a second, of whole renders with these steps, files and all. memory_*: peak
    resident bytes of a process that enlarges a clip by two."""

    machine: str
    threads: int
    dtype: str
    steps: dict[str, float]
    ratios: dict[str, float]
    passes: dict[str, float]
    memory_6s: int
    memory_60s: int
    memory_ratio: float


def bench_enhance(models: Models, peer: str = "") -> EnhanceBench:
    """Networks in turns, the best of each, then whole renders, then memory by length. peer: another upscaler by 4, as a
    recipe names it. Raises what rendering raises."""
    timed: dict[str, Any] = {"x2": Upscale(), "x4": Upscale(factor=4), "denoise": Denoise(strength=1.0)}
    if peer:
        timed["peer x4"] = Upscale(factor=4, model=peer)
    pictures, best = _pictures().to(models.runtime.device), dict.fromkeys(timed, float("inf"))
    for _ in range(ROUNDS):
        for name, step in timed.items():
            best[name] = min(best[name], _step_seconds(pictures, step, models))
    with tempfile.TemporaryDirectory() as folder:
        passes = dict(_passes(models, Path(folder)))
        short, long = (peak_memory(_long(seconds), Path(folder)) for seconds in (6, 60))
    return EnhanceBench(
        machine=machine(models),
        threads=torch.get_num_threads(),
        dtype=str(models.runtime.dtype).removeprefix("torch."),
        steps={name: round(1 / seconds, 1) for name, seconds in best.items()},
        ratios={name: round(best["peer x4"] / best[name], 2) for name in ("x2", "x4") if peer},
        passes=passes,
        memory_6s=short,
        memory_60s=long,
        memory_ratio=round(long / short, 3),
    )


def table(result: EnhanceBench) -> str:
    """The result as a Markdown table."""
    size = f"{SIZE[1]} x {SIZE[0]}"
    rows = [
        *((f"{name}, frames of {size} in", f"{fps:g} fps") for name, fps in result.steps.items()),
        *((f"{name} over the peer by 4", f"{ratio:g} x") for name, ratio in result.ratios.items()),
        *((f"540 x 960, whole pass: {name}", f"{fps:g} fps") for name, fps in result.passes.items()),
        (
            "peak memory by 2, 6 s, 60 s (480 x 480)",
            f"{result.memory_6s / 1e6:.0f} MB, {result.memory_60s / 1e6:.0f} MB: {result.memory_ratio:.2f} x",
        ),
    ]
    lines = [f"{result.machine}; {result.threads} threads; {result.dtype}", "", "| what | measured |", "|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {value} |" for what, value in rows)]) + "\n"


def _pictures() -> Tensor:
    """A texture that drifts: (FRAMES, 3, H, W) in [-1, 1]."""
    noise = torch.rand(1, 3, SIZE[1] // 9, SIZE[0] // 9, generator=torch.Generator().manual_seed(0)) * 2 - 1
    picture = torch.nn.functional.interpolate(noise, SIZE[::-1], mode="bicubic").clamp(-1, 1)
    return torch.cat([picture.roll(2 * frame, 3) for frame in range(FRAMES)])


def _step_seconds(pictures: Tensor, step: Any, models: Models) -> float:
    """Seconds a frame of the whole step, once its network is here."""
    extent = Extent(FRAMES, Fraction(30), SIZE)
    around = Around(extent, extent, False, lambda frames: pictures[list(frames)], models)
    with torch.inference_mode():
        made = STEPS[step.kind].run(iter(pictures.split(1)), step, around)
        first = next(made)
        start = time.perf_counter()
        count = sum(len(chunk) for chunk in made)
        if first.device.type == "cuda":
            torch.cuda.synchronize(first.device)
        return (time.perf_counter() - start) / count


def _passes(models: Models, folder: Path) -> Iterator[tuple[str, float]]:
    """Frames a second of whole renders of an uploaded clip, the better of two."""
    clip = render(CLIP, models, folder / "clip.mp4")
    for name, steps in PASSES.items():
        recipe = Recipe.parse(
            {
                "source": Upload(path=str(clip.path)).model_dump(mode="json"),
                "steps": [step.model_dump(mode="json") for step in steps],
            }
        )
        seconds = []
        for turn in range(2):
            start = time.perf_counter()
            render(recipe, models, folder / f"{turn}.mp4")
            seconds.append(time.perf_counter() - start)
        yield name, round(clip.frames / min(seconds), 2)


def _long(seconds: int) -> Recipe:
    source = Generate(look="waves", seconds=6, loops=seconds // 6)
    return Recipe(source=source, steps=(Upscale(),), share=Share(aspect="1:1", short_side=480, fps=10))
