"""The music moves a look: when, how far, and that it is seen in the picture."""

import wave
from pathlib import Path

import numpy as np
import pytest
import torch

from vgan.errors import MediaError, RecipeError
from vgan.models import attributes
from vgan.models.generators.fastgan import FastGAN, FastGANParams
from vgan.music import analyse, curve
from vgan.music.samples import RATE
from vgan.plan import plan
from vgan.recipe import ATTRIBUTES, Generate, Latent, Recipe
from vgan.recipe_sound import Drive, Soundtrack
from vgan.registry import Models
from vgan.runtime import Runtime
from vgan.sources import generate
from vgan.sources.driven import Moved, check_drives, moments
from vgan.sources.generate import GenerateSource, preview
from vgan.sources.play_fastgan import FastGanPlayer
from vgan.sources.play_loop import LoopPlayer
from vgan.sources.players import player_for
from vgan.sources.steadied import steadied
from vgan.tensors import to_pictures

AUDIO = Path("../shared/data/audio")
FPS = 20
BRIGHTNESS = ATTRIBUTES.index("brightness")


def write(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def ticking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds with a click every half second, from 0.5 s on."""
    samples = np.zeros(8 * RATE)
    ticks = np.arange(RATE // 20)
    for place in (np.arange(1, 16) * RATE) // 2:
        samples[place : place + len(ticks)] = np.sin(ticks * 0.3) * np.exp(-ticks / 200)
    return write(tmp_path_factory.mktemp("music") / "ticking.wav", samples)


@pytest.fixture(scope="module")
def models() -> Models:
    return Models()


def recipe(music: Path, *drives: Drive, seconds: float = 4.0, loops: int = 1, sound=None, **source) -> Recipe:
    return Recipe(
        source=Generate(seconds=seconds, loops=loops, **source),
        sound=Soundtrack(music=str(music), drives=drives, **(sound or {})),
        share={"fps": FPS, "aspect": "1:1"},
    )


def test_without_drives_a_loop_plays_as_ever(ticking):
    for sound in (None, Soundtrack(music=str(ticking))):
        shown = moments(Recipe(source=Generate(seconds=2, loops=3), sound=sound))
        assert shown.moved is None
        assert shown.closes
        assert torch.equal(shown.phases, torch.arange(180) % 60 / 60)


def test_a_slider_is_moved_by_amount_times_curve(ticking):
    up, down = Drive(field="brightness", amount=0.5), Drive(field="hue", amount=-0.3, band="onsets")
    shown = moments(recipe(ticking, up, down, loops=2))
    times = np.arange(160) / FPS
    for drive in (up, down):
        expected = drive.amount * curve(analyse(ticking), drive, times)
        got = shown.moved.shifts[:, ATTRIBUTES.index(drive.field)]
        assert got.numpy() == pytest.approx(expected, abs=1e-6)
    on_beats = shown.moved.shifts[10:160:10, BRIGHTNESS]
    assert (on_beats > 0.45).all()
    assert not shown.closes
    assert torch.equal(shown.phases, torch.arange(160) % 80 / 80)


def test_music_begins_where_it_is_told_and_again_and_again(ticking):
    def brightness(**sound):
        shown = moments(recipe(ticking, Drive(field="brightness"), seconds=5, loops=3, sound=sound))
        return shown.moved.shifts[:, BRIGHTNESS]

    whole, later = brightness(), brightness(start=2.25)
    assert torch.equal(whole[:140], whole[160:])
    assert torch.equal(later[: 140 - 45], whole[45:140])
    assert (brightness(loop=False)[161:] == 0).all()
    short = brightness(start=1.0, end=3.0)
    assert torch.equal(short[:40], short[40:80])
    with pytest.raises((RecipeError, MediaError), match="earlier"):
        brightness(start=20.0)


def test_speed_runs_on_the_beat_and_still_closes(ticking):
    shown = moments(recipe(ticking, Drive(field="speed", amount=1, smoothing=0), loops=2))
    steps = (shown.phases.roll(-1) - shown.phases) % 1
    total = float(steps.double().sum())
    assert total == pytest.approx(round(total), abs=1e-4)
    assert total >= 2
    assert shown.closes
    assert steps[10:160:10].mean() > 2.5 * steps[15:160:10].mean()
    slow = moments(recipe(ticking, Drive(field="speed", amount=-1, smoothing=0), loops=2))
    steps = (slow.phases.roll(-1) - slow.phases) % 1
    assert steps[10:160:10].mean() < 0.3 * steps[15:160:10].mean()


def test_keys_go_on_with_the_music(ticking):
    path = (Latent(look="silk"), Latent(look="ink"), Latent(look="aurora"))
    shown = moments(recipe(ticking, Drive(field="keys", amount=1), loops=2, path=path))
    places = shown.moved.places
    steps = places.diff()
    assert places[0] == 0
    assert (steps >= 0).all()
    assert float(places[-1] + steps[-1]) == pytest.approx(2, abs=0.1)
    assert steps[10:150:10].mean() > 3 * steps[16:150:10].mean()
    back = moments(recipe(ticking, Drive(field="keys", amount=-1), loops=2, path=path))
    assert torch.allclose(back.moved.places, -places)
    half = moments(recipe(ticking, Drive(field="keys", amount=0.5), loops=2, path=path)).moved.places.diff()
    assert steps.std() > half.std() > 0


def test_cuts_are_on_the_beat(ticking):
    jumps = moments(recipe(ticking, Drive(field="cut", amount=1), loops=2)).moved.jumps
    at = torch.nonzero(jumps.diff())[:, 0] + 1
    assert at.tolist() == list(range(10, 160, 10))
    assert jumps.diff().max() == 1
    other = moments(recipe(ticking, Drive(field="cut", amount=-0.5), loops=2)).moved.jumps
    at = torch.nonzero(other.diff())[:, 0] + 1
    assert at.tolist() == list(range(10, 160, 20))
    assert other.diff().min() == -1


def test_cuts_go_to_the_next_key_look(ticking):
    path = (Latent(look="silk"), Latent(look="ink"), Latent(look="aurora"))
    moved = moments(recipe(ticking, Drive(field="cut", amount=1), path=path)).moved
    assert (moved.jumps == 0).all()
    assert moved.places[:10].unique().tolist() == [0]
    assert moved.places[10::10].tolist() == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2, 7 / 3])


def test_cuts_are_never_a_flicker(tmp_path):
    rng = np.random.default_rng(0)
    samples = np.zeros(6 * RATE)
    samples[rng.integers(0, len(samples), 120)] = rng.uniform(0.5, 1, 120)
    drives = (Drive(field="cut", band="onsets", amount=1, sensitivity=1), Drive(field="cut", band="treble", amount=1))
    shown = moments(recipe(write(tmp_path / "rain.wav", samples), *drives, sound={"end": 1.7}))
    at = torch.nonzero(shown.moved.jumps.diff())[:, 0]
    assert len(at) > 5
    assert at.diff().min() >= 0.25 * FPS - 1


def test_silence_moves_nothing(tmp_path, models):
    silent = write(tmp_path / "silent.wav", np.zeros(RATE))
    drives = [Drive(field=field, amount=1) for field in ("brightness", "speed", "cut")]
    shown = moments(recipe(silent, *drives))
    assert (shown.moved.shifts == 0).all()
    assert (shown.moved.jumps == 0).all()
    assert torch.allclose(shown.phases, torch.arange(80) / 80, atol=1e-6)
    path = (Latent(look="silk"), Latent(look="ink"))
    even = moments(recipe(silent, Drive(field="keys", amount=1), path=path)).moved.places
    assert torch.allclose(even, torch.arange(80) / 80, atol=1e-6)


def test_what_a_look_has_not_is_refused_before_anything_is_made(ticking):
    with pytest.raises(RecipeError, match=r"sound.drives.1.field: 'hue' is no slider of 'fastgan-aurora'.*speed, cut"):
        plan(recipe(ticking, Drive(field="speed"), Drive(field="hue"), look="fastgan-aurora"))
    with pytest.raises(RecipeError, match="'keys' needs a path"):
        plan(recipe(ticking, Drive(field="keys")))
    check_drives(recipe(ticking, Drive(field="cut"), look="fastgan-aurora"), ())


def test_music_that_is_no_music_is_refused(tmp_path, models):
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(bytes(1000))
    with pytest.raises(MediaError, match=r"broken\.mp3"):
        GenerateSource(recipe(broken, Drive()), models)


def shown(models: Models, asked: Recipe, frames: int = 60) -> torch.Tensor:
    """Small frames of the two seconds of a clip, all of those that it has at 30 a second: (n, 3, H, W) in [-1, 1]."""
    assert isinstance(asked.source, Generate)
    return to_pictures(preview(asked.source, "1:1", models, frames, asked.sound))


@pytest.mark.parametrize("field", ["brightness", "hue"])
def test_the_picture_follows(ticking, models, field):
    drive = Drive(field=field, amount=0.6)
    frames = shown(models, recipe(ticking, drive, seconds=2, look="silk", **{field: 0.2}))
    measured = attributes.measure(frames, frames)[:, ATTRIBUTES.index(field)].numpy()
    if field == "hue":
        measured = (measured + 0.05) % 1
    assert np.corrcoef(measured, curve(analyse(ticking), drive, np.arange(60) / 30))[0, 1] >= 0.8


def test_what_the_motion_does_to_a_driven_slider_is_taken_out(ticking, models):
    asked = recipe(ticking, Drive(field="brightness", amount=0.5), seconds=2, look="silk", brightness=0.3)
    plain, player = moments(asked), player_for("silk", models)
    assert isinstance(player, LoopPlayer)
    steady = steadied(player, asked.source, "1:1", plain)
    answered = (steady.moved.shifts - plain.moved.shifts)[:, BRIGHTNESS]
    assert 0.02 < answered.abs().max() <= 0.4
    assert torch.equal(steady.phases, plain.phases)
    others = [index for index in range(len(ATTRIBUTES)) if index != BRIGHTNESS]
    assert (steady.moved.shifts[:, others] == 0).all()
    for untouched in (Drive(field="hue"), Drive(field="speed")):
        plain = moments(recipe(ticking, untouched, seconds=2, look="silk"))
        assert steadied(player, asked.source, "1:1", plain) is plain


def test_the_picture_cuts_where_the_music_does(ticking, models):
    frames = shown(models, recipe(ticking, Drive(field="cut", amount=1), seconds=2, look="silk", motion=0.3))
    steps = (frames[1:] - frames[:-1]).abs().mean((1, 2, 3)).numpy()
    cut = np.array([14, 29, 44])
    assert steps[cut].min() > 2 * np.delete(steps, cut).max()


def test_same_request_same_frames_and_any_frame_alone(ticking, models):
    drives = (Drive(field="hue", amount=0.5), Drive(field="speed"), Drive(field="cut", amount=1), Drive(field="keys"))
    path = (Latent(look="silk"), Latent(look="ink", hue=0.9))
    asked = recipe(ticking, *drives, seconds=0.6, path=path)
    first, second = (torch.cat(list(GenerateSource(asked, models).chunks())) for _ in range(2))
    assert len(first) == 12
    assert torch.equal(first, second)
    assert not GenerateSource(asked, models).loops
    alone = GenerateSource(asked, models).at([3, -1])
    assert torch.allclose(alone, first[[3, -1]], atol=0.05)  # bfloat16 rounds by its place in the batch


def test_a_preview_shows_the_whole_clip(ticking, models):
    source = Generate(look="silk", seconds=2, loops=2, brightness=0.1)
    sound = Soundtrack(music=str(ticking), drives=(Drive(amount=0.8, smoothing=0),))
    plain, driven = preview(source, "1:1", models), preview(source, "1:1", models, 16, sound)
    assert plain.shape == driven.shape
    light = driven.astype(float).mean((1, 2, 3))
    assert light[2::2].min() > light[1::2].max(), "every second of 16 moments of 4 s is on a beat"
    with pytest.raises(RecipeError, match="path"):
        preview(source, "1:1", models, 16, Soundtrack(music=str(ticking), drives=(Drive(field="keys"),)))
    same = preview(source, "1:1", models, 16, Soundtrack(music=str(ticking)))
    assert (same == plain).all()


def test_fastgan_is_moved_where_it_can_be():
    torch.manual_seed(0)
    cpu = Runtime(torch.device("cpu"), torch.float32)
    model = FastGAN(FastGANParams(z_dim=32, widths=(16, 16, 8, 8, 8, 8, 8), squash=True)).eval().requires_grad_(False)
    player = FastGanPlayer(model, cpu, FastGanPlayer.directions(model, cpu))
    source, phases = Generate(look="fastgan-aurora", seed=5), torch.tensor([0.1, 0.1, 0.6])
    still = Moved(phases, torch.zeros(3, 7), torch.tensor([0, 2, 0]))
    z = player.latents(source, phases, still)
    torch.testing.assert_close(z[[0, 2]], player.latents(source, phases[[0, 2]]))
    torch.testing.assert_close(z[1:2], player.latents(source.model_copy(update={"seed": 7}), phases[1:2]))
    keys = source.model_copy(update={"path": (Latent(look="fastgan-aurora", seed=1), Latent(look="fastgan-aurora"))})
    onward = Moved(torch.tensor([0.0, 0.5, -1.5]), torch.zeros(3, 7), torch.zeros(3, dtype=torch.int64))
    expected = player.latents(keys, torch.tensor([0.0, 0.5, 0.5]))
    torch.testing.assert_close(player.latents(keys, phases, onward), expected)
    assert player.draw(source, phases, "1:1", True, still).shape == (3, 3, 128, 128)


def test_moments_are_worked_out_once(ticking, models, monkeypatch):
    asked, count = recipe(ticking, Drive(field="contrast"), seconds=0.6, look="silk"), []
    real = generate.steadied
    monkeypatch.setattr(generate, "steadied", lambda *given: count.append(1) or real(*given))
    for _ in range(2):
        GenerateSource(asked, models)
    assert len(count) == 1
    GenerateSource(recipe(ticking, Drive(field="contrast"), seconds=0.6, look="ink"), models)
    assert len(count) == 2
