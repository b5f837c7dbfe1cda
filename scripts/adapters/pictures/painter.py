"""Boxes, bars, lines and texts on one picture, all in millimetres from its top left corner.

Line widths and sizes of type are in points. Pillow draws: so many texts took matplotlib five times as long.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Literal

from PIL import Image, ImageDraw

from scripts.adapters.pictures.style import (
    DPI,
    INK,
    MM_PER_INCH,
    PAPER,
    POINTS_PER_INCH,
    ShapeStyle,
    font,
    shown,
)

Point = tuple[float, float]
Side = Literal["left", "middle", "right"]

# The dashes and gaps of a broken line, in millimetres.
_BROKEN = (1.0, 1.2)
# The edge and the hatch of a bar, in points, and the distance between the lines of the hatch, in millimetres.
_THIN, _HATCH = 0.6, 1.06
_MM = MM_PER_INCH / POINTS_PER_INCH
_DOTS = DPI / MM_PER_INCH
# Slanted edges are drawn so many times larger and then made smaller, which smooths them.
_SMOOTH = 4
# What the characters of a hatch stand for.
_STROKES = {"x": "/\\", "+": "-|"}
_ANCHORS = {"left": "ls", "middle": "ms", "right": "rs"}


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line is drawn: its colour, its `width` in points, and whether it is broken into dashes."""

    colour: str
    width: float
    broken: bool = False


class Painter:
    """A picture `width` by `height` millimetres."""

    def __init__(self, width: float, height: float) -> None:
        """Start an empty white picture."""
        self._picture = Image.new("RGB", (int(width * _DOTS), int(height * _DOTS)), PAPER)
        self._draw = ImageDraw.Draw(self._picture)

    def png(self) -> bytes:
        """Return the picture as a PNG file. The same picture gives the same bytes on every run."""
        file = io.BytesIO()
        # Packed less tightly than by default, in half the time: the file grows by a twentieth at most.
        self._picture.save(file, "PNG", dpi=(DPI, DPI), compress_level=2)
        return file.getvalue()

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, edge: Pen | None = None) -> None:
        """Draw a rectangle with its top left corner at `x`, `y`; `fill` is a colour or “none”."""
        if fill != "none":
            self._fill(x, y, x + width, y + height, fill)
        if edge:
            corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y))
            self.path(corners, edge)

    def bar(self, x: float, y: float, width: float, height: float, style: ShapeStyle) -> None:
        """Draw a rectangle in that style, with its hatch."""
        self._fill(x, y, x + width, y + height, style.fill)
        if style.hatch:
            (left, top), (right, bottom) = _dots(x, y), _dots(x + width, y + height)
            self._picture.paste(style.text, (left, top), _hatched(style.hatch, (right - left, bottom - top)))
        self.box(x, y, width, height, fill="none", edge=Pen(INK, _THIN))

    def path(self, points: Sequence[Point], pen: Pen) -> None:
        """Draw a line through `points`."""
        width = max(round(pen.width * _MM * _DOTS), 1)
        before = width // 2
        for start, end in _dashes(points) if pen.broken else pairwise(points):
            (x, y), (to_x, to_y) = _dots(*start), _dots(*end)
            if x == to_x or y == to_y:
                left, right, top, bottom = min(x, to_x), max(x, to_x), min(y, to_y), max(y, to_y)
                corner = (left - before, top - before)
                self._draw.rectangle((*corner, right - before + width - 1, bottom - before + width - 1), pen.colour)
            else:
                self._draw.line((x, y, to_x, to_y), pen.colour, width)

    def shape(self, points: Sequence[Point], *, fill: str) -> None:
        """Fill the area between `points`."""
        across, down = zip(*points, strict=True)
        left, top = _dots(min(across), min(down))
        size = (int(max(across) * _DOTS) - left + 2, int(max(down) * _DOTS) - top + 2)
        mask = Image.new("L", (size[0] * _SMOOTH, size[1] * _SMOOTH))
        corners = [((x * _DOTS - left) * _SMOOTH, (y * _DOTS - top) * _SMOOTH) for x, y in points]
        ImageDraw.Draw(mask).polygon(corners, fill=255)
        self._picture.paste(fill, (left, top), mask.reduce(_SMOOTH))

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: str, side: Side = "middle", bold: bool = False
    ) -> None:
        """Write one line of text in the middle of `y`; `side` says which part of it is at `x`."""
        # Placed by its baseline and not by its middle, so that lines with and without tall letters are level.
        baseline = y + size * _MM * 0.36
        self._draw.text(
            (x * _DOTS, baseline * _DOTS),
            shown(text, bold=bold),
            fill=colour,
            font=font(size, bold=bold),
            anchor=_ANCHORS[side],
        )

    def _fill(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Fill a rectangle, to whole dots and at least one."""
        (x, y), (to_x, to_y) = _dots(left, top), _dots(right, bottom)
        self._draw.rectangle((x, y, max(to_x - 1, x), max(to_y - 1, y)), colour)


def _dots(x: float, y: float) -> tuple[int, int]:
    return round(x * _DOTS), round(y * _DOTS)


def _dashes(points: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """Yield the beginning and the end of each dash of a broken line; each stretch of the line begins with one."""
    for (x, y), (to_x, to_y) in pairwise(points):
        length, at = hypot(to_x - x, to_y - y), 0.0
        while at < length:
            end = min(at + _BROKEN[0], length)
            across, down = (to_x - x) / length, (to_y - y) / length
            yield (x + across * at, y + down * at), (x + across * end, y + down * end)
            at += sum(_BROKEN)


def _hatched(character: str, size: tuple[int, int]) -> Image.Image:
    """Return a mask of that size with the lines or dots of a hatch."""
    wide, tall = (dots * _SMOOTH for dots in size)
    mask = Image.new("L", (wide, tall))
    draw, step, width = ImageDraw.Draw(mask), _HATCH * _DOTS * _SMOOTH, round(_THIN * _MM * _DOTS * _SMOOTH)
    across = [step * (number + 0.5) for number in range(-int(tall / step) - 1, int(wide / step) + 1)]
    down = [step * (number + 0.5) for number in range(int(tall / step) + 1)]
    for stroke in _STROKES.get(character, character):
        if stroke in "/\\":
            ends = (tall, 0) if stroke == "/" else (0, tall)
            for x in across:
                draw.line((x, ends[0], x + tall, ends[1]), fill=255, width=width)
        elif stroke == "|":
            for x in across:
                draw.line((x, 0, x, tall), fill=255, width=width)
        elif stroke == "-":
            for y in down:
                draw.line((0, y, wide, y), fill=255, width=width)
        else:
            for x in across:
                for y in down:
                    draw.ellipse((x - width, y - width, x + width, y + width), fill=255)
    return mask.reduce(_SMOOTH)
