"""Versions that must agree: of the project, of Gradio on a Space, of Python; and what requirements allow."""

import re
import tomllib
from pathlib import Path
from typing import Any

from huggingface_hub import metadata_load
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from vgan.release.result import Place, Result, judged, run

SHORT = 60  # most characters of a Space's short description
PLAIN = re.compile(r'__version__ = "([^"]+)"')


def check(place: Place) -> Result:
    """The versions of `place`, and the head of its README."""
    project = tomllib.loads((place.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = PLAIN.search((place.root / "vgan" / "__init__.py").read_text(encoding="utf-8"))
    version = found.group(1) if found else "none"
    findings = []
    if version != project["version"]:
        findings.append(f"vgan.__version__ is {version}, pyproject.toml says {project['version']}")
    findings += _head(place, project) + _requirements(place) + _log(place, project["version"])
    return judged(f"version {project['version']}, README's head, {len(_files(place))} requirements files", findings)


def front_matter(path: Path) -> dict[str, Any]:
    """The YAML between the two lines of dashes that a page begins with; empty where there is none."""
    return metadata_load(path) or {}


def _head(place: Place, project: dict[str, Any]) -> list[str]:
    head, findings = front_matter(place.root / "README.md"), []
    for key in ("title", "sdk", "sdk_version", "python_version", "app_file", "license", "short_description"):
        if not head.get(key):
            findings.append(f"README.md: its head has no {key}")
    if findings:
        return findings
    allowed = next(one.specifier for one in requirements(place.root / "requirements.txt") if one.name == "gradio")
    if str(head["sdk_version"]) not in allowed:
        findings.append(f"README.md: sdk_version {head['sdk_version']} is outside of requirements.txt's {allowed}")
    if f"{head['python_version']}.0" not in SpecifierSet(project["requires-python"]):
        findings.append(f"README.md: python_version {head['python_version']} is not {project['requires-python']}")
    if str(head["license"]).lower() != project["license"].lower():
        findings.append(f"README.md: license {head['license']} is not pyproject.toml's {project['license']}")
    if not (place.root / str(head["app_file"])).is_file():
        findings.append(f"README.md: app_file {head['app_file']} is not there")
    if len(str(head["short_description"])) > SHORT:
        findings.append(f"README.md: short_description is longer than {SHORT} characters")
    return findings


def requirements(path: Path) -> list[Requirement]:
    """What a requirements file asks for itself. Raises ValueError for a line that says nothing."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-r")]


def _requirements(place: Place) -> list[str]:
    """Every requirement has a lower bound; two files never contradict each other; what is installed is allowed."""
    findings, seen, lowest = [], dict[str, SpecifierSet](), dict[str, Version]()
    code = "from importlib.metadata import distributions as d; [print(x.metadata['Name'], x.version) for x in d()]"
    installed = dict(line.split() for line in run([place.python, "-c", code], place.root).stdout.splitlines())
    for path in _files(place):
        for one in requirements(path):
            specs = [spec for spec in one.specifier if spec.operator in (">=", "==", "~=")]
            bounds = [Version(spec.version.removesuffix(".*")) for spec in specs]
            if not bounds:
                findings.append(f"{path.name}: {one.name} has no lower bound")
                continue
            lowest[one.name] = max([*bounds, lowest.get(one.name, Version("0"))])
            both = seen.get(one.name, SpecifierSet()) & one.specifier
            if not both.contains(lowest[one.name], prereleases=True):
                findings.append(f"{path.name}: {one} contradicts {one.name}{seen[one.name]}")
            seen[one.name] = both
            have = installed.get(one.name)
            if path.name == "requirements.txt" and have and not one.specifier.contains(have, prereleases=True):
                findings.append(f"{path.name}: {one.name} {have} is installed, {one.specifier} is asked for")
    return findings


def _files(place: Place) -> list[Path]:
    return sorted(place.root.glob("requirements*.txt"))


def _log(place: Place, version: str) -> list[str]:
    """The newest heading of CHANGELOG.md is this version; a tag of it is on this commit and nowhere else."""
    findings, path = [], place.root / "CHANGELOG.md"
    headings = re.findall(r"^## v?(\S+)", path.read_text(encoding="utf-8"), re.M) if path.is_file() else []
    if not headings or headings[0] != version:
        findings.append(f"CHANGELOG.md: its first heading is not {version}")
    tags = run(["git", "tag", "--list", "v*"], place.root).stdout.split()
    here = run(["git", "tag", "--points-at", "HEAD"], place.root).stdout.split()
    newest = max((Version(tag[1:]) for tag in tags if re.fullmatch(r"v\d+(\.\d+)*", tag)), default=None)
    if f"v{version}" in tags and f"v{version}" not in here:
        findings.append(f"v{version} was released from another commit: count the version up")
    elif newest and Version(version) < newest:
        findings.append(f"{version} is older than {newest}, which was released")
    return findings
