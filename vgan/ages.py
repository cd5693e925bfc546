"""How old files are, whatever somebody does to the clock meanwhile."""

import time

# Of this process: what the clock said when it began, and how long ago that is, which nobody can set.
_BEGAN = time.time() - time.monotonic()


def age(changed: float) -> float:
    """Seconds since the moment `changed` (seconds since 1970, as files have it), at most.

    A clock that jumps makes files look older than they are: those from before where it jumps ahead, those from after
    where it jumps back. The smaller of both readings is never more than the truth.
    """
    return min(time.time(), _BEGAN + time.monotonic()) - changed
