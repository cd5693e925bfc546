"""Which weights there are, and which looks they play. Pure tables: nothing is read or fetched here."""

import re
from dataclasses import dataclass

from vgan.errors import RecipeError, UnknownName


@dataclass(frozen=True)
class ModelSpec:
    """One set of weights.

    family: which class in `models/` plays it (`loop`, `fastgan`).
    folder: name under `weights/` when it ships with the app, else None.
    repo_id, revision, file, sha256: where the Hub has it; an empty `repo_id` means nobody has pushed it yet. An empty
        sha256 means that the publisher's file was never at hand to be measured: the pinned revision alone holds it.
    bytes: size of the file, for the person who is about to fetch it.
    """

    name: str
    family: str
    title: str
    licence: str
    may_sell: bool
    folder: str | None = None
    repo_id: str = ""
    revision: str = ""
    file: str = "model.safetensors"
    sha256: str = ""
    bytes: int = 0
    source: str = ""


@dataclass(frozen=True)
class Look:
    """One tile of the gallery: `model` plays it; `label` is its class inside that model (None: it has no classes)."""

    name: str
    title: str
    model: str
    label: str | None = None


def _fastgan(name: str, title: str, revision: str) -> ModelSpec:
    return ModelSpec(
        name=f"fastgan-{name}",
        family="fastgan",
        title=title,
        licence="MIT (as its card says)",
        may_sell=True,
        repo_id=f"huggan/fastgan-few-shot-{name}",
        revision=revision,
        file="pytorch_model.bin",
        bytes=117_073_189,
        source="HugGAN community sprint, FastGAN (Liu et al. 2021), 1024 px",
    )


MODELS: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        ModelSpec(
            name="looks",
            family="loop",
            title="VGAN looks",
            licence="Apache-2.0",
            may_sell=True,
            folder="looks",
            source="trained in this repository on pictures made by formulas",
        ),
        _fastgan("aurora", "Aurora photographs", "ae9ab2fdc4fa873bee17035e1f148c732ed620f0"),
        _fastgan("universe", "Universe", "d6c219d09fd1f6dafb074ba6f3c0afce5516b44d"),
        _fastgan("shells", "Shells", "8da29f58327593c5820beb7383f67ad06089437f"),
        _fastgan("fauvism-still-life", "Fauvist still life", "502ee8340517914274b3defaf5dfe3a29240c71f"),
    )
}

LOOKS: dict[str, Look] = {
    look.name: look
    for look in (
        *(
            Look(name, title, "looks", name)
            for name, title in (
                ("aurora", "Aurora"),
                ("silk", "Silk"),
                ("ink", "Ink"),
                ("liquid", "Liquid"),
                ("caustics", "Caustics"),
                ("bokeh", "Bokeh"),
                ("marble", "Marble"),
                ("embers", "Embers"),
                ("clouds", "Clouds"),
                ("waves", "Waves"),
                ("confetti", "Confetti"),
                ("neon", "Neon grid"),
            )
        ),
        *(Look(spec.name, spec.title, spec.name) for spec in MODELS.values() if spec.family == "fastgan"),
    )
}

_REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}(:[a-z0-9][a-z0-9-]{0,63})?")


def find_look(name: str) -> Look:
    """The look called `name`, or one in a person's own Hub repository (`owner/name` or `owner/name:look`).

    Raises UnknownName for a name no table has, RecipeError for a repository name that cannot be one.
    """
    if name in LOOKS:
        return LOOKS[name]
    if "/" not in name:
        raise UnknownName("look", name, LOOKS)
    if ".." in name or "--" in name or not _REPO.fullmatch(name):
        raise RecipeError(
            f"look: {name[:80]!r} is neither a look nor a Hub repository. "
            "Allowed: a name of the gallery, or owner/name."
        )
    repo, _, label = name.partition(":")
    return Look(name, label or repo.split("/")[1], repo, label or None)


def find_model(name: str) -> ModelSpec:
    """The row of `name`; a Hub repository `owner/name` gets a row of its own, unpinned, in our format.

    Raises UnknownName for a name no table has.
    """
    if name in MODELS:
        return MODELS[name]
    if "/" not in name:
        raise UnknownName("model", name, MODELS)
    find_look(name)
    return ModelSpec(
        name, "loop", name, "as its owner says", may_sell=False, repo_id=name, source="a Hub repository of your own"
    )
