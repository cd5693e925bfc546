"""What has happened since the app was started, in numbers: what is logged is what is counted."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

from vgan.logs import EVENTS

SECONDS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600)
WORK = ("render", "draft", "fit", "search")


@dataclass(frozen=True)
class Now:
    """How things stand at this moment, each as a function. memory: resident bytes; disk: free bytes where clips go."""

    line: Callable[[], float]
    memory: Callable[[], float]
    disk: Callable[[], float]
    uptime: Callable[[], float]


class Counters(logging.Handler):
    """Listens to the events of the app, until it is told to `stop`."""

    def __init__(self, now: Now):
        super().__init__()
        disable_created_metrics()  # the time of the start would stand beside every number
        self.registry = CollectorRegistry()
        counter = partial(Counter, namespace="vgan", registry=self.registry)
        histogram = partial(Histogram, namespace="vgan", registry=self.registry, buckets=SECONDS)
        self._works = counter("works", "Renders and other long work, by how they ended", ("kind", "outcome"))
        self._formats = counter("files", "Finished files, by format", ("format",))
        self._frames = counter("frames", "Frames in finished files")
        self._previews = counter("previews", "Previews drawn, by how that ended", ("outcome",))
        self._refusals = counter("refusals", "Requests refused, by kind", ("kind",))
        self._errors = counter("errors", "Unexpected errors")
        self._swept = counter("swept", "Uploads, and folders of clips, deleted for their age", ("kind",))
        self._unfinished = counter("unfinished", "Works whose process was ended before they were finished", ("kind",))
        self._busy = counter("device_seconds", "Seconds in which renders and other long work had the device", ("kind",))
        self._took = histogram("work_seconds", "Seconds from a work's turn to its end", ("kind",))
        self._waited = histogram("wait_seconds", "Seconds in the line")
        self._drew = histogram("preview_seconds", "Seconds from asking for a preview to it")
        for name, about, value in (
            ("line", "Works that wait for the device", now.line),
            ("memory_bytes", "Resident memory of the app", now.memory),
            ("disk_free_bytes", "Free where finished clips go", now.disk),
            ("uptime_seconds", "Since the app was started", now.uptime),
        ):
            Gauge(name, about, namespace="vgan", registry=self.registry).set_function(value)
        EVENTS.addHandler(self)

    def stop(self) -> None:
        """Listen no more. Not `close`, which the web server calls on every handler there is as it sets up its own."""
        EVENTS.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count one event."""
        name, fields = getattr(record, "event", ""), getattr(record, "fields", {})
        seconds, outcome = fields.get("seconds", 0.0), fields.get("outcome", "done")
        if name == "preview":
            self._previews.labels(outcome).inc()
            self._drew.observe(seconds)
        elif name in WORK:
            self._works.labels(name, outcome).inc()
            self._busy.labels(name).inc(seconds)
            self._waited.observe(fields.get("waited", 0.0))
            if outcome == "done":
                self._took.labels(name).observe(seconds)
                if "format" in fields:
                    self._formats.labels(fields["format"]).inc()
                    self._frames.inc(fields.get("frames", 0))
        elif name == "refusal":
            self._refusals.labels(fields.get("kind", "")).inc()
        elif name == "error":
            self._errors.inc()
        elif name == "swept":
            self._swept.labels(fields.get("kind", "")).inc(fields.get("count", 0))
        elif name == "unfinished":
            self._unfinished.labels(fields.get("kind", "")).inc()

    def text(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self.registry)

    def values(self) -> dict[str, float]:
        """Sums over all labels by the metric's name, for a page: `vgan_works_total`, `vgan_wait_seconds_sum` and so on,
        and works and previews by outcome as `vgan_works_total done`."""
        found: dict[str, float] = {}
        for family in self.registry.collect():
            for sample in family.samples:
                if sample.name.endswith("_bucket"):
                    continue
                found[sample.name] = found.get(sample.name, 0.0) + sample.value
                if "outcome" in sample.labels:
                    name = f"{sample.name} {sample.labels['outcome']}"
                    found[name] = found.get(name, 0.0) + sample.value
        return found
