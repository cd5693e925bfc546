"""The trainer of video families: every loss, optimiser and augmentation trains a tiny family, which learns."""

from pathlib import Path
from typing import Any

import pytest
import torch
from resumes import assert_resumes
from tiny_family import TINY, TinyParams
from video_folders import write_clips

from vgan.training.video.clips import ClipArrays, read_clips
from vgan.training.video.losses import LOSSES
from vgan.training.video.params import FamilyTraining
from vgan.training.video.trainer import FamilyTrainer


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> ClipArrays:
    folder = tmp_path_factory.mktemp("clips")
    write_clips(folder)
    return read_clips(folder)


def trainer(clips: ClipArrays, **changes: Any) -> FamilyTrainer:
    params = FamilyTraining(**{"batch": 4, "watch": 2, **changes})
    return FamilyTrainer(params, TinyParams(clips.names, 16, 8, 8, 4, 8), TINY, clips, torch.device("cpu"))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("augment", ["none", "ada"])
def test_a_resumed_run_is_the_same_run(clips: ClipArrays, tmp_path: Path, loss: str, augment: str) -> None:
    assert_resumes(lambda: trainer(clips, loss=loss, augment=augment, longest=5.0, warm_up=3), tmp_path)
