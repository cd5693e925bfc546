"""How a window moves over a picture: as a camera operator would move it, who knows what will happen.

Pan and scan after Liu and Gleicher (2006), planned with the L1-optimal paths of Grundmann, Kwatra and Essa (2011): the
absolute values of a path's speed, its changes and their changes are kept small together, which makes all three vanish
almost everywhere. The camera stands still, or moves at one speed, and eases from one to the other; where it goes is
bounded by what should stay within the window. One linear programme finds the best of all such paths.

Places are along the one direction in which the window can move, in shares of the picture's side there.
"""

from dataclasses import dataclass

import numpy as np

RATE = 8.0  # times a second at which is looked and planned
BINS = 96  # parts of the side that are told apart
STROLL, LEAP = 0.03, 0.6  # what a subject loses, of all it could show, by being a window further at the next look,
NEXT = 0.2  # up to so many windows, and beyond: it moves, it does not jump
MIDDLE = 0.06  # for the middle of the picture (Tatler 2007): it speaks where nothing else does
CORE = (0.1, 0.9)  # of what stands out around the subject: it reaches from one to the other
MARGIN = 0.08  # of the window, kept free between the subject and its edge
WEAK = 0.15  # how surely a place is the subject, where hardly anything stands out
# At steadiness 0 and 1: of the slack that the subject has in the window, how much it may use before the camera follows;
# what moving costs by speed, change of speed and change of that; and the fastest pan, windows a second.
SLACK = (0.35, 1.0)
COST = ((0.2, 1.5), (0.6, 4.0), (3.0, 20.0))
CLING = 0.05  # what the same costs within the slack: a pan that must be is made at once, not over minutes
FASTEST = (3.0, 0.8)
LONGEST = 400  # looks that are planned at once; longer scenes in parts that begin as the one before ends
OVERLAP = 40


@dataclass(frozen=True)
class Subject:
    """What the window should show: `place` of its middle, `half` of its extent, how surely it is that (0 to 1); each an
    array (n,), by looks."""

    place: np.ndarray
    half: np.ndarray
    sure: np.ndarray


def profile(saliency: np.ndarray, across: bool) -> np.ndarray:
    """How much there is to see at each place: (h, w) to (BINS,). across: along the width, else along the height."""
    sums = saliency.mean(0 if across else 1)
    edges = np.linspace(0, len(sums), BINS + 1)
    total = np.concatenate([[0], np.cumsum(sums)])
    return np.asarray(np.diff(np.interp(edges, np.arange(len(total)), total)) * BINS / len(sums), np.float32)


def find(profiles: np.ndarray, window: float) -> Subject:
    """The subject in one scene. profiles: (n, BINS), see `profile`; window: its length, a share.

    Of all ways through the scene it is the one along which the window has most to show, where going far at once costs:
    with two people in it, the camera looks at one of them and then perhaps at the other, never between them.
    """
    places = np.linspace(window / 2, 1 - window / 2, BINS)
    middles = (np.arange(BINS) + 0.5) / BINS
    reach = np.abs(middles[None] - places[:, None]) / (window / 2)
    kernel = np.where(reach < 1, 0.5 + 0.5 * np.cos(np.pi * np.clip(reach, 0, 1)), 0)  # most in its middle
    shown = profiles @ kernel.T
    total = profiles.sum(1)
    usual = max(1e-9, float(np.percentile(total, 90)))  # moments at which hardly anything happens have little to say
    shown += MIDDLE * usual * (1 - np.abs(2 * places - 1))
    gain = shown / (total + usual)[:, None] * 2
    apart = np.abs(places[:, None] - places[None]) / window
    best = _viterbi(gain, STROLL * apart + LEAP * np.maximum(apart - NEXT, 0))
    found = [_extent(row, middles, places[index], window) for row, index in zip(profiles, best, strict=True)]
    place, half = (np.array(values) for values in zip(*found, strict=True))
    lead = gain.max(1) - gain.mean(1)
    sure = np.clip(lead / max(float(np.percentile(lead, 75)), 1e-9), 0, 1)
    return Subject(place, half, np.maximum(WEAK, sure))


def path(subject: Subject, window: float, steadiness: float) -> np.ndarray:
    """Where the middle of the window is at each look: (n,), never beyond the picture. steadiness: 0 to 1."""
    parts: list[np.ndarray] = []
    done, count = 0, len(subject.place)
    while True:
        stop = min(count, done + LONGEST)
        start = parts[-1][-3:] if parts else np.empty(0)
        first = done - len(start)
        piece = Subject(subject.place[first:stop], subject.half[first:stop], subject.sure[first:stop])
        planned = _planned(piece, window, steadiness, start)[len(start) :]
        if stop == count:
            return np.concatenate([*parts, planned])
        parts.append(planned[:-OVERLAP])  # what comes later has a say in how this part ends
        done = stop - OVERLAP


def between(path: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """`path` (n,), one value a look, at `moments` counted in looks: a cubic B-spline, which never leaves the values
    that it runs between, stands still where they do, and has no corners."""
    from scipy.interpolate import BSpline  # scipy takes half a second: when needed

    held = np.concatenate([[path[0]] * 2, path, [path[-1]] * 2])
    spline = BSpline(np.arange(len(held) + 4) - 4.0, held, 3)
    return np.asarray(spline(np.clip(moments, 0, len(path) - 1)))


def _mix(ends: tuple[float, float], amount: float) -> float:
    """From one end to the other, by equal factors: half of a cost is as far as twice of it."""
    return float(ends[0] * (ends[1] / ends[0]) ** amount)


def _viterbi(gain: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Of all ways (n,) through `gain` (n, m) the one that collects most; a step from i to j costs `cost` (m, m)."""
    came = np.zeros(gain.shape, int)
    score = gain[0]
    for index in range(1, len(gain)):
        offers = score[:, None] - cost
        came[index] = offers.argmax(0)
        score = offers.max(0) + gain[index]
    way = [int(score.argmax())]
    for index in range(len(gain) - 1, 0, -1):
        way.append(int(came[index, way[-1]]))
    return np.array(way[::-1])


def _extent(row: np.ndarray, middles: np.ndarray, place: float, window: float) -> tuple[float, float]:
    """Middle and half the extent of what stands out around `place`."""
    near = np.where(np.abs(middles - place) <= window / 2, row, 0)
    near = np.maximum(near - near[near > 0].mean() if (near > 0).any() else near, 0)
    if near.sum() <= 0:
        return place, 0.0
    share = np.cumsum(near) / near.sum()
    low, high = (float(np.interp(part, share, middles)) for part in CORE)
    return (low + high) / 2, (high - low) / 2


def _planned(subject: Subject, window: float, steadiness: float, start: np.ndarray) -> np.ndarray:
    """One part of the path, that begins with `start`: the linear programme. Within it, places are in windows."""
    from scipy.optimize import linprog
    from scipy.sparse import diags, eye, hstack, vstack

    count = len(subject.place)
    low, high = 0.5, max(0.5, 1 / window - 0.5)
    target = np.clip(subject.place / window, low, high)
    if count == 1 or high - low < 1e-6:
        return target * window
    free = np.clip(0.5 - MARGIN - subject.half / window, 0.02, 0.4) * _mix(SLACK, steadiness)
    speed = diags([-1.0, 1.0], [0, 1], shape=(count - 1, count))
    orders = [speed]
    for _ in range(2):
        rows = orders[-1].shape[0]
        if rows > 1:
            orders.append(diags([-1.0, 1.0], [0, 1], shape=(rows - 1, rows)) @ orders[-1])
    terms = [(eye(count), target, free, subject.sure), (eye(count), target, np.zeros(count), CLING * subject.sure)]
    for order, ends in zip(orders, COST, strict=False):
        rows = order.shape[0]
        terms.append((order, np.zeros(rows), np.zeros(rows), np.full(rows, _mix(ends, steadiness))))
    extra = sum(operator.shape[0] for operator, *_ in terms)
    blocks, limits, place = [], [], 0
    for operator, aim, slack, _ in terms:  # |operator x - aim| - slack <= its own extra variable
        rows = operator.shape[0]
        over = hstack([diags([1.0], [place], shape=(rows, extra))])
        blocks += [hstack([operator, -over]), hstack([-operator, -over])]
        limits += [aim + slack, slack - aim]
        place += rows
    fastest = _mix(FASTEST, steadiness) / RATE
    none = diags([0.0], [0], shape=(count - 1, extra))
    blocks += [hstack([speed, none]), hstack([-speed, none])]
    limits += [np.full(count - 1, fastest)] * 2
    bounds = [(low, high)] * count + [(0, None)] * extra
    for index, value in enumerate(start):
        bounds[index] = (float(value) / window,) * 2
    cost = np.concatenate([np.zeros(count), *(weight for *_, weight in terms)])
    solved = linprog(cost, vstack(blocks).tocsc(), np.concatenate(limits), bounds=bounds, method="highs")
    if solved.x is None:  # only where numbers fail: stand still in the middle of it all
        return np.full(count, float(np.median(target))) * window
    return np.clip(solved.x[:count], low, high) * window
