"""The weekly meetings of the Senior Leadership Team: the one before a day and the one after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.wording import DAYS

WEEKDAYS = DAYS[:5]


@dataclass(frozen=True, slots=True)
class Meetings:
    """The last SLT meeting before a day, and the next one after it; a meeting on the day itself is neither."""

    last: dt.date
    next: dt.date


def meetings_around(day: dt.date, weekday: str, days: WorkingDays) -> Meetings:
    """Return the SLT meetings around `day`; SLT meets every week on `weekday`, one of WEEKDAYS.

    A meeting that would fall on a bank holiday is held on the next working day. Raises OutsideCalendar when the bank
    holidays known do not reach that far.
    """
    this_week = day - dt.timedelta(days=day.weekday() - WEEKDAYS.index(weekday))
    meetings = [_held(this_week + dt.timedelta(weeks=week), days) for week in (-2, -1, 0, 1, 2)]
    return Meetings(
        max(meeting for meeting in meetings if meeting < day), min(meeting for meeting in meetings if meeting > day)
    )


def _held(meeting: dt.date, days: WorkingDays) -> dt.date:
    return meeting if days.is_working_day(meeting) else days.add(meeting, 1)
