"""What a file says about itself: whether AI made it, and whose weights drew it."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clips import models, waves
from films import drifting, write_film
from PIL import Image
from told_files import LOOK, commented, plain, written
from typer.testing import CliRunner

from vgan.cli import app
from vgan.media import xmp
from vgan.media.embed import append_xmp_box
from vgan.media.probe import probe, said_in
from vgan.recipe import Recipe
from vgan.recipe_steps import STEP_KINDS
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
from vgan.share.check import check
from vgan.share.formats import FORMATS
from vgan.share.licences import NETWORKS, Credit, credit_of, may_be_sold, sources
from vgan.share.provenance import (
    CHANGED,
    MIXED,
    SOURCE_TYPE,
    TRAINED,
    credits_of,
    disclosed,
    discloses,
    embedded,
    packet,
    source_type,
)
from vgan.zoo import MODELS, ModelSpec

__all__ = ["models", "waves"]  # fixtures

UPLOAD = {"source": {"kind": "upload", "path": "clip.mp4"}}
STYLED = [{"kind": "stylize"}]
PICTURE = [{"kind": "picture", "path": "logo.png"}]


@pytest.mark.parametrize(
    ("asked", "upload", "kind"),
    [
        (LOOK, None, TRAINED),
        ({**LOOK, "steps": STYLED, "overlays": [{"kind": "mark"}]}, None, TRAINED),
        ({**LOOK, "overlays": PICTURE}, None, MIXED),
        (UPLOAD, None, None),
        ({**UPLOAD, "steps": [{"kind": kind} for kind in ("grade", "sharpen", "trim", "crop", "dedupe")]}, None, None),
        ({**UPLOAD, "overlays": [{"kind": "captions"}, *PICTURE], "sound": {"music": "a.mp3"}}, None, None),
        ({**UPLOAD, "steps": STYLED}, None, CHANGED),
        ({**UPLOAD, "steps": [{"kind": "upscale", "strength": 0}]}, None, CHANGED),
        ({**UPLOAD, "steps": [{"kind": "repair"}]}, None, CHANGED),
        ({**UPLOAD, "steps": [{"kind": kind, "strength": 0} for kind in ("stylize", "denoise", "repair")]}, None, None),
        (UPLOAD, TRAINED, TRAINED),
        ({**UPLOAD, "overlays": PICTURE}, TRAINED, MIXED),
        ({**UPLOAD, "steps": STYLED}, TRAINED, TRAINED),
        ({**UPLOAD, "steps": STYLED}, MIXED, MIXED),
        (UPLOAD, CHANGED, CHANGED),
    ],
)
def test_how_ai_had_a_part(asked: dict[str, Any], upload: str | None, kind: str | None) -> None:
    assert source_type(Recipe.parse(asked), upload) == kind


def test_a_picture_of_ai_makes_a_clip_of_ai() -> None:
    recipe = Recipe.parse({**UPLOAD, "overlays": PICTURE})
    assert source_type(recipe, None, [None]) is None
    assert source_type(recipe, None, [None, TRAINED]) == MIXED


@pytest.mark.parametrize("file_format", FORMATS)
def test_no_disclosure_where_none_is_wanted(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    path = tmp_path / "clip"
    render(plain(written(format=file_format, disclose=False)), models, path)
    assert disclosed(path) is None
    assert SOURCE_TYPE not in said_in(path)
    assert discloses(path) is False
    assert credits_of(path), "whose weights they are is said all the same"
    assert check(path, "any")["disclosure"].passes == "warns"


def test_what_an_upload_says_of_itself_goes_on(tmp_path: Path, models: Models, waves: None) -> None:
    """Made here, sent to another tab, cut: it is still made by AI, and the look's weights are still in it."""
    first = tmp_path / "first.mp4"
    render(plain(written(format="mp4")), models, first)
    for turn in range(2):
        after = Recipe.parse(
            {"source": {"kind": "upload", "path": str(first)}, "steps": [{"kind": "grade", "gamma": 1.2}]}
        )
        second = tmp_path / f"{turn}.mp4"
        render(after, models, second)
        assert disclosed(second) == TRAINED
        assert discloses(second) is True
        earlier = [credit for credit in credits_of(second) if credit.part.startswith("earlier")]
        assert ("earlier: look", "VGAN looks: Aurora") in [(credit.part, credit.name) for credit in earlier]
        first = second


def test_somebody_elses_clip_says_nothing(tmp_path: Path, models: Models) -> None:
    clip = write_film(tmp_path / "a.mp4", drifting(10))
    assert disclosed(clip) is None
    assert discloses(clip) is None
    assert credits_of(clip) == ()
    render(Recipe.parse({"source": {"kind": "upload", "path": str(clip)}}), models, tmp_path / "b.mp4")
    assert disclosed(tmp_path / "b.mp4") is None
    assert discloses(tmp_path / "b.mp4") is None
    assert "disclosure" not in check(tmp_path / "b.mp4", "any")
    assert [credit.may_sell for credit in credits_of(tmp_path / "b.mp4")] == ["yours"]


# whose weights


def test_every_step_says_whether_a_network_is_in_it() -> None:
    assert set(NETWORKS) == {"stylize", "repair", "denoise", "upscale", "interpolate"}
    without = {"grade", "sharpen", "dedupe", "trim", "crop", "scale", "reframe"}
    assert set(STEP_KINDS) == set(NETWORKS) | without, "a new step: does a network change pictures in it?"


@pytest.mark.parametrize("name", MODELS)
def test_the_credit_of_every_row(name: str) -> None:
    credit, row = credit_of("look", name), MODELS[name]
    assert (credit.name, credit.licence) == (row.title, row.licence)
    assert credit.may_sell == ("yes" if row.may_sell else "no")
    assert ("huggingface.co" in credit.origin) == bool(row.repo_id)


def names(asked: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(credit.part, credit.name) for credit in sources(Recipe.parse(asked), **more)]


def test_only_what_draws_is_credited() -> None:
    assert names(LOOK) == [("look", "VGAN looks: Aurora")]
    upscale: dict[str, Any] = {"kind": "upscale", "strength": 0}
    assert names({**UPLOAD, "steps": [upscale]}) == [
        ("upscale", "VGAN upscale x2, faithful"),
        ("upload", "clip.mp4"),
    ]
    crisp = names({**UPLOAD, "steps": [upscale | {"strength": 1, "clean": 0.5}]})
    assert ("upscale", "VGAN upscale x2, crisp") in crisp
    assert ("upscale", "VGAN upscale x2, clean") in crisp
    blended = {"kind": "stylize", "style": "mist", "second": "scream"}
    assert len(names({**UPLOAD, "steps": [blended]})) == 3
    alone = names({**UPLOAD, "steps": [blended | {"blend": 1}]})
    assert [name for part, name in alone if part == "stylize"] == ["VGAN styles: The Scream, after Edvard Munch, 1893"]
    repaired = names({**UPLOAD, "steps": [{"kind": "repair"}, {"kind": "denoise", "detail": 0.2}]})
    assert [part for part, _ in repaired] == ["repair", "repair", "denoise", "denoise", "upload"]


def test_networks_that_are_not_here_do_not_draw(tmp_path: Path) -> None:
    nobody = Models(Settings(device="cpu", offline=True, weights=tmp_path))
    found = names({**UPLOAD, "steps": [{"kind": "upscale", "clean": 1}]}, models=nobody)
    assert [name for part, name in found if part == "upscale"] == ["VGAN upscale x2, faithful"]


def test_may_it_be_sold(monkeypatch: pytest.MonkeyPatch) -> None:
    assert may_be_sold(sources(Recipe())) == "yes"
    assert may_be_sold(sources(Recipe.parse({**UPLOAD, "sound": {"music": "song.mp3"}}))) == "yes"
    theirs = {**UPLOAD, "steps": [{"kind": "upscale", "model": "somebody/model:x2.pth"}]}
    assert may_be_sold(sources(Recipe.parse(theirs))) == "unknown"
    own = sources(Recipe.parse({**UPLOAD, "steps": [{"kind": "denoise", "model": "/home/me/x1.pth"}]}))
    assert (own[0].name, own[0].origin, own[0].may_sell) == ("x1.pth", "a file of your own", "unknown")
    forbidden = ModelSpec("research", "loop", "Research", "CC-BY-NC-4.0", False, repo_id="a/b")
    monkeypatch.setitem(MODELS, "looks", replace(forbidden, name="looks"))
    both = sources(Recipe.parse({**LOOK, "steps": theirs["steps"]}))
    assert may_be_sold(both) == "no"
    assert "forbids" in str(xmp.read(packet(Recipe(), both, TRAINED))["xmpRights:UsageTerms"])


def test_credits_come_back(tmp_path: Path) -> None:
    asked = Recipe.parse(
        {
            **LOOK,
            "steps": [{"kind": "upscale", "model": "realesr-general-x4v3", "factor": 4}],
            "overlays": [{"kind": "picture", "path": "/brand/标志.png"}],
            "sound": {"music": "/music/أغنية.mp3"},
        }
    )
    data = embedded(asked)
    found = commented(tmp_path / "a.mp4", data.comment)
    append_xmp_box(found, data.xmp)
    assert credits_of(found) == sources(asked)
    assert [credit.name for credit in credits_of(found)][2:] == ["标志.png", "أغنية.mp3"]
    assert probe(found).frames == 3


def test_the_most_that_a_recipe_can_name_is_read_back(tmp_path: Path) -> None:
    long = "标" * 990
    asked = Recipe.parse(
        {
            "source": {"kind": "upload", "path": f"{long}.mp4"},
            "steps": [
                {"kind": "stylize", "style": f"{index}{long}.pth", "second": f"{index}x{long}.pth"}
                for index in range(12)
            ],
            "overlays": [{"kind": "picture", "path": f"{index}{long}.png"} for index in range(12)],
            "sound": {"music": f"{long}.mp3"},
        }
    )
    credits = tuple(
        Credit("earlier: " + "p" * 190, f"{index}" + "标" * 190, "标" * 200, "标" * 200, "unknown")
        for index in range(40)
    )
    said = packet(asked, (*sources(asked), *credits), CHANGED)
    assert len(said) < xmp.LONGEST
    assert xmp.read(said)[SOURCE_TYPE] == CHANGED


# XMP


@pytest.mark.skipif(
    not shutil.which("exiftool"), reason="exiftool, a second opinion on what we write, is not installed"
)
@pytest.mark.parametrize("file_format", ["mp4", "gif", "webp"])
def test_exiftool_reads_the_same(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    path = tmp_path / f"clip.{file_format}"
    render(plain(written(format=file_format)), models, path)
    command = ["exiftool", "-j", "-a", "-G", "-struct", "-XMP:all", "-validate", "-warning", str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found = json.loads(ran.stdout)[0]
    assert found["ExifTool:Validate"] == "OK"
    assert found["XMP:DigitalSourceType"] == TRAINED
    assert found["XMP:Title"] == "Aurora"
    assert "Apache-2.0" in found["XMP:Rights"]
    assert found["XMP:Sources"][0]["Licence"] == "Apache-2.0"


def test_the_command_line_says_it(tmp_path: Path, models: Models, waves: None) -> None:
    path = tmp_path / "clip.webm"
    render(plain(written(format="webm")), models, path)
    said = CliRunner().invoke(app, ["provenance", str(path)])
    assert said.exit_code == 0
    assert TRAINED in said.stdout
    assert "may be sold    yes" in said.stdout
    found = json.loads(CliRunner().invoke(app, ["provenance", str(path), "--json"]).stdout)
    assert found["sources"][0]["licence"] == "Apache-2.0"
    assert found["recipe"] == "yes"
    missing = CliRunner().invoke(app, ["provenance", str(tmp_path / "none.mp4")])
    assert missing.exit_code == 1
    assert "none.mp4: " in missing.output
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "a.jpg")
    assert "it does not say so" in CliRunner().invoke(app, ["provenance", str(tmp_path / "a.jpg")]).stdout
