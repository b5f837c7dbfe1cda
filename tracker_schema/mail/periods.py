"""Which job is due when: the period that a job's run is for, so that each period has one run and none has two.

All moments are wall-clock times in London, without a time zone: a job at 09:00 is due at 09:00 by the clock on the
wall, whatever a clock change has done to the hours of that day. Nothing is remembered here: what was done already, the
caller knows by the period's name.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker_schema.calendar.working_days import WorkingDays

_A_DAY = dt.timedelta(days=1)
# Farther than any period is from the next one, that of a week moved to the working day after Christmas.
_FARTHEST = 21


@dataclass(frozen=True)
class Period:
    """One period of a job: its name, such as “2026-W48” or “2026-11-23 06:30”, and the moment it begins at."""

    name: str
    begins: dt.datetime


@dataclass(frozen=True)
class Daily:
    """A job for each of `times` of a day, on every day or on working days only. What a day missed is not made up for:
    the next run sees to it.
    """

    times: tuple[dt.time, ...]
    working_days_only: bool = False

    def on(self, day: dt.date, calendar: WorkingDays) -> list[Period]:
        """The periods that begin on `day`, in their order."""
        if self.working_days_only and not calendar.is_working_day(day):
            return []
        return [Period(f"{day} {time:%H:%M}", dt.datetime.combine(day, time)) for time in sorted(self.times)]

    def is_worth(self, period: Period, now: dt.datetime, _calendar: WorkingDays) -> bool:
        """Whether a run for `period` is still worth while: on its own day."""
        return period.begins.date() == now.date()


@dataclass(frozen=True)
class Weekly:
    """A job for each week by ISO 8601, on a weekday (0 is Monday) at a time.

    If that day is no working day it is done on the next one. A missed run is made up for on working days only, up to
    `grace` of them later (0 to 4), so that no two weeks are ever due at once.
    """

    weekday: int
    time: dt.time
    grace: int

    def on(self, day: dt.date, calendar: WorkingDays) -> list[Period]:
        """The period that begins on `day`, if there is one."""
        named = day
        while named.weekday() != self.weekday:
            named -= _A_DAY
        if named != day and (calendar.is_working_day(named) or calendar.add(named, 1) != day):
            return []
        if not calendar.is_working_day(day):
            return []
        year, week, _ = named.isocalendar()
        return [Period(f"{year}-W{week:02}", dt.datetime.combine(day, self.time))]

    def is_worth(self, period: Period, now: dt.datetime, calendar: WorkingDays) -> bool:
        """Whether a run for `period` is still worth while: on a working day within the grace."""
        last = calendar.add(period.begins.date(), self.grace) if self.grace else period.begins.date()
        return now.date() <= last and calendar.is_working_day(now.date())


Timing = Daily | Weekly


def newest(timing: Timing, now: dt.datetime, calendar: WorkingDays) -> Period | None:
    """The newest period that has begun by `now`; None when there was none for three weeks.

    Raises OutsideCalendar when the bank holidays known do not reach that far.
    """
    for back in range(_FARTHEST):
        begun = [each for each in timing.on(now.date() - back * _A_DAY, calendar) if each.begins <= now]
        if begun:
            return begun[-1]
    return None


def due(timing: Timing, now: dt.datetime, calendar: WorkingDays) -> Period | None:
    """The period for which the job is to be run at `now`, if it has not been; None when there is none.

    It is the newest or none: of several missed ones only that is still worth while. Raises OutsideCalendar when the
    bank holidays known do not reach that far.
    """
    period = newest(timing, now, calendar)
    return period if period is not None and timing.is_worth(period, now, calendar) else None


def coming(timing: Timing, now: dt.datetime, calendar: WorkingDays) -> Period | None:
    """The first period that begins after `now`; None when the bank holidays known do not reach it."""
    days = (now.date() + ahead * _A_DAY for ahead in range(_FARTHEST))
    later = (each for day in days if day <= calendar.last for each in timing.on(day, calendar) if each.begins > now)
    return next(later, None)


def before(timing: Timing, period: Period, calendar: WorkingDays) -> Period | None:
    """The period before `period`; None when there was none for three weeks."""
    return newest(timing, period.begins - dt.timedelta(microseconds=1), calendar)
