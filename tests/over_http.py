"""The app as others reach it: a fixture for tests of its endpoints, on the studio of the test's own `settings`."""

from collections.abc import Iterator

import pytest
from gradio_client import Client

from vgan import ui
from vgan.settings import Settings


@pytest.fixture(scope="module")
def web(settings: Settings) -> Iterator[Client]:
    """A client of the app, which runs until the module's tests are over."""
    app, url, _ = ui.launch(settings, prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", mcp_server=False)
    try:
        yield Client(url, verbose=False)
    finally:
        app.blocks.close()
