"""The Space's entry, and the shortest way to the app: `python app.py`."""

import os

if os.environ.get("SPACES_ZERO_GPU"):  # before torch, whose place it takes until a card is lent
    import spaces  # noqa: F401

from vgan.cli import app

if __name__ == "__main__":
    app(["app"])
