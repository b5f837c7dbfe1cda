"""Where each entry goes: which row is whose, which cell is free, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from tracker_schema.assessment.plan import CellWrite
from tracker_schema.columns.parsing import cleaned
from tracker_schema.columns.schema import SCOPING, tracker_schema
from tracker_schema.entries.added_rows import Added, AddedRows
from tracker_schema.entries.cell_values import NoPlace, meant, plain_value, says_the_same
from tracker_schema.entries.entries import Conflict, Entry, EntryPlan, Placed, Room, Value
from tracker_schema.layouts.layouts import DATE
from tracker_schema.layouts.rows import column_letters
from tracker_schema.old_assessment import Assessment
from tracker_schema.old_facts import Facts

_Key = tuple[str, ...]

# What tells one row from another.
_KEYS = {SCOPING: ("reference", "agency")}


def plan_entries(
    assessment: Assessment,
    entries: Sequence[Entry],
    allowed: Mapping[str, Collection[str]],
    rooms: Mapping[str, Sequence[Room]],
) -> EntryPlan:
    """The empty cells to fill and the rows to add so that the tracker says what the entries do.

    `allowed` names the columns that may be filled, by sheet id; a row that is added gets its reference (and agency, and
    type) all the same. `rooms` says by sheet id where rows can go, of which there is one at least. Raises ValueError
    for a value in a column that is not among them, or is one of ours.
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
    return EntryPlan((), cells, [row for sheet in sheets.values() for row in sheet.added.rows], placed)


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

    def __init__(self, facts: Facts, rooms: Sequence[Room]) -> None:
        self._facts = facts
        self._read = facts.read
        self._formulas = rooms[0].formulas
        self._keys = _KEYS.get(self._read.sheet.id, ("reference",))
        self.added = AddedRows(facts, rooms, self._keys)
        self._positions = self._positions_by_key()
        self._added: dict[_Key, Added] = {}
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
            self._added[key] = self.added.add(entry)
        except NoPlace as error:
            return Placed(entry, None, False, (), (), (str(error),))
        added = self._added[key]
        placed = self._fill_new(entry, added, dict(zip(self._keys, _words(entry), strict=False)) | {**entry.values})
        entered = [address for address, _ in self._entered]
        by_hand = self.added.left_to_do(added, entered)
        return replace(placed, cells=[*self.added.type_of(entry, added), *placed.cells], by_hand=by_hand)

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
            old = place.page.cells[held][place.page.rows.index(place.row)]
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
        rows = np.flatnonzero(self._facts.children.incident_of == position)
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

    def _fill_new(self, entry: Entry, added: Added, values: Mapping[str, Value | None]) -> Placed:
        """The entry on a row that is not there yet."""
        page, row = added.page, added.row

        def cell_of(column: str, _new: Any) -> _Cell:
            held = DATE if column == added.dated and DATE in page.numbers else column
            if held not in page.numbers:
                raise NoPlace(self._says_no_column(column))
            return _Cell(row.sheet, row.row, page.numbers[held], page.heading(held), "", None, filled=False)

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
        if (cell.page, cell.row, cell.number) in self._formulas:
            return "holds a formula and was left as it is; compare the two"
        return "holds something else and was left as it is; compare the two" if cell.filled else None

    def _says_no_column(self, column: str) -> str:
        # By its own heading: in a log with a row for each notification the dates of all types stand in one column.
        heading = self._read.sheet.columns[column].heading
        return (
            f"The sheet “{self._read.name}” has no column “{heading}”; add that heading, or name "
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
