"""The jobs that run_schedule runs, with their options: at times of the timetable, or in each pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.adapters.settings.mail_settings import ScheduleSettings
from tracker_schema.mail.periods import Daily, EachPass, Period, Timing, Weekly
from tracker_schema.wording import DAYS

_TIDYING_UP = Weekly(weekday=2, time=dt.time(5, 0), grace=2)


@dataclass(frozen=True)
class Job:
    """One job of the timetable.

    name             it is run as `python -m scripts.NAME`
    timing           its periods
    options          its options in every run
    names_the_week   whether the run also gets --week
    """

    name: str
    timing: Timing
    options: tuple[str, ...] = ()
    names_the_week: bool = False

    @property
    def is_in_each_pass(self) -> bool:
        """Whether every pass runs it, whatever became of the run before."""
        return isinstance(self.timing, EachPass)

    def arguments(self, period: Period) -> Sequence[str]:
        """Return its options for `period`."""
        return (*self.options, "--week", period.name) if self.names_the_week else self.options


def in_each_pass() -> list[Job]:
    """Return the jobs that are run in every pass, after those of the timetable."""
    return [Job("read_returns", EachPass(), ("--returned",)), Job("make_document", EachPass(), ("--asked",))]


def timetable(settings: ScheduleSettings) -> list[Job]:
    """Return the jobs of `settings`, in the order in which they are run when several are due."""
    jobs = []
    if settings.check_tracker:
        jobs.append(Job("check_tracker", Daily(_times(settings.check_tracker))))
    if settings.send_reminders:
        jobs.append(Job("send_reminders", Daily(_times(settings.send_reminders), working_days_only=True)))
    if settings.weekly_summary != "never":
        weekday, _, time = settings.weekly_summary.partition(" ")
        timing = Weekly(DAYS.index(weekday), dt.time.fromisoformat(time), settings.summary_grace)
        # A summary that is late by a weekend or a bank holiday is still that of its own week.
        jobs.append(Job("weekly_summary", timing, names_the_week=True))
    jobs.append(Job("ledger", _TIDYING_UP, ("--tidy",)))
    return jobs


def _times(texts: Sequence[str]) -> tuple[dt.time, ...]:
    return tuple(dt.time.fromisoformat(text) for text in texts)
