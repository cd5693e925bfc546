"""Spoiled copies of real files: what a stranger's fuzzer would upload. The same seed spoils in the same way."""

import re
import zlib
from collections.abc import Callable, Sequence

import numpy as np

NAMES = re.compile(rb"[a-z][a-zA-Z0-9]{3}")  # of boxes, chunks and codecs, roughly
TOLD = (0, 1, 7, 8, 16, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF)  # lengths that lie
RUN = 4096  # bytes that are spoiled together, at most
HEAD = 8192  # bytes at either end in which most of what is read first lies
Spoil = Callable[[bytearray, np.random.Generator, Sequence[bytes]], None]


def spoiled(name: str, data: bytes, others: Sequence[bytes], seed: int) -> bytes:
    """`data`, the file called `name`, with one to four things wrong. others: files that parts can be taken from."""
    rng = np.random.default_rng([zlib.crc32(name.encode()), seed])
    found = bytearray(data)
    for _ in range(int(rng.integers(1, 5))):
        if len(found) < 8:
            break
        list(SPOILS.values())[int(rng.integers(len(SPOILS)))](found, rng, others)
    return bytes(found)


def _place(data: bytearray, rng: np.random.Generator) -> int:
    """A byte of it: mostly one near an end, or in the index of an MP4."""
    where, size = rng.random(), len(data)
    if where < 0.4:
        return int(rng.integers(min(size, HEAD)))
    if where < 0.6:
        return size - 1 - int(rng.integers(min(size, HEAD)))
    if where < 0.8 and (index := data.find(b"moov")) >= 0:
        return min(size - 1, index + int(rng.integers(HEAD)))
    return int(rng.integers(size))


def _flip(data: bytearray, rng: np.random.Generator, others: Sequence[bytes]) -> None:
    for _ in range(int(rng.integers(1, 33))):
        data[_place(data, rng)] ^= 1 << int(rng.integers(8))


def _noise(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    at, length = _place(data, rng), int(rng.integers(1, RUN))
    part = rng.integers(0, 256, len(data[at : at + length]), np.uint8)
    data[at : at + length] = part.tobytes()


def _zeros(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    at, length = _place(data, rng), int(rng.integers(1, RUN))
    data[at : at + length] = bytes(len(data[at : at + length]))


def _cut(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    del data[max(8, _place(data, rng)) :]


def _drop(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    at = _place(data, rng)
    del data[at : at + int(rng.integers(1, RUN))]


def _swap(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    length = int(rng.integers(1, RUN))
    one, other = sorted((_place(data, rng), _place(data, rng)))
    length = min(length, other - one, len(data) - other)
    if length > 0:
        one_part, other_part = data[one : one + length], data[other : other + length]
        data[one : one + length], data[other : other + length] = other_part, one_part


def _repeat(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    at = _place(data, rng)
    data[at:at] = data[at : at + int(rng.integers(1, RUN))] * int(rng.integers(1, 9))


def _lie(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    """A length before one of the names, or anywhere, in either byte order."""
    names = [found.start() for found in NAMES.finditer(data, 0, HEAD)]
    if index := max(0, data.find(b"moov")):
        names += [found.start() for found in NAMES.finditer(data, index, index + HEAD)]
    at = names[int(rng.integers(len(names)))] - 4 if names and rng.random() < 0.7 else _place(data, rng)
    told = TOLD[int(rng.integers(len(TOLD)))].to_bytes(4, "big" if rng.random() < 0.7 else "little")
    data[max(0, at) : max(0, at) + 4] = told


def _rename(data: bytearray, rng: np.random.Generator, others: Sequence[bytes]) -> None:
    """One name becomes another one."""
    names = [found.start() for found in NAMES.finditer(data, max(0, data.find(b"moov")))][:500]
    if len(names) > 1:
        one, other = (names[int(rng.integers(len(names)))] for _ in range(2))
        data[one : one + 4] = data[other : other + 4]


def _splice(data: bytearray, rng: np.random.Generator, others: Sequence[bytes]) -> None:
    other = others[int(rng.integers(len(others)))] if others else bytes(data)
    at, length = int(rng.integers(max(1, len(other)))), int(rng.integers(1, 16 * RUN))
    place = _place(data, rng)
    data[place : place + (length if rng.random() < 0.5 else 0)] = other[at : at + length]


SPOILS: dict[str, Spoil] = {
    "flip": _flip,
    "noise": _noise,
    "zeros": _zeros,
    "cut": _cut,
    "drop": _drop,
    "swap": _swap,
    "repeat": _repeat,
    "lie": _lie,
    "rename": _rename,
    "splice": _splice,
}
