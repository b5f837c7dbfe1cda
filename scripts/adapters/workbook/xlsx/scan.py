"""Scan a sheet for what a reader of values does not see: errors, missing results, its filter, strikethrough."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.archive import damaged
from scripts.adapters.workbook.xlsx.rows import RowFinder, has_value, style_of
from scripts.adapters.workbook.xlsx.sheet_reader import SheetReader

_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
_BEYOND = re.compile(rb"""r=["'][A-Za-z]{4}""")  # the last column is XFD; begins with a byte, so that it is found fast
_TEXT = re.compile(rb"""\st\s*=\s*["']str["']""")


@dataclass(frozen=True, slots=True)
class SheetScan:
    """What one pass over a sheet found. Cells are (row, column).

    auto_filter              the range of the sheet's own filter, which is not a table's
    extent                   the last row and the last column that hold a value; (0, 0) when none does
    formulas_without_result  cells with a formula that was never calculated
    error_cells              what each cell that shows an error says, such as "#REF!"
    """

    auto_filter: Range | None
    extent: tuple[int, int]
    formulas_without_result: set[tuple[int, int]]
    error_cells: dict[tuple[int, int], str]


def scan(reader: SheetReader) -> SheetScan:
    """Return what one pass over a sheet finds. Raises TrackerUnusable when the sheet is damaged."""
    finder = RowFinder(reader)
    patterns = _Patterns(reader.prefix)
    without_result: set[tuple[int, int]] = set()
    errors: dict[tuple[int, int], str] = {}
    last_row = last_column = 0
    for block in reader.blocks():
        for beyond in _BEYOND.finditer(block):
            if block[beyond.start() - 1 : beyond.start()].isspace():
                raise damaged(f"{reader.place} has a cell in a column that no sheet has")
        candidates = patterns.candidates(block)
        for number, start, opened in finder.rows(block):
            end = finder.row_end(block, opened)
            row = block[start:end]
            column = finder.column_at(row, number, patterns.last_value(row))
            if column:
                last_row, last_column = number, max(last_column, column)
            if not candidates or bisect_left(candidates, start) == bisect_left(candidates, end):
                continue
            for cell in finder.cells(row, number):
                tag, content = row[cell.start : cell.opened], row[cell.opened : cell.end]
                if patterns.lacks_result(tag, content):
                    without_result.add((number, cell.column))
                elif _ERROR.search(tag):
                    errors[number, cell.column] = patterns.value(content)
    found = reader.frame_tree().child("autoFilter")
    reference = found.attributes.get("ref") if found else None
    return SheetScan(Range.parse(reference) if reference else None, (last_row, last_column), without_result, errors)


class _Patterns:
    """The byte patterns of what is looked for, in a sheet whose elements have a prefix."""

    def __init__(self, prefix: bytes) -> None:
        p = re.escape(prefix)
        empty_value = rb"(?:<%bv\s*/>|<%bv\s*>\s*</%bv\s*>)" % (p, p, p)
        self._text_open = b"<%bis" % prefix
        self._value_open = b"<%bv" % prefix
        self._formula = b"<%bf" % prefix
        self._value = re.compile(rb"<%bv(?:\s[^>]*)?>([^<]*)" % p)
        self._any_value = re.compile(rb"<%bv[\s/>]" % p)
        self._no_result = re.compile(rb"(?:</%bf\s*>|<%bf(?:\s[^>]*)?/>)\s*%b?\s*</%bc\s*>" % (p, p, empty_value, p))

    def last_value(self, row: bytes) -> int:
        """Return where the last value of a row starts; -1 when it has none."""
        return max(row.rfind(self._value_open), row.rfind(self._text_open))

    def candidates(self, block: bytes) -> list[int]:
        """Return, in order, the places in a block that may be of an error or of a formula without a result."""
        found: list[int] = []
        for sign in (b'"e"', b"'e'") if b"'" in block else (b'"e"',):  # one byte is found far faster than three
            at = block.find(sign)
            while at >= 0:
                found.append(at)
                at = block.find(sign, at + 1)
        if self._formula in block:
            found += [match.start() for match in self._no_result.finditer(block)]
        return sorted(found)

    def lacks_result(self, tag: bytes, content: bytes) -> bool:
        """Return True when a cell holds a formula and no value. An empty value counts where the cell is text."""
        if self._no_result.search(content) is None:
            return False
        return not (_TEXT.search(tag) and self._any_value.search(content))

    def value(self, content: bytes) -> str:
        """Return the value in the content of a cell."""
        found = self._value.search(content)
        return found[1].decode("utf-8", "replace").strip() if found else ""


def rows_in_styles(reader: SheetReader, styles: Collection[int], columns: Collection[int]) -> frozenset[int]:
    """Return the rows in which every filled cell of `columns` has one of the cell styles `styles`, and one is filled.

    Raises TrackerUnusable when the sheet is damaged.
    """
    finder = RowFinder(reader)
    mark = re.compile(rb"""\ss\s*=\s*["'](?:%b)["']""" % b"|".join(b"%d" % style for style in sorted(styles)))
    found = set()
    for block in reader.blocks():
        for number, start, opened in finder.rows(block):
            row = block[start : finder.row_end(block, opened)]
            if mark.search(row) is None:
                continue
            filled = [
                style_of(row[cell.start : cell.opened])
                for cell in finder.cells(row, number)
                if cell.column in columns and has_value(row, cell)
            ]
            if filled and all(style in styles for style in filled):
                found.add(number)
    return frozenset(found)


def styles_of_cells(
    reader: SheetReader, styles: Collection[int], columns: Collection[int]
) -> dict[tuple[int, int], int]:
    """Return the style of each cell of `columns` that has one of `styles`, by row and column.

    Raises TrackerUnusable when the sheet is damaged.
    """
    finder = RowFinder(reader)
    mark = re.compile(rb"""\ss\s*=\s*["'](?:%b)["']""" % b"|".join(b"%d" % style for style in sorted(styles)))
    found = {}
    for block in reader.blocks():
        for number, start, opened in finder.rows(block):
            row = block[start : finder.row_end(block, opened)]
            if mark.search(row) is None:
                continue
            for cell in finder.cells(row, number):
                if cell.column in columns and (style := style_of(row[cell.start : cell.opened])) in styles:
                    found[number, cell.column] = style
    return found
