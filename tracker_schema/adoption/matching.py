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

from tracker_schema.adoption.evidence import Evidence
from tracker_schema.adoption.fitting import fit, middle_day
from tracker_schema.adoption.likeness import SAME_WORDS, Likeness, likeness
from tracker_schema.adoption.ordering import with_the_order
from tracker_schema.adoption.pairing import Pairs, Worth, best_pairs, parts_of, worth_of
from tracker_schema.columns.schema import INCIDENTS, Column, Sheet

SURE = 0.9

# What the headings have to be worth before the cells are looked at: the same 9, half alike 0, and less than that out
# of the question however well the cells would fit.
_SAME_HEADING, _LEAST_ALIKE, _HARDLY_ALIKE = 9.0, 0.5, -2.0
# What a heading is worth that is no column of ours.
_NO_COLUMN = 3.5


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
    worth = with_the_order(sheet, worth, pairs, cells)
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
    usual_day = middle_day(cells[number] for number in headings) if sheet.id == INCIDENTS else None
    places = {number: place for place, number in enumerate(sorted(headings))}
    worth: dict[int, dict[str, float]] = {}
    for number, heading in headings.items():
        worth[number] = {}
        for column_id, like in _alike_in_group(alike, heading, groups.get(number)).items():
            column = sheet.columns[column_id]
            if like >= _LEAST_ALIKE or column.required or (like > 0 and _cells_may_tell(column)):
                said = max(_SAME_HEADING * (like - _LEAST_ALIKE) / (1 - _LEAST_ALIKE), _HARDLY_ALIKE)
                shown = fit(column, heading, cells[number], usual_day, places[number])
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


def _cells_may_tell(column: Column) -> bool:
    """Whether the cells of the column are like those of no other, so that a heading hardly alike will do."""
    return bool(column.choices) and "Yes" not in column.choices
