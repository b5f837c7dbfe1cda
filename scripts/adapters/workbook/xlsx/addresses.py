"""Cell addresses: "B5" and "B5:D9" as rows and columns, both counted from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scripts.adapters.workbook.xlsx.archive import damaged
from tracker_schema.columns.excel_limits import LAST_COLUMN, LAST_ROW
from tracker_schema.layouts.rows import column_letters

_CORNER = re.compile(r"\$?([A-Za-z]{0,3})\$?([0-9]{0,7})")


@cache
def column_number(letters: str) -> int:
    """Return the number of a column: 1 for A, 28 for AB."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@cache
def column_bytes(column: int) -> bytes:
    """Return the letters of a column as bytes: b"AB" for 28."""
    return column_letters(column).encode()


def address(row: int, column: int) -> str:
    """Return the address of a cell, such as B5."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, including its edges."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @classmethod
    def parse(cls, reference: str) -> Range:
        """Return the rectangle that "B5:D9", "B5", "B:D" or "5:9" names.

        Raises TrackerUnusable for anything else.
        """
        start, _, end = reference.strip().partition(":")
        first, last = _CORNER.fullmatch(start), _CORNER.fullmatch(end or start)
        if first is None or last is None or not (start and (first[1] or first[2])):
            raise damaged(f"'{reference[:40]}' is not a range of cells")
        return cls(
            int(first[2] or 1),
            column_number(first[1]) or 1,
            int(last[2] or LAST_ROW),
            column_number(last[1]) or LAST_COLUMN,
        )

    def __str__(self) -> str:
        """Return the rectangle as a workbook names it, such as B5:D9."""
        return f"{address(self.first_row, self.first_column)}:{address(self.last_row, self.last_column)}"

    @property
    def rows(self) -> range:
        """The numbers of its rows."""
        return range(self.first_row, self.last_row + 1)

    @property
    def columns(self) -> range:
        """The numbers of its columns."""
        return range(self.first_column, self.last_column + 1)

    def holds(self, row: int, column: int) -> bool:
        """Return True when the cell is in the rectangle."""
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column

    def overlaps(self, other: Range) -> bool:
        """Return True when the two rectangles share a cell."""
        return (
            self.first_row <= other.last_row
            and other.first_row <= self.last_row
            and self.first_column <= other.last_column
            and other.first_column <= self.last_column
        )

    def widened(self, other: Range) -> Range:
        """Return the smallest rectangle that holds both."""
        return Range(
            min(self.first_row, other.first_row),
            min(self.first_column, other.first_column),
            max(self.last_row, other.last_row),
            max(self.last_column, other.last_column),
        )

    def grown(self, rows: int = 0, columns: int = 0) -> Range:
        """Return the rectangle with that many more rows at its end and columns at its right."""
        return Range(self.first_row, self.first_column, self.last_row + rows, self.last_column + columns)
