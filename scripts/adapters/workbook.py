"""The tracker workbook: read into frames that know their cells' addresses, and given back with a plan's cells changed.

Values come through python-calamine; where Excel has no value to give (an error, a formula never calculated) the
sheet's own XML says so. Changes go through the lossless writer, `scripts.adapters.xlsx`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from operator import itemgetter
from typing import Any

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from scripts.adapters.xlsx import NewColumn, NewRow, Package, patch
from tracker_schema.columns import INCIDENTS, Sheet, plain, tracker_schema
from tracker_schema.errors import TrackerUnusable
from tracker_schema.headings import SEARCHED_ROWS, Headings, best_row, find_headings
from tracker_schema.layouts import Layout
from tracker_schema.parsing import NO_RESULT, ErrorValue
from tracker_schema.plan import Plan
from tracker_schema.tracker import SheetAsRead, Tracker, column_letters

Row = list[Any]

# Three times what 100,000 incidents take.
_MOST_CELLS = 20_000_000

_TOTALS = frozenset({"total", "totals", "grandtotal", "sum", "count", "subtotal"})


@dataclass(frozen=True)
class Names:
    """What a council calls its sheets (by sheet id; the incidents may have several), its columns (by sheet id and
    column id; "": there is no such column) and the choices of its incidents (by column id and word), where it says so;
    and how its log is laid out.
    """

    sheets: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)


def read_tracker(data: bytes, file_name: str, names: Names) -> Tracker:
    """The tracker in a workbook's bytes.

    Raises TrackerUnusable when they are no readable workbook, or one without the sheet or the headings it needs.
    """
    package = Package.open(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, OSError, ValueError) as error:
        raise TrackerUnusable(f"{file_name} cannot be read; open it in Excel and save it again.") from error
    sheets = {}
    for sheet in tracker_schema().sheet:
        name = _find_sheet(sheet, package, workbook, names)
        if name is not None:
            read = _read_sheet(sheet, package, workbook, name, names.columns.get(sheet.id, {}))
            sheets[sheet.id] = replace(read, own_words=names.choices) if sheet.id == INCIDENTS else read
    return Tracker(file_name, sheets, package.date_1904)


def changed(data: bytes, plan: Plan) -> bytes:
    """The workbook's bytes with `plan` carried out, all else as it was.

    Raises TrackerUnusable when a cell of it cannot be changed without harm; then nothing is.
    """
    cells: dict[str, dict[int, dict[int, Any]]] = {}
    for write in plan.cells:
        cells.setdefault(write.sheet, {}).setdefault(write.row, {})[write.number] = write.new
    headings = [NewColumn(new.sheet, new.row, new.number, new.heading) for new in plan.headings]
    rows = [NewRow(new.sheet, new.row, new.like, new.first, new.last) for new in plan.rows]
    return patch(data, cells, headings, rows)


def _find_sheet(sheet: Sheet, package: Package, workbook: CalamineWorkbook, names: Names) -> str | None:
    """The name of the worksheet that is `sheet`; None when there is none and there need not be.

    By the configured name, else by its own name or an alias; the Incidents also by their headings, when exactly one
    worksheet has all those that are required.
    """
    by_plain = {plain(name): name for name in reversed(package.sheet_names)}
    listed = ", ".join(f"“{name}”" for name in package.sheet_names)
    if sheet.id in names.sheets:
        named = names.sheets[sheet.id]
        wanted = named if isinstance(named, str) else named[0]
        if plain(wanted) in by_plain:
            return by_plain[plain(wanted)]
        raise TrackerUnusable(
            f"config.toml says that sheets.{sheet.id} is “{wanted}”, but the workbook has only {listed}; correct it."
        )
    for known in (sheet.heading, *sheet.aliases):
        if plain(known) in by_plain:
            return by_plain[plain(known)]
    if not sheet.required:
        return None
    configured = names.columns.get(sheet.id, {})
    found = {
        name: best_row(sheet, _rows(package, workbook, name, SEARCHED_ROWS), configured) for name in package.sheet_names
    }
    required = {column.id for column in sheet.column if column.required}
    whole = [name for name, headings in found.items() if headings and required <= headings.numbers.keys()]
    part = [name for name, headings in found.items() if headings and required & headings.numbers.keys()]
    if len(whole) == 1:
        return whole[0]
    if not whole and len(part) == 1:  # which of its headings is missing is said when they are looked at
        return part[0]
    which = f"{len(whole)} of them could be it" if whole else "none of them has the headings it needs"
    raise TrackerUnusable(
        f"The workbook has no sheet “{sheet.heading}” ({which}: {listed}); "
        f"rename the right one, or name it in config.toml as sheets.{sheet.id}."
    )


def _rows(package: Package, workbook: CalamineWorkbook, name: str, most: int | None = None) -> list[Row]:
    """The cells of a worksheet, or of its first rows, from A1 on."""
    last_row, last_column = package.extent(name)
    if last_row * last_column > _MOST_CELLS:  # the reader has a place in memory for each of them, empty or not
        raise TrackerUnusable(
            f"The sheet “{name}” reaches as far as {column_letters(last_column)}{last_row}, which no log does; delete "
            "what stands far below or beside it (Ctrl+End in Excel goes there), and save the workbook."
        )
    try:
        worksheet = workbook.get_sheet_by_name(name)
        # Rows come from row 1 on, cells from the first column that is used: with those before it, places are addresses.
        before = [""] * (worksheet.start or (0, 0))[1]
        seen: dict[Any, Any] = {}
        return [_shared(before + row, seen) for row in islice(worksheet.iter_rows(), most)]
    except (CalamineError, OSError, ValueError) as error:
        raise TrackerUnusable(f"The sheet “{name}” cannot be read; save the workbook again from Excel.") from error


def _shared(row: Row, seen: dict[Any, Any]) -> Row:
    """The row with each cell that equals one `seen` before made the same object: a log says the same few things over
    and over, and a large one takes half the memory so.
    """
    if 0 in row or 1 in row:  # 1 equals TRUE, and is not the same as a cell
        return [cell if isinstance(cell, bool | float) else seen.setdefault(cell, cell) for cell in row]
    return list(map(seen.setdefault, row, row))


def _read_sheet(
    sheet: Sheet, package: Package, workbook: CalamineWorkbook, name: str, configured: Mapping[str, str]
) -> SheetAsRead:
    rows = _rows(package, workbook, name)
    _put_in_what_has_no_value(rows, package, name)
    headings = find_headings(sheet, rows, configured, name)
    ours = [number for column, number in headings.numbers.items() if sheet.columns[column].by_script]
    persons = [number for number in headings.numbers.values() if number not in ours]
    totals = _totals_rows(package, name, headings.row)
    kept: list[int] = []
    emptied: list[tuple[int, int, str, Any]] = []
    for row in range(headings.row + 1, len(rows) + 1):
        cells = rows[row - 1]
        if any(_holds_something(cells[number - 1]) for number in persons):
            if row not in totals and not _is_totals(cells, headings, persons) and not _is_headings(cells, headings):
                kept.append(row)
        else:
            emptied += [
                (row, number, column, cells[number - 1])
                for column, number in headings.numbers.items()
                if number in ours and row not in totals and _holds_something(cells[number - 1])
            ]
    lines = [rows[row - 1] for row in kept]
    frame = pd.DataFrame(
        {column: list(map(itemgetter(number - 1), lines)) for column, number in headings.numbers.items()},
        index=pd.Index(kept, dtype="int64"),
        dtype=object,
    )
    own_filter = package.auto_filter(name)
    written = {column.id: configured.get(column.id) or column.heading for column in sheet.written_by_script()}
    as_they_stand = {column: " ".join(headings.texts[number].split()) for column, number in headings.numbers.items()}
    return SheetAsRead(
        sheet=sheet,
        name=name,
        heading_row=headings.row,
        frame=frame,
        numbers=headings.numbers,
        headings=written | as_they_stand,
        unknown=headings.unknown,
        repeated=headings.repeated,
        next_column=_next_column(rows, headings, package, name, len(written) - len(ours)),
        filtered_to=own_filter.last_column if own_filter and own_filter.first_row == headings.row else 0,
        emptied=emptied,
    )


def _put_in_what_has_no_value(rows: Sequence[Row], package: Package, name: str) -> None:
    for (row, number), text in package.error_cells(name).items():
        _put(rows, row, number, ErrorValue(text))
    for row, number in package.formulas_without_result(name):
        _put(rows, row, number, NO_RESULT)


def _put(rows: Sequence[Row], row: int, number: int, value: object) -> None:
    # A cell beyond all others that have a value is beyond the headings too, and no cell of the tracker.
    if row <= len(rows) and number <= len(rows[row - 1]):
        rows[row - 1][number - 1] = value


def _holds_something(cell: object) -> bool:
    return cell != "" and not (isinstance(cell, str) and not cell.strip())


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
    if _holds_something(reference):
        return _says_total(reference)
    filled = (cells[number - 1] for number in persons if _holds_something(cells[number - 1]))
    return all(isinstance(cell, float) or _says_total(cell) for cell in filled)


def _says_total(cell: object) -> bool:
    return isinstance(cell, str) and plain(cell) in _TOTALS


def _is_headings(cells: Row, headings: Headings) -> bool:
    """Whether a row repeats the headings, as people do down a long sheet."""
    return all(
        isinstance(cells[number - 1], str) and plain(cells[number - 1]) == plain(headings.texts[number])
        for number in list(headings.numbers.values())[:3]
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
        if number <= width and any(_holds_something(row[number - 1]) for row in rows[heading_row - 1 :]):
            return number
    return None
