"""What is to become of a sheet, and the areas of it that must be left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scripts.adapters.workbook.xlsx.addresses import Range, address
from scripts.adapters.workbook.xlsx.cells import CellValue
from tracker_schema.columns.excel_limits import LAST_COLUMN, LAST_ROW
from tracker_schema.errors import TrackerUnusable

_SHEET = Range(1, 1, LAST_ROW, LAST_COLUMN)


@dataclass(frozen=True, slots=True)
class Claim:
    """Where something is added, so that nothing may be there; `what` is added, in words.

    Formulas may be there if `over_formulas`: a row that people have prepared holds theirs.
    """

    area: Range
    what: str
    over_formulas: bool = False


@dataclass(frozen=True, slots=True)
class RowLooks:
    """A row that is added: from the `first` to the `last` column it takes the looks of the row `like`, if there is one.

    Which of `formulas`, by their column, are carried down to it is for that row to say.
    """

    like: int | None
    first: int
    last: int
    formulas: Mapping[int, str]


@dataclass(slots=True)
class SheetEdits:
    """The values to write into a sheet, and what is known about their places before its rows are read."""

    sheet: str
    cells: dict[int, Mapping[int, CellValue]]  # by row and column; new headings too
    headings: dict[int, list[int]] = field(default_factory=dict)  # the columns of a row that are new headings
    claimed: list[Claim] = field(default_factory=list)
    new_rows: dict[int, RowLooks] = field(default_factory=dict)  # by their number, in order
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
        """The smallest range that holds the new rows, of which there is one at least."""
        looks = self.new_rows.values()
        return Range(
            min(self.new_rows), min(each.first for each in looks), max(self.new_rows), max(each.last for each in looks)
        )

    def claimed_at(self, row: int) -> dict[int, Claim]:
        """The columns of a row in which nothing may be, and what is to go there."""
        return {
            column: claim
            for claim in self.claimed
            if claim.area.first_row <= row <= claim.area.last_row
            for column in range(claim.area.first_column, claim.area.last_column + 1)
        }

    def written_within(self, area: Range) -> Iterator[tuple[int, int]]:
        """The (row, column) of each value to be written into a range."""
        height = area.last_row - area.first_row + 1
        rows = range(area.first_row, area.last_row + 1) if height < len(self.cells) else sorted(self.cells)
        for row in rows:
            for column, value in self.cells.get(row, {}).items():
                if value is not None and area.holds(row, column):
                    yield row, column

    def check_merged(self, area: Range) -> None:
        """Raise TrackerUnusable when a value would vanish behind a merged cell, or a column or row cut through it."""
        for row, column in self.written_within(area):
            if (row, column) != (area.first_row, area.first_column):
                raise self.refused(row, column, f"is inside the merged cells {area}; unmerge them")
        self.check_claims(area, f"the merged cells {area}; unmerge them")

    def check_claims(self, area: Range, what: str) -> None:
        """Raise TrackerUnusable when something is to be added where that area is, which is called `what`."""
        for claim in self.claimed:
            if claim.area.overlaps(area):
                why = f"starts {claim.what}, which would run into {what}"
                raise self.refused(claim.area.first_row, claim.area.first_column, why)

    def refused(self, row: int, column: int, why: str) -> TrackerUnusable:
        """The error that says why a cell cannot be written."""
        return TrackerUnusable(f"Cell {self.sheet}!{address(row, column)} {why}. Nothing was written.")
