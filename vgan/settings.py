"""What the person who hosts the app decides, read once from the environment."""

import math
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from vgan.errors import RecipeError

PROJECT = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def _path(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


def _strangers() -> bool:
    return _flag("VGAN_PUBLIC") or "SPACE_ID" in os.environ


def _number(name: str, usual: float) -> float:
    """A number of the environment, from 0 on; `usual` where there is none."""
    said = os.environ.get(name)
    try:
        number = float(said or usual)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise RecipeError(f"{name}: {str(said)[:80]!r} is no number from 0 on.")
    return number


def _limit(name: str, here: float, strangers: float) -> float:
    """A number of the environment; else one for the host's own machine, and a stricter one for strangers."""
    return _number(name, strangers if _strangers() else here)


def _names(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in os.environ.get(name, "").split(",") if part.strip())


@dataclass(frozen=True)
class Settings:
    """Settings of one process.

    offline: never ask the Hub (`VGAN_OFFLINE=1`).
    public: for strangers (`VGAN_PUBLIC=1`, or a Hugging Face Space): the Hub repositories that can be named are
        then limited to `allowed_repos`.
    allowed_repos: `owner/name` that visitors may load (`VGAN_ALLOWED_REPOS`, comma separated).
    device: `auto`, `cpu` or `cuda` (`VGAN_DEVICE`).
    quick: looks are drawn by a smaller network, faster and nearly as well (`VGAN_QUICK=1`).
    weights: folder with the bundled weights.
    looks: folder with looks that were trained here, a folder each (`VGAN_LOOKS`).
    outputs: folder for finished clips (`VGAN_OUTPUTS`).
    space: on a Hugging Face Space, where private addresses before the app are proxies, too.
    proxies: reverse proxies in front of the app, whose X-Forwarded-For tells who asks (`VGAN_PROXIES`; 1 on a Space,
        else 0: then the header is not believed).
    Limits, whose second default holds for strangers:
    max_pixels: of a frame of an upload (`VGAN_MAX_PIXELS`; 4096 x 2304, the same).
    max_seconds: of the part of an upload that is used (`VGAN_MAX_SECONDS`; 600, 120).
    max_clip_pixels: of all frames of a clip that is made together (`VGAN_MAX_CLIP_PIXELS`; 200e9, 4e9).
    max_upload_mb: of an uploaded file, megabytes (`VGAN_MAX_UPLOAD_MB`; 2000, 200).
    renders_an_hour: that one visitor may begin, drafts, fits and searches with them (`VGAN_RENDERS_AN_HOUR`; 0, any
        number, and 30).
    pixels_an_hour: of all frames that one visitor has made or scanned (`VGAN_PIXELS_AN_HOUR`; 0, any
        number, and 12e9).
    line: works that may wait for the device at the same time, at least 1 (`VGAN_LINE`; 24, the same).
    max_memory_mb: of the app and its children, megabytes (`VGAN_MAX_MEMORY_MB`; 0: what the machine or its container
        has).
    decode_seconds, decode_mb: that reading a visitor's file may take without giving anything, and memory beside what
        the process that reads it has anyway (`VGAN_DECODE_SECONDS`, `VGAN_DECODE_MB`).
    fit_seconds: how long a style of a visitor's own is fitted (`VGAN_FIT_SECONDS`).
    invert_seconds: how long a visitor's own picture is searched for in a look (`VGAN_INVERT_SECONDS`).
    train_minutes: that the Train tab offers, the second one chosen (`VGAN_TRAIN_MINUTES`, comma separated).
    features: a file with SqueezeNet 1.1 in torchvision's layout (`VGAN_FEATURES`), to fit styles without a network.
    templates: a folder with templates of the host's own, beside the shipped ones (`VGAN_TEMPLATES`).
    keep_hours: for so long uploads and finished clips are kept, then they are deleted (`VGAN_KEEP_HOURS`; 24).
    auth: `user:password` of those who may come in (`VGAN_AUTH`, comma separated); empty for everybody.
    hosts: names under which the app answers beside those of this machine (`VGAN_HOSTS`, comma separated); a public
        one answers under any.
    origins: other sites that may embed and call the app (`VGAN_ORIGINS`, as `https://shop.example`, comma separated).
    log: `text` for a terminal, `json` for collectors of logs, `auto` for json on a Space (`VGAN_LOG`).
    counters_token: asked for by `/counters` and `/metrics` (`VGAN_COUNTERS_TOKEN`); a public app has neither without.
    c2pa_certificate, c2pa_key: PEM files with a chain of certificates and its key, to sign clips with
        (`VGAN_C2PA_CERT`, `VGAN_C2PA_KEY`).
    """

    offline: bool = field(default_factory=lambda: _flag("VGAN_OFFLINE"))
    public: bool = field(default_factory=_strangers)
    allowed_repos: tuple[str, ...] = field(default_factory=lambda: _names("VGAN_ALLOWED_REPOS"))
    device: str = field(default_factory=lambda: os.environ.get("VGAN_DEVICE", "auto"))
    quick: bool = field(default_factory=lambda: _flag("VGAN_QUICK"))
    weights: Path = field(default_factory=lambda: Path(os.environ.get("VGAN_WEIGHTS", PROJECT / "weights")))
    looks: Path = field(
        default_factory=lambda: Path(os.environ.get("VGAN_LOOKS", Path.home() / ".local/share/vgan-studio/looks"))
    )
    outputs: Path = field(
        default_factory=lambda: Path(os.environ.get("VGAN_OUTPUTS", Path(tempfile.gettempdir()) / "vgan-studio"))
    )
    max_pixels: int = field(default_factory=lambda: int(_number("VGAN_MAX_PIXELS", 4096 * 2304)))
    max_seconds: float = field(default_factory=lambda: _limit("VGAN_MAX_SECONDS", 600, 120))
    max_clip_pixels: int = field(default_factory=lambda: int(_limit("VGAN_MAX_CLIP_PIXELS", 200e9, 4e9)))
    max_upload_mb: int = field(default_factory=lambda: int(_limit("VGAN_MAX_UPLOAD_MB", 2000, 200)))
    renders_an_hour: int = field(default_factory=lambda: int(_limit("VGAN_RENDERS_AN_HOUR", 0, 30)))
    pixels_an_hour: int = field(default_factory=lambda: int(_limit("VGAN_PIXELS_AN_HOUR", 0, 12e9)))
    line: int = field(default_factory=lambda: max(1, int(_limit("VGAN_LINE", 24, 24))))
    max_memory_mb: int = field(default_factory=lambda: int(_limit("VGAN_MAX_MEMORY_MB", 0, 0)))
    space: bool = field(default_factory=lambda: "SPACE_ID" in os.environ)
    proxies: int = field(default_factory=lambda: int(_limit("VGAN_PROXIES", 0, "SPACE_ID" in os.environ)))
    decode_seconds: float = field(default_factory=lambda: _number("VGAN_DECODE_SECONDS", 20))
    decode_mb: int = field(default_factory=lambda: int(_number("VGAN_DECODE_MB", 2048)))
    fit_seconds: float = field(default_factory=lambda: _number("VGAN_FIT_SECONDS", 60))
    invert_seconds: float = field(default_factory=lambda: _number("VGAN_INVERT_SECONDS", 60))
    train_minutes: tuple[float, ...] = field(
        default_factory=lambda: tuple(map(float, _names("VGAN_TRAIN_MINUTES"))) or (5, 20, 60, 180)
    )
    features: Path | None = field(
        default_factory=lambda: Path(os.environ["VGAN_FEATURES"]) if os.environ.get("VGAN_FEATURES") else None
    )
    templates: Path | None = field(
        default_factory=lambda: Path(os.environ["VGAN_TEMPLATES"]) if os.environ.get("VGAN_TEMPLATES") else None
    )
    keep_hours: float = field(default_factory=lambda: max(0.001, _number("VGAN_KEEP_HOURS", 24)))
    auth: tuple[str, ...] = field(default_factory=lambda: _names("VGAN_AUTH"), repr=False)
    hosts: tuple[str, ...] = field(default_factory=lambda: _names("VGAN_HOSTS"))
    origins: tuple[str, ...] = field(default_factory=lambda: _names("VGAN_ORIGINS"))
    log: str = field(default_factory=lambda: os.environ.get("VGAN_LOG", "auto"))
    counters_token: str = field(default_factory=lambda: os.environ.get("VGAN_COUNTERS_TOKEN", ""), repr=False)
    c2pa_certificate: Path | None = field(default_factory=lambda: _path("VGAN_C2PA_CERT"))
    c2pa_key: Path | None = field(default_factory=lambda: _path("VGAN_C2PA_KEY"))
