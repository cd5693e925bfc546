"""Clips of all families beside each other, moving: a row for each."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vgan.compare_families import SHOWN_CLIPS, Contest
from vgan.errors import MediaError
from vgan.models.video_families import VIDEO_FAMILIES

CELL, GAP = 88, 3  # pixels of a clip, and between clips
NAMES = 132  # pixels that names of families have at the left
SECONDS = 1.6  # of a loop
PAPER, INK = (17, 18, 23), (226, 228, 235)


def write_pictures(name: str, contest: Contest, docs: Path) -> str | None:
    """Write an animated WebP with eight real clips in the first row and eight of each family (its first seed) below, in
    the order of VIDEO_FAMILIES. Returns its file's name, None where no run is finished. Raises MediaError."""
    seeds: dict[str, int] = {}
    for run in sorted(contest.results.runs, key=lambda run: run.seed, reverse=True):
        seeds[run.family] = run.seed
    if not seeds:
        return None
    rows = [("real clips", contest.shown().movedim(2, -1).numpy())]
    for family in VIDEO_FAMILIES:
        if family in seeds:
            clips = np.load(contest.folder / f"{family}-{seeds[family]}" / SHOWN_CLIPS, allow_pickle=False)
            rows.append((VIDEO_FAMILIES[family].title, np.moveaxis(clips, 2, -1)))
    frames = [_frame(rows, moment) for moment in range(contest.plan.frames)]
    path = docs / f"families-{name}.webp"
    each = round(1000 * SECONDS / len(frames))
    try:
        frames[0].save(path, save_all=True, append_images=frames[1:], duration=each, loop=0, quality=82, method=4)
    except OSError as error:
        raise MediaError(f"{path}: the picture cannot be written ({error}). Choose another folder.") from error
    return path.name


def _frame(rows: list[tuple[str, np.ndarray]], moment: int) -> Image.Image:
    """rows: names and clips uint8 (n, T, S, S, 3)."""
    wide = max(len(clips) for _, clips in rows)
    page = Image.new("RGB", (NAMES + wide * (CELL + GAP), len(rows) * (CELL + GAP) - GAP), PAPER)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size=14)
    for row, (name, clips) in enumerate(rows):
        top = row * (CELL + GAP)
        draw.text((6, top + CELL / 2), name, INK, font, anchor="lm")
        for column, clip in enumerate(clips):
            picture = Image.fromarray(clip[moment]).resize((CELL, CELL), Image.Resampling.BICUBIC)
            page.paste(picture, (NAMES + column * (CELL + GAP), top))
    return page
