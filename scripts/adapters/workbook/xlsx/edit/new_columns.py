"""Where new columns go: at the right edge of a table, which then grows, or beside the other headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.edit.sheet_edits import Claim, Obstacle, SheetEdits
from scripts.adapters.workbook.xlsx.tables import TablePart


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """How the cells of a new column are shown.

    width          that the cells need, in characters
    heading_width  that the heading needs on one line, in characters
    is_date        the cells hold dates
    rows           of the log: the cells that are formatted
    like           those of them that show what an ordinary row looks like
    """

    width: float
    heading_width: float
    is_date: bool
    rows: Sequence[int]
    like: Sequence[int]


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A heading to add at (row, column) of a sheet, both counted from 1, formatted like the heading at its left.

    When the cell at its left is the last heading of a table (ListObject), the table grows by the column. Without a
    `format` the column has what the sheet has there.
    """

    sheet: str
    row: int
    column: int
    heading: str
    format: ColumnFormat | None = None


def place_columns(columns: Sequence[NewColumn], tables: Sequence[TablePart], edits: SheetEdits) -> dict[str, list[str]]:
    """Return the headings that each table gains, by its part. The headings and the cells they need go into `edits`.

    Raises TrackerUnusable when a column would go into a table that is there already.
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
        edits.cells[column.row] = {**edits.cells.get(column.row, {}), column.column: column.heading}
    for part in tables:
        edits.check_claims(Obstacle(part.table.range, f"the table '{part.table.name}'", "Move that table."))
    return gained


def check_headings_kept(edits: SheetEdits, tables: Sequence[TablePart]) -> None:
    """Raise TrackerUnusable when a value would be written over a table's heading or into its totals row.

    Excel reports a table as damaged when its headings differ from its cells.
    """
    for part in tables:
        table = part.table
        if part.heading_row is not None:
            for column, heading in enumerate(part.headings, table.first_column):
                if edits.cells.get(part.heading_row, {}).get(column, heading) != heading:
                    why = f"is a heading of the table '{table.name}'"
                    raise edits.refused(part.heading_row, column, why, "Rename it in Excel.")
        totals = Range(table.last_row - table.totals_rows + 1, table.first_column, table.last_row, table.last_column)
        for row, column in edits.written_within(totals):
            why = f"is in the totals row of the table '{table.name}'"
            raise edits.refused(row, column, why, "Insert an empty row above it in Excel.")
