"""The door of the app: every request is looked at here before Gradio sees it, and every answer on its way out."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import uvicorn.config
from gradio import processing_utils
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vgan.errors import RecipeError
from vgan.settings import Settings
from vgan.ui import arrivals, calls, doors, openapi, sessions
from vgan.ui.doors import API, Refused
from vgan.ui.logins import Logins
from vgan.ui.silence import silent

log = logging.getLogger(__name__)
BODY_SECONDS = 30.0  # in which the next piece of a body must come
SESSIONS_KEPT = 500  # of which Gradio remembers the state: about half a megabyte each
SWEEPS = 600.0  # seconds from one to the next, at most
ANSWERED = "vgan.answered"  # in the scope of a request, once its answer has begun
OPENAPI = f"{API}/openapi.json"
STREAMS = (f"{API}/queue/data", f"{API}/call/")
UPLOADS = {f"{API}/upload", f"{API}/upload/"}


def launch_options(settings: Settings) -> dict[str, Any]:
    """What `gr.Blocks.launch` is to be given, so that the app is served through its door."""
    uvicorn.config.HTTP_PROTOCOLS["auto"] = "vgan.ui.patience:Patient"
    # Gradio fetches the addresses that calls name as files, and has no switch for it.
    processing_utils.async_ssrf_protected_download = _not_fetched
    processing_utils.ssrf_protected_download = _not_fetched_now
    logins = Logins(settings)

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        app.middleware_stack = Guard(app.middleware_stack, app, settings, logins)
        sweeping = asyncio.create_task(_sweep_for_ever(app, settings))
        try:
            with silent(settings):
                yield
        finally:
            sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sweeping

    return {
        "app_kwargs": {"lifespan": lifespan},
        "auth": logins.check if settings.auth else None,
        "mcp_server": not settings.auth,  # it calls the app itself, and knows no password
        "show_error": False,  # our own messages are shown all the same; those of libraries name folders
        "state_session_capacity": SESSIONS_KEPT,
    }


class Guard:
    """ASGI middleware around the whole of Gradio's app."""

    def __init__(self, app: ASGIApp, gradio_app: Any, settings: Settings, logins: Logins):
        self._app, self._gradio, self._settings, self._logins = app, gradio_app, settings, logins
        self._owners = sessions.Owners()
        self._calls: calls.Calls | None = None  # known once the app is whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        who = sessions.visitor(headers.get("cookie", ""))
        send = self._dressed(scope, headers, who, send)
        body = _Body(receive, doors.most_bytes(self._settings, scope["path"]))
        try:
            receive = await self._let_in(scope, headers, who, body)
            if scope["method"] == "POST" and scope["path"] in UPLOADS:
                scope["app"] = self._gradio
                await (await arrivals.take(Request(scope, receive), who))(scope, receive, send)
                return
            if scope["method"] == "POST" and scope["path"].rstrip("/") == "/login":
                send = self._logins.watched(scope, send)
            if scope["method"] == "GET" and scope["path"].rstrip("/") == OPENAPI:
                await self._describe(scope, receive, send)
                return
            await self._app(scope, receive, send)
        except Refused as refused:
            if ANSWERED not in scope:
                close = {} if body.ended else {"Connection": "close"}  # what is still to come is not read
                await JSONResponse({"detail": str(refused)}, refused.status, close)(scope, receive, send)
        except RuntimeError as error:
            # Gradio says in a stream that a session is not there, and then breaks it
            if not (
                ANSWERED in scope and scope["path"].startswith(STREAMS) and isinstance(error.__cause__, HTTPException)
            ):
                raise
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except ClientDisconnect:
            log.debug("a visitor left before %s was read", scope["path"])

    async def _let_in(self, scope: Scope, headers: Headers, who: str, body: "_Body") -> Receive:
        """How the rest of a request is to be read. Raises Refused for one that is not let in."""
        path, query = scope["path"], scope.get("query_string", b"").decode("latin-1")
        doors.check_host(self._settings, headers)
        doors.check_route(path)
        doors.check_origin(self._settings, path, headers)
        if self._settings.auth and doors.needs_login(path):
            self._logins.check_cookie(self._gradio, headers.get("cookie", ""))
        body.check_length(headers.get("content-length", "0"))
        for session in sessions.named(path, query):
            self._owners.check(session, who)
        if scope["method"] == "POST" and path.rstrip("/") == "/login":
            self._logins.check_pace(scope)
        if scope["method"] == "POST" and calls.speaks(path):
            whole = await body.whole()
            called = await anyio.to_thread.run_sync(self._known().check, path, whole)
            if called:
                self._owners.check(called, who)
            return body.again(whole)
        return body

    async def _describe(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gradio's OpenAPI, put right."""
        begun: Message = {}
        parts: list[bytes] = []

        async def collect(message: Message) -> None:
            begun.update(message if message["type"] == "http.response.start" else {})
            parts.append(message.get("body", b""))

        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, collect)
        found = json.loads(b"".join(parts))
        if begun["status"] == 200:
            found = await anyio.to_thread.run_sync(openapi.honest, found, self._known().needed())
        await JSONResponse(found, begun["status"])(scope, receive, send)

    def _known(self) -> calls.Calls:
        if self._calls is None:
            self._calls = calls.Calls(self._gradio.get_blocks())
        return self._calls

    def _dressed(self, scope: Scope, headers: Headers, who: str, send: Send) -> Send:
        """`send` that adds what browsers are to know."""
        path = scope["path"]
        said = doors.headers_of(self._settings, path)
        greets = not who and scope["method"] == "GET" and path in {"/", "/config"}
        secure = scope.get("scheme") == "https" or headers.get("x-forwarded-proto", "").startswith("https")

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                scope[ANSWERED] = True
                answer = MutableHeaders(scope=message)
                for name, value in said.items():
                    answer[name] = value
                if path.startswith((f"{API}/file=", f"{API}/queue", f"{API}/call", f"{API}/run")) and _visitors(path):
                    answer["Cache-Control"] = "private, no-store"
                if greets:
                    answer.append("Set-Cookie", sessions.new_cookie(secure))
                    answer["Cache-Control"] = "private, no-store"
            await send(message)

        return dressed


class _Body:
    """Reads the body of a request, which may neither be long nor take for ever. Raises Refused where it does."""

    def __init__(self, receive: Receive, most: int):
        self._receive, self._most, self._read = receive, most, 0
        self.ended = False

    def check_length(self, said: str) -> None:
        """said: the header Content-Length."""
        if not said.isdecimal() or int(said[:20]) > self._most:
            raise self._too_long()

    async def __call__(self) -> Message:
        if self.ended:  # what comes now is that the visitor left, in its own time
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), BODY_SECONDS)
        except TimeoutError:
            raise Refused(408, f"Nothing of the body came for {BODY_SECONDS:g} s.") from None
        self._read += len(message.get("body", b""))
        self.ended = not message.get("more_body", False)
        if self._read > self._most:
            raise self._too_long()
        return message

    async def whole(self) -> bytes:
        """All of it, in memory."""
        parts: list[bytes] = []
        while not self.ended:
            message = await self()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            parts.append(message.get("body", b""))
        return b"".join(parts)

    def again(self, body: bytes) -> Receive:
        """What reads `body` anew, and then goes on."""
        message: MutableMapping[str, Any] | None = {"type": "http.request", "body": body, "more_body": False}

        async def receive() -> Message:
            nonlocal message
            given, message = message, None
            return given if given is not None else await self._receive()

        return receive

    def _too_long(self) -> Refused:
        return Refused(413, f"The body is longer than {self._most / 1e6:g} MB.")


def _visitors(path: str) -> bool:
    """Whether an answer may hold what is a visitor's own. What ships with the app can be kept by browsers."""
    return str(doors.SHIPPED) not in path


async def _sweep_for_ever(app: Any, settings: Settings) -> None:
    """Delete what is too old, also while nobody is there."""
    keep = settings.keep_hours * 3600
    while True:
        try:
            await anyio.to_thread.run_sync(app.get_blocks().studio.sweep)
            await arrivals.sweep_uploads_of(app, keep)
        except OSError:
            log.exception("old files could not be deleted")
        await asyncio.sleep(min(SWEEPS, max(1.0, keep / 4)))


async def _not_fetched(url: str, cache_dir: str) -> str:
    return _not_fetched_now(url, cache_dir)


def _not_fetched_now(url: str, cache_dir: str) -> str:
    raise RecipeError(f"file: {json.dumps(url[:80])} is an address. Addresses are not fetched: upload the file itself.")
