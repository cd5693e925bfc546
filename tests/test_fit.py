"""GIF and WebP under a size limit: always below it, as good as it allows, from frames that were drawn once."""

import shutil
from collections import namedtuple
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from clips import Waves, models, recipe, waves
from films import drifting

from vgan import sources
from vgan.errors import Cancelled, MediaError, RecipeError
from vgan.media.probe import probe, recipe_of
from vgan.media.writer import GifWriter, Job
from vgan.registry import Models
from vgan.render import estimate, render
from vgan.share.fit import BEST, SMALLEST, FitWriter, Rung, ladder
from vgan.share.formats import FORMATS

__all__ = ["models", "waves"]  # fixtures

KINDS = ["gif", "webp"]


def job(path: Path, **fields: object) -> Job:
    """A clip of two seconds."""
    whole = Job(path, (360, 640), (90, 160), Fraction(30), 60, "", most_bytes=200_000)
    return replace(whole, **fields)  # type: ignore[arg-type]


def noise(frames: int, size: tuple[int, int] = (90, 160)) -> np.ndarray:
    """Pictures that hardly compress."""
    return np.random.default_rng(1).integers(0, 256, (frames, size[1], size[0], 3), np.uint8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fps", [8, 24, 25, 30, 60])
@pytest.mark.parametrize("size", [(720, 1280), (96, 96), (1920, 1080), (145, 257)])
def test_the_ladder_falls_step_by_step(tmp_path: Path, kind: str, fps: int, size: tuple[int, int]) -> None:
    asked = job(tmp_path / "clip", fps=Fraction(fps), size=size)
    rungs = ladder(kind, asked)
    assert (rungs[0].size, rungs[0].every, rungs[0].grade) == (size, 1, BEST[kind])
    assert min(rungs[-1].size) == min(SMALLEST, *size)
    for above, below in pairwise(rungs):
        assert below != above
        assert below.size <= above.size
        assert below.every >= above.every
        assert below.grade <= above.grade
        assert fps / below.every >= 8
    assert all(abs(rung.size[0] / rung.size[1] / (size[0] / size[1]) - 1) < 0.02 for rung in rungs)
    rates = [rung for rung in rungs if fps / rung.every < 12 <= fps]
    assert all(min(rung.size) <= 320 or min(size) <= 320 for rung in rates), "size goes before the rate falls below 12"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.7, 0.3, 0.1])
def test_the_file_is_below_the_limit_and_near_it(
    tmp_path: Path, models: Models, waves: None, kind: str, share: float
) -> None:
    out = tmp_path / f"clip.{kind}"
    free = render(recipe(2.0, format=kind, short_side=288), models, out)
    limit = max(0.05, round(free.bytes * share / 1e6, 3))
    asked = recipe(2.0, format=kind, short_side=288, max_mb=limit)
    clip = render(asked, models, out)
    assert clip.bytes == out.stat().st_size <= limit * 1e6
    assert clip.bytes >= 0.6 * limit * 1e6 or clip.width == 288
    info = probe(out)
    assert (info.width, info.height) == (clip.width, clip.height)
    assert info.seconds == pytest.approx(2.0, abs=0.1)
    assert info.fps == pytest.approx(clip.fps, rel=0.06)
    assert recipe_of(out) == asked
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize("kind", KINDS)
def test_what_fits_stays_as_it_was_asked(tmp_path: Path, models: Models, waves: None, kind: str) -> None:
    asked = recipe(format=kind, max_mb=100)
    clip = render(asked, models, tmp_path / f"clip.{kind}")
    assert (clip.width, clip.height) == asked.share.size()
    assert (clip.frames, clip.fps) == (24, 24)


def test_one_frame_fits_too(tmp_path: Path) -> None:
    path = tmp_path / "clip.gif"
    writer = FORMATS["gif"].open(job(path, frames=1, most_bytes=50_000), "cpu")
    writer.write(noise(1))
    writer.close()
    assert path.stat().st_size <= 50_000
    assert writer.fitted is not None
    assert writer.fitted.frames == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_that_cannot_be_kept_says_what_can(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"clip.{kind}"
    writer = FORMATS[kind].open(job(path, most_bytes=20_000), "cpu")
    writer.write(noise(60))
    with pytest.raises(RecipeError, match=r"share\.max_mb: 0\.02 MB is too little: the smallest .* at 96x171") as error:
        writer.close()
    writer.abort()
    assert {one.name for one in tmp_path.iterdir()} <= {path.name}
    allowed = float(str(error.value).split("Allow ")[1].split(" MB")[0])
    again = FORMATS[kind].open(job(path, most_bytes=int(allowed * 1e6)), "cpu")
    again.write(noise(60))
    again.close()
    assert path.stat().st_size <= allowed * 1e6


def test_frames_are_drawn_once(tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    class Counting(Waves):
        def draw(self, index):  # type: ignore[no-untyped-def]
            drawn.extend(index.tolist())
            return super().draw(index)

    monkeypatch.setitem(sources.SOURCES, "generate", Counting)
    render(recipe(2.0, format="gif", short_side=288, max_mb=0.3), models, tmp_path / "clip.gif")
    assert sorted(drawn) == list(range(48))


def test_few_encodings_are_enough(tmp_path: Path) -> None:
    opened: list[int] = []

    def counted(one: Job, colours: int) -> GifWriter:
        opened.append(one.frames)
        return GifWriter(one, colours)

    writer = FitWriter(job(tmp_path / "clip.gif", frames=120, most_bytes=600_000), "gif", counted)
    writer.write(noise(120))
    writer.close()
    assert sum(opened) < 120 * 5
    assert 0.8 * 600_000 < (tmp_path / "clip.gif").stat().st_size <= 600_000


def test_a_stopped_search_leaves_nothing(tmp_path: Path, models: Models, waves: None) -> None:
    asked = recipe(2.0, format="gif", short_side=288, max_mb=0.3)
    seen: list[tuple[int, int]] = []

    def cancelled() -> bool:
        return len(seen) > 0 and seen[-1] == (48, 48)

    with pytest.raises(Cancelled):
        render(asked, models, tmp_path / "clip.gif", lambda done, total: seen.append((done, total)), cancelled)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_before_anything_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 1_000_000))
    with pytest.raises(MediaError, match="disk is too full"):
        FORMATS["gif"].open(job(tmp_path / "clip.gif"), "cpu")
    assert list(tmp_path.iterdir()) == []


def test_an_estimate_knows_the_limit(models: Models) -> None:
    assert estimate(recipe(format="gif", short_side=720, max_mb=0.1), models).bytes == 100_000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [150_000, 400_000])
def test_predictions_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, limit: int) -> None:
    wholes: list[tuple[float, int]] = []
    whole = FitWriter._whole

    def compared(self: FitWriter, rung: Rung) -> int:
        size = whole(self, rung)
        wholes.append((self._predicted(rung), size))
        return size

    monkeypatch.setattr(FitWriter, "_whole", compared)
    asked = job(tmp_path / f"clip.{kind}", drawn=(90, 160), most_bytes=limit)
    writer = FORMATS[kind].open(asked, "cpu")
    writer.write(np.stack(drifting(60, (90, 160))))
    writer.close()
    assert len(wholes) <= 3
    assert all(0.75 < predicted / size < 1.33 for predicted, size in wholes)
