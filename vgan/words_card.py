"""The model card of the words network, written from what was measured."""

import hashlib
import json
from pathlib import Path

from vgan.evaluate_words import WordsReport, table
from vgan.settings import Settings

TEMPLATE = """---
license: apache-2.0
library_name: vgan-studio
tags: [text, conditioning, gan, video]
---

# VGAN words

A {parameters:,}-parameter network that turns a sentence ("slow green aurora over dark, calm") into a look and values of
its sliders, with how sure each is. It reads the tokens and their mean of `sentence-transformers/all-MiniLM-L6-v2`
(Apache-2.0, not part of these weights).

## Use

The sentence box of the Create tab, `python -m vgan words "..."`, `/words` over HTTP. Twelve looks: {names}; a
thirteenth answer says that none is named. Attributes that a sentence does not speak of are left as they are.

## Data

Captions that clips write about themselves: a clip of the looks' formulas is measured (hue, saturation, brightness,
contrast, scale, complexity, motion), and a grammar (`vgan/training/words`) chooses words that fit what was measured
and puts them together. {captions:,} captions. Names of colours: partly the xkcd colour survey (Munroe 2010, CC0).
Nothing was collected from people for it.

## Training

{steps:,} steps, {minutes:g} minutes on {device} (the machine had other work to do at the same time){begun}. Losses:
cross-entropy of the look; whether each attribute is spoken of; of those that are, the likelihood of what was measured
under a Gaussian, of the hue under a von Mises distribution.

## Measured

{table}
Held-out sentences: `assets/words/held_out.txt`, written by hand before any training, in other constructions than the
grammar's, and never trained on. Their author also wrote the first grammar, which flatters both. The widening's author
had not seen the held-out sentences, only how well each look and attribute of them was read, and developed on sentences
of their own. Each names a look and asks for two things. Drawn: preview pictures in the look that was meant, sliders as
read, attributes measured as in training.

## Limits

English. A few hundred Chinese words are translated one by one before. What no look shows (dogs, faces, cities) is not
drawn; the words that changed nothing are listed. Two clauses about different things ("a bright sky over a dark sea")
are one value.

`model.safetensors` sha256: `{sha256}`
"""
BEGUN = """, the first {steps:,} of them on {captions:,}
captions of a narrower grammar; these weights lie between both ends, {mix:.0%} of the way (Wortsman et al. 2022)"""


def write_words_card(report: WordsReport, settings: Settings) -> Path:
    """Write README.md beside the bundled words network."""
    folder = settings.weights / "words"
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    card = folder / "README.md"
    text = TEMPLATE.format(
        parameters=config["parameters"],
        names=", ".join(config["params"]["looks"]),
        captions=config["captions"],
        begun=BEGUN.format(**config["begun"]) if "begun" in config else "",
        table=table(report),
        sha256=hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
        **config["training"],
    )
    card.write_text(text, encoding="utf-8")
    return card
