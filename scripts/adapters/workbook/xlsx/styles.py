"""Cell formats: which of them show a date or are struck through, and copies with another number format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.markup import Element
from scripts.adapters.workbook.xlsx.number_formats import BUILT_IN
from tracker_schema.errors import TrackerUnusable

GENERAL, DATE, DATE_AND_TIME = 0, 14, 22  # built-in number formats; Excel shows 14 the way the reader's country does
MOST_STYLES = 64_000

_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}  # built-in formats that show a day
_TIMES = {*range(18, 22), *range(32, 36), *range(45, 48)}  # and those that show only a time

# The literal parts of a format code: quoted text, an escaped character, a padding, a colour or condition.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]|General|AM/PM|A/P', re.IGNORECASE | re.DOTALL)
_LETTERS = re.compile(r"d+|m+|y+|h+|s+", re.IGNORECASE)

Content = tuple[frozenset[tuple[str, str]], bytes]  # of a format: its attributes, and the bytes inside it


class Styles:
    """The cell formats of a workbook (cellXfs), to which some may be added."""

    def __init__(self, data: bytes, place: str) -> None:
        """Take the bytes of the part, b"" when the workbook has none. It is parsed when a format matters first."""
        self._data = data
        self._place = place
        self._chosen: dict[tuple[int, int], int] = {}
        self._added: list[bytes] = []

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
        if b"strike" not in self._data or self._root is None:
            return frozenset()
        fonts = {
            number
            for number, font in enumerate(each for each in self._root.grandchildren("fonts") if each.name == "font")
            if (strike := font.child("strike")) and _is_on(strike)
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

    def for_date(self, style: int, *, with_time: bool) -> int:
        """Return the style when it shows a day, else the number of a copy that does.

        Raises TrackerUnusable when the workbook has no list of styles to which a copy could be added.
        """
        return self._choice(style, DATE_AND_TIME if with_time else DATE)

    def for_number(self, style: int) -> int:
        """Return the style unless it shows a date or time, else the number of a copy that shows a plain number.

        Raises TrackerUnusable as `for_date` does.
        """
        return self._choice(style, GENERAL)

    def changed(self) -> bytes | None:
        """Return the new bytes of the part, or None when no style was added."""
        if not self._added or self._list is None:
            return None
        cuts = [(self._list.closing, self._list.closing, b"".join(self._added))]
        if "count" in self._list.attributes:
            count = str(len(self._formats) + len(self._added))
            cuts.append(markup.attribute_cut(self._data, self._list, "count", count))
        return markup.splice(self._data, cuts)

    def _choice(self, style: int, number_format: int) -> int:
        key = (style, number_format)
        if key not in self._chosen:
            shown = self._number_format(style)
            suits = not self._shows(shown, time_too=True) if number_format == GENERAL else self._shows(shown)
            self._chosen[key] = style if suits else self._copy(style, number_format)
        return self._chosen[key]

    def _number_format(self, style: int) -> int:
        return self._formats[style].number("numFmtId", 0) if style < len(self._formats) else GENERAL

    def _shows(self, number_format: int, *, time_too: bool = False) -> bool:
        """Return True when a number format shows a day, or (with time_too) a time of day or a length of time."""
        code = self._codes.get(number_format)
        if code is None:
            return number_format in _DATES or (time_too and number_format in _TIMES)
        return _shows_day(code) or (time_too and _LETTERS.search(_LITERAL.sub("", code)) is not None)

    def _copy(self, style: int, number_format: int) -> int:
        """Return the number of a style that differs only in its number format; it is added when there is none."""
        if style >= len(self._formats):
            raise TrackerUnusable(
                "The workbook has no list of cell styles to which a date format could be added.",
                "Open it in Excel, save it, and try again.",
            )
        element = self._formats[style]
        changes = {"numFmtId": str(number_format), "applyNumberFormat": "1"}
        content = self._content(element, changes)
        if content not in self._known:
            self._known[content] = len(self._formats) + len(self._added)
            opening = self._data[element.start : element.opened]
            for name, text in changes.items():
                opening = markup.set_attribute(opening, name, text)
            self._added.append(opening + self._data[element.opened : element.end])
        if self._known[content] >= MOST_STYLES:
            raise TrackerUnusable(
                "The workbook has as many cell styles as it can hold.", "Delete unused styles in Excel."
            )
        return self._known[content]

    @cached_property
    def _known(self) -> dict[Content, int]:
        """The numbers of the formats by their content, so that each run does not add the same format again."""
        return {self._content(element, {}): index for index, element in reversed(list(enumerate(self._formats)))}

    def _content(self, element: Element, changes: Mapping[str, str]) -> Content:
        attributes = element.attributes | dict(changes)
        return frozenset(attributes.items()), self._data[element.opened : element.closing]


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


def _shows_day(code: str) -> bool:
    """Return True when a format code shows a day, month or year. An m beside hours or seconds is minutes."""
    runs = [run.lower() for run in _LETTERS.findall(_LITERAL.sub("", code))]
    for before, run, after in zip(["", *runs], runs, [*runs[1:], ""], strict=False):
        minutes = run in ("m", "mm") and (before.startswith("h") or after.startswith("s"))
        if run[0] in "dmy" and not minutes:
            return True
    return False
