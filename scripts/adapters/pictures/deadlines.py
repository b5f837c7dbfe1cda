"""The picture of the weekly summary: the coming two weeks, a line for each case.

Everything in it is also in the alternative text, because many mail programs do not show pictures until the reader
allows it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from scripts.adapters.pictures.painter import Painter, Pen
from scripts.adapters.pictures.style import INK, LINE, PAPER, QUIET, SMALL, STYLES, width_of, wrapped
from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.mail.deadlines import Deadline
from tracker_schema.wording import DAYS, day_and_month, near_date

MOST_CASES = 10
"""A picture of more lines is longer than the screen of a phone, and says less than the lists."""

# Narrow, with large type, because a phone is about six centimetres wide. In millimetres.
_WIDTH, _ROW, _MARGIN, _CASE = 110.0, 5.0, 1.0, 30.0
_STATUTORY, _OTHER = STYLES["closed"], STYLES["waiting"]


def calendar_alt(steps: Sequence[Deadline], first: dt.date, last: dt.date) -> str:
    """Return the picture as a sentence."""
    cases = ((case, list(dict.fromkeys(step.due for step in due))) for case, due in _by_case(steps).items())
    words = [f"{_plain(case)} {', '.join(near_date(day, first) for day in days)}" for case, days in cases]
    return f"Due from {day_and_month(first)} to {day_and_month(last)}: {'; '.join(words)}."


def calendar_picture(steps: Sequence[Deadline], first: dt.date, last: dt.date, days: WorkingDays) -> bytes:
    """Return a PNG with a line for each case and a column for each day from `first` to `last` that is a working day, or
    on which something is due.

    A dark square is a day with a statutory deadline, a light one a day with others only; a number in it says how many
    there are.
    """
    cases = _by_case(steps)
    due = {step.due for step in steps}
    every_day = (first + dt.timedelta(number) for number in range((last - first).days + 1))
    columns = [day for day in every_day if day in due or days.is_working_day(day)]
    painter = Painter(_WIDTH, (len(cases) + 3) * _ROW + 2 * _MARGIN)
    width = (_WIDTH - _CASE - _MARGIN) / len(columns)
    for number, day in enumerate(columns):
        middle = _CASE + (number + 0.5) * width
        for line, word in enumerate((DAYS[day.weekday()][:2], str(day.day))):
            painter.text(middle, _MARGIN + (line + 0.5) * _ROW, word, SMALL, colour=QUIET)
    for number, (case, of_case) in enumerate(cases.items()):
        top = _MARGIN + (number + 2) * _ROW
        painter.path(((_MARGIN, top), (_WIDTH - _MARGIN, top)), Pen(LINE, 0.5))
        name = wrapped(case, _CASE - _MARGIN, SMALL, lines=1)[0]
        painter.text(_MARGIN, top + _ROW / 2, name, SMALL, colour=INK, side="left")
        for place, day in enumerate(columns):
            _draw_day(painter, _CASE + place * width, top, width, [step for step in of_case if step.due == day])
    _draw_key(painter, _MARGIN + (len(cases) + 2) * _ROW)
    return painter.png()


def _draw_day(painter: Painter, left: float, top: float, width: float, due: Sequence[Deadline]) -> None:
    if not due:
        return
    statutory = any(step.statutory for step in due)
    style = _STATUTORY if statutory else _OTHER
    painter.bar(left + 0.8, top + 0.8, width - 1.6, _ROW - 1.6, style)
    if len(due) > 1:
        colour = PAPER if statutory else INK
        painter.text(left + width / 2, top + _ROW / 2, str(len(due)), SMALL, colour=colour)


def _draw_key(painter: Painter, top: float) -> None:
    place = _MARGIN
    for style, meaning in ((_STATUTORY, "statutory"), (_OTHER, "other deadlines")):
        painter.bar(place, top + 1.2, 5, _ROW - 2.4, style)
        painter.text(place + 6.5, top + _ROW / 2, meaning, SMALL, colour=INK, side="left")
        place += 12 + width_of(meaning, SMALL)


def _plain(reference: str) -> str:
    """Return a reference without the signs that begin and end a tag: some mail programs take such a text for one."""
    return reference.replace("<", "(").replace(">", ")")


def _by_case(steps: Sequence[Deadline]) -> Mapping[str, Sequence[Deadline]]:
    by_case: dict[str, list[Deadline]] = {}
    for step in steps:
        by_case.setdefault(step.reference, []).append(step)
    return by_case
