"""Reads files of strangers in child processes, with limits of time, memory and files: see docs/decoding.md."""

from vgan.media.guard.client import children, one, stream, warm

__all__ = ["children", "one", "stream", "warm"]
