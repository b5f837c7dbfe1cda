"""The week's summary for the Senior Leadership Team, as facts: what needs them first, then what is new, then how all
stands, and totals that add up to the tracker's own status columns.

A case is its reference and who acts is a role: no name, no date of birth and no free text is in a Summary.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker_schema.case import Case, open_cases
from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING
from tracker_schema.incidents.incident import BEFORE_START, CLOSED
from tracker_schema.mail.happenings import (
    Happening,
    Key,
    decisions_and_outcomes,
    notifications,
    told_as_new,
)
from tracker_schema.mail.reviews import (
    LearningWaiting,
    LocalReview,
    RapidReview,
    learning_waiting,
    local_reviews,
    rapid_reviews,
)
from tracker_schema.mail.slt_meetings import Meetings
from tracker_schema.mail.steps import Step, open_steps, shown_reference, worst_first
from tracker_schema.mail.to_mend import ToMend, to_mend
from tracker_schema.old_assessment import Assessment, SheetAssessment
from tracker_schema.old_stages import Standing, stages_of, standard_process

# How far ahead the picture of the coming deadlines looks.
AHEAD = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class NotDiscussed:
    """An open incident that SLT has not discussed since its last meeting; `last` is None for never."""

    reference: str
    last: dt.date | None


@dataclass(frozen=True)
class Totals:
    """What the tracker's own columns add up to: how many rows of each sheet have which status.

    A status that no row has is left out. `steps_overdue` are those that the Overdue steps of all open rows name.
    """

    incidents: Mapping[str, int]
    returns: Mapping[str, int]
    actions: Mapping[str, int]
    steps_overdue: int

    @property
    def logged(self) -> int:
        """How many incidents the tracker has."""
        return sum(self.incidents.values())

    @property
    def open(self) -> int:
        """How many of them ask something of somebody: those that are neither closed nor of before the start."""
        return sum(self.open_by_status.values())

    @property
    def open_by_status(self) -> Mapping[str, int]:
        """How many of the open ones have which status."""
        return {status: count for status, count in self.incidents.items() if status not in (CLOSED, BEFORE_START)}


@dataclass(frozen=True)
class Summary:
    """Everything the e-mail says, in its order.

    `since` is the day of the summary before. `cannot_tell` are the open incidents of which a deadline cannot be worked
    out. `coming` are the steps that fall due from today on within AHEAD.
    `not_discussed` is None when the tracker has no column for that.
    """

    as_of: dt.date
    since: dt.date
    meetings: Meetings
    overdue: Sequence[Step]
    due: Sequence[Step]
    cannot_tell: Sequence[str]
    new: Mapping[str, Sequence[Happening]]
    since_then: Sequence[Happening]
    stages: Mapping[str, int]
    rapid_reviews: Sequence[RapidReview]
    local_reviews: Sequence[LocalReview]
    late_returns: Sequence[Step]
    learning: Sequence[LearningWaiting]
    not_discussed: Sequence[NotDiscussed] | None
    to_mend: Sequence[ToMend]
    totals: Totals
    coming: Sequence[Step]
    told: frozenset[Key]
    """What this summary takes as told once it has been sent; the next one needs it."""

    @property
    def notified(self) -> int:
        """How many notifications are new."""
        return sum(map(len, self.new.values()))


def summarise(
    assessment: Assessment, rules: Rules, meetings: Meetings, since: dt.date, told: Collection[Key] | None
) -> Summary:
    """The summary of the tracker as it was assessed.

    `since` is the day of the last summary and `told` what was told by then, as its own `told` had it; None when that
    was not kept. The council's guidance has SLT discuss critical incidents weekly, new notifications and the outcomes
    of action above all.
    """
    incidents = assessment.sheets[INCIDENTS]
    steps = open_steps(assessment, rules)
    overdue = [step for step in steps if step.overdue and step.sheet != SCOPING]
    due = [
        step
        for step in steps
        if step.state in (State.RUNNING, State.DUE_SOON, State.DUE_TODAY)
        and step.due <= meetings.next
        and step.sheet != SCOPING
    ]
    notified, decided = notifications(assessment), decisions_and_outcomes(assessment)
    return Summary(
        assessment.as_of,
        since,
        meetings,
        worst_first(overdue),
        due,
        _cannot_tell(incidents),
        _by_type(_new(notified, since, told)),
        _new(decided, since, told),
        _by_stage(assessment),
        rapid_reviews(incidents),
        local_reviews(incidents),
        [step for step in steps if step.overdue and step.sheet == SCOPING],
        learning_waiting(incidents),
        _not_discussed(incidents, meetings.last),
        to_mend(assessment),
        _totals(assessment),
        [step for step in steps if assessment.as_of <= step.due <= assessment.as_of + AHEAD],
        frozenset(happening.key for happening in (*notified, *decided)),
    )


def _new(happenings: Iterable[Happening], since: dt.date, told: Collection[Key] | None) -> list[Happening]:
    """Those that are to be told, the earliest first; what has no date comes last."""
    new = [happening for happening in happenings if happening.is_new(since, told)]
    return sorted(new, key=lambda happening: happening.day or dt.date.max)


TO_BE_CLOSED = "Nothing more: to be closed"
NO_REFERENCE = "Cannot be told: no reference"
"""What stands in place of a stage for rows without a reference, by which all that is about a case is found."""


def _by_stage(assessment: Assessment) -> dict[str, int]:
    """How many open cases wait for which stage, in the order of the process; stages without any are left out."""
    counts = Counter(_stage_of(case) for case in open_cases(assessment))
    incidents = assessment.sheets[INCIDENTS]
    nameless = ~incidents.facts.column("reference").values.astype(bool)
    counts[NO_REFERENCE] = int((~incidents.at_rest & nameless).sum())
    labels = (*(stage.label for stage in standard_process().stage[:-1]), TO_BE_CLOSED, NO_REFERENCE)
    return {label: counts[label] for label in labels if counts[label]}


def _stage_of(case: Case) -> str:
    here = next(each.stage for each in stages_of(case) if each.standing is Standing.HERE)
    return TO_BE_CLOSED if here == standard_process().stage[-1] else here.label


def _by_type(notified: Sequence[Happening]) -> dict[str, list[Happening]]:
    return {kind: [each for each in notified if each.what == kind] for kind in told_as_new()}


def _cannot_tell(incidents: SheetAssessment) -> list[str]:
    wanted = np.zeros(len(incidents.facts), bool)
    for problem in incidents.problems:
        if problem.severity == "error" and problem.position is not None:
            wanted[problem.position] = True
    for reading in incidents.readings.values():
        wanted |= reading.is_in(State.CANNOT_TELL)
    positions = np.flatnonzero(wanted & ~incidents.at_rest).tolist()
    return [shown_reference(incidents, position) for position in positions]


def _not_discussed(incidents: SheetAssessment, last_meeting: dt.date) -> list[NotDiscussed] | None:
    if not incidents.facts.has("slt_discussed"):
        return None
    days = incidents.facts.column("slt_discussed").values
    waiting = ~incidents.at_rest & ~(days >= np.datetime64(last_meeting))
    found = [
        NotDiscussed(
            shown_reference(incidents, position),
            None if np.isnat(days[position]) else days[position].astype(object),
        )
        for position in np.flatnonzero(waiting).tolist()
    ]
    return sorted(found, key=lambda each: each.last or dt.date.min)


def _totals(assessment: Assessment) -> Totals:
    incidents = assessment.sheets[INCIDENTS]
    steps = sum(
        int((reading.is_in(State.OVERDUE) & ~incidents.facts.closed).sum()) for reading in incidents.readings.values()
    )
    return Totals(
        _counts(assessment, INCIDENTS, "status"),
        _counts(assessment, SCOPING, "return_status"),
        _counts(assessment, ACTIONS, "action_status"),
        steps,
    )


def _counts(assessment: Assessment, sheet_id: str, column: str) -> dict[str, int]:
    """How many rows have which status, in the order of the schema's choices."""
    sheet = assessment.sheets.get(sheet_id)
    if sheet is None:
        return {}
    counts = Counter(sheet.status.get(column, ()))
    order = sheet.facts.read.sheet.columns[column].choices
    return {status: counts[status] for status in order if counts[status]}
