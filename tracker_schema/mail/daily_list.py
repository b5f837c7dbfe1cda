"""What needs the Head of Service for Safeguarding today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.clocks.results import State
from tracker_schema.columns.problems import Problem
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.deadlines import Deadline, open_deadlines, statutory_first


@dataclass(frozen=True)
class DailyList:
    """What needs the Head of Service for Safeguarding, the earliest first in each part.

    overdue     deadlines that are past, the statutory ones first
    today       deadlines of today
    soon        deadlines that are due soon
    ask         dates on which to ask somebody that have come
    errors      problems that keep a deadline from being worked out
    warnings    the number of other problems
    """

    overdue: Sequence[Deadline]
    today: Sequence[Deadline]
    soon: Sequence[Deadline]
    ask: Sequence[Deadline]
    errors: Sequence[Problem]
    warnings: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs anybody today."""
        return not (self.overdue or self.today or self.soon or self.ask or self.errors)


def daily_list(tracker: Tracker) -> DailyList:
    """Return everything that needs whoever keeps the tracker.

    Source: by the council's guidance that is the Head of Service for Safeguarding.
    """
    deadlines = open_deadlines(tracker)

    def in_state(state: State) -> list[Deadline]:
        return [deadline for deadline in deadlines if deadline.state == state]

    return DailyList(
        statutory_first(in_state(State.OVERDUE)),
        in_state(State.DUE_TODAY),
        in_state(State.DUE_SOON),
        in_state(State.CHASE),
        [problem for problem in tracker.problems if problem.severity == "error"],
        sum(problem.severity == "warning" for problem in tracker.problems),
    )


def begins_the_week(day: dt.date, days: WorkingDays) -> bool:
    """Return whether `day` is the first working day of its week: Monday, unless that is a bank holiday."""
    monday = day - dt.timedelta(days=day.weekday())
    before = (monday + dt.timedelta(days=number) for number in range(day.weekday()))
    return days.is_working_day(day) and not any(map(days.is_working_day, before))
