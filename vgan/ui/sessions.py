"""Whose session a request speaks of: the first browser that uses a session's name keeps it for itself."""

import hashlib
import re
import secrets
import threading
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from vgan.ui.doors import API, Refused

COOKIE = "vgan-visitor"
MOST = 20_000  # sessions whose owners are remembered
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def visitor(cookies: str) -> str:
    """The secret that a browser carries, empty for one that carries none. cookies: the header."""
    try:
        found = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found and _TOKEN.fullmatch(found.value) else ""


def new_cookie(secure: bool) -> str:
    """A header that gives a browser its secret. In a frame of another site it needs a place of its own there."""
    rest = "Secure; SameSite=None; Partitioned" if secure else "SameSite=Lax"
    return f"{COOKIE}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; {rest}"


def named(path: str, query: str) -> list[str]:
    """The sessions that an address speaks of. Raises Refused for one that cannot be read."""
    names = parse_qs(query).get("session_hash", []) if "session_hash" in query else []
    start = f"{API}/heartbeat/"
    return [checked(name) for name in (*names, *([path.removeprefix(start)] if path.startswith(start) else []))]


class Owners:
    """Which visitor a session belongs to. Those that were not used for the longest time are forgotten."""

    def __init__(self, most: int = MOST):
        self._owners: OrderedDict[str, bytes] = OrderedDict()
        self._most, self._lock = most, threading.Lock()

    def check(self, session: str, who: str) -> None:
        """Raises Refused where `session` is another visitor's. who: the secret of the one who asks, or empty."""
        digest = hashlib.sha256(who.encode()).digest()
        with self._lock:
            owner = self._owners.setdefault(session, digest)
            self._owners.move_to_end(session)
            while len(self._owners) > self._most:
                self._owners.popitem(last=False)
        if not secrets.compare_digest(owner, digest):
            raise Refused(403, "session_hash: this session is another visitor's. Reload the page.")


def checked(name: Any) -> str:
    """A session's name. Raises Refused for what is none."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise Refused(422, "session_hash: must be 1 to 64 letters, digits, - and _.")
    return name
