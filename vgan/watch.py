"""A watch on the road: frames that are no numbers, black, frozen or missing are an error, not a success.

Every stage, the source and each step, is looked at as its frames pass: a few of their rows, so that it costs next to
nothing. What came out is held against what went in, so that a clip that is black, still or fading by itself passes.
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.errors import MediaError
from vgan.media.extent import Extent

ROWS = 16  # of a frame that are looked at; for numbers, others in every frame, until all were seen
CELLS = 8  # parts of a row that are told apart
LIT = 0.1  # light in [0, 1] of the lightest place: a frame with more is not black, and cannot rightly become so
BLACK = 0.02  # a frame with less everywhere is
MOVED = 0.008  # mean difference, of white to black, from which on a frame differs from the first
SAME = 1e-6  # largest difference up to which it is the very same
LOST = 0.1  # share of frames that became black, from which on it is an error, at the end
SURELY = 48  # frames after which one need not wait for the end, if they are all wrong


class Stage:
    """The frames between two steps.

    name: of what makes them, for messages. extent: what was planned. before: the stage they are made from, if its
    light and motion should be found in them again; None for a source, and for steps that are asked for others.
    """

    def __init__(self, name: str, extent: Extent, before: "Stage | None" = None):
        self.frames = self.lit = self.black = self.moved = self.changed = 0
        self._name, self._extent, self._before = name, extent, before
        self._first: Tensor | None = None
        self._compared = before is not None  # or the next stage is compared with this one
        if before is not None:
            before._compared = True

    def __call__(self, chunks: Iterator[Tensor]) -> Iterator[Tensor]:
        """`chunks` of pictures (n, 3, H, W) in [-1, 1], unchanged. Raises MediaError, naming the stage, at once for
        frames that are no numbers; for those that are black, frozen or not there, when that is sure."""
        for chunk in chunks:
            if len(chunk):
                self._look(chunk)
                if self.frames % SURELY < len(chunk) and self.frames >= SURELY:
                    self._judge(lost=0.5)
            yield chunk
        planned, came = self._extent, self.frames
        if came != planned.frames if planned.exact else not came:
            raise MediaError(
                f"{self._name}: {came:,} frames came out of it instead of {planned.frames:,}. Try again, or leave this "
                "step out; if it uses a model of your own, choose another."
            )
        self._judge(lost=LOST)

    def _look(self, chunk: Tensor) -> None:
        stride = max(1, chunk.shape[-2] // ROWS)
        rows = chunk[..., self.frames % stride :: stride, :]
        _check(bool(rows.sum().isfinite()), self._name, self.frames)
        if self._compared:
            self._compare(chunk[..., stride // 2 :: stride, :])
        self.frames += len(chunk)

    def _compare(self, rows: Tensor) -> None:
        cells = F.adaptive_avg_pool1d(rows.mean(1).float(), CELLS).flatten(1).mul_(0.5).add_(0.5)
        if self._first is None or self._first.shape != cells[:1].shape:
            self._first = cells[:1]
        lightest, change = cells.amax(1), (cells - self._first).abs_()
        found = (lightest > LIT, lightest < BLACK, change.mean(1) > MOVED, change.amax(1) > SAME)
        lit, black, moved, changed = torch.stack(found).sum(1).tolist()
        self.lit, self.black = self.lit + lit, self.black + black
        self.moved, self.changed = self.moved + moved, self.changed + changed

    def _judge(self, lost: float) -> None:
        """lost: share of frames that may become black."""
        before = self._before
        if before is None or not before.frames or not self.frames:
            return
        dark = self.black / self.frames - (1 - before.lit / before.frames)
        if dark > lost:
            raise MediaError(
                f"{self._name}: {self.black:,} of {self.frames:,} frames came out black, although there was a picture "
                "before. Leave this step out, or choose another model for it."
            )
        if self.frames > 1 and not self.changed and before.moved >= before.frames / 2:
            raise MediaError(
                f"{self._name}: all of {self.frames:,} frames came out the same, although they moved before. Leave "
                "this step out, or choose another model for it."
            )


def checked(pictures: Tensor, name: str) -> Tensor:
    """`pictures`, every value of which is a number. Raises MediaError, naming what made them."""
    _check(bool(pictures.isfinite().all()), name, 0)
    return pictures


def _check(finite: bool, name: str, frame: int) -> None:
    if not finite:
        raise MediaError(
            f"{name}: frame {frame} came out of it as something that is no picture (NaN or infinity). Its model is "
            "damaged, or too coarse a number format was used: choose another, or set VGAN_DEVICE=cpu."
        )
