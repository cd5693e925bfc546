"""Run by `test_space_user.py` as an unprivileged user: starts the app as a Space does, uses it, ends it, and says as
one JSON object what was seen."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

ADDRESS = "http://127.0.0.1:7860"
FORMATS = ("mp4", "webm", "gif", "webp", "png")
STARTED_WITHIN = 190


def ask(path: str) -> tuple[int, str]:
    with urllib.request.urlopen(ADDRESS + path, timeout=30) as answer:
        return answer.status, answer.read().decode()


def main(code: Path) -> dict[str, Any]:
    log = Path.home() / "log"
    with log.open("w") as out:
        app = subprocess.Popen([sys.executable, "app.py"], cwd=code, stdout=subprocess.DEVNULL, stderr=out)
    seen: dict[str, Any] = {"user": os.getuid(), "writable": os.access(code / "vgan", os.W_OK)}
    try:
        end = time.monotonic() + STARTED_WITHIN
        while True:
            try:
                seen["health"] = json.loads(ask("/health")[1])
                break
            except OSError:
                if app.poll() is not None or time.monotonic() > end:
                    return seen | {"log": log.read_text()[-3000:]}
                time.sleep(0.2)
        seen["page"] = ask("/")[0]
        seen |= use(code)
        with urllib.request.urlopen(f"{ADDRESS}/health", timeout=30) as answer:
            seen["health_after"] = json.load(answer)["status"]
    finally:
        app.send_signal(signal.SIGTERM)
        seen["exit"] = app.wait(60)
    seen["log"] = log.read_text()
    seen["left"] = [str(path) for path in Path("/tmp").rglob(".vgan-*.part")]
    return seen


def use(code: Path) -> dict[str, Any]:
    from gradio_client import Client, handle_file

    client = Client(ADDRESS, verbose=False, download_files=str(Path.home() / "got"))
    seen: dict[str, Any] = {"preview": client.predict({}, api_name="/preview")["frames"], "files": {}}
    small = {"source": {"kind": "generate", "look": "silk", "seconds": 1}}
    words = {"overlays": [{"kind": "captions", "cues": [{"start": 0, "end": 1, "text": "Hello 你好"}]}]}
    for name in FORMATS:
        share = {"share": {"format": name, "short_side": 144, "fps": 12}}
        file, facts = client.predict({**small, **share, **words}, api_name="/render")
        seen["files"][name] = [Path(file).stat().st_size, facts["bytes"]]
    clip = handle_file(str(code / "assets" / "examples" / "sailing.mp4"))
    asked = {"source": {"kind": "upload", "start": 0, "end": 0.2}, "steps": [{"kind": "stylize", "style": "udnie"}]}
    seen["restyled"] = client.predict(asked, clip, api_name="/render")[1]["frames"]
    seen["models"] = len(client.predict(api_name="/models"))
    client.submit(
        {"source": {"kind": "generate", "seconds": 8, "loops": 12}}, api_name="/render"
    )  # ended in its middle
    time.sleep(2)
    return seen


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
    sys.stdout.flush()
    os._exit(0)  # the client would wait for the render that was cut off
