"""The stylize step on the whole road, with an untrained network and with styles of somebody's own."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import untrained
from PIL import Image
from safetensors.torch import load_file

from vgan.contact_sheet import style_sheet
from vgan.errors import MediaError, RecipeError, UnknownName, WeightsError
from vgan.models.stylizer import StyleNetwork
from vgan.recipe import Generate, Recipe
from vgan.recipe_steps import Stylize
from vgan.registry import Models
from vgan.render import generate_only, render, still
from vgan.settings import Settings
from vgan.steps.painters import painter_for
from vgan.style_files import save_style
from vgan.zoo import STYLES, find_style

pytest_plugins = ["clips"]


@pytest.fixture(scope="module")
def styled(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("weights")
    untrained.write_styles(folder / "styles")
    return Models(Settings(device="cpu", offline=True, weights=folder))


def recipe(seconds: float = 0.5, **step: object) -> Recipe:
    share = {"short_side": 144, "fps": 24, "aspect": "1:1"}
    source = {"kind": "generate", "seconds": seconds}
    return Recipe.parse({"source": source, "steps": [{"kind": "stylize", **step}], "share": share})


def frames(asked: Recipe, models: Models) -> np.ndarray:
    return np.concatenate(list(generate_only(asked, models))).astype(int)


@pytest.mark.usefixtures("waves")
class TestStep:
    def test_all_frames_are_painted_as_large_as_the_file(self, styled: Models, tmp_path: Path) -> None:
        plain = frames(Recipe.parse({**recipe().model_dump(mode="json"), "steps": []}), styled)
        made = frames(recipe(), styled)
        assert made.shape == (12, 144, 144, 3)
        assert np.abs(made[:, ::5, ::5][:, :28, :28] - plain[:, :28, :28]).mean() > 10
        clip = render(recipe(), styled, tmp_path / "a.mp4")
        assert (clip.width, clip.height, clip.frames) == (144, 144, 12)

    def test_same_recipe_same_frames(self, styled: Models) -> None:
        assert np.array_equal(frames(recipe(), styled), frames(recipe(), styled))

    def test_strength_zero_is_the_picture_itself(self, styled: Models) -> None:
        plain = Recipe.parse({**recipe().model_dump(mode="json"), "steps": []})
        assert np.array_equal(frames(recipe(strength=0), styled), frames(plain, styled))

    def test_strength_goes_all_the_way(self, styled: Models) -> None:
        full, half = frames(recipe(), styled), frames(recipe(strength=0.5), styled)
        faint = frames(recipe(strength=0.01), styled)
        assert np.abs(half - full).mean() < np.abs(faint - full).mean()

    def test_kept_colours_are_the_pictures(self, styled: Models) -> None:
        def chroma(picture: np.ndarray) -> np.ndarray:
            return picture[..., 0] - picture[..., 2]

        faint, full = frames(recipe(strength=0.004), styled), frames(recipe(), styled)
        kept = frames(recipe(keep_colours=1), styled)
        inside = (kept > 0).all(-1) & (kept < 255).all(-1)
        assert np.abs(chroma(kept) - chroma(faint))[inside].mean() < 3
        assert np.abs(chroma(full) - chroma(faint))[inside].mean() > 6

    def test_blend_lies_between(self, styled: Models) -> None:
        one, two = frames(recipe(), styled), frames(recipe(style="scream"), styled)
        start = frames(recipe(second="scream", blend=0), styled)
        end = frames(recipe(second="scream", blend=1), styled)
        middle = frames(recipe(second="scream", blend=0.5), styled)
        assert np.array_equal(start, one)
        assert np.array_equal(end, two)
        assert np.abs(middle - one).mean() < np.abs(two - one).mean()

    def test_loop_still_closes(self, styled: Models) -> None:
        made = frames(recipe(seconds=1, steadiness=1), styled)
        neighbours = np.abs(np.diff(made, axis=0)).mean()
        assert np.abs(made[0] - made[-1]).mean() < 1.2 * neighbours

    def test_steadiness_steadies(self, styled: Models) -> None:
        def unrest(steadiness: float) -> float:
            return float(np.abs(np.diff(frames(recipe(steadiness=steadiness), styled), axis=0)).mean())

        assert unrest(1) < unrest(0.5)

    def test_chained_steps_each_do_their_part(self, styled: Models) -> None:
        data = recipe().model_dump(mode="json")
        once = frames(Recipe.parse(data), styled)
        again = {"kind": "stylize", "style": "scream"}
        twice = frames(Recipe.parse({**data, "steps": [*data["steps"], again]}), styled)
        assert twice.shape == once.shape
        assert np.abs(twice - once).mean() > 5

    @pytest.mark.parametrize("name", ["mine.safetensors", "MINE.SAFETENSORS"])
    def test_own_style_file(self, styled: Models, tmp_path: Path, name: str) -> None:
        network = styled.get("styles")
        assert isinstance(network, StyleNetwork)
        path = tmp_path / name
        save_style(path, network.codes[3:4], styled.fingerprint("styles"))
        assert set(load_file(path)) == {"code", "network"}
        assert np.array_equal(
            frames(recipe(style=str(path)), styled), frames(recipe(style=network.params.styles[3]), styled)
        )

    def test_style_for_other_weights_is_refused(self, styled: Models, tmp_path: Path) -> None:
        network = styled.get("styles")
        assert isinstance(network, StyleNetwork)
        path = tmp_path / "old.safetensors"
        save_style(path, network.codes[:1], bytes(32))
        with pytest.raises(WeightsError, match="another version"):
            frames(recipe(style=str(path)), styled)

    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            (lambda code: code * float("nan"), "not finite: code"),
            (lambda code: code * 0 + 1e30, "numbers up to 1e[+]30"),
            (lambda code: code[..., :5], "another version"),
        ],
        ids=["nan", "huge", "short"],
    )
    def test_spoilt_style_is_refused_and_its_folder_not_told(
        self, styled: Models, tmp_path: Path, spoil: Callable[[torch.Tensor], torch.Tensor], said: str
    ) -> None:
        network = styled.get("styles")
        assert isinstance(network, StyleNetwork)
        path = tmp_path / "mine.safetensors"
        save_style(path, spoil(network.codes[:1]), styled.fingerprint("styles"))
        with pytest.raises(WeightsError, match=f"^mine.*: .*{said}") as caught:
            frames(recipe(style=str(path)), styled)
        assert str(tmp_path) not in str(caught.value)

    @pytest.mark.parametrize("content", [b"", b"not weights at all", b"\x08" + bytes(64)])
    def test_broken_style_file_is_refused_by_name(self, styled: Models, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "broken.safetensors"
        path.write_bytes(content)
        with pytest.raises(WeightsError, match="broken"):
            frames(recipe(style=str(path)), styled)
        with pytest.raises(WeightsError, match=r"gone\.pt"):
            frames(recipe(style=str(tmp_path / "gone.pt")), styled)


def test_what_shows_through_is_as_sharp_as_it_was(styled: Models, tmp_path: Path) -> None:
    path = tmp_path / "fine.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)).save(path)
    asked = {"source": {"kind": "upload", "path": str(path)}, "share": {"format": "png"}}
    steps = [{"kind": "stylize", "canvas": 144, "strength": strength} for strength in (0.02, 1.0)]
    (plain, faint), (_, full) = (still(Recipe.parse({**asked, "steps": [step]}), styled) for step in steps)
    assert faint.shape == plain.shape == (400, 400, 3)
    assert np.abs(faint.astype(int) - plain).max() <= 6
    assert full.shape == (144, 144, 3)


@pytest.mark.usefixtures("waves")
def test_still_is_one_frame_before_and_after(styled: Models) -> None:
    before, after = still(recipe(), styled, 5)
    plain = frames(Recipe.parse({**recipe().model_dump(mode="json"), "steps": []}), styled)
    assert np.array_equal(before, plain[5])
    assert after.shape == (144, 144, 3)
    assert np.array_equal(after, still(recipe(), styled, 5)[1])


@pytest.mark.usefixtures("waves")
def test_sheet_has_a_tile_for_every_style(styled: Models, tmp_path: Path) -> None:
    style_sheet(tmp_path / "sheet.png", Generate(), 144, 4, styled)
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (4 * 146 + 2, 4 * 146 + 2)
        tiles = [sheet.crop((2 + 146 * n, 2, 146 * n + 146, 146)) for n in range(4)]
    assert len({tile.tobytes() for tile in tiles}) == 4
    with pytest.raises(MediaError, match="cannot be written"):
        style_sheet(tmp_path / "no" / "sheet.png", Generate(), 144, 4, styled)


def test_saving_leaves_nothing_half_written(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"a\.safetensors: the folder was removed"):
        save_style(tmp_path / "gone" / "a.safetensors", torch.zeros(1, 2, 4), bytes(32))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["great-wav", "../x", "a/../b", "a--b/c", "owner/name:file.exe"])
def test_names_that_are_no_style(name: str) -> None:
    with pytest.raises(RecipeError) as caught:
        find_style(name)
    assert name in str(caught.value)


def test_near_miss_is_named() -> None:
    with pytest.raises(UnknownName, match="great-wave"):
        find_style("great-wav")


@pytest.mark.parametrize("name", list(STYLES))
def test_every_row_is_in_the_shipped_network(name: str) -> None:
    models = Models(Settings(device="cpu", offline=True))
    if not (models.settings.weights / "styles" / "model.safetensors").is_file():
        pytest.skip("weights/styles is not in this checkout")
    network = models.get("styles")
    assert isinstance(network, StyleNetwork)
    assert STYLES[name].label in network.params.styles


@pytest.mark.parametrize("style", ["composition", "starry-night"])
def test_edges_are_painted_like_the_rest(style: str) -> None:
    down, across = torch.meshgrid(torch.linspace(0, 1, 160), torch.linspace(0, 1, 160), indexing="ij")
    smooth = 0.6 * torch.stack([torch.sin(4 * across + 3 * down), torch.cos(5 * down), across - down])[None]
    models = Models(Settings(offline=True, device="cpu"))
    with torch.inference_mode():
        painted = painter_for(Stylize(kind="stylize", style=style), models, 0.0).paint(smooth)
    assert painted.shape == smooth.shape

    def rough(part: torch.Tensor) -> float:
        return part.diff(dim=-1).abs().mean().item()

    edges = (painted[..., :4, :], painted[..., -4:, :], painted[..., :4].mT, painted[..., -4:].mT)
    assert max(map(rough, edges)) < 1.6 * rough(painted[..., 20:-20, :]), "no beads along them"
