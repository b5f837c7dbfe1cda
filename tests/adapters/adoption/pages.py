"""A person who corrects the page “Headings of ….xlsx”, as a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from scripts import adopt_tracker
from scripts.adapters.adoption.page import CHECKED_ROW, TITLES_ROW
from tracker_schema.adoption.question import DEADLINES, HEADINGS, NONE, NOT_DONE, OTHERS, WORDS, YES
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.layouts.layouts import incident_columns

NAMES = {
    **{column.id: column.heading for sheet in tracker_schema().sheet for column in sheet.column},
    **{column.id: column.heading for column in incident_columns()},
}


ANSWER = len(HEADINGS.columns)


def adopt(arguments: Sequence[str], page: Path, column_of: Callable[[str, int, str], str | None]) -> None:
    """Adopt a workbook by correcting its page, and confirming it once more if it asks about words of a heading."""
    assert adopt_tracker.main(list(arguments)) == 0
    for _ in range(2):
        if page.exists() and openpyxl.load_workbook(page)[HEADINGS.name].cell(CHECKED_ROW, ANSWER).value is None:
            correct(page, column_of)
            assert adopt_tracker.main(list(arguments)) == 0


def correct(
    page: Path,
    column_of: Callable[[str, int, str], str | None],
    words: Mapping[str, Mapping[str, str]] | None = None,
    *,
    others: Mapping[str, object] | None = None,
    not_done: Sequence[str] = (),
) -> list[str]:
    """Correct the page and confirm it. Return the headings whose proposal was changed.

    `column_of` gives the id of the column for a sheet, a column number and a heading; `words` the choice for a
    council's word, by our heading; `others` the answers to other questions, by a part of these.
    """
    workbook = openpyxl.load_workbook(page)
    sheet = workbook[HEADINGS.name]
    changed = []
    for row in range(TITLES_ROW + 1, sheet.max_row + 1):
        of, letters, heading = (str(sheet.cell(row, number).value or "") for number in (1, 2, 3))
        column = column_of(of, column_index_from_string(letters), heading)
        answer = NAMES[column] if column else NONE
        if sheet.cell(row, ANSWER).value != answer:
            changed.append(heading)
        sheet.cell(row, ANSWER).value = answer
    sheet.cell(CHECKED_ROW, ANSWER).value = YES
    for column, choices in (words or {}).items():
        for word, choice in choices.items():
            _answer(workbook[WORDS.name], (column, word), choice)
    for question, given in (others or {}).items():
        _answer(workbook[OTHERS.name], (question,), given)
    for deadline in not_done:
        _answer(workbook[DEADLINES.name], (deadline,), NOT_DONE)
    workbook.save(page)
    return changed


def _answer(sheet: Worksheet, wanted: Sequence[str], answer: object) -> None:
    """Type an answer into the last cell of the row that begins with these texts, if there is one."""
    for row in sheet.iter_rows(min_row=TITLES_ROW + 1):
        if all(text in str(cell.value) for text, cell in zip(wanted, row, strict=False)):
            row[-1].value = answer  # type: ignore[assignment]
