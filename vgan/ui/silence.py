"""Libraries that call home do not, while the app runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from huggingface_hub import constants

from vgan.settings import Settings

GRADIO = "GRADIO_ANALYTICS_ENABLED"  # it is read whenever something might be told


@contextmanager
def silent(settings: Settings) -> Iterator[None]:
    """No telemetry of Gradio and of the Hub's client; offline, nothing else of the Hub's client either: it asks the Hub
    on its own for a list of the programs that it may be called by."""
    before = os.environ.get(GRADIO), constants.HF_HUB_DISABLE_TELEMETRY, constants.HF_HUB_OFFLINE
    os.environ[GRADIO] = "False"
    constants.HF_HUB_DISABLE_TELEMETRY = True
    constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE or settings.offline
    try:
        yield
    finally:
        if before[0] is None:
            del os.environ[GRADIO]
        else:
            os.environ[GRADIO] = before[0]
        constants.HF_HUB_DISABLE_TELEMETRY, constants.HF_HUB_OFFLINE = before[1:]
