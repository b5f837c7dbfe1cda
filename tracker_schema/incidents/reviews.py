"""The reviews that are under way, with their dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker_schema.clocks.clocks import Clock
from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.incidents.incident import Incident

_LOCAL, _NATIONAL = "Local review", "National review"

_RAPID = frozenset(("rapid_review_completed", "rapid_review_sent", "panel_response"))


@dataclass(frozen=True, slots=True)
class RapidReview:
    """A rapid review that is not at its end. A date is None when the tracker has none.

    reference    the incident, as it is shown outside the tracker
    notified     when the Panel was notified
    due          when the review is due
    completed    when it was completed
    sent         when it was sent to the Panel
    late         whether the review is overdue
    ask          whether the Panel is to be asked for its reply
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
    """A local or national review that was decided on and is not published. A date is None when the tracker has none.

    reference    the incident, as it is shown outside the tracker
    kind         “Local review” or “National review”
    form         the form of the review, None when it is not recorded
    decided      when it was decided on
    due          by when it is to be published
    completed    when it was completed
    late         whether it should have been published
    paused       until when its publication is paused, None when it is not
    explained    whether the reason for the pause is recorded
    """

    reference: str
    kind: str
    form: str | None
    decided: dt.date | None
    due: dt.date | None
    completed: dt.date | None
    late: bool
    paused: dt.date | None
    explained: bool

    @property
    def national(self) -> bool:
        """Whether it is the national Panel's review, which this council does not publish."""
        return self.kind == _NATIONAL


def is_of_rapid_review(clock: Clock) -> bool:
    """Return whether the clock times a step of a rapid review."""
    return not _RAPID.isdisjoint(clock.stop)


def ends_rapid_review(clock: Clock) -> bool:
    """Return whether the clock times the rapid review itself."""
    return "rapid_review_completed" in clock.stop


def is_of_local_review(clock: Clock) -> bool:
    """Return whether the clock times a step of a local review."""
    return "review_decision" in clock.columns


def rapid_review(incident: Incident) -> RapidReview | None:
    """Return the incident's rapid review; None when none of its steps is open, and that can be told of each."""
    results = [result for result in incident.clocks.values() if is_of_rapid_review(result.clock)]
    if incident.is_closed or not any(result.is_open or result.state == State.CANNOT_TELL for result in results):
        return None
    return RapidReview(
        incident.shown_reference,
        incident.date("panel_notified"),
        _due(incident, "rapid_review_completed"),
        incident.date("rapid_review_completed"),
        incident.date("rapid_review_sent"),
        _is(incident, "rapid_review_completed", State.OVERDUE),
        _is(incident, "panel_response", State.CHASE),
    )


def local_review(incident: Incident) -> LocalReview | None:
    """Return the incident's local or national review; None when none is decided on, or it is published.

    A national review has no date by which this council must publish it.
    """
    kind = incident.text("review_decision")
    if incident.is_finished or kind not in (_LOCAL, _NATIONAL) or incident.is_filled("review_published"):
        return None
    return LocalReview(
        incident.shown_reference,
        kind,
        incident.text("review_form") or None,
        incident.date("review_decided"),
        _due(incident, "review_published"),
        incident.date("review_completed"),
        _is(incident, "review_published", State.OVERDUE),
        incident.paused_until if _is(incident, "review_published", State.PAUSED) else None,
        incident.has_pause_reason,
    )


def _due(incident: Incident, stop: str) -> dt.date | None:
    """Return the deadline of the clock that the column `stop` stops; None when there is none, or it cannot be told."""
    result = _stopped_by(incident, stop)
    return result.due if result and result.state != State.CANNOT_TELL else None


def _is(incident: Incident, stop: str, state: State) -> bool:
    result = _stopped_by(incident, stop)
    return result is not None and result.state == state


def _stopped_by(incident: Incident, stop: str) -> ClockResult | None:
    """Return the clock of the incident that the column `stop` stops, None when it does not apply."""
    return next((result for result in incident.clocks.values() if stop in result.clock.stop), None)
