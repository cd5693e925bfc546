"""On a ZeroGPU Space: what is asked for, what goes to the process with the card and what comes back."""

import multiprocessing
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
import torch

from vgan import runtime
from vgan.errors import Cancelled, MediaError, RecipeError, UnknownName
from vgan.recipe import Generate, Recipe, Share
from vgan.registry import Models
from vgan.render import Clip
from vgan.settings import Settings
from vgan.ui import zero
from vgan.ui.jobs import Progress
from vgan.ui.services import Made
from vgan.ui.zero import OnZero, followed, seconds_for, steps_there

SMALL = Recipe(source=Generate(look="silk", seconds=2), share=Share(short_side=144, fps=12))
LONG = Recipe(source=Generate(look="silk", seconds=8, loops=15), share=Share(short_side=1080, fps=60))


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> OnZero:
    settings = replace(Settings(), device="cpu", outputs=tmp_path_factory.mktemp("clips"))
    return OnZero(Models(settings), settings)


def forked(recipe: str, out: str) -> Iterator[tuple[Any, ...]]:
    """`steps_there` as ZeroGPU carries them out: in a forked process, all that it says pickled."""
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe(duplex=False)

    def work() -> None:
        runtime._pool.cache_clear()  # its threads are not in the fork; on a card nothing uses them
        torch.set_num_threads(1)
        for step in steps_there(*pickle.loads(pickle.dumps((recipe, out)))):
            theirs.send(step)
        theirs.send(None)

    process = context.Process(target=work, daemon=True)
    process.start()
    try:
        while (step := mine.recv()) is not None:
            yield step
    finally:
        process.terminate()
        process.join()


class TestSeconds:
    def test_bounds(self) -> None:
        assert seconds_for(SMALL.to_json()) == zero.LEAST
        assert seconds_for(LONG.to_json(), device="cpu") > zero.MOST

    def test_more_for_more(self) -> None:
        half = Recipe(source=Generate(look="silk", seconds=8, loops=7), share=LONG.share)
        assert zero.LEAST < seconds_for(half.to_json()) < seconds_for(LONG.to_json())

    def test_takes_what_the_call_takes(self) -> None:
        assert seconds_for(SMALL.to_json(), "/a/path.mp4") == zero.LEAST

    def test_a_recipe_that_cannot_be_made_is_refused_before_a_card_is_asked_for(self) -> None:
        with pytest.raises(RecipeError):
            seconds_for('{"source": {"kind": "generate", "look": "nope"}}')


class TestRender:
    def test_the_same_clip_through_the_steps(self, studio: OnZero, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []

        def steps(recipe: str, out: str) -> Iterator[tuple[Any, ...]]:
            asked.append(recipe)
            return steps_there(recipe, out)

        monkeypatch.setattr(zero, "_steps", steps)
        found = list(studio.render("visit", SMALL))
        assert isinstance(found[-1], Made)
        assert found[-1].clip.frames == 24
        assert found[-1].clip.path.is_file()
        assert [Recipe.parse(one) for one in asked] == [SMALL]
        assert any(isinstance(step, Progress) and step.total == 24 for step in found)

    def test_too_long_for_a_card_is_drawn_here(self, studio: OnZero, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zero, "MOST", 1)
        monkeypatch.setattr(zero, "_steps", lambda *_: pytest.fail("a card was asked for"))
        assert isinstance(list(studio.render("visit", SMALL))[-1], Made)

    @pytest.mark.parametrize("error", [gr.Error("ZeroGPU quota exceeded"), httpx.ConnectError("refused")])
    def test_where_no_card_is_to_be_had_the_processor_draws(
        self, studio: OnZero, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        def steps(recipe: str, out: str) -> Iterator[tuple[Any, ...]]:
            yield "progress", 1, 24
            raise error

        monkeypatch.setattr(zero, "_steps", steps)
        assert isinstance(list(studio.render("visit", SMALL))[-1], Made)

    def test_in_a_forked_process(self, tmp_path: Path) -> None:
        told: list[tuple[int, int]] = []
        clip = followed(forked, SMALL, tmp_path / "a.mp4", lambda *so: told.append(so), lambda: False)
        assert isinstance(clip, Clip)
        assert clip.path.stat().st_size == clip.bytes > 0
        assert told[-1][1] == 24

    def test_cancelled_in_the_middle(self, tmp_path: Path) -> None:
        closed: list[bool] = []

        def steps(recipe: str, out: str) -> Iterator[tuple[Any, ...]]:
            try:
                for done in range(100):
                    yield "progress", done, 100
            finally:
                closed.append(True)

        with pytest.raises(Cancelled):
            followed(steps, SMALL, tmp_path / "a.mp4", lambda *_: None, lambda: True)
        assert closed == [True]

    def test_a_card_that_is_taken_away(self, tmp_path: Path) -> None:
        with pytest.raises(MediaError, match="taken away"):
            followed(lambda *_: (step for step in ()), SMALL, tmp_path / "a.mp4", lambda *_: None, lambda: False)


class TestFaults:
    @pytest.mark.parametrize(
        ("name", "kind"), [("RecipeError", RecipeError), ("UnknownName", UnknownName), ("MediaError", MediaError)]
    )
    def test_come_back_with_their_kind_and_words(self, tmp_path: Path, name: str, kind: type[Exception]) -> None:
        def steps(recipe: str, out: str) -> Iterator[tuple[Any, ...]]:
            yield "fault", name, "look: 'x' is not known."

        with pytest.raises(kind, match="look: 'x' is not known") as caught:
            followed(steps, SMALL, tmp_path / "a.mp4", lambda *_: None, lambda: False)
        assert type(caught.value) is kind

    def test_a_real_one_in_a_forked_process(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(MediaError):
            followed(forked, SMALL, tmp_path / "file" / "a.mp4", lambda *_: None, lambda: False)


def test_elsewhere_nothing_is_wrapped_and_spaces_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    assert not zero.here()
    assert zero.on_card(steps_there) is steps_there
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    assert zero.here()
