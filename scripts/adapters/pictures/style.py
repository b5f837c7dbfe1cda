"""What all pictures share: the looks of good and bad news, one font, sizes in millimetres, the same bytes on every run.

A picture is drawn inside `drawing`, on a `figure` or a `sheet`, and saved by `png`:

    @drawing()
    def chart() -> bytes:
        figure, axes = sheet(170, 40)
        axes.text(5, 5, shown("CI-2026-001"), size=TEXT)
        return png(figure)

Meaning is never in colour alone: every look has a hatch and a symbol of its own beside it, and whoever draws one says
in words what it stands for. matplotlib's pyplot is not used: it keeps state between pictures and may ask for a screen.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ft2font import FT2Font

MM_PER_INCH, POINTS_PER_INCH = 25.4, 72
DPI = 200
"""Dots to the inch of a PNG: sharp in print, and small enough for a mail."""

WIDTH = 170
"""The widest picture in millimetres: what is left of A4 between margins of 20."""

TITLE, TEXT, SMALL = 11, 8.5, 7.5
"""Sizes of type in points."""

INK, PAPER, QUIET, LINE, WASH = "#0b0c0c", "#ffffff", "#505a5f", "#b1b4b6", "#f3f2f1"
"""Text, background, text that matters less, thin lines, and a background that stands back."""

_NOT_IN_FONT = "\N{WHITE SQUARE}"


@dataclass(frozen=True)
class Look:
    """How one kind of news looks: what a shape is filled with, the text upon it, its hatch and its symbol."""

    fill: str
    text: str
    hatch: str
    symbol: str


LOOKS: Mapping[str, Look] = {
    "done": Look("#00703c", PAPER, "", "\N{CHECK MARK}"),
    "done late": Look("#8a5a00", PAPER, "////", "\N{CHECK MARK}"),
    "on track": Look("#1d70b8", PAPER, "", "\N{BLACK RIGHT-POINTING TRIANGLE}"),
    "due soon": Look("#ffdd00", INK, "....", "\N{BLACK UP-POINTING TRIANGLE}"),
    "due today": Look("#f47738", INK, "\\\\\\\\", "\N{BLACK DIAMOND}"),
    "overdue": Look("#b01c10", PAPER, "xxxx", "\N{BALLOT X}"),
    "chase": Look("#53579b", PAPER, "----", "\N{ENVELOPE}"),
    "check": Look("#4c2c92", PAPER, "++++", "?"),
    "waiting": Look(WASH, INK, "", "\N{WHITE CIRCLE}"),
    "closed": Look("#505a5f", PAPER, "", "\N{BLACK SQUARE}"),
}
"""The looks by what they say. Fill and text are far enough apart for WCAG AA; every shape has an edge of INK too."""


def patch(look: Look) -> dict[str, Any]:
    """What makes a shape of matplotlib's have the look: `Rectangle(place, width, height, **patch(look))`."""
    return {
        "facecolor": look.fill,
        "edgecolor": INK,
        "linewidth": 0.6,
        "hatch": look.hatch,
        "hatchcolor": look.text,
    }


@contextmanager
def drawing() -> Iterator[None]:
    """Within it matplotlib draws as it does on every computer, whatever its settings on this one; also a decorator.

    Text in it is text: a dollar sign starts no formula.
    """
    from matplotlib import style

    # Set over the defaults, since the computer may have a matplotlibrc of its own.
    ours = {"text.parse_math": False, "hatch.linewidth": 0.6, "font.family": "DejaVu Sans"}
    with style.context(["default", ours]):
        yield


def figure(width: float, height: float) -> Figure:
    """An empty white picture, `width` by `height` millimetres, that needs no screen."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    empty = Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(empty)
    return empty


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """A picture as in `figure` with axes all over it that count millimetres from the top left corner."""
    whole = figure(width, height)
    axes = whole.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    return whole, axes


def png(picture: Figure) -> bytes:
    """The picture as a PNG file. The same picture gives the same bytes: no date and no version is in it."""
    file = io.BytesIO()
    picture.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def font_file(*, bold: bool = False) -> Path:
    """The font of all pictures. It comes with matplotlib, so that a picture looks the same on every computer."""
    import matplotlib

    return Path(matplotlib.get_data_path(), "fonts", "ttf", f"DejaVuSans{'-Bold' if bold else ''}.ttf")


@cache
def _font(bold: bool) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    return FT2Font(font_file(bold=bold))


@cache
def _characters(bold: bool) -> frozenset[int]:
    return frozenset(_font(bold).get_charmap())


def shown(text: str, *, bold: bool = False) -> str:
    """`text` as the font can draw it, on one line: a square for a character it lacks, none for one that is no sign."""
    drawn = []
    for character in " ".join(text.split()):
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            continue
        drawn.append(character if ord(character) in _characters(bold) else _NOT_IN_FONT)
    return "".join(drawn)


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide one line of `text` is in millimetres, set in `size` points."""
    font = _font(bold)
    font.set_size(size, DPI)
    font.set_text(shown(text, bold=bold), 0.0)
    pixels: float = font.get_width_height()[0] / 64
    return pixels / DPI * MM_PER_INCH


def wrapped(text: str, width: float, size: float, *, bold: bool = False, lines: int = 0) -> list[str]:
    """`text` in lines of at most `width` millimetres, set in `size` points.

    A word that is wider than a line is broken. With `lines`, what does not fit on so many is left out, and an
    ellipsis says so.
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
    """From one line of type in `size` points to the next, in millimetres."""
    return size * 1.25 / POINTS_PER_INCH * MM_PER_INCH
