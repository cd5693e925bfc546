"""Subtitles: SubRip (SRT) and WebVTT, read with patience and written exactly, to the millisecond."""

import html
import re
from collections.abc import Iterable
from itertools import islice

from vgan.errors import RecipeError
from vgan.recipe_overlays import MAX_CUES, MAX_TEXT, Cue
from vgan.text.clean import clean

FORMATS = ("srt", "vtt")
LARGEST = 4 << 20  # bytes: fifty times what MAX_CUES need
LAST = 36_000_000  # milliseconds that a cue can name

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
_TIMES = re.compile(rf"^\s*{_CLOCK}\s*-{{1,2}}>\s*{_CLOCK}(?:\s.*)?$")
# What players take for a mark-up: HTML-like tags, WebVTT's classes, voices and times, SubStation's {\an8}.
_TAG = re.compile(
    r"</?[a-zA-Z](?:[.\s][^<>\n]{0,200})?/?>|</?(?:font|span|ruby|rt|lang)\b[^<>\n]{0,200}>|<[\d:.,]{5,16}>",
    re.IGNORECASE,
)
_OVERRIDE = re.compile(r"\{\\[^{}\n]{0,200}\}")
_ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_subtitles(data: str | bytes) -> tuple[Cue, ...]:
    """The cues of an SRT or WebVTT file, in the order of their beginnings.

    Byte order marks, any line ends, missing numbers, mark-up, comments and styles, cue settings, overlapping and
    unordered times are taken as they come; a cue that ends before it begins, or is empty, is left out.

    Raises RecipeError for what is too large, has more than MAX_CUES cues, or no cue at all.
    """
    if len(data) > LARGEST:
        raise RecipeError(f"cues: a file of {len(data) >> 20} MB is too large. Allowed: at most {LARGEST >> 20} MB.")
    text = data if isinstance(data, str) else _decoded(data)
    cues = _cues(text.lstrip("\ufeff").splitlines())
    found = sorted(islice(cues, MAX_CUES + 1), key=lambda cue: cue.start)
    if not found:
        raise RecipeError(
            "cues: no lines with times were found. Give subtitles as SRT or WebVTT, with times as 00:00:01,000 --> "
            "00:00:03,500."
        )
    if len(found) > MAX_CUES:
        raise RecipeError(f"cues: the file has too many. Allowed: at most {MAX_CUES}; use a part of it.")
    return tuple(found)


def write_subtitles(cues: Iterable[Cue], file_format: str, seconds: float | None = None) -> str:
    """`cues` as the text of a file: `srt` or `vtt`. seconds: of the clip, where a cue ends that has no end; without it,
    five seconds after its start. Raises RecipeError for another format."""
    if file_format not in FORMATS:
        raise RecipeError(f"format: {file_format[:20]!r} is none of subtitles. Allowed: {', '.join(FORMATS)}.")
    mark = "," if file_format == "srt" else "."
    parts = ["WEBVTT\n"] if file_format == "vtt" else []
    said = (cue for cue in sorted(cues, key=lambda cue: cue.start) if cue.text.strip())
    for number, cue in enumerate(said, 1):
        start = round(cue.start * 1000)
        end = cue.end if cue.end is not None else seconds if seconds and seconds > cue.start else cue.start + 5
        times = f"{_clock(start, mark)} --> {_clock(max(start + 1, round(end * 1000)), mark)}"
        parts.append(f"{number}\n{times}\n{_written(cue.text, file_format)}\n")
    return "\n".join(parts)


def _decoded(data: bytes) -> str:
    """By its byte order mark, as UTF-8, or as the old Windows encoding in which most other subtitles are."""
    for mark, encoding in _ENCODINGS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _cues(lines: list[str]) -> Iterable[Cue]:
    """Every line of times with what follows, to an empty line or the next times. WebVTT escapes are read back."""
    escaped = bool(lines) and lines[0].startswith("WEBVTT")
    times = [(place, found) for place, line in enumerate(lines) if "->" in line and (found := _TIMES.match(line[:300]))]
    ends = [place for place, _ in times[1:]] + [None] if times else []
    for (place, found), after in zip(times, ends, strict=True):
        said = lines[place + 1 : after]
        if "" in (stripped := [line.strip() for line in said]):
            said = said[: stripped.index("")]
        elif after is not None and len(said) > 1 and said[-1].strip().isdecimal():
            said = said[:-1]  # the next one's number, without an empty line before it
        start, end = (_milliseconds(found.groups()[side : side + 4]) for side in (0, 4))
        text = clean(_plain("\n".join(said)[: 4 * MAX_TEXT], escaped))[:MAX_TEXT]
        if text and start < end <= LAST:
            yield Cue(start=start / 1000, end=end / 1000, text=text)


def _plain(text: str, escaped: bool) -> str:
    text = _OVERRIDE.sub("", _TAG.sub("", text)).replace("\\N", "\n").replace("\\h", " ")
    return html.unescape(text) if escaped or "&nbsp;" in text else text


def _written(text: str, file_format: str) -> str:
    """Without an empty line, which would end the cue; what could be taken for mark-up is escaped where it can be."""
    text = "\n".join(line for line in clean(text).split("\n") if line.strip())
    if file_format == "vtt":
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("-->", "→")


def _milliseconds(clock: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, part = clock
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((part or "0").ljust(3, "0")[:3])


def _clock(milliseconds: int, mark: str) -> str:
    seconds, part = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{part:03d}"
