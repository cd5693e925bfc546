"""All that the app does with an upload, in one go: for `python -m vgan bench hostile`, which has very many files."""

import itertools
import resource
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from vgan.errors import VganError
from vgan.media.raw import clip, inside, listen, look, rgba, sound

READ, REFUSED = "read", "refused"
FRAMES, BLOCKS, LISTENED = 3, 3, 5.0  # frames and blocks of sound from each place; seconds


@dataclass(frozen=True)
class Trial:
    """found: what came of each thing that was tried: READ, REFUSED, or the name of an error that should not be;
    comment: what our clips carry their recipe in; megabytes: of memory, at most; seconds: of processor time."""

    found: dict[str, str]
    comment: str
    megabytes: int
    seconds: float


def trial(path: Path, deep: bool) -> Trial:
    """Try everything on the file at `path`. deep: with what looks at all of its frames."""
    found: dict[str, str] = {}
    kept: dict[str, Any] = {}

    def attempt(name: str, work: Callable[[], Any]) -> None:
        try:
            kept[name] = work()
            found[name] = READ
        except VganError:
            found[name] = REFUSED
        except MemoryError:
            found[name] = "memory"
        except Exception as error:  # that is what is looked for
            found[name] = f"{type(error).__name__}: {error}"[:200]

    def some(parts: Iterator[Any], count: int) -> None:
        with closing(parts) as opened:  # type: ignore[type-var]
            for _ in itertools.islice(opened, count):
                pass

    attempt("facts", lambda: clip.facts(path))
    if facts := kept.get("facts"):
        attempt("frames", lambda: some(clip.frames(path, facts.begin, 0.0), FRAMES))
        if len(facts.times) > 1:
            middle = facts.times[len(facts.times) // 2]
            attempt("seek", lambda: some(clip.frames(path, facts.begin, middle), 1))
    attempt("probe", lambda: look.probe(path))
    attempt("comment", lambda: look.comment(path))
    attempt("said", lambda: look.said_in(path))
    attempt("sound facts", lambda: sound.sound_facts(path))
    if "sound facts" in kept:
        attempt("sound", lambda: some(sound.samples(path, Fraction(1, 2)), BLOCKS))
        attempt("listen", lambda: listen.part_of(path, 0.0, LISTENED))
    if deep:
        attempt("inside", lambda: inside.look_inside(path))
        attempt("rgba", lambda: rgba.read_rgba(path, 2160))
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Trial(found, kept.get("comment", ""), used.ru_maxrss >> 10, round(used.ru_utime + used.ru_stime, 2))
