"""`python -m vgan.tied FOLDER ARGUMENTS`: `python -m vgan ARGUMENTS` for as long as whoever started it is there.

Standard input is a pipe that its parent holds and writes nothing to. It ends with the parent, however that ends, on
every system; the training told in FOLDER is then asked to pause, so that it can go on later, and nothing is left
running that nobody sees.
"""

import os
import sys
import threading
import time
from pathlib import Path

from vgan.training.own.progress import ask_to_pause

PATIENCE = 120.0  # seconds for a checkpoint, after which the process ends where it is: an older one is there
EVERY = 0.5


def watch(folder: Path) -> threading.Thread:
    """Ask the training in `folder` to pause once standard input ends. Returns the thread that waits for it."""
    thread = threading.Thread(target=_wait, args=(folder,), name="vgan-tied", daemon=True)
    thread.start()
    return thread


def _wait(folder: Path) -> None:
    # Not through sys.stdin: a daemon thread that holds its lock would be fatal when the interpreter ends.
    while os.read(0, 4096):
        continue
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if folder.is_dir():
            ask_to_pause(folder)
        time.sleep(EVERY)
    os._exit(1)


def main() -> None:
    """Watch, and run the command."""
    watch(Path(sys.argv.pop(1)))
    from vgan.__main__ import main as run

    run()


if __name__ == "__main__":
    main()
