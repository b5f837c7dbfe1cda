"""Where the next rows of a log go: right below its last one, and never over what stands there."""

from __future__ import annotations

import re

from scripts.adapters.xlsx import Package, Table
from scripts.adapters.xlsx.addresses import LAST_ROW, address
from tracker_schema.entries import Room
from tracker_schema.tracker import SheetAsRead, Tracker

_FIGURES = re.compile(r"\d+")


def find_rooms(data: bytes, tracker: Tracker) -> dict[str, Room]:
    """The room for rows below the log of each sheet, by sheet id; `data` is the workbook that was read as `tracker`.

    Raises TrackerUnusable when a sheet is damaged.
    """
    package = Package.open(data)
    return {sheet_id: _room(package, read) for sheet_id, read in tracker.sheets.items()}


def _room(package: Package, read: SheetAsRead) -> Room:
    like = _last_row(read)
    last_row = like or read.heading_row
    table = _table(package, read)
    first, last = (table.first_column, table.last_column) if table else _edges(read)
    formulas, values = package.formulas_and_values(read.name, last_row)
    taken = [(row, column) for row, column in values if first <= column <= last]
    if table and table.totals_rows:
        taken.append((table.last_row - table.totals_rows + 1, table.first_column))
    below, column = min(taken, default=(LAST_ROW + 1, 0))
    obstacle = f"{read.name}!{address(below, column) if column else address(LAST_ROW, first)}"
    return Room(last_row, below - last_row - 1, first, last, like, obstacle, formulas)


def _last_row(read: SheetAsRead) -> int | None:
    """The last row of the log; None when it is empty.

    One with a reference alone counts when that looks like the others, as people number rows ahead; a lone remark below
    the log does not, nor does anything else in a single cell.
    """
    persons = [column.id for column in read.sheet.column if not column.by_script and column.id in read.numbers]
    filled = read.frame[persons].map(lambda cell: bool(str(cell).strip()) if isinstance(cell, str) else True)
    count = filled.sum(axis=1)
    shapes = {_shape(cell) for cell in read.frame["reference"][(count > 1) & filled["reference"]]}
    looks_right = read.frame["reference"].map(lambda cell: _shape(cell) in shapes)
    rows = read.frame.index[(count > 1) | ((count == 1) & filled["reference"] & looks_right)]
    return int(rows[-1]) if len(rows) else None


def _shape(reference: object) -> str:
    return _FIGURES.sub("0", str(reference).strip().casefold())


def _table(package: Package, read: SheetAsRead) -> Table | None:
    """The table whose headings are those of the log."""
    reference = read.numbers["reference"]
    found = (table for table in package.tables(read.name) if table.range.holds(read.heading_row, reference))
    return next((table for table in found if (table.first_row, table.header_rows) == (read.heading_row, 1)), None)


def _edges(read: SheetAsRead) -> tuple[int, int]:
    """The first and the last column of the log: those between its known headings, and others side by side with them."""
    headings = {*read.numbers.values(), *read.unknown, *read.repeated}
    first, last = min(read.numbers.values()), max(read.numbers.values())
    while first - 1 in headings:
        first -= 1
    while last + 1 in headings:
        last += 1
    return first, last
