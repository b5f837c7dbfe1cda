"""The weekly meetings of the Senior Leadership Team around a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.wording import DAYS

WEEKDAYS = DAYS[:5]


@dataclass(frozen=True, slots=True)
class Meetings:
    """The last SLT meeting before a day, and the next two after it; a meeting on the day itself is none of them."""

    last: dt.date
    next: dt.date
    after_next: dt.date


def meetings_around(day: dt.date, weekday: str, days: WorkingDays) -> Meetings:
    """Return the SLT meetings around `day`; SLT meets every week on `weekday`, one of WEEKDAYS.

    A meeting that would fall on a bank holiday is held on the next working day. Raises OutsideCalendar when the bank
    holidays known do not reach that far.
    """
    this_week = day - dt.timedelta(days=day.weekday() - WEEKDAYS.index(weekday))
    meetings = [_held(this_week + dt.timedelta(weeks=week), days) for week in (-2, -1, 0, 1, 2, 3)]
    to_come = sorted(meeting for meeting in meetings if meeting > day)
    return Meetings(max(meeting for meeting in meetings if meeting < day), to_come[0], to_come[1])


def _held(meeting: dt.date, days: WorkingDays) -> dt.date:
    return meeting if days.is_working_day(meeting) else days.add(meeting, 1)
