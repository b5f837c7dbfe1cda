"""What needs the Head of Service for Safeguarding today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.checks.decision import AGAINST_FACTS, FACT_NOT_KNOWN
from tracker_schema.checks.questions import DecisionAgainstFacts, Question, decision_against_facts, questions
from tracker_schema.clocks.results import State
from tracker_schema.columns.problems import Problem
from tracker_schema.incidents.guard import HEADING_GONE
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.memory import Change
from tracker_schema.mail.deadlines import (
    Deadline,
    not_watched,
    open_deadlines,
    statutory_first,
    unrecorded_deadlines,
)
from tracker_schema.mail.waiting import Paused, Waiting, paused, waiting

# The problems that parts of the list of their own are about.
_NAMED_ELSEWHERE = (FACT_NOT_KNOWN, AGAINST_FACTS, HEADING_GONE)


@dataclass(frozen=True)
class DailyList:
    """What needs the Head of Service for Safeguarding, the earliest first in each part.

    changes     what is gone or changed in the log since the last run
    overdue     deadlines that are past, the statutory ones first
    today       deadlines of today
    soon        deadlines that are due soon
    ask         dates on which to ask somebody that have come
    unrecorded  steps to remind of although the tracker has no column for their end
    questions   facts that decide who must be told and are not known, those first that stop a deadline
    decisions   decisions that the facts recorded contradict, those first for which no reason is recorded
    errors      other problems that keep a deadline from being worked out
    warnings    the number of all other problems
    waiting     open cases whose stage has no deadline
    paused      paused steps of reviews
    not_watched the labels of the clocks that the tracker has no column for; named once a week
    """

    changes: Sequence[Change]
    overdue: Sequence[Deadline]
    today: Sequence[Deadline]
    soon: Sequence[Deadline]
    ask: Sequence[Deadline]
    unrecorded: Sequence[Deadline]
    questions: Sequence[Question]
    decisions: Sequence[DecisionAgainstFacts]
    errors: Sequence[Problem]
    warnings: int
    waiting: Sequence[Waiting]
    paused: Sequence[Paused]
    not_watched: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs anybody today. What only waits, or has its reason recorded, needs nobody."""
        unexplained = any(not decision.explained for decision in self.decisions)
        deadlines = self.overdue or self.today or self.soon or self.ask or self.unrecorded
        return not (self.changes or deadlines or self.questions or unexplained or self.errors)


def daily_list(tracker: Tracker) -> DailyList:
    """Return everything that needs whoever keeps the tracker.

    Source: by the council's guidance that is the Head of Service for Safeguarding.
    """
    deadlines = open_deadlines(tracker)

    def in_state(state: State) -> list[Deadline]:
        return [deadline for deadline in deadlines if deadline.state == state]

    against = [decision_against_facts(incident) for incident in tracker.incidents if not incident.is_finished]
    others = [problem for problem in tracker.problems if problem.code not in _NAMED_ELSEWHERE]
    return DailyList(
        tracker.changes,
        statutory_first(in_state(State.OVERDUE)),
        in_state(State.DUE_TODAY),
        in_state(State.DUE_SOON),
        in_state(State.CHASE),
        unrecorded_deadlines(tracker),
        questions(tracker),
        sorted((decision for decision in against if decision), key=lambda decision: decision.explained),
        [problem for problem in others if problem.severity == "error"],
        sum(problem.severity == "warning" for problem in others),
        waiting(tracker),
        paused(tracker),
        not_watched(tracker) if begins_the_week(tracker.as_of, tracker.rules.days) else (),
    )


def begins_the_week(day: dt.date, days: WorkingDays) -> bool:
    """Return whether `day` is the first working day of its week: Monday, unless that is a bank holiday."""
    monday = day - dt.timedelta(days=day.weekday())
    before = (monday + dt.timedelta(days=number) for number in range(day.weekday()))
    return days.is_working_day(day) and not any(map(days.is_working_day, before))
