"""Deep links: the query of an address that brings every slider back."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from vgan.errors import RecipeError
from vgan.recipe import Generate, Latent, Recipe, Share
from vgan.ui.finishes import FINISHES, SOFT, finish_of

_SOURCE = tuple(name for name in Generate.model_fields if name not in {"kind", "path", "variation", "layers"})
_SHARE = tuple(Share.model_fields)
MAX_QUERY = 8000


def to_query(recipe: Recipe) -> str:
    """The query, with its `?`, that restores `recipe`, without fields at their default; empty for the default one.

    Found pictures that are too long for an address stay behind: the recipe, in its file or in the clip, has them.

    Raises RecipeError for a recipe that is not generated.
    """
    source, share = recipe.source, recipe.share
    if not isinstance(source, Generate):
        raise RecipeError("source.kind: only a generated clip has a link; an upload stays on this machine.")
    pairs = [
        (name, f"{getattr(source, name)}")
        for name in _SOURCE
        if getattr(source, name) != Generate.model_fields[name].default
    ]
    if any(source.variation):
        pairs.append(("variation", ",".join(f"{value:g}" for value in source.variation)))
    if source.layers:
        pairs.append(("layers", ",".join(str(layer) for layer in source.layers)))
    if source.path:
        keys = [key.model_dump(mode="json", exclude_defaults=True) for key in source.path]
        pairs.append(("path", json.dumps(keys, separators=(",", ":"))))
    pairs += [
        (name, f"{getattr(share, name)}") for name in _SHARE if getattr(share, name) != Share.model_fields[name].default
    ]
    finish = finish_of(recipe)
    pairs += [("finish", finish)] if finish != SOFT else []
    query = urlencode(pairs, safe=":,/")
    if len(query) > MAX_QUERY and any(key.picture for key in source.keys):
        path = tuple(key.model_copy(update={"picture": ""}) for key in source.path)
        return to_query(recipe.model_copy(update={"source": source.model_copy(update={"picture": "", "path": path})}))
    return f"?{query}" if query else ""


def from_query(query: Mapping[str, str]) -> Recipe | None:
    """The recipe that a query asks for, None where it names no field of ours.

    Other keys are passed over: they belong to trackers and themes.
    Raises RecipeError naming the field, the value and what is allowed.
    """
    source: dict[str, Any] = {name: query[name] for name in _SOURCE if name in query}
    share = {name: query[name] for name in _SHARE if name in query}
    if sum(len(str(value)) for value in query.values()) > MAX_QUERY:
        raise RecipeError(f"link: longer than any link made here. Allowed: {MAX_QUERY} characters.")
    for name in {"variation", "layers"} & query.keys():
        source[name] = query[name].split(",")
    if "path" in query:
        try:
            source["path"] = json.loads(query["path"])
        except (ValueError, RecursionError) as error:
            raise RecipeError(
                f"path: {query['path'][:80]!r} is not a list of key looks. Copy the link once more."
            ) from error
    finish = query.get("finish", SOFT)
    if finish not in FINISHES:
        raise RecipeError(f"finish: {finish[:80]!r} is none. Allowed: {', '.join(FINISHES)}.")
    steps = [step.model_dump(mode="json") for step in FINISHES[finish]]
    if not source and not share and not steps:
        return None
    return Recipe.parse({"source": {"kind": "generate", **source}, "steps": steps, "share": share})


def latent_of(source: Generate) -> dict[str, Any]:
    """What a key look on a path keeps of `source`, JSON-safe."""
    return {name: getattr(source, name) for name in Latent.model_fields} | {"variation": list(source.variation)}
