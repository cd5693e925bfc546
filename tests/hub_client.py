"""The app's side of the Hub tests, in a process of its own: the real client reads HF_ENDPOINT when it is imported.

Started with `python tests/hub_client.py`; reads one JSON request a line and answers with one JSON line.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from vgan import hub
from vgan.cli_models import models_app
from vgan.cli_styles import styles_app
from vgan.errors import Cancelled, VganError
from vgan.settings import Settings
from vgan.zoo import ModelSpec


def fetch(request: dict[str, Any]) -> dict[str, Any]:
    """`hub.fetch` with a spec and settings from JSON; `cancel`: the person stops at the first sign of progress."""
    progress: list[tuple[int, int]] = []

    def on_progress(done: int, total: int) -> None:
        progress.append((done, total))
        if request.get("cancel"):
            raise Cancelled("stopped")

    settings = request.get("settings", {})
    if "weights" in settings:
        settings["weights"] = Path(settings["weights"])
    settings["allowed_repos"] = tuple(settings.get("allowed_repos", ()))
    try:
        spec = ModelSpec(**{"title": "", "licence": "", "may_sell": False, **request["spec"]})
        files = hub.fetch(spec, Settings(**settings), on_progress, refresh=request.get("refresh", False))
    except VganError as error:
        return {"error": type(error).__name__, "message": str(error)}
    return {"weights": str(files.weights), "config": str(files.config), "origin": files.origin, "progress": progress}


def command(request: dict[str, Any]) -> dict[str, Any]:
    """`python -m vgan models ...` (or `styles ...`), with what it printed and its exit code."""
    app = {"models": models_app, "styles": styles_app}[request.get("app", "models")]
    result = CliRunner().invoke(app, request["args"])
    crash = None if result.exception is None or isinstance(result.exception, SystemExit) else repr(result.exception)
    return {"code": result.exit_code, "output": result.output, "crash": crash}


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        environment = request.pop("environment", {})
        os.environ.update(environment)
        answer = command(request) if "args" in request else fetch(request)
        for name in environment:
            del os.environ[name]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
