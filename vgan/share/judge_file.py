"""Points of the post-ready check that are about the file: what it is written as, how large it is, what goes with it."""

from vgan.media.inside import BT709
from vgan.share.platforms import Platform
from vgan.share.points import MOVING, Change, Passes, Point, Seen, said, value

PROFILES = {
    "h264": ("Baseline", "Constrained Baseline", "Main", "High"),
    "hevc": ("Main",),
    "vp9": ("Profile 0",),
    "av1": ("Main",),
}


def whole(seen: Seen, row: Platform) -> Point:
    """Can it be read to the end?"""
    whole = seen.inside.whole
    return Point("whole", "yes" if whole else "no", said("whole" if whole else "damaged"), said("whole"), {})


def container(seen: Seen, row: Platform) -> Point:
    """Is the kind of file taken?"""
    kind = seen.inside.kind
    wanted = said("one_of", values=", ".join(name.upper() for name in row.containers))
    return Point(
        "container", "yes" if kind in row.containers else "no", value(kind.upper()), wanted, {"share.format": "mp4"}
    )


def codec(seen: Seen, row: Platform) -> Point | None:
    """Is the codec of the picture taken?"""
    if not seen.inside.is_video:
        return None
    taken = [codec for codec in row.codecs if codec not in MOVING | {"png"}]
    passes: Passes = "yes" if seen.inside.codec in taken else "no"
    change = {"share.format": "mp4"}
    return Point("codec", passes, value(seen.inside.codec), said("one_of", values=", ".join(taken)), change)


def profile(seen: Seen, row: Platform) -> Point | None:
    """Do telephones play the profile?"""
    allowed = PROFILES.get(seen.inside.codec)
    if not seen.inside.is_video or allowed is None:
        return None
    passes: Passes = "yes" if seen.inside.profile in allowed else "no"
    return Point("profile", passes, value(seen.inside.profile), said("one_of", values=", ".join(allowed)), {})


def pixels(seen: Seen, row: Platform) -> Point | None:
    """4:2:0 of 8 bits, whole frames?"""
    if not seen.inside.is_video:
        return None
    good = seen.inside.pixels in {"yuv420p", "yuvj420p"} and seen.inside.progressive
    found = said("progressive" if seen.inside.progressive else "interlaced", pixels=seen.inside.pixels)
    passes: Passes = "yes" if good else "no"
    return Point("pixels", passes, found, said("progressive", pixels="yuv420p"), {})


def colours(seen: Seen, row: Platform) -> Point | None:
    """Do the tags say BT.709, so that colours do not shift?"""
    tags = seen.inside.colours
    if tags is None or not seen.inside.is_video:
        return None
    unnamed = any(tag in {0, 2} for tag in tags[:3])
    found = "bt709" if tags == BT709 else "colours_unnamed" if unnamed else "colours_other"
    return Point("colours", "yes" if tags == BT709 else "warns", said(found), said("bt709"), {})


def grid(seen: Seen, row: Platform) -> Point | None:
    """Even sides and square pixels?"""
    if not seen.inside.is_video:
        return None
    width, height = seen.inside.coded
    good = width % 2 == height % 2 == 0 and seen.inside.square
    found = said("size" if seen.inside.square else "size_not_square", width=width, height=height)
    return Point("grid", "yes" if good else "no", found, said("even"), {})


def weight(seen: Seen, row: Platform) -> Point:
    """Is the file small enough?"""
    size, is_gif = seen.inside.bytes / 1e6, seen.inside.kind == "gif"
    most = row.gif_mb if is_gif and row.gif_mb else row.mb
    change: Change = {"share.max_mb": most} if seen.inside.kind in MOVING else {"megabytes": most}
    passes: Passes = "yes" if size <= most else "no"
    return Point("weight", passes, said("megabytes", value=f"{size:.2f}"), said("at_most_mb", value=most), change)


def bits(seen: Seen, row: Platform) -> Point | None:
    """Few enough bits a second?"""
    timing = seen.inside.timing
    if row.mbit is None or timing is None or not seen.inside.is_video or not timing.seconds:
        return None
    rate = seen.inside.bytes * 8e-6 / timing.seconds
    passes: Passes = "yes" if rate <= row.mbit else "warns"
    change = {"megabytes": row.mbit * timing.seconds / 8}
    return Point("bits", passes, said("mbit", value=f"{rate:.2f}"), said("at_most_mbit", value=row.mbit), change)


def faststart(seen: Seen, row: Platform) -> Point | None:
    """Can it play before it is loaded whole?"""
    if seen.inside.faststart is None:
        return None
    found = said("index_first" if seen.inside.faststart else "index_last")
    return Point("faststart", "yes" if seen.inside.faststart else "no", found, said("index_first"), {})


def recipe(seen: Seen, row: Platform) -> Point:
    """Does it bring its sliders along?"""
    found = said({True: "recipe_inside", False: "recipe_missing", None: "recipe_damaged"}[seen.recipe])
    return Point("recipe", "yes" if seen.recipe else "warns", found, said("recipe_inside"), {})


def disclosure(seen: Seen, row: Platform) -> Point | None:
    """Does the file say that it was made with AI?"""
    if seen.disclosed is None:
        return None
    passes: Passes = "yes" if seen.disclosed else "warns"
    found = said("disclosed" if seen.disclosed else "undisclosed")
    return Point("disclosure", passes, found, said("disclosed"), {"share.disclose": True})
