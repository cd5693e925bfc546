"""How attributes are spoken of in captions: each phrase with the share of the look's range that it is used for.

Forms: `adj` stands before a noun or alone, `after` behind it. Colours stand apart: they say a hue, and often more.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """One way to say something. says: attribute to share of its range, in [0, 1]; hue in turns."""

    text: str
    form: str
    says: tuple[tuple[str, float], ...]


def bank(form: str, attribute: str, rows: dict[float, str]) -> list[Phrase]:
    """Phrases of one form about one attribute, from texts with bars between them, by the share that they say."""
    return [
        Phrase(" ".join(text.split()), form, ((attribute, share),))
        for share, texts in rows.items()
        for text in texts.split("|")
    ]


PHRASES: tuple[Phrase, ...] = (
    *bank(
        "adj",
        "motion",
        {
            0.05: """still | motionless | frozen | static | barely moving | hardly moving | immobile | unmoving |
            nearly still""",
            0.18: """slow | very slow | slowly moving | calm | gentle | lazy | sleepy | sluggish | unhurried |
            leisurely | drifting | creeping | crawling | relaxed | restful | slow-motion | dreamily slow | lingering
            | languid""",
            0.5: "moderately moving | steadily moving",
            0.8: """fast | quick | lively | rapid | swift | brisk | dynamic | energetic | agitated | restless |
            speedy | vivid in motion""",
            0.94: """very fast | frantic | hectic | racing | wild | furious | rushing | turbulent | breakneck |
            stormy | whirling""",
        },
    ),
    *bank(
        "after",
        "motion",
        {
            0.05: """almost without movement | that stands still | as if time had stopped | with no motion | hardly
            stirring | not moving at all | without any movement""",
            0.18: """in slow motion | moving slowly | drifting along | at a slow pace | swaying softly | taking it
            easy | with little movement | low motion | at a snail's pace | floating by | that moves gently |
            breathing slowly""",
            0.5: "at a medium pace | with some movement",
            0.8: """moving fast | with a lot of movement | at high speed | full of energy | lots of motion | flying
            by | in quick motion | always on the move | dancing | with lively movement | high motion""",
            0.94: """at top speed | rushing past | as fast as possible | going crazy | in a hurry | racing along |
            storming ahead | whipping around | hectic movement""",
        },
    ),
    *bank(
        "adj",
        "brightness",
        {
            0.06: "pitch dark | very dark | black | nearly black | pitch-black | unlit",
            0.2: """dark | dim | shadowy | gloomy | dusky | night-time | murky | low-key | dimly lit | deep | sombre
            | moonlit | poorly lit | darkish""",
            0.5: "half-lit | of medium brightness",
            0.8: """bright | light | sunny | luminous | sunlit | well-lit | radiant | light-filled | shining | airy
            | high-key | brightly lit""",
            0.94: "very bright | dazzling | blazing | brilliant | glaring | blinding | white-hot | overexposed",
        },
    ),
    *bank(
        "after",
        "brightness",
        {
            0.06: "in the dark | in deep darkness | at midnight | hardly any light at all | with almost no light",
            0.2: """at night | over dark | on a dark background | in low light | after sunset | in the shadows | at
            dusk | by moonlight | with the lights turned down | in a dark room | not much light""",
            0.8: """in daylight | in bright light | in the sun | full of light | on a light background | at noon |
            with lots of light | in the morning sun | lit up""",
            0.94: "as bright as possible | in glaring light | flooded with light | under bright lamps",
        },
    ),
    *bank(
        "adj",
        "saturation",
        {
            0.06: "colourless | grey | black and white | monochrome | desaturated | greyscale",
            0.2: """pale | muted | washed-out | faded | dull | pastel | dusty | subdued | bleached | ashen |
            soft-coloured | pallid | drab | weak in colour""",
            0.8: """colourful | vivid | rich | saturated | strong-coloured | intense | bold | colorful | lush |
            juicy | full-coloured""",
            0.94: """very colourful | psychedelic | garish | screaming | super saturated | neon-bright |
            candy-coloured | electric""",
        },
    ),
    *bank(
        "after",
        "saturation",
        {
            0.06: "without colour | with hardly any colour | in greys | drained of colour",
            0.2: """in pale tones | in muted colours | in pastel shades | with faded colours | with little colour |
            low saturation""",
            0.8: """in strong colours | in rich colours | with vivid colours | full of colour | high saturation | in
            bold tones""",
            0.94: "in screaming colours | with the colours turned up | in the brightest colours | in crazy colours",
        },
    ),
    *bank(
        "adj",
        "contrast",
        {
            0.1: """flat | low-contrast | hazy | misty-looking | soft | blended | milky | blurry | even-toned |
            mellow | subtle""",
            0.85: """high-contrast | contrasty | stark | crisp | dramatic | hard | sharp | punchy | harsh | striking
            | strong in contrast | clear-cut""",
        },
    ),
    *bank(
        "after",
        "contrast",
        {
            0.1: """with little contrast | low contrast | with soft transitions | in flat light | without hard edges
            | everything in similar tones | with soft shadows | light and dark close together""",
            0.85: """with strong contrast | high contrast | with deep shadows | with hard light | with sharp edges |
            light against dark | with bright highlights and black shadows | black and bright | that stands out""",
        },
    ),
    *bank(
        "adj",
        "scale",
        {
            0.08: "tiny | minute | fine | microscopic | delicate | miniature",
            0.22: "small | little | fine-grained | small-scale | narrow | petite",
            0.8: "large | big | wide | broad | large-scale | sweeping | great",
            0.93: "huge | giant | enormous | massive | vast | gigantic | immense | monumental",
        },
    ),
    *bank(
        "after",
        "scale",
        {
            0.12: """with tiny shapes | in fine detail | seen from far away | small shapes | in miniature | made of
            little bits""",
            0.88: "with large shapes | in big forms | seen from close up | big shapes | zoomed in | filling the frame",
        },
    ),
    *bank(
        "adj",
        "complexity",
        {
            0.06: "empty | nearly empty | bare | minimal | minimalist | lonely",
            0.2: "simple | sparse | plain | uncluttered | clean | quiet | tidy | reduced | spare | few",
            0.8: "busy | detailed | complex | dense | rich in detail | intricate | crowded | full | many-layered",
            0.94: "very busy | chaotic | overloaded | teeming | cluttered | packed | overflowing | countless",
        },
    ),
    *bank(
        "after",
        "complexity",
        {
            0.06: "with almost nothing in it | just one | with a lot of empty space | only one or two",
            0.2: """with few details | not much going on | with few shapes | a few of them | just a handful | here
            and there | with plenty of room""",
            0.8: """with lots of detail | many of them | everywhere | all over | with a lot going on | full of
            little things""",
            0.94: "filling every corner | thousands of them | too many to count | everything at once | crammed full",
        },
    ),
)

# Words that say several things at once. One is used only where the clip agrees with all of it.
MOODS: tuple[Phrase, ...] = tuple(
    Phrase(text, form, tuple(says.items()))
    for form, text, says in (
        ("adj", "peaceful", {"motion": 0.15, "complexity": 0.3}),
        ("adj", "calming", {"motion": 0.15}),
        ("adj", "serene", {"motion": 0.12, "complexity": 0.25}),
        ("adj", "meditative", {"motion": 0.12, "complexity": 0.3}),
        ("adj", "hypnotic", {"motion": 0.3, "complexity": 0.65}),
        ("adj", "dreamy", {"motion": 0.2, "contrast": 0.2}),
        ("adj", "tender", {"motion": 0.2, "contrast": 0.2}),
        ("adj", "moody", {"brightness": 0.2}),
        ("adj", "gloomy", {"brightness": 0.15, "saturation": 0.25}),
        ("adj", "sad", {"brightness": 0.2, "saturation": 0.2, "motion": 0.25}),
        ("adj", "melancholic", {"brightness": 0.25, "saturation": 0.25, "motion": 0.2}),
        ("adj", "mysterious", {"brightness": 0.15, "motion": 0.3}),
        ("adj", "sinister", {"brightness": 0.12, "contrast": 0.75}),
        ("adj", "threatening", {"brightness": 0.15, "contrast": 0.8}),
        ("adj", "cheerful", {"brightness": 0.75, "saturation": 0.75}),
        ("adj", "happy", {"brightness": 0.75, "saturation": 0.75}),
        ("adj", "joyful", {"brightness": 0.75, "saturation": 0.8, "motion": 0.7}),
        ("adj", "playful", {"motion": 0.75, "saturation": 0.75}),
        ("adj", "excited", {"motion": 0.88}),
        ("adj", "aggressive", {"motion": 0.85, "contrast": 0.85}),
        ("adj", "explosive", {"motion": 0.93, "contrast": 0.8}),
        ("adj", "chaotic", {"motion": 0.85, "complexity": 0.9}),
        ("adj", "elegant", {"motion": 0.25, "complexity": 0.25}),
        ("adj", "luxurious", {"saturation": 0.7, "contrast": 0.7}),
        ("adj", "epic", {"scale": 0.85, "contrast": 0.8}),
        ("adj", "majestic", {"scale": 0.88, "motion": 0.25}),
        ("adj", "romantic", {"motion": 0.2, "contrast": 0.25}),
        ("adj", "nostalgic", {"saturation": 0.25, "contrast": 0.25}),
        ("adj", "wintry", {"brightness": 0.75, "saturation": 0.2}),
        ("adj", "modern and clean", {"complexity": 0.15}),
        ("adj", "loud", {"saturation": 0.9, "contrast": 0.8}),
        ("adj", "quiet", {"motion": 0.15, "complexity": 0.2}),
        ("adj", "ghostly", {"saturation": 0.12, "contrast": 0.3}),
        ("adj", "festive", {"saturation": 0.8, "brightness": 0.7}),
        ("after", "like a dream", {"motion": 0.2, "contrast": 0.2}),
        ("after", "like a lullaby", {"motion": 0.1}),
        ("after", "like a nightclub", {"brightness": 0.2, "saturation": 0.85, "motion": 0.8}),
        ("after", "for falling asleep", {"motion": 0.08, "brightness": 0.2}),
        ("after", "for a party", {"motion": 0.8, "saturation": 0.85}),
        ("after", "for meditation", {"motion": 0.1, "complexity": 0.25}),
        ("after", "with a lot of drama", {"contrast": 0.88}),
        ("after", "in fog", {"contrast": 0.12}),
        ("after", "in black and white", {"saturation": 0.05}),
    )
)
