"""Where new rows of a log go: right below its last row, and never over another cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from scripts.adapters.workbook.xlsx import Package
from scripts.adapters.workbook.xlsx.addresses import Range, address
from scripts.adapters.workbook.xlsx.formulas import can_be_copied_down
from scripts.adapters.workbook.xlsx.range_ends import ending_with, rules_without_range
from tracker_schema.columns.excel_limits import LAST_ROW
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.layouts.layouts import PER_INCIDENT, PREFIX, SHEET_PER_TYPE, TYPE, Layout, notification_types
from tracker_schema.layouts.rows import SheetRows, WorkbookRows
from tracker_schema.returns.entries.child_rows import child_style
from tracker_schema.returns.entries.entries import AppendPosition


def find_append_positions(data: bytes, rows: WorkbookRows, layout: Layout) -> dict[str, list[AppendPosition]]:
    """Return where new rows of each log go, by sheet id: one position for each worksheet on which they may.

    `data` is the workbook that was read as `rows`, `layout` how its log is laid out. Raises TrackerUnusable when a
    sheet is damaged.
    """
    package = Package.open(data)
    return {
        sheet_id: [_append_position(package, sheet, candidate, layout) for candidate in _candidates(sheet, layout)]
        for sheet_id, sheet in rows.sheets.items()
    }


class _Candidate(NamedTuple):
    """A worksheet on which new rows may go.

    page: the worksheet
    types: the types of notification that go there, by the column id of their date; empty: incidents
    refusal: why no row can be added, as the beginning of a sentence; None when one can
    """

    page: SheetRows
    types: Mapping[str, str] = {}
    refusal: str | None = None


def _append_position(package: Package, sheet: SheetRows, candidate: _Candidate, layout: Layout) -> AppendPosition:
    page = candidate.page
    last_of_log, like = _last_row(page), _row_like(page, package)
    last_row = last_of_log or page.heading_row
    part = package.table_with_heading(page.name, page.heading_row, page.numbers[page.sheet.row_key[0]])
    first, last = (part.table.first_column, part.table.last_column) if part else _edges(page)
    cells_of = {each.name: package.formulas_and_values(each.name, last_row) for each in sheet.pages}
    formulas, values = cells_of[page.name]
    taken = [(row, column) for row, column in values if first <= column <= last]
    if part and part.table.totals_rows:
        taken.append((part.table.last_row - part.table.totals_rows + 1, first))
    below, column = min(taken, default=(LAST_ROW + 1, 0))
    above = {column: formula for (row, column), formula in formulas.items() if row == like and first <= column <= last}
    of_columns = part.calculated_formulas() if part and part.table.last_row == last_row else {}
    area = Range(page.heading_row, first, last_row, last)
    return AppendPosition(
        page=page.name,
        last_row=last_row,
        free=below - last_row - 1,
        first=first,
        last=last,
        types=candidate.types,
        like=like,
        in_advance={reference.casefold(): row for row, reference in page.in_advance.items()},
        obstacle=f"{page.name}!{address(below, column) if column else address(LAST_ROW, first)}",
        children=child_style(sheet, page, layout),
        refusal=candidate.refusal,
        formulas=frozenset((name, *cell) for name, (cells, _) in cells_of.items() for cell in cells),
        not_carried_down=frozenset(
            column for column, formula in above.items() if not can_be_copied_down(formula, of_columns.get(column))
        ),
        ends_there=ending_with(package, page.name, area) if last_of_log else (),
        unreadable=rules_without_range(package, page.name),
    )


def _candidates(sheet: SheetRows, layout: Layout) -> list[_Candidate]:
    """Return the worksheets on which the row of a new incident may go; with a refusal where a person has to add it."""
    pages = [page for page in sheet.pages if not page.is_closed] or list(sheet.pages)
    if PREFIX in pages[-1].numbers:
        return [_Candidate(pages[-1], refusal="The reference is in two columns")]
    of_incidents = sheet.sheet.id == INCIDENTS
    if of_incidents and layout.kind == SHEET_PER_TYPE:
        types = [(page, page.notification_type) for page in pages if page.notification_type is not None]
        return [_Candidate(page, {layout.date_of(type_): type_}) for page, type_ in types]
    if len(pages) > 1:
        return [_Candidate(pages[-1], refusal="The log is on several sheets")]
    if TYPE in pages[0].numbers:
        # Of several types with one date in common the first: an incident begins with it.
        return [
            _Candidate(pages[0], {layout.date_of(type_.name): type_.name for type_ in reversed(notification_types())})
        ]
    if of_incidents and layout.kind != PER_INCIDENT:
        return [_Candidate(pages[0], refusal="The log has a row for each notification")]
    return [_Candidate(pages[0])]


def _last_row(page: SheetRows) -> int | None:
    """Return the last row that is not below a title of closed incidents; None when there is none.

    A row with a reference typed in advance is part of the log.
    """
    rows = [row for row in page.rows if row not in page.below_closed]
    return max([*rows, *page.in_advance], default=None)


def _row_like(page: SheetRows, package: Package) -> int | None:
    """Return the last row whose formats are those of an open incident; None when there is none.

    Of a log whose incidents are all closed, that is the last row that has no strikethrough and no fill.
    """
    rows = page.open_rows
    if not rows:
        marked = package.marked_rows(page.name, [page.numbers[page.sheet.row_key[0]]])
        rows = [row for row in page.rows if row not in page.below_closed and row not in marked]
    return rows[-1] if rows else None


def _edges(page: SheetRows) -> tuple[int, int]:
    """Return the numbers of the log's first and last column: from its headings to the headings right beside them."""
    headings = {*page.numbers.values(), *page.unknown, *page.repeated}
    first, last = min(page.numbers.values()), max(page.numbers.values())
    while first - 1 in headings:
        first -= 1
    while last + 1 in headings:
        last += 1
    return first, last
