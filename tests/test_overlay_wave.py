"""The sound, drawn: what is heard at a frame is what is seen there, inside its box, alike in all colours of files."""

import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from clips import models

from vgan.errors import RecipeError
from vgan.media.extent import Extent, Sound
from vgan.media.planes import OFFSET, TO_YUV, views
from vgan.overlays.around import Box, Onto
from vgan.overlays.bands import levels
from vgan.overlays.blend import lay
from vgan.overlays.wave import WaveLayer, open_wave
from vgan.recipe import Recipe
from vgan.recipe_overlays import Wave
from vgan.registry import Models

__all__ = ["models"]  # a fixture

RATE, FPS, SIZE = 48_000, Fraction(30), (320, 480)
SAFE = Box(20, 30, 300, 440)
SHAPES = ("bars", "line", "circle")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"


def sound(folder: Path, samples: np.ndarray, name: str = "a.wav") -> Sound:
    """Mono samples in -1 to 1 as a file."""
    with wave.open(str(folder / name), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32_000).astype("<i2").tobytes())
    return Sound(folder / name, Fraction(0), Fraction(len(samples), RATE))


def tone(seconds: float, hertz: float, loud: float = 0.5) -> np.ndarray:
    return loud * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


def opened(models: Models, heard: Sound | None, recipe: Recipe | None = None, **fields: object) -> WaveLayer:
    step = Wave.model_validate({"colour": "#ff0000", "second": "#ff0000", **fields})
    return open_wave(step, Onto(Extent(60, FPS, SIZE, heard), SAFE, recipe or Recipe(), models))


def drawn(layer: WaveLayer, frame: int) -> np.ndarray:
    picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    lay(picture, layer.at(frame))
    return picture


@pytest.fixture
def beeps(tmp_path: Path) -> Sound:
    """Two seconds: half a second of noise, silence, and the same again."""
    noise = 0.3 * np.random.default_rng(0).standard_normal(RATE // 2).clip(-3, 3)
    return sound(tmp_path, np.concatenate([noise, np.zeros(RATE // 2)] * 2))


class TestBands:
    @pytest.mark.parametrize("hertz", [100, 400, 1500, 5000])
    def test_a_tone_is_in_its_band(self, tmp_path: Path, hertz: float) -> None:
        heard = levels(sound(tmp_path, tone(2, hertz)), 60, FPS, 24)
        expected = 23 * np.log(hertz / 70) / np.log(9000 / 70)
        assert abs(int(heard[30].argmax()) - expected) <= 1
        assert heard[30].max() > 0.9
        assert (np.abs(np.arange(24) - expected)[heard[30] > 0.5] < 4).all()

    def test_it_rises_with_the_sound_and_falls_slowly(self, beeps: Sound) -> None:
        heard = levels(beeps, 60, FPS, 16).mean(1)
        assert heard[3] > 0.5
        assert heard[16] > heard[20] > heard[28]
        assert heard[28] < 0.05
        assert heard[31] - heard[29] > 0.3  # the second burst begins at frame 30

    @pytest.mark.parametrize("fps", [Fraction(24), Fraction(30000, 1001), Fraction(60)])
    def test_other_rates_hear_the_same(self, beeps: Sound, fps: Fraction) -> None:
        frames = round(2 * fps)
        heard, usual = levels(beeps, frames, fps, 16), levels(beeps, 60, FPS, 16)
        assert np.abs(heard[round(0.4 * fps)] - usual[12]).mean() < 0.15

    def test_silence_is_flat_and_so_is_no_sound(self, tmp_path: Path) -> None:
        for heard in (None, sound(tmp_path, np.zeros(2 * RATE)), sound(tmp_path, np.zeros(1), "one.wav")):
            assert not levels(heard, 60, FPS, 16).any()

    def test_a_whisper_stays_small(self, tmp_path: Path) -> None:
        assert levels(sound(tmp_path, tone(2, 440, 0.0005)), 60, FPS, 16).max() < 0.3

    def test_a_clip_longer_than_its_sound_ends_flat(self, tmp_path: Path) -> None:
        heard = levels(sound(tmp_path, tone(0.5, 440)), 60, FPS, 16)
        assert heard.shape == (60, 16)
        assert heard[40:].max() < 0.01

    def test_a_file_that_is_gone(self, tmp_path: Path) -> None:
        assert not levels(Sound(tmp_path / "none.wav", Fraction(0), Fraction(2)), 60, FPS, 16).any()

    def test_real_music_uses_the_height(self) -> None:
        path = DATA / "vibe-ace.ogg"
        if not path.is_file():
            pytest.skip("needs ../shared/data/audio")
        heard = levels(Sound(path, Fraction(2), Fraction(5)), 150, FPS, 20)
        assert heard.max() > 0.9
        assert 0.1 < heard.mean() < 0.6
        assert heard.std(0).mean() > 0.05


class TestDrawing:
    @pytest.mark.parametrize("shape", SHAPES)
    def test_loud_is_larger_than_quiet(self, models: Models, beeps: Sound, shape: str) -> None:
        layer = opened(models, beeps, shape=shape, height=0.5)
        loud, quiet = (int(drawn(layer, frame)[..., 0].astype(int).sum()) for frame in (12, 28))
        assert loud > 1.5 * quiet > 0

    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("place", [(0, 0), (1, 1), (0.5, 0.5), (0.33, 0.9)])
    @pytest.mark.parametrize("size", [(1, 1), (0.05, 0.02), (0.4, 0.7)])
    def test_never_outside_the_safe_zone(
        self, models: Models, beeps: Sound, shape: str, place: tuple[float, float], size: tuple[float, float]
    ) -> None:
        layer = opened(models, beeps, shape=shape, x=place[0], y=place[1], width=size[0], height=size[1], bars=96)
        rows, columns = np.nonzero(drawn(layer, 12)[..., 0])
        assert rows.size
        assert columns.min() >= SAFE.left
        assert columns.max() < SAFE.right
        assert rows.min() >= SAFE.top
        assert rows.max() < SAFE.bottom

    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("bars", [8, 9, 33, 96])
    def test_any_number_of_bars(self, models: Models, beeps: Sound, shape: str, bars: int) -> None:
        assert drawn(opened(models, beeps, shape=shape, bars=bars), 12).any()

    @pytest.mark.parametrize("bars", [9, 12])
    def test_bars_are_mirrored_both_ways_and_smooth(self, models: Models, beeps: Sound, bars: int) -> None:
        layer = opened(models, beeps, bars=bars)
        red = drawn(layer, 12)[..., 0]
        rows, columns = np.nonzero(red)
        box = red[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        assert np.abs(box.astype(int) - box[::-1]).max() <= 1
        assert np.abs(box.astype(int) - box[:, ::-1]).max() <= 1
        assert len(np.unique(box)) > 5

    def test_silence_is_a_row_of_dots(self, models: Models) -> None:
        red = drawn(opened(models, None, bars=16), 12)[..., 0]
        assert (np.diff((red.max(0) > 128).astype(int)) == 1).sum() == 16

    def test_colours_go_from_quiet_to_loud(self, models: Models, beeps: Sound) -> None:
        layer = opened(models, beeps, colour="#ff0000", second="#0000ff", height=0.5)
        picture = drawn(layer, 12)
        rows, columns = np.nonzero(picture.any(2))
        column = columns[rows.argmin()]
        assert picture[rows.min() + 3, column, 2] > 150
        middle = picture[(rows.min() + rows.max()) // 2, column]
        assert middle[0] > 200 > 60 > middle[2]

    @pytest.mark.parametrize("shape", SHAPES)
    def test_planes_show_what_pixels_do(self, models: Models, beeps: Sound, shape: str) -> None:
        layer = opened(models, beeps, shape=shape, height=0.5, colour="#ffb45c", second="#ff5c7a", start=0.3)
        planes = np.concatenate([np.full((480, 320), 16, np.uint8), np.full((240, 320), 128, np.uint8)])
        for frame in (10, 12):  # while it comes, and later
            under = planes.copy()
            lay(under, layer.at(frame))
            yuv = drawn(layer, frame).astype(np.float32) @ TO_YUV.T + OFFSET
            light, blue, red = views(under)
            assert np.abs(light - yuv[..., 0]).max() < 1.6
            for found, index in ((blue, 1), (red, 2)):
                coarse = yuv[..., index].reshape(240, 2, 160, 2).mean((1, 3))
                assert np.abs(found - coarse).max() < 4

    def test_start_end_and_strength(self, models: Models, beeps: Sound) -> None:
        layer = opened(models, beeps, start=0.2, end=0.6, strength=0.5)
        assert [bool(drawn(layer, frame).any()) for frame in (5, 8, 17, 18)] == [False, True, True, False]
        assert 120 <= drawn(layer, 12).max() <= 130


class TestMusic:
    def test_it_follows_the_music_of_the_recipe(self, models: Models, beeps: Sound) -> None:
        recipe = Recipe.parse({"source": {"kind": "generate", "seconds": 2}, "sound": {"music": str(beeps.path)}})
        layer = opened(models, None, recipe)
        assert drawn(layer, 12).astype(int).sum() > 1.5 * drawn(layer, 28).astype(int).sum()

    def test_music_that_is_not_there(self, models: Models) -> None:
        recipe = Recipe.parse({"source": {"kind": "generate", "seconds": 2}, "sound": {"music": "none.mp3"}})
        with pytest.raises(RecipeError, match=r"none\.mp3"):
            opened(models, None, recipe)
