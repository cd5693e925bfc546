"""Checks by tools that are fetched for them: known vulnerabilities, and the list of what is inside (SBOM)."""

import json
import shutil
import sys
from pathlib import Path

from vgan.release.result import Place, Result, judged, run, skipped

SECONDS = 240
SITE = "import sysconfig; print(sysconfig.get_paths()['purelib'])"


def vulnerabilities(place: Place) -> Result:
    """What PyPI's advisories say of the packages that are installed. Whatever could not be asked about is not `ok`."""
    site = run([place.python, "-c", SITE], place.root).stdout.strip()
    command = ["pip-audit", "--path", site, "--format", "json", "--progress-spinner", "off"]
    done = run([*_uvx("pip-audit"), *command], place.root, SECONDS)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return skipped(f"pip-audit did not answer: {_last(done.stderr)}")
    asked = [one for one in packages if "skip_reason" not in one]
    if not asked:
        return skipped(f"no advisories can be reached from here, for none of {len(packages)} packages")
    findings = [
        f"{one['name']} {one['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'none yet'}"
        for one in asked
        for found in one["vulns"]
    ]
    return judged(f"{len(asked)} of {len(packages)} packages known to the advisories", findings)


def sbom(place: Place) -> Result:
    """A CycloneDX list of every package, in `place.out`."""
    out = place.out / "sbom.cdx.json"
    command = ["cyclonedx-py", "environment", place.python, "--pyproject", place.root / "pyproject.toml"]
    command += ["--output-format", "JSON", "--output-file", out]
    done = run([*_uvx("cyclonedx-bom"), *map(str, command)], place.root, SECONDS)
    try:
        listed = json.loads(out.read_text(encoding="utf-8"))["components"]
    except (OSError, ValueError, KeyError):
        return skipped(f"cyclonedx-bom could not be fetched, or failed: {_last(done.stderr)}")
    there = run(
        [place.python, "-c", "from importlib.metadata import distributions as d; print(len(list(d())))"], place.root
    )
    short = len(listed) < int(there.stdout or 0)
    return judged(f"{len(listed)} packages, {out}", [f"{there.stdout.strip()} packages are installed"] if short else [])


def _uvx(package: str) -> list[str]:
    """How a tool of `package` is run without installing it anywhere: by uv, of this environment or of the system."""
    beside = Path(sys.executable).parent / "uv"
    return [
        str(beside if beside.is_file() else shutil.which("uv") or "uv"),
        "tool",
        "run",
        "--quiet",
        "--from",
        package,
    ]


def _last(text: str) -> str:
    """The last line of what a tool complained about."""
    return next((line.strip()[:160] for line in reversed(text.splitlines()) if line.strip()), "it said nothing")
