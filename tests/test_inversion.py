"""Your picture: codes in recipes, what they mean to the players, and the search."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import untrained
from PIL import Image
from torchvision.models import squeezenet1_1
from typer.testing import CliRunner

from vgan import inversion, picture_code
from vgan.cli import app
from vgan.errors import Cancelled, MediaError, RecipeError
from vgan.inversion import invert, named, search
from vgan.inversion.fastgan import FastGanSearch
from vgan.inversion.picture import load
from vgan.inversion.stylegan2 import StyleGAN2Search
from vgan.models.generators.fastgan import FastGAN, FastGANParams
from vgan.models.generators.loop import LoopGenerator
from vgan.models.generators.stylegan2 import StyleGAN2, StyleGAN2Params
from vgan.models.lpips import Lpips
from vgan.picture_code import PictureCode, read
from vgan.recipe import Generate, Latent, Recipe
from vgan.registry import Models
from vgan.runtime import Runtime
from vgan.settings import Settings
from vgan.sources.generate import preview
from vgan.sources.players import player_for


def code(rows: int = 8, width: int = 4, phases: int = 6, attributes: int = 7) -> PictureCode:
    numbers = np.random.default_rng(0).random
    return PictureCode("loop", b"12345678", *(numbers(n, np.float32) for n in ((rows, width), phases, attributes)))


# --- the code


def test_code_comes_back() -> None:
    whole = code()
    back = read(whole.to_text())
    assert (back.family, back.weights) == ("loop", b"12345678")
    for name in ("styles", "phases", "attributes"):
        assert np.allclose(getattr(back, name), getattr(whole, name), atol=1e-3)


def _raw(**changes: Any) -> bytes:
    return base64.b64decode(code(**changes).to_text())


HOSTILE = {
    "no base64": "not a code!",
    "another alphabet": "Ω" * 12,
    "empty of numbers": base64.b64encode(_raw()[:20]).decode(),
    "cut off": base64.b64encode(_raw()[:-2]).decode(),
    "odd": base64.b64encode(_raw()[:-1]).decode(),
    "longer than it says": base64.b64encode(_raw() + b"\0\0").decode(),
    "another mark": base64.b64encode(b"XX" + _raw()[2:]).decode(),
    "another version": base64.b64encode(_raw()[:2] + b"\x63" + _raw()[3:]).decode(),
    "an unknown family": base64.b64encode(_raw()[:3] + b"\xff" + _raw()[4:]).decode(),
    "too many layers": base64.b64encode(_raw()[:12] + b"\xff\xff" + _raw()[14:]).decode(),
    "not finite": base64.b64encode(_raw()[:-2] + b"\x00\x7e").decode(),
    "infinite": base64.b64encode(_raw()[:-2] + b"\x00\x7c").decode(),
    "huge": base64.b64encode(_raw()[:-2] + b"\xff\x7b").decode(),
    "too long": "A" * (picture_code.LONGEST + 4),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_codes_are_refused(text: str) -> None:
    with pytest.raises(RecipeError, match="picture"):
        read(text)
    with pytest.raises(RecipeError, match="picture"):
        Recipe.parse({"source": {"kind": "generate", "picture": text}})
    with pytest.raises(RecipeError, match="picture"):
        Recipe.parse({"source": {"kind": "generate", "path": [{"picture": text}]}})


def test_recipes_without_pictures_are_as_before() -> None:
    assert Recipe.parse({"source": {"kind": "generate"}}) == Recipe()
    assert Latent().picture == ""


# --- players


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("found")
    untrained.write(folder / "looks")
    here = Models(Settings(offline=True, device="cpu", weights=folder))
    here.runtime = Runtime(torch.device("cpu"), torch.float32)  # bfloat16 has few digits to compare
    return here


def found(models: Models, seed: int = 0, **changes: Any) -> str:
    """A code as `models` would play it."""
    model = models.get("looks")
    assert isinstance(model, LoopGenerator)
    random = np.random.default_rng(seed)
    parts = {
        "family": "loop",
        "weights": models.fingerprint("looks")[:8],
        "styles": random.normal(0, 0.5, (model.parts, model.params.style)).astype(np.float32),
        "phases": random.uniform(0, 6.28, model.waves).astype(np.float32),
        "attributes": np.full(7, 0.5, np.float32),
    }
    return PictureCode(**(parts | changes)).to_text()


def frames(models: Models, source: Generate, *phases: float, aspect: str = "1:1") -> torch.Tensor:
    player = player_for(source.keys[0].look, models)
    return player.draw(source, torch.tensor(phases), aspect, preview=True).float()


def test_picture_plays_as_a_loop_that_begins_with_it(models: Models) -> None:
    source = Generate(picture=found(models), motion=0.6)
    clip = frames(models, source, 0.0, 0.3, 1.0)
    still = frames(models, source.model_copy(update={"motion": 0.0}), 0.0, 0.3)
    assert torch.allclose(clip[0], clip[2], atol=1e-4)
    assert (clip[0] - clip[1]).abs().mean() > 1e-3
    assert torch.allclose(still[0], still[1], atol=1e-4), "without motion it stands still"
    assert torch.allclose(clip[0], still[0], atol=1e-4), "motion does not change where it begins"
    other = frames(models, source.model_copy(update={"seed": 99}), 0.0, 0.3)
    assert torch.allclose(other[0], clip[0], atol=1e-4), "the seed says how it moves, not what it is"
    assert not torch.allclose(other[1], clip[1], atol=1e-4)


def test_sliders_work_on_a_picture(models: Models) -> None:
    source = Generate(picture=found(models))
    plain = frames(models, source, 0.0)
    for change in ({"hue": 0.9}, {"brightness": 0.9}, {"variation": (2, 0, 0, 0, 0, 0)}, {"truncation": 0.2}):
        assert not torch.allclose(frames(models, source.model_copy(update=change), 0.0), plain, atol=1e-4), change


def test_picture_is_drawn_at_any_aspect_and_on_a_path(models: Models) -> None:
    first, other = (Latent(picture=found(models, seed)) for seed in (1, 2))
    tall = frames(models, Generate(picture=first.picture), 0.0, aspect="9:16")
    assert tall.shape[-2] > tall.shape[-1]
    path = Generate(path=(first, Latent(look="silk", seed=3), other), motion=0.2)
    at = frames(models, path, 0.0, 0.16, 1 / 3, 0.999)
    alone = frames(models, Generate(picture=first.picture, **path.keys[0].model_dump(include={"seed", "motion"})), 0.0)
    assert torch.allclose(at[0], alone[0], atol=2e-3), "at its own place it is as it was found"
    assert (at[0] - at[3]).abs().mean() < 0.1 * (at[0] - at[2]).abs().mean(), "and the way closes"


def test_pictures_of_other_weights_are_refused(models: Models) -> None:
    for text in (
        found(models, weights=b"someelse"),
        found(models, family="fastgan"),
        found(models, styles=np.zeros((1, 4), np.float32)),
        found(models, phases=np.zeros(3, np.float32)),
        found(models, attributes=np.zeros(0, np.float32)),
    ):
        with pytest.raises(RecipeError, match="picture: it was found with"):
            preview(Generate(picture=text), "1:1", models, frames=2)


# --- the search


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search of a few steps, with an untrained classifier in place of the real one."""
    torch.manual_seed(0)
    eyes = Lpips(squeezenet1_1(weights=None).state_dict()).eval().requires_grad_(False)
    monkeypatch.setattr(inversion, "lpips_squeeze", lambda settings: eyes)
    monkeypatch.setattr(search, "BANK", 4)
    stages = (search.Stage(2, 0, 8, 0.4), search.Stage(1, 1, 2, 0.6), search.Stage(1, 2, 3, 1.0))
    monkeypatch.setattr(search, "STAGES", stages)
    monkeypatch.setattr(search, "ROUNDS", 1)


def saved(path: Path, size: tuple[int, int] = (60, 48), mode: str = "RGB") -> Path:
    wave = np.add.outer(np.arange(size[1]) * 3, np.arange(size[0]) * 2) % 256
    Image.fromarray(np.stack([wave, wave[::-1], 255 - wave], -1).astype(np.uint8)).convert(mode).save(path)
    return path


def test_search_comes_nearer_and_its_code_draws_what_was_found(models: Models, quick: None, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    picture = saved(tmp_path / "mine.png")
    result = invert(models, "aurora", picture, lambda done, total: told.append((done, total)), 120)
    assert told[-1] == (100, 100)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert result.steps == 13
    source = Generate(picture=result.code, **result.attributes)
    drawn = frames(models, source, 0.0)
    wanted = torch.nn.functional.interpolate(load(picture, "1:1"), drawn.shape[-2:], mode="area")
    plain = frames(models, Generate(**result.attributes), 0.0)
    assert (drawn - wanted).square().mean() < (plain - wanted).square().mean()
    assert len(result.code) < 6000


def test_search_is_stopped_by_its_report_and_by_the_clock(models: Models, quick: None, tmp_path: Path) -> None:
    picture = saved(tmp_path / "mine.png")

    def stop(done: int, total: int) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        invert(models, "aurora", picture, stop)
    assert invert(models, "aurora", picture, lambda *_: None, seconds=1e-3).steps == 0


@pytest.mark.parametrize("kind", [FastGanSearch, StyleGAN2Search])
def test_other_families_are_searched_alike(kind: Any) -> None:
    torch.manual_seed(0)
    if kind is FastGanSearch:
        model: Any = FastGAN(FastGANParams(8, (8, 8, 8, 4, 4, 4, 4), True))
    else:
        model = StyleGAN2(StyleGAN2Params(8, 2, (8, 8, 4, 4)))
    model = model.eval().requires_grad_(False)
    places = kind(model, 0, torch.zeros(1, 3, 64, 64), None, 3, "9:16")
    drawn = places.draw(0)
    assert drawn.shape[0] == 3
    assert drawn.shape[-2] > drawn.shape[-1]
    (drawn.square().mean() + places.strayed().mean()).backward()
    assert all(part.grad is not None for group in places.moving() for part in group["params"])
    places.keep(torch.tensor([2]))
    assert torch.allclose(places.draw(0), drawn[2:], atol=1e-4)
    assert read(places.code(b"12345678").to_text()).styles.shape[-1] == 8


# --- files


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_pictures_of_any_kind(tmp_path: Path, mode: str) -> None:
    path = saved(tmp_path / ("mine.jpg" if mode == "CMYK" else "mine.png"), mode=mode)
    picture = load(path, "9:16")
    assert picture.shape == (1, 3, 455, 256)
    assert picture.min() >= -1
    assert picture.max() <= 1


def test_turned_photographs_are_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100), "red").save(tmp_path / "turned.jpg", exif=exif)
    top = Image.open(saved(tmp_path / "a.png", (100, 200)))
    assert top.size == (100, 200)
    assert load(tmp_path / "turned.jpg", "1:1").shape == (1, 3, 256, 256)


@pytest.mark.parametrize(("size", "aspect"), [((1, 1), "1:1"), ((15, 400), "1:1"), ((20, 20), "9:16")])
def test_tiny_pictures_are_refused(tmp_path: Path, size: tuple[int, int], aspect: str) -> None:
    with pytest.raises((RecipeError, MediaError)):
        load(saved(tmp_path / "dot.png", size), aspect)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    for name in ("words.png", "song.mp3"):
        (tmp_path / name).write_bytes(b"these are words and no picture at all" * 20)
        with pytest.raises(MediaError):
            load(tmp_path / name, "1:1")


def test_kinds_of_networks_that_cannot_be_searched_are_named(
    models: Models, quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inversion, "SEARCHES", {})
    with pytest.raises(RecipeError, match="LoopGenerator"):
        invert(models, "aurora", saved(tmp_path / "mine.png"), lambda *_: None)


def test_scores_in_words() -> None:
    assert [named(score) for score in (0.0, 0.1, 0.2, 0.39, 0.7)] == ["very_close"] * 2 + ["close", "roughly", "far"]


def test_command_refuses_before_it_searches(tmp_path: Path) -> None:
    picture = saved(tmp_path / "mine.png")
    for arguments in (
        [str(tmp_path / "none.png"), "-o", str(tmp_path / "r.json")],
        [str(picture), "-o", str(tmp_path / "r.txt")],
        [str(picture), "-o", str(tmp_path / "nowhere" / "r.json")],
    ):
        assert CliRunner().invoke(app, ["invert", *arguments]).exit_code in (1, 2)
