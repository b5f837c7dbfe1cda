"""Where each entry goes: its row, the cells that can be filled, and the cells that hold something else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from tracker_schema.columns.parsing import Cell, cleaned, is_blank
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.incidents.plan import CellWrite
from tracker_schema.layouts.layouts import DATE
from tracker_schema.layouts.record import Record
from tracker_schema.layouts.rows import Place, SheetRows
from tracker_schema.returns.entries.added_rows import AddedRow, AddedRows, left_to_do
from tracker_schema.returns.entries.cell_values import cell_value, is_same_value
from tracker_schema.returns.entries.child_rows import SAID_OF_EACH, ChildRow, add_child_rows, child_cell, in_one_row
from tracker_schema.returns.entries.entries import (
    AppendPosition,
    Conflict,
    Entry,
    EntryPlan,
    NotEntered,
    PlacedEntry,
    Value,
)

_Key = tuple[str, ...]


def plan_entries(
    tracker: Tracker,
    entries: Sequence[Entry],
    allowed: Mapping[str, Collection[str]],
    positions: Mapping[str, Sequence[AppendPosition]],
) -> EntryPlan:
    """Return the plan that makes the entries: the empty cells to fill and the rows to add.

    `allowed` are the ids of the columns that may be filled, by sheet id; a row that is added gets its reference (and
    agency, and type) all the same. `positions` are where rows can be added, by sheet id, at least one for each. Raises
    ValueError for a value in a column that is not allowed, or that this program writes itself.
    """
    _check_allowed(entries, allowed)
    sheets: dict[str, _SheetEntries] = {}
    placed: list[PlacedEntry] = []
    for entry in entries:
        if entry.sheet not in tracker.records:
            heading = tracker_schema().sheets[entry.sheet].heading
            missing = NotEntered(
                f"The tracker has no sheet “{heading}”.",
                f"Add one with its headings, or name yours in config.toml as sheets.{entry.sheet}.",
            )
            placed.append(PlacedEntry(entry, None, unplaced=(str(missing),)))
            continue
        if entry.sheet not in sheets:
            rows, records = tracker.rows.sheets[entry.sheet], tracker.records[entry.sheet]
            sheets[entry.sheet] = _SheetEntries(rows, records, positions[entry.sheet], date_1904=tracker.rows.date_1904)
        placed.append(sheets[entry.sheet].place(entry))
    cells = [cell for each in placed for cell in each.cells]
    cells.sort(key=lambda cell: (cell.sheet, cell.row, cell.number))
    added = [row for sheet in sheets.values() for row in sheet.added.rows]
    return EntryPlan((), cells, added, placed=placed)


def _check_allowed(entries: Sequence[Entry], allowed: Mapping[str, Collection[str]]) -> None:
    for entry in entries:
        columns = tracker_schema().sheets[entry.sheet].columns
        for column in {
            *entry.values,
            *entry.on_each_row,
            *(each for child in entry.children.values() for each in child),
        }:
            if column not in allowed.get(entry.sheet, ()) or columns[column].by_script:
                raise ValueError(f"{entry.sheet}.{column} may not be filled by this job")


class _Target(NamedTuple):
    """A cell that an entry may fill.

    place: where it is
    old: the cell as it was read
    value: its value; None when it is empty or cannot be read
    is_filled: it is not empty, or another row of the same incident has the value
    """

    place: Place
    old: Cell
    value: object
    is_filled: bool


class _SheetEntries:
    """The entries made on one sheet so far."""

    def __init__(
        self, rows: SheetRows, records: Sequence[Record], positions: Sequence[AppendPosition], *, date_1904: bool
    ) -> None:
        self._rows = rows
        self._date_1904 = date_1904
        self._records = records
        self._formulas = positions[0].formulas
        self._keys = rows.sheet.row_key
        self.added = AddedRows(rows, records, positions, self._keys)
        self._by_key = self._records_by_key()
        self._new: dict[_Key, AddedRow] = {}
        self._entered: dict[tuple[str, str], Value] = {}  # by address and column id

    def place(self, entry: Entry) -> PlacedEntry:
        """Return the entry with the cells it fills."""
        try:
            key = self._key(entry)
            records = self._by_key.get(key, [])
            if len(records) > 1:
                cells = " and ".join(record.address("reference") for record in records)
                problem = f"{entry.reference} has more than one row, at {cells}."
                raise NotEntered(problem, "Leave only one of them, and run again.")
            if records:
                return self._place_known(entry, records[0])
            if key in self._new:
                return self._fill_new(entry, self._new[key], entry.values)
            if not entry.new_row:
                raise self._no_row(entry)
            self._new[key] = self.added.add(entry)
        except NotEntered as error:
            return PlacedEntry(entry, None, unplaced=(str(error),))
        return self._place_new(entry, self._new[key])

    def _place_new(self, entry: Entry, added: AddedRow) -> PlacedEntry:
        """Return the entry on a row that was added; where its other children can have none, on that row alone."""
        values: Mapping[str, Value | None] = entry.values
        as_text: Collection[str] = ()
        children: Sequence[ChildRow] = ()
        unplaced: list[str] = []
        try:
            children = add_child_rows(self.added, self._rows, entry, added.page)
        except NotEntered as error:
            values, as_text = in_one_row(entry, self._rows.sheet.columns)
            unplaced = [f"{error} {self._until_then()}"]
        words = {} if added.in_advance else self._words(entry)
        placed = self._fill_new(entry, added, words | {**values}, as_text)
        by_hand = left_to_do(added, [address for address, _ in self._entered])
        whole = [*self.added.type_of(entry, added), *placed.cells]
        if children:
            whole += child_cell(added, entry, 1)
        placed = replace(placed, is_new=not added.in_advance, cells=whole, by_hand=by_hand)
        return replace(placed, unplaced=[*placed.unplaced, *unplaced]).joined(map(self._place_child, children))

    def _place_known(self, entry: Entry, record: Record) -> PlacedEntry:
        """Return the entry on the row of an incident that the log has, and on those of its children."""
        known = record.children if isinstance(record, Incident) else []
        of_known = {number: values for number, values in entry.children.items() if number <= len(known)}
        new = {number: values for number, values in entry.children.items() if number > len(known)}
        page, _ = record.sheet.lines(record.position)[0]
        try:
            children = add_child_rows(self.added, self._rows, replace(entry, children=new), page, len(known))
        except NotEntered as error:
            return self._place_in_one_row(entry, record, error)
        placed = self._fill_existing(entry, record)
        others = [
            self._fill_existing(replace(entry, values=values), known[number - 1]) for number, values in of_known.items()
        ]
        return placed.joined([*others, *map(self._place_child, children)])

    def _place_in_one_row(self, entry: Entry, record: Record, no_row: NotEntered) -> PlacedEntry:
        """Return the entry on the one row of its incident, so that the row has an error until each child has a row.

        Raises NotEntered, and enters nothing, when the cell that would have the error holds something else.
        """
        outcome = record.sheet.cell_for(SAID_OF_EACH, record.position)
        if outcome is None or (isinstance(record, Incident) and len(record.children) > 1):
            raise no_row
        values, as_text = in_one_row(entry, self._rows.sheet.columns)
        if not is_blank(outcome.cell) and outcome.cell != values[SAID_OF_EACH]:
            raise NotEntered(
                f"{no_row.problem} {outcome.address}, “{outcome.heading}”, speaks of one child only.", no_row.remedy
            )
        placed = self._fill_existing(replace(entry, values=values), record, as_text)
        return replace(placed, unplaced=[*placed.unplaced, f"{no_row} {self._until_then()}"])

    def _until_then(self) -> str:
        return f"Until then, “{self._rows.heading(SAID_OF_EACH)}” in its row cannot be read."

    def _place_child(self, child: ChildRow) -> PlacedEntry:
        """Return what goes into the row that was added for one child."""
        placed = self._fill_new(child.entry, child.added, {**self._words(child.entry), **child.entry.values})
        by_hand = left_to_do(child.added, [address for address, _ in self._entered])
        cells = [*self.added.type_of(child.entry, child.added), *placed.cells]
        cells += child_cell(child.added, child.entry, child.number)
        return replace(placed, cells=cells, by_hand=by_hand)

    def _records_by_key(self) -> dict[_Key, list[Record]]:
        by_key: dict[_Key, list[Record]] = {}
        for record in self._records:
            words = [record.text(column) for column in self._keys]
            if all(words):
                by_key.setdefault(_key_of(words), []).append(record)
        if len(self._keys) == 1:
            for reference, position in self._rows.also_called.items():
                by_key.setdefault((reference,), []).append(self._records[position])
        return by_key

    def _key(self, entry: Entry) -> _Key:
        words = self._words(entry)
        for column, word in words.items():
            if not word:
                raise NotEntered(f"The entry for the sheet “{self._rows.name}” has no {column}.")
            if column not in self._rows.numbers:
                raise self._no_column(column)
        return _key_of(words.values())

    def _words(self, entry: Entry) -> dict[str, str]:
        """Return what tells the entry's row from others, by column id."""
        words = {"reference": cleaned(entry.reference), "agency": cleaned(entry.agency or "")}
        return {column: words.get(column, "") for column in self._keys}

    def _fill_existing(self, entry: Entry, record: Record, as_text: Collection[str] = ()) -> PlacedEntry:
        """Return the entry on the row, or rows, of a record; the columns in `as_text` are given a text."""

        def target(column: str, new: Value) -> _Target | None:
            place = record.sheet.cell_for(column, record.position)
            if place is None:
                raise self._no_column(column)
            if self._is_filled_for_each_child(entry, column, record, new):
                return None
            value = None if column in record.unreadable else record[column]
            if column in as_text:
                value = place.cell
            return _Target(place, place.cell, value, record.is_filled(column) or not is_blank(place.cell))

        return self._fill(entry, record.row, target, entry.values, as_text)

    def _is_filled_for_each_child(self, entry: Entry, column: str, record: Record, new: Value) -> bool:
        """Return True if each of the incident's several children has the value already.

        Raises NotEntered when they have not, and when each row of the incident has such a cell of its own.
        """
        schema = self._rows.sheet.columns[column]
        children = record.children if isinstance(record, Incident) else [record]
        of_rows = schema.of_several_rows == "every" and len(record.sheet.lines(record.position)) > 1
        if not of_rows and not (schema.of_each_child and len(children) > 1):
            return False
        filled = (child.is_filled(column) for child in children)
        same = (is_same_value(self._rows, column, child[column], new) for child in children)
        if not of_rows and all(filled) and all(same):
            return True
        each = "row" if of_rows else "child"
        problem = (
            f"“{self._rows.heading(column)}” is filled in for each {each} of {entry.reference}, which has several."
        )
        raise NotEntered(problem, "Enter it by hand.")

    def _fill_new(
        self, entry: Entry, added: AddedRow, values: Mapping[str, Value | None], as_text: Collection[str] = ()
    ) -> PlacedEntry:
        """Return the entry on a row that is added; the columns in `as_text` are given a text, whatever they hold."""
        page = added.page

        def target(column: str, _new: Value) -> _Target:
            under = DATE if column == added.date_column and DATE in page.numbers else column
            if under not in page.numbers:
                raise self._no_column(column)
            place = Place(page, added.row.row, page.numbers[under], page.heading(under))
            return _Target(place, "", None, is_filled=False)

        return replace(self._fill(entry, added.row.row, target, values, as_text), is_new=True)

    def _fill(
        self,
        entry: Entry,
        row: int,
        target: Callable[[str, Value], _Target | None],
        values: Mapping[str, Value | None],
        as_text: Collection[str] = (),
    ) -> PlacedEntry:
        cells: list[CellWrite] = []
        conflicts: list[Conflict] = []
        unplaced: list[str] = []
        for column, value in values.items():
            if value is None or (isinstance(value, str) and not cleaned(value)):
                continue
            try:
                heading = self._rows.heading(column)
                as_it_is = column in as_text
                new = value if as_it_is else cell_value(self._rows, column, value, heading, date_1904=self._date_1904)
                cell = target(column, new)
                if cell is None or self._holds_already(cell, column, new):
                    continue
                place = cell.place
                if conflict := self._conflict(cell, column):
                    message = f"{place.address}, “{place.heading}”, {conflict}"
                    conflicts.append(Conflict(place.address, column, message))
                else:
                    write = CellWrite(place.page.name, place.row, place.number, column, entry.reference, cell.old, new)
                    cells.append(write)
                    self._entered[place.address, column] = new
            except NotEntered as error:
                unplaced.append(str(error))
        return PlacedEntry(entry, row, cells=cells, conflicts=conflicts, unplaced=unplaced)

    def _holds_already(self, cell: _Target, column: str, new: Value) -> bool:
        """Return True if the cell has the value, or an earlier entry gives it the value."""
        value = self._entered.get((cell.place.address, column), cell.value if cell.is_filled else None)
        return value is not None and is_same_value(self._rows, column, value, new)

    def _conflict(self, cell: _Target, column: str) -> str:
        """Return why the cell is not filled, as the rest of a sentence and a remedy; "" when it is."""
        place = cell.place
        if (place.address, column) in self._entered:
            return "was given two different answers. Only the first is entered."
        if (place.page.name, place.row, place.number) in self._formulas:
            return "holds a formula and was not changed. Compare the two."
        return "holds something else and was not changed. Compare the two." if cell.is_filled else ""

    def _no_column(self, column: str) -> NotEntered:
        # By its own heading: in a log with a row for each notification the dates of all types are in one column.
        heading = self._rows.sheet.columns[column].heading
        return NotEntered(
            f"The sheet “{self._rows.name}” has no column “{heading}”.",
            f"Add that heading, or name yours in config.toml as columns.{self._rows.sheet.id}.{column}.",
        )

    def _no_row(self, entry: Entry) -> NotEntered:
        whose = f"{entry.reference} and that agency" if "agency" in self._keys else entry.reference
        return NotEntered(f"The sheet “{self._rows.name}” has no row for {whose}.", "Correct one of the two.")


def _key_of(words: Iterable[str]) -> _Key:
    return tuple(word.casefold() for word in words)
