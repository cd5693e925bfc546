"""The app from its start to its end: it stays until it is told to go, and then nothing of its work is left behind."""

import asyncio
import contextlib
import gc
import io
import logging
import os
import signal
import tempfile
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from uvicorn.config import LOGGING_CONFIG

from vgan import logs
from vgan.settings import Settings
from vgan.ui import launch
from vgan.ui.services import Studio

log = logging.getLogger(__name__)
ANSWERS = 2  # seconds in which answers that are being sent are finished
WORKS = 3.0  # seconds in which works that were told to stop clear away what they have written
JOB = "vgan-job"  # what their threads are called


def serve(settings: Settings | None = None, **options: Any) -> None:
    """Open the app, and return once the process was told to end: by SIGTERM, as a Space or a service manager does it,
    or by Control-C. A second signal ends it at once.

    options: passed to `launch`. Raises RecipeError for settings that are none, MediaError as `launch`.
    """
    settings = settings or Settings()
    style = ("json" if settings.space else "text") if settings.log == "auto" else settings.log
    logs.set_up(style, private_folders(settings))
    LOGGING_CONFIG.clear()  # its lines then go where all others do
    LOGGING_CONFIG.update(version=1, disable_existing_loggers=False)
    signal.signal(signal.SIGTERM, _interrupt)
    app: Any = None
    try:
        with contextlib.redirect_stdout(io.StringIO()) as said:  # Gradio greets its developer
            served, address, _ = launch(settings, prevent_thread_lock=True, quiet=True, **options)
        app = served.get_blocks()
        log.debug("%s", said.getvalue().strip())
        log.info("the app answers at %s", address)
        gc.collect()
        gc.freeze()  # what is here now stays: to look at it again and again holds up every visitor, 0.4 s each time
        while True:  # in short steps: a wait without an end would not be woken on every system
            time.sleep(0.5)
    except KeyboardInterrupt:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        gc.unfreeze()  # libraries clear away after themselves
        log.info("the app ends")
    if app is not None and not end(app):
        logging.shutdown()
        os._exit(0)  # a work that does not hear us would keep the process; its folder is cleared at the next start


def private_folders(settings: Settings) -> list[Path]:
    """Where visitors' files lie, whose names are theirs."""
    uploads = Path(os.environ.get("GRADIO_TEMP_DIR") or Path(tempfile.gettempdir()) / "gradio")
    return [folder for path in (settings.outputs, uploads) for folder in {path, path.resolve()}]


def end(app: Any) -> bool:
    """Stop every work, let answers be finished, free the port. Returns whether all works have ended."""
    app.counters.stop()
    stop_works(app.studio)
    logging.getLogger("uvicorn.error").addFilter(no_fault_of_ours)
    if app.server is not None:
        app.server.config.timeout_graceful_shutdown = ANSWERS
    app.close(verbose=False)
    until = time.monotonic() + WORKS
    for thread in threading.enumerate():
        if thread.name == JOB:
            thread.join(max(0.0, until - time.monotonic()))
    return not any(thread.name == JOB for thread in threading.enumerate())


def no_fault_of_ours(record: logging.LogRecord) -> bool:
    """A filter for what the web server says as it ends: that answers to open pages are cut off is no fault."""
    cut = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cut and "timeout graceful shutdown exceeded" not in record.getMessage()


def stop_works(studio: Studio) -> None:
    """Tell everything that any visit has running, or has paused, to stop."""
    for visit in list(studio._visits.values()):
        if visit.job:
            visit.job.stop()
    studio._parked.clear()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
