"""The recipe inside a file: field by field, in every container; hostile ones."""

import json
import subprocess
from pathlib import Path
from typing import Any

import av
import pytest
from clips import models, waves
from films import drifting, write_film
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from told_files import LIMIT_SECONDS, LOOK, commented, opened, plain, write, written

from vgan.errors import RecipeError
from vgan.media.embed import LONGEST_COMMENT
from vgan.media.probe import probe, recipe_of
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render
from vgan.share.check import check
from vgan.share.formats import FORMATS
from vgan.share.provenance import (
    TRAINED,
    credits_of,
    disclosed,
    discloses,
    embedded,
)

__all__ = ["models", "waves"]  # fixtures


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("count", [1, 30], ids=["short", "longer than an argument of a program"])
def test_a_recipe_comes_back_whole(
    tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch, file_format: str, count: int
) -> None:
    asked = written(count, format=file_format)
    assert count == 1 or len(embedded(asked).comment) > 131_072
    path = write(asked, tmp_path / "clip", models, monkeypatch)
    found = recipe_of(path)
    assert found is not None
    for field in Recipe.model_fields:
        assert getattr(found, field) == getattr(asked, field), field
    assert found == asked
    assert disclosed(path) == TRAINED
    assert probe(path).frames == 12
    assert [file.name for file in tmp_path.iterdir()] == ["clip"]


def test_one_picture_carries_all_of_it_too(
    tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = embedded(asked := written(format="png"))
    text = PngInfo()
    text.add_text("comment", data.comment)
    text.add_itxt("XML:com.adobe.xmp", data.xmp.decode())
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png", pnginfo=text)
    assert recipe_of(tmp_path / "a.png") == asked
    assert disclosed(tmp_path / "a.png") == TRAINED


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_recipe_that_is_too_long_is_left_out_as_a_whole_and_said(
    tmp_path: Path,
    models: Models,
    waves: None,
    monkeypatch: pytest.MonkeyPatch,
    file_format: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    cues = [{"start": index, "text": "极" * 2000} for index in range(500)]
    asked = Recipe.parse(
        {
            "source": {"kind": "generate", "seconds": 0.5},
            "overlays": [{"kind": "captions", "cues": cues}],
            "share": {"short_side": 144, "fps": 24, "format": file_format},
        }
    )
    path = write(asked, tmp_path / "clip", models, monkeypatch)
    assert probe(path).frames == 12, "the clip is made all the same"
    assert "left out" in caplog.text
    with pytest.raises(RecipeError, match=r"clip was left out of the file: it has 6,\d+,\d+ characters.*1,048,576"):
        recipe_of(path)
    assert disclosed(path) == TRAINED


def test_the_longest_that_fits(tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cues = [{"start": index, "text": "x" * 2000} for index in range(500)]
    asked = Recipe.parse({"source": {"kind": "generate"}, "overlays": [{"kind": "captions", "cues": cues}]})
    assert 1_000_000 < len(embedded(asked).comment) <= LONGEST_COMMENT
    for file_format in ("gif", "webp"):
        fitting = asked.model_copy(
            update={"share": asked.share.model_copy(update={"format": file_format, "short_side": 144, "fps": 8})}
        )
        assert recipe_of(write(fitting, tmp_path / file_format, models, monkeypatch)) == fitting


@pytest.mark.parametrize("ending", ["mp4", "mkv", "mov"])
def test_a_recipe_lives_through_a_remux(
    tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    from moviepy.config import FFMPEG_BINARY

    asked = written(format="mp4")
    path = write(asked, tmp_path / "clip.mp4", models, monkeypatch)
    out = tmp_path / f"again.{ending}"
    subprocess.run([FFMPEG_BINARY, "-loglevel", "error", "-i", path, "-c", "copy", out], check=True, timeout=60)
    assert recipe_of(out) == asked


def test_an_mp4_stays_ready_to_stream(tmp_path: Path, models: Models, waves: None) -> None:
    path = tmp_path / "a.mp4"
    render(plain(written(format="mp4")), models, path)
    data = path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat") < data.index(b"uuid")
    with av.open(str(path)) as file:
        assert len([frame for frame in file.decode(video=0)]) == 12
    report = check(path, "tiktok")
    assert report["faststart"].passes == "yes"
    assert report["recipe"].passes == "yes"
    assert report["disclosure"].passes == "yes"


SECRET = "../../../../../../../../etc/passwd"
HOSTILE: dict[str, Any] = {
    "not JSON": "{'source': }",
    "a list": "[1, 2]",
    "deep": '{"source": ' + "[" * 100_000,
    "deep and closed": '{"source": {"kind": ' + "[" * 50_000 + "]" * 50_000 + "}}",
    "too long": json.dumps({**LOOK, "x": "y" * LONGEST_COMMENT}),
    "a number without end": '{"source": {"kind": "generate", "seed": ' + "9" * 100_000 + "}}",
    "no number": '{"source": {"kind": "generate", "hue": NaN}}',
    "endless": '{"source": {"kind": "generate", "seconds": Infinity}}',
    "version 2": {"version": 2, **LOOK},
    "a future field": {**LOOK, "aura": 1},
    "wrong types": {"source": {"kind": "generate", "seed": "seven"}, "steps": "all", "share": 3},
    "no kind": {"source": {}},
    "half a surrogate": '{"source": {"kind": "upload", "path": "\\ud800"}}',
    "a thousand unknown fields": {"source": {"kind": "generate", **{f"x{index}": 1 for index in range(1000)}}},
    "faults without end": {**LOOK, "overlays": [{"kind": "captions", "cues": [{"start": -1}] * 50_000}]},
    "entries without end": {**LOOK, "steps": [{"kind": "repair", "mend": [-1] * 300_000}]},
    "steps without end": {**LOOK, "steps": [{"kind": "grade"}] * 20_000},
}


@pytest.mark.timeout(LIMIT_SECONDS)
@pytest.mark.parametrize("ending", [".png", ".mp4"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_recipe_that_was_tampered_with(tmp_path: Path, name: str, ending: str) -> None:
    content = HOSTILE[name] if isinstance(HOSTILE[name], str) else json.dumps(HOSTILE[name])
    path = commented(tmp_path / f"a{ending}", content)
    said = ""
    try:
        assert recipe_of(path) is None
    except RecipeError as error:
        said = str(error)
    assert len(said) < 20_000


@pytest.mark.parametrize(
    "name", [SECRET, "/etc/passwd", "file:///etc/passwd", "C:\\Users\\me\\clip.mp4", "\\\\host\\share"]
)
def test_no_file_that_a_recipe_names_is_read(tmp_path: Path, name: str) -> None:
    asked = {
        "source": {"kind": "upload", "path": name},
        "steps": [{"kind": "stylize", "style": f"{name}.safetensors"}, {"kind": "denoise", "model": f"{name}.pth"}],
        "overlays": [{"kind": "picture", "path": name}, {"kind": "captions", "font": f"{name}.ttf"}],
        "sound": {"music": name},
    }
    path = commented(tmp_path / "a.png", json.dumps(asked))
    recipe_of(path)  # whatever is loaded on the way is loaded now
    with opened() as seen:
        found = recipe_of(path)
        credits_of(path)
        discloses(path)
    assert found is not None
    assert set(seen) == {str(path)}
    last = name.replace("\\", "/").rpartition("/")[2]
    assert found.source.path == last  # type: ignore[union-attr]
    assert found.sound is not None
    assert found.sound.music == last
    assert not any("/" in text or "\\" in text for text in json.dumps(found.model_dump(mode="json")).split('"')[1::2])


def test_what_goes_into_a_file_says_nothing_of_folders(tmp_path: Path) -> None:
    (tmp_path / "secret folder").mkdir()
    clip = write_film(tmp_path / "secret folder" / "clip.mp4", drifting(3))
    data = embedded(Recipe.parse({"source": {"kind": "upload", "path": str(clip)}, "sound": {"music": str(clip)}}))
    for text in (data.comment, data.xmp.decode()):
        assert "secret" not in text
        assert "clip" in text


# how AI had a part
