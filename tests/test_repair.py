"""The repair step: what is damaged is rebuilt, and nothing else changes by a bit."""

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
import untrained
from test_damage import AT, pan
from torch import Tensor

from vgan.damage import Finding
from vgan.evaluate_repair import damage, evaluate_repair, table
from vgan.media.extent import Extent
from vgan.models.generators.repair import RepairGenerator
from vgan.recipe_steps import Repair
from vgan.registry import Models
from vgan.repair_card import write_repair_card
from vgan.settings import Settings
from vgan.steps.around import Around
from vgan.steps.mend import Mender
from vgan.steps.repair import repair, repaired_at
from vgan.tensors import to_pictures


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """Networks that were never trained: they blend, and move nothing."""
    folder = tmp_path_factory.mktemp("weights")
    untrained.write_interpolator(folder / "interpolate")
    untrained.write_repair(folder / "repair")
    return Models(Settings(device="cpu", offline=True, weights=folder))


def around(pictures: Tensor, models: Models) -> Around:
    def at(places: Sequence[int]) -> Tensor:
        return pictures[list(places)]

    extent = Extent(len(pictures), Fraction(24), (pictures.shape[3], pictures.shape[2]))
    return Around(extent, extent, False, at, models)


def broken() -> tuple[np.ndarray, np.ndarray]:
    """A slow pan, and the same with a black frame, a frozen run and a lost corner."""
    good = pan(speed=1.0)
    bad = good.copy()
    bad[AT] = 0
    bad[AT + 8 : AT + 10] = bad[AT + 7]
    bad[AT + 14, 32:64, 48:96] = 128
    return good, bad


DAMAGED = {AT, AT + 8, AT + 9, AT + 14}


def run(bad: np.ndarray, models: Models, **fields: object) -> Tensor:
    pictures = to_pictures(bad)
    chunks = iter(pictures.split(5))
    return torch.cat(list(repair(chunks, Repair(**fields), around(pictures, models))))  # type: ignore[arg-type]


def test_only_what_is_damaged_changes_and_comes_nearer(models: Models) -> None:
    good, bad = broken()
    pictures, made = to_pictures(bad), run(bad, models)
    assert made.shape == pictures.shape
    for index, (one, other) in enumerate(zip(made, pictures, strict=True)):
        assert torch.equal(one, other) is (index not in DAMAGED), index
    truth = to_pictures(good)
    for index in DAMAGED:
        assert (made[index] - truth[index]).abs().mean() < 0.7 * (pictures[index] - truth[index]).abs().mean()
    kept = torch.ones(108, 192, dtype=torch.bool)
    kept[20:76, 36:108] = False
    assert torch.equal(made[AT + 14][:, kept], pictures[AT + 14][:, kept])


def test_strength_switches_and_sensitivity(models: Models) -> None:
    _, bad = broken()
    pictures, full = to_pictures(bad), run(bad, models)
    assert torch.equal(run(bad, models, strength=0), pictures)
    assert torch.equal(run(bad, models, sensitivity=0), pictures)
    half = run(bad, models, strength=0.5)
    assert torch.allclose(half[AT], (full[AT] + pictures[AT]) / 2, atol=1e-5)
    left = run(bad, models, leave=(AT, AT + 14))
    assert torch.equal(left[AT], pictures[AT])
    assert not torch.equal(left[AT + 9], pictures[AT + 9])
    asked = run(bad, models, mend=(4,))
    assert not torch.equal(asked[4], pictures[4])
    assert torch.equal(asked[3], pictures[3])


def test_a_single_picture_is_that_of_the_clip(models: Models) -> None:
    _, bad = broken()
    pictures, full = to_pictures(bad), run(bad, models)
    places = [AT, AT + 1, AT + 14, -1]
    assert torch.equal(repaired_at(Repair(), around(pictures, models), places), full[places])


def test_nothing_is_drawn_across_a_cut(models: Models) -> None:
    one, other = (to_pictures(pan(seed, frames=3)) for seed in (1, 2))
    other = -other
    black = torch.full_like(one[:1], -1)
    lost = [Finding(1, "black", 1.0), Finding(2, "black", 1.0)]
    made = list(Mender(models).mended([black, black], lost, (0, one[:1]), (3, other[:1]), 1.0))
    assert torch.equal(made[0], one[:1])
    assert torch.equal(made[1], other[:1])


def test_one_neighbour_moves_along(models: Models) -> None:
    clip = to_pictures(pan(frames=2, speed=6.0))
    mask = np.zeros((108, 192), bool)
    mask[40:60, 60:120] = True
    hurt = clip[1:].clone()
    hurt[..., 40:60, 60:120] = 1
    (made,) = Mender(models).mended([hurt], [Finding(1, "blocks", 1.0, mask)], (0, clip[:1]), None, 1.0)
    region = (slice(None), slice(None), slice(44, 56), slice(66, 114))
    assert (made - clip[1:])[region].abs().mean() < 0.5 * (clip[:1] - clip[1:])[region].abs().mean()
    (same,) = Mender(models).mended([hurt], [Finding(1, "blocks", 1.0, mask)], None, None, 1.0)
    assert torch.equal(same, hurt)


@pytest.mark.parametrize("frames", [1, 2, 5])
def test_short_clips_pass(models: Models, frames: int) -> None:
    clip = pan(frames=frames)
    assert torch.equal(run(clip, models), to_pictures(clip))


def test_what_is_lost_is_fitted_to_what_is_kept(models: Models) -> None:
    good = pan(speed=1.0)
    bad = good[AT].copy()
    lost = np.zeros(bad.shape[:2], bool)
    lost[40:60, 70:100] = True
    bad[lost] = 128
    one, broken_one, other = (to_pictures(frame[None].copy()) for frame in (good[AT - 1], bad, good[AT + 1]))
    finding = Finding(AT, "blocks", 1.0, lost)

    def mended() -> Tensor:
        found = Mender(models).mended([broken_one], [finding], (AT - 1, one), (AT + 1, other), 1.0)
        return next(found)

    plain = mended()
    network = models.get("repair")
    assert isinstance(network, RepairGenerator)
    with torch.inference_mode():
        network.last.bias[:4] += 1  # redder, as far as both sides disagree
        fitted = mended()
        network.last.bias[:4] -= 1
    changed = (fitted != plain).any(1)[0].numpy()
    assert changed.any()
    assert not changed[~lost].any()
    assert ((fitted - plain)[0, 0] >= 0).all()


def test_evaluation_counts(models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = pan(frames=80)
    one, two = (damage(clip, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one.frames, two.frames)
    assert one.kinds == two.kinds
    hurt = [index for index, kind in enumerate(one.kinds) if kind]
    assert hurt
    assert all((one.frames[index] == clip[index]).all() for index in range(80) if index not in hurt)
    monkeypatch.setattr("vgan.evaluate_repair._held_out", lambda path, most, side: clip)
    report, sheet = evaluate_repair(models, [tmp_path / "pan.mp4"], rounds=1)
    assert report.all.f1 > 0.9
    assert (report.untouched, report.changed) == (0, 0)
    assert sheet[0].shape == (108, 3 * 192, 3)
    assert "| all |" in table(report)
    config = {"family": "repair", "params": {}, "parameters": 7}
    config["training"] = {"steps": 1200, "minutes": 3.5, "device": "cpu", "workers": 1}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    card = write_repair_card(report, tmp_path).read_text()
    assert table(report) in card
    assert "1,200 steps" in card
