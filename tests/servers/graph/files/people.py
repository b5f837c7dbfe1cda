"""What a person does to the tracker meanwhile, in Excel: type into cells, sort, insert and delete rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.workbook.xlsx.addresses import address
from tests.servers.graph.excel.books import Book, Page, Place, read_book
from tests.servers.graph.excel.editing import edited, put, put_formula, resize
from tests.servers.graph.excel.entering import CellValue, cell_value, link_in
from tests.servers.graph.files.files import Item
from tracker_schema.columns.links import Link


def person_edits(item: Item, edits: Mapping[str, Mapping[Place, CellValue]]) -> None:
    """Type values into cells, by sheet and (row, column), and save; None empties a cell."""

    def change(book: Workbook) -> None:
        for sheet, values in edits.items():
            _put_all(book[sheet], values)

    item.save(edited(item.live, change))


def sort_rows(item: Item, sheet: str, column: int, first_row: int, *, descending: bool = False) -> None:
    """Sort the rows from `first_row` on by the values of a column, numbers before text and empty cells last."""
    book = read_book(item.live)
    page = book.pages[sheet]
    last_row = page.used(values_only=True).last_row

    def key(row: int) -> tuple[bool, float, str]:
        value = page.at(row, column).value
        return (isinstance(value, str), 0 if isinstance(value, str) else value, str(value).lower())

    rows = range(first_row, last_row + 1)
    filled = sorted((row for row in rows if page.at(row, column).value != ""), key=key, reverse=descending)
    order = [*filled, *(row for row in rows if page.at(row, column).value == "")]
    _rearrange(item, book, page, dict(zip(rows, order, strict=True)))


def insert_row(item: Item, sheet: str, row: int, values: Mapping[int, CellValue] | None = None) -> None:
    """Insert a row above `row`, with values by column; a table around it grows."""
    book = read_book(item.live)
    page = book.pages[sheet]
    last_row = page.used(values_only=True).last_row
    source = {row: None} | {below + 1: below for below in range(row, last_row + 1)}
    _rearrange(item, book, page, source, dict(values or {}), row, 1)


def push_down(item: Item, sheet: str, row: int) -> None:
    """Move a row and all below it one row down, as Excel does when the table above grows."""
    book = read_book(item.live)
    page = book.pages[sheet]
    last_row = page.used(values_only=True).last_row
    _rearrange(item, book, page, {row: None} | {below + 1: below for below in range(row, last_row + 1)})


def delete_row(item: Item, sheet: str, row: int) -> None:
    """Delete a row; a table around it shrinks."""
    book = read_book(item.live)
    page = book.pages[sheet]
    last_row = page.used(values_only=True).last_row
    source = {last_row: None} | {above: above + 1 for above in range(row, last_row)}
    _rearrange(item, book, page, source, {}, row, -1)


def _rearrange(
    item: Item,
    book: Book,
    page: Page,
    source: Mapping[int, int | None],
    new_values: Mapping[int, CellValue] | None = None,
    at: int = 0,
    growth: int = 0,
) -> None:
    """Give each row the values of another, or none; formulas but links stay, because they are the same in any row."""
    used = page.used(values_only=True)
    cells: dict[Place, CellValue] = {}
    for row, origin in source.items():
        for column in range(used.first_column, used.last_column + 1):
            formulas = [page.at(each, column).formula for each in (row, origin or row)]
            if any(formula and not link_in(formula) for formula in formulas):
                continue
            value = cell_value(book, page.name, (origin, column)) if origin else (new_values or {}).get(column)
            cells[row, column] = value

    def change(workbook: Workbook) -> None:
        sheet = workbook[page.name]
        for table in sheet.tables.values():
            start, end = (sheet[cell].row for cell in table.ref.split(":"))
            if growth and at <= end:
                resize(table, growth if at <= start else 0, 0 if at <= start else growth)
        _put_all(sheet, cells)

    links = {place: value for place, value in cells.items() if isinstance(value, Link)}
    item.save(edited(item.live, change, {(page.name, address(*place)): link.text for place, link in links.items()}))


def _put_all(sheet: Worksheet, values: Mapping[Place, CellValue]) -> None:
    for place, value in values.items():
        if isinstance(value, Link):
            put_formula(sheet.cell(*place), f"={value.formula}")
        else:
            put(sheet.cell(*place), value)


def sheet_values(item: Item, sheet: str) -> dict[Place, Any]:
    """Return all values of a sheet as a person sees them now, by (row, column); dates are serial numbers."""
    page = read_book(item.live).pages[sheet]
    return {place: cell.value for place, cell in page.cells.items() if cell.value != ""}
