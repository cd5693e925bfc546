"""The families of networks: how each is built from its files. A new family is one network and one row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from vgan import community
from vgan.errors import WeightsError
from vgan.look_files import build_fastgan, build_look, build_look_file, build_loop, look_picture, sizes
from vgan.models import translators
from vgan.models.config import params_from
from vgan.models.generators.repair import RepairGenerator, RepairParams
from vgan.models.interpolator import Interpolator, InterpolatorParams
from vgan.models.sentence import SentenceEncoder
from vgan.models.sentence import from_checkpoint as sentence_from_checkpoint
from vgan.models.srvgg import SRVGGNetCompact
from vgan.models.srvgg import from_checkpoint as compact_from_checkpoint
from vgan.models.stylizer import StyleNetwork, StyleParams, StyleVector
from vgan.models.words import WordsNetwork, WordsParams

State = dict[str, Tensor]
LARGEST_IN_STYLE = 1000  # those that ship have 3 at most; far beyond, numbers overflow and the picture is black
WORDS_LIMITS = {"looks": 256}
STYLE_LIMITS = {"styles": 256, "outer": 256, "inner": 512, "blocks": 16}


@dataclass(frozen=True)
class Family:
    """One kind of generator.

    build: from `config.json` (None for checkpoints that have none) and the file's tensors to a module on the meta
        device and the tensors it wants: nothing is allocated before they were found to fit. Buffers must be
        persistent. Raises WeightsError.
    picture: one small picture (1, C, H, W), as proof that a loaded module works. Raises WeightsError for what is none.
    """

    build: Callable[[dict[str, Any] | None, State], tuple[nn.Module, State]]
    picture: Callable[[Any], Tensor]


def _counted(name: str, values: tuple[int, ...], wanted: int) -> None:
    if len(values) != wanted:
        raise WeightsError(f"config.json: params.{name} has {len(values)} numbers; allowed: {wanted}.")


def _build_style(config: dict[str, Any] | None, state: State) -> tuple[nn.Module, State]:
    params = params_from(StyleParams, sizes(config, "style", "the style network's"), STYLE_LIMITS)
    with torch.device("meta"):
        return StyleNetwork(params), state


def _style_picture(model: StyleNetwork) -> Tensor:
    device = model.codes.device
    return model(torch.zeros(1, 3, 16, 16, device=device), model.codes[:1])


def _build_style_file(config: dict[str, Any] | None, state: State) -> tuple[nn.Module, State]:
    if set(state) == {"code", "network"}:
        code = state["code"]
        if code.is_floating_point() and code.numel() and float(code.abs().max()) > LARGEST_IN_STYLE:
            raise WeightsError(
                f"code has numbers up to {float(code.abs().max()):.3g}; a style's are {LARGEST_IN_STYLE} at most. It "
                "would paint nothing. Fit it anew."
            )
        with torch.device("meta"):
            return StyleVector(code.shape[-1] if code.ndim else 0), state
    return translators.from_checkpoint(state)


def _style_file_picture(model: nn.Module) -> Tensor:
    if isinstance(model, StyleVector):
        return model.code[None]
    device = next(model.parameters()).device
    return translators.layout_of(model).draw(model, torch.zeros(1, 3, 64, 64, device=device))


def _compact_picture(model: SRVGGNetCompact) -> Tensor:
    return model(torch.zeros(1, 3, 16, 16, device=next(model.parameters()).device))


def _build_interpolate(config: dict[str, Any] | None, state: State) -> tuple[nn.Module, State]:
    given = sizes(config, "interpolate", "the interpolator's")
    params = params_from(InterpolatorParams, given, {"channels": 4, "hidden": 3})
    _counted("channels", params.channels, 4)
    _counted("hidden", params.hidden, 3)
    with torch.device("meta"):
        return Interpolator(params), state


def _interpolate_picture(model: Interpolator) -> Tensor:
    still = torch.zeros(1, 3, 32, 32, device=model.hint.weight.device)
    return model(still, still, still.new_tensor([0.5]))


def _build_repair(config: dict[str, Any] | None, state: State) -> tuple[nn.Module, State]:
    params = params_from(RepairParams, sizes(config, "repair", "the repair generator's"), {"channels": 3})
    _counted("channels", params.channels, 3)
    with torch.device("meta"):
        return RepairGenerator(params), state


def _repair_picture(model: RepairGenerator) -> Tensor:
    still = torch.zeros(1, 3, 32, 32, device=model.last.weight.device)
    return model(still, still[:, :1], still, (still, still))


def _sentence_picture(model: SentenceEncoder) -> Tensor:
    ids = torch.zeros(1, 4, dtype=torch.long, device=model.embeddings.LayerNorm.weight.device)
    return model(ids, torch.ones_like(ids))


def _build_words(config: dict[str, Any] | None, state: State) -> tuple[nn.Module, State]:
    params = params_from(WordsParams, sizes(config, "words", "the words network's"), WORDS_LIMITS)
    with torch.device("meta"):
        return WordsNetwork(params), state


def _words_picture(model: WordsNetwork) -> Tensor:
    still = torch.zeros(1, 2, model.params.width, device=model.questions.device)
    said = model(still[:, 0], still, torch.ones_like(still[..., 0]))
    return torch.cat([said.look, said.said, said.share, said.hue], dim=1)


FAMILIES: dict[str, Family] = {
    "loop": Family(build_loop, look_picture),
    "look": Family(build_look, look_picture),
    "look-file": Family(build_look_file, look_picture),
    "style": Family(_build_style, _style_picture),
    "style-file": Family(_build_style_file, _style_file_picture),
    "compact": Family(lambda config, state: compact_from_checkpoint(state), _compact_picture),
    "interpolate": Family(_build_interpolate, _interpolate_picture),
    "repair": Family(_build_repair, _repair_picture),
    "community": Family(lambda config, state: community.build(state), community.trial),
    "sentence": Family(lambda config, state: sentence_from_checkpoint(config or {}, state), _sentence_picture),
    "words": Family(_build_words, _words_picture),
    "fastgan": Family(build_fastgan, look_picture),
}
