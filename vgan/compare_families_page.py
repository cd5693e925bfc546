"""What a comparison of families says, as a page: tables, the protocol of every figure, and pictures."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import mean, stdev

from vgan.compare_families import Comparison, Contest, Results, Run
from vgan.compare_families_pictures import write_pictures
from vgan.errors import MediaError
from vgan.metrics.clip_table import ClipFigures
from vgan.models.video_families import VIDEO_FAMILIES

log = logging.getLogger(__name__)

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PAGE = f"""# Families of video generators, compared

{BEGIN}
{END}
"""
TITLES = {"shapes": "Moving shapes", "shapes-by-kind": "Moving shapes, by kind", "looks": "The looks"}

# Columns: heading, the figure of a run's clips, and how it is written.
COLUMNS: tuple[tuple[str, Callable[[ClipFigures], float | None], str], ...] = (
    ("video distance", lambda f: f.video, ".1f"),
    ("frame distance", lambda f: f.frame, ".0f"),
    ("content kept", lambda f: f.consistency, ".2f"),
    ("label right", lambda f: f.right, ".0%"),
    ("sure", lambda f: f.sure, ".2f"),
    ("kinds", lambda f: f.kinds, ".1f"),
    ("coverage", lambda f: f.coverage, ".2f"),
    ("recall", lambda f: f.recall, ".2f"),
    ("precision", lambda f: f.precision, ".2f"),
    ("loop seam", lambda f: f.seam, ".1f"),
)


def write_page(contests: Mapping[str, Contest], plan: Comparison, docs: Path) -> Path:
    """Write `families.md` in the folder `docs`, and a picture `families-NAME.webp` for every clip set.

    Of a page that is there, only what lies between the two marks is written anew. Raises MediaError where the folder or
    the marks are missing.
    """
    page = docs / "families.md"
    if not docs.is_dir():
        raise MediaError(f"docs: there is no folder {str(docs)!r}. Create it, or choose another.")
    text = page.read_text(encoding="utf-8") if page.is_file() else PAGE
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise MediaError(f"{page}: the marks {BEGIN} and {END} are missing. Put them around what is to be measured.")
    parts = []
    for name, contest in contests.items():
        picture = write_pictures(name, contest, docs)
        parts.append(section(name, contest.results, plan, len(contest.train.names), picture))
    page.write_text(f"{before}{BEGIN}\n\n{''.join(parts)}{END}{after}", encoding="utf-8")
    return page


def section(name: str, results: Results, plan: Comparison, labels: int, picture: str | None) -> str:
    """One clip set: table, what leads, protocol."""
    title = TITLES.get(name, name)
    shown = f"![{title}: real clips in the first row, then a row for each family]({picture})\n\n" if picture else ""
    failed = "".join(f"- {who} stopped: {why}\n" for who, why in results.failed.items())
    return f"## {title}\n\n{shown}{table(results)}\n{leader(results)}\n\n{protocol(name, plan, labels)}\n\n{failed}"


def by_family(results: Results) -> dict[str, list[Run]]:
    """Runs by family, the least mean video distance first."""
    found: dict[str, list[Run]] = {}
    for run in results.runs:
        found.setdefault(run.family, []).append(run)
    return dict(sorted(found.items(), key=lambda item: mean(run.figures.video for run in item[1])))


def table(results: Results) -> str:
    """Markdown: a row for each family and one for real clips; means over seeds, +- the deviation between them."""
    others = list(results.floor.others)
    heads = ["family", *(column[0] for column in COLUMNS), *others, "steps", "parameters", "frames/s", "seeds"]
    rows = [["**real clips**", *_cells([results.floor], others), "", "", "", ""]]
    for name, runs in by_family(results).items():
        cells = _cells([run.figures for run in runs], others)
        facts = [
            f"{mean(run.steps for run in runs):,.0f}",
            f"{runs[0].parameters / 1e6:.2f} M",
            f"{mean(run.frames_per_second for run in runs):,.0f}",
            str(len(runs)),
        ]
        rows.append([VIDEO_FAMILIES[name].title, *cells, *facts])
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(figures: list[ClipFigures], others: list[str]) -> list[str]:
    columns = [_spread([take(each) for each in figures], form) for _, take, form in COLUMNS]
    return columns + [_spread([each.others.get(name) for each in figures], ".1f") for name in others]


def _spread(values: list[float | None], form: str) -> str:
    told = [value for value in values if value is not None]
    if not told:
        return "not asked"
    around = f" ± {stdev(told):{form}}" if len(told) > 1 else ""
    return f"{mean(told):{form}}{around}"


def leader(results: Results) -> str:
    """Who leads, by how much, and whether that is more than seeds differ."""
    ranked = by_family(results)
    if not ranked:
        return "No run is finished yet."
    names, distances = list(ranked), {name: [run.figures.video for run in runs] for name, runs in ranked.items()}
    first = names[0]
    text = f"Least video distance: **{VIDEO_FAMILIES[first].title}**, {mean(distances[first]):.1f}"
    if len(names) > 1:
        second = names[1]
        gap = mean(distances[second]) - mean(distances[first])
        text += f"; next is {VIDEO_FAMILIES[second].title}, {gap:.1f} behind"
        several = [values for values in (distances[first], distances[second]) if len(values) > 1]
        if several:
            seeds = max(stdev(values) for values in several)
            text += f" ({'more' if gap > seeds else 'no more'} than the {seeds:.1f} by which seeds differ)"
        else:
            text += " (one seed each: how much seeds differ is not known)"
    return text + f". Real clips have {results.floor.video:.1f}."


def protocol(name: str, plan: Comparison, labels: int) -> str:
    """How every figure of the table came about."""
    frames = plan.samples * len(range(0, plan.frames, 4))
    return (
        f"Protocol: {plan.clips} clips of {plan.frames} frames, {plan.side} px, loops, {labels} labels. Each run: "
        f"{plan.cpu_minutes[name]:g} minutes of processor time on one core, {plan.batch} clips a step, the family's "
        f"own loss, optimiser and rate; the averaged generator is measured, with standing statistics. "
        f"{plan.samples} clips of each run against {plan.samples} held-out real ones; the row of "
        f"real clips is {plan.samples} others.\n\n"
        "- Video distance: Fréchet, on SqueezeNet 1.1 (ImageNet) at 64 px, in 16 places and over the whole frame: "
        f"mean, deviation, and change over 1, 2 and 4 frames; {plan.axes} principal axes of real and of spoiled clips, "
        "scaled so that all that real clips vary is 100. It is not FVD.\n"
        f"- Frame distance: Fréchet, on SqueezeNet 1.1 at 128 px, {frames:,} frames of each set. It is not FID.\n"
        "- Content kept: mean cosine between a frame's features and its clip's; more than real clips have is a clip "
        "that stands too still.\n"
        "- Label right, sure, kinds: by a classifier of real clips, on the numbers of the video distance: told as "
        "asked (of families that can be asked), mean confidence, and how many labels there are among the clips.\n"
        "- Coverage (5 neighbours), recall and precision (3): on the same numbers.\n"
        "- Loop seam: median, 1 is seamless. Frames/s: one core, 16 clips together."
    )
