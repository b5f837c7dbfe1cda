"""What a person does to the tracker meanwhile, in Excel: type into cells, sort, insert and delete rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scripts.adapters.workbook.xlsx import CellValue, Package, patch
from scripts.adapters.workbook.xlsx.addresses import Range
from tests.servers.graph.excel.books import Book, Page, Place, read_book
from tests.servers.graph.excel.entering import cell_value, replace_parts
from tests.servers.graph.files.files import Item


def person_edits(item: Item, edits: Mapping[str, Mapping[Place, CellValue]]) -> None:
    """Type values into cells, by sheet and (row, column), and save; None empties a cell."""
    cells: dict[str, dict[int, dict[int, CellValue]]] = {}
    for sheet, values in edits.items():
        for (row, column), value in values.items():
            cells.setdefault(sheet, {}).setdefault(row, {})[column] = value
    item.save(patch(item.live, cells))


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
    """Give each row the values of another, or none; formulas stay, because they are the same in any row."""
    used = page.used(values_only=True)
    cells: dict[int, dict[int, CellValue]] = {}
    for row, origin in source.items():
        for column in range(used.first_column, used.last_column + 1):
            if page.at(row, column).formula or (origin and page.at(origin, column).formula):
                continue
            value = cell_value(book, page.name, (origin, column)) if origin else (new_values or {}).get(column)
            cells.setdefault(row, {})[column] = value
    data = item.live
    if growth:
        data = replace_parts(data, _grown_tables(data, page.name, at, growth))
    item.save(patch(data, {page.name: cells}))


def _grown_tables(data: bytes, sheet: str, at: int, growth: int) -> dict[str, bytes]:
    """Return the parts of the tables that hold the row, their ranges longer or shorter, and of those below, moved."""
    parts = {}
    for part in Package.open(data).table_parts(sheet):
        table = part.table
        if at <= table.last_row:
            down = growth if at <= table.first_row else 0

            def moved(found: re.Match[bytes], down: int = down) -> bytes:
                area = Range.parse(found[1].decode())
                new = Range(area.first_row + down, area.first_column, area.last_row + growth, area.last_column)
                return b'ref="%b"' % str(new).encode()

            parts[part.part] = re.sub(rb'\bref="([A-Z]+\d+:[A-Z]+\d+)"', moved, part.data)
    return parts


def sheet_values(item: Item, sheet: str) -> dict[Place, Any]:
    """Return all values of a sheet as a person sees them now, by (row, column); dates are serial numbers."""
    page = read_book(item.live).pages[sheet]
    return {place: cell.value for place, cell in page.cells.items() if cell.value != ""}
