"""Clips and pictures, taken apart: facts, and upright RGB frames with their times."""

import functools
import itertools
import logging
import os
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import av
import numpy as np
from av.sidedata.sidedata import Type
from av.stream import Disposition
from av.video.reformatter import VideoReformatter
from PIL import Image, ImageOps

from vgan.errors import MediaError
from vgan.media.raw.beat import beat
from vgan.media.raw.trouble import reading
from vgan.media.sdr import HDR, to_sdr
from vgan.settings import Settings

log = logging.getLogger(__name__)
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # sizes are checked here, before decoding

# Containers of one clip, and nothing that names other files (playlists, image sequences, concat scripts).
CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,mpegts,mpeg,ogg,asf,gif,yuv4mpegpipe,h264,hevc,apng,mjpeg,"
    "mp3,wav,flac,aac,dv,ivf,mxf,nut,av1,obu,m4v,mpegvideo,live_flv"
)
SAFE = {"protocol_whitelist": "file", "format_whitelist": CONTAINERS}
PICTURES = {b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png"}
FORMATS = ("JPEG", "PNG")  # Pillow's names of these
STRIP = 256  # rows
BACKGROUND = 255  # what shows through transparent places: white, as paper is
LARGEST_PICTURE = 64_000_000  # pixels of a picture that is opened only to be made smaller
MOST_FRAMES = 500_000  # of a clip, whose times are kept: two hours at 60 a second
MOST_THREADS = 8  # of a decoder
GAPS = 1.5  # a clip whose usual rate is so much above its mean one has gaps; times in files are rounded too
Upright = Callable[[], np.ndarray]  # gives the picture that was decoded, uint8 RGB (H, W, 3)
HD_HEIGHT = 720  # from this height on, colours that are not named are BT.709's


@dataclass(frozen=True)
class Facts:
    """What a clip is. size: (width, height) upright, with square pixels; times: of its frames in seconds from the
    first, rising; rate: frames a second, exact where the file is; seconds: until the last frame has been shown;
    begin: time of the first frame in the file's own clock; still: a picture."""

    size: tuple[int, int]
    times: tuple[float, ...]
    rate: Fraction
    seconds: float
    begin: Fraction
    still: bool
    has_sound: bool


def facts(path: Path) -> Facts:
    """What the clip or picture at `path` is. See `vgan.media.reader.facts`."""
    with reading(path):
        return _facts(path)


def _facts(path: Path) -> Facts:
    if _is_picture(path):
        with Image.open(path, formats=FORMATS) as picture_file:
            width, height = picture_file.size
        if width * height <= Settings().max_pixels:  # one that is not used as it is need not be decoded yet
            height, width = _picture(path).shape[:2]
        return Facts((width, height), (0.0,), Fraction(1), 0.0, Fraction(0), True, False)
    if _is_webp(path):
        return _webp_facts(path)
    with av.open(str(path), options=SAFE) as file:
        stream = video_of(file)
        check_size(path, (stream.codec_context.width, stream.codec_context.height))
        base = stream.time_base or Fraction(1, 1000)
        stamps: list[int] = []
        last, timeless = 0, 0
        for packet in _packets(file, stream):
            stamp = packet.pts if packet.pts is not None else packet.dts
            if packet.size and stamp is not None:
                if len(stamps) == MOST_FRAMES:
                    raise ValueError(f"more than {MOST_FRAMES:,} frames")
                stamps.append(stamp)
                last = packet.duration or last
            elif packet.size:
                timeless += 1
        if not stamps and timeless > 1:  # a raw stream
            raise ValueError("its frames have no times")
        first = next(_decoded(path, None), None)
        if first is None:
            raise ValueError("no frame of it can be decoded")
        picture = first[1]()
        stamps = sorted(set(stamps)) or [0]
        steps = [after - before for before, after in itertools.pairwise(stamps)]
        step = median(steps) if steps else last or round(1 / (25 * base))
        seconds = float((stamps[-1] - stamps[0] + (step or 1)) * base)
        rate = _rate(len(stamps), seconds, float(step * base), stream.average_rate)
        times = tuple(float((stamp - stamps[0]) * base) for stamp in stamps)
        sound = sound_of(file) is not None
        still = len(times) == 1 and not sound
        return Facts(picture.shape[1::-1], times, rate, seconds, stamps[0] * base, still, sound)


def check_size(path: Path, size: tuple[int, int], most: int | None = None) -> None:
    """Raises MediaError for a (width, height) of more than `most` pixels, by default what the host's settings allow."""
    most = most or Settings().max_pixels
    if size[0] * size[1] > most:
        raise MediaError(
            f"{path.name}: {size[0]}x{size[1]} pixels; at most {most:,} in all are read (VGAN_MAX_PIXELS). "
            "Make it smaller first."
        )


def frames(path: Path, begin: Fraction, start: float) -> Generator[tuple[float, np.ndarray]]:
    """See `vgan.media.reader.frames`. begin: time of the first frame in the file's own clock."""
    with reading(path):
        if _is_picture(path):
            yield 0.0, _picture(path)
            return
        if _is_webp(path):
            yield from _webp_frames(path, start)
            return
        if start and (yield from _shown(path, begin, start, sought=True)):
            return
        yield from _shown(path, begin, start, sought=False)


def _shown(path: Path, begin: Fraction, start: float, sought: bool) -> Generator[tuple[float, np.ndarray], None, bool]:
    """What `frames` gives, and whether it gave any. sought: from the key frame before `start` on, where the container
    finds it; some land behind it, or beyond the last key frame, and then nothing is given."""
    held: tuple[float, Upright] | None = None
    given = False
    with closing(_decoded(path, begin + Fraction(start) if sought else None)) as decoded:
        for stamp, upright in decoded:
            time = float(stamp - begin) if stamp is not None else 0.0
            if time <= start + 1e-6:
                held = (time, upright)
                beat()
                continue
            if held is not None:
                yield held[0], held[1]()
                held, given = None, True
            elif sought and not given:
                return False
            yield time, upright()
            given = True
    if held is not None:
        yield held[0], held[1]()
    return given or held is not None


def _rate(count: int, seconds: float, step: float, said: Fraction | None) -> Fraction:
    """Frames a second: what the file says where its own times agree, else what they come to. Where long gaps lie
    between them, that of the frames without gaps: they would be dropped. step: seconds from most frames to the next."""
    found = count / seconds if seconds else 25.0
    if step and 1 / step > GAPS * found:
        return Fraction(1 / step).limit_denominator(1001)
    if said and abs(float(said) - found) < 0.01 * found:
        return Fraction(said)
    return Fraction(found).limit_denominator(1001)


def video_of(file: Any) -> Any:
    """The first stream of pictures of an open file that is no cover. Raises ValueError where there is none."""
    found = (stream for stream in file.streams.video if stream.codec_context)
    stream = next((stream for stream in found if not stream.disposition & Disposition.attached_pic), None)
    if stream is None:
        raise ValueError("there is no picture in it")
    stream.thread_type = "AUTO"
    if (os.cpu_count() or 1) > MOST_THREADS:  # each holds frames of its own
        stream.thread_count = MOST_THREADS
    return stream


def sound_of(file: Any) -> Any:
    """The first sound of an open file that has a decoder, or None: to decode one without would end the process."""
    return next((stream for stream in file.streams.audio if stream.codec_context), None)


def _packets(file: Any, stream: Any) -> Iterator[Any]:
    """Packets until the end, or until the damage."""
    try:
        yield from file.demux(stream)
    except av.FFmpegError as error:
        log.warning("the clip breaks off: %s", error)


def _decoded(path: Path, start: Fraction | None) -> Generator[tuple[Fraction | None, Upright]]:
    """(time in the file's clock, what gives the picture) from the key frame before `start` on; nothing where the
    container cannot go there. Pictures that are only passed on the way are never converted."""
    with av.open(str(path), options=SAFE) as file:
        stream = video_of(file)
        reformatter = VideoReformatter()  # one for all: a frame's own begins threads, which it keeps
        base, most = stream.time_base or Fraction(1, 1000), Settings().max_pixels
        if start:
            try:
                file.seek(int(start / base), stream=stream, backward=True)
            except av.FFmpegError:  # some containers cannot
                return
        for packet in _packets(file, stream):
            try:
                pictures = packet.decode()
            except av.FFmpegError as error:
                log.debug("a packet of %s is damaged: %s", path.name, error)
                continue
            for frame in pictures:
                check_size(path, (frame.width, frame.height), most)  # it may change on the way
                stamp = frame.pts if frame.pts is not None else frame.dts
                upright = functools.partial(_upright, frame, stream.sample_aspect_ratio, reformatter)
                yield (None if stamp is None else stamp * base), upright


def _upright(frame: Any, aspect: Fraction | None, reformatter: VideoReformatter) -> np.ndarray:
    """A decoded frame as uint8 RGB (H, W, 3): turned as it should be seen, in square pixels, in SDR."""
    reformat = functools.partial(reformatter.reformat, frame)
    matrix = None
    if Type.DISPLAYMATRIX in frame.side_data:
        matrix = np.frombuffer(bytes(frame.side_data[Type.DISPLAYMATRIX]), "<i4")[:9].reshape(3, 3)
    if frame.color_trc in HDR:
        wide = reformat(format="rgb48le", src_colorspace=frame.colorspace).to_ndarray(format="rgb48le")
        picture = to_sdr(wide, HDR[frame.color_trc])
    elif any(component.is_alpha for component in frame.format.components) or frame.format.name == "pal8":
        rgba = reformat(format="rgba").to_ndarray(format="rgba")
        picture = _on_paper(rgba)
    else:
        unnamed = frame.colorspace in (0, 2)
        matrices = (
            {"src_colorspace": 1 if frame.height >= HD_HEIGHT else 5} if unnamed and "yuv" in frame.format.name else {}
        )
        picture = reformat(format="rgb24", **matrices).to_ndarray(format="rgb24")
    if aspect and aspect > 0 and aspect != 1 and Fraction(1, 4) <= aspect <= 4:
        width = max(1, round(picture.shape[1] * float(aspect)))
        picture = np.asarray(Image.fromarray(picture).resize((width, picture.shape[0]), Image.Resampling.BICUBIC))
    return picture if matrix is None else _turned(picture, matrix)


def _turned(picture: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """`picture` as its display matrix says: quarter turns and reflections."""
    (a, b, _), (c, d, _), _ = matrix.tolist()
    if abs(b) > abs(a):  # rows and columns change places
        picture = picture.transpose(1, 0, 2)
        a, d = c, b
    picture = picture[:, ::-1] if a < 0 else picture
    return np.ascontiguousarray(picture[::-1] if d < 0 else picture)


def _on_paper(rgba: np.ndarray) -> np.ndarray:
    picture = np.empty((*rgba.shape[:2], 3), np.uint8)
    for top in range(0, len(rgba), STRIP):  # so that a large picture needs little more memory than it has
        part = rgba[top : top + STRIP]
        alpha = part[..., 3:].astype(np.uint16)
        picture[top : top + STRIP] = (part[..., :3] * alpha + BACKGROUND * (255 - alpha) + 127) // 255
    return picture


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(12)


def _is_picture(path: Path) -> bool:
    return any(_head(path).startswith(magic) for magic in PICTURES)


def _is_webp(path: Path) -> bool:
    head = _head(path)
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"


def _picture(path: Path) -> np.ndarray:
    with Image.open(path, formats=FORMATS) as file:
        check_size(path, file.size, max(LARGEST_PICTURE, Settings().max_pixels))
        return _flat(ImageOps.exif_transpose(file))


def _flat(picture: Image.Image) -> np.ndarray:
    if picture.mode.startswith("I"):  # 16 bit
        deep = np.asarray(picture.convert("I"), np.float32)
        return np.repeat((deep / 257).clip(0, 255).astype(np.uint8)[..., None], 3, 2)
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        return _on_paper(np.asarray(picture.convert("RGBA")))
    return np.asarray(picture.convert("RGB"))


def _webp_facts(path: Path) -> Facts:
    times, total = [], 0.0
    with Image.open(path, formats=("WEBP",)) as file:
        size = file.size
        check_size(path, size)
        for index in range(getattr(file, "n_frames", 1)):
            file.seek(index)
            file.load()  # only then is the duration this frame's
            times.append(total)
            total += max(10, file.info.get("duration", 0) or 0) / 1000
    still = len(times) == 1
    rate = Fraction(1) if still else Fraction(len(times) / total).limit_denominator(1001)
    return Facts(size, tuple(times), rate, 0.0 if still else total, Fraction(0), still, False)


def _webp_frames(path: Path, start: float) -> Iterator[tuple[float, np.ndarray]]:
    with Image.open(path, formats=("WEBP",)) as file:
        total, held = 0.0, None
        for index in range(getattr(file, "n_frames", 1)):
            file.seek(index)
            file.load()
            if total > start + 1e-6 and held is not None:
                yield held
            held = (total, _flat(file.copy()))
            if total <= start + 1e-6:
                beat()
            total += max(10, file.info.get("duration", 0) or 0) / 1000
        if held is not None:
            yield held
