"""Small files that people write: read whole, and refused where they are larger than they can be."""

import os
from pathlib import Path
from typing import BinaryIO

from vgan.errors import RecipeError


def is_file(path: Path) -> bool:
    """Whether a file is there. False, too, for names that no system takes, for which `Path.is_file` raises."""
    return os.path.isfile(path)


def read_small(path: Path, most: int, what: str) -> bytes:
    """All of the file at `path`, of at most `most` bytes. what: it is, for messages. Raises RecipeError."""
    try:
        with path.open("rb") as file:
            return all_of(file, path.name, most, what)
    except OSError as error:
        raise RecipeError(
            f"{path.name}: the {what} cannot be read ({error.strerror}). Name a file that exists."
        ) from error


def all_of(file: BinaryIO, name: str, most: int, what: str) -> bytes:
    """The same of an open file called `name`. Raises RecipeError, and OSError as files do."""
    data = file.read(most + 1)
    if len(data) > most:
        raise RecipeError(f"{name}: this is too long for a {what}. Allowed: {most} bytes.")
    return data
