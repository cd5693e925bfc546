"""A trained look is measured on what was held out, and becomes a folder that plays, with its card."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vgan.metrics.features import SqueezeFeatures
from vgan.metrics.frechet import frechet_distance
from vgan.own_looks.jobs import clear
from vgan.tensors import to_uint8
from vgan.training import checkpoint, dataset
from vgan.training.own.trainer import OwnTrainer, drawn, typical
from vgan.unfinished import scratch

log = logging.getLogger(__name__)

LEVELS = 2  # of the generator: 128 pixels
BATCH = 16
MOMENT = 0.3  # of the loop
CARD = """---
library_name: vgan-studio
tags: [gan, video, looping, unconditional-video-generation]
---

# {title}

A look of VGAN Studio: a {parameters:,}-parameter generator of seamless loops, learned from one person's own footage.
It draws any aspect natively; the shorter side is {side} px at its finest level. One loop of {loop_seconds:g} s moves as
fast as the footage did.

![samples](sheet.png)

## Data

Footage of the trainer's own: {footage}. It is not part of this repository, and
whether what is made with this look may be sold is for the footage's owner to decide.

## Training

{steps:,} steps, {minutes:g} minutes on {device}, {began}.
Loss: relativistic pairing with R1 and R2, a three-frame critic{projected},
sliced Wasserstein distance of patches in space and time, attribute supervision; exponential moving average of weights;
DiffAugment.

## Measured

| what | measured |
|---|---|
{rows}

{protocol}

## Limits

It knows what the footage showed and no more; small footage is remembered rather than understood. Motion is learned from
moments at most half a loop apart, so that nothing runs backwards; that the ends meet is the generator's own doing.

`model.safetensors` sha256: `{sha256}`
"""


@dataclass(frozen=True)
class Measured:
    """Fréchet distances (SqueezeNet) of frames to held-out ones: of what is made, and of as much of the footage learned
    from; how: the held-out part in words; frames: of each set."""

    distance: float
    floor: float
    how: str
    frames: int


def measure(trainer: OwnTrainer, held_out: Path, how: str, features: SqueezeFeatures) -> Measured:
    """How far what the averaged generator draws is from the clips in `held_out`, asked for the attributes of these."""
    clips, _ = dataset.load(held_out, trainer.tables)
    held, known = clips["square"], trainer.clips["square"]
    real = torch.from_numpy(held.frames[:, 0].copy()).movedim(-1, 1)
    moment = torch.tensor([MOMENT])
    made = [
        to_uint8(drawn(trainer.G_ema, shares, moment, LEVELS, trainer.device, seed)[:, 0]).movedim(-1, 1).cpu()
        for seed, shares in enumerate(held.shares.split(BATCH))
    ]
    rows = torch.arange(len(real)) % (known.frames.shape[0] * known.frames.shape[1])
    learned = torch.stack([_frame(known.frames, int(row), real.shape[-1]) for row in rows])
    return Measured(
        frechet_distance(real, torch.cat(made), features), frechet_distance(real, learned, features), how, len(real)
    )


def _frame(frames: Any, row: int, side: int) -> Tensor:
    """Frame number `row` of all windows, brought to `side` pixels."""
    picture = torch.from_numpy(frames[row % len(frames), row // len(frames)].copy()).movedim(-1, 0)[None].float()
    return torch.nn.functional.interpolate(picture, (side, side), mode="area")[0].round().to(torch.uint8)


def save_look(trainer: OwnTrainer, place: Path, name: str, facts: Mapping[str, Any], measured: Measured | None) -> Path:
    """Write the look `name` as a folder of `place`, whole or not at all, in place of one that it had. Returns it.

    facts: of the footage and the training, for the card and config.json: see `vgan.own_looks.command`.
    """
    place.mkdir(parents=True, exist_ok=True)
    from torchvision.utils import save_image  # a second and a half: when needed

    with scratch(place) as aside:
        folder = aside / name
        config = {
            "family": "loop",
            "params": asdict(trainer.model),
            "training": facts["training"],
            "knots": checkpoint.knots((name,), trainer.tables),
            "typical": typical(trainer.clips),
            "loop_seconds": facts["loop_seconds"],
            "footage": facts["footage"],
        } | ({"held_out": asdict(measured)} if measured else {})
        checkpoint.export(folder, trainer.G_ema.state_dict(), config)
        save_image(trainer.samples(), folder / "sheet.png")
        (folder / "README.md").write_text(_card(folder, name, config))
        clear(place / name)
        folder.rename(place / name)
    return place / name


def _card(folder: Path, name: str, config: dict[str, Any]) -> str:
    written = json.loads((folder / "config.json").read_text())
    footage, training, held = config["footage"], config["training"], config.get("held_out")
    if held:
        rows = [
            ("Fréchet distance (SqueezeNet) of made frames to held-out footage", held["distance"]),
            ("the same of the footage that it learned from", held["floor"]),
        ]
        table = "\n".join(f"| {what} | {value:.1f} |" for what, value in rows)
        protocol = (
            f"Held out: {held['how']}; {held['frames']} square windows at 128 px, made frames asked for their "
            "attributes. SqueezeNet 1.1's last features; not FID, and to be compared with figures of the same footage "
            "alone."
        )
    else:
        table = "| distance to held-out footage | not measured |"
        protocol = f"{training['unmeasured']}."
    like = training["like"]
    return CARD.format(
        title=name.replace("-", " ").capitalize(),
        parameters=written["parameters"],
        side=_side(config["params"]),
        loop_seconds=config["loop_seconds"],
        footage=" and ".join(_shown(footage)),
        began=f"begun between the looks {', '.join(like)}" if like else "from scratch",
        projected=", a critic on frozen SqueezeNet 1.1 features" if training["projected"] else "",
        rows=table,
        protocol=protocol,
        sha256=hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
        **{key: training[key] for key in ("steps", "minutes", "device")},
    )


def _shown(footage: Mapping[str, Any]) -> list[str]:
    """What footage there was, in words."""
    said = []
    if footage["clips"]:
        said += [
            f"{_count(footage['clips'], 'clip')}, {footage['seconds']:g} s in {_count(footage['scenes'], 'scene')}"
        ]
    return said + ([_count(footage["stills"], "picture")] if footage["stills"] else [])


def _side(params: Mapping[str, Any]) -> int:
    """The shorter side of the finest pictures of a loop generator of these sizes."""
    side: int = params["base"] * 2 ** (len(params["channels"]) - 1)
    return side


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
