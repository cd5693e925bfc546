"""A folder of tiny clips as arrays, for tests of video families: a bright bar that travels to the left or right."""

import json
from pathlib import Path

import numpy as np


def write_clips(folder: Path, clips: int = 24, side: int = 16, frames: int = 8) -> np.ndarray:
    """Write a folder for `read_clips`, with labels left, right in turns; returns (clips, frames, side, side, 3)."""
    rng = np.random.default_rng(0)
    made = np.zeros((clips, frames, side, side, 3), np.uint8)
    for index, clip in enumerate(made):
        colour, start, way = rng.integers(100, 230, 3), rng.integers(side), 1 if index % 2 else -1
        for moment, frame in enumerate(clip):
            frame[:, :] = 230 - colour
            frame[:, (start + way * moment + np.arange(side // 4)) % side] = colour
        clip += rng.integers(0, 20, (side, side, 3), np.uint8)  # grain: where all is flat, maxima are many
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "clips.npy", made)
    np.save(folder / "labels.npy", np.arange(clips) % 2)
    (folder / "facts.json").write_text(json.dumps({"labels": ["left", "right"], "side": side, "frames": frames}))
    return made
