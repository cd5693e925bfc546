"""Music and the clip's own sound together, as long as the picture."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from vgan.errors import RecipeError
from vgan.media.audio import BLOCK, CHANNELS, RATE, exactly, samples_of
from vgan.media.extent import Extent, Mix, Sound
from vgan.media.music import LEAST, looped, music, sound_facts
from vgan.recipe_sound import Soundtrack
from vgan.small_files import is_file

EDGE = 0.003  # seconds in which a sound that is cut in its midst comes and goes: no click


def sound_for(soundtrack: Soundtrack | None, extent: Extent) -> Sound | Mix | None:
    """What is heard in a clip of that `extent`: its own sound as it is where no `soundtrack` is asked for; None for
    nothing.

    Raises RecipeError for music that is not there, or has not the part that is asked for; MediaError for what cannot
    be read.
    """
    if soundtrack is None or not (soundtrack.music or extent.sound):
        return extent.sound
    path = Path(soundtrack.music) if soundtrack.music else None
    return Mix(
        extent.sound,
        path,
        extent.frames / extent.fps,
        start=soundtrack.start,
        end=_end(path, soundtrack) if path else None,
        loop=soundtrack.loop,
        fade_in=soundtrack.fade_in,
        fade_out=soundtrack.fade_out,
        volume=soundtrack.volume,
        original=soundtrack.original,
        loudness=soundtrack.loudness,
        exact=extent.exact,
    )


def _end(path: Path, soundtrack: Soundtrack) -> float | None:
    """Of the music's part, seconds; None for its end. Raises as `sound_for`."""
    if not is_file(path):
        raise RecipeError(f"sound.music: there is no file {path.name[:80]!r}. Give a sound or video that exists.")
    whole = sound_facts(path).seconds
    end = soundtrack.end if soundtrack.end is not None and soundtrack.end < whole else None
    left = (whole if end is None else end) - soundtrack.start
    if left < LEAST:
        raise RecipeError(
            f"sound.start: from {soundtrack.start:g} s on, {max(0.0, left):.3g} s are left of {path.name[:80]!r} "
            f"({whole:.3g} s{f', used to {end:g} s' if end else ''}); at least {LEAST:g} s are needed. Give an earlier "
            "start or a later end."
        )
    return end


def mixed(mix: Mix) -> Iterator[np.ndarray]:
    """`mix` in parts: float32 (n, 2) at 48 kHz, as many samples in all as it should have. As loud as it comes: both
    together may go beyond full scale, which is 1.

    Raises MediaError for music that cannot be read. Damaged parts are left out, with a warning in the log.
    """
    total = round(mix.seconds * RATE)
    come, go = mix.fade_in, mix.fade_out
    sum_of: list[tuple[Iterator[np.ndarray], float]] = []
    if mix.music is not None and mix.volume > 0:
        parts = (looped if mix.loop else music)(mix.music, mix.start, mix.end)
        edge = EDGE if mix.start else 0.0
        sum_of.append((_faded(_at_most(parts, total), max(edge, come), max(EDGE, go)), mix.volume))
    if mix.own is not None and mix.original > 0:
        sum_of.append((_faded(samples_of(mix.own), come, go), mix.original))
    blocks = [(_blocks(exactly(parts, total)), level) for parts, level in sum_of]
    for place in range(0, total, BLOCK):
        block = np.zeros((min(BLOCK, total - place), CHANNELS), np.float32)
        for others, level in blocks:
            block += next(others) * np.float32(level)
        yield block


def _at_most(parts: Iterable[np.ndarray], total: int) -> Iterator[np.ndarray]:
    """The first `total` samples of `parts`, or fewer, where there are no more."""
    for part in parts:
        yield part[:total]
        total -= len(part)
        if total <= 0:
            return


def _faded(parts: Iterable[np.ndarray], come: float, go: float) -> Iterator[np.ndarray]:
    """`parts`, which come in `come` seconds from their first sample on, and are gone in `go` seconds at their last one,
    wherever that turns out to be. So much of them is kept in memory."""
    rising, falling = round(come * RATE), round(go * RATE)
    place, kept, held = 0, 0, deque[np.ndarray]()
    for part in parts:
        if place < rising:
            part = part * _rise(np.arange(place, place + len(part)), rising)
        place += len(part)
        held.append(part)
        kept += len(part)
        while held and kept - len(held[0]) >= falling:
            kept -= len(held[0])
            yield held.popleft()
    for part in held:
        yield part * _rise(np.arange(kept, kept - len(part), -1) - 1, max(1, falling))
        kept -= len(part)


def _rise(places: np.ndarray, length: int) -> np.ndarray:
    """Half a cosine, from 0 at 0 to 1 from `length` on: float32 (n, 1). Its slope is 0 at both ends."""
    return (0.5 - 0.5 * np.cos(np.pi * np.minimum(1, (places + 0.5) / length))).astype(np.float32)[:, None]


def _blocks(parts: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """`parts` cut anew into blocks of `BLOCK` samples; the last one may be shorter."""
    held: list[np.ndarray] = []
    count = 0
    for part in parts:
        held.append(part)
        count += len(part)
        if count >= BLOCK:
            joined = np.concatenate(held)
            for start in range(0, count - BLOCK + 1, BLOCK):
                yield joined[start : start + BLOCK]
            held = [joined[count // BLOCK * BLOCK :]]
            count %= BLOCK
    if count:
        yield np.concatenate(held)
