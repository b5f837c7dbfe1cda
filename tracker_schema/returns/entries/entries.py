"""What a job enters into the tracker for people: into empty cells of theirs, and in new rows.

The caller names the columns that may be filled; no other is touched. A cell that is not empty is never overwritten:
when a form says something else, that is a conflict, which a person settles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from tracker_schema.errors import TrackerError
from tracker_schema.incidents.plan import CellWrite, Plan

Value = str | dt.date


class NotEntered(TrackerError):
    """Something cannot be entered; `problem` and `remedy` say why. It stops no job: the other entries are made."""


@dataclass(frozen=True, eq=False)
class Entry:
    """What is to be entered on one row of a sheet.

    sheet: the sheet's id
    reference: the reference of the row
    values: by column id, a text, a choice or a date; None and an empty text enter nothing
    agency: on the Scoping sheet, the agency of the row
    new_row: a row is added when the sheet has none for the entry
    children: what is to be entered of single children of the incident, by their number in the tracker; for one that
        the tracker does not have, a row is added
    on_each_row: what such a row says besides
    """

    sheet: str
    reference: str
    values: Mapping[str, Value | None] = field(repr=False)
    agency: str | None = None
    new_row: bool = False
    children: Mapping[int, Mapping[str, Value | None]] = field(default_factory=dict, repr=False)
    on_each_row: Mapping[str, Value | None] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class ChildStyle:
    """How the rows of a log say which child of an incident they are about.

    column: the number of the column for the child's number; None when the references end in it
    before, after: what is before and after the child in a reference
    letters: a letter of a child, when the children have letters; "" for numbers
    same_days: the columns of the days that such rows must have, and the same ones, to be read as one incident
    """

    column: int | None = None
    before: str = "/"
    after: str = ""
    letters: str = ""
    same_days: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AppendPosition:
    """Where new rows of a log go, on one worksheet.

    page: the worksheet's name
    last_row: the last row of the log; new rows go right below it
    free: how many rows below it are empty in the columns of the log
    first, last: the numbers of the log's first and last column
    obstacle: the address of the first cell below the free rows
    types: in a log with a row for each notification, the types that go on this worksheet, by the column id of their
        date; empty when the log has a row for each incident
    like: the row whose formats a new one takes; None when there is none
    in_advance: the rows that have nothing but a reference, typed in advance, by the reference in small letters
    children: how a row says which child it is about; None when it cannot
    refusal: why no row can be added, as the beginning of a sentence; None when one can
    formulas: the cells with a formula, on any worksheet of the log: worksheet, row, column
    not_carried_down: the columns whose formula in the last row does not go into a new one
    ends_there: what covers the log down to its last row only, in words: a cell, a name, a chart
    unreadable: drop-downs and conditional formats, in words, that cannot reach new rows: their range cannot be read
    """

    page: str
    last_row: int
    free: int
    first: int
    last: int
    obstacle: str = ""
    types: Mapping[str, str] = field(default_factory=dict)
    like: int | None = None
    in_advance: Mapping[str, int] = field(default_factory=dict)
    children: ChildStyle | None = None
    refusal: str | None = None
    formulas: Collection[tuple[str, int, int]] = field(default=frozenset(), repr=False)
    not_carried_down: Collection[int] = field(default=frozenset(), repr=False)
    ends_there: Sequence[str] = ()
    unreadable: Sequence[str] = ()


@dataclass(frozen=True)
class Conflict:
    """A cell that was not filled because it is not empty.

    cell: its address
    column: the column's id
    message: what it holds, and what to do
    """

    cell: str
    column: str
    message: str


@dataclass(frozen=True, eq=False)
class PlacedEntry:
    """One entry, and what the plan does with it. What its cells hold already is in none of the lists.

    entry: the entry
    row: its row in the worksheet; None when it has none
    is_new: the row is added
    cells: the cells that are filled
    conflicts: the cells that hold something else
    unplaced: why something cannot be entered, in sentences
    by_hand: what a person has still to do in Excel, in sentences
    """

    entry: Entry
    row: int | None
    is_new: bool = False
    cells: Sequence[CellWrite] = ()
    conflicts: Sequence[Conflict] = ()
    unplaced: Sequence[str] = ()
    by_hand: Sequence[str] = ()

    def joined(self, others: Iterable[PlacedEntry]) -> PlacedEntry:
        """Return one entry with what is placed on its row and, in `others`, on the rows of single children."""
        every = (self, *others)
        return replace(
            self,
            cells=[cell for each in every for cell in each.cells],
            conflicts=[conflict for each in every for conflict in each.conflicts],
            unplaced=[sentence for each in every for sentence in each.unplaced],
            by_hand=[sentence for each in every for sentence in each.by_hand],
        )


@dataclass(frozen=True, eq=False)
class EntryPlan(Plan):
    """The plan that makes entries; `placed` are the entries in their order."""

    peoples: ClassVar[bool] = True

    placed: Sequence[PlacedEntry] = ()
