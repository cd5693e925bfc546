"""The words network is trained by its command: begun anew, gone on from another's weights, and laid between the two."""

import json

import pytest
import torch
from safetensors.torch import load_file

from vgan.models.words import WordsNetwork, WordsParams
from vgan.training import cli
from vgan.training.checkpoint import export
from vgan.training.commands import words as command
from vgan.training.looks import LOOKS

KNOTS = {name: [[0.1 * row] * 7 for row in range(17)] for name in LOOKS}


def encode(sentences):
    """Stands for the encoder: numbers that a sentence's letters decide."""
    tokens = torch.stack([torch.full((4, 384), sum(map(ord, text)) % 97 / 97) for text in sentences])
    return tokens, torch.ones(len(sentences), 4, dtype=torch.bool)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Looks that captions name, and an older network."""
    (tmp_path / "looks").mkdir()
    (tmp_path / "looks" / "config.json").write_text(json.dumps({"knots": KNOTS}))
    torch.manual_seed(0)
    facts = {"family": "words", "captions": 10, "training": {"steps": 5, "minutes": 0.1}}
    export(tmp_path / "old", WordsNetwork(WordsParams(tuple(KNOTS))).state_dict(), facts)
    monkeypatch.setattr(command, "encoder", lambda folder, device: encode)
    return tmp_path


def trained(place, *more):
    sizes = ["--clips", "2", "--each", "1", "--minutes", "0.0001", "--device", "cpu"]
    folders = ["--encoder", str(place), "--looks", str(place / "looks"), "--out", str(place / "out")]
    cli.program(["words", *sizes, *folders, *more])
    config = json.loads((place / "out" / "export" / "config.json").read_text())
    return load_file(place / "out" / "export" / "model.safetensors"), config


def test_weights_between_the_old_and_the_new(place):
    old = load_file(place / "old" / "model.safetensors")
    for share in (0.0, 0.5, 1.0):
        found, config = trained(place, "--begin", str(place / "old"), "--mix", str(share), "--rate", "0.1")
        assert config["begun"] == {"steps": 5, "captions": 10, "mix": share}
        assert config["training"]["steps"] > 5
        same = [name for name in old if torch.equal(old[name], found[name])]
        assert (len(same) == len(old)) == (share == 0)
    between = command.mixed({"w": torch.zeros(2)}, {"w": torch.ones(2)}, 0.25)
    assert between["w"].tolist() == [0.25, 0.25]


def test_what_the_encoder_says_is_kept_for_the_next_training(place, monkeypatch):
    kept = ["--keep", str(place / "kept.safetensors")]
    _, config = trained(place, *kept)
    assert "begun" not in config
    monkeypatch.setattr(command, "encoder", lambda folder, device: None)
    assert trained(place, *kept)[1]["captions"] == config["captions"]


def test_a_share_that_is_none_is_refused(place, capsys):
    with pytest.raises(SystemExit) as end:
        trained(place, "--begin", str(place / "old"), "--mix", "2")
    assert end.value.code == 2
    assert "Allowed: 0 to 1" in capsys.readouterr().err
