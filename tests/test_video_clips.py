"""Folders of clips as arrays: read as they were written, and refused by name where they are not."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from video_folders import write_clips

from vgan.errors import RecipeError
from vgan.training.video.clips import read_clips


def test_clips_are_read_as_they_were_written(tmp_path: Path) -> None:
    frames = write_clips(tmp_path, clips=6, side=16, frames=5)
    clips = read_clips(tmp_path)
    assert (len(clips), clips.side, clips.length, clips.names) == (6, 16, 5, ("left", "right"))
    rows, places = torch.tensor([4, 1]), torch.tensor([[0, 3], [2, 4]])
    whole, some = clips.pictures(rows), clips.pictures(rows, places)
    assert whole.shape == (2, 5, 3, 16, 16)
    assert torch.equal(some[1, 1], whole[1, 4])
    back = whole.add(1).mul(127.5).round().byte().movedim(-3, -1).numpy()
    assert np.array_equal(back, frames[[4, 1]])
    given = clips.given(rows)
    assert given.labels.tolist() == [0, 1]
    assert given.attributes.shape == (2, 8)


def test_sliders_are_read_where_they_are(tmp_path: Path) -> None:
    write_clips(tmp_path, clips=4)
    np.save(tmp_path / "attributes.npy", np.linspace(0, 1, 28, dtype=np.float32).reshape(4, 7))
    table = [[0.0] * 7, [1.0] * 7]
    change_facts(tmp_path, knots={"left": table, "right": table})
    clips = read_clips(tmp_path)
    assert clips.given(torch.tensor([3])).attributes[0, -1] == pytest.approx(1.0)
    assert clips.knots == {"left": table, "right": table}


def change_facts(folder: Path, **changes: Any) -> None:
    facts = json.loads((folder / "facts.json").read_text())
    (folder / "facts.json").write_text(json.dumps(facts | changes))


BAD = {
    "no facts": (lambda f: (f / "facts.json").unlink(), "facts.json.*cannot be read"),
    "no clips": (lambda f: (f / "clips.npy").unlink(), "clips.npy.*cannot be read"),
    "facts are no JSON": (lambda f: (f / "facts.json").write_text("{"), "facts.json.*no JSON"),
    "nested facts": (lambda f: (f / "facts.json").write_text("[" * 100_000), "facts.json.*no JSON"),
    "facts are a list": (lambda f: (f / "facts.json").write_text("[]"), "labels, side or frames is missing"),
    "another side": (lambda f: change_facts(f, side=64), "side is 64.*Allowed: 16"),
    "labels twice": (lambda f: change_facts(f, labels=["a", "a"]), "labels is"),
    "knots of others": (lambda f: change_facts(f, knots={"up": [[0] * 7]}), "knots are not by label"),
    "knots of words": (lambda f: change_facts(f, knots={"left": ["a"], "right": ["a"]}), "knots.left is no table"),
    "objects": (
        lambda f: np.save(f / "labels.npy", np.array([{}, {}], object), allow_pickle=True),
        "labels.npy.*array",
    ),
    "cut off": (lambda f: (f / "clips.npy").write_bytes((f / "clips.npy").read_bytes()[:300]), "clips.npy.*damaged"),
    "no array": (lambda f: (f / "clips.npy").write_bytes(b"clips"), "clips.npy.*no array"),
    "three frames": (lambda f: np.save(f / "clips.npy", np.zeros((4, 3, 16, 16, 3), np.uint8)), "4 clips of 3 frames"),
    "tall": (lambda f: np.save(f / "clips.npy", np.zeros((4, 5, 32, 16, 3), np.uint8)), "its shape is"),
    "floats": (lambda f: np.save(f / "clips.npy", np.zeros((4, 5, 16, 16, 3))), "float64 with 5 dimensions"),
    "fewer labels": (lambda f: np.save(f / "labels.npy", np.zeros(3, np.int64)), "labels.npy.*3 numbers.*4"),
    "label 7": (lambda f: np.save(f / "labels.npy", np.full(4, 7)), "from 7 to 7.*0 to 1"),
    "label -1": (lambda f: np.save(f / "labels.npy", np.full(4, -1)), "from -1 to -1"),
    "8 sliders": (lambda f: np.save(f / "attributes.npy", np.zeros((4, 8), np.float32)), "attributes.npy.*shape"),
    "nan": (lambda f: np.save(f / "attributes.npy", np.full((4, 7), np.nan, np.float32)), "missing or far out"),
}


@pytest.mark.parametrize("name", BAD)
def test_hostile_folders_are_refused(tmp_path: Path, name: str) -> None:
    write_clips(tmp_path, clips=4, side=16, frames=5)
    spoil, message = BAD[name]
    spoil(tmp_path)
    with pytest.raises(RecipeError, match=f"(?s)data: .*{message}"):
        read_clips(tmp_path)
