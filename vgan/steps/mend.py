"""How damaged frames are rebuilt: from the good ones before and after, moved to their moment."""

from collections.abc import Iterator

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.damage import Finding
from vgan.flow import Motion, grid, sampled
from vgan.models.generators.repair import RepairGenerator
from vgan.models.interpolator import Drawn, Interpolator, draw_between
from vgan.registry import Models
from vgan.scene import is_cut
from vgan.tensors import to_frames

MOVES = "interpolate"  # the row of the zoo that moves the neighbours
FILLS = "repair"  # the one that fits them to what is kept
SEEN = 64  # pixels around what is lost that are looked at for that
FLOW_SIDE = 512  # longer side at which a single neighbour is moved, pixels
FEATHER = 5  # pixels inside the border of what was lost over which the rebuilt passes into the kept
TONE = 33  # pixels around a lost place whose colours the rebuilt is fitted to
MOST_TONE = 0.12  # by so much at most, in [-1, 1]
Placed = tuple[int, Tensor]  # a good frame's index, and its picture (1, 3, H, W)


class Mender:
    """Rebuilds runs of damaged frames."""

    def __init__(self, models: Models):
        self._models, self._motion = models, Motion()

    @torch.inference_mode()
    def mended(
        self,
        pictures: list[Tensor],
        findings: list[Finding],
        before: Placed | None,
        after: Placed | None,
        strength: float,
    ) -> Iterator[Tensor]:
        """Consecutive damaged pictures (1, 3, H, W) rebuilt. before, after: the nearest good frames, where there are
        any; with none at all the pictures stay as they are. Outside of a finding's mask not a bit changes.
        Raises WeightsError."""
        made = self._rebuilt(pictures, findings, before, after)
        for picture, finding, whole in zip(pictures, findings, made, strict=True):
            if whole is None:
                yield picture
                continue
            cover = _cover(finding, picture)
            joined = _toned(whole, picture, cover) if finding.mask is not None else whole
            mixed = torch.lerp(picture.float(), joined.float(), cover * strength).clamp(-1, 1).to(picture.dtype)
            yield torch.where(cover > 0, mixed, picture)

    def _rebuilt(
        self, pictures: list[Tensor], findings: list[Finding], before: Placed | None, after: Placed | None
    ) -> list[Tensor | None]:
        """Whole pictures for each damaged one, None where nothing is known."""
        shape = pictures[0].shape
        ends = [None if end is None or end[1].shape != shape else end for end in (before, after)]
        if ends[0] is not None and ends[1] is not None:
            (first, one), (last, other) = ends[0], ends[1]
            if not is_cut(one[0], other[0]):
                moments = [(finding.index - first) / (last - first) for finding in findings]
                model = self._models.get(MOVES)
                assert isinstance(model, Interpolator)
                drawn = draw_between(model, one[0], other[0], moments, self._models.runtime.dtype)
                return [self._fitted(*each) for each in zip(drawn, pictures, findings, strict=True)]
        return [
            self._from_one_side(picture, finding, ends) for picture, finding in zip(pictures, findings, strict=True)
        ]

    def _fitted(self, drawn: Drawn, picture: Tensor, finding: Finding) -> Tensor:
        """What was drawn between both sides, moved and coloured as what is kept of the damaged picture asks for."""
        whole = drawn.picture[None]
        if finding.mask is None:
            return whole
        model = self._models.get(FILLS)
        assert isinstance(model, RepairGenerator)
        box = _box(finding.mask)
        lost = torch.from_numpy(finding.mask).to(whole.device)[None, None].float()
        known = (picture.float(), lost, whole, *(side[None] for side in drawn.sides))
        broken, mask, predicted, one, other = (
            part[box].contiguous(memory_format=torch.channels_last) for part in known
        )
        dtype = self._models.runtime.dtype
        with torch.autocast(whole.device.type, dtype, enabled=dtype != torch.float32):
            whole[box] = model(broken, mask, predicted, (one, other)).clamp(-1, 1)
        return whole

    def _from_one_side(self, picture: Tensor, finding: Finding, ends: list[Placed | None]) -> Tensor | None:
        """The nearest good frame of the same scene, moved along with what is left of the damaged one."""
        known = [end for end in ends if end is not None]
        if not known:
            return None
        if finding.mask is None:
            return min(known, key=lambda end: abs(end[0] - finding.index))[1]
        like = min(known, key=lambda end: float((end[1] - picture).abs().mean()))[1]
        height, width = picture.shape[-2:]
        ratio = min(1.0, FLOW_SIDE / max(height, width))
        size = max(16, round(width * ratio)), max(16, round(height * ratio))
        here, there = (
            cv2.cvtColor(cv2.resize(to_frames(one)[0], size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
            for one in (picture, like)
        )
        kept = 1 - cv2.resize(finding.mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        flow = _spread(self._motion(here, there), (kept > 0.99).astype(np.float32))
        places = cv2.resize(flow * np.array([width / size[0], height / size[1]], np.float32), (width, height))
        moved = sampled(like[0].permute(1, 2, 0).float().cpu().numpy(), places + grid(height, width))
        return torch.from_numpy(moved).permute(2, 0, 1)[None].to(picture.device)


def _box(mask: np.ndarray) -> tuple[slice, ...]:
    """What is lost and what lies around it, as an index into (1, C, H, W)."""
    spans = []
    for axis in (1, 0):
        places = np.flatnonzero(mask.any(axis))
        spans.append(slice(max(0, int(places[0]) - SEEN), int(places[-1]) + SEEN + 1))
    return slice(None), slice(None), *spans


def _spread(values: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """values (h, w, 2) where they are kept, carried on over what is lost from ever further away."""
    found, weight = values * kept[..., None], kept.copy()
    side = 7
    while weight.min() <= 0 and side < 2 * max(kept.shape):
        near, mass = cv2.blur(found, (side, side)), cv2.blur(weight, (side, side))
        fresh = (weight <= 0) & (mass > 1e-4)
        found[fresh], weight[fresh] = near[fresh] / mass[fresh][:, None], 1
        side = 2 * side + 1
    return np.asarray(found, np.float32)


def _cover(finding: Finding, picture: Tensor) -> Tensor:
    """How much of the rebuilt picture is seen, (1, 1, H, W): none outside the mask, all well inside it."""
    if finding.mask is None:
        return picture.new_ones(1, 1, *picture.shape[-2:], dtype=torch.float32)
    mask = torch.from_numpy(finding.mask).to(picture.device)[None, None].float()
    soft = F.avg_pool2d(mask, FEATHER, 1, FEATHER // 2, count_include_pad=False)
    return (2 * soft - 1).clamp(0, 1) * mask


def _toned(rebuilt: Tensor, picture: Tensor, cover: Tensor) -> Tensor:
    """`rebuilt` with the colours that the kept places around have: what differs there is carried in smoothly."""
    kept = (cover == 0).float()
    pad = TONE // 2
    gap = (picture.float() - rebuilt.float()).clamp(-MOST_TONE, MOST_TONE) * kept
    mass = F.avg_pool2d(kept, TONE, 1, pad)
    near = F.avg_pool2d(gap, TONE, 1, pad) / mass.clamp_min(1e-3)
    return rebuilt.float() + near * (mass / (mass + 0.05))
