"""What to write into the tracker: the cells of our own columns whose value is to change, and no others."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tracker_schema.assessment.plan import CellWrite, NewHeading, Plan
from tracker_schema.columns.schema import INCIDENTS, Column, tracker_schema
from tracker_schema.errors import TrackerUnusable
from tracker_schema.incidents.incident import CLOSED
from tracker_schema.layouts.rows import SheetRows, column_letters
from tracker_schema.old_assessment import Assessment, SheetAssessment
from tracker_schema.old_facts import Facts
from tracker_schema.old_status import StatusColumns


def plan_writes(assessment: Assessment) -> Plan:
    """The headings to add and the cells to change so that the tracker shows `assessment`.

    Raises TrackerUnusable when a column under one of our headings is somebody's own.
    """
    headings: list[NewHeading] = []
    cells: list[CellWrite] = []
    written_before = any(map(_written_before, _pages(assessment.sheets[INCIDENTS])))
    for sheet in assessment.sheets.values():
        for page in _pages(sheet):
            new = _new_headings(page.read)
            if not (written_before and _speaks_our_words(page)):
                _refuse_what_is_filled_in(page)
            headings += new
            cells += _changes(sheet, page, {heading.column: heading.number for heading in new})
    return Plan(headings, cells)


def _pages(sheet: SheetAssessment) -> list[Facts]:
    """What stands on each worksheet of a sheet, row by row."""
    read = sheet.facts.read
    return [sheet.facts if page is read else Facts(page, tracker_schema().synonyms) for page in read.pages]


def _written_before(incidents: Facts) -> bool:
    """Whether this program has written to the page before: it has left its dates under Checked on."""
    checked = incidents.column("checked_on")
    emptied = incidents.read.emptied
    left_behind = (isinstance(old, dt.date) for _, _, column, old in emptied if column == "checked_on")
    return bool((checked.filled & ~checked.unreadable).any()) or any(left_behind)


def _speaks_our_words(page: Facts) -> bool:
    """Whether the page's status column is there and says at least as often what we write there as anything else.

    People scribble in our columns, and that is written over; a “Status” of their own they keep.
    """
    status = next(column for column in page.read.sheet.written_by_script() if column.type == "choice")
    cells = page.column(status.id)
    return page.has(status.id) and 2 * int(cells.unreadable.sum()) <= int(cells.filled.sum())


def _new_headings(read: SheetRows) -> list[NewHeading]:
    missing = [column for column in read.sheet.written_by_script() if column.id not in read.numbers]
    return [
        NewHeading(read.name, read.heading_row, number, column.id, read.heading(column.id))
        for number, column in enumerate(missing, read.next_column)
    ]


def _refuse_what_is_filled_in(page: Facts) -> None:
    """Nothing, when the columns under our headings are empty; else they are taken for somebody's own and refused, so
    that nobody's “Status” or typed “Return due” is overwritten.
    """
    for column in page.read.sheet.written_by_script():
        if page.has(column.id):
            for position in page.filled(column.id).nonzero()[0].tolist()[:1]:
                raise _someone_elses(page.read, column, page.read.rows[position])
    for row, _, column_id, _ in page.read.emptied[:1]:
        raise _someone_elses(page.read, page.read.sheet.columns[column_id], row)


def _someone_elses(read: SheetRows, column: Column, row: int) -> TrackerUnusable:
    cell = f"{read.name}!{column_letters(read.numbers[column.id])}{row}"
    return TrackerUnusable(
        f"{cell} holds something this program did not write, so the column "
        f"“{read.heading(column.id)}” is left alone and nothing was written; rename that column, or give ours another "
        f"heading in config.toml, such as columns.{read.sheet.id}.{column.id} = "
        f'"{column.aliases[0] if column.aliases else column.heading + " (worked out)"}"; or, if nobody needs what it '
        "holds, empty it."
    )


def _changes(sheet: SheetAssessment, page: Facts, new_numbers: dict[str, int]) -> list[CellWrite]:
    """The cells of one page of a sheet to change. Each row says what is worked out for its incident."""
    read = page.read
    rows, positions = read.rows, sheet.facts.read.positions_on(read)
    said = {column: [values[position] for position in positions] for column, values in sheet.status.items()}
    references = [sheet.facts.column("reference").values[position] for position in positions]
    leave = _closed_and_written(read, said)
    changes: list[CellWrite] = []
    for column, values in said.items():
        number = read.numbers.get(column) or new_numbers[column]
        olds = read.cells_in(column)
        changes += [
            CellWrite(read.name, row, number, column, reference, old, new)
            for row, reference, old, new, left_alone in zip(rows, references, olds, values, leave, strict=True)
            if not left_alone and not _same(old, new)
        ]
    changes += _left_behind(read)
    changes.sort(key=lambda change: (change.row, change.number))
    return changes


def _left_behind(read: SheetRows) -> list[CellWrite]:
    """What this program wrote on rows from which a person has since removed everything else: it is emptied too.

    Such a row still has one of our words in its status column; a remark or a key that somebody put below the log in
    our columns has not, and stays.
    """
    status = next(column for column in read.sheet.written_by_script() if column.type == "choice")
    ours = {row for row, _, column, old in read.emptied if column == status.id and old in status.choices}
    return [
        CellWrite(read.name, row, number, column, None, old, None)
        for row, number, column, old in read.emptied
        if row in ours
    ]


def _closed_and_written(read: SheetRows, status: StatusColumns) -> list[bool]:
    """Which rows are closed and say so already: those are not touched again."""
    if "status" not in status or "status" not in read.numbers:
        return [False] * len(read)
    olds = read.cells["status"]
    return [old == new == CLOSED for old, new in zip(olds, status["status"], strict=True)]


def _same(old: Any, new: Any) -> bool:
    if new is None:
        return bool(old == "")
    if isinstance(new, dt.date) and isinstance(old, dt.datetime):
        return bool(old == dt.datetime.combine(new, dt.time()))
    return bool(old == new)
