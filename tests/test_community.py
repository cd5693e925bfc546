"""Models of the community in the steps: what spandrel knows is drawn rightly, what is no use or hostile is refused."""

import pickle
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save, save_file
from spandrel import ModelLoader
from spandrel.architectures.Compact import Compact
from spandrel.architectures.DnCNN import DnCNN
from torch import Tensor

from vgan import community
from vgan.errors import RecipeError, UnknownName, WeightsError
from vgan.families import FAMILIES
from vgan.models.srvgg import CompactParams, SRVGGNetCompact
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import estimate, render, still
from vgan.runtime import Runtime
from vgan.settings import Settings
from vgan.steps import enhancers
from vgan.zoo import MODELS, find_enhancer, find_model

SHARED = Path(__file__).parent.parent.parent / "shared" / "data" / "weights"
PEERS = ("realesr-general-x4v3", "realesr-animevideov3-x4")
State = dict[str, Tensor]


def compact(scale: int = 4, channels: int = 3, features: int = 8) -> State:
    torch.manual_seed(0)
    return Compact(num_in_ch=channels, num_out_ch=channels, num_feat=features, num_conv=2, upscale=scale).state_dict()


@pytest.fixture
def models(tmp_path: Path) -> Models:
    found = Models(Settings(device="cpu", offline=True, public=False, weights=tmp_path / "none"))
    found.runtime = Runtime(torch.device("cpu"), torch.float32)
    return found


@pytest.fixture
def upload(tmp_path: Path) -> dict[str, Any]:
    rows, columns = np.mgrid[0:30, 0:44]
    levels = np.stack([rows * 7, columns * 5, 128 + 90 * np.sin(rows * columns / 40)], -1).astype(np.uint8)
    Image.fromarray(levels).save(tmp_path / "small.png")
    return {"source": {"kind": "upload", "path": str(tmp_path / "small.png")}, "share": {"format": "png"}}


def shown(models: Models, upload: dict[str, Any], **step: Any) -> np.ndarray:
    return still(Recipe.parse({**upload, "steps": [step]}), models)[1].astype(int)


def by_spandrel(path: Path, upload: dict[str, Any]) -> np.ndarray:
    """What the library itself makes of the whole picture."""
    with Image.open(upload["source"]["path"]) as image:
        seen = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float() / 255
    found = ModelLoader().load_from_file(path)
    drawn = (
        found.model.float()(seen)
        if found.input_channels == 3
        else found.model(seen.view(3, 1, 30, 44)).view(1, 3, 30, 44)
    )
    return drawn.detach().clamp(0, 1)[0].permute(1, 2, 0).mul(255).round().numpy().astype(int)


class TestDraws:
    @pytest.mark.parametrize("name", PEERS)
    def test_public_weights(self, models: Models, upload: dict[str, Any], name: str) -> None:
        path = SHARED / f"{name}.safetensors"
        if not path.is_file():
            pytest.skip(f"{path} is not here: public weights come with the shared data")
        made = shown(models, upload, kind="upscale", factor=4, model=str(path))
        assert made.shape == (120, 176, 3)
        assert np.abs(made - by_spandrel(path, upload)).max() <= 1

    def test_own_network_in_tiles(
        self, models: Models, upload: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "mine.pth"
        torch.save({"params": compact(2)}, path)
        monkeypatch.setitem(enhancers.MOST_COMMUNITY, "cpu", 20 * 20)
        made = shown(models, upload, kind="upscale", factor=2, model=str(path))
        assert np.abs(made - by_spandrel(path, upload)).max() <= 1

    def test_grey_network_sees_each_colour(self, models: Models, upload: dict[str, Any], tmp_path: Path) -> None:
        torch.manual_seed(0)
        path = tmp_path / "grey.safetensors"
        save_file(DnCNN(in_nc=1, out_nc=1, nc=8, nb=8, act_mode="R", mode="DnCNN").state_dict(), path)
        full, half = (shown(models, upload, kind="denoise", model=str(path), strength=s) for s in (1, 0.5))
        plain = shown(models, upload, kind="denoise", strength=0)
        assert np.abs(full - by_spandrel(path, upload)).max() <= 1
        assert np.abs(full - plain).max() > 3
        assert np.abs(half - (full + plain) / 2).max() <= 1

    def test_ours_as_a_file(self, models: Models, upload: dict[str, Any], tmp_path: Path) -> None:
        path = tmp_path / "ours.safetensors"
        save_file(SRVGGNetCompact(CompactParams(4, 8, 3)).state_dict(), path)
        assert (
            np.abs(shown(models, upload, kind="upscale", factor=4, model=str(path)) - by_spandrel(path, upload)).max()
            <= 1
        )

    def test_file_is_named_without_its_folder(self, models: Models, upload: dict[str, Any], tmp_path: Path) -> None:
        save_file(compact(), tmp_path / "mine.safetensors")
        step = {"kind": "upscale", "factor": 4, "model": str(tmp_path / "mine.safetensors")}
        recipe = Recipe.parse({**upload, "steps": [step]})
        assert recipe.portable().steps[0].model == "mine.safetensors"
        clip = render(recipe, models, tmp_path / "out.png")
        with Image.open(clip.path) as image:
            assert image.size == (176, 120)
            assert str(tmp_path) not in str(image.info)

    def test_trial_tells_what_it_costs(
        self, models: Models, upload: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        save_file(compact(), tmp_path / "mine.safetensors")
        recipe = Recipe.parse(
            {**upload, "steps": [{"kind": "upscale", "factor": 4, "model": str(tmp_path / "mine.safetensors")}]}
        )
        monkeypatch.setitem(enhancers.GUESS, "cpu", 10.0)
        guessed = estimate(recipe, models).seconds
        still(recipe, models)
        assert estimate(recipe, models).seconds < guessed / 10


def hostile() -> State:
    """Half a megabyte that asks for a network of 154 GB."""
    wide = 65_535
    state = {
        "body.0.weight": torch.zeros(wide, 3, 1, 1),
        "body.0.bias": torch.zeros(wide),
        "body.1.weight": torch.zeros(1),
    }
    for place in (2, 4):
        state |= {f"body.{place}.weight": torch.zeros(12, 1, 1, 1), f"body.{place}.bias": torch.zeros(12)}
    return state | {"body.3.weight": torch.zeros(1)}


def flat() -> State:
    state = compact()
    last = max(state, key=lambda key: int(key.split(".")[1])).rpartition(".")[0]
    return state | {f"{last}.bias": torch.full((48,), 10.0)}


BAD: dict[str, tuple[Callable[[], State], str]] = {
    "nan": (lambda: {key: value * float("nan") for key, value in compact().items()}, "not finite"),
    "empty": (dict, "0 tensors"),
    "many": (lambda: {f"a{index}": torch.zeros(1) for index in range(20_001)}, "20,001 tensors"),
    "unknown": (lambda: {"a": torch.zeros(3)}, "spandrel knows"),
    "torn": (lambda: dict(list(compact().items())[:4]), "do not fit together|spandrel knows|claim"),
    "hostile": (hostile, "far larger than the file"),
    "channels": (lambda: compact(channels=4), "4 channels into 4"),
    "flat": (flat, "one flat colour"),
    "three": (lambda: compact(scale=3), "enlarges 3 times"),
}


class TestRefuses:
    @pytest.mark.parametrize("name", BAD)
    def test_bad_tensors(self, models: Models, upload: dict[str, Any], tmp_path: Path, name: str) -> None:
        make, words = BAD[name]
        path = tmp_path / f"{name}.safetensors"
        path.write_bytes(save(make()))
        with pytest.raises(WeightsError, match=rf"^{name}\.safetensors: .*({words})") as caught:
            shown(models, upload, kind="upscale", factor=4, model=str(path))
        assert str(tmp_path) not in str(caught.value)

    @pytest.mark.parametrize("content", [b"", b"no weights", save(compact())[:-100], pickle.dumps({"a": print})])
    @pytest.mark.parametrize("ending", [".safetensors", ".pth"])
    def test_bad_files(
        self, models: Models, upload: dict[str, Any], tmp_path: Path, content: bytes, ending: str
    ) -> None:
        path = tmp_path / f"bad{ending}"
        path.write_bytes(content)
        with pytest.raises(WeightsError, match=rf"bad\{ending}"):
            shown(models, upload, kind="upscale", factor=4, model=str(path))

    def test_code_in_a_pickle_is_not_run(self, models: Models, upload: dict[str, Any], tmp_path: Path) -> None:
        class Code:
            def __reduce__(self) -> tuple[Any, ...]:
                return (Path.touch, (tmp_path / "run",))

        torch.save({"params": compact() | {"x": Code()}}, tmp_path / "bad.pth")
        with pytest.raises(WeightsError, match=r"bad\.pth: refused"):
            shown(models, upload, kind="upscale", factor=4, model=str(tmp_path / "bad.pth"))
        assert not (tmp_path / "run").exists()

    @pytest.mark.parametrize(
        ("scale", "step", "words"),
        [
            (
                4,
                {"kind": "upscale", "factor": 2},
                "upscale.model: m.safetensors enlarges 4 times: set factor to 4, and scale",
            ),
            (2, {"kind": "upscale", "factor": 4}, "upscale.model: m.safetensors enlarges 2 times: set factor to 2"),
            (1, {"kind": "upscale", "factor": 2}, "upscale.model: m.safetensors keeps the size: .* denoise"),
            (2, {"kind": "denoise"}, "denoise.model: m.safetensors enlarges 2 times: .* upscale step"),
        ],
    )
    def test_wrong_scale(
        self, models: Models, upload: dict[str, Any], tmp_path: Path, scale: int, step: dict[str, Any], words: str
    ) -> None:
        save_file(compact(scale), tmp_path / "m.safetensors")
        with pytest.raises(RecipeError, match=words):
            shown(models, upload, model=str(tmp_path / "m.safetensors"), **step)

    @pytest.mark.parametrize("purpose", ["Inpainting", "FaceSR"])
    def test_other_purposes(self, monkeypatch: pytest.MonkeyPatch, purpose: str) -> None:
        found = SimpleNamespace(architecture=SimpleNamespace(name="Some"), purpose=purpose)
        monkeypatch.setattr(ModelLoader, "load_from_state_dict", lambda self, state: found)
        with pytest.raises(WeightsError, match=f"a network of Some is for {purpose}"):
            community.build(compact())

    def test_row_of_another_scale_is_refused_before_anything_is_read(self) -> None:
        with pytest.raises(RecipeError, match="realesr-general-x4v3 enlarges 4 times"):
            Recipe.parse({"steps": [{"kind": "upscale", "factor": 2, "model": "realesr-general-x4v3"}]})
        step = {"kind": "upscale", "factor": 4, "model": "realesr-general-x4v3"}
        assert Recipe.parse({"steps": [step]}).steps[0].models == {"model": "realesr-general-x4v3"}

    @pytest.mark.parametrize("name", ["../x", "a--b/c:d.pth", "owner/name", "owner/name:file.exe"])
    def test_names_that_can_be_none(self, name: str) -> None:
        with pytest.raises(RecipeError) as caught:
            find_enhancer(name, 2)
        assert name in str(caught.value)

    def test_near_miss_is_named(self) -> None:
        with pytest.raises(UnknownName, match="Did you mean 'realesr-general-x4v3'"):
            find_enhancer("realesr-general-x4", 4)

    def test_repositories_on_a_public_app(self, upload: dict[str, Any]) -> None:
        models = Models(Settings(device="cpu", public=True, allowed_repos=()))
        with pytest.raises(RecipeError, match=r"^model: 'a/b' may not be loaded on this public app"):
            shown(models, upload, kind="upscale", model="a/b:c.safetensors")


def test_names_of_files_and_repositories() -> None:
    spec = find_enhancer("owner/name:x4.pth", 4)
    assert (spec.repo_id, spec.file, spec.path) == ("owner/name", "x4.pth", "")
    assert find_model(spec.name) == spec
    spec = find_enhancer("/tmp/some where/x4.pth", 4)
    assert (spec.repo_id, spec.path, spec.title) == ("", "/tmp/some where/x4.pth", "x4.pth")
    assert find_model(spec.name) == spec


def test_rows_are_pinned_and_have_a_licence() -> None:
    rows = [spec for spec in MODELS.values() if spec.family == "community"]
    assert rows
    for spec in rows:
        assert len(spec.revision) == 40
        assert len(spec.sha256) == 64
        assert spec.bytes
        assert spec.licence
        assert spec.scale in (1, 2, 4)


def test_networks_leave_by_their_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = Models(Settings(device="cpu", offline=True, weights=tmp_path))
    for name in ("a", "b", "c"):
        save_file(compact(), tmp_path / f"{name}.safetensors")
    first, second, third = (find_enhancer(str(tmp_path / f"{name}.safetensors"), 4).name for name in "abc")
    one, two = models.get(first), models.get(second)
    assert models.get(first) is one
    size = sum(tensor.nbytes for tensor in one.state_dict().values())
    monkeypatch.setattr("vgan.registry.MOST_BYTES", int(2.5 * size))
    models.get(third)
    assert models.get(first) is one
    assert models.get(second) is not two


def test_family_takes_what_the_row_says() -> None:
    model, state = FAMILIES["community"].build(None, compact())
    assert set(state) == set(model.state_dict())
