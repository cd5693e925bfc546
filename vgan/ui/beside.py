"""What is served beside the page: `/health` for whoever watches the app, `/counters` and `/metrics` for its host."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import timedelta
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from vgan.settings import PROJECT, Settings
from vgan.ui.counters import Counters
from vgan.ui.health import Health
from vgan.ui.i18n_counters import counter_words

PAGE = Path(__file__).resolve().parent / "web" / "counters.html"
THEME = PROJECT / "assets" / "theme.css"
PLAIN = "text/plain; version=0.0.4; charset=utf-8"  # as Prometheus reads it
GROUPS = {  # a heading, and what stands under it
    "works": ("renders", "cancelled", "refused", "failed", "previews", "refusals", "errors", "files"),
    "device": ("line", "waited", "took", "drew", "busy"),
    "machine": ("uptime", "memory", "disk", "swept"),
}


def routes(settings: Settings, health: Health, counters: Counters) -> list[Route]:
    """For `gr.Blocks.launch(app_kwargs={"routes": ...})`: these come before Gradio's own, which answer any address."""

    async def say_health(request: Request) -> Response:
        report = health.report()
        fresh = {"Cache-Control": "no-store"}
        return JSONResponse(report, 200 if report["status"] == "ok" else 503, headers=fresh)

    async def say_metrics(request: Request) -> Response:
        return refused(settings, request.headers) or Response(counters.text(), media_type=PLAIN)

    async def show_counters(request: Request) -> Response:
        return refused(settings, request.headers) or HTMLResponse(
            page(counters.values(), request.headers.get("accept-language", "")), headers={"Cache-Control": "no-store"}
        )

    return [
        Route("/health", say_health, include_in_schema=False),
        Route("/metrics", say_metrics, include_in_schema=False),
        Route("/counters", show_counters, include_in_schema=False),
    ]


def refused(settings: Settings, headers: Mapping[str, str]) -> Response | None:
    """The answer to who may not see the counters; None for who may: whoever brings the token and, where none is set,
    everybody who reaches an app that is neither public nor has passwords."""
    if not settings.counters_token:
        if settings.public or settings.auth:
            return JSONResponse({"detail": "This app has no such address."}, 404)
        return None
    if hmac.compare_digest(_token(headers.get("authorization", "")).encode(), settings.counters_token.encode()):
        return None
    ask = {"WWW-Authenticate": 'Basic realm="counters: any name, and the token as the password", charset="UTF-8"'}
    return JSONResponse({"detail": "The token is needed."}, 401, headers=ask)


def _token(header: str) -> str:
    """What `Authorization: Bearer TOKEN` says, or Basic with it as the password, as browsers ask for it."""
    kind, _, said = header.partition(" ")
    if kind.lower() == "bearer":
        return said.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(said.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def page(found: Mapping[str, float], language: str) -> str:
    """The page of counters. found: `Counters.values`; language: the browser's header."""
    words, shown = counter_words(language), _shown(found)
    groups = "".join(
        f"<h2>{escape(words[group])}</h2><dl>"
        + "".join(f"<div><dt>{escape(words[name])}</dt><dd id={name}>{shown[name]}</dd></div>" for name in names)
        + "</dl>"
        for group, names in GROUPS.items()
    )
    template = Template(PAGE.read_text(encoding="utf-8"))
    return template.substitute(words, groups=groups, theme=THEME.read_text(encoding="utf-8"))


def _shown(found: Mapping[str, float]) -> dict[str, str]:
    def value(name: str) -> float:
        return found.get(f"vgan_{name}", 0.0)

    def ended(*outcomes: str) -> float:
        return sum(value(f"works_total {outcome}") for outcome in outcomes)

    def mean(name: str) -> str:
        count = value(f"{name}_count")
        return f"{value(f'{name}_sum') / count:.2f}" if count else "0"

    numbers: dict[str, Any] = {
        "renders": ended("done"),
        "cancelled": ended("cancelled", "paused", "left"),
        "refused": ended("refused", "full"),
        "failed": ended("failed"),
        "previews": value("previews_total"),
        "refusals": value("refusals_total"),
        "errors": value("errors_total"),
        "files": value("files_total"),
        "busy": value("device_seconds_total"),
        "line": value("line"),
        "memory": value("memory_bytes") / 1e6,
        "swept": value("swept_total"),
    }
    return {name: f"{number:,.0f}" for name, number in numbers.items()} | {
        "took": mean("work_seconds"),
        "waited": mean("wait_seconds"),
        "drew": mean("preview_seconds"),
        "disk": f"{value('disk_free_bytes') / 1e9:.1f}",
        "uptime": str(timedelta(seconds=int(value("uptime_seconds")))),
    }
