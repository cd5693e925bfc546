"""When words come and go, so that each can be read: their times follow from how long they are."""

import re
import unicodedata
from typing import Any

from vgan.errors import RecipeError

A_WORD, AT_FIRST = 0.3, 0.8  # seconds to read one, and to notice that something has come
REST = 1.2  # seconds that the whole stays after the last has been read
A_PICTURE, FINISH = 1.0, 1.5  # seconds to see one; that the word after a countdown stays
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_STAMP = re.compile(r"\[(\d{1,3}):(\d{1,2}(?:\.\d{1,3})?)\]")


def reading_time(text: str) -> float:
    """Seconds to read `text`; two Chinese, Japanese or Korean characters count as a word."""
    wide = len(_WIDE.findall(text))
    words = [word for word in _WIDE.sub(" ", text).split() if any(unicodedata.category(c)[0] in "LNS" for c in word)]
    return AT_FIRST + A_WORD * (len(words) + wide / 2)


def set_times(overlays: list[dict[str, Any]]) -> float:
    """Put numbers in the place of times that follow from what is read, in all cues, in place.

    A `start` "+0.4" is 0.4 s after everything before it has been read, an `end` "+0.4" 0.4 s after it has been read
    itself, and an end never comes sooner than that. Returns seconds until all of it has been seen.
    """
    read = 0.0
    for overlay in overlays:
        if overlay.get("kind") == "captions":
            for cue in overlay.get("cues", ()):
                read = _set(cue, read, reading_time(str(cue.get("text", ""))))
        elif overlay.get("kind") == "countdown":
            numbers = int(overlay.get("first", 10)) - int(overlay.get("last", 1)) + 1
            read = _set(overlay, read, numbers + (FINISH if overlay.get("finish") else 0))
        elif overlay.get("kind") == "picture":
            read = _set(overlay, read, A_PICTURE)
        else:
            _set(overlay, read, 0)
    return round(read + REST, 2)


def _set(timed: dict[str, Any], read: float, takes: float) -> float:
    start, end = timed.get("start", 0), timed.get("end")
    start = read + _after(start) if isinstance(start, str) else start
    seen = max(start, read if isinstance(timed.get("start"), str) else start) + takes
    if end is not None:
        timed["end"] = round(max(seen, seen + _after(end) if isinstance(end, str) else end), 2)
    timed["start"] = round(start, 2)
    return max(read, seen)


def _after(text: str) -> float:
    try:
        return float(text.removeprefix("+"))
    except ValueError:
        raise RecipeError(f"{text[:40]!r} is no time. Write seconds as 1.5, or after what is read as '+0.4'.") from None


def lines_of(text: str, start: float, gap: float) -> list[tuple[float, float, str]]:
    """(start, end, words) of each line of `text` that has any.

    Lines may begin with times as in LRC files, [mm:ss.xx]; the others come as soon as the one before has been read.
    Every line stays until the next comes.
    """
    found: list[tuple[float, str]] = []
    free = start
    for line in text.split("\n"):
        stamp, words = _STAMP.search(line), _STAMP.sub("", line).strip()
        if not words:
            continue
        begin = float(stamp[1]) * 60 + float(stamp[2]) if stamp else free
        found.append((begin, words))
        free = max(begin, 0) + reading_time(words) + gap
    found.sort(key=lambda item: item[0])
    begins = [begin for begin, _ in found[1:]]
    ends = [*begins, (found[-1][0] + reading_time(found[-1][1]) + gap) if found else 0.0]
    return [(begin, end, words) for (begin, words), end in zip(found, ends, strict=True) if end > begin]


def squeezed(overlays: list[dict[str, Any]], share: float) -> None:
    """All times of `overlays` times `share`, in place: for a clip that is too short for them."""
    for timed in (item for overlay in overlays for item in (overlay, *overlay.get("cues", ()))):
        for field in ("start", "end"):
            if isinstance(timed.get(field), (int, float)):
                timed[field] = round(timed[field] * share, 3)
