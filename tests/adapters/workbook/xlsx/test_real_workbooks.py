"""Real workbooks: whatever their program wrote, only our cells change.

Set REAL_WORKBOOKS to a folder of .xlsx and .xlsm files to run this.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from scripts.adapters.workbook.xlsx import (
    CellValue,
    ColouredColumn,
    ColumnFormat,
    NewColumn,
    NewRow,
    NewSheet,
    Package,
    Range,
    patch,
    with_sheets,
)
from scripts.adapters.workbook.xlsx.addresses import address
from scripts.adapters.workbook.xlsx.package import relations_of
from tests.adapters.workbook.xlsx.books import changed_parts, parts, values
from tracker_schema.errors import TrackerUnusable

FOLDER = os.environ.get("REAL_WORKBOOKS", "")
FILES = sorted(path for path in Path(FOLDER).glob("*.xls[xm]")) if FOLDER else []

pytestmark = pytest.mark.skipif(not FILES, reason="REAL_WORKBOOKS names no folder of workbooks")


def all_values(data: bytes) -> dict[str, Any]:
    """Return what python-calamine reads from each sheet, or its error message."""
    read: dict[str, Any] = {}
    for name in Package.open(data).sheet_names:
        try:
            read[name] = values(data, name)
        except python_calamine.CalamineError as error:
            read[name] = str(error)
    return read


def free_cells(grid: list[list[Any]]) -> dict[int, dict[int, CellValue]]:
    """A text, a number and a date below and beside all that is there, and one in the first row."""
    row, column = len(grid) + 2, max(map(len, grid), default=0) + 2
    return {
        1: {column + 1: "to the right – &<>"},
        row: {column: "below"},
        row + 1: {column: 12.5},
        row + 2: {column: dt.date(2026, 11, 23)},
        row + 3: {column: dt.datetime(2026, 11, 23, 9, 30)},
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_our_cells_change(path: Path) -> None:
    source = path.read_bytes()
    refused = ""
    try:
        before = all_values(source)
        first = next(iter(before))
        grid = before[first] if isinstance(before[first], list) else []
        cells = free_cells(grid)
        patched = patch(source, {first: cells})
    except TrackerUnusable as refusal:
        refused = str(refusal)
    if refused:
        print(f"{path.name}: {refused}")
        assert refused.endswith(".")
        return
    sheet = Package.open(source).worksheets[first].part
    changed = {name.lower() for name in changed_parts(source, patched)}
    assert sheet in changed
    assert changed <= {sheet, "xl/styles.xml", "xl/workbook.xml"}
    assert list(parts(patched)) == list(parts(source))
    after = all_values(patched)
    assert {name: after[name] for name in after if name != first} == {
        name: before[name] for name in before if name != first
    }
    if isinstance(before[first], list):
        expected = {(row, column): value for row, row_cells in cells.items() for column, value in row_cells.items()}
        expected |= {(r, c): value for r, row_values in enumerate(grid, 1) for c, value in enumerate(row_values, 1)}
        read = {(r, c): value for r, row_values in enumerate(after[first], 1) for c, value in enumerate(row_values, 1)}
        assert {place: value for place, value in read.items() if value != ""} == {
            place: value for place, value in expected.items() if value != ""
        }
    assert patch(patched, {first: cells}) is patched


def as_openpyxl_reads(data: bytes) -> dict[str, dict[str, Any]] | str:
    """Return the value and format of each cell, or the name of openpyxl's error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it leaves out; the writer is not openpyxl
        try:
            workbook = openpyxl.load_workbook(io.BytesIO(data))
        except Exception as error:  # noqa: BLE001  it raises anything at all on files it does not understand
            return type(error).__name__
    return {
        page.title: {
            cell.coordinate: (str(getattr(cell.value, "__dict__", cell.value)), cell.number_format, cell.font.b)
            for line in page.iter_rows()
            for cell in line
            if cell.value is not None
        }
        for page in workbook.worksheets
    }


def logs_of(package: Package, name: str, grid: list[list[Any]]) -> Iterator[NewRow]:
    """Where a row could go on a sheet: below each of its tables, and below all that is there."""
    for table in package.tables(name):
        last = table.last_row - table.totals_rows
        yield NewRow(name, last + 1, last, table.first_column, table.last_column)
    if grid:
        yield NewRow(name, len(grid) + 1, len(grid), 1, max(map(len, grid)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rows_are_added_and_nothing_else_changes(path: Path) -> None:
    source = path.read_bytes()
    try:
        package, before = Package.open(source), all_values(source)
    except TrackerUnusable:
        return
    openpyxl_before = as_openpyxl_reads(source)
    for name, grid in before.items():
        for new in logs_of(package, name, grid) if isinstance(grid, list) else ():
            cells: dict[int, CellValue] = {new.first_column: "CI-1 – &<>", new.last_column: dt.date(2026, 11, 23)}
            refused = ""
            try:
                patched = patch(source, {name: {new.row: cells}}, new_rows=[new])
            except TrackerUnusable as refusal:
                refused = str(refusal)
            if refused:
                assert refused.endswith(".")
                continue
            part, tables = package.worksheet(name).part, package.table_parts(name)
            changed = {changed.lower() for changed in changed_parts(source, patched)}
            allowed = {part, "xl/styles.xml", "xl/workbook.xml", "xl/calcchain.xml", *(table.part for table in tables)}
            assert part in changed <= allowed
            assert list(parts(patched)) == list(parts(source))
            after = all_values(patched)
            assert {each: after[each] for each in after if each != name} == {
                each: before[each] for each in before if each != name
            }
            assert after[name][: len(grid)][: new.row - 1] == grid[: new.row - 1]
            line = after[name][new.row - 1]
            assert line[new.first_column - 1] == cells[new.first_column]
            assert line[new.last_column - 1] == cells[new.last_column]
            if isinstance(openpyxl_before, dict) and name in openpyxl_before:
                read = as_openpyxl_reads(patched)
                assert isinstance(read, dict)
                places = {address(new.row, column) for column in range(new.first_column, new.last_column + 1)}
                kept = {place: cell for place, cell in read[name].items() if place not in places}
                assert kept == openpyxl_before[name]
            assert patch(patched, {name: {new.row: cells}}) is patched


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sheet_is_added_and_nothing_else_changes(path: Path) -> None:
    source = path.read_bytes()
    new = NewSheet("Documents (made up)", [[("Reference", 0)], [("CI-1 – &<>", 0)]])
    refused = ""
    try:
        package = Package.open(source)
        patched = with_sheets(source, [new])
    except TrackerUnusable as refusal:
        refused = str(refusal)
    if refused:
        assert refused.endswith(".")
        return
    changed = {name.lower() for name in changed_parts(source, patched)}
    workbook, (added,) = package.workbook_part, [name for name in parts(patched) if name not in parts(source)]
    assert changed == {workbook, relations_of(workbook), "[content_types].xml", added.lower()}
    after = all_values(patched)
    assert after.pop(new.name) == [["Reference"], ["CI-1 – &<>"]]
    assert after == all_values(source)
    openpyxl_before, openpyxl_after = as_openpyxl_reads(source), as_openpyxl_reads(patched)
    if isinstance(openpyxl_before, dict) and openpyxl_before:
        assert isinstance(openpyxl_after, dict)
        assert {name: cells for name, cells in openpyxl_after.items() if name != new.name} == openpyxl_before


def edges(package: Package, name: str, grid: list[list[Any]]) -> Iterator[tuple[Range, int]]:
    """The rows and the first free column where our columns could go on a sheet: beside each table, and beside all."""
    for table in package.tables(name):
        yield table.range, table.last_column + 1
    if grid:
        width = max(map(len, grid))
        yield Range(1, 1, len(grid), max(width, 1)), width + 1


def formatted_columns(name: str, log: Range, first: int) -> list[NewColumn]:
    rows = tuple(range(log.first_row + 1, log.last_row + 1))[:200]
    return [
        NewColumn(name, log.first_row, first, "Status (made up)", ColumnFormat(15, 20, False, rows, rows)),
        NewColumn(name, log.first_row, first + 1, "Due (made up)", ColumnFormat(12, 14, True, rows, rows)),
    ]


COLOURS = {"Overdue": ("FFC7CE", "7A0008"), "On track": ("D5F0D8", "004B12")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_columns_are_added_with_formats_and_colours_and_nothing_else_changes(path: Path) -> None:
    source = path.read_bytes()
    try:
        package, before = Package.open(source), all_values(source)
    except TrackerUnusable:
        return
    openpyxl_before = as_openpyxl_reads(source)
    for name, grid in before.items():
        for log, first in edges(package, name, grid) if isinstance(grid, list) else ():
            new = formatted_columns(name, log, first)
            assert new[0].format is not None
            cells: dict[int, dict[int, CellValue]] = {
                row: {first: "Overdue", first + 1: dt.date(2026, 11, 23)} for row in new[0].format.rows
            }
            coloured = [ColouredColumn(name, Range(log.first_row + 1, first, 1_048_576, first), COLOURS)]
            refused = ""
            try:
                patched = patch(source, {name: cells}, new, coloured=coloured)
            except TrackerUnusable as refusal:
                refused = str(refusal)
            if refused:
                assert refused.endswith(".")
                continue
            part, tables = package.worksheet(name).part, package.table_parts(name)
            changed = {changed.lower() for changed in changed_parts(source, patched)}
            assert {part, "xl/styles.xml"} <= changed
            assert changed <= {part, "xl/styles.xml", "xl/workbook.xml", *(table.part for table in tables)}
            assert list(parts(patched)) == list(parts(source))
            after = all_values(patched)
            assert {each: after[each] for each in after if each != name} == {
                each: before[each] for each in before if each != name
            }
            ours = {(row, column) for row in [log.first_row, *cells] for column in (first, first + 1)}
            assert others(after[name], ours) == others(grid, ours)
            assert after[name][log.first_row - 1][first - 1 : first + 1] == ["Status (made up)", "Due (made up)"]
            if isinstance(openpyxl_before, dict) and name in openpyxl_before:
                read = as_openpyxl_reads(patched)
                assert isinstance(read, dict)
                places = {address(*place) for place in ours}
                assert {each: cell for each, cell in read[name].items() if each not in places} == openpyxl_before[name]
                assert widths(patched, name, {first, first + 1}) == widths(source, name, {first, first + 1})
            assert patch(patched, {name: cells}, coloured=coloured) is patched


def others(grid: list[list[Any]], ours: set[tuple[int, int]]) -> dict[tuple[int, int], Any]:
    """The cells that hold something, without ours."""
    cells = {(r, c): value for r, line in enumerate(grid, 1) for c, value in enumerate(line, 1)}
    return {place: value for place, value in cells.items() if value != "" and place not in ours}


def widths(data: bytes, name: str, ours: set[int]) -> dict[int, dict[str, str]]:
    """What each column of a sheet has, but for ours."""
    package = Package.open(data)
    tree = package.reader(name).head_tree()
    return {
        number: {key: value for key, value in col.attributes.items() if key not in ("min", "max")}
        for cols in tree.named("cols")
        for col in cols.named("col")
        for number in range(col.number("min", 1), col.number("max", 1) + 1)
        if number not in ours
    }
