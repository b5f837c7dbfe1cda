"""The reviews that are under way, with their dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker_schema.clocks.clocks import Clock
from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.incidents.incident import Incident

RAPID, LOCAL, NATIONAL = "Rapid review", "Local review", "National review"

_RAPID = frozenset(("rapid_review_completed", "rapid_review_sent", "panel_response"))


@dataclass(frozen=True, slots=True)
class Review:
    """A rapid review that is not at its end, or a local or national one that is not published.

    reference    the incident, as it is shown outside the tracker
    kind         RAPID, LOCAL or NATIONAL
    form         the form of a local review, None when it is not recorded
    dates        its dates in words such as “Panel notified”; None for one that the tracker does not have
    due          by when a rapid review is to be completed and a local one published; None when there is no such date
    late         whether that is past
    position     the position of its incident
    clock        the id of the clock of that date, None when none runs
    is_next      whether that is the next step of the case
    paused       until when its publication is paused, None when it is not
    explained    whether the reason for the pause is recorded
    """

    reference: str
    kind: str
    form: str | None
    dates: Mapping[str, dt.date | None]
    due: dt.date | None
    late: bool
    position: int
    clock: str | None
    is_next: bool
    paused: dt.date | None
    explained: bool

    @property
    def has_limit(self) -> bool:
        """Whether a date limits it. A national review is the Panel's, and one completed has kept or missed its own."""
        completed = self.dates["completed"] is not None
        return self.kind == LOCAL or (self.kind == RAPID and not completed)


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
    """Give the rapid review of an incident while one of its steps is open, or cannot be told; and the local or national
    review that was decided on until it is published.
    """
    if incident.is_finished:
        return
    results = [result for result in incident.clocks.values() if is_of_rapid_review(result.clock)]
    if any(result.is_open or result.state == State.CANNOT_TELL for result in results):
        dates = {
            "Panel notified": incident.date("panel_notified"),
            "completed": incident.date("rapid_review_completed"),
            "sent to the Panel": incident.date("rapid_review_sent"),
        }
        yield _review(incident, RAPID, dates, "rapid_review_completed")
    kind = incident.text("review_decision")
    if kind in (LOCAL, NATIONAL) and not incident.is_filled("review_published"):
        dates = {"decided": incident.date("review_decided"), "completed": incident.date("review_completed")}
        yield _review(incident, kind, dates, "review_published")


def _review(incident: Incident, kind: str, dates: Mapping[str, dt.date | None], stop: str) -> Review:
    result = next((each for each in incident.clocks.values() if stop in each.clock.stop), None)
    result = result if result and (result.is_open or result.state == State.PAUSED) else None
    return Review(
        incident.shown_reference,
        kind,
        incident.text("review_form") or None if kind == LOCAL else None,
        dates,
        result.due if result else None,
        result is not None and result.state == State.OVERDUE,
        incident.position,
        result.clock.id if result else None,
        result is not None and _is_next(incident, result),
        incident.paused_until if result and result.state == State.PAUSED else None,
        incident.has_pause_reason,
    )


def _is_next(incident: Incident, result: ClockResult) -> bool:
    return incident.next_step is not None and incident.next_step.clock.id == result.clock.id
