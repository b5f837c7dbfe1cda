"""Cell formats: which of them are struck through or have a fill, what they show, and how large their letters are."""

from __future__ import annotations

from functools import cached_property

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.markup import Element
from scripts.adapters.workbook.xlsx.number_formats import BUILT_IN, TEXT, shows_day
from tracker_schema.errors import TrackerUnusable


class Styles:
    """The cell formats of a workbook (cellXfs)."""

    def __init__(self, data: bytes, place: str) -> None:
        """Take the bytes of the part, b"" when the workbook has none. It is parsed when a format matters first."""
        self._data = data
        self._place = place

    @cached_property
    def _root(self) -> Element | None:
        return markup.parse(self._data, self._place) if self._data else None

    @cached_property
    def _list(self) -> Element | None:
        return self._root.child("cellXfs") if self._root else None

    @cached_property
    def _formats(self) -> list[Element]:
        """The formats; cells name them by their position in this list."""
        found: list[Element] = []
        for element in self._list.children if self._list else []:
            found += [element] if element.name == "xf" else _alternatives(element)
        return found

    @cached_property
    def _fonts(self) -> list[Element]:
        fonts = self._root.grandchildren("fonts") if self._root else []
        return [each for each in fonts if each.name == "font"]

    @cached_property
    def _codes(self) -> dict[int, str]:
        """The workbook's own number formats by their number; not those inside conditional formats."""
        formats = self._root.grandchildren("numFmts") if self._root else []
        return {
            each.number("numFmtId", 0): each.attributes.get("formatCode", "")
            for each in formats
            if each.name == "numFmt"
        }

    @cached_property
    def struck_through(self) -> frozenset[int]:
        """The styles whose text is struck through."""
        if b"strike" not in self._data:
            return frozenset()
        fonts = {
            number for number, font in enumerate(self._fonts) if (strike := font.child("strike")) and _is_on(strike)
        }
        return frozenset(number for number, style in enumerate(self._formats) if style.number("fontId", 0) in fonts)

    @cached_property
    def filled(self) -> frozenset[int]:
        """The styles whose cells have a fill."""
        found = self._root.grandchildren("fills") if self._root else []
        fills = set()
        for number, fill in enumerate(each for each in found if each.name == "fill"):
            pattern = fill.child("patternFill")
            if pattern is None or pattern.attributes.get("patternType", "none") not in ("none", "gray125"):
                fills.add(number)
        return frozenset(number for number, style in enumerate(self._formats) if style.number("fillId", 0) in fills)

    @cached_property
    def codes(self) -> dict[int, str]:
        """The code of the number format of each style; not of those whose format has no simple code."""
        formats = ((style, element.number("numFmtId", 0)) for style, element in enumerate(self._formats))
        known = BUILT_IN | self._codes
        return {style: known[number] for style, number in formats if number in known}

    @cached_property
    def dates(self) -> frozenset[int]:
        """The styles that show a day."""
        numbers = ((style, element.number("numFmtId", 0)) for style, element in enumerate(self._formats))
        return frozenset(style for style, number in numbers if shows_day(number, self._codes.get(number)))

    @cached_property
    def of_typed_text(self) -> frozenset[int]:
        """The styles in which Excel takes everything that is typed, also a formula, for text."""
        numbers = ((style, element.number("numFmtId", 0)) for style, element in enumerate(self._formats))
        return frozenset(style for style, number in numbers if number == TEXT or self._codes.get(number) == "@")

    def __len__(self) -> int:
        """Return how many styles there are."""
        return len(self._formats)

    def size(self, style: int) -> float:
        """Return the size of a style's letters as a multiple of those in which the widths of columns are counted."""
        if style >= len(self._formats):
            return 1
        usual = _size(self._fonts[0]) if self._fonts else None
        font = self._formats[style].number("fontId", 0)
        own = _size(self._fonts[font]) if font < len(self._fonts) else None
        return own / usual if own and usual else 1


def _size(font: Element) -> float | None:
    size = font.child("sz")
    try:
        return float(size.attributes.get("val", "")) if size is not None else None
    except ValueError:
        return None


def _is_on(switch: Element) -> bool:
    return switch.attributes.get("val", "1") not in ("0", "false", "off")


def _alternatives(element: Element) -> list[Element]:
    """Return the formats in an mc:AlternateContent, of which a program takes one branch."""
    branches = [[format_ for format_ in branch.children if format_.name == "xf"] for branch in element.children]
    if len({len(branch) for branch in branches}) > 1:
        raise TrackerUnusable(
            "The workbook's cell styles depend on the program that opens it.",
            "Open it in Excel, save it, and try again.",
        )
    return branches[-1] if branches else []
