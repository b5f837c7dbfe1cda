"""Two ways to draw the same shapes: on matplotlib's axes, for a PNG, and as an SVG.

Both count millimetres from the top left corner. Line widths and sizes of type are in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol
from xml.etree import ElementTree

from scripts.adapters.pictures.style import MM_PER_INCH, PAPER, POINTS_PER_INCH, Look, patch, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Point = tuple[float, float]
Side = Literal["left", "middle", "right"]

# The dashes and gaps of a broken line, in millimetres.
_BROKEN = (1.2, 0.9)
_MM = MM_PER_INCH / POINTS_PER_INCH


@dataclass(frozen=True, slots=True)
class Pen:
    """What a line is drawn with; its `width` is in points."""

    colour: str
    width: float
    broken: bool = False


class Painter(Protocol):
    """What both can draw."""

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, edge: Pen | None = None) -> None:
        """A rectangle with its top left corner at `x`, `y`."""

    def path(self, points: Sequence[Point], pen: Pen) -> None:
        """A line through `points`."""

    def shape(self, points: Sequence[Point], *, fill: str) -> None:
        """The area between `points`."""

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: str, side: Side = "middle", bold: bool = False
    ) -> None:
        """One line of text, upright in the middle of `y`; `side` says which part of it is at `x`."""


class AxesPainter:
    """Draws on the axes of `style.sheet`."""

    def __init__(self, axes: Axes) -> None:
        self._axes = axes
        self._drawn = 0

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, edge: Pen | None = None) -> None:
        """As in Painter."""
        from matplotlib.patches import Rectangle

        line: dict[str, Any] = {"ec": edge.colour, "lw": edge.width, "ls": _dashes(edge)} if edge else {"ec": "none"}
        self._axes.add_patch(Rectangle((x, y), width, height, fc=fill, zorder=self._on_top(), **line))

    def bar(self, x: float, y: float, width: float, height: float, look: Look) -> None:
        """A rectangle with that look, hatch and all."""
        from matplotlib.patches import Rectangle

        self._axes.add_patch(Rectangle((x, y), width, height, zorder=self._on_top(), **patch(look)))

    def path(self, points: Sequence[Point], pen: Pen) -> None:
        """As in Painter."""
        across, down = zip(*points, strict=True)
        line: dict[str, Any] = {"c": pen.colour, "lw": pen.width, "ls": _dashes(pen), "solid_joinstyle": "miter"}
        self._axes.plot(across, down, zorder=self._on_top(), **line)

    def shape(self, points: Sequence[Point], *, fill: str) -> None:
        """As in Painter."""
        from matplotlib.patches import Polygon

        self._axes.add_patch(Polygon(points, fc=fill, ec="none", zorder=self._on_top()))

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: str, side: Side = "middle", bold: bool = False
    ) -> None:
        """As in Painter."""
        at: Literal["left", "center", "right"] = "center" if side == "middle" else side
        weight = "bold" if bold else "normal"
        # The baseline, not the middle of the letters, so that lines with and without long letters stand alike.
        look: dict[str, Any] = {"size": size, "color": colour, "weight": weight, "ha": at, "va": "baseline"}
        self._axes.text(x, y + _middle(size), shown(text, bold=bold), zorder=self._on_top(), **look)

    def _on_top(self) -> int:
        """The layer above all that is drawn so far; matplotlib would put every line above every box."""
        self._drawn += 1
        return self._drawn


class SvgPainter:
    """Draws an SVG `width` by `height` millimetres, with a title and a description for those who cannot see it."""

    _FONTS = "Arial, Helvetica, 'DejaVu Sans', sans-serif"

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        self._svg = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "width": f"{_number(width)}mm",
                "height": f"{_number(height)}mm",
                "viewBox": f"0 0 {_number(width)} {_number(height)}",
                "role": "img",
                "aria-labelledby": "title description",
                "font-family": self._FONTS,
            },
        )
        ElementTree.SubElement(self._svg, "title", id="title").text = shown(title)
        ElementTree.SubElement(self._svg, "desc", id="description").text = shown(description)
        self.box(0, 0, width, height, fill=PAPER)

    def svg(self) -> str:
        """The picture as the text of an SVG file."""
        ElementTree.indent(self._svg)
        return f"{ElementTree.tostring(self._svg, encoding='unicode')}\n"

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, edge: Pen | None = None) -> None:
        """As in Painter."""
        place = {"x": _number(x), "y": _number(y), "width": _number(width), "height": _number(height)}
        self._add("rect", **place, fill=fill, **(_stroke(edge) if edge else {}))

    def path(self, points: Sequence[Point], pen: Pen) -> None:
        """As in Painter."""
        self._add("polyline", points=_points(points), fill="none", **_stroke(pen))

    def shape(self, points: Sequence[Point], *, fill: str) -> None:
        """As in Painter."""
        self._add("polygon", points=_points(points), fill=fill)

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: str, side: Side = "middle", bold: bool = False
    ) -> None:
        """As in Painter."""
        anchor = {"left": "start", "middle": "middle", "right": "end"}[side]
        look = {"font-size": _number(size * _MM), "fill": colour, "text-anchor": anchor}
        weight = {"font-weight": "bold"} if bold else {}
        self._add("text", x=_number(x), y=_number(y + _middle(size)), **look, **weight).text = shown(text, bold=bold)

    def _add(self, name: str, **attributes: str) -> ElementTree.Element:
        return ElementTree.SubElement(self._svg, name, attributes)


def _dashes(pen: Pen) -> tuple[float, tuple[float, ...] | None]:
    """The dashes as matplotlib counts them, in widths of the line."""
    return (0, tuple(each / _MM / pen.width for each in _BROKEN) if pen.broken else None)


def _stroke(pen: Pen) -> dict[str, str]:
    """The line as attributes of an SVG's element."""
    dashes = {"stroke-dasharray": " ".join(map(_number, _BROKEN))} if pen.broken else {}
    return {"stroke": pen.colour, "stroke-width": _number(pen.width * _MM), **dashes}


def _middle(size: float) -> float:
    """How far the baseline lies below the middle of a line of type."""
    return size * _MM * 0.36


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
