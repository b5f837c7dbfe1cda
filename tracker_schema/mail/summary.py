"""The week's summary for the Senior Leadership Team, as facts: what needs them first, then what is new, then how every
case is doing, and totals that add up to the tracker's own status columns.

A case is shown by its reference and who acts by role: a Summary holds no name, no date of birth and no free text.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tracker_schema.clocks.clocks import Clock, standard_clocks
from tracker_schema.clocks.results import State, anchor_of
from tracker_schema.columns.schema import INCIDENTS, SCOPING
from tracker_schema.incidents.guard import gone_headings
from tracker_schema.incidents.incident import COMPLETE, Incident, Tracker
from tracker_schema.incidents.memory import Change
from tracker_schema.incidents.reviews import (
    LocalReview,
    RapidReview,
    ends_rapid_review,
    is_of_local_review,
    is_of_rapid_review,
    local_review,
    rapid_review,
)
from tracker_schema.incidents.stages import current_stage, is_at_the_end, standard_process
from tracker_schema.mail.data_quality import DataQuality, data_quality
from tracker_schema.mail.deadlines import Deadline, not_watched, open_deadlines, statutory_first
from tracker_schema.mail.events import (
    Event,
    Key,
    decisions_against_facts,
    decisions_and_outcomes,
    kinds_of_notification,
    notifications,
)
from tracker_schema.mail.slt_meetings import Meetings
from tracker_schema.mail.totals import Totals, totals
from tracker_schema.mail.waiting import Paused, paused, waiting

AHEAD = dt.timedelta(days=14)
"""How far ahead the picture of the coming deadlines reaches."""

TO_BE_CLOSED = "Nothing more to do: to be closed"
STEPS_LEFT = "At the last stage, with steps or data problems left"
"""In place of a stage for cases at the last one: nothing more to do is said only of those that are complete."""
NO_REFERENCE = "Stage not known: no reference"
"""In place of a stage for rows without a reference, by which everything about a case is found."""


@dataclass(frozen=True, slots=True)
class LearningWaiting:
    """A completed review whose learning waits for a step.

    reference    the incident
    label        the step
    since        since when
    due          by when
    late         whether that is past
    """

    reference: str
    label: str
    since: dt.date
    due: dt.date
    late: bool


@dataclass(frozen=True, slots=True)
class NotDiscussed:
    """An open incident that SLT has not discussed since its last meeting; `last` is None for never."""

    reference: str
    last: dt.date | None


@dataclass(frozen=True)
class Summary:
    """Everything that the e-mail says, in its order.

    as_of            the day
    since            the day of the summary before
    meetings         the SLT meetings before and after the day
    changes          what is gone or changed in the log since the last run
    untold           the parts of this summary of which a part cannot be told, because headings are missing:
                     “deadlines”, “rapid reviews”, “local reviews”, “returns” and “learning”
    overdue          deadlines that are past, the statutory ones first
    due              deadlines up to the next meeting
    cannot_tell      open incidents of which a deadline cannot be worked out
    against_facts    decisions to report that the facts recorded contradict
    new              notifications to report, by kind
    since_then       decisions and outcomes to report
    stages           the number of open cases by the stage that they wait for
    waiting          the open cases whose stage has no deadline, by what they wait for
    paused           the paused steps of reviews
    rapid_reviews    rapid reviews under way, the one that is due first at the top
    local_reviews    local and national reviews under way, in the same order
    late_returns     scoping returns that are late
    learning         learning that waits, the longest wait first
    not_discussed    open incidents that SLT has not discussed; None when the tracker has no column for that
    data_quality     problems of the tracker, by who can correct them
    not_watched      the labels of the clocks that the tracker has no column for
    totals           the totals of the tracker's own columns
    coming           deadlines from today on, as far as AHEAD
    reported         the keys of all events that are reported once this summary is sent; the next one needs them
    """

    as_of: dt.date
    since: dt.date
    meetings: Meetings
    changes: Sequence[Change]
    untold: Sequence[str]
    overdue: Sequence[Deadline]
    due: Sequence[Deadline]
    cannot_tell: Sequence[str]
    against_facts: Sequence[Event]
    new: Mapping[str, Sequence[Event]]
    since_then: Sequence[Event]
    stages: Mapping[str, int]
    waiting: Mapping[str, Sequence[str]]
    paused: Sequence[Paused]
    rapid_reviews: Sequence[RapidReview]
    local_reviews: Sequence[LocalReview]
    late_returns: Sequence[Deadline]
    learning: Sequence[LearningWaiting]
    not_discussed: Sequence[NotDiscussed] | None
    data_quality: Sequence[DataQuality]
    not_watched: Sequence[str]
    totals: Totals
    coming: Sequence[Deadline]
    reported: frozenset[Key]

    @property
    def notified(self) -> int:
        """The number of new notifications."""
        return sum(map(len, self.new.values()))


def summarise(tracker: Tracker, meetings: Meetings, since: dt.date, reported: Collection[Key] | None) -> Summary:
    """Return the summary of the tracker.

    `since` is the day of the last summary, and `reported` are the keys it had as its own `reported`; None when they
    were not kept. Source: the council's guidance has SLT discuss critical incidents weekly, new notifications and the
    outcomes of action above all.
    """
    as_of, deadlines = tracker.as_of, open_deadlines(tracker)
    of_council = [deadline for deadline in deadlines if deadline.sheet != SCOPING]
    to_come = (State.RUNNING, State.DUE_SOON, State.DUE_TODAY)
    notified, decided = notifications(tracker), decisions_and_outcomes(tracker)
    against_facts = decisions_against_facts(tracker)
    return Summary(
        as_of,
        since,
        meetings,
        tracker.changes,
        _untold(tracker),
        statutory_first(deadline for deadline in of_council if deadline.overdue),
        [deadline for deadline in of_council if deadline.state in to_come and deadline.due <= meetings.next],
        [incident.shown_reference for incident in tracker.incidents if _cannot_tell(incident)],
        [event for event in against_facts if _is_to_report_once(event, since, reported)],
        _by_kind(_new(notified, since, reported)),
        _new(decided, since, reported),
        _by_stage(tracker),
        _by_what(tracker),
        paused(tracker),
        _due_first(rapid for incident in tracker.incidents if (rapid := rapid_review(incident))),
        _due_first(local for incident in tracker.incidents if (local := local_review(incident))),
        [deadline for deadline in deadlines if deadline.overdue and deadline.sheet == SCOPING],
        _learning(tracker),
        _not_discussed(tracker, meetings.last),
        data_quality(tracker),
        not_watched(tracker),
        totals(tracker),
        [deadline for deadline in deadlines if as_of <= deadline.due <= as_of + AHEAD],
        frozenset(event.key for event in (*notified, *decided, *against_facts)),
    )


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
    parts |= {"rapid reviews" for clock in clocks if is_of_rapid_review(clock)}
    parts |= {"local reviews" for clock in clocks if is_of_local_review(clock)}
    parts |= {"returns" for clock in clocks if clock.sheet == SCOPING}
    parts |= {"learning" for clock in clocks if clock.mail == "learning"}
    return tuple(sorted(parts))


def _runs_untimed(clock: Clock, tracker: Tracker) -> bool:
    """Return whether the clock has begun on an open incident, and the tracker has no column that says when it ends."""
    columns = tracker.rows.sheets[INCIDENTS].numbers
    if any(column in columns for column in clock.stop):
        return False
    return any(anchor_of(clock, incident)[0] for incident in tracker.incidents if not incident.is_finished)


def _cannot_tell(incident: Incident) -> bool:
    states = (result.state for result in incident.clocks.values())
    return not incident.is_finished and (incident.has_error or State.CANNOT_TELL in states)


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


def _by_stage(tracker: Tracker) -> dict[str, int]:
    """Return the number of open cases by stage, in the order of the process; stages without any are left out."""
    counts = Counter(map(stage_in_words, tracker.open_incidents))
    counts[NO_REFERENCE] = sum(not (incident.reference or incident.is_finished) for incident in tracker.incidents)
    labels = (*(stage.label for stage in standard_process().stage[:-1]), STEPS_LEFT, TO_BE_CLOSED, NO_REFERENCE)
    return {label: counts[label] for label in labels if counts[label]}


def stage_in_words(incident: Incident) -> str:
    """Return the stage of an open incident, as the summary and the paper for SLT name it."""
    if not incident.reference:
        return NO_REFERENCE
    if incident.status == COMPLETE:
        return TO_BE_CLOSED
    return STEPS_LEFT if is_at_the_end(incident) else current_stage(incident).label


def _by_what(tracker: Tracker) -> dict[str, list[str]]:
    """Return the references of the cases that wait without a deadline, by what they wait for."""
    found: dict[str, list[str]] = {}
    for each in waiting(tracker):
        found.setdefault(each.what, []).append(each.reference)
    return found


R = TypeVar("R", RapidReview, LocalReview)


def _due_first(reviews: Iterable[R]) -> list[R]:
    return sorted(reviews, key=lambda review: review.due or dt.date.max)


def _learning(tracker: Tracker) -> list[LearningWaiting]:
    waiting = [
        LearningWaiting(incident.shown_reference, clock.label, result.anchor, result.due, result.state == State.OVERDUE)
        for clock in tracker.rules.clocks
        if clock.mail == "learning"
        for incident in tracker.incidents
        if not incident.is_closed and (result := incident.clocks.get(clock.id)) and result.is_open
        if result.anchor and result.due
    ]
    return sorted(waiting, key=lambda learning: learning.since)


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
