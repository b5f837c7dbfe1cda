"""Boxes, bars, lines and texts on one picture, all in millimetres from its top left corner.

Line widths and sizes of type are in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scripts.adapters.pictures.style import (
    MM_PER_INCH,
    PAPER,
    POINTS_PER_INCH,
    ShapeStyle,
    patch,
    png,
    sheet,
    shown,
)

Point = tuple[float, float]
Side = Literal["left", "middle", "right"]

# The dashes and gaps of a broken line, in millimetres.
_BROKEN = (1.2, 0.9)
_MM = MM_PER_INCH / POINTS_PER_INCH
_ALIGNMENT = {"left": "left", "middle": "center", "right": "right"}


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line is drawn: its colour, its `width` in points, and whether it is broken into dashes."""

    colour: str
    width: float
    broken: bool = False


class Painter:
    """A picture `width` by `height` millimetres; used within `style.drawing`."""

    def __init__(self, width: float, height: float) -> None:
        """Start an empty white picture."""
        self._figure, self._axes = sheet(width, height)
        self._shapes = 0

    def png(self) -> bytes:
        """Return the picture as a PNG file. The same picture gives the same bytes on every run."""
        return png(self._figure)

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, edge: Pen | None = None) -> None:
        """Draw a rectangle with its top left corner at `x`, `y`; `fill` is a colour or “none”."""
        from matplotlib.patches import Rectangle

        line: dict[str, Any] = {"linewidth": 0, "edgecolor": PAPER}
        if edge:
            line = {"linewidth": edge.width, "edgecolor": edge.colour, "linestyle": _dashes(edge)}
        self._add(Rectangle((x, y), width, height, facecolor=fill, **line))

    def bar(self, x: float, y: float, width: float, height: float, style: ShapeStyle) -> None:
        """Draw a rectangle in that style, with its hatch."""
        from matplotlib.patches import Rectangle

        self._add(Rectangle((x, y), width, height, **patch(style)))

    def path(self, points: Sequence[Point], pen: Pen) -> None:
        """Draw a line through `points`."""
        from matplotlib.lines import Line2D

        across, down = zip(*points, strict=True)
        self._add(
            Line2D(
                across,
                down,
                color=pen.colour,
                linewidth=pen.width,
                linestyle=_dashes(pen),
                solid_joinstyle="miter",
                dash_joinstyle="miter",
            )
        )

    def shape(self, points: Sequence[Point], *, fill: str) -> None:
        """Fill the area between `points`."""
        from matplotlib.patches import Polygon

        self._add(Polygon(points, closed=True, facecolor=fill, linewidth=0))

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: str, side: Side = "middle", bold: bool = False
    ) -> None:
        """Write one line of text in the middle of `y`; `side` says which part of it is at `x`."""
        # Placed by its baseline and not by its middle, so that lines with and without tall letters are level.
        baseline = y + size * _MM * 0.36
        self._shapes += 1
        self._axes.text(
            x,
            baseline,
            shown(text, bold=bold),
            size=size,
            color=colour,
            weight="bold" if bold else "normal",
            ha=_ALIGNMENT[side],
            va="baseline",
            zorder=self._shapes,
        )

    def _add(self, shape: Any) -> None:
        # Drawn in the order in which they are added, whatever their kind.
        self._shapes += 1
        shape.set_zorder(self._shapes)
        self._axes.add_artist(shape)


def _dashes(pen: Pen) -> Any:
    """Return the line style that matplotlib takes, whose dashes are measured in widths of the line."""
    return (0, [length / _MM / pen.width for length in _BROKEN]) if pen.broken else "solid"
