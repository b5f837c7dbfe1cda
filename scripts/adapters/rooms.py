"""Where the next rows of a log go: right below its last one, and never over what stands there."""

from __future__ import annotations

import re

from scripts.adapters.xlsx import Package
from scripts.adapters.xlsx.addresses import LAST_ROW, Range, address
from scripts.adapters.xlsx.new_rows import is_carried_down
from scripts.adapters.xlsx.range_ends import ending_with
from tracker_schema.entries import Room
from tracker_schema.layouts import DATE, PREFIX, TYPE
from tracker_schema.tracker import SheetAsRead, Tracker

_FIGURES = re.compile(r"\d+")


def find_rooms(data: bytes, tracker: Tracker) -> dict[str, Room]:
    """The room for rows below the log of each sheet, by sheet id; `data` is the workbook that was read as `tracker`.

    Raises TrackerUnusable when a sheet is damaged.
    """
    package = Package.open(data)
    return {sheet_id: _room(package, read) for sheet_id, read in tracker.sheets.items()}


def _room(package: Package, read: SheetAsRead) -> Room:
    page, refusal = _page_for_new_rows(read)
    like = _last_row(page)
    last_row = like or page.heading_row
    part = package.table_with_heading(page.name, page.heading_row, page.numbers["reference"])
    first, last = (part.table.first_column, part.table.last_column) if part else _edges(page)
    found = {each.name: package.formulas_and_values(each.name, last_row) for each in read.pages}
    formulas, values = found[page.name]
    taken = [(row, column) for row, column in values if first <= column <= last]
    if part and part.table.totals_rows:
        taken.append((part.table.last_row - part.table.totals_rows + 1, first))
    below, column = min(taken, default=(LAST_ROW + 1, 0))
    above = {column: formula for (row, column), formula in formulas.items() if row == like and first <= column <= last}
    of_columns = part.calculated_formulas() if part and part.table.last_row == last_row else {}
    return Room(
        page=page.name,
        last_row=last_row,
        free=below - last_row - 1,
        first=first,
        last=last,
        like=like,
        obstacle=f"{page.name}!{address(below, column) if column else address(LAST_ROW, first)}",
        refusal=refusal,
        formulas=frozenset((name, *cell) for name, (cells, _) in found.items() for cell in cells),
        behind=frozenset(
            column for column, formula in above.items() if not is_carried_down(formula, of_columns.get(column))
        ),
        ends_there=ending_with(package, page.name, Range(page.heading_row, first, last_row, last)) if like else (),
    )


def _page_for_new_rows(read: SheetAsRead) -> tuple[SheetAsRead, str | None]:
    """The worksheet on which the row of a new incident goes; with why none is added, where that is for a person."""
    open_ones = [page for page in read.pages if not page.is_closed] or list(read.pages)
    page = open_ones[-1]
    if page.notification_type is not None or {TYPE, DATE} & page.numbers.keys():
        return page, "The log has a row for each notification"
    if PREFIX in page.numbers:
        return page, "The reference stands in two columns"
    if len(open_ones) > 1:
        return page, "The log stands on several sheets"
    return page, None


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


def _edges(read: SheetAsRead) -> tuple[int, int]:
    """The first and the last column of the log: those between its known headings, and others side by side with them."""
    headings = {*read.numbers.values(), *read.unknown, *read.repeated}
    first, last = min(read.numbers.values()), max(read.numbers.values())
    while first - 1 in headings:
        first -= 1
    while last + 1 in headings:
        last += 1
    return first, last
