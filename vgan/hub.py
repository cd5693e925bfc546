"""Where weights come from: bundled with the app, else the Hub's cache, else the Hub. What arrives is checked."""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from huggingface_hub import (
    CommitOperationAdd,
    HfApi,
    constants,
    get_hf_file_metadata,
    hf_hub_download,
    hf_hub_url,
    try_to_load_from_cache,
)

from vgan.errors import RecipeError, WeightsError
from vgan.hub_errors import explained, impatient
from vgan.settings import Settings
from vgan.weights import load_into, read_config, read_weights
from vgan.zoo import MODELS, STYLE_FILE, ModelSpec, find_model

__all__ = [
    "Fetched",
    "Pushed",
    "download",
    "fetch",
    "files_of",
    "find_local",
    "load_into",
    "push",
    "push_look",
    "push_style",
    "read_config",
    "read_weights",
    "refuse_strangers",
    "sha256_of",
]

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
CONFIG = "config.json"
CARD = "README.md"
SHEET = "sheet.png"  # samples, which the card shows
MAX_BYTES = {CONFIG: 1_000_000, CARD: 1_000_000}  # anything else is weights
MAX_WEIGHTS_BYTES = 200_000_000
MAX_LOOK_FILE_BYTES = 500_000_000  # public checkpoints may hold the critic and the optimisers, too
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Fetched:
    """Files that are there. config: `config.json` beside the weights, None for formats that have none."""

    weights: Path
    config: Path | None
    origin: Literal["bundled", "cached", "fetched"]


@dataclass(frozen=True)
class Pushed:
    """What a row of the zoo needs to know about a repository that was just filled."""

    url: str
    revision: str
    sha256: str
    bytes: int


def find_local(spec: ModelSpec, settings: Settings) -> Fetched | None:
    """The model's files if they are bundled or in the Hub's cache, else None. Asks no server, checks no hash."""
    if spec.path:
        return Fetched(Path(spec.path), None, "bundled")
    folder = _folder(spec, settings)
    if folder and all((folder / name).is_file() for name in files_of(spec)):
        return _fetched({name: folder / name for name in files_of(spec)}, spec, "bundled")
    if not spec.repo_id:
        return None
    with explained(spec.repo_id, spec.file):
        revision = spec.revision or None
        found = {name: try_to_load_from_cache(spec.repo_id, name, revision=revision) for name in files_of(spec)}
    if not all(isinstance(path, str) for path in found.values()):
        return None
    return _fetched({name: Path(str(path)) for name, path in found.items()}, spec, "cached")


def fetch(spec: ModelSpec, settings: Settings, on_progress: Progress | None = None, refresh: bool = False) -> Fetched:
    """The model's files, verified: bundled, else cached, else downloaded from the Hub (`HF_TOKEN`, `HF_ENDPOINT`).

    on_progress: called with (bytes so far, bytes in all) during a download; what it raises stops the download.
    refresh: ask the Hub for the newest version of a repository without a pinned revision, though a copy is cached.
    Raises RecipeError for a repository that visitors of a public app may not name; WeightsError for everything that can
    go wrong with files or the Hub. No broken file stays behind.
    """
    refuse_strangers(spec, settings)
    local = find_local(spec, settings)
    if local and local.origin == "bundled":
        return _verified(local, spec)
    if local and (settings.offline or spec.revision or not refresh):
        try:
            return _verified(local, spec)
        except WeightsError as error:  # the damaged copy is gone by now
            if settings.offline:
                raise
            log.warning("%s Fetching it anew.", error)
    if spec.own:
        raise WeightsError(
            f"{spec.name}: {' or '.join(files_of(spec))} is missing from {spec.own} in the folder of looks that were "
            "trained here (VGAN_LOOKS). Train it first, or check its name."
        )
    if not spec.repo_id:
        folder = _folder(spec, settings) or settings.weights
        raise WeightsError(
            f"{spec.name}: {' or '.join(files_of(spec))} is missing from {folder}, and no Hub repository holds it. "
            "It is part of the project: restore that folder from there."
        )
    if settings.offline:
        raise WeightsError(
            f"{spec.name}: {spec.file} of {spec.repo_id} is not on this machine, and VGAN_OFFLINE forbids fetching it. "
            f"Unset VGAN_OFFLINE once and run `python -m vgan models pull {spec.name}`."
        )
    config, revision = None, spec.revision
    if CONFIG in files_of(spec):  # the small file first: it tells the commit that the weights must be of, too
        config = download(spec, CONFIG, revision, None)
        revision = config.parent.name
    for name in spec.beside:
        download(spec, name, revision, None)
    weights = download(spec, spec.file, revision, on_progress)
    return _verified(Fetched(weights, config, "fetched"), spec)


def push(name: str, repo_id: str, settings: Settings, private: bool = True) -> Pushed:
    """Upload a bundled model (weights, config, card) to the Hub as one commit, creating the repository if need be.

    private: of a new repository; an existing one keeps its own. Raises UnknownName for a model no table has,
    RecipeError for one that is not ours to push or a wrong `owner/name`, WeightsError for missing files, a token
    without the right to write, or a failed upload.
    """
    spec = find_model(name)
    if not spec.folder:
        ours = ", ".join(row.name for row in MODELS.values() if row.folder)
        raise RecipeError(f"model: {name!r} does not ship with this app: it is not ours to push. Allowed: {ours}.")
    folder = settings.weights / spec.folder
    files = [folder / file for file in (spec.file, CONFIG, CARD)]
    if missing := [path.name for path in files if not path.is_file()]:
        raise WeightsError(f"{name}: {folder} lacks {', '.join(missing)}. A repository needs weights, config and card.")
    read_weights(files[0])
    read_config(files[1])
    return _upload(
        repo_id, {path.name: path for path in files}, f"{spec.title}: weights, config and card", settings, private
    )


def push_style(path: Path, repo_id: str, settings: Settings, private: bool = True, token: str | None = None) -> Pushed:
    """Upload a style of somebody's own as the one file of a repository, which `zoo.find_style` then takes by name.

    token: of whoever owns the repository, in place of HF_TOKEN. Raises RecipeError for a wrong `owner/name`,
    WeightsError for a file that is no style, and as `push`.
    """
    if set(read_weights(path)) != {"code", "network"}:
        raise WeightsError(f"{path.name}: this is not a style that was fitted here (code, network).")
    return _upload(repo_id, {STYLE_FILE: path}, f"{path.stem}: a style for VGAN Studio", settings, private, token)


def push_look(folder: Path, repo_id: str, settings: Settings, private: bool = True, token: str | None = None) -> Pushed:
    """Upload a look that was trained here, with its card and its sheet of samples, to be played as `owner/name`.

    token: of whoever owns the repository, in place of HF_TOKEN. Raises RecipeError for a wrong `owner/name`,
    WeightsError for a folder that lacks something, and as `push`.
    """
    files = {name: folder / name for name in ("model.safetensors", CONFIG, CARD)}
    if missing := [name for name, path in files.items() if not path.is_file()]:
        raise WeightsError(f"{folder.name}: {folder} lacks {', '.join(missing)}. Train it anew.")
    read_weights(files["model.safetensors"])
    read_config(files[CONFIG])
    sheet = {SHEET: folder / SHEET} if (folder / SHEET).is_file() else {}
    return _upload(repo_id, files | sheet, f"{folder.name}: a look for VGAN Studio", settings, private, token)


def _upload(
    repo_id: str, files: dict[str, Path], message: str, settings: Settings, private: bool, token: str | None = None
) -> Pushed:
    """One commit with `files`, by their names in the repository; the first is the weights."""
    if "/" not in repo_id:
        raise RecipeError(f"repository: {repo_id[:80]!r} has no owner. Write it as owner/name.")
    if settings.offline:
        raise WeightsError(f"VGAN_OFFLINE forbids pushing to {repo_id}. Unset it first.")
    name, weights = next(iter(files.items()))
    with explained(repo_id, name, "write"):
        api = HfApi(token=token)
        api.create_repo(repo_id, private=private, exist_ok=True)
        operations = [CommitOperationAdd(path_in_repo=file, path_or_fileobj=path) for file, path in files.items()]
        commit = api.create_commit(repo_id, operations, commit_message=message)
    return Pushed(f"{constants.ENDPOINT}/{repo_id}", commit.oid, sha256_of(weights), weights.stat().st_size)


def files_of(spec: ModelSpec) -> tuple[str, ...]:
    """What belongs to a model, the weights first: our own networks have a config beside them; styles and checkpoints of
    other projects come alone."""
    alone = spec.family in ("style-file", "look-file", "community") or not spec.file.endswith(".safetensors")
    return (spec.file,) if alone else (spec.file, CONFIG, *spec.beside)


def _folder(spec: ModelSpec, settings: Settings) -> Path | None:
    """Where its files lie if they shipped with the app, or were trained here."""
    if spec.own:
        return settings.looks / spec.own
    if spec.package:
        return _installed(spec.package)
    return settings.weights / spec.folder if spec.folder else None


def _installed(place: str) -> Path | None:
    """A folder in a Python package, `package/folder`, if that is installed. No code of the package runs."""
    package, _, folder = place.partition("/")
    found = find_spec(package)
    return Path(found.origin).parent / folder if found and found.origin else None


def _fetched(paths: dict[str, Path], spec: ModelSpec, origin: Literal["bundled", "cached"]) -> Fetched:
    return Fetched(paths[spec.file], paths.get(CONFIG), origin)


def refuse_strangers(spec: ModelSpec, settings: Settings) -> None:
    """Raises RecipeError for a repository that visitors of a public app may not name."""
    if not settings.public or spec.path or spec.own or spec.name in MODELS or spec.repo_id in settings.allowed_repos:
        return
    allowed = ", ".join(settings.allowed_repos) or "none"
    kind = {"look": "look", "look-file": "look", "style-file": "style"}.get(spec.family, "model")
    raise RecipeError(
        f"{kind}: {spec.repo_id!r} may not be loaded on this public app. Allowed repositories: {allowed}. Run the app "
        "yourself to load any, or ask its host to add it to VGAN_ALLOWED_REPOS."
    )


def download(spec: ModelSpec, file: str, revision: str, on_progress: Progress | None) -> Path:
    """One file into the Hub's cache, never larger than allowed. The client keeps nothing of an incomplete download.

    Raises WeightsError, RecipeError for a name that can be no repository.
    """
    limit = MAX_BYTES.get(file, MAX_LOOK_FILE_BYTES if spec.family == "look-file" else MAX_WEIGHTS_BYTES)
    with explained(spec.repo_id, file):
        impatient()
        # Asked first without retries, so that a machine without network hears so at once, and nothing huge is begun.
        size = get_hf_file_metadata(hf_hub_url(spec.repo_id, file, revision=revision or None)).size
        if size is not None and size > limit:
            raise WeightsError(_too_large(spec.repo_id, file, size, limit))
        meter = _meter(spec.repo_id, file, limit, on_progress)
        return Path(hf_hub_download(spec.repo_id, file, revision=revision or None, tqdm_class=meter))


def _too_large(repo_id: str, file: str, size: int, limit: int) -> str:
    sizes = f"at least {size / 1e6:,.1f} MB, and no more than {limit / 1e6:,.0f} MB are fetched"
    return f"{repo_id}: {file} has {sizes}. Nothing was kept."


def _meter(repo_id: str, file: str, limit: int, on_progress: Progress | None) -> type:
    """A silent stand-in for tqdm that hands the numbers on, and stops a server that sends more than it declared."""

    class Meter:
        def __init__(self, *, total: int | None = None, initial: int = 0, **_: Any):
            self.n, self.total = initial, total

        def __enter__(self) -> "Meter":
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing is shown, so nothing is to be closed."""

        def update(self, n: float | None = 1) -> None:
            self.n += int(n or 0)
            if self.n > limit:
                raise WeightsError(_too_large(repo_id, file, self.n, limit))
            if on_progress:
                on_progress(self.n, max(self.n, self.total or 0))

        def update_transfer(self, n: float | None = 1) -> None:
            """Bytes on the wire, which the Xet protocol reports apart; only bytes on disk count here."""

        def set_postfix_str(self, *_: object, **__: object) -> None:
            """Speeds are not shown."""

        set_transfer_postfix_str = refresh = close = set_postfix_str

    return Meter


def _verified(files: Fetched, spec: ModelSpec) -> Fetched:
    """`files` if the weights have the hash they should, else a WeightsError naming both; a cached file is removed."""
    expected = spec.sha256 or _hash_by_name(files.weights)
    if not expected:
        return files
    found = sha256_of(files.weights)
    if found == expected:
        return files
    if files.origin == "bundled":
        remedy = "Restore the file from the project."
    else:
        _remove(files.weights)
        remedy = f"It was removed; try again, or ask the owner of {spec.repo_id} if it happens twice."
    raise WeightsError(f"{spec.name}: {spec.file} has sha256 {found}, expected {expected}. {remedy}")


def _hash_by_name(path: Path) -> str:
    """The hash that the Hub declared: its cache names the blob of a large file by its sha256. '' where it does not."""
    name = path.readlink().name if path.is_symlink() else ""
    return name if SHA256.fullmatch(name) else ""


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove(path: Path) -> None:
    """Unlink a cached file and every link on the way to its bytes."""
    while path.is_symlink():
        target = path.parent / path.readlink()
        path.unlink()
        path = target
    path.unlink(missing_ok=True)
