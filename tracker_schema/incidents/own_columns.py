"""Which worksheets have columns under our headings that are somebody else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tracker_schema.columns.dates import parse_date
from tracker_schema.columns.parsing import Cell, Unreadable
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import INCIDENTS, Column
from tracker_schema.layouts.rows import SheetRows, WorkbookRows, column_letters

NOT_OURS = "not-our-column"

# Of our headings on the sheet of incidents, people may have deleted so many.
_MAY_BE_DELETED = 2


def columns_left_alone(rows: WorkbookRows, sheet_id: str) -> Iterator[tuple[SheetRows, Problem]]:
    """Give each worksheet of a sheet that has a column of somebody else's under one of our headings, and the problem.

    Our columns are known by their headings, which are all there (or all but a few that somebody deleted), together with
    the date and the words that this program leaves in them. What a single column holds does not make it ours. A sheet
    that is only read where our headings are there is known by those.
    """
    ours = any(map(_was_written_before, rows.sheets[INCIDENTS].pages))
    for page in rows.sheets[sheet_id].pages:
        by_headings = any(column.required for column in page.sheet.written_by_script())
        if (ours or by_headings) and _holds_our_words(page):
            continue
        cell = _first_filled(page)
        if cell is not None:
            yield page, _problem(page, *cell)


def telling_column(page: SheetRows) -> Column:
    """Return the column of ours that shows whether a row is written by this program: the status, else the first."""
    ours = list(page.sheet.written_by_script())
    return next((column for column in ours if column.type == "choice"), ours[0])


def may_be_ours(column: Column, cell: Cell) -> bool:
    """Return whether this program may have written the `cell` in its `column`: one of its words, a date or a number."""
    match column.type:
        case "choice":
            return " ".join(str(cell).split()) in column.choices
        case "date":
            return _is_date(cell)
        case "number":
            return isinstance(cell, float) and cell.is_integer()
    return False


def _was_written_before(page: SheetRows) -> bool:
    """Return whether this program has written to the worksheet before: its headings are there, and its dates."""
    missing = [column.id for column in page.sheet.written_by_script() if column.id not in page.numbers]
    if len(missing) > _MAY_BE_DELETED:
        return False
    cells = page.cells.get("checked_on", ())
    left_behind = (old for _, _, column, old in page.emptied if column == "checked_on" and isinstance(old, dt.date))
    return any(map(_is_date, cells)) or any(left_behind)


def last_checked(page: SheetRows) -> dt.date | None:
    """Return the newest day on which this program has checked a row of the worksheet; None when it has checked none."""
    return max(filter(None, map(_date, page.cells.get("checked_on", ()))), default=None)


def _is_date(cell: object) -> bool:
    return _date(cell) is not None


def _date(cell: object) -> dt.date | None:
    try:
        return parse_date(cell)[0]
    except Unreadable:
        return None


def _holds_our_words(page: SheetRows) -> bool:
    """Return whether the telling column is there and holds at least as often what is ours as anything else.

    People scribble in our columns, and that is overwritten. A “Status” of their own they keep.
    """
    column = telling_column(page)
    if column.id not in page.cells:
        return False
    filled = [cell for cell in page.cells[column.id] if str(cell).strip()]
    return 2 * sum(may_be_ours(column, cell) for cell in filled) >= len(filled)


def _first_filled(page: SheetRows) -> tuple[Column, int] | None:
    """Return the first of our columns that holds something, and the row; None when all are empty."""
    for column in page.sheet.written_by_script():
        for row, cell in zip(page.rows, page.cells.get(column.id, ()), strict=False):
            if str(cell).strip():
                return column, row
    return next(((page.sheet.columns[column], row) for row, _, column, _ in page.emptied), None)


def _problem(page: SheetRows, column: Column, row: int) -> Problem:
    cell = f"{page.name}!{column_letters(page.numbers[column.id])}{row}"
    example = column.aliases[0] if column.aliases else f"{column.heading} (worked out)"
    return Problem(
        NOT_OURS,
        "warning",
        cell,
        f"{cell} holds something that this program did not write, so “{page.heading(column.id)}” is left alone and no "
        f"status column is written on the sheet “{page.name}”.",
        "Rename that column, or give ours another heading in config.toml, such as "
        f'columns.{page.sheet.id}.{column.id} = "{example}"; or, if nobody needs what it holds, empty it.',
        column=column.id,
        heading=page.heading(column.id),
    )
