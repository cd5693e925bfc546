"""What a critic is shown of a batch: frames of real and of made clips, at the same moments, changed or as they are."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.generators.video import Given
from vgan.training.video.augment import Changes
from vgan.training.video.losses import Judge


@dataclass
class Views:
    """One critic's view. real, made: (B, n, 3, S, S); times: (B, n) in clips; given: what both are asked to be;
    real_changes, made_changes: how each is changed before it is seen; real_scores, margins: (B,), what the critic said
    of real clips, and by how much more than of made ones.
    """

    real: Tensor
    made: Tensor
    times: Tensor
    given: Given
    real_changes: Changes | None
    made_changes: Changes | None
    real_scores: Tensor = field(default_factory=lambda: torch.zeros(0))
    margins: Tensor = field(default_factory=lambda: torch.zeros(0))

    def seen_real(self) -> Tensor:
        """Real frames as the critic sees them."""
        return self.real_changes.apply(self.real) if self.real_changes else self.real

    def seen_made(self) -> Tensor:
        """Made frames as the critic sees them, for its own learning."""
        return self.made_again().detach()

    def made_again(self) -> Tensor:
        """Made frames as the critic sees them, for the generator's learning."""
        return self.made_changes.apply(self.made) if self.made_changes else self.made

    def judge(self, critic: ClipCritic) -> Judge:
        """Scores (B,) of frames that stand where these do."""
        return lambda frames: critic(frames, self.times, self.given)
