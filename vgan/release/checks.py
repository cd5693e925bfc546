"""The table of checks, and how they are carried out."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vgan.release import followed, licences, outside, pages, shipped, sizes, versions
from vgan.release.result import FAILED, Place, Result, judged

CHECKS: dict[str, Callable[[Place], Result]] = {
    "versions": versions.check,
    "licences of packages": licences.check,
    "weights": shipped.weights,
    "no pickles": shipped.pickles,
    "assets": shipped.assets,
    "sizes": sizes.sizes,
    "secrets": sizes.secrets,
    "links": pages.links,
    "commands": pages.commands,
    "README followed": followed.check,
    "vulnerabilities": outside.vulnerabilities,
    "SBOM": outside.sbom,
}


@dataclass(frozen=True)
class Checked:
    """One row of the table. seconds: that it took."""

    name: str
    result: Result
    seconds: float


def carried_out(place: Place, names: list[str] | None = None) -> Iterator[Checked]:
    """The checks of `names`, or all, one after another. One that breaks has failed."""
    for name in names or CHECKS:
        begun = time.monotonic()
        try:
            result = CHECKS[name](place)
        except Exception as error:  # whatever it is, the release was not found good
            result = judged(f"the check broke: {type(error).__name__}", [str(error)[:300]])
        yield Checked(name, result, time.monotonic() - begun)


def table(rows: list[Checked]) -> str:
    """All of them as text, with what was found under each."""
    width = max(len(row.name) for row in rows)
    lines = []
    for row in rows:
        lines.append(f"{row.name:<{width}}  {row.result.outcome:<7}  {row.seconds:5.1f} s  {row.result.words}")
        lines += [f"{'':<{width}}    - {finding}" for finding in row.result.findings]
    count = {outcome: sum(row.result.outcome == outcome for row in rows) for outcome in ("ok", FAILED, "SKIPPED")}
    return "\n".join([*lines, "", ", ".join(f"{number} {outcome}" for outcome, number in count.items())])
