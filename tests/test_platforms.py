"""The table of platforms: whole, in order, and its safe zones where they should be."""

import re

import pytest

from vgan.errors import UnknownName
from vgan.recipe_steps import ASPECTS
from vgan.share.formats import FORMATS
from vgan.share.platforms import CHECKED, PLATFORMS, Platform, find_platform, safe_box

NAMES = ("any", "tiktok", "reels", "shorts", "stories", "x", "youtube", "facebook", "linkedin")


def test_every_platform_is_there_and_dated() -> None:
    assert tuple(PLATFORMS) == NAMES
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", CHECKED)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_says_where_it_is_from(name: str) -> None:
    row = find_platform(name)
    assert row.name == name
    assert len(row.source) > 30
    assert "://" not in row.source
    assert set(row.containers) & set(FORMATS), "a format of ours must be taken"
    assert row.side_wanted <= 2160, "a recipe must be able to ask for it"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("side", [144, 720, 1081, 2160])
def test_the_safe_box_lies_within_and_has_room(name: str, aspect: str, side: int) -> None:
    wide, tall = ASPECTS[aspect]
    size = round(side * wide / min(wide, tall)), round(side * tall / min(wide, tall))
    left, top, right, bottom = safe_box(name, size)
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    assert (right - left) >= 0.6 * size[0]
    assert (bottom - top) >= 0.45 * size[1]
    shares = find_platform(name).margins_of(size)
    assert left >= shares[0] * size[0]
    assert size[1] - bottom >= shares[3] * size[1]


def test_tall_pictures_leave_room_for_the_buttons() -> None:
    assert safe_box("any", (720, 1280)) == (36, 64, 684, 1216)
    assert safe_box("reels", (1000, 1780)) == (60, 250, 940, 1157)
    assert safe_box("reels", (1000, 1000)) == (50, 50, 950, 950)


def test_a_platform_that_is_none_is_named() -> None:
    with pytest.raises(UnknownName, match=r"tictok.*Did you mean 'tiktok'"):
        find_platform("tictok")


@pytest.mark.parametrize(
    "wrong", [{"seconds": (9.0, 3.0)}, {"side_least": 9000}, {"aspects": ("2:3",)}, {"tall": (0.6, 0, 0, 0)}]
)
def test_a_row_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Platform(**find_platform("x").model_dump() | wrong)
