"""Sheets, ranges and tables as the workbook API names and shows them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from scripts.adapters.workbook.xlsx import Range, Table
from tests.servers.graph.excel.books import Book, Page, Place
from tests.servers.graph.exchange import Refusal, invalid_argument
from tracker_schema.columns.excel_limits import LAST_COLUMN, LAST_ROW

_SHEET = Range(1, 1, LAST_ROW, LAST_COLUMN)
_MOST_CELLS = 5_000_000  # of a range, in one request


def find_page(book: Book, name: str) -> Page:
    """Return the sheet of that name or id."""
    by_id = {page_id(position): page for position, page in enumerate(book.pages)}
    found = next((page for page in book.pages if page.lower() == name.lower()), by_id.get(name))
    if found is None:
        raise Refusal(404, "ItemNotFound", "The requested resource doesn't exist.")
    return book.pages[found]


def parse_range(page: Page, address: str) -> Range:
    """Return the range at an address, which may name the sheet once more."""
    sheet, bang, reference = address.rpartition("!")
    if bang and sheet.strip("'").lower() != page.name.lower():
        raise invalid_argument()
    area = Range.parse(reference)
    size = (area.last_row - area.first_row + 1) * (area.last_column - area.first_column + 1)
    if area.widened(_SHEET) != _SHEET or not 1 <= size <= _MOST_CELLS:
        raise invalid_argument()
    return area


def grid(given: Any, area: Range) -> dict[Place, Any]:
    """Return the values of a PATCH by their cells; null leaves a cell alone, and one value alone fills the range."""
    if given is None:
        return {}
    rows, columns = area.last_row - area.first_row + 1, area.last_column - area.first_column + 1
    if not isinstance(given, list):
        given = [[given] * columns] * rows
    if len(given) != rows or any(not isinstance(row, list) or len(row) != columns for row in given):
        message = "The number of rows or columns in the input array doesn't match the size or dimensions of the range."
        raise Refusal(400, "InvalidArgument", message)
    values = {
        (area.first_row + down, area.first_column + across): value
        for down, row in enumerate(given)
        for across, value in enumerate(row)
        if value is not None
    }
    if not all(isinstance(value, str | int | float) for value in values.values()):
        raise invalid_argument()
    return values


def range_properties(page: Page, area: Range, formats: Mapping[tuple[str, Place], str]) -> dict[str, Any]:
    """Return a range as an answer shows it; `formats` are those that are not in the stored workbook yet."""
    places = [
        [(row, column) for column in range(area.first_column, area.last_column + 1)]
        for row in range(area.first_row, area.last_row + 1)
    ]
    cells = [[page.at(*place) for place in row] for row in places]
    name = page.name if page.name.isalnum() else "'{}'".format(page.name.replace("'", "''"))
    single = (area.first_row, area.first_column) == (area.last_row, area.last_column)
    return {
        "@odata.type": "#microsoft.graph.workbookRange",
        "address": f"{name}!{str(area).partition(':')[0] if single else area}",
        "rowIndex": area.first_row - 1,
        "columnIndex": area.first_column - 1,
        "rowCount": len(cells),
        "columnCount": len(cells[0]),
        "cellCount": len(cells) * len(cells[0]),
        "values": [[cell.value for cell in row] for row in cells],
        "formulas": [[cell.formula or cell.value for cell in row] for row in cells],
        "numberFormat": [
            [formats.get((page.name, place)) or page.at(*place).number_format for place in row] for row in places
        ],
    }


def page_id(position: int) -> str:
    """Return the id of the sheet at that position."""
    return f"{{{uuid.UUID(int=position + 1)}}}".upper()


def page_properties(book: Book, name: str) -> dict[str, Any]:
    """Return a sheet as an answer shows it."""
    position = list(book.pages).index(name)
    return {"id": page_id(position), "name": name, "position": position, "visibility": "Visible"}


def table_id(table: Table) -> str:
    """Return the id of a table."""
    return f"{{{uuid.uuid5(uuid.NAMESPACE_OID, table.name)}}}".upper()


def table_properties(table: Table) -> dict[str, Any]:
    """Return a table as an answer shows it."""
    shown = {"showHeaders": table.header_rows > 0, "showTotals": table.totals_rows > 0}
    return {"id": table_id(table), "name": table.name} | shown


def heading_range(table: Table) -> Range:
    """Return the row of a table's headings."""
    return Range(table.first_row, table.first_column, table.first_row, table.last_column)


def headings_of(page: Page, table: Table) -> list[str]:
    """Return the headings of a table."""
    columns = range(table.first_column, table.last_column + 1)
    return [str(page.at(table.first_row, column).value) for column in columns]


def free_heading(heading: str, taken: Sequence[str]) -> str:
    """Return the heading, with a number after it when the table has such a column already, as Excel does it."""
    names = {name.lower() for name in taken}
    candidates = [heading, *(f"{heading}{number}" for number in range(2, len(names) + 3))]
    return next(candidate for candidate in candidates if candidate.lower() not in names)


def column_properties(page: Page, table: Table, index: int) -> dict[str, Any]:
    """Return a column of a table as an answer shows it."""
    column = table.first_column + index
    values = [[page.at(row, column).value] for row in range(table.first_row, table.last_row + 1)]
    return {"id": str(index + 1), "name": str(values[0][0]), "index": index, "values": values}
