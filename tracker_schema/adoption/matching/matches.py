"""Which heading of a worksheet is which column of the tracker, for the whole row of headings at once.

Each pair of a heading and a column has a score (a logarithm of odds) for the words of the heading and for the cells
below it. The pairs with the highest total score are chosen. The confidence in a pair is the difference between that
total and the best one without the pair; the column that the heading has in the latter is its runner-up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tracker_schema.adoption.matching.assignment import Pairs, Scores, best_pairs, parts_of, total_score
from tracker_schema.adoption.matching.cell_score import cell_score, middle_day
from tracker_schema.adoption.matching.column_profile import ColumnProfile
from tracker_schema.adoption.matching.heading_similarity import SAME_WORDS, HeadingSimilarity, heading_similarity
from tracker_schema.adoption.matching.position_score import with_position_scores
from tracker_schema.columns.schema import INCIDENTS, Column, Sheet

SURE = 0.9

# The score of a heading by its words: 9 for the same, 0 for a similarity of 0.5, and never less than -2. A heading
# below 0.5 is not considered, however well its cells fit.
_SAME_HEADING, _LEAST_SIMILARITY, _LOWEST = 9.0, 0.5, -2.0
# The score of a heading that is not one of our columns.
_NO_COLUMN = 3.5


@dataclass(frozen=True)
class Match:
    """One heading and its column.

    number: the worksheet's column number, from 1
    heading: its text
    column: the id of our column, None when it is none of ours
    confidence: how sure that is, 0 to 1
    runner_up: the id of the second best column, or None
    kinds: short sentences about the cells, without a word of them
    """

    number: int
    heading: str
    column: str | None
    confidence: float
    runner_up: str | None
    kinds: Sequence[str]

    @property
    def sure(self) -> bool:
        """True when no question is needed."""
        return self.confidence >= SURE


def match_headings(
    sheet: Sheet,
    headings: Mapping[int, str],
    cells: Mapping[int, ColumnProfile],
    groups: Mapping[int, str] = MappingProxyType({}),
) -> list[Match]:
    """Return for each of `headings`, by column number, the column of `sheet` that it is.

    `cells` are the profiles of the cells below each heading, `groups` the group headings above, where there are any.
    """
    scores = _scores(sheet, headings, cells, groups)
    scores = with_position_scores(sheet, scores, best_pairs(scores), cells)
    pairs = best_pairs(scores)
    part_of = {number: part for part in parts_of(scores) for number in part}
    matches = []
    for number, heading in sorted(headings.items()):
        kinds = cells[number].kinds(sheet.columns.get(pairs.get(number, "")))
        matches.append(_match(number, heading, kinds, scores, pairs, part_of.get(number, {})))
    return matches


def _match(number: int, heading: str, kinds: Sequence[str], scores: Scores, pairs: Pairs, part: Scores) -> Match:
    """Return the heading with its column. `part` is the part of `scores` that another pair for it would change."""
    column = pairs.get(number)
    if column is None:
        # How much is missing until the best free column would be chosen.
        free = {name: value for name, value in scores[number].items() if name not in pairs.values()}
        nearest = max(free, key=free.__getitem__, default=None)
        margin = -free[nearest] if nearest is not None else _SAME_HEADING
        return Match(number, heading, None, _odds(margin), nearest if margin < _NO_COLUMN else None, kinds)
    without = {**part, number: {name: value for name, value in part[number].items() if name != column}}
    otherwise = best_pairs(without)
    most = total_score({n: c for n, c in pairs.items() if n in part}, scores)
    return Match(number, heading, column, _odds(most - total_score(otherwise, scores)), otherwise.get(number), kinds)


def _odds(margin: float) -> float:
    return 1 / (1 + math.exp(-margin))


def _scores(
    sheet: Sheet, headings: Mapping[int, str], cells: Mapping[int, ColumnProfile], groups: Mapping[int, str]
) -> dict[int, dict[str, float]]:
    """Return by number and column id how much higher the score of the pair is than that of no column."""
    similarity = heading_similarity(sheet)
    usual_day = middle_day(cells[number] for number in headings) if sheet.id == INCIDENTS else None
    positions = {number: position for position, number in enumerate(sorted(headings))}
    scores: dict[int, dict[str, float]] = {}
    for number, heading in headings.items():
        scores[number] = {}
        for column_id, similar in _similarity_in_group(similarity, heading, groups.get(number)).items():
            column = sheet.columns[column_id]
            if similar >= _LEAST_SIMILARITY or column.required or (similar > 0 and _has_own_choices(column)):
                words = max(_SAME_HEADING * (similar - _LEAST_SIMILARITY) / (1 - _LEAST_SIMILARITY), _LOWEST)
                below = cell_score(column, heading, cells[number], usual_day, positions[number])
                scores[number][column_id] = words + below - _NO_COLUMN
    return scores


def _similarity_in_group(similarity: HeadingSimilarity, heading: str, group: str | None) -> Mapping[str, float]:
    """Return the similarity of the heading by itself, or with the group heading above it.

    Where the two together are the name of a column (“Rapid review” over “Date completed”), the similarity of the
    heading by itself counts for less.
    """
    alone = similarity.of(heading)
    if not group:
        return alone
    together = similarity.of(f"{group} {heading}")
    named = max(together.values()) >= SAME_WORDS
    return {
        column: (max(alone[column], both) + both) / 2 if named else max(alone[column], both)
        for column, both in together.items()
    }


def _has_own_choices(column: Column) -> bool:
    """True when the column's choices identify it, so that a heading that is hardly similar is enough."""
    return bool(column.choices) and "Yes" not in column.choices
