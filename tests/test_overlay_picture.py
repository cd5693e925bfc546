"""A picture over a clip: read safely, cut out where its background is plain, placed, rounded, coming and going."""

import struct
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from clips import models
from PIL import Image

from vgan.cutout import cut_out
from vgan.errors import MediaError, RecipeError
from vgan.media.extent import Extent
from vgan.media.rgba import LONGEST, read_rgba
from vgan.overlays.around import Box, Onto
from vgan.overlays.blend import lay
from vgan.overlays.picture import PictureLayer, look_at, open_picture
from vgan.recipe import Recipe
from vgan.recipe_overlays import Picture
from vgan.registry import Models

__all__ = ["models"]  # a fixture

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "photos"
SIZE = (320, 240)
SAFE = Box(20, 20, 300, 220)


def opened(models: Models, path: Path, **fields: object) -> PictureLayer:
    step = Picture.model_validate({"path": str(path), "enter": "none", "leave": "none", **fields})
    return open_picture(step, Onto(Extent(60, Fraction(30), SIZE), SAFE, Recipe(), models))


def drawn(layer: PictureLayer, frame: int = 0, ground: int = 0) -> np.ndarray:
    picture = np.full((SIZE[1], SIZE[0], 3), ground, np.uint8)
    lay(picture, layer.at(frame))
    return picture


def where(picture: np.ndarray) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of what is not black."""
    rows, columns = np.nonzero(picture.any(2))
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


@pytest.fixture
def red(tmp_path: Path) -> Path:
    path = tmp_path / "red.png"
    Image.new("RGB", (100, 50), (255, 0, 0)).save(path)
    return path


def thing(ground: tuple[int, int, int] = (240, 240, 240), noise: float = 0.0) -> np.ndarray:
    """A blue disc on a ground that is a little darker below, uint8 RGBA (200, 200, 4)."""
    y, x = np.mgrid[:200, :200]
    inside = np.clip(60.5 - np.hypot(x - 100, y - 100), 0, 1)[..., None]
    shade = np.array(ground) * (1 - 0.1 * y[..., None] / 200)
    shade = shade + noise * np.random.default_rng(0).standard_normal((200, 200, 1))
    rgb = inside * np.array([20, 60, 200]) + (1 - inside) * shade
    return np.concatenate([rgb.clip(0, 255), np.full((200, 200, 1), 255)], 2).astype(np.uint8)


class TestRead:
    def test_it_is_turned_as_it_should_be_seen(self, tmp_path: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by a quarter
        Image.new("RGB", (40, 20)).save(tmp_path / "a.jpg", exif=exif)
        assert read_rgba(tmp_path / "a.jpg").shape == (40, 20, 4)

    @pytest.mark.parametrize("ending", ["png", "webp"])
    def test_transparent_places_stay(self, tmp_path: Path, ending: str) -> None:
        Image.new("RGBA", (8, 8), (10, 200, 30, 77)).save(tmp_path / f"a.{ending}", lossless=True)
        assert read_rgba(tmp_path / f"a.{ending}")[0, 0].tolist() == [10, 200, 30, 77]

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
    def test_other_kinds_of_pixels(self, tmp_path: Path, mode: str) -> None:
        ending = "jpg" if mode == "CMYK" else "png"
        Image.new(mode, (8, 8)).save(tmp_path / f"a.{ending}")
        assert read_rgba(tmp_path / f"a.{ending}").shape == (8, 8, 4)

    def test_a_large_one_is_reduced(self, tmp_path: Path) -> None:
        Image.new("RGB", (9000, 6000), (1, 2, 3)).save(tmp_path / "a.jpg")
        assert max(read_rgba(tmp_path / "a.jpg").shape) <= LONGEST

    def test_more_pixels_than_are_decoded(self, tmp_path: Path) -> None:
        Image.new("L", (10_000, 10_000)).save(tmp_path / "a.png")
        with pytest.raises(MediaError, match="10000x10000"):
            read_rgba(tmp_path / "a.png")

    def test_a_header_that_lies(self, tmp_path: Path) -> None:
        """A few bytes that say 30,000 x 30,000, and one whose compressed data would be a gigabyte."""

        def chunk(kind: bytes, data: bytes) -> bytes:
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        for size, data in ((30_000, b"x"), (64, zlib.compress(bytes(50_000_000)))):
            head = chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0))
            png = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")
            (tmp_path / "a.png").write_bytes(png)
            if size > 64:
                with pytest.raises(MediaError, match=r"a\.png"):
                    read_rgba(tmp_path / "a.png")
            else:  # no more is unpacked than the picture needs
                assert read_rgba(tmp_path / "a.png").shape == (64, 64, 4)

    def test_what_is_no_picture(self, tmp_path: Path, red: Path) -> None:
        with zipfile.ZipFile(tmp_path / "bomb.png", "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("a.png", bytes(10_000_000))
        (tmp_path / "half.png").write_bytes(red.read_bytes()[:60])
        (tmp_path / "none.png").write_bytes(b"")
        (tmp_path / "text.png").write_text("hello")
        Image.new("RGB", (8, 8)).save(tmp_path / "other.png", format="BMP")
        for name in ("bomb", "half", "none", "text", "other"):
            with pytest.raises(MediaError, match=rf"{name}\.png"):
                read_rgba(tmp_path / f"{name}.png")

    def test_no_file(self, models: Models, tmp_path: Path) -> None:
        with pytest.raises(RecipeError, match=r"none\.png"):
            opened(models, tmp_path / "none.png")
        with pytest.raises(RecipeError, match="there is no file"):
            opened(models, tmp_path)


class TestCutOut:
    @pytest.mark.parametrize("ground", [(240, 240, 240), (20, 20, 22), (60, 190, 90)])
    @pytest.mark.parametrize("noise", [0, 3])
    def test_a_thing_on_a_plain_ground(self, ground: tuple[int, int, int], noise: float) -> None:
        found = cut_out(thing(ground, noise))
        y, x = np.mgrid[:200, :200]
        distance = np.hypot(x - 100, y - 100)
        alpha = found.picture[..., 3]
        assert not found.reason
        assert (alpha[distance < 57] == 255).all()
        assert (alpha[distance > 64] == 0).all()
        edge = found.picture[(alpha > 40) & (alpha < 250)][:, :3].astype(int)
        assert np.abs(edge - [20, 60, 200]).max() < 25  # no seam of the ground's colour

    def test_what_has_been_cut_out_stays_as_it_is(self) -> None:
        picture = thing()
        picture[:20, :, 3] = 0
        assert cut_out(picture).picture is picture

    def test_a_busy_background_is_left_and_it_is_said(self) -> None:
        picture = thing()
        picture[..., :3] = np.random.default_rng(1).integers(0, 256, (200, 200, 3))
        found = cut_out(picture)
        assert found.picture is picture
        assert "not plain" in found.reason

    @pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 200)])
    def test_nothing_but_ground(self, size: tuple[int, int]) -> None:
        picture = np.full((*size, 4), 255, np.uint8)
        assert (cut_out(picture).picture == picture).all()

    def test_photographs(self) -> None:
        if not DATA.is_dir():
            pytest.skip("needs ../shared/data/photos")
        penguin, landscape = DATA / "train" / "ibmmax-005.jpg", DATA / "train" / "elementary-008.jpg"
        assert not look_at(penguin, cut=True).reason
        assert 0.1 < (look_at(penguin, cut=True).picture[..., 3] > 128).mean() < 0.95
        assert look_at(landscape, cut=True).reason

    def test_the_layer_is_trimmed_to_the_thing(self, models: Models, tmp_path: Path) -> None:
        Image.fromarray(thing()).save(tmp_path / "a.png")
        left, _, right, _ = where(drawn(opened(models, tmp_path / "a.png", cut_out=True, width=0.5)))
        assert abs((right - left) - 140) <= 2


class TestPlace:
    def test_in_the_middle(self, models: Models, red: Path) -> None:
        assert where(drawn(opened(models, red, width=0.5))) == (90, 85, 230, 155)

    @pytest.mark.parametrize(("x", "y"), [(0, 0), (1, 0), (0, 1), (1, 1), (0.1, 0.95)])
    @pytest.mark.parametrize("width", [0.1, 0.6, 1])
    def test_never_outside_the_safe_zone(self, models: Models, red: Path, x: float, y: float, width: float) -> None:
        left, top, right, bottom = where(drawn(opened(models, red, x=x, y=y, width=width)))
        assert left >= SAFE.left
        assert top >= SAFE.top
        assert right <= SAFE.right
        assert bottom <= SAFE.bottom

    def test_a_tall_one_stays_inside(self, models: Models, tmp_path: Path) -> None:
        Image.new("RGB", (20, 900), (255, 255, 255)).save(tmp_path / "a.png")
        _, top, _, bottom = where(drawn(opened(models, tmp_path / "a.png", width=1)))
        assert SAFE.top <= top
        assert bottom <= SAFE.bottom

    def test_round_corners(self, models: Models, red: Path) -> None:
        square, half = (drawn(opened(models, red, width=0.5, rounded=part)) for part in (0, 0.5))
        assert square[85, 90, 0] == 255
        assert half[85, 90, 0] == 0
        assert half[120, 160, 0] == 255
        assert len(np.unique(half[..., 0])) > 6  # smooth

    def test_as_round_as_can_be_is_a_circle(self, models: Models, red: Path) -> None:
        picture = drawn(opened(models, red, width=0.5, rounded=1))
        left, top, right, bottom = where(picture)
        assert abs((right - left) - (bottom - top)) <= 1
        assert (picture[..., 0] > 127).sum() == pytest.approx(np.pi * 70**2, rel=0.02)

    def test_a_shadow_lies_below_and_darkens(self, models: Models, red: Path) -> None:
        picture = drawn(opened(models, red, width=0.5, shadow=1), ground=200)
        assert picture[158, 160, 0] < 150
        assert picture[80, 160, 0] > picture[158, 160, 0]
        assert picture[5, 5, 0] == 200

    def test_strength(self, models: Models, red: Path) -> None:
        assert drawn(opened(models, red, strength=0.5))[120, 160].tolist() == [128, 0, 0]
        assert not drawn(opened(models, red, strength=0)).any()


class TestTime:
    def test_it_is_there_from_start_to_end(self, models: Models, red: Path) -> None:
        layer = opened(models, red, start=0.5, end=1)
        assert [bool(drawn(layer, frame).any()) for frame in (14, 15, 29, 30)] == [False, True, True, False]

    @pytest.mark.parametrize("how", ["fade", "slide", "pop"])
    def test_it_comes_and_goes(self, models: Models, red: Path, how: str) -> None:
        layer = opened(models, red, end=2, enter=how, leave=how)
        light = [int(drawn(layer, frame).astype(int).sum()) for frame in (0, 3, 30, 57, 59)]
        assert light[0] < light[1] <= 1.1 * light[2]
        assert light[2] > light[3] > light[4]

    def test_one_that_stands_still_is_the_same_picture(self, models: Models, red: Path) -> None:
        layer = opened(models, red, enter="pop")
        assert layer.at(30)[0].picture is layer.at(31)[0].picture
