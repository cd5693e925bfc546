"""SRT and WebVTT: read with patience, written exactly."""

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import RecipeError
from vgan.recipe_overlays import MAX_CUES, Cue
from vgan.text.subtitles import FORMATS, read_subtitles, write_subtitles

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Hello</i> {\\an8}you

2
00:00:03,040 --> 00:00:04,000
Two
lines
"""


def told(text: str | bytes) -> list[tuple[float, float | None, str]]:
    return [(cue.start, cue.end, cue.text) for cue in read_subtitles(text)]


EXPECTED = [(1.0, 2.5, "Hello you"), (3.04, 4.0, "Two\nlines")]


@pytest.mark.parametrize(
    "data",
    [
        SRT,
        SRT.replace("\n", "\r\n"),
        "\ufeff" + SRT,
        SRT.encode(),
        b"\xef\xbb\xbf" + SRT.encode(),
        SRT.encode("utf-16"),
        SRT.replace("1\n00", "00").replace("2\n00", "00"),  # no numbers
        SRT.replace("\n\n2\n", "\n2\n"),  # no empty line
        SRT.replace("\n\n2\n", "\n"),  # neither
        SRT.replace(",", "."),
        SRT.replace("00:00:", "00:"),
        SRT.replace(" --> ", "-->"),
        SRT.replace(" --> ", "  ->  "),
        "\n\n" + SRT.rstrip(),
    ],
)
def test_srt_as_it_comes(data: str | bytes) -> None:
    assert told(data) == EXPECTED


def test_webvtt_with_all_that_it_may_have() -> None:
    text = """WEBVTT - a title

STYLE
::cue { color: red }

NOTE 00:00 is not a time
of a cue

intro
00:01.000 --> 00:02.500 align:start position:10%
<v Roger><c.yellow>Hello</c> <00:01.500>you</v> &amp; <b>me</b> &lt;3

00:00:03.040 --> 00:00:04.000
- Two
- lines
"""
    assert told(text) == [(1.0, 2.5, "Hello you & me <3"), (3.04, 4.0, "- Two\n- lines")]


def test_order_overlap_and_nonsense() -> None:
    text = "".join(
        f"{times}\n{words}\n\n"
        for times, words in [
            ("00:00:05,000 --> 00:00:09,000", "late"),
            ("00:00:01,000 --> 00:00:06,000", "early"),
            ("00:00:03,000 --> 00:00:02,000", "backwards"),
            ("00:00:03,000 --> 00:00:03,000", "no time"),
            ("00:00:07,000 --> 00:00:08,000", "<b></b>"),
            ("99:99:99,999 --> 9999:00:00,000", "beyond"),
        ]
    )
    assert told(text) == [(1.0, 6.0, "early"), (5.0, 9.0, "late")]


def test_other_encodings_and_hostile_characters() -> None:
    assert told(SRT.replace("Two", "Zwölf").encode("cp1252"))[1][2] == "Zwölf\nlines"
    assert told(SRT.replace("Two", "T\x00w\u202eo"))[1][2] == "Two\nlines"
    assert told(SRT.replace("Two", "2 < 3 > 1 <3"))[1][2] == "2 < 3 > 1 <3\nlines"


@pytest.mark.parametrize("file_format", FORMATS)
def test_round_trip_is_exact_to_the_millisecond(file_format: str) -> None:
    rng, cues, start = random.Random(1), [], 0
    for number in range(300):
        start += rng.randint(1, 20_000)
        text = rng.choice(["Hello", "你好\n世界", "a & b", "مرحبا", "2 < 3", "&amp;"]) + f" {number}"
        cues.append(Cue(start=start / 1000, end=(start + rng.randint(1, 9000)) / 1000, text=text))
    assert read_subtitles(write_subtitles(cues, file_format)) == tuple(cues)
    assert read_subtitles(write_subtitles(cues, file_format).encode()) == tuple(cues)


def test_what_has_no_end_gets_one() -> None:
    assert "00:00:01,000 --> 00:00:08,000" in write_subtitles([Cue(start=1, text="a")], "srt", 8)
    assert "00:00:01,000 --> 00:00:06,000" in write_subtitles([Cue(start=1, text="a")], "srt")
    assert write_subtitles([Cue(start=1, text="a"), Cue(text=" ")], "vtt").startswith("WEBVTT\n\n1\n00:00:01.000 --> ")
    assert told(write_subtitles([Cue(end=1, text="a\n\n00:01 --> 00:02\n\nb")], "vtt"))[0][2].startswith("a")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "no lines with times"),
        ("no subtitles at all\n" * 1000, "no lines with times"),
        (b"\x00\xff" * 5000, "no lines with times"),
        ("<" * 1_000_000, "no lines with times"),
        ("0" * (5 << 20), "too large"),
        ("".join(f"00:00:{n % 60:02d},000 --> 00:01:00,000\nx\n\n" for n in range(MAX_CUES + 1)), "too many"),
    ],
)
def test_what_is_refused(data: str | bytes, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read_subtitles(data)


def test_enormous_cues_and_lines_are_bounded() -> None:
    (cue,) = read_subtitles("00:00:01,000 --> 00:00:02,000\n" + "<i" * 100_000 + "\n" + "W" * 100_000)
    assert len(cue.text) <= 2000
    assert told("00:00:01,000 --> 00:00:02,000" + " " * 100_000 + "x\nwords")[0][2] == "words"


def test_another_format_is_refused() -> None:
    with pytest.raises(RecipeError, match="Allowed: srt, vtt"):
        write_subtitles([Cue(text="a")], "ass")


def test_the_command_takes_subtitles_and_recipes(tmp_path: Path) -> None:
    srt, vtt, recipe = (tmp_path / name for name in ("in.srt", "out.vtt", "recipe.json"))
    srt.write_text(SRT, encoding="utf-8")
    assert CliRunner().invoke(app, ["captions", str(srt), "-o", str(vtt)]).exit_code == 0
    assert told(vtt.read_text(encoding="utf-8")) == EXPECTED
    cues = [{"start": 1, "end": 2.5, "text": "Hello you"}, {"start": 3.04, "end": 4, "text": "Two\nlines"}]
    recipe.write_text(json.dumps({"overlays": [{"kind": "captions", "cues": cues}, {"kind": "mark"}]}))
    assert told(CliRunner().invoke(app, ["captions", str(recipe)]).output) == EXPECTED


def test_the_command_refuses_what_has_no_words(tmp_path: Path) -> None:
    bare = tmp_path / "bare.json"
    bare.write_text("{}")
    for source, out, said in (
        (bare, "a.vtt", "no captions"),
        (bare, "a.txt", ".srt or .vtt"),
        (tmp_path / "b.srt", "a.srt", "exists"),
    ):
        done = CliRunner().invoke(app, ["captions", str(source), "-o", str(tmp_path / out)])
        assert done.exit_code in (1, 2)
        assert said in done.output
