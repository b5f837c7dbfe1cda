"""Where the next rows of a log go: right below its last one, and never over what stands there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scripts.adapters.workbook.xlsx import Package
from scripts.adapters.workbook.xlsx.addresses import Range, address
from scripts.adapters.workbook.xlsx.formulas import can_be_copied_down
from scripts.adapters.workbook.xlsx.range_ends import ending_with
from tracker_schema.columns.excel_limits import LAST_ROW
from tracker_schema.columns.parsing import is_blank
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.entries.entries import Room
from tracker_schema.layouts.layouts import PER_INCIDENT, PREFIX, SHEET_PER_TYPE, TYPE, Layout, layout_schema
from tracker_schema.layouts.rows import SheetRows, WorkbookRows

_FIGURES = re.compile(r"\d+")


def find_rooms(data: bytes, tracker: WorkbookRows, layout: Layout) -> dict[str, list[Room]]:
    """The room for rows below the log of each sheet, by sheet id; for each worksheet on which one may go.

    `data` is the workbook that was read as `tracker`, `layout` how its log is laid out. Raises TrackerUnusable when a
    sheet is damaged.
    """
    package = Package.open(data)
    return {
        sheet_id: [_room(package, read, *place) for place in _places_for_new_rows(read, layout)]
        for sheet_id, read in tracker.sheets.items()
    }


def _room(package: Package, read: SheetRows, page: SheetRows, types: Mapping[str, str], refusal: str | None) -> Room:
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
        types=types,
        like=like,
        obstacle=f"{page.name}!{address(below, column) if column else address(LAST_ROW, first)}",
        refusal=refusal,
        formulas=frozenset((name, *cell) for name, (cells, _) in found.items() for cell in cells),
        behind=frozenset(
            column for column, formula in above.items() if not can_be_copied_down(formula, of_columns.get(column))
        ),
        ends_there=ending_with(package, page.name, Range(page.heading_row, first, last_row, last)) if like else (),
    )


def _places_for_new_rows(read: SheetRows, layout: Layout) -> list[tuple[SheetRows, Mapping[str, str], str | None]]:
    """The worksheets on which the row of a new incident may go, and the types of notification that go there, by the
    columns of their dates; with the beginning of a sentence where it is for a person to say.
    """
    pages = [page for page in read.pages if not page.is_closed] or list(read.pages)
    if PREFIX in pages[-1].numbers:
        return [(pages[-1], {}, "The reference stands in two columns")]
    if read.sheet.id == INCIDENTS and layout.kind == SHEET_PER_TYPE:
        typed = [page for page in pages if page.notification_type is not None]
        return [
            (page, {layout.date_of(str(page.notification_type)): str(page.notification_type)}, None) for page in typed
        ]
    if len(pages) > 1:
        return [(pages[-1], {}, "The log stands on several sheets")]
    if TYPE in pages[0].numbers:
        # The first of the types that have one date in common: an incident begins with it.
        types = {layout.date_of(type_.name): type_.name for type_ in reversed(layout_schema().type)}
        return [(pages[0], types, None)]
    by_notification = read.sheet.id == INCIDENTS and layout.kind != PER_INCIDENT
    return [(pages[0], {}, "The log has a row for each notification" if by_notification else None)]


def _last_row(read: SheetRows) -> int | None:
    """The last row of the log; None when it is empty.

    One with a reference alone counts when that looks like the others, as people number rows ahead; a lone remark below
    the log does not, nor does anything else in a single cell.
    """
    persons = [
        read.cells[column.id] for column in read.sheet.column if not column.by_script and column.id in read.cells
    ]
    filled = [sum(not is_blank(cell) for cell in row) for row in zip(*persons, strict=True)]
    references = read.cells["reference"]
    shapes = {
        _shape(reference)
        for reference, cells in zip(references, filled, strict=True)
        if cells > 1 and not is_blank(reference)
    }
    rows = [
        row
        for row, reference, cells in zip(read.rows, references, filled, strict=True)
        if cells > 1 or (cells == 1 and not is_blank(reference) and _shape(reference) in shapes)
    ]
    return rows[-1] if rows else None


def _shape(reference: object) -> str:
    return _FIGURES.sub("0", str(reference).strip().casefold())


def _edges(read: SheetRows) -> tuple[int, int]:
    """The first and the last column of the log: those between its known headings, and others side by side with them."""
    headings = {*read.numbers.values(), *read.unknown, *read.repeated}
    first, last = min(read.numbers.values()), max(read.numbers.values())
    while first - 1 in headings:
        first -= 1
    while last + 1 in headings:
        last += 1
    return first, last
