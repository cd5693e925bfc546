"""The bench of what families learn first, and the distance that it measures."""

import pytest
import torch
from typer.testing import CliRunner

from vgan.bench_families import FirstSteps, bench_families, table
from vgan.cli import app
from vgan.compare_families import real_bytes
from vgan.errors import UnknownName
from vgan.metrics.layout import layout_distance
from vgan.training.shapes.folders import write_clip_set
from vgan.training.video.clips import read_clips

SHORT = FirstSteps(steps=2, batch=2, side=16, frames=5, clips=12, measured=12)


def test_two_families_are_measured_before_and_after():
    threads = torch.get_num_threads()
    result = bench_families(SHORT, ["framegan", "loop"])
    assert torch.get_num_threads() == threads
    assert [one.family for one in result.learned] == ["framegan", "loop"]
    for one in result.learned:
        assert one.before > result.floor >= 0
        assert one.after != one.before
        assert one.seconds > 0
    page = table(result)
    assert "| FrameGAN | non-saturating |" in page
    assert "2 steps of 2 clips" in page
    again = bench_families(SHORT, ["framegan"])
    assert again.learned[0].after == result.learned[0].after  # nothing is left to chance


def test_an_unknown_family_is_refused_before_anything_is_drawn():
    with pytest.raises(UnknownName, match="framegan"):
        bench_families(SHORT, ["vae"])
    assert CliRunner().invoke(app, ["bench", "families", "--family", "vae"]).exit_code == 2


def test_layout_distance_sees_where_colours_lie_and_not_what_is_fine(tmp_path):
    write_clip_set(tmp_path, "shapes", 96, 32, 8)
    real = real_bytes(read_clips(tmp_path), torch.arange(96))
    one, other = real[::2], real[1::2]
    floor = layout_distance(one, other)
    fine = other.clone()
    fine[..., ::2, :], fine[..., 1::2, :] = other[..., 1::2, :], other[..., ::2, :]  # rows change places in pairs
    assert layout_distance(one, one) == pytest.approx(0, abs=1e-3)
    assert layout_distance(one, fine) == pytest.approx(floor, rel=0.05)
    assert layout_distance(one, other.flip(-2)) > 1.2 * floor
    assert layout_distance(one, 255 - other) > 1.5 * floor
