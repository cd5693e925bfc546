"""Writers: uint8 frames go in, chunk by chunk, a finished file comes out. Memory does not grow with the clip.

Each takes a path that it may write to at once; whoever opens it gives a temporary one and renames it afterwards.
Failures come as MediaError, OSError or PyAV's own, of which `writing` makes one. After any of them, `abort` lets go of
all but the file.
"""

import errno
import os
import signal
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from vgan.errors import EncoderDied, MediaError
from vgan.media.embed import PNG_XMP, RECIPE_MEMBER, CommentedGif, append_webp_metadata, append_xmp_box
from vgan.media.extent import Mix, Sound
from vgan.media.master import write_sound
from vgan.unfinished import scratch

LONGEST_ARGUMENT = 100_000  # bytes; Linux takes 131,072


@dataclass(frozen=True)
class Job:
    """What a writer has to know before the first frame.

    size, drawn: (width, height) of the file and of the frames as they come. comment: ASCII text to embed; xmp: a packet
    to embed; of either, nothing where it is empty. sound: to go with the frames, for formats that have any. planes:
    whether frames come as `vgan.media.planes` makes them. most_bytes: of the file, for formats that look for a smaller
    picture then. tick: called now and then by long work; what it raises ends that.
    """

    path: Path
    size: tuple[int, int]
    drawn: tuple[int, int]
    fps: Fraction
    frames: int
    comment: str
    sound: Sound | Mix | None = None
    planes: bool = False
    xmp: bytes = b""
    most_bytes: int | None = None
    tick: Callable[[], None] = lambda: None


class Writer(ABC):
    """Takes the frames of one file. fitted: the job that was carried out, once it is, where it is not the one given."""

    fitted: Job | None = None

    @abstractmethod
    def write(self, frames: np.ndarray) -> None:
        """Append uint8 RGB frames (n, H, W, 3), as large as they were drawn, or planes as large as the file."""

    @abstractmethod
    def close(self) -> None:
        """Finish the file. Raises MediaError or OSError when it could not be finished."""

    @abstractmethod
    def abort(self) -> None:
        """Stop at once, without finishing the file. Never raises; harmless after `close`."""


class FfmpegWriter(Writer):
    """A file by moviepy's writer, which pipes raw frames to ffmpeg.

    ffmpeg also enlarges them, straight into the codec's colours: a tenth of the bytes go through the pipe, and nothing
    is converted twice. Planes go to the codec as they are. codec, preset: ffmpeg's names. options: its further options,
    the container (`-f`) among them. colours: options of its scaler and what follows it, to the pixel format. tags:
    filters that say what colours these are. sound_codec: ffmpeg's name, where the format has sound; a job's sound lies
    beside the file until it is finished. metadata: of the container, by ffmpeg's names; where nobody says otherwise,
    the job's comment.
    """

    def __init__(
        self,
        job: Job,
        codec: str,
        preset: str,
        options: Sequence[str],
        colours: str = "",
        tags: Sequence[str] = (),
        sound_codec: str = "",
        metadata: Mapping[str, str] | None = None,
    ):
        from vgan.media.pipe import FramePipe  # moviepy takes 0.3 s, and looks for ffmpeg: only when needed

        self._job, self._hardware = job, codec.endswith("_nvenc")
        self._beside: list[Path] = []  # files that ffmpeg reads, until this one is finished
        sound: Path | None = None
        try:
            if job.sound and sound_codec:
                sound = self._lay(job, ".wav")
                write_sound(job.sound, sound)
            described = self._described(job, {"comment": job.comment} if metadata is None else metadata)
        except (OSError, MediaError):
            self._tidy()
            raise
        scale = f"scale={job.size[0]}:{job.size[1]}:flags=bicubic+accurate_rnd+full_chroma_int{colours}"
        filters = ",".join([*([] if job.planes else [scale]), *tags])
        own = ["-protocol_whitelist", "file", "-f", "wav", "-i"]  # ffmpeg opens nothing but what was written here
        heard = [*own, str(sound.absolute()), "-acodec", sound_codec] if sound else []
        if isinstance(job.sound, Mix) and not job.sound.exact:
            heard += ["-shortest"]  # the picture may end before it
        shown = ["-vcodec", codec, "-preset", preset, *(["-vf", filters] if filters else [])]
        pixels = "yuv420p" if job.planes else "rgb24"
        arguments = [*heard, *shown, *options, *described]
        self._writer = FramePipe(job.path, job.drawn, job.fps, pixels, arguments, job.tick)

    def _described(self, job: Job, metadata: Mapping[str, str]) -> list[str]:
        """ffmpeg's options for `metadata`. No system takes arguments of any length: long ones are read from files."""
        found: list[str] = []
        for name, text in metadata.items():
            if len(text.encode()) > LONGEST_ARGUMENT:
                path = self._lay(job, f".{name}.txt")
                path.write_text(f"{name}={text}", encoding="utf-8", newline="")
                found += ["-/metadata", str(path.absolute())]
            elif text:
                found += ["-metadata", f"{name}={text}"]
        return found

    def _lay(self, job: Job, ending: str) -> Path:
        self._beside.append(job.path.with_name(job.path.name + ending))
        return self._beside[-1]

    def _tidy(self) -> None:
        for path in self._beside:
            path.unlink(missing_ok=True)

    def write(self, frames: np.ndarray) -> None:
        try:
            for frame in frames:
                self._writer.write_frame(frame)
        except OSError as error:  # moviepy has waited for its end, and put ffmpeg's own words into the message
            said = str(error).partition(self._writer.filename)[2].removeprefix(":")
            raise self._fault(self._writer.proc.returncode, said) from error

    def close(self) -> None:
        # moviepy's own close ignores how ffmpeg ended, and ffmpeg may fail at the very end: a full disk shows there.
        process, self._writer.proc = self._writer.proc, None
        with self._writer.watch.waiting():
            with suppress(BrokenPipeError):  # ffmpeg is gone already: its exit status and log say why
                process.stdin.close()
            status = process.wait()
        self._writer.watch.stop()
        self._tidy()
        log = self._writer.said()
        if status != 0:
            raise self._fault(status, log)

    def _fault(self, status: int, log: str) -> MediaError:
        """Why ffmpeg ended. Raises Cancelled where it had to."""
        self._job.tick()
        if self._writer.watch.late:
            return EncoderDied("ffmpeg did not get on any more, and was ended. Try again, or another format.")
        if status < 0:
            name = signal.Signals(-status).name
            return EncoderDied(f"ffmpeg was ended by {name} in the middle. Try again, or another format.")
        reason = _known(log)
        if reason:
            return MediaError(reason)
        return (EncoderDied if self._hardware else MediaError)(_words(log, status))

    def abort(self) -> None:
        process, self._writer.proc = self._writer.proc, None
        self._writer.watch.stop()
        self._tidy()
        if process is None:
            return
        process.kill()
        with suppress(OSError):  # what was still to be flushed is not wanted any more
            process.stdin.close()
        process.wait()
        self._writer.logfile.close()


class Mp4Writer(FfmpegWriter):
    """An MP4, with the job's XMP behind what ffmpeg wrote: the index stays in front."""

    def __init__(
        self, job: Job, codec: str, preset: str, options: Sequence[str], colours: str = "", tags: Sequence[str] = ()
    ):
        super().__init__(job, codec, preset, options, colours, tags, "aac")

    def close(self) -> None:
        super().close()
        if self._job.xmp:
            append_xmp_box(self._job.path, self._job.xmp)


class WebpWriter(FfmpegWriter):
    """An animated WebP. The encoder keeps what it has compressed until the end: a few ten KB a frame."""

    def __init__(self, job: Job, options: Sequence[str]):
        super().__init__(job, "libwebp_anim", "picture", options, metadata={})

    def close(self) -> None:
        super().close()
        append_webp_metadata(self._job.path, self._job.comment, self._job.xmp)


class GifWriter(Writer):
    """A GIF that loops forever, with a palette for every few frames and Floyd-Steinberg dithering.

    PyAV, because moviepy's writer cannot be given a palette, and ffmpeg's own filters take a second a frame for one
    palette a frame, or hold the whole clip for one in all.
    """

    SAMPLES = 30_000  # pixels that a palette is made from

    def __init__(self, job: Job, colours: int = 256):
        self._job, self._colours = job, colours
        self._raw = CommentedGif(job.path, job.comment, job.xmp)
        self._file = av.open(self._raw, "w", format="gif", options={"loop": "0"})
        stream = self._file.add_stream("gif", rate=job.fps)
        stream.width, stream.height = job.size
        stream.pix_fmt = "pal8"
        stream.codec_context.time_base = 1 / job.fps
        self._stream = stream
        self._count = 0

    def write(self, frames: np.ndarray) -> None:
        frames = resize(frames, self._job.size)
        palette, colours = palette_of(frames, self.SAMPLES, self._colours)
        for frame in frames:
            indices = Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
            content = (np.asarray(indices), colours)
            picture = av.VideoFrame.from_ndarray(content, format="pal8")  # type: ignore[arg-type]
            picture.pts, picture.time_base = self._count, 1 / self._job.fps
            self._count += 1
            self._file.mux(self._stream.encode(picture))

    def close(self) -> None:
        self._file.mux(self._stream.encode(None))
        self._file.close()
        self._raw.close()

    def abort(self) -> None:
        for file in (self._file, self._raw):
            with suppress(OSError, ValueError, av.FFmpegError):  # it is thrown away in any case
                file.close()


def resize(frames: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """uint8 frames (n, H, W, 3) at `size` (width, height), bicubic.

    In uint8 on the CPU, whatever the device: torch has vector code for just this, 1 ms for 144x256 to 720x1280 where
    float32 takes 17 ms and bfloat16 44. It differs from float32 by less than a level on average, and never shows bands
    that rounding afterwards would not.
    """
    width, height = size
    if frames.shape[1:3] == (height, width):
        return frames
    pictures = torch.from_numpy(frames).permute(0, 3, 1, 2)
    return F.interpolate(pictures, (height, width), mode="bicubic", antialias=True).permute(0, 2, 3, 1).numpy()


def palette_of(frames: np.ndarray, samples: int, most: int = 256) -> tuple[Image.Image, np.ndarray]:
    """Up to `most` colours, at most 256, for uint8 RGB frames (n, H, W, 3), from about so many of their pixels.

    Returns a palette picture for Pillow, and ARGB bytes (256, 4) for PyAV.
    """
    pixels = frames.reshape(-1, 3)
    sample = pixels[:: max(1, len(pixels) // samples) | 1]  # odd, so that it does not fall on the same columns
    # An octree spends colours on rare ones too: seen from a step back, a fourteenth of median cut's error.
    palette = Image.fromarray(sample[None]).quantize(most, method=Image.Quantize.FASTOCTREE)
    colours = np.full((256, 4), 255, np.uint8)
    rgb = np.array(palette.getpalette() or [], np.uint8).reshape(-1, 3)
    colours[: len(rgb), 1:] = rgb
    return palette, colours


class PngWriter(Writer):
    """One frame: a picture. More: a zip of numbered pictures and the recipe, stored, as a PNG is packed already."""

    LEVEL = 1  # a third of the default's time for a quarter more bytes

    def __init__(self, job: Job):
        self._job = job
        self._zip = zipfile.ZipFile(job.path, "w", zipfile.ZIP_STORED) if job.frames > 1 else None
        self._count = 0

    def write(self, frames: np.ndarray) -> None:
        for frame in resize(frames, self._job.size):
            text = PngInfo()
            if self._job.xmp:  # of every picture of a zip too: they may go different ways
                text.add_itxt(PNG_XMP, self._job.xmp.decode())
            if self._zip is None:
                if self._job.comment:
                    text.add_text("comment", self._job.comment)
                Image.fromarray(frame).save(self._job.path, "png", compress_level=self.LEVEL, pnginfo=text)
            else:
                data = BytesIO()
                Image.fromarray(frame).save(data, "png", compress_level=self.LEVEL, pnginfo=text)
                self._zip.writestr(f"{self._count:05d}.png", data.getbuffer())
            self._count += 1

    def close(self) -> None:
        if self._zip is not None:
            if self._job.comment:
                self._zip.writestr(RECIPE_MEMBER, self._job.comment)
            self._zip.close()

    def abort(self) -> None:
        if self._zip is not None:
            with suppress(OSError, ValueError):  # the file is thrown away in any case
                self._zip.close()


@lru_cache(maxsize=1)
def nvenc_works() -> bool:
    """Whether the graphics card really encodes H.264. Asked once, with a real frame: many drivers name it in vain."""
    with scratch() as folder:
        path = folder / "probe.mp4"
        job = Job(path, (256, 256), (256, 256), Fraction(30), 1, "")
        writer = FfmpegWriter(job, "h264_nvenc", "p4", ("-f", "mp4"), ",format=yuv420p")
        try:
            writer.write(np.zeros((1, 256, 256, 3), np.uint8))
            writer.close()
            return path.stat().st_size > 0
        except (MediaError, OSError):
            return False
        finally:
            writer.abort()


@contextmanager
def writing(name: str) -> Iterator[None]:
    """Failures of a writer, or of the place that it writes to, become a MediaError naming file and reason."""
    try:
        yield
    except MediaError as error:
        raise type(error)(f"{name}: {error}") from error
    except (OSError, av.FFmpegError) as error:
        raise MediaError(f"{name}: {_REASONS.get(error.errno or 0, str(error))}") from error


_FULL = "the disk is full. Free some space, or choose another folder."
_FORBIDDEN = "there is no permission to write here. Choose another folder, or change its rights."
_GONE = "the folder was removed, or replaced by a file. Choose another, and make it again."
_REASONS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "the file grew larger than this system allows. Make the clip shorter or smaller.",
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: _FORBIDDEN,
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _GONE,
}


def _known(log: str) -> str:
    """The sentence for a person out of what ffmpeg wrote, where it names a cause that has one."""
    return next((sentence for number, sentence in _REASONS.items() if os.strerror(number) in log), "")


def _words(log: str, status: int) -> str:
    """What ffmpeg said last."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    said = " / ".join(lines[-3:])[-600:] or f"it ended with status {status} and no word"
    return f"ffmpeg could not write the file: {said}"
