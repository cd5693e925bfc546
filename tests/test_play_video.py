"""The player of every family of video generators: loops close, sliders and music mean something, looks are found."""

from typing import Any

import pytest
import torch

from vgan.errors import UnknownName
from vgan.models.generators.video import VideoGenerator, VideoParams
from vgan.models.video_families import VIDEO_FAMILIES
from vgan.recipe import ATTRIBUTES, Generate
from vgan.runtime import Runtime
from vgan.sources.driven import Moved
from vgan.sources.play_video import VideoPlayer

CPU = Runtime(torch.device("cpu"), torch.float32)
LABELS = ("aurora", "silk", "ink")
FAMILIES = pytest.mark.parametrize("name", VIDEO_FAMILIES)
PATHS: dict[str, dict[str, Any]] = {
    "one latent": {},
    "no motion": {"motion": 0.0},
    "three keys": {"path": [{"look": look, "seed": seed} for seed, look in enumerate(LABELS)]},
    "one key twice": {"path": [{"look": "ink", "seed": 4}, {"look": "ink", "seed": 4}]},
    "truncation 0": {"truncation": 0.0},
}


def player_of(name: str, **more: Any) -> VideoPlayer:
    torch.manual_seed(0)
    row = VIDEO_FAMILIES[name]
    params: VideoParams = row.params(labels=LABELS, side=16, frames=4, latent=12, motion=4, width=8, **more)
    model: VideoGenerator = row.generator(params).eval().requires_grad_(False)
    for module in model.modules():  # as after training: an untrained network's layers fade out one after another
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm) and module.running_var is not None:
            module.running_var.fill_(0.05)
    return VideoPlayer(model, CPU, VideoPlayer.directions(model, CPU))


def source(**fields: Any) -> Generate:
    return Generate.model_validate({"look": "silk", **fields})


@FAMILIES
@pytest.mark.parametrize(("aspect", "size"), [("9:16", (16, 8)), ("1:1", (16, 16)), ("16:9", (8, 16))])
def test_pictures_are_cut_to_the_aspect(name: str, aspect: str, size: tuple[int, int]) -> None:
    player = player_of(name)
    pictures = player.draw(source(), torch.linspace(0, 0.9, 3), aspect, preview=False)
    assert pictures.shape == (3, 3, *size)
    assert tuple(VideoPlayer.size(16, aspect)) == size[::-1]
    assert pictures.dtype == torch.float32
    assert pictures.abs().max() <= 1
    assert torch.equal(pictures, player.draw(source(), torch.linspace(0, 0.9, 3), aspect, preview=False))


@FAMILIES
@pytest.mark.parametrize("path", PATHS)
def test_loops_close_without_a_jump(name: str, path: str) -> None:
    player, recipe = player_of(name), source(**PATHS[path])
    frames = player.draw(recipe, torch.arange(49) / 48, "1:1", preview=False)
    assert frames.isfinite().all()
    torch.testing.assert_close(frames[0], frames[-1], atol=1e-4, rtol=0)
    steps = frames.diff(dim=0).flatten(1).norm(dim=1)
    assert steps[-1] <= 1.5 * steps[:-1].max() + 1e-4
    alone = player.draw(recipe, torch.tensor([0.5]), "1:1", preview=True)
    torch.testing.assert_close(alone[0], frames[24], atol=1e-4, rtol=0)


@FAMILIES
def test_path_visits_its_keys(name: str) -> None:
    player = player_of(name)
    keys = [{"look": "ink", "seed": seed, "variation": [seed, 0, 0, 0, 0, 0], "hue": seed / 4} for seed in (1, 2)]
    arrived = player.draw(source(path=keys), torch.tensor([0.0]), "1:1", preview=False)
    alone = player.draw(source(**keys[0]), torch.tensor([0.0]), "1:1", preview=False)
    torch.testing.assert_close(arrived, alone, atol=1e-4, rtol=0)


@FAMILIES
def test_seeds_and_variations_change_the_picture(name: str) -> None:
    player, now = player_of(name), torch.tensor([0.2])
    picture = player.draw(source(), now, "1:1", False)
    for other in (source(seed=8), source(variation=(2.0, 0, 0, 0, 0, 0)), source(truncation=0.2)):
        assert (player.draw(other, now, "1:1", False) - picture).abs().mean() > 1e-4


@FAMILIES
def test_motion_slider_moves(name: str) -> None:
    player, phases = player_of(name), torch.arange(8) / 8
    if player.model.noise == player.model.params.latent:
        pytest.skip("content and movement are one in this family")

    def change(**fields: Any) -> float:
        return float(player.draw(source(**fields), phases, "1:1", False).diff(dim=0).abs().mean())

    if name == "loop":  # it is told, and does it once it has learned to
        assert change(motion=0.0) != change(motion=1.0)
    else:
        assert change(motion=0.1) < change(motion=1.0)


@FAMILIES
def test_sliders_and_labels_of_conditional_families(name: str) -> None:
    player, now = player_of(name), torch.tensor([0.2])
    picture = player.draw(source(), now, "1:1", False)
    conditional = VIDEO_FAMILIES[name].generator.conditional
    assert player.attributes == (ATTRIBUTES if conditional else ())
    for other in (source(hue=0.9), source(look="ink")):
        assert torch.equal(player.draw(other, now, "1:1", False), picture) != conditional
    with pytest.raises(UnknownName, match="marble"):
        player.draw(source(look="marble"), now, "1:1", False)


def test_between_labels_pictures_are_blended() -> None:
    player = player_of("conditional")
    keys = [{"look": look, "seed": 1} for look in ("ink", "silk")]
    quarter = torch.tensor([0.25])  # half way to the second key
    mixed = player.draw(source(path=keys), quarter, "1:1", False)
    ends = [player.draw(source(path=[key, key]), quarter, "1:1", False) for key in keys]
    torch.testing.assert_close(mixed, (ends[0] + ends[1]) / 2, atol=1e-4, rtol=0)


def test_a_network_may_hear_labels_alone() -> None:
    player = player_of("mocogan", category=True)
    now = torch.tensor([0.2])
    pictures = [player.draw(source(look=look), now, "1:1", False) for look in ("ink", "silk")]
    assert player.attributes == ()
    assert not torch.equal(*pictures)


@FAMILIES
def test_music_moves_it(name: str) -> None:
    player, phases = player_of(name), torch.tensor([0.2, 0.2, 0.2])
    still = Moved(phases, torch.zeros(3, 7), torch.zeros(3, dtype=torch.int64))
    plain = player.draw(source(), phases, "1:1", False)
    torch.testing.assert_close(player.draw(source(), phases, "1:1", False, still), plain, atol=1e-5, rtol=0)
    cut = Moved(phases, torch.zeros(3, 7), torch.tensor([0, 0, 5]))
    drawn = player.draw(source(), phases, "1:1", False, cut)
    torch.testing.assert_close(drawn[:2], plain[:2], atol=1e-5, rtol=0)
    torch.testing.assert_close(drawn[2:], player.draw(source(seed=12), phases[:1], "1:1", False), atol=1e-5, rtol=0)
    if player.attributes:
        bright = Moved(phases, torch.tensor([[0.0, 0, 0.3, 0, 0, 0, 0]]).expand(3, -1), still.jumps)
        asked = player.draw(source(brightness=0.8), phases, "1:1", False)
        torch.testing.assert_close(player.draw(source(), phases, "1:1", False, bright), asked, atol=1e-4, rtol=0)
