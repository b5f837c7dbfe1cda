"""What a job enters into the tracker by people's leave: into empty cells of theirs, and in rows of its own making.

The caller names the columns that it may fill; no other is touched. A cell in which something stands is never written
over: what a form says differently is named as a conflict, for a person to settle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from tracker_schema.assessment import Assessment
from tracker_schema.columns import SCOPING, tracker_schema
from tracker_schema.parsing import cleaned, parse_column
from tracker_schema.plan import CellWrite, NewRow, Plan
from tracker_schema.tracker import Facts, column_letters

Value = str | dt.date

LONGEST_TEXT = 32_767
"""Of a cell, in the units that Excel counts."""

MOST_NAMED = 5
"""So many of the cells and the like that need a person's eye are named in one sentence."""

_Key = tuple[str, ...]

# What tells one row from another.
_KEYS = {SCOPING: ("reference", "agency")}


@dataclass(frozen=True, eq=False)
class Entry:
    """What is to be entered on one row: `values` by column id, on the sheet with that id.

    The row is that of `reference` (on Scoping: and of `agency`). Where there is none, one is added if `new_row` says
    so. A value is text, a choice or a date; an empty one enters nothing.
    """

    sheet: str
    reference: str
    values: Mapping[str, Value | None] = field(repr=False)
    agency: str | None = None
    new_row: bool = False


@dataclass(frozen=True)
class Room:
    """Where the next rows of a sheet go: below `last_row`, where `free` rows hold nothing from the `first` to the
    `last` of the log's columns.

    `obstacle` is the cell that stands below those (None: none does), `like` the row whose looks a new one takes (None:
    the log is empty), `formulas` the (row, column) of each cell that holds a formula, whatever it shows, `behind` the
    columns whose formula in that last row does not go into a new one, and `ends_there` what reads the log down to that
    row only, in words: a cell, a name, a chart.
    """

    last_row: int
    free: int
    first: int
    last: int
    like: int | None = None
    obstacle: str | None = None
    formulas: Collection[tuple[int, int]] = field(default=frozenset(), repr=False)
    behind: Collection[int] = field(default=frozenset(), repr=False)
    ends_there: Sequence[str] = ()


@dataclass(frozen=True)
class Conflict:
    """A cell that holds something else than was to be entered, and the sentence that says so."""

    cell: str
    column: str
    message: str


@dataclass(frozen=True, eq=False)
class Placed:
    """What becomes of one entry.

    `row` is its row in the worksheet, None when it has none; `cells` are those that are filled. What they hold already
    is in neither of these and in `conflicts`. `unplaced` says what has no place, and `by_hand` what a person has still
    to do in Excel, sentence by sentence.
    """

    entry: Entry
    row: int | None
    is_new: bool
    cells: Sequence[CellWrite]
    conflicts: Sequence[Conflict]
    unplaced: Sequence[str]
    by_hand: Sequence[str] = ()


class _NoPlace(Exception):
    """Why something has no place in the tracker, as a sentence."""


class _Conflicting(Exception):
    """Why a cell was left as it is: the rest of a sentence that starts with the cell."""


@dataclass(frozen=True, eq=False)
class EntryPlan(Plan):
    """The plan that carries out entries, and what becomes of each of them, in their order."""

    peoples: ClassVar[bool] = True

    placed: Sequence[Placed] = ()


def plan_entries(
    assessment: Assessment, entries: Sequence[Entry], allowed: Mapping[str, Collection[str]], rooms: Mapping[str, Room]
) -> EntryPlan:
    """The empty cells to fill and the rows to add so that the tracker says what the entries do.

    `allowed` names the columns that may be filled, by sheet id; a row that is added gets its reference (and agency)
    all the same. `rooms` says by sheet id where rows can go. Raises ValueError for a value in a column that is not
    among them, or is one of ours.
    """
    _check_allowed(entries, allowed)
    sheets: dict[str, _Sheet] = {}
    placed: list[Placed] = []
    for entry in entries:
        if entry.sheet not in assessment.sheets:
            heading = tracker_schema().sheets[entry.sheet].heading
            sentence = (
                f"The tracker has no sheet “{heading}”; add one with its headings, or name yours in config.toml as "
                f"sheets.{entry.sheet}."
            )
            placed.append(Placed(entry, None, False, (), (), (sentence,)))
            continue
        if entry.sheet not in sheets:
            sheets[entry.sheet] = _Sheet(assessment.sheets[entry.sheet].facts, rooms[entry.sheet])
        placed.append(sheets[entry.sheet].place(entry))
    cells = [cell for each in placed for cell in each.cells]
    cells.sort(key=lambda cell: (cell.sheet, cell.row, cell.number))
    return EntryPlan((), cells, [row for sheet in sheets.values() for row in sheet.new_rows], placed)


def _check_allowed(entries: Sequence[Entry], allowed: Mapping[str, Collection[str]]) -> None:
    for entry in entries:
        columns = tracker_schema().sheets[entry.sheet].columns
        for column in entry.values:
            if column not in allowed.get(entry.sheet, ()) or columns[column].by_script:
                raise ValueError(f"{entry.sheet}.{column} may not be filled by this job")


class _Sheet:
    """One sheet, and what the entries so far make of it."""

    def __init__(self, facts: Facts, room: Room) -> None:
        self.new_rows: list[NewRow] = []
        self._facts = facts
        self._read = facts.read
        self._room = room
        self._keys = _KEYS.get(self._read.sheet.id, ("reference",))
        self._positions = self._positions_by_key()
        self._added: dict[_Key, NewRow] = {}
        self._entered: dict[tuple[int, str], Any] = {}

    def place(self, entry: Entry) -> Placed:
        """What becomes of the next entry."""
        try:
            key = self._key(entry)
            positions = self._positions.get(key, [])
            if len(positions) > 1:
                raise _NoPlace(self._says_twice(entry, positions))
            if positions:
                return self._fill(entry, self._read.rows[positions[0]], positions[0])
            if key in self._added:
                return self._fill(entry, self._added[key].row, None)
            if not entry.new_row:
                raise _NoPlace(self._says_no_row(entry))
            self._added[key] = self._add(entry)
        except _NoPlace as error:
            return Placed(entry, None, False, (), (), (str(error),))
        return self._fill(entry, self._added[key].row, None, also=dict(zip(self._keys, _words(entry), strict=False)))

    def _positions_by_key(self) -> dict[_Key, list[int]]:
        """Where in the frame the rows stand that say the same key."""
        positions: dict[_Key, list[int]] = {}
        columns = [self._facts.column(column).values.tolist() for column in self._keys]
        for position, words in enumerate(zip(*columns, strict=True)):
            if all(words):
                positions.setdefault(_spoken(words), []).append(position)
        return positions

    def _key(self, entry: Entry) -> _Key:
        """What tells the entry's row from the others."""
        words = _words(entry)[: len(self._keys)]
        for column, word in zip(self._keys, words, strict=True):
            if not word:
                raise _NoPlace(f"What is to be entered on the sheet “{self._read.name}” names no {column}.")
            if column not in self._read.numbers:
                raise _NoPlace(self._says_no_column(column))
        return _spoken(words)

    def _add(self, entry: Entry) -> NewRow:
        """A row for the entry below the log."""
        read, room = self._read, self._room
        for column in self._keys:
            for position in np.flatnonzero(self._facts.column(column).unreadable)[:1].tolist():
                raise _NoPlace(
                    f"{read.address(column, position)} cannot be read, so it cannot be told whether {entry.reference} "
                    "is in the tracker already; mend that cell, and run again."
                )
        if len(self.new_rows) >= room.free:
            raise _NoPlace(
                f"{room.obstacle} is not empty, so that no row can be added below the log; insert empty rows in Excel "
                f"below row {room.last_row}, and run again."
            )
        row = room.last_row + 1 + len(self.new_rows)
        self.new_rows.append(NewRow(read.name, row, room.like, room.first, room.last, entry.reference))
        return self.new_rows[-1]

    def _fill(self, entry: Entry, row: int, position: int | None, also: Mapping[str, Value] | None = None) -> Placed:
        """The entry on its row; `position` is where that stands in the frame, None when it is a new one."""
        cells: list[CellWrite] = []
        conflicts: list[Conflict] = []
        unplaced: list[str] = []
        for column, value in {**(also or {}), **entry.values}.items():
            if value is None or (isinstance(value, str) and not cleaned(value)):
                continue
            try:
                new = self._meant(column, value)
                cell = f"{self._read.name}!{column_letters(self._read.numbers[column])}{row}"
                if self._is_free(cell, row, column, position, new):
                    old = "" if position is None else self._read.frame[column].iat[position]
                    number = self._read.numbers[column]
                    cells.append(CellWrite(self._read.name, row, number, column, entry.reference, old, new))
                    self._entered[row, column] = new
            except _NoPlace as error:
                unplaced.append(str(error))
            except _Conflicting as error:
                conflicts.append(Conflict(cell, column, f"{cell}, “{self._read.heading(column)}”, {error}."))
        return Placed(entry, row, position is None, cells, conflicts, unplaced, self._left_to_do(row) if also else ())

    def _left_to_do(self, row: int) -> list[str]:
        """What there is to do by hand about a new row."""
        name, above = self._read.name, self._room.last_row
        entered = {self._read.numbers[column] for at, column in self._entered if at == row}
        letters = [
            column_letters(column)
            for column in sorted(self._room.behind)
            if column not in entered and (row, column) not in self._room.formulas
        ]
        said = [
            f"{name}!{letter}{above} holds a formula that {name}!{letter}{row} may lack; look, and fill down in Excel."
            for letter in letters
        ]
        ends = list(self._room.ends_there)
        if ends and row == above + 1:
            more = len(ends) - MOST_NAMED
            named = [*ends[:MOST_NAMED], f"{more} more"] if more > 0 else ends
            whole = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
            said.append(
                f"The log on the sheet “{name}” ended in row {above}, and so does what {whole} took in of it; see in "
                "Excel that the new row is taken in too."
            )
        return said

    def _is_free(self, cell: str, row: int, column: str, position: int | None, new: Any) -> bool:
        """Whether the cell is to be filled; not when it says the same already.

        Raises _Conflicting when it holds anything else.
        """
        if (row, column) in self._entered:
            if self._is_same(column, self._entered[row, column], new):
                return False
            raise _Conflicting("is to be given two different answers; only the first is entered")
        parsed = self._facts.column(column)
        filled = position is not None and bool(parsed.filled[position])
        if position is not None and filled and not parsed.unreadable[position]:
            old = parsed.values[position]
            if self._is_same(column, old.astype(object) if isinstance(old, np.datetime64) else old, new):
                return False
        if (row, self._read.numbers[column]) in self._room.formulas:
            raise _Conflicting("holds a formula and was left as it is; compare the two")
        if filled:
            raise _Conflicting("holds something else and was left as it is; compare the two")
        return True

    def _is_same(self, column: str, old: Any, new: Any) -> bool:
        if self._read.sheet.columns[column].type == "text":
            return bool(cleaned(old) == cleaned(new))
        return bool(old == new)

    def _meant(self, column: str, value: Value) -> Any:
        """The value as it goes into a cell of the column."""
        if column not in self._read.numbers:
            raise _NoPlace(self._says_no_column(column))
        schema, heading = self._read.sheet.columns[column], self._read.heading(column)
        parsed = parse_column(schema, [value], tracker_schema().synonyms, date_1904=False)
        if parsed.unreadable[0]:
            raise _NoPlace(f"“{heading}” {parsed.faults[0].unquoted}.")
        meant = parsed.values[0]
        if schema.type == "date":
            return meant.astype(object)
        if schema.type == "choice" or column in self._keys:
            return meant
        text = str(value).strip()
        if len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_TEXT:
            raise _NoPlace(f"“{heading}” is given more than the {LONGEST_TEXT:,} characters a cell holds; shorten it.")
        return text

    def _says_no_column(self, column: str) -> str:
        return (
            f"The sheet “{self._read.name}” has no column “{self._read.heading(column)}”; add that heading, or name "
            f"yours in config.toml as columns.{self._read.sheet.id}.{column}."
        )

    def _says_no_row(self, entry: Entry) -> str:
        whose = f"{entry.reference} and that agency" if "agency" in self._keys else entry.reference
        return f"The sheet “{self._read.name}” has no row for {whose}; correct the one or the other."

    def _says_twice(self, entry: Entry, positions: Sequence[int]) -> str:
        cells = " and ".join(self._read.address("reference", position) for position in positions)
        return f"{entry.reference} has more than one row, at {cells}; leave only one of them, and run again."


def _words(entry: Entry) -> tuple[str, str]:
    """What the entry says of its row's key."""
    return cleaned(entry.reference), cleaned(entry.agency or "")


def _spoken(words: Sequence[str]) -> _Key:
    return tuple(word.casefold() for word in words)
