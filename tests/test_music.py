"""What is heard in music: beats where they are, curves that come with the sound, and files that are no music."""

import json
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from films import drifting, write_film

from vgan.errors import MediaError
from vgan.music import analyse, curve, cuts, snap, summary
from vgan.music.analysis import CURVES, heard
from vgan.music.samples import LONGEST, RATE, part_of
from vgan.music.summary import POINTS
from vgan.recipe_sound import Drive

AUDIO = Path("../shared/data/audio")
SONGS = ("lofi-30s.mp3", "adventure_loop_cc0.ogg", "vibe-ace.ogg", "hungarian-dance-5.ogg")
TEMPOS = (70, 85, 100, 117, 133, 149, 164, 180)
FIRST = 0.31  # seconds, of the first click


def song(name: str) -> Path:
    path = AUDIO / name
    if not path.is_file():
        pytest.skip(f"{path} is not here: music comes with the shared data")
    return path


def clicks(tempo: float, seconds: float = 20.0, first: float = FIRST) -> tuple[np.ndarray, np.ndarray]:
    """(times, samples) of short clicks at full scale."""
    times = np.arange(first, seconds - 0.1, 60 / tempo)
    samples = np.zeros(round(seconds * RATE), np.float32)
    ticks = np.arange(RATE // 20)
    click = np.sin(2 * np.pi * 1000 * ticks / RATE) * np.exp(-ticks / (0.01 * RATE))
    for place in np.round(times * RATE).astype(int):
        samples[place : place + len(click)] += click[: len(samples) - place]
    return times, samples


def near(times: np.ndarray, others: np.ndarray) -> float:
    """The share of `times` with one of `others` within 50 ms."""
    return float((np.abs(times[:, None] - others).min(1) <= 0.05).mean())


def write(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize("tempo", TEMPOS)
def test_beats_are_on_the_clicks(tempo):
    times, samples = clicks(tempo)
    music = heard(samples)
    assert near(times, music.beats) >= 0.95
    assert near(music.beats, times) >= 0.95
    assert music.tempo == pytest.approx(tempo, rel=0.01)
    assert music.clear > 0.9


@pytest.mark.parametrize("name", SONGS)
@pytest.mark.parametrize("tempo", TEMPOS[::3])
def test_beats_are_on_clicks_over_music(name, tempo):
    samples = part_of(song(name), 10, 30).samples
    times, ticking = clicks(tempo, len(samples) / RATE)
    music = heard(ticking + 0.5 * samples / np.abs(samples).max())
    assert near(times, music.beats) >= 0.95
    assert near(music.beats, times) >= 0.95


@pytest.mark.parametrize("name", SONGS)
def test_beats_are_those_of_librosa(name):
    path = song(name)
    librosa = pytest.importorskip("librosa", reason="librosa is what is compared with: requirements-dev.txt")
    samples = part_of(path, 0, 40).samples
    theirs = librosa.beat.beat_track(y=samples, sr=RATE, units="time")[1]
    ours = heard(samples).beats
    assert near(theirs, ours) >= 0.95
    assert near(ours, theirs) >= 0.95


def test_bars_begin_with_the_strong_beat():
    times, samples = clicks(120)
    ticks = np.arange(RATE // 10)
    thump = 0.8 * np.sin(2 * np.pi * 70 * ticks / RATE) * np.exp(-ticks / (0.03 * RATE))
    for place in np.round(times[2::4] * RATE).astype(int):
        samples[place : place + len(thump)] += thump[: len(samples) - place]
    bars = heard(samples).bars
    assert near(bars, times[2::4]) == 1.0
    assert len(bars) in {len(times[2::4]), len(times[2::4]) - 1}


def test_a_curve_is_highest_when_the_sound_begins_and_goes_slowly():
    times, samples = clicks(60, 10)
    music = heard(samples)
    for band in ("beats", "onsets", "loudness"):
        drive = Drive(band=band)
        at = {shift: curve(music, drive, times + shift) for shift in (-0.25, -0.1, 0.0, 0.1, 0.3, 0.6)}
        assert (at[0.0] > 0.9).all(), band
        assert (at[0.1] < at[0.0]).all()
        assert (at[0.3] < at[0.1]).all()
        assert (at[-0.1] < 0.2).all(), "it comes quickly"
        assert (at[-0.25] < at[0.1]).all()


def test_every_frame_rate_meets_the_beats():
    times, samples = clicks(97)
    music = heard(samples)
    for fps in (24, 30, 60):
        values = curve(music, Drive(band="beats", smoothing=0), np.arange(20 * fps) / fps)
        assert all(values[round(time * fps)] > 0.9 for time in times)


def test_bands_hear_their_own_sounds():
    seconds = np.arange(9 * RATE) / RATE
    tones = np.zeros(len(seconds))
    for index, pitch in enumerate((60, 700, 6000)):
        part = slice(index * 3 * RATE, (index * 3 + 2) * RATE)
        tones[part] = 0.5 * np.sin(2 * np.pi * pitch * seconds[part])
    music = heard(tones.astype(np.float32))
    middles = np.array([1.0, 4.0, 7.0])
    for index, band in enumerate(("bass", "mids", "treble")):
        values = curve(music, Drive(band=band), middles)
        assert values[index] > 0.9
        assert np.delete(values, index).max() < 0.1
    assert (curve(music, Drive(band="loudness"), middles) > 0.9).all()


def test_sensitivity_lets_weaker_sounds_through_and_smoothing_makes_it_glide():
    music = heard(part_of(song(SONGS[0]), 0, 10).samples)
    times = np.arange(300) / 30
    low, middle, high = (curve(music, Drive(band="onsets", sensitivity=s), times).mean() for s in (0.0, 0.5, 1.0))
    assert low < middle < high
    rough, smooth = (np.abs(np.diff(curve(music, Drive(band="bass", smoothing=s), times))).max() for s in (0.0, 1.0))
    assert smooth < rough


def test_curves_are_bounded_and_nothing_beyond_the_music():
    music = heard(part_of(song(SONGS[2]), 0, 8).samples)
    assert set(music.curves) == set(CURVES)
    for values in music.curves.values():
        assert values.dtype == np.float32
        assert values.min() >= 0
        assert values.max() <= 1
    assert (curve(music, Drive(band="loudness"), np.array([-1.0, 8.5, 1e9])) == 0).all()
    with pytest.raises(ValueError, match="read-only"):
        music.beats[0] = 0


def test_cuts_keep_their_distance():
    music = heard(part_of(song(SONGS[1]), 0, 20).samples)
    for band in ("beats", "onsets", "bass", "loudness"):
        times = cuts(music, Drive(field="cut", band=band, sensitivity=1), 0.25)
        assert len(times) > 4
        assert np.diff(times).min() >= 0.25
    for time in cuts(music, Drive(field="cut", band="beats"), 0.25):
        assert time in music.beats


def test_a_loop_snaps_to_whole_bars():
    music = heard(clicks(120)[1])
    assert snap(4.7, music) == pytest.approx(4.0, rel=0.01)
    assert snap(5.1, music) == pytest.approx(6.0, rel=0.01)
    assert snap(4.7, music, bars=1) == pytest.approx(2.0, rel=0.01)
    assert 0.5 <= snap(0.01, music) <= 60
    assert 0.5 <= snap(1000, music, bars=500) <= 60
    assert snap(4.7, heard(np.zeros(RATE, np.float32))) == 4.7


def test_a_summary_is_small_and_json(tmp_path):
    music = analyse(song(SONGS[0]))
    text = json.dumps(summary(music))
    assert len(text) < 60_000
    said = json.loads(text)
    assert said["tempo"] == pytest.approx(music.tempo, abs=0.01)
    assert len(said["wave"]) <= POINTS
    assert set(said["curves"]) == set(CURVES)
    assert all(0 <= value <= 1 for values in said["curves"].values() for value in values)


@pytest.mark.parametrize("count", [1, 2, 100, RATE // 2])
def test_silence_and_next_to_nothing_move_nothing(tmp_path, count):
    for level in (0.0, 1e-5):
        music = analyse(write(tmp_path / f"{level}.wav", np.full(count, level)))
        assert music.seconds == pytest.approx(count / RATE)
        assert len(music.beats) == len(music.onsets) == music.tempo == music.clear == 0
        for band in ("beats", "onsets", "bass", "loudness"):
            assert (curve(music, Drive(band=band), np.linspace(0, 1, 10)) == 0).all()
            assert len(cuts(music, Drive(band=band), 0.25)) == 0
        json.dumps(summary(music))


def test_noise_and_one_blow_are_bounded():
    noise = np.random.default_rng(0).normal(0, 0.2, 8 * RATE).astype(np.float32)
    assert heard(noise).clear < 0.5
    blow = np.zeros(2 * RATE, np.float32)
    blow[RATE] = 1
    music = heard(blow)
    assert len(music.beats) == 0
    assert music.onsets == pytest.approx([1.0], abs=0.02)


def test_a_part_starts_where_it_says(tmp_path):
    times, samples = clicks(75, 12)
    path = write(tmp_path / "clicks.wav", samples)
    whole, later = analyse(path), analyse(path, 4.0, 9.0)
    assert later.seconds == pytest.approx(5.0, abs=0.01)
    expected = whole.onsets[(whole.onsets >= 4) & (whole.onsets < 9)] - 4
    assert later.onsets == pytest.approx(expected, abs=0.011)
    assert np.abs(whole.onsets - times).max() < 0.02


def test_a_part_of_compressed_music_starts_where_it_says():
    path = song(SONGS[2])
    whole, part = part_of(path).samples, part_of(path, 20.0, 22.0).samples
    there = whole[20 * RATE : 22 * RATE]
    assert np.corrcoef(there[: len(part)], part)[0, 1] > 0.99


def test_what_is_longer_is_cut_and_said(tmp_path):
    path = write(tmp_path / "long.wav", np.zeros(8000 * 620), rate=8000)
    music = analyse(path)
    assert music.cut
    assert music.seconds == LONGEST
    assert not analyse(path, 100.0, 110.0).cut
    assert summary(music)["cut"]


def test_what_is_no_music_is_refused(tmp_path):
    empty, text = tmp_path / "empty.mp3", tmp_path / "notes.mp3"
    empty.write_bytes(b"")
    text.write_text("#EXTM3U\nhttp://example.org/song.mp3\n")
    for path in (empty, text, tmp_path / "none.mp3", tmp_path):
        with pytest.raises(MediaError, match=path.name):
            analyse(path)
    short = write(tmp_path / "short.wav", np.ones(RATE))
    with pytest.raises(MediaError, match="earlier start"):
        analyse(short, start=50.0)
    with pytest.raises(MediaError, match="before it starts"):
        analyse(short, 0.5, 0.5)


def test_a_damaged_file_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "half.wav"
    whole = write(tmp_path / "whole.wav", clicks(100, 6)[1]).read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes(range(7)))
    assert analyse(path).seconds == pytest.approx(3.0, abs=0.2)


def test_answers_are_kept_until_the_file_changes(tmp_path):
    path = write(tmp_path / "a.wav", clicks(100, 6)[1])
    first = analyse(path)
    assert analyse(path) is first
    write(path, clicks(140, 7)[1])
    assert analyse(path).tempo == pytest.approx(140, rel=0.02)


def test_nothing_is_compiled_for_it():
    code = "import sys, vgan.music as m; assert not {'librosa', 'numba', 'scipy'} & set(sys.modules), 'slow to start'"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_sound_of_a_video_is_heard_from_its_first_sample_on(tmp_path):
    path = write_film(tmp_path / "film.mp4", drifting(80), tone=(2.0, 2.0))
    assert analyse(path).seconds == pytest.approx(2.0, abs=0.1)
    assert analyse(path, 0.5, 1.5).seconds == pytest.approx(1.0, abs=0.05)
    assert analyse(path, 0.5, 1.5).curves["loudness"].mean() > 0.5
    with pytest.raises(MediaError, match="no sound"):
        analyse(write_film(tmp_path / "silent.mp4", drifting(5)))
