"""What the Hub says about a model before its weights are fetched: how large, which commit, its config and its card."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import get_hf_file_metadata, hf_hub_url, try_to_load_from_cache

from vgan.errors import RecipeError, WeightsError
from vgan.hub import CARD, CONFIG, download, files_of, find_local, refuse_strangers
from vgan.hub_errors import explained
from vgan.settings import Settings
from vgan.weights import read_config
from vgan.zoo import ModelSpec


@dataclass(frozen=True)
class Peeked:
    """weights: where they lie, None until they are fetched; bytes: of them, 0 where nobody says; revision: the commit,
    '' for what comes from no repository; config: what `config.json` says, None for formats that have none; card: a
    README.md, None without."""

    weights: Path | None
    bytes: int
    revision: str
    config: dict[str, Any] | None
    card: Path | None


def peek(spec: ModelSpec, settings: Settings) -> Peeked:
    """What is known of `spec` without its weights, from the disk or else from the Hub: small files alone are fetched.

    Raises RecipeError for a repository that visitors may not name, WeightsError for one that is not to be had.
    """
    refuse_strangers(spec, settings)
    local = find_local(spec, settings)
    if local:
        config = read_config(local.config) if local.config else None
        return Peeked(
            local.weights, _bytes(local.weights), revision_of(spec, settings), config, card_of(spec, settings)
        )
    if not spec.repo_id:
        raise WeightsError(f"{spec.title}: its files are not on this machine, and no Hub repository holds them.")
    if settings.offline:
        raise WeightsError(
            f"{spec.repo_id}: it is not on this machine, and VGAN_OFFLINE forbids asking the Hub. Unset it once, or "
            "name a model that is here."
        )
    config = read_config(download(spec, CONFIG, spec.revision, None)) if CONFIG in files_of(spec) else None
    with explained(spec.repo_id, spec.file):
        said = get_hf_file_metadata(hf_hub_url(spec.repo_id, spec.file, revision=spec.revision or None))
    return Peeked(None, said.size or 0, said.commit_hash or "", config, fetch_card(spec, settings))


def fetch_card(spec: ModelSpec, settings: Settings) -> Path | None:
    """The card of `spec`, from the Hub where it is not here; None where there is none, or the Hub may not be asked."""
    here = card_of(spec, settings)
    if here or not spec.repo_id or settings.offline:
        return here
    with suppress(RecipeError, WeightsError):
        refuse_strangers(spec, settings)
        return download(spec, CARD, spec.revision, None)
    return None


def card_of(spec: ModelSpec, settings: Settings) -> Path | None:
    """The card of `spec` that is on this machine: beside its weights, or in the Hub's cache."""
    local = find_local(spec, settings)
    if local and not spec.path and (local.weights.parent / CARD).is_file():
        return local.weights.parent / CARD
    if not spec.repo_id:
        return None
    with suppress(RecipeError, WeightsError), explained(spec.repo_id, CARD):
        found = try_to_load_from_cache(spec.repo_id, CARD, revision=spec.revision or None)
        return Path(found) if isinstance(found, str) else None
    return None


def revision_of(spec: ModelSpec, settings: Settings) -> str:
    """The commit that is pinned, or that the cached files are of; '' for what comes from no repository."""
    local = None if spec.revision else find_local(spec, settings)
    return local.weights.parent.name if local and local.origin == "cached" else spec.revision


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
