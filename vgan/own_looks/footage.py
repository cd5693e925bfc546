"""What a folder of clips and pictures holds: scenes that a look can be learned from, found by reading every frame."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from vgan.errors import MediaError, RecipeError
from vgan.media import reader
from vgan.own_looks.options import Options, checked, window
from vgan.scene import differ, thumb
from vgan.settings import Settings
from vgan.tensors import to_pictures

ENDINGS = (".mp4 .mov .m4v .webm .mkv .avi .gif .webp .ts .3gp .flv .mpg .mpeg .y4m .wmv .jpg .jpeg .png").split()
MOST_FILES = 400
LEAST_SIDE = 64  # pixels of the part that is used: what the critic sees of a whole scene
GOOD_SIDE = 256  # below it what is learned is softer than a look can be
LEAST_FRAMES = 8  # of a scene
LEAST_LOOPS = 1 / 5  # that a scene lasts at least
SHOWN = 160  # pixels of a thumbnail's longer side
SAID = 12  # frames between two reports
SMALL = 96  # about the shorter side at which cuts are looked for

Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Scene:
    """A stretch of a clip without a cut: seconds of its first and its last frame, and how many there are."""

    start: float
    end: float
    frames: int

    @property
    def seconds(self) -> float:
        """How long it lasts, a frame's own time left out."""
        return self.end - self.start


@dataclass(frozen=True)
class Found:
    """One clip or picture. size: (width, height) upright; rate: frames a second; seconds, frames: of the part used;
    scenes: that can be learned from, for a picture one of no length; thumbnail: uint8 RGB (h, w, 3) of its middle;
    notes: what the person should know."""

    path: Path
    still: bool
    size: tuple[int, int]
    rate: float
    seconds: float
    frames: int
    scenes: tuple[Scene, ...]
    thumbnail: np.ndarray
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a look would be learned from. skipped: (file name, why) of what cannot be used; notes: on all together."""

    clips: tuple[Found, ...]
    skipped: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """Of all scenes together."""
        return sum(scene.seconds for clip in self.clips for scene in clip.scenes)

    @property
    def scenes(self) -> int:
        """Moving ones, of all clips."""
        return sum(len(clip.scenes) for clip in self.clips if not clip.still)

    @property
    def stills(self) -> int:
        """Pictures among the files."""
        return sum(clip.still for clip in self.clips)


def plan(footage: Path | Iterable[Path], options: Options | None = None, on_progress: Report | None = None) -> Plan:
    """What is in `footage`, a folder or clips and pictures by name, and how it would be used.

    on_progress: called with (share done, file name); what it raises ends the work. Raises RecipeError for options that
    are not allowed and for footage from which nothing can be learned, MediaError where the only file cannot be read.
    """
    options = checked(options or Options())
    paths = clips_in(footage)
    found: list[Found] = []
    skipped: list[tuple[str, str]] = []
    for index, path in enumerate(paths):

        def say(share: float, path: Path = path, index: int = index) -> None:
            if on_progress:
                on_progress((index + share) / len(paths), path.name)

        say(0.0)
        try:
            found.append(_found(path, options, say))
        except (MediaError, RecipeError) as error:
            if len(paths) == 1:
                raise
            skipped.append((path.name, str(error).removeprefix(f"{path.name}: ")))
    if not found:
        raise RecipeError(f"data: none of {len(paths)} clips can be used. {skipped[0][0]}: {skipped[0][1]}")
    return Plan(tuple(found), tuple(skipped), tuple(_notes(found, options)))


def clips_in(footage: Path | Iterable[Path]) -> list[Path]:
    """The clips and pictures of a folder and the folders in it, or those that are named, in order of their names.

    Raises RecipeError where there is none, or more than are read.
    """
    if isinstance(footage, Path) and not footage.is_dir():
        footage = [footage]
    if isinstance(footage, Path):
        inside = (path for path in footage.rglob("*") if "/." not in f"/{path.relative_to(footage).as_posix()}")
        paths = sorted(path for path in inside if path.suffix.lower() in ENDINGS and path.is_file())
        where = f"there is no clip and no picture in {footage}"
    else:
        paths = sorted(footage)
        if missing := [path for path in paths if not path.is_file()]:
            raise RecipeError(f"data: {missing[0]} does not exist. Name a folder with clips, or clips.")
        where = "no clip was named"
    if not paths:
        raise RecipeError(f"data: {where}. Allowed: clips and pictures that end in {' '.join(ENDINGS)}.")
    if len(paths) > MOST_FILES:
        raise RecipeError(f"data: {len(paths):,} files. Allowed: at most {MOST_FILES} clips and pictures.")
    return paths


def _found(path: Path, options: Options, say: Callable[[float], None]) -> Found:
    facts = reader.facts(path)
    _, _, width, height = window(options.crop, facts.size)
    if min(width, height) < LEAST_SIDE:
        raise RecipeError(
            f"{path.name}: {width}x{height} pixels of it would be used. Allowed: {LEAST_SIDE} and more on the shorter "
            "side; crop less, or give a larger clip."
        )
    small = min(width, height) < GOOD_SIDE
    notes: tuple[str, ...] = (f"smaller than {GOOD_SIDE} pixels: what is learned from it is soft",) if small else ()
    if facts.still:
        _, picture = next(reader.frames(path))
        scene = (Scene(0.0, 0.0, 1),)
        return Found(path, True, facts.size, 0.0, 0.0, 1, scene, _thumbnail(picture, options), notes)
    trim, most = options.of(path), Settings().max_seconds
    if trim.start >= facts.seconds:
        raise RecipeError(f"{path.name}: start is {trim.start:g} s. Allowed: before its end, {facts.seconds:.3g} s.")
    end = min(facts.seconds if trim.end is None else trim.end, trim.start + most)
    if end == trim.start + most:
        notes += (f"only {most:g} s of it are used",)
    scenes, frames, middle = _scenes(path, trim.start, end, say)
    long_enough = [scene for scene in scenes if usable(scene, options.loop_seconds)]
    if not long_enough:
        raise RecipeError(_too_short(path, scenes, frames, options))
    if (pause := 1 / float(facts.rate)) > options.loop_seconds / 12:
        raise RecipeError(
            f"{path.name}: {float(facts.rate):.3g} frames a second are too few for a loop of {options.loop_seconds:g} "
            f"s. Allowed: a loop_seconds of {12 * pause:.3g} and more for this clip."
        )
    if dropped := len(scenes) - len(long_enough):
        notes += (f"{dropped} of its {len(scenes)} scenes are too short and left out",)
    seconds = sum(scene.seconds for scene in scenes)
    thumbnail = _thumbnail(middle, options)
    return Found(path, False, facts.size, float(facts.rate), seconds, frames, tuple(long_enough), thumbnail, notes)


def usable(scene: Scene, loop_seconds: float) -> bool:
    """Whether a scene is long enough to learn motion from."""
    return scene.frames >= LEAST_FRAMES and scene.seconds >= LEAST_LOOPS * loop_seconds


def _scenes(path: Path, start: float, end: float, say: Callable[[float], None]) -> tuple[list[Scene], int, np.ndarray]:
    """The scenes between two moments, how many frames they have, and the frame in their middle."""
    scenes: list[Scene] = []
    past, count = None, 0
    middle = None
    for time, frame in reader.frames(path, start):
        if time > end:
            break
        step = max(1, min(frame.shape[:2]) // SMALL)
        now = thumb(to_pictures(np.ascontiguousarray(frame[::step, ::step])))
        if past is None or differ(past, now):
            scenes.append(Scene(time, time, 1))
        else:
            scenes[-1] = replace(scenes[-1], end=time, frames=scenes[-1].frames + 1)
        if middle is None or time <= (start + end) / 2:
            middle = frame
        past, count = now, count + 1
        if count % SAID == 0:
            say((time - start) / (end - start))
    if middle is None:
        raise MediaError(f"{path.name}: there is no frame from {start:g} to {end:g} s. Choose another start and end.")
    return scenes, count, middle


def _too_short(path: Path, scenes: list[Scene], frames: int, options: Options) -> str:
    longest = max(scenes, key=lambda scene: scene.seconds)
    least = LEAST_LOOPS * options.loop_seconds
    said = f"{frames} frames" if len(scenes) == 1 else f"{len(scenes)} scenes, the longest of {longest.frames} frames"
    return (
        f"{path.name}: {said} and {longest.seconds:.2g} s. Allowed: a scene of at least {LEAST_FRAMES} frames and "
        f"{least:.2g} s without a cut (a fifth of loop_seconds). Give a longer clip, or pictures for a still look."
    )


def _notes(found: list[Found], options: Options) -> Iterable[str]:
    moving = [clip for clip in found if not clip.still]
    if not moving:
        yield "there are pictures alone: the look will be nearly still"
    seconds = sum(scene.seconds for clip in moving for scene in clip.scenes)
    if moving and seconds < 2 * options.loop_seconds:
        yield f"{seconds:.1f} s are little: much of what is made will look like them"


def _thumbnail(frame: np.ndarray, options: Options) -> np.ndarray:
    left, top, width, height = window(options.crop, (frame.shape[1], frame.shape[0]))
    picture = Image.fromarray(frame[top : top + height, left : left + width])
    picture.thumbnail((SHOWN, SHOWN), Image.Resampling.BICUBIC)
    return np.asarray(picture)
