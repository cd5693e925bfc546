"""The Space's entry, and the shortest way to the app: `python app.py`."""

import logging

from vgan.ui import launch

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    launch()
