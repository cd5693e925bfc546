"""Reads files of strangers in child processes, with limits of time, memory and files: see docs/decoding.md."""

from vgan.media.guard.client import one, stream, warm

__all__ = ["one", "stream", "warm"]
