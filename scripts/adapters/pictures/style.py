"""Shared by all pictures: styles of shapes, one font, and sizes in millimetres.

Colour is never the only sign: each style has its own hatch and symbol, and the meaning is written beside the shape.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

MM_PER_INCH, POINTS_PER_INCH = 25.4, 72
DPI = 200
"""Dots to the inch of a PNG: sharp in print, and small enough for a mail."""

WIDTH = 170
"""The widest picture in millimetres: what is left of A4 between margins of 20."""

TITLE, TEXT, SMALL = 11, 8.3, 7.5
"""Sizes of type in points. The font is set to whole dots: a size just above a whole number of them is the narrowest."""

INK, PAPER, QUIET, LINE, WASH = "#0b0c0c", "#ffffff", "#505a5f", "#b1b4b6", "#f3f2f1"
"""Text, background, text that matters less, thin lines, and a pale background."""

_NOT_IN_FONT = "\N{WHITE SQUARE}"


@dataclass(frozen=True)
class ShapeStyle:
    """The style of a shape.

    fill: its colour, such as "#00703c"
    text: the colour of text on it, and of its hatch
    hatch: the pattern of its lines or dots, one of /, \\, x, -, |, + and ., or ""
    symbol: one character that is written beside it
    """

    fill: str
    text: str
    hatch: str
    symbol: str


STYLES: Mapping[str, ShapeStyle] = {
    "done": ShapeStyle("#00703c", PAPER, "", "\N{CHECK MARK}"),
    "done late": ShapeStyle("#8a5a00", PAPER, "/", "\N{CHECK MARK}"),
    "on track": ShapeStyle("#1d70b8", PAPER, "", "\N{BLACK RIGHT-POINTING TRIANGLE}"),
    "due soon": ShapeStyle("#ffdd00", INK, ".", "\N{BLACK UP-POINTING TRIANGLE}"),
    "due today": ShapeStyle("#f47738", INK, "\\", "\N{BLACK DIAMOND}"),
    "overdue": ShapeStyle("#b01c10", PAPER, "x", "\N{BALLOT X}"),
    "chase": ShapeStyle("#53579b", PAPER, "-", "\N{ENVELOPE}"),
    "check": ShapeStyle("#4c2c92", PAPER, "+", "?"),
    "paused": ShapeStyle("#b1b4b6", INK, "|", "\N{DOUBLE VERTICAL LINE}"),
    "waiting": ShapeStyle(WASH, INK, "", "\N{WHITE CIRCLE}"),
    "closed": ShapeStyle("#505a5f", PAPER, "", "\N{BLACK SQUARE}"),
}
"""The styles by their meaning. Fill and text have the contrast of WCAG AA; every shape also has an edge of INK."""


def font_file(*, bold: bool = False) -> Path:
    """Return the path of the font, which comes with matplotlib, so that it is the same on every computer."""
    import matplotlib

    return Path(matplotlib.get_data_path(), "fonts", "ttf", f"DejaVuSans{'-Bold' if bold else ''}.ttf")


@cache
def _characters(bold: bool) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(font_file(bold=bold)).get_charmap())


def shown(text: str, *, bold: bool = False) -> str:
    """Return `text` on one line as the font can draw it.

    A character that the font lacks becomes a square; control and other invisible characters are left out.
    """
    drawn = []
    for character in " ".join(text.split()):
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            continue
        drawn.append(character if ord(character) in _characters(bold) else _NOT_IN_FONT)
    return "".join(drawn)


@cache
def font(size: float, *, bold: bool = False) -> FreeTypeFont:
    """Return the font in `size` points, for Pillow. Its letters are set the same on every computer."""
    from PIL import ImageFont

    file = str(font_file(bold=bold))
    return ImageFont.truetype(file, size * DPI / POINTS_PER_INCH, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width in millimetres of one line of `text`, set in `size` points."""
    return font(size, bold=bold).getlength(shown(text, bold=bold)) / DPI * MM_PER_INCH


def wrapped(text: str, width: float, size: float, *, bold: bool = False, lines: int = 0) -> list[str]:
    """Return `text` in lines of at most `width` millimetres, set in `size` points.

    A word that is wider than a line is broken. `lines` is the most lines there may be (0: any number); text that does
    not fit on them is replaced by an ellipsis.
    """
    rows: list[str] = [""]
    for word in shown(text, bold=bold).split():
        for piece in _pieces(word, width, size, bold):
            longer = f"{rows[-1]} {piece}".strip()
            if not rows[-1] or width_of(longer, size, bold=bold) <= width:
                rows[-1] = longer
            else:
                rows.append(piece)
    if lines and len(rows) > lines:
        last = rows[lines - 1]
        while last and width_of(f"{last}…", size, bold=bold) > width:
            last = last[:-1]
        rows = [*rows[: lines - 1], f"{last.rstrip()}…"]
    return rows


def _pieces(word: str, width: float, size: float, bold: bool) -> Sequence[str]:
    pieces = []
    while len(word) > 1 and width_of(word, size, bold=bold) > width:
        fits = next(
            end for end in range(len(word) - 1, 0, -1) if end == 1 or width_of(word[:end], size, bold=bold) <= width
        )
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]


def line_height(size: float) -> float:
    """Return the distance in millimetres from one line of type in `size` points to the next."""
    return size * 1.25 / POINTS_PER_INCH * MM_PER_INCH
