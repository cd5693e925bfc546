"""What a file says about itself: its recipe, field by field, in every container; AI; whose weights drew it."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from clips import models, waves
from films import drifting, write_film
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import MediaError, RecipeError
from vgan.media import xmp
from vgan.media.embed import LONGEST_COMMENT, append_webp_metadata, append_xmp_box
from vgan.media.probe import probe, recipe_of, said_in
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

WORDS = (
    "你好，世界！“引号”",
    "مرحبا بالعالم — ‏RTL‎",
    "family 👨‍👩‍👧‍👦 flag 🇩🇪 e\u0301 ﷽ \U0001f9d1\u200d\U0001f680",
    "quotes \" ' ` back\\slash \\u0041 \\n; = # % $HOME `id`",
    "line\none\r\ntwo\ttab",
    "<xml attr='1'>&amp; ]]> <!-- -->",
    "\u0001\u001f\u007f\u0085\u2028\u202e\ufeff\ufffe",
    "comment=x;title=y\n[STREAM]\n;FFMETADATA1",
)
UPLOAD = {"source": {"kind": "upload", "path": "clip.mp4"}}
LOOK: dict[str, Any] = {"source": {"kind": "generate"}}
LIMIT_SECONDS = 20  # for what takes a second here: only a hang is meant


def written(count: int = 1, **share: Any) -> Recipe:
    """A recipe whose captions hold every kind of text, more of it with `count`."""
    cues = [{"start": index / 10, "text": text * count} for index, text in enumerate(WORDS * (1 + count))]
    return Recipe.parse(
        {
            "source": {
                "kind": "generate",
                "seconds": 0.5,
                "hue": 0.123456789012345,
                "variation": [-3, 1e-9, 0, 0.1, 1, 3],
            },
            "steps": [{"kind": "grade", "tint": -0.1}, {"kind": "trim", "end": 0.4}],
            "overlays": [{"kind": "captions", "cues": cues, "strength": 0}, {"kind": "mark", "text": "AI 人工智能"}],
            "share": {"short_side": 144, "fps": 24, **share},
        }
    )


def plain(recipe: Recipe) -> Recipe:
    """The same picture without what is laid over: the fields of overlays are what is looked at, not their pixels."""
    return recipe.model_copy(update={"overlays": (), "steps": ()})


def write(recipe: Recipe, path: Path, models: Models, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The frames of a plain clip, in a file that carries all of `recipe`."""
    monkeypatch.setattr("vgan.render.embedded", lambda _, models: embedded(recipe, models))
    render(plain(recipe), models, path)
    return path


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


@contextmanager
def opened() -> Iterator[list[str]]:
    """The files that Python opens meanwhile."""
    seen: list[str] = []
    on = True

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if on and event in ("open", "os.listdir", "os.scandir", "socket.connect", "subprocess.Popen"):
            seen.append(str(arguments[0]))

    sys.addaudithook(hook)  # there is no way to take it off
    try:
        yield seen
    finally:
        on = False


def commented(path: Path, comment: str) -> Path:
    """A file with that comment, of the kind that the name says."""
    if path.suffix == ".mp4":
        write_film(path.with_suffix(".plain.mp4"), drifting(3))
        with av.open(str(path.with_suffix(".plain.mp4"))) as source, av.open(str(path), "w") as target:
            stream = target.add_stream_from_template(source.streams.video[0])
            target.metadata["comment"] = comment
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    target.mux(packet)
    else:
        text = PngInfo()
        text.add_text("comment", comment)
        Image.new("RGB", (8, 8)).save(path, pnginfo=text)
    return path


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


@pytest.mark.parametrize("ending", [".png", ".mp4"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_recipe_that_was_tampered_with(tmp_path: Path, name: str, ending: str) -> None:
    content = HOSTILE[name] if isinstance(HOSTILE[name], str) else json.dumps(HOSTILE[name])
    path = commented(tmp_path / f"a{ending}", content)
    start, said = time.perf_counter(), ""
    try:
        assert recipe_of(path) is None
    except RecipeError as error:
        said = str(error)
    assert len(said) < 20_000
    assert time.perf_counter() - start < LIMIT_SECONDS


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


def test_xmp_holds_any_text() -> None:
    said: dict[str, xmp.Value] = {"dc:title": "".join(WORDS), "vgan:Sources": [{"vgan:name": text} for text in WORDS]}
    found = xmp.read(xmp.packet(said))
    assert isinstance(found["dc:title"], str)
    for text in ("你好", "مرحبا", "👨‍👩‍👧‍👦", "<xml attr='1'>&amp; ]]>"):
        assert text in found["dc:title"]
    assert len(found["vgan:Sources"]) == len(WORDS)


def test_xmp_as_others_write_it() -> None:
    other = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Other"><!-- a remark -->
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" i:DigitalSourceType="{TRAINED}"/>
    <rdf:Description xmlns:v="urn:vgan-studio:provenance#"><v:Sources><rdf:Bag><rdf:li>
    <rdf:Description v:name="a" v:maySell="perhaps"/></rdf:li></rdf:Bag></v:Sources></rdf:Description>
    </rdf:RDF></x:xmpmeta>"""
    found = xmp.read(other.encode() + b"\x00\x00")
    assert found[SOURCE_TYPE] == TRAINED
    assert found["vgan:Sources"] == [{"vgan:name": "a", "vgan:maySell": "perhaps"}]


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">' + "".join(
    f'<!ENTITY b{index} "{f"&b{index - 1 or str()};" * 10}">' for index in range(1, 9)
)


@pytest.mark.parametrize(
    "content",
    [
        b"no xml",
        b"<a>",
        BOMB.encode() + b"]><a>&b8;</a>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        (BOMB + "]><a>&b8;</a>").encode("utf-16"),
        b"<a>" * 60_000,
        b"\xff\xfe\x00",
        b" " * (xmp.LONGEST + 1),
    ],
)
def test_xmp_that_is_none(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(MediaError, match="its XMP"):
        xmp.read(content)
    path = commented(tmp_path / "a.mp4", embedded(Recipe()).comment)
    append_xmp_box(path, content)
    with opened() as seen:
        assert recipe_of(path) == Recipe()
        with pytest.raises(MediaError, match=r"^a\.mp4: its XMP"):
            disclosed(path)
    assert set(seen) <= {str(path)}
    assert discloses(path) is False, "it has a recipe of a look, and says nothing"


def test_boxes_that_claim_any_size(tmp_path: Path) -> None:
    path = commented(tmp_path / "a.mp4", "")
    whole = path.read_bytes()
    for tail in (
        b"\xff\xff\xff\xffuuid",
        b"\x00\x00\x00\x01uuid" + b"\xff" * 8,
        b"\x00\x00\x00\x04uuid",
        b"\x00\x00\x00\x00uuid",
    ):
        path.write_bytes(whole + tail)
        assert disclosed(path) is None
        path.write_bytes(tail[:4] + b"ftyp" + whole)
        assert disclosed(path) is None


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("file_format", FORMATS)
def test_metadata_with_wrong_bytes_in_it(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    """Whatever it is, it is refused by the file's name, or passed over; and soon."""
    render(plain(written(format=file_format)), models, tmp_path / "clip")
    whole, damaged = (tmp_path / "clip").read_bytes(), tmp_path / "damaged"
    places = [
        whole.find(mark) for mark in (b"xpacket", b'{"version', b"EXIF", b"XMP ", b"uuid", b"moov", b"PK\x01\x02")
    ]
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    for _ in range(40):
        noisy = bytearray(whole)
        for place in rng.choice([place for place in places if place >= 0], 6):
            noisy[min(len(noisy) - 1, place + int(rng.integers(0, 200)))] = int(rng.integers(0, 256))
        damaged.write_bytes(noisy[: len(noisy) - int(rng.integers(0, 2) * rng.integers(1, 3000))])
        for look in (recipe_of, disclosed, credits_of):
            said = ""
            try:
                look(damaged)
            except RecipeError:
                continue
            except MediaError as error:
                said = str(error)
            assert not said or said.startswith("damaged: ")
    assert time.perf_counter() - start < 3 * LIMIT_SECONDS


@pytest.mark.parametrize("still", [False, True], ids=["clip", "still"])
def test_xmp_in_a_webp_of_any_kind(tmp_path: Path, still: bool) -> None:
    path, said = tmp_path / "a.webp", embedded(Recipe())
    pictures = [Image.new("RGB", (9, 7), (80 * index, 0, 0)) for index in range(1 if still else 3)]
    pictures[0].save(path, save_all=not still, append_images=pictures[1:])
    append_webp_metadata(path, said.comment, said.xmp)
    assert (disclosed(path), recipe_of(path), probe(path).frames) == (TRAINED, Recipe(), len(pictures))
    with Image.open(path) as picture:
        assert picture.info["xmp"] == said.xmp, "as Pillow reads it"


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
