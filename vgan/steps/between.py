"""Which moments of a clip become frames, when it gets more of them, another rate, or more time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from torch import Tensor


@dataclass(frozen=True)
class Timing:
    """frames: that come out, of a clip of `given` frames; fps: at which they are shown; stride: from one to the next,
    in frames that came in."""

    frames: int
    fps: Fraction
    stride: Fraction

    def place(self, frame: int) -> tuple[int, Fraction]:
        """Where a frame that comes out lies: behind which frame that came in, and how far to the next one, [0, 1)."""
        place = frame * self.stride
        before = place.numerator // place.denominator
        return before, place - before


def by_factor(given: int, fps: Fraction, factor: int, slow: bool) -> Timing:
    """Exactly `factor` times as many frames: in the same time, or, if `slow`, at the same rate."""
    return Timing(factor * given, fps if slow else factor * fps, Fraction(1, factor))


def to_rate(given: int, fps: Fraction, wanted: Fraction) -> Timing:
    """The same time at another rate, up to half a frame."""
    return Timing(max(1, round(given / fps * wanted)), wanted, fps / wanted)


@dataclass(frozen=True)
class Gap:
    """Two neighbours and the places between them, [0, 1), at which frames are wanted. other: None after the last one.
    pictures: (1, 3, H, W)."""

    one: Tensor
    other: Tensor | None
    places: tuple[Fraction, ...]


def gaps(pictures: Iterable[Tensor], timing: Timing, loops: bool) -> Iterator[Gap]:
    """Every gap between neighbours in which frames are wanted, `timing.frames` in all, or fewer where the clip ends
    early. loops: the last one's neighbour is the first. Two or three pictures are held at a time."""
    wanted = ((timing.place(frame), frame) for frame in count())
    (before, part), made = next(wanted)
    first, past = None, None

    def gap(index: int, other: Tensor | None) -> Gap | None:
        nonlocal before, part, made
        places = []
        while before == index and made < timing.frames:
            places.append(part)
            (before, part), made = next(wanted)
        assert past is not None
        return Gap(past, other, tuple(places)) if places else None

    last = -1
    for index, picture in enumerate(pictures):
        if past is not None and (found := gap(index - 1, picture)):
            yield found
        first, past, last = picture if first is None else first, picture, index
    if past is not None and (found := gap(last, first if loops and last else None)):
        yield found
