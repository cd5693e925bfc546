"""Where results go: a folder, or anything that fsspec reaches (S3, the Hub, ...). What is put there appears whole."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from vgan.errors import MediaError, RecipeError
from vgan.unfinished import scratch, sweep

HIDDEN = "_manifest"  # the folder of everything that is no clip


class Place(Protocol):
    """A folder somewhere. Names are relative to it, with "/" between their parts; every method raises MediaError.

    exclusive: whether `create` can tell who came first, at little cost.
    """

    exclusive: bool

    def sizes(self) -> dict[str, int]:
        """Bytes of every file in it, by name."""

    def put(self, file: Path, name: str) -> None:
        """Copy a local file there. Under its name there is the old file or the whole new one, never a part of it."""

    def write(self, name: str, data: bytes) -> None:
        """The same for a small file."""

    def create(self, name: str, data: bytes) -> bool:
        """Write a small file unless there is one of that name: False then. Where a store cannot tell, always True."""

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""

    def read(self, name: str) -> bytes | None:
        """A small file, None where there is none."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""


class Folder:
    """A folder of this machine, or one that several share. Made when it is missing."""

    exclusive = True

    def __init__(self, root: Path):
        self._root = root.absolute()
        with _told(str(root)):
            self._aside = self._root / HIDDEN
            self._aside.mkdir(parents=True, exist_ok=True)
            sweep(self._aside)

    def sizes(self) -> dict[str, int]:
        """See `Place`."""
        found: dict[str, int] = {}
        waiting = [self._root]
        with _told(str(self._root)):
            while waiting:
                with suppress(FileNotFoundError), os.scandir(waiting.pop()) as entries:  # others come and go
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(Path(entry.path))
                        else:
                            with suppress(FileNotFoundError):
                                size = entry.stat(follow_symlinks=False).st_size
                                found[Path(entry.path).relative_to(self._root).as_posix()] = size
        return found

    def put(self, file: Path, name: str) -> None:
        """See `Place`."""
        self._whole(name, lambda part: shutil.copyfile(file, part))

    def write(self, name: str, data: bytes) -> None:
        """See `Place`."""
        self._whole(name, lambda part: part.write_bytes(data))

    def create(self, name: str, data: bytes) -> bool:
        """See `Place`."""
        with _told(name):
            target = self._root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with target.open("xb") as file:
                    file.write(data)
            except FileExistsError:
                return False
        return True

    def has(self, name: str) -> bool:
        """See `Place`."""
        return (self._root / name).is_file()

    def read(self, name: str) -> bytes | None:
        """See `Place`."""
        with _told(name):
            try:
                return (self._root / name).read_bytes()
            except FileNotFoundError:
                return None

    def remove(self, name: str) -> None:
        """See `Place`."""
        with _told(name):
            (self._root / name).unlink(missing_ok=True)

    def _whole(self, name: str, write: Callable[[Path], object]) -> None:
        """Write a file aside, on the same disk, see that it is on that disk, and give it its name."""
        target = self._root / name
        with _told(name), scratch(self._aside) as folder:
            part = folder / "part"
            write(part)
            with part.open("rb") as file:
                os.fsync(file.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(part, target)


class Bucket:
    """A place of fsspec's, by its address such as s3://bucket/prefix. Credentials are those that fsspec finds."""

    def __init__(self, address: str):
        try:
            import fsspec
        except ImportError as error:
            raise RecipeError(
                f"--out {address[:80]}: install requirements-batch.txt for it, or name a folder."
            ) from error
        with _told(address):
            try:
                self._files, self._root = fsspec.url_to_fs(address, use_listings_cache=False)
            except (ImportError, ValueError) as error:
                raise RecipeError(
                    f"--out {address[:80]}: {error}. Name a folder, or an address that fsspec knows."
                ) from error
        self._root = self._root.rstrip("/")
        self.exclusive = not address.startswith("hf://")  # where each file written is a commit

    def sizes(self) -> dict[str, int]:
        """See `Place`."""
        with _told(self._root):
            self._files.invalidate_cache()
            try:
                found = self._files.find(self._root, detail=True)
            except FileNotFoundError:  # nothing was ever put there
                return {}
        return {path[len(self._root) + 1 :]: int(info["size"] or 0) for path, info in found.items()}

    def put(self, file: Path, name: str) -> None:
        """See `Place`. Raises MediaError where less came to lie there than was sent."""
        with _told(name):
            self._files.put_file(str(file), self._at(name))
            found, sent = self._files.info(self._at(name))["size"], file.stat().st_size
        if found != sent:
            raise MediaError(f"{name}: {found} of {sent} bytes were stored. It is tried again.")

    def write(self, name: str, data: bytes) -> None:
        """See `Place`."""
        with _told(name):
            self._files.pipe_file(self._at(name), data)

    def create(self, name: str, data: bytes) -> bool:
        """See `Place`."""
        with _told(name):
            try:
                self._files.pipe_file(self._at(name), data, mode="create")
            except FileExistsError:
                return False
            except (NotImplementedError, TypeError, ValueError):  # this store has no such thing
                return True
        return True

    def has(self, name: str) -> bool:
        """See `Place`."""
        with _told(name):
            return bool(self._files.exists(self._at(name)))

    def read(self, name: str) -> bytes | None:
        """See `Place`."""
        with _told(name):
            try:
                data: bytes = self._files.cat_file(self._at(name))
            except FileNotFoundError:
                return None
        return data

    def remove(self, name: str) -> None:
        """See `Place`."""
        with _told(name):
            try:
                self._files.rm_file(self._at(name))
            except FileNotFoundError:
                return

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"


def place_at(address: str) -> Place:
    """The folder or address called `address`. Raises RecipeError for an address that is none, MediaError for a folder
    that cannot be made."""
    if address.startswith("file://"):
        address = address.removeprefix("file://")
    return Bucket(address) if "://" in address else Folder(Path(address))


def is_there(address: str) -> bool:
    """Whether `place_at` would make nothing new: a folder that is there, or any other address."""
    return "://" in address.removeprefix("file://") or Path(address.removeprefix("file://")).is_dir()


class _told:
    """Whatever a store says about a failure becomes one MediaError that names the file."""

    def __init__(self, name: str):
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, Exception) and not isinstance(error, (MediaError, RecipeError)):
            said = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise MediaError(f"{self._name[-120:]}: the place of results says: {said[:200]}.") from error
