"""What order adds to the worth of a heading's being a column: that of dates in time, and of headings from the left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from tracker_schema.adoption.evidence import Evidence
from tracker_schema.adoption.pairing import Pairs, Worth
from tracker_schema.columns.schema import Sheet

# What it costs that all dates lie on the wrong side of those of another column.
_WRONG_WAY_ROUND = 3.0
# A neighbour is looked for so many headings away, is one of so many columns of ours on, and is worth so much.
_LOOKED_FOR, _NEAR, _NEIGHBOUR = 3, 6, 0.7
# The date of a decision stands right of the decision, not right of another decision, and not without one.
_ITS_DATE, _ANOTHERS_DATE = 2.0, 3.0


def with_the_order(
    sheet: Sheet, worth: Worth, pairs: Pairs, cells: Mapping[int, Evidence]
) -> dict[int, dict[str, float]]:
    """`worth`, with what the order adds where headings and columns are paired as in `pairs`.

    A decision that mostly lies before the day of awareness is none; and a log goes through the process from left to
    right, more or less.
    """
    wrong = _WrongWayRound(sheet, pairs, cells)
    beside = _Beside(sheet, pairs)
    return {
        number: {
            column: value - _WRONG_WAY_ROUND * wrong.share(number, column) + beside.worth(number, column)
            for column, value in values.items()
        }
        for number, values in worth.items()
    }


class _WrongWayRound:
    """Which dates lie on the wrong side of those that are known."""

    def __init__(self, sheet: Sheet, pairs: Pairs, cells: Mapping[int, Evidence]) -> None:
        self._numbers = {column: number for number, column in pairs.items() if sheet.columns[column].type == "date"}
        self._order = [(earlier, column.id) for column in sheet.column for earlier in column.not_before]
        self._cells = cells

    def share(self, number: int, column: str) -> float:
        """On which share of the rows the dates of heading `number` would be on the wrong side, were it `column`."""
        return sum(
            _share_before(self._cells[later], self._cells[earlier]) for earlier, later in self._pairs(number, column)
        )

    def _pairs(self, number: int, column: str) -> Iterator[tuple[int, int]]:
        for earlier, later in self._order:
            if later == column and self._numbers.get(earlier, number) != number:
                yield self._numbers[earlier], number
            elif earlier == column and self._numbers.get(later, number) != number:
                yield number, self._numbers[later]


def _share_before(one: Evidence, other: Evidence) -> float:
    """The share of the rows with both dates on which that of `one` lies before that of `other`; of few rows, less."""
    both = ~(np.isnat(one.dates) | np.isnat(other.dates))
    return float((one.dates[both] < other.dates[both]).sum()) / (int(both.sum()) + 1)


class _Beside:
    """What stands left and right of a heading."""

    def __init__(self, sheet: Sheet, pairs: Pairs) -> None:
        self._pairs = pairs
        self._place = {column.id: place for place, column in enumerate(sheet.column)}
        self._goes_with = {
            column.id: condition.column
            for column in sheet.column
            if column.type == "date"
            for condition in column.required_when
            if condition.filled
        }

    def worth(self, number: int, column: str) -> float:
        """What the neighbours of heading `number` add to its being `column`."""
        left, right = self._neighbour(number, -1), self._neighbour(number, 1)
        here = self._place[column]
        neighbours = (left is not None and 0 < here - left <= _NEAR) + (right is not None and 0 < right - here <= _NEAR)
        return _NEIGHBOUR * neighbours + self._of_what_it_dates(number, column)

    def _neighbour(self, number: int, step: int) -> int | None:
        """The place among our columns of the nearest heading on that side that is one of them."""
        numbers = range(number + step, number + step * (_LOOKED_FOR + 1), step)
        return next((self._place[self._pairs[n]] for n in numbers if n in self._pairs), None)

    def _of_what_it_dates(self, number: int, column: str) -> float:
        decision = self._goes_with.get(column)
        if decision is None:
            return 0.0
        left = self._pairs.get(number - 1)
        if left == decision:
            return _ITS_DATE
        if left in self._goes_with.values():
            return -_ANOTHERS_DATE
        return 0.0 if decision in self._pairs.values() else -_ITS_DATE
