"""The cover of a finished clip: one of its pictures as a JPEG, at full size."""

from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

from vgan.errors import MediaError, RecipeError
from vgan.media import reader, xmp
from vgan.media.probe import said_in
from vgan.media.writer import writing
from vgan.unfinished import unfinished

QUALITY = 92
LONGEST = 65_000  # bytes of XMP that one marker of a JPEG holds
SUFFIXES = {".jpg", ".jpeg"}


def write_cover(clip: Path, out: Path, at: float = 0.0) -> tuple[int, int]:
    """Write the picture that `clip` shows at `at` (seconds from its begin) to `out`, a JPEG in sRGB of quality 92 with
    full colour resolution, in place of what was there. Returns its (width, height).

    It says of AI and its sources what the clip says. Raises RecipeError for a moment that the clip does not have and
    for a name that is no JPEG's, MediaError for a clip that cannot be read and a place that cannot be written.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise RecipeError(f"{out.name}: a cover is a JPEG. Give it a name that ends in .jpg.")
    known = reader.facts(clip)
    if not 0 <= at <= known.seconds:
        raise RecipeError(f"at: {at:g} s is not in the clip. Allowed: 0 to {known.seconds:.2f} s.")
    with closing(reader.frames(clip, min(at, known.times[-1]))) as frames:
        picture = next(frames)[1]
    with writing(out.name), unfinished(out) as part:
        part.path.write_bytes(_jpeg(picture, _said(clip)))
        part.finish()
    return picture.shape[1], picture.shape[0]


def _said(clip: Path) -> bytes:
    """The XMP of the clip, for its cover; none where it cannot be read."""
    with suppress(MediaError):
        said = said_in(clip)
        packet = xmp.packet(said) if said else b""
        return packet if len(packet) <= LONGEST else b""
    return b""


def _jpeg(picture: np.ndarray, said: bytes) -> bytes:
    data, profile = BytesIO(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    Image.fromarray(picture).save(
        data, "jpeg", quality=QUALITY, subsampling=0, optimize=True, icc_profile=profile.tobytes(), xmp=said
    )
    return data.getvalue()
