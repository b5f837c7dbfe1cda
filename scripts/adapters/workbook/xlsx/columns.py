"""Where new columns go: at the right edge of a table, which then grows, or as mere headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.edits import Claim, SheetEdits
from scripts.adapters.workbook.xlsx.tables import TablePart


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A heading to add at (row, column), 1-based, of a sheet; styled like its left neighbour (row, column-1).

    When the left neighbour is the right edge of a table (ListObject) whose heading row is `row` the table grows by it.
    """

    sheet: str
    row: int
    column: int
    heading: str


def place_columns(columns: Sequence[NewColumn], tables: Sequence[TablePart], edits: SheetEdits) -> dict[str, list[str]]:
    """The headings that each table gains, by its part; the headings and the cells they claim go into `edits`.

    Raises TrackerUnusable when the place of a column belongs to a table already.
    """
    gained: dict[str, list[str]] = {part.part: [] for part in tables}
    for column in sorted(columns, key=lambda column: (column.row, column.column)):
        claimed = Range(column.row, column.column, column.row, column.column)
        for part in tables:
            headings = gained[part.part]
            edge = part.table.last_column + len(headings)
            if part.heading_row == column.row and edge == column.column - 1:
                claimed = Range(part.table.first_row, column.column, part.table.last_row, column.column)
                headings.append(column.heading)
                break
        edits.claimed.append(Claim(claimed, "a new column"))
        edits.headings.setdefault(column.row, []).append(column.column)
        edits.cells[column.row] = {**edits.cells.get(column.row, {}), column.column: column.heading}
    for part in tables:
        edits.check_claims(part.table.range, f"the table '{part.table.name}'; move that table")
    return gained


def check_headings_kept(edits: SheetEdits, tables: Sequence[TablePart]) -> None:
    """Raise TrackerUnusable when a value would be written over a table's heading or into its totals row.

    Excel takes a table whose headings are not those of its cells for damaged.
    """
    for part in tables:
        table = part.table
        if part.heading_row is not None:
            for column, heading in enumerate(part.headings, table.first_column):
                if edits.cells.get(part.heading_row, {}).get(column, heading) != heading:
                    raise edits.refused(
                        part.heading_row, column, f"is a heading of the table '{table.name}'; rename it there"
                    )
        totals = Range(table.last_row - table.totals_rows + 1, table.first_column, table.last_row, table.last_column)
        for row, column in edits.written_within(totals):
            raise edits.refused(row, column, f"is in the totals row of the table '{table.name}'; write above it")
