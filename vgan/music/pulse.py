"""The pulse that a listener taps: which of two readings of the beat it is, where exactly, and where bars begin."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vgan.music.beats import find_beats, find_tempo
from vgan.music.samples import RATE
from vgan.music.spectra import HOP, HOP_RATE

LATE = 0.025  # seconds that beats of the wide windows come after the sounds that they stand for
NEAR = 0.05  # seconds within which a sound is on the beat
BACK, ON = 0.02, 0.02  # seconds by which a beat is moved, back or on, to the sound nearby
CLEAR = 0.9  # share of the strongest sounds that lie on a beat where there is no doubt about it
ALIKE = 0.8  # sounds between beats that are so strong, of those on beats, are beats too
FASTEST = 200.0  # beats a minute that a doubled reading may have
FAINT = 0.5  # of the usual strength of a beat, that goes on with the row at its ends
METRE = 4  # beats in a bar
LEAST = 3  # beats that make a rhythm


@dataclass(frozen=True)
class Pulse:
    """beats, bars: seconds, rising. tempo: beats a minute, 0 without beats. clear: the share of the strongest sounds
    that lie on a beat, in [0, 1]: about 0.3 for what has no beat, 0.5 to 0.7 for music, 1 for a metronome."""

    beats: np.ndarray
    bars: np.ndarray
    tempo: float
    clear: float


NONE = Pulse(np.zeros(0), np.zeros(0), 0.0, 0.0)


def find_pulse(envelope: np.ndarray, onsets: np.ndarray, bass: np.ndarray) -> Pulse:
    """envelope: of `spectra.beat_envelope`; onsets, bass: of `spectra.strengths`, bass in [0, 1].

    Two readings are made: one listens to how many pitches begin, as librosa does, one to how strongly. The second is
    taken only where nearly all of the strongest sounds lie on it, as those of a metronome over music do.
    """
    if not envelope.any() or not onsets.any() or len(onsets) < HOP_RATE // 2:
        return NONE
    loud = _doubled(_tracked(np.convolve(onsets, np.hanning(7), "same"), HOP_RATE, 8), onsets)
    beats = _to_the_ends(_settled(loud, onsets), onsets, len(onsets))
    if _share_on(beats, onsets) < CLEAR:
        beats = _tracked(envelope, RATE / HOP, 1) - LATE
        beats = _to_the_ends(_settled(beats, onsets), onsets, 1)
    if len(beats) < LEAST:
        return NONE
    tempo = 60 * (len(beats) - 1) / (beats[-1] - beats[0])
    return Pulse(beats, _bars(beats, onsets, bass), float(tempo), _share_on(beats, onsets))


def peaks(curve: np.ndarray, reach: int) -> np.ndarray:
    """Places of `curve` where nothing within `reach` is higher, and nothing before as high."""
    around = sliding_window_view(np.pad(curve, reach), 2 * reach + 1)
    return np.flatnonzero((curve > 0) & (around.argmax(1) == reach))


def strength_at(times: np.ndarray, curve: np.ndarray, reach: float = NEAR) -> np.ndarray:
    """The highest of `curve` (HOP_RATE a second) within `reach` seconds of each of `times`."""
    width = round(reach * HOP_RATE)
    around = sliding_window_view(np.pad(curve, width), 2 * width + 1)
    highest: np.ndarray = around[np.clip(np.round(times * HOP_RATE).astype(int), 0, len(curve) - 1)].max(1)
    return highest


def _tracked(envelope: np.ndarray, rate: float, every: int) -> np.ndarray:
    return find_beats(envelope, rate, find_tempo(envelope, rate, every)) / rate


def _doubled(beats: np.ndarray, onsets: np.ndarray) -> np.ndarray:
    """`beats` with those in the middle between them, where these are as strong."""
    if len(beats) < LEAST or 60 / np.median(np.diff(beats)) * 2 > FASTEST:
        return beats
    middles = (beats[1:] + beats[:-1]) / 2
    if np.median(strength_at(middles, onsets)) < ALIKE * np.median(strength_at(beats, onsets)):
        return beats
    return np.sort(np.concatenate([beats, middles]))


def _share_on(beats: np.ndarray, onsets: np.ndarray) -> float:
    """Of as many of the strongest sounds as there are beats, the share that lies on one."""
    found = peaks(onsets, 3)
    strongest = found[np.argsort(onsets[found])[::-1][: len(beats)]] / HOP_RATE
    if not len(strongest) or not len(beats):
        return 0.0
    return float((np.abs(strongest[:, None] - beats).min(1) <= NEAR).mean())


def _settled(beats: np.ndarray, onsets: np.ndarray) -> np.ndarray:
    """Each beat at the strongest sound close to it, where that is more than what is between sounds."""
    if not len(beats):
        return beats
    back, on = round(BACK * HOP_RATE), round(ON * HOP_RATE)
    around = sliding_window_view(np.pad(onsets, (back, on)), back + on + 1)
    places = np.clip(np.round(beats * HOP_RATE).astype(int), 0, len(onsets) - 1)
    nearby = around[places]
    moved = beats + (nearby.argmax(1) - back) / HOP_RATE
    settled = np.where(nearby.max(1) > onsets.mean() + onsets.std(), moved, beats)
    return np.unique(np.clip(np.round(settled * HOP_RATE) / HOP_RATE, 0.0, (len(onsets) - 1) / HOP_RATE))


def _to_the_ends(beats: np.ndarray, onsets: np.ndarray, most: int) -> np.ndarray:
    """`beats` and those before and after them, `most` at each end, that go on at their pace, until one is not heard."""
    if len(beats) < LEAST:
        return beats
    period = float(np.median(np.diff(beats)))
    least, row = FAINT * float(np.median(strength_at(beats, onsets))), [float(beat) for beat in beats]
    for end, step in ((0, -period), (-1, period)):
        for _ in range(most):
            due = row[end] + step
            if not 0 <= due < len(onsets) / HOP_RATE or strength_at(np.array([due]), onsets)[0] < least:
                break
            row.insert(len(row) if end else 0, float(_settled(np.array([due]), onsets)[0]))
    return np.array(row)


def _bars(beats: np.ndarray, onsets: np.ndarray, bass: np.ndarray) -> np.ndarray:
    """The beats on which bars of four begin: of the four ways to count, the one whose ones are strongest."""
    strength = strength_at(beats, onsets / max(onsets.max(), 1e-9)) + strength_at(beats, bass)
    first = max(range(METRE), key=lambda place: strength[place::METRE].mean() if place < len(beats) else 0.0)
    return beats[first::METRE]
