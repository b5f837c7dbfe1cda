"""The workbook “Headings of ….xlsx”, in which a person corrects what was found.

It holds no value of a personal column.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker_schema.adoption.answers import Answers, columns_of, lacking
from tracker_schema.adoption.proposal import HeadingRow
from tracker_schema.columns.schema import Column
from tracker_schema.layouts.rows import column_letters
from tracker_schema.wording import counted

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADINGS, WORDS, DEADLINES, LISTS = "Headings", "Words", "Deadlines", "Lists"
NONE, EMPTY, LEAVE = "none of these", "nothing yet (counts as empty)", "leave it"
CHECKED, ADD, NOT_DONE = "Yes", "we will add the column", "we do not do this"
# The row of the confirmation, and that of the headings of each table.
CHECKED_ROW, TABLE_ROW, START_ROW, CLOSED_ROW, CLOSED_WORDS_ROW, CLOCKS_ROW = 2, 4, 2, 3, 4, 6

_SHADES = {"heading": "1F3864", "ask": "FFF2CC", "answer": "E2EFDA"}


def page_path(folder: Path, file_name: str) -> Path:
    """Return where the page about the workbook `file_name` is."""
    return folder / f"Headings of {Path(file_name).stem}.xlsx"


def page_rows(answers: Answers) -> list[tuple[tuple[str, str, str], HeadingRow]]:
    """Return the rows of the page, each with what identifies it: its sheets, the column's letters and the heading."""
    return [((row.sheets, column_letters(row.match.number), row.heading), row) for row in answers.proposal.rows()]


def columns_for(row: HeadingRow) -> list[Column]:
    """Return the columns that a heading can be."""
    return [column for column in row.part.sheet.column if not column.by_script]


def build_page(answers: Answers) -> bytes:
    """Return the page as a workbook."""
    # Loaded here, because few runs need it.
    from openpyxl import Workbook

    workbook = Workbook()
    headings = workbook.worksheets[0]
    headings.title = HEADINGS
    words, deadlines = workbook.create_sheet(WORDS), workbook.create_sheet(DEADLINES)
    lists = _Lists(workbook)
    _write_headings(headings, answers, lists)
    _write_words(words, answers, lists)
    _write_deadlines(deadlines, answers, lists)
    for sheet, first in ((headings, TABLE_ROW), (words, TABLE_ROW), (deadlines, CLOCKS_ROW)):
        _fit_rows(sheet, first + 1)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


class _Lists:
    """The hidden sheet with the choices of each drop-down."""

    def __init__(self, workbook: Workbook) -> None:
        self._sheet = workbook.create_sheet(LISTS)
        self._sheet.sheet_state = "hidden"
        self._ranges: dict[tuple[str, ...], Any] = {}

    def add(self, sheet: Worksheet, cell: str, choices: Sequence[str]) -> None:
        """Give the cell a drop-down of `choices`."""
        from openpyxl.worksheet.datavalidation import DataValidation

        rule = DataValidation(type="list", allow_blank=True, showErrorMessage=True)
        rule.error = "Please choose from the list."
        number = len(self._ranges) + 1
        key = (sheet.title, *choices)
        if key not in self._ranges:
            for row, choice in enumerate(choices, 1):
                _put(self._sheet, row, number, choice)
            letters = column_letters(number)
            rule.formula1 = f"{LISTS}!${letters}$1:${letters}${len(choices)}"
            self._ranges[key] = rule
            sheet.add_data_validation(rule)
        self._ranges[key].add(cell)


def _write_headings(sheet: Worksheet, answers: Answers, lists: _Lists) -> None:
    _put(
        sheet, 1, 1, "Correct the last column where it is wrong: a heading may be any of our columns, or none of these."
    )
    _put(sheet, CHECKED_ROW, 1, "Is all of it right? Choose Yes, save, and run the same command again:")
    _answer(sheet, CHECKED_ROW, 7, None)
    lists.add(sheet, f"G{CHECKED_ROW}", [CHECKED])
    titles = ["Your sheet", "Column", "Your heading", "Cells below it", "Why we ask", "It may be", "This is"]
    _titles(sheet, TABLE_ROW, titles, [24, 8, 30, 40, 40, 44, 34])
    for number, (key, row) in enumerate(page_rows(answers), TABLE_ROW + 1):
        match, columns = row.match, row.part.sheet.columns
        perhaps = "; ".join(columns[column].heading for column in match.suggestions if column in columns)
        cells = [*key, "; ".join(match.kinds), match.why, "" if match.sure else perhaps]
        for place, text in enumerate(cells, 1):
            _put(sheet, number, place, text, "" if match.sure else "ask")
        _answer(sheet, number, 7, columns[match.column].heading if match.column else NONE)
        lists.add(sheet, f"G{number}", [NONE, *(column.heading for column in columns_for(row))])
    sheet.freeze_panes = f"A{TABLE_ROW + 1}"


def _write_words(sheet: Worksheet, answers: Answers, lists: _Lists) -> None:
    _put(sheet, 1, 1, "Your words for our choices. Correct the last column where it is wrong.")
    _titles(sheet, TABLE_ROW, ["Our column", "Your word", "Rows", "It means"], [34, 34, 8, 34])
    columns = {column.id: column for part in answers.proposal.parts for column in part.sheet.column}
    for number, found in enumerate(sorted(answers.meanings, key=lambda each: each.sure), TABLE_ROW + 1):
        shade = "" if found.sure else "ask"
        for place, value in enumerate((columns[found.column].heading, found.word, found.rows), 1):
            _put(sheet, number, place, value, shade)
        _answer(sheet, number, 4, LEAVE if found.choice is None else found.choice or EMPTY)
        lists.add(sheet, f"D{number}", [LEAVE, EMPTY, *columns[found.column].choices])


def _write_deadlines(sheet: Worksheet, answers: Answers, lists: _Lists) -> None:
    _put(sheet, START_ROW, 1, "The day to start from: what was due before it and is not recorded as done is history")
    _put(sheet, CLOSED_ROW, 1, "The heading that says that a case is closed, if it is not a date")
    _put(sheet, CLOSED_WORDS_ROW, 1, "The words below it that mean closed, with commas between")
    _answer(sheet, START_ROW, 4, answers.start_from)
    sheet.cell(START_ROW, 4).number_format = "dd/mm/yyyy"
    _answer(sheet, CLOSED_ROW, 4, answers.closed.heading if answers.closed else None)
    _answer(sheet, CLOSED_WORDS_ROW, 4, ", ".join(answers.closed.words) if answers.closed else None)
    titles = ["Deadline", "Can it be worked out?", "Your log has no column for", "If not"]
    _titles(sheet, CLOCKS_ROW, titles, [60, 22, 50, 34])
    for number, (clock, missing) in enumerate(lacking(answers.proposal), CLOCKS_ROW + 1):
        shade = "ask" if missing else ""
        counts_as_empty = [] if missing else _counts_as_empty(answers, clock.sheet, clock.columns)
        empty = f"counts as empty: {'; '.join(counts_as_empty)}" if counts_as_empty else ""
        for place, text in enumerate((clock.label, "no" if missing else "yes", "; ".join(missing) or empty), 1):
            _put(sheet, number, place, text, shade)
        if missing:
            _answer(sheet, number, 4, NOT_DONE if clock.id in answers.not_kept else None)
            lists.add(sheet, f"D{number}", [ADD, NOT_DONE])


def _counts_as_empty(answers: Answers, sheet: str, columns: Sequence[str]) -> list[str]:
    """Return our headings that a clock takes as empty, because the log does not have them."""
    parts = answers.proposal.of(sheet)
    there = columns_of(parts)
    return [parts[0].sheet.columns[column].heading for column in columns if column not in there]


def _titles(sheet: Worksheet, row: int, titles: Sequence[str], widths: Sequence[int]) -> None:
    from openpyxl.styles import Font, PatternFill

    for number, (title, width) in enumerate(zip(titles, widths, strict=True), 1):
        cell = sheet.cell(row, number, title)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor=_SHADES["heading"])
        sheet.column_dimensions[column_letters(number)].width = width


def _fit_rows(sheet: Worksheet, first: int) -> None:
    """Make each row high enough for its longest text."""
    for number, row in enumerate(sheet.iter_rows(min_row=first), first):
        widths = [sheet.column_dimensions[column_letters(cell.column)].width for cell in row]
        lines = max(
            math.ceil(len(str(cell.value or "")) * 1.15 / width) for cell, width in zip(row, widths, strict=True)
        )
        sheet.row_dimensions[number].height = 15 * max(lines, 1)


def _put(sheet: Worksheet, row: int, number: int, value: object, shade: str = "") -> None:
    from openpyxl.styles import Alignment, PatternFill

    cell = sheet.cell(row, number)
    cell.value = value  # type: ignore[assignment]
    if isinstance(value, str):
        cell.data_type = "s"  # a heading that begins with = is no formula
    if row > TABLE_ROW and sheet.title != LISTS:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if shade:
        cell.fill = PatternFill("solid", fgColor=_SHADES[shade])


def _answer(sheet: Worksheet, row: int, number: int, value: object) -> None:
    _put(sheet, row, number, value, "answer")


def to_check(answers: Answers) -> str:
    """Return how much there is to check, such as “3 headings and 1 word”."""
    headings = sum(not row.match.sure for row in answers.proposal.rows())
    words = sum(not found.sure for found in answers.meanings)
    return " and ".join(counted(number, noun) for number, noun in ((headings, "heading"), (words, "word")) if number)
