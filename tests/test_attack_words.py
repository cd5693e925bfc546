"""Words and names that break out of where they are put: headers, tags of files, names in zips, scripts of pages."""

import re
import zipfile
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
import untrained
from attacked import API, App, upload
from attacks import LINES, MARKUP

from vgan.media.probe import recipe_of
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render
from vgan.settings import PROJECT, Settings
from vgan.ui.finished import file_name

pytest_plugins = ["attacked"]

NASTY = [
    *LINES,
    *MARKUP,
    "\n;FFMETADATA1\n[CHAPTER]\nSTART=0\nEND=9\ntitle=hit",
    "]]><hit/>",
    "--><hit>",
    "%(hit)s {hit} $hit",
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("weights")
    untrained.write(folder / "looks")
    return Models(Settings(offline=True, device="cpu", weights=folder))


@pytest.mark.parametrize("name", [*LINES, *MARKUP[:4], "a" * 300, "COM1", "a/../../b", "…mp4"], ids=repr)
def test_names_stay_in_their_header(app: App, visitor: httpx.Client, name: str) -> None:
    path = upload(visitor, f"{name}.mp4", b"content")
    for suffix in ("", "?download=1"):
        answer = visitor.get(f"{API}/file={path}{suffix}".replace("#", "%23"))
        assert answer.status_code in {200, 400, 403, 404}
        assert not {"x-hit"} & answer.headers.keys()
        assert "hit=1" not in answer.headers.get("set-cookie", "")
        assert not re.search(r"[\x00-\x1f]", answer.headers.get("content-disposition", ""))


@pytest.mark.parametrize("ending", ["mp4", "webm", "gif", "webp", "png"])
def test_words_stay_in_their_field(models: Models, tmp_path: Path, ending: str) -> None:
    """In the recipe that a clip carries: nothing of it becomes a tag, a chapter or a file of its own."""
    sentence = "".join(NASTY).replace("\x00", "")[:300]
    captions = [{"start": 0, "end": 0.5, "text": text.replace("\x00", "")[:200]} for text in NASTY]
    share = {"short_side": 144, "fps": 8, "aspect": "1:1", "format": ending}
    source = {"kind": "generate", "seconds": 0.5, "sentence": sentence}
    recipe = Recipe.parse({"source": source, "overlays": [{"kind": "captions", "cues": captions}], "share": share})
    suffix = ".zip" if ending == "png" else f".{ending}"
    out = render(recipe, models, tmp_path / f"out{suffix}").path
    assert recipe_of(out) == recipe
    if suffix == ".zip":
        with zipfile.ZipFile(out) as file:
            assert all(re.fullmatch(r"[\w.-]+", name) for name in file.namelist())
    elif ending != "webp":
        with av.open(str(out)) as file:
            tags = file.metadata.keys() | {key for stream in file.streams for key in stream.metadata}
            assert not {key for key in tags if "hit" in key.lower()}
            assert not file.chapters()


def test_names_of_finished_clips_are_plain() -> None:
    for name in (*LINES, *MARKUP, "../../etc/passwd", "a\\b\\c", ".hidden", "-rf"):
        raw: dict[str, Any] = {"source": {"kind": "upload", "path": f"/x/{name.replace(chr(0), '')}.mp4"}}
        made = file_name(Recipe.parse(raw))
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*\.mp4", made), made


def test_scripts_put_no_words_of_others_into_markup() -> None:
    """What is set as markup is written in the script itself; the one card of a model is cleaned by the server."""
    constant = re.compile(
        r"""innerHTML = (?:'[^']*'|[A-Z]+|icon\(\S+\)|`[^`$]*(?:\$\{(?:ICONS|GLYPHS)\[[^`]*\}[^`$]*)?`);"""
    )
    strange = []
    for script in sorted((PROJECT / "vgan" / "ui" / "web").glob("*.js")):
        text = script.read_text(encoding="utf-8")
        for line in text.splitlines():
            if "innerHTML =" in line and not constant.search(line) and "card.innerHTML = more.card;" not in line:
                strange.append(f"{script.name}: {line.strip()}")
        assert not re.search(r"outerHTML =|insertAdjacentHTML|document\.write|\beval\(|new Function", text), script.name
    assert strange == []
