"""Entering values into a stored workbook as Excel does it for the workbook API; nothing else in the file changes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping

from openpyxl.styles.numbers import is_date_format

from scripts.adapters.workbook.xlsx import CellValue, patch
from scripts.adapters.workbook.xlsx.addresses import address
from scripts.adapters.workbook.xlsx.package import Package, part_name
from tests.servers.graph.excel.books import Book, Place, Value, read_book
from tests.servers.graph.excel.typing_in import Formula, as_typed
from tests.servers.graph.exchange import invalid_argument
from tracker_schema.columns.links import Link

_FIRST_DAY = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}
_FIRST_SURE_SERIAL = 61  # 1 March 1900: before, Excel counts a 29 February 1900
_LAST_SERIAL = 2_958_465
_LINK = re.compile(r'HYPERLINK\("((?:[^"]|"")*)","((?:[^"]|"")*)"\)')
_TWO_OPERANDS = re.compile(r"[\w.)] +[\w.(]|[^\w)\"%]$")


def enter(
    data: bytes, sheet: str, values: Mapping[Place, Value], today: dt.date, formats: Mapping[Place, str]
) -> bytes:
    """Return the workbook after the values were entered; "" clears a cell, and text is taken as if it was typed.

    `formats` are number formats that the cells were given and that are not in the stored workbook yet.
    """
    book = read_book(data)
    cells: dict[int, dict[int, CellValue]] = {}
    formulas: dict[Place, str] = {}
    for (row, column), value in values.items():
        number_format = formats.get((row, column)) or book.pages[sheet].at(row, column).number_format
        stored = _stored(value, number_format, today, date_1904=book.date_1904)
        link = _LINK.fullmatch(stored.text) if isinstance(stored, Formula) else None
        if link:
            stored = Link(*(text.replace('""', '"') for text in link.groups()))
        elif isinstance(stored, Formula):
            formulas[row, column] = stored.text
            stored = stored.text
        cells.setdefault(row, {})[column] = stored
    data = patch(data, {sheet: cells})
    return _with_formulas(data, sheet, formulas) if formulas else data


def cell_value(book: Book, sheet: str, place: Place) -> CellValue:
    """Return what a cell holds, as `patch` takes it: the serial number of a date as that date."""
    cell = book.pages[sheet].at(*place)
    if cell.value == "":
        return None
    if isinstance(cell.value, str | bool) or not is_date_format(cell.number_format):
        return cell.value
    return _moment(cell.value, date_1904=book.date_1904)


def replace_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the workbook with the bytes of some parts replaced; the parts are named as `Package` names them."""
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as changed:
        for entry in old.infolist():
            changed.writestr(entry, parts.get(part_name(entry.filename), old.read(entry)))
    return new.getvalue()


def _stored(value: Value, number_format: str, today: dt.date, *, date_1904: bool) -> CellValue | Formula:
    if value == "":
        return None
    if number_format == "@":  # a cell formatted as text takes everything for text
        return value.removeprefix("'") if isinstance(value, str) else str(value)
    typed = as_typed(value, today) if isinstance(value, str) else value
    if isinstance(typed, int | float) and not isinstance(typed, bool) and is_date_format(number_format):
        return _moment(typed, date_1904=date_1904)
    return typed


def _moment(serial: float, *, date_1904: bool) -> CellValue:
    if not _FIRST_SURE_SERIAL <= serial <= _LAST_SERIAL:
        return serial
    return _FIRST_DAY[date_1904] + dt.timedelta(seconds=round(serial * 86_400))


def _with_formulas(data: bytes, sheet: str, formulas: Mapping[Place, str]) -> bytes:
    """Turn the texts that were just written into formulas; they are not worked out, and show 0."""
    package = Package.open(data)
    part = package.worksheet(sheet).part
    xml = package.read(part).decode()
    for (row, column), formula in formulas.items():
        if _TWO_OPERANDS.search(formula):
            raise invalid_argument()
        cell = re.compile(rf'(<(\w+:)?c r="{address(row, column)}"[^>]*?) t="inlineStr">.*?</(\w+:)?c>', re.DOTALL)
        escaped = formula.replace("&", "&amp;").replace("<", "&lt;")

        def formula_cell(found: re.Match[str], escaped: str = escaped) -> str:
            p = found[2] or ""
            return f"{found[1]}><{p}f>{escaped}</{p}f><{p}v>0</{p}v></{p}c>"

        xml = cell.sub(formula_cell, xml)
    return replace_parts(data, {part: xml.encode()})
