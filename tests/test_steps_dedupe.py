"""Dedupe: repeated frames go, moving ones stay, and the file is as long as what is left."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from clips import Waves, recipe
from torch import Tensor

from vgan import sources
from vgan.media.extent import Extent, Sound
from vgan.media.probe import probe
from vgan.plan import paced, plan
from vgan.recipe import Recipe
from vgan.recipe_steps import Dedupe
from vgan.registry import Models
from vgan.render import generate_only, render, still
from vgan.steps.around import Around
from vgan.steps.dedupe import dedupe, deduped

pytest_plugins = ["clips"]


def run(clip: Tensor, models: Models, loops: bool = False, **asked: object) -> Tensor:
    extent = Extent(len(clip), Fraction(25), (clip.shape[-1], clip.shape[-2]))
    around = Around(extent, extent, loops, lambda places: clip[list(places)], models)
    return torch.cat(list(dedupe(iter(clip.split(3)), Dedupe.model_validate(asked), around)))


def moving(count: int) -> Tensor:
    """A bright square that moves by its own size from frame to frame: (count, 3, 64, 96)."""
    clip = torch.full((count, 3, 64, 96), -0.5)
    for index in range(count):
        clip[index, :, 20:28, 8 * index % 88 : 8 * index % 88 + 8] = 0.8
    return clip


class Stuttering(Waves):
    """Every frame three times."""

    def draw(self, index: Tensor) -> Tensor:
        return super().draw(index // 3 * 3)


def test_repeats_are_dropped_and_nothing_else(models: Models) -> None:
    clip = moving(10)
    assert torch.equal(run(clip, models), clip)
    assert torch.equal(run(clip.repeat_interleave(3, 0), models), clip)
    assert torch.equal(run(clip.repeat_interleave(3, 0), models, strength=0), clip.repeat_interleave(3, 0))


def test_noise_does_not_hide_a_repeat(models: Models) -> None:
    clip = moving(8).repeat_interleave(2, 0).repeat_interleave(4, 2).repeat_interleave(4, 3)
    clip += 0.02 * torch.randn(clip.shape, generator=torch.Generator().manual_seed(0))
    assert torch.equal(run(clip, models), clip[::2])


def test_a_slow_change_is_not_lost(models: Models) -> None:
    """Each frame is almost the one before, yet the last is far from the first."""
    clip = torch.linspace(-1, 1, 800)[:, None, None, None].expand(-1, 3, 32, 32)
    made = run(clip, models)
    assert 100 < len(made) < 800
    assert made.diff(dim=0).abs().max() < 0.03


def test_one_frame_stays(models: Models) -> None:
    assert len(run(torch.zeros(9, 3, 32, 32), models)) == 1
    assert len(run(torch.zeros(9, 3, 32, 32), models, loops=True)) == 1


def test_a_loop_does_not_end_with_its_first_frame(models: Models) -> None:
    clip = torch.cat([moving(6), moving(1)])
    assert torch.equal(run(clip, models), clip)
    assert torch.equal(run(clip, models, loops=True), clip[:6])


def test_sound_goes_unless_nothing_is_done() -> None:
    extent = Extent(10, Fraction(25), (64, 64), Sound(Path("a.mp4"), Fraction(0), Fraction(1)))
    assert deduped(extent, Dedupe(strength=0), Recipe()) == extent
    after = deduped(extent, Dedupe(), Recipe())
    assert (after.sound, after.exact, after.frames) == (None, False, 10)


@pytest.mark.parametrize("file_format", ["mp4", "webm", "gif", "webp"])
def test_the_file_is_as_long_as_what_is_left(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    monkeypatch.setitem(sources.SOURCES, "generate", Stuttering)
    data = recipe(fps=25, format=file_format).model_dump(mode="json")
    asked = Recipe.parse({**data, "steps": [{"kind": "dedupe"}]})
    clip = render(asked, models, tmp_path / f"a.{file_format}")
    assert (plan(asked).final.frames, clip.frames) == (25, 9)
    assert clip.seconds == pytest.approx(9 / 25)
    if file_format != "webp":
        assert probe(clip.path).frames == 9
    before, after = still(asked, models, 20)
    assert np.array_equal(before, after)


def test_another_rate_afterwards_adds_no_frames_that_are_not_there(models: Models, tmp_path: Path) -> None:
    path = tmp_path / "stutter.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=20, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for picture in moving(10).repeat_interleave(2, 0):
            frame = (picture.permute(1, 2, 0).numpy() * 127.5 + 127.5).astype(np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")))
        file.mux(stream.encode(None))
    asked = Recipe.parse({"source": {"kind": "upload", "path": str(path)}, "steps": [{"kind": "dedupe"}]})
    assert sum(map(len, generate_only(asked, models))) == 10
    assert render(asked, models, tmp_path / "a.mp4").frames == 10
    last, final = (Extent(20, Fraction(fps), (96, 64), exact=False) for fps in (20, 40))
    paced_ones = list(paced(iter(moving(10).split(4)), last, replace(final, frames=40)))
    assert torch.equal(torch.cat(paced_ones), moving(10).repeat_interleave(2, 0))
