"""What ships beside the code: weights with cards, licences and hashes; pictures, fonts, examples and their origins."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from vgan.release.licences import ALLOWED, allowed
from vgan.release.result import Place, Result, judged, run, skipped
from vgan.release.versions import front_matter

PICKLES = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
ENDINGS = {".bin", ".ckpt", ".joblib", ".npz", ".pickle", ".pkl", ".pt", ".pth"}
ROWS = """
import json
from dataclasses import asdict
from vgan.zoo import MODELS
print(json.dumps([asdict(spec) for spec in MODELS.values()]))
"""
LONGEST_HEAD = 100_000_000  # bytes of a safetensors header, as the format's own readers bound it


def weights(place: Place) -> Result:
    """Every folder of `weights/` and every row of the zoo: licence, may_sell, hash, strict safetensors, figures."""
    listed = run([place.python, "-c", ROWS], place.root)
    if listed.returncode:
        return judged("the zoo", [f"vgan.zoo cannot be read: {listed.stderr.strip()[-160:]}"])
    rows: list[dict[str, Any]] = json.loads(listed.stdout)
    folders = sorted(path for path in (place.root / "weights").iterdir() if path.is_dir())
    bundled = {row["folder"]: row for row in rows if row["folder"]}
    findings = [
        f"weights/{name}: a row of the zoo, and no folder" for name in bundled.keys() - {p.name for p in folders}
    ]
    for folder in folders:
        findings += [f"weights/{folder.name}: {fault}" for fault in _folder(folder, bundled.get(folder.name))]
    for row in rows:
        findings += [f"zoo: {row['name']}: {fault}" for fault in _row(row)]
    findings += _named(front_matter(place.root / "README.md"), rows)
    return judged(f"{len(folders)} folders, {len(rows)} rows of the zoo", sorted(findings))


def _named(head: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """What README's head tells the Hub to link and to fetch beforehand is what the zoo fetches, to the revision."""
    known = {row["repo_id"]: row for row in rows if row["repo_id"]}
    findings = [f"README.md: models: {name} is none of the zoo" for name in head.get("models", []) if name not in known]
    for line in head.get("preload_from_hub", []):
        name, files, revision = (*str(line).split(), "", "")[:3]
        row = known.get(name)
        if row is None or revision != row["revision"]:
            findings.append(f"README.md: preload_from_hub: {name} {revision} is not what the zoo has")
        elif set(files.split(",")) != {row["file"], "config.json", *row["beside"]}:
            findings.append(f"README.md: preload_from_hub: {name}: {files} are not its files")
    return findings


def _row(row: dict[str, Any]) -> list[str]:
    findings = []
    if not row["licence"]:
        findings.append("says no licence")
    if row["may_sell"] and not allowed(row["licence"]) and row["licence"].startswith(("CC-BY-NC", "cc-by-nc")):
        findings.append(f"may_sell, under {row['licence']}")
    if row["repo_id"] and not re.fullmatch(r"[0-9a-f]{40}", row["revision"]):
        findings.append(f"the revision of {row['repo_id']} is not pinned")
    return findings


def _folder(folder: Path, row: dict[str, Any] | None) -> list[str]:
    card, findings = folder / "README.md", []
    if not card.is_file():
        return ["has no card (README.md)"]
    licence = str(front_matter(card).get("license", ""))
    if not allowed(licence):
        findings.append(f"its card says licence {licence or 'none'}")
    if row and row["licence"].lower() != licence.lower():
        findings.append(f"its card says {licence}, the zoo {row['licence']}")
    if row and row["may_sell"] is not True:
        findings.append("ships with the app, and clips made with it may not be sold")
    if not re.search(r"^\|.*\d.*\|$", card.read_text(encoding="utf-8"), re.M):
        findings.append("its card has no table with figures")
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        findings.append("has no safetensors file")
    for path in files:
        findings += [f"{path.name}: {fault}" for fault in [strict(path)] if fault]
        if row and path.name == row["file"] and row["sha256"] and row["sha256"] != _sha256(path):
            findings.append(f"{path.name}: its sha256 is not the one of the zoo")
    return findings


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def strict(path: Path) -> str:
    """What is wrong with a safetensors file; empty where its header tells of all its bytes, and of no others."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(LONGEST_HEAD, size - 8):
            return "is no safetensors file"
        try:
            head = json.loads(file.read(length))
            spans = sorted(entry["data_offsets"] for name, entry in head.items() if name != "__metadata__")
        except (ValueError, KeyError, TypeError, AttributeError):
            return "its header cannot be read"
    ends = [0, *(end for _, end in spans)]
    if [begin for begin, _ in spans] != ends[:-1] or ends[-1] != size - 8 - length:
        return "its tensors do not fill the file"
    return ""


def pickles(place: Place) -> Result:
    """No file of the commit is read as code when it is loaded as weights."""
    findings = []
    for path in place.tracked:
        with path.open("rb") as file:
            start = file.read(4096)
        if path.suffix.lower() in ENDINGS:
            findings.append(f"{place.name(path)}: a file of a kind that holds pickles")
        elif start.startswith(PICKLES) or (start.startswith(b"PK\x03\x04") and b"data.pkl" in start):
            findings.append(f"{place.name(path)}: holds a pickle")
    return judged(f"{len(place.tracked)} files", findings)


def assets(place: Place) -> Result:
    """Every folder of `assets/` with pictures, clips or fonts says where they are from and under what licence."""
    root, findings = place.root / "assets", []
    if not root.is_dir():
        return skipped("there is no folder assets/")
    about = root / "README.md"
    rows = dict(
        re.findall(r"^\| `([\w-]+)/` \|(.*)\|$", about.read_text(encoding="utf-8"), re.M) if about.is_file() else []
    )
    folders = sorted(path for path in root.iterdir() if path.is_dir())
    for folder in folders:
        said = {word for word in re.findall(r"[A-Za-z0-9.-]+", rows.get(folder.name, "")) if word in ALLOWED}
        if not said:
            findings.append(f"{place.name(folder)}: assets/README.md does not say under what licence its files are")
    return judged(f"{len(folders)} folders", findings)
