"""Uploads: each lies in a folder whose name nobody can guess, and goes when it is old or its visitor says so."""

import contextlib
import errno
import hashlib
import hmac
import logging
import os
import re
import secrets
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import anyio
from gradio.route_utils import GradioMultiPartParser, GradioUploadFile
from gradio.routes import file_upload_statuses
from gradio.utils import get_upload_folder
from gradio_client.utils import strip_invalid_filename_characters
from python_multipart.multipart import parse_options_header
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from vgan.ages import age
from vgan.logs import event

log = logging.getLogger(__name__)
MOST_FILES = 64  # in one request
FULL = "There is no room for uploads at the moment. Try again later."
SPARE_BYTES = 1_000_000_000  # of the disk, which uploads leave free
_SECRET = secrets.token_bytes(32)  # of this process
_VISITOR = re.compile(r"visitor-[A-Za-z0-9_-]{32,}")


def folder_for(visitor: str) -> Path:
    """Where the uploads of a visitor go, by its secret; of one without a secret, a new folder each time."""
    digest = hmac.digest(_SECRET, visitor.encode(), hashlib.sha256) if visitor else secrets.token_bytes(32)
    return Path(get_upload_folder()) / f"visitor-{digest.hex()}"


async def take(request: Request, visitor: str) -> Response:
    """Save the files of a multipart request: a JSON list of where they lie, as Gradio answers it."""
    blocks = request.app.get_blocks()
    upload_id = request.query_params.get("upload_id")
    if parse_options_header(request.headers.get("content-type", ""))[0] != b"multipart/form-data":
        return JSONResponse({"detail": "Send files as multipart/form-data."}, 400)
    folder = folder_for(visitor) / secrets.token_hex(8)
    try:
        folder.mkdir(parents=True, mode=0o700)
        if shutil.disk_usage(folder).free < SPARE_BYTES:
            raise OSError("the disk is nearly full")
    except OSError as error:
        log.error("uploads cannot be taken: %s", error)
        return JSONResponse({"detail": FULL}, 507)
    if upload_id:
        file_upload_statuses.track(upload_id)
    parser = GradioMultiPartParser(
        request.headers,
        request.stream(),
        max_files=MOST_FILES,
        max_fields=0,  # they would be kept in memory
        upload_dir=folder,
        max_file_size=blocks.max_file_size,
        upload_id=upload_id,
        upload_progress=file_upload_statuses if upload_id else None,
    )
    try:
        form = await parser.parse()
        saved = [_named(folder, file) for file in form.getlist("files") if isinstance(file, GradioUploadFile)]
    except MultiPartException as error:
        return JSONResponse({"detail": error.message}, 413 if "maximum allowed size" in error.message else 400)
    except (OSError, ValueError) as error:
        log.warning("an upload failed: %s", error)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return JSONResponse({"detail": FULL}, 507)
        return JSONResponse({"detail": "A file could not be saved. Try another name for it."}, 400)
    except ClientDisconnect:
        return Response(status_code=400)
    finally:
        for opened in parser._files_to_close_on_error:  # it closes them itself after errors of its own alone
            with contextlib.suppress(OSError):
                opened.close()
        for stray in folder.glob("tmp*"):
            stray.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            folder.rmdir()  # where nothing was saved
        if upload_id:
            file_upload_statuses.set_done(upload_id)
    blocks.upload_file_set.update(saved)
    return JSONResponse(saved)


def _named(folder: Path, file: GradioUploadFile) -> str:
    """Give an arrived file its own name, as far as it is one; a number in front where another has it."""
    name = strip_invalid_filename_characters(Path((file.filename or "").replace("\\", "/")).name).strip(". ") or "file"
    place = folder / name
    while place.exists() or name.startswith("tmp"):
        name = f"{secrets.token_hex(2)}-{name}"
        place = folder / name
    file.file.close()
    os.rename(str(file.file.name), place)
    return str(place)


def forget(visitor: str) -> None:
    """Delete what a visitor has uploaded."""
    if visitor:
        shutil.rmtree(folder_for(visitor), ignore_errors=True)


def sweep_uploads(keep: float, kept: Collection[str] = ()) -> int:
    """Delete files in the folder of uploads that are older than `keep` seconds, copies that Gradio made of them too.

    kept: files that stay, whatever their age. Returns how many went.
    """
    root, gone = Path(get_upload_folder()), 0
    emptied: set[Path] = set()
    for place, _, names in os.walk(root, topdown=False):
        folder = Path(place)
        for name in names:
            path = folder / name
            with contextlib.suppress(OSError):
                if age(max(path.lstat().st_mtime, path.lstat().st_ctime)) > keep and str(path) not in kept:
                    path.unlink()
                    emptied.add(folder)
                    gone += 1
        with contextlib.suppress(OSError):
            if folder != root and (folder in emptied or age(folder.stat().st_mtime) > keep):
                folder.rmdir()
                emptied.add(folder.parent)
    if gone:
        event("swept", kind="uploads", count=gone)
    return gone


async def sweep_uploads_of(app: Any, keep: float) -> int:
    """As `sweep_uploads`, beside the files that belong to the page itself."""
    kept = {str(file) for block in app.get_blocks().blocks.values() for file in getattr(block, "keep_in_cache", ())}
    return await anyio.to_thread.run_sync(sweep_uploads, keep, kept)
