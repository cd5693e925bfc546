"""What a batch says about itself: a line for each clip, the table of rows that failed, a summary."""

import csv
import io
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from vgan.batch.cells import RowFault
from vgan.batch.dispatch import Told
from vgan.batch.manifest import HIDDEN
from vgan.batch.place import Place
from vgan.batch.rows import Row

Tell = Callable[[dict[str, Any]], None]  # something that happened, for programs: it has an "event"

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run
LONGEST_VALUE = 200


@dataclass
class Summary:
    """A batch in numbers. rows: gone through; clips: that they ask for; made, and before: that were there already;
    bad: rows that cannot be made; failed: clips that were tried and did not come; retries: tries that were repeated.

    seconds: from begin to end; rendering, storing: of all workers together; bytes: of the clips made; memory: the most
    that a worker had, bytes; left: names of clips of rows that are no longer there.
    """

    rows: int = 0
    clips: int = 0
    made: int = 0
    before: int = 0
    bad: int = 0
    failed: int = 0
    retries: int = 0
    seconds: float = 0.0
    rendering: float = 0.0
    storing: float = 0.0
    bytes: int = 0
    memory: int = 0
    left: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every clip of every row is there."""
        return not self.bad and not self.failed


class Report:
    """Counts and tells what happens. tell: called with every event."""

    def __init__(self, tell: Tell):
        self.summary, self._tell, self._began = Summary(), tell, time.monotonic()
        self._faults: list[dict[str, Any]] = []

    def bad_row(self, row: Row, fault: RowFault) -> None:
        """A row that cannot be made."""
        self.summary.rows += 1
        self.summary.bad += 1
        self._fault(row.number, str(row.cells.get("id", "")), fault.column, fault.value, str(fault), 0)

    def there_already(self, file: str) -> None:
        """A clip that an earlier batch made."""
        self.summary.before += 1
        self._tell({"event": "before", "file": file})

    def told(self, said: Told) -> None:
        """What became of a clip."""
        task, outcome, summary = said.task, said.outcome, self.summary
        about = {"id": task.id, "row": task.row, "file": task.file, "attempt": task.attempt, "worker": said.worker}
        if said.kind == "made":
            summary.made += 1
            summary.rendering += outcome.seconds
            summary.storing += outcome.storing
            summary.bytes += outcome.bytes
            summary.memory = max(summary.memory, outcome.memory)
            self._tell({"event": "made", **about, **_figures(asdict(outcome))})
        elif said.kind == "found":
            self.there_already(task.file)
        elif said.kind == "retried":
            summary.retries += 1
            self._tell({"event": "retried", **about, "error": outcome.message})
        else:
            summary.failed += 1
            self._fault(task.row, task.id, "", task.file, outcome.message, task.attempt)

    def _fault(self, row: int, name: str, column: str, value: str, error: str, tries: int) -> None:
        said = {"row": row, "id": name, "column": column, "value": value, "error": error, "tries": tries}
        self._faults.append(said)
        self._tell({"event": "failed", **said})

    def finish(self, place: Place, part: str = "") -> Summary:
        """Write the summary and the rows that failed to `place`. part: of the rows, in the files' names."""
        self.summary.seconds = round(time.monotonic() - self._began, 3)
        said = asdict(self.summary) | {"complete": self.summary.complete}
        place.write(f"{HIDDEN}/summary{part}.json", (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())
        name = f"{HIDDEN}/failed{part}.csv"
        if self._faults:
            place.write(name, failed_table(self._faults))
        elif place.has(name):
            place.remove(name)
        self._tell({"event": "summary", **said})
        return self.summary


def failed_table(faults: list[dict[str, Any]]) -> bytes:
    """Rows that failed as CSV, for spreadsheets: nothing in it is run as a formula."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, ("row", "id", "column", "value", "error", "tries"))
    writer.writeheader()
    for fault in sorted(faults, key=lambda fault: fault["row"]):
        writer.writerow({key: _harmless(value) for key, value in fault.items()})
    return file.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return f"'{value[:LONGEST_VALUE]}" if value.startswith(_FORMULA) else value[: 3 * LONGEST_VALUE]


def _figures(outcome: dict[str, Any]) -> dict[str, Any]:
    kept = ("bytes", "sha256", "seconds", "cpu", "storing", "memory")
    return {name: round(outcome[name], 3) if name in {"seconds", "cpu", "storing"} else outcome[name] for name in kept}
