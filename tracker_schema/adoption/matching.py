"""Which heading of a worksheet is which column of the tracker, over the whole row of headings at once.

Each pair of a heading and a column has a worth, in the unit of a logarithm of odds: what the heading says, and what
the cells below it are like. Of all ways to pair them the one that is worth most is taken. How sure a pair is, is how
much less the best way without it is worth; what stands in its place there is its runner-up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from tracker_schema.adoption.evidence import Evidence, looks
from tracker_schema.adoption.likeness import SAME_WORDS, Likeness, likeness
from tracker_schema.adoption.pairing import Pairs, Worth, best_pairs, parts_of, worth_of
from tracker_schema.adoption.words import asks_for_a_date
from tracker_schema.columns import INCIDENTS, Column, Sheet

SURE = 0.9

# What the headings have to be worth before the cells are looked at: the same 9, half alike 0, and less than that out
# of the question however well the cells would fit.
_SAME_HEADING, _LEAST_ALIKE, _HARDLY_ALIKE = 9.0, 0.5, -2.0
# What a heading is worth that is no column of ours.
_NO_COLUMN = 3.5
_DAYS_OF_A_YEAR = 365.25
# A neighbour is one of so many columns on, and adds so much.
_NEAR, _NEIGHBOUR = 6, 0.7
# The date of a decision stands right of the decision, and not without one.
_ITS_DATE = 2.0
# A log's reference stands at its left end and on every row.
_LEFT_END = 4


@dataclass(frozen=True)
class Match:
    """One heading, the column it is taken for (None: none of ours), how sure that is (0 to 1), and what it would be
    otherwise. `kinds` says what the cells are like without a word of them.
    """

    number: int
    heading: str
    column: str | None
    confidence: float
    runner_up: str | None
    kinds: Sequence[str]

    @property
    def sure(self) -> bool:
        """Whether nobody needs to be asked."""
        return self.confidence >= SURE


def match_headings(
    sheet: Sheet,
    headings: Mapping[int, str],
    cells: Mapping[int, Evidence],
    groups: Mapping[int, str] = MappingProxyType({}),
) -> list[Match]:
    """For each of `headings` of a worksheet, by column number, the column of `sheet` that it is.

    `cells` holds what stands below each heading, `groups` the group heading above it, where there is one.
    """
    worth = _worth(sheet, headings, cells, groups)
    pairs = best_pairs(worth)
    worth = _with_the_order_of_columns(sheet, _with_the_order_of_dates(sheet, worth, pairs, cells), pairs)
    pairs = best_pairs(worth)
    part_of = {number: part for part in parts_of(worth) for number in part}
    matches = []
    for number, heading in sorted(headings.items()):
        kinds = cells[number].kinds(sheet.columns.get(pairs.get(number, "")))
        matches.append(_match(number, heading, kinds, worth, pairs, part_of.get(number, {})))
    return matches


def _match(number: int, heading: str, kinds: Sequence[str], worth: Worth, pairs: Pairs, part: Worth) -> Match:
    """The heading with its column. `part` is that part of `worth` in which another pair for it may lead to others."""
    column = pairs.get(number)
    if column is None:
        # How far the best free column is from being taken.
        free = {name: value for name, value in worth[number].items() if name not in pairs.values()}
        nearest = max(free, key=free.__getitem__, default=None)
        margin = -free[nearest] if nearest is not None else _SAME_HEADING
        return Match(number, heading, None, _odds(margin), nearest if margin < _NO_COLUMN else None, kinds)
    without = {**part, number: {name: value for name, value in part[number].items() if name != column}}
    otherwise = best_pairs(without)
    most = worth_of({n: c for n, c in pairs.items() if n in part}, worth)
    return Match(number, heading, column, _odds(most - worth_of(otherwise, worth)), otherwise.get(number), kinds)


def _odds(margin: float) -> float:
    return 1 / (1 + math.exp(-margin))


def _worth(
    sheet: Sheet, headings: Mapping[int, str], cells: Mapping[int, Evidence], groups: Mapping[int, str]
) -> dict[int, dict[str, float]]:
    """By number and column id, how much more a pair is worth than leaving the heading alone."""
    alike = likeness(sheet)
    newest = _median_day(sheet, headings, cells)
    places = {number: place for place, number in enumerate(sorted(headings))}
    worth: dict[int, dict[str, float]] = {}
    for number, heading in headings.items():
        worth[number] = {}
        for column_id, like in _alike_in_group(alike, heading, groups.get(number)).items():
            column = sheet.columns[column_id]
            if like >= _LEAST_ALIKE or column.required or (like > 0 and _cells_may_tell(column)):
                said = max(_SAME_HEADING * (like - _LEAST_ALIKE) / (1 - _LEAST_ALIKE), _HARDLY_ALIKE)
                shown = _of_cells(column, heading, cells[number], newest)
                if column.required:
                    shown += _of_required(column, places[number], cells[number])
                worth[number][column_id] = said + shown - _NO_COLUMN
    return worth


def _alike_in_group(alike: Likeness, heading: str, group: str | None) -> Mapping[str, float]:
    """How alike the heading is by itself, or with the group heading above it.

    Where the two together are the name of a column (“Rapid review” over “Date completed”), what the heading is alike by
    itself counts for less.
    """
    alone = alike.of(heading)
    if not group:
        return alone
    together = alike.of(f"{group} {heading}")
    named = max(together.values()) >= SAME_WORDS
    return {
        column: (max(alone[column], like) + like) / 2 if named else max(alone[column], like)
        for column, like in together.items()
    }


def _of_required(column: Column, place: int, cells: Evidence) -> float:
    """What it adds that the column must be there, filled in on every row, and (a reference) at the left end."""
    filled = cells.telling / len(cells.cells) if cells.cells else 1.0
    at_its_end = (1.0 if place < _LEFT_END else -1.0) if column.id == "reference" else 0.0
    return 1.0 - 5.0 * max(0.8 - filled, 0.0) + at_its_end


def _cells_may_tell(column: Column) -> bool:
    """Whether the cells of the column are like those of no other, so that a heading hardly alike will do."""
    return bool(column.choices) and "Yes" not in column.choices


def _of_cells(column: Column, heading: str, cells: Evidence, newest: np.datetime64 | None) -> float:
    """What the cells add to the worth: below 0 where they are unlike the column's."""
    trust = cells.telling / (cells.telling + 1)
    dated = -3.0 if asks_for_a_date(heading) and column.type != "date" else 0.0
    if column.type == "date":
        said = 0.5 if asks_for_a_date(heading) else 0.0
        return said + trust * (1.5 - 10.5 * (1 - min(cells.share_of_days, 1.0)) + _age(column, cells, newest))
    if not cells.telling:
        return dated
    if column.type == "choice":
        return dated + trust * (_choices(column, cells) - 9.0 * cells.share_of_dates)
    return dated + trust * (_text(column, cells) - 9.0 * cells.share_of_dates)


def _choices(column: Column, cells: Evidence) -> float:
    known = cells.choices_of(column)
    yes_or_no = {"Yes", "No"} <= set(column.choices)
    unlike = 6.0 if cells.words >= 6 or (cells.yes_or_no > 0.5 and not yes_or_no) else 3.0
    return (1.5 if yes_or_no else 4.0) * known - unlike * (1 - known)


def _text(column: Column, cells: Evidence) -> float:
    look = looks().looks.get(column.id)
    if look is None:
        return 0.0
    if cells.yes_or_no > 0.6 and look != "sex":
        return -5.0
    seen = cells.looking_like(look)
    if look == "reference":
        return 2.0 * seen - 4.0 * (1 - seen) - (3.0 * (1 - cells.different) if column.unique else 0.0)
    if look in ("initials", "sex", "child"):
        return 3.5 * seen - 5.0 * (1 - seen)
    if look == "ethnicity":
        return 2.5 * seen - 2.0 * (1 - seen)
    if look == "number":
        return 1.0 * seen - 3.0 * (1 - seen)
    if look == "long text":
        return 0.5 if cells.words >= 4 else -1.5
    return -5.0 if cells.words >= 8 else 0.5 * seen - cells.looking_like("number")


def _age(column: Column, cells: Evidence, newest: np.datetime64 | None) -> float:
    """What the years between the cells' dates and those of the other columns add: only births lie years before."""
    dates = cells.dates[~np.isnat(cells.dates)]
    if newest is None or not len(dates):
        return 0.0
    years = float((newest - np.median(dates.astype(np.int64)).astype("datetime64[D]")).astype(int)) / _DAYS_OF_A_YEAR
    if column.id == "date_of_birth":
        return 2.0 if years > 1.5 else 0.0 if years > 0.2 else -4.0
    return -6.0 if years > 6 else 0.0


def _median_day(sheet: Sheet, headings: Mapping[int, str], cells: Mapping[int, Evidence]) -> np.datetime64 | None:
    """The middle one of the days of all columns, births and a few stray ones aside; None where there are no dates."""
    middles = sorted(
        np.median(dates.astype(np.int64))
        for number in headings
        if len(dates := cells[number].dates[~np.isnat(cells[number].dates)])
    )
    return middles[len(middles) // 2].astype("datetime64[D]") if middles and sheet.id == INCIDENTS else None


def _with_the_order_of_dates(
    sheet: Sheet, worth: dict[int, dict[str, float]], pairs: Pairs, cells: Mapping[int, Evidence]
) -> dict[int, dict[str, float]]:
    """`worth`, with what the order of the dates adds: a decision that mostly lies before the day of awareness is none.

    Each date column is compared with those that `pairs` has for its `not_before`, and for which it is one.
    """
    placed = {column: number for number, column in pairs.items() if sheet.columns[column].type == "date"}
    if len(placed) < 2:
        return worth
    later = {(column.id, earlier) for column in sheet.column for earlier in column.not_before}
    renewed: dict[int, dict[str, float]] = {}
    for number, values in worth.items():
        renewed[number] = dict(values)
        for column in values:
            against = [
                _share_before(cells[number], cells[placed[e]])
                for c, e in later
                if c == column and placed.get(e, number) != number
            ]
            against += [
                _share_before(cells[placed[c]], cells[number])
                for c, e in later
                if e == column and placed.get(c, number) != number
            ]
            renewed[number][column] -= 3.0 * sum(against)
    return renewed


def _with_the_order_of_columns(
    sheet: Sheet, worth: dict[int, dict[str, float]], pairs: Pairs
) -> dict[int, dict[str, float]]:
    """`worth`, with what the neighbours add: a log goes through the process from left to right, more or less."""
    place = {column.id: position for position, column in enumerate(sheet.column)}
    goes_with = {
        column.id: condition.column
        for column in sheet.column
        if column.type == "date"
        for condition in column.required_when
        if condition.filled
    }
    renewed: dict[int, dict[str, float]] = {}
    for number, values in worth.items():
        before = next((place[pairs[n]] for n in range(number - 1, number - 4, -1) if n in pairs), None)
        behind = next((place[pairs[n]] for n in range(number + 1, number + 4) if n in pairs), None)
        renewed[number] = {}
        for column, value in values.items():
            fits = (before is not None and 0 < place[column] - before <= _NEAR) + (
                behind is not None and 0 < behind - place[column] <= _NEAR
            )
            renewed[number][column] = value + _NEIGHBOUR * fits
            if column in goes_with:
                beside = pairs.get(number - 1) == goes_with[column]
                renewed[number][column] += _ITS_DATE if beside else 0.0
                renewed[number][column] -= _ITS_DATE if goes_with[column] not in pairs.values() else 0.0
    return renewed


def _share_before(one: Evidence, other: Evidence) -> float:
    """The share of the rows with both dates on which that of `one` lies before that of `other`."""
    both = ~(np.isnat(one.dates) | np.isnat(other.dates))
    count = int(both.sum())
    return int((one.dates[both] < other.dates[both]).sum()) / count * count / (count + 1) if count else 0.0
