"""Passwords, where the host asks for them."""

import hmac
import threading
import time
from collections import deque
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Message, Scope, Send

from vgan.errors import RecipeError
from vgan.settings import Settings
from vgan.ui.doors import Refused
from vgan.ui.visitors import address_of

WRONG_EACH, WRONG_ALL, SECONDS = 5, 100, 60.0  # wrong passwords from one address, and from all, in so many seconds


class Logins:
    """Who may come in, by `Settings.auth`. Raises RecipeError for an entry that is no pair."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._passwords: dict[str, str] = {}
        for number, pair in enumerate(settings.auth, 1):
            user, colon, password = pair.partition(":")
            if not (user and colon and password):
                raise RecipeError(f"VGAN_AUTH: number {number} is no user:password.")
            self._passwords[user] = password
        self._wrong: deque[tuple[float, str]] = deque()
        self._lock = threading.Lock()

    def check(self, user: str, password: str) -> bool:
        """Whether they belong together. Takes as long for a user that there is as for others."""
        right = self._passwords.get(user, "")
        return hmac.compare_digest(right.encode(), password.encode()) and bool(right)

    def check_cookie(self, app: Any, cookies: str) -> None:
        """Raises Refused unless Gradio's `app` knows the token in the header."""
        try:
            found = SimpleCookie(cookies)
        except CookieError:
            found = SimpleCookie()
        names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
        if not any(found[name].value in app.tokens for name in names if name in found):
            raise Refused(401, "Log in first.")

    def check_pace(self, scope: Scope) -> None:
        """Raises Refused where too many wrong passwords were tried lately."""
        with self._lock:
            while self._wrong and self._wrong[0][0] < time.monotonic() - SECONDS:
                self._wrong.popleft()
            mine = sum(address == self._address(scope) for _, address in self._wrong)
            if mine >= WRONG_EACH or len(self._wrong) >= WRONG_ALL:
                raise Refused(429, "Too many wrong passwords. Try again in a minute.")

    def watched(self, scope: Scope, send: Send) -> Send:
        """`send` that counts answers to wrong passwords."""

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 400:
                with self._lock:
                    self._wrong.append((time.monotonic(), self._address(scope)))
            await send(message)

        return watched

    def _address(self, scope: Scope) -> str:
        told = [one.strip() for one in Headers(scope=scope).get("x-forwarded-for", "").split(",") if one.strip()]
        peer = str((scope.get("client") or ("",))[0])
        return address_of(peer, told, self._settings.proxies, self._settings.space)
