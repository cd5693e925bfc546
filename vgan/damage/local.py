"""Places of a frame that follow neither from the frame before nor lead to the one after: they were lost."""

from dataclasses import dataclass

import cv2
import numpy as np

from vgan.flow import Motion, grid, sampled

CLEAR = 12  # grey levels by which a lost place differs from all that is expected there
FAINT = 5  # by so much what adjoins it does
UNREST = 31  # pixels around a place within which past and future have to agree
AGREED = 0.06  # share of that area in which they may differ
AREA = 0.0013  # of the picture that has to be lost where all outlines are straight, at the threshold
STRAIGHT, BENDS = 0.85, 6.0  # as straight as lost blocks are, and how fast more is asked for where outlines bend
COMPANY = 4  # lost places among the 25 around one that is no speck
TALL, WIDE = 0.12, 0.25  # a scratch is so much of the height long, a bar so much of the width
JOINED = 15  # pixels between lost places that are of the same block or bar
SOLID = 7  # pixels: what is thinner hangs on to blocks and bars by chance
FULL = 0.5  # of a box around them that is lost, where all of it is
UNEVEN = 2.0  # in noise, rows differ by so many times what they do elsewhere
CROSS = np.ones((3, 3), np.uint8)


@dataclass(frozen=True)
class Outliers:
    """excess: uint8 (h, w), grey levels by which a frame leaves everything that is expected; onesided: share of it that
    does not follow from the frame before; expected: uint8 (h, w, 3), what its neighbours lead to; share: of the picture
    that is clearly lost, specks left out; straight: how much of its outline goes straight up or across, in [0, 1]."""

    excess: np.ndarray
    onesided: float
    expected: np.ndarray
    share: float
    straight: float

    def strength(self, usual: float) -> float:
        """How surely it was damage, 1 at the threshold. usual: the share in the frames around.

        Lost places have straight outlines, or fill much of the picture; what moves too fast to be followed is round.
        """
        return (self.share - usual) / (AREA * float(np.exp(BENDS * (STRAIGHT - self.straight))))


class Compare:
    """Compares frames with their neighbours, moved along."""

    def __init__(self) -> None:
        self._motion = Motion()

    def __call__(self, here: np.ndarray, before: np.ndarray, after: np.ndarray, at: float = 0.5) -> Outliers:
        """uint8 (h, w, 3) each. at: where the frame lies between the other two, in (0, 1).

        A place is expected where either neighbour, moved by the flow from this frame, shows it, or where it lies
        between both neighbours moved by the flow from one to the other. None of that is trusted to the pixel.
        """
        grey, past, future = (cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in (here, before, after))
        places = grid(*grey.shape)
        follows = _beyond(here, sampled(before, places + self._motion(grey, past)))
        leads = _beyond(here, sampled(after, places + self._motion(grey, future)))
        across = self._motion(past, future)
        left, right = sampled(before, places - across * at), sampled(after, places + across * (1 - at))
        between = _beyond(here, cv2.min(left, right), cv2.max(left, right))
        unrest = cv2.blur(cv2.threshold(_beyond(left, right), CLEAR, 255, cv2.THRESH_BINARY)[1], (UNREST, UNREST))
        excess = cv2.min(cv2.min(follows, leads), between)
        excess[unrest > AGREED * 255] = 0
        expected = cv2.addWeighted(left, 1 - at, right, at, 0)
        lost = _clustered(excess)
        share = cv2.countNonZero(lost) / lost.size
        onesided = cv2.countNonZero(_clustered(cv2.min(follows, _beyond(here, left)))) / lost.size
        return Outliers(excess, onesided, expected, share, _straightness(lost) if share else 0.0)


def _beyond(picture: np.ndarray, low: np.ndarray, high: np.ndarray | None = None) -> np.ndarray:
    """By how much `picture` is below `low` or above `high` and all that is right beside them: uint8 (h, w)."""
    over = cv2.subtract(picture, cv2.dilate(low if high is None else high, CROSS))
    under = cv2.subtract(cv2.erode(low, CROSS), picture)
    red, green, blue = cv2.split(cv2.max(over, under))  # many times as fast as numpy's maximum over the last axis
    return np.asarray(cv2.max(cv2.max(red, green), blue))


def _clustered(excess: np.ndarray) -> np.ndarray:
    """Clearly lost places that have company: uint8 (h, w), 0 and 1."""
    clear = cv2.threshold(excess, CLEAR, 1, cv2.THRESH_BINARY)[1]
    company = cv2.boxFilter(clear, cv2.CV_8U, (5, 5), normalize=False)
    return np.asarray(cv2.bitwise_and(clear, cv2.threshold(company, COMPANY - 1, 1, cv2.THRESH_BINARY)[1]))


def _straightness(lost: np.ndarray) -> float:
    """Share of the outline of uint8 (h, w) that goes on straight up or straight across."""
    whole = cv2.morphologyEx(lost, cv2.MORPH_CLOSE, CROSS)
    upright, across = whole[:, 1:] != whole[:, :-1], whole[1:] != whole[:-1]
    on = np.count_nonzero(upright[1:] & upright[:-1]) + np.count_nonzero(across[:, 1:] & across[:, :-1])
    outline = int(np.count_nonzero(upright)) + int(np.count_nonzero(across))
    return float(on) / max(1, outline)


def lost_places(excess: np.ndarray) -> np.ndarray:
    """What is clearly lost, what adjoins it, and what lies between, bool (h, w): blocks and bars are lost whole, though
    some of what they show may be as expected."""
    seeds = _clustered(excess)
    near = cv2.dilate(seeds, np.ones((9, 9), np.uint8))
    faint = ((excess > FAINT) & (near > 0)).astype(np.uint8)
    whole = cv2.morphologyEx(faint | seeds, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    joined = cv2.morphologyEx(whole, cv2.MORPH_CLOSE, np.ones((JOINED, JOINED), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((SOLID, SOLID), np.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for left, top, wide, tall, _ in boxes[1:count]:
        box = whole[top : top + tall, left : left + wide]
        if box.mean() > FULL:
            box[:] = 1
    return np.asarray(cv2.dilate(whole, CROSS), bool)


def kind_of(excess: np.ndarray, grey: np.ndarray) -> str:
    """What the lost places look like: `scratch`, `noise` or `blocks`. grey: of the frame, uint8 (h, w)."""
    height, width = excess.shape
    clear = (excess > FAINT).astype(np.uint8)
    standing = cv2.morphologyEx(clear, cv2.MORPH_CLOSE, np.ones((9, 1), np.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(standing, connectivity=8)
    thin = sum(
        int(area) for _, _, wide, tall, area in boxes[1:count] if tall > TALL * height and area < 0.025 * width * tall
    )
    if thin > 0.5 * standing.sum():
        return "scratch"
    lying = cv2.morphologyEx(clear, cv2.MORPH_CLOSE, np.ones((1, 15), np.uint8))
    lying = cv2.morphologyEx(lying, cv2.MORPH_OPEN, np.ones((1, max(9, round(WIDE * width))), np.uint8))
    if lying.sum() <= 0.6 * clear.sum():
        return "blocks"
    # Rows of noise have nothing to do with each other; those of lost slices are smooth, or another place's picture.
    steps, lost = cv2.absdiff(grey[1:], grey[:-1]), (clear[1:] & clear[:-1]).astype(bool)
    uneven = lost.any() and steps[lost].mean() > UNEVEN * max(1.0, float(steps[~lost].mean()))
    return "noise" if uneven else "blocks"
