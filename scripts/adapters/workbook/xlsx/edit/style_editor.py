"""New cell formats: copies of those that are there with something changed, added at the end of their list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from scripts.adapters.workbook.xlsx import markup, number_formats
from scripts.adapters.workbook.xlsx.markup import Cut, Element
from scripts.adapters.workbook.xlsx.number_formats import DATE, DATE_AND_TIME, FIRST_OWN, GENERAL
from scripts.adapters.workbook.xlsx.styles import Styles
from tracker_schema.errors import TrackerUnusable

MOST_STYLES = 64_000

# The order of the parts of a style sheet is fixed; the formats of conditional formats come after these.
_BEFORE_COLOURS = {"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles"}

Content = tuple[frozenset[tuple[str, str]], bytes]  # of a format: its attributes, and the bytes inside it


class StyleEditor(Styles):
    """The cell formats of a workbook, to which some are added."""

    def __init__(self, data: bytes, place: str) -> None:
        """Take the bytes of the part, b"" when the workbook has none. It is parsed when a format matters first."""
        super().__init__(data, place)
        self._chosen: dict[tuple[int, int | str], int] = {}
        self._added: list[bytes] = []
        self._added_parts: dict[int, tuple[dict[str, str], bytes, bytes]] = {}  # by the numbers of the added styles
        self._added_codes: dict[int, str] = {}
        self._added_colours: list[bytes] = []

    @property
    def prefix(self) -> bytes:
        """The prefix of the part's elements, such as b"x:" or b""."""
        return self._root.prefix if self._root else b""

    def for_date(self, style: int, *, with_time: bool) -> int:
        """Return the style when it shows a day, else the number of a copy that shows it day first.

        Raises TrackerUnusable when the workbook has no list of styles to which a copy could be added.
        """
        return self._choice(style, DATE_AND_TIME if with_time else DATE)

    def for_number(self, style: int) -> int:
        """Return the style unless it shows a date or time, else the number of a copy that shows a plain number.

        Raises TrackerUnusable as `for_date` does.
        """
        return self._choice(style, GENERAL)

    def for_heading(self, style: int) -> int:
        """Return the style, or the number of a copy whose text is level when its own is turned."""
        alignment = self._formats[style].child("alignment") if style < len(self._formats) else None
        if alignment is None or alignment.attributes.get("textRotation", "0") == "0":
            return style
        return self._copy(style, {}, {**alignment.attributes, "textRotation": "0"})

    def for_column(self, style: int, *, is_date: bool, has_box: bool = True) -> int:
        """Return the number of a copy of a style for the cells of one of our columns.

        Its text is wrapped, starts at the top left and is not struck through; a date is shown day first. Without
        `has_box` it has neither fill nor border.
        """
        if style >= len(self._formats):
            return style
        changes = self._shown_as(DATE if is_date else GENERAL) | {"applyAlignment": "1"}
        if style in self.struck_through:
            changes["fontId"] = "0"
        if self._formats[style].true("quotePrefix"):
            changes["quotePrefix"] = "0"
        if not has_box:
            changes |= {"fillId": "0", "borderId": "0"}
        return self._copy(style, changes, {"horizontal": "left", "vertical": "top", "wrapText": "1"})

    def add_colours(self, formats: Sequence[bytes]) -> list[int]:
        """Add formats for conditional formats (dxf elements), and return their numbers, in order.

        Raises TrackerUnusable when the workbook has no cell styles at all.
        """
        if self._root is None:
            raise _no_list()
        there = sum(each.name == "dxf" for each in self._root.grandchildren("dxfs")) + len(self._added_colours)
        self._added_colours += formats
        return list(range(there, there + len(formats)))

    def changed(self) -> bytes | None:
        """Return the new bytes of the part, or None when nothing was added."""
        if self._root is None or not (self._added or self._added_colours):
            return None
        cuts: list[Cut] = []
        if self._added and self._list is not None:
            cuts += markup.appended(self._data, self._list, self._added, len(self._formats))
        if self._added_codes:
            cuts += self._code_cuts(self._root)
        if self._added_colours:
            cuts += self._colour_cuts(self._root)
        return markup.splice(self._data, cuts)

    def _code_cuts(self, root: Element) -> list[Cut]:
        added = [
            b'<%bnumFmt numFmtId="%d" formatCode="%b"/>' % (root.prefix, number, code.encode())
            for number, code in self._added_codes.items()
        ]
        found = root.child("numFmts")
        if found is not None:
            return markup.appended(self._data, found, added, len(self._codes) - len(added))
        return [(root.opened, root.opened, markup.new_group(root.prefix, b"numFmts", added))]

    def _colour_cuts(self, root: Element) -> list[Cut]:
        found = root.child("dxfs")
        if found is not None:
            there = sum(each.name == "dxf" for each in found.children)
            return markup.appended(self._data, found, self._added_colours, there)
        at = max((each.end for each in root.children if each.name in _BEFORE_COLOURS), default=root.opened)
        return [(at, at, markup.new_group(root.prefix, b"dxfs", self._added_colours))]

    def _choice(self, style: int, wanted: int | str) -> int:
        """Return the style when it suits a number (GENERAL) or a date (a format code), else the number of a copy."""
        key = (style, wanted)
        if key not in self._chosen:
            shown = self._number_format(style)
            code = self._codes.get(shown)
            if isinstance(wanted, str):
                suits = number_formats.shows_day(shown, code)
            else:
                suits = not number_formats.shows_day_or_time(shown, code)
            self._chosen[key] = style if suits else self._copy(style, self._shown_as(wanted))
        return self._chosen[key]

    def _number_format(self, style: int) -> int:
        if style < len(self._formats):
            return self._formats[style].number("numFmtId", GENERAL)
        return int(self._added_parts[style][0].get("numFmtId", "0")) if style in self._added_parts else GENERAL

    def _parts(self, style: int) -> tuple[dict[str, str], bytes, bytes]:
        """Return a style's attributes, its tag as that of an empty element, and what is inside it."""
        if style in self._added_parts:
            attributes, opening, inside = self._added_parts[style]
            return dict(attributes), opening, inside
        if style >= len(self._formats):
            raise _no_list()
        element = self._formats[style]
        opening = self._data[element.start : element.opened]
        if not opening.endswith(b"/>"):
            opening = opening[:-1].rstrip() + b"/>"
        return dict(element.attributes), opening, self._data[element.opened : element.closing]

    def _shown_as(self, wanted: int | str) -> dict[str, str]:
        number = self._number_of(wanted) if isinstance(wanted, str) else wanted
        return {"numFmtId": str(number), "applyNumberFormat": "1"}

    def _number_of(self, code: str) -> int:
        """Return the number of a format code; it is added when there is none."""
        for number, own in self._codes.items():
            if own == code:
                return number
        number = max([FIRST_OWN - 1, *self._codes]) + 1
        self._codes[number] = self._added_codes[number] = code
        return number

    def _copy(self, style: int, changes: Mapping[str, str], alignment: Mapping[str, str] | None = None) -> int:
        """Return the number of a style that differs only in those attributes; it is added when there is none.

        `alignment` are the attributes of its alignment, None for that of the style.
        """
        attributes, opening, inside = self._parts(style)
        attributes |= changes
        if alignment is not None:
            inside = self._aligned(self._formats[style], alignment)
        content: Content = frozenset(attributes.items()), inside
        if content not in self._known:
            number = self._known[content] = len(self._formats) + len(self._added)
            for name, text in changes.items():
                opening = markup.set_attribute(opening, name, text)
            self._added_parts[number] = attributes, opening, inside
            self._added.append(opening[:-2] + b">" + inside + b"</%bxf>" % self.prefix if inside else opening)
        if self._known[content] >= MOST_STYLES:
            raise TrackerUnusable(
                "The workbook has as many cell styles as it can hold.", "Delete unused styles in Excel."
            )
        return self._known[content]

    def _aligned(self, element: Element, alignment: Mapping[str, str]) -> bytes:
        """Return what is inside a format, with another alignment, which comes before all else."""
        rest = self._data[element.opened : element.closing]
        found = element.child("alignment")
        if found is not None:
            rest = self._data[element.opened : found.start] + self._data[found.end : element.closing]
        written = "".join(f' {name}="{text}"' for name, text in alignment.items())
        return b"<%balignment%b/>%b" % (element.prefix, written.encode(), rest)

    @cached_property
    def _known(self) -> dict[Content, int]:
        """The numbers of the formats by their content, so that each run does not add the same format again."""
        return {
            (frozenset(each.attributes.items()), self._data[each.opened : each.closing]): index
            for index, each in reversed(list(enumerate(self._formats)))
        }


def _no_list() -> TrackerUnusable:
    return TrackerUnusable(
        "The workbook has no list of cell styles to which a format could be added.",
        "Open it in Excel, save it, and try again.",
    )
