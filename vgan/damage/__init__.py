"""Finds damaged frames: black, frozen, dropped, with lost blocks, bars of noise or scratches.

Frames are judged from a window around them, so that memory stays flat however long the clip is. What is shown on
purpose is let be: cuts, fades, titles, still screens, drawings held for several frames.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from vgan.damage.local import AREA, Compare, Outliers, kind_of, lost_places
from vgan.damage.look import Look, Looker
from vgan.damage.whole import LONGEST, Repeats, flat, flat_run

REASONS: dict[str, str] = {
    "black": "The frame is one flat colour between pictures that belong together.",
    "frozen": "The picture before stands still for several frames, and motion jumps afterwards.",
    "dropped": "A frame is missing: the one before is shown again, and motion jumps afterwards.",
    "blocks": "Blocks of the picture fit neither the frame before nor the one after.",
    "noise": "Bars across the picture fit neither the frame before nor the one after.",
    "scratch": "Thin upright lines are in this frame alone.",
    "asked": "You asked for it.",
}
LOCAL = frozenset({"blocks", "noise", "scratch"})
REACH = 3  # frames that damage may stay in one place and still be told from the picture
BACK = 2 * LONGEST  # frames that are remembered
AHEAD = LONGEST + REACH  # frames that have to be known behind the one that is judged
DOUBTFUL = 0.1  # what is less sure than this is nothing, however sensitive
RIM = 3  # pixels, of those that are compared, by which masks are wider: what is mended passes into the rest there
NEAR = 8  # frames on either side whose own unrest is the measure


@dataclass(frozen=True)
class Finding:
    """A damaged frame. index: in the clip, from 0; reason: of `REASONS`; confidence: in [0, 1]; mask: bool (H, W),
    what is lost, or None where all of it is, or where masks are not kept; lost: share of the picture."""

    index: int
    reason: str
    confidence: float
    mask: np.ndarray | None = None
    lost: float = 1.0

    def facts(self) -> dict[str, Any]:
        """Everything but the mask, as plain JSON values; the reason in words as well."""
        return {
            "index": self.index,
            "reason": self.reason,
            "says": REASONS[self.reason],
            "confidence": round(self.confidence, 3),
            "lost": round(self.lost, 4),
        }


@dataclass(frozen=True)
class Judged:
    """A frame that has been looked at. score: how damaged it seems, in [0, 1], 0.5 at the usual threshold."""

    index: int
    score: float
    finding: Finding | None


@dataclass
class _Seen:
    """A frame in the window. plain: how it differs from the frames right beside it; healed: uint8 (h, w, 3), what it
    shows when its lost places are filled, once it was judged; healings: how many frames up to it were filled in turn;
    whole: how surely all of it is lost, and of what kind."""

    look: Look
    plain: Outliers | None = None
    healings: int = 0
    healed: np.ndarray | None = None
    whole: tuple[float, str] | None = None


class Detector:
    """Judges frame after frame, each once enough of those behind it are known.

    sensitivity: from 0 (finds nothing) to 1 (finds whatever could be damage); what is surer than 1 - sensitivity
    counts.
    """

    def __init__(self, sensitivity: float = 0.5):
        self._least = max(DOUBTFUL, 1 - sensitivity)
        self._looker, self._repeats, self._compare = Looker(), Repeats(), Compare()
        self._window: deque[_Seen] = deque()
        self._judged = 0  # frames so far

    def push(self, frame: np.ndarray) -> Iterator[Judged]:
        """Take the next frame, uint8 (H, W, 3); gives those before it that can now be judged."""
        self._window.append(_Seen(self._looker(frame)))
        if self._window[-1].look.index - self._judged >= AHEAD:
            yield self._judge()

    def finish(self) -> Iterator[Judged]:
        """There are no more frames; gives all that were not judged yet."""
        while self._window and self._judged <= self._window[-1].look.index:
            yield self._judge()

    def _judge(self) -> Judged:
        window = self._window
        place = self._judged - window[0].look.index
        seen = window[place]
        strength, kind = self._whole(place)
        excess = None
        if strength < 1:
            found = self._local(place)
            if found is not None and found[0] > strength:
                strength, excess = found[0], found[1]
                kind = kind_of(excess, window[place].look.grey)
        score = strength / (1 + strength)
        finding = None
        if self._least < 1 and score >= self._least:
            finding = Finding(seen.look.index, kind, score)
            if excess is not None:
                mask = _mask(excess, seen.look.size)
                finding = replace(finding, mask=mask, lost=float(mask.mean()))
        if excess is None or finding is None:
            seen.healed, seen.healings = seen.look.small, 0
        self._judged += 1
        while self._judged - window[0].look.index > BACK:
            window.popleft()
        return Judged(seen.look.index, score, finding)

    def _whole(self, place: int) -> tuple[float, str]:
        """How surely the frame at `place` of the window is lost as a whole, and of what kind."""
        seen = self._window[place]
        if seen.whole is None:
            looks = [one.look for one in self._window]
            strength, kind = flat_run(looks, place), "black"
            if not strength and not flat(looks[place]):
                strength, count = self._repeats(looks, place)
                kind = "dropped" if count == 1 else "frozen"
            seen.whole = max(0.0, min(20.0, strength)), kind
        return seen.whole

    def _local(self, place: int) -> tuple[float, np.ndarray] | None:
        """How surely places of the frame are lost, and by how much they leave what is expected (h, w)."""
        window, seen = self._window, self._window[place]
        before = next((i for i in range(place - 1, -1, -1) if self._sound(i)), None)
        after = [i for i in range(place + 1, min(len(window), place + REACH + 1)) if self._sound(i)]
        if before is None or not after or window[before].look.size != seen.look.size:
            return None
        kept = window[before]
        past = kept.healed if kept.healed is not None and kept.healings < 2 * REACH else kept.look.small
        usual = self._usual(place)
        best: tuple[float, Outliers] | None = None
        for number, index in enumerate(after):
            if window[index].look.size != seen.look.size:
                break
            if (before, index) == (place - 1, place + 1) and past is kept.look.small:
                found = self._plain(place)
            else:
                at = (place - before) / (index - before)
                found = self._compare(seen.look.small, past, window[index].look.small, at)
            strength = found.strength(usual)
            if best is None or strength > best[0]:
                best = strength, found
            if number == 0 and found.onesided < AREA / 2:
                break
        if best is None:
            return None
        mask = lost_places(best[1].excess)[..., None]
        seen.healed, seen.healings = np.where(mask, best[1].expected, seen.look.small), kept.healings + 1
        return best[0], best[1].excess

    def _plain(self, place: int) -> Outliers:
        before, seen, after = (self._window[place + step] for step in (-1, 0, 1))
        if seen.plain is None:
            seen.plain = self._compare(seen.look.small, before.look.small, after.look.small)
        return seen.plain

    def _sound(self, place: int) -> bool:
        return self._whole(place)[0] < 1

    def _usual(self, place: int) -> float:
        """What calm neighbours of the frame show of the same: clips that move fast always do."""
        window = self._window
        shares = []
        for index in range(max(1, place - NEAR), min(len(window) - 1, place + NEAR + 1)):
            sizes = {window[index + step].look.size for step in (-1, 0, 1)}
            if index != place and len(sizes) == 1:
                shares.append(self._plain(index).share)
        return float(np.median(shares)) if shares else 0.0


def _mask(excess: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    lost = cv2.dilate(lost_places(excess).astype(np.uint8), np.ones((1 + 2 * RIM, 1 + 2 * RIM), np.uint8))
    return np.asarray(cv2.resize(lost, size[::-1], interpolation=cv2.INTER_NEAREST), bool)


Progress = Callable[[int], None]


def judge(frames: Iterable[np.ndarray], sensitivity: float = 0.5) -> Iterator[Judged]:
    """Every frame of a clip, uint8 (H, W, 3), with how damaged it seems; some frames behind those that are read."""
    detector = Detector(sensitivity)
    for frame in frames:
        yield from detector.push(frame)
    yield from detector.finish()


def scan(
    frames: Iterable[np.ndarray], on_progress: Progress | None = None, sensitivity: float = 0.5
) -> tuple[list[Finding], list[float]]:
    """What is damaged in a clip of uint8 frames (H, W, 3), without masks, and every frame's score in [0, 1].

    on_progress: called with the number of frames done.
    """
    findings, scores = [], []
    for judged in judge(frames, sensitivity):
        scores.append(judged.score)
        if judged.finding is not None:
            findings.append(replace(judged.finding, mask=None))
        if on_progress:
            on_progress(len(scores))
    return findings, scores
