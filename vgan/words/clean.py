"""A sentence from anybody, made fit to be read: what is no words goes, what cannot be read is said."""

import re
import unicodedata
from dataclasses import dataclass

from vgan.errors import RecipeError
from vgan.words.chinese import in_english

LONGEST = 300  # characters of a sentence, as `vgan.recipe.Generate.sentence` allows
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_UNREAD = re.compile(r"[^\w\s.,;:!?'’&%-]|_")
_COMMAS = re.compile(r"\s*,[\s,]*")
EMOJI = {
    "🌊": "waves",
    "🔥": "fire",
    "✨": "sparkling",
    "☁": "clouds",
    "🌫": "fog",
    "🎉": "confetti",
    "🎊": "confetti",
    "🌌": "northern lights",
    "🌙": "at night",
    "☀": "sunny",
    "🌅": "sunset",
    "❄": "icy",
    "💧": "water",
    "🐌": "very slow",
    "⚡": "fast",
    "❤": "red",
    "🧡": "orange",
    "💛": "yellow",
    "💚": "green",
    "💙": "blue",
    "💜": "purple",
    "🖤": "black",
    "🤍": "white",
    "🩷": "pink",
}


@dataclass(frozen=True)
class Clean:
    """english: what the network reads. translated: whether some of it was Chinese. unread: what no table knows."""

    english: str
    translated: bool = False
    unread: tuple[str, ...] = ()


def cleaned(text: object) -> Clean:
    """`text` without markup, addresses and signs; a few emojis and Chinese words in English.

    Raises RecipeError for what is no text, is empty, longer than `LONGEST` characters, or holds no word that is read.
    """
    if not isinstance(text, str):
        raise RecipeError(f"sentence: {str(text)[:80]!r} is no text. Allowed: up to {LONGEST} characters.")
    if len(text) > LONGEST:
        words = len(text.split())
        raise RecipeError(
            f"sentence: {len(text):,} characters, {words:,} words. Allowed: up to {LONGEST} characters. Say it "
            "shorter: a look, a colour, how fast, how bright."
        )
    plain = unicodedata.normalize("NFKC", _ADDRESS.sub(" ", _MARKUP.sub(" ", text)))
    for sign, meaning in EMOJI.items():
        plain = plain.replace(sign, f", {meaning}, ")
    english, translated, unread = in_english(plain)
    english = _UNREAD.sub(" ", english)
    foreign = [word for word in re.findall(r"[^\W\d_]+", english) if not _latin(word)]
    for word in foreign:
        english = english.replace(word, " ")
    english = " ".join(_COMMAS.sub(", ", english).split()).strip(" ,;:-")
    if not re.search(r"[^\W\d_]{2}", english):
        if not text.strip():
            raise RecipeError('sentence: empty. Say for example "slow green aurora over dark, calm".')
        raise RecipeError(
            f"sentence: there is no word in {text.strip()[:60]!r} that can be read. English works best; of Chinese "
            "the words for looks, colours, light and pace are known."
        )
    return Clean(english, translated, tuple(dict.fromkeys([*unread, *foreign]))[:12])


def _latin(word: str) -> bool:
    return all("LATIN" in unicodedata.name(letter, "") for letter in unicodedata.normalize("NFD", word)[:1])
