"""Does a loop close?"""

from torch import Tensor


def loop_seam(frames: Tensor) -> float:
    """Step from last to first frame over the mean step between neighbours: 1 is seamless, more is a jump.

    frames: (T, 3, H, W) of exactly one loop, any range, T >= 3. Steps are mean absolute differences.
    """
    frames = frames.float()
    neighbours = (frames[1:] - frames[:-1]).abs().mean()
    seam = (frames[0] - frames[-1]).abs().mean()
    return float(seam / neighbours.clamp_min(1e-9))
