"""Where each entry goes: which row is whose, which cell is free, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from tracker_schema.assessment import Assessment
from tracker_schema.cell_values import NoPlace, meant, plain_value, says_the_same
from tracker_schema.columns import SCOPING, tracker_schema
from tracker_schema.entries import Conflict, Entry, EntryPlan, Placed, Room, Value
from tracker_schema.parsing import cleaned
from tracker_schema.plan import CellWrite, NewRow
from tracker_schema.tracker import Facts, column_letters

MOST_NAMED = 5
"""So many of the cells and the like that need a person's eye are named in one sentence."""

_Key = tuple[str, ...]

# What tells one row from another.
_KEYS = {SCOPING: ("reference", "agency")}


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


class _Cell(NamedTuple):
    """A cell that may be filled: what it holds as it was read, what that says if it can be read, and whether it is
    filled at all, be it on another row of the same incident.
    """

    page: str
    row: int
    number: int
    heading: str
    old: Any
    says: Any
    filled: bool

    @property
    def address(self) -> str:
        """Where it is, such as “Incidents!K5”."""
        return f"{self.page}!{column_letters(self.number)}{self.row}"


class _Sheet:
    """One sheet, and what the entries so far make of it."""

    def __init__(self, facts: Facts, room: Room) -> None:
        self.new_rows: list[NewRow] = []
        self._facts = facts
        self._read = facts.read
        self._room = room
        self._page = next(page for page in self._read.pages if page.name == room.page)
        self._keys = _KEYS.get(self._read.sheet.id, ("reference",))
        self._positions = self._positions_by_key()
        self._added: dict[_Key, NewRow] = {}
        self._entered: dict[tuple[str, str], Any] = {}

    def place(self, entry: Entry) -> Placed:
        """What becomes of the next entry."""
        try:
            key = self._key(entry)
            positions = self._positions.get(key, [])
            if len(positions) > 1:
                raise NoPlace(self._says_twice(entry, positions))
            if positions:
                return self._complete(entry, positions[0])
            if key in self._added:
                return self._fill_new(entry, self._added[key], entry.values)
            if not entry.new_row:
                raise NoPlace(self._says_no_row(entry))
            self._added[key] = self._add(entry)
        except NoPlace as error:
            return Placed(entry, None, False, (), (), (str(error),))
        row = self._added[key]
        placed = self._fill_new(entry, row, dict(zip(self._keys, _words(entry), strict=False)) | {**entry.values})
        return replace(placed, by_hand=self._left_to_do(row))

    def _positions_by_key(self) -> dict[_Key, list[int]]:
        """Where in the frame the rows stand that say the same key."""
        positions: dict[_Key, list[int]] = {}
        columns = [self._facts.column(column).values.tolist() for column in self._keys]
        for position, words in enumerate(zip(*columns, strict=True)):
            if all(words):
                positions.setdefault(_spoken(words), []).append(position)
        if len(self._keys) == 1:
            for reference, position in self._read.also_called.items():
                positions.setdefault((reference,), []).append(position)
        return positions

    def _key(self, entry: Entry) -> _Key:
        """What tells the entry's row from the others."""
        words = _words(entry)[: len(self._keys)]
        for column, word in zip(self._keys, words, strict=True):
            if not word:
                raise NoPlace(f"What is to be entered on the sheet “{self._read.name}” names no {column}.")
            if column not in self._read.numbers:
                raise NoPlace(self._says_no_column(column))
        return _spoken(words)

    def _add(self, entry: Entry) -> NewRow:
        """A row for the entry below the log."""
        room = self._room
        for column in self._keys:
            for position in np.flatnonzero(self._facts.column(column).unreadable)[:1].tolist():
                raise NoPlace(
                    f"{self._read.address(column, position)} cannot be read, so it cannot be told whether "
                    f"{entry.reference} is in the tracker already; mend that cell, and run again."
                )
        if room.refusal:
            raise NoPlace(
                f"{room.refusal}, so that a row for {entry.reference} is for you to add where it belongs; run again "
                "then, and the rest of it is filled in."
            )
        if len(self.new_rows) >= room.free:
            raise NoPlace(
                f"{room.obstacle} is not empty, so that no row can be added below the log; insert empty rows in Excel "
                f"below row {room.last_row}, and run again."
            )
        row = room.last_row + 1 + len(self.new_rows)
        self.new_rows.append(NewRow(room.page, row, room.like, room.first, room.last, entry.reference))
        return self.new_rows[-1]

    def _complete(self, entry: Entry, position: int) -> Placed:
        """The entry on a row of the frame, which the workbook may have several rows for."""

        def cell_of(column: str, new: Any) -> _Cell | None:
            place = self._read.cell_for(column, position)
            if place is None:
                raise NoPlace(self._says_no_column(column))
            if self._is_said_of_each_child(entry, column, position, new):
                return None
            held = next(id_ for id_, number in place.page.numbers.items() if number == place.number)
            parsed = self._facts.column(column)
            says = None if parsed.unreadable[position] else plain_value(parsed.values[position])
            old = place.page.frame.at[place.row, held]
            filled = bool(parsed.filled[position]) or not _is_blank(old)
            return _Cell(place.page.name, place.row, place.number, place.heading, old, says, filled)

        return self._fill(entry, self._read.rows[position], cell_of, entry.values)

    def _is_said_of_each_child(self, entry: Entry, column: str, position: int, new: Any) -> bool:
        """Whether each of an incident's several children has the value already.

        Raises NoPlace when they have not, or each row of the incident says the like for itself.
        """
        schema = self._read.sheet.columns[column]
        of_rows = schema.of_several_rows == "every" and len(self._read.lines(position)) > 1
        if not of_rows and not (schema.of_each_child and self._facts.children_per_incident[position] > 1):
            return False
        children = self._facts.children.column(column)
        rows = np.flatnonzero(self._facts.children.read.incident_of == position)
        if not of_rows and all(
            children.filled[row] and says_the_same(self._read, column, plain_value(children.values[row]), new)
            for row in rows.tolist()
        ):
            return True
        each = "row" if of_rows else "child"
        raise NoPlace(
            f"“{self._read.heading(column)}” is said of each {each} of {entry.reference}, which has several; enter it "
            "by hand."
        )

    def _fill_new(self, entry: Entry, row: NewRow, values: Mapping[str, Value | None]) -> Placed:
        """The entry on a row that is not there yet."""

        def cell_of(column: str, _new: Any) -> _Cell:
            if column not in self._page.numbers:
                raise NoPlace(self._says_no_column(column))
            number, heading = self._page.numbers[column], self._page.heading(column)
            return _Cell(row.sheet, row.row, number, heading, "", None, filled=False)

        return replace(self._fill(entry, row.row, cell_of, values), is_new=True)

    def _fill(
        self, entry: Entry, row: int, cell_of: Callable[[str, Any], _Cell | None], values: Mapping[str, Value | None]
    ) -> Placed:
        cells: list[CellWrite] = []
        conflicts: list[Conflict] = []
        unplaced: list[str] = []
        for column, value in values.items():
            if value is None or (isinstance(value, str) and not cleaned(value)):
                continue
            try:
                new = meant(self._read, column, value, self._read.heading(column))
                cell = cell_of(column, new)
                if cell is None:
                    continue
                against = self._against(cell, column, new)
                if against:
                    conflicts.append(Conflict(cell.address, column, f"{cell.address}, “{cell.heading}”, {against}."))
                elif against is None:
                    cells.append(CellWrite(cell.page, cell.row, cell.number, column, entry.reference, cell.old, new))
                    self._entered[cell.address, column] = new
            except NoPlace as error:
                unplaced.append(str(error))
        return Placed(entry, row, False, cells, conflicts, unplaced)

    def _against(self, cell: _Cell, column: str, new: Any) -> str | None:
        """What stands against filling a cell: None when nothing does, "" when it says the same already."""
        if (cell.address, column) in self._entered:
            same = says_the_same(self._read, column, self._entered[cell.address, column], new)
            return "" if same else "is to be given two different answers; only the first is entered"
        if cell.filled and cell.says is not None and says_the_same(self._read, column, cell.says, new):
            return ""
        if (cell.page, cell.row, cell.number) in self._room.formulas:
            return "holds a formula and was left as it is; compare the two"
        return "holds something else and was left as it is; compare the two" if cell.filled else None

    def _left_to_do(self, new: NewRow) -> list[str]:
        """What there is to do by hand about a new row."""
        row, above = new.row, self._room.last_row
        entered = {address for address, _ in self._entered}
        letters = [
            column_letters(column)
            for column in sorted(self._room.behind)
            if f"{new.sheet}!{column_letters(column)}{row}" not in entered
            and (new.sheet, row, column) not in self._room.formulas
        ]
        said = [
            f"{new.sheet}!{letter}{above} holds a formula that {new.sheet}!{letter}{row} may lack; look, and fill down "
            "in Excel."
            for letter in letters
        ]
        ends = list(self._room.ends_there)
        if ends and row == above + 1:
            more = len(ends) - MOST_NAMED
            named = [*ends[:MOST_NAMED], f"{more} more"] if more > 0 else ends
            whole = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
            said.append(
                f"The log on the sheet “{new.sheet}” ended in row {above}, and so does what {whole} took in of it; see "
                "in Excel that the new row is taken in too."
            )
        return said

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


def _is_blank(cell: Any) -> bool:
    return isinstance(cell, str) and not cell.strip()
