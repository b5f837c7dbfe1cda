"""The open cases on which no deadline runs: what each waits for, and which reviews are paused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tracker_schema.clocks.results import State
from tracker_schema.incidents.incident import COMPLETE, Incident, Tracker
from tracker_schema.incidents.status import step_waited_for


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open case that waits without a deadline: its reference as it is shown outside the tracker, and for what."""

    reference: str
    what: str


@dataclass(frozen=True, slots=True)
class Paused:
    """A step of a review that is paused.

    reference    the incident, as it is shown outside the tracker
    label        the step
    due          its deadline, which the pause does not change
    until        the day on which the pause ends
    explained    whether the reason for the pause is recorded
    """

    reference: str
    label: str
    due: dt.date
    until: dt.date
    explained: bool


def waiting(tracker: Tracker) -> list[Waiting]:
    """Return every case that is not complete and waits without a deadline, in the order of the workbook.

    SLT's weekly discussion is no deadline in this: it goes on as long as the case does. A paused case is not among
    them.
    """
    found = ((incident, _what(incident)) for incident in tracker.incidents if not incident.is_finished)
    return [Waiting(incident.shown_reference, what) for incident, what in found if what]


def paused(tracker: Tracker) -> list[Paused]:
    """Return the paused steps of open cases; the pause that ends first comes first."""
    found = [each for incident in tracker.incidents if not incident.is_finished for each in _paused(incident)]
    return sorted(found, key=lambda each: each.until)


def _what(incident: Incident) -> str | None:
    runs = any(result.clock.condition is None or not result.clock.condition.of_case for result in incident.open_clocks)
    if runs or incident.status == COMPLETE or any(_paused(incident)):
        return None
    return step_waited_for(incident)


def _paused(incident: Incident) -> Iterator[Paused]:
    until = incident.paused_until
    for result in incident.clocks.values():
        if result.state == State.PAUSED and result.due and until:
            yield Paused(incident.shown_reference, result.clock.label, result.due, until, incident.has_pause_reason)
