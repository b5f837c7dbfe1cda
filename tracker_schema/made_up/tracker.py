"""The made-up cases as a workbook that was read, without a file: to try things on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.columns.parsing import NO_RESULT, Cell
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.layouts.rows import SheetRows, WorkbookRows
from tracker_schema.made_up.cases import cases
from tracker_schema.made_up.steps import Formula, Row


def made_up_rows(as_of: dt.date, days: WorkingDays, *, empty: bool = False) -> WorkbookRows:
    """Return the made-up cases around `as_of`; `empty` is the same workbook before anything was entered.

    Raises OutsideCalendar as `cases` does.
    """
    rows = cases(as_of, days)
    return WorkbookRows(
        "Made-up cases.xlsx", {sheet: _sheet_rows(sheet, [] if empty else rows[sheet]) for sheet in rows}
    )


def _sheet_rows(sheet_id: str, rows: Sequence[Row]) -> SheetRows:
    sheet = tracker_schema().sheets[sheet_id]
    columns = [column for column in sheet.column if not (column.by_script or column.optional)]
    cells = {column.id: [_cell(row.get(column.id)) for row in rows] for column in columns}
    numbers = {column.id: number for number, column in enumerate(columns, 1)}
    headings = {column.id: column.heading for column in columns}
    return SheetRows(sheet, sheet.heading, 1, cells, range(2, len(rows) + 2), numbers, headings)


def _cell(value: object) -> Cell:
    """Return the cell as a reader gives it; a formula has no result, because no Excel has worked it out."""
    if isinstance(value, Formula):
        return NO_RESULT
    return "" if value is None else value
