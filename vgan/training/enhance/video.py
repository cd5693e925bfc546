"""Pictures as a video file keeps them: through H.264 and back, where PyAV is installed."""

from fractions import Fraction

import torch
from torch import Tensor

FRAMES = 3  # the last one is taken: what came before has been compressed and moved
LEAST_SIDE = 16
FASTEST = 2  # pixels a frame


def can_encode() -> bool:
    """Whether PyAV is here, with an encoder of H.264."""
    try:
        import av
    except ImportError:
        return False
    return "libx264" in av.codecs_available


def as_video(picture: Tensor, rate: int, generator: torch.Generator) -> Tensor:
    """A picture (3, H, W) in [0, 1], even sides of at least 16, as the last of a few moving frames that went through
    H.264 at a constant rate factor of `rate` in 0..51 (more is worse). Raises ImportError without PyAV."""
    import av

    across, down = torch.randint(-FASTEST, FASTEST + 1, (2,), generator=generator).tolist()
    height, width = picture.shape[1:]
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.thread_count = Fraction(1, 30), 1
    encoder.options = {"preset": "veryfast", "crf": str(rate), "tune": "zerolatency"}
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    whole = picture.clamp(0, 1).mul(255).round().to(torch.uint8)
    packets = []
    for before in range(FRAMES - 1, -1, -1):
        shifted = whole.roll((down * before, across * before), (1, 2)).permute(1, 2, 0).contiguous()
        frame = av.VideoFrame.from_ndarray(shifted.numpy(), format="rgb24")
        frame.pts = FRAMES - 1 - before
        packets += encoder.encode(frame.reformat(format="yuv420p"))
    packets += encoder.encode(None)
    frames = [frame for packet in packets for frame in decoder.decode(packet)] + list(decoder.decode(None))
    return torch.from_numpy(frames[-1].to_ndarray(format="rgb24")).permute(2, 0, 1).float() / 255
