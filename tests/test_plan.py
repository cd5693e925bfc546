"""The plan of a chain, told before anything is made, and that what is made keeps to it."""

import itertools
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from clips import recipe
from torch import Tensor

from vgan.errors import RecipeError
from vgan.media import reader
from vgan.media.extent import Extent
from vgan.media.probe import probe
from vgan.plan import Plan, as_it_was, check, fitted, paced, plan
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import extent_of, generate_only, moments, render, still

pytest_plugins = ["clips"]

STEPS = {
    "grade": {"kind": "grade", "brightness": 0.2, "saturation": 0.3, "auto": 0.5},
    "sharpen": {"kind": "sharpen"},
    "trim": {"kind": "trim", "start": 0.2, "end": 0.8},
    "crop": {"kind": "crop", "aspect": "4:5", "left": 0.1},
    "scale": {"kind": "scale", "short_side": 162},
    "faster": {"kind": "interpolate", "fps": 30, "strength": 0},
    "slower": {"kind": "interpolate", "factor": 2, "slow": True, "strength": 0},
}


def upload(path: Path, *steps: dict[str, object], **share: object) -> Recipe:
    return Recipe.parse({"source": {"kind": "upload", "path": str(path)}, "steps": list(steps), "share": share})


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of a moving bar with a tone: 192x128, 25 frames a second."""
    path = tmp_path_factory.mktemp("clip") / "bar.mp4"
    with av.open(str(path), "w") as file:
        video = file.add_stream("libx264", rate=25, options={"crf": "16"})
        video.width, video.height, video.pix_fmt = 192, 128, "yuv420p"
        sound = file.add_stream("aac", rate=48_000, layout="stereo")
        for index in range(25):
            frame = np.full((128, 192, 3), 60, np.uint8)
            frame[:, 6 * index : 6 * index + 20] = (220, 180, 140)
            file.mux(video.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        file.mux(video.encode(None))
        samples = (0.3 * 32767 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)).astype(np.int16).repeat(2)
        for place in range(0, len(samples), 2048):
            part = av.AudioFrame.from_ndarray(samples[None, place : place + 2048], format="s16", layout="stereo")
            part.sample_rate, part.pts, part.time_base = 48_000, place // 2, Fraction(1, 48_000)
            file.mux(sound.encode(part))
        file.mux(sound.encode(None))
    return path


def sound_seconds(path: Path) -> float:
    """How much sound a finished file really has."""
    with av.open(str(path)) as file:
        frames = list(file.decode(file.streams.audio[0]))
        return sum(frame.samples for frame in frames) / frames[0].sample_rate


class TestChains:
    @pytest.mark.parametrize("names", list(itertools.permutations(STEPS, 2)), ids="-".join)
    def test_any_two_steps_in_any_order_keep_to_the_plan(
        self, clip: Path, models: Models, names: tuple[str, str]
    ) -> None:
        asked = upload(clip, *(STEPS[name] for name in names))
        planned = extent_of(asked)
        made = list(generate_only(asked, models))
        assert sum(map(len, made)) == planned.frames
        assert {frames.shape[1:3] for frames in made} == {planned.size[::-1]}

    def test_all_of_them_at_once(self, clip: Path, models: Models, tmp_path: Path) -> None:
        asked = upload(clip, *STEPS.values())
        planned = plan(asked)
        made = render(asked, models, tmp_path / "a.mp4")
        assert (made.width, made.height) == planned.final.size == (162, 204)
        assert made.frames == probe(made.path).frames == planned.final.frames
        assert made.seconds == pytest.approx(1.2, abs=0.04)
        assert sound_seconds(made.path) == pytest.approx(made.seconds, abs=0.05)

    def test_the_file_has_what_the_chain_says(self, clip: Path, models: Models, tmp_path: Path) -> None:
        chain = [{"kind": "trim", "start": 0.4}, {"kind": "crop", "aspect": "9:16"}, STEPS["grade"], STEPS["sharpen"]]
        made = render(upload(clip, *chain), models, tmp_path / "a.mp4")
        assert (made.width, made.height, made.frames) == (72, 128, 15)
        info = probe(made.path)
        assert (info.frames, info.codec) == (15, "h264")
        assert info.seconds == pytest.approx(0.6)
        assert sound_seconds(made.path) == pytest.approx(0.6, abs=0.05)

    @pytest.mark.parametrize("sound", ["keep", "drop"])
    def test_slow_motion_keeps_its_pitch_or_drops_its_sound(
        self, clip: Path, models: Models, tmp_path: Path, sound: str
    ) -> None:
        asked = upload(clip, {**STEPS["slower"], "sound": sound})
        made = render(asked, models, tmp_path / "a.mp4")
        assert (made.frames, made.seconds) == (50, 2.0)
        with av.open(str(made.path)) as file:
            assert len(file.streams.audio) == (sound == "keep")
            if sound == "drop":
                return
            heard = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(file.streams.audio[0])])
        assert len(heard) / 48_000 == pytest.approx(2, abs=0.05)
        middle = heard[24_000:72_000]
        peak = np.argmax(np.abs(np.fft.rfft(middle * np.hanning(len(middle)))))
        assert peak == pytest.approx(440, rel=0.01)  # a second: bins are hertz

    def test_slow_then_trimmed_is_the_slow_clip_of_the_part(self, clip: Path) -> None:
        slow_part = plan(upload(clip, STEPS["slower"], {"kind": "trim", "start": 0.8, "end": 1.6})).final
        part_slow = plan(upload(clip, {"kind": "trim", "start": 0.4, "end": 0.8}, STEPS["slower"])).final
        assert slow_part == part_slow

    def test_preview_shows_what_the_render_shows(self, clip: Path, models: Models) -> None:
        asked = upload(clip, STEPS["trim"], STEPS["crop"], STEPS["slower"], {**STEPS["grade"], "auto": 0})
        made = np.concatenate(list(generate_only(asked, models))).astype(int)
        for place in (0, 7, len(made) - 1):
            before, after = still(asked, models, place)
            assert before.shape == after.shape == made.shape[1:]
            assert np.abs(after - made[place]).max() <= 1

    @pytest.mark.parametrize(("steps", "passes"), [("sharpen", 1), ("grade", 4), ("trim crop grade", 4)])
    def test_moments_drawn_together_are_those_drawn_alone(
        self, clip: Path, models: Models, steps: str, passes: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """passes: over the file; levels are looked for shortly before each moment but the first."""
        opened, frames = [], reader.frames
        asked = upload(clip, *(STEPS[name] for name in steps.split()))
        alone = [still(asked, models, place)[1] for place in (0, 4, 7, 11)]
        monkeypatch.setattr(reader, "frames", lambda *given: opened.append(given) or frames(*given))
        together = moments(asked, models, (0, 4, 7, 11))
        assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))
        assert len(opened) == passes

    def test_sizes_and_rates_of_the_share_come_last(self, clip: Path, models: Models, tmp_path: Path) -> None:
        asked = upload(clip, STEPS["scale"], STEPS["trim"], short_side=144, fps=10, aspect="1:1")
        made = render(asked, models, tmp_path / "a.mp4")
        assert (made.width, made.height, made.frames, made.fps) == (144, 144, 6, 10)


class TestPlan:
    def test_every_stage_is_told(self, clip: Path) -> None:
        planned = plan(upload(clip, STEPS["trim"], STEPS["crop"], STEPS["slower"], fps=50))
        told = [(stage.frames, stage.size, stage.fps) for stage in (*planned.stages, planned.final)]
        assert told == [
            (25, (192, 128), 25),
            (15, (192, 128), 25),
            (15, (102, 128), 25),
            (30, (102, 128), 25),
            (60, (102, 128), 50),
        ]
        assert planned.pixels == 60 * 102 * 128

    @pytest.mark.parametrize(
        ("fps", "chain", "said"),
        [
            (None, [{"kind": "interpolate", "factor": 4}], "share.fps: mp4 .* got 100.*steps.interpolate"),
            (None, [{"kind": "trim", "start": 3}], "trim.start: 3 s is beyond the end"),
            (None, [{"kind": "crop", "left": 0.9}, {"kind": "crop", "top": 0.9}], "crop: .* would be left"),
        ],
    )
    def test_what_cannot_be_is_refused_before_it_starts(
        self, clip: Path, models: Models, tmp_path: Path, fps: int | None, chain: list[dict[str, object]], said: str
    ) -> None:
        with pytest.raises(RecipeError, match=said):
            render(upload(clip, *chain, fps=fps), models, tmp_path / "a.mp4")
        assert not list(tmp_path.iterdir())

    def test_rate_of_the_share_makes_more_frames_possible(self, clip: Path) -> None:
        assert extent_of(upload(clip, {"kind": "interpolate", "factor": 4}, fps=60)).frames == 60

    def test_a_look_is_drawn_at_the_rate_of_the_share_and_steps_add_to_it(self) -> None:
        share = {"fps": 30, "short_side": 144}
        look = {"source": {"kind": "generate", "seconds": 1}, "steps": [{"kind": "interpolate"}], "share": share}
        final = extent_of(Recipe.parse(look))
        assert (final.frames, final.fps) == (60, 60)

    def test_limits_name_the_step_with_the_estimate(
        self, clip: Path, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VGAN_MAX_PIXELS", "300000")
        chain = (STEPS["trim"], {"kind": "scale", "short_side": 720})
        with pytest.raises(RecipeError, match=r"steps.1: scale makes 1080x720 pixels, 15 frames, about \d+ s of work"):
            render(upload(clip, *chain), models, tmp_path / "a.mp4")
        monkeypatch.setenv("VGAN_MAX_PIXELS", "3000000")
        monkeypatch.setenv("VGAN_MAX_CLIP_PIXELS", "3000000")
        with pytest.raises(RecipeError, match=r"steps.1: scale .*VGAN_MAX_CLIP_PIXELS"):
            render(upload(clip, *chain), models, tmp_path / "a.mp4")
        assert not list(tmp_path.iterdir())

    def test_the_longest_side_of_a_file_is_limited(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VGAN_MAX_PIXELS", "100000000")
        long = Extent(1, Fraction(25), (20_000, 200))
        with pytest.raises(RecipeError, match=r"share.short_side: .* 20000x200"):
            check(recipe(), Plan((replace_size(long, (2_000, 200)),), long), 1)

    def test_a_comparison_has_the_same_moments_and_windows(self, clip: Path) -> None:
        asked = upload(clip, *STEPS.values())
        plain = as_it_was(asked)
        kinds = [step.kind for step in plain.steps]
        assert kinds == ["trim", "crop", "scale", "interpolate", "interpolate"]
        assert plan(plain).final == plan(asked).final


def replace_size(extent: Extent, size: tuple[int, int]) -> Extent:
    return Extent(extent.frames, extent.fps, size)


class TestPaced:
    @staticmethod
    def run(count: int, given: int, wanted: int, exact: bool = True) -> list[int]:
        frames = max(1, round(count / Fraction(given) * wanted))
        chunks: tuple[Tensor, ...] = torch.arange(count).float()[:, None, None, None].split(3)
        last, final = (Extent(n, Fraction(fps), (1, 1), exact=exact) for n, fps in ((count, given), (frames, wanted)))
        return [int(one) for chunk in paced(iter(chunks), last, final) for one in chunk.flatten()]

    @pytest.mark.parametrize(("given", "wanted"), [(25, 25), (25, 50), (25, 30), (60, 24), (10, 60), (30, 8)])
    @pytest.mark.parametrize("count", [1, 2, 7, 31])
    def test_at_each_moment_the_frame_that_is_shown_then(self, given: int, wanted: int, count: int) -> None:
        shown = self.run(count, given, wanted)
        assert len(shown) == max(1, round(count / Fraction(given) * wanted))
        assert shown == [min(count - 1, index * given // wanted) for index in range(len(shown))]


class TestFitted:
    @pytest.mark.parametrize(
        ("size", "wanted", "after"),
        [
            ((640, 360), (640, 360), (640, 360)),
            ((641, 361), (640, 360), (640, 360)),
            ((640, 360), (1280, 720), (640, 360)),
            ((640, 360), (360, 360), (360, 360)),
            ((640, 360), (720, 1280), (202, 360)),
            ((360, 640), (1280, 720), (360, 202)),
            ((1000, 502), (1000, 500), (1000, 502)),
        ],
    )
    def test_the_middle_in_the_shape_of_the_file(
        self, size: tuple[int, int], wanted: tuple[int, int], after: tuple[int, int]
    ) -> None:
        pictures = torch.zeros(1, 3, size[1], size[0])
        pictures[..., size[1] // 2, size[0] // 2] = 1
        made = fitted(pictures, wanted)
        assert (made.shape[-1], made.shape[-2]) == after
        assert made.sum() == 3
