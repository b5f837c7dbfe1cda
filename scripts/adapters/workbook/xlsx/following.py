"""What follows a log that grows by rows: its filter, drop-downs and conditional formats reach the new ones too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.markup import Cut, Element
from tracker_schema.errors import TrackerUnusable

_ABSOLUTE = re.compile(rb"(\$[A-Z]{1,3}\$[0-9]+:)(\$[A-Z]{1,3}\$)([0-9]+)")


def following(whole: bytes, frame: Element, rows: Range, *, first_ones: bool) -> list[Cut]:
    """What to change in a worksheet without its rows, given as bytes and as a tree, after `rows` were added to it.

    `rows` are the new ones, with the log's columns; `first_ones` says that the log was empty. What covers the row above
    them (or the first of them, where people prepared it) and does not reach the last of them, will.
    """
    cuts = [*_filter(whole, frame, rows)]
    above = rows.first_row if first_ones else rows.first_row - 1  # headings are no rows of the log
    validations = _ranges(whole, frame, "dataValidations", "dataValidation")
    taken = [area for _, areas in validations for area in areas]
    for at, areas in validations:
        cuts += at.cut(whole, areas, _grown(areas, above, rows, taken))
    for at, areas in _ranges(whole, frame, "conditionalFormattings", "conditionalFormatting"):
        cuts += at.cut(whole, areas, _grown(areas, above, rows, areas))
    return cuts


class _Ranges:
    """Where a list of ranges stands: in an attribute of an element, or in one of its own."""

    def __init__(self, element: Element, attribute: str | None) -> None:
        self._element = element
        self._attribute = attribute

    def areas(self, whole: bytes) -> list[Range]:
        """The ranges; none where one of them cannot be read, as after its cells were deleted."""
        try:
            return [Range.parse(text) for text in self._text(whole).split()]
        except TrackerUnusable:
            return []

    def _text(self, whole: bytes) -> str:
        if self._attribute:
            return self._element.attributes[self._attribute]
        return whole[self._element.opened : self._element.closing].decode("ascii", "replace")

    def cut(self, whole: bytes, before: Sequence[Range], after: Sequence[Range]) -> list[Cut]:
        """The change that makes `after` of the ranges `before`, each text of a range that stays as it was."""
        if list(before) == list(after):
            return []
        texts = self._text(whole).split()
        kept = dict(zip(before, texts, strict=True))
        text = " ".join(kept.get(area) or _written(area) for area in after)
        element = self._element
        if self._attribute:
            tag = markup.set_attribute(whole[element.start : element.opened], self._attribute, text)
            return [(element.start, element.opened, tag)]
        return [(element.opened, element.closing, text.encode())]


def _written(area: Range) -> str:
    """A range as Excel writes it in a list of them: one cell by its address alone."""
    first, _, last = str(area).partition(":")
    return first if first == last else f"{first}:{last}"


def _ranges(whole: bytes, frame: Element, group: str, name: str) -> list[tuple[_Ranges, list[Range]]]:
    """The lists of ranges of all elements of that name, also of those that only newer versions of Excel read."""
    places: list[_Ranges] = []
    for element in _elements(frame, group, name):
        if "sqref" in element.attributes:
            places.append(_Ranges(element, "sqref"))
        elif (own := element.child("sqref")) is not None:
            places.append(_Ranges(own, None))
    return [(place, areas) for place in places if (areas := place.areas(whole))]


def _elements(frame: Element, group: str, name: str) -> Iterator[Element]:
    yield from frame.named(name)
    extensions = frame.child("extLst")
    groups = [*frame.named(group)]
    for extension in extensions.children if extensions else ():
        groups += extension.named(group)
    for each in groups:
        yield from each.named(name)


def _grown(areas: Sequence[Range], above: int, rows: Range, taken: Sequence[Range]) -> list[Range]:
    """The ranges, those that cover the row `above` the new ones grown to them; not into what is `taken` by any."""
    grown: list[Range] = []
    for area in areas:
        if not _is_to_grow(area, above, rows):
            grown.append(area)
            continue
        longer = Range(area.first_row, area.first_column, rows.last_row, area.last_column)
        gained = Range(area.last_row + 1, area.first_column, rows.last_row, area.last_column)
        others = [other for other in taken if other is not area and other.overlaps(gained)]
        if not others:
            grown.append(longer)
            continue
        columns = range(max(area.first_column, rows.first_column), min(area.last_column, rows.last_column) + 1)
        pieces = [Range(area.last_row + 1, column, rows.last_row, column) for column in columns]
        grown += [area, *(piece for piece in pieces if not any(other.overlaps(piece) for other in others))]
    return grown


def _is_to_grow(area: Range, above: int, rows: Range) -> bool:
    return above <= area.last_row < rows.last_row and (
        area.first_column <= rows.last_column and rows.first_column <= area.last_column
    )


def _filter(whole: bytes, frame: Element, rows: Range) -> Iterator[Cut]:
    """The sheet's own filter, which is not a table's."""
    found = frame.child("autoFilter")
    if found is None or "ref" not in found.attributes:
        return
    area = Range.parse(found.attributes["ref"])
    if _is_to_grow(area, rows.first_row - 1, rows):
        wider = Range(area.first_row, area.first_column, rows.last_row, area.last_column)
        tag = markup.set_attribute(whole[found.start : found.opened], "ref", str(wider))
        yield found.start, found.opened, tag


def filter_name(workbook: bytes, place: str, sheet: str, rows: Range) -> bytes:
    """The bytes of the workbook part, the hidden name under which Excel keeps a sheet's filter grown to those rows."""
    root = markup.parse(workbook, place)
    names = root.child("definedNames")
    sheets = root.child("sheets")
    order = [each.attributes.get("name") for each in sheets.children] if sheets else []
    cuts: list[Cut] = []
    for name in names.children if names else ():
        local = name.number("localSheetId", -1)
        if name.attributes.get("name") != "_xlnm._FilterDatabase" or not 0 <= local < len(order):
            continue
        before, mark, reference = workbook[name.opened : name.closing].rpartition(b"!")
        found = _ABSOLUTE.fullmatch(reference)
        if order[local] == sheet and found and rows.first_row - 1 <= int(found[3]) < rows.last_row:
            grown = before + mark + found[1] + found[2] + b"%d" % rows.last_row
            cuts.append((name.opened, name.closing, grown))
    return markup.splice(workbook, cuts)
