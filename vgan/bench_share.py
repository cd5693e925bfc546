"""`python -m vgan bench share`: what words and music cost, all in one run on one machine."""

import subprocess
import sys
import tempfile
import time
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from vgan.bench import machine
from vgan.media.loudness import measure
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render

SECONDS = 10
ROUNDS = 3
SONG = 30  # seconds
RATE = 44_100
TEMPO = 110
FINISHES: dict[str, list[dict[str, Any]]] = {"soft": [], "crisp": [{"kind": "upscale", "factor": 4, "strength": 0.3}]}
WORDS = ("Made of nothing but numbers", "and set to music", "in one go", "with a call to action at the end")


@dataclass
class ShareBench:
    """Seconds, the best of some renders of a 10 s look at 1080x1920, in turns: as it is, and with captions and music
    at the loudness of the platforms. soft, crisp: how its edges come out. analysis_*: of a 30 s song in a process that
    has heard none before, without and with the start of Python itself. loudness, true_peak: of the finished file."""

    machine: str
    threads: int
    dtype: str
    soft_plain: float
    soft_posted: float
    soft_added: float
    crisp_plain: float
    crisp_posted: float
    crisp_added: float
    analysis: float
    analysis_process: float
    loudness: float
    true_peak: float


def bench_share(models: Models, music: Path | None = None) -> ShareBench:
    """Renders with and without words and music in turns; then the first look at a song. music: another song."""
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        song, out = music or _song(Path(folder) / "song.wav"), Path(folder) / "clip.mp4"
        for _ in range(ROUNDS):
            for finish in FINISHES:
                for posted in (False, True):
                    recipe, key = (
                        _recipe(finish, song if posted else None),
                        f"{finish}_{'posted' if posted else 'plain'}",
                    )
                    start = time.perf_counter()
                    render(recipe, models, out)
                    best[key] = min(best.get(key, float("inf")), time.perf_counter() - start)
        heard = measure(out)
        analysis, whole = _first_analysis(song)
    added = {f"{finish}_added": best[f"{finish}_posted"] / best[f"{finish}_plain"] - 1 for finish in FINISHES}
    return ShareBench(
        machine=machine(models),
        threads=torch.get_num_threads(),
        dtype=str(models.runtime.dtype).removeprefix("torch."),
        **{name: round(value, 3) for name, value in (best | added).items()},
        analysis=round(analysis, 2),
        analysis_process=round(whole, 2),
        loudness=round(heard.integrated, 2),
        true_peak=round(heard.true_peak, 2),
    )


def table(result: ShareBench) -> str:
    """The result as a Markdown table."""
    rows = [
        ("10 s of 1080x1920 at 30 fps, soft: as it is", f"{result.soft_plain:.2f} s"),
        ("the same with captions and music", f"{result.soft_posted:.2f} s: {100 * result.soft_added:+.1f} %"),
        ("crisp: as it is", f"{result.crisp_plain:.2f} s"),
        ("the same with captions and music", f"{result.crisp_posted:.2f} s: {100 * result.crisp_added:+.1f} %"),
        ("first analysis of a 30 s song, fresh process", f"{result.analysis:.2f} s"),
        ("the same with the start of Python", f"{result.analysis_process:.2f} s"),
        ("loudness of the finished file", f"{result.loudness:.2f} LUFS, {result.true_peak:.2f} dBTP"),
    ]
    head = f"{result.machine}; {result.threads} threads; {result.dtype}\n\n| what | measured |\n|---|---|\n"
    return head + "\n".join(f"| {what} | {figure} |" for what, figure in rows)


def _recipe(finish: str, song: Path | None) -> Recipe:
    raw: dict[str, Any] = {
        "source": {"kind": "generate", "look": "aurora", "seconds": SECONDS},
        "steps": FINISHES[finish],
        "share": {"short_side": 1080},
    }
    if song:
        each = SECONDS / len(WORDS)
        cues = [{"start": at * each, "end": (at + 1) * each, "text": text} for at, text in enumerate(WORDS)]
        title = {"kind": "captions", "cues": [{"text": "VGAN Studio"}], "y": 0.1, "size": 0.09, "enter": "pop"}
        raw["overlays"] = [{"kind": "captions", "cues": cues, "box": 0.6, "enter": "words"}, title]
        raw["sound"] = {"music": str(song), "fade_out": 1.0}
    return Recipe.parse(raw)


def _song(path: Path) -> Path:
    """A bass drum on every beat, a hat between them, and chords: 16 bit, mono."""
    time_ = np.arange(SONG * RATE) / RATE
    beat = 60 / TEMPO
    since, between = time_ % beat, (time_ + beat / 2) % beat
    drum = np.sin(2 * np.pi * 55 * since) * np.exp(-since * 14)
    hat = np.random.default_rng(0).standard_normal(len(time_)) * np.exp(-between * 60) * 0.3
    root = 110 * 2 ** (np.array([0, 3, 7, 5])[(time_ // (4 * beat)).astype(int) % 4] / 12)
    chord = sum(np.sin(2 * np.pi * root * step * time_) for step in (2, 2.5, 3)) * 0.12
    samples = (0.5 * (drum + hat + chord)).clip(-1, 1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32_000).astype("<i2").tobytes())
    return path


def _first_analysis(song: Path) -> tuple[float, float]:
    """Seconds in a fresh process: with its imports, and with the start of Python."""
    code = (
        "import sys, time; start = time.perf_counter(); from pathlib import Path; from vgan.music import analyse;"
        "analyse(Path(sys.argv[1])); print(time.perf_counter() - start)"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, str(song)], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1]), time.perf_counter() - start
