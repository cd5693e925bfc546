"""XMP in files: any text, as others write it, and damaged."""

from pathlib import Path

import numpy as np
import pytest
from clips import models, waves
from PIL import Image
from told_files import LIMIT_SECONDS, WORDS, commented, opened, plain, written

from vgan.errors import MediaError, RecipeError
from vgan.media import guard, xmp
from vgan.media.embed import append_webp_metadata, append_xmp_box
from vgan.media.probe import probe, recipe_of
from vgan.media.raw.look import said_in as child_said_in
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render
from vgan.share.formats import FORMATS
from vgan.share.provenance import (
    SOURCE_TYPE,
    TRAINED,
    credits_of,
    disclosed,
    discloses,
    embedded,
)

__all__ = ["models", "waves"]  # fixtures


def test_xmp_holds_any_text() -> None:
    said: dict[str, xmp.Value] = {"dc:title": "".join(WORDS), "vgan:Sources": [{"vgan:name": text} for text in WORDS]}
    found = xmp.read(xmp.packet(said))
    assert isinstance(found["dc:title"], str)
    for text in ("你好", "مرحبا", "👨‍👩‍👧‍👦", "<xml attr='1'>&amp; ]]>"):
        assert text in found["dc:title"]
    assert len(found["vgan:Sources"]) == len(WORDS)


def test_xmp_as_others_write_it() -> None:
    other = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Other"><!-- a remark -->
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" i:DigitalSourceType="{TRAINED}"/>
    <rdf:Description xmlns:v="urn:vgan-studio:provenance#"><v:Sources><rdf:Bag><rdf:li>
    <rdf:Description v:name="a" v:maySell="perhaps"/></rdf:li></rdf:Bag></v:Sources></rdf:Description>
    </rdf:RDF></x:xmpmeta>"""
    found = xmp.read(other.encode() + b"\x00\x00")
    assert found[SOURCE_TYPE] == TRAINED
    assert found["vgan:Sources"] == [{"vgan:name": "a", "vgan:maySell": "perhaps"}]


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">' + "".join(
    f'<!ENTITY b{index} "{f"&b{index - 1 or str()};" * 10}">' for index in range(1, 9)
)


@pytest.mark.parametrize(
    "content",
    [
        b"no xml",
        b"<a>",
        BOMB.encode() + b"]><a>&b8;</a>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        (BOMB + "]><a>&b8;</a>").encode("utf-16"),
        b"<a>" * 60_000,
        b"\xff\xfe\x00",
        b" " * (xmp.LONGEST + 1),
    ],
)
def test_xmp_that_is_none(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(MediaError, match="its XMP"):
        xmp.read(content)
    path = commented(tmp_path / "a.mp4", embedded(Recipe()).comment)
    append_xmp_box(path, content)
    guard.warm()
    with opened() as seen:
        assert recipe_of(path) == Recipe()
        with pytest.raises(MediaError, match=r"^a\.mp4: its XMP"):
            disclosed(path)
        with pytest.raises(MediaError, match=r"^a\.mp4: its XMP"):
            child_said_in(path)
    assert set(seen) <= {str(path)}
    assert discloses(path) is False, "it has a recipe of a look, and says nothing"


def test_boxes_that_claim_any_size(tmp_path: Path) -> None:
    path = commented(tmp_path / "a.mp4", "")
    whole = path.read_bytes()
    for tail in (
        b"\xff\xff\xff\xffuuid",
        b"\x00\x00\x00\x01uuid" + b"\xff" * 8,
        b"\x00\x00\x00\x04uuid",
        b"\x00\x00\x00\x00uuid",
    ):
        path.write_bytes(whole + tail)
        assert disclosed(path) is None
        path.write_bytes(tail[:4] + b"ftyp" + whole)
        assert disclosed(path) is None


@pytest.mark.timeout(3 * LIMIT_SECONDS)
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("file_format", FORMATS)
def test_metadata_with_wrong_bytes_in_it(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    """Whatever it is, it is refused by the file's name, or passed over; and soon."""
    render(plain(written(format=file_format)), models, tmp_path / "clip")
    whole, damaged = (tmp_path / "clip").read_bytes(), tmp_path / "damaged"
    places = [
        whole.find(mark) for mark in (b"xpacket", b'{"version', b"EXIF", b"XMP ", b"uuid", b"moov", b"PK\x01\x02")
    ]
    rng = np.random.default_rng(0)
    for _ in range(40):
        noisy = bytearray(whole)
        for place in rng.choice([place for place in places if place >= 0], 6):
            noisy[min(len(noisy) - 1, place + int(rng.integers(0, 200)))] = int(rng.integers(0, 256))
        damaged.write_bytes(noisy[: len(noisy) - int(rng.integers(0, 2) * rng.integers(1, 3000))])
        for look in (recipe_of, disclosed, credits_of):
            said = ""
            try:
                look(damaged)
            except RecipeError:
                continue
            except MediaError as error:
                said = str(error)
            assert not said or said.startswith("damaged: ")


@pytest.mark.parametrize("still", [False, True], ids=["clip", "still"])
def test_xmp_in_a_webp_of_any_kind(tmp_path: Path, still: bool) -> None:
    path, said = tmp_path / "a.webp", embedded(Recipe())
    pictures = [Image.new("RGB", (9, 7), (80 * index, 0, 0)) for index in range(1 if still else 3)]
    pictures[0].save(path, save_all=not still, append_images=pictures[1:])
    append_webp_metadata(path, said.comment, said.xmp)
    assert (disclosed(path), recipe_of(path), probe(path).frames) == (TRAINED, Recipe(), len(pictures))
    with Image.open(path) as picture:
        assert picture.info["xmp"] == said.xmp, "as Pillow reads it"
