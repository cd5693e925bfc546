"""A smaller loop generator out of a larger one: the channels that are read most are kept."""

import torch
from torch import Tensor, nn

from vgan.models.generators.loop import Level, LoopGenerator, LoopParams
from vgan.models.layers import ModulatedConv

Chain = list[tuple[nn.Module, nn.Module]]


def prune(teacher: LoopGenerator, params: LoopParams) -> LoopGenerator:
    """A LoopGenerator of `params` with the weights of `teacher` that matter most.

    Of each convolution those outputs are kept that the next layers read with the largest weights, by absolute sums as
    Li et al. ("Pruning Filters for Efficient ConvNets", 2017) do, but of the readers, because the filters themselves
    are normalised. Of convolutions in a row the first ones stay. Mapping and waves are kept whole. Raises ValueError
    where `params` asks for more than the teacher has, or for other conditions.
    """
    whole = teacher.params
    larger = [
        len(params.channels) != len(whole.channels),
        any(few > many for few, many in zip(params.channels, whole.channels, strict=False)),
        params.base_convs > whole.base_convs,
        params.last_convs > whole.last_convs,
    ]
    same = ("looks", "latent", "attributes", "style", "motion", "base", "bend_waves", "waves")
    if any(larger) or any(getattr(params, name) != getattr(whole, name) for name in same):
        raise ValueError(f"params: {params} is no part of {whole}")
    student = LoopGenerator(params)
    theirs = teacher.state_dict()
    fits = {name: value for name, value in student.state_dict().items() if theirs[name].shape == value.shape}
    student.load_state_dict({name: theirs[name] for name in fits}, strict=False)

    coarse_to_fine = _levels(teacher)
    chain: Chain = [(student.base.mix, teacher.base.mix), *zip(student.base_convs, teacher.base_convs, strict=False)]
    read = _follow(chain, None, [teacher.base_rgb, coarse_to_fine[0].narrow])
    _take(student.base_rgb, teacher.base_rgb, None, read)
    for index, (small, large) in enumerate(zip(_levels(student), coarse_to_fine, strict=True)):
        after = [level.narrow for level in coarse_to_fine[index + 1 : index + 2]]
        chain = [(small.narrow, large.narrow), *zip(small.convs, large.convs, strict=False)]
        read = _follow(chain, read, [large.rgb, *after])
        _take(small.rgb, large.rgb, None, read)
    return student


def _levels(model: LoopGenerator) -> list[Level]:
    return [level for level in model.levels if isinstance(level, Level)]


def _follow(chain: Chain, read: Tensor | None, readers: list[nn.Module]) -> Tensor:
    """Fill a row of layers (smaller, larger), each reading what the last one kept; `read` of the layer before them,
    None: all. readers: of the last one's outputs. Returns which of those are kept."""
    for place, (small, large) in enumerate(chain):
        following = [chain[place + 1][1]] if place + 1 < len(chain) else readers
        count = _weight(small).shape[0]
        heard = torch.stack([_weight(layer).abs().sum((0, 2, 3)) for layer in following]).sum(0)
        kept = heard.topk(count).indices.sort().values
        _take(small, large, kept, read)
        read = kept
    assert read is not None
    return read


def _weight(layer: nn.Module) -> Tensor:
    weight = layer.weight
    assert isinstance(weight, Tensor)
    return weight.detach()


@torch.no_grad()
def _take(small: nn.Module, large: nn.Module, outputs: Tensor | None, inputs: Tensor | None) -> None:
    """Copy the rows `outputs` and columns `inputs` (None: all) of one convolution into a smaller one."""
    assert isinstance(small, (nn.Conv2d, ModulatedConv))
    assert isinstance(large, (nn.Conv2d, ModulatedConv))
    rows = slice(None) if outputs is None else outputs
    columns = slice(None) if inputs is None else inputs
    small.weight.copy_(large.weight[rows][:, columns])
    if small.bias is not None and large.bias is not None:
        small.bias.copy_(large.bias[rows])
    if isinstance(small, ModulatedConv) and isinstance(large, ModulatedConv):
        small.affine.weight.copy_(large.affine.weight[columns])
        small.affine.bias.copy_(large.affine.bias[columns])
