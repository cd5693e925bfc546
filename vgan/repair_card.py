"""The model card of the repair generator, written from what was measured, so that no figure is typed by hand."""

import hashlib
from pathlib import Path

from vgan.evaluate_repair import RepairReport, table
from vgan.weights import read_config

TEMPLATE = """---
license: apache-2.0
library_name: vgan-studio
tags: [video, inpainting, video-restoration]
---

# VGAN repair

A {parameters:,}-parameter network that fits what an interpolator draws between two good frames to a damaged frame in
the middle: it sees how what is kept has moved, and carries that, and its colours, into what is lost. Played by VGAN
Studio.

## Use

The `repair` step of a recipe; `python -m vgan render` plays it. `model.safetensors` holds bfloat16 weights,
`config.json` the sizes of the network. The damaged picture, a mask, the prediction and both neighbours as they were
moved go in; a picture in [-1, 1] comes out. Frames that are lost as a whole are drawn by the interpolator alone.

## Data

The first 60 % of six clips: Big Buck Bunny (CC-BY 3.0, Blender Foundation), corridor and bottles (CC-BY 4.0, Intel),
crystal, elf and frog (CC0, MDN); and free photographs (CC0, public domain, Unsplash-CC0, CC-BY, BSD), cut into layers
that move in known ways. Damaged by formulas: blocks, bars of noise, scratches, flat frames.

## Training

{steps:,} steps, {minutes:g} minutes on {device} with {workers} process{plural} (the machine had other work to do at the
same time). Mean absolute difference where something is lost, likeness through SqueezeNet 1.1, and a patch critic.

## Measured

{table}
Clips damaged at random, {rounds} copies of each, {most} frames of each at most, {side}; only the last 40 % of
every clip, which was never trained on. F1, precision and recall are of the detector, which is no network: damaged
frames found, of those that differ from the truth by more than can be seen. Mended, over blending: PSNR of RGB of frames
that were found, against a blend of the good frames before and after.

## Limits

It moves and colours what the neighbours show. What neither of them shows is not made up.

`model.safetensors` sha256: `{sha256}`
"""


def write_repair_card(report: RepairReport, folder: Path) -> Path:
    """Write README.md beside the weights in `folder`. Raises WeightsError."""
    config = read_config(folder / "config.json")
    text = TEMPLATE.format(
        parameters=config["parameters"],
        table=table(report),
        rounds=report.rounds,
        most=report.most,
        side="as large as they came" if report.side is None else f"shrunk to {report.side} px on the longer side",
        plural="" if config["training"]["workers"] == 1 else "es",
        sha256=hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
        **config["training"],
    )
    card = folder / "README.md"
    card.write_text(text)
    return card
