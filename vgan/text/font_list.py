"""The fonts that ship, by name: all that a recipe needs to know of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FontRow:
    """One font that ships.

    leading: from one line to the next, in sizes. zoom: what makes its letters look as large as those of the others.
    serif, bold: what a font that stands in for it should be like.
    """

    title: str
    file: str
    leading: float = 1.2
    zoom: float = 1.0
    serif: bool = False
    bold: bool = True


FONTS: dict[str, FontRow] = {
    "sans": FontRow("Clean (Inter Bold)", "Inter-Bold.ttf", 1.18),
    "wide": FontRow("Wide (Montserrat ExtraBold)", "Montserrat-ExtraBold.ttf", 1.16),
    "condensed": FontRow("Tall (Anton)", "Anton-Regular.ttf", 1.22),
    "serif": FontRow("Serif (Playfair Display Bold)", "PlayfairDisplay-Bold.ttf", 1.18, serif=True),
    "rounded": FontRow("Rounded (Fredoka SemiBold)", "Fredoka-SemiBold.ttf", 1.14),
    "hand": FontRow("Handwritten (Caveat Bold)", "Caveat-Bold.ttf", 1.12, zoom=1.24),
    "script": FontRow("Script (Great Vibes)", "GreatVibes-Regular.ttf", 1.3, zoom=1.3, serif=True, bold=False),
    "mono": FontRow("Typewriter (JetBrains Mono Bold)", "JetBrainsMono-Bold.ttf", 1.25),
}
OWN = FontRow("A font of one's own", "")


def is_file(font: str) -> bool:
    """Whether a font's name is that of a file, and not of the list."""
    return "/" in font or "\\" in font or "." in font
