"""The reviews that are under way, with their dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker_schema.clocks.clocks import Clock
from tracker_schema.clocks.results import State
from tracker_schema.incidents.incident import Incident

RAPID, LOCAL, NATIONAL = "Rapid review", "Local review", "National review"

_RAPID = frozenset(("rapid_review_completed", "rapid_review_sent", "panel_response"))


@dataclass(frozen=True, slots=True)
class Review:
    """A rapid review that is not completed, or a local or national one that is not published.

    reference    the incident, as it is shown outside the tracker
    kind         RAPID, LOCAL or NATIONAL
    began        when the Panel was notified, or the review decided on; None when that is not recorded
    due          by when a rapid review is to be completed and a local one published; None when there is no such day, or
                 it cannot be told
    late         whether that is past
    completed    when it was completed, None when it was not
    position     the position of its incident
    clock        the id of the clock of that day, None when none runs
    paused       until when its publication is paused, None when it is not
    explained    whether the reason for the pause is recorded
    """

    reference: str
    kind: str
    began: dt.date | None
    due: dt.date | None
    late: bool
    completed: dt.date | None
    position: int = field(repr=False)
    clock: str | None
    paused: dt.date | None
    explained: bool


def is_of_rapid_review(clock: Clock) -> bool:
    """Return whether the clock times a step of a rapid review."""
    return not _RAPID.isdisjoint(clock.stop)


def ends_rapid_review(clock: Clock) -> bool:
    """Return whether the clock times the rapid review itself."""
    return "rapid_review_completed" in clock.stop


def is_of_local_review(clock: Clock) -> bool:
    """Return whether the clock times a step of a local review."""
    return "review_decision" in clock.columns


def reviews(incident: Incident) -> Iterator[Review]:
    """Give the rapid review of an incident while it is open, or cannot be told; and the local or national review that
    was decided on, until it is published or, if it is the Panel's, completed.
    """
    if incident.is_finished:
        return
    results = (each for each in incident.clocks.values() if ends_rapid_review(each.clock))
    if any(result.is_open or result.state == State.CANNOT_TELL for result in results):
        yield _review(incident, RAPID, "panel_notified", "rapid_review_completed", "rapid_review_completed")
    kind = incident.text("review_decision")
    ends = {LOCAL: "review_published", NATIONAL: "review_completed"}
    if kind in ends and not incident.is_filled(ends[kind]):
        yield _review(incident, kind, "review_decided", "review_completed", "review_published")


def _review(incident: Incident, kind: str, began: str, completed: str, stop: str) -> Review:
    result = next((each for each in incident.clocks.values() if stop in each.clock.stop), None)
    result = result if result and (result.is_open or result.state == State.PAUSED) else None
    return Review(
        incident.shown_reference,
        kind,
        incident.date(began),
        result.due if result else None,
        result is not None and result.state == State.OVERDUE,
        incident.date(completed),
        incident.position,
        result.clock.id if result else None,
        incident.paused_until if result and result.state == State.PAUSED else None,
        incident.has_pause_reason,
    )
