"""A batch from rows to clips: what is there already is left, the rest goes to workers, and all of it is told."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from vgan.batch.cells import RowFault
from vgan.batch.dispatch import Dispatch, Patience
from vgan.batch.engine import Engine
from vgan.batch.manifest import Batch, Listing, host, listing, read_record
from vgan.batch.order import Clips, Order, Task
from vgan.batch.place import Place, place_at
from vgan.batch.report import Report, Summary, Tell
from vgan.batch.rows import Row, Rows
from vgan.batch.work import Make, Work
from vgan.errors import RecipeError
from vgan.settings import Settings


@dataclass(frozen=True)
class Selection:
    """Which rows: the first `limit` of them, those of the ids `only`, and of these the `part`-th of `parts`, counted
    from 1, by their ids: machines that each take a part never meet."""

    limit: int | None = None
    only: frozenset[str] = frozenset()
    part: int = 1
    parts: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.part <= self.parts:
            raise RecipeError(
                f"--part {self.part}/{self.parts}: there is no such part. Allowed: 1/{self.parts} and so on."
            )

    @property
    def whole(self) -> bool:
        """Whether all rows are meant."""
        return self.limit is None and not self.only and self.parts == 1

    def takes(self, name: str) -> bool:
        """Whether the row of the id `name` is meant."""
        if self.only and name not in self.only:
            return False
        return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) % self.parts == self.part - 1


@dataclass(frozen=True)
class Plan:
    """A batch that is about to run. settings: of its workers; again: everything is made, whatever is there."""

    rows: Rows
    order: Order
    out: str
    settings: Settings = field(default_factory=Settings)
    selection: Selection = Selection()
    patience: Patience = field(default_factory=Patience)
    again: bool = False


def run_batch(
    plan: Plan, engine: Callable[[Make], Engine], tell: Tell, make: Callable[[Work], Make] | None = None
) -> Summary:
    """Make what `plan` asks for and is not there yet. engine: given what workers run, starts them.

    tell: called with everything that happens. A run that is killed, at whatever moment, leaves whole clips alone, and
    the next one goes on. Raises RecipeError for a table, and MediaError for an output place, that cannot be used at
    all; BatchFailed where no worker starts.
    """
    clips = Clips(plan.order)
    clips.check_columns(plan.rows.columns)
    count, place = len(plan.rows), place_at(plan.out)
    there, report = listing(place), Report(tell)
    batch = Batch(secrets.token_hex(8), host(), os.getpid())
    work = Work(plan.out, batch, plan.settings, plan.patience.seconds)
    expected = min(count, plan.selection.limit or count) * max(1, len(plan.order.aspects))
    tell({"event": "start", "rows": count, "clips": expected, "out": plan.out})
    wanted: set[str] = set()
    running = engine(make(work) if make else work)
    try:
        dispatch = Dispatch(running, plan.patience, report.told, expected)
        try:
            dispatch.run(_to_make(plan, clips, there, place, report, wanted))
            report.summary.left = _left(there, wanted, place) if plan.selection.whole else []
        finally:
            for task in dispatch.unfinished:
                batch.release(place, task.key)
    finally:
        running.close()
        part = f"-{plan.selection.part}of{plan.selection.parts}" if plan.selection.parts > 1 else ""
        summary = report.finish(place, part)
    return summary


def chosen(plan: Plan, clips: Clips, on_fault: Callable[[Row, RowFault], None]) -> Iterator[tuple[Row, Task]]:
    """The clips of the rows that are meant. on_fault: called with rows that cannot be made."""
    selection = plan.selection
    for row in islice(plan.rows, selection.limit):
        try:
            yield from ((row, task) for task in clips.of(row, selection.takes))
        except RowFault as fault:
            if not selection.only or str(row.cells.get("id")) in selection.only:
                on_fault(row, fault)


def _to_make(
    plan: Plan, clips: Clips, there: Listing, place: Place, report: Report, wanted: set[str]
) -> Iterator[Task]:
    """Clips that are not there, in the order of their rows; what they take the place of is removed first."""
    rows = 0
    for row, task in chosen(plan, clips, report.bad_row):
        report.summary.rows += row.number != rows
        rows = row.number
        report.summary.clips += 1
        wanted.add(task.key)
        if not plan.again and there.has(task.key, task.digest, task.file):
            report.there_already(task.file)
            continue
        for record in there.records.get(task.key, ()):
            if record.digest != task.digest:
                old = read_record(place, record).get("file")
                if isinstance(old, str) and old != task.file and old in there.sizes and not clips.names(old):
                    place.remove(old)
            place.remove(record.name)
        yield task


def _left(there: Listing, wanted: set[str], place: Place) -> list[str]:
    """Clips of rows that are not in the table any more."""
    gone = [records for key, records in there.records.items() if key not in wanted]
    return sorted(str(read_record(place, record).get("file", record.key)) for records in gone for record in records)
