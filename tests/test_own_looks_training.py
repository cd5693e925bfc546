"""A look of one's own is trained, paused, ended by force, gone on with, measured, saved and played."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import untrained
from films import drifting, write_film

from vgan import hub, own_looks
from vgan.errors import RecipeError, WeightsError
from vgan.models.attributes import ATTRIBUTES
from vgan.own_looks import Options, command, work
from vgan.own_looks.begin import beginning
from vgan.own_looks.windows import Size
from vgan.recipe import Generate
from vgan.registry import Models
from vgan.settings import Settings
from vgan.sources.generate import player_for
from vgan.training import checkpoint
from vgan.training.own import loop
from vgan.training.own.patches import patch_distance
from vgan.training.own.progress import ENDED, Progress, asked_to_pause, read, tell
from vgan.training.own.trainer import OwnTrainer

ROOT = Path(__file__).resolve().parent.parent
LEARNED, HELD = Size(8), Size(8, 2, 128, (("square", 1.0),))
KILLED = """
import os, signal, sys
from vgan.own_looks import command, work
from vgan.own_looks.windows import Size
from vgan.training.own import loop
from vgan.training.own.trainer import OwnTrainer
work.LEARNED, work.HELD_OUT = Size(8), Size(8, 2, 128, (("square", 1.0),))
loop.KEPT, loop.ROW = 0.0, 1
step = OwnTrainer.step
def killed_in_the_fourth(self, stop=0.0):
    if self.step_count == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return step(self, stop)
OwnTrainer.step = killed_in_the_fourth
command.program(sys.argv[1:])
"""


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """Sums are rounded in another order by another count of threads: processes that are compared have the same."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A film, small weights to begin at, and a finished training of four steps, `whole`."""
    home = tmp_path_factory.mktemp("own")
    untrained.write(home / "weights" / "looks")
    untrained.write_classifier(home / "eyes.safetensors")
    write_film(home / "river.mp4", drifting(121, (128, 96)))
    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        train(home, "whole", "--data", str(home / "river.mp4"), "--steps", "4")
    return home


def small(patch: pytest.MonkeyPatch) -> None:
    """Few windows, and a row of the log for every step."""
    patch.setattr(work, "LEARNED", LEARNED)
    patch.setattr(work, "HELD_OUT", HELD)
    patch.setattr(loop, "ROW", 1)


@pytest.fixture(autouse=True)
def _small(monkeypatch, home):
    small(monkeypatch)


def given(home: Path, name: str) -> list[str]:
    """What every training here is told."""
    start = ["--start-from", str(home / "weights" / "looks"), "--features", str(home / "eyes.safetensors")]
    return ["--name", name, "--looks", str(home / "looks"), "--batch", "4", "--device", "cpu", *start]


def train(home: Path, name: str, *more: str) -> Path:
    """Run the command in this process. Returns the training's folder."""
    command.program([*given(home, name), *more])
    return home / "looks" / ".training" / name


def begun(home: Path, name: str) -> Path:
    """A training that has read the same footage already."""
    folder = home / "looks" / ".training" / name
    folder.mkdir(parents=True)
    shutil.copytree(home / "looks" / ".training" / "whole" / "data", folder / "data")
    return folder


def assert_same_weights(one: Path, other: Path) -> None:
    first, second = (checkpoint.load(folder / "checkpoint.pt") for folder in (one, other))
    assert first["step"] == second["step"]
    for part in ("G", "D", "G_ema", "P"):
        for name, value in first[part].items():
            assert torch.equal(value, second[part][name]), f"{part}.{name}"


def test_a_finished_look_plays_and_says_what_it_is(home):
    settings = Settings(looks=home / "looks", device="cpu", offline=True)
    (look,) = (look for look in own_looks.own_looks(settings) if look.name == "my:whole")
    assert sorted(path.name for path in look.folder.iterdir()) == [
        "README.md",
        "config.json",
        "model.safetensors",
        "sheet.png",
    ]
    config = json.loads((look.folder / "config.json").read_text())
    assert config["family"] == "loop"
    assert config["params"]["looks"] == ["whole"]
    assert set(look.typical) == set(ATTRIBUTES)
    assert look.loop_seconds == 4.0
    assert len(look.facts["like"]) == 3
    assert config["held_out"]["frames"] == 8
    card = (look.folder / "README.md").read_text()
    assert "1 clip, 6 s in 1 scene" in card
    assert "the last 10 % of the clip" in card
    assert f"{config['held_out']['distance']:.1f}" in card
    pictures = player_for("my:whole", Models(settings)).draw(
        Generate(look="my:whole"), torch.tensor([0.0, 0.5, 1.0]), "1:1", preview=True
    )
    assert pictures.shape == (3, 3, 128, 128)
    assert torch.allclose(pictures[0], pictures[2], atol=0.05)
    told = read(home / "looks" / ".training" / "whole")
    assert (told.phase, told.step, told.result) == ("done", 4, look.folder)
    assert told.distance == pytest.approx(config["held_out"]["distance"])
    assert {"loss_D", "loss_G", "beside", "step", "seconds"} <= set(told.losses[-1])
    assert told.sheet.is_file()
    assert not list((home / "looks").glob(".*.part"))


def test_paused_and_gone_on_is_the_run_that_never_stopped(home, monkeypatch):
    folder = begun(home, "paused")
    step = OwnTrainer.step

    def ask(self, stop=0.0):
        if self.step_count == 1:
            own_looks.pause(folder)
        return step(self, stop)

    monkeypatch.setattr(OwnTrainer, "step", ask)
    train(home, "paused", "--data", str(home / "river.mp4"), "--steps", "4")
    told = read(folder)
    assert (told.phase, told.step, told.resumable) == ("paused", 2, True)
    assert not (home / "looks" / "paused").exists()
    settings = Settings(looks=home / "looks")
    with pytest.raises(RecipeError, match="was begun"):
        own_looks.start([home / "river.mp4"], "paused", Options(), settings)
    monkeypatch.setattr(OwnTrainer, "step", step)
    job = own_looks.resume("paused", settings, minutes=9, device="cpu")
    command.program([*job.command[job.command.index("look") + 1 :], *given(home, "paused")[-2:], "--steps", "4"])
    assert_same_weights(folder, home / "looks" / ".training" / "whole")
    assert (home / "looks" / "paused" / "model.safetensors").is_file()


def test_killed_and_gone_on_is_the_run_that_never_stopped(home):
    folder = begun(home, "killed")
    arguments = [*given(home, "killed"), "--data", str(home / "river.mp4"), "--steps", "4"]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    told = read(folder)
    assert (told.phase, told.error, told.resumable) == ("failed", ENDED, True)
    kept = checkpoint.load(folder / "checkpoint.pt")["step"]
    assert kept < 4
    train(home, "killed", "--resume", "--steps", "4")
    assert_same_weights(folder, home / "looks" / ".training" / "whole")
    with (folder / "log.csv").open() as file:
        assert [float(row["step"]) for row in csv.DictReader(file)] == [1, 2, 3, 4]


def test_numbers_that_run_away_stop_the_training(home, monkeypatch, capsys):
    folder = begun(home, "nan")
    train(home, "nan", "--data", str(home / "river.mp4"), "--steps", "1")
    before = (folder / "checkpoint.pt").read_bytes()
    look = (home / "looks" / "nan" / "model.safetensors").read_bytes()
    monkeypatch.setattr(OwnTrainer, "beside", lambda self, batch, fakes, generator: fakes[0].sum() * float("nan"))
    with pytest.raises(SystemExit) as end:
        train(home, "nan", "--resume", "--steps", "4")
    assert end.value.code == 1
    assert "G" in capsys.readouterr().err
    assert read(folder).phase == "failed"
    assert "not a number" in read(folder).error
    assert (folder / "checkpoint.pt").read_bytes() == before
    assert (home / "looks" / "nan" / "model.safetensors").read_bytes() == look


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--data", "{home}/empty"], "no clip and no picture"),
        (["--data", "{home}/short.mp4"], "at least 8 frames"),
        (["--data", "{home}/river.mp4", "--crop", "2:"], "crop: '2:'"),
        (["--data", "{home}/river.mp4", "--trim", "1,x,river.mp4"], "trim: "),
        (["--data", "{home}/river.mp4", "--name", "whole"], "taken"),
        (["--data", "{home}/river.mp4", "--name", "Aurora"], "name: 'Aurora'"),
        (["--data", "{home}/river.mp4", "--start-from", "{home}/weights/styles"], "family 'style'"),
        (["--resume", "--name", "never"], "no training"),
    ],
    ids=["empty", "three frames", "crop", "trim", "taken", "name", "family", "nothing to resume"],
)
def test_what_cannot_be_done_is_refused(home, capsys, more, said):
    (home / "empty").mkdir(exist_ok=True)
    write_film(home / "short.mp4", drifting(3))
    untrained.write_styles(home / "weights" / "styles")
    name = "refused"
    shutil.rmtree(home / "looks" / ".training" / name, ignore_errors=True)
    before = sorted(path.name for path in (home / "looks").iterdir())
    with pytest.raises(SystemExit) as end:
        train(home, name, *(part.format(home=home) for part in more))
    assert end.value.code == 2
    assert said in capsys.readouterr().err
    assert sorted(path.name for path in (home / "looks").iterdir()) == before


def test_checkpoints_of_another_kind_are_refused(home, capsys):
    folder = begun(home, "other")
    train(home, "other", "--data", str(home / "river.mp4"), "--steps", "1")
    state = checkpoint.load(folder / "checkpoint.pt")
    for content in (state | {"model": state["model"] | {"base": 16}}, {"G": torch.zeros(3)}):
        torch.save(content, folder / "checkpoint.pt")
        with pytest.raises(SystemExit) as end:
            train(home, "other", "--resume", "--steps", "2")
        assert end.value.code == 2
        assert "checkpoint" in capsys.readouterr().err
    (folder / "checkpoint.pt").write_bytes(b"no checkpoint")
    with pytest.raises(SystemExit):
        train(home, "other", "--resume", "--steps", "2")
    assert "is damaged" in capsys.readouterr().err


def test_a_look_begins_between_the_nearest_ones(home):
    folder = home / "weights" / "looks"
    config = json.loads((folder / "config.json").read_text())
    names = config["params"]["looks"]
    for place, name in enumerate(names):
        config["knots"][name] = [[0.1 * row + 3 * place] * 7 for row in range(17)]
    near = home / "near"
    shutil.copytree(folder, near)
    (near / "config.json").write_text(json.dumps(config))
    table = torch.tensor(config["knots"][names[4]]) + 0.1
    start = beginning(near, "x", table, scratch=False)
    assert start.like[0] == names[4]
    assert set(start.like) == set(names[3:6])
    assert start.weights["look.weight"].shape[0] == 1
    assert start.model.looks == ("x",)
    assert beginning(near, "x", table, scratch=True).weights is None
    with pytest.raises(WeightsError):
        beginning(home / "empty-place", "x", table, scratch=False)


def test_without_a_classifier_it_trains_and_is_not_measured(home, monkeypatch):
    monkeypatch.setenv("VGAN_OFFLINE", "1")
    begun(home, "blind")
    arguments = given(home, "blind")
    cut = arguments.index("--features")
    command.program([*arguments[:cut], *arguments[cut + 2 :], "--data", str(home / "river.mp4"), "--steps", "1"])
    card = (home / "looks" / "blind" / "README.md").read_text()
    assert "not measured" in card
    assert "SqueezeNet, with which it is measured" in card


def test_a_command_that_the_page_starts_says_all_that_was_asked(tmp_path):
    options = replace(
        Options(7.5, crop="1:1", mirror=False, scratch=True, rate=1e-4, seed=3, loop_seconds=2.0),
        trims={"a, b.mp4": own_looks.Trim(1, None), "c.mp4": own_looks.Trim(0, 2.5)},
    )
    settings = Settings(looks=tmp_path)
    job = own_looks.start([Path("a, b.mp4"), Path("c.mp4")], "river", options, settings)
    parsed = command._parser().parse_args(list(job.command[5:]))
    assert command._options(parsed) == options
    assert [path.name for path in parsed.data] == ["a, b.mp4", "c.mp4"]
    assert parsed.out == job.folder == own_looks.folder_of("river", settings)
    assert not list(tmp_path.iterdir())


def test_progress_is_told_and_a_process_that_is_gone_has_failed(tmp_path):
    assert read(tmp_path) is None
    tell(tmp_path, Progress("training", losses=({"step": 1.0},) * 500))
    assert read(tmp_path).working
    assert len(read(tmp_path).losses) == 200
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    facts = json.loads((tmp_path / "progress.json").read_text()) | {"pid": gone.pid}
    (tmp_path / "progress.json").write_text(json.dumps(facts))
    assert read(tmp_path).phase == "failed"
    (tmp_path / "progress.json").write_text("[]")
    assert read(tmp_path) is None
    own_looks.pause(tmp_path)
    assert asked_to_pause(tmp_path)
    assert not asked_to_pause(tmp_path)


def test_looks_are_removed_and_trainings_forgotten(tmp_path):
    settings = Settings(looks=tmp_path)
    folder = own_looks.folder_of("river", settings)
    folder.mkdir(parents=True)
    tell(folder, Progress("training"))
    with pytest.raises(RecipeError, match="under way"):
        own_looks.forget("river", settings)
    tell(folder, Progress("paused"))
    assert set(own_looks.trainings(settings)) == {"river"}
    own_looks.forget("river", settings)
    assert own_looks.trainings(settings) == {}
    with pytest.raises(RecipeError, match="not known"):
        own_looks.remove("river", settings)


def test_a_look_is_pushed_with_its_card_and_its_samples(home, monkeypatch):
    sent = {}

    def upload(repo_id, files, *rest):
        sent[repo_id] = list(files)
        return hub.Pushed("https://hub/me/river", "0" * 40, "0" * 64, 1)

    monkeypatch.setattr(hub, "_upload", upload)
    settings = Settings(looks=home / "looks")
    assert own_looks.push("whole", "me/river", settings).url == "https://hub/me/river"
    assert sent == {"me/river": ["model.safetensors", "config.json", "README.md", "sheet.png"]}
    with pytest.raises(RecipeError, match="my:nothing"):
        own_looks.push("nothing", "me/river", settings)
    copy = home / "looks" / "bare"
    shutil.copytree(home / "looks" / "whole", copy)
    (copy / "README.md").unlink()
    with pytest.raises(WeightsError, match=r"lacks README\.md"):
        own_looks.push("bare", "me/river", settings)
    own_looks.remove("bare", settings)
    assert not copy.exists()


def test_patches_tell_textures_apart_and_not_places():
    draw = torch.Generator().manual_seed(0)
    rough, soft = torch.rand(4, 9, 64, 64, generator=draw), torch.full((4, 9, 64, 64), 0.5)

    def apart(one: torch.Tensor, other: torch.Tensor) -> float:
        return patch_distance(one, other, torch.Generator().manual_seed(1)).item()

    assert apart(rough, rough.roll((20, 12), (2, 3))) < 0.2 * apart(rough, soft)
    still = rough[:, :3].repeat(1, 3, 1, 1)
    assert apart(still, rough) > 2 * apart(still, still.flip(0))
    rough.requires_grad_()
    patch_distance(soft, rough, draw).backward()
    assert rough.grad.abs().sum() > 0


def test_a_pause_while_footage_is_read_leaves_nothing_half_written(home, monkeypatch):
    folder, real = own_looks.folder_of("early", Settings(looks=home / "looks")), work.plan

    def asked_meanwhile(*arguments):
        os.kill(os.getpid(), signal.SIGTERM)
        return real(*arguments)

    monkeypatch.setattr(work, "plan", asked_meanwhile)
    monkeypatch.setattr(work, "TOLD", 0.0)
    train(home, "early", "--data", str(home / "river.mp4"))
    assert read(folder).phase == "paused"
    assert sorted(path.name for path in folder.iterdir()) == ["asked.json", "progress.json"]
    own_looks.resume("early", Settings(looks=home / "looks"))
