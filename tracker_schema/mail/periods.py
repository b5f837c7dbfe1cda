"""Which job is due when: the periods of a job, each of which has one run.

All moments are times of day in London, without a time zone: a job at 09:00 is due at 09:00 on the day of a clock change
too. Nothing is remembered here: the caller knows by a period's name whether its run is done.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker_schema.calendar.working_days import WorkingDays

_A_DAY = dt.timedelta(days=1)
# Days. More than between any two periods, even when that of a week moves to the working day after Christmas.
_FARTHEST = 21


@dataclass(frozen=True)
class Period:
    """One period of a job.

    name      such as “2026-W48” or “2026-11-23 06:30”
    begins    the moment from which its run is due
    """

    name: str
    begins: dt.datetime


@dataclass(frozen=True)
class Daily:
    """A job at certain times of the day. A run that was missed is not made up for on another day.

    times                the times of day
    working_days_only    whether it runs on working days only
    """

    times: tuple[dt.time, ...]
    working_days_only: bool = False

    def on(self, day: dt.date, calendar: WorkingDays) -> list[Period]:
        """Return the periods that begin on `day`, in their order."""
        if self.working_days_only and not calendar.is_working_day(day):
            return []
        return [Period(f"{day} {time:%H:%M}", dt.datetime.combine(day, time)) for time in sorted(self.times)]

    def is_still_due(self, period: Period, now: dt.datetime, _calendar: WorkingDays) -> bool:
        """Return whether a run for `period` is still useful: it is on its own day."""
        return period.begins.date() == now.date()


@dataclass(frozen=True)
class Weekly:
    """A job once a week, by the weeks of ISO 8601.

    weekday    the day, 0 is Monday; when that is no working day, the job is due on the next one
    time       the time of day
    grace      how many working days later a missed run is made up for, 0 to 4, so that no two weeks are due at once
    """

    weekday: int
    time: dt.time
    grace: int

    def on(self, day: dt.date, calendar: WorkingDays) -> list[Period]:
        """Return the period that begins on `day`, if there is one."""
        named = day
        while named.weekday() != self.weekday:
            named -= _A_DAY
        if named != day and (calendar.is_working_day(named) or calendar.add(named, 1) != day):
            return []
        if not calendar.is_working_day(day):
            return []
        year, week, _ = named.isocalendar()
        return [Period(f"{year}-W{week:02}", dt.datetime.combine(day, self.time))]

    def is_still_due(self, period: Period, now: dt.datetime, calendar: WorkingDays) -> bool:
        """Return whether a run for `period` is still useful: on a working day within the grace."""
        last = calendar.add(period.begins.date(), self.grace) if self.grace else period.begins.date()
        return now.date() <= last and calendar.is_working_day(now.date())


@dataclass(frozen=True)
class EachPass:
    """A job in every pass: it looks for what people have asked for since the last one. All its runs are one period."""

    def on(self, _day: dt.date, _calendar: WorkingDays) -> list[Period]:
        """Return the one period, which began long ago."""
        return [Period("each pass", dt.datetime(2000, 1, 1))]  # noqa: DTZ001  (London, as all are)

    def is_still_due(self, _period: Period, _now: dt.datetime, _calendar: WorkingDays) -> bool:
        """Return True."""
        return True


Timing = Daily | Weekly | EachPass


def newest(timing: Timing, now: dt.datetime, calendar: WorkingDays) -> Period | None:
    """Return the newest period that has begun by `now`; None when there was none for three weeks.

    Raises OutsideCalendar when the bank holidays known do not reach that far.
    """
    for back in range(_FARTHEST):
        begun = [each for each in timing.on(now.date() - back * _A_DAY, calendar) if each.begins <= now]
        if begun:
            return begun[-1]
    return None


def due(timing: Timing, now: dt.datetime, calendar: WorkingDays) -> Period | None:
    """Return the period for which the job is to run at `now`, if it has not; None when there is none.

    Of several that were missed it is the newest. Raises OutsideCalendar when the bank holidays known do not reach that
    far.
    """
    period = newest(timing, now, calendar)
    return period if period is not None and timing.is_still_due(period, now, calendar) else None


def coming(timing: Timing, now: dt.datetime, calendar: WorkingDays) -> Period | None:
    """Return the first period that begins after `now`; None when the bank holidays known do not reach it."""
    days = (now.date() + ahead * _A_DAY for ahead in range(_FARTHEST))
    later = (each for day in days if day <= calendar.last for each in timing.on(day, calendar) if each.begins > now)
    return next(later, None)


def before(timing: Timing, period: Period, calendar: WorkingDays) -> Period | None:
    """Return the period before `period`; None when there was none for three weeks."""
    return newest(timing, period.begins - dt.timedelta(microseconds=1), calendar)
