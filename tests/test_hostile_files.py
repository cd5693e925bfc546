"""Bombs, disguised files and files that point elsewhere, as uploads: read or refused in a sentence, nothing fetched."""

import gzip
import json
import pickle
import re
import socket
import threading
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgan import bench_hostile, hostile_bombs
from vgan.bench_hostile import ROADS
from vgan.errors import MediaError, VganError
from vgan.hostile_bombs import BOMBS, mp4, png, write
from vgan.hostile_files import SPOILS, spoiled
from vgan.media import reader
from vgan.media.probe import probe, recipe_of, said_in
from vgan.settings import PROJECT
from vgan.text.fonts import find_font

VIDEOS = PROJECT.parent / "shared" / "data" / "video"


@pytest.fixture(autouse=True)
def smaller(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Bombs of a size that suits a test: the limits are as they are."""
    monkeypatch.setattr(hostile_bombs, "ZEROS", 64 << 20)
    yield
    assert not bench_hostile.still_there()


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A web server of this machine's, and what it was asked for."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    one, _ = server.accept()
                except TimeoutError:
                    continue
                with one:
                    asked.append(one.recv(1000))

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], asked
        over.set()
        thread.join()


def roads(path: Path) -> dict[str, str]:
    """What each of the app's roads makes of the file: "" where it is read, else the sentence."""
    said = {}
    for name, ask in ROADS.items():
        try:
            ask(path)
            said[name] = ""
        except VganError as error:
            said[name] = str(error)
    assert all(len(one) < 500 for one in said.values()), "sentences, not dumps"
    assert all(one.isprintable() for one in said.values())
    return said


QUICK = [name for name in BOMBS if name not in {"frames.gif", "comment.mp4", "keyless.mp4", "deep.png", "zeros.png"}]


@pytest.mark.parametrize("name", QUICK)
def test_bombs(tmp_path: Path, name: str) -> None:
    path = write(name, tmp_path)
    roads(path)
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["huge.png", "huge.jpg", "huge.gif", "huge.webp", "huge.tiff", "huge.avif"])
def test_a_picture_that_claims_too_much_is_refused_by_its_size(tmp_path: Path, name: str) -> None:
    path = write(name, tmp_path)
    said = roads(path)
    assert said["facts"]
    assert said["frames"]
    assert said["picture"]
    if name.endswith(("png", "jpg", "gif", "webp")):
        assert re.search(r"VGAN_MAX_PIXELS|too large|cannot be read", said["facts"])


def test_frames_that_are_only_claimed_are_not_counted(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(mp4(3_000_000))
    facts = reader.facts(tmp_path / "a.mp4")
    assert len(facts.times) < 10
    assert sum(1 for _ in reader.frames(tmp_path / "a.mp4")) < 10


def tricks(port: int, private: Path) -> dict[str, bytes]:
    """Files that name other files and addresses, as each format can."""
    url, file = f"http://127.0.0.1:{port}/x", f"file:{private}"
    refers = hostile_bombs.box(b"url ", b"\0\0\0\0", url.encode(), b"\0")
    alias = hostile_bombs.box(b"alis", b"\0\0\0\0", b"\0" * 10, str(private).encode().ljust(140, b"\0"))
    reference = b"\0\0\0\0url " + len(url).to_bytes(4, "big") + url.encode()
    for name in (b"rdrf", b"rmda", b"rmra", b"moov"):
        reference = hostile_bombs.box(name, reference)
    return {
        "hls.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{url}.ts\n#EXT-X-ENDLIST\n".encode(),
        "hls-local.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{private}\n#EXT-X-ENDLIST\n".encode(),
        "hls-concat.mp4": f"#EXTM3U\n#EXTINF:5,\nconcat:{url}|{file}\n#EXT-X-ENDLIST\n".encode(),
        "hls-key.ts": f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{url}"\n#EXTINF:5,\na.ts\n'.encode(),
        "hls-map.mp4": f'#EXTM3U\n#EXT-X-MAP:URI="{url}"\n#EXTINF:5,\n{url}\n'.encode(),
        "list.ffconcat": f"ffconcat version 1.0\nfile {url}\nfile '{private}'\n".encode(),
        "list.mp4": f"ffconcat version 1.0\nfile '{private}'\n".encode(),
        "dash.mpd": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
        f'<AdaptationSet><Representation id="1" mimeType="video/mp4"><BaseURL>{url}</BaseURL></Representation>'
        f"</AdaptationSet></Period></MPD>".encode(),
        "smooth.ismc": f'<SmoothStreamingMedia><StreamIndex Url="{url}"/></SmoothStreamingMedia>'.encode(),
        "session.sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n".encode(),
        "sub.srt": f"1\n00:00:00,000 --> 00:00:05,000\n<img src='{url}'>\n".encode(),
        "sub.ass": f"[Script Info]\nVideo File: {private}\nAudio File: {url}\n[Events]\n".encode(),
        "graph.txt": f"movie={private} [out0]; subfile,,start,0,end,100,,:{private}".encode(),
        "drawing.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>'.encode(),
        "drawing.png": f'<?xml version="1.0"?><svg><image xlink:href="{url}"/></svg>'.encode(),
        "entity.xml": f'<!DOCTYPE a [<!ENTITY b SYSTEM "{file}">]><a>&b;</a>'.encode(),
        "refers.mov": mp4(1, reference=refers),
        "alias.mov": mp4(1, reference=alias),
        "reference.mov": reference,
        "asx.wmv": f'<ASX version="3"><Entry><Ref href="{url}"/></Entry></ASX>'.encode(),
        "redirect.asf": f"[Reference]\nRef1={url}\n".encode(),
        "play.pls": f"[playlist]\nFile1={url}\nNumberOfEntries=1\n".encode(),
        "avisynth.avs": f'AviSource("{private}")'.encode(),
        "frames%03d.png": b"%d",
        "image2.jpg": f"-i {url}".encode(),
    }  # fmt: skip


def test_no_file_makes_the_app_fetch_or_open_another(tmp_path: Path, listener: tuple[int, list[bytes]]) -> None:
    port, asked = listener
    private = tmp_path / "private.png"
    Image.new("RGB", (37, 29), (1, 2, 3)).save(private)
    (tmp_path / "up").mkdir()
    for name, data in tricks(port, private).items():
        path = tmp_path / "up" / name
        path.write_bytes(data)
        said = roads(path)
        if said["facts"] == "":
            assert reader.facts(path).size != (37, 29), name
        if name not in {"refers.mov", "alias.mov"}:  # that one has frames of its own, which may be read
            assert said["facts"], name
            assert said["frames"], name
    assert asked == []


PIXELS = zlib.compress(bytes(49 * 16))
PICTURE = png((b"IDAT", PIXELS))
DISGUISED = {
    "html.png": PICTURE + b"<html><script>alert(1)</script>",
    "head.png": b"<html>" + PICTURE,
    "php.jpg": hostile_bombs.jpeg((16, 16)) + b"<?php system('id'); ?>",
    "program.mp4": b"MZ\x90\0" + bytes(4096),
    "elf.mp4": b"\x7fELF\x02\x01\x01" + bytes(4096),
    "paper.mp4": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF",
    "pickle.mp4": pickle.dumps({"a": 1}),
    "script.gif": b"#!/bin/sh\nid\n",
    "gif.png": hostile_bombs.gif(2, (16, 16)),
    "empty.mp4": b"",
    "byte.mp4": b"\0",
    "riff.webp": b"RIFF\x04\0\0\0WEBP",
    "ftyp.mp4": b"\0\0\0\x08ftyp",
    "gzip.mp4": gzip.compress(bytes(1 << 20)),
}


@pytest.mark.parametrize("name", DISGUISED)
def test_disguised_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(DISGUISED[name])
    said = roads(path)
    read = name in {"html.png", "php.jpg", "gif.png"}  # pictures with something behind them, which nobody looks at
    assert (said["facts"] == "") is read
    if read:
        assert reader.facts(path).size == (16, 16)


def test_a_clip_that_is_an_archive_too_is_a_clip(tmp_path: Path) -> None:
    path = tmp_path / "both.mp4"
    path.write_bytes(mp4(1))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("recipe.json", "{}")
    assert reader.facts(path).size == (64, 64)
    assert recipe_of(path) is None


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_archives_that_unfold_to_far_more(tmp_path: Path) -> None:
    zeros = bytes(256 << 20)
    files = [
        zip_of(tmp_path / "picture.zip", {"0001.png": zeros}),
        zip_of(tmp_path / "recipe.zip", {"0001.png": PICTURE, "recipe.json": zeros}),
        zip_of(tmp_path / "names.zip", {f"{n:06d}.png": b"" for n in range(20_000)}),
        zip_of(tmp_path / "paths.zip", {"../../evil.png": PICTURE, "/etc/evil.png": PICTURE}),
    ]
    overlapping = zip_of(tmp_path / "lies.zip", {"a.png": PICTURE, "b.png": PICTURE})
    data = overlapping.read_bytes()
    place = data.rindex(b"PK\x01\x02") + 42
    overlapping.write_bytes(data[:place] + b"\0\0\0\0" + data[place + 4 :])
    for path in (*files, overlapping):
        roads(path)
    assert recipe_of(tmp_path / "recipe.zip") is None
    assert probe(tmp_path / "paths.zip").frames == 2
    assert not (tmp_path.parent / "evil.png").exists()
    assert {path.suffix for path in tmp_path.iterdir()} == {".zip"}


def test_a_text_of_a_picture_goes_no_further_than_its_bound(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png((b"tEXt", b"comment\0" + b"[" * 500_000), (b"IDAT", PIXELS)))
    assert recipe_of(tmp_path / "a.png") is None
    xmp = b"XML:com.adobe.xmp\0\0\0\0\0<!DOCTYPE a [<!ENTITY b 'b'>]><a>&b;</a>"
    (tmp_path / "b.png").write_bytes(png((b"iTXt", xmp), (b"IDAT", PIXELS)))
    with pytest.raises(VganError, match=r"^b\.png: its XMP declares a document type"):
        said_in(tmp_path / "b.png")


def test_spoiling_is_the_same_for_the_same_seed_and_every_way_spoils() -> None:
    data = mp4(3) * 4
    assert spoiled("a", data, [data], 5) == spoiled("a", data, [data], 5)
    assert len({spoiled("a", data, [data[::-1]], seed) for seed in range(40)}) > 35
    for name, spoil in SPOILS.items():
        changed = 0
        for seed in range(20):
            copy = bytearray(data)
            spoil(copy, np.random.default_rng(seed), [data[::-1]])
            changed += bytes(copy) != data
        assert changed > 10, name


def test_the_bench_counts_and_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_hostile, "BOMBS", {"huge.png": BOMBS["huge.png"], "a.mp4": lambda: mp4(3)})
    monkeypatch.setattr(bench_hostile, "STEP", 4)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.gif").write_bytes(hostile_bombs.gif(3, (16, 16)))
    (tmp_path / "data" / "b.png").write_bytes(PICTURE)
    progress = tmp_path / "progress.json"
    first = bench_hostile.bench_hostile(tmp_path / "data", 7, 2, progress).total
    assert first.files == 2 + 2 * 8
    assert first.read + first.refused == first.files
    assert (first.wrong, first.crashed, first.late) == ({}, 0, 0)
    assert 20 < first.megabytes < 500
    assert json.loads(progress.read_text())["a.gif"]["files"] == 8
    again = bench_hostile.bench_hostile(tmp_path / "data", 11, 2, progress)
    assert again.total.files == 2 + 2 * 12
    assert again.left == []
    assert "errors that should not be   0" in bench_hostile.table(again)


@pytest.mark.skipif(not VIDEOS.is_dir(), reason="the real clips are not here")
def test_real_clips_spoiled(tmp_path: Path) -> None:
    """A sample: all of them, a thousand times each, is `python -m vgan bench hostile`."""
    paths = sorted(path for path in VIDEOS.rglob("*") if path.is_file() and path.stat().st_size < 200_000)
    others = [path.read_bytes() for path in paths]
    for index, path in enumerate(paths):
        for seed in (index + 1, index + 1001):
            data = spoiled(path.name, others[index], others, seed)
            tally = bench_hostile._tried(data, tmp_path, path.name, seed)
            assert (tally.wrong, tally.crashed, tally.late) == ({}, 0, 0)
    assert list(tmp_path.iterdir()) == []


def test_spoiled_fonts_are_refused_or_used(tmp_path: Path) -> None:
    data = (PROJECT / "assets" / "fonts" / "Anton-Regular.ttf").read_bytes()
    read, refused = 0, list[str]()
    for seed in range(60):
        path = tmp_path / f"{seed}.ttf"
        path.write_bytes(spoiled("a.ttf", data, [data], seed + 1))
        try:
            read += find_font(str(path)).unit > 0
        except MediaError as error:
            refused.append(str(error))
    assert read
    assert len(refused) == 60 - read > 0
    assert all("font" in said for said in refused)
