"""Mood: an estimate that shows its grounds, suggestions that can be made, grades that go the right way."""

import json
import wave
from pathlib import Path

import cv2
import numpy as np
import pytest
from films import write_film
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import MediaError, UnknownName
from vgan.mood import NAMED, Mood, grade_toward, mood_of_clip, mood_of_frames, suggest
from vgan.mood.estimate import apart, estimate
from vgan.mood.sound import RATE, spectrum_of
from vgan.mood.suggest import SUGGESTIONS
from vgan.mood.terms import COLOUR, TERMS
from vgan.recipe import Latent
from vgan.recipe_steps import Grade
from vgan.steps.grade import Curve, graded
from vgan.steps.levels import Level
from vgan.templates import templates
from vgan.tensors import to_pictures, to_uint8

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
shared = pytest.mark.skipif(not DATA.is_dir(), reason="no shared data here")


def scene(seed: int = 0, tint: tuple[int, int, int] = (0, 0, 0), side: int = 96) -> np.ndarray:
    """Soft colours of ordinary light, uint8 (side, side, 3)."""
    small = np.random.default_rng(seed).random((6, 6, 3)).astype(np.float32) * 130 + 50 + np.array(tint, np.float32)
    return np.clip(cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)


def flat(level: int, count: int = 4) -> list[np.ndarray]:
    return [np.full((64, 64, 3), level, np.uint8)] * count


def after(picture: np.ndarray, step: Grade) -> np.ndarray:
    return to_uint8(graded(to_pictures(picture)[None], Curve.of(step), Level()))[0].numpy()


def tones(notes: list[float], seconds: float = 4.0) -> np.ndarray:
    """Notes after each other, each with some harmonics, float32 at RATE."""
    time = np.arange(round(seconds / len(notes) * RATE)) / RATE
    parts = [sum(np.sin(2 * np.pi * note * k * time) / k for k in (1, 2, 3)) for note in notes]
    return (0.2 * np.concatenate(parts)).astype(np.float32)


def write_song(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes())
    return path


class TestEstimate:
    def test_grounds_add_up(self) -> None:
        mood = mood_of_frames([scene(index) for index in range(5)], 8)
        assert sum(one.valence for one in mood.because) == pytest.approx(mood.valence)
        assert 0.5 + sum(one.energy for one in mood.because) == pytest.approx(mood.energy)
        weights = [abs(one.valence) / 2 + abs(one.energy) for one in mood.because]
        assert weights[0] == max(weights)
        assert json.loads(json.dumps(mood.facts()))["because"][0]["source"]

    @pytest.mark.parametrize("what", TERMS)
    def test_more_of_a_measure_goes_where_its_row_says(self, what: str) -> None:
        term = TERMS[what]
        low, high = (estimate({what: term.middle * factor + shift}) for factor, shift in ((0.7, -0.05), (1.4, 0.05)))
        if term.middle < 0:
            low, high = high, low
        for axis in ("valence", "energy"):
            assert np.sign(getattr(high, axis) - getattr(low, axis)) == np.sign(getattr(term, axis))

    def test_ranges_hold(self) -> None:
        for sign in (-1, 1):
            mood = estimate({what: term.middle + sign * 1e4 for what, term in TERMS.items()})
            assert -1 <= mood.valence <= 1
            assert 0 <= mood.energy <= 1

    def test_nothing_to_go_by_is_neutral(self) -> None:
        assert estimate({}) == Mood(0.0, 0.5)
        assert estimate({}).name == "neutral"
        assert suggest(estimate({})).looks

    @pytest.mark.parametrize("name", NAMED)
    def test_a_mood_is_called_by_its_name(self, name: str) -> None:
        ground = estimate({"brightness": 0.5}).because
        assert Mood(*NAMED[name], ground).name == name


class TestPicture:
    def test_bright_and_warm_is_gladder_than_dark_and_cool(self) -> None:
        glad, sad = (mood_of_frames([scene(1, tint)], 1) for tint in ((60, 40, 0), (-40, -30, 10)))
        assert glad.valence > sad.valence + 0.2

    def test_motion_stirs_and_a_still_clip_does_not(self) -> None:
        wide = scene(2, side=200)
        moving = mood_of_frames([wide[:96, index * 8 : index * 8 + 96] for index in range(12)], 8)
        still = mood_of_frames([wide[:96, :96]] * 12, 8)
        assert moving.energy > still.energy + 0.15

    def test_cuts_stir(self) -> None:
        scenes = [
            np.roll(scene(index // 3, ((index // 3) % 2 * 90 - 45, 0, 0)), index // 3 * 30, 0) for index in range(24)
        ]
        assert mood_of_frames(scenes, 8).measures["cuts"] > 1
        assert mood_of_frames(scenes[:3] * 8, 8).measures["cuts"] == 0

    @pytest.mark.parametrize("level", [0, 255])
    @pytest.mark.parametrize("count", [1, 5])
    def test_black_and_white(self, level: int, count: int) -> None:
        mood = mood_of_frames(flat(level, count), 8)
        assert (mood.valence > 0.2) if level else (mood.valence < -0.2)
        assert ("motion" in mood.measures) == (count > 1)
        assert all(np.isfinite([one.value, one.valence, one.energy]).all() for one in mood.because)

    def test_no_frames(self) -> None:
        assert mood_of_frames([], 8).name == "neutral"


class TestSound:
    def test_major_is_told_from_minor(self) -> None:
        c, d, e, f, g, a, b = (261.63 * 2 ** (step / 12) for step in (0, 2, 4, 5, 7, 9, 11))
        major = spectrum_of(tones([c, e, g, c * 2, f, a, c, d, g, b, c, e, g, c]))
        flat_third, flat_sixth, flat_seventh = (261.63 * 2 ** (step / 12) for step in (3, 8, 10))
        third, sixth, seventh = flat_third, flat_sixth, flat_seventh
        minor = spectrum_of(tones([c, third, g, c * 2, f, sixth, c, d, g, seventh, c, third, g, c]))
        assert major["mode"] > 0 > minor["mode"]

    @pytest.mark.parametrize("samples", [np.zeros(3 * RATE), np.zeros(1), np.zeros(0), np.full(3 * RATE, 1e-4)])
    def test_silence_has_no_say(self, samples: np.ndarray) -> None:
        assert spectrum_of(samples.astype(np.float32)) == {}

    def test_noise_has_no_key(self) -> None:
        noise = np.random.default_rng(0).normal(0, 0.1, 4 * RATE).astype(np.float32)
        assert "mode" not in spectrum_of(noise)

    def test_a_song_alone_and_a_silent_one(self, tmp_path: Path) -> None:
        song = mood_of_clip(write_song(tmp_path / "song.wav", tones([262, 330, 392, 523] * 4)))
        assert "loudness" in song.measures
        assert not set(song.measures) & set(COLOUR)
        assert mood_of_clip(write_song(tmp_path / "none.wav", np.zeros(3 * RATE, np.float32))).name == "neutral"


class TestFiles:
    def test_a_clip_with_and_without_another_sound(self, tmp_path: Path) -> None:
        clip = write_film(tmp_path / "a.mp4", [scene(index // 4) for index in range(20)])
        song = write_song(tmp_path / "song.wav", tones([262, 330, 392, 523] * 4))
        plain, heard = mood_of_clip(clip), mood_of_clip(clip, song)
        assert set(COLOUR) < set(plain.measures)
        assert set(plain.measures) < set(heard.measures)

    def test_a_picture_has_colours_alone(self, tmp_path: Path) -> None:
        cv2.imwrite(str(tmp_path / "a.png"), scene())
        assert set(mood_of_clip(tmp_path / "a.png").measures) == set(COLOUR)

    @pytest.mark.parametrize("name", ["notes.mp4", "missing.mp4"])
    def test_what_is_neither_is_refused(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "notes.mp4").write_text("no clip", encoding="utf-8")
        with pytest.raises(MediaError, match=name):
            mood_of_clip(tmp_path / name)

    def test_a_sound_that_is_none_is_refused(self, tmp_path: Path) -> None:
        cv2.imwrite(str(tmp_path / "a.png"), scene())
        with pytest.raises(MediaError, match=r"a\.png"):
            mood_of_clip(tmp_path / "a.png", tmp_path / "a.png")

    def test_command_line(self, tmp_path: Path) -> None:
        cv2.imwrite(str(tmp_path / "a.png"), scene())
        said = CliRunner().invoke(app, ["mood", str(tmp_path / "a.png")])
        assert said.exit_code == 0, said.output
        assert "valence" in said.output
        assert "brightness" in said.output
        facts = json.loads(CliRunner().invoke(app, ["mood", str(tmp_path / "a.png"), "--json"]).output)
        assert {"mood", "valence", "energy", "because", "suggests"} == set(facts)
        assert CliRunner().invoke(app, ["mood", str(tmp_path / "b.png")]).exit_code != 0


class TestSuggestions:
    @pytest.mark.parametrize("name", NAMED)
    def test_they_can_be_made(self, name: str) -> None:
        suggestion = suggest(Mood(*NAMED[name], estimate({"brightness": 0.5}).because))
        assert suggestion.mood == name
        for look in suggestion.looks:
            latent = Latent(look=look.name, **look.sliders)
            assert latent.motion == pytest.approx(NAMED[name][1])
        assert set(suggestion.templates) <= set(templates())
        assert suggestion.templates

    @pytest.mark.parametrize("name", NAMED)
    def test_the_grade_of_a_mood_goes_toward_it(self, name: str) -> None:
        grade = SUGGESTIONS[name].grade
        moved = [apart((m.valence, m.energy), NAMED[name]) for m in _before_and_after(scene(3), grade)]
        assert moved[1] <= moved[0] + 0.01


QUADRANTS = {"glad, stirred": (0.9, 0.95), "glad, calm": (0.9, 0.05), "uneasy": (-0.9, 0.95), "sad": (-0.9, 0.05)}


def _before_and_after(picture: np.ndarray, grade: Grade) -> list[Mood]:
    return [mood_of_frames([one], 1) for one in (picture, after(picture, grade))]


class TestGradeToward:
    @pytest.mark.parametrize("target", QUADRANTS.values(), ids=list(QUADRANTS))
    @pytest.mark.parametrize("tint", [(0, 0, 0), (30, 10, -20), (-30, -20, 0)], ids=["plain", "warm", "cool"])
    def test_measured_again_it_is_nearer(self, target: tuple[float, float], tint: tuple[int, int, int]) -> None:
        picture = scene(5, tint)
        before, now = _before_and_after(picture, grade_toward(mood_of_frames([picture], 1), target))
        assert apart((now.valence, now.energy), target) < apart((before.valence, before.energy), target) - 0.02

    @pytest.mark.parametrize("target", QUADRANTS.values(), ids=list(QUADRANTS))
    def test_it_stays_within_what_looks_natural(self, target: tuple[float, float]) -> None:
        grade = grade_toward(mood_of_frames([scene(5)], 1), target)
        for field, most in {"brightness": 0.3, "saturation": 0.45, "temperature": 0.35, "contrast": 0.4}.items():
            assert abs(getattr(grade, field)) <= most + 1e-9
        assert grade.tint == grade.auto == 0

    def test_where_it_is_already_nothing_changes(self) -> None:
        mood = mood_of_frames([scene(5)], 1)
        assert grade_toward(mood, (mood.valence, mood.energy)) == Grade()

    def test_without_colours_nothing_changes(self) -> None:
        assert grade_toward(estimate({"tempo": 120.0}), "happy") == Grade()

    @pytest.mark.parametrize("level", [0, 255])
    @pytest.mark.parametrize("name", NAMED)
    def test_black_and_white(self, level: int, name: str) -> None:
        assert isinstance(grade_toward(mood_of_frames(flat(level), 8), name), Grade)

    def test_a_mood_that_is_none(self) -> None:
        with pytest.raises(UnknownName, match="mood: 'angry' is not known"):
            grade_toward(mood_of_frames([scene()], 1), "angry")


@shared
class TestReal:
    def test_lo_fi_is_calmer_than_adventure_and_vibe_ace(self) -> None:
        songs = ("lofi-30s.mp3", "adventure_loop_cc0.ogg", "vibe-ace.ogg")
        lofi, adventure, vibe = (mood_of_clip(DATA / "audio" / name).energy for name in songs)
        assert lofi < adventure
        assert lofi < vibe

    def test_a_dance_in_minor_stirs_and_is_not_glad(self) -> None:
        dance = mood_of_clip(DATA / "audio" / "hungarian-dance-5.ogg")
        assert dance.valence < 0
        assert dance.energy > 0.6
        assert dance.name == "tense"

    @pytest.mark.parametrize("target", QUADRANTS.values(), ids=list(QUADRANTS))
    def test_photographs_move_to_where_they_should(self, target: tuple[float, float]) -> None:
        nearer = []
        for path in sorted((DATA / "photos" / "kodak24").glob("*.png"))[::4]:
            read = np.asarray(cv2.imread(str(path)))[::4, ::4, ::-1]
            picture = np.ascontiguousarray(read)
            one, other = _before_and_after(picture, grade_toward(mood_of_frames([picture], 1), target))
            nearer.append(apart((other.valence, other.energy), target) < apart((one.valence, one.energy), target))
        assert all(nearer)
