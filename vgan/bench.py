"""`python -m vgan bench create`: how fast the main job is, all in one run on one machine."""

import contextlib
import json
import os
import platform
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from vgan.bench_app import running, wait_for
from vgan.recipe import Generate, Recipe, Share
from vgan.registry import Models
from vgan.render import encode_only, generate_only, render
from vgan.sources.generate import PREVIEW_FRAMES, preview

PREVIEWS = 40
RECIPE = Recipe(source=Generate(look="caustics", seconds=4), share=Share(short_side=720, fps=30))


@dataclass
class CreateBench:
    """Times in seconds unless they say otherwise. memory_*: peak resident bytes of the rendering process."""

    machine: str
    threads: int
    dtype: str
    preview_http_p50_ms: float
    preview_http_p95_ms: float
    preview_generator_ms: float
    generator_only: float
    encode_only: float
    render: float
    render_over_larger: float
    memory_6s: int
    memory_60s: int
    memory_ratio: float


def bench_create(models: Models) -> CreateBench:
    """Preview through HTTP, then the parts and the whole of a 4 s clip of 720x1280 at 30 fps, then memory by length."""
    http = sorted(_previews_over_http())
    drawn = [_timed(lambda seed=seed: _preview(models, seed)) for seed in range(12)]
    generator = encoder = whole = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(3):  # in turns, the best of each: other work on the machine comes and goes
            frames: list[Any] = []
            generator = min(generator, _timed(lambda kept=frames: kept.extend(generate_only(RECIPE, models))))
            encoder = min(
                encoder, _timed(lambda kept=frames: encode_only(RECIPE, models, iter(kept), Path(folder) / "a.mp4"))
            )
            whole = min(whole, _timed(lambda: render(RECIPE, models, Path(folder) / "b.mp4")))
        short, long = (peak_memory(_long(seconds), Path(folder)) for seconds in (6, 60))
    return CreateBench(
        machine=machine(models),
        threads=torch.get_num_threads(),
        dtype=str(models.runtime.dtype).removeprefix("torch."),
        preview_http_p50_ms=round(1000 * statistics.median(http), 1),
        preview_http_p95_ms=round(1000 * http[int(0.95 * (len(http) - 1))], 1),
        preview_generator_ms=round(1000 * statistics.median(drawn), 1),
        generator_only=round(generator, 3),
        encode_only=round(encoder, 3),
        render=round(whole, 3),
        render_over_larger=round(whole / max(generator, encoder), 3),
        memory_6s=short,
        memory_60s=long,
        memory_ratio=round(long / short, 3),
    )


def table(result: CreateBench) -> str:
    """The result as a Markdown table."""
    rows = [
        ("preview, 16 frames, asked to answered over HTTP, p50", f"{result.preview_http_p50_ms:g} ms"),
        ("the same, p95", f"{result.preview_http_p95_ms:g} ms"),
        ("the generator's part of it", f"{result.preview_generator_ms:g} ms"),
        ("4 s of 720x1280 at 30 fps: generator only", f"{result.generator_only:.2f} s"),
        ("enlarge and encode only, the same frames", f"{result.encode_only:.2f} s"),
        ("the whole render", f"{result.render:.2f} s"),
        ("whole over the larger part", f"{result.render_over_larger:.2f}"),
        ("peak memory, 6 s clip", f"{result.memory_6s / 2**20:.0f} MiB"),
        ("peak memory, 60 s clip", f"{result.memory_60s / 2**20:.0f} MiB"),
        ("60 s over 6 s", f"{result.memory_ratio:.2f}"),
    ]
    lines = [f"{result.machine}; {result.threads} threads; {result.dtype}", "", "| what | measured |", "|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {value} |" for what, value in rows)]) + "\n"


def _long(seconds: int) -> Recipe:
    return Recipe(source=Generate(look="caustics", seconds=6, loops=seconds // 6), share=RECIPE.share)


def write_json(result: Any, path: Path) -> None:
    """A bench's result, a dataclass, as JSON at `path`."""
    path.write_text(json.dumps(asdict(result), indent=1) + "\n")


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _preview(models: Models, seed: int) -> None:
    preview(Generate(look="caustics", seed=seed), "9:16", models)


def _previews_over_http() -> Iterator[float]:
    """Seconds from asking to answer, by the POST that a slider's release makes; each is new, so that no cache helps."""
    with running(GRADIO_ANALYTICS_ENABLED="False") as app:
        wait_for(app)
        for turn in range(-3, PREVIEWS):
            look = {"kind": "generate", "look": "caustics", "hue": (turn % PREVIEWS) / PREVIEWS, "seed": turn + 100}
            body = json.dumps({"data": [{"source": look}, "strip", None]}).encode()
            headers = {"Content-Type": "application/json"}
            request = urllib.request.Request(f"{app.address}gradio_api/run/preview", body, headers)
            start = time.perf_counter()
            with urllib.request.urlopen(request, timeout=60) as answer:
                strip = json.load(answer)["data"][0]
            seconds = time.perf_counter() - start
            if strip["frames"] != PREVIEW_FRAMES:
                raise RuntimeError(f"a preview of {strip['frames']} frames came back")
            if turn >= 0:  # the first ones warm up
                yield seconds


def peak_memory(recipe: Recipe, folder: Path) -> int:
    """Peak resident bytes of a process that renders `recipe`."""
    code = (
        "import resource, sys; from pathlib import Path;"
        "from vgan.recipe import Recipe; from vgan.render import render;"
        "from vgan.registry import Models; render(Recipe.parse(sys.argv[1]), Models(), Path(sys.argv[2]));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, recipe.to_json(), str(folder / f"memory{secrets.token_hex(4)}")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    return int(done.stdout.split()[-1]) * unit


def machine(models: Models) -> str:
    """The processor or graphics card, and how many cores."""
    device = models.runtime.device
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return processor()


def processor() -> str:
    """The processor, and how many cores."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return f"{line.split(':', 1)[1].strip()}, {os.cpu_count()} cores"
    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
