"""The open cases whose stage has no deadline: what each waits for, and which reviews are paused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.incidents.incident import COMPLETE, Incident, Tracker
from tracker_schema.incidents.stages import Stage, current_stage
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
    """Return every case that is not complete and whose stage has no deadline, in the order of the workbook.

    Other steps of it may have one. A paused case is not among them.
    """
    found = ((incident, _what(incident)) for incident in tracker.incidents if not incident.is_finished)
    return [Waiting(incident.shown_reference, what) for incident, what in found if what]


def paused(tracker: Tracker) -> list[Paused]:
    """Return the paused steps of open cases; the pause that ends first comes first."""
    found = [each for incident in tracker.incidents if not incident.is_finished for each in _paused(incident)]
    return sorted(found, key=lambda each: each.until)


def _what(incident: Incident) -> str | None:
    if incident.status == COMPLETE or _has_deadline(current_stage(incident), incident) or any(_paused(incident)):
        return None
    return step_waited_for(incident)


def _has_deadline(stage: Stage, incident: Incident) -> bool:
    """Return whether a clock is open that times the stage, or that its date stops."""
    done = {condition.column for condition in stage.done}
    dates = {column.id for column in tracker_schema().sheets[INCIDENTS].column if column.event_choice in done} | done
    return any(result.clock.id == stage.clock or dates & set(result.clock.stop) for result in incident.open_clocks)


def _paused(incident: Incident) -> Iterator[Paused]:
    until = incident.paused_until
    for result in incident.clocks.values():
        if result.state == State.PAUSED and result.due and until:
            yield Paused(incident.shown_reference, result.clock.label, result.due, until, incident.has_pause_reason)
