"""Changes of a stored workbook as Excel and people make them: with openpyxl, not with the program's own writer.

openpyxl stores no results of formulas, which Excel does. So those that there were are put back, and a new formula,
which is not worked out, shows 0 or what it is said to show.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from copy import copy
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from tests.servers.graph.excel.books import Value, read_book

DAY_FORMAT = "dd/mm/yyyy"
_EPOCH = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}
_FORMULA = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?: t="\w+")?><f>(.*?)</f><v ?/?>(?:</v>)?</c>', re.DOTALL)
_ERRORS = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}

Results = dict[tuple[str, str], Value]
"""By sheet and address, such as “B5”."""


def edited(data: bytes, change: Callable[[Workbook], object], new_results: Results | None = None) -> bytes:
    """Return the workbook after a change; `new_results` are what new formulas show."""
    results: Results = {
        (name, f"{get_column_letter(place[1])}{place[0]}"): cell.value
        for name, page in read_book(data).pages.items()
        for place, cell in page.cells.items()
        if cell.formula
    }
    book = openpyxl.load_workbook(io.BytesIO(data), keep_vba=data[:2] == b"PK" and b"vbaProject" in data)
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return _with_results(saved.getvalue(), [sheet.title for sheet in book.worksheets], results | (new_results or {}))


def put(cell: Cell | MergedCell, value: Any) -> None:
    """Put a value into a cell as it is: a text as text, whatever it looks like, a day with the format of one."""
    number_format = cell.number_format
    assert isinstance(cell, Cell)  # no log has merged cells below its headings
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "e" if value in _ERRORS else "s"
    is_day = isinstance(value, dt.date | dt.datetime)
    cell.number_format = DAY_FORMAT if is_day and not is_date_format(number_format) else number_format


def put_formula(cell: Cell | MergedCell, formula: str) -> None:
    """Put a formula into a cell; `formula` begins with its equals sign."""
    assert isinstance(cell, Cell)
    number_format = cell.number_format
    cell.value = formula
    cell.data_type = "f"
    cell.number_format = number_format


def add_column(sheet: Worksheet, name: str, heading: str) -> None:
    """Let a table grow by a column at its right."""
    table = sheet.tables[name]
    first, last = table.ref.split(":")
    heading_row = sheet[first].row
    column = sheet[last].column + 1
    table.ref = f"{first}:{get_column_letter(column)}{sheet[last].row}"
    table.tableColumns.append(TableColumn(id=max(each.id for each in table.tableColumns) + 1, name=heading))
    _with_filter(table)
    new = sheet.cell(heading_row, column)
    _copy_style(sheet.cell(heading_row, column - 1), new)
    put(new, heading)


def rename_column(sheet: Worksheet, name: str, index: int, heading: str) -> None:
    """Give the column of a table another heading."""
    table = sheet.tables[name]
    first = sheet[table.ref.split(":")[0]]
    table.tableColumns[index].name = heading
    put(sheet.cell(first.row, first.column + index), heading)


def delete_last_column(sheet: Worksheet, name: str) -> None:
    """Delete the last column of a table with what is in it."""
    table = sheet.tables[name]
    first, last = table.ref.split(":")
    column = sheet[last].column
    for row in range(sheet[first].row, sheet[last].row + 1):
        put(sheet.cell(row, column), None)
    table.ref = f"{first}:{get_column_letter(column - 1)}{sheet[last].row}"
    table.tableColumns.pop()
    _with_filter(table)


def add_row(sheet: Worksheet, name: str) -> None:
    """Let a table grow by a row at its end, with the formats and the formulas of the row above."""
    table = sheet.tables[name]
    first, last = table.ref.split(":")
    row = sheet[last].row + 1
    for column in range(sheet[first].column, sheet[last].column + 1):
        above, new = sheet.cell(row - 1, column), sheet.cell(row, column)
        _copy_style(above, new)
        put(new, None)
        if above.data_type == "f":
            put_formula(new, str(above.value))
    resize(table, 0, 1)


def resize(table: Table, down: int, growth: int) -> None:
    """Move a table down by so many rows, and let it grow by so many."""
    start, end = table.ref.split(":")
    table.ref = f"{_moved(start, down)}:{_moved(end, down + growth)}"
    _with_filter(table)


def _copy_style(source: Cell | MergedCell, target: Cell | MergedCell) -> None:
    for name in ("font", "fill", "border", "alignment", "number_format", "protection"):
        setattr(target, name, copy(getattr(source, name)))


def _with_filter(table: Table) -> None:
    if table.autoFilter is not None:
        table.autoFilter.ref = table.ref


def _moved(address: str, down: int) -> str:
    letters, number = re.fullmatch(r"([A-Z]+)(\d+)", address).groups()  # type: ignore[union-attr]
    return f"{letters}{int(number) + down}"


def _with_results(data: bytes, names: list[str], results: Results) -> bytes:
    if not results:
        return data
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as changed:
        for entry in old.infolist():
            content = old.read(entry)
            if found := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry.filename):
                content = _sheet_with_results(content.decode(), names[int(found[1]) - 1], results).encode()
            changed.writestr(entry, content)
    return new.getvalue()


def _sheet_with_results(xml: str, sheet: str, results: Results) -> str:
    def cell(found: re.Match[str]) -> str:
        letters, row, attributes, formula = found.groups()
        result = results.get((sheet, letters + row), 0)
        kind = "b" if isinstance(result, bool) else "str" if isinstance(result, str) else "n"
        shown = escape(str(int(result) if isinstance(result, bool) else result))
        return f'<c r="{letters}{row}"{attributes} t="{kind}"><f>{formula}</f><v>{shown}</v></c>'

    return _FORMULA.sub(cell, xml)
