"""Captions that a clip writes about itself: words are chosen by what was measured, and put together in many ways."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from vgan.models.attributes import ATTRIBUTES
from vgan.training.words.adjectives import MOODS, PHRASES, Phrase
from vgan.training.words.amounts import AMOUNTS, WAYS_OF
from vgan.training.words.colours import COLOURS, LIKE, SURVEY, THINGS, WARM, WAYS
from vgan.training.words.everyday import LIGHT, PACE
from vgan.training.words.everyday_forms import FEELINGS, FORMS
from vgan.training.words.likenesses import LIKENESSES, PARTS
from vgan.training.words.names import ENDINGS, FILLERS, NAMES, OTHERS
from vgan.training.words.scenes import SCENES
from vgan.training.words.synonyms import SYNONYMS

NEAR = 0.11  # shares: how far from a clip's own value a word may usually be
NEAR_HUE = 0.045  # turns
FARTHEST = 2.0  # of those, beyond which a word is not used at all
ALL_NAMES = {look: names + SCENES[look] + LIKENESSES[look] for look, names in NAMES.items()}
ALL_PHRASES = PHRASES + SYNONYMS + PACE + LIGHT + FORMS + MOODS + FEELINGS
KINDS = (*ATTRIBUTES, "mood")
KIND_WEIGHTS = (1.8, 1, 1, 1.1, 1, 1.2, 1.4, 0.8)
GREY = 0.1  # share of saturation below which nobody names a colour
TURNED = 0.18  # how often an attribute is spoken of by its opposite: "not dark"
AMOUNT = 0.2  # how often by an amount, an adverb or a comparative: "hardly any movement", "slower"
TRIES = 120  # phrases that are looked at for one that fits
PUT_TOGETHER = 0.3  # how often a look is called by two parts: "a web of light", "on the bottom of a pool"
UP = ("very", "really", "extremely", "so", "super", "incredibly", "quite", "truly", "as {} as possible", "ultra")
DOWN = ("slightly", "a bit", "somewhat", "a little", "rather", "fairly")
NOT = (
    *("not {}", "not at all {}", "anything but {}", "never {}", "by no means {}", "please nothing {}", "far from {}"),
    *("isn't {}", "i don't want it {}", "don't make it {}", "definitely not {}", "not {} at all", "it shouldn't be {}"),
    *("the opposite of {}", "no {} stuff", "nowhere near {}", "not the least bit {}", "i don't like it {}"),
)
LESS = ("less {}", "a lot less {}", "nothing {}", "without being {}", "way less {}", "hardly {}", "avoid anything {}")
NOT_TOO = (
    *("not too {}", "not very {}", "not that {}", "not overly {}", "don't make it too {}", "without being too {}"),
    *("nothing too {}", "not so {}", "it shouldn't be too {}", "keep it from getting too {}", "not particularly {}"),
    *("not super {}", "less {} than usual", "not quite so {}", "not all that {}", "don't go too {}", "not really {}"),
    *("nothing very {}", "a little less {}", "not as {} as usual", "just not too {}", "without getting {}"),
)
KEEP = (  # round an adjective that stands behind the noun
    *("keep it {}", "make it {}", "nice and {}", "pretty {}", "kind of {}", "kinda {}", "sort of {}", "{}-ish"),
    *("on the {} side", "as {} as it gets", "go for something {}", "the whole thing {}", "i like it {}", "a tad {}"),
    *("it should feel {}", "should be {}", "with a {} feel", "let it be {}", "{} vibes", "{} mood", "{} please"),
    *("all {}", "everything {}", "in a {} way", "a {} look", "i want it {}", "something {}", "that feels {}"),
    *("that looks {}", "which is {}", "really {}", "totally {}", "proper {}", "{} and all", "make sure it's {}"),
)


@dataclass(frozen=True)
class Caption:
    """text: in lower case. look: "" where none is named. said: what is spoken of, by the clip's own shares."""

    text: str
    look: str
    said: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """What captions are made of; a part of it can be kept back to see how the rest carries over."""

    names: Mapping[str, Sequence[str]] = field(default_factory=lambda: ALL_NAMES)
    phrases: Sequence[Phrase] = ALL_PHRASES
    colours: Sequence[Phrase] = COLOURS + THINGS + WARM
    survey: Sequence[Phrase] = SURVEY
    others: Sequence[str] = OTHERS
    amounts: Sequence[Phrase] = AMOUNTS
    parts: Mapping[str, tuple[Sequence[str], Sequence[str]]] = field(default_factory=lambda: PARTS)

    @cached_property
    def phrases_of(self) -> dict[str, list[Phrase]]:
        """Phrases by the attribute that they begin with; as `mood`, those that say several things."""
        several = [phrase for phrase in self.phrases if len(phrase.says) > 1]
        return {**_by_attribute(self.phrases), "mood": several}

    @cached_property
    def amounts_of(self) -> dict[str, list[Phrase]]:
        """Amounts, adverbs and comparatives by attribute."""
        return _by_attribute(self.amounts)


def _by_attribute(phrases: Sequence[Phrase]) -> dict[str, list[Phrase]]:
    return {name: [phrase for phrase in phrases if phrase.says[0][0] == name] for name in ATTRIBUTES}


WORDS = Words()


def away(attribute: str, one: float, other: float) -> float:
    """How far two values of an attribute are apart; hue goes round."""
    return abs((one - other + 0.5) % 1 - 0.5) if attribute == "hue" else abs(one - other)


def write(rng: random.Random, look: str, shares: Mapping[str, float], words: Words = WORDS) -> Caption:
    """One caption of a clip of `look` whose attributes are `shares` (hue in turns), with up to four things said of it.

    One in eight names no look, one in sixteen something that no look shows.
    """
    kind = rng.random()
    noun = "" if kind < 0.07 else rng.choice(words.others) if kind < 0.16 else _named(rng, look, words)
    count = rng.choices((0, 1, 2, 3, 4), (8, 22, 34, 24, 12) if noun else (0, 30, 40, 20, 10))[0]
    said: dict[str, float] = {}
    adjectives: list[str] = []
    after: list[str] = []
    for phrase in _chosen(rng, shares, count, words):
        text, form = _worded(rng, phrase, shares)
        (adjectives if form == "adj" else after).append(text)
        said |= {attribute: shares[attribute] for attribute, _ in phrase.says}
    text = _composed(rng, noun, adjectives, after)
    return Caption(_spoilt(rng, text), look if kind >= 0.16 else "", said)


def by_themselves(words: Words = WORDS) -> list[Caption]:
    """A caption of every name and phrase alone, so that each is known before it is heard among others.

    Phrases that need words around them get the first of those.
    """
    names = [Caption(name, look) for look, all_of in words.names.items() for name in all_of]
    said = [Caption(phrase.text, "", dict(phrase.says)) for phrase in (*words.phrases, *words.colours, *words.survey)]
    amounts = [Caption(WAYS_OF[one.form][0].format(one.text), "", dict(one.says)) for one in words.amounts]
    return [*names, *said, *amounts, *(Caption(other, "") for other in words.others)]


def _named(rng: random.Random, look: str, words: Words) -> str:
    """What the look is called."""
    if look in words.parts and rng.random() < PUT_TOGETHER:
        return " ".join(rng.choice(part) for part in words.parts[look])
    return rng.choice(words.names[look])


def _chosen(rng: random.Random, shares: Mapping[str, float], count: int, words: Words) -> list[Phrase]:
    """Up to `count` phrases that fit the clip, none of which speaks of what another has said."""
    chosen: list[Phrase] = []
    taken: set[str] = set()
    kinds = rng.choices(KINDS, KIND_WEIGHTS, k=2 * count)
    for kind in kinds:
        if len(chosen) == count:
            break
        if kind == "hue" and shares["saturation"] < GREY:
            continue
        turned = kind in ATTRIBUTES and kind != "hue" and rng.random() < TURNED
        bank = _about(words, kind, rng.random() < 0.45, not turned and rng.random() < AMOUNT)
        for phrase in rng.choices(bank, k=TRIES) if bank else ():
            if not taken.isdisjoint(name for name, _ in phrase.says):
                continue
            fits = _turned(phrase, shares) if turned else phrase
            if fits and (turned or rng.random() < _fit(phrase, shares)):
                chosen.append(fits)
                taken |= {name for name, _ in phrase.says}
                break
    return chosen


def _about(words: Words, kind: str, survey: bool, amount: bool) -> Sequence[Phrase]:
    """Phrases that begin with an attribute, or moods, which say several things. survey: rarer names of colours;
    amount: those that are an amount, an adverb or a comparative."""
    if kind == "hue":
        return words.survey if survey else words.colours
    return words.amounts_of[kind] if amount and kind != "mood" else words.phrases_of[kind]


def _fit(phrase: Phrase, shares: Mapping[str, float]) -> float:
    """How well a phrase says what the clip is, 0 where it would be wrong."""
    fit = 1.0
    for attribute, share in phrase.says:
        near = NEAR_HUE if attribute == "hue" else NEAR if attribute == phrase.says[0][0] else 1.6 * NEAR
        distance = away(attribute, shares[attribute], share) / near
        fit *= 0.0 if distance > FARTHEST else 2.0 ** -(distance**2)
    return fit


def _turned(phrase: Phrase, shares: Mapping[str, float]) -> Phrase | None:
    """The phrase as a negation, if the clip is what the negation says."""
    attribute, share = phrase.says[0]
    own = shares[attribute]
    if len(phrase.says) > 1 or phrase.form != "adj" or (own < 0.5) == (share < 0.5) or abs(share - 0.5) < 0.1:
        return None
    return Phrase(phrase.text, "not" if abs(own - 0.5) > 0.25 else "not too", phrase.says)


def _worded(rng: random.Random, phrase: Phrase, shares: Mapping[str, float]) -> tuple[str, str]:
    """The phrase as it stands in the sentence, and where: `adj` or `after`."""
    if phrase.form == "thing":
        return rng.choice(LIKE).format(phrase.text), "after"
    if phrase.form in {"not", "not too"}:
        return rng.choice(NOT + LESS if phrase.form == "not" else NOT_TOO).format(phrase.text), "after"
    if phrase.form in WAYS_OF:
        return rng.choice(WAYS_OF[phrase.form]).format(phrase.text), "after"
    attribute, share = phrase.says[0]
    if phrase.form == "after":
        return phrase.text, "after"
    if attribute == "hue" and rng.random() < 0.35:
        return rng.choice(WAYS).format(phrase.text), "after"
    own = shares[attribute]
    if attribute != "hue" and rng.random() < 0.3:
        beyond = abs(own - 0.5) - abs(share - 0.5)
        if beyond > 0.03:
            way = rng.choice(UP)
            return (way.format(phrase.text), "after") if "{}" in way else (f"{way} {phrase.text}", "adj")
        if beyond < -0.06:
            return f"{rng.choice(DOWN)} {phrase.text}", "adj"
    if attribute != "hue" and rng.random() < 0.25:
        return rng.choice(KEEP).format(phrase.text), "after"
    return phrase.text, "adj"


def _composed(rng: random.Random, noun: str, adjectives: list[str], after: list[str]) -> str:
    """Noun, adjectives and what comes after in one of many orders."""
    rng.shuffle(adjectives)
    rng.shuffle(after)
    bare = noun.removeprefix("an ").removeprefix("a ").removeprefix("the ")
    listed = ", ".join([*adjectives, *after])
    joined = rng.choice([" ", ", ", " and "]).join(adjectives)
    tail = rng.choice([" ", ", ", " and ", " "]).join(after)
    way = rng.randrange(13)
    if not noun:
        text = rng.choice(
            [listed, f"make it {listed}", f"it should be {listed}", f"same but {listed}", f"now {listed}"]
        )
    elif way < 3 or not listed:
        article = rng.choice(["", "", "a ", "the ", "some "])
        text = f"{article}{joined} {bare} {tail}" if adjectives else f"{noun} {tail}"
    elif way == 3:
        text = f"{noun}, {listed}"
    elif way == 4:
        text = f"{noun}. {listed}."
    elif way == 5:
        text = f"{noun} that should be {listed}" if adjectives and not after else f"{noun}: {listed}"
    elif way == 6:
        text = f"{listed}: {noun}"
    elif way == 7:
        text = rng.choice([f"{noun}, but {listed}", f"{noun} and make it {listed}", f"{listed}, with {noun}"])
    elif way == 8:
        text = f"{joined} {bare}, {tail}" if adjectives and after else f"{listed} {bare}"
    elif way == 9:
        text = rng.choice([f"can you do {noun} but {listed}?", f"{listed}, something with {bare}", f"{bare}? {listed}"])
    elif way == 10:
        text = f"i want it {listed}. {noun}" if rng.random() < 0.5 else f"{listed}, kind of like {noun}"
    else:  # what is said, in front of it and behind it
        first, *rest = [*adjectives, *after]
        text = f"{first} {bare}, {', '.join(rest)}" if adjectives else f"{first}, {noun}, {', '.join(rest)}"
    text = " ".join(f"{rng.choice(FILLERS)} {text} {rng.choice(ENDINGS)}".split())
    for mark in (",", ".", "!", "?"):
        text = text.replace(f" {mark}", mark)
    return text.strip(" ,")


def _spoilt(rng: random.Random, text: str) -> str:
    """Now and then a letter is missing or doubled, as happens to who types."""
    if rng.random() > 0.06 or len(text) < 8:
        return text
    place = rng.randrange(1, len(text) - 1)
    return text[:place] + text[place + 1 :] if rng.random() < 0.5 else text[:place] + text[place] + text[place:]
