"""What a file says about itself: its recipe, that it was made with AI, and whose weights drew it.

How AI had a part is said by IPTC's Digital Source Type (NewsCodes), which the platforms read, in XMP.
"""

import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path
from typing import get_args

import vgan
from vgan.errors import MediaError, RecipeError
from vgan.media import xmp
from vgan.media.embed import LONGEST_COMMENT
from vgan.media.probe import TOO_LONG, recipe_of, said_in
from vgan.recipe import Generate, Recipe, Upload, base_name
from vgan.registry import Models
from vgan.share.licences import EARLIER, LONGEST_NAME, Credit, Verdict, changing, may_be_sold, sources
from vgan.zoo import find_look

log = logging.getLogger(__name__)

TOOL, VERSION = "VGAN Studio", vgan.__version__
CODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = CODES + "trainedAlgorithmicMedia"  # made by a trained network
CHANGED = CODES + "compositeWithTrainedAlgorithmicMedia"  # somebody's own, and a trained network changed it
MIXED = CODES + "compositeSynthetic"  # several things, one of them made by a trained network
WITH_AI = {uri.rpartition("/")[2]: uri for uri in (TRAINED, CHANGED, MIXED)}

MOST_EARLIER = 40  # sources of an upload that go on to what is made of it

SOURCE_TYPE = "Iptc4xmpExt:DigitalSourceType"
SOLD = "vgan:MayBeSold"
SOURCES = "vgan:Sources"
_FIELDS = {"part": "vgan:part", "name": "vgan:name", "origin": "vgan:origin", "licence": "vgan:licence"}
_FIELDS |= {"may_sell": "vgan:maySell"}

_TERMS: dict[Verdict, str] = {
    "yes": "May be sold, as far as the weights that drew it go.",
    "no": "May not be sold: the licence of weights that drew it forbids it.",
    "unknown": "Whether it may be sold depends on the owner of weights that drew it.",
}


@dataclass(frozen=True)
class Embedded:
    """What goes into a file. comment: the recipe as ASCII JSON, empty where it is too long; xmp: a packet;
    source_type: what that says of AI, by its URI."""

    comment: str
    xmp: bytes
    source_type: str | None


def embedded(recipe: Recipe, models: Models | None = None) -> Embedded:
    """What the file of `recipe` carries. An upload and pictures that say of themselves that AI made them are believed.

    A recipe that is too long is left out as a whole, and the file says so: half of one is of no use.
    """
    credits = sources(recipe, models)
    comment = json.dumps(recipe.portable().model_dump(mode="json"), separators=(",", ":"))
    said: dict[str, xmp.Value] = {}
    if len(comment) > LONGEST_COMMENT:
        log.warning(
            "the recipe has %d characters and is left out of the file; at most %d fit", len(comment), LONGEST_COMMENT
        )
        said[TOO_LONG], comment = f"{len(comment):,}", ""
    upload, pictures = None, []
    if isinstance(recipe.source, Upload):
        before = Path(recipe.source.path)
        upload, credits = _believed(before), tuple(dict.fromkeys((*credits, *_earlier(before))))
    pictures = [_believed(Path(overlay.files["path"])) for overlay in recipe.overlays if "path" in overlay.files]
    kind = source_type(recipe, upload, pictures) if recipe.share.disclose else None
    return Embedded(comment, packet(recipe, credits, kind, said), kind)


def source_type(recipe: Recipe, upload: str | None = None, pictures: Iterable[str | None] = ()) -> str | None:
    """How AI had a part in the clip of `recipe`, as a URI of IPTC's; None where it had none, as far as is known.

    upload, pictures: what the upload and the pictures laid over it say of themselves (`disclosed`). A look is
    `trainedAlgorithmicMedia`, with a picture of the person's own over it `compositeSynthetic`. An upload that a network
    changed is `compositeWithTrainedAlgorithmicMedia`. One that was cut, graded, sharpened, or has words and sound
    added, by tools that are no AI, is what it was before: what it says of itself, or nothing.
    """
    pictures = list(pictures)
    laid_over = bool(pictures) or any(overlay.kind == "picture" for overlay in recipe.overlays)
    if isinstance(recipe.source, Generate):
        return MIXED if laid_over else TRAINED
    if upload == TRAINED:
        return MIXED if laid_over else TRAINED
    if upload is None and changing(recipe):
        return CHANGED
    return upload or (MIXED if any(pictures) else None)


def packet(
    recipe: Recipe, credits: tuple[Credit, ...], kind: str | None, said: dict[str, xmp.Value] | None = None
) -> bytes:
    """The XMP of the file of `recipe`. kind: what it says of AI; said: what else."""
    sold, weights = may_be_sold(credits), [credit for credit in credits if credit.may_sell != "yours"]
    properties: dict[str, xmp.Value] = {"dc:title": _title(recipe), "xmp:CreatorTool": f"{TOOL} {VERSION}"}
    if kind:
        properties |= {
            SOURCE_TYPE: kind,
            "Iptc4xmpExt:AISystemUsed": TOOL,
            "Iptc4xmpExt:AISystemVersionUsed": VERSION,
        }
    if weights:
        made_with = dict.fromkeys(f"{credit.name} ({credit.licence})" for credit in weights)
        properties |= {"dc:rights": "Made with " + "; ".join(made_with), "xmpRights:UsageTerms": _TERMS[sold]}
        properties[SOLD] = sold
    entries = [{_FIELDS[field]: text for field, text in asdict(credit).items()} for credit in credits]
    return xmp.packet(properties | ({SOURCES: entries} if entries else {}) | (said or {}))


def disclosed(path: Path) -> str | None:
    """What the finished file at `path` says of AI: a URI of IPTC's for media that AI had a part in, else None.

    Any container that `vgan.media.probe` knows. Raises MediaError for a file that cannot be read.
    """
    said = said_in(path).get(SOURCE_TYPE)
    return WITH_AI.get(said.rpartition("/")[2]) if isinstance(said, str) else None


def discloses(path: Path) -> bool | None:
    """Whether the finished file at `path` says that AI had a part in it, where it had; None where, as far as its recipe
    tells, it had none, and for a file without a recipe. What cannot be read says nothing."""
    if _believed(path):
        return True
    with suppress(RecipeError, MediaError):
        recipe = recipe_of(path)
        return False if recipe is not None and source_type(recipe) else None
    return None


def credits_of(path: Path) -> tuple[Credit, ...]:
    """The sources that the finished file at `path` names; none where it says nothing. Raises MediaError for a file that
    cannot be read."""
    entries = said_in(path).get(SOURCES, ())
    if isinstance(entries, str):
        return ()
    found = [Credit(**{field: entry.get(name, "") for field, name in _FIELDS.items()}) for entry in entries]  # type: ignore[arg-type]
    known = {*get_args(Verdict), "yours"}
    return tuple(credit if credit.may_sell in known else replace(credit, may_sell="unknown") for credit in found)


def _believed(path: Path) -> str | None:
    """See `disclosed`. What cannot be read here is refused by whoever reads its pictures."""
    try:
        return disclosed(path)
    except MediaError:
        return None


def _earlier(path: Path) -> list[Credit]:
    try:
        found = credits_of(path)
    except MediaError:
        return []
    cut = [Credit(*(text[:LONGEST_NAME] for text in astuple(credit))) for credit in found[:MOST_EARLIER]]
    return [replace(credit, part=EARLIER + credit.part.removeprefix(EARLIER)) for credit in cut]


def _title(recipe: Recipe) -> str:
    if isinstance(recipe.source, Generate):
        return " to ".join(dict.fromkeys(find_look(key.look).title for key in recipe.source.keys))
    return base_name(recipe.source.path).rpartition(".")[0] or base_name(recipe.source.path)
