"""What the Hub takes for a Space, and what nobody should publish: large files, secrets, folders of a developer."""

import fnmatch
import re
from pathlib import Path

from vgan.release.result import Place, Result, judged

LARGEST = 10_000_000  # bytes of a file that the Hub takes outside of LFS
TOTAL = 1_000_000_000  # bytes of a Space's repository, with its history
NOTEBOOK = 1_000_000
READ = 2_000_000  # bytes of a file that is searched; longer ones are no texts
SECRETS = {
    "a token of the Hub": re.compile(r"\bhf_[A-Za-z0-9]{30,}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "a key of AWS": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})\b"),
    "a token of PyPI": re.compile(r"\bpypi-[A-Za-z0-9_-]{60,}\b"),
    "a key of an AI service": re.compile(r"\bsk-[A-Za-z0-9_-]{32,}\b"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{20,}\b"),
}
HOMES = re.compile(r"(?<![\w.:/~])(?:/(?:home|Users)/[A-Za-z][\w.-]*|/root|[A-Z]:\\\\?Users\\\\?\w+)(?=[/\\])")
MADE_UP = re.compile(r"[/\\](?:home|Users)[/\\]+(?:user|me|you|ada|somebody|name)$")  # in examples and on a Space


def sizes(place: Place) -> Result:
    """Files and repository as large as a Space may have them."""
    lfs = _lfs(place.root / ".gitattributes")
    tracked, findings, total = place.tracked, [], 0
    for path in tracked:
        name, size = place.name(path), path.stat().st_size
        total += size
        if size > LARGEST and not any(fnmatch.fnmatch(name, pattern) for pattern in lfs):
            findings.append(f"{name}: {size / 1e6:.1f} MB, and not in LFS (.gitattributes)")
        if path.suffix == ".ipynb" and size > NOTEBOOK:
            findings.append(f"{name}: a notebook of {size / 1e6:.1f} MB: clear its outputs")
    history = sum(path.stat().st_size for path in (place.root / ".git").rglob("*") if path.is_file())
    if total + history > TOTAL:
        findings.append(f"{(total + history) / 1e6:.0f} MB in all; a Space has {TOTAL / 1e6:.0f}")
    largest = max((path.stat().st_size for path in tracked), default=0)
    words = (
        f"{len(tracked)} files, {total / 1e6:.0f} MB, history {history / 1e6:.0f} MB, largest {largest / 1e6:.1f} MB"
    )
    return judged(words, findings)


def _lfs(attributes: Path) -> list[str]:
    lines = attributes.read_text(encoding="utf-8").splitlines() if attributes.is_file() else []
    return [line.split()[0] for line in lines if "filter=lfs" in line.split()]


def secrets(place: Place) -> Result:
    """Tokens, keys, and folders of whoever developed this."""
    mine = str(place.home)
    findings = []
    for path in place.tracked:
        if path.stat().st_size > READ:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            findings += [f"{place.name(path)}:{number}: {what}" for what, form in SECRETS.items() if form.search(line)]
            found = HOMES.search(line)
            if (found and not MADE_UP.search(found.group())) or (len(mine) > 6 and mine in line):
                findings.append(f"{place.name(path)}:{number}: a folder of a developer's machine")
    return judged(f"{len(SECRETS)} kinds of secrets, folders of people", findings)
