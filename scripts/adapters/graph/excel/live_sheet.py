"""A worksheet as it is this moment: its values, where its headings stand, and which row is whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scripts.adapters.graph.excel.excel_values import GENERAL, answered
from tracker_schema.assessment.plan import NewRow
from tracker_schema.columns.headings import find_headings
from tracker_schema.columns.parsing import read_column
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, Sheet, tracker_schema
from tracker_schema.errors import TrackerChanged, TrackerUnusable
from tracker_schema.layouts.layouts import CHILD, PREFIX, TYPE
from tracker_schema.layouts.rows import SheetRows

Key = tuple[str | None, ...]

# What tells one row from another besides the reference, on sheets where many rows share one.
_ALSO_BY = {INCIDENTS: (TYPE, CHILD, PREFIX), SCOPING: ("agency",), ACTIONS: ("action",)}

# As which all of that is read, whatever it is to the tracker.
_TEXT = tracker_schema().sheets[INCIDENTS].columns["reference"]

USED = "usedRange(valuesOnly=true)?$select=rowIndex,columnIndex,values,numberFormat"
WITH_FORMULAS = f"{USED},formulas"


@dataclass(frozen=True, eq=False)
class LiveSheet:
    """The used range of the worksheet that was read as `read`; `values` start at `first_row` and `first_column`."""

    read: SheetRows
    configured: Mapping[str, str]
    """This council's own headings by column id."""
    date_1904: bool
    first_row: int
    first_column: int
    values: Sequence[Sequence[Any]] = field(repr=False)
    formats: Sequence[Sequence[str]] = field(repr=False)
    formulas: Sequence[Sequence[Any]] = field(default=(), repr=False)
    """What the cells hold, formulas as formulas; nothing where `USED` was asked for without them."""

    @classmethod
    def of(
        cls, answer: Mapping[str, Any], read: SheetRows, configured: Mapping[str, str], *, date_1904: bool
    ) -> LiveSheet:
        """The sheet in Graph's `answer` to a request for `USED`, with or without formulas."""
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
        """What the cell holds, as Graph answers it; "" when it is empty."""
        return _at(self.values, row - self.first_row, number - self.first_column, "")

    def content(self, row: int, number: int) -> Any:
        """What the cell holds, a formula as a formula."""
        return _at(self.formulas, row - self.first_row, number - self.first_column, "")

    def number_format(self, row: int, number: int) -> str:
        """How the cell is formatted."""
        return str(_at(self.formats, row - self.first_row, number - self.first_column, GENERAL))

    def is_empty_from(self, row: int, number: int) -> bool:
        """Whether nothing stands in the column from `row` on."""
        return all(self.value(each, number) == "" for each in range(row, self.last_row + 1))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Where the columns are now, by column id.

        Raises TrackerChanged when the headings are no longer to be found where they were read.
        """
        left = [""] * (self.first_column - 1)
        rows: list[list[Any]] = [[]] * (self.first_row - 1) + [
            left + [_as_read(cell) for cell in row] for row in self.values
        ]
        try:
            found = find_headings(self.read.sheet, rows, self.configured, self.read.name, self.read.search)
        except TrackerUnusable:
            raise self.changed() from None
        if found.row != self.read.heading_row or not set(_key_columns(self.read.sheet, self.read)) <= set(
            found.numbers
        ):
            raise self.changed()
        return found.numbers

    def row_now(self, row: int) -> int:
        """Where that row, as it was read, stands now.

        It is where it was when that row still says the same reference (on Scoping and Actions: also agency or action),
        else where that stands now. Raises TrackerChanged when it cannot be told, as when two rows say the same and have
        moved.
        """
        key = self._keys_read.get(row)
        if key is None:  # a row from which a person has removed everything
            persons = [number for column, number in self.numbers.items() if not self._is_ours(column)]
            if any(self.value(row, number) != "" for number in persons):
                raise self.changed()
            return row
        if key[0] is None and self._keys_now.get(row) == key:
            return row
        before, now = self._rows_read[key], self._rows_now.get(key, [])
        if key[0] is None or len(before) != len(now) or (before != now and len(now) > 1):
            raise self.changed()
        return row if before == now else now[0]

    def row_of_new(self, new: NewRow, says: Mapping[str, Any]) -> tuple[int, bool]:
        """Where a new row is to stand, and whether it stands there already; `says` is what it holds, by column id.

        It stands already where a row says what tells it from others, as after an attempt that was not answered. Raises
        TrackerChanged when its place is taken, or cannot be told.
        """
        if self.numbers != self.read.numbers:
            raise self.changed()
        columns = [[says.get(column, "")] for column in _key_columns(self.read.sheet, self.read)]
        key = _casefolded(_keys([0], columns)[0])
        standing = [row for now, rows in self._rows_now.items() if _casefolded(now) == key for row in rows]
        if len(standing) > 1:
            raise self.changed()
        if standing:
            return standing[0], True
        above = self.row_now(new.like) if new.like else self.read.heading_row
        row = above + new.row - (new.like or self.read.heading_row)
        if any(self.value(row, number) != "" for number in range(new.first, new.last + 1)):
            raise self.changed()
        return row, False

    def lost(self, before: LiveSheet) -> bool:
        """Whether a row that had a reference `before` is to be found no more."""
        then, now = before._rows_now, self._rows_now
        return any(key[0] is not None and len(now.get(key, [])) < len(rows) for key, rows in then.items())

    def rows_like(self, other: LiveSheet, row: int, numbers: Sequence[int]) -> list[int]:
        """The rows below the headings that hold something, and in the columns `numbers` what that row of `other` holds.

        Of several that do, only those that `other` has lost.
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
        """What to raise when the sheet is not what it was when it was read."""
        return TrackerChanged(f"The sheet “{self.read.name}” was changed by somebody just now; run again.")

    def _is_ours(self, column: str) -> bool:
        return self.read.sheet.columns[column].by_script

    @cached_property
    def _keys_read(self) -> dict[int, Key]:
        columns = [
            [_as_read(answered(cell, date_1904=self.date_1904)) for cell in self.read.cells[column]]
            for column in _key_columns(self.read.sheet, self.read)
        ]
        return _keys(self.read.rows, columns)

    @cached_property
    def _rows_read(self) -> dict[Key, list[int]]:
        return _by_key(self._keys_read)

    @cached_property
    def _rows_now(self) -> dict[Key, list[int]]:
        return _by_key(self._keys_now)

    @cached_property
    def _keys_now(self) -> dict[int, Key]:
        rows = range(self.read.heading_row + 1, self.last_row + 1)
        numbers = [self.numbers[column] for column in _key_columns(self.read.sheet, self.read)]
        return _keys(rows, [[_as_read(self.value(row, number)) for row in rows] for number in numbers])


def _key_columns(sheet: Sheet, read: SheetRows) -> list[str]:
    also = [column for column in _ALSO_BY.get(sheet.id, ()) if column in read.numbers]
    return ["reference", *also]


def _keys(rows: Sequence[int], columns: Sequence[Sequence[Any]]) -> dict[int, Key]:
    parsed = [read_column(_TEXT, cells, {}, date_1904=False).values for cells in columns]
    return dict(zip(rows, zip(*parsed, strict=True), strict=True))


def _by_key(keys: Mapping[int, Key]) -> dict[Key, list[int]]:
    rows: dict[Key, list[int]] = {}
    for row, key in keys.items():
        rows.setdefault(key, []).append(row)
    return rows


def _casefolded(key: Key) -> Key:
    return tuple(word.casefold() if word else word for word in key)


def _as_read(cell: Any) -> Any:
    """A cell as the reader of files gives it: all its numbers are floats."""
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def _at(grid: Sequence[Sequence[Any]], down: int, across: int, otherwise: Any) -> Any:
    if 0 <= down < len(grid) and 0 <= across < len(grid[down]):
        return grid[down][across]
    return otherwise
