"""The families of video generators that can be trained, compared and played: a new one is one file and one row."""

from dataclasses import dataclass

from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.discriminators.dcgan_clips import FrameCritic, ImageCritic, VolumeCritic
from vgan.models.generators.framegan import FrameGan
from vgan.models.generators.mocogan import MocoGan, MocoGanParams
from vgan.models.generators.video import VideoGenerator, VideoParams


@dataclass(frozen=True)
class VideoFamily:
    """One family. title: in tables and docs; source: the paper; critics: all that judge its clips, their scores count
    alike; loss, optimiser, rate: names in the trainer's tables, as the paper has them where they train here.
    """

    title: str
    source: str
    params: type[VideoParams]
    generator: type[VideoGenerator]
    critics: tuple[type[ClipCritic], ...]
    loss: str
    optimiser: str = "adam"
    rate: float = 2e-4


VIDEO_FAMILIES: dict[str, VideoFamily] = {
    "framegan": VideoFamily(
        "FrameGAN", "DCGAN, Radford et al. 2016", VideoParams, FrameGan, (FrameCritic,), "non-saturating"
    ),
    "mocogan": VideoFamily(
        "MoCoGAN", "Tulyakov et al. 2018", MocoGanParams, MocoGan, (ImageCritic, VolumeCritic), "non-saturating"
    ),
}
