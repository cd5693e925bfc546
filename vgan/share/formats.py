"""The formats that a clip can be shared in: one row each, with how it is written and what it is expected to cost."""

from collections.abc import Callable
from dataclasses import dataclass

from vgan.errors import RecipeError
from vgan.media.embed import XMP_TAG
from vgan.media.extent import Extent
from vgan.media.writer import (
    FfmpegWriter,
    GifWriter,
    Job,
    Mp4Writer,
    PngWriter,
    WebpWriter,
    Writer,
    nvenc_works,
)
from vgan.share.fit import BEST, FitWriter

KEYFRAME_SECONDS = 2  # a player can jump to any of these; groups are closed, so that platforms can cut there

# RGB to YUV by the matrix of HD, and the tags that say so: without both, players guess and the colours shift.
_TO_YUV = ":out_color_matrix=bt709:out_range=tv,format=yuv420p"
_BT709 = ("setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709",)

# At this rate nothing needs to be replaced by noise or guessed from the other channel. Without these tools, and with
# the fast search, peaks grew by up to 0.5 dB in 41 excerpts of music (else 1.4, once 3), at no more noise, in a third
# of the time.
_AAC = "-b:a 192k -aac_coder fast -aac_tns 0 -aac_pns 0 -aac_is 0".split()


PIXELS, RATE = 720 * 1280, 30  # of the frames that sizes are measured with, and how many a second


@dataclass(frozen=True)
class Weight:
    """How large a format's files are, measured with our looks.

    pixel: bytes of one pixel of one frame of PIXELS at RATE, for the average look. area, rate: the powers by which it
    falls as frames are larger, and more a second; detail: by which it grows with the detail of what is shown, see
    `vgan.zoo.Look`.
    """

    pixel: float
    area: float = 0.0
    rate: float = 0.0
    detail: float = 0.0

    def of(self, extent: Extent, detail: float) -> float:
        """Bytes of a file of that extent, about."""
        width, height = extent.size
        fall = (width * height / PIXELS) ** -self.area * float(extent.fps / RATE) ** -self.rate
        return self.pixel * fall * detail**self.detail * extent.pixels


@dataclass(frozen=True)
class Format:
    """One row.

    extension: of a clip, with its dot; still: of a single frame, where that differs.
    open: the writer for a job, given the type of the device that draws (`cpu`, `cuda`).
    max_fps: frames per second that players show as written. even: whether both sides must be even; then
        its codec takes `vgan.media.planes`, too.
    weight: of its files; seconds_per_pixel: what one pixel of one frame costs, measured on two CPU cores. Both are used
        for an estimate until this process has made a clip of its own.
    """

    title: str
    extension: str
    mime: str
    open: Callable[[Job, str], Writer]
    weight: Weight
    seconds_per_pixel: float
    still: str = ""
    max_fps: int = 60
    even: bool = False

    def suffix(self, frames: int) -> str:
        """The file name's ending for that many frames."""
        return self.still if self.still and frames == 1 else self.extension


def _keyframes(job: Job) -> list[str]:
    return ["-g", str(round(KEYFRAME_SECONDS * job.fps))]


def _mp4(job: Job, device: str) -> Writer:
    """H.264 High. x264's fastest preset, with the tools back that soft pictures need: on four of our looks at 720x1280
    and equal PSNR (52.5 dB) it takes 0.3 of `veryfast`'s time and 1.1 of its bytes. Time is what the generator needs.
    """
    common = (*_keyframes(job), *_AAC, *"-profile:v high -movflags +faststart -f mp4".split())
    if device == "cuda" and nvenc_works():
        quality = "-rc vbr -cq 19 -b:v 0".split()
        return Mp4Writer(job, "h264_nvenc", "p4", (*common, *quality), _TO_YUV, _BT709)
    tools = ("-x264-params", "cabac=1:8x8dct=1:no-deblock=0:deblock=0,0")
    options = (*common, *tools, "-crf", "17", "-flags", "+cgop")
    return Mp4Writer(job, "libx264", "ultrafast", options, _TO_YUV, _BT709)


def _webm(job: Job, device: str) -> Writer:
    """VP9. `good` at speed 5 takes twice the time of `realtime` at 8 and a third of its bytes, at the same looks."""
    speed = "-deadline good -cpu-used 5 -row-mt 1 -tile-columns 2 -crf 28 -b:v 0".split()
    options = (*speed, *_keyframes(job), "-b:a", "192k", "-f", "webm")
    described = {"comment": job.comment, XMP_TAG: job.xmp.decode()}
    return FfmpegWriter(job, "libvpx-vp9", "medium", options, _TO_YUV, _BT709, "libopus", described)


def _gif(job: Job, device: str) -> Writer:
    return GifWriter(job) if job.most_bytes is None else FitWriter(job, "gif", GifWriter)


def _webp(job: Job, device: str) -> Writer:
    return _webp_of(job, BEST["webp"]) if job.most_bytes is None else FitWriter(job, "webp", _webp_of)


def _webp_of(job: Job, quality: int) -> Writer:
    return WebpWriter(job, f"-lossless 0 -quality {quality} -compression_level 2 -loop 0 -f webp".split())


def _png(job: Job, device: str) -> Writer:
    return PngWriter(job)


FORMATS: dict[str, Format] = {
    "mp4": Format("MP4 (H.264)", ".mp4", "video/mp4", _mp4, Weight(0.015, 0.3, 0.7, 1), 8e-9, even=True),
    "webm": Format("WebM (VP9)", ".webm", "video/webm", _webm, Weight(0.0046, 0.5, 0.5, 1), 16e-9, even=True),
    "gif": Format("GIF", ".gif", "image/gif", _gif, Weight(0.37, 0.1, 0, 0.5), 90e-9, max_fps=50),
    "webp": Format("WebP", ".webp", "image/webp", _webp, Weight(0.016, 0.5, 0, 1), 60e-9),
    "png": Format("PNG frames", ".zip", "application/zip", _png, Weight(0.75, 0, 0, 0.35), 47e-9, still=".png"),
}


def check(file_format: str, extent: Extent) -> None:
    """Raises RecipeError for what the format cannot do, although each field alone is allowed."""
    limit = FORMATS[file_format].max_fps
    if extent.fps > limit:
        raise RecipeError(
            f"share.fps: {file_format} is shown as written up to {limit} frames per second; got "
            f"{float(extent.fps):g}. Set share.fps to {limit} or less, or a smaller factor or fps of "
            "steps.interpolate where it makes that many, or use another format."
        )
