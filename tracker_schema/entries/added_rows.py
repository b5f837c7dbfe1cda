"""The rows that entries add below a log: on which worksheet, where there, and what is left to do about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from tracker_schema.assessment.plan import CellWrite, NewRow
from tracker_schema.entries.cell_values import NoPlace, own_word
from tracker_schema.entries.entries import Entry, Room
from tracker_schema.layouts.layouts import TYPE
from tracker_schema.layouts.rows import SheetRows, column_letters
from tracker_schema.old_facts import Facts

MOST_NAMED = 5
"""So many of the cells and the like that need a person's eye are named in one sentence."""

_ADD_IT = "a row for {} is for you to add where it belongs; run again then, and the rest of it is filled in."


class Added(NamedTuple):
    """A row that is added, where, and which column its notification's date is read as, where it is one of several."""

    row: NewRow
    room: Room
    page: SheetRows
    dated: str | None


class AddedRows:
    """The rows that entries add to one sheet."""

    def __init__(self, facts: Facts, rooms: Sequence[Room], keys: Sequence[str]) -> None:
        """`keys` are the columns that tell one row from another."""
        self.rows: list[NewRow] = []
        self._facts = facts
        self._read = facts.read
        self._rooms = rooms
        self._keys = keys

    def add(self, entry: Entry) -> Added:
        """A row for the entry below the log. Raises NoPlace when there can be none."""
        for column in self._keys:
            for position in np.flatnonzero(self._facts.column(column).unreadable)[:1].tolist():
                raise NoPlace(
                    f"{self._read.address(column, position)} cannot be read, so it cannot be told whether "
                    f"{entry.reference} is in the tracker already; mend that cell, and run again."
                )
        room, dated = self._room_for(entry)
        if room.refusal:
            raise NoPlace(f"{room.refusal}, so that {_ADD_IT.format(entry.reference)}")
        taken = sum(row.sheet == room.page for row in self.rows)
        if taken >= room.free:
            raise NoPlace(
                f"{room.obstacle} is not empty, so that no row can be added below the log; insert empty rows in Excel "
                f"below row {room.last_row}, and run again."
            )
        row = room.last_row + 1 + taken
        self.rows.append(NewRow(room.page, row, room.like, room.first, room.last, entry.reference))
        page = next(page for page in self._read.pages if page.name == room.page)
        return Added(self.rows[-1], room, page, dated)

    def _room_for(self, entry: Entry) -> tuple[Room, str | None]:
        """Where a row for the entry goes; and in a log with a row for each notification, the column of its date."""
        for room in self._rooms:
            if not room.types:
                return room, None
            for dated in room.types:
                if entry.values.get(dated):
                    return room, dated
        raise NoPlace(f"The log has a row for each notification, so that {_ADD_IT.format(entry.reference)}")

    def type_of(self, entry: Entry, added: Added) -> list[CellWrite]:
        """Which notification a new row is, where a column says so: in the council's own word, if it has one for it."""
        if added.dated is None or TYPE not in added.page.numbers:
            return []
        name = own_word(self._read, TYPE, added.room.types[added.dated])
        row = added.row
        return [CellWrite(row.sheet, row.row, added.page.numbers[TYPE], TYPE, entry.reference, "", name)]

    def left_to_do(self, added: Added, entered: Collection[str]) -> list[str]:
        """What there is to do by hand about a row that was added and whose cells `entered` were filled."""
        new, room = added.row, added.room
        row, above = new.row, room.last_row
        letters = [
            column_letters(column)
            for column in sorted(room.behind)
            if f"{new.sheet}!{column_letters(column)}{row}" not in entered
            and (new.sheet, row, column) not in room.formulas
        ]
        said = [
            f"{new.sheet}!{letter}{above} holds a formula that {new.sheet}!{letter}{row} may lack; look, and fill down "
            "in Excel."
            for letter in letters
        ]
        ends = list(room.ends_there)
        if ends and row == above + 1:
            more = len(ends) - MOST_NAMED
            named = [*ends[:MOST_NAMED], f"{more} more"] if more > 0 else ends
            whole = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
            said.append(
                f"The log on the sheet “{new.sheet}” ended in row {above}, and so does what {whole} took in of it; see "
                "in Excel that the new row is taken in too."
            )
        return said
