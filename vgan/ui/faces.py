"""Fonts for the page: of each only the letters that are shown there, so that all of them together are small."""

import base64
from collections.abc import Mapping

import uharfbuzz as hb

from vgan.text.font_list import FONTS
from vgan.text.fonts import FOLDER


def faces(said: Mapping[str, str]) -> dict[str, str]:
    """Of each font of FONTS that `said` names, a data: address with the letters of its text; '' where it has none."""
    return {name: _face(FONTS[name].file, text) for name, text in said.items()}


def _face(file: str, text: str) -> str:
    path = FOLDER / file
    if not path.is_file():
        return ""
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).update(ord(letter) for letter in text)
    wanted.flags = hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NO_HINTING
    cut = hb.subset(hb.Face(hb.Blob.from_file_path(str(path))), wanted)
    return "data:font/ttf;base64," + base64.b64encode(cut.blob.data).decode()
