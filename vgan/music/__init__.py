"""Listens to music, so that it can move the picture: when beats and sounds come, and how strong each moment is."""

from vgan.music.analysis import Music, analyse
from vgan.music.bars import snap
from vgan.music.curves import curve, cuts
from vgan.music.summary import summary

__all__ = ["Music", "analyse", "curve", "cuts", "snap", "summary"]
