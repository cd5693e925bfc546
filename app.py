"""The Space's entry, and the shortest way to the app: `python app.py`."""

from vgan.cli import app

if __name__ == "__main__":
    app(["app"])
