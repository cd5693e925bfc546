"""A batch looked at before it runs: every row checked, nothing made."""

from dataclasses import dataclass, field

from vgan.batch.cells import RowFault
from vgan.batch.manifest import listing
from vgan.batch.order import Clips, readable
from vgan.batch.place import is_there, place_at
from vgan.batch.rows import Row
from vgan.batch.run import Plan, chosen
from vgan.errors import VganError
from vgan.registry import Models
from vgan.render import estimate


@dataclass
class Checked:
    """What a batch would do. clips: to be made; before: that are there already; seconds: of one worker that makes them
    all, by what the tables measured; bytes: of all of them; faults: rows that cannot be made, and why; names: of the
    first clips."""

    clips: int = 0
    before: int = 0
    seconds: float = 0.0
    bytes: int = 0
    faults: list[tuple[Row, RowFault]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def check_batch(plan: Plan, shown: int = 5) -> Checked:
    """Go through all rows of `plan`: every value is checked, every file that a row names is read, nothing is written.

    shown: of the clips' names. Raises as `run_batch` does.
    """
    clips, found, models = Clips(plan.order), Checked(), Models(plan.settings)
    clips.check_columns(plan.rows.columns)
    there = listing(place_at(plan.out)) if is_there(plan.out) else None
    read: set[str] = set()
    for row, task in chosen(plan, clips, lambda row, fault: found.faults.append((row, fault))):
        if there is not None and not plan.again and there.has(task.key, task.digest, task.file):
            found.before += 1
            continue
        try:
            readable([name for name in task.inputs if name not in read])
            cost = estimate(task.recipe, models)
        except VganError as error:
            found.faults.append((row, RowFault(str(error))))
            continue
        read |= set(task.inputs)
        found.clips += 1
        found.seconds += cost.seconds
        found.bytes += cost.bytes
        found.names += [task.file] if len(found.names) < shown else []
    return found
