"""The reviews under way with their dates, and the learning that waits for its meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker_schema.clocks.results import State
from tracker_schema.mail.steps import shown_reference
from tracker_schema.old_assessment import SheetAssessment
from tracker_schema.old_facts import Mask

_NATIONAL = "National review"


@dataclass(frozen=True, slots=True)
class RapidReview:
    """A rapid review that is not at its end: when the Panel was notified, when the review is due, was completed and
    was sent; None for what has not been. `late` when the review is overdue, `ask` when the Panel is to be asked for
    its reply.
    """

    reference: str
    notified: dt.date | None
    due: dt.date | None
    completed: dt.date | None
    sent: dt.date | None
    late: bool
    ask: bool


@dataclass(frozen=True, slots=True)
class LocalReview:
    """A local or national review that has been decided and not published: its kind, form (None: not recorded) and
    dates; None for what has not been. `late` when it should have been published.
    """

    reference: str
    kind: str
    form: str | None
    decided: dt.date | None
    due: dt.date | None
    completed: dt.date | None
    late: bool

    @property
    def national(self) -> bool:
        """Whether it is the national Panel's review; this council publishes none then."""
        return self.kind == _NATIONAL


@dataclass(frozen=True, slots=True)
class LearningWaiting:
    """A completed review whose learning waits: for which step, since when, and by when that is due."""

    reference: str
    label: str
    since: dt.date
    due: dt.date
    late: bool


_RAPID_REVIEW = ("rapid_review", "send_rapid_review", "panel_reply")
_LEARNING = ("discuss_at_extended_dlt", "share_learning")


def rapid_reviews(incidents: SheetAssessment) -> list[RapidReview]:
    """Every rapid review of an open incident that still has a step open, the one due first first."""
    under_way = _any_open(incidents, _RAPID_REVIEW)
    found = [
        RapidReview(
            shown_reference(incidents, position),
            _date(incidents, "panel_notified", position),
            _due(incidents, "rapid_review", position),
            _date(incidents, "rapid_review_completed", position),
            _date(incidents, "rapid_review_sent", position),
            _is(incidents, "rapid_review", position, State.OVERDUE),
            _is(incidents, "panel_reply", position, State.CHASE),
        )
        for position in np.flatnonzero(under_way).tolist()
    ]
    return sorted(found, key=lambda review: review.due or dt.date.max)


def local_reviews(incidents: SheetAssessment) -> list[LocalReview]:
    """Every local or national review of an open incident that has not been published, the one due first first.

    A national review has no date by which this council must publish it.
    """
    facts = incidents.facts
    reviewed = facts.is_one_of("review_decision", "Local review", _NATIONAL)
    found = [
        LocalReview(
            shown_reference(incidents, position),
            facts.column("review_decision").values[position],
            facts.column("review_form").values[position],
            _date(incidents, "review_decided", position),
            _due(incidents, "publish_local_review", position),
            _date(incidents, "review_completed", position),
            _is(incidents, "publish_local_review", position, State.OVERDUE),
        )
        for position in np.flatnonzero(reviewed & ~facts.filled("review_published") & ~incidents.at_rest).tolist()
    ]
    return sorted(found, key=lambda review: review.due or dt.date.max)


def learning_waiting(incidents: SheetAssessment) -> list[LearningWaiting]:
    """The learning of every open incident that waits for Extended DLT or for the team meetings, longest first."""
    return sorted(_learning(incidents), key=lambda learning: learning.since)


def _learning(incidents: SheetAssessment) -> Iterator[LearningWaiting]:
    closed = incidents.facts.closed
    for clock in _LEARNING:
        reading = incidents.readings.get(clock)
        if reading is not None:
            for position in np.flatnonzero(reading.open & ~closed).tolist():
                yield LearningWaiting(
                    shown_reference(incidents, position),
                    reading.clock.label,
                    reading.anchor[position].astype(object),
                    reading.due[position].astype(object),
                    bool(reading.state[position] == State.OVERDUE),
                )


def _any_open(incidents: SheetAssessment, clocks: tuple[str, ...]) -> Mask:
    found = np.zeros(len(incidents.facts), bool)
    for clock in clocks:
        if clock in incidents.readings:
            found |= incidents.readings[clock].open
    return found & ~incidents.facts.closed


def _date(incidents: SheetAssessment, column: str, position: int) -> dt.date | None:
    return _or_none(incidents.facts.column(column).values[position])


def _due(incidents: SheetAssessment, clock: str, position: int) -> dt.date | None:
    """When the clock is due on the row; None where it does not run or its deadline cannot be told."""
    reading = incidents.readings.get(clock)
    if reading is None or reading.state[position] in (State.LEFT_OUT, State.CANNOT_TELL):
        return None
    return _or_none(reading.due[position])


def _or_none(day: np.datetime64) -> dt.date | None:
    return None if np.isnat(day) else day.astype(object)


def _is(incidents: SheetAssessment, clock: str, position: int, state: State) -> bool:
    return clock in incidents.readings and bool(incidents.readings[clock].state[position] == state)
