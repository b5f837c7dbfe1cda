"""Extend the filter, drop-downs and conditional formats of a log to the rows that are added to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.markup import Cut, Element
from tracker_schema.errors import TrackerUnusable

_ABSOLUTE = re.compile(rb"(\$[A-Z]{1,3}\$[0-9]+:)(\$[A-Z]{1,3}\$)([0-9]+)")


@dataclass(frozen=True, slots=True)
class _RangeList:
    """The ranges of one drop-down or conditional format.

    element    that holds them
    attribute  in which they are; "" when they are the element's text
    texts      the ranges as they are written
    areas      the same, None for one that cannot be read, such as #REF! after its cells were deleted
    """

    element: Element
    attribute: str
    texts: list[str]
    areas: list[Range | None]

    def cuts(self, whole: bytes, texts: Sequence[str]) -> list[Cut]:
        """Return the change that puts other ranges there; none when they are the same."""
        if list(texts) == self.texts:
            return []
        text = " ".join(texts)
        if self.attribute:
            return [markup.attribute_cut(whole, self.element, self.attribute, text)]
        return [(self.element.opened, self.element.closing, text.encode())]


def extended(whole: bytes, frame: Element, rows: Range, *, is_first: bool) -> list[Cut]:
    """Return the changes to a worksheet's XML without its rows, given as bytes and as a tree, when rows are added.

    `rows` are the new rows, with the columns of the log; `is_first` says that the log was empty. A range is extended to
    the last new row when it covers the row above the first one, or the first one itself where people prepared it.
    A range that cannot be read stays as it is; `unreadable_ranges` names it.
    """
    cuts = list(_filter_cuts(whole, frame, rows))
    above = rows.first_row if is_first else rows.first_row - 1  # headings are not rows of the log
    validations = _validations(whole, frame)
    taken = [area for ranges in validations for area in ranges.areas if area]
    for ranges in validations:  # Excel allows one drop-down for each cell
        cuts += ranges.cuts(whole, _extended_texts(ranges, above, rows, taken))
    for ranges in _formats(whole, frame):
        own = [area for area in ranges.areas if area]
        cuts += ranges.cuts(whole, _extended_texts(ranges, above, rows, own))
    return cuts


def format_ranges(frame: Element) -> Iterator[tuple[Element, list[Range | None]]]:
    """Yield the sheet's own conditional formats, and their ranges; None for one that cannot be read, such as #REF!."""
    for element in frame.named("conditionalFormatting"):
        yield element, [_parsed(text) for text in element.attributes.get("sqref", "").split()]


def unreadable_ranges(whole: bytes, frame: Element) -> list[str]:
    """Return, in words, each drop-down and conditional format with a range that cannot be read, such as #REF!."""
    groups = {"a drop-down": _validations(whole, frame), "a conditional format": _formats(whole, frame)}
    return [
        f"{name} for {text}"
        for name, lists in groups.items()
        for ranges in lists
        for text, area in zip(ranges.texts, ranges.areas, strict=True)
        if area is None
    ]


def extended_filter_name(workbook: bytes, place: str, sheet: str, rows: Range) -> bytes:
    """Return the bytes of the workbook part with the hidden name of a sheet's filter extended to the new rows."""
    root = markup.parse(workbook, place)
    order = [each.attributes.get("name") for each in root.grandchildren("sheets")]
    cuts: list[Cut] = []
    for name in root.grandchildren("definedNames"):
        local = name.number("localSheetId", -1)
        if name.attributes.get("name") != "_xlnm._FilterDatabase" or not 0 <= local < len(order):
            continue
        before, mark, reference = workbook[name.opened : name.closing].rpartition(b"!")
        found = _ABSOLUTE.fullmatch(reference)
        if order[local] == sheet and found and rows.first_row - 1 <= int(found[3]) < rows.last_row:
            longer = before + mark + found[1] + found[2] + b"%d" % rows.last_row
            cuts.append((name.opened, name.closing, longer))
    return markup.splice(workbook, cuts)


def _validations(whole: bytes, frame: Element) -> list[_RangeList]:
    return list(_range_lists(whole, frame, "dataValidations", "dataValidation"))


def _formats(whole: bytes, frame: Element) -> list[_RangeList]:
    return list(_range_lists(whole, frame, "conditionalFormattings", "conditionalFormatting"))


def _range_lists(whole: bytes, frame: Element, group: str, name: str) -> Iterator[_RangeList]:
    """Yield the ranges of all elements of that name, including those in extensions for newer versions of Excel."""
    groups = [*frame.named(group)]
    for extension in frame.grandchildren("extLst"):
        groups += extension.named(group)
    for element in [*frame.named(name), *(element for each in groups for element in each.named(name))]:
        if "sqref" in element.attributes:
            texts = element.attributes["sqref"].split()
            yield _RangeList(element, "sqref", texts, [_parsed(text) for text in texts])
        elif (own := element.child("sqref")) is not None:
            texts = whole[own.opened : own.closing].decode("ascii", "replace").split()
            yield _RangeList(own, "", texts, [_parsed(text) for text in texts])


def _parsed(text: str) -> Range | None:
    try:
        return Range.parse(text)
    except TrackerUnusable:
        return None


def _extended_texts(ranges: _RangeList, above: int, rows: Range, taken: Sequence[Range]) -> list[str]:
    """Return the ranges as texts, those that cover the row `above` extended to the new rows; not into cells `taken`."""
    texts: list[str] = []
    for text, area in zip(ranges.texts, ranges.areas, strict=True):
        if area is None or not _reaches(area, above, rows):
            texts.append(text)
            continue
        gained = Range(area.last_row + 1, area.first_column, rows.last_row, area.last_column)
        others = [other for other in taken if other is not area and other.overlaps(gained)]
        if not others:
            texts.append(_written(area.widened(gained)))
            continue
        columns = range(max(area.first_column, rows.first_column), min(area.last_column, rows.last_column) + 1)
        pieces = [Range(area.last_row + 1, column, rows.last_row, column) for column in columns]
        free = [piece for piece in pieces if not any(other.overlaps(piece) for other in others)]
        texts += [text, *map(_written, free)]
    return texts


def _reaches(area: Range, above: int, rows: Range) -> bool:
    """Return True when a range covers the row above the new ones, and not all of them, in a column of theirs."""
    return above <= area.last_row < rows.last_row and (
        area.first_column <= rows.last_column and rows.first_column <= area.last_column
    )


def _written(area: Range) -> str:
    """Return a range as Excel writes it in a list of ranges: a single cell by its address alone."""
    first, _, last = str(area).partition(":")
    return first if first == last else f"{first}:{last}"


def _filter_cuts(whole: bytes, frame: Element, rows: Range) -> Iterator[Cut]:
    """Yield the change to the sheet's own filter, which is not a table's."""
    found = frame.child("autoFilter")
    if found is None or "ref" not in found.attributes:
        return
    area = Range.parse(found.attributes["ref"])
    if _reaches(area, rows.first_row - 1, rows):
        yield markup.attribute_cut(whole, found, "ref", str(area.grown(rows=rows.last_row - area.last_row)))
