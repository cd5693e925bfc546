"""Evaluation and model card, on a handful of clips."""

from pathlib import Path

import pytest

from vgan.errors import MediaError
from vgan.evaluate import ASPECTS, Protocol, evaluate_looks, table
from vgan.model_card import write_card
from vgan.recipe import ATTRIBUTES
from vgan.registry import Models
from vgan.settings import PROJECT, Settings
from vgan.training import dataset

WEIGHTS = Path("../shared/data/weights/squeezenet1_1.safetensors")


def test_folder_without_clips_is_refused_with_the_command_that_draws_them(tmp_path):
    with pytest.raises(MediaError, match="python -m vgan looks draw"):
        evaluate_looks(Models(), tmp_path, tmp_path, WEIGHTS, Protocol())


def test_report_and_card_hold_every_figure(tmp_path):
    if not WEIGHTS.is_file():
        pytest.skip(f"{WEIGHTS} is not here: the offline feature network comes with the shared data")
    for name, first in (("train", 0), ("held-out", dataset.HELD_OUT)):
        dataset.build(tmp_path / name, 5, first, 64)
    protocol = Protocol(classify=1, sweep=4, frames=24, seams=1)
    report = evaluate_looks(Models(), tmp_path / "train", tmp_path / "held-out", WEIGHTS, protocol)
    assert set(report.right) == set(ASPECTS)
    assert set(report.sliders) == set(ATTRIBUTES)
    assert all(-1 <= value <= 1 for value in report.sliders.values())
    assert report.frechet > 0
    assert 0.5 < report.seam < 2
    shipped = tmp_path / "weights" / "looks"
    shipped.mkdir(parents=True)
    for file in ("config.json", "model.safetensors"):
        (shipped / file).write_bytes((PROJECT / "weights" / "looks" / file).read_bytes())
    card = write_card(report, Settings(weights=tmp_path / "weights"), clips=5).read_text()
    assert table(report) in card
    assert "license: apache-2.0" in card
