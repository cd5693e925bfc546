"""Families of video generators are compared: the whole of it on two families for a moment, and what the page says."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import untrained
from PIL import Image
from typer.testing import CliRunner

from vgan.cli import app
from vgan.compare_families import Comparison, Contest, Results, Run, as_bytes, compare, real_bytes
from vgan.compare_families_page import BEGIN, END, leader, protocol, table, write_page
from vgan.errors import MediaError, RecipeError, UnknownName
from vgan.metrics.clip_table import ClipFigures, ClipTable
from vgan.models.video_families import VIDEO_FAMILIES
from vgan.training.shapes.folders import write_clip_set
from vgan.training.video.clips import read_clips
from vgan.training.video.standing import standing_statistics

PLAN = Comparison({"shapes": 0.002}, seeds=1, side=16, frames=6, clips=18, samples=18, axes=4, batch=2)
FAMILIES = ["framegan", "conditional"]
FIGURES = ClipFigures(20.0, 300.0, 0.9, None, 0.8, 5.5, 0.5, 0.4, 0.3, 1.1)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("eyes") / "classifier.safetensors"
    untrained.write_classifier(path)
    return path


def run(family: str, seed: int, video: float, right: float | None = None) -> Run:
    return Run(family, seed, 100, 1_000_000, 50.0, replace(FIGURES, video=video, right=right))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("families")


class TestWhole:
    def contests(self, place: Path, weights: Path) -> dict[str, Contest]:
        *_, contests = compare(PLAN, FAMILIES, place, weights)
        return contests

    def test_trains_measures_and_writes_the_page(self, place: Path, weights: Path) -> None:
        contests = self.contests(place, weights)
        runs = contests["shapes"].results.runs
        assert [found.family for found in runs] == FAMILIES
        assert all(found.steps >= 1 and found.figures.video > 0 for found in runs)
        assert runs[0].figures.right is None  # nobody can ask it for a motion
        assert runs[1].figures.right is not None
        docs = place / "docs"
        docs.mkdir()
        page = write_page(contests, PLAN, docs).read_text()
        assert "| FrameGAN |" in page
        assert "| Conditional GAN |" in page
        assert "It is not FVD" in page
        picture = Image.open(docs / "families-shapes.webp")
        assert picture.n_frames == PLAN.frames
        assert picture.size[1] > 3 * 80  # real clips, and a row for each family

    def test_goes_on_where_it_was(self, place: Path, weights: Path) -> None:
        before = self.contests(place, weights)["shapes"].results.runs
        figures = place / "shapes" / "framegan-0" / "figures.json"
        written = figures.stat().st_mtime_ns
        (place / "shapes" / "conditional-0" / "figures.json").unlink()  # trained, not yet measured
        again = self.contests(place, weights)["shapes"].results.runs
        assert figures.stat().st_mtime_ns == written
        assert [found.figures for found in again] == [found.figures for found in before]
        assert again[0] == before[0]

    def test_other_training_begins_anew(self, place: Path, weights: Path) -> None:
        plan = replace(PLAN, batch=3)
        *_, contests = compare(plan, FAMILIES[:1], place, weights)
        told = json.loads((place / "shapes" / "framegan-0" / "figures.json").read_text())
        assert told["protocol"]["batch"] == 3
        assert contests["shapes"].results.runs[0].steps >= 1


class TestProtocol:
    def test_real_clips_are_nearer_than_others_and_more_distances_can_be_added(
        self, tmp_path: Path, weights: Path
    ) -> None:
        write_clip_set(tmp_path, "shapes", 60, 16, 6)
        clips = real_bytes(read_clips(tmp_path), torch.arange(60))
        labels = torch.arange(20) % 6
        dark = {"brightness": lambda some: some.float().mean((2, 3, 4))}
        measured = ClipTable(clips[:20], labels, clips[20:40], 6, weights, 8, dark)
        real = measured.measure(clips[40:], None)
        noise = torch.randint(0, 256, clips[40:].shape, generator=torch.Generator().manual_seed(0)).to(torch.uint8)
        made = measured.measure(noise, labels)
        assert real.video < made.video
        assert real.frame < made.frame
        assert real.others["brightness"] < made.others["brightness"]
        assert real.right is None
        assert 0 <= made.right <= 1
        assert made.coverage < real.coverage

    def test_clips_that_are_no_numbers_are_refused(self) -> None:
        clips = torch.zeros(2, 4, 3, 16, 16)
        assert as_bytes(clips).dtype == torch.uint8
        assert as_bytes(clips).shape == clips.shape
        clips[1, 2] = torch.nan
        with pytest.raises(RecipeError, match="no number"):
            as_bytes(clips)

    def test_unknown_names_are_refused_before_anything_is_drawn(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownName, match="'framegann'"):
            next(compare(PLAN, ["framegann"], tmp_path, None))
        with pytest.raises(UnknownName, match="clip set"):
            next(compare(replace(PLAN, cpu_minutes={"films": 1.0}), FAMILIES, tmp_path, None))
        assert not list(tmp_path.iterdir())


def test_standing_statistics_are_of_the_networks_own_pictures(tmp_path: Path) -> None:
    write_clip_set(tmp_path, "shapes", 6, 16, 4)
    clips = read_clips(tmp_path)
    torch.manual_seed(0)
    family = VIDEO_FAMILIES["framegan"]
    network = family.generator(family.params(labels=clips.names, side=16, frames=4, width=4))
    noise, given = network.draw(64, torch.Generator().manual_seed(1)), clips.given(torch.arange(64) % 6)
    norms = [layer for layer in network.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    for layer in norms:
        layer.running_var.fill_(100.0)  # of another generator
    with torch.no_grad():
        wanted, pale = network.train()(noise, given), network.eval()(noise, given)
        standing_statistics(network, clips, torch.Generator().manual_seed(2))
        found = network(noise, given)
    assert not network.training
    assert all(layer.momentum == 0.1 for layer in norms)
    assert (found - wanted).abs().mean() < 0.3 * (pale - wanted).abs().mean()


class TestPage:
    def test_rows_are_in_order_with_means_and_spread(self) -> None:
        runs = [run("loop", 0, 10.0, 0.9), run("framegan", 0, 4.0), run("framegan", 1, 8.0), run("loop", 1, 12.0, 0.7)]
        lines = table(Results(FIGURES, runs)).splitlines()
        assert [line.split(" | ")[0] for line in lines[2:]] == ["| **real clips**", "| FrameGAN", "| Loop generator"]
        assert "6.0 ± 2.8" in lines[3]
        assert "not asked" in lines[3]
        assert "80% ± 14%" in lines[4]

    @pytest.mark.parametrize(
        ("distances", "told"),
        [
            ({"loop": [10.0], "tgan": [30.0]}, "one seed each"),
            ({"loop": [10.0, 12.0], "tgan": [30.0, 31.0]}, "more than the 1.4 by which seeds differ"),
            ({"loop": [10.0, 20.0], "tgan": [16.0, 17.0]}, "no more than the 7.1"),
            ({"loop": [10.0]}, "Real clips have 20.0"),
        ],
    )
    def test_who_leads_is_told_with_how_sure_it_is(self, distances: dict[str, list[float]], told: str) -> None:
        runs = [run(name, seed, value) for name, values in distances.items() for seed, value in enumerate(values)]
        text = leader(Results(FIGURES, runs))
        assert text.startswith("Least video distance: **Loop generator**")
        assert told in text
        assert leader(Results(FIGURES)) == "No run is finished yet."

    def test_protocol_names_every_number(self) -> None:
        text = protocol("shapes", PLAN, 6)
        for number in (
            "18 clips of 6 frames, 16 px",
            "0.002 minutes",
            "2 clips a step",
            "4 principal axes",
            "6 labels",
        ):
            assert number in text

    def test_what_people_wrote_around_the_figures_stays(self, tmp_path: Path) -> None:
        page = tmp_path / "families.md"
        page.write_text(f"# Mine\n\nBefore.\n\n{BEGIN}old{END}\n\nAfter.\n")
        write_page({}, PLAN, tmp_path)
        assert page.read_text() == f"# Mine\n\nBefore.\n\n{BEGIN}\n\n{END}\n\nAfter.\n"
        page.write_text("# No marks\n")
        with pytest.raises(MediaError, match="marks"):
            write_page({}, PLAN, tmp_path)
        with pytest.raises(MediaError, match="no folder"):
            write_page({}, PLAN, tmp_path / "none")


def test_the_command_refuses_what_cannot_be(tmp_path: Path) -> None:
    def asked(*options: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["compare-families", "--out", str(tmp_path), *options])
        return result.exit_code, result.output

    assert asked("--family", "vgan")[0] == 2
    code, output = asked("--clips", "64", "--samples", "128")
    assert code == 2
    assert "128 samples" in output
    assert asked("--frames", "4")[0] == 2
    assert not list(tmp_path.iterdir())
