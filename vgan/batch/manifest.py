"""What is done, one small file a clip, so that it holds in buckets, too, where nothing can be appended to.

A record is called KEY~DIGEST.json and is written after its clip is in place. One listing of the names tells what a
batch that starts again has to make: what has no record, one of another digest (the row, the template or a file that it
names was changed), or no clip.
"""

import json
import os
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vgan.batch.place import HIDDEN, Place

DONE = f"{HIDDEN}/done/"
CLAIMS = f"{HIDDEN}/claims/"
_RECORD = re.compile(rf"{DONE}(?P<key>[^/~]+)~(?P<digest>[0-9a-f]+)\.json")


@dataclass(frozen=True)
class Record:
    """That a clip was made. name: of its own file."""

    name: str
    key: str
    digest: str


@dataclass(frozen=True)
class Listing:
    """What lay at a place at one moment. sizes: of every file, by name; records: by the key of the clip."""

    sizes: Mapping[str, int]
    records: Mapping[str, list[Record]]

    def has(self, key: str, digest: str, file: str) -> bool:
        """Whether the clip of that key and digest is there."""
        return bool(self.sizes.get(file)) and any(record.digest == digest for record in self.records.get(key, ()))


def listing(place: Place) -> Listing:
    """What is there now. Raises MediaError."""
    sizes = place.sizes()
    records: dict[str, list[Record]] = {}
    for name in sizes:
        if found := _RECORD.fullmatch(name):
            record = Record(name, found["key"], found["digest"])
            records.setdefault(record.key, []).append(record)
    return Listing({name: size for name, size in sizes.items() if not name.startswith(f"{HIDDEN}/")}, records)


def record_name(key: str, digest: str) -> str:
    """What the record of a clip is called."""
    return f"{DONE}{key}~{digest}.json"


def write_record(place: Place, key: str, digest: str, said: dict[str, Any]) -> None:
    """Note that a clip is in its place. Raises MediaError."""
    place.write(record_name(key, digest), (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())


def read_record(place: Place, record: Record) -> dict[str, Any]:
    """What a record says; nothing where it is gone or broken. Raises MediaError."""
    try:
        said = json.loads(place.read(record.name) or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def host() -> str:
    """This machine's name."""
    return socket.gethostname()[:200]


def is_alive(process: int) -> bool:
    """Whether there is a process of that number here."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@dataclass(frozen=True)
class Batch:
    """One run of a batch, in claims. number: its own, whoever else has its process's number."""

    number: str
    host: str
    process: int

    def claim(self, place: Place, key: str, seconds: float) -> float:
        """Take the clip called `key` for `seconds`, unless another batch that still runs has it.

        Returns 0 where it is ours now, else for how many seconds the other may have it yet. Two batches that find the
        same claim out of date may both take it, and on the Hub, where nothing is claimed, any two: they then make the
        same file twice, and either is whole. Raises MediaError.
        """
        if not place.exclusive:
            return 0.0
        name, now = f"{CLAIMS}{key}.json", time.time()
        data = json.dumps({"number": self.number, "host": self.host, "process": self.process, "until": now + seconds})
        if place.create(name, data.encode()):
            return 0.0
        if left := self._left(place.read(name), now, seconds):
            return left
        place.write(name, data.encode())
        return 0.0

    def release(self, place: Place, key: str) -> None:
        """Let go of it. Raises MediaError."""
        if place.exclusive:
            place.remove(f"{CLAIMS}{key}.json")

    def _left(self, data: bytes | None, now: float, most: float) -> float:
        try:
            said = json.loads(data or b"{}")
            other, until, process = said["number"], float(said["until"]), int(said["process"])
        except (ValueError, KeyError, TypeError):
            return 0.0
        gone = said.get("host") == host() and not is_alive(process)
        if other == self.number or gone:
            return 0.0
        return max(0.0, min(until - now, most))  # however wrong its clock is
