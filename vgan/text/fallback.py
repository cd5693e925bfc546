"""Which font has a character that the chosen one lacks: looked for among the fonts of the system, script by script."""

import functools
import logging
import re
import unicodedata
from itertools import islice
from pathlib import Path

import uharfbuzz as hb
from uniseg.emoji import emoji, emoji_presentation

from vgan.text.clean import clean, clusters
from vgan.text.fonts import ENDINGS, FOLDER, Face, find_font, font_folders, open_face

log = logging.getLogger(__name__)

MOST = 4000  # font files of a system that are looked at
AS_TEXT, AS_PICTURE, KEYCAP, JOINER = "\ufe0e", "\ufe0f", "\u20e3", "\u200d"

# Families that are good at a script, by the first word of its letters' names in Unicode, besides Noto Sans <script>
# and Noto Serif <script>: names in small letters without spaces, as the files of Linux, macOS and Windows are called.
FAMILIES: dict[str, tuple[str, ...]] = {
    "CJK": ("notosanscjk", "notosanssc", "sourcehansans", "pingfang", "hiraginosansgb", "msyhbd", "msyh", "wqy"),
    "CJK ja": (
        "notosanscjk",
        "notosansjp",
        "sourcehansans",
        "hiraginosans",
        "ヒラギノ角ゴシックw6",
        "yugothb",
        "meiryob",
    ),
    "CJK ko": ("notosanscjk", "notosanskr", "sourcehansans", "applesdgothicneo", "malgunbd", "malgun", "nanumgothic"),
    "ARABIC": ("notosansarabic", "notonaskharabic", "geezapro", "sfarabic", "segoeuib", "tahomabd", "arialbd"),
    "HEBREW": ("notosanshebrew", "sfhebrew", "arialhb", "segoeuib", "arialbd"),
    "DEVANAGARI": ("notosansdevanagari", "kohinoor", "devanagarisangammn", "nirmalab", "mangalb", "mangal"),
    "THAI": ("notosansthai", "notoloopedthai", "thonburi", "sukhumvitset", "leelauib", "leelawuib", "tahomabd"),
    "EMOJI": ("notocoloremoji", "applecoloremoji", "seguiemj", "twemoji"),
}
ANYTHING = "notosans notosanssymbols notosanssymbols2 notosansmath notomusic dejavusans segoeuib seguisym".split()
ANYTHING += ["applesymbols", "arialunicode", "liberationsans"]
_PLAIN = re.compile(r"italic|oblique|condensed|narrow|light|thin|mono(?!type)|display|ui(?=-|$)")
_EAST = {"HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "KATAKANA-HIRAGANA"}


def is_emoji(cluster: str) -> bool:
    """Whether a grapheme cluster is shown as a picture: an emoji by itself, or by what follows it."""
    if AS_TEXT in cluster:
        return False
    if emoji_presentation(cluster[0]):
        return True
    return emoji(cluster[0]) and any(sign in cluster[1:] for sign in (AS_PICTURE, KEYCAP, JOINER))


def script_of(char: str) -> str:
    """What fonts for a letter are called after: LATIN, ARABIC, CJK ...; nothing for what belongs to no script."""
    if unicodedata.category(char)[0] not in "LM":
        return ""
    name = unicodedata.name(char, "").split(" ", 1)[0]
    return "CJK" if name in _EAST or name.startswith("CJK") else "" if name in ("COMBINING", "MODIFIER") else name


def language_of(text: str) -> str:
    """`ja`, `ko` or `zh`: whose shapes Han characters take in `text`."""
    names = {unicodedata.name(char, "").split(" ", 1)[0] for char in text if ord(char) > 0x10FF}
    return "ja" if names & {"HIRAGANA", "KATAKANA"} else "ko" if "HANGUL" in names else "zh"


def face_for(cluster: str, first: Face, language: str = "zh") -> Face | None:
    """The font for one grapheme cluster: `first` where it has it, or the best of the system; None where none has it."""
    picture = is_emoji(cluster)
    if first.covers(cluster) and not (picture and not first.colour):
        return first
    seen = "".join(dict.fromkeys(cluster))
    found = _searched(seen, "EMOJI", language, first.row.serif, first.row.bold) if picture else None
    if found is None and first.covers(cluster):
        return first
    script = next((name for name in map(script_of, cluster) if name), "")
    return found or _searched(seen, script, language, first.row.serif, first.row.bold)


def missing(text: str, font: str) -> list[str]:
    """Grapheme clusters of `text` that neither `font` nor any font of the system has, each once. Raises as
    `find_font`."""
    face, language = find_font(font), language_of(text)
    once = dict.fromkeys(cluster for line in clean(text).split("\n") for cluster in clusters(line))
    return [cluster for cluster in once if not cluster.isspace() and face_for(cluster, face, language) is None]


@functools.lru_cache(maxsize=4096)
def _searched(seen: str, script: str, language: str, serif: bool, bold: bool) -> Face | None:
    for path in _ranked(script, language, serif, bold):
        face = _opened(path, language)
        if face and (face.colour or script != "EMOJI") and face.covers(seen):
            return face
    return None


@functools.lru_cache(maxsize=64)
def _ranked(script: str, language: str, serif: bool, bold: bool) -> tuple[Path, ...]:
    """All fonts of the system, those that are likely to have a script first, in the weight that is wanted."""
    named = FAMILIES.get(f"{script} {language}", FAMILIES.get(script, ()))
    noto = tuple(f"noto{kind}{script.lower()}" for kind in ("sans", "serif", "looped", "")) if script else ()
    wanted = (*named, *noto)
    if serif:
        wanted = (*(name.replace("sans", "serif") for name in wanted), *wanted)
    if not bold:
        wanted = (*(name.removesuffix("bd").removesuffix("b") for name in wanted), *wanted)

    def rank(path: Path) -> tuple[int, int, bool, str]:
        stem = path.stem.lower().replace(" ", "").replace("_", "-")
        family, _, style = stem.partition("-")
        place = next((at for at, name in enumerate(wanted) if stem.startswith(name)), len(wanted))
        if place == len(wanted):
            place += ANYTHING.index(family) if family in ANYTHING else len(ANYTHING)
        return place, len(_PLAIN.findall(stem)), ("bold" in style or "bd" in family[-2:]) != bold, stem

    return tuple(sorted(_files(), key=rank))


@functools.lru_cache(maxsize=1)
def _files() -> tuple[Path, ...]:
    found: list[Path] = []
    for folder in font_folders():
        try:
            files = (path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
            found += islice((path for path in files if folder != FOLDER or "Arabic" in path.name), MOST - len(found))
        except OSError as error:
            log.info("fonts of %s: %s", folder, error)
    return tuple(found)


@functools.lru_cache(maxsize=MOST)
def _opened(path: Path, language: str) -> Face | None:
    """The font in a file, of a collection the one for that language; None where it cannot be read."""
    try:
        first = open_face(path, 0)
        wanted = {"ja": " JP", "ko": " KR", "zh": " SC"}[language]
        for index in range(first.font.face.count if "CJK" in path.stem else 0):
            face = open_face(path, index)
            name = face.font.face.get_name(hb.OTNameIdPredefined.FULL_NAME) or ""
            if wanted in name and "Mono" not in name:
                return face
        return first
    except (OSError, ValueError, hb.HarfBuzzError) as error:
        log.info("font %s: %s", path.name, error)
        return None
