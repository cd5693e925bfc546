"""The three-frame critic (`vgan.models.discriminators.three_frame`) as a member of the families."""

from torch import Tensor

from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.discriminators.three_frame import ThreeFrameCritic
from vgan.models.generators.video import Given, VideoParams


class LoopCritic(ClipCritic):
    """Judges three frames, the time between them, and how well they are what was asked for: the logit of the label
    asked counts as well, which is one more projection."""

    sees = 3

    def __init__(self, params: VideoParams):
        super().__init__(params)
        halvings = max(1, min(4, params.side.bit_length() - 3))
        self.net = ThreeFrameCritic(len(params.labels), views=1, channels=(32, 64, 96, 128, 128)[: halvings + 1])

    def forward(self, frames: Tensor, times: Tensor, given: Given) -> Tensor:
        """See `ClipCritic`."""
        view = given.labels.new_zeros(len(frames))
        realness, labels = self.net(frames.flatten(1, 2), given.labels, given.attributes, view, times.diff(dim=1))
        return realness + labels.gather(1, given.labels[:, None]).squeeze(1)
