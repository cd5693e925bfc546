"""Sound played slower or faster: its pitch stays, its length is exact, its gaps and its start are where they belong."""

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from vgan.media.audio import RATE, write_wav
from vgan.media.extent import Sound

TONE = 440.0


def put(path: Path, samples: np.ndarray) -> Path:
    """Samples in [-1, 1] as a file, the same at the left and the right."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").repeat(2).tobytes())
    return path


def tone(seconds: float, frequency: float = TONE) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE)


def made(sound: Sound, folder: Path) -> np.ndarray:
    """What `write_wav` makes of it: the left channel in [-1, 1]."""
    write_wav(sound, folder / "made.wav")
    with wave.open(str(folder / "made.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)[:, 0] / 32767


def pitch(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))


@pytest.mark.parametrize("speed", [Fraction(1, 4), Fraction(1, 2), Fraction(24, 25), Fraction(3, 2), Fraction(4)])
def test_pitch_stays_and_length_is_exact(tmp_path: Path, speed: Fraction) -> None:
    path = put(tmp_path / "tone.wav", tone(4))
    seconds = Fraction(3) / speed
    samples = made(Sound(path, Fraction(1, 2), seconds, speed), tmp_path)
    assert len(samples) == round(seconds * RATE)
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4]
    assert pitch(middle) == pytest.approx(TONE, rel=0.01)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.1)


def test_odd_lengths_are_exact(tmp_path: Path) -> None:
    path = put(tmp_path / "tone.wav", tone(1))
    seconds = Fraction(1001, 30000) * 7
    assert len(made(Sound(path, Fraction(0), seconds, Fraction(1, 2)), tmp_path)) == round(seconds * RATE)


@pytest.mark.parametrize("speed", [Fraction(1, 2), Fraction(1, 4), Fraction(2)])
def test_things_are_heard_at_their_own_moment(tmp_path: Path, speed: Fraction) -> None:
    """A beep from 1.0 to 1.5 s, seen from 0.5 s on: it begins half a second later, by the clock of the slowed clip."""
    samples = np.concatenate([np.zeros(RATE), tone(0.5), np.zeros(RATE)])
    path = put(tmp_path / "beep.wav", samples)
    heard = np.abs(made(Sound(path, Fraction(1, 2), Fraction(3, 2) / speed, speed), tmp_path)) > 0.1
    first, last = np.flatnonzero(heard)[[0, -1]] / RATE
    assert first == pytest.approx(0.5 / speed, abs=0.03 / speed)
    assert last == pytest.approx(1.0 / speed, abs=0.03 / speed)


def test_what_the_file_has_not_is_silence(tmp_path: Path) -> None:
    path = put(tmp_path / "tone.wav", tone(1))
    samples = made(Sound(path, Fraction(1, 2), Fraction(3), Fraction(1, 2)), tmp_path)
    assert len(samples) == 3 * RATE
    assert np.abs(samples[: RATE * 9 // 10]).max() > 0.4
    assert np.abs(samples[RATE * 11 // 10 :]).max() == 0


def test_gaps_in_the_file_are_stretched_too(tmp_path: Path) -> None:
    path = tmp_path / "gap.mka"
    with av.open(str(path), "w", format="matroska") as file:
        stream = file.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for start in (0, 2):  # a second of sound, one of nothing, one of sound
            samples = (tone(1) * 32767).astype(np.int16)
            for place in range(0, RATE, 4800):
                frame = av.AudioFrame.from_ndarray(samples[None, place : place + 4800], format="s16", layout="mono")
                frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
                frame.pts = start * RATE + place
                file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    heard = made(Sound(path, Fraction(0), Fraction(6), Fraction(1, 2)), tmp_path)
    loud = [bool(np.abs(heard[round(second * RATE) : round((second + 0.2) * RATE)]).max() > 0.1) for second in range(6)]
    assert loud == [True, True, False, False, True, True]


def test_at_its_own_speed_not_a_sample_changes(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).uniform(-1, 1, 2 * RATE)
    path = put(tmp_path / "noise.wav", noise)
    samples = made(Sound(path, Fraction(1, 2), Fraction(1)), tmp_path)
    assert np.array_equal(samples, (noise * 32767).astype("<i2")[RATE // 2 : RATE // 2 + RATE] / 32767)
