"""Moving shapes: whole loops, known content and motion, the same from the same seed, at any size."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import RecipeError, UnknownName
from vgan.metrics.loop_seam import loop_seam
from vgan.training.looks import LOOKS
from vgan.training.shapes import COLOURS, draw_scene, make_shape_clip
from vgan.training.shapes.folders import CLIP_SETS, HELD_OUT, write_clip_set
from vgan.training.shapes.motions import MOTIONS
from vgan.training.shapes.outlines import OUTLINES


def shape_place(clip: torch.Tensor) -> torch.Tensor:
    """(T, 2) the middle of what differs from the clip's corners, in pixels, x first."""
    away = (clip - clip[:, :, :1, :1]).abs().sum(1)
    away = (away > 0.6).float()
    line = torch.arange(clip.shape[-1], dtype=torch.float32)
    mass = away.sum((1, 2))
    return torch.stack([(away * line).sum((1, 2)) / mass, (away * line[:, None]).sum((1, 2)) / mass], dim=1)


@pytest.mark.parametrize("motion", MOTIONS)
def test_every_motion_is_one_whole_loop(motion: str) -> None:
    scene = draw_scene(4, motion=motion)
    times = torch.arange(17) / 16
    clip = make_shape_clip(scene, times, 48)
    assert torch.equal(clip[0], clip[16])
    assert clip.shape == (17, 3, 48, 48)
    assert clip.abs().max() <= 1
    assert loop_seam(clip[:16]) < 2
    assert not torch.equal(clip[0], clip[4])


@pytest.mark.parametrize(("motion", "wide", "tall"), [("left-right", 1, 0), ("up-down", 0, 1), ("circle", 1, 1)])
def test_shapes_travel_as_their_motion_says(motion: str, wide: int, tall: int) -> None:
    scene = replace(draw_scene(1, motion=motion, shape="square"), shaded=False, dark=False, colour="blue")
    place = shape_place(make_shape_clip(scene, torch.arange(16) / 16, 64))
    spread = place.amax(0) - place.amin(0)
    for found, moves in zip(spread.tolist(), (wide, tall), strict=True):
        assert (found > 20) == bool(moves), spread
        assert moves or found < 4


def test_a_zoom_changes_size_and_a_spin_does_not() -> None:
    def areas(motion: str) -> torch.Tensor:
        scene = replace(draw_scene(1, motion=motion, shape="cross"), shaded=False, dark=False, colour="blue")
        clip = make_shape_clip(scene, torch.arange(16) / 16, 64)
        return ((clip - clip[:, :, :1, :1]).abs().sum(1) > 0.6).float().sum((1, 2))

    assert areas("zoom").max() > 3 * areas("zoom").min()
    assert areas("spin").max() < 1.1 * areas("spin").min()


@pytest.mark.parametrize("shape", OUTLINES)
def test_outlines_are_distances(shape: str) -> None:
    """Inside is negative, nothing reaches far beyond 1, and near the edge a step of a pixel changes as much."""
    line = (torch.arange(200) + 0.5) / 80 - 1.25
    y, x = torch.meshgrid(line, line, indexing="ij")
    distance = OUTLINES[shape](x[None], y[None])[0]
    inside = distance < 0
    assert 0.1 < inside.float().mean() < 0.6
    reach = torch.hypot(x, y)[inside].max()
    assert 0.8 < reach < 1.3
    slope = torch.hypot(*(part[1:-1, 1:-1] for part in torch.gradient(distance, spacing=1 / 80)))
    edge = (distance[1:-1, 1:-1].abs() < 0.03).nonzero(as_tuple=True)
    assert slope[edge].median() == pytest.approx(1, abs=0.05)
    turned = OUTLINES[shape](-y[None], x[None])[0]
    small = OUTLINES[shape](*(part[None] for part in (x * 0.924 + y * 0.383, y * 0.924 - x * 0.383)))[0]
    assert not torch.allclose(distance, small, atol=0.02), "a turn by a sixteenth must be seen"
    assert turned.shape == distance.shape


def test_the_same_seed_is_the_same_scene_and_names_are_checked() -> None:
    assert draw_scene(7) == draw_scene(7) != draw_scene(8)
    assert draw_scene(7, motion="zoom").colour in COLOURS
    with pytest.raises(UnknownName, match="'zoom'"):
        draw_scene(7, motion="zom")
    with pytest.raises(UnknownName, match="shape"):
        draw_scene(7, shape="circle")


@pytest.mark.parametrize("name", CLIP_SETS)
def test_folders_hold_loops_labels_and_truth(tmp_path: Path, name: str) -> None:
    labels, _ = CLIP_SETS[name]
    count = len(labels) + 3
    write_clip_set(tmp_path / "a", name, count, 16, 6)
    write_clip_set(tmp_path / "b", name, count, 16, 6)
    clips = np.load(tmp_path / "a" / "clips.npy")
    assert (clips.dtype, clips.shape) == (np.uint8, (count, 6, 16, 16, 3))
    assert (clips == np.load(tmp_path / "b" / "clips.npy")).all()
    found, facts = np.load(tmp_path / "a" / "labels.npy"), json.loads((tmp_path / "a" / "facts.json").read_text())
    assert found.tolist() == [i % len(labels) for i in range(count)]
    kind = {"shapes": "motion", "shapes-by-kind": "shape", "looks": "look"}[name]
    assert [truth[kind] for truth in facts["clips"]] == [facts["labels"][label] for label in found]
    assert facts["loop"] is True
    attributes = np.load(tmp_path / "a" / "attributes.npy")
    assert (attributes.dtype, attributes.shape) == (np.float32, (count, 7))
    assert np.isfinite(attributes).all()


def test_a_held_out_set_has_other_clips_in_the_same_ranges(tmp_path: Path) -> None:
    write_clip_set(tmp_path / "train", "shapes", 12, 16, 4)
    write_clip_set(tmp_path / "test", "shapes", 12, 16, 4, HELD_OUT, like=tmp_path / "train")
    facts = [json.loads((tmp_path / part / "facts.json").read_text()) for part in ("train", "test")]
    assert facts[0]["knots"] == facts[1]["knots"]
    assert facts[0]["clips"] != facts[1]["clips"]
    before = (tmp_path / "test" / "clips.npy").stat().st_mtime_ns
    write_clip_set(tmp_path / "test", "shapes", 12, 16, 4, HELD_OUT, like=tmp_path / "train")
    assert (tmp_path / "test" / "clips.npy").stat().st_mtime_ns == before


def test_sizes_out_of_range_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="at least 6 clips"):
        write_clip_set(tmp_path, "shapes", 5)
    with pytest.raises(UnknownName, match="clip set"):
        write_clip_set(tmp_path, "shape", 50)
    assert not list(tmp_path.iterdir())


def test_the_command_draws_a_folder(tmp_path: Path) -> None:
    options = ["--set", "looks", "--clips", str(len(LOOKS)), "--side", "16", "--frames", "4"]
    result = CliRunner().invoke(app, ["looks", "clips", str(tmp_path / "x"), *options])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "x" / "facts.json").is_file()
    assert CliRunner().invoke(app, ["looks", "clips", str(tmp_path / "y"), "--set", "film"]).exit_code == 2
