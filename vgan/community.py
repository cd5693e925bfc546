"""Networks that mend pictures, as the community publishes them: whatever `spandrel` recognises by its tensors."""

import time
from math import prod
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from vgan.errors import WeightsError

if TYPE_CHECKING:
    from spandrel import ImageModelDescriptor

MOST_TENSORS = 20_000
SLACK = 256_000_000  # bytes that a network may need beside its weights: masks, tables of positions
TRIAL_SIDE = 64  # pixels
CLOSE = 0.02  # largest mean difference at which bfloat16 counts as drawing the same picture


class Community(nn.Module):
    """A network of any layout, as a function from pictures to pictures.

    scale: how many times larger what comes out is. channels: that it sees, 3, or 1 for grey alone. reach: how far it
    sees, pixels, where that is known. Two things are found out by `trial`. low_precision: whether it draws the same in
    bfloat16; seconds: for a pixel that comes in.
    """

    def __init__(self, found: "ImageModelDescriptor[Any]"):
        super().__init__()
        self.network = found.model
        self.scale, self.channels, self.reach = found.scale, found.input_channels, _reach(found)
        self.low_precision, self.seconds = False, 0.0
        self._found = found

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (n, 3, H, W) in [0, 1] to (n, 3, scale * H, scale * W) in [0, 1].

        A network that sees grey alone draws each colour by itself, and takes pictures (n, 1, H, W) as well.
        """
        drawn = [
            torch.cat([self._found(part) for part in picture.split(self.channels, 1)], 1)
            for picture in pictures.split(1)
        ]
        return torch.cat(drawn)


def build(state: dict[str, Tensor]) -> tuple[Community, dict[str, Tensor]]:
    """The network that `state` belongs to, and its tensors by the names that it has there.

    Raises WeightsError where no known network has such tensors, where they contradict each other, and for networks that
    are no use for whole pictures in colour: those that fill masks, mend faces alone, or see other channels.
    """
    from spandrel import ImageModelDescriptor, ModelLoader, UnsupportedModelError  # a second and a half: when needed

    if not state or len(state) > MOST_TENSORS:
        raise WeightsError(f"{len(state):,} tensors; a network has 1 to {MOST_TENSORS:,}.")
    limit = 4 * sum(tensor.numel() * 4 for tensor in state.values()) + SLACK
    try:
        with _Bounded(limit):
            found = ModelLoader().load_from_state_dict(state)
    except UnsupportedModelError as error:
        raise WeightsError(f"no network that spandrel knows has tensors like {_some(state)}.") from error
    except WeightsError:
        raise
    except Exception as error:  # sizes that contradict each other make a loader raise anything at all
        reason = (str(error).splitlines() or [type(error).__name__])[0][:160]
        raise WeightsError(f"its tensors do not fit together as a network ({reason}).") from error
    if not isinstance(found, ImageModelDescriptor) or found.purpose not in ("SR", "Restoration"):
        raise WeightsError(
            f"a network of {found.architecture.name} is for {found.purpose}. Allowed: those that mend or enlarge whole "
            "pictures."
        )
    channels = (found.input_channels, found.output_channels)
    if channels not in ((3, 3), (1, 1)):
        raise WeightsError(
            f"it turns {channels[0]} channels into {channels[1]}. Allowed: colour (3 to 3) or grey (1 to 1)."
        )
    if found.scale not in (1, 2, 4):
        raise WeightsError(f"it enlarges {found.scale} times. Allowed: 1, 2 or 4.")
    model = Community(found)
    return model, model.state_dict()


def trial(model: Community) -> Tensor:
    """A small picture (1, 3, H, W) in [0, 1] through `model`, as proof that it draws, and by what means it does best.

    Raises WeightsError for what is not a picture.
    """
    device = next(model.parameters()).device
    ramp = torch.linspace(0, 1, TRIAL_SIDE, device=device)
    waves = (ramp * 40).sin() * 0.1
    picture = torch.stack([ramp * 0.8 + 0.1, ramp.flip(0) * 0.6 + 0.2, waves + 0.5])[None, :, None, :]
    picture = (picture + waves.view(1, 1, -1, 1)).clamp(0, 1)
    drawn = model(picture)
    size = (1, 3, TRIAL_SIDE * model.scale, TRIAL_SIDE * model.scale)
    if drawn.shape != size:
        raise WeightsError(f"a picture of {TRIAL_SIDE} pixels becomes {tuple(drawn.shape)} instead of {size}.")
    if drawn.isfinite().all() and float(drawn.float().std()) < 0.01:
        raise WeightsError("whatever it is given, it draws one flat colour. Its weights are spoilt.")
    seconds = []
    for _ in range(2):  # the first time, it warms up
        start = time.perf_counter()
        with torch.autocast(device.type, torch.bfloat16):
            rough = model(picture).float()
        model.low_precision = bool((rough - drawn).abs().mean() < CLOSE)  # False for what is not finite
        seconds.append(time.perf_counter() - start)
    model.seconds = min(seconds) / TRIAL_SIDE**2
    return drawn


class _Bounded(TorchDispatchMode):
    """While this is on, no tensors of more than `most` bytes in all are made.

    The sizes of a layer follow from those of others, so that a small file can ask for any amount of memory.
    """

    def __init__(self, most: int):
        super().__init__()
        self._left = most

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if not any(isinstance(arg, Tensor) for arg in args):  # made from nothing
            sizes = [arg for arg in args if isinstance(arg, (list, tuple))]
            numbers = [arg for arg in args if isinstance(arg, (int, float))]
            count = prod(sizes[0]) if sizes else max((abs(number) for number in numbers), default=1)
            self._left -= 4 * int(count)
            if self._left < 0:
                raise WeightsError("its tensors claim a network far larger than the file. It is refused.")
        return func(*args, **kwargs)


def _reach(found: "ImageModelDescriptor[Any]") -> int | None:
    return found.model.num_conv + 2 if found.architecture.id == "Compact" else None


def _some(state: dict[str, Tensor]) -> str:
    return ", ".join(repr(key[:40]) for key in list(state)[:3])
