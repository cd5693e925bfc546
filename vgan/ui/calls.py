"""Calls of the app's functions: what Gradio would stumble over is refused here, and told what is wrong with it."""

import json
from typing import Any

from vgan.errors import RecipeError
from vgan.ui import sessions
from vgan.ui.doors import API, Refused
from vgan.ui.uploads import check_file

DEEPEST = 100  # lists and objects inside each other
_JOIN, _NAMED = f"{API}/queue/join", f"{API}/call/v2/"
_BY_NAME = (f"{API}/run/", f"{API}/api/", f"{API}/call/")
_OTHERS = (f"{API}/cancel", f"{API}/reset")


def speaks(path: str) -> bool:
    """Whether the body of a request to `path` is JSON that calls something."""
    return path.startswith((_JOIN, *_BY_NAME, *_OTHERS))


class Calls:
    """What can be called. blocks: Gradio's, with all its functions."""

    def __init__(self, blocks: Any):
        self._functions = blocks.fns
        self._by_name = {made.api_name: made for made in blocks.fns.values()}
        self._endpoints = {
            name.lstrip("/"): {one["parameter_name"]: one for one in known["parameters"]}
            for name, known in blocks.get_api_info()["named_endpoints"].items()
        }

    def check(self, path: str, body: bytes) -> str | None:
        """The session that a call speaks of, if it names one. Raises Refused for what is no call of this app."""
        asked = _read(body)
        if path.startswith(_NAMED):
            self._check_named(path.removeprefix(_NAMED).strip("/"), asked)
        elif not path.startswith(_OTHERS):
            self._check_listed(path, asked)
        session = asked.get("session_hash")
        return None if session is None or path.startswith(_NAMED) else sessions.checked(session)

    def needed(self) -> dict[str, list[str]]:
        """The arguments that each endpoint cannot do without."""
        return {
            name: [field for field, one in known.items() if not one.get("parameter_has_default")]
            for name, known in self._endpoints.items()
        }

    def _check_named(self, name: str, asked: dict[str, Any]) -> None:
        """A call that names its arguments."""
        if name not in self._endpoints:
            raise Refused(404, f"{name[:40]!r} is none of this app. There are: {', '.join(self._endpoints)}.")
        known = self._endpoints[name]
        if strange := asked.keys() - known.keys() - {"oauth_token"}:
            raise Refused(422, f"{min(strange)[:40]!r} is not known. Allowed: {', '.join(known)}.")
        if missing := [field for field in self.needed()[name] if field not in asked]:
            raise Refused(422, f"{missing[0]}: this is needed.")

    def _check_listed(self, path: str, asked: dict[str, Any]) -> None:
        """A call that lists its arguments."""
        number = asked.get("fn_index")
        if number is None and path.startswith(_BY_NAME):
            name = path.rstrip("/").rpartition("/")[2]
            made = self._by_name.get(name)
            if made is None:
                raise Refused(404, f"{name[:40]!r} is none of this app. There are: {', '.join(self._endpoints)}.")
        elif isinstance(number, bool) or not isinstance(number, int) or number not in self._functions:
            raise Refused(404, f"fn_index: {str(number)[:40]} is none of this app.")
        else:
            made = self._functions[number]
        if made.api_name not in self._endpoints and asked.get("session_hash") is None:
            raise Refused(422, "session_hash: this is needed: the page's own events belong to a page.")
        data = asked.get("data")
        if not isinstance(data, list):
            raise Refused(422, "data: must be a list of the arguments.")
        most, least = len(made.inputs), sum(not one.skip_api for one in made.inputs)
        if not made.cancels and len(data) not in {most, least}:
            names = ", ".join(self._endpoints.get(made.api_name, ())) or most
            raise Refused(
                422, f"data: {most} values are expected ({names}), {len(data)} came. Null stands for a default."
            )


def _read(body: bytes) -> dict[str, Any]:
    """Raises Refused for a body that is no object of plain JSON, or names a file that is none of the app's."""
    try:
        asked = json.loads(body)
        if b"\\ud" in body.lower():  # half of a character: answers that repeat it could not be sent
            json.dumps(asked, ensure_ascii=False).encode()
    except RecursionError:
        raise Refused(400, f"The body has more than {DEEPEST} lists inside each other.") from None
    except UnicodeEncodeError:
        raise Refused(400, "The body holds half of a character.") from None
    except ValueError:
        raise Refused(400, "The body is not JSON in UTF-8.") from None
    if not isinstance(asked, dict):
        raise Refused(422, "The body must be a JSON object.")
    _check_parts(asked)
    return asked


def _check_parts(asked: Any) -> None:
    """Raises Refused for too deep a nest, and for files that are none of the app's: the same words for files that are
    there, files that are not, and addresses."""
    layer, depth = [asked], 0
    while layer:
        depth += 1
        if depth > DEEPEST:
            raise Refused(400, f"The body has more than {DEEPEST} lists inside each other.")
        for part in layer:
            if isinstance(part, dict) and isinstance(part.get("meta"), dict) and "_type" in part["meta"]:
                _check_file(part.get("path"))
        inside = (part.values() if isinstance(part, dict) else part for part in layer)
        layer = [part for parts in inside for part in parts if isinstance(part, dict | list)]


def _check_file(path: Any) -> None:
    if path is None:
        return
    try:
        check_file("file", str(path))
    except RecipeError as error:
        raise Refused(422, str(error)) from error
