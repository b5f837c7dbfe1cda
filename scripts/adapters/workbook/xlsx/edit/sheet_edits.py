"""The changes to make in a sheet, and the cells that must stay free or as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scripts.adapters.workbook.xlsx.addresses import Range, address
from scripts.adapters.workbook.xlsx.edit.cells import CellValue
from tracker_schema.columns.excel_limits import LAST_COLUMN, LAST_ROW
from tracker_schema.errors import TrackerUnusable

_SHEET = Range(1, 1, LAST_ROW, LAST_COLUMN)


@dataclass(frozen=True, slots=True)
class Claim:
    """Cells where something is added, so they must be empty.

    area           the cells
    what           is added there, in words
    over_formulas  formulas may be there: people prepare rows with theirs
    """

    area: Range
    what: str
    over_formulas: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A range into which nothing can be written: its cells, its name in words, and the remedy as a sentence."""

    area: Range
    name: str
    remedy: str


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to add right below the log of a sheet. When the log is a table (ListObject), the table grows by it.

    sheet         the name of the sheet
    row           the number of the new row; an empty row that is there already is used
    like          the row it is formatted like; None when the log is empty
    first_column  of the log
    last_column   of the log
    """

    sheet: str
    row: int
    like: int | None
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class ColumnSetting:
    """What a column has: its width in characters, and the style of cells that are not there."""

    width: float
    style: int


@dataclass(slots=True)
class SheetEdits:
    """The values to write into a sheet, and what is known about their cells before its rows are read.

    sheet     its name
    cells     the values by row and column, with those of new headings; None empties a cell
    styles    the styles of cells by row and column: of new headings, and below them of cells with or without a value
    columns   what new columns have, by number
    claimed   cells that must be empty
    new_rows  rows that are added, by number, in order
    formulas  that fill whole columns of a new row's table, by row and column; it takes those that the row it is
              formatted like holds unchanged
    occupied  ranges into which no value can be written
    """

    sheet: str
    cells: dict[int, Mapping[int, CellValue]]
    styles: dict[int, dict[int, int]] = field(default_factory=dict)
    columns: dict[int, ColumnSetting] = field(default_factory=dict)
    claimed: list[Claim] = field(default_factory=list)
    new_rows: dict[int, NewRow] = field(default_factory=dict)
    formulas: dict[int, Mapping[int, str]] = field(default_factory=dict)
    occupied: list[Obstacle] = field(default_factory=list)

    def area(self) -> Range | None:
        """Return the smallest range that holds every value to write; None when cells are only emptied.

        Raises TrackerUnusable when a cell lies outside the sheet.
        """
        rows: set[int] = set()
        columns: set[int] = set()
        for row, values in self.cells.items():
            written = [column for column, value in values.items() if value is not None]
            if written:
                rows.add(row)
                columns.update(written)
        if self.new_rows:
            new = self.new_area()
            rows.update((new.first_row, new.last_row))
            columns.update((new.first_column, new.last_column))
        if not rows:
            return None
        area = Range(min(rows), min(columns), max(rows), max(columns))
        if area.widened(_SHEET) != _SHEET:
            raise TrackerUnusable(f"The sheet '{self.sheet}' has no cells beyond {address(LAST_ROW, LAST_COLUMN)}.")
        return area

    def new_area(self) -> Range:
        """Return the smallest range that holds the new rows, of which there must be one."""
        rows = self.new_rows.values()
        first, last = min(row.first_column for row in rows), max(row.last_column for row in rows)
        return Range(min(self.new_rows), first, max(self.new_rows), last)

    def claimed_at(self, row: int) -> dict[int, Claim]:
        """Return the columns of a row that must be empty, and what is to go there."""
        return {
            column: claim
            for claim in self.claimed
            if claim.area.first_row <= row <= claim.area.last_row
            for column in range(claim.area.first_column, claim.area.last_column + 1)
        }

    def written_within(self, area: Range) -> Iterator[tuple[int, int]]:
        """Yield the (row, column) of each value to write into a range."""
        height = area.last_row - area.first_row + 1
        rows = range(area.first_row, area.last_row + 1) if height < len(self.cells) else sorted(self.cells)
        for row in rows:
            for column, value in self.cells.get(row, {}).items():
                if value is not None and area.holds(row, column):
                    yield row, column

    def check_merged(self, area: Range) -> None:
        """Raise TrackerUnusable when a value or something added would go into the hidden part of merged cells."""
        merged = Obstacle(area, f"the merged cells {area}", "Unmerge them.")
        for row, column in self.written_within(area):
            if (row, column) != (area.first_row, area.first_column):
                raise self.refused(row, column, f"is inside {merged.name}", merged.remedy)
        self.check_claims(merged)

    def check_claims(self, obstacle: Obstacle) -> None:
        """Raise TrackerUnusable when something is to be added where an obstacle is."""
        for claim in self.claimed:
            if claim.area.overlaps(obstacle.area):
                why = f"starts {claim.what}, which would run into {obstacle.name}"
                raise self.refused(claim.area.first_row, claim.area.first_column, why, obstacle.remedy)

    def refused(self, row: int, column: int, why: str, remedy: str) -> TrackerUnusable:
        """Return the error for a cell that cannot be written; `why` goes on after its address."""
        return TrackerUnusable(f"Cell {self.sheet}!{address(row, column)} {why}, so nothing was written.", remedy)
