"""Small untrained generators of every family that a look can be, in files as they are found outside.

`looks` and `models` are fixtures for modules that have one called `place`: a folder with `weights` in it.
"""

from pathlib import Path

import pytest
import torch
from checkpoints import fastgan, stylegan2
from test_registry import write_loop

from vgan.models.video_families import VIDEO_FAMILIES
from vgan.registry import Models
from vgan.settings import Settings
from vgan.training.checkpoint import export

FAMILIES = ("loop", "fastgan", "stylegan2", *(f"video {name}" for name in VIDEO_FAMILIES))


def write_looks(folder: Path) -> dict[str, str]:
    """One of each in `folder`, which is to be VGAN_LOOKS: the name of a look for each of FAMILIES."""
    found = {"loop": "my:tiny"}
    write_loop(folder / "tiny")
    for name, state in (("fastgan", fastgan()), ("stylegan2", stylegan2(levels=4))):
        found[name] = str(folder / f"{name}.pt")
        torch.save(state, found[name])
    for name, row in VIDEO_FAMILIES.items():
        torch.manual_seed(0)
        params = row.params(labels=("one", "two"), side=16, frames=4, latent=12, motion=4, width=4)
        model = row.generator(params)
        export(folder / name, model.state_dict(), {"family": name, "params": vars(params), "training": {"steps": 0}})
        found[f"video {name}"] = f"my:{name}"
    return found


@pytest.fixture(scope="module")
def looks(place: Path) -> dict[str, str]:
    """Looks by family."""
    return write_looks(place / "looks")


@pytest.fixture
def models(place: Path, monkeypatch: pytest.MonkeyPatch) -> Models:
    """With those looks and the weights of that place."""
    monkeypatch.setenv("VGAN_LOOKS", str(place / "looks"))
    return Models(Settings(offline=True, public=False, device="cpu", weights=place / "weights"))
