"""The week's summary for the Senior Leadership Team, as facts: a line for each open case, and what the lines leave out.

Each open deadline is in one part only. A case is shown by its reference and who acts by role: a Summary holds no name,
no date of birth and no free text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker_schema.checks.decision import AGAINST_FACTS, FACT_NOT_KNOWN
from tracker_schema.clocks.clocks import Clock, standard_clocks
from tracker_schema.clocks.results import State, anchor_of
from tracker_schema.columns.schema import INCIDENTS, SCOPING
from tracker_schema.incidents.guard import HEADING_GONE, gone_headings
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.incidents.memory import Change
from tracker_schema.incidents.reviews import (
    Review,
    ends_rapid_review,
    is_of_local_review,
    is_of_rapid_review,
    reviews,
)
from tracker_schema.mail.case_lines import CaseLine, CaseState, case_lines, next_step
from tracker_schema.mail.deadlines import Deadline, not_watched, open_deadlines, statutory_first
from tracker_schema.mail.escalations import Escalation, escalations
from tracker_schema.mail.events import (
    LOGGED,
    Event,
    Key,
    decisions_against_facts,
    decisions_and_outcomes,
    kinds_of_notification,
    notifications,
)
from tracker_schema.mail.slt_meetings import Meetings
from tracker_schema.mail.totals import Totals, totals

AHEAD = dt.timedelta(days=14)
"""How far ahead the picture of the coming deadlines reaches."""

NO_HEADING, NOT_READABLE = "a heading is gone", "a date or another entry is missing or cannot be read"
AGAINST, UNKNOWN = "a decision is against the facts recorded", "a fact is not known"


@dataclass(frozen=True, slots=True)
class NotDiscussed:
    """An open incident that SLT has not discussed since its last meeting; `last` is None for never."""

    reference: str
    last: dt.date | None


@dataclass(frozen=True)
class Summary:
    """Everything that the e-mail says.

    as_of            the day
    since            the day of the summary before
    compared         whether it is known how each case was then
    meetings         the SLT meetings before and after the day
    changes          what is gone or changed in the log since the last run
    untold           the parts of this summary of which a part cannot be told, because headings are missing:
                     “deadlines”, “reviews”, “returns” and “learning”
    cases            a line for each open case, what needs SLT at the top
    overdue          every step, return and action that is past its day, the statutory ones first
    may_be_overdue   statutory steps whose day is past and which a fact that is not known decides
    due              what is due from today on and before the meeting after next
    besides          those of both, and the dates to ask on that have come, that no line, no review and no other part
                     names, the statutory ones first
    cannot_tell      by the reason, the open cases of which a deadline cannot be worked out
    against_facts    decisions to report that the facts recorded contradict
    new              notifications to report, by kind
    since_then       decisions and outcomes to report
    reviews          reviews under way, the one that is due first at the top
    late_returns     scoping returns that are late
    learning         learning that waits to be shared and that no line names
    not_discussed    open incidents that SLT has not discussed; None when the tracker has no column for that
    not_watched      the labels of the clocks that the tracker has no column for
    totals           the totals of the tracker's own columns
    coming           deadlines from today on, as far as AHEAD
    reported         the keys of all events that are reported once this summary is sent; the next one needs them
    """

    as_of: dt.date
    since: dt.date
    compared: bool
    meetings: Meetings
    changes: Sequence[Change]
    untold: Sequence[str]
    cases: Sequence[CaseLine]
    overdue: Sequence[Deadline]
    may_be_overdue: Sequence[Escalation]
    due: Sequence[Deadline]
    besides: Sequence[Deadline]
    cannot_tell: Mapping[str, Sequence[str]]
    against_facts: Sequence[Event]
    new: Mapping[str, Sequence[Event]]
    since_then: Sequence[Event]
    reviews: Sequence[Review]
    late_returns: Sequence[Deadline]
    learning: Sequence[Deadline]
    not_discussed: Sequence[NotDiscussed] | None
    not_watched: Sequence[str]
    totals: Totals
    coming: Sequence[Deadline]
    reported: frozenset[Key]

    @property
    def notified(self) -> int:
        """The number of new notifications."""
        return sum(map(len, self.new.values()))


def summarise(
    tracker: Tracker,
    meetings: Meetings,
    since: dt.date,
    reported: Collection[Key] | None,
    before: Mapping[str, CaseState] | None = None,
) -> Summary:
    """Return the summary of the tracker.

    `since` is the day of the last summary, `reported` are the keys it had as its own `reported`, and `before` is what
    it had as the state of each case, by reference in small letters; None when they were not kept. Source: the council's
    guidance has SLT discuss critical incidents weekly, new notifications and the outcomes of action above all. What is
    due before the meeting after next cannot wait for it.
    """
    as_of = tracker.as_of
    deadlines = [deadline for deadline in open_deadlines(tracker) if not deadline.is_discussion]
    notified, decided = notifications(tracker), decisions_and_outcomes(tracker)
    against_facts = decisions_against_facts(tracker)
    new = _by_kind(_new(notified, since, reported))
    first_seen = {event.key[0] for kind in (kinds_of_notification()[0], LOGGED) for event in new[kind]}
    cases = case_lines(tracker, before, first_seen)
    overdue = statutory_first(deadline for deadline in deadlines if deadline.overdue)
    due = [each for each in deadlines if as_of <= each.due < meetings.after_next]
    to_ask = [each for each in deadlines if each.due < as_of and not each.overdue]
    under_way = sorted(
        (review for incident in tracker.incidents for review in reviews(incident)),
        key=lambda review: review.due or dt.date.max,
    )
    of_lines = {
        (incident.position, step.clock.id)
        for incident in tracker.incidents
        if not incident.is_finished and (step := next_step(incident))
    }
    others = [each for each in deadlines if each.step not in of_lines]
    of_reviews = {(review.position, review.clock) for review in under_way if review.clock}
    return Summary(
        as_of,
        since,
        before is not None,
        meetings,
        tracker.changes,
        _untold(tracker),
        cases,
        overdue,
        [each for each in escalations(tracker) if each.unknown],
        due,
        [
            each
            for each in (*overdue, *statutory_first(due), *to_ask)
            if each in others and each.step not in of_reviews and not _has_a_part(each)
        ],
        _cannot_tell(tracker),
        [event for event in against_facts if _is_to_report_once(event, since, reported)],
        new,
        _new(decided, since, reported),
        under_way,
        [each for each in overdue if each.sheet == SCOPING],
        [each for each in others if _is_of_learning(each)],
        _not_discussed(tracker, meetings.last),
        not_watched(tracker),
        totals(tracker),
        [deadline for deadline in deadlines if as_of <= deadline.due <= as_of + AHEAD],
        frozenset(event.key for event in (*notified, *decided, *against_facts)),
    )


def _has_a_part(deadline: Deadline) -> bool:
    """Return whether the deadline is among the late returns or the learning."""
    return (deadline.sheet == SCOPING and deadline.overdue) or _is_of_learning(deadline)


def _is_of_learning(deadline: Deadline) -> bool:
    return deadline.clock is not None and deadline.clock.mail == "learning"


def _untold(tracker: Tracker) -> tuple[str, ...]:
    """Return the parts of the summary of which something cannot be told, because headings or a sheet are missing.

    They are gone since the last run, or they never were there and a step that they would time has begun.
    """
    gone = gone_headings(tracker.before, tracker.rows)
    clocks = [
        clock
        for clock in tracker.rules.clocks
        if any(each.sheet == clock.sheet and each.column in clock.columns for each in gone)
        or ((ends_rapid_review(clock) or clock.mail == "learning") and _runs_untimed(clock, tracker))
    ]
    parts = {"deadlines"} if tracker.stopping_changes else set()
    parts |= {"reviews" for clock in clocks if is_of_rapid_review(clock) or is_of_local_review(clock)}
    parts |= {"returns" for clock in clocks if clock.sheet == SCOPING}
    parts |= {"learning" for clock in clocks if clock.mail == "learning"}
    return tuple(sorted(parts))


def _runs_untimed(clock: Clock, tracker: Tracker) -> bool:
    """Return whether the clock has begun on an open incident, and the tracker has no column that says when it ends."""
    columns = tracker.rows.sheets[INCIDENTS].numbers
    if any(column in columns for column in clock.stop):
        return False
    return any(anchor_of(clock, incident)[0] for incident in tracker.incidents if not incident.is_finished)


def _cannot_tell(tracker: Tracker) -> dict[str, list[str]]:
    """Return the open cases of which a deadline cannot be worked out, each under its first reason."""
    found: dict[str, list[str]] = {reason: [] for reason in (NO_HEADING, NOT_READABLE, AGAINST, UNKNOWN)}
    for incident in tracker.incidents:
        states = (result.state for result in incident.clocks.values())
        if not incident.is_finished and (incident.has_error or State.CANNOT_TELL in states):
            found[_reason(incident)].append(incident.shown_reference)
    return {reason: cases for reason, cases in found.items() if cases}


def _reason(incident: Incident) -> str:
    codes = {problem.code for problem in incident.problems if problem.severity == "error"}
    if HEADING_GONE in codes:
        return NO_HEADING
    if codes - {AGAINST_FACTS, FACT_NOT_KNOWN}:
        return NOT_READABLE
    if AGAINST_FACTS in codes:
        return AGAINST
    return UNKNOWN if FACT_NOT_KNOWN in codes else NOT_READABLE


def _new(events: Iterable[Event], since: dt.date, reported: Collection[Key] | None) -> list[Event]:
    """Return the events to report, the earliest first; those without a date come last."""
    new = [event for event in events if event.is_new(since, reported)]
    return sorted(new, key=lambda event: event.day or dt.date.max)


def _is_to_report_once(event: Event, since: dt.date, reported: Collection[Key] | None) -> bool:
    """Return whether a decision is to be reported that was not before.

    While its case is open, it is however old it is: nobody may have seen it yet.
    """
    is_recent = event.day is not None and event.day >= since
    return event.key not in (reported or ()) and (is_recent or not event.closed)


def _by_kind(notified: Sequence[Event]) -> dict[str, list[Event]]:
    return {kind: [event for event in notified if event.what == kind] for kind in kinds_of_notification()}


def _not_discussed(tracker: Tracker, last_meeting: dt.date) -> list[NotDiscussed] | None:
    column = next(clock.anchor[0] for clock in standard_clocks() if clock.mail == "discussion")
    if column not in tracker.rows.sheets[INCIDENTS].numbers:
        return None
    found = [
        NotDiscussed(incident.shown_reference, incident.date(column))
        for incident in tracker.incidents
        if not incident.is_finished and (incident.date(column) or dt.date.min) < last_meeting
    ]
    return sorted(found, key=lambda each: each.last or dt.date.min)
