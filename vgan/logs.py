"""What the app says of itself while it runs: lines for a terminal, or JSON for whoever collects it.

An event is a line with fields that count: which, how long, how many, with what outcome. Which fields there are is said
here, and none of them holds what a visitor typed, named, uploaded or made, or where they come from.
"""

import logging
import re
import secrets
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path

from vgan.errors import RecipeError

FORMATS = ("auto", "text", "json")
# visitor: a keyed hash, good until the app ends. request: the number that an unexpected error is told with.
FIELDS = ("seconds", "waited", "frames", "count", "look", "format", "outcome", "kind", "visitor", "request")
EVENTS = logging.getLogger("vgan.events")
EVENTS.setLevel(logging.INFO)
TALKATIVE = ("httpx", "httpcore", "mcp", "asyncio", "PIL", "urllib3", "multipart")  # of interest to their makers alone
HIDDEN = "(a file of a visitor)"


def event(name: str, **fields: str | float | None) -> None:
    """Log that something happened. fields: of FIELDS; None for what is not known. Raises TypeError for any other."""
    unknown = sorted(fields.keys() - set(FIELDS))
    if unknown:
        raise TypeError(f"an event has no field {unknown[0]!r}")
    known = {
        key: round(value, 3) if isinstance(value, float) else value
        for key in FIELDS
        if (value := fields.get(key)) is not None
    }
    EVENTS.info(name, extra={"event": name, "fields": known, **known})


def new_number() -> str:
    """A number that a person can read out, and that is found in the log."""
    return secrets.token_hex(3)


def set_up(style: str = "text", private: Iterable[Path] = ()) -> None:
    """Let everything that is logged go to standard error, warnings of Python and the web server's own lines too.

    style: text or json. private: folders of visitors' files; what follows their names in a line is left out. Raises
    RecipeError for another style.
    """
    if style not in ("text", "json"):
        raise RecipeError(f"VGAN_LOG: {style!r} is not known. Allowed: {', '.join(FORMATS)}.")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Discreet(_json() if style == "json" else _Text(), private))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    warnings.filterwarnings("ignore", category=DeprecationWarning)


def _json() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    return JsonFormatter(
        ("levelname", "name", "message"),
        rename_fields={"levelname": "level", "name": "logger"},
        timestamp="time",
        reserved_attrs=[*logging.makeLogRecord({}).__dict__, "message", "asctime", "fields"],
        json_ensure_ascii=False,
    )


class _Text(logging.Formatter):
    """A line for people: an event's fields follow it as name=value."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        return " ".join([super().formatMessage(record), *(f"{name}={value}" for name, value in fields.items())])


class _Discreet(logging.Formatter):
    """`inner`, without the names of files in `private` folders: they are the visitors' own words."""

    def __init__(self, inner: logging.Formatter, private: Iterable[Path]):
        super().__init__()
        places = "|".join(re.escape(str(folder)) for folder in private)
        self._inner, self._pattern = inner, re.compile(rf"(?:{places})/[^'\"\\\n]*") if places else None

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        return self._pattern.sub(HIDDEN, line) if self._pattern else line
