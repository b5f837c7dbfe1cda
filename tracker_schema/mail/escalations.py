"""What the Director of Children's Services is told: that a statutory date has passed without its step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker_schema.incidents.incident import Tracker


@dataclass(frozen=True, slots=True)
class Escalation:
    """A statutory step that is not recorded as done by its date.

    reference    the incident, as it is shown outside the tracker
    clock        the id of its clock, by which the ledger knows the step
    label        the step
    owner        who acts, by role
    due          the date
    unknown      the headings of the facts that decide whether the step is needed and are not known
    """

    reference: str
    clock: str
    label: str
    owner: str
    due: dt.date
    unknown: tuple[str, ...] = ()


def escalations(tracker: Tracker) -> list[Escalation]:
    """Return every statutory step of open cases whose date has passed, the earliest first.

    A step that may be due, because facts that decide it are not known, counts too. The ledger knows which of them the
    Director was told of.
    """
    passed = [
        Escalation(
            incident.shown_reference,
            result.clock.id,
            result.clock.label,
            result.clock.owner,
            result.due,
            tuple(map(incident.heading, result.unknown)),
        )
        for incident in tracker.incidents
        if not incident.is_closed
        for result in incident.clocks.values()
        if result.is_pending and result.clock.is_statutory and result.due and result.due < tracker.as_of
    ]
    return sorted(passed, key=lambda escalation: escalation.due)
