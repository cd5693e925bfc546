"""The post-ready check: what was rendered here passes, and each point fails for a file that was made to fail it."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from clips import models, recipe, waves
from films import drifting, write_film
from moviepy.config import FFMPEG_BINARY
from PIL import Image

from vgan.errors import MediaError, UnknownName
from vgan.registry import Models
from vgan.render import render
from vgan.share.check import JUDGES, Report, check
from vgan.share.formats import FORMATS
from vgan.share.words import TITLES, WORDS

__all__ = ["models", "waves"]  # fixtures

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
HD = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
GOOD = {
    "-vf": f"format=yuv420p,{HD}",
    "-c:v": "libx264",
    "-preset": "veryfast",
    "-g": "60",
    "-movflags": "+faststart",
    "-af": "volume=7.1dB",  # a tone of ffmpeg's to -14 LUFS
    "-c:a": "aac",
    "-ar": "48000",
    "-ac": "2",
}


def film(
    path: Path, picture: str = "testsrc2=s=144x256:r=30:d=3", sound: str = "sine=d=3", **options: str | None
) -> Path:
    """A file of ffmpeg's test pictures; `options` (c_v for -c:v) beside those of GOOD, None to leave one out."""
    named = GOOD | {f"-{name.replace('c_', 'c:')}": value for name, value in options.items()}
    inputs = ["-f", "lavfi", "-i", picture] + (["-f", "lavfi", "-i", sound] if sound else [])
    flat = [word for name, value in named.items() if value is not None for word in (name, value)]
    subprocess.run([FFMPEG_BINARY, "-v", "error", "-y", *inputs, *flat, str(path)], check=True)
    return path


def results(report: Report, *names: str) -> dict[str, str]:
    """What each point came to."""
    return {point.name: point.passes for point in report if not names or point.name in names}


def test_every_point_has_its_title() -> None:
    assert set(TITLES) == set(JUDGES)


def test_a_good_file_passes_every_point(tmp_path: Path) -> None:
    report = check(film(tmp_path / "good.mp4"), "any")
    assert report.passes
    assert [point.name for point in report.having("warns")] == ["recipe"]
    assert set(results(report)) == set(JUDGES) - {"bits", "disclosure"}
    assert report["grid"].found.values == {"width": 144, "height": 256}


SPOILT: dict[str, tuple[str, str, dict[str, str | None]]] = {
    # name of the file: the point, what it comes to, what is other than in GOOD
    "container.mkv": ("container", "no", {}),
    "codec.mp4": ("codec", "no", {"c_v": "mpeg4", "preset": None}),
    "deep.mp4": ("profile", "no", {"vf": f"format=yuv422p10le,{HD}"}),
    "full.mp4": ("pixels", "no", {"vf": f"format=yuv444p,{HD}"}),
    "fields.mp4": ("pixels", "no", {"flags": "+ilme+ildct", "x264-params": "tff=1"}),
    "grey.mp4": ("colours", "warns", {"vf": "format=yuv420p"}),
    "sd.mp4": ("colours", "warns", {"vf": f"format=yuv420p,{HD.replace('bt709', 'smpte170m')}"}),
    "odd.mp4": ("grid", "no", {"vf": f"format=yuv444p,scale=143:255,{HD}"}),
    "oblong.mp4": ("grid", "no", {"vf": f"format=yuv420p,setsar=4/3,{HD}"}),
    "late.mp4": ("faststart", "no", {"movflags": None}),
    "rare.mp4": ("keys", "warns", {"g": "600", "picture": "testsrc2=s=144x256:r=30:d=4"}),
    "gop.mp4": ("keys", "warns", {"g": "15", "bf": "3", "x264-params": "open-gop=1:scenecut=0"}),
    "slow.mp4": ("rate", "no", {"picture": "testsrc2=s=144x256:r=5:d=3"}),
    "other.mp4": ("rate", "warns", {"picture": "testsrc2=s=144x256:r=37:d=3"}),
    "jerky.mp4": ("steady", "warns", {"vf": f"format=yuv420p,{HD},select='mod(n\\,7)'", "fps_mode": "vfr"}),
    "small.mp4": ("side", "no", {"picture": "testsrc2=s=100x178:r=30:d=3"}),
    "strip.mp4": ("aspect", "no", {"picture": "testsrc2=s=1600x144:r=30:d=1"}),
    "shape.mp4": ("aspect", "warns", {"picture": "testsrc2=s=256x192:r=30:d=3"}),
    "mp3.mp4": ("sound", "no", {"c_a": "libmp3lame"}),
    "six.mp4": ("sound", "no", {"ac": "6"}),
    "cd.mp4": ("sound", "warns", {"ar": "44100"}),
    "mono.mp4": ("sound", "warns", {"ac": "1"}),
    "on.mp4": ("together", "warns", {"sound": "sine=d=5"}),
    "quiet.mp4": ("loudness", "warns", {"af": "volume=-10dB"}),
    "loud.mp4": ("loudness", "warns", {"af": "volume=17dB"}),
    "clipped.mp4": ("peak", "warns", {"af": "volume=21dB"}),
    "night.mp4": ("first", "warns", {"picture": "color=black:s=144x256:r=30:d=3"}),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_fails_its_point(tmp_path: Path, name: str) -> None:
    point, passes, options = SPOILT[name]
    report = check(film(tmp_path / name, **options), "any")  # type: ignore[arg-type]
    assert report[point].passes == passes, report[point]
    assert str(report[point].found) != ""
    assert report[point].mend is not None or point == "first"


def test_lengths_are_those_of_the_platform(tmp_path: Path) -> None:
    short = film(tmp_path / "short.mp4", "testsrc2=s=144x256:r=30:d=1")
    assert check(short, "tiktok")["length"].passes == "no"
    assert check(short, "tiktok")["length"].mend == {"seconds": 3.0}
    assert check(short, "x")["length"].passes == "yes"
    long = film(tmp_path / "long.mp4", "color=red:s=144x256:r=24:d=61", "", preset="ultrafast")
    assert check(long, "stories")["length"].mend == {"seconds": 60.0}
    assert check(long, "reels")["length"].passes == "yes"


def test_exactly_the_most_seconds_pass(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", "color=red:s=144x256:r=24:d=60", "", preset="ultrafast")
    assert check(clip, "stories")["length"].passes == "yes"


def test_size_and_bits_are_those_of_the_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = film(tmp_path / "noise.mp4", "nullsrc=s=540x960:r=30:d=1,geq=random(1)*255:128:128", "", crf="1")
    assert check(noise, "reels")["bits"].passes == "warns"
    assert "bits" not in results(check(noise, "tiktok"))
    gif = tmp_path / "big.gif"
    gif.write_bytes(film(tmp_path / "small.gif", c_v=None, preset=None, vf="scale=144:256").read_bytes())
    with gif.open("ab") as file:
        file.truncate(15_000_001)
    assert check(gif, "x")["weight"].mend == {"share.max_mb": 15.0}
    assert check(gif, "x")["weight"].passes == "no"


def test_a_post_without_sound_loses_where_sound_is_wanted(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", sound="")
    assert check(clip, "tiktok")["sound"].passes == "warns"
    assert check(clip, "x")["sound"].passes == "yes"
    assert not {"loudness", "peak", "together"} & set(results(check(clip, "x")))


def test_silence_is_no_loudness(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", af="volume=0")
    assert results(check(clip, "tiktok"), "loudness", "peak") == {"loudness": "warns"}
    assert results(check(clip, "x"), "loudness", "peak") == {"loudness": "yes"}


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_is_rendered_here_passes(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    out = tmp_path / f"clip{FORMATS[file_format].extension}"
    render(recipe(format=file_format), models, out)
    report = check(out, "any")
    assert report.passes
    assert not report.having("warns")
    assert report["disclosure"].passes == "yes"
    assert report["recipe"].passes == "yes"
    if "seam" in report:
        assert str(report["seam"].found) == WORDS["loops"]


def test_formats_that_a_platform_does_not_take(tmp_path: Path, models: Models, waves: None) -> None:
    render(recipe(format="webp"), models, tmp_path / "clip.webp")
    assert results(check(tmp_path / "clip.webp", "x"))["container"] == "no"
    render(recipe(format="gif"), models, tmp_path / "clip.gif")
    assert results(check(tmp_path / "clip.gif", "x"))["container"] == "yes"


def test_a_tampered_recipe_is_said(tmp_path: Path, models: Models, waves: None) -> None:
    made = tmp_path / "clip.gif"
    render(recipe(format="gif"), models, made)
    made.write_bytes(made.read_bytes().replace(b'"aurora"', b'"aururu"'))
    point = check(made, "any")["recipe"]
    assert (point.passes, str(point.found)) == ("warns", WORDS["recipe_damaged"])


def test_one_frame(tmp_path: Path) -> None:
    clip = film(tmp_path / "one.mp4", sound="", **{"frames:v": "1"})
    report = check(clip, "any")
    assert not {"rate", "seam", "steady"} & set(results(report))
    Image.new("RGB", (144, 256), "red").save(tmp_path / "one.png")
    assert check(tmp_path / "one.png", "any").passes


def test_a_clip_that_is_no_loop_is_said(tmp_path: Path) -> None:
    point = check(write_film(tmp_path / "clip.mp4", drifting(20)), "any")["seam"]
    assert (point.passes, str(point.found)) == ("yes", WORDS["ends_elsewhere"])


def test_json_says_it_all(tmp_path: Path) -> None:
    said = json.loads(json.dumps(check(film(tmp_path / "late.mp4", movflags=None), "x").as_dict()))
    assert (said["file"], said["platform"], said["passes"]) == ("late.mp4", "x", False)
    point = next(point for point in said["points"] if point["name"] == "faststart")
    assert point["title"] == TITLES["faststart"]
    assert point["passes"] == "no"
    assert point["mend"] == {}


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    sound = tmp_path / "sound.m4a"
    subprocess.run([FFMPEG_BINARY, "-v", "error", "-f", "lavfi", "-i", "sine=d=1", str(sound)], check=True)
    (tmp_path / "empty.mp4").write_bytes(b"")
    (tmp_path / "text.mp4").write_bytes(b"no clip at all")
    whole = film(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "head.mp4").write_bytes(whole[:600])
    for name in ("sound.m4a", "empty.mp4", "text.mp4", "head.mp4", "none.mp4"):
        with pytest.raises(MediaError, match=name):
            check(tmp_path / name, "any")
    with pytest.raises(UnknownName, match=r"share\.platform"):
        check(tmp_path / "whole.mp4", "myspace")


def test_a_file_that_breaks_off_is_said(tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.mp4").read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(whole[: len(whole) // 2])
    assert check(broken, "any")["whole"].passes == "no"


def test_huge_claims_are_refused(tmp_path: Path) -> None:
    picture = tmp_path / "huge.gif"
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(picture)
    data = bytearray(picture.read_bytes())
    data[6:10] = b"\xff\xff\xff\xff"  # 65535 x 65535
    picture.write_bytes(bytes(data))
    with pytest.raises(MediaError, match=r"huge\.gif"):
        check(picture, "any")
    clip = bytearray(film(tmp_path / "boxes.mp4").read_bytes())
    clip[:4] = b"\x00\x00\x00\x01"  # the first box says that it is of 64 bits, and is not
    (tmp_path / "boxes.mp4").write_bytes(bytes(clip))
    with pytest.raises(MediaError, match=r"boxes\.mp4"):
        check(tmp_path / "boxes.mp4", "any")


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the clips of ../shared/data")
@pytest.mark.parametrize("folder", ["good", "odd", "broken"])
def test_strangers_clips_are_reported_or_refused(folder: str) -> None:
    clips: Sequence[Path] = sorted((DATA / "video" / folder).iterdir())
    reports = []
    for clip in clips:
        try:
            reports.append(check(clip, "reels"))
        except MediaError:
            assert folder == "broken"
    assert reports
    for report in reports:
        assert all(str(point.found) and str(point.wanted) for point in report)
