"""MoCoGAN (Tulyakov et al., "MoCoGAN: Decomposing Motion and Content for Video Generation", 2018): a content that stays
through the clip and a motion that a recurrent network (GRU) walks, frame by frame, through a generator of pictures.

Written from the paper. The names of its tensors are those of published checkpoints, so that one module serves both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.errors import WeightsError
from vgan.models.generators.coded import CodedGenerator
from vgan.models.generators.dcgan import decoder
from vgan.models.generators.framegan import content_matrix
from vgan.models.generators.video import Given, VideoParams

PUBLISHED_CATEGORIES, PUBLISHED_CONTENT = 6, 50  # sizes that published checkpoints have
LEAST_CONTENT = 8  # numbers of a content, so that there are directions to slide along
MOST = 1024
NAMES = ("main.0.weight", "main.12.weight", "recurrent.weight_ih", "recurrent.weight_hh")  # what says the sizes


@dataclass(frozen=True)
class MocoGanParams(VideoParams):
    """category: whether a code holds one number for each label, 1 for the label asked and 0 for others, as published
    networks have it."""

    category: bool = False


class MocoGan(CodedGenerator):
    """The noise is the content, the state that the GRU begins with, and what it hears at each frame."""

    params: MocoGanParams

    def __init__(self, params: MocoGanParams):
        super().__init__(params)
        self.conditional = params.category
        code = params.latent + len(params.labels) * params.category + params.motion
        self.recurrent = nn.GRUCell(params.motion, params.motion)
        self.main = decoder(code, params.width, params.side)

    @property
    def noise(self) -> int:
        """See `VideoGenerator`."""
        return self.params.latent + (1 + self.params.frames) * self.params.motion

    def codes(self, noise: Tensor, given: Given) -> Tensor:
        """See `CodedGenerator`. A code is content, category, motion, in this order."""
        params = self.params
        content, state, heard = noise.split([params.latent, params.motion, params.frames * params.motion], dim=1)
        with torch.autocast(noise.device.type, enabled=False):  # it goes on from its own rounding, frame after frame
            motion = []
            for each in heard.float().unflatten(1, (params.frames, params.motion)).unbind(1):
                state = self.recurrent(each, state.float())
                motion.append(state)
        still = [content, F.one_hot(given.labels, len(params.labels)).to(content)] if params.category else [content]
        stays = torch.cat(still, dim=1)[:, None].expand(-1, params.frames, -1)
        return torch.cat([stays, torch.stack(motion, dim=1)], dim=2)

    def picture(self, codes: Tensor, given: Given) -> Tensor:
        """See `CodedGenerator`."""
        frames: Tensor = self.main(codes[:, :, None, None])
        return frames

    def layers(self) -> list[Tensor]:
        """See `VideoGenerator`."""
        return [content_matrix(self.main[0], self.params.latent)]


def is_mocogan(state: Mapping[str, Tensor]) -> bool:
    """Whether `state` has the names of a MoCoGAN checkpoint."""
    return {key.removeprefix("module.") for key in state}.issuperset(NAMES)


def from_checkpoint(
    state: Mapping[str, Tensor], categories: int | None = None, frames: int = 16
) -> tuple[MocoGan, dict[str, Tensor]]:
    """A MoCoGAN of the checkpoint's sizes, on the meta device, and the tensors that it wants.

    state: tensors by their published names; a `module.` prefix (multi-GPU training) is allowed. Files of before 2018
    count no batches; zeros are put there. Published files are whole pickled modules, which are not opened: their owner
    saves `state_dict()` instead. categories: how many there are; the file does not say where they end and the content
    begins. None: six where both together are as many as in published networks, else none. frames: of a clip, which no
    tensor says either. Raises WeightsError for sizes that no MoCoGAN has; tensors are held against the module when
    they are loaded into it.
    """
    state = {key.removeprefix("module."): tensor for key, tensor in state.items()}
    for key, ndim in zip(NAMES, (4, 4, 2, 2), strict=True):
        if key not in state:
            raise WeightsError(f"MoCoGAN: the tensor {key!r} is missing. This is another network, or part of one.")
        if state[key].ndim != ndim or not state[key].is_floating_point():
            found = f"shape {tuple(state[key].shape)} of {state[key].dtype}"
            raise WeightsError(f"MoCoGAN: {key!r} has {found}, expected floats in {ndim} dimensions.")
    code, width, motion = state[NAMES[0]].shape[0], state[NAMES[1]].shape[0], state[NAMES[2]].shape[1]
    still = code - motion
    if categories is None:
        categories = PUBLISHED_CATEGORIES if still == PUBLISHED_CATEGORIES + PUBLISHED_CONTENT else 0
    content = still - categories
    sizes = {"content": content, "motion": motion, "width": width, "frames": frames}
    if not all(1 <= size <= MOST for size in sizes.values()) or content < LEAST_CONTENT or frames < 4:
        told = ", ".join(f"{name} {size}" for name, size in sizes.items())
        raise WeightsError(
            f"MoCoGAN: {told}, categories {categories}; allowed: 1 to {MOST}, content from {LEAST_CONTENT}, frames "
            "from 4. This is another network, or has another number of categories."
        )
    labels = tuple(f"motion-{index + 1}" for index in range(max(1, categories)))
    params = MocoGanParams(labels, 64, frames, content, motion, width, category=categories > 0)
    with torch.device("meta"):
        model = MocoGan(params)
    counts = {key: torch.zeros((), dtype=torch.int64) for key in model.state_dict() if key.endswith("_tracked")}
    return model, counts | state
