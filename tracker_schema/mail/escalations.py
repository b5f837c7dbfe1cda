"""What the Director of Children's Services is told: that a statutory date has passed without its step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.deadlines import open_deadlines


@dataclass(frozen=True, slots=True)
class Escalation:
    """A statutory step that is not recorded as done by its date.

    reference    the incident, as it is shown outside the tracker
    clock        the id of its clock, by which the ledger knows the step
    label        the step
    owner        who acts, by role
    due          the date
    """

    reference: str
    clock: str
    label: str
    owner: str
    due: dt.date


def escalations(tracker: Tracker) -> list[Escalation]:
    """Return every statutory step of open cases that is overdue; the ledger knows which the Director was told of."""
    return [
        Escalation(deadline.reference, deadline.clock.id, deadline.label, deadline.owner, deadline.due)
        for deadline in open_deadlines(tracker)
        if deadline.clock and deadline.statutory and deadline.overdue
    ]
