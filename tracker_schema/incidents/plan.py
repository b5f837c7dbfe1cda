"""What to write into the tracker: the cells of our own columns whose value is to change, and no others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from tracker_schema.clocks.timed_record import TimedRecord
from tracker_schema.columns.schema import INCIDENTS, Column, Sheet
from tracker_schema.incidents.incident import CLOSED, Tracker
from tracker_schema.incidents.own_columns import columns_left_alone, may_be_ours, telling_column
from tracker_schema.layouts.rows import SheetRows, WorkbookRows, column_letters


class CellWrite(NamedTuple):
    """One cell to change.

    sheet        the worksheet
    row          its row number there
    number       its column number there
    column       the id of the column
    reference    the reference of its row, None when the row has none
    old          what it held when it was read, as the reader gave it
    new          what it is to hold, None to empty it
    """

    sheet: str
    row: int
    number: int
    column: str
    reference: str | None
    old: Any
    new: Any

    @property
    def cell(self) -> str:
        """The cell's address, such as “Incidents!BA5”."""
        return f"{self.sheet}!{column_letters(self.number)}{self.row}"


class NewHeading(NamedTuple):
    """One of our headings that a worksheet does not have yet, and where it goes.

    sheet         the worksheet
    row           its row number there
    number        its column number there
    column        the id of its column
    heading       its text
    definition    its column
    rows          the row numbers of the log, whose cells in the column are formatted
    ordinary      those of them that are open, or all when none is: they show how a cell is to be formatted
    """

    sheet: str
    row: int
    number: int
    column: str
    heading: str
    definition: Column
    rows: Sequence[int] = ()
    ordinary: Sequence[int] = ()

    @property
    def cell(self) -> str:
        """The heading's address, such as “Incidents!BA4”."""
        return f"{self.sheet}!{column_letters(self.number)}{self.row}"


class NewRow(NamedTuple):
    """One row to add to a log, right below its last row. Its cells are among those of the plan.

    sheet        the worksheet
    row          its row number there
    like         the row whose formats it takes, None when the log is empty
    first        the number of the log's first column
    last         the number of its last column
    reference    the reference of the new row
    """

    sheet: str
    row: int
    like: int | None
    first: int
    last: int
    reference: str


class NewSheet(NamedTuple):
    """One of our sheets that a workbook does not have yet. It goes behind all others.

    definition   its columns
    like         the worksheet of the log, from which it takes the formats of its cells
    references   the worksheet of the log whose references its drop-down offers; None when they are on several
    suggestions  by column id, what the drop-down of a text column offers
    """

    definition: Sheet
    like: SheetRows
    references: SheetRows | None
    suggestions: Mapping[str, Sequence[str]]


class StatusColumn(NamedTuple):
    """A column of ours that holds one of a few words.

    sheet         the worksheet
    number        its column number there
    first_row     the first row below the headings
    words         the words it may hold
    """

    sheet: str
    number: int
    first_row: int
    words: Sequence[str]


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything one run would write. An empty plan leaves the file untouched.

    headings    our headings to add
    cells       the cells to change: all of our own columns, or all of people's, as `peoples` says
    rows        the rows to add
    coloured    the status columns that get colours when anything is written; those that have some keep them
    sheets      our sheets to add, in a plan of their own
    """

    peoples: ClassVar[bool] = False

    headings: Sequence[NewHeading]
    cells: Sequence[CellWrite]
    rows: Sequence[NewRow] = ()
    coloured: Sequence[StatusColumn] = ()
    sheets: Sequence[NewSheet] = ()

    def __bool__(self) -> bool:
        return bool(self.headings or self.cells or self.rows or self.sheets)


def plan_new_sheet(rows: WorkbookRows, sheet: Sheet, suggestions: Mapping[str, Sequence[str]]) -> Plan:
    """Return the plan that adds `sheet` to a workbook; an empty one when the workbook has it.

    `suggestions` has, by column id, what the drop-down of a text column offers.
    """
    if sheet.id in rows.sheets:
        return Plan((), ())
    pages = rows.sheets[INCIDENTS].pages
    new = NewSheet(sheet, pages[-1], pages[0] if len(pages) == 1 else None, suggestions)
    return Plan((), (), sheets=[new])


def plan_writes(tracker: Tracker, *, with_colours: bool = False, checked_on_days: int = 1) -> Plan:
    """Return the headings to add and the cells to change so that the workbook shows what was worked out.

    `with_colours` says that the words of a status get colours. When nothing but the days of the last check would
    change, they are left as they are for `checked_on_days` calendar days.

    A worksheet with a column of somebody else's under one of our headings is left alone.
    """
    headings: list[NewHeading] = []
    cells: list[CellWrite] = []
    coloured: list[StatusColumn] = []
    for sheet_id, records in tracker.records.items():
        sheet = tracker.rows.sheets[sheet_id]
        left_alone = [page for page, _ in columns_left_alone(tracker.rows, sheet_id)]
        for page in sheet.pages:
            if any(page is other for other in left_alone):
                continue
            of_rows = [records[position] for position in sheet.positions_on(page)]
            new = _new_headings(page, of_rows)
            headings += new
            new_numbers = {heading.column: heading.number for heading in new}
            cells += _changes(page, of_rows, new_numbers)
            if with_colours:
                coloured += _status_columns(page, new_numbers)
    if not headings and all(_is_recent(cell, checked_on_days) for cell in cells):
        cells = []
    return Plan(headings, cells, coloured=coloured)


def _is_recent(cell: CellWrite, days: int) -> bool:
    """Return True when a cell only renews the day of the last check, which is fewer than `days` days ago."""
    if cell.column != "checked_on" or not isinstance(cell.old, dt.date) or not isinstance(cell.new, dt.date):
        return False
    old = cell.old.date() if isinstance(cell.old, dt.datetime) else cell.old
    return 0 <= (cell.new - old).days < days


def _new_headings(page: SheetRows, records: Sequence[TimedRecord]) -> list[NewHeading]:
    """Return the headings that a worksheet lacks; `records` are what its rows are about, in order."""
    missing = [column for column in page.sheet.written_by_script() if column.id not in page.numbers]
    rows = tuple(page.rows)
    open_rows = tuple(
        row for row, record in zip(rows, records, strict=True) if record.worked_out.get("status") != CLOSED
    )
    return [
        NewHeading(
            page.name, page.heading_row, number, column.id, page.heading(column.id), column, rows, open_rows or rows
        )
        for number, column in enumerate(missing, page.next_column)
    ]


def _status_columns(page: SheetRows, new_numbers: dict[str, int]) -> list[StatusColumn]:
    numbers = {**page.numbers, **new_numbers}
    return [
        StatusColumn(page.name, numbers[column.id], page.heading_row + 1, column.choices)
        for column in page.sheet.written_by_script()
        if column.choices
    ]


def _changes(page: SheetRows, records: Sequence[TimedRecord], new_numbers: dict[str, int]) -> list[CellWrite]:
    """Return the cells to change on one worksheet; `records` are what its rows are about, in order."""
    changes: list[CellWrite] = []
    status = page.cells.get("status")
    for index, (row, record) in enumerate(zip(page.rows, records, strict=True)):
        # A closed row that says so already is not touched again.
        if status is not None and status[index] == CLOSED == record.worked_out.get("status"):
            continue
        for column, new in record.worked_out.items():
            old = page.cells[column][index] if column in page.cells else ""
            if not _same(old, new):
                number = page.numbers.get(column) or new_numbers[column]
                changes.append(CellWrite(page.name, row, number, column, record.reference or None, old, new))
    changes += _left_behind(page)
    changes.sort(key=lambda change: (change.row, change.number))
    return changes


def _left_behind(page: SheetRows) -> list[CellWrite]:
    """Return the cells that this program wrote on rows from which a person has since removed everything else.

    Such a row still has what is ours in its telling column. A remark or a key that somebody put below the log in our
    columns has not, and is kept.
    """
    telling = telling_column(page)
    ours = {row for row, _, column, old in page.emptied if column == telling.id and may_be_ours(telling, old)}
    return [
        CellWrite(page.name, row, number, column, None, old, None)
        for row, number, column, old in page.emptied
        if row in ours
    ]


def _same(old: Any, new: Any) -> bool:
    if new is None:
        return bool(old == "")
    if isinstance(new, dt.date) and isinstance(old, dt.datetime):
        return bool(old == dt.datetime.combine(new, dt.time()))
    return bool(old == new)
