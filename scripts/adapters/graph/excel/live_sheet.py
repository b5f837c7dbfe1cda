"""A worksheet as it is at this moment: its values, where its columns are, and where each row is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scripts.adapters.graph.excel.excel_values import GENERAL, answered, is_same
from tracker_schema.columns.column_values import read_column
from tracker_schema.columns.headings import find_headings
from tracker_schema.errors import TrackerChanged, TrackerUnusable
from tracker_schema.incidents.plan import NewRow
from tracker_schema.layouts.rows import SheetRows

Key = tuple[str | None, ...]
"""The text in each column that tells one row from another, the reference first; None for an empty cell."""

USED = "usedRange(valuesOnly=true)?$select=rowIndex,columnIndex,values,numberFormat"
WITH_FORMULAS = f"{USED},formulas"


@dataclass(frozen=True, eq=False)
class LiveSheet:
    """The used range of a worksheet.

    read           the worksheet as it was read from the file
    configured     this council's own headings, by column id
    date_1904      its workbook counts dates from 1904
    first_row      the number of the first row of the range
    first_column   the number of its first column
    values         what the cells show, row by row
    formats        their number formats
    formulas       what the cells hold, formulas as formulas; empty when the range was read without them
    """

    read: SheetRows
    configured: Mapping[str, str]
    date_1904: bool
    first_row: int
    first_column: int
    values: Sequence[Sequence[Any]] = field(repr=False)
    formats: Sequence[Sequence[str]] = field(repr=False)
    formulas: Sequence[Sequence[Any]] = field(default=(), repr=False)

    @classmethod
    def from_answer(
        cls, answer: Mapping[str, Any], read: SheetRows, configured: Mapping[str, str], *, date_1904: bool
    ) -> LiveSheet:
        """Return the sheet in Graph's `answer` to a request for `USED` or `WITH_FORMULAS`."""
        return cls(
            read,
            configured,
            date_1904,
            int(answer["rowIndex"]) + 1,
            int(answer["columnIndex"]) + 1,
            answer["values"],
            answer["numberFormat"],
            answer.get("formulas", ()),
        )

    @property
    def last_row(self) -> int:
        """The number of the last row that holds anything."""
        return self.first_row + len(self.values) - 1

    def value(self, row: int, number: int) -> Any:
        """Return what the cell shows, as Graph answers it; "" when it is empty."""
        return _at(self.values, row - self.first_row, number - self.first_column, "")

    def holds(self, row: int, number: int, value: Any) -> bool:
        """Return True when the cell holds `value`, which was read from the file or is ours."""
        return is_same(self.value(row, number), value, date_1904=self.date_1904)

    def content(self, row: int, number: int) -> Any:
        """Return what the cell holds, a formula as a formula."""
        return _at(self.formulas, row - self.first_row, number - self.first_column, "")

    def number_format(self, row: int, number: int) -> str:
        """Return the cell's number format."""
        return str(_at(self.formats, row - self.first_row, number - self.first_column, GENERAL))

    def is_empty_from(self, row: int, number: int) -> bool:
        """Return True when the column is empty from `row` on."""
        return all(self.value(below, number) == "" for below in range(row, self.last_row + 1))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The numbers of the columns now, by column id.

        Raises TrackerChanged when the headings are no longer where they were read.
        """
        left = [""] * (self.first_column - 1)
        rows: list[list[Any]] = [[]] * (self.first_row - 1) + [
            left + [_as_read(cell) for cell in row] for row in self.values
        ]
        try:
            found = find_headings(self.read.sheet, rows, self.configured, self.read.name, self.read.search)
        except TrackerUnusable:
            raise self.changed() from None
        if found.row != self.read.heading_row or not set(self._key_columns) <= set(found.numbers):
            raise self.changed()
        return found.numbers

    def row_now(self, row: int) -> int:
        """Return the number that a row has now; `row` is the number it had when it was read.

        That is the same number when the row still has the same key (the reference; on Scoping and Actions also the
        agency or the action), else the number of the row that has it now. Raises TrackerChanged when it is not certain,
        for example when two rows have the same key and have moved.
        """
        key = self._keys_read.get(row)
        if key is None:  # a row from which a person has removed everything
            peoples = [number for column, number in self.numbers.items() if not self._is_ours(column)]
            if any(self.value(row, number) != "" for number in peoples):
                raise self.changed()
            return row
        if key[0] is None and self._keys_now.get(row) == key:
            return row
        before, now = self._rows_read[key], self._rows_now.get(key, [])
        if key[0] is None or len(before) != len(now) or (before != now and len(now) > 1):
            raise self.changed()
        return row if before == now else now[0]

    def row_of_new(self, new: NewRow, values: Mapping[str, Any]) -> tuple[int, bool]:
        """Return the number for a new row, which holds `values` by column id, and whether the row exists already.

        It exists when a row has its key, as after an attempt that was not answered. Raises TrackerChanged when its
        cells are not empty, or its number is not certain.
        """
        if self.numbers != self.read.numbers:
            raise self.changed()
        key = _casefolded(self._keys([0], [[values.get(column, "")] for column in self._key_columns])[0])
        existing = [row for now, rows in self._rows_now.items() if _casefolded(now) == key for row in rows]
        if len(existing) > 1:
            raise self.changed()
        if existing:
            return existing[0], True
        above = self.row_now(new.like) if new.like else self.read.heading_row
        row = above + new.row - (new.like or self.read.heading_row)
        if any(self.value(row, number) != "" for number in range(new.first, new.last + 1)):
            raise self.changed()
        return row, False

    def lost(self, before: LiveSheet) -> bool:
        """Return True when a row with a reference that was there `before` cannot be found any more."""
        then, now = before._rows_now, self._rows_now
        return any(key[0] is not None and len(now.get(key, [])) < len(rows) for key, rows in then.items())

    def rows_like(self, other: LiveSheet, row: int, numbers: Sequence[int]) -> list[int]:
        """Return the rows below the headings that in the columns `numbers` hold what `row` of `other` holds.

        Empty rows do not count. Of several, only those that `other` no longer has are returned.
        """
        rows = [
            own
            for own in self._keys_now
            if any(self.value(own, number) != "" for number in self.numbers.values())
            and all(self.content(own, number) == other.content(row, number) for number in numbers)
        ]
        if len(rows) > 1:
            rows = [own for own in rows if self._keys_now[own] not in other._rows_now]
        return rows

    @cached_property
    def ours(self) -> list[int]:
        """The numbers of the columns that are ours, in order."""
        return sorted(number for column, number in self.numbers.items() if self._is_ours(column))

    def changed(self) -> TrackerChanged:
        """Return the error for a sheet that is no longer what it was when it was read."""
        return TrackerChanged(f"Somebody changed the sheet “{self.read.name}” just now.", "Run again.")

    def _is_ours(self, column: str) -> bool:
        return self.read.sheet.columns[column].by_script

    @cached_property
    def _key_columns(self) -> list[str]:
        return [column for column in self.read.sheet.row_key if column in self.read.numbers]

    def _keys(self, rows: Sequence[int], columns: Sequence[Sequence[Any]]) -> dict[int, Key]:
        """Return the key of each row; `columns` are the cells of the key columns, all of which are read as text."""
        text = self.read.sheet.columns[self._key_columns[0]]
        values = [read_column(text, cells, {}, date_1904=False).values for cells in columns]
        return dict(zip(rows, zip(*values, strict=True), strict=True))

    @cached_property
    def _keys_read(self) -> dict[int, Key]:
        read, in_advance = self.read, self.read.in_advance
        columns = []
        for column in self._key_columns:
            cells = [
                read.stored.get((row, read.numbers[column]), cell)
                for row, cell in zip(read.rows, read.cells[column], strict=True)
            ]
            cells += in_advance.values() if column == self._key_columns[0] else [""] * len(in_advance)
            columns.append([_as_read(answered(cell, date_1904=self.date_1904)) for cell in cells])
        return self._keys([*read.rows, *in_advance], columns)

    @cached_property
    def _rows_read(self) -> dict[Key, list[int]]:
        return _by_key(self._keys_read)

    @cached_property
    def _rows_now(self) -> dict[Key, list[int]]:
        return _by_key(self._keys_now)

    @cached_property
    def _keys_now(self) -> dict[int, Key]:
        rows = range(self.read.heading_row + 1, self.last_row + 1)
        numbers = [self.numbers[column] for column in self._key_columns]
        return self._keys(rows, [[_as_read(self.value(row, number)) for row in rows] for number in numbers])


def _by_key(keys: Mapping[int, Key]) -> dict[Key, list[int]]:
    rows: dict[Key, list[int]] = {}
    for row, key in keys.items():
        rows.setdefault(key, []).append(row)
    return rows


def _casefolded(key: Key) -> Key:
    return tuple(word.casefold() if word else word for word in key)


def _as_read(cell: Any) -> Any:
    """Return a cell as the reader of files gives it, with all numbers as floats."""
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def _at(grid: Sequence[Sequence[Any]], down: int, across: int, otherwise: Any) -> Any:
    if 0 <= down < len(grid) and 0 <= across < len(grid[down]):
        return grid[down][across]
    return otherwise
