"""The families of video generators that can be trained, compared and played: a new one is one file and one row."""

from dataclasses import dataclass

from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.discriminators.conditional import ProjectionCritic
from vgan.models.discriminators.dcgan_clips import FrameCritic, ImageCritic, VolumeCritic, WassersteinCritic
from vgan.models.discriminators.loop_clips import LoopCritic
from vgan.models.discriminators.progressive import ProgressiveCritic
from vgan.models.generators.conditional import ConditionalGan
from vgan.models.generators.framegan import FrameGan
from vgan.models.generators.loop_clips import LoopClips, LoopClipsParams
from vgan.models.generators.mocogan import MocoGan, MocoGanParams
from vgan.models.generators.progressive import ProgressiveGan, ProgressiveParams
from vgan.models.generators.tgan import Tgan
from vgan.models.generators.video import VideoGenerator, VideoParams
from vgan.models.generators.videogan import VideoGan, VideoGanParams


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
        "FrameGAN", "DCGAN, Radford et al. 2016", VideoParams, FrameGan, (FrameCritic,), "non-saturating", rate=1e-3
    ),
    "conditional": VideoFamily(
        "Conditional GAN",
        "Mirza and Osindero 2014; Miyato and Koyama 2018",
        VideoParams,
        ConditionalGan,
        (ProjectionCritic,),
        "hinge",
        rate=1e-3,
    ),
    "wgan-gp": VideoFamily(
        "WGAN-GP", "Gulrajani et al. 2017", VideoParams, FrameGan, (WassersteinCritic,), "wgan-gp", rate=1e-3
    ),
    "progressive": VideoFamily(
        "Progressive GAN",
        "Karras et al. 2018",
        ProgressiveParams,
        ProgressiveGan,
        (ProgressiveCritic,),
        "wgan-gp",
        rate=2e-3,
    ),
    "videogan": VideoFamily(
        "VideoGAN", "Vondrick et al. 2016", VideoGanParams, VideoGan, (VolumeCritic,), "wgan-gp", rate=1e-3
    ),
    "tgan": VideoFamily("TGAN", "Saito et al. 2017", VideoParams, Tgan, (VolumeCritic,), "wgan-gp", rate=1e-3),
    "mocogan": VideoFamily(
        "MoCoGAN",
        "Tulyakov et al. 2018",
        MocoGanParams,
        MocoGan,
        (ImageCritic, VolumeCritic),
        "wgan-gp",
        rate=1e-3,
    ),
    "loop": VideoFamily(
        "Loop generator", "ours: README.md", LoopClipsParams, LoopClips, (LoopCritic,), "wgan-gp", rate=1e-3
    ),
}
