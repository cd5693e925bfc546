"""The model card of the interpolator, written from what was measured, so that no figure is typed by hand."""

import hashlib
from pathlib import Path

from vgan.evaluate_interpolate import LARGEST_PSNR, InterpolationReport, table
from vgan.models.interpolator import LONGEST
from vgan.weights import read_config

TEMPLATE = """---
license: apache-2.0
library_name: vgan-studio
tags: [video, frame-interpolation, optical-flow, slow-motion]
---

# VGAN interpolate

A {parameters:,}-parameter network that draws the picture at any moment between two pictures: flow to both, a mask of
which is seen, and a small correction. Played by VGAN Studio, for smooth and slow motion and for lost frames.

## Use

The `interpolate` step of a recipe; `python -m vgan render` plays it. `model.safetensors` holds bfloat16 weights,
`config.json` the sizes of the network. Pictures go in and come out in [-1, 1]. Motion is looked for at {longest} px on
the longer side, and what moves along it is as large as it came.

## Data

The first 60 % of six clips: Big Buck Bunny (CC-BY 3.0, Blender Foundation), corridor and bottles (CC-BY 4.0, Intel),
crystal, elf and frog (CC0, MDN); and 141 photographs (CC0, public domain, Unsplash-CC0, CC-BY, BSD), cut into layers
that move in known ways.

## Training

{steps:,} steps, {minutes:g} minutes on {device} with {workers} process{plural} (the machine had other work to do at the
same time). Loss: Charbonnier distance and Laplacian bands of the picture, likeness of each moved side, flow where it is
known; exponential moving average of weights. No critic: what is between two pictures is not to be made up.

## Measured

{table}
Every second frame of real clips left out and drawn again; PSNR of RGB, mean of frames, {largest:g} dB at most for one.
Only the last {rest:.0%} of every clip, which were never trained on; of bbb-1080p, chaplin, rabbit and sample, nothing
was. Scenes that stand still and pairs across cuts are left out. DIS flow: OpenCV's dense inverse search at full
size, forth and back, both neighbours moved and merged by which way they agree.

Joints of different clips: {joints}; of these, something blended was shown at {blended}.

## Limits

What was not seen in training, such as water, smoke and very fast motion, is blended rather than moved. Where frames are
almost equal, and in noisy film, blending is as good or better.

`model.safetensors` sha256: `{sha256}`
"""


def write_interpolate_card(report: InterpolationReport, folder: Path) -> Path:
    """Write README.md beside the weights in `folder`. Raises WeightsError."""
    config = read_config(folder / "config.json")
    text = TEMPLATE.format(
        parameters=config["parameters"],
        longest=LONGEST,
        table=table(report),
        largest=LARGEST_PSNR,
        rest=1 - report.start,
        joints=report.joints,
        blended=report.blended,
        plural="" if config["training"]["workers"] == 1 else "es",
        sha256=hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
        **config["training"],
    )
    card = folder / "README.md"
    card.write_text(text)
    return card
