"""What the steps that enlarge and clean draw with: our compact networks, blended, or one of the community's.

Both are functions of pictures of any size, tile by tile. What single networks are measured as is
`vgan.measured_enhancers`.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from vgan import zoo
from vgan.community import Community
from vgan.errors import RecipeError, WeightsError
from vgan.models.srvgg import SRVGGNetCompact
from vgan.registry import Models
from vgan.runtime import Runtime
from vgan.steps.tiles import Tiling, tiled

Enhance = Callable[[Tensor], Tensor]

MOST = {"cpu": 1_000_000, "cuda": 2_000_000}  # pixels that one of ours takes at once
MOST_COMMUNITY = {"cpu": 256 * 256, "cuda": 512 * 512}  # theirs are up to a hundred times as large
# Seconds a pixel that goes in: a guess for networks that were never loaded here, what their trials took for others.
GUESS = {"cpu": 4e-6, "cuda": 1e-7}
_TRIED: dict[tuple[str, str], float] = {}
OVERLAP, MARGIN = 48, 12  # pixels, for networks that nobody knows how far they see


@torch.inference_mode()  # whether the weights were first needed in this mode or not
def ours(names: list[tuple[str, float]], models: Models, strength: float = 1.0) -> Enhance:
    """Our compact network with blended weights, as a function of pictures (n, 3, H, W) in [-1, 1].

    names: of models, each with how far the weights go from those before it to its own, in [0, 1]; of the first, all of
    them. One that goes nowhere is not loaded. strength: how much of what it adds to the picture is added; for a network
    that enlarges it is 1. Raises WeightsError for weights that are missing or do not fit each other.
    """
    (first, _), *others = names
    network = _compact(first, models)
    blended = {key: value.float() for key, value in network.state_dict().items()}
    for name, share in others:
        if share:
            state = _compact(name, models, network).state_dict()
            blended = {key: value.lerp(state[key].float(), share) for key, value in blended.items()}
    scale, reach = network.params.scale, network.params.layers + 2
    body = _placed(network, blended, 2 * strength, models.runtime)
    dtype, device = models.runtime.dtype, models.runtime.device.type

    @torch.inference_mode()
    def draw(pictures: Tensor) -> Tensor:
        pictures = pictures.float()
        added = body(pictures.mul(0.5).add_(0.5).to(dtype).contiguous(memory_format=torch.channels_last))
        # pixels are shuffled apart and the nearest ones added in one go: the large picture is written once
        apart = added.unflatten(1, (3, scale, scale)).permute(0, 1, 4, 2, 5, 3)
        large = torch.empty(apart.shape, device=apart.device)
        torch.add(apart, pictures[:, :, :, None, :, None], out=large)
        return large.flatten(4).flatten(2, 3)

    return lambda pictures: tiled(draw, pictures, scale, Tiling(MOST[device], 2 * reach, reach))


def community(field: str, name: str, scale: int, models: Models) -> Enhance:
    """The community model called `name`, as a function of pictures (n, 3, H, W) in [-1, 1].

    field: of the recipe that names it, for what is said of a model of another scale. Raises RecipeError for that,
    WeightsError for weights that cannot be had or used.
    """
    spec = zoo.find_enhancer(name, scale)
    model = models.get(spec.name)
    assert isinstance(model, Community)
    if model.scale != scale:
        raise RecipeError(f"{field}: {zoo.wrong_scale(spec.title, model.scale, scale)}")
    device, runtime = models.runtime.device.type, models.runtime
    _TRIED[name, device] = model.seconds
    low = model.low_precision and runtime.dtype == torch.bfloat16
    overlap, margin = (OVERLAP, MARGIN) if model.reach is None else (2 * model.reach, model.reach)

    @torch.inference_mode()
    def draw(pictures: Tensor) -> Tensor:
        seen = pictures.float().mul(0.5).add_(0.5).clamp_(0, 1).contiguous(memory_format=torch.channels_last)
        with torch.autocast(device, torch.bfloat16, enabled=low):
            return model(seen).float().mul(2).sub(1)

    return lambda pictures: tiled(draw, pictures, scale, Tiling(MOST_COMMUNITY[device], overlap, margin))


def community_seconds(name: str, scale: int, device: str) -> float:
    """What a picture of 512 x 512 that comes out takes the community model called `name`, as far as is known."""
    return _TRIED.get((name, device), GUESS[device]) * 512 * 512 / scale**2


def _compact(name: str, models: Models, like: SRVGGNetCompact | None = None) -> SRVGGNetCompact:
    network = models.get(name)
    assert isinstance(network, SRVGGNetCompact)
    if like is not None and network.params != like.params:
        raise WeightsError(f"{name}: {network.params} cannot be blended with {like.params}. Restore both.")
    return network


def _placed(network: SRVGGNetCompact, state: dict[str, Tensor], gain: float, runtime: Runtime) -> nn.Module:
    """The convolutions of `network` with other weights, in the runtime's own number format; the last one times `gain`:
    2 is what lies between the range in which it works and that of our pictures."""
    last = max(int(key.split(".")[1]) for key in state)
    state = {key: value * gain if key.startswith(f"body.{last}.") else value for key, value in state.items()}
    with torch.device("meta"):
        copy = SRVGGNetCompact(network.params)
    copy.load_state_dict({key: value.to(runtime.dtype) for key, value in state.items()}, assign=True)
    runtime.place(copy)
    return copy.body
