"""A person who corrects the page “Headings of ….xlsx”, as a script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.utils import column_index_from_string

from scripts import adopt_tracker
from scripts.adapters.adoption.page_file import (
    CHECKED,
    CHECKED_ROW,
    CLOCKS_ROW,
    DEADLINES,
    HEADINGS,
    NONE,
    NOT_DONE,
    START_ROW,
    TABLE_ROW,
    WORDS,
)
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.layouts.layouts import incident_columns

NAMES = {
    **{column.id: column.heading for sheet in tracker_schema().sheet for column in sheet.column},
    **{column.id: column.heading for column in incident_columns()},
}


def adopt(arguments: Sequence[str], page: Path, column_of: Callable[[str, int, str], str | None]) -> None:
    """Adopt a workbook by correcting its page, and confirming it once more if it asks about words of a heading."""
    assert adopt_tracker.main(list(arguments)) == 0
    for _ in range(2):
        if page.exists() and openpyxl.load_workbook(page)[HEADINGS].cell(CHECKED_ROW, 7).value is None:
            correct(page, column_of)
            assert adopt_tracker.main(list(arguments)) == 0


def correct(
    page: Path,
    column_of: Callable[[str, int, str], str | None],
    words: Mapping[str, Mapping[str, str]] | None = None,
    *,
    start_from: dt.date | None = None,
    not_done: Sequence[str] = (),
) -> list[str]:
    """Correct the page and confirm it. Return the headings whose proposal was changed.

    `column_of` gives the id of the column for a sheet, a column number and a heading; `words` the choice for a
    council's word, by our heading.
    """
    workbook = openpyxl.load_workbook(page)
    sheet = workbook[HEADINGS]
    changed = []
    for row in range(TABLE_ROW + 1, sheet.max_row + 1):
        of, letters, heading = (str(sheet.cell(row, number).value or "") for number in (1, 2, 3))
        column = column_of(of.split(", ")[0], column_index_from_string(letters), heading)
        answer = NAMES[column] if column else NONE
        if sheet.cell(row, 7).value != answer:
            changed.append(heading)
        sheet.cell(row, 7).value = answer
    sheet.cell(CHECKED_ROW, 7).value = CHECKED
    for row in range(TABLE_ROW + 1, workbook[WORDS].max_row + 1):
        column, word = (str(workbook[WORDS].cell(row, number).value) for number in (1, 2))
        if word in (words or {}).get(column, {}):
            workbook[WORDS].cell(row, 4).value = (words or {})[column][word]
    deadlines = workbook[DEADLINES]
    deadlines.cell(START_ROW, 4).value = start_from
    for row in range(CLOCKS_ROW + 1, deadlines.max_row + 1):
        if deadlines.cell(row, 1).value in not_done:
            deadlines.cell(row, 4).value = NOT_DONE
    workbook.save(page)
    return changed
