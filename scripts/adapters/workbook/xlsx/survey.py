"""What a reader of values alone does not see in a sheet: formulas without a result, errors, the sheet's filter."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.rows import RowFinder
from scripts.adapters.workbook.xlsx.sheet import SheetReader

_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
_TEXT = re.compile(rb"""\st\s*=\s*["']str["']""")


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen; cells by (row, column)."""

    auto_filter: Range | None
    extent: tuple[int, int]
    formulas_without_result: set[tuple[int, int]]
    error_cells: dict[tuple[int, int], str]


def survey(reader: SheetReader) -> Survey:
    """The sheet's own filter, how far its values reach, the formulas without a value, and the cells that show an error.

    Raises TrackerUnusable when the sheet is damaged.
    """
    finder = RowFinder(reader.prefix, reader.encoding, reader.place)
    signs = _Signs(reader.prefix)
    unresolved: set[tuple[int, int]] = set()
    errors: dict[tuple[int, int], str] = {}
    last_row = last_column = 0
    for block in reader.blocks():
        promising = signs.places(block)
        for number, start, opened in finder.rows(block):
            end = finder.row_end(block, opened)
            row = block[start:end]
            column = finder.column_at(row, number, signs.last_value(row))
            if column:
                last_row, last_column = number, max(last_column, column)
            closer = bisect_left(promising, start) < bisect_left(promising, end)
            for cell in finder.cells(row, number) if closer else ():
                tag, content = row[cell.start : cell.opened], row[cell.opened : cell.end]
                if signs.is_unresolved(tag, content):
                    unresolved.add((number, cell.column))
                elif _ERROR.search(tag):
                    errors[number, cell.column] = signs.shown(content)
    found = reader.frame_tree().child("autoFilter")
    reference = found.attributes.get("ref") if found else None
    return Survey(Range.parse(reference) if reference else None, (last_row, last_column), unresolved, errors)


class _Signs:
    """How the bytes look of what is sought."""

    def __init__(self, prefix: bytes) -> None:
        p = re.escape(prefix)
        empty_value = rb"(?:<%bv\s*/>|<%bv\s*>\s*</%bv\s*>)" % (p, p, p)
        self._text_open = b"<%bis" % prefix
        self._value_open = b"<%bv" % prefix
        self._formula_end = b"</%bf" % prefix
        self._formula = b"<%bf" % prefix
        self._value = re.compile(rb"<%bv(?:\s[^>]*)?>([^<]*)" % p)
        self._any_value = re.compile(rb"<%bv[\s/>]" % p)
        self._no_result = re.compile(rb"(?:</%bf\s*>|<%bf(?:\s[^>]*)?/>)\s*%b?\s*</%bc\s*>" % (p, p, empty_value, p))

    def last_value(self, row: bytes) -> int:
        """Where the last value of a row starts; -1 when it has none."""
        return max(row.rfind(self._value_open), row.rfind(self._text_open))

    def places(self, block: bytes) -> list[int]:
        """Where in a block something stands that makes a closer look at its row worth it, in order."""
        found: list[int] = []
        for sign in (b'"e"', b"'e'"):
            at = block.find(sign)
            while at >= 0:
                found.append(at)
                at = block.find(sign, at + 1)
        if self._formula_end in block or self._formula in block:
            found += [match.start() for match in self._no_result.finditer(block)]
        return sorted(found)

    def is_unresolved(self, tag: bytes, content: bytes) -> bool:
        """Whether a cell holds a formula and no value; an empty value is one where the cell says it is text."""
        if self._no_result.search(content) is None:
            return False
        return not (_TEXT.search(tag) and self._any_value.search(content))

    def shown(self, content: bytes) -> str:
        """The value a cell shows."""
        found = self._value.search(content)
        return found[1].decode("utf-8", "replace").strip() if found else ""
