"""What the workbook says of one thing: an incident, a child, a scoping return or an action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tracker_schema.columns.parsing import Fault
from tracker_schema.layouts.rows import Place, SheetRows

Value = str | dt.date | int | None


class Record:
    """The facts of one thing, by column id.

    sheet         the rows of the workbook that it was read from
    position      which of these rows it is, counted from 0
    values        every cell that is filled in and can be read: a text, a choice or a date
    unreadable    the fault of every cell that is filled in and cannot be read
    worked_out    what our own columns are to say; None for an empty cell
    """

    __slots__ = ("position", "sheet", "unreadable", "values", "worked_out")

    def __init__(
        self, sheet: SheetRows, position: int, values: Mapping[str, Value], unreadable: Mapping[str, Fault]
    ) -> None:
        self.sheet = sheet
        self.position = position
        self.values = values
        self.unreadable = unreadable
        self.worked_out: dict[str, Value] = {}

    def __getitem__(self, column: str) -> Value:
        """Return what the column says: None when the cell is empty, cannot be read, or the sheet has no such column.

        One of our own columns says what was worked out, whatever the file still holds.
        """
        if column in self.worked_out:
            return self.worked_out[column]
        return self.values.get(column)

    def get(self, column: str, default: Value = None) -> Value:
        """Return what the column says, or `default` when it says nothing."""
        value = self[column]
        return default if value is None else value

    def date(self, column: str) -> dt.date | None:
        """Return the date in the column, None when there is none that can be read."""
        value = self.values.get(column)
        return value if value is None or isinstance(value, dt.date) else None

    def text(self, column: str) -> str:
        """Return the text in the column on one line, "" when there is none."""
        value = self[column]
        return value if isinstance(value, str) else ""

    def is_filled(self, column: str) -> bool:
        """Return whether the cell holds anything, readable or not."""
        return column in self.values or column in self.unreadable

    def as_typed(self, column: str) -> Value:
        """Return what the column says, a free text with the line breaks that the person typed."""
        if column in self.worked_out:
            return self.worked_out[column]
        typed = self.sheet.text_as_typed(column, self.position)
        return self[column] if typed is None else typed

    def has_column(self, column: str) -> bool:
        """Return whether the workbook has the column at all."""
        return column in self.sheet.numbers

    def heading(self, column: str) -> str:
        """Return the heading of the column in this workbook, or the usual one where the workbook has none."""
        return self.sheet.heading(column)

    def place(self, column: str) -> Place:
        """Return the cell that holds the fact, or is to hold it.

        Raises KeyError when the workbook has no such column.
        """
        return self.sheet.place(column, self.position)

    def address(self, column: str) -> str:
        """Return where that cell is, such as “Incidents!K5”. Raises KeyError when the workbook has no such column."""
        return self.place(column).address

    @property
    def row(self) -> int:
        """The number of its (first) row in the worksheet."""
        return self.sheet.rows[self.position]

    @property
    def reference(self) -> str:
        """The reference in its row, "" where it has none that can be read."""
        return self.text("reference")
