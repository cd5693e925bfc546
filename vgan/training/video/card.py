"""The card beside a trained family's weights: what it is, on what and how it was trained, and what to expect."""

from pathlib import Path
from typing import Any

from vgan.models.video_families import VideoFamily
from vgan.training.video.watch import Seen

CARD = """---
library_name: vgan-studio
tags: [gan, video, {name}]
---
# {title}

Short clips of {side} x {side} pixels and {frames} frames from {latent} numbers of content and {motion} of motion, by a
generator of {parameters:,} weights. The method: {source}. Labels: {labels}.

| trained | |
|---|---|
{rows}

At the end, made clips came near {coverage:.0%} of the real ones that were looked at (coverage of pooled pixels, k = 5)
and differed {spread:.0%} as much from each other as real ones do.

What may be made with it follows from the rights in the clips it was trained on, which this card cannot know: say here
whose they are and under which licence, before you publish it.
"""


def write_card(folder: Path, family: VideoFamily, config: dict[str, Any], parameters: int, seen: Seen) -> None:
    """Write `README.md` into `folder`. config: as in config.json; parameters: how many weights; seen: the watch's last
    look."""
    params, training = config["params"], config["training"]
    rows = "\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in training.items())
    text = CARD.format(
        name=config["family"],
        title=family.title,
        source=family.source,
        labels=", ".join(params["labels"]),
        parameters=parameters,
        rows=rows,
        coverage=seen.coverage,
        spread=seen.spread,
        **{key: params[key] for key in ("side", "frames", "latent", "motion")},
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
