"""What is measured of a clip's sound, or of a song."""

from pathlib import Path

import numpy as np

RATE = 22_050  # Hz of the samples that are listened to
WINDOW, HOP = 8192, 4096  # samples of a spectrum: a semitone is told from the next one from 110 Hz on
PITCHES = (55.0, 2000.0)  # Hz in which the key is looked for
SILENT = -46.0  # dB of full scale, below which it is a room's noise, and nothing to go by
HISS = 0.02  # of the strongest part of a spectrum, below which it is noise
LEAST = 1.0  # seconds of sound that say something
CLEAR = 0.4  # how clear a beat must be for its tempo to count
IN_KEY = 0.6  # correlation with a key, below which there is none
# How well each step of the scale fits into a major or minor key (Krumhansl and Kessler 1982).
MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def measure_sound(path: Path) -> dict[str, float]:
    """Measures of `vgan.mood.terms.SOUND` of the sound in `path`; none where hardly anything is heard.

    Raises MediaError where it has no sound, or none that can be read.
    """
    from vgan.music.analysis import analyse  # listening takes seconds: only who wants it loads it
    from vgan.music.samples import part_of

    samples = part_of(path).samples
    found = spectrum_of(samples)
    if not found:
        return {}
    music = analyse(path)
    if music.tempo and music.clear >= CLEAR:
        found["tempo"] = music.tempo
    elif "mode" not in found:
        del found["treble"]  # neither beat nor key: a noise, of which only its strength and unrest say something
    return found | {"onsets": len(music.onsets) / music.seconds}


def spectrum_of(samples: np.ndarray) -> dict[str, float]:
    """Those that are seen in spectra: loudness, treble and mode of float samples (n,) at `RATE`."""
    if len(samples) < LEAST * RATE:
        return {}
    powers, levels = [], []
    window = np.hanning(WINDOW).astype(np.float32)
    for start in range(0, max(1, len(samples) - WINDOW + 1), HOP):
        part = samples[start : start + WINDOW]
        levels.append(float((part**2).mean()))
        powers.append(np.abs(np.fft.rfft(part * window[: len(part)], WINDOW)) ** 2)
    level = np.array(levels)
    heard = level > 0.1 * level.mean()  # rests say nothing about how loud the music is
    loudness = 10 * float(np.log10(level[heard].mean() + 1e-12)) if heard.any() else -120.0
    if loudness < SILENT:
        return {}
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)
    spectra = np.sqrt(np.array(powers)[heard])
    above = np.maximum(spectra - HISS * spectra.max(1, keepdims=True), 0)
    treble = float((above @ frequencies).sum() / max(float(above.sum()), 1e-9))
    found = {"loudness": loudness, "treble": treble}
    fits = mode(spectra, frequencies)
    return found if fits is None else found | {"mode": fits}


def mode(spectra: np.ndarray, frequencies: np.ndarray) -> float | None:
    """How much better the best major key fits than the best minor one: correlations of how strong each of the twelve
    pitches is with the profiles of Krumhansl and Kessler, in [-1, 1]. None where nothing is in a key.

    spectra: amplitudes (n, len(frequencies)), each counted alike; only its peaks, which are tones, not noise.
    """
    inside = (frequencies >= PITCHES[0]) & (frequencies <= PITCHES[1])
    inner = np.flatnonzero(inside)
    rows = spectra / np.maximum(spectra.max(1, keepdims=True), 1e-9)
    here = rows[:, inner]
    peak = (here > rows[:, inner - 1]) & (here >= rows[:, inner + 1])
    steps = np.round(12 * np.log2(frequencies[inner] / 440.0) + 9).astype(int) % 12  # from C
    chroma = np.bincount(steps, weights=np.where(peak, here, 0).sum(0), minlength=12)
    if chroma.max() <= 0 or chroma.std() < 0.02 * chroma.mean():
        return None
    best = [
        max(float(np.corrcoef(chroma, np.roll(profile, shift))[0, 1]) for shift in range(12))
        for profile in (MAJOR, MINOR)
    ]
    return best[0] - best[1] if max(best) >= IN_KEY else None
