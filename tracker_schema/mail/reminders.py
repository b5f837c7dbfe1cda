"""What people are to be reminded of today: the Head of Service for Safeguarding of everything, the Heads of Service of
a decision that is missing on day 4, and an operational Head of Service of a referral.

No free text is repeated: of what the Heads of Service need for their meeting it is only said which of it is missing.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.results import State
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.mail.chasers import MAKE_UP
from tracker_schema.mail.steps import Step, open_steps, shown_reference, worst_first
from tracker_schema.old_assessment import Assessment, SheetAssessment
from tracker_schema.old_clocks import Reading, deadline


class CallStage(enum.Enum):
    """Where the call to the Heads of Service has come to; the standard is day 3, 4 and 5."""

    WARNED = "warned"
    CALLED = "called"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that the meeting needs, by its heading in the tracker, and whether the tracker has it."""

    heading: str
    recorded: bool


@dataclass(frozen=True, slots=True)
class Call:
    """The call to the Heads of Service about a case without a decision.

    `met` says whether they have met all the same; `head` is the Operational Head of Service as the tracker has them,
    “” where it has none; `meet_by` the day by which the Heads meet; `panel_by` by when the Panel would have to be
    notified, None where no clock for that runs.
    """

    reference: str
    head: str
    stage: CallStage
    met: bool
    meet_by: dt.date
    panel_by: dt.date | None
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Referral:
    """A CSPR referral of which the operational Head of Service (`head`, as in Call) has not been told."""

    reference: str
    head: str
    referred: dt.date


@dataclass(frozen=True)
class DailyList:
    """What needs the Head of Service for Safeguarding, the earliest first in each part, statutory steps before others
    of those that are overdue.

    `ask` are steps whose day to ask somebody has come, `errors` the problems that keep a deadline from being worked
    out, and `warnings` how many others there are.
    """

    overdue: Sequence[Step]
    today: Sequence[Step]
    soon: Sequence[Step]
    ask: Sequence[Step]
    errors: Sequence[Problem]
    warnings: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs anybody today."""
        return not (self.overdue or self.today or self.soon or self.ask or self.errors)


def daily_list(assessment: Assessment, rules: Rules) -> DailyList:
    """Everything that needs the Head of Service for Safeguarding, who by the council's guidance keeps the tracker."""
    steps = open_steps(assessment, rules)

    def of(state: State) -> list[Step]:
        return [step for step in steps if step.state == state]

    problems = [problem for sheet in assessment.sheets.values() for problem in sheet.problems]
    return DailyList(
        worst_first(of(State.OVERDUE)),
        of(State.DUE_TODAY),
        of(State.DUE_SOON),
        of(State.CHASE),
        [problem for problem in problems if problem.severity == "error"],
        sum(problem.severity == "warning" for problem in problems),
    )


def begins_the_week(day: dt.date, rules: Rules) -> bool:
    """Whether `day` is the first working day of its week: a Monday, unless that is a bank holiday."""
    monday = day - dt.timedelta(days=day.weekday())
    before = (monday + dt.timedelta(days=number) for number in range(day.weekday()))
    return rules.days.is_working_day(day) and not any(map(rules.days.is_working_day, before))


def calls(assessment: Assessment) -> list[Call]:
    """The calls that are due about cases without a decision. Whether one was made already, the ledger knows.

    The council's guidance has the Heads of Service meet when there is no decision by day 4. A call ends with a
    decision and with nothing else: where they have met and not decided, that is what it says.
    """
    sheet = assessment.sheets[INCIDENTS]
    clocks = [sheet.readings.get(clock) for clock in ("heads_of_service_meet", "decide_threshold")]
    readings = [reading for reading in clocks if reading]
    if not readings:
        return []
    reading, facts = readings[0], sheet.facts
    decided = facts.filled("decision") | facts.filled("decision_date")
    before_start = np.any([each.is_in(State.BEFORE_START) for each in readings], axis=0)
    waiting = ~decided & ~facts.closed & ~np.isnat(reading.due) & ~before_start
    found = []
    for position in np.flatnonzero(waiting).tolist():
        stage = _call_stage(reading, position, assessment.as_of)
        if stage:
            found.append(_call(sheet, reading, position, stage))
    return found


def _call_stage(reading: Reading, position: int, as_of: dt.date) -> CallStage | None:
    left, due = int(reading.left[position]), reading.due[position].astype(object)
    if due > as_of:
        return CallStage.WARNED if left == 1 else None
    if due == as_of:
        return CallStage.CALLED
    return CallStage.REPEATED if 0 < -left <= MAKE_UP else None


def _call(sheet: SheetAssessment, reading: Reading, position: int, stage: CallStage) -> Call:
    panel = sheet.readings.get("notify_panel")
    panel_by = panel.due[position] if panel and panel.open[position] else np.datetime64("NaT", "D")
    needs = (
        Need(sheet.facts.read.heading(column), bool(sheet.facts.filled(column)[position]))
        for column in (column.id for column in tracker_schema().sheets[INCIDENTS].column if column.needed_for)
    )
    return Call(
        shown_reference(sheet, position),
        _head(sheet, position),
        stage,
        bool(sheet.facts.filled("heads_met")[position]),
        reading.due[position].astype(object),
        None if np.isnat(panel_by) else panel_by.astype(object),
        tuple(needs),
    )


def referrals(assessment: Assessment, rules: Rules) -> list[Referral]:
    """The CSPR referrals of which the operational Head of Service is to be told, so that the practitioner is supported
    through the process, as the council's guidance says. None where config.toml switches that clock off.

    A tracker without a column for when they were told does not keep it from them: the ledger knows whether it went.
    """
    sheet, facts = assessment.sheets[INCIDENTS], assessment.sheets[INCIDENTS].facts
    clock = next((clock for clock in rules.clocks if clock.id == "tell_operational_head"), None)
    if clock is None:
        return []
    referred = facts.column("cspr_referred").values
    due = deadline(clock, referred, rules.calendar(clock))
    recent = ~np.isnat(due) & (rules.days.left(assessment.as_of, due) >= -MAKE_UP)
    if rules.start_from:
        recent &= due >= np.datetime64(rules.start_from)
    wanted = recent & ~facts.filled("operational_head_told") & ~sheet.facts.closed
    return [
        Referral(shown_reference(sheet, position), _head(sheet, position), referred[position].astype(object))
        for position in np.flatnonzero(wanted).tolist()
    ]


def _head(sheet: SheetAssessment, position: int) -> str:
    return sheet.facts.column("operational_head").values[position] or ""
