"""Trackers for the tests: as the schema takes them, and as workbooks on disk. Everybody in them is made up.

A row is a mapping from column id to cell; what it does not name is empty. In a tracker built here the columns stand in
the schema's order from column A on, the headings in row 4 and the first row of data in row 5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.clocks.clocks import Rules, default_clocks
from tracker_schema.columns.parsing import NO_RESULT, ErrorValue
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, SLT, Sheet, tracker_schema
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.memory import Memory
from tracker_schema.layouts.rows import SheetRows, WorkbookRows

Cells = Mapping[str, Any]

HEADING_ROW = 4
MONDAY = dt.date(2026, 11, 23)
"""The day as on which most tests work."""


def sheet_as_read(sheet_id: str, rows: Sequence[Cells], columns: Iterable[str] | None = None, **more: Any) -> SheetRows:
    """A sheet with those rows and the columns with those ids, in that order (default: every column of a person's).

    `more` are further fields of SheetRows.
    """
    sheet = tracker_schema().sheets[sheet_id]
    ids = list(columns) if columns is not None else persons_columns(sheet)
    unknown = {column for row in rows for column in row} - set(ids)
    if unknown:
        raise ValueError(f"the sheet was to have no column {unknown}")
    numbers = [HEADING_ROW + number for number in range(1, len(rows) + 1)]
    fields: dict[str, Any] = {
        "sheet": sheet,
        "name": sheet.heading,
        "heading_row": HEADING_ROW,
        "cells": {column: [row.get(column, "") for row in rows] for column in ids},
        "rows": numbers,
        "numbers": {column: number for number, column in enumerate(ids, 1)},
        "headings": {column.id: column.heading for column in sheet.column if column.id in ids or column.by_script},
        "next_column": len(ids) + 1,
    }
    return SheetRows(**fields | more)


def persons_columns(sheet: Sheet) -> list[str]:
    """The ids of the columns that people fill in."""
    return [column.id for column in sheet.column if not column.by_script]


def cell(column: str, row: int, sheet_id: str = INCIDENTS) -> str:
    """Return the address of a cell in a tracker built here with every column of a person's, such as “Incidents!K5”."""
    sheet = tracker_schema().sheets[sheet_id]
    return f"{sheet.heading}!{get_column_letter(persons_columns(sheet).index(column) + 1)}{row}"


def tracker(
    *incidents: Cells,
    scoping: Sequence[Cells] | None = None,
    actions: Sequence[Cells] | None = None,
    slt: Sequence[Cells] | None = None,
    columns: Iterable[str] | None = None,
    date_1904: bool = False,
) -> WorkbookRows:
    """A tracker with those rows; `columns` are those of the Incidents sheet, as in `sheet_as_read`."""
    sheets = {INCIDENTS: sheet_as_read(INCIDENTS, incidents, columns)}
    for sheet_id, rows in ((SCOPING, scoping), (ACTIONS, actions), (SLT, slt)):
        if rows is not None:
            sheets[sheet_id] = sheet_as_read(sheet_id, rows)
    return WorkbookRows("Critical incidents.xlsx", sheets, date_1904)


def rules(**changes: Any) -> Rules:
    """The rules as they are without any settings, some fields of Rules changed."""
    return replace(Rules(england_and_wales(), default_clocks()), **changes)


def assess_rows(
    *incidents: Cells,
    as_of: dt.date = MONDAY,
    by: Rules | None = None,
    before: Memory | None = None,
    **sheets: Any,
) -> Tracker:
    """Return the tracker with those rows as on `as_of`, after a run that found `before`; `sheets` as in `tracker`."""
    return assess(tracker(*incidents, **sheets), by or rules(), as_of, before)


def save_workbook(
    path: Path,
    rows: Mapping[str, Sequence[Cells]],
    *,
    titles: Sequence[str] = ("Critical incidents", "Everybody in this workbook is made up"),
    headings: Mapping[str, Mapping[str, str]] | None = None,
    script_columns: bool = False,
    epoch_1904: bool = False,
) -> Path:
    """`path`, where there now is a workbook with those rows by sheet id, below the titles and an empty row.

    `headings` says by sheet id and column id what stands above a column in place of the schema's heading; `""` leaves
    the column out. With `script_columns` our own columns are there too.
    """
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    if epoch_1904:
        workbook.epoch = CALENDAR_MAC_1904
    for sheet_id, rows_of_sheet in rows.items():
        sheet = tracker_schema().sheets[sheet_id]
        texts = {
            column.id: (headings or {}).get(sheet_id, {}).get(column.id, column.heading)
            for column in sheet.column
            if script_columns or not column.by_script
        }
        worksheet = workbook.create_sheet(sheet.heading)
        for number, title in enumerate(titles, 1):
            worksheet.cell(number, 1, title)
        _fill_in(worksheet, len(titles) + 2, {column: text for column, text in texts.items() if text}, rows_of_sheet)
    workbook.save(path)
    return path


def _fill_in(worksheet: Worksheet, heading_row: int, headings: Mapping[str, str], rows: Sequence[Cells]) -> None:
    for number, (column, heading) in enumerate(headings.items(), 1):
        worksheet.cell(heading_row, number, heading)
        for row_number, row in enumerate(rows, heading_row + 1):
            worksheet.cell(row_number, number, _for_openpyxl(row.get(column)))


def _for_openpyxl(cell: Any) -> Any:
    if isinstance(cell, ErrorValue):
        return cell.text
    return "=NOW()" if cell is NO_RESULT else cell
