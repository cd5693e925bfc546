"""`python -m vgan bench fuzz`: recipes that nobody would write, each rendered or refused by name."""

import logging
import random
import re
import resource
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import torch

from vgan.bench import machine
from vgan.errors import Cancelled, VganError
from vgan.fuzz_recipes import KINDS, recipes
from vgan.plan import plan
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render

log = logging.getLogger(__name__)
PATIENCE = 30.0  # seconds that one recipe may take
MOST_PIXELS = 4_000_000  # of all frames, over all stages, of one that is rendered; larger ones are planned alone
OUTCOMES = ("rendered", "planned", "refused", "nameless", "slow", "broke")
_NAMES_A_FIELD = re.compile(r"[^\n]{1,160}?: ")


@dataclass
class FuzzBench:
    """How many recipes came out how, by their kind (`fuzz_recipes.KINDS`).

    rendered: a file was made, and read back. planned: it could be, and is too large to make thousands of. refused: with
    an error that names a field. nameless: with one that names none. slow: not done in PATIENCE seconds. broke: with any
    other exception. worst: the longest any took, seconds; memory: the most the process held, bytes.
    """

    machine: str
    seed: int
    recipes: int
    seconds: float
    worst: float
    memory: int
    outcomes: dict[str, dict[str, int]]
    faults: list[str] = field(default_factory=list)


def bench_fuzz(models: Models, count: int = 10_000, seed: int = 0) -> FuzzBench:
    """Make `count` recipes and carry each out. seed: others, other recipes."""
    torch.set_num_threads(max(1, torch.get_num_threads()))
    seen: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    faults: list[str] = []
    begin, worst = time.perf_counter(), 0.0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for number, (kind, text) in enumerate(recipes(count, seed, _files(models, folder))):
            start = time.perf_counter()
            outcome, said = carried_out(models, text, folder)
            worst = max(worst, time.perf_counter() - start)
            seen[kind][outcome] += 1
            if outcome in {"nameless", "slow", "broke"}:
                faults.append(f"{number} {outcome}: {said} of {text[:2000]}")
            if number % 200 == 199:
                log.info("%d recipes: %s", number + 1, dict(sum(seen.values(), Counter())))
    return FuzzBench(
        machine=machine(models),
        seed=seed,
        recipes=count,
        seconds=round(time.perf_counter() - begin, 1),
        worst=round(worst, 1),
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        outcomes={kind: {name: seen[kind][name] for name in OUTCOMES} for kind in KINDS},
        faults=faults,
    )


def carried_out(models: Models, text: str, folder: Path) -> tuple[str, str]:
    """(one of OUTCOMES, what was said) for the recipe `text`. folder: where its file may lie for a moment."""
    end = time.monotonic() + PATIENCE
    try:
        recipe = Recipe.parse(text)
        planned = plan(recipe)
        pixels = sum(stage.frames * stage.size[0] * stage.size[1] for stage in (*planned.stages, planned.final))
        if pixels > MOST_PIXELS:
            return "planned", ""
        out = folder / "out"
        clip = render(recipe, models, out, cancelled=lambda: time.monotonic() > end)
        done = "rendered" if out.stat().st_size == clip.bytes > 0 else "broke"
        out.unlink()
        return done, "an empty file"
    except Cancelled:
        return "slow", f"not done in {PATIENCE:g} s"
    except VganError as error:
        return ("refused" if _NAMES_A_FIELD.match(str(error)) else "nameless"), str(error)[:300]
    except Exception as error:  # that is what is looked for
        log.exception("a recipe broke the render")
        return "broke", f"{type(error).__name__}: {error}"[:300]


def table(result: FuzzBench) -> str:
    """The result as a Markdown table, and what went wrong."""
    head = f"{result.machine}; seed {result.seed}; {result.recipes:,} recipes in {result.seconds:g} s, the longest "
    head += f"{result.worst:g} s; at most {result.memory / 1e9:.1f} GB\n\n"
    lines = [f"| recipes | {' | '.join(OUTCOMES)} |", f"|---|{'---|' * len(OUTCOMES)}"]
    for kind in KINDS:
        lines.append(f"| {kind} | {' | '.join(str(result.outcomes[kind][name]) for name in OUTCOMES)} |")
    return head + "\n".join([*lines, *(["", *result.faults[:20]] if result.faults else [])])


def _files(models: Models, folder: Path) -> list[Path]:
    """A clip, a picture and something that is neither, for uploads and music."""
    source = {"kind": "generate", "look": "aurora", "seconds": 0.5}
    made = []
    for name, file_format in (("clip.mp4", "mp4"), ("moving.gif", "gif")):
        share = {"short_side": 144, "fps": 8, "format": file_format, "aspect": "1:1"}
        made.append(render(Recipe.parse({"source": source, "share": share}), models, folder / name).path)
    noise = folder / "noise.mp4"
    noise.write_bytes(random.Random(0).randbytes(5000))
    return [*made, noise]
