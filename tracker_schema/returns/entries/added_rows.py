"""The rows that entries add below a log: on which worksheet, where on it, and what a person has to do about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from tracker_schema.incidents.plan import CellWrite, NewRow
from tracker_schema.layouts.layouts import TYPE
from tracker_schema.layouts.record import Record
from tracker_schema.layouts.rows import SheetRows, column_letters
from tracker_schema.returns.entries.cell_values import own_word
from tracker_schema.returns.entries.entries import AppendPosition, Entry, NotEntered
from tracker_schema.wording import sentence

MOST_NAMED = 5
"""How many of the cells and the like that a person should look at are named in one sentence."""


class AddedRow(NamedTuple):
    """A row that is added.

    row: the row in the plan
    position: where rows are added
    page: the worksheet
    date_column: in a log with a row for each notification, the column id as which the row's date is read
    in_advance: the row is there already, and holds the reference alone
    """

    row: NewRow
    position: AppendPosition
    page: SheetRows
    date_column: str | None
    in_advance: bool = False


class AddedRows:
    """The rows that entries add to one sheet; `rows` are those so far."""

    def __init__(
        self,
        sheet: SheetRows,
        records: Sequence[Record],
        positions: Sequence[AppendPosition],
        keys: Sequence[str],
    ) -> None:
        """`records` are those of the sheet, `keys` the ids of the columns that tell one row from another."""
        self.rows: list[NewRow] = []
        self._sheet = sheet
        self._records = records
        self._positions = positions
        self._keys = keys

    def add(self, entry: Entry) -> AddedRow:
        """Add a row for the entry below the log, and return it; or the row in which its reference is typed in advance.

        Raises NotEntered when there can be none.
        """
        self._check_keys(entry)
        return self._in_advance(entry) or self.add_below(entry)

    def add_below(self, entry: Entry) -> AddedRow:
        """Add a row for the entry below the log, and return it. Raises NotEntered when there can be none."""
        position, date_column = self._position_for(entry)
        if position.refusal:
            raise _add_by_hand(position.refusal, entry)
        taken = sum(row.sheet == position.page for row in self.rows)
        if taken >= position.free:
            raise NotEntered(
                f"{position.obstacle} is not empty, so no row can be added below the log.",
                f"Insert empty rows in Excel below row {position.last_row}, and run again.",
            )
        row = position.last_row + 1 + taken
        self.rows.append(NewRow(position.page, row, position.like, position.first, position.last, entry.reference))
        page = next(page for page in self._sheet.pages if page.name == position.page)
        return AddedRow(self.rows[-1], position, page, date_column)

    def _in_advance(self, entry: Entry) -> AddedRow | None:
        """Return the row in which the entry's reference is typed in advance, None when there is none."""
        for position in self._positions:
            if row := position.in_advance.get(entry.reference.casefold()):
                new = NewRow(position.page, row, None, position.first, position.last, entry.reference)
                page = next(page for page in self._sheet.pages if page.name == position.page)
                date_column = next((column for column in position.types if entry.values.get(column)), None)
                return AddedRow(new, position, page, date_column, in_advance=True)
        return None

    def _check_keys(self, entry: Entry) -> None:
        for column in self._keys:
            for record in self._records:
                if column in record.unreadable:
                    raise NotEntered(
                        f"{record.address(column)} cannot be read, so it is not known whether {entry.reference} is in "
                        "the tracker already.",
                        "Correct that cell, and run again.",
                    )

    def position_on(self, page: SheetRows) -> AppendPosition:
        """Return where rows are added on a worksheet, or else on the first on which they are."""
        return next((position for position in self._positions if position.page == page.name), self._positions[0])

    def _position_for(self, entry: Entry) -> tuple[AppendPosition, str | None]:
        """Return where a row for the entry goes, and the column id as which its date of notification is read."""
        for position in self._positions:
            if not position.types:
                return position, None
            for date_column in position.types:
                if entry.values.get(date_column):
                    return position, date_column
        raise _add_by_hand("The log has a row for each notification", entry)

    def type_of(self, entry: Entry, added: AddedRow) -> list[CellWrite]:
        """Return the cell with the type of notification of a new row, in the council's own word, if there is one."""
        if added.date_column is None or TYPE not in added.page.numbers:
            return []
        name = own_word(self._sheet, TYPE, added.position.types[added.date_column])
        row = added.row
        return [CellWrite(row.sheet, row.row, added.page.numbers[TYPE], TYPE, entry.reference, "", name)]


def left_to_do(added: AddedRow, entered: Collection[str]) -> list[str]:
    """Return what a person has to do about a new row, in sentences; `entered` are the addresses of its filled cells."""
    new, position = added.row, added.position
    if added.in_advance:
        return []
    sentences = []
    for column in sorted(position.not_carried_down):
        above, cell = (f"{new.sheet}!{column_letters(column)}{row}" for row in (position.like, new.row))
        if cell not in entered and (new.sheet, new.row, column) not in position.formulas:
            sentences.append(f"{above} holds a formula that {cell} may lack. If it does, fill it down in Excel.")
    ends = list(position.ends_there)
    if ends and new.row == position.last_row + 1:
        more = len(ends) - MOST_NAMED
        named = [*ends[:MOST_NAMED], f"{more} more"] if more > 0 else ends
        whole = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
        stops, it = ("stops", "it") if len(named) == 1 else ("stop", "them")
        where = f"row {position.last_row} of the sheet “{new.sheet}”"
        sentences.append(f"{sentence(whole)} {stops} at {where}. Extend {it} in Excel to include the new row.")
    if position.unreadable and new.row == position.last_row + 1:
        sentences += [
            f"{sentence(rule)} on the sheet “{new.sheet}” was not extended to the new row, because its "
            "range cannot be read. Correct it in Excel."
            for rule in position.unreadable[:MOST_NAMED]
        ]
    return sentences


def _add_by_hand(reason: str, entry: Entry) -> NotEntered:
    return NotEntered(
        f"{reason}, so no row can be added for {entry.reference}.",
        f"Please add a row for {entry.reference} yourself, then run again to fill it in.",
    )
