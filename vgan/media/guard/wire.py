"""What goes between the app and a child that reads a stranger's file: JSON heads and plain bytes, checked on arrival.

No pickles: what a child sends may be what a hostile file made it send. A message is its kind, the sizes of its head and
of its blobs, the head as JSON, and the blobs. The head holds the value: dataclasses as lists of their fields, fractions
as two numbers, arrays and long rows of numbers as places of blobs.
"""

import dataclasses
import json
import math
import socket
import struct
import time
import types
import typing
from fractions import Fraction
from typing import Any

import numpy as np

from vgan.media.guard.room import Room

HEAD = struct.Struct("<cIB")  # kind, bytes of the JSON, count of blobs; the sizes of these follow as u64
LONGEST_HEAD = 8 << 20  # bytes
MOST_BLOBS = 16
SHARED = 1 << 63  # of a blob's size: it lies in the room
DTYPES = ("|u1", "<f4", "<f8")
MOST_DIMENSIONS = 3
VALUE, END, TROUBLE, LOG, BEAT = b"V", b"E", b"T", b"L", b"B"  # kinds


class Broken(Exception):
    """What arrived is not what should: the other side broke off, or sends something else."""


class Late(Exception):
    """Nothing, or not all of it, came in time."""


# --- values


def encode(value: Any, blobs: list[np.ndarray]) -> Any:
    """`value` as JSON knows it; what is long goes into `blobs`. Raises TypeError for what has no place here."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value
    if isinstance(value, Fraction):
        return [value.numerator, value.denominator]
    if isinstance(value, bytes):
        blobs.append(np.frombuffer(value, np.uint8))
        return len(blobs) - 1
    if isinstance(value, np.ndarray):
        value = np.ascontiguousarray(value)
        blobs.append(value)
        return [len(blobs) - 1, value.dtype.str, list(value.shape)]
    if isinstance(value, tuple | list):
        if len(value) > MOST_BLOBS and all(isinstance(one, float) for one in value):
            return {"row": encode(np.array(value, np.float64), blobs)}
        return [encode(one, blobs) for one in value]
    if isinstance(value, dict):
        return {str(name): encode(one, blobs) for name, one in value.items()}
    if dataclasses.is_dataclass(value):
        return [encode(getattr(value, field.name), blobs) for field in dataclasses.fields(value)]
    raise TypeError(f"{type(value).__name__} is not sent")


def decode(kind: Any, data: Any, blobs: list[np.ndarray]) -> Any:
    """A value of type `kind` from what `encode` made. blobs: uint8 (n,). Raises Broken for anything else."""
    try:
        return _decoded(kind, data, blobs)
    except (ValueError, TypeError, IndexError, KeyError, ZeroDivisionError, OverflowError, RecursionError) as error:
        raise Broken(f"not a {kind}: {error}") from error


def _decoded(kind: Any, data: Any, blobs: list[np.ndarray]) -> Any:
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        for one in parts:
            try:
                return _decoded(one, data, blobs)
            except (ValueError, TypeError):
                continue
        raise ValueError("none of its kinds")
    if origin is tuple or origin is list:
        if isinstance(data, dict):
            data = _array(data["row"], blobs).tolist()
        if not isinstance(data, list):
            raise ValueError("no row")
        if origin is list or parts[-1] is ...:
            return origin(_decoded(parts[0], one, blobs) for one in data)
        return tuple(_decoded(part, one, blobs) for part, one in zip(parts, data, strict=True))
    if origin is dict:
        if not isinstance(data, dict):
            raise ValueError("no table")
        return {name: _decoded(parts[1], one, blobs) for name, one in data.items()}
    if kind is Fraction:
        above, below = data
        return Fraction(_plain(int, above), _plain(int, below))
    if kind is np.ndarray or origin is np.ndarray:
        return _array(data, blobs)
    if kind is bytes:
        return blobs[_plain(int, data)].tobytes()
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        names = [field.name for field in dataclasses.fields(kind)]
        return kind(*(_decoded(hints[name], one, blobs) for name, one in zip(names, data, strict=True)))  # type: ignore[operator]
    return _plain(kind, data)


def _plain(kind: Any, data: Any) -> Any:
    if kind is type(None) or kind is None:
        kind = type(None)
    if kind is float and type(data) is int:
        data = float(data)
    if type(data) is not kind:
        raise ValueError(f"{type(data).__name__} is no {kind}")
    if kind is float and math.isnan(data):
        raise ValueError("not a number")
    return data


def _array(data: Any, blobs: list[np.ndarray]) -> np.ndarray:
    place, dtype, shape = data
    if dtype not in DTYPES or not isinstance(shape, list) or not 1 <= len(shape) <= MOST_DIMENSIONS:
        raise ValueError("an array of another kind")
    if any(type(side) is not int or side < 0 for side in shape):
        raise ValueError("an array of no shape")
    blob = blobs[_plain(int, place)]
    if math.prod(shape) * np.dtype(dtype).itemsize != blob.nbytes:
        raise ValueError("an array of another size")
    return blob.view(dtype).reshape(shape)


# --- messages


def send(to: socket.socket, kind: bytes, value: Any = None, room: Room | None = None) -> None:
    """Send a message; waits until the other side takes it. room: for its first blob. Raises OSError where that is
    gone."""
    blobs: list[np.ndarray] = []
    head = json.dumps(encode(value, blobs), separators=(",", ":")).encode()
    shared = int(room is not None and bool(blobs) and room.fits(blobs[0]))
    if shared and room is not None:
        room.put(blobs[0], to)
    sizes = struct.pack(f"<{len(blobs)}Q", *(blob.nbytes | SHARED * (shared > at) for at, blob in enumerate(blobs)))
    to.sendall(HEAD.pack(kind, len(head), len(blobs)) + sizes + head)
    for blob in blobs[shared:]:
        if blob.nbytes:
            to.sendall(blob.data.cast("B"))


def receive(
    of: socket.socket, deadline: float, most: int, room: Room | None = None
) -> tuple[bytes, Any, list[np.ndarray]]:
    """(kind, what the JSON says, blobs) of the next message.

    deadline: by `time.monotonic`; most: bytes of all its blobs. Raises Late, and Broken for the end, for a message
    that is larger, or none.
    """
    kind, length, count = HEAD.unpack(_exactly(of, HEAD.size, deadline).data)
    if length > LONGEST_HEAD or count > MOST_BLOBS:
        raise Broken(f"a head of {length} bytes and {count} blobs")
    sizes = struct.unpack(f"<{count}Q", _exactly(of, 8 * count, deadline).data)
    if sum(size & ~SHARED for size in sizes) > most:
        raise Broken(f"{sum(sizes)} bytes at once")
    try:
        data = json.loads(_exactly(of, length, deadline).tobytes())
    except (ValueError, RecursionError) as error:
        raise Broken(f"no JSON: {error}") from error
    return kind, data, [_blob(of, size, deadline, room) for size in sizes]


def _blob(of: socket.socket, size: int, deadline: float, room: Room | None) -> np.ndarray:
    if not size & SHARED:
        return _exactly(of, size, deadline)
    if room is None:
        raise Broken("a room that nobody made")
    try:
        return room.take(size & ~SHARED, of)
    except ValueError as error:
        raise Broken(str(error)) from error


def _exactly(of: socket.socket, size: int, deadline: float) -> np.ndarray:
    """The next `size` bytes: uint8 (size,)."""
    found = np.empty(size, np.uint8)
    view, at = found.data, 0
    while at < size:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Late
        of.settimeout(left)
        try:
            taken = of.recv_into(view[at:])
        except TimeoutError as error:
            raise Late from error
        except OSError as error:
            raise Broken(str(error)) from error
        if not taken:
            raise Broken("it ended")
        at += taken
    return found
