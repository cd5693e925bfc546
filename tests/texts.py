"""Random texts in many scripts, and what is measured on their pixels."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np

from vgan.media.extent import Extent
from vgan.overlays.around import Box, Onto
from vgan.overlays.blend import lay
from vgan.overlays.captions import open_captions
from vgan.recipe import ASPECTS, Recipe
from vgan.recipe_overlays import Captions, Text
from vgan.registry import Models
from vgan.settings import Settings
from vgan.share.platforms import PLATFORMS, safe_box
from vgan.text.fonts import FONTS
from vgan.text.layout import lay_out
from vgan.text.raster import Drawing

WORDS = {
    "latin": "The quick brown fox jumps over it, gjpqy ÄÖÜ Ångström Đặng fjord WWW 50 % (yes) naïve",
    "chinese": "你好，世界！ 今天天气真好 「引用」 春夏秋冬 龘靐齉 一二三 我们去公园吧。",
    "arabic": "مرحبا بالعالم هذا نص عربي ١٢٣ (تجربة) لله صلى قهوة الصباح، ٪٥٠ بِسْمِ ٱللَّٰهِ",
    "hebrew": "שלום עולם, זה טקסט (בעברית) 123 לְךָ בְּרֵאשִׁית ABC",
    "devanagari": "नमस्ते दुनिया, यह हिन्दी क्षत्रिय त्र्यम्बक श्री है। १२३ र्कि",
    "thai": "สวัสดีครับ วันนี้ อากาศดีมาก ที่นี่ ปู่ ญี่ปุ่น น้ำ ๑๒๓ กรุงเทพมหานคร",
    "japanese and korean": "日本語の字幕です。 とても、綺麗 カタカナー 안녕하세요 여러분 반갑습니다 「はい」",
    "emoji and marks": "😍 👩🏽‍🚀 👨‍👩‍👧 🇫🇷🇯🇵 👍🏿 ❤️ 1️⃣ 🏳️‍🌈 x̂ ẽ̂ Z̸̢͉͊̈́ á̖̗̘̙ o͜͡o 🎉🎉🎉",
}
PAD = 64  # pixels around a block, in which no ink may be found


def random_text(rng: random.Random, script: str) -> str:
    """One to twenty words, now and then glued together, broken into lines, or mixed with another script."""
    pool = WORDS[script].split(" ")
    if rng.random() < 0.25:
        pool = pool + WORDS[rng.choice(list(WORDS))].split(" ")
    words = [rng.choice(pool) for _ in range(rng.choice([1, 1, 2, 3, 5, 8, 12, 20]))]
    return "".join(word + rng.choice([" ", " ", " ", " ", "", "\n"]) for word in words) or pool[0]


def random_style(rng: random.Random) -> dict[str, object]:
    """Fields of a text's style, anywhere in their ranges."""
    return {
        "font": rng.choice(list(FONTS)),
        "size": rng.choice([0.015, 0.04, 0.08, 0.12, 0.25, 0.4]),
        "outline": rng.choice([0, 0, 0.05, 0.12, 0.3]),
        "box": rng.choice([0, 0, 0.5, 1]),
        "shadow": rng.choice([0, 0.5, 1]),
        "align": rng.choice(["left", "center", "right"]),
        "x": rng.choice([0, 0.5, 1, rng.random()]),
        "y": rng.choice([0, 0.5, 1, rng.random()]),
        "width": rng.choice([0.1, 0.3, 0.7, 1]),
        "enter": rng.choice(["none", "fade", "slide", "pop", "words"]),
        "leave": rng.choice(["none", "fade", "slide", "pop"]),
    }


def ink_outside(text: str, style: Text, size: float, width: int, height: int) -> int:
    """Pixels of a laid out text outside the block that it says it is, or 1 where the block is larger than asked."""
    block = lay_out(text, style, size, width, height)
    if block is None:
        return 0
    if block.width > width or block.height > height:
        return 1
    runs = tuple(replace(run, x=run.x + PAD, y=run.y + PAD) for run in block.runs)
    lines = tuple(tuple(side + PAD for side in line) for line in block.lines)
    larger = replace(block, width=block.width + 2 * PAD, height=block.height + 2 * PAD, runs=runs, lines=lines)
    alpha = Drawing(larger, style).draw()[..., 3].copy()
    alpha[PAD:-PAD, PAD:-PAD] = 0
    return int((alpha > 0).sum())


def onto(size: tuple[int, int], platform: str = "any", frames: int = 60, fps: int = 20) -> Onto:
    """A finished picture of that size, with the safe zone of a platform."""
    safe = Box(*safe_box(platform, size))
    return Onto(Extent(frames, Fraction(fps), size), safe, Recipe(), Models(Settings(), 1))


def changed_outside(step: Captions, there: Onto, frames: range) -> tuple[int, int]:
    """(pixels changed outside the safe zone, pixels changed inside), over some frames."""
    layer, (width, height), safe = open_captions(step, there), there.extent.size, there.safe
    outside = inside = 0
    for frame in frames:
        picture = np.full((height, width, 3), 90, np.uint8)
        lay(picture, layer.at(frame))
        changed = (picture != 90).any(-1)
        within = int(changed[safe.top : safe.bottom, safe.left : safe.right].sum())
        inside, outside = inside + within, outside + int(changed.sum()) - within
    return outside, inside


def try_texts(count: int, seed: int = 0) -> list[str]:
    """Lay `count` random texts over pictures; a description of each that left its box or its safe zone, or is not
    seen."""
    rng = random.Random(seed)
    faults = []
    for number in range(count):
        script = list(WORDS)[number % len(WORDS)]
        text, fields = random_text(rng, script), random_style(rng)
        wide, tall = ASPECTS[rng.choice(list(ASPECTS))]
        unit = rng.choice([144, 240, 360]) / min(wide, tall)
        there = onto((2 * round(wide * unit / 2), 2 * round(tall * unit / 2)), rng.choice(list(PLATFORMS)))
        cues = [{"start": 0.2, "end": 2.6, "text": text}, {"start": 1.1, "end": 2.2, "text": random_text(rng, script)}]
        step = Captions.model_validate({**fields, "cues": cues[: rng.choice([1, 1, 2])]})
        box = rng.randint(8, there.extent.size[0]), rng.randint(8, there.extent.size[1])
        ink = ink_outside(text, step, step.size * min(there.extent.size), *box)
        outside, inside = changed_outside(step, there, range(4, 56, rng.choice([7, 9])))
        room = int(step.width * there.safe.size[0]), there.safe.size[1]
        unseen = len(step.cues) == 1 and not inside and lay_out(text, step, 50, *room) is not None
        if ink or outside or unseen:
            faults.append(f"{number} {script}: {ink} outside {box}, {outside} outside the safe zone: {fields} {text!r}")
    return faults
