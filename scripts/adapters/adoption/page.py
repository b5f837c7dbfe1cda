"""The workbook “Headings of ….xlsx”, in which a person answers the questions about a log.

It holds no value of a personal column.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.adapters.workbook.open_workbook import open_workbook
from tracker_schema.adoption.question import HEADINGS, TABLES, YES, Question, Said, Table
from tracker_schema.columns.schema import plain
from tracker_schema.layouts.rows import column_letters

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# The row of the confirmation, on the first sheet, and that of the titles of each table.
CHECKED_ROW, TITLES_ROW = 2, 4

_TITLE, _ASK, _ANSWER = "1F3864", "FFF2CC", "E2EFDA"
_CONFIRM = "Is all of it right, on the other sheets too? Choose Yes, save, and run the same command again:"
_LISTS = "Lists"
_LINE_HEIGHT, _WIDTH_OF_LETTER = 15, 1.15


def page_path(folder: Path, file_name: str) -> Path:
    """Return where the page about the workbook `file_name` is."""
    return folder / f"Headings of {Path(file_name).stem}.xlsx"


def read_page(path: Path) -> Said | None:
    """Return the answers on the page at `path`, by the keys of the questions; None when nobody has confirmed it.

    Raises TrackerUnusable when it is not a readable workbook.
    """
    workbook = open_workbook(path.read_bytes(), path.name)
    said: dict[tuple[str, ...], Any] = {}
    for table in TABLES:
        width = len(table.columns)
        rows = [[*row, *[""] * width][:width] for row in workbook.rows(table.name)]
        if table is HEADINGS and plain(str(rows[CHECKED_ROW - 1][-1])) != plain(YES):
            return None
        for row in rows[TITLES_ROW:]:
            key = table.name, *(" ".join(str(cell).split()) for cell in row[: table.key])
            said[key] = row[-1] if isinstance(row[-1], dt.date) else " ".join(str(row[-1]).split())
    return said


def build_page(questions: Sequence[Question]) -> bytes:
    """Return the page with these questions as a workbook."""
    # Loaded here, because few runs need it.
    from openpyxl import Workbook

    workbook = Workbook()
    lists = _Lists(workbook.worksheets[0])
    for place, table in enumerate(TABLES):
        sheet = workbook.create_sheet(table.name, place)
        _write_table(sheet, table, [question for question in questions if question.table is table], lists)
    workbook.active = 0
    _put(workbook.worksheets[0], CHECKED_ROW, 1, _CONFIRM)
    _put(workbook.worksheets[0], CHECKED_ROW, len(HEADINGS.columns), None, _ANSWER)
    lists.add(workbook.worksheets[0], CHECKED_ROW, len(HEADINGS.columns), [YES])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _write_table(sheet: Worksheet, table: Table, questions: Sequence[Question], lists: _Lists) -> None:
    from openpyxl.styles import Alignment, Font

    _put(sheet, 1, 1, table.about)
    for number, (title, width) in enumerate(table.columns.items(), 1):
        _put(sheet, TITLES_ROW, number, title, _TITLE)
        sheet.cell(TITLES_ROW, number).font = Font(bold=True, color="FFFFFF")
        sheet.column_dimensions[column_letters(number)].width = width
    for row, question in enumerate(questions, TITLES_ROW + 1):
        cells = [*question.cells, question.answer]
        for number, text in enumerate(cells, 1):
            shade = _ANSWER if number == len(cells) and question.is_open else "" if question.sure else _ASK
            _put(sheet, row, number, text, shade)
            sheet.cell(row, number).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, len(cells)).number_format = "dd/mm/yyyy"
        lines = (
            len(str(text)) * _WIDTH_OF_LETTER / width for text, width in zip(cells, table.columns.values(), strict=True)
        )
        sheet.row_dimensions[row].height = _LINE_HEIGHT * max(1, *map(math.ceil, lines))
        if question.choices:
            lists.add(sheet, row, len(cells), question.choices)
    sheet.freeze_panes = f"A{TITLES_ROW + 1}"


class _Lists:
    """The hidden sheet with the choices of each drop-down."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        sheet.title, sheet.sheet_state = _LISTS, "hidden"
        self._rules: dict[tuple[str, ...], Any] = {}

    def add(self, sheet: Worksheet, row: int, number: int, choices: Sequence[str]) -> None:
        """Give the cell a drop-down of `choices`."""
        from openpyxl.worksheet.datavalidation import DataValidation

        key = (sheet.title, *choices)
        if key not in self._rules:
            letters = column_letters(len(self._rules) + 1)
            for place, choice in enumerate(choices, 1):
                _put(self._sheet, place, len(self._rules) + 1, choice)
            rule = DataValidation("list", f"{_LISTS}!${letters}$1:${letters}${len(choices)}", allow_blank=True)
            rule.showErrorMessage, rule.error = True, "Please choose from the list."
            self._rules[key] = rule
            sheet.add_data_validation(rule)
        self._rules[key].add(sheet.cell(row, number).coordinate)


def _put(sheet: Worksheet, row: int, number: int, value: object, shade: str = "") -> None:
    from openpyxl.styles import PatternFill

    cell = sheet.cell(row, number)
    cell.value = value or None  # type: ignore[assignment]
    if isinstance(value, str) and value:
        cell.data_type = "s"  # a heading that begins with = is no formula
    if shade:
        cell.fill = PatternFill("solid", fgColor=shade)
