"""A finished file, taken apart as a platform that takes it would: container, streams, times, both its ends."""

import itertools
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from PIL import Image

from vgan.errors import MediaError
from vgan.media.raw import clip
from vgan.media.raw.beat import beat
from vgan.media.raw.clip import SAFE, Facts, check_size, facts, sound_of
from vgan.media.raw.look import MediaInfo, probe, zip_pictures
from vgan.media.raw.trouble import reading

MOST_PACKETS = 4_000_000  # times that are kept; 18 hours at 60 frames a second
MOST_DECODED = 3_600  # frames that are decoded to see whether they are whole; a minute at 60 a second
MOST_BOXES = 10_000  # that are passed in search of two
SMALL = 96  # pixels of the longer side at which pictures are compared
TICKS = {"gif": 0.0105, "webm": 0.0015, "mkv": 0.0015, "flv": 0.0015}  # seconds to which a container rounds times
TICK = 0.0005
BT709 = (1, 1, 1, 1)  # ffmpeg's numbers: matrix, primaries, transfer, and the range of television


@dataclass(frozen=True)
class Timing:
    """When frames are shown. rate: frames a second; steady: all for equally long; keys: most seconds from one key frame
    to the next, or to the end; closed: whether no frame needs one before the key frame that it follows."""

    frames: int
    seconds: float
    rate: float
    steady: bool
    keys: float
    closed: bool


@dataclass(frozen=True)
class Heard:
    """A file's sound. rate: samples a second."""

    codec: str
    profile: str
    rate: int
    channels: int
    seconds: float


@dataclass(frozen=True)
class Ends:
    """The first two and the last picture, small: float grey levels in [0, 255], (H, W, 3)."""

    first: np.ndarray
    second: np.ndarray
    last: np.ndarray


@dataclass(frozen=True)
class Inside:
    """What a file is. kind: of container; size: (width, height) as it is shown; coded: as it is stored; colours: the
    tags (see BT709), where the codec has any; timing: None for pictures; faststart: whether the index comes first,
    where there is one; whole: whether it can be read to its end."""

    kind: str
    codec: str
    profile: str
    pixels: str
    size: tuple[int, int]
    coded: tuple[int, int]
    square: bool
    progressive: bool
    colours: tuple[int, int, int, int] | None
    timing: Timing | None
    faststart: bool | None
    sound: Heard | None
    bytes: int
    whole: bool
    ends: Ends

    @property
    def is_video(self) -> bool:
        """Whether it is a stream of a codec that platforms name, and no picture or moving picture."""
        return self.kind not in {"gif", "webp", "png", "zip"}


def look_inside(path: Path) -> Inside:
    """See `vgan.media.inside.look_inside`."""
    info = probe(path)
    check_size(path, (info.width, info.height))
    if info.container in {"png", "zip"}:
        return _picture(path, info)
    if info.container == "webp":
        known = facts(path)
        timing = None if known.still else Timing(info.frames, known.seconds, float(known.rate), True, 0.0, True)
        return _plain(info, timing, _ends(path, known))
    with reading(path):
        return _stream(path, info)


def _picture(path: Path, info: MediaInfo) -> Inside:
    """A PNG, or a zip of several, of which the first and last are looked at."""

    def opened(file: Any) -> np.ndarray:
        with Image.open(file, formats=("PNG",)) as picture:
            check_size(path, picture.size)
            return _small(np.asarray(picture.convert("RGB")))

    with reading(path):
        if info.container == "png":
            only = opened(path)
            return _plain(info, None, Ends(only, only, only))
        with zipfile.ZipFile(path) as archive:
            names = zip_pictures(archive)
            pictures = [opened(archive.open(name)) for name in (names[0], names[min(1, len(names) - 1)], names[-1])]
        return _plain(info, None, Ends(*pictures))


def _plain(info: MediaInfo, timing: Timing | None, ends: Ends) -> Inside:
    """A file without streams."""
    size = info.width, info.height
    return Inside(
        info.container, info.codec, "", info.pixel_format, size, size, True, True, None, timing, None, None, info.bytes,
        True, ends,
    )  # fmt: skip


def _stream(path: Path, info: MediaInfo) -> Inside:
    known = facts(path)
    with av.open(str(path), options=SAFE) as file:
        video, sound = clip.video_of(file), sound_of(file)
        kind = _kind(path, file.format.name, dict(file.metadata))
        packets = _Packets(file, [stream for stream in (video, sound) if stream is not None], video)
        codec = video.codec_context
        aspect = video.sample_aspect_ratio
        tags = codec.colorspace, codec.color_primaries, codec.color_trc, codec.color_range
        heard = None
        if sound is not None:
            heard = Heard(
                sound.codec_context.codec.canonical_name,
                str(sound.codec_context.profile or ""),
                sound.codec_context.sample_rate or 0,
                sound.codec_context.channels or 0,
                packets.sound,
            )
        return Inside(
            kind=kind,
            codec=codec.codec.canonical_name,
            profile=str(codec.profile or ""),
            pixels=info.pixel_format,
            size=known.size,
            coded=(codec.width, codec.height),
            square=not aspect or aspect == 1,
            progressive=packets.progressive,
            colours=tuple(int(tag) for tag in tags) if kind != "gif" else None,  # type: ignore[arg-type]
            timing=None if known.still else packets.timing(float(known.rate), TICKS.get(kind, TICK)),
            faststart=_index_first(path) if kind in {"mp4", "mov", "3gp"} else None,
            sound=heard,
            bytes=info.bytes,
            whole=packets.whole,
            ends=_ends(path, known),
        )


class _Packets:
    """The packets of an open file's streams, read once to the end. sound: seconds of the sound; whole: whether nothing
    of them was damaged, nor any of the first MOST_DECODED frames; progressive: whether none of these is interlaced."""

    def __init__(self, file: Any, streams: Sequence[Any], video: Any):
        self._base = float(video.time_base or 0.001)
        self._shown, self._keys, self._last, self._closed = array("q"), array("q"), 0, True
        self.sound, self.whole, self.progressive, before = 0.0, True, True, 0.0
        try:
            for packet in file.demux(*streams):
                if not packet.size or packet.pts is None:
                    continue
                self.whole &= not packet.is_corrupt
                if packet.stream is video:
                    self._add(packet)
                else:
                    begin = float(packet.pts * packet.time_base)
                    before = min(before, begin)
                    self.sound = max(self.sound, begin + float((packet.duration or 0) * packet.time_base) - before)
        except av.FFmpegError:
            self.whole = False

    def _add(self, packet: Any) -> None:
        if len(self._shown) >= MOST_PACKETS:
            raise ValueError(f"more than {MOST_PACKETS:,} frames")
        if packet.is_keyframe:
            self._keys.append(packet.pts)
        elif self._keys and packet.pts < self._keys[-1]:  # decoded after the key frame, shown before it
            self._closed = False
        self._shown.append(packet.pts)
        self._last = packet.duration or self._last
        if len(self._shown) <= MOST_DECODED:
            beat()
            try:
                frames = packet.decode()
            except av.FFmpegError:
                frames, self.whole = [], False
            self.whole &= not any(frame.is_corrupt for frame in frames)
            self.progressive &= not any(frame.interlaced_frame for frame in frames)

    def timing(self, rate: float, tick: float) -> Timing:
        """The times; `tick`: seconds to which the container rounds them."""
        times = np.unique(np.frombuffer(self._shown, np.int64)) * self._base
        steps = np.diff(times)
        usual = float(np.median(steps)) if len(steps) else self._last * self._base
        steady = bool(len(steps) == 0 or np.abs(steps - usual).max() <= tick + 1e-6)
        end = float(times[-1]) + usual
        keys = np.append(np.unique(np.frombuffer(self._keys, np.int64)) * self._base, end)
        apart = float(np.diff(keys).max()) if len(keys) > 1 else end - float(times[0])
        return Timing(len(times), end - float(times[0]), rate, steady, apart, self._closed)


def _ends(path: Path, known: Facts) -> Ends:
    """Both ends of a clip or picture."""
    with closing(clip.frames(path, known.begin, 0.0)) as begin:
        first = [_small(picture) for _, picture in itertools.islice(begin, 2)]
    if not first:
        raise MediaError(f"{path.name}: no frame of it can be decoded. Try another file, or save it anew as MP4.")
    final = first[-1]
    if not known.still and known.times[-1] > 0:
        with closing(clip.frames(path, known.begin, known.times[-1])) as end:
            for _, picture in end:
                final = _small(picture)
    return Ends(first[0], first[-1], final)


def _small(picture: np.ndarray) -> np.ndarray:
    image = Image.fromarray(picture)
    image.thumbnail((SMALL, SMALL), Image.Resampling.BOX)
    return np.asarray(image, np.float32)


def _kind(path: Path, name: str, tags: dict[str, str]) -> str:
    """The container's name as people say it."""
    if name.startswith("mov"):
        brand = tags.get("major_brand", "")
        return "mov" if brand.startswith("qt") or not brand else "3gp" if brand.startswith("3g") else "mp4"
    if name.startswith("matroska"):
        with path.open("rb") as file:
            return "webm" if b"webm" in file.read(64) else "mkv"  # the document type, in the first element
    return name.partition(",")[0]


def _index_first(path: Path) -> bool:
    """Whether the index of an MP4 (`moov`) comes before its content (`mdat`): ISO/IEC 14496-12, 8.2."""
    with path.open("rb") as file:
        for name in itertools.islice(_boxes(file), MOST_BOXES):
            if name in {b"moov", b"mdat"}:
                return name == b"moov"
    return False


def _boxes(file: BinaryIO) -> Iterator[bytes]:
    """The names of the outermost boxes, in order."""
    at = 0
    while len(head := file.read(8)) == 8:
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(file.read(8), "big")
        yield head[4:]
        if size < 8:  # to the end, or damaged
            return
        at += size
        file.seek(at)
