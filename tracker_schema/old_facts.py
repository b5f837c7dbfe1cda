"""What the old engine needs of a sheet as arrays of numpy. To be deleted with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker_schema.columns.column_values import read_column
from tracker_schema.columns.parsing import Cell, Fault
from tracker_schema.columns.problems import Problem, Severity
from tracker_schema.columns.schema import Column
from tracker_schema.layouts.layouts import NotificationType
from tracker_schema.layouts.rows import SheetRows

Mask = npt.NDArray[np.bool_]

_NO_DAY = int(np.datetime64("NaT", "D").astype(np.int64))
_DAY_ZERO = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, eq=False)
class ParsedColumn:
    """A column's cells as values.

    `values` is datetime64[D] for a date column (NaT: none), else an object array of str (None: none). `filled`
    tells which cells hold anything, `unreadable` which of those hold no value. `faults` is by row position.
    """

    values: npt.NDArray[Any]
    filled: Mask
    unreadable: Mask
    faults: Mapping[int, Fault] = field(default_factory=dict)


def parse_column(
    column: Column,
    cells: Sequence[Cell],
    synonyms: Mapping[str, Sequence[str]],
    own_words: Mapping[str, str],
    *,
    date_1904: bool,
) -> ParsedColumn:
    """Return what `read_column` gives, as arrays."""
    read = read_column(column, cells, synonyms, own_words, date_1904=date_1904)
    if column.type == "date":
        days = [value.toordinal() - _DAY_ZERO if isinstance(value, dt.date) else _NO_DAY for value in read.values]
        values: npt.NDArray[Any] = np.array(days, dtype=np.int64).view("datetime64[D]")
    else:
        values = np.array(read.values, dtype=object)
    unreadable = np.zeros(len(cells), bool)
    unreadable[[position for position, fault in read.faults.items() if fault.blocking]] = True
    has_value = np.fromiter(map(bool, read.values), bool, len(read.values))
    return ParsedColumn(values, has_value | unreadable, unreadable, read.faults)


class Facts:
    """What a sheet says, column by column, each read once and when it is first asked for."""

    def __init__(self, read: SheetRows, synonyms: Mapping[str, Sequence[str]], *, date_1904: bool = False) -> None:
        self.read = read
        self._synonyms = synonyms
        self._date_1904 = date_1904
        self._parsed: dict[str, ParsedColumn] = {}
        self._children: Facts | None = None

    def __len__(self) -> int:
        return len(self.read)

    def has(self, column: str) -> bool:
        """Whether the sheet has the column at all."""
        return column in self.read.numbers

    def column(self, column: str) -> ParsedColumn:
        """The column's values; one that the sheet does not have is empty on every row."""
        if column not in self._parsed:
            schema = self.read.sheet.columns[column]
            self._parsed[column] = self._read(schema, self.read.cells_in(column))
        return self._parsed[column]

    def _read(self, column: Column, cells: Sequence[object]) -> ParsedColumn:
        own_words = self.read.own_words.get(column.id, {})
        return parse_column(column, cells, self._synonyms, own_words, date_1904=self._date_1904)

    @property
    def children(self) -> Facts:
        """The same facts with a row for each child; these themselves where no incident has several."""
        if self.read.children is None:
            return self
        if self._children is None:
            self._children = Facts(self.read.children, self._synonyms, date_1904=self._date_1904)
        return self._children

    @property
    def children_per_incident(self) -> list[int]:
        """How many children each row is about."""
        counts: list[int] = np.bincount(self.children.incident_of, minlength=len(self)).tolist()
        return counts

    def of_every_child(self, mask: Mask) -> Mask:
        """Where `mask` holds for every child of the incident; the facts have a row for each child."""
        incidents = self.incident_of
        every = np.ones(len(self), bool)
        np.logical_and.at(every, incidents, mask)
        return every[incidents]

    @cached_property
    def closed(self) -> Mask:
        """On which rows the incident is closed: it says when, or stands where, or as, what is closed does."""
        closed = self.column("closed")
        mask: Mask = closed.filled & ~closed.unreadable | np.array(self.read.counted_closed, bool)
        return mask

    @cached_property
    def incident_of(self) -> npt.NDArray[np.int64]:
        """The incident that each row is about."""
        return np.array(self.read.incident_of, np.int64)

    def filled(self, column: str) -> Mask:
        """On which rows the column holds anything, readable or not."""
        return self.column(column).filled

    def is_one_of(self, column: str, *choices: str) -> Mask:
        """On which rows the column holds one of `choices`."""
        return np.isin(self.column(column).values, choices) if choices else np.zeros(len(self), bool)


class Findings:
    """The problems found on one sheet so far. Its `facts` have a row for each child; what is said of an incident with
    several is noted once.
    """

    def __init__(self, facts: Facts, stopped: Mapping[str, Mask]) -> None:
        self.facts = facts
        self.problems: list[Problem] = []
        self._stopped = stopped
        self._incidents = facts.read.incident_of
        self._noted: set[tuple[str, str, str]] = set()

    def add(
        self,
        code: str,
        column: str,
        where: Mask | Iterable[int],
        says: str | Callable[[int], str],
        *,
        stops: bool = False,
    ) -> None:
        """Note `code` for `column` on the rows `where` (a mask, or positions). `says` is the sentence after the
        heading, or gives it for a position. With `stops` it is an error where a clock cannot be told for it.
        """
        positions = np.flatnonzero(where).tolist() if isinstance(where, np.ndarray) else where
        stopped = self._stopped.get(column) if stops else None
        for position in positions:
            sentence = says if isinstance(says, str) else says(position)
            place = self.facts.read.place(column, position)
            message = f"“{place.heading}” {sentence}{'' if sentence.endswith('?') else '.'}"
            noted = (code, place.address, message)
            if noted not in self._noted:
                self._noted.add(noted)
                severity: Severity = "error" if stopped is not None and stopped[position] else "warning"
                incident = self._incidents[position]
                self.problems.append(
                    Problem(code, severity, place.address, message, "", place.row, column, place.heading, incident)
                )

    def add_about_headings(self, code: str, severity: Severity, cell: str, message: str, column: str | None) -> None:
        """Note something about the sheet's headings."""
        self.problems.append(Problem(code, severity, cell, message, column=column))


def made_on(facts: Facts, kind: NotificationType) -> npt.NDArray[np.datetime64]:
    """When a notification of that kind was made for each row (datetime64[D]; NaT: not made, or no date that can be
    read). A death that is told to both the Panel and Ofsted counts once, on the earlier day: one form serves both.
    """
    dates: npt.NDArray[np.datetime64] = facts.column(kind.made[0]).values
    for column in kind.made[1:]:
        dates = np.fmin(dates, facts.column(column).values)
    return dates
