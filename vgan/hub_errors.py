"""What can go wrong between here and the Hub, each as one sentence: what was wanted, what happened, what to do."""

import errno
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from huggingface_hub import constants, get_session
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from vgan.errors import RecipeError, WeightsError

# What every version of the client raises when the connection itself fails: the base of its own HTTP errors.
ConnectionLost: type[Exception] = HfHubHTTPError.__bases__[0]

LONGEST_WAIT = 20  # seconds for which a busy Hub is waited for


class TooBusy(RuntimeError):
    """The Hub asks to be left alone for longer than anybody waits. seconds: for how long."""

    def __init__(self, seconds: int):
        super().__init__(f"busy for {seconds} s")
        self.seconds = seconds


def impatient() -> None:
    """Let the client not wait for as long as a busy Hub says: that may be an hour, in which nothing could stop it."""
    hooks = get_session().event_hooks["response"]
    if _look not in hooks:
        hooks.append(_look)


def _look(response: Any) -> None:
    said = response.headers.get("retry-after", "").strip()
    left = re.search(r"r=0;t=(\d+)", response.headers.get("ratelimit", ""))
    seconds = int(said) if said.isdecimal() else int(left[1]) if left else 0
    if response.status_code in (408, 429, 503) and seconds > LONGEST_WAIT:
        raise TooBusy(seconds)


@contextmanager
def explained(repo_id: str, file: str, right: Literal["read", "write"] = "read") -> Iterator[None]:
    """Turns what the client raises about `file` of `repo_id` into a WeightsError, or a RecipeError for a wrong name.

    right: what the token must be allowed to do, for the advice. Errors of our own pass through.
    """
    try:
        yield
    except HFValidationError as error:
        raise RecipeError(f"repository: {repo_id[:80]!r} cannot be one. Write it as owner/name.") from error
    except (OSError, RuntimeError, ValueError, EntryNotFoundError, ConnectionLost) as error:
        raise WeightsError(f"{repo_id}: {file}: {_sentence(error, repo_id, right)}") from error


def _sentence(error: Exception, repo_id: str, right: str) -> str:
    page = f"{constants.ENDPOINT}/{repo_id}"
    token = f"set HF_TOKEN to a token with the right to {right} it"
    match error:  # from the special to the general: most of these are kinds of one another
        case TooBusy():
            return (
                "the Hub has had too many requests from here, and asks to be left alone for "
                f"{math.ceil(error.seconds / 60)} min. Try again then, or set HF_TOKEN."
            )
        case GatedRepoError():
            return f"the repository is gated. Accept its licence at {page}, then {token}."
        case RepositoryNotFoundError():
            return f"no such repository at {page}, or it is private. Check the name, or {token}."
        case RevisionNotFoundError():
            return f"the pinned revision is no longer at {page}. Its owner has rewritten the history."
        case OfflineModeIsEnabled():
            return "it is not on this machine, and HF_HUB_OFFLINE forbids the Hub. Unset it once."
        case LocalEntryNotFoundError():
            return _cut_off(error)
        case EntryNotFoundError():
            return f"the repository has no such file. See {page}/tree/main for what it has."
        case HfHubHTTPError():
            return _answered(error.response.status_code, token)
        case OSError():
            return _disk_or_cut(error)
        case RuntimeError() | ValueError():  # failures of the transfer libraries
            return f"the transfer failed ({_short(error)}). Nothing was kept. Try again."
        case _:
            return _cut_off(error)


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


def _cut_off(error: Exception) -> str:
    reason = _short(error.__cause__ or error)
    return f"the connection to {constants.ENDPOINT} failed ({reason}). Nothing was kept. Go online and try again."


def _answered(status: int, token: str) -> str:
    if status in (401, 403):
        return f"the Hub refused access ({status}). To go on, {token}."
    if status == 429:
        return "the Hub has had too many requests from here (429). Wait some minutes, or set HF_TOKEN."
    return f"the Hub answered with an error ({status}). Nothing was kept. Try again later."


def _disk_or_cut(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full. Free space for {constants.HF_HUB_CACHE}, or set HF_HOME to another place."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission to write in {constants.HF_HUB_CACHE}. Set HF_HOME to a folder of your own."
    return f"the download broke off or came incomplete ({_short(error)}). Nothing was kept. Try again."
