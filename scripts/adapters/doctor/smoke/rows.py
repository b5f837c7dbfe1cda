"""The part of the checklist about a row and a column that Excel's service adds to the log's table."""

from __future__ import annotations

from scripts.adapters.doctor.checks import TRACKER, Answer, check, fine, not_checked, warning, wrong
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.doctor.smoke.cells import DEVELOPERS, SESSION
from scripts.adapters.graph.errors import Refused
from scripts.adapters.graph.excel.open_sheet import OpenSheet, Work
from scripts.adapters.graph.excel.sessions import ExcelRefused, excel_session
from scripts.adapters.workbook.xlsx import Package, Range, Table
from tracker_schema.layouts.rows import SheetRows
from tracker_schema.returns.entries.entries import EntryPlan

_WORD = "smoke"
_HEADING = "Smoke column"


@check("11 Row added", needs=(SESSION,), exit_code=TRACKER)
def row(examined: Examined) -> Answer:
    """Check that a table accepts a row at its end, with the formats and formulas of the row above."""
    found = _log_in_a_table(examined)
    if found is None:
        return not_checked(
            "The log is no table, so Excel adds no row to one.", "To try this, make it a table: Insert, Table."
        )
    read, table = found
    work = Work(examined.rows, EntryPlan((), ()), {}, {read.name: table.name})
    with excel_session(examined.calls, examined.copy, keeps_changes=True) as opened:
        sheet = OpenSheet(opened, read, work)
        end = sheet.end_of_table()
        above = sheet.row(Range(end, table.first_column, end, table.last_column))
        try:
            # As rows are added in earnest: a value, formulas left to the table, all else empty.
            sheet.add_row([_WORD, *(None if str(held).startswith("=") else "" for held in above[0][1:])])
        except Refused as refused:
            return warning(f"The table takes no row ({refused.code}).", DEVELOPERS)
        grown = sheet.end_of_table() - end
        new = sheet.row(Range(end + 1, table.first_column, end + 1, table.last_column))
    if grown != 1 or new[0][0] != _WORD:
        return wrong(f"A row was added, but the table grew by {grown}, or does not end with what was sent.", DEVELOPERS)
    formulas = [str(held).startswith("=") for held in above[0][1:]]
    missing = [name for name, amiss in (
        ("number formats", above[1] != new[1]),
        ("formulas", formulas != [str(held).startswith("=") for held in new[0][1:]]),
    ) if amiss]  # fmt: skip
    if missing:
        return warning(f"The table takes a row at its end, but the {' and '.join(missing)} do not follow.", DEVELOPERS)
    return fine("The table takes a row at its end; number formats and formulas follow.")


@check("12 Column added", needs=(SESSION,), exit_code=TRACKER)
def column(examined: Examined) -> Answer:
    """Check that a table accepts a column under the heading that is asked for."""
    found = _log_in_a_table(examined)
    if found is None:
        return not_checked(
            "The log is no table, so Excel adds no column to one.", "To try this, make it a table: Insert, Table."
        )
    read, table = found
    work = Work(examined.rows, EntryPlan((), ()), {}, {read.name: table.name})
    with excel_session(examined.calls, examined.copy, keeps_changes=True) as opened:
        sheet = OpenSheet(opened, read, work)
        try:
            came = sheet.add_column(_HEADING)
        except ExcelRefused as refused:
            return warning(f"The table takes no column of a given name: {refused}; it was removed again.", DEVELOPERS)
        except Refused as refused:
            return warning(f"The table takes no column ({refused.code}).", DEVELOPERS)
    if came != _HEADING:
        return warning("A new column came under a name of Excel's own, and could be renamed.", DEVELOPERS)
    return fine("The table takes a column at its right end, under the heading that is asked for.")


def _log_in_a_table(examined: Examined) -> tuple[SheetRows, Table] | None:
    package = Package.open(examined.snapshot.data)
    for page in (page for read in examined.rows.sheets.values() for page in read.pages):
        part = package.table_with_heading(page.name, page.heading_row, page.numbers[page.sheet.row_key[0]])
        if part is not None and not part.table.totals_rows:
            return page, part.table
    return None


CHECKS = (row, column)
