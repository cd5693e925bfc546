"""The model cards of the networks that mend, written from what was measured, so that no figure is typed by hand."""

import hashlib
from pathlib import Path

from vgan.errors import WeightsError
from vgan.evaluate_enhance import BLUR, NOISE, QUALITIES, EnhanceReport, table
from vgan.models.srvgg import from_checkpoint
from vgan.weights import read_config, read_weights

TEMPLATE = """---
license: apache-2.0
library_name: vgan-studio
tags: [{tags}]
---

# VGAN {title}

A {parameters:,}-parameter network that {does}: {version}. Played by VGAN Studio.

## Use

{steps_that_use}; `python -m vgan render` plays them. `model.safetensors` holds bfloat16 weights in the layout of
Real-ESRGAN's `SRVGGNetCompact` ({features} channels, {layers} layers in between), which `spandrel` loads from the file
alone. Pictures go in and come out in [0, 1]. {blends}

## Data

152 photographs (CC0, public domain, Unsplash-CC0, CC-BY, Pexels, BSD), whole and made smaller, and frames of our own
looks. {spoiled}

## Training

{steps:,} steps, {minutes:g} minutes on {device} with {workers} process{plural} (the machine had other work to do at the
same time). {loss}

## Measured

{table}
{photos} photographs ({data}), never trained on; means. Rows of other names are networks measured in the same way, in
the same run. {how}

## Limits

{limits}

`model.safetensors` sha256: `{sha256}`
"""

LPIPS = (
    "LPIPS: through SqueezeNet 1.1, heads 0.1; 0 is equal. Degraded: {}Gaussian noise of {:g} to {:g} levels of 255, "
    "JPEG of quality {} to {}, drawn once for each photograph from a fixed seed."
)
DENOISED_FIRST = " Denoised first: the same pictures, through our denoiser before, as the step `denoise` does it."
FLATTERS = " The network was trained with this very measure as a loss, which flatters it."
UPSCALE_HOW = (
    "PSNR: luma (BT.601, studio range), a border of the scale's width cut, of photographs made smaller by antialiased "
    "bicubic interpolation and rounded to 256 levels. A network of a larger scale is shrunk to this one's. "
)
DENOISE_HOW = (
    "Sigma 25: Gaussian noise of 25 levels of 255, not clipped, PSNR of all channels; grey: of luma, where a network "
    "in colour gets it three times and its answers are meaned. JPEG q20: PSNR of luma, gained over the file as it is. "
)
LOSSES = {
    "fidelity": "Mean absolute difference; Adam; exponential moving average of weights.",
    "clean": "Began at the fidelity version's weights. Mean absolute difference; Adam; exponential moving average of "
    "weights.",
    "gan": "Began at the fidelity version's weights. Mean absolute difference, LPIPS (SqueezeNet 1.1, BSD-2, trained "
    "on ImageNet), and a U-Net critic with spectral norm, as Real-ESRGAN (Wang et al. 2021); averaged "
    "weights.",
}
BY_PSNR = " In a last stretch the mean PSNR of windows in place of the difference."
SPOILED = {
    ("upscale", "fidelity"): "Made smaller by antialiased bicubic interpolation.",
    ("denoise", "fidelity"): "With Gaussian noise of up to 55 levels of 255, in colour or grey, from JPEG files of "
    "quality 8 to 69, or both.",
    ("upscale", "clean"): "Made smaller by antialiased bicubic interpolation, then noisy (Gaussian, up to 55 levels of "
    "255, in colour or grey), from JPEG files of quality 8 to 69, or both.",
    ("upscale", "gan"): "Blurred, resized, noisy (Gaussian, Poisson) and compressed (JPEG, H.264), in random order, a "
    "share of them; the others only made smaller.",
    (
        "denoise",
        "gan",
    ): "Half as the fidelity version's; half blurred, resized, noisy (Gaussian, Poisson) and "
    "compressed (JPEG, H.264), in random order.",
}
LIMITS = {
    "fidelity": "What cannot be known comes out soft: this version is as near to the truth as it can be, in the mean.",
    "clean": "What is fine looks like noise to it and goes as well: PSNR on good pictures is lower than the fidelity "
    "version's.",
    "gan": "Fine detail is made up to look right: it is not evidence of what was there. PSNR is lower than that of the "
    "fidelity version.",
}
VERSIONS = {
    "fidelity": "the fidelity version, as near to the good picture as it can be",
    "clean": "the version that takes out noise and blocks at the same time",
    "gan": "the GAN version, which looks sharp and clean",
}


def write_card(report: EnhanceReport, folder: Path, data: str) -> Path:
    """Write README.md beside the weights in `folder`. data: the photographs' name. Raises WeightsError for a folder
    without them or without what training says about itself."""
    config, file = read_config(folder / "config.json"), folder / "model.safetensors"
    params = from_checkpoint(read_weights(file))[0].params
    version, training = config.get("version", "fidelity"), config.get("training")
    if version not in VERSIONS or not isinstance(training, dict):
        raise WeightsError(f"{folder}: config.json has no version and training facts. Export it with `train`.")
    upscales = report.task == "upscale"
    spoiled = f"a blur of {BLUR[0]:g} to {BLUR[1]:g} pixels, made smaller, " if upscales else ""
    card = folder / "README.md"
    card.write_text(
        TEMPLATE.format(
            tags=", ".join(["super-resolution" if upscales else "denoising", "video", *(["gan"] * (version == "gan"))]),
            title=folder.resolve().name,
            parameters=config["parameters"],
            does=f"enlarges pictures {params.scale} times" if upscales else "takes noise and JPEG blocks away",
            version=VERSIONS[version],
            steps_that_use=f"The Enhance tab and recipes with {'an' if upscales else 'a'} `{report.task}` step",
            features=params.features,
            layers=params.layers,
            blends="All versions of a scale share a layout and a beginning: their weights may be blended.",
            spoiled=SPOILED[report.task, version],
            plural="" if training["workers"] == 1 else "es",
            loss=LOSSES[version] + (BY_PSNR if config.get("by_psnr") else ""),
            table=table(report, params.scale),
            photos=report.photos,
            data=data,
            how=(UPSCALE_HOW if upscales else DENOISE_HOW)
            + LPIPS.format(spoiled, *NOISE, *QUALITIES)
            + (DENOISED_FIRST if any("lpips_denoised" in row.figures for row in report.rows) else "")
            + (FLATTERS if version == "gan" else ""),
            limits=LIMITS[version],
            sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
            **training,
        )
    )
    return card
