"""What was asked of a training, kept in its folder so that it goes on as it was begun."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from vgan.errors import RecipeError
from vgan.own_looks.options import Options, Trim, checked
from vgan.small_files import read_small

FILE = "asked.json"
LONGEST = 1_000_000  # bytes


@dataclass(frozen=True)
class Asked:
    """footage: absolute paths; start_from: folder of weights to begin at; batch: clips a step; projected: whether there
    is a critic on SqueezeNet's features."""

    name: str
    footage: tuple[Path, ...]
    options: Options
    start_from: Path
    batch: int = 8
    projected: bool = False


def write_asked(folder: Path, asked: Asked) -> None:
    """Keep `asked` in `folder`, whole or not at all."""
    facts = asdict(asked) | {"footage": [str(path) for path in asked.footage], "start_from": str(asked.start_from)}
    part = folder / f".{FILE}.part"
    part.write_text(json.dumps(facts))
    part.replace(folder / FILE)


def read_asked(folder: Path, minutes: float | None = None) -> Asked:
    """What was asked of the training in `folder`. minutes: in place of what was said. Raises RecipeError."""
    try:
        facts: dict[str, Any] = json.loads(read_small(folder / FILE, LONGEST, "training"))
        options = facts["options"]
        trims = {clip: Trim(**trim) for clip, trim in options["trims"].items()}
        whole = Options(**options | {"trim": Trim(**options["trim"]), "trims": trims})
        whole = checked(replace(whole, minutes=minutes) if minutes else whole)
        paths = {"footage": tuple(map(Path, facts["footage"])), "start_from": Path(facts["start_from"])}
        return Asked(**facts | paths | {"options": whole})
    except (ValueError, TypeError, KeyError, AttributeError, RecipeError) as error:
        raise RecipeError(
            f"resume: {folder} holds no training that can go on ({str(error)[:160]}). Begin one without --resume."
        ) from error
