"""`evaluate cycle` and `bench style` as commands: tables, JSON, and bad input in a sentence."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import torch
import untrained
from safetensors.torch import save_file
from torch import nn
from torchvision.io import read_image
from typer.testing import CliRunner, Result

from vgan import bench_style as bench
from vgan.bench_style import StyleBench, table
from vgan.cli import app
from vgan.evaluate_cycle import Figures
from vgan.models.translators.resnet import ResnetGenerator, ResnetParams
from vgan.registry import Models
from vgan.settings import Settings

SIDE = 32


def run(*arguments: object) -> Result:
    ended = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    assert "Traceback" not in ended.output
    return ended


class TestCycle:
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.root = tmp_path
        for index, name in enumerate(("a-to-b", "b-to-a")):
            torch.manual_seed(index)
            (tmp_path / "model" / name).mkdir(parents=True)
            state = ResnetGenerator(ResnetParams(width=4, blocks=1)).state_dict()
            save_file(state, tmp_path / "model" / name / "model.safetensors")
        for name, level in (("a", 40), ("b", 210)):
            (tmp_path / name).mkdir()
            for clip in range(2):
                noise = np.random.default_rng(clip).integers(0, 40, (3, 40, 44, 3))
                np.save(tmp_path / name / f"{clip}.npy", (level + noise).astype(np.uint8))
        untrained.write_classifier(tmp_path / "classifier.safetensors")
        (tmp_path / "spoilt").mkdir()
        (tmp_path / "spoilt" / "x.png").write_text("no picture")

    def asked(self, **changes: object) -> Result:
        paths = {"model": "model", "a": "a", "b": "b", "features": "classifier.safetensors"} | changes
        options = [part for name, path in paths.items() for part in (f"--{name}", self.root / str(path))]
        return run("evaluate", "cycle", *options, "--side", SIDE)

    def test_table_json_and_sheet(self) -> None:
        ended = self.asked(json="figures.json", sheet="sheet.png")
        assert ended.exit_code == 0, ended.output
        found = json.loads((self.root / "figures.json").read_text())
        assert set(found) == {"a-to-b", "b-to-a"}
        for row in found.values():
            assert set(row) == {field.name for field in fields(Figures)}
            assert row["frames"] == 3
            assert 0 <= row["share_before"] <= 1
            assert 0 <= row["share_after"] <= 1
            assert row["before"] > 0
            assert 0 < row["changed"] < 255
            assert 0 < row["returned"] < 255
            assert row["flicker"] > 0
        assert f"{found['a-to-b']['changed']:.1f} | {found['b-to-a']['changed']:.1f}" in ended.output
        assert read_image(str(self.root / "sheet.png")).shape == (3, 6 * SIDE, SIDE)

    @pytest.mark.parametrize(
        ("option", "path", "code", "said"),
        [
            ("model", "none", 1, "there is no such file"),
            ("a", "none", 1, "no such folder"),
            ("b", "spoilt", 1, "x.png: cannot be read as a picture"),
            ("features", "none.safetensors", 1, "there is no such file"),
            ("features", "spoilt/x.png", 1, "weights end in"),
            ("features", "model/a-to-b/model.safetensors", 1, "do not fit the network"),
            ("json", "none/figures.json", 2, "there is no folder"),
            ("sheet", "none/sheet.png", 2, "there is no folder"),
        ],
    )
    def test_bad_input(self, option: str, path: str, code: int, said: str) -> None:
        ended = self.asked(**{option: path})
        assert ended.exit_code == code, ended.output
        assert said in ended.output


class TestBenchStyle:
    RESULT = StyleBench(
        "a machine", 2, "bfloat16", 20.5, 18.0, 12.0, 1.5, "float32, channels_last", 8.0, 10**9, 11 * 10**8, 1.1
    )

    def test_figures_are_possible(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, small in (("SIDE", 32), ("FRAMES", 8), ("ROUNDS", 1)):
            monkeypatch.setattr(bench, name, small)
        asked = []
        monkeypatch.setattr(bench, "peak_memory", lambda recipe, folder: asked.append(recipe) or 10**9 * len(asked))
        monkeypatch.setattr(bench, "AnimeGenerator", lambda: nn.Conv2d(3, 3, 3, padding=1))
        untrained.write_styles(tmp_path / "styles")
        result = bench.bench_style(Models(Settings(device="cpu", offline=True, weights=tmp_path)))
        for name in ("network", "own_statistics", "step", "animegan2"):
            assert getattr(result, f"fps_{name}") > 0
        assert result.animegan2_setting.split(", ")[0] in {"float32", "bfloat16"}
        assert result.step_over_animegan2 >= 0
        assert [recipe.source.seconds * recipe.source.loops for recipe in asked] == [6, 60]
        assert (result.memory_6s, result.memory_60s, result.memory_ratio) == (10**9, 2 * 10**9, 2)

    def test_table_says_what_was_measured(self) -> None:
        lines = table(self.RESULT).splitlines()
        assert lines[0] == "a machine; 2 threads; bfloat16"
        assert len(lines) == 4 + 6
        assert "12 fps" in lines[4]
        assert "float32, channels_last" in lines[7]
        assert "1000 MB, 1100 MB: 1.10 x" in lines[9]

    def test_command(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bench, "bench_style", lambda models: self.RESULT)
        ended = run("bench", "style", "--json", tmp_path / "figures.json")
        assert ended.exit_code == 0
        assert table(self.RESULT) in ended.output
        found = json.loads((tmp_path / "figures.json").read_text())
        assert set(found) == {field.name for field in fields(StyleBench)}
        assert found["fps_step"] == 12

    def test_a_place_that_is_not_there_is_refused_before_measuring(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bench, "bench_style", lambda models: pytest.fail("it was measured"))
        refused = run("bench", "style", "--json", tmp_path / "none" / "figures.json")
        assert refused.exit_code == 2
        assert "there is no folder" in refused.output
