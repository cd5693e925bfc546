"""Frames of clips as pictures in folders, a folder for each scene, for those who train on folders."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torchvision.io import write_png

from vgan.errors import MediaError
from vgan.media import reader
from vgan.scene import differ, thumb
from vgan.tensors import to_pictures, to_uint8


def write_clip_frames(clip: Path, folder: Path, short_side: int, until: float = 1.0, least: int = 9) -> int:
    """The first part of `clip` as PNG frames in subfolders of `folder`, a new one after every cut.

    short_side: of the frames, pixels, where they are larger; until: share of the clip that is written, the rest being
    kept for measuring; least: scenes of fewer frames are left out. Returns the count of pictures. Raises MediaError.
    """
    facts = reader.facts(clip)
    last = until * facts.times[-1] if until < 1 else float("inf")
    ratio = short_side / min(facts.size)
    size = (round(facts.size[1] * ratio), round(facts.size[0] * ratio)) if ratio < 1 else facts.size[::-1]
    scene: list[torch.Tensor] = []
    past, scenes, count = None, 0, 0

    def finish() -> None:
        nonlocal scenes, count
        if len(scene) >= least:
            place = folder / f"{scenes:03d}"
            place.mkdir(parents=True, exist_ok=True)
            for index, frame in enumerate(scene):
                write_png(frame, str(place / f"{index:05d}.png"), compression_level=1)
            scenes, count = scenes + 1, count + len(scene)
        scene.clear()

    for time, frame in reader.frames(clip):
        if time > last:
            break
        picture = to_pictures(frame.copy())
        now = thumb(picture)
        if past is not None and differ(past, now):
            finish()
        past = now
        if ratio < 1:
            picture = F.interpolate(picture[None], size, mode="bicubic", antialias=True)[0]
        scene.append(to_uint8(picture[None])[0].permute(2, 0, 1))
    finish()
    if not count:
        raise MediaError(f"{clip.name}: there is no scene of {least} frames in it. Give a longer clip.")
    return count
