"""Much or little of something, faster or slower, moving how: phrases that need words around them to say a side."""

from vgan.training.words.adjectives import Phrase

MUCH = (  # of a noun: its attribute lies high
    """lots of {} | plenty of {} | loads of {} | tons of {} | a lot of {} | heaps of {} | a good deal of {} | so much
    {} | really strong {} | strong {} | more {} | way more {} | as much {} as possible | as much {} as you can | crank
    up the {} | turn up the {} | turn the {} up | max out the {} | boost the {} | don't hold back on the {} | don't be
    shy with the {} | no shortage of {} | all the {} you can get | full of {} | with a lot of {} | with plenty of {} |
    with real {} | big on {} | heavy on {} | high {} | with high {} | maximum {} | i want {} | needs {} | it needs more
    {} | push the {} | give it some {} | go wild with the {} | extra {} | with extra {} | not without {}"""
)
LITTLE = (  # of a noun: its attribute lies low
    """not much {} | not a lot of {} | hardly any {} | barely any {} | scarcely any {} | almost no {} | next to no {} |
    little {} | very little {} | with little {} | without much {} | without too much {} | not too much {} | no {} |
    zero {} | with no {} | without any {} | less {} | a lot less {} | as little {} as possible | go easy on the {} |
    easy on the {} | tone down the {} | turn down the {} | turn the {} down | cut the {} | cut back on the {} | dial
    back the {} | dial down the {} | keep the {} low | keep the {} down | keep the {} to a minimum | minimum {} |
    minimal {} | low {} | with low {} | low on {} | light on {} | spare me the {} | i don't want much {} | i don't need
    {} | doesn't need much {} | just a touch of {} | only a hint of {} | a tiny bit of {} at most | never much {} |
    lacking {} | free of {} | not so much {} | reduce the {}"""
)
MOVING = (  # how it moves
    """moving {} | it moves {} | that moves {} | which moves {} | moves {} | flowing {} | that flows {} | drifting {} |
    drifts {} | floating {} | that floats {} by | swirling {} | rolling {} | rolling by {} | it goes {} | going {} |
    passing {} | spreading {} | turning {} | rising {} | falling {} | sinking {} | swaying {} | that sways {} | pulsing
    {} | waving {} | shifting {} | changing {} | morphing {} | {} moving | {} flowing | {} drifting | everything moves
    {} | have it move {} | let it move {} | should move {} | it should move {} | travelling {} | streaming {} | gliding
    {} | it all happens {} | {}"""
)
MORE = (  # a comparative
    """{} | a bit {} | a little {} | much {} | a lot {} | way {} | {} please | {} than usual | {} than normal | make it
    {} | make it a bit {} | could be {} | should be {} | it can be {} | even {} | just {} | go {} | somewhat {} | a
    touch {} | slightly {} | {} than before | on the {} side | i'd like it {} | a shade {}"""
)

_NOUNS = {
    "motion": "movement | motion | action | speed | energy | tempo | life | bustle | pace | drive | turbulence",
    "brightness": "light | brightness | glow | shine | glare | sunlight | sparkle | daylight | radiance",
    "saturation": "colour | saturation | colours | vibrancy | colour intensity | color | chroma | vividness",
    "contrast": """contrast | punch | drama | difference between light and dark | bite | hardness | edge | sharpness |
    light-dark difference | crispness | pop""",
    "complexity": """detail | details | clutter | stuff | texture | elements | busyness | pattern | complexity | shapes
    | little things | ornament | layers | mess | things in the picture""",
}
_NOUNS_OF_LOW = {
    "motion": "calm | stillness | peace and quiet | slowness",
    "brightness": "darkness | shadow | gloom | shade",
    "saturation": "grey | paleness",
    "contrast": "softness | haze | blur | fog",
    "complexity": "empty space | space | emptiness | room | simplicity | breathing space",
}
_ADVERBS = {
    0.05: "barely | hardly | almost not | scarcely | hardly at all | practically not | barely noticeably",
    0.15: """slowly | very slowly | ever so slowly | super slowly | lazily | gently | softly | sleepily | quietly |
    calmly | leisurely | sluggishly | languidly | gradually | peacefully | smoothly and slowly | in slow motion |
    dreamily | at a crawl | only a little | only slightly | only a bit | just a little | without haste | serenely |
    unhurriedly | wearily | heavily""",
    0.8: """quickly | fast | rapidly | swiftly | briskly | energetically | quick | a lot | constantly | nervously |
    restlessly | hastily | speedily | nimbly | vigorously | quite fast | pretty fast | in a rush | excitedly | at
    speed""",
    0.94: """wildly | frantically | furiously | violently | super fast | really fast | like crazy | madly | at full
    speed | feverishly | hectically | insanely fast | uncontrollably | too fast to follow | at lightning speed""",
}
_COMPARATIVES = {
    (
        "motion",
        0.2,
    ): "slower | calmer | lazier | gentler | quieter | more relaxed | more chilled | less hectic | more still",
    (
        "motion",
        0.8,
    ): "faster | quicker | livelier | wilder | more lively | more dynamic | more energetic | snappier | speedier",
    ("brightness", 0.22): "darker | dimmer | moodier | gloomier | blacker | more shadowy | murkier | less bright",
    ("brightness", 0.78): "brighter | lighter | sunnier | shinier | more luminous | whiter | better lit | less dark",
    (
        "saturation",
        0.22,
    ): "paler | greyer | more muted | duller | less colourful | more subdued | more faded | less saturated",
    (
        "saturation",
        0.78,
    ): "more colourful | more vivid | richer | bolder in colour | more saturated | juicier | more vibrant",
    (
        "contrast",
        0.2,
    ): "softer | flatter | hazier | blurrier | smoother | mistier | milder | less contrasty | less harsh | fuzzier",
    (
        "contrast",
        0.8,
    ): "punchier | crisper | harder | sharper | starker | bolder | more dramatic | more contrasty | edgier",
    ("scale", 0.2): "smaller | finer | tinier | thinner | narrower | more delicate | more fine-grained | further away",
    ("scale", 0.8): "bigger | larger | broader | wider | thicker | more massive | huger | fatter | closer",
    ("complexity", 0.2): "simpler | plainer | emptier | cleaner | sparser | more minimal | tidier | less busy | fewer",
    (
        "complexity",
        0.8,
    ): "busier | denser | fuller | more detailed | more intricate | more complex | more crowded | messier",
}


def listed(text: str) -> tuple[str, ...]:
    """Phrases with bars between them."""
    return tuple(" ".join(part.split()) for part in text.split("|"))


WAYS_OF = {"much": listed(MUCH), "little": listed(LITTLE), "moving": listed(MOVING), "more": listed(MORE)}
AMOUNTS: tuple[Phrase, ...] = (
    *(Phrase(noun, "much", ((name, 0.85),)) for name, nouns in _NOUNS.items() for noun in listed(nouns)),
    *(Phrase(noun, "little", ((name, 0.16),)) for name, nouns in _NOUNS.items() for noun in listed(nouns)),
    *(Phrase(noun, "much", ((name, 0.16),)) for name, nouns in _NOUNS_OF_LOW.items() for noun in listed(nouns)),
    *(Phrase(adverb, "moving", (("motion", share),)) for share, row in _ADVERBS.items() for adverb in listed(row)),
    *(Phrase(text, "more", ((name, share),)) for (name, share), row in _COMPARATIVES.items() for text in listed(row)),
)
