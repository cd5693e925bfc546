"""The app where there is only what a Space gives: user 1000, read-only code, a home, port 7860, no git, no network."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("app.py", "vgan", "assets", "weights")
# As root in namespaces of its own: $1 what was unpacked, $2 the packages, $3 the interpreter, $4 what is closed above.
PREPARED = """
set -e
exec 2>&1
base=$1 prefix=$2 python=$3 closed=$4
mount --bind "$prefix" "$base/venv" && mount -o remount,bind,ro "$base/venv"
mount --bind "$python" "$base/python"
if [ -n "$closed" ]; then  # a folder on the way to the interpreter that other users may not enter
  mount -t tmpfs -o mode=755 none "$closed" && mkdir -p "$python" && mount --bind "$base/python" "$python"
fi
mount --bind "$base/code" "$base/code" && mount -o remount,bind,ro "$base/code"
mount -t tmpfs -o mode=1777 none /tmp
"$base/venv/bin/python" -c 'import fcntl, socket, struct
with socket.socket() as s: fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 1 | 64))  # SIOCSIFFLAGS: up, running'
cd "$base/code"
exec setpriv --reuid 1000 --regid 1000 --clear-groups env -i \
  HOME="$base/home" PATH="$base/venv/bin" SPACE_ID=me/studio python "$base/driver.py" "$base/code"
"""


def refusal() -> str:
    """Why this cannot be tried here, empty where it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root on Linux can become another user"
    if missing := [name for name in ("unshare", "setpriv", "mount") if not shutil.which(name)]:
        return f"not installed: {', '.join(missing)} (util-linux)"
    tried = subprocess.run(["unshare", "-mn", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True)
    return f"no namespaces here: {tried.stderr.strip()[:120]}" if tried.returncode else ""


@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    """What is unpacked: the code as root's, an empty home as user 1000's."""
    if reason := refusal():
        pytest.skip(reason)
    base = Path(tempfile.mkdtemp(prefix="vgan-space-", dir="/var/tmp"))
    base.chmod(0o755)
    for name in ("code", "home", "venv", "python"):
        (base / name).mkdir()
    os.chown(base / "home", 1000, 1000)
    for name in CODE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, base / "code" / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, base / "code" / name)
    shutil.copy(ROOT / "tests" / "space_driver.py", base / "driver.py")
    yield base
    shutil.rmtree(base)


@pytest.fixture(scope="module")
def seen(base: Path) -> dict[str, Any]:
    """What the driver saw."""
    folders = [Path(sys.base_prefix), *Path(sys.base_prefix).parents]
    closed = [str(folder) for folder in folders if not folder.stat().st_mode & 0o001]
    command = ["unshare", "-mn", "sh", "-c", PREPARED, "space", str(base), sys.prefix, sys.base_prefix]
    command.append(closed[-1] if closed else "")
    done = subprocess.run(command, capture_output=True, text=True, timeout=235, check=False)
    assert done.stdout.strip(), done
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    assert "page" in found, found.get("log")
    return found


def test_it_starts_as_nobody_in_particular(seen: dict[str, Any]) -> None:
    assert (seen["user"], seen["writable"], seen["page"]) == (1000, False, 200)
    health = seen["health"]
    assert (health["status"], health["faults"], health["weights"]) == ("ok", [], True)
    assert health["memory_bytes"] > 50e6
    assert health["commit"] is None  # no checkout


def test_previews_renders_uploads_and_words(seen: dict[str, Any]) -> None:
    assert seen["preview"] == 16
    assert set(seen["files"]) == {"mp4", "webm", "gif", "webp", "png"}
    for size, said in seen["files"].values():
        assert size == said > 1000
    assert seen["restyled"] >= 4
    assert seen["models"] > 10
    assert seen["health_after"] == "ok"


def test_the_log_is_json_and_holds_no_fault(seen: dict[str, Any]) -> None:
    lines = [json.loads(line) for line in seen["log"].splitlines()]
    assert not [line for line in lines if line["level"] not in ("INFO", "DEBUG")]
    events = [line["event"] for line in lines if "event" in line]
    assert events.count("render") >= 6
    assert "sailing" not in seen["log"]  # names of files are the visitors' own
    assert "127.0.0.1" not in "".join(json.dumps(line) for line in lines if "event" in line)


def test_it_ends_at_once_in_the_middle_of_a_render_and_leaves_nothing(seen: dict[str, Any]) -> None:
    assert seen["exit"] == 0
    assert seen["left"] == []
    last = [json.loads(line) for line in seen["log"].splitlines()][-1]
    assert last["message"] == "the app ends" or last.get("outcome") in ("cancelled", "left")
