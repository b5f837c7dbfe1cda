"""What order adds to the score of a heading for a column: the order of dates in time, and that of the headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tracker_schema.adoption.matching.assignment import Pairs, Scores
from tracker_schema.adoption.matching.column_profile import ColumnProfile
from tracker_schema.columns.schema import Sheet

# What is subtracted when all dates are on the wrong side of those of another column.
_WRONG_ORDER = 3.0
# How many headings away a neighbour is searched for, how many of our columns away it may be, and its score.
_SEARCHED, _NEAR, _NEIGHBOUR = 3, 6, 0.7
# The date of a decision is right of that decision, not right of another decision, and not without one.
_ITS_DATE, _ANOTHERS_DATE = 2.0, 3.0


def with_position_scores(
    sheet: Sheet, scores: Scores, pairs: Pairs, cells: Mapping[int, ColumnProfile]
) -> dict[int, dict[str, float]]:
    """Return `scores` and what order adds to them, if the other headings are paired as in `pairs`.

    A date that is mostly before the day of awareness is not that of a decision; and the columns of a log more or less
    follow the process from left to right.
    """
    dates = _DateOrder(sheet, pairs, cells)
    neighbours = _Neighbours(sheet, pairs)
    return {
        number: {
            column: score - _WRONG_ORDER * dates.share_wrong(number, column) + neighbours.score(number, column)
            for column, score in of_heading.items()
        }
        for number, of_heading in scores.items()
    }


class _DateOrder:
    """The dates of the paired columns, to compare those of another heading with."""

    def __init__(self, sheet: Sheet, pairs: Pairs, cells: Mapping[int, ColumnProfile]) -> None:
        self._numbers = {column: number for number, column in pairs.items() if sheet.columns[column].type == "date"}
        self._order = [(earlier, column.id) for column in sheet.column for earlier in column.not_before]
        self._cells = cells

    def share_wrong(self, number: int, column: str) -> float:
        """Return the share of rows on which the dates of heading `number` would be in the wrong order, as `column`."""
        return sum(
            _share_before(self._cells[later], self._cells[earlier]) for earlier, later in self._pairs(number, column)
        )

    def _pairs(self, number: int, column: str) -> Iterator[tuple[int, int]]:
        for earlier, later in self._order:
            if later == column and self._numbers.get(earlier, number) != number:
                yield self._numbers[earlier], number
            elif earlier == column and self._numbers.get(later, number) != number:
                yield number, self._numbers[later]


def _share_before(one: ColumnProfile, other: ColumnProfile) -> float:
    """Return the share of the rows with both dates on which that of `one` is the earlier; a little less of few rows."""
    both = [(day, other_day) for day, other_day in zip(one.dates, other.dates, strict=True) if day and other_day]
    return sum(day < other_day for day, other_day in both) / (len(both) + 1)


class _Neighbours:
    """The columns left and right of a heading."""

    def __init__(self, sheet: Sheet, pairs: Pairs) -> None:
        self._pairs = pairs
        self._position = {column.id: position for position, column in enumerate(sheet.column)}
        self._decision_of = {
            column.id: condition.column
            for column in sheet.column
            if column.type == "date"
            for condition in column.required_when
            if condition.filled
        }

    def score(self, number: int, column: str) -> float:
        """Return what the neighbours of heading `number` add to its score for `column`."""
        left, right = self._neighbour(number, -1), self._neighbour(number, 1)
        own = self._position[column]
        near = (left is not None and 0 < own - left <= _NEAR) + (right is not None and 0 < right - own <= _NEAR)
        return _NEIGHBOUR * near + self._as_date_of_a_decision(number, column)

    def _neighbour(self, number: int, step: int) -> int | None:
        """Return the position among our columns of the nearest paired heading on that side."""
        numbers = range(number + step, number + step * (_SEARCHED + 1), step)
        return next((self._position[self._pairs[n]] for n in numbers if n in self._pairs), None)

    def _as_date_of_a_decision(self, number: int, column: str) -> float:
        decision = self._decision_of.get(column)
        if decision is None:
            return 0.0
        left = self._pairs.get(number - 1)
        if left == decision:
            return _ITS_DATE
        if left in self._decision_of.values():
            return -_ANOTHERS_DATE
        return 0.0 if decision in self._pairs.values() else -_ITS_DATE
