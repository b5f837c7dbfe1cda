"""Cell addresses: "B5" and "B5:D9" as rows and columns, both counted from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tracker_schema.columns.excel_limits import LAST_COLUMN, LAST_ROW
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.rows import column_letters

_CORNER = re.compile(r"\$?([A-Za-z]{0,3})\$?([0-9]{0,7})")


@cache
def column_number(letters: str) -> int:
    """The number of a column: A is 1, AB is 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(row: int, column: int) -> str:
    """The address of a cell, such as B5."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, its edges included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @classmethod
    def parse(cls, reference: str) -> Range:
        """The rectangle that "B5:D9", "B5", "B:D" or "5:9" names.

        Raises TrackerUnusable for anything else.
        """
        start, _, end = reference.strip().partition(":")
        first, last = _CORNER.fullmatch(start), _CORNER.fullmatch(end or start)
        if first is None or last is None or not (start and (first[1] or first[2])):
            raise TrackerUnusable(f"The workbook is damaged: '{reference[:40]}' is not a range of cells.")
        return cls(
            int(first[2] or 1),
            column_number(first[1]) or 1,
            int(last[2] or LAST_ROW),
            column_number(last[1]) or LAST_COLUMN,
        )

    def __str__(self) -> str:
        """The rectangle as a workbook names it, such as B5:D9."""
        return f"{address(self.first_row, self.first_column)}:{address(self.last_row, self.last_column)}"

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies in the rectangle."""
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column

    def overlaps(self, other: Range) -> bool:
        """Whether the two rectangles share a cell."""
        return (
            self.first_row <= other.last_row
            and other.first_row <= self.last_row
            and self.first_column <= other.last_column
            and other.first_column <= self.last_column
        )

    def widened(self, other: Range) -> Range:
        """The smallest rectangle that holds both."""
        return Range(
            min(self.first_row, other.first_row),
            min(self.first_column, other.first_column),
            max(self.last_row, other.last_row),
            max(self.last_column, other.last_column),
        )
