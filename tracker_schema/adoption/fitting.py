"""How well the cells below a heading fit a column, told as a worth: above 0 they speak for it, below 0 against.

The unit is that of a logarithm of odds, so that what several things say adds up. The figures were chosen on made-up
logs, some of which were kept aside; what matters is their order. That cells are no dates where dates are meant (or
dates where none are) outweighs any heading; all else adds to what the heading says, or makes it doubtful.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tracker_schema.adoption.evidence import Evidence, Look, looks
from tracker_schema.adoption.words import asks_for_a_date
from tracker_schema.columns.schema import Column

# What it is worth that all cells are so, and what it costs that none are.
_DATES, _NO_DATES = 1.5, 9.0
_CHOICES, _YES_OR_NO, _NO_CHOICES = 4.0, 1.5, 3.0
_LOOKS: dict[Look, tuple[float, float]] = {
    "reference": (2.0, 4.0),
    "number": (1.0, 3.0),
    "initials": (3.5, 5.0),
    "child": (3.5, 5.0),
    "sex": (3.5, 5.0),
    "ethnicity": (2.5, 2.0),
    "long text": (0.5, 1.5),
    "name": (0.5, 2.0),
}
# What it costs that the cells say Yes and No, or whole sentences, where something else is meant.
_SOMETHING_ELSE = 5.0
_A_SENTENCE = 8
# What it is worth, or costs, that the heading says “date”.
_SAYS_DATE, _SAYS_DATE_WRONGLY = 0.5, 3.0

# A log's reference stands at its left end, once only; and what is required is filled in on nearly every row.
_LEFT_END, _AT_ITS_END, _REPEATED = 4, 1.0, 3.0
_REQUIRED, _NEARLY_EVERY_ROW, _NOT_FILLED_IN = 1.0, 0.8, 5.0

_DAYS_OF_A_YEAR = 365.25
# Only births lie years before everything else, and they seldom lie months before it.
_BORN_BEFORE, _BORN_JUST_BEFORE, _LONG_BEFORE = 1.5, 0.2, 6.0
_A_BIRTH, _NO_BIRTH, _TOO_OLD = 2.0, 5.0, 6.0


def fit(column: Column, heading: str, cells: Evidence, usual_day: np.datetime64 | None, place: int) -> float:
    """What the cells below `heading` are worth to its being `column`.

    `usual_day` is the middle of the days of the whole log (None: not known), `place` counts the headings from the left
    end, from 0 on.
    """
    trust = cells.telling / (cells.telling + 1)  # one cell may be anything
    worth = _of_required(column, cells, place) if column.required else 0.0
    if column.type == "date":
        worth += _SAYS_DATE if asks_for_a_date(heading) else 0.0
        dates = min(cells.share_of_days, 1.0)
        return worth + trust * (_DATES * dates - _NO_DATES * (1 - dates) + _of_age(column, cells, usual_day))
    worth -= _SAYS_DATE_WRONGLY if asks_for_a_date(heading) else 0.0
    of_kind = _of_choices(column, cells) if column.type == "choice" else _of_text(column, cells)
    return worth + trust * (of_kind - _NO_DATES * cells.share_of_dates)


def _of_required(column: Column, cells: Evidence, place: int) -> float:
    filled = cells.telling / len(cells.cells) if cells.cells else 1.0
    worth = _REQUIRED - _NOT_FILLED_IN * max(_NEARLY_EVERY_ROW - filled, 0.0)
    if column.id == "reference":
        worth += _AT_ITS_END if place < _LEFT_END else -_AT_ITS_END
    return worth


def _of_choices(column: Column, cells: Evidence) -> float:
    known = cells.choices_of(column)
    yes_or_no = {"Yes", "No"} <= set(column.choices)
    something_else = cells.words >= _A_SENTENCE or (cells.yes_or_no > 0.5 and not yes_or_no)
    unlike = _SOMETHING_ELSE if something_else else _NO_CHOICES
    return (_YES_OR_NO if yes_or_no else _CHOICES) * known - unlike * (1 - known)


def _of_text(column: Column, cells: Evidence) -> float:
    look = looks().looks.get(column.id)
    if look is None:
        return 0.0
    if (cells.yes_or_no > 0.5 and look != "sex") or (look == "name" and cells.words >= _A_SENTENCE):
        return -_SOMETHING_ELSE
    fits, unlike = _LOOKS[look]
    seen = cells.looking_like(look)
    return fits * seen - unlike * (1 - seen) - (_REPEATED * (1 - cells.different) if column.unique else 0.0)


def _of_age(column: Column, cells: Evidence, usual_day: np.datetime64 | None) -> float:
    middle = middle_day([cells])
    if usual_day is None or middle is None:
        return 0.0
    years = float((usual_day - middle).astype(int)) / _DAYS_OF_A_YEAR
    if column.id == "date_of_birth":
        return _A_BIRTH if years > _BORN_BEFORE else 0.0 if years > _BORN_JUST_BEFORE else -_NO_BIRTH
    return -_TOO_OLD if years > _LONG_BEFORE else 0.0


def middle_day(columns: Iterable[Evidence]) -> np.datetime64 | None:
    """The middle of the middle days of `columns`, so that births and a few stray days do not count; None: no days."""
    middles = sorted(
        np.median(days.astype(np.int64)) for cells in columns if len(days := cells.dates[~np.isnat(cells.dates)])
    )
    return middles[len(middles) // 2].astype("datetime64[D]") if middles else None
