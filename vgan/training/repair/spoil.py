"""How good clips are damaged, so that finding and mending can be learned and measured.

Every kind takes its place, size, strength and manner at random, wider than any one broken decoder would make it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

VISIBLE = 6.0  # grey levels by which a damaged block has to differ, in the mean
Random = np.random.Generator
Spoilt = tuple[np.ndarray, np.ndarray]  # the picture (H, W, 3) uint8, and the mask (H, W) bool of what it lost


@dataclass(frozen=True)
class Kind:
    """A kind of damage. longest: frames that one piece of it lasts at most; local: part of the picture survives."""

    longest: int
    local: bool


KINDS: dict[str, Kind] = {
    "black": Kind(6, False),
    "frozen": Kind(8, False),
    "dropped": Kind(1, False),
    "blocks": Kind(3, True),
    "noise": Kind(3, True),
    "scratch": Kind(3, True),
}


def spoil(frames: np.ndarray, kind: str, start: int, length: int, random: Random) -> tuple[np.ndarray, np.ndarray]:
    """`length` frames of a clip (T, H, W, 3) from `start` (1 at least) on, damaged, and masks (length, H, W) of what
    was lost. The clip itself is left as it is."""
    lost = frames[start : start + length].copy()
    masks = np.ones(lost.shape[:3], bool)
    if kind in {"frozen", "dropped"}:
        lost[:] = frames[start - 1]
        if random.random() < 0.3:  # encoded once more, so that the repeats are not the same to the bit
            lost = _clipped(lost + random.normal(0, random.uniform(0.3, 0.9), lost.shape))
    elif kind == "black":
        lost[:] = uniform(lost.shape[1:], random)
    else:
        damage = LOCAL[kind](lost.shape[1:3], random)
        fresh = random.random() < 0.5  # else it stays where it is for as long as it lasts
        for index in range(length):
            if fresh and index:
                damage = LOCAL[kind](lost.shape[1:3], random)
            elsewhere = frames[max(0, start - int(random.integers(2, 9)))]
            lost[index], masks[index] = damage(lost[index], elsewhere, random)
    return lost, masks


def uniform(shape: tuple[int, ...], random: Random) -> np.ndarray:
    """A frame (H, W, 3) of one colour: black mostly, with what a codec leaves on it."""
    colours = ((0, 0, 0), (16, 16, 16), (255, 255, 255), (0, 135, 0), (128, 128, 128), random.integers(0, 256, 3))
    colour = colours[random.choice(len(colours), p=(0.4, 0.15, 0.15, 0.1, 0.1, 0.1))]
    return _clipped(np.asarray(colour) + random.normal(0, random.uniform(0, 1.5), shape))


Damage = Callable[[np.ndarray, np.ndarray, Random], Spoilt]


def blocks(size: tuple[int, int], random: Random) -> Damage:
    """Macroblocks lost: slices or clusters of them, filled as decoders do. size: (H, W)."""
    height, width = size
    side = int(random.choice([8, 16, 16, 16, 32])) * max(1, round(min(size) / 540))
    rows, columns = -(-height // side), -(-width // side)
    chosen = np.zeros((rows, columns), bool)
    wanted = min(chosen.size, max(6, chosen.size * 10 ** random.uniform(-1.9, -0.4)))
    sliced = random.random() < 0.5
    while chosen.sum() < wanted:
        row, column = int(random.integers(rows)), int(random.integers(columns))
        if sliced:
            begin, end = row * columns + column, row * columns + column + int(random.integers(4, max(5, 2 * columns)))
            chosen.reshape(-1)[begin:end] = True
        else:
            chosen[row : row + random.integers(1, 5), column : column + random.integers(1, 7)] = True
    fill = FILLS[str(random.choice(list(FILLS)))]
    lost = np.kron(chosen, np.ones((side, side), bool))[:height, :width]

    def damage(picture: np.ndarray, elsewhere: np.ndarray, random: Random) -> Spoilt:
        filled = fill(picture, elsewhere, side, random)
        seen = _by_block(np.abs(filled.astype(np.float32) - picture).mean(2), side) >= VISIBLE
        mask = lost & seen
        return np.where(mask[..., None], filled, picture), mask

    return damage


def _by_block(values: np.ndarray, side: int) -> np.ndarray:
    """Means of (H, W[, C]) over blocks, as large as they were."""
    height, width = values.shape[:2]
    rows, columns = np.arange(0, height, side), np.arange(0, width, side)
    sums = np.add.reduceat(np.add.reduceat(values.astype(np.float32), rows, 0), columns, 1)
    heights, widths = np.diff([*rows, height]), np.diff([*columns, width])
    means = sums / np.outer(heights, widths).reshape(len(rows), len(columns), *[1] * (values.ndim - 2))
    return means.repeat(heights, 0).repeat(widths, 1)


def _flat(picture: np.ndarray, elsewhere: np.ndarray, side: int, random: Random) -> np.ndarray:
    colours = ((128, 128, 128), (0, 135, 0), (0, 0, 0), (255, 255, 255), (255, 0, 255), random.integers(0, 256, 3))
    return np.broadcast_to(np.asarray(colours[random.integers(len(colours))], np.uint8), picture.shape)


def _coarse(picture: np.ndarray, elsewhere: np.ndarray, side: int, random: Random) -> np.ndarray:
    """Only the mean of every block is left, and that is off."""
    blocks = -(-picture.shape[0] // side), -(-picture.shape[1] // side)
    off = np.kron(random.normal(0, 25, (*blocks, 3)), np.ones((side, side, 1)))
    return _clipped(_by_block(picture, side) + off[: picture.shape[0], : picture.shape[1]])


def _displaced(picture: np.ndarray, elsewhere: np.ndarray, side: int, random: Random) -> np.ndarray:
    """Vectors were lost: the picture from somewhere else, or from some time ago."""
    source = picture if random.random() < 0.5 else elsewhere
    shift = [
        int(random.choice([-1, 1]) * random.integers(1, 1 + max(2, axis // (2 * side))) * side)
        for axis in (picture.shape[:2])
    ]
    return np.roll(source, shift, (0, 1))


def _garbled(picture: np.ndarray, elsewhere: np.ndarray, side: int, random: Random) -> np.ndarray:
    """Coefficients were misread: every block is a few waves of random direction and colour."""
    cells = (8, 8, -(-picture.shape[0] // 8), -(-picture.shape[1] // 8))
    place = (np.arange(8) + 0.5) * np.pi / 8
    down, right = (
        np.cos(place.reshape(shape) * random.integers(0, 8, (1, 1, *cells[2:])))
        for shape in ((8, 1, 1, 1), (1, 8, 1, 1))
    )
    waves = (down * right).transpose(2, 0, 3, 1).reshape(cells[2] * 8, cells[3] * 8)
    waves = waves[: picture.shape[0], : picture.shape[1], None] * random.uniform(40, 160)
    colour = random.uniform(-0.6, 1, 3) if random.random() < 0.5 else np.ones(3)
    return _clipped(_by_block(picture, side) + waves * colour)


FILLS: dict[str, Callable[[np.ndarray, np.ndarray, int, Random], np.ndarray]] = {
    "flat": _flat,
    "coarse": _coarse,
    "displaced": _displaced,
    "garbled": _garbled,
}


def noise(size: tuple[int, int], random: Random) -> Damage:
    """Horizontal bars of garbage, across the picture or part of it."""
    height, width = size
    lost = np.zeros(size, bool)
    for _ in range(int(random.integers(1, 5))):
        tall = max(4, round(height * random.uniform(0.012, 0.12)))
        top = int(random.integers(0, height - tall))
        left, right = (0, width) if random.random() < 0.6 else sorted(random.integers(0, width + 1, 2))
        if right - left < 0.3 * width:
            left, right = 0, width
        lost[top : top + tall, left:right] = True
    manner, colourful, strength = random.integers(4), random.random() < 0.5, random.uniform(0.5, 1)

    def damage(picture: np.ndarray, elsewhere: np.ndarray, random: Random) -> Spoilt:
        channels = 3 if colourful else 1
        if manner == 0:
            garbage = random.integers(0, 256, (height, width, channels))
        elif manner == 1:
            garbage = 255 * (random.random((height, width, channels)) < random.uniform(0.2, 0.8))
        elif manner == 2:  # whole lines
            garbage = np.broadcast_to(random.integers(0, 256, (height, 1, channels)), (height, width, channels))
        else:  # lines torn sideways
            shifts = random.integers(width // 8, width - width // 8, height)
            garbage = np.take_along_axis(picture, ((np.arange(width) + shifts[:, None]) % width)[..., None], 1)
        mixed = _clipped(picture + (garbage.astype(np.float32) - picture) * (1.0 if manner == 3 else strength))
        bars = lost & (_rows(np.abs(mixed.astype(np.float32) - picture).mean(2), lost) >= VISIBLE)
        return np.where(bars[..., None], mixed, picture), bars

    return damage


def _rows(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Mean of every row's `values` over `where`: (H, 1)."""
    return (values * where).sum(1, keepdims=True) / np.maximum(1, where.sum(1, keepdims=True))


def scratch(size: tuple[int, int], random: Random) -> Damage:
    """Thin lines from top to bottom, a little crooked, towards white or black, as film gets them."""
    height, width = size
    unit = max(1.0, min(size) / 480)
    lines = []
    for _ in range(int(random.integers(1, 7))):
        long = round(height * random.uniform(0.4, 1.0))
        top = int(random.integers(0, height - long + 1))
        rows = np.arange(top, top + long)
        slope, sway = random.normal(0, 0.01), random.uniform(0, 1.5 * unit)
        wave = sway * np.sin(rows * random.uniform(0.005, 0.05) + random.uniform(0, 6))
        places = random.integers(3, width - 3) + slope * (rows - top) + wave
        bright = 255 if random.random() < 0.65 else 0
        lines.append((rows, places, random.uniform(1, 2.6) * unit, bright, random.uniform(0.55, 1)))

    def damage(picture: np.ndarray, elsewhere: np.ndarray, random: Random) -> Spoilt:
        made, mask = picture.astype(np.float32), np.zeros(size, bool)
        jitter = random.normal(0, 0.7 * unit)
        for rows, places, wide, bright, strength in lines:
            away = np.abs(np.arange(width)[None] - (places + jitter)[:, None])
            cover = np.clip(wide / 2 + 0.5 - away, 0, 1)[..., None] * strength
            drawn = made[rows] + (bright - made[rows]) * cover
            seen = (cover[..., 0] > 0.05) & (np.abs(drawn - made[rows]).mean(2) > 1)
            made[rows] = drawn
            mask[rows] |= seen
        return np.where(mask[..., None], _clipped(made), picture), mask

    return damage


LOCAL: dict[str, Callable[[tuple[int, int], Random], Damage]] = {"blocks": blocks, "noise": noise, "scratch": scratch}


def _clipped(values: np.ndarray) -> np.ndarray:
    return np.rint(values).clip(0, 255).astype(np.uint8)
