"""What the check finds is mended in the recipe: rendered again it passes. Covers, and the commands for both."""

import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from clips import models, recipe, waves
from films import drifting, write_film
from PIL import Image, ImageCms
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import MediaError, RecipeError
from vgan.recipe import Recipe
from vgan.recipe_steps import Reframe, Trim
from vgan.registry import Models
from vgan.render import render
from vgan.share import platforms
from vgan.share.check import Report, check
from vgan.share.cover import write_cover
from vgan.share.mend import mend, mended
from vgan.share.provenance import disclosed

__all__ = ["models", "waves"]  # fixtures


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform like Reels that wants small pictures."""
    row = platforms.PLATFORMS["reels"].model_copy(update={"side_least": 144, "side_wanted": 160, "mb": 0.5})
    monkeypatch.setitem(platforms.PLATFORMS, "reels", row)


def again(wanted: Recipe, report: Report, models: Models, folder: Path) -> Report:
    """The report of the file that the mended recipe makes."""
    out = folder / "again.mp4"
    render(mended(wanted, report), models, out)
    return check(out, report.platform.name)


def names(points: tuple[object, ...]) -> set[str]:
    """Of points."""
    return {point.name for point in points}  # type: ignore[attr-defined]


def test_a_look_passes_once_it_is_mended(tmp_path: Path, models: Models, small: None) -> None:
    wrong = Recipe.parse(
        {
            "source": {"kind": "generate", "look": "aurora", "seconds": 1},
            "share": {"aspect": "1:1", "short_side": 144, "fps": 10, "format": "gif", "disclose": False},
        }
    )
    render(wrong, models, tmp_path / "wrong.gif")
    report = check(tmp_path / "wrong.gif", "reels")
    assert names(report.having("no", "warns")) == {"container", "aspect", "side", "length", "disclosure"}
    new = mend(wrong, report)
    assert names(new.passing) == names(report.having("no", "warns"))
    assert not new.left
    assert (new.recipe.share.aspect, new.recipe.share.format, new.recipe.share.platform) == ("9:16", "mp4", "reels")
    assert new.recipe.source.loops == 3  # type: ignore[union-attr]

    after = again(wrong, report, models, tmp_path)
    assert after.passes
    assert names(after.having("warns")) == {"sound"}
    assert names(mend(new.recipe, after).left) == {"sound"}


def test_an_upload_passes_once_it_is_mended(
    tmp_path: Path, models: Models, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = platforms.PLATFORMS["reels"].model_copy(update={"seconds": (1.0, 2.0)})
    monkeypatch.setitem(platforms.PLATFORMS, "reels", row)
    clip = write_film(tmp_path / "film.avi", drifting(40, (256, 192)), tone=(0, 4), rate=15)
    asked = Recipe.parse({"source": {"kind": "upload", "path": str(clip)}})
    report = check(clip, "reels")
    wrong = names(report.having("no", "warns"))
    assert wrong >= {"container", "codec", "aspect", "rate", "length", "recipe", "loudness"}
    new = mend(asked, report)
    assert names(new.passing) == wrong
    assert isinstance(new.recipe.steps[0], Reframe)
    assert new.recipe.steps[-1] == Trim(end=2.0)
    after = again(asked, report, models, tmp_path)
    assert not after.having("no", "warns"), [(point.name, str(point.found)) for point in after.having("no", "warns")]
    assert float(after["length"].found.values["value"]) == 2.0


def test_what_cannot_be_mended_is_said(tmp_path: Path, small: None) -> None:
    clip = write_film(tmp_path / "film.mp4", [np.zeros((256, 144, 3), np.uint8)] * 20)
    asked = Recipe.parse({"source": {"kind": "upload", "path": str(clip)}})
    new = mend(asked, check(clip, "reels"))
    assert names(new.left) == {"length", "first", "sound"}
    assert new.recipe.steps == ()


def test_a_clip_that_is_too_heavy_becomes_smaller(
    tmp_path: Path, models: Models, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(2)
    noisy = [rng.integers(0, 256, (512, 288, 3), np.uint8) for _ in range(30)]
    clip = write_film(tmp_path / "film.mp4", noisy, rate=30)
    asked = Recipe.parse({"source": {"kind": "upload", "path": str(clip)}})
    render(asked, models, tmp_path / "heavy.mp4")
    heavy = (tmp_path / "heavy.mp4").stat().st_size
    row = platforms.PLATFORMS["reels"].model_copy(update={"seconds": (0.0, 9.0), "mb": heavy / 2e6, "sound": False})
    monkeypatch.setitem(platforms.PLATFORMS, "reels", row)
    report = check(tmp_path / "heavy.mp4", "reels")
    assert {"weight", "bits"} >= names(report.having("no")) >= {"weight"}
    assert again(asked, report, models, tmp_path).passes


def test_a_gif_that_is_too_heavy_is_fitted(
    tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = platforms.PLATFORMS["x"].model_copy(update={"gif_mb": 0.2, "side_wanted": 32})
    monkeypatch.setitem(platforms.PLATFORMS, "x", row)
    asked = recipe(format="gif", short_side=288)
    render(asked, models, tmp_path / "clip.gif")
    report = check(tmp_path / "clip.gif", "x")
    assert names(report.having("no")) == {"weight"}
    assert mended(asked, report).share.max_mb == 0.2
    render(mended(asked, report), models, tmp_path / "clip.gif")
    assert check(tmp_path / "clip.gif", "x").passes


@pytest.mark.parametrize(
    ("seconds", "loops", "wanted", "result"), [(4, 5, 10, (4, 2)), (9, 1, 6, (6, 1)), (1, 1, 3, (1, 3))]
)
def test_loops_are_kept_whole(
    tmp_path: Path,
    models: Models,
    waves: None,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    loops: int,
    wanted: float,
    result: tuple[float, int],
) -> None:
    asked = Recipe.parse(
        {
            "source": {"kind": "generate", "seconds": seconds, "loops": loops},
            "share": {"short_side": 144, "fps": 24, "format": "gif"},
        }
    )
    render(asked, models, tmp_path / "clip.gif")
    span = (wanted, 600.0) if wanted > seconds * loops else (0.0, wanted)
    row = platforms.PLATFORMS["any"].model_copy(update={"seconds": span})
    monkeypatch.setitem(platforms.PLATFORMS, "any", row)
    source = mended(asked, check(tmp_path / "clip.gif", "any")).source
    assert (source.seconds, source.loops) == pytest.approx(result)  # type: ignore[union-attr]


def test_a_cover_is_the_picture_of_that_moment(tmp_path: Path, models: Models, waves: None) -> None:
    clip, out = tmp_path / "clip.mp4", tmp_path / "cover.jpg"
    render(recipe(2.0), models, clip)
    assert write_cover(clip, out) == (144, 256)
    with Image.open(out) as first:
        assert (first.format, first.size, first.mode) == ("JPEG", (144, 256), "RGB")
        profile = ImageCms.ImageCmsProfile(BytesIO(first.info["icc_profile"]))
        assert "sRGB" in ImageCms.getProfileName(profile)
        start = np.asarray(first, np.float32)
    assert disclosed(out) == disclosed(clip) is not None
    write_cover(clip, out, 1.0)
    middle = np.asarray(Image.open(out), np.float32)
    assert np.abs(middle - start).mean() > 10
    write_cover(clip, out, 2.0)
    assert np.abs(np.asarray(Image.open(out), np.float32) - start).mean() < np.abs(middle - start).mean()
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "cover.jpg"}


def test_covers_that_cannot_be(tmp_path: Path, models: Models, waves: None) -> None:
    clip = tmp_path / "clip.gif"
    render(recipe(format="gif"), models, clip)
    with pytest.raises(RecipeError, match=r"at: 9 s is not in the clip\. Allowed: 0 to 1"):
        write_cover(clip, tmp_path / "cover.jpg", 9)
    with pytest.raises(RecipeError, match=r"cover\.png: a cover is a JPEG"):
        write_cover(clip, tmp_path / "cover.png")
    with pytest.raises(MediaError, match="cover"):
        write_cover(clip, tmp_path / "nowhere" / "cover.jpg")
    with pytest.raises(MediaError, match=r"none\.mp4"):
        write_cover(tmp_path / "none.mp4", tmp_path / "cover.jpg")
    assert {path.name for path in tmp_path.iterdir()} == {"clip.gif"}


def test_the_commands(tmp_path: Path, models: Models, waves: None) -> None:
    clip, run = tmp_path / "clip.mp4", CliRunner()
    render(recipe(), models, clip)
    good = run.invoke(app, ["check", str(clip)])
    assert good.exit_code == 0, good.output
    assert "ready for Anywhere" in good.output
    bad = run.invoke(app, ["check", str(clip), "--platform", "tiktok"])
    assert bad.exit_code == 2
    assert "FAILS  Length" in bad.output
    said = run.invoke(app, ["check", str(clip), "--platform", "tiktok", "--json"])
    assert said.exit_code == 2
    assert json.loads(said.output)["passes"] is False
    assert run.invoke(app, ["check", str(clip), "--platform", "tictoc"]).exit_code == 2
    assert run.invoke(app, ["check", str(tmp_path / "none.mp4")]).exit_code == 1
    cover = run.invoke(app, ["cover", str(clip), "-o", str(tmp_path / "cover.jpg"), "--at", "0.5"])
    assert cover.exit_code == 0, cover.output
    assert (tmp_path / "cover.jpg").stat().st_size > 1000
    table = run.invoke(app, ["platforms"])
    assert table.exit_code == 0
    assert all(row.title in table.output for row in platforms.PLATFORMS.values())
