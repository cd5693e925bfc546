"""What the package imports is in requirements.txt, so that it runs where nothing else was installed, as on a Space."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Installed for one purpose alone, by a file of their own, and imported only where that purpose is.
EXTRAS = {
    "accelerate": {"vgan/training/parallel.py"},
    "c2pa": {"vgan/share/signing.py"},
    "cryptography": {"vgan/share/signing.py"},
    "playwright": {"vgan/bench_start.py"},
    "spaces": {"app.py", "vgan/ui/zero.py"},  # a Space brings it along
    "ray": {"vgan/batch/ray_engine.py", "vgan/bench_batch.py"},
    "fsspec": {"vgan/batch/place.py"},
    "pyarrow": {"vgan/batch/rows.py"},
}

SERVER = {"httpx", "anyio", "starlette", "uvicorn", "python-multipart", "gradio-client"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named(line: str) -> str:
    found = re.match(r"[A-Za-z0-9_.-]+", line)
    assert found, line
    return canonical(found.group())


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Top-level names of other people's modules, and whether they are imported with the module itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_once = set(map(id, tree.body))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        for name in names:
            root = name.partition(".")[0]
            if root != "vgan" and root not in sys.stdlib_module_names:
                yield root, id(node) in at_once


def listed(name: str) -> set[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {named(line) for line in lines if line and not line.startswith(("#", "-r"))}


def test_every_import_is_required():
    required = listed("requirements.txt")
    # pydantic brings the types of its own bounds and errors.
    required |= {named(line) for line in requires("pydantic") or () if "extra ==" not in line}
    # Gradio brings the server that it runs on, and the client of it; what stands before either must speak its language.
    served = {named(line) for line in requires("gradio") or () if "extra ==" not in line}
    assert served >= SERVER
    required |= SERVER
    distributions = packages_distributions()
    missing = {}
    for path in (ROOT / "app.py", *sorted((ROOT / "vgan").rglob("*.py"))):
        place = path.relative_to(ROOT).as_posix()
        here = required | (listed("requirements-release.txt") if place.startswith("vgan/release/") else set())
        for root, at_once in imported(path):
            known = {canonical(name) for name in distributions.get(root, [root])}
            if not known & here and (at_once or place not in EXTRAS.get(root, ())):
                missing[f"{root} in {place}"] = sorted(known)
    assert not missing
