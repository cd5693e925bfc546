"""A look of one's own begins with what the critics of the shipped looks know."""

import shutil

import pytest
import torch
import untrained
from films import drifting, write_film
from safetensors.torch import load_file

from vgan.errors import RecipeError, WeightsError
from vgan.models.attributes import KNOTS
from vgan.models.discriminators.projected import ProjectedCritic
from vgan.models.discriminators.three_frame import ThreeFrameCritic
from vgan.own_looks import command, work
from vgan.own_looks.begin import beginning
from vgan.own_looks.windows import Size
from vgan.training import checkpoint
from vgan.training.checkpoint import CRITICS, write_weights
from vgan.training.own.trainer import OwnParams, OwnTrainer
from vgan.zoo import LOOKS

NAMES = [look.label for look in LOOKS.values() if look.model == "looks" and look.label]
TABLE = torch.linspace(0, 1, KNOTS).view(KNOTS, 1).expand(KNOTS, 7)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Small weights with critics beside them, and a film."""
    home = tmp_path_factory.mktemp("critics")
    untrained.write(home / "looks")
    untrained.write_classifier(home / "eyes.safetensors")
    torch.manual_seed(1)
    seen = ThreeFrameCritic(len(NAMES)).state_dict()
    projected = ProjectedCritic(len(NAMES), load_file(home / "eyes.safetensors")).learned()
    known = {f"D.{name}": value for name, value in seen.items()}
    write_weights(home / "looks" / CRITICS, known | {f"P.{name}": value for name, value in projected.items()})
    write_film(home / "river.mp4", drifting(121, (128, 96)))
    return home


def edited(home, tmp_path, **changes):
    """The looks with some tensors of their critics replaced, or removed where None. `__` stands for a dot."""
    folder = tmp_path / "looks"
    shutil.copytree(home / "looks", folder)
    state = load_file(folder / CRITICS)
    for name, value in changes.items():
        state[name.replace("__", ".")] = value
    write_weights(folder / CRITICS, {name: value for name, value in state.items() if value is not None})
    return folder


def test_critics_begin_at_the_same_mixture_as_the_generator(home):
    start = beginning(home / "looks", "x", TABLE, scratch=False)
    rows = load_file(home / "looks" / CRITICS)["D.look.weight"].float()
    places = [NAMES.index(name) for name in start.like]
    shares = torch.linalg.lstsq(rows[places].T, start.critics["D.look.weight"].T).solution.squeeze(1)
    assert shares.sum() == pytest.approx(1.0, abs=1e-3)
    assert start.critics["D.classify.weight"].shape[0] == start.critics["P.look.weight"].shape[0] == 1
    assert beginning(home / "looks", "x", TABLE, scratch=True).critics is None


def test_a_training_begins_with_them_and_tells_its_critics_to_speak_at_once(home, monkeypatch):
    seen = {}

    def first(self, stop=0.0):
        seen.update({name: value.clone() for name, value in self.critics().items()}, say=self.critics_say())
        return whole(self, stop)

    whole = OwnTrainer.step
    monkeypatch.setattr(OwnTrainer, "step", first)
    monkeypatch.setattr(work, "LEARNED", Size(8))
    monkeypatch.setattr(work, "HELD_OUT", Size(8, 2, 128, (("square", 1.0),)))
    options = ["--looks", str(home / "own"), "--batch", "4", "--device", "cpu", "--start-from", str(home / "looks")]
    eyes = ["--features", str(home / "eyes.safetensors")]
    command.program(["--name", "x", "--data", str(home / "river.mp4"), "--steps", "1", *options, *eyes])
    shipped = load_file(home / "looks" / CRITICS)
    for name in ("D.stem.weight", "P.heads.0.score.bias"):
        assert torch.equal(seen[name], shipped[name].float())
    assert seen["say"] == 1.0
    assert "D.stem.weight" not in checkpoint.load(home / "own" / ".training" / "x" / "checkpoint.pt")["G"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"D__look__weight": torch.zeros(2, 32)}, "fewer looks"),
        ({"D__stem__bias": torch.full((32,), torch.nan)}, "not a number"),
    ],
)
def test_damaged_critics_are_refused(home, tmp_path, changes, said):
    with pytest.raises(WeightsError, match=said):
        beginning(edited(home, tmp_path, **changes), "x", TABLE, scratch=False)


@pytest.mark.parametrize("changes", [{"D__stem__weight": torch.zeros(3, 9, 3, 3)}, {"D__stem__bias": None}])
def test_critics_of_other_sizes_are_refused(home, tmp_path, changes):
    folder = edited(home, tmp_path, **changes)
    start = beginning(folder, "x", TABLE, scratch=False)
    with pytest.raises(RecipeError, match="do not fit"):
        OwnTrainer(*trained(home), begin=start.weights, critics=start.critics)


def trained(home):
    """What an OwnTrainer is built from, after the training above read the film."""
    model = beginning(home / "looks", "x", TABLE, scratch=True).model
    return OwnParams(batch=4), model, home / "own" / ".training" / "x" / "data" / "learned", torch.device("cpu")
