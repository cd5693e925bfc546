"""The model card beside shipped weights, written from what was measured, so that no figure is typed by hand."""

import hashlib
import json
from pathlib import Path

from vgan.evaluate import Report, table
from vgan.evaluate_styles import CLIP_SIDE, SIDE, StyleReport
from vgan.evaluate_styles import table as style_table
from vgan.settings import Settings
from vgan.zoo import SMALLER, STYLES

TEMPLATE = """---
license: apache-2.0
library_name: vgan-studio
tags: [gan, video, looping, unconditional-video-generation]
---

# VGAN looks

A {parameters:,}-parameter generator of seamless loops in {looks}: {names}.

It draws any aspect natively; the shorter side is {side} px at its finest level, {preview} px for previews. Played by
VGAN Studio, which enlarges it to the size of the clip.

## Use

`python -m vgan render` and the Create tab play it. `model.safetensors` holds bfloat16 weights, `config.json` the sizes
of the network and, as `knots`, what each slider's range means in measured units for each look.

## Data

Pictures made by formulas (`vgan/training/looks`): random periodic fields, bent and coloured. No photograph, no person,
no licence question; {clips} clips of each look, and as many more as a seed can name. What was made with it may be sold.

## Training

{story}

## Measured

{table}
Protocol: {protocol}.

Classifier: regression on SqueezeNet features, trained on the real training clips, asked about
clips with all sliders anywhere. Sliders: one goes over its range, the others stay in the middle, with new seeds; a
clip is measured at four moments (its colour at one).
Fréchet: single square frames at 64 px, SqueezeNet's last features; not FID, and to be compared with the rows beside
it alone. Training looked through the same SqueezeNet, at earlier layers, which flatters it.

## Limits

Abstract looks only. The finest level is {side} px on the shorter side: larger clips are enlarged from it. Small
hard-edged things (confetti, the lines of the neon grid) are softer than the formulas make them.

`model.safetensors` sha256: `{sha256}`
"""


def write_card(report: Report, settings: Settings, clips: int) -> Path:
    """Write README.md beside the bundled looks. clips: trained on, of each look."""
    folder = settings.weights / (SMALLER["looks"] if settings.quick else "looks")
    config = json.loads((folder / "config.json").read_text())
    weights = (folder / "model.safetensors").read_bytes()
    params, training = config["params"], config["training"]
    levels = len(params["channels"]) - 1
    text = TEMPLATE.format(
        parameters=config["parameters"],
        looks=f"{len(params['looks'])} looks",
        names=", ".join(params["looks"]),
        side=params["base"] * 2**levels,
        preview=params["base"] * 2 ** (levels - 1),
        clips=clips,
        table=table(report),
        protocol=", ".join(f"{name} {value}" for name, value in report.protocol.items()),
        sha256=hashlib.sha256(weights).hexdigest(),
        story=(DISTILLED if "taught_by" in config else TRAINED).format(**training),
    )
    card = folder / "README.md"
    card.write_text(text)
    return card


TRAINED = """\
{steps:,} steps, {minutes:g} minutes on {device} with {workers} processes (the machine had other work to do at the same
time). Loss: relativistic pairing with R1 and R2, a three-frame critic, a critic on frozen SqueezeNet 1.1 features
(BSD-2, trained on ImageNet), attribute and look supervision; exponential moving average of weights; DiffAugment.
`critics.safetensors` holds both critics, with which the training of a look of one's own begins."""

DISTILLED = """\
Distilled from the [looks](../looks/README.md) (`python -m vgan distill`): of their network the channels that are read
most were kept, and {steps:,} steps taught them to draw what it draws, {minutes:g} minutes on {device} with {workers}
process (the machine had other work to do at the same time). Loss: mean difference at every level and LPIPS. Mapping and
base are the larger network's own, so that a style means the same to both. `VGAN_QUICK=1` plays it."""

STYLES_TEMPLATE = """---
license: apache-2.0
library_name: vgan-studio
tags: [gan, style-transfer, video]
---

# VGAN styles

A {parameters:,}-parameter network that redraws pictures and clips in {count} styles: {names}.

One set of weights with conditional instance normalisation (Dumoulin et al. 2017): a style is a vector of scales and
shifts. The statistics that normalise are shared along a clip, so that nothing pulses. Played by VGAN Studio.

## Use

The Style tab and `python -m vgan render` with a `stylize` step. `model.safetensors` holds bfloat16 weights, the styles
as `codes`; `config.json` the sizes of the network.

## Data

Styles: {count} works of painters dead more than 70 years, made before 1930, public domain; the pictures do not ship.
{credits}.
Content: 152 photographs (CC0, public domain, Unsplash-CC0, CC-BY, Pexels, BSD) and frames of our own looks.

## Training

{steps:,} steps, {minutes:g} minutes on {device} with {workers} processes (the machine had other work to do at the same
time). Perceptual loss on SqueezeNet 1.1 features (BSD-2, trained on ImageNet): Gram matrices of six layers, each
relative to its style's own energy; content at fire 4; a patch critic on the same features; what two windows of the same
picture show has to agree; a little total variation; exponential moving average of weights.

## Measured

{table}
Protocol: {protocol}. Photographs: {photos}, {side} px on the shorter side, never trained on. Nearest Gram matrices: the
same features that it was trained with, which flatters it. Flicker: change along the motion (DIS flow), over that of the
clip itself, painted at {clip_side} px; "frame by frame" is the same network with every frame's own statistics.

## Limits

Strokes are as large as the canvas makes them. Faces and lettering are painted over like anything else. Styles fitted to
a picture of one's own change colours and strokes, not how the network sees.

`model.safetensors` sha256: `{sha256}`
"""


def write_styles_card(report: StyleReport, settings: Settings, photos: str = "the Kodak suite") -> Path:
    """Write README.md beside the bundled styles. photos: what was measured on."""
    folder = settings.weights / "styles"
    config = json.loads((folder / "config.json").read_text())
    names = [STYLES[name] for name in config["params"]["styles"]]
    text = STYLES_TEMPLATE.format(
        parameters=config["parameters"],
        count=len(names),
        names=", ".join(style.title for style in names),
        credits="; ".join(f"{style.title}: {style.credit}" for style in names),
        table=style_table(report),
        protocol=", ".join(f"{name} {value}" for name, value in report.protocol.items()),
        photos=photos,
        side=SIDE,
        clip_side=CLIP_SIDE,
        sha256=hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
        **config["training"],
    )
    card = folder / "README.md"
    card.write_text(text)
    return card
