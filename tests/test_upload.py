"""Uploads: every real clip comes out right or is refused in one sentence; sound, length, rotation, trims, limits."""

import itertools
import subprocess
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from films import write_film
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from vgan.errors import MediaError, RecipeError, VganError
from vgan.media import reader
from vgan.media.audio import RATE, write_wav
from vgan.media.extent import Sound
from vgan.media.raw import clip
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import generate_only, render
from vgan.settings import Settings
from vgan.sources.upload import UploadSource

VIDEO = Path("../shared/data/video")
CLIPS = sorted(VIDEO.glob("*/*"))
# What cannot be used, and the words that say why.
REFUSED = {
    "bitmap.mp4": "1x1",
    "gif-transparent.gif": "1x1",
    "png-truncated.png": "1x1",
    "WindowsMediaVideo.wmv": "no frame",
    "sample_audio_only.mp4": "no picture",
    "sample_malformed_free_box.mp4": "Invalid data",
}
UPRIGHT = {"video_90.mov": (320, 568), "video_270.mov": (320, 568), "video_180.mov": (568, 320)}


@pytest.fixture
def models() -> Models:
    return Models(Settings(device="cpu", offline=True))


def asked(path: Path, share: dict[str, object] | None = None, **source: object) -> Recipe:
    return Recipe.parse({"source": {"kind": "upload", "path": str(path), **source}, "share": share or {}})


def write_clip(
    path: Path,
    count: int = 20,
    size: tuple[int, int] = (64, 48),
    stamps: list[int] | None = None,
    tone: tuple[float, float] | None = None,
) -> Path:
    """A clip whose frame n has brightness 10 n (mod 250), at 20 frames a second or at `stamps` (in 1/20 s).

    tone: (begin, seconds) of its sound.
    """
    pictures = (np.full((size[1], size[0], 3), 10 * (index % 25), np.uint8) for index in range(count))
    return write_film(path, pictures, stamps, tone)


def levels(recipe: Recipe, models: Models) -> list[int]:
    """Brightness of each frame, in the tens that `write_clip` wrote."""
    return [round(float(frame.mean()) / 10) for chunk in generate_only(recipe, models) for frame in chunk]


@pytest.mark.parametrize("path", CLIPS or [VIDEO], ids=lambda path: path.name)
def test_real_clips(path: Path, models: Models, tmp_path: Path) -> None:
    if not path.is_file():
        pytest.skip(f"{VIDEO} is not here: real clips come with the shared data")
    out = tmp_path / "out.mp4"
    if path.name in REFUSED:
        with pytest.raises(VganError) as caught:
            render(asked(path), models, out)
        assert REFUSED[path.name] in str(caught.value)
        assert path.name in str(caught.value)
        assert "\n" not in str(caught.value)
        assert not list(tmp_path.iterdir())
        return
    known = reader.facts(path)
    end = min(0.6, known.seconds) if not known.still else None
    clip = render(asked(path, {"format": "mp4", "fps": None}, end=end), models, out)
    assert (clip.width, clip.height) == tuple(side // 2 * 2 for side in UPRIGHT.get(path.name, known.size))
    assert [file.name for file in tmp_path.iterdir()] == ["out.mp4"]
    with av.open(str(out)) as made:
        stream = made.streams.video[0]
        frames = sum(1 for _ in made.decode(stream))
        assert frames == clip.frames
        assert abs(float(stream.duration * stream.time_base) - clip.seconds) < 1e-3
        assert bool(made.streams.audio) == known.has_sound
        if known.has_sound:
            sound = made.streams.audio[0]
            assert abs(float(sound.duration * sound.time_base) - clip.seconds) < 0.03
    if end is not None:
        assert abs(clip.seconds - end) <= 0.5 / clip.fps + 1e-6


def test_frames_come_in_order_and_all(tmp_path: Path, models: Models) -> None:
    path = write_clip(tmp_path / "a.mp4")
    assert levels(asked(path), models) == list(range(20))


def test_trim_is_exact(tmp_path: Path, models: Models) -> None:
    path = write_clip(tmp_path / "a.mp4")
    assert levels(asked(path, start=0.25, end=0.5), models) == [5, 6, 7, 8, 9]


def test_variable_rate_is_shown_at_its_own_times(tmp_path: Path, models: Models) -> None:
    path = write_clip(tmp_path / "a.mp4", 5, stamps=[0, 1, 5, 6, 9])
    assert levels(asked(path, {"fps": 20}), models)[:10] == [0, 1, 1, 1, 1, 2, 3, 3, 3, 4]


def test_frames_between_long_gaps_are_not_dropped(tmp_path: Path, models: Models) -> None:
    """A screen that stands still for seconds and moves in between: its mean rate is far below that of what moves."""
    path = write_clip(tmp_path / "a.mp4", 15, stamps=[*range(5), *range(105, 110), *range(210, 215)])
    assert reader.facts(path).rate == 20
    shown = levels(asked(path), models)
    assert sorted(set(shown)) == list(range(15))
    assert shown.count(4) == 101


def test_a_cover_is_not_the_clip(tmp_path: Path, models: Models) -> None:
    """Sound with an attached picture has no moving one, and a clip's cover does not come before the clip."""
    sound, cover = write_clip(tmp_path / "sound.mp4", tone=(0.0, 0.5)), tmp_path / "cover.jpg"
    Image.new("RGB", (40, 40)).save(cover)
    for name, kept in (("a.mp4", "0"), ("b.mp4", "0:a")):
        maps = ["-map", "1", "-map", kept, "-c", "copy", "-disposition:v:0", "attached_pic"]
        command = [get_ffmpeg_exe(), "-i", sound, "-i", cover, *maps, tmp_path / name]
        subprocess.run(command, check=True, capture_output=True)
    assert reader.facts(tmp_path / "a.mp4").size == (64, 48)
    assert levels(asked(tmp_path / "a.mp4"), models) == list(range(20))
    with pytest.raises(MediaError, match="no picture in it"):
        reader.facts(tmp_path / "b.mp4")


def test_other_rate_repeats_and_drops(tmp_path: Path, models: Models) -> None:
    path = write_clip(tmp_path / "a.mp4")
    assert levels(asked(path, {"fps": 10}), models) == list(range(0, 20, 2))
    assert levels(asked(path, {"fps": 40}), models) == sorted([*range(20), *range(20)])


def test_any_frame_is_found_by_its_number(tmp_path: Path, models: Models) -> None:
    source = UploadSource(asked(write_clip(tmp_path / "a.mp4", 20)), models)
    found = [round(float((picture.mean() + 1) * 12.75)) for picture in source.at([0, 7, 19, 3, -1])]
    assert found == [0, 7, 19, 3, 19]


@pytest.mark.parametrize("tone", [(0.0, 0.4), (0.0, 2.0), (0.5, 0.5)], ids=["short", "long", "late"])
def test_sound_is_as_long_as_the_picture_and_in_its_place(
    tmp_path: Path, models: Models, tone: tuple[float, float]
) -> None:
    path = write_clip(tmp_path / "a.mp4", tone=tone)
    for end in (1.0, 0.75):
        write_wav(Sound(path, Fraction(0), Fraction(end)), tmp_path / "a.wav")
        with wave.open(str(tmp_path / "a.wav")) as file:
            assert file.getnframes() == round(end * RATE)
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)[::2]
        loud = np.abs(samples.reshape(-1, RATE // 20)).max(1) > 3000
        heard = [place / 20 for place in np.flatnonzero(loud)]
        assert heard[0] == pytest.approx(tone[0], abs=0.051)
        assert heard[-1] + 0.05 == pytest.approx(min(end, tone[0] + tone[1]), abs=0.08)
    clip = render(asked(path), models, tmp_path / "out.webm") if tone[0] else None
    assert clip is None or reader.facts(clip.path).has_sound


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
@pytest.mark.parametrize("ending", ["png", "webp", "jpg"])
def test_pictures(tmp_path: Path, models: Models, mode: str, ending: str) -> None:
    picture = Image.new("RGB", (51, 33), (200, 40, 90)).convert(mode)
    if mode == "RGBA":
        picture.putalpha(0)
    if ending == "jpg" and mode in {"RGBA", "P"}:
        picture = picture.convert("RGB")
    path = tmp_path / f"a.{ending}"
    picture.save(path)
    clip = render(asked(path, {"format": "png"}), models, tmp_path / "out.png")
    assert (clip.width, clip.height, clip.frames) == (51, 33, 1)
    made = np.asarray(Image.open(clip.path).convert("RGB")).mean((0, 1))
    seen = np.asarray(picture.convert("RGB")).mean((0, 1))
    wanted = (255, 255, 255) if mode == "RGBA" and ending != "jpg" else seen
    assert np.abs(made - wanted).max() < 6
    film = render(asked(path), models, tmp_path / "out.mp4")
    assert (film.width, film.height, film.frames) == (50, 32, 120)


def test_exif_turns_a_photograph(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40)).save(tmp_path / "a.jpg", exif=exif)
    assert reader.facts(tmp_path / "a.jpg").size == (40, 60)


def test_animated_webp(tmp_path: Path, models: Models) -> None:
    frames = [Image.new("RGB", (32, 32), (10 * n,) * 3) for n in range(6)]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], duration=100, lossless=True)
    assert levels(asked(tmp_path / "a.webp"), models) == list(range(6))


@pytest.mark.parametrize("ending", ["mp4", "mkv", "avi", "ts"])
def test_every_moment_is_found_in_every_container(tmp_path: Path, models: Models, ending: str) -> None:
    """Transport streams have no index: looking for a late moment lands behind the only key frame."""
    recipe = asked(write_clip(tmp_path / f"a.{ending}", 20))
    found = [round(float((picture.mean() + 1) * 12.75)) for picture in UploadSource(recipe, models).at([0, 10, 19])]
    assert found == [0, 10, 19]
    assert levels(asked(tmp_path / f"a.{ending}", start=0.5), models) == list(range(10, 20))


@pytest.mark.parametrize("second", [(32, 24), (128, 96)])
def test_a_stream_that_changes_its_size(tmp_path: Path, models: Models, second: tuple[int, int]) -> None:
    """Two streams put together: all of the picture is shown, as large as it was at first."""
    parts = [write_clip(tmp_path / "a.ts", 10), write_clip(tmp_path / "b.ts", 10, second, stamps=list(range(20, 30)))]
    (tmp_path / "both.ts").write_bytes(b"".join(part.read_bytes() for part in parts))
    recipe = asked(tmp_path / "both.ts", {"fps": 20})
    shown = levels(recipe, models)
    assert (shown[0], shown[-1]) == (0, 9)
    assert {chunk.shape[1:] for chunk in generate_only(recipe, models)} == {(48, 64, 3)}


def test_a_raw_stream_is_not_taken_for_a_picture(tmp_path: Path) -> None:
    command = [get_ffmpeg_exe(), "-i", write_clip(tmp_path / "a.mp4"), "-c", "copy", tmp_path / "a.h264"]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(MediaError, match=r"a\.h264: .*frames have no times.*MP4"):
        reader.facts(tmp_path / "a.h264")


def test_shape_is_cut_from_the_middle(tmp_path: Path, models: Models) -> None:
    picture = np.zeros((48, 96, 3), np.uint8)
    picture[:, 24:72] = 255
    Image.fromarray(picture).save(tmp_path / "a.png")
    recipe = asked(tmp_path / "a.png", {"aspect": "1:1", "short_side": None, "format": "png"})
    (chunk,) = generate_only(recipe, models)
    assert chunk.shape == (1, 48, 48, 3)
    assert chunk.min() == 255


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"start": 5.0}, ["source.start", "5", "1.00 s"]),
        ({"start": 0.6, "end": 0.5}, ["source.end", "0.5", "source.start"]),
        ({"start": 0.5, "end": 0.5}, ["source.end", "0.5", "source.start"]),
    ],
)
def test_parts_that_are_not_there(tmp_path: Path, models: Models, source: dict[str, float], said: list[str]) -> None:
    path = write_clip(tmp_path / "a.mp4")
    with pytest.raises(RecipeError) as caught:
        render(asked(path, **source), models, tmp_path / "out.mp4")
    assert all(part in str(caught.value) for part in said)
    assert not (tmp_path / "out.mp4").exists()


def test_a_picture_has_no_part_that_ends_before_it_begins(tmp_path: Path, models: Models) -> None:
    Image.new("RGB", (64, 48)).save(tmp_path / "a.png")
    for end in (3, 1):
        with pytest.raises(RecipeError, match=f"source.end: {end} s is not after source.start, 3 s"):
            render(asked(tmp_path / "a.png", start=3, end=end), models, tmp_path / "out.mp4")
    assert render(asked(tmp_path / "a.png", start=3, end=4), models, tmp_path / "out.mp4").frames == 30


def test_a_slow_clip_lacks_nothing(tmp_path: Path, models: Models, caplog: pytest.LogCaptureFixture) -> None:
    path = write_clip(tmp_path / "a.mp4", 3, stamps=[0, 200, 400])
    assert levels(asked(path), models) == sorted([0, 1, 2] * 10)
    assert not caplog.records


def test_limits_are_named(tmp_path: Path, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_clip(tmp_path / "a.mp4")
    monkeypatch.setenv("VGAN_MAX_PIXELS", "1000")
    with pytest.raises(MediaError, match="VGAN_MAX_PIXELS"):
        render(asked(path), models, tmp_path / "out.mp4")
    monkeypatch.delenv("VGAN_MAX_PIXELS")
    monkeypatch.setenv("VGAN_MAX_SECONDS", "0.5")
    with pytest.raises(RecipeError, match="VGAN_MAX_SECONDS"):
        render(asked(path), models, tmp_path / "out.mp4")


def test_what_is_too_large_is_not_decoded_to_say_so(
    tmp_path: Path, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file can unfold to gigabytes: its head says how large it is."""
    Image.new("RGB", (64, 48)).save(tmp_path / "a.png")
    frames = [Image.new("RGB", (64, 48), (9 * n,) * 3) for n in range(2)]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:])
    write_clip(tmp_path / "a.mp4", 2)
    monkeypatch.setenv("VGAN_MAX_PIXELS", "3000")
    for name in ("a.png", "a.webp", "a.mp4"):
        with pytest.raises(MediaError, match=f"{name}: 64x48 pixels; at most 3,000"):
            render(asked(tmp_path / name), models, tmp_path / "out.mp4")
    monkeypatch.setattr(clip, "_picture", lambda path: pytest.fail("decoded"))
    monkeypatch.setattr(clip, "_decoded", lambda path, start: pytest.fail("decoded"))
    monkeypatch.setattr("PIL.WebPImagePlugin.WebPImageFile.load", lambda file: pytest.fail("decoded"))
    assert clip.facts(tmp_path / "a.png").size == (64, 48)  # what is not used as it is may be larger
    for name in ("a.webp", "a.mp4"):
        with pytest.raises(MediaError, match=f"{name}: 64x48 pixels; at most 3,000"):
            clip.facts(tmp_path / name)


def test_a_picture_for_a_style_may_be_larger_but_not_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (64, 48)).save(tmp_path / "a.png")
    monkeypatch.setenv("VGAN_MAX_PIXELS", "3000")
    assert next(reader.frames(tmp_path / "a.png"))[1].shape == (48, 64, 3)
    monkeypatch.setattr(clip, "LARGEST_PICTURE", 3001)
    with pytest.raises(MediaError, match=r"a\.png: 64x48 pixels; at most 3,001"):
        next(clip.frames(tmp_path / "a.png", Fraction(0), 0.0))


@pytest.mark.parametrize(("size", "short_side"), [((8000, 16), 720), ((16, 4000), 144), ((20_000, 16), None)])
def test_a_thin_strip_is_not_made_enormous(
    tmp_path: Path, models: Models, size: tuple[int, int], short_side: int | None
) -> None:
    Image.new("RGB", size).save(tmp_path / "a.png")
    with pytest.raises(RecipeError, match=rf"share\.short_side: {short_side or 16} makes \d+x\d+ pixels"):
        render(asked(tmp_path / "a.png", {"short_side": short_side}), models, tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


def test_a_text_that_pretends_is_refused(tmp_path: Path, models: Models) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    for name, text in (
        ("a.mp4", "this is no clip"),
        ("list.ffconcat", f"ffconcat version 1.0\nfile {secret}\n"),
        ("play.m3u8", f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://{secret}\n#EXT-X-ENDLIST\n"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(MediaError, match=name):
            render(asked(tmp_path / name), models, tmp_path / "out.mp4")


def test_memory_is_flat_in_the_length(tmp_path: Path, models: Models) -> None:
    """Chunks come one by one: nothing is read ahead of what is asked for."""
    path = write_clip(tmp_path / "a.mp4", 25 * 20, size=(640, 480), stamps=None)
    first = list(itertools.islice(generate_only(asked(path), models), 2))
    assert sum(len(chunk) for chunk in first) < 40
