"""A full memory: fewer frames at once, smaller windows, then the processor, then a plain word. The card is a pretended
one: it refuses what is too large in the middle of real networks, as a real one does."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import untrained
from clips import waves
from films import drifting, write_film
from generators import FAMILIES, looks, models
from test_render import frames_of
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_pre_hook

from vgan import spare
from vgan.errors import OutOfMemory
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render, still
from vgan.runtime import Runtime
from vgan.settings import Settings
from vgan.sources.generate import preview
from vgan.steps import tiles
from vgan.steps.tiles import Tiling, tiled

__all__ = ["looks", "models", "waves"]  # fixtures
SAID = "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 0 bytes"


@contextmanager
def pretended(monkeypatch: pytest.MonkeyPatch, too_much: Callable[[Tensor], bool]) -> Iterator[list[int]]:
    """A graphics card that refuses what is `too_much`, until the processor is asked for. Yields how many frames at once
    it was given."""
    seen: list[int] = []
    over = False

    def refuse(_: nn.Module, inputs: Any) -> None:
        pictures = [each for each in inputs if isinstance(each, Tensor)]
        if over or not pictures:
            return
        seen.append(len(pictures[0]))
        if any(too_much(each) for each in pictures):
            raise torch.OutOfMemoryError(SAID)

    def on_processor(models: Models) -> Models:
        nonlocal over
        over = True
        return models

    monkeypatch.setattr(Models, "on_processor", on_processor)
    hook = register_module_forward_pre_hook(refuse)
    try:
        yield seen
    finally:
        hook.remove()


def frames(recipe: Recipe, models: Models, place: Path) -> tuple[np.ndarray, bool]:
    clip = render(recipe, models, place / "clip.zip")
    return frames_of(clip.path, "png"), clip.spared


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of all steps, and a film of which a frame is black."""
    folder = tmp_path_factory.mktemp("memory")
    untrained.write_styles(folder / "weights" / "styles")
    untrained.write_all_enhancers(folder / "weights")
    film = drifting(12)
    film[5] = np.full_like(film[5], 16)
    write_film(folder / "film.mp4", film)
    return folder


def spared_alike(asked: Recipe, models: Models, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the card refuses everything, the processor draws the same."""
    whole, spared = frames(asked, models, place)
    assert not spared
    with pretended(monkeypatch, lambda each: True) as seen:
        drawn, spared = frames(asked, models, place)
    assert seen
    assert spared
    assert np.array_equal(drawn, whole)


def generated(look: str) -> Recipe:
    source = {"kind": "generate", "look": look, "seconds": 1}
    return Recipe.parse({"source": source, "share": {"short_side": 144, "fps": 8, "format": "png"}})


@pytest.mark.parametrize("family", FAMILIES)
def test_a_generator_draws_fewer_frames_at_once(
    family: str,
    looks: dict[str, str],
    models: Models,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = generated(looks[family])
    models.runtime = Runtime(torch.device("cpu"), torch.float32)
    whole, _ = frames(asked, models, tmp_path)
    with pretended(monkeypatch, lambda each: each.dim() == 4 and len(each) > 1) as seen, caplog.at_level("WARNING"):
        parts, spared = frames(asked, models, tmp_path)
    assert not spared
    assert np.array_equal(parts, whole), "to the bit"
    assert ("frames at once instead of" in caplog.text) == (max(seen) > 1)


@pytest.mark.parametrize("family", FAMILIES)
def test_then_the_processor_draws(
    family: str,
    looks: dict[str, str],
    models: Models,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        spared_alike(generated(looks[family]), models, tmp_path, monkeypatch)
    assert "this is drawn on the processor" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == ["clip.zip"]


STEPS: dict[str, dict[str, Any]] = {
    "stylize": {"style": "udnie", "canvas": 144},
    "steady": {"kind": "stylize", "style": "udnie", "canvas": 144, "steadiness": 1},
    "upscale": {"factor": 2},
    "denoise": {},
    "interpolate": {"factor": 2},
    "repair": {},
}


@pytest.mark.parametrize("name", STEPS)
def test_every_step_that_runs_a_network_gives_way(
    name: str, place: Path, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, step = {"kind": "upload", "path": str(place / "film.mp4")}, {"kind": name} | STEPS[name]
    asked = Recipe.parse({"source": source, "steps": [step], "share": {"format": "png"}})
    spared_alike(asked, models, tmp_path, monkeypatch)


def test_what_is_looked_at_gives_way_too(
    looks: dict[str, str], models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = generated(looks["loop"])
    one, small = still(asked, models, 3), preview(asked.source, "1:1", models)  # type: ignore[arg-type]
    with pretended(monkeypatch, lambda each: True) as seen:
        assert np.array_equal(still(asked, models, 3), one)
    with pretended(monkeypatch, lambda each: True):
        assert np.array_equal(preview(asked.source, "1:1", models), small)  # type: ignore[arg-type]
    assert seen


@pytest.mark.parametrize("size", [(288, 512), (300, 300)])
def test_windows_become_smaller(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 3, 3, padding=1))
    pictures, tiling = torch.rand(1, 3, *size), Tiling(10**6, 8, 4)
    with torch.inference_mode():
        whole = tiled(network, pictures, 1, tiling)
        with (
            pretended(monkeypatch, lambda each: each.shape[-1] * each.shape[-2] > 100 * 100),
            caplog.at_level("WARNING"),
        ):
            parts = tiled(network, pictures, 1, tiling)
    assert "windows of" in caplog.text
    assert torch.allclose(parts, whole, atol=1e-6), "the network sees two pixels, and four are shared"


def test_windows_do_not_become_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    network = nn.Conv2d(3, 3, 3, padding=1)
    with pretended(monkeypatch, lambda each: True) as seen, pytest.raises(torch.OutOfMemoryError):
        tiled(network, torch.rand(1, 3, 512, 512), 1, Tiling(10**6, 8, 4))
    assert 1 < len(seen) < 6
    assert tiles.LEAST > 1


def test_halving_is_remembered() -> None:
    given: list[int] = []

    def work(item: Tensor) -> Tensor:
        given.append(len(item))
        if len(item) > 2:
            raise torch.OutOfMemoryError(SAID)
        return item * 2

    halving = spare.Halving(work)
    for _ in range(2):
        assert torch.equal(halving(torch.arange(8)), torch.arange(8) * 2)
    assert given == [8, 4, 2, 2, 2, 2, 2, 2, 2, 2]
    assert torch.equal(halving(torch.arange(3)), torch.arange(3) * 2)


@pytest.mark.parametrize(
    "cause",
    [
        lambda: torch.empty(10**15, dtype=torch.uint8),
        lambda: np.empty(10**15, np.uint8),
        lambda: bytearray(10**15),
    ],
    ids=["torch", "numpy", "python"],
)
def test_the_main_memory_is_full(cause: Callable[[], object]) -> None:
    with pytest.raises((RuntimeError, MemoryError)) as raised:
        cause()
    assert spare.full(raised.value) == "main"

    def work(models: str, spared: bool) -> object:
        return cause()

    with pytest.raises(OutOfMemory, match=r"memory of this machine is full\. Make the clip smaller"):
        spare.either(work, "card", lambda: pytest.fail("the processor has no more of it"))


def test_other_errors_are_what_they_are(looks: dict[str, str], models: Models) -> None:
    def work(models: str, spared: bool) -> object:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        spare.either(work, "card", lambda: "processor")
    for said in ("CUDA error: out of memory", "CUDNN_STATUS_ALLOC_FAILED"):
        assert spare.full(RuntimeError(said)) == "graphics"
    assert spare.full(KeyError("out of memory")) is None


def test_the_twin_draws_on_the_processor_and_is_let_go(place: Path) -> None:
    models = Models(Settings(offline=True, weights=place / "weights"))
    twin = models.on_processor()
    assert twin.runtime.device.type == "cpu"
    assert models.on_processor() is twin
    models.release()
    assert models.on_processor() is not twin
