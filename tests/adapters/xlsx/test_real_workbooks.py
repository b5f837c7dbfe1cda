"""Real workbooks: whatever their program wrote, only our cells change.

Set REAL_WORKBOOKS to a folder of .xlsx and .xlsm files to run this.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from scripts.adapters.xlsx import CellValue, Package, patch
from tests.adapters.xlsx.books import changed_parts, parts, values
from tracker_schema.errors import TrackerUnusable

FOLDER = os.environ.get("REAL_WORKBOOKS", "")
FILES = sorted(path for path in Path(FOLDER).glob("*.xls[xm]")) if FOLDER else []

pytestmark = pytest.mark.skipif(not FILES, reason="REAL_WORKBOOKS names no folder of workbooks")


def all_values(data: bytes) -> dict[str, Any]:
    """What python-calamine reads from each sheet, or what it says about one it cannot read."""
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
