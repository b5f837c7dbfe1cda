"""What a job enters into the tracker by people's leave: into empty cells of theirs, and in rows of its own making.

The caller names the columns that it may fill; no other is touched. A cell in which something stands is never written
over: what a form says differently is named as a conflict, for a person to settle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from tracker_schema.assessment.plan import CellWrite, Plan

Value = str | dt.date


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


@dataclass(frozen=True, kw_only=True)
class Room:
    """Where the next rows of a sheet go: on the worksheet `page` below `last_row`, where `free` rows hold nothing from
    the `first` to the `last` of the log's columns.

    `types` says of a log with a row for each notification, by the column as which the date of one is read, which types
    go on that worksheet (none: the log has a row for each incident). `obstacle` is the cell that stands below those
    rows (None: none does), `like` the row whose looks a new one takes (None: the log is empty), `refusal` the beginning
    of a sentence that says why a row is for a person to add (None: it is not). `formulas` are the cells with a formula,
    whatever it shows, as (worksheet, row, column), `behind` the columns whose formula in the last row does not go into
    a new one, and `ends_there` what reads the log down to that row only, in words: a cell, a name, a chart.
    """

    page: str
    last_row: int
    free: int
    first: int
    last: int
    types: Mapping[str, str] = field(default_factory=dict)
    like: int | None = None
    obstacle: str | None = None
    refusal: str | None = None
    formulas: Collection[tuple[str, int, int]] = field(default=frozenset(), repr=False)
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


@dataclass(frozen=True, eq=False)
class EntryPlan(Plan):
    """The plan that carries out entries, and what becomes of each of them, in their order."""

    peoples: ClassVar[bool] = True

    placed: Sequence[Placed] = ()
