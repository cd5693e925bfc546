"""The sound of a finished file: what music may be, where it is heard, how it loops, fades and mixes, and how loud."""

import logging
import math
import os
import struct
import tracemalloc
import wave
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from clips import models, recipe, waves
from films import drifting, write_film
from sounds import CODECS, click_track, tone, write_sound_file

from vgan.errors import MediaError, RecipeError
from vgan.media.audio import RATE, write_wav
from vgan.media.extent import Extent, Mix, Sound
from vgan.media.loudness import Survey, integrated, measure
from vgan.media.master import write_sound
from vgan.media.mix import mixed, sound_for
from vgan.media.music import JOINT, looped, music, sound_facts
from vgan.recipe import Recipe
from vgan.recipe_sound import Soundtrack
from vgan.registry import Models
from vgan.render import render

__all__ = ["models", "waves"]  # fixtures

MUSIC = Path("../shared/data/audio")
REAL = sorted(MUSIC.iterdir()) if MUSIC.is_dir() else []
REAL_ONES = pytest.mark.parametrize(
    "path", REAL or [pytest.param(None, marks=pytest.mark.skip(f"no music in {MUSIC}"))], ids=lambda path: path.name
)


def whole(parts: Iterator[np.ndarray]) -> np.ndarray:
    """The left channel of all parts."""
    return np.concatenate(list(parts))[:, 0]


def clicks_of(samples: np.ndarray, least: float = 0.25) -> list[float]:
    """Seconds of the peaks above `least`."""
    level = np.abs(samples)
    peaks = (level > least) & (level >= np.roll(level, 1)) & (level > np.roll(level, -1))
    return [float(place) / RATE for place in np.flatnonzero(peaks)]


def with_sound(asked: Recipe, **fields: object) -> Recipe:
    """A recipe with these fields of its sound."""
    return asked.model_copy(update={"sound": Soundtrack.model_validate(fields)})


def two_hours(path: Path) -> Path:
    """A WAV of 8 kHz, mono: a second of tone, then nothing for two hours. The file has a hole: it takes no space."""
    length = 2 * 8000 * 7200
    shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    head = struct.pack("<4sI4s", b"RIFF", 36 + length, b"WAVE") + shape + struct.pack("<4sI", b"data", length)
    path.write_bytes(head + (tone(1, rate=8000) * 32767).astype("<i2").tobytes())
    os.truncate(path, len(head) + length)
    return path


@pytest.mark.parametrize("ending", CODECS)
def test_every_format_is_heard_at_its_moments(tmp_path: Path, ending: str) -> None:
    path = write_sound_file(tmp_path / f"clicks{ending}", click_track(6, [0.2, 1.5, 3, 5.5]))
    known = sound_facts(path)
    assert known.seconds == pytest.approx(6, abs=0.03)
    assert (known.rate, known.channels, known.silent) == (RATE, 1, False)
    assert clicks_of(whole(music(path))) == pytest.approx([0.2, 1.5, 3, 5.5], abs=0.001)
    assert clicks_of(whole(music(path, 2.5, 5.25))) == pytest.approx([0.5], abs=0.001)
    assert len(whole(music(path, 2.5, 5.25))) == round(2.75 * RATE)


@REAL_ONES
def test_real_music_is_read_from_any_moment_on(path: Path) -> None:
    start = sound_facts(path).seconds / 2
    later, all_of_it = whole(music(path, start)), whole(music(path))[round(start * RATE) :]
    same = min(len(later), len(all_of_it), RATE // 2)
    assert np.corrcoef(later[:same], all_of_it[:same])[0, 1] > 0.9  # as far as noise, half a sample apart, is alike


def test_the_sound_of_a_video_begins_where_it_is_first_heard(tmp_path: Path) -> None:
    path = write_film(tmp_path / "late.mp4", drifting(40), tone=(0.8, 0.6))
    assert float(sound_facts(path).begin) == pytest.approx(0.8, abs=0.03)
    samples = whole(music(path))
    assert np.abs(samples[: RATE // 10]).max() > 0.3
    assert len(samples) == pytest.approx(0.6 * RATE, abs=2048)


def test_many_channels_and_low_rates(tmp_path: Path) -> None:
    surround = write_sound_file(tmp_path / "a.wav", np.stack([tone(1)] + [tone(1) * 0] * 7, 1), layout="7.1")
    assert sound_facts(surround).channels == 8
    both = np.concatenate(list(music(surround)))
    assert np.abs(both[:, 0]).max() > 10 * np.abs(both[:, 1]).max()
    narrow = write_sound_file(tmp_path / "b.wav", tone(1, rate=8000), 8000)
    assert sound_facts(narrow).rate == 8000
    assert len(whole(music(narrow))) == pytest.approx(RATE, abs=8)


@pytest.mark.parametrize(
    "content",
    [b"", b"no sound at all", b"ID3" + bytes(5000), bytes(range(256)) * 40, b"ffconcat version 1.0\nfile x.wav\n"],
    ids=["empty", "words", "head", "noise", "playlist"],
)
def test_what_is_no_sound_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    write_sound_file(tmp_path / "x.wav", tone(1))
    path = tmp_path / "broken.mp3"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"broken\.mp3: no sound can be read from it .* Choose"):
        sound_facts(path)


def test_no_sound_too_short_and_silent(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(MediaError, match=r"film\.mp4: .*there is no sound in it"):
        sound_facts(write_film(tmp_path / "film.mp4", drifting(5)))
    with pytest.raises(MediaError, match=r"one\.wav: only 2.08e-05 s of sound; at least 0.1 s"):
        sound_facts(write_sound_file(tmp_path / "one.wav", np.ones(1)))
    with pytest.raises(MediaError, match="not a file"):
        sound_facts(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert sound_facts(write_sound_file(tmp_path / "silent.wav", tone(2) * 0)).silent
        write_sound(Mix(None, tmp_path / "silent.wav", Fraction(3), loudness=-14.0), tmp_path / "made.wav")
    assert "silent.wav: nothing is heard in it" in caplog.text
    assert "loudness stays as it is" in caplog.text
    assert measure(tmp_path / "made.wav").integrated == -math.inf


def test_a_title_is_a_line_of_text(tmp_path: Path) -> None:
    path = tmp_path / "named.flac"
    with av.open(str(path), "w") as file:
        file.metadata["title"] = "A\nsong\u202e" + "o" * 500
        stream = file.add_stream("flac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray((tone(1) * 9000).astype(np.int16)[None, :4096], "s16", "mono")
        frame.sample_rate = RATE
        for _ in range(4):
            frame.pts = None
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    title = sound_facts(path).title
    assert title.startswith("Asongooo")
    assert len(title) <= 80


def test_a_damaged_middle_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write_sound_file(tmp_path / "a.mp3", click_track(6, [0.5, 5.5]))
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 3)
    path.write_bytes(data)
    found = clicks_of(whole(music(path)))
    assert found[0] == pytest.approx(0.5, abs=0.001)
    assert len(found) == 2


def test_two_hours_cost_no_more_than_what_is_used(tmp_path: Path) -> None:
    path = two_hours(tmp_path / "long.wav")
    assert sound_facts(path).seconds == pytest.approx(7200)
    tracemalloc.start()
    try:
        for start in (0.0, 7000.0):
            write_sound(Mix(None, path, Fraction(10), start=start, loudness=-14.0), tmp_path / "made.wav")
        assert tracemalloc.get_traced_memory()[1] < 40e6
    finally:
        tracemalloc.stop()


def test_a_loop_keeps_its_time_and_joins_without_a_click(tmp_path: Path) -> None:
    """A tone whose wave does not fit into the loop: a plain joint would jump by up to its whole height."""
    path = write_sound_file(tmp_path / "a.wav", tone(1.0, 100.25) + click_track(1.0, [0.5]))
    for start, end, period in ((0.0, None, 1.0), (0.25, 0.7, 0.45)):
        samples = whole(mixed(Mix(None, path, Fraction(4), start=start, end=end)))
        assert len(samples) == 4 * RATE
        moments = [0.5 - start + index * period for index in range(20)]
        assert clicks_of(samples, 0.7)[:3] == pytest.approx(moments[:3], abs=0.003)
        joints = [round(index * period * RATE) for index in range(1, int(4 / period))]
        steepest = np.abs(np.diff(tone(1, 100.25))).max()
        for joint in joints:
            near = samples[joint - 50 : joint + JOINT + 50]
            assert np.abs(np.diff(near)).max() < 2 * steepest
            assert np.abs(near).max() < 0.8


def test_a_loop_that_is_too_long_to_be_kept_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_sound_file(tmp_path / "a.wav", tone(0.7, 330) * np.linspace(0, 1, round(0.7 * RATE)))
    kept = whole(mixed(Mix(None, path, Fraction(3))))
    monkeypatch.setattr("vgan.media.music.KEPT", 100)
    assert np.array_equal(whole(mixed(Mix(None, path, Fraction(3)))), kept)


def test_equal_power_where_the_ends_meet(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 2 * RATE)
    path = write_sound_file(tmp_path / "a.wav", noise)
    rounds = []
    for part in looped(path, 0.5, 1.0):
        rounds.append(part[:, 0])
        if sum(map(len, rounds)) > 20 * RATE:
            break
    samples = np.concatenate(rounds)
    period = RATE // 2
    joints = np.concatenate([samples[place : place + JOINT] for place in range(period, 19 * RATE, period)])
    assert np.sqrt(np.mean(joints**2)) == pytest.approx(0.1, rel=0.15)


def test_without_a_loop_the_rest_is_silence_after_the_fade(tmp_path: Path) -> None:
    path = write_sound_file(tmp_path / "a.wav", tone(2))
    samples = whole(mixed(Mix(None, path, Fraction(5), loop=False, fade_in=0.5, fade_out=1.0)))
    assert len(samples) == 5 * RATE
    loud = np.abs(samples).reshape(-1, RATE // 10).max(1)
    assert loud[:5] == pytest.approx(0.5 * (0.5 - 0.5 * np.cos(np.pi * np.arange(0.2, 1.1, 0.2))), abs=0.03)
    assert loud[5:10] == pytest.approx(0.5, abs=0.01)
    assert (np.diff(loud[10:20]) < 0).all()
    assert loud[19] < 0.02
    assert loud[20:].max() == 0


def test_music_and_the_own_sound_are_mixed_in_their_shares(tmp_path: Path) -> None:
    own = Sound(write_sound_file(tmp_path / "own.wav", tone(3, 1000, 0.4)), Fraction(1), Fraction(2))
    path = write_sound_file(tmp_path / "music.wav", tone(3, 250, 0.4))
    spectrum = {}
    for volume, original in ((1.0, 1.0), (0.5, 0.25), (0.0, 1.0), (1.0, 0.0)):
        samples = whole(mixed(Mix(own, path, Fraction(2), volume=volume, original=original)))
        assert len(samples) == 2 * RATE
        heights = np.abs(np.fft.rfft(samples)) / RATE
        spectrum[volume, original] = heights[[500, 2000]]
    full = spectrum[1.0, 1.0]
    for (volume, original), heights in spectrum.items():
        assert heights == pytest.approx(full * (volume, original), abs=0.01)


def test_loudness_none_is_as_mixed_but_for_the_peaks(tmp_path: Path) -> None:
    quiet = write_sound_file(tmp_path / "a.wav", tone(2, height=0.05))
    write_sound(Mix(None, quiet, Fraction(1)), tmp_path / "made.wav")
    assert measure(tmp_path / "made.wav").true_peak == pytest.approx(20 * math.log10(0.05), abs=0.1)
    loud = Sound(write_sound_file(tmp_path / "b.wav", tone(2, height=0.9)), Fraction(0), Fraction(2))
    write_sound(Mix(loud, loud.path, Fraction(2)), tmp_path / "made.wav")
    assert -3 < measure(tmp_path / "made.wav").true_peak <= -1.9


def test_a_limited_sound_is_not_clipped(tmp_path: Path) -> None:
    """Loud beats over a soft tone: between the beats the tone is untouched, and no sample stays at the ceiling."""
    beats = click_track(4, np.arange(0.25, 4, 0.5)) * 1.9
    path = write_sound_file(tmp_path / "a.wav", beats + tone(4, 440, 0.03))
    write_sound(Mix(None, path, Fraction(4), loudness=-20.0), tmp_path / "made.wav")
    with wave.open(str(tmp_path / "made.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")[::2] / 32768
    assert measure(tmp_path / "made.wav").true_peak <= -1.9
    high = np.abs(samples) > 0.999 * np.abs(samples).max()
    assert not (high[1:] & high[:-1]).any()


def test_reference_levels(tmp_path: Path) -> None:
    """EBU Tech 3341, cases 1 and 3: a tone of -23 dBFS in both channels is -23 LUFS, and quiet before and after it does
    not count. A true peak between samples is found."""
    sine = tone(20, 1000, 10 ** (-23 / 20))
    quiet = sine[: len(sine) // 2] * 10 ** (-13 / 20)
    for samples in (sine, np.concatenate([quiet, sine, sine, sine, quiet])):
        path = write_sound_file(tmp_path / f"{len(samples)}.wav", samples)
        assert measure(path).integrated == pytest.approx(-23, abs=0.1)
    wave_form = np.sin(2 * np.pi * np.arange(RATE) / 4 + np.pi / 4)
    quarter = 0.5 * wave_form * np.hanning(RATE)  # its samples are 3 dB below its peak
    assert measure(write_sound_file(tmp_path / "c.wav", quarter)).true_peak == pytest.approx(-6.02, abs=0.2)


@REAL_ONES
def test_the_meter_agrees_with_pyloudnorm(path: Path) -> None:
    pyloudnorm = pytest.importorskip("pyloudnorm", reason="pyloudnorm is what the meter is compared with")
    samples = np.concatenate(list(music(path, 0, 15)))
    survey = Survey()
    survey.add(samples)
    survey.close()
    assert integrated(survey.energies) == pytest.approx(pyloudnorm.Meter(RATE).integrated_loudness(samples), abs=0.1)
    assert survey.samples == len(samples)


@REAL_ONES
@pytest.mark.parametrize("file_format", ["mp4", "webm"])
def test_the_finished_file_is_as_loud_as_the_platforms_play(
    tmp_path: Path, models: Models, waves: None, path: Path, file_format: str
) -> None:
    asked = with_sound(recipe(5, format=file_format, fps=8), music=str(path), fade_out=1)
    clip = render(asked, models, tmp_path / f"a.{file_format}")
    found = measure(clip.path)
    assert found.integrated == pytest.approx(-14, abs=0.5)
    assert found.true_peak <= -1
    assert [one.name for one in tmp_path.iterdir()] == [clip.path.name]


@pytest.mark.parametrize("file_format", ["mp4", "webm"])
def test_sound_and_picture_run_together(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    path = write_sound_file(tmp_path / "clicks.wav", click_track(2, [0.01, 0.75, 1.9]))
    asked = with_sound(recipe(2, format=file_format), music=str(path), loudness=None)
    clip = render(asked, models, tmp_path / f"a.{file_format}")
    with av.open(str(clip.path)) as file:
        sound, picture = file.streams.audio[0], file.streams.video[0]
        assert sound.codec_context.name == {"mp4": "aac", "webm": "opus"}[file_format]
        assert (sound.codec_context.sample_rate, sound.codec_context.channels) == (RATE, 2)
        first = next(file.decode(picture))
        assert first.time == 0
    with av.open(str(clip.path)) as file:
        resampler = av.AudioResampler("flt", "stereo", RATE)
        frames = list(file.decode(audio=0))
        begin = float(frames[0].pts * frames[0].time_base)
        samples = np.concatenate(
            [part.to_ndarray().reshape(-1, 2)[:, 0] for frame in frames for part in resampler.resample(frame)]
        )
    assert abs(begin + len(samples) / RATE - clip.seconds) < 1 / clip.fps
    moments = [
        begin + float(np.argmax(np.abs(samples[a:b])) + a) / RATE
        for a, b in ((0, 9600), (24000, 48000), (86400, 96000))
    ]
    assert moments == pytest.approx([0.01, 0.75, 1.9], abs=0.001)


def test_a_clip_of_one_frame_and_formats_without_sound(tmp_path: Path, models: Models, waves: None) -> None:
    path = write_sound_file(tmp_path / "a.wav", tone(1))
    for file_format in ("gif", "webp", "png"):
        render(with_sound(recipe(0.5, format=file_format), music=str(path)), models, tmp_path / f"b.{file_format}")
    short = with_sound(recipe(0.5, fps=30), music=str(path), fade_in=9, fade_out=9)
    assert measure(render(short, models, tmp_path / "c.mp4").path).true_peak <= -1


def test_a_part_that_is_not_there_is_refused_before_anything_is_drawn(
    tmp_path: Path, models: Models, waves: None
) -> None:
    path = write_sound_file(tmp_path / "a.wav", tone(1))
    with pytest.raises(RecipeError, match=r"sound\.start: from 5 s on, 0 s are left of 'a\.wav' \(1 s\)"):
        render(with_sound(recipe(1), music=str(path), start=5), models, tmp_path / "b.mp4")
    with pytest.raises(RecipeError, match=r"sound\.start: from 0.5 s on, 0.05 s are left .* used to 0.55 s"):
        render(with_sound(recipe(1), music=str(path), start=0.5, end=0.55), models, tmp_path / "b.mp4")
    with pytest.raises(RecipeError, match=r"sound\.music: there is no file 'none\.mp3'"):
        render(with_sound(recipe(1), music=str(tmp_path / "none.mp3")), models, tmp_path / "b.mp4")
    assert not (tmp_path / "b.mp4").exists()


def test_what_is_heard_of_a_clip(tmp_path: Path) -> None:
    path = write_sound_file(tmp_path / "a.wav", tone(1))
    own = Sound(path, Fraction(0), Fraction(2))
    extent = Extent(60, Fraction(30), (64, 64), own)
    assert sound_for(None, extent) is own
    assert sound_for(Soundtrack(), replace(extent, sound=None)) is None
    assert sound_for(Soundtrack(), extent) == Mix(own, None, Fraction(2), loudness=-14.0)
    assert sound_for(Soundtrack(music=str(path), end=9), extent) == Mix(own, path, Fraction(2), loudness=-14.0)


def test_the_own_sound_of_a_clip_is_brought_to_the_loudness(tmp_path: Path, models: Models) -> None:
    path = write_film(tmp_path / "a.mp4", drifting(40), tone=(0.0, 2.0))
    asked = Recipe.parse({"source": {"kind": "upload", "path": str(path)}, "sound": {"loudness": -20}})
    assert measure(render(asked, models, tmp_path / "b.mp4").path).integrated == pytest.approx(-20, abs=0.5)


def test_a_picture_that_turns_out_shorter_ends_the_sound(tmp_path: Path, models: Models) -> None:
    pictures = [one for one in drifting(20) for _ in range(2)]  # half of them are dropped
    film = write_film(tmp_path / "a.mp4", pictures)
    music_file = write_sound_file(tmp_path / "a.wav", tone(1))
    asked = {"source": {"kind": "upload", "path": str(film)}, "steps": [{"kind": "dedupe"}]}
    clip = render(Recipe.parse(asked | {"sound": {"music": str(music_file)}}), models, tmp_path / "b.mp4")
    assert clip.seconds < 1.5
    assert measure(clip.path).seconds == pytest.approx(clip.seconds, abs=0.06)


def test_numbers_that_are_none_are_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    samples = np.full((RATE, 1), np.nan, np.float32)
    samples[::2] = 1e30
    with av.open(str(path), "w") as file:
        stream = file.add_stream("pcm_f32le", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples.T, "flt", "mono")
        frame.sample_rate = RATE
        file.mux([*stream.encode(frame), *stream.encode(None)])
    write_wav(Sound(path, Fraction(0), Fraction(1)), tmp_path / "b.wav")
    write_sound(Mix(None, path, Fraction(2), loudness=-14.0), tmp_path / "c.wav")
    assert measure(tmp_path / "c.wav").true_peak <= -1
