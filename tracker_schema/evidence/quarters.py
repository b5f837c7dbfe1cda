"""Quarters of the calendar year, which are also those of the council's financial year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tracker_schema.wording import MONTHS


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year; `number` 1 begins in January."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> Quarter:
        """Return the quarter of `day`."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.later(1).first - dt.timedelta(days=1)

    @property
    def label(self) -> str:
        """Its name, such as “April to June 2026”."""
        return f"{MONTHS[self.first.month - 1]} to {MONTHS[self.last.month - 1]} {self.year}"

    def later(self, quarters: int) -> Quarter:
        """Return the quarter that comes so many `quarters` later, or earlier when that is below zero."""
        number = 4 * self.year + self.number - 1 + quarters
        return Quarter(number // 4, number % 4 + 1)


def quarters_between(first: Quarter, last: Quarter) -> Iterator[Quarter]:
    """Yield each quarter from `first` to `last`."""
    while first <= last:
        yield first
        first = first.later(1)
