"""What the pages say: links that lead somewhere, and commands that there are."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from vgan.release.result import Place, Result, judged, run

FENCE = re.compile(r"(?P<mark><!-- run -->\n+)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|<(?:img|a)\b[^>]*?(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.M)


@dataclass(frozen=True)
class Block:
    """Fenced text of a page. marked: it stands under `<!-- run -->` and is run whole by `followed`."""

    page: str
    kind: str
    text: str
    marked: bool

    @property
    def commands(self) -> list[str]:
        """Its lines, with those that were broken joined, where they are for a shell."""
        if self.kind not in ("", "sh", "bash", "shell", "console"):
            return []
        return [line.strip().removeprefix("$ ") for line in _joined(self.text).splitlines() if line.strip()]


def _joined(text: str) -> str:
    """Lines of a shell: one that ends in a backslash, or within quotes, goes on in the next."""
    lines: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        if lines and lines[-1].count("'") % 2:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return "\n".join(lines)


def pages(root: Path) -> list[Path]:
    """The Markdown files of a commit that people read."""
    return sorted(
        [*root.glob("*.md"), *root.glob("docs/*.md"), *root.glob("assets/**/*.md"), *root.glob("weights/*/*.md")]
    )


def blocks(place: Place) -> Iterator[Block]:
    """Fenced text of all pages."""
    for path in pages(place.root):
        for found in FENCE.finditer(path.read_text(encoding="utf-8")):
            yield Block(place.name(path), found["kind"], found["text"], bool(found["mark"]))


def links(place: Place) -> Result:
    """Relative links, pictures and headings that pages point at."""
    findings, count = [], 0
    for path in pages(place.root):
        text = FENCE.sub("", path.read_text(encoding="utf-8"))
        for found in LINK.finditer(re.sub(r"`[^`\n]*`", "", text)):
            target = found[1] or found[2]
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            name, _, anchor = unquote(target).partition("#")
            there = (path.parent / name).resolve() if name else path
            if not there.exists() or not there.is_relative_to(place.root.resolve()):
                findings.append(f"{place.name(path)}: {target} is not there")
            elif anchor and there.suffix == ".md" and anchor not in _anchors(there):
                findings.append(f"{place.name(path)}: {target}: no such heading")
    return judged(f"{count} links on {len(pages(place.root))} pages", findings)


def _anchors(page: Path) -> set[str]:
    """What headings are called in addresses."""
    titles = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def commands(place: Place) -> Result:
    """Every `python -m vgan …` and `make …` of a page names commands and options that there are."""
    asked = [(block.page, line) for block in blocks(place) for line in block.commands]
    mine = [(page, line) for page, line in asked if "-m vgan" in line]
    done = run(
        [place.python, "-m", "vgan.release.options"], place.root, 300, stdin=json.dumps([line for _, line in mine])
    )
    if done.returncode:
        return judged("commands", [f"the commands cannot be listed: {done.stderr.strip()[-300:]}"])
    faults = json.loads(done.stdout)
    findings = [f"{page}: {fault}" for (page, _), fault in zip(mine, faults, strict=True) if fault]
    targets = set(re.findall(r"^([a-z][\w-]*):", (place.root / "Makefile").read_text(encoding="utf-8"), re.M))
    made = [(page, line) for page, line in asked if re.match(r"make\b", line)]
    for page, line in made:
        wanted = [word for word in line.split("#")[0].split()[1:] if "=" not in word and not word.startswith("-")]
        findings += [f"{page}: make has no target {word!r}" for word in wanted if word not in targets]
    return judged(f"{len(mine)} of python -m vgan, {len(made)} of make", findings)
