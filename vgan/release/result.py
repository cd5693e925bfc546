"""What a check finds, and where it looks."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FAILED, OK, SKIPPED = "failed", "ok", "SKIPPED"


@dataclass(frozen=True)
class Place:
    """What is released. root: a clean clone; python: of an environment with requirements.txt alone; out: a folder for
    what checks write; scratch: an empty one; home: where the clone came from, whose name must be nowhere in it."""

    root: Path
    python: Path
    out: Path
    scratch: Path
    home: Path

    @property
    def tracked(self) -> list[Path]:
        """The files of the commit; all of them where `root` is no checkout."""
        if not (self.root / ".git").exists():
            return sorted(path for path in self.root.rglob("*") if path.is_file())
        listed = run(["git", "ls-files", "-z"], self.root).stdout
        return [self.root / name for name in listed.split("\0") if name]

    def name(self, path: Path) -> str:
        """How a file is called in findings."""
        return path.relative_to(self.root).as_posix()


@dataclass(frozen=True)
class Result:
    """The outcome of a check: `ok`, `failed`, or `SKIPPED` where it could not be made. words: what was looked at, or
    why it was not. findings: a line for each fault."""

    outcome: str
    words: str
    findings: tuple[str, ...] = ()


def judged(words: str, findings: Sequence[str]) -> Result:
    """`ok` where nothing was found."""
    return Result(FAILED if findings else OK, words, tuple(findings))


def skipped(why: str) -> Result:
    """A check that could not be made here. It counts as neither."""
    return Result(SKIPPED, why)


def run(
    command: Sequence[str | Path],
    folder: Path,
    seconds: float = 300,
    environment: dict[str, str] | None = None,
    stdin: str = "",
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, with what it said on both outputs. One that is not there, or takes too long, ends with
    127 or 124."""
    words = [str(word) for word in command]
    try:
        return subprocess.run(
            words,
            cwd=folder,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        return subprocess.CompletedProcess(words, 127, "", f"{words[0]}: not installed")
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(words, 124, "", f"{words[0]}: not done after {seconds:g} s")
