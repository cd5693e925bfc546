"""Standing statistics (Brock et al. 2019): batch normalisation of an averaged generator, measured on its own clips."""

import torch
from torch.nn.modules.batchnorm import _BatchNorm

from vgan.models.generators.video import VideoGenerator
from vgan.training.video.clips import ClipArrays

BATCHES, BATCH = 16, 16


@torch.no_grad()
def standing_statistics(network: VideoGenerator, clips: ClipArrays, generator: torch.Generator) -> None:
    """Replace the means and variances that `network` got from the generator it follows by those of clips that it draws
    itself, asked as real ones are. Averaged weights with copied statistics draw pale pictures; networks without batch
    normalisation stay as they are. Leaves it ready for drawing. generator: on the CPU."""
    norms = [layer for layer in network.modules() if isinstance(layer, _BatchNorm)]
    momenta = [layer.momentum for layer in norms]
    device = next(network.parameters()).device
    for layer in norms:
        layer.reset_running_stats()
        layer.momentum = None  # the mean over all batches
    network.train()
    for _ in range(BATCHES if norms else 0):
        rows = torch.randint(len(clips), (BATCH,), generator=generator)
        network(network.draw(BATCH, generator).to(device), clips.given(rows).to(device))
    for layer, momentum in zip(norms, momenta, strict=True):
        layer.momentum = momentum
    network.eval()
