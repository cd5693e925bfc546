"""Networks that mend, of ours or of the community's, from a folder or file to a function of one picture.

For those who measure networks: each alone, as it was trained. What recipes draw with is `vgan.steps.enhancers`.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from vgan import community
from vgan.errors import WeightsError
from vgan.models.srvgg import from_checkpoint
from vgan.runtime import Runtime
from vgan.weights import load_into, read_weights


@dataclass(frozen=True)
class Enhancer:
    """scale: how many times larger what comes out is; channels: 3, or 1 for a network that sees grey alone."""

    name: str
    scale: int
    channels: int
    network: nn.Module
    runtime: Runtime

    @torch.inference_mode()
    def __call__(self, picture: Tensor) -> Tensor:
        """A picture (channels, H, W) in [0, 1] to (channels, scale * H, scale * W), in 256 levels."""
        batch = picture[None].to(self.runtime.device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.runtime.device.type, torch.bfloat16, enabled=self.runtime.dtype == torch.bfloat16):
            made: Tensor = self.network(batch)[0]
        return made.float().cpu().clamp(0, 1).mul(255).round().div(255)


def ours(folder: Path, runtime: Runtime) -> Enhancer:
    """A compact network from the folder that training exports. Raises WeightsError."""
    network, state = from_checkpoint(read_weights(folder / "model.safetensors"))
    load_into(network, state, str(folder))
    params = network.params
    return Enhancer(folder.resolve().name, params.scale, 3, runtime.place(network), runtime)


def peer(path: Path, runtime: Runtime) -> Enhancer:
    """A network of the community's, as the app takes it (`vgan.community`), in float32. Raises WeightsError."""
    state = read_weights(path)
    try:
        model, _ = community.build(state)
    except WeightsError as error:
        raise WeightsError(f"{path.name}: {error}") from error
    network = runtime.place(model.float())
    return Enhancer(path.stem, model.scale, model.channels, network, Runtime(runtime.device, torch.float32))
