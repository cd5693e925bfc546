"""Where finished clips lie: one unguessable folder for each visit, removed by age."""

import logging
import re
import secrets
import shutil
from collections.abc import Collection
from pathlib import Path
from urllib.parse import quote

from vgan import unfinished
from vgan.ages import age
from vgan.errors import MediaError
from vgan.logs import event

log = logging.getLogger(__name__)
KEEP_SECONDS = 24 * 3600.0
_NAME = re.compile(r"visit-[A-Za-z0-9_-]{32}")


def new_folder(outputs: Path) -> Path:
    """A fresh folder below `outputs` whose name nobody can guess. Raises MediaError where it cannot be made."""
    folder = outputs / f"visit-{secrets.token_urlsafe(24)}"
    try:
        folder.mkdir(parents=True, mode=0o700)
        unfinished.keep_aside(outputs)  # all of it may have been removed
    except OSError as error:
        raise MediaError(
            f"outputs: {outputs} cannot be written ({error.strerror}). Free some space, or set VGAN_OUTPUTS to another "
            "folder."
        ) from error
    return folder


def sweep(outputs: Path, keep: float = KEEP_SECONDS, alive: Collection[Path] = ()) -> int:
    """Remove visits' folders that nothing was added to for `keep` seconds, and what ended processes have not finished;
    anything else is left alone.

    alive: folders of pages that are open now: they stay, whatever the clock says. Returns how many went.
    """
    for left in unfinished.sweep(outputs):
        event("unfinished", kind=left.kind, frames=left.done)
    removed = 0
    for folder in outputs.glob("visit-*"):
        if not _NAME.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir() or folder in alive:
            continue
        try:
            newest = max(path.lstat().st_mtime for path in (folder, *folder.iterdir()))
            if age(newest) > keep:
                shutil.rmtree(folder)
                removed += 1
        except OSError as error:
            log.warning("could not clean up %s: %s", folder, error)
    if removed:
        event("swept", kind="clips", count=removed)
    return removed


def address(file: Path) -> str:
    """Where the browser finds `file`, relative to the page, so that it also holds behind a proxy's prefix."""
    return f"gradio_api/file={quote(str(file))}"
