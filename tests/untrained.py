"""Weights of the right shape that were never trained, for a checkout whose own weights are not there yet."""

from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from torchvision.models import squeezenet1_1

from vgan.models.attributes import KNOTS
from vgan.models.generators.loop import LoopGenerator, LoopParams
from vgan.models.generators.repair import RepairGenerator, RepairParams
from vgan.models.interpolator import Interpolator, InterpolatorParams
from vgan.models.srvgg import CompactParams, SRVGGNetCompact
from vgan.models.stylizer import StyleNetwork, StyleParams
from vgan.training.checkpoint import export, knots
from vgan.zoo import LOOKS, MODELS, STYLES


def write(folder: Path) -> None:
    """A deterministic, tiny model of all bundled looks in `folder`."""
    torch.manual_seed(0)
    params = LoopParams(
        looks=tuple(look.label for look in LOOKS.values() if look.model == "looks" and look.label),
        channels=(16, 12, 8, 8),
    )
    tables = torch.linspace(0, 1, KNOTS).view(1, KNOTS, 1).expand(len(params.looks), KNOTS, 7)
    config = {
        "family": "loop",
        "params": asdict(params),
        "training": {"steps": 0},
        "knots": knots(params.looks, tables),
    }
    export(folder, LoopGenerator(params).state_dict(), config)


def write_styles(folder: Path, names: tuple[str, ...] = tuple(STYLES)) -> None:
    """The same for the style network."""
    torch.manual_seed(0)
    params = StyleParams(names, outer=8, inner=16, blocks=1)
    network = StyleNetwork(params)
    torch.nn.init.normal_(network.codes, std=0.3)
    export(folder, network.state_dict(), {"family": "style", "params": asdict(params), "training": {"steps": 0}})


def write_classifier(path: Path) -> None:
    """A classifier in the layout of SqueezeNet 1.1, at `path`."""
    torch.manual_seed(0)
    save_file(squeezenet1_1(weights=None).state_dict(), path)


def write_interpolator(folder: Path) -> None:
    """A small network that draws frames in between, in `folder`: it blends, and moves nothing."""
    torch.manual_seed(0)
    params = InterpolatorParams((4, 8, 8, 8), (8, 8, 8), 8)
    config = {"family": "interpolate", "params": asdict(params), "training": {"steps": 0}}
    export(folder, Interpolator(params).state_dict(), config)


def write_repair(folder: Path) -> None:
    """A small network that fills in what is lost, in `folder`: it leaves predictions as they are."""
    torch.manual_seed(0)
    params = RepairParams((8, 8, 8))
    config = {"family": "repair", "params": asdict(params), "training": {"steps": 0}}
    export(folder, RepairGenerator(params).state_dict(), config)


SMALL = CompactParams(features=8, layers=2)


def write_all_enhancers(folder: Path, like: CompactParams = SMALL) -> None:
    """Everything that mends, in folders of `folder`; `like` says how large."""
    write_enhancers(folder, tuple(name for name, spec in MODELS.items() if spec.family == "compact"), like)
    write_interpolator(folder / "interpolate")
    write_repair(folder / "repair")


def write_enhancers(folder: Path, names: tuple[str, ...], like: CompactParams = SMALL) -> None:
    """Small networks that enlarge or clean in folders of `folder`, by their names in the zoo."""
    torch.manual_seed(0)
    for name in names:
        params = replace(like, scale=MODELS[name].scale)
        state = SRVGGNetCompact(params).state_dict()
        export(folder / name, state, {"family": "compact", "params": asdict(params), "training": {"steps": 0}})
