"""Which way text runs: the Unicode bidirectional algorithm (UAX 9) for text without explicit embeddings.

`vgan.text.clean` takes those out, so that rules P2, P3, W1 to W7, N0 to N2, I1, I2, L1 and L2 are all that is left.
"""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_STRONG = {"L": "L", "R": "R", "AL": "R"}
_NEUTRAL = {"B", "S", "WS", "ON"}
_PAIRS = {pair[0]: pair[1] for pair in "() [] {} ⁅⁆ ⟨⟩ ⟪⟫ 「」 『』 【】 〔〕 〈〉 《》 （） ［］ ｛｝".split()}
_CLOSING = set(_PAIRS.values())


def levels(text: str) -> tuple[int, list[int]]:
    """(level of the paragraph, level of every character): even runs left to right, odd right to left.

    text: one paragraph, without line feeds and explicit embeddings.
    """
    kinds = [unicodedata.bidirectional(char) or "L" for char in text]
    base = next((0 if kind == "L" else 1 for kind in kinds if kind in _STRONG), 0)
    if base == 0 and not {"R", "AL", "AN"} & set(kinds):
        return 0, [0] * len(text)
    solved = _neutral(text, kinds, _weak(kinds, base), base)
    rises = ({"L": 0, "R": 1, "AN": 2, "EN": 2}, {"L": 1, "R": 0, "AN": 1, "EN": 1})[base]
    return base, [base + rises[kind] for kind in solved]


def visual(of: Sequence[int]) -> list[int]:
    """The order from left to right in which pieces of these levels stand on a line (L2)."""
    order = list(range(len(of)))
    for level in range(max(of, default=0), 0, -1):
        place = 0
        while place < len(order):
            end = place
            while end < len(order) and of[order[end]] >= level:
                end += 1
            order[place:end] = order[place:end][::-1]
            place = end + 1
    return order


def _weak(kinds: Sequence[str], base: int) -> list[str]:
    """W1 to W7: marks, numbers and what belongs to them."""
    start = "R" if base else "L"
    found, before = list(kinds), start
    for place, kind in enumerate(found):  # W1; boundary-neutral characters take part like marks
        found[place] = before if kind in ("NSM", "BN") else kind
        before = found[place]
    strong = start
    for place, kind in enumerate(found):  # W2
        strong = kind if kind in _STRONG else strong
        if kind == "EN" and strong == "AL":
            found[place] = "AN"
    found = ["R" if kind == "AL" else kind for kind in found]  # W3
    for place in range(1, len(found) - 1):  # W4
        left, kind, right = found[place - 1 : place + 2]
        if left == right and ((kind in ("ES", "CS") and left == "EN") or (kind == "CS" and left == "AN")):
            found[place] = left
    for way in (range(1, len(found)), range(len(found) - 2, -1, -1)):  # W5
        for place in way:
            if found[place] == "ET" and found[place - 1 if way.step == 1 else place + 1] == "EN":
                found[place] = "EN"
    found = ["ON" if kind in ("ES", "CS", "ET") else kind for kind in found]  # W6
    strong = start
    for place, kind in enumerate(found):  # W7
        strong = kind if kind in _STRONG else strong
        if kind == "EN" and strong == "L":
            found[place] = "L"
    return found


def _neutral(text: str, first: Sequence[str], found: list[str], base: int) -> list[str]:
    """N0 to N2: brackets, spaces and marks go with what is around them."""
    own = "R" if base else "L"
    sides = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
    for opening, closing in _brackets(text, found):  # N0
        inside = {sides[kind] for kind in found[opening + 1 : closing] if kind in sides}
        if own in inside:
            side = own
        elif inside:
            before = next((sides[kind] for kind in reversed(found[:opening]) if kind in sides), own)
            side = before if before in inside else own
        else:
            continue
        for place in (opening, closing):
            found[place] = side
            for mark in range(place + 1, len(found)):
                if first[mark] != "NSM":
                    break
                found[mark] = side
    ends = [-1, *(place for place, kind in enumerate(found) if kind not in _NEUTRAL), len(found)]
    for left, right in pairwise(ends):  # N1, N2
        before = sides[found[left]] if left >= 0 else own
        after = sides[found[right]] if right < len(found) else own
        found[left + 1 : right] = [before if before == after else own] * (right - left - 1)
    return found


def _brackets(text: str, found: Sequence[str]) -> list[tuple[int, int]]:
    """(opening, closing) of each pair (BD16), in the order of their openings."""
    waiting: list[tuple[str, int]] = []
    pairs = []
    for place, char in enumerate(text):
        if found[place] != "ON":
            continue
        if char in _PAIRS:
            if len(waiting) == 63:
                break
            waiting.append((_PAIRS[char], place))
        elif char in _CLOSING:
            depth = next((d for d in range(len(waiting) - 1, -1, -1) if waiting[d][0] == char), None)
            if depth is not None:
                pairs.append((waiting[depth][1], place))
                del waiting[depth:]
    return sorted(pairs)
