"""The post-ready report of a finished clip, as its component shows it."""

from pathlib import Path
from typing import Any

from vgan.share.check import Report
from vgan.share.licences import may_be_sold
from vgan.share.points import Point, Said
from vgan.share.provenance import credits_of
from vgan.ui.folders import address
from vgan.ui.services import Made

NOTHING: dict[str, Any] = {}
CHECKING: dict[str, Any] = {"busy": True}


def shown(made: Made, report: Report, cover: Path | None) -> dict[str, Any]:
    """The report of `made`, with whose work is in it. cover: its first frame as a picture, where there is one."""
    credits = credits_of(made.clip.path)
    points = [_point(point) for point in report.points]
    message: dict[str, Any] = {"platform": report.platform.name, "title": report.platform.title, "name": report.name}
    message |= {"passes": report.passes, "points": points, "number": made.number}
    message |= {"mends": any(point["mends"] and point["passes"] != "yes" for point in points)}
    message |= {"sold": may_be_sold(credits), "credits": [vars(credit) for credit in credits]}
    return message | ({"cover": address(cover), "cover_name": cover.name} if cover else {})


def _point(point: Point) -> dict[str, Any]:
    facts = {"name": point.name, "passes": point.passes, "mends": point.mend is not None}
    return facts | {"found": _said(point.found), "wanted": _said(point.wanted)}


def _said(said: Said) -> dict[str, Any]:
    values = {name: f"{held:g}" if isinstance(held, float) else str(held) for name, held in said.values.items()}
    return {"key": said.key, "values": values}
