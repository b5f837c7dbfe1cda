"""One worksheet, read into rows that know the addresses of their cells.

Where Excel has no value to give (an error, a formula never calculated), the sheet's own XML says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter

from python_calamine import CalamineSheet

from scripts.adapters.workbook.log_rows import LogRows
from scripts.adapters.workbook.open_workbook import OpenWorkbook
from scripts.adapters.workbook.xlsx import Package
from scripts.adapters.workbook.xlsx.number_formats import shown_date, shown_number
from tracker_schema.columns.headings import PLAIN_SEARCH, SEARCHED_ROWS, Headings, HeadingSearch, find_headings
from tracker_schema.columns.parsing import NO_RESULT, Cell, ErrorValue, ShownDate, is_blank
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import INCIDENTS, Sheet, exact, plain
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.closed_lines import says_closed
from tracker_schema.layouts.layouts import Layout
from tracker_schema.layouts.row_kinds import RowKinds, row_ranges
from tracker_schema.layouts.rows import SheetRows, column_letters, merged_references


def read_page(
    sheet: Sheet,
    workbook: OpenWorkbook,
    name: str,
    configured: Mapping[str, str],
    search: HeadingSearch = PLAIN_SEARCH,
) -> SheetRows:
    """Return the rows of the worksheet called `name`, read as `sheet`.

    `configured` are this council's own headings by column id. `search` says how to find the headings; the merged cells
    are added here. Raises TrackerUnusable when the sheet lacks a heading it needs, or is too large to be a log.
    """
    package, worksheet = workbook.package, workbook.worksheet(name)
    rows = workbook.rows(name, worksheet)
    _put_in_cells_without_value(rows, package, name)
    search = replace(search, merged=_merged(worksheet))
    headings = find_headings(sheet, rows, configured, name, search)
    stored = _put_in_what_is_shown(rows, package, sheet, headings, name)
    log = LogRows(sheet, headings, package, name, search.merged)
    kinds = log.sort(rows)
    kept = kinds.entries
    apart = {*kept, *kinds.left_out}
    emptied = [
        (row, number, column, cells[number - 1])
        for row, cells in enumerate(rows[headings.row :], headings.row + 1)
        if row not in apart and (row in kinds.in_advance or not log.is_filled(cells)) and not log.is_totals_row(row)
        for column, number in headings.numbers.items()
        if number in log.ours and not is_blank(cells[number - 1])
    ]
    lines = [rows[row - 1] for row in kept]
    own_filter = package.scan(name).auto_filter
    ours = {column.id: configured.get(column.id) or column.heading for column in sheet.written_by_script()}
    there = {column: " ".join(headings.texts[number].split()) for column, number in headings.numbers.items()}
    return SheetRows(
        sheet=sheet,
        name=name,
        heading_row=headings.row,
        cells={column: list(map(itemgetter(number - 1), lines)) for column, number in headings.numbers.items()},
        rows=kept,
        numbers=headings.numbers,
        headings=ours | there,
        unknown=headings.unknown,
        repeated=headings.repeated,
        next_column=_next_column(sheet, rows, headings, package, name),
        filtered_to=own_filter.last_column if own_filter and own_filter.first_row == headings.row else 0,
        emptied=emptied,
        merged_references=merged_references(search.merged, headings.row, headings.numbers[sheet.row_key[0]]),
        in_advance=kinds.in_advance,
        stored=stored,
        below_closed=kinds.closed,
        remarks=_left_out(sheet, name, headings, kinds),
        search=replace(search, merged=[area for area in search.merged if area[0] <= SEARCHED_ROWS]),
    )


def _merged(worksheet: CalamineSheet) -> list[tuple[int, int, int, int]]:
    """Return the merged cells: first row and column, last row and column, counted from 1."""
    areas = worksheet.merged_cell_ranges or []
    return [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in areas]


def _left_out(sheet: Sheet, name: str, headings: Headings, kinds: RowKinds) -> list[Problem]:
    """Return the note that names the rows that are no entries of the log."""
    rows = [*kinds.left_out, *kinds.in_advance]
    if not rows or (sheet.id != INCIDENTS and not kinds.left_out):
        return []
    sentences = []
    if kinds.left_out:
        words = f"{'row' if len(kinds.left_out) == 1 else 'rows'} {row_ranges(kinds.left_out)}"
        sentences.append(f"Not read as entries, because they lack a date or a reference like the others: {words}.")
    if kinds.in_advance:
        sentences.append(f"Typed in advance, for new incidents: the references in rows {row_ranges(kinds.in_advance)}.")
    cell = f"{name}!{column_letters(headings.numbers[sheet.row_key[0]])}{min(rows)}"
    return [Problem("not-entries", "note", cell, " ".join(sentences))]


def with_strikethrough(page: SheetRows, package: Package) -> SheetRows:
    """Return the page with the rows that are struck through from end to end, and a remark that names them."""
    persons = [number for column, number in page.numbers.items() if not page.sheet.columns[column].by_script]
    rows = package.strikethrough_rows(page.name, persons) & set(page.rows)
    if not rows:
        return page
    letters = column_letters(page.numbers["reference"])
    cells = ", ".join(f"{letters}{row}" for row in sorted(rows))
    message = f"Struck through from end to end, and so counted as closed: {cells}."
    remark = Problem("struck-through", "note", f"{page.name}!{letters}{min(rows)}", message)
    return replace(page, strikethrough=rows, remarks=[*page.remarks, remark])


def with_closed_words(page: SheetRows, workbook: OpenWorkbook, layout: Layout, *, partial: bool) -> SheetRows:
    """Return the page with the rows that are closed by a word in the column that config.toml names.

    `partial`: other worksheets may have that column. Raises TrackerUnusable when the page lacks it.
    """
    if not layout.closed_column:
        return page
    names = {page.numbers[column]: page.headings[column] for column in page.numbers} | dict(page.unknown)
    number = _number_of(layout.closed_column, names)
    if number is None:
        if partial:
            return page
        raise TrackerUnusable(
            f"config.toml says that closed.column is headed “{layout.closed_column}”, but row {page.heading_row} of "
            f"the sheet “{page.name}” has no such heading.",
            "Correct config.toml, or the heading.",
        )
    rows = workbook.rows(page.name)
    said = {row: rows[row - 1][number - 1] for row in page.rows if number <= len(rows[row - 1])}
    closed = frozenset(row for row, cell in said.items() if says_closed(cell, layout.closed_words))
    cells = dict(page.cells)
    dates = page.sheet.columns["closed"]
    if page.numbers.get(dates.id) == number:  # a word in the column of the date, which it is no fault of
        cells[dates.id] = [
            "" if isinstance(cell, str | bool) and (row in closed or not any(map(str.isdigit, str(cell)))) else cell
            for row, cell in zip(page.rows, cells[dates.id], strict=True)
        ]
    return replace(page, cells=cells, closed_rows=closed, says_closed=True)


def _number_of(heading: str, names: Mapping[int, str]) -> int | None:
    """Return the number of the column with that heading: letter by letter before one that is only similar."""
    for compared in (exact, plain):
        for number, name in names.items():
            if compared(name) == compared(heading):
                return number
    return None


def _put_in_cells_without_value(rows: Sequence[list[Cell]], package: Package, name: str) -> None:
    for (row, number), text in package.scan(name).error_cells.items():
        _put(rows, row, number, ErrorValue(text))
    for row, number in package.scan(name).formulas_without_result:
        _put(rows, row, number, NO_RESULT)


def _put_in_what_is_shown(
    rows: Sequence[list[Cell]], package: Package, sheet: Sheet, headings: Headings, name: str
) -> dict[tuple[int, int], Cell]:
    """Put, into columns of texts, what Excel shows for numbers and dates; return what the cells hold.

    Only simple number formats are followed. A date is shown in the columns that tell one row from another; elsewhere it
    is more likely to be in the wrong column.
    """
    keys = [headings.numbers[column] for column in sheet.row_key if column in headings.numbers]
    texts = [
        number
        for column, number in headings.numbers.items()
        if sheet.columns[column].type == "text"
        and not sheet.columns[column].by_script
        and any(_is_number(row[number - 1]) for row in rows[headings.row :])
    ]
    stored: dict[tuple[int, int], Cell] = {}
    for (row, number), code in package.number_formats(name, texts).items() if texts else ():
        if headings.row < row <= len(rows) and _is_number(cell := rows[row - 1][number - 1]):
            if isinstance(cell, dt.date):
                text = shown_date(cell, code) if number in keys else None
                shown: Cell = ShownDate(cell, text) if text else cell
            else:
                shown = shown_number(cell, code) or cell
            if shown != cell:
                stored[row, number] = cell
                _put(rows, row, number, shown)
    return stored


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, float | dt.date)


def _put(rows: Sequence[list[Cell]], row: int, number: int, cell: Cell) -> None:
    # A cell beyond all others with a value is beyond the headings too, and no cell of the tracker.
    if row <= len(rows) and number <= len(rows[row - 1]):
        rows[row - 1][number - 1] = cell


def _next_column(sheet: Sheet, rows: Sequence[list[Cell]], headings: Headings, package: Package, name: str) -> int:
    """Return the number of the first of the empty columns for headings of ours that are missing.

    They are at the right end of the table; without a table, behind the last heading.
    """
    needed = sum(column.id not in headings.numbers for column in sheet.written_by_script())
    last = max(headings.texts)
    part = package.table_with_heading(name, headings.row, headings.numbers[sheet.row_key[0]])
    if part is not None:
        edge = part.table.last_column
        taken = _first_taken(rows, headings.row, range(edge + 1, edge + needed + 1))
        if taken:
            raise TrackerUnusable(
                f"The table on the sheet “{name}” needs {needed} more columns at its right end, but column "
                f"{column_letters(taken)} there is not empty.",
                f"Move what is in column {column_letters(taken)} further right.",
            )
        return edge + 1
    while taken := _first_taken(rows, headings.row, range(last + 1, last + needed + 1)):
        last = taken
    return last + 1


def _first_taken(rows: Sequence[list[Cell]], heading_row: int, numbers: range) -> int | None:
    """Return the last of the columns `numbers` that is not empty from the row of headings on; None when all are."""
    width = max((len(row) for row in rows), default=0)
    for number in reversed(numbers):
        if number <= width and any(not is_blank(row[number - 1]) for row in rows[heading_row - 1 :]):
            return number
    return None
