"""Entering values into a stored workbook as Excel does it for the workbook API."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from openpyxl.styles.numbers import is_date_format
from openpyxl.workbook import Workbook

from scripts.adapters.workbook.xlsx.addresses import address
from tests.servers.graph.excel.books import Book, Place, Value, read_book
from tests.servers.graph.excel.editing import edited, put, put_formula
from tests.servers.graph.excel.typing_in import Formula, as_typed
from tests.servers.graph.exchange import invalid_argument
from tracker_schema.columns.links import Link

CellValue = str | int | float | bool | dt.date | dt.datetime | Link | None
_FIRST_DAY = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}
_FIRST_SURE_SERIAL = 61  # 1 March 1900: before, Excel counts a 29 February 1900
_LAST_SERIAL = 2_958_465
_QUOTED = re.compile(r'"[^"]*"')
_LINK = re.compile(r'=?HYPERLINK\("((?:[^"]|"")*)","((?:[^"]|"")*)"\)')
_TWO_OPERANDS = re.compile(r"[\w.)] +[\w.(]|[^\w)\"%]$")


def enter(
    data: bytes, sheet: str, values: Mapping[Place, Value], today: dt.date, formats: Mapping[Place, str]
) -> bytes:
    """Return the workbook after the values were entered; "" clears a cell, and text is taken as if it was typed.

    `formats` are number formats that the cells were given and that are not in the stored workbook yet.
    """
    book = read_book(data)
    results: dict[tuple[str, str], Value] = {}
    typed: dict[Place, CellValue | Formula] = {}
    for place, value in values.items():
        number_format = formats.get(place) or book.pages[sheet].at(*place).number_format
        typed[place] = _stored(value, number_format, today, date_1904=book.date_1904)
        stored = typed[place]
        if isinstance(stored, Formula):
            if _TWO_OPERANDS.search(_QUOTED.sub("", stored.text)):
                raise invalid_argument()
            if link := link_in(stored.text):
                results[sheet, address(*place)] = link.text

    def change(workbook: Workbook) -> None:
        for place, stored in typed.items():
            cell = workbook[sheet].cell(*place)
            if place in formats:
                cell.number_format = formats[place]
            if isinstance(stored, Formula):
                put_formula(cell, f"={stored.text}")
            else:
                put(cell, stored)

    return edited(data, change, results) if typed else data


def cell_value(book: Book, sheet: str, place: Place) -> CellValue:
    """Return what a cell holds, as `patch` takes it: the serial number of a date as that date."""
    cell = book.pages[sheet].at(*place)
    if link := link_in(cell.formula):
        return link
    if cell.value == "":
        return None
    if isinstance(cell.value, str | bool) or not is_date_format(cell.number_format):
        return cell.value
    return _moment(cell.value, date_1904=book.date_1904)


def link_in(formula: str) -> Link | None:
    """Return the link that a formula is; None for any other."""
    found = _LINK.fullmatch(formula)
    return Link(*(text.replace('""', '"') for text in found.groups())) if found else None


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
