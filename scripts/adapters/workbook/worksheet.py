"""One worksheet read into a frame that knows its cells' addresses.

Values come through python-calamine; where Excel has no value to give (an error, a formula never calculated) the
sheet's own XML says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from operator import itemgetter
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from scripts.adapters.workbook.xlsx import Package
from tracker_schema.columns.headings import PLAIN_LOOK, SEARCHED_ROWS, HeadingLook, Headings, find_headings
from tracker_schema.columns.parsing import NO_RESULT, ErrorValue, is_blank
from tracker_schema.columns.schema import Sheet, plain
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.rows import SheetRows, column_letters
from tracker_schema.problems import Problem

Row = list[Any]

# Three times what 100,000 incidents take.
_MOST_CELLS = 20_000_000

# No reference has so many words.
_WORDS_OF_A_REMARK = 5

_TOTALS = frozenset({"total", "totals", "grandtotal", "sum", "count", "subtotal"})


def rows_of(package: Package, workbook: CalamineWorkbook, name: str, most: int | None = None) -> list[Row]:
    """The cells of a worksheet, or of its first rows, from A1 on.

    Raises TrackerUnusable when it reaches too far to be a log, or cannot be read.
    """
    return _rows_in(_worksheet(package, workbook, name), name, most)


def _worksheet(package: Package, workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    last_row, last_column = package.extent(name)
    if last_row * last_column > _MOST_CELLS:  # the reader has a place in memory for each of them, empty or not
        raise TrackerUnusable(
            f"The sheet “{name}” reaches as far as {column_letters(last_column)}{last_row}, which no log does; delete "
            "what stands far below or beside it (Ctrl+End in Excel goes there), and save the workbook."
        )
    try:
        return workbook.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(name) from error


def _rows_in(worksheet: CalamineSheet, name: str, most: int | None = None) -> list[Row]:
    try:
        # Rows come from row 1 on, cells from the first column that is used: with those before it, places are addresses.
        before = [""] * (worksheet.start or (0, 0))[1]
        seen: dict[Any, Any] = {}
        return [_shared(before + row, seen) for row in islice(worksheet.iter_rows(), most)]
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(name) from error


def _unreadable(name: str) -> TrackerUnusable:
    return TrackerUnusable(f"The sheet “{name}” cannot be read; save the workbook again from Excel.")


def _shared(row: Row, seen: dict[Any, Any]) -> Row:
    """The row with each cell that equals one `seen` before made the same object: a log says the same few things over
    and over, and a large one takes half the memory so.
    """
    if 0 in row or 1 in row:  # 1 equals TRUE, and is not the same as a cell
        return [cell if isinstance(cell, bool | float) else seen.setdefault(cell, cell) for cell in row]
    return list(map(seen.setdefault, row, row))


def read_page(
    sheet: Sheet,
    package: Package,
    workbook: CalamineWorkbook,
    name: str,
    configured: Mapping[str, str],
    look: HeadingLook = PLAIN_LOOK,
) -> SheetRows:
    """The worksheet called `name`, read as `sheet`; `look` says how its headings are found, besides what is merged.

    Raises TrackerUnusable when it has not the headings it needs, or reaches too far to be a log.
    """
    worksheet = _worksheet(package, workbook, name)
    rows = _rows_in(worksheet, name)
    _put_in_what_has_no_value(rows, package, name)
    look = replace(look, merged=_merged(worksheet))
    headings = find_headings(sheet, rows, configured, name, look)
    ours = [number for column, number in headings.numbers.items() if sheet.columns[column].by_script]
    persons = [number for number in headings.numbers.values() if number not in ours]
    totals, repeated = _totals_rows(package, name, headings.row), _first_headings(headings)
    kept: list[int] = []
    emptied: list[tuple[int, int, str, Any]] = []
    for row in range(headings.row + 1, len(rows) + 1):
        cells = rows[row - 1]
        if any(not is_blank(cells[number - 1]) for number in persons):
            is_other = _is_totals(cells, headings, persons) or _is_headings(cells, repeated)
            if row not in totals and not is_other and not _is_remark(cells, headings, persons):
                kept.append(row)
        else:
            emptied += [
                (row, number, column, cells[number - 1])
                for column, number in headings.numbers.items()
                if number in ours and row not in totals and not is_blank(cells[number - 1])
            ]
    lines = [rows[row - 1] for row in kept]
    by_column = {column: list(map(itemgetter(number - 1), lines)) for column, number in headings.numbers.items()}
    own_filter = package.auto_filter(name)
    written = {column.id: configured.get(column.id) or column.heading for column in sheet.written_by_script()}
    as_they_stand = {column: " ".join(headings.texts[number].split()) for column, number in headings.numbers.items()}
    return SheetRows(
        sheet=sheet,
        name=name,
        heading_row=headings.row,
        cells=by_column,
        rows=kept,
        numbers=headings.numbers,
        headings=written | as_they_stand,
        unknown=headings.unknown,
        repeated=headings.repeated,
        next_column=_next_column(rows, headings, package, name, len(written) - len(ours)),
        filtered_to=own_filter.last_column if own_filter and own_filter.first_row == headings.row else 0,
        emptied=emptied,
        merged_references=_merged_references(look, headings),
        look=replace(look, merged=[area for area in look.merged if area[0] <= SEARCHED_ROWS]),
    )


def _merged(worksheet: CalamineSheet) -> list[tuple[int, int, int, int]]:
    """The merged cells of a worksheet: first row and column, last row and column, counted from 1."""
    areas = worksheet.merged_cell_ranges or []
    return [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in areas]


def _merged_references(look: HeadingLook, headings: Headings) -> list[range]:
    """The rows, below the headings, over each of which one reference is merged."""
    number = headings.numbers["reference"]
    return [
        range(top, bottom + 1)
        for top, left, bottom, right in look.merged
        if left <= number <= right and headings.row < top < bottom
    ]


def struck(page: SheetRows, package: Package) -> SheetRows:
    """The page with the rows that are struck through from end to end, and a remark on them where there are any."""
    persons = [number for column, number in page.numbers.items() if not page.sheet.columns[column].by_script]
    rows = package.strikethrough_rows(page.name, persons) & set(page.rows)
    if not rows:
        return page
    first = page.numbers["reference"]
    cells = ", ".join(f"{column_letters(first)}{row}" for row in sorted(rows))
    says = f"Struck through from end to end, and so counted as closed: {cells}."
    remark = Problem("struck-through", "note", f"{page.name}!{column_letters(first)}{min(rows)}", says)
    return replace(page, struck=rows, remarks=[*page.remarks, remark])


def _put_in_what_has_no_value(rows: Sequence[Row], package: Package, name: str) -> None:
    for (row, number), text in package.error_cells(name).items():
        _put(rows, row, number, ErrorValue(text))
    for row, number in package.formulas_without_result(name):
        _put(rows, row, number, NO_RESULT)


def _put(rows: Sequence[Row], row: int, number: int, value: object) -> None:
    # A cell beyond all others that have a value is beyond the headings too, and no cell of the tracker.
    if row <= len(rows) and number <= len(rows[row - 1]):
        rows[row - 1][number - 1] = value


def _totals_rows(package: Package, name: str, heading_row: int) -> range:
    """The totals rows of the table whose headings stand in `heading_row`."""
    for table in package.tables(name):
        if table.first_row == heading_row and table.totals_rows:
            return range(table.last_row - table.totals_rows + 1, table.last_row + 1)
    return range(0)


def _is_totals(cells: Row, headings: Headings, persons: Sequence[int]) -> bool:
    """Whether a row adds up the others: it says so in place of a reference, or has no reference and only figures
    besides the word.
    """
    reference = cells[headings.numbers["reference"] - 1]
    if not is_blank(reference):
        return _says_total(reference)
    filled = (cells[number - 1] for number in persons if not is_blank(cells[number - 1]))
    return all(isinstance(cell, float) or _says_total(cell) for cell in filled)


def _says_total(cell: object) -> bool:
    return isinstance(cell, str) and plain(cell) in _TOTALS


def _is_remark(cells: Row, headings: Headings, persons: Sequence[int]) -> bool:
    """Whether a row is a note below the log: a sentence in place of a reference, and nothing else."""
    reference = headings.numbers["reference"]
    said = cells[reference - 1]
    if not isinstance(said, str) or len(said.split()) < _WORDS_OF_A_REMARK:
        return False
    return not any(not is_blank(cells[number - 1]) for number in persons if number != reference)


def _first_headings(headings: Headings) -> dict[int, str]:
    """The first few headings by the number of their column, as headings are compared."""
    there = [number for number in headings.numbers.values() if headings.own_texts[number]]
    return {number: plain(headings.own_texts[number]) for number in there[:3]}


def _is_headings(cells: Row, first: Mapping[int, str]) -> bool:
    """Whether a row repeats the headings, as people do down a long sheet."""
    return bool(first) and all(
        isinstance(cells[number - 1], str) and plain(cells[number - 1]) == text for number, text in first.items()
    )


def _next_column(rows: Sequence[Row], headings: Headings, package: Package, name: str, needed: int) -> int:
    """The number of the first column in which a heading of ours can go, with room for `needed` of them.

    At the right end of the table; where there is no table, behind the last heading with nothing in the way.
    """
    last = max(headings.texts)
    part = package.table_with_heading(name, headings.row, headings.numbers["reference"])
    if part is not None:
        edge = part.table.last_column
        taken = _first_taken(rows, headings.row, range(edge + 1, edge + needed + 1))
        if taken:
            raise TrackerUnusable(
                f"The table on the sheet “{name}” needs {needed} more columns at its right end, but column "
                f"{column_letters(taken)} there is not empty; move what stands in it further right."
            )
        return edge + 1
    while taken := _first_taken(rows, headings.row, range(last + 1, last + needed + 1)):
        last = taken
    return last + 1


def _first_taken(rows: Sequence[Row], heading_row: int, numbers: range) -> int | None:
    """The last of the columns `numbers` in which something stands beside or below the headings."""
    width = max((len(row) for row in rows), default=0)
    for number in reversed(numbers):
        if number <= width and any(not is_blank(row[number - 1]) for row in rows[heading_row - 1 :]):
            return number
    return None
