"""How well the cells below a heading fit a column, as a score: above 0 is for the column, below 0 against it.

Scores are logarithms of odds, so they can be added. The figures were chosen on made-up logs and tried on others; only
their order matters. Cells without dates in a column of dates (or the other way round) outweigh any heading; everything
else supports the heading, or makes it doubtful.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable

from tracker_schema.adoption.matching.column_profile import CellKind, ColumnProfile, cell_kinds
from tracker_schema.adoption.words import asks_for_a_date
from tracker_schema.columns.schema import Column

# The score when all cells fit, and what is subtracted when none do.
_DATES, _NO_DATES = 1.5, 9.0
_CHOICES, _YES_OR_NO, _NO_CHOICES = 4.0, 1.5, 3.0
_KINDS: dict[CellKind, tuple[float, float]] = {
    "reference": (2.0, 4.0),
    "number": (1.0, 3.0),
    "initials": (3.5, 5.0),
    "child": (3.5, 5.0),
    "sex": (3.5, 5.0),
    "ethnicity": (2.5, 2.0),
    "long text": (0.5, 1.5),
    "name": (0.5, 2.0),
}
# What is subtracted when the cells say Yes and No, or whole sentences, and the column holds something else.
_SOMETHING_ELSE = 5.0
_SENTENCE_WORDS = 8
# When the heading says “date”: the score for a column of dates, and what is subtracted for any other.
_SAYS_DATE, _SAYS_DATE_WRONGLY = 0.5, 3.0

# A log's reference is near its left end and occurs once; a required column is filled in on nearly every row.
_LEFT_END, _AT_ITS_END, _REPEATED = 4, 1.0, 3.0
_REQUIRED, _NEARLY_EVERY_ROW, _NOT_FILLED_IN = 1.0, 0.8, 5.0

_DAYS_OF_A_YEAR = 365.25
# Dates of birth are years before all other dates, and seldom only months.
_BORN_BEFORE, _BORN_JUST_BEFORE, _LONG_BEFORE = 1.5, 0.2, 6.0
_A_BIRTH, _NO_BIRTH, _TOO_OLD = 2.0, 5.0, 6.0


def cell_score(column: Column, heading: str, cells: ColumnProfile, usual_day: dt.date | None, position: int) -> float:
    """Return the score of the cells below `heading` for `column`.

    `usual_day` is the median day of the whole log, None when it has no dates. `position` is that of the heading,
    counted from 0 at the left end.
    """
    trust = cells.informative / (cells.informative + 1)  # a single cell may be anything
    score = _of_required(column, cells, position) if column.required else 0.0
    if column.type == "date":
        score += _SAYS_DATE if asks_for_a_date(heading) else 0.0
        dates = min(cells.share_of_days, 1.0)
        return score + trust * (_DATES * dates - _NO_DATES * (1 - dates) + _of_age(column, cells, usual_day))
    score -= _SAYS_DATE_WRONGLY if asks_for_a_date(heading) else 0.0
    of_type = _of_choices(column, cells) if column.type == "choice" else _of_text(column, cells)
    return score + trust * (of_type - _NO_DATES * cells.share_of_dates)


def _of_required(column: Column, cells: ColumnProfile, position: int) -> float:
    filled = cells.informative / len(cells.cells) if cells.cells else 1.0
    score = _REQUIRED - _NOT_FILLED_IN * max(_NEARLY_EVERY_ROW - filled, 0.0)
    if cell_kinds().kinds.get(column.id) == "reference":
        score += _AT_ITS_END if position < _LEFT_END else -_AT_ITS_END
    return score


def _of_choices(column: Column, cells: ColumnProfile) -> float:
    known = cells.choices_of(column)
    yes_or_no = {"Yes", "No"} <= set(column.choices)
    something_else = cells.words >= _SENTENCE_WORDS or (cells.yes_or_no > 0.5 and not yes_or_no)
    unlike = _SOMETHING_ELSE if something_else else _NO_CHOICES
    return (_YES_OR_NO if yes_or_no else _CHOICES) * known - unlike * (1 - known)


def _of_text(column: Column, cells: ColumnProfile) -> float:
    kind = cell_kinds().kinds.get(column.id)
    if kind is None:
        return 0.0
    if (cells.yes_or_no > 0.5 and kind != "sex") or (kind == "name" and cells.words >= _SENTENCE_WORDS):
        return -_SOMETHING_ELSE
    fits, unlike = _KINDS[kind]
    share = cells.share_of_kind(kind)
    return fits * share - unlike * (1 - share) - (_REPEATED * (1 - cells.unique) if column.unique else 0.0)


def _of_age(column: Column, cells: ColumnProfile, usual_day: dt.date | None) -> float:
    middle = middle_day([cells])
    if usual_day is None or middle is None:
        return 0.0
    years = (usual_day - middle).days / _DAYS_OF_A_YEAR
    if column.id in cell_kinds().births:
        return _A_BIRTH if years > _BORN_BEFORE else 0.0 if years > _BORN_JUST_BEFORE else -_NO_BIRTH
    return -_TOO_OLD if years > _LONG_BEFORE else 0.0


def middle_day(columns: Iterable[ColumnProfile]) -> dt.date | None:
    """Return the median of the columns' median days, None when there are no dates.

    So dates of birth and a few stray dates do not count.
    """
    dates = ([day.toordinal() for day in cells.dates if day] for cells in columns)
    middles = [statistics.median(days) for days in dates if days]
    return dt.date.fromordinal(int(statistics.median_high(middles))) if middles else None
