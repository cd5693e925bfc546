"""What libraries say about damaged files, in words for the person who brought one."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from PIL import Image

from vgan.errors import MediaError

_DAMAGED = (OSError, ValueError, SyntaxError, IndexError, KeyError, EOFError, OverflowError, struct.error)
_LIBRARIES = (av.FFmpegError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever the libraries say about a damaged file becomes one MediaError; MemoryError goes on as it is."""
    try:
        yield
    except (*_DAMAGED, *_LIBRARIES) as error:
        if isinstance(error, MemoryError):  # ffmpeg's own is both
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise MediaError(
            f"{path.name}: this cannot be read as a clip or picture ({reason[:160]}). Try another file, or save it "
            "anew as MP4."
        ) from error
    except Image.DecompressionBombError as error:
        raise MediaError(
            f"{path.name}: this picture is too large to be opened safely. Make it smaller first."
        ) from error
