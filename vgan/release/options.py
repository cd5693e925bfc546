"""Which commands and options of `python -m vgan` there are: reads lines as JSON, says of each what is wrong with it.

Run in the environment of the release, so that it needs nothing else.
"""

import contextlib
import io
import json
import re
import shlex
import sys
from functools import cache

from typer.main import get_command


@cache
def _help(words: tuple[str, ...]) -> tuple[int, str]:
    """How `python -m vgan WORDS --help` ends, and what it says."""
    from vgan.__main__ import main

    said, code = io.StringIO(), 0
    sys.argv = ["vgan", *words, "--help"]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return code, re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue())


def _groups() -> set[tuple[str, ...]]:
    """Words that are followed by a command's name."""
    from vgan.cli import app

    found: set[tuple[str, ...]] = {("train",)}
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            found.add((name,))
    return found


def fault(line: str) -> str:
    """What is wrong with a line that has `-m vgan` in it; empty for nothing."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        return f"{line[:80]}: {error}"
    start = words.index("vgan") + 1
    ends = [at for at, word in enumerate(words[start:], start) if word in ("|", ">", "&&", ";", "2>&1")]
    words = words[start : min(ends, default=len(words))]
    if not words:
        return ""
    depth = 2 if (words[0],) in _groups() and len(words) > 1 and not words[1].startswith("-") else 1
    path = tuple(words[:depth])
    code, said = _help(path)
    if code:
        return f"python -m vgan {' '.join(path)}: there is no such command ({said.strip()[-80:]})"
    known = set(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", said))
    missing = [word for word in (part.split("=")[0] for part in words[depth:]) if _option(word) and word not in known]
    return f"python -m vgan {' '.join(path)}: no option {', '.join(missing)}" if missing else ""


def _option(word: str) -> bool:
    return bool(re.match(r"--?[A-Za-z]", word))


if __name__ == "__main__":
    sys.stdout.write(json.dumps([fault(line) for line in json.load(sys.stdin)]))
