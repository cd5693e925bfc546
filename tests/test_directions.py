"""Variation: what a basis finds, in which layers it acts, a second seed in the finer ones, in every family."""

import gc
import weakref
from typing import Any
from urllib.parse import parse_qsl

import pytest
import torch
from checkpoints import stylegan2
from generators import FAMILIES, write_looks
from torch import Tensor

from vgan.errors import RecipeError
from vgan.models.directions import closed_form, principal
from vgan.models.generators.stylegan2_checkpoint import from_checkpoint
from vgan.recipe import VARIATIONS, Generate, Latent, Recipe
from vgan.registry import Models
from vgan.runtime import Runtime, generator
from vgan.settings import Settings
from vgan.sources.directions import Directions
from vgan.sources.driven import Moved
from vgan.sources.play_stylegan2 import StyleGan2Player
from vgan.sources.players import Player, player_for
from vgan.ui.links import from_query, to_query
from vgan.weights import load_into

CPU = Runtime(torch.device("cpu"), torch.float32)
STEP = (2.0, 0.0, 0.0, 0.0, 0.0, 0.0)
NONE = (0.0,) * VARIATIONS


class TestPrincipal:
    def test_finds_the_axes_along_which_features_vary(self) -> None:
        random = generator(0)
        latents = torch.randn(400, 5, generator=random)
        mixing = torch.linalg.qr(torch.randn(40, 5, generator=random)).Q
        features = latents * torch.tensor([1.0, 9.0, 2.0, 5.0, 0.1]) @ mixing.T + 7
        found = principal(latents, features, 3)
        for row, axis in zip(found, (1, 3, 2), strict=True):
            assert float(row[axis]) > 0.98
        torch.testing.assert_close(found.norm(dim=1), torch.ones(3))

    def test_more_numbers_than_samples_are_the_same_question(self) -> None:
        latents = torch.randn(60, 5, generator=generator(1))
        features = latents @ torch.randn(5, 40, generator=generator(2))
        wide = torch.cat([features, torch.zeros(60, 60)], dim=1)
        torch.testing.assert_close(principal(latents, wide, 4), principal(latents, features, 4), atol=1e-4, rtol=0)

    def test_of_styles_themselves_are_their_own_components(self) -> None:
        w = torch.randn(500, 6, generator=generator(3)) * torch.tensor([1.0, 2, 3, 4, 5, 6]) + 10
        found = principal(w, w, 6)
        torch.testing.assert_close((found @ found.T).abs(), torch.eye(6), atol=0.2, rtol=0)
        assert [int(row.abs().argmax()) for row in found[:3]] == [5, 4, 3]
        assert torch.equal(found, principal(w, w, 6))
        assert all(float(row[row.abs().argmax()]) > 0 for row in found)

    @pytest.mark.parametrize(("rows", "other", "count"), [(1, 1, 1), (9, 8, 1), (9, 9, 0), (9, 9, 4)])
    def test_refuses(self, rows: int, other: int, count: int) -> None:
        with pytest.raises(ValueError, match=r"expected|count"):
            principal(torch.zeros(rows, 3), torch.zeros(other, 3), count)


class TestRange:
    def test_of_another_network_is_cut_to_this_one(self) -> None:
        model = torch.nn.Linear(1, 1)
        ways = Directions(model, CPU, lambda *_: torch.eye(6), layers=4)
        asked = [Latent(layers=wanted) for wanted in (None, (0, 1), (2, 63), (9, 12), (0, 63))]
        assert [ways.range(key.layers) for key in asked] == [None, (0, 1), (2, 3), (3, 3), None]
        assert ways.where(asked).tolist() == [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1], [1, 1, 1, 1]]
        mixed = ways.mixed([Latent(), Latent(mix_seed=3, mix_from=1), Latent(mix_seed=3, mix_from=9)])
        assert mixed.tolist() == [[0, 0, 0, 0], [0, 1, 1, 1], [0, 0, 0, 0]]
        assert Directions(model, CPU, lambda *_: torch.eye(6)).range((1, 2)) is None

    def test_keeps_no_network_in_memory(self) -> None:
        model = torch.nn.Linear(1, 1)
        gone, ways = weakref.ref(model), Directions(model, CPU, lambda *_: torch.eye(6))
        assert ways.moves([Latent(variation=STEP), Latent(basis="pca")]).tolist()[0][0] == 2
        del model
        gc.collect()
        assert gone() is None
        assert ways.of(Latent()).shape == (6, 6)


def test_fields_are_checked_and_come_back_from_a_link() -> None:
    for wrong in ({"layers": [3, 1]}, {"layers": [0]}, {"layers": [-1, 2]}, {"basis": "ica"}, {"mix_from": 64}):
        with pytest.raises(RecipeError, match=next(iter(wrong))):
            Recipe.parse({"source": {"kind": "generate", **wrong}})
    asked = Recipe.parse(
        {"source": {"kind": "generate", "basis": "pca", "layers": [0, 3], "mix_seed": 9, "mix_from": 2}}
    )
    assert from_query({key: value for key, value in _pairs(to_query(asked))}) == asked


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query.removeprefix("?"))


# --- every family


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Small untrained networks of every family: the name of a look for each."""
    folder = tmp_path_factory.mktemp("looks")
    return write_looks(folder) | {"folder": str(folder)}


@pytest.fixture
def models(looks: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Models:
    monkeypatch.setenv("VGAN_LOOKS", looks["folder"])
    return Models(Settings(offline=True, public=False, device="cpu"))


def drawn(player: Player, look: str, moved: Moved | None = None, **fields: Any) -> Tensor:
    source = Generate.model_validate({"look": look, **fields})
    return player.draw(source, torch.tensor([0.0, 0.3, 0.8]), "9:16", preview=False, moved=moved).float()


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_answers_to_both_bases(looks: dict[str, str], models: Models, family: str) -> None:
    look = looks[family]
    player = player_for(look, models)
    plain = drawn(player, look)
    assert torch.equal(drawn(player, look, basis="pca", layers=(0, 2)), plain), "no slider, no difference"
    closed, pca = (drawn(player, look, variation=STEP, basis=basis) for basis in ("closed", "pca"))
    for other in (closed, pca):
        assert not torch.equal(other, plain)
        assert other.isfinite().all()
    assert not torch.equal(closed, pca)
    assert torch.equal(drawn(player_for(look, models), look, variation=STEP, basis="pca"), pca)
    path = [{"look": look, "variation": STEP, "basis": "pca"}, {"look": look, "seed": 3, "variation": STEP}]
    assert drawn(player, look, path=path).isfinite().all()


@pytest.mark.parametrize("family", ["loop", "stylegan2"])
class TestLayers:
    def test_variation_stays_in_its_layers(self, looks: dict[str, str], models: Models, family: str) -> None:
        look = looks[family]
        player = player_for(look, models)
        plain, last = drawn(player, look), player._directions.layers - 1  # type: ignore[attr-defined]
        coarse = drawn(player, look, variation=STEP, layers=(0, 1))
        fine = drawn(player, look, variation=STEP, layers=(last, last))
        whole = drawn(player, look, variation=STEP, layers=(0, 63))
        torch.testing.assert_close(whole, drawn(player, look, variation=STEP))
        for one in (coarse, fine):
            assert not torch.equal(one, plain)
            assert not torch.equal(one, whole)

    def test_a_second_seed_draws_the_finer_layers(self, looks: dict[str, str], models: Models, family: str) -> None:
        look = looks[family]
        player = player_for(look, models)
        own = drawn(player, look, seed=1, motion=0.0)
        everywhere = drawn(player, look, seed=1, mix_seed=2, mix_from=0, motion=0.0)
        nowhere = drawn(player, look, seed=1, mix_seed=2, mix_from=63, motion=0.0)
        part = drawn(player, look, seed=1, mix_seed=2, mix_from=1, motion=0.0)
        torch.testing.assert_close(nowhere, own)
        assert not torch.equal(part, own)
        assert not torch.equal(part, everywhere)

    def test_along_a_path_and_under_music(self, looks: dict[str, str], models: Models, family: str) -> None:
        look = looks[family]
        player = player_for(look, models)
        path = [{"look": look, "mix_seed": 5}, {"look": look, "seed": 3, "variation": STEP, "layers": (0, 1)}]
        moved = Moved(torch.tensor([0.0, 0.5, 1.4]), torch.zeros(3, 7), torch.tensor([0, 2, 0]))
        frames = drawn(player, look, moved, path=path)
        assert frames.isfinite().all()
        jumped = drawn(player, look, moved, mix_seed=5)
        torch.testing.assert_close(jumped[:1], drawn(player, look, mix_seed=5)[:1])


@pytest.fixture(scope="module")
def player() -> StyleGan2Player:
    model, state = from_checkpoint(stylegan2(levels=4))
    load_into(model, state, "a checkpoint")
    model = model.eval().requires_grad_(False)
    return StyleGan2Player(model, CPU, StyleGan2Player.directions(model, CPU))


class TestStyleGan2Player:
    def source(self, **fields: Any) -> Generate:
        return Generate.model_validate({"look": "x.pt", **fields})

    @pytest.mark.parametrize("aspect", ["9:16", "4:5", "1:1", "16:9"])
    def test_pictures_are_cut_to_the_aspect(self, player: StyleGan2Player, aspect: str) -> None:
        full = player.draw(self.source(), torch.tensor([0.0, 0.5]), aspect, preview=False)
        width, height = player.size(64, aspect)
        assert full.shape == (2, 3, height, width)
        assert float(full.abs().max()) <= 1

    @pytest.mark.parametrize("fields", [{}, {"path": [{"look": "x.pt", "seed": seed} for seed in (1, 2, 3)]}])
    def test_loops_close_without_a_corner(self, player: StyleGan2Player, fields: dict[str, Any]) -> None:
        w = player.styles(self.source(**fields), torch.arange(96, dtype=torch.float64) / 96)
        steps = (w.roll(-1, 0) - w).flatten(1).norm(dim=1)
        assert steps[-1] <= 1.2 * steps[:-1].max()
        torch.testing.assert_close(player.styles(self.source(**fields), torch.ones(1)), w[:1])

    def test_truncation_and_motion(self, player: StyleGan2Player) -> None:
        phases = torch.tensor([0.0, 0.4])
        mean = player.styles(self.source(truncation=0.0), phases)
        torch.testing.assert_close(mean, player.model.mean.expand_as(mean))
        one, half = (player.styles(self.source(truncation=psi), phases) - mean for psi in (1.0, 0.5))
        torch.testing.assert_close(half, one / 2)
        still = player.styles(self.source(motion=0.0), phases)
        torch.testing.assert_close(still[0], still[1])

    def test_a_unit_is_a_standard_deviation_of_styles(self, player: StyleGan2Player) -> None:
        for basis in ("closed", "pca"):
            directions = player._directions.of(Latent(basis=basis))
            w = player.model.mapping(torch.randn(2000, 16, generator=generator(5)))
            lengths = directions.norm(dim=1)
            spread = (w @ (directions / lengths[:, None]).T).std(0)
            torch.testing.assert_close(spread, lengths, rtol=0.1, atol=1e-3)

    def test_a_second_seed_everywhere_is_the_other_seed(self, player: StyleGan2Player) -> None:
        still = {"motion": 0.0}
        other = player.styles(self.source(seed=2, **still), torch.zeros(1))
        everywhere = player.styles(self.source(seed=1, mix_seed=2, mix_from=0, **still), torch.zeros(1))
        torch.testing.assert_close(everywhere, other)
        half = player.styles(self.source(seed=1, mix_seed=2, mix_from=4, **still), torch.zeros(1))
        torch.testing.assert_close(half[:, 4:], other[:, 4:])
        torch.testing.assert_close(half[:, :4], player.styles(self.source(seed=1, **still), torch.zeros(1))[:, :4])

    def test_music_cuts_to_other_seeds(self, player: StyleGan2Player) -> None:
        phases = torch.tensor([0.1, 0.1, 0.6])
        moved = Moved(phases, torch.zeros(3, 7), torch.tensor([0, 2, 0]))
        w = player.styles(self.source(seed=5), phases, moved)
        torch.testing.assert_close(w[1:2], player.styles(self.source(seed=7), phases[1:2]))
        torch.testing.assert_close(w[::2], player.styles(self.source(seed=5), phases[::2]))


def test_closed_form_of_some_layers_is_of_those_alone() -> None:
    model, _ = from_checkpoint(stylegan2())
    assert [len(model.affines(*part)) for part in ((0, 0), (2, 5), ())] == [1, 4, 8]
    ways = closed_form([torch.eye(8) * torch.arange(8.0)], 2)
    assert int(ways[0].argmax()) == 7
