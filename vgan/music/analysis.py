"""What a piece of music does, and when: tempo, beats, bars, onsets, and how strong it is at each moment."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from vgan.errors import MediaError
from vgan.music.pulse import NONE, find_pulse, peaks, strength_at
from vgan.music.samples import RATE, part_of
from vgan.music.spectra import BANDS, HOP_RATE, beat_envelope, strengths

log = logging.getLogger(__name__)

CURVES = ("loudness", *BANDS, "onsets")
SILENT = -70.0  # dB of full scale, below which nothing is heard
UNHEARD = 50.0  # dB below the whole, from which on a band is not heard beside the others
WIDEST, NARROWEST = 36.0, 12.0  # dB between 0 and 1 of a curve
APART, FAINT = 5, 0.08  # moments between onsets, the weakest one of the strongest
WAVE_POINTS = 1200


@dataclass(frozen=True, eq=False)
class Music:
    """A part of a piece of music. Times are seconds from the start of the part, rising.

    tempo: beats a minute, 0 where no beat was found. clear: how clear the beat is, in [0, 1]; see `pulse.Pulse`.
    bars: the beats that bars of four begin with. onsets: where sounds begin. beat_strengths, onset_strengths: (n,) in
    [0, 1] of each. curves: by the names of `CURVES`, float32 in [0, 1], `HOP_RATE` values a second, the first at 0.
    wave: least and greatest sample of up to `WAVE_POINTS` equal stretches, float32 (n, 2) in [-1, 1]. cut: whether
    there was more than is listened to.
    """

    seconds: float
    tempo: float
    clear: float
    beats: np.ndarray
    beat_strengths: np.ndarray
    bars: np.ndarray
    onsets: np.ndarray
    onset_strengths: np.ndarray
    curves: dict[str, np.ndarray]
    wave: np.ndarray
    cut: bool


def analyse(path: Path, start: float = 0.0, end: float | None = None) -> Music:
    """What the music at `path`, or the sound of a video, does between `start` and `end`, seconds from its first
    sample; None: to its end.

    At most `samples.LONGEST` seconds are listened to, the rest is left off, with a warning in the log. Of silence all
    curves are 0, and there are no beats. The last few answers are kept for as long as the file does not change. Raises
    MediaError, naming the file, where it cannot be read, holds no sound, or none in that part.
    """
    if end is not None and end <= start:
        raise MediaError(f"{path.name}: the part ends at {end:g} s, before it starts at {start:g} s. Allowed: later.")
    try:
        stat = path.stat()
    except OSError as error:
        raise MediaError(
            f"{path.name}: this cannot be read as music ({error.strerror}). Choose another file."
        ) from error
    return _analysed(path, stat.st_mtime_ns, stat.st_size, start, end)


@lru_cache(maxsize=8)
def _analysed(path: Path, changed: int, size: int, start: float, end: float | None) -> Music:
    part = part_of(path, start, end)
    if part.cut:
        log.warning("%s: only %.0f s of it are listened to", path.name, len(part.samples) / RATE)
    return heard(part.samples, part.cut)


def heard(samples: np.ndarray, cut: bool = False) -> Music:
    """The same of float32 samples (n,) at `samples.RATE`, at least one."""
    levels = strengths(samples)
    curves = {name: _scaled(levels[name], levels["loudness"]) for name in ("loudness", *BANDS)}
    silent = levels["loudness"].max() < SILENT
    rise = np.zeros_like(levels["onsets"]) if silent else levels["onsets"]
    curves["onsets"] = _against(np.percentile(rise, 99.5), rise)
    onsets = _onsets(curves["onsets"])
    pulse = NONE if silent else find_pulse(beat_envelope(samples), rise, curves["bass"])
    strength = strength_at(pulse.beats, rise)
    return Music(
        seconds=len(samples) / RATE,
        tempo=pulse.tempo,
        clear=pulse.clear,
        beats=_fixed(pulse.beats),
        beat_strengths=_fixed(_beside_the_usual(strength)),
        bars=_fixed(pulse.bars),
        onsets=_fixed(onsets / HOP_RATE),
        onset_strengths=_fixed(curves["onsets"][onsets]),
        curves={name: _fixed(curves[name].astype(np.float32)) for name in CURVES},
        wave=_fixed(_wave(samples)),
        cut=cut,
    )


def _scaled(level: np.ndarray, loudness: np.ndarray) -> np.ndarray:
    """`level` in dB as shares of the way from what is quiet in it to what is loud."""
    loud = float(np.percentile(level, 98))
    if loud < max(SILENT, float(np.percentile(loudness, 98)) - UNHEARD):
        return np.zeros_like(level)
    quiet = float(np.clip(np.percentile(level, 10), loud - WIDEST, loud - NARROWEST))
    return ((level - quiet) / (loud - quiet)).clip(0.0, 1.0)


def _against(usual: float, values: np.ndarray) -> np.ndarray:
    return (values / usual).clip(0.0, 1.0) if usual > 0 else np.zeros_like(values)


def _beside_the_usual(strength: np.ndarray) -> np.ndarray:
    """Strengths of beats, three quarters for the usual one; differences are halved, as one who taps along does."""
    usual = max(float(np.median(strength)), 1e-9) if len(strength) else 1.0
    beside: np.ndarray = 0.75 * np.sqrt(strength / usual).clip(0.4, 4 / 3)
    return beside


def _onsets(curve: np.ndarray) -> np.ndarray:
    """Places of `curve` that stand out of the half second around them, `APART` from each other."""
    width = HOP_RATE // 2
    usual = np.convolve(curve, np.full(width + 1, 1 / (width + 1)), "same")[: len(curve)]
    found = peaks(curve, APART)
    return found[curve[found] >= np.maximum(FAINT, 1.5 * usual[found])]


def _wave(samples: np.ndarray) -> np.ndarray:
    """See `Music.wave`."""
    places = np.unique(np.linspace(0, len(samples), min(WAVE_POINTS, len(samples)) + 1).astype(int)[:-1])
    stretches = np.stack([np.minimum.reduceat(samples, places), np.maximum.reduceat(samples, places)], axis=1)
    return stretches.clip(-1.0, 1.0).astype(np.float32)


def _fixed(values: np.ndarray) -> np.ndarray:
    """`values`, which nobody may change: they are shared by all who ask."""
    values.flags.writeable = False
    return values
