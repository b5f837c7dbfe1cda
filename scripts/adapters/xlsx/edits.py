"""What is to become of a sheet, and the areas of it that must be left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scripts.adapters.xlsx.addresses import LAST_COLUMN, LAST_ROW, Range, address
from scripts.adapters.xlsx.cells import CellValue
from tracker_schema.errors import TrackerUnusable

_SHEET = Range(1, 1, LAST_ROW, LAST_COLUMN)


@dataclass(slots=True)
class SheetEdits:
    """The values to write into a sheet, and what is known about their places before its rows are read."""

    sheet: str
    cells: dict[int, Mapping[int, CellValue]]  # by row and column; new headings too
    headings: dict[int, list[int]] = field(default_factory=dict)  # the columns of a row that are new headings
    claimed: list[Range] = field(default_factory=list)  # where columns are added, so that nothing may be there
    occupied: list[tuple[Range, str]] = field(default_factory=list)  # what no value can be written into, and its name

    def area(self) -> Range | None:
        """The smallest range that holds every value to be written; None when cells are only emptied.

        Raises TrackerUnusable when a cell lies outside the sheet.
        """
        rows: set[int] = set()
        columns: set[int] = set()
        for row, values in self.cells.items():
            written = [column for column, value in values.items() if value is not None]
            if written:
                rows.add(row)
                columns.update(written)
        if not rows:
            return None
        area = Range(min(rows), min(columns), max(rows), max(columns))
        if area.widened(_SHEET) != _SHEET:
            raise TrackerUnusable(f"The sheet '{self.sheet}' has no cells beyond {address(LAST_ROW, LAST_COLUMN)}.")
        return area

    def claimed_at(self, row: int) -> list[int]:
        """The columns of a row in which nothing may be."""
        return [
            column
            for area in self.claimed
            if area.first_row <= row <= area.last_row
            for column in range(area.first_column, area.last_column + 1)
        ]

    def written_within(self, area: Range) -> Iterator[tuple[int, int]]:
        """The (row, column) of each value to be written into a range."""
        height = area.last_row - area.first_row + 1
        rows = range(area.first_row, area.last_row + 1) if height < len(self.cells) else sorted(self.cells)
        for row in rows:
            for column, value in self.cells.get(row, {}).items():
                if value is not None and area.holds(row, column):
                    yield row, column

    def check_merged(self, area: Range) -> None:
        """Raise TrackerUnusable when a value would vanish behind a merged cell, or a column cut through it."""
        for row, column in self.written_within(area):
            if (row, column) != (area.first_row, area.first_column):
                raise self.refused(row, column, f"is inside the merged cells {area}; unmerge them")
        self.check_claims(area, f"the merged cells {area}; unmerge them")

    def check_claims(self, area: Range, what: str) -> None:
        """Raise TrackerUnusable when a column is to be added where that area is, which is called `what`."""
        for claimed in self.claimed:
            if claimed.overlaps(area):
                why = f"starts a new column, which would run into {what}"
                raise self.refused(claimed.first_row, claimed.first_column, why)

    def refused(self, row: int, column: int, why: str) -> TrackerUnusable:
        """The error that says why a cell cannot be written."""
        return TrackerUnusable(f"Cell {self.sheet}!{address(row, column)} {why}. Nothing was written.")
