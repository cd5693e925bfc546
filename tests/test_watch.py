"""What comes out is watched: no numbers, black, frozen or too few frames never become a file; true ones always do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from clips import Waves, recipe
from torch import Tensor

from vgan import sources, steps
from vgan.errors import MediaError
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render, still

pytest_plugins = ["clips"]

Change = Callable[[Tensor, int], Tensor | None]


def nan(picture: Tensor, index: int) -> Tensor:
    if index == 20:
        picture = picture.clone()
        picture[:, 1] = float("nan")
    return picture


def speck(picture: Tensor, index: int) -> Tensor:
    """A row of infinity that is there all the time."""
    picture = picture.clone()
    picture[..., 7, 5:9] = float("inf")
    return picture


def black(picture: Tensor, index: int) -> Tensor:
    return torch.full_like(picture, -1)


def some_black(picture: Tensor, index: int) -> Tensor:
    return torch.full_like(picture, -1) if index % 3 == 2 else picture


def short(picture: Tensor, index: int) -> Tensor | None:
    return None if index >= 17 else picture


class Frozen:
    """The first picture again and again."""

    def __init__(self) -> None:
        self.first: Tensor | None = None

    def __call__(self, picture: Tensor, index: int) -> Tensor:
        self.first = picture if self.first is None else self.first
        return self.first


def broken(monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """From here on, `sharpen` does `change` to the pictures."""

    def run(chunks: Iterator[Tensor], step: object, around: object) -> Iterator[Tensor]:
        for index, picture in enumerate(one for chunk in chunks for one in chunk.split(1)):
            changed = change(picture, index)
            if changed is not None:
                yield changed

    monkeypatch.setitem(steps.STEPS, "sharpen", replace(steps.STEPS["sharpen"], run=run))


def shown(monkeypatch: pytest.MonkeyPatch, change: Callable[[Tensor, Tensor], Tensor]) -> None:
    """The source shows waves changed by `change(pictures, places in [0, 1])`."""

    class Shown(Waves):
        def draw(self, index: Tensor) -> Tensor:
            place = (index / self.frames)[:, None, None, None]
            return change(super().draw(index), place)

    monkeypatch.setitem(sources.SOURCES, "generate", Shown)


def asked(*chain: object, seconds: float = 1.0) -> Recipe:
    named = [{"kind": step} if isinstance(step, str) else step for step in chain]
    return Recipe.parse({**recipe(seconds).model_dump(mode="json"), "steps": named})


@pytest.mark.usefixtures("waves")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (nan, "frame 20 came out of it as something that is no picture"),
        (speck, ".* no picture"),
        (black, "24 of 24 frames came out black"),
        (some_black, "8 of 24 frames came out black"),
        (Frozen(), "all of 24 frames came out the same"),
        (short, "17 frames came out of it instead of 24"),
    ],
    ids=["nan", "speck", "black", "some black", "frozen", "short"],
)
def test_a_broken_step_is_named_and_nothing_is_written(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change, said: str
) -> None:
    broken(monkeypatch, change)
    (tmp_path / "a.mp4").write_bytes(b"an older clip")
    with pytest.raises(MediaError, match=f"steps.1: sharpen: {said}"):
        render(asked({"kind": "crop", "left": 0.1}, "sharpen", "grade"), models, tmp_path / "a.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    assert (tmp_path / "a.mp4").read_bytes() == b"an older clip"


@pytest.mark.usefixtures("waves")
@pytest.mark.parametrize("change", [black, Frozen()], ids=["black", "frozen"])
def test_a_long_clip_is_given_up_early(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    broken(monkeypatch, change)
    done: list[int] = []
    with pytest.raises(MediaError, match="sharpen"):
        render(asked("sharpen", seconds=10), models, tmp_path / "a.mp4", lambda made, whole: done.append(made))
    assert max(done, default=0) < 60


@pytest.mark.usefixtures("waves")
def test_a_preview_of_no_numbers_is_refused_too(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, lambda picture, index: picture * float("nan"))
    with pytest.raises(MediaError, match=r"sharpen: .* no picture"):
        still(asked("sharpen"), models, 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda pictures, place: torch.full_like(pictures, -1),
        lambda pictures, place: pictures[:1].expand_as(pictures),
        lambda pictures, place: torch.zeros_like(pictures),
        lambda pictures, place: (pictures + 1) * (1 - 2 * place).clamp(0) - 1,
        lambda pictures, place: (pictures + 1) * (place > 0.9) - 1,
        lambda pictures, place: (pictures + 1) * 0.05 - 1,
    ],
    ids=["black", "still", "grey", "fades out", "black at first", "very dark"],
)
@pytest.mark.parametrize(
    "chain",
    [
        (),
        ("sharpen",),
        ({"kind": "grade", "brightness": -1, "contrast": 1}, "sharpen", {"kind": "scale", "short_side": 144}),
        ({"kind": "trim", "end": 0.5}, "sharpen"),
        ("dedupe", "sharpen"),
    ],
    ids=["plain", "sharpen", "dark", "trim", "dedupe"],
)
def test_clips_that_are_so_by_themselves_pass(
    models: Models,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Tensor, Tensor], Tensor],
    chain: tuple[object, ...],
) -> None:
    shown(monkeypatch, change)
    assert render(asked(*chain), models, tmp_path / "a.mp4").frames >= 1


def test_a_source_that_ends_early_is_an_error(models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Short(Waves):
        def chunks(self) -> Iterator[Tensor]:
            yield self.draw(torch.arange(10))

    monkeypatch.setitem(sources.SOURCES, "generate", Short)
    with pytest.raises(MediaError, match="source: 10 frames came out of it instead of 24"):
        render(asked("sharpen"), models, tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("waves")
def test_a_part_of_a_loop_is_no_loop(models: Models, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found: list[bool] = []

    def run(chunks: Iterator[Tensor], step: object, around: object) -> Iterator[Tensor]:
        found.append(around.loops)  # type: ignore[attr-defined]
        yield from chunks

    monkeypatch.setitem(steps.STEPS, "sharpen", replace(steps.STEPS["sharpen"], run=run))
    for chain in (("sharpen",), ("trim", "sharpen"), ({"kind": "trim", "end": 0.5}, "sharpen")):
        render(asked(*chain), models, tmp_path / "a.mp4")
    assert found == [True, True, False]
