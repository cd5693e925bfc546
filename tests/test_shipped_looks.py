"""The weights that ship: they are what the zoo says, their sliders do what they say, their loops close."""

import hashlib
import json

import pytest
import torch
import torch.nn.functional as F

from vgan import zoo
from vgan.models import attributes
from vgan.recipe import Generate, Latent
from vgan.recipe_steps import ASPECTS
from vgan.registry import Models
from vgan.settings import PROJECT
from vgan.sources.generate import preview
from vgan.sources.players import player_for

FOLDER = PROJECT / "weights" / "looks"
LOOKS = [look.name for look in zoo.LOOKS.values() if look.model == "looks"]


@pytest.fixture(scope="module")
def models():
    return Models()


def frames(models, source, phases, aspect="1:1", small=True):
    return player_for(source.look, models).draw(source, torch.tensor(phases), aspect, preview=small).float()


def test_files_are_what_the_zoo_and_the_card_say():
    config = json.loads((FOLDER / "config.json").read_text())
    assert sorted(config["params"]["looks"]) == sorted(zoo.LOOKS[name].label for name in LOOKS)
    weights = (FOLDER / "model.safetensors").read_bytes()
    assert len(weights) <= 10_000_000
    card = (FOLDER / "README.md").read_text()
    assert hashlib.sha256(weights).hexdigest() in card
    assert "license: apache-2.0" in card


@pytest.mark.parametrize("look", LOOKS)
def test_colour_slider_gives_the_colour_asked(models, look):
    for hue in (0.0, 0.33, 0.66):
        source = Generate(look=look, hue=hue, seed=3)
        got = attributes.measure(*frames(models, source, [0.0, attributes.STEP]).split(1))[0, 0].item()
        assert abs((got - hue + 0.5) % 1 - 0.5) < 0.12


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["saturation", "brightness", "contrast"])
def test_slider_moves_what_it_names(models, look, name):
    index = attributes.ATTRIBUTES.index(name)

    def measured(value):
        pairs = [
            frames(models, Generate(look=look, seed=seed, **{name: value}), [0.0, attributes.STEP]) for seed in range(4)
        ]
        return attributes.measure(*torch.stack(pairs, dim=1).clamp(-1, 1))[:, index].mean()

    assert measured(0.95) > measured(0.05)


@pytest.mark.parametrize("look", LOOKS)
def test_loop_closes(models, look):
    step = 1 / 96
    clip = frames(models, Generate(look=look), [0.0, 1.0, step, 1 - step, 1 - 2 * step])
    start, end, second, last, before = clip
    assert torch.allclose(start, end, atol=0.03)  # bfloat16 rounds by its place in the batch
    seam, after, ahead = ((a - b).abs().mean() for a, b in ((last, start), (start, second), (before, last)))
    assert seam <= 1.25 * max(after, ahead)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_preview_is_the_render_made_smaller(models, aspect):
    source = Generate(look="caustics")
    small, full = (frames(models, source, [0.4], aspect, preview) for preview in (True, False))
    assert full.shape[-1] == 2 * small.shape[-1]
    assert (F.avg_pool2d(full, 2) - small).abs().mean() < 0.08
    wide, tall = ASPECTS[aspect]
    assert small.shape[-1] / small.shape[-2] == pytest.approx(wide / tall, rel=0.02)


def test_same_request_same_frames_bit_for_bit(models):
    source = Generate(look="silk", seed=11, variation=(1, 0, 0, -1, 0, 0))
    first = preview(source, "9:16", models)
    assert (first == preview(source, "9:16", Models())).all()
    assert (first != preview(source.model_copy(update={"seed": 12}), "9:16", models)).any()


def test_variation_and_truncation_change_the_picture(models):
    plain = frames(models, Generate(look="ink"), [0.0])
    for change in ({"variation": (2.0, 0, 0, 0, 0, 0)}, {"variation": (0, 0, 0, 0, 0, 2.0)}, {"truncation": 0.1}):
        assert (frames(models, Generate(look="ink", **change), [0.0]) - plain).abs().mean() > 0.01


def test_path_visits_its_keys_and_returns(models):
    keys = (Latent(look="silk", hue=0.1), Latent(look="marble", hue=0.6))
    source = Generate(look="silk", path=keys)
    clip = frames(models, source, [0.0, 0.5, 1.0])
    assert torch.allclose(clip[0], clip[2], atol=0.03)
    first, second = (frames(models, Generate(**key.model_dump()), [0.0, 0.5]) for key in keys)
    assert torch.allclose(clip[0], first[0], atol=0.05)
    assert torch.allclose(clip[1], second[1], atol=0.05)
