"""Two ways to draw the same shapes: as a PNG, by what matplotlib draws with, and as an SVG.

Both count millimetres from the top left corner. Line widths and sizes of type are in points.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Protocol
from xml.etree import ElementTree

from scripts.adapters.pictures.style import DPI, MM_PER_INCH, PAPER, POINTS_PER_INCH, Look, patch, shown, width_of

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

Point = tuple[float, float]
Side = Literal["left", "middle", "right"]

# The dashes and gaps of a broken line, in millimetres.
_BROKEN = (1.2, 0.9)
_MM = MM_PER_INCH / POINTS_PER_INCH
_DOTS = DPI / MM_PER_INCH


@dataclass(frozen=True, slots=True)
class Pen:
    """What a line is drawn with; its `width` is in points."""

    colour: str
    width: float
    broken: bool = False


_NO_PEN = Pen(PAPER, 0)


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


class PngPainter:
    """Draws a PNG `width` by `height` millimetres; within `style.drawing`.

    It draws with what matplotlib's figures draw with in the end. They lay out each text twice and keep every shape in
    case it changes, which takes three times as long.
    """

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_agg import RendererAgg
        from matplotlib.transforms import Affine2D

        # Nothing of a dot, as in the figures of matplotlib.
        self._renderer: Any = RendererAgg(int(width * _DOTS + 1e-6), int(height * _DOTS + 1e-6), DPI)  # type: ignore[no-untyped-call]
        self._in_dots = Affine2D().scale(_DOTS, -_DOTS).translate(0, self._renderer.height)
        self.box(0, 0, width, height, fill=PAPER)

    def png(self) -> bytes:
        """The picture as a PNG file. The same picture gives the same bytes: no date and no version is in it."""
        import numpy as np
        from matplotlib.image import imsave

        file = io.BytesIO()
        dots = np.asarray(self._renderer.buffer_rgba())
        # Packed in half the time, and hardly less tightly.
        look: dict[str, Any] = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}}
        imsave(file, dots, format="png", dpi=DPI, **look)
        return file.getvalue()

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, edge: Pen | None = None) -> None:
        """As in Painter."""
        self._draw(_corners(x, y, width, height), edge or _NO_PEN, fill=fill)

    def bar(self, x: float, y: float, width: float, height: float, look: Look) -> None:
        """A rectangle with that look, hatch and all."""
        given = patch(look)
        pen = Pen(given["edgecolor"], given["linewidth"])
        hatch = {"hatch": given["hatch"], "hatch_color": given["hatchcolor"]} if given["hatch"] else {}
        self._draw(_corners(x, y, width, height), pen, fill=given["facecolor"], **hatch)

    def path(self, points: Sequence[Point], pen: Pen) -> None:
        """As in Painter."""
        self._draw(points, pen, closed=False)

    def shape(self, points: Sequence[Point], *, fill: str) -> None:
        """As in Painter."""
        self._draw(points, _NO_PEN, fill=fill)

    def text(
        self, x: float, y: float, text: str, size: float, *, colour: str, side: Side = "middle", bold: bool = False
    ) -> None:
        """As in Painter."""
        left = x - width_of(text, size, bold=bold) * {"left": 0, "middle": 0.5, "right": 1}[side]
        look = self._renderer.new_gc()
        look.set_foreground(colour)
        # The baseline, not the middle of the letters, so that lines with and without long letters stand alike.
        down = (y + _middle(size)) * _DOTS
        self._renderer.draw_text(look, left * _DOTS, down, shown(text, bold=bold), _font(size, bold), 0)

    def _draw(
        self, points: Sequence[Point], pen: Pen, *, fill: str = "none", closed: bool = True, **hatch: str
    ) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.path import Path

        look = self._renderer.new_gc()
        look.set_foreground(pen.colour)
        look.set_linewidth(pen.width)
        look.set_joinstyle("miter")
        look.set_capstyle("butt" if closed or pen.broken else "projecting")
        if pen.broken:
            look.set_dashes(0, [each / _MM for each in _BROKEN])
        if hatch:
            look.set_hatch(hatch["hatch"])
            look.set_hatch_color(to_rgba(hatch["hatch_color"]))
        corners = [*points, points[0]] if closed else points
        outline = Path(corners, closed=closed)
        self._renderer.draw_path(look, outline, self._in_dots, None if fill == "none" else to_rgba(fill))


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


def _corners(x: float, y: float, width: float, height: float) -> Sequence[Point]:
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


@cache
def _font(size: float, bold: bool) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    return FontProperties(size=size, weight="bold" if bold else "normal")


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
