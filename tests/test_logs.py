"""Log lines: events with known fields, as text or JSON, without the names of visitors' files."""

import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from vgan import logs
from vgan.errors import Cancelled, RecipeError
from vgan.ui.errors import say


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back as it was."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    with warnings.catch_warnings():
        yield logger
    logger.handlers[:], logger.level = handlers, level
    logging.captureWarnings(False)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_an_event_as_text(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("text")
    logs.event("render", seconds=1.23456, frames=30, look="silk", outcome="done", visitor=None)
    (line,) = lines(capsys)
    assert line.endswith("INFO vgan.events: render seconds=1.235 frames=30 look=silk outcome=done")


def test_an_event_as_json(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("json")
    logs.event("render", seconds=2.0, outcome="done")
    logging.getLogger("vgan.x").warning('two\nlines, and a "quote"')
    first, second = map(json.loads, lines(capsys))
    assert (first["event"], first["seconds"], first["outcome"], first["level"]) == ("render", 2.0, "done", "INFO")
    assert second["message"] == 'two\nlines, and a "quote"'
    assert {"time", "logger"} <= second.keys()


@pytest.mark.parametrize("field", ["path", "caption", "address", "recipe", "name"])
def test_no_other_fields(field: str) -> None:
    with pytest.raises(TypeError, match=field):
        logs.event("render", **{field: "x"})


@pytest.mark.parametrize("style", ["text", "json"])
def test_names_of_private_files_are_left_out(
    root: logging.Logger, capsys: pytest.CaptureFixture[str], style: str
) -> None:
    logs.set_up(style, [Path("/place/uploads")])
    try:
        raise OSError(2, "No such file", "/place/uploads/ab/our wedding \u5a5a\u793c.mp4")
    except OSError:
        logging.getLogger("vgan.x").exception("cannot read '/place/uploads/ab/our wedding.mp4': gone")
    said = capsys.readouterr().err
    assert "wedding" not in said
    assert "\u5a5a" not in said
    assert said.count(logs.HIDDEN) >= 2
    if style == "json":
        assert json.loads(said)["level"] == "ERROR"


def test_another_style_is_refused(root: logging.Logger) -> None:
    with pytest.raises(RecipeError, match=r"VGAN_LOG: .xml. is not known\. Allowed: auto, text, json"):
        logs.set_up("xml")


def test_an_unexpected_error_has_the_same_number_in_the_message_and_in_the_log(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up("text")
    text = say(ZeroDivisionError("secret words")).text
    number = text.split("number ")[1].rstrip(".")
    assert len(number) == 6
    assert "secret words" not in text
    said = capsys.readouterr().err
    assert f"number {number}" in said
    assert f"error kind=ZeroDivisionError request={number}" in said
    assert "secret words" in said  # for whoever runs the app


def test_a_refusal_is_an_event_without_its_words(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("text")
    say(RecipeError("caption: 'our wedding' is too long"))
    say(Cancelled("Stopped."))
    (line,) = lines(capsys)
    assert line.endswith("refusal kind=RecipeError")
