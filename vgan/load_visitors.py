"""Visitors for `python -m vgan bench load`, in a process of their own: `python -m vgan.load_visitors ORDER` (JSON).

Each is a real gradio_client with an address of its own, and has a person's pace: it moves sliders, looks, renders, and
at times thinks better of it.
"""

import json
import random
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from gradio_client import Client, handle_file

PAGES = 10  # of the first visitor, who renders with all of them and never thinks
SLIDERS = (2, 6)  # moved in a row
BETWEEN = (2.0, 5.0)  # seconds from one to the next
LOOKING = (5.0, 25.0)  # seconds, after that
RENDERS = 0.5  # share of such rounds that end in a render
UPLOADS, OWN_CLIPS = 0.05, 0.2  # share of previews, and of renders, that are of a clip of one's own
CANCELS, VANISHES = 0.15, 0.1  # share of renders
SECOND_THOUGHTS = (0.5, 8.0)  # seconds until then
LOOKS = "aurora silk ink liquid caustics bokeh marble embers clouds waves confetti neon".split()
STEPS: list[list[dict[str, Any]]] = [
    [{"kind": "stylize"}],
    [{"kind": "denoise"}, {"kind": "grade", "auto": 0.5}],
    [{"kind": "upscale", "factor": 2}],
]
FULL, BUSY = "line:", "preview:"  # how refusals begin


@dataclass(frozen=True)
class Order:
    """What a process is to do. first: number of its first visitor; end: of all, `time.time()`."""

    address: str
    first: int
    visitors: int
    end: float
    out: str
    clip: str


@dataclass(frozen=True)
class Event:
    """What a visitor asked for. kind: preview, clip preview (16 moments of a clip of one's own) or render; outcome:
    done, full, cancelled, vanished, or an error's words; start: `time.time()`; waited: in the line, seconds, where that
    is known."""

    visitor: int
    kind: str
    start: float
    seconds: float
    outcome: str
    waited: float | None = None


@dataclass
class Guest:
    """One visitor."""

    order: Order
    number: int
    tell: Callable[[Event], None]
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.number)
        self._headers = {"X-Forwarded-For": f"198.51.{self.number // 250}.{self.number % 250 + 1}"}

    def run(self) -> None:
        """Until the end."""
        time.sleep(self.rng.uniform(*BETWEEN))
        if self.number == 0:
            pages = [threading.Thread(target=self._greedy) for _ in range(PAGES)]
            for page in pages:
                page.start()
            for page in pages:
                page.join()
            return
        client = self._client()
        while self._going():
            for _ in range(self.rng.randint(*SLIDERS)):
                self._think(BETWEEN)
                self._preview(client)
            self._think(LOOKING)
            if self._going() and self.rng.random() < RENDERS:
                self._render(client)

    def _greedy(self) -> None:
        client = self._client()
        while self._going():
            if self._whole(client, self._look(), None) == "full":
                time.sleep(1.0)  # a program that tries again

    def _client(self) -> Client:
        return Client(self.order.address, headers=self._headers, verbose=False, download_files=False)

    def _going(self) -> bool:
        return time.time() < self.order.end

    def _think(self, bounds: tuple[float, float]) -> None:
        time.sleep(max(0.0, min(self.rng.uniform(*bounds), self.order.end - time.time())))

    def _look(self) -> dict[str, Any]:
        source = {"kind": "generate", "look": self.rng.choice(LOOKS), "seed": self.rng.randrange(9999), "seconds": 2}
        source |= {"hue": round(self.rng.random(), 3), "motion": round(self.rng.random(), 3)}
        return {"source": source, "share": {"short_side": self.rng.choice([360, 540, 720]), "fps": 24}}

    def _own(self) -> tuple[dict[str, Any], Any]:
        start = round(self.rng.uniform(0, 2), 2)
        source = {"kind": "upload", "start": start, "end": start + 0.5}
        return {"source": source, "steps": self.rng.choice(STEPS)}, handle_file(self.order.clip)

    def _wanted(self, own: float) -> tuple[dict[str, Any], Any]:
        return self._own() if self.rng.random() < own else (self._look(), None)

    def _preview(self, client: Client) -> None:
        recipe, file = self._wanted(UPLOADS)
        self._timed(
            "clip preview" if file else "preview", lambda: client.predict(recipe, "strip", file, api_name="/preview")
        )

    def _render(self, client: Client) -> None:
        recipe, file = self._wanted(OWN_CLIPS)
        fate = self.rng.random()
        if fate < VANISHES:
            self._vanish()
        elif fate < VANISHES + CANCELS:
            self._cancel(client, recipe, file)
        else:
            self._whole(client, recipe, file)

    def _whole(self, client: Client, recipe: dict[str, Any], file: Any) -> str:
        def render() -> float:
            return float(client.predict(recipe, file, None, api_name="/render")[1]["waited"])

        return self._timed("render", render)

    def _cancel(self, client: Client, recipe: dict[str, Any], file: Any) -> None:
        start = time.time()
        job = client.submit(recipe, file, None, api_name="/render")
        self._think(SECOND_THOUGHTS)
        job.cancel()
        self.tell(Event(self.number, "render", start, time.time() - start, "cancelled"))

    def _vanish(self) -> None:
        """Ask, listen, and hang up, as a browser does that is closed."""
        start, place = time.time(), urlsplit(self.order.address)
        asked = httpx.post(
            f"{self.order.address}gradio_api/call/render",
            json={"data": [self._look(), None, None]},
            headers=self._headers,
            timeout=30,
        )
        lines = [f"GET /gradio_api/call/render/{asked.json()['event_id']} HTTP/1.1", f"Host: {place.netloc}"]
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        with socket.create_connection((place.hostname or "", place.port or 80)) as line:
            line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            self._think(SECOND_THOUGHTS)
        self.tell(Event(self.number, "render", start, time.time() - start, "vanished"))

    def _timed(self, kind: str, ask: Callable[[], Any]) -> str:
        start, outcome, waited = time.time(), "done", None
        try:
            waited = ask()
        except CancelledError:
            outcome = "cancelled"
        except Exception as error:  # whatever went wrong is what is counted
            words = str(error) or type(error).__name__
            outcome = "full" if FULL in words[:20] else words[:120]
        known = waited if isinstance(waited, float) else None
        self.tell(Event(self.number, kind, start, time.time() - start, outcome, known))
        return outcome


def main(order: Order) -> None:
    """Let all visitors of the order come, and write what they have seen when the last one has left."""
    events: list[dict[str, Any]] = []
    guests = [
        threading.Thread(target=Guest(order, number, lambda event: events.append(asdict(event))).run, daemon=True)
        for number in range(order.first, order.first + order.visitors)
    ]
    for guest in guests:
        guest.start()
    for guest in guests:
        guest.join(max(0.0, order.end + 180 - time.time()))
    events += [asdict(Event(-1, "visitor", time.time(), 0.0, "hung")) for guest in guests if guest.is_alive()]
    Path(order.out).write_text(json.dumps(events))


if __name__ == "__main__":
    main(Order(**json.loads(sys.argv[1])))
