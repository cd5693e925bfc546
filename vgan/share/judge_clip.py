"""Points of the post-ready check that are about what is seen and heard."""

from math import isfinite

import numpy as np

from vgan.recipe_steps import ASPECTS
from vgan.share.formats import KEYFRAME_SECONDS
from vgan.share.platforms import Platform
from vgan.share.points import MOVING, Passes, Point, Seen, said, value

NEAR_SHAPE = 0.02  # of a ratio: sides are whole pixels
NEAR_RATE = 0.01  # 29.97 passes for 30
LONGER = 0.3  # seconds that the sound may go on behind the picture
BLACK = 24.0  # of 255; the brightest spot of a picture that looks black
JUMPS = 2.5  # times the step between neighbours from which one is seen as a jump
STANDS = 1.0  # grey levels: less is no step
LOUD, PEAK = 1.0, 0.05  # LU beside the target, dB above the limit, that pass
SOUNDS = {"webm": ("opus", "vorbis"), "mkv": ("opus", "vorbis", "aac")}  # of other containers: AAC


def shape_of(size: tuple[int, int]) -> str | None:
    """The name of the aspect that `size` (width, height) has, if it has one."""
    ratio = size[0] / size[1]
    near = (name for name, (wide, tall) in ASPECTS.items() if abs(ratio / (wide / tall) - 1) <= NEAR_SHAPE)
    return next(near, None)


def nearest_rate(rate: float, row: Platform) -> int | None:
    """The rate nearest to `rate` that the platform does not convert; None where `rate` is one."""
    near = min(row.fps_wanted, key=lambda wanted: abs(wanted - rate))
    return None if abs(rate / near - 1) <= NEAR_RATE else near


def aspect(seen: Seen, row: Platform) -> Point:
    """Is the shape one that is shown without bars?"""
    size = seen.inside.size
    ratio, shape = size[0] / size[1], shape_of(size)
    least, most = row.ratio
    taken = least * (1 - NEAR_SHAPE) <= ratio <= most * (1 + NEAR_SHAPE)
    passes: Passes = "no" if not taken else "yes" if shape in row.aspects else "warns"
    best = shape if shape in row.aspects else row.aspects[0]
    wanted = said("one_of", values=", ".join(row.aspects))
    return Point("aspect", passes, value(shape or f"{ratio:.2f}:1"), wanted, {"share.aspect": best})


def side(seen: Seen, row: Platform) -> Point:
    """Enough pixels, and not too many?"""
    shorter, longer = sorted(seen.inside.size)
    passes: Passes = "yes" if shorter >= row.side_wanted else "warns"
    if shorter < row.side_least or longer > row.side_most:
        passes = "no"
    wanted = said("sides", least=row.side_least, best=row.side_wanted, most=row.side_most)
    found = said("size", width=seen.inside.size[0], height=seen.inside.size[1])
    return Point("side", passes, found, wanted, {"share.short_side": row.side_wanted})


def rate(seen: Seen, row: Platform) -> Point | None:
    """A frame rate that is not converted?"""
    timing = seen.inside.timing
    if timing is None or timing.frames < 2 or seen.inside.kind in MOVING:
        return None
    (least, most), found = row.fps, timing.rate
    near = nearest_rate(found, row)
    passes: Passes = "yes" if near is None else "warns"
    if not least * (1 - NEAR_RATE) <= found <= most * (1 + NEAR_RATE):
        passes = "no"
    wanted = said("rates", least=f"{least:g}", most=f"{most:g}", best=", ".join(map(str, row.fps_wanted)))
    return Point("rate", passes, said("rate", value=f"{found:.5g}"), wanted, {"share.fps": near or round(found)})


def steady(seen: Seen, row: Platform) -> Point | None:
    """Is every frame shown equally long?"""
    timing = seen.inside.timing
    if timing is None or timing.frames < 2 or seen.inside.kind == "webp":  # shows equal neighbours as one frame
        return None
    found = said("steady" if timing.steady else "unsteady")
    return Point("steady", "yes" if timing.steady else "warns", found, said("steady"), {})


def length(seen: Seen, row: Platform) -> Point | None:
    """Neither too short nor too long?"""
    timing = seen.inside.timing
    if timing is None:
        return None
    (least, most), slack = row.seconds, 0.5 / timing.rate
    good = least - slack <= timing.seconds <= most + slack
    change = {"seconds": most if timing.seconds > most else least}
    wanted = said("lengths", least=f"{least:g}", most=f"{most:g}")
    return Point("length", "yes" if good else "no", said("seconds", value=f"{timing.seconds:.2f}"), wanted, change)


def keys(seen: Seen, row: Platform) -> Point | None:
    """Can a player jump, and the platform cut, every two seconds?"""
    timing = seen.inside.timing
    if timing is None or not seen.inside.is_video:
        return None
    good = timing.closed and timing.keys <= KEYFRAME_SECONDS + 0.5 / timing.rate
    found = said("closed" if timing.closed else "open", seconds=f"{timing.keys:.2f}")
    return Point("keys", "yes" if good else "warns", found, said("closed", seconds=KEYFRAME_SECONDS), {})


def sound(seen: Seen, row: Platform) -> Point | None:
    """Is there sound, of the kind that plays everywhere?"""
    sound, kind = seen.inside.sound, seen.inside.kind
    if not seen.inside.is_video:
        return None
    codecs = SOUNDS.get(kind, ("aac",))
    wanted = said("sound", codec=" / ".join(codecs), rate=48, channels=2)
    if sound is None:
        return Point("sound", "warns" if row.sound else "yes", said("no_sound"), wanted)
    found = said("sound", codec=sound.codec, rate=sound.rate / 1000, channels=sound.channels)
    passes: Passes = "yes" if (sound.rate, sound.channels) == (48_000, 2) else "warns"
    if sound.codec not in codecs or sound.channels > 2 or sound.profile.startswith("HE"):
        passes = "no"
    return Point("sound", passes, found, wanted, {})


def together(seen: Seen, row: Platform) -> Point | None:
    """Does the sound end with the picture?"""
    sound, timing = seen.inside.sound, seen.inside.timing
    if sound is None or timing is None:
        return None
    late = sound.seconds - timing.seconds
    good = late <= LONGER
    found = said("together") if good else said("sound_longer", seconds=f"{late:.2f}")
    return Point("together", "yes" if good else "warns", found, said("together"), {})


def loudness(seen: Seen, row: Platform) -> Point | None:
    """As loud as everything around it?"""
    if seen.loudness is None:
        return None
    lufs, wanted = seen.loudness.integrated, said("lufs", value=f"{row.lufs:g}")
    if not isfinite(lufs):
        return Point("loudness", "warns" if row.sound else "yes", said("silent"), wanted)
    passes: Passes = "yes" if abs(lufs - row.lufs) <= LOUD else "warns"
    return Point("loudness", passes, said("lufs", value=f"{lufs:.1f}"), wanted, {"sound.loudness": row.lufs})


def peak(seen: Seen, row: Platform) -> Point | None:
    """Do the peaks survive another encoder?"""
    if seen.loudness is None or not isfinite(seen.loudness.true_peak):
        return None
    peak = seen.loudness.true_peak
    passes: Passes = "yes" if peak <= row.peak + PEAK else "warns"
    wanted = said("at_most_peak", value=f"{row.peak:g}")
    return Point("peak", passes, said("peak", value=f"{peak:.1f}"), wanted, {"sound.loudness": row.lufs})


def first(seen: Seen, row: Platform) -> Point:
    """Does it begin with a picture?"""
    black = float(seen.inside.ends.first.max()) < BLACK
    return Point("first", "warns" if black else "yes", said("black" if black else "picture"), said("picture"))


def seam(seen: Seen, row: Platform) -> Point | None:
    """Does the end run into the beginning? For information: both are good."""
    if seen.inside.timing is None or seen.inside.timing.frames < 3:
        return None
    ends = seen.inside.ends
    step = float(np.abs(ends.second - ends.first).mean()) if ends.second.shape == ends.first.shape else 0.0
    jump = float(np.abs(ends.first - ends.last).mean()) if ends.last.shape == ends.first.shape else 255.0
    loops = jump <= max(STANDS, JUMPS * step)
    return Point("seam", "yes", said("loops" if loops else "ends_elsewhere"), said("either_way"))
