"""What all critics of video families have in common."""

from abc import ABC, abstractmethod

from torch import Tensor, nn

from vgan.models.generators.video import Given, VideoParams


class ClipCritic(nn.Module, ABC):
    """Says how real clips are, from as many of their frames as it wants to see.

    sees: frames of each clip that it is shown, at random moments in order; 0 for all of them.
    """

    sees = 0

    def __init__(self, params: VideoParams):
        super().__init__()
        self.params = params

    def set_progress(self, share: float) -> None:
        """As of `VideoGenerator`: critics of families that grow listen."""

    @abstractmethod
    def forward(self, frames: Tensor, times: Tensor, given: Given) -> Tensor:
        """frames: (B, n, 3, side, side) in [-1, 1]; times: (B, n), their moments in clips. Returns scores (B,),
        float32: higher is more real. No sigmoid: losses take logits."""
