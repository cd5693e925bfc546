"""What is open to whom: routes that are closed, where a request may come from, and what answers say to browsers."""

import ipaddress
import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from vgan.errors import VganError
from vgan.settings import PROJECT, Settings

API = "/gradio_api"

# Gradio brings these; the app needs none of them. Each begins a path.
CLOSED = (
    "/openapi.json",  # of Gradio's own routes; that of the app's endpoints is under API
    "/monitoring",
    "/pwa_icon",
    f"{API}/app_build",
    f"{API}/component_server",
    f"{API}/custom_component/",
    f"{API}/deep_link",
    f"{API}/dev/",
    f"{API}/file/",  # the old spelling of file=
    f"{API}/file=http:",
    f"{API}/file=https:",
    f"{API}/process_recording",
    f"{API}/profiling",
    f"{API}/proxy=",
    f"{API}/run-history",
    f"{API}/runs",
    f"{API}/stream/",
    f"{API}/token",
    f"{API}/undo-vibe-edit",
    f"{API}/vibe-",
    f"{API}/workflow",
)
# What the login page and its caller need. A path that ends in a slash stands for all below it.
BEFORE_LOGIN = (
    *("/", "/login", "/login/", "/logout", "/static/", "/assets/", "/svelte/", "/theme.css", "/favicon.ico"),
    *(
        "/robots.txt",
        "/manifest.json",
        "/health",
        "/counters",
        "/metrics",
        f"{API}/theme.css",
        f"{API}/startup-events",
        f"{API}/login_check",
    ),
)
MEGABYTE = 1_000_000
UPLOADS_AT_ONCE = 4  # as large as they may be; each is bounded for itself as well
BODIES = (  # (how a path begins, most bytes of a body)
    (f"{API}/mcp", 32 * MEGABYTE),  # files arrive inside of it, as text
    (f"{API}/", 4 * MEGABYTE),
    ("", MEGABYTE // 10),
)
HUB = ("https://huggingface.co", "https://*.huggingface.co", "https://*.hf.space")
HERE = {"localhost"}
_HOST = re.compile(r"[\w.-]*(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")
SHIPPED = PROJECT / "assets"  # the same for everybody


class Refused(VganError):
    """A request that goes no further. status: of HTTP."""

    def __init__(self, status: int, text: str):
        super().__init__(text)
        self.status = status


def check_route(path: str) -> None:
    """Raises Refused for a route that is closed. path: decoded once, as the router sees it."""
    plain = path.lower()
    if any(plain.startswith(start) or plain.rstrip("/") == start.rstrip("/") for start in CLOSED):
        raise Refused(404, "This app has no such address.")
    if "\0" in path:
        raise Refused(400, "The address holds a zero byte.")


def check_host(settings: Settings, headers: Mapping[str, str]) -> None:
    """Raises Refused where the app is asked for under a strange name, as pages that rebind their own one do."""
    host = headers.get("host", "")
    name = _name(host) if _HOST.fullmatch(host) else host
    if settings.public or name in {_name(host) for host in settings.hosts} | HERE or "." not in name:
        return
    if name.endswith(".local") or name == os.environ.get("SPACE_HOST") or _is_address(name):
        return
    raise Refused(421, f"host: {name[:80]!r} is not one of this app's names. Whoever runs it can add it to VGAN_HOSTS.")


def check_origin(settings: Settings, path: str, headers: Mapping[str, str]) -> None:
    """Raises Refused for what a page of another site asks for, unless the settings allow that site."""
    origin = headers.get("origin")
    if origin is not None:
        own = {headers.get("host", ""), headers.get("x-forwarded-host", "").split(",")[0].strip()}
        own |= {os.environ.get("SPACE_HOST", "")}
        if origin not in settings.origins and _place(origin) not in {_place(f"//{host}") for host in own if host}:
            raise Refused(403, f"origin: {origin[:80]!r} may not use this app. VGAN_ORIGINS names the sites that may.")
    elif headers.get("sec-fetch-site") == "cross-site" and (path.startswith(API) or path == "/logout"):
        raise Refused(403, "Another site asked for this. Open the app itself.")


def most_bytes(settings: Settings, path: str) -> int:
    """How long the body of a request may be."""
    if path.startswith(f"{API}/upload"):
        return int(UPLOADS_AT_ONCE * settings.max_upload_mb * MEGABYTE)
    return next(most for start, most in BODIES if path.startswith(start))


def needs_login(path: str) -> bool:
    """Whether a path is for those alone who have come in, where a password is asked for."""
    return not any(
        path == open_ or (len(open_) > 1 and open_.endswith("/") and path.startswith(open_)) for open_ in BEFORE_LOGIN
    )


def headers_of(settings: Settings, path: str) -> dict[str, str]:
    """What every answer says to browsers: to take nothing for a script that is none, to ask no other host for anything,
    to be framed by nobody but the Hub, to keep no visitor's file."""
    frames = ("'self'", *(HUB if settings.public else ()), *settings.origins)
    said = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(), payment=(), usb=(), serial=()",
    }
    if path.startswith(f"{API}/file="):
        return said | {
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; sandbox",
            "Cross-Origin-Resource-Policy": "cross-origin" if settings.origins else "same-origin",
        }
    return said | {
        # Gradio's page is made of inline scripts, and its components of templates that are compiled in the browser
        "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; "
        f"base-uri 'self'; form-action 'self'; frame-ancestors {' '.join(frames)}"
    }


def _place(origin: str) -> tuple[str, int | None]:
    """Host and port of an origin; the usual ports are as good as none."""
    try:
        parts = urlsplit(origin)
        return (parts.hostname or origin).lower(), parts.port if parts.port not in (80, 443) else None
    except ValueError:
        return origin, -1


def _name(host: str) -> str:
    return _place(f"//{host}")[0]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
