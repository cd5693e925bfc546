"""The work of training a look, from footage to a folder that plays."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vgan.errors import Cancelled, RecipeError, WeightsError
from vgan.features import classifier
from vgan.metrics.features import SqueezeFeatures
from vgan.own_looks.asked import Asked, write_asked
from vgan.own_looks.begin import Beginning, beginning
from vgan.own_looks.finish import measure, save_look
from vgan.own_looks.footage import plan
from vgan.own_looks.jobs import clear
from vgan.own_looks.split import split
from vgan.own_looks.windows import HELD_OUT, LEARNED, write_windows
from vgan.settings import Settings
from vgan.training import checkpoint
from vgan.training.own.loop import train_own
from vgan.training.own.progress import CHECKPOINT, Progress, asked_to_pause, read, tell
from vgan.training.own.trainer import OwnParams, OwnTrainer

log = logging.getLogger(__name__)

DATA = "data"
FACTS = "facts.json"
PLANNING = 0.4  # of reading, the rest is cutting
GROWING = 40  # steps in which the critics' say grows, where the generator begins trained and they do not
TOLD = 0.5  # seconds between tellings
UNMEASURED = "No footage was held out: there is too little of it"
NEEDED = {*OwnTrainer.parts, "model", "step", "seconds"}  # in a checkpoint
NO_EYES = "SqueezeNet, with which it is measured, was not to be had"


@dataclass(frozen=True)
class Work:
    """One sitting of a training: what was asked, and where and how it is done. steps: that end it before its minutes
    do; cpu_time: minutes are of the processor's."""

    asked: Asked
    folder: Path
    settings: Settings
    device: torch.device
    steps: int | None = None
    cpu_time: bool = False


def train_look(work: Work) -> Path | None:
    """Read the footage if that was not done yet, train, and save the look. Returns its folder, None where it was paused
    in training.

    Raises Cancelled where a pause was asked for before training began, RecipeError, MediaError and WeightsError for
    what cannot be used, TrainingFailed where numbers run away.
    """
    asked, folder = work.asked, work.folder
    facts = _footage(work)
    tell(folder, replace(_known(folder), phase="measuring"))
    eyes = _eyes(work)
    if not (folder / CHECKPOINT).is_file() and asked.projected != (eyes is not None):
        asked = replace(asked, projected=eyes is not None)
        write_asked(folder, asked)
    if asked.projected and eyes is None:
        raise WeightsError("features: this training began with a critic on SqueezeNet's features. Name them again.")
    learned = folder / DATA / "learned"
    _, tables = OwnTrainer.load(learned)
    start = beginning(asked.start_from, asked.name, tables[0], asked.options.scratch)
    trainer = OwnTrainer(
        _params(asked, start),
        start.model,
        learned,
        work.device,
        classifier=eyes if asked.projected else None,
        begin=start.weights,
        critics=start.critics,
    )
    if (folder / CHECKPOINT).is_file():
        trainer.restore(_checkpoint(folder / CHECKPOINT))
    log.info("%s: training, begun %s", asked.name, f"between {', '.join(start.like)}" if start.like else "from scratch")
    clock = time.process_time if work.cpu_time else time.monotonic
    if not train_own(trainer, folder, asked.options.minutes, _known(folder), clock, work.steps):
        tell(folder, replace(_known(folder), phase="paused"))
        return None
    return _finish(trainer, work, asked, facts, start, eyes)


def _footage(work: Work) -> dict[str, Any]:
    """Footage as windows in the folder of the training, and what is to be told of it."""
    folder, options = work.folder, work.asked.options
    place = folder / DATA
    if not (place / FACTS).is_file():
        aside = folder / f".{DATA}.part"
        clear(aside)  # of a process that was ended by force
        said = _teller(folder)
        whole = work.asked.footage
        footage = whole[0] if len(whole) == 1 and whole[0].is_dir() else whole
        found = plan(footage, options, lambda share, name: said(PLANNING * share))
        parts = split(found, options.loop_seconds)
        facts = {
            "clips": sum(not clip.still for clip in found.clips),
            "seconds": round(found.seconds, 1),
            "scenes": found.scenes,
            "stills": found.stills,
            "left_out": len(found.skipped),
            "held_out": parts.how,
        }
        rest = 1 - PLANNING
        try:
            write_windows(
                aside / "learned",
                work.asked.name,
                found,
                parts.learned,
                options,
                LEARNED,
                lambda share, name: said(PLANNING + 0.8 * rest * share),
            )
            if parts.held_out:
                write_windows(
                    aside / "held-out",
                    work.asked.name,
                    found,
                    parts.held_out,
                    options,
                    HELD_OUT,
                    lambda share, name: said(PLANNING + (0.8 + 0.2 * share) * rest),
                )
            (aside / FACTS).write_text(json.dumps(facts))
            clear(place)
            aside.rename(place)
        finally:
            clear(aside)
    found_facts: dict[str, Any] = json.loads((place / FACTS).read_text())
    return found_facts


def _teller(folder: Path) -> Callable[[float], None]:
    """Tells how far reading is, now and then. Raises Cancelled where a pause was asked for."""
    last = [0.0]

    def say(share: float) -> None:
        now = time.monotonic()
        if now - last[0] < TOLD:
            return
        last[0] = now
        if asked_to_pause(folder):
            raise Cancelled("paused")
        tell(folder, Progress("reading", share=share))

    tell(folder, Progress("reading"))
    return say


def _known(folder: Path) -> Progress:
    """What was told last, without what is over."""
    return replace(read(folder) or Progress(), error="", result=None)


def _eyes(work: Work) -> dict[str, Tensor] | None:
    """SqueezeNet's weights, if they are to be had."""
    try:
        return classifier(work.settings)
    except WeightsError as error:
        log.info("%s It is trained without the critic that looks through them.", error)
        return None


def _params(asked: Asked, start: Beginning) -> OwnParams:
    options = asked.options
    rate = OwnParams.rate if options.rate is None else options.rate
    # Critics that know nothing are heard little at first, or they undo what the generator knows.
    growing = GROWING if start.weights is not None and start.critics is None else 0
    return OwnParams(options.seed, asked.batch, rate=rate, mirror=options.mirror, critics_after=growing)


def _checkpoint(path: Path) -> dict[str, Any]:
    try:
        state = checkpoint.load(path)
    except Exception as error:  # a damaged pickle makes the reader raise anything at all
        raise RecipeError(
            f"resume: {path} is damaged ({str(error)[:120]}). Remove the training and begin anew."
        ) from error
    if not isinstance(state, dict) or not state.keys() >= NEEDED:
        raise RecipeError(f"resume: {path} is no checkpoint of a look. Remove the training and begin anew.")
    return state


def _finish(
    trainer: OwnTrainer,
    work: Work,
    asked: Asked,
    footage: dict[str, Any],
    start: Beginning,
    eyes: dict[str, Tensor] | None,
) -> Path:
    last = _known(work.folder)
    tell(work.folder, replace(last, phase="finishing", share=0.0))
    measured, held_out = None, work.folder / DATA / "held-out"
    if held_out.is_dir() and eyes is not None:
        measured = measure(trainer, held_out, footage["held_out"], SqueezeFeatures(work.settings.features))
        log.info("distance to held-out footage: %.1f (footage to itself %.1f)", measured.distance, measured.floor)
    facts = {
        "loop_seconds": asked.options.loop_seconds,
        "footage": footage,
        "training": {
            "steps": trainer.step_count,
            "minutes": round(trainer.seconds / 60, 1),
            "clock": "processor" if work.cpu_time else "wall",
            "device": trainer.device.type,
            "workers": 1,
            "like": list(start.like),
            "projected": asked.projected,
            "unmeasured": NO_EYES if held_out.is_dir() else UNMEASURED,
        },
    }
    folder = save_look(trainer, work.settings.looks, asked.name, facts, measured)
    distance = measured.distance if measured else None
    tell(work.folder, replace(last, phase="done", share=1.0, left=0.0, result=folder, distance=distance))
    return folder
