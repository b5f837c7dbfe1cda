"""The call to the Heads of Service about an incident that has no decision by day 4.

No free text is repeated: of what the meeting needs, a call says only whether it is recorded.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from tracker_schema.clocks.clocks import Clock, standard_clocks
from tracker_schema.clocks.results import State, earliest
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.incidents.assess import clocks_worked_out
from tracker_schema.incidents.criteria import criteria_in_words
from tracker_schema.incidents.incident import Incident, Tracker


class CallStage(enum.Enum):
    """How far the call has gone: by default WARNED on day 3, CALLED on day 4, and REPEATED from day 5."""

    WARNED = "warned"
    CALLED = "called"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that the meeting needs: its heading, whether it is recorded, and whether the tracker has the column."""

    heading: str
    recorded: bool
    has_column: bool


@dataclass(frozen=True, slots=True)
class Call:
    """The call to the Heads of Service about an incident without a decision.

    reference    the incident
    head         the Operational Head of Service as the tracker names them, "" when it does not
    stage        how far the call has gone
    met          whether they have met all the same
    meet_by      the day by which they meet
    panel_by     the day by which the Panel would have to be notified, None when it need not be
    needs        what the meeting needs
    criteria     what the facts recorded come to for the Panel's criteria, in a sentence
    """

    reference: str
    head: str
    stage: CallStage
    met: bool
    meet_by: dt.date
    panel_by: dt.date | None
    needs: tuple[Need, ...]
    criteria: str


def calls(tracker: Tracker) -> list[Call]:
    """Return the calls that are due; the ledger knows which of them were made.

    A case that is logged late is called on the day it is first seen, however long ago its day 4 was.
    Only a decision ends a call: when they have met and not decided, the call says so. Source: the council's guidance
    has the Heads of Service meet when there is no decision by day 4.
    """
    clocks = clocks_worked_out(tracker.rows.sheets[INCIDENTS], tracker.rules)
    clock = next((clock for clock in reversed(clocks) if clock.mail == "day 4 call"), None)
    if clock is None:
        return []
    waiting = (incident for incident in tracker.incidents if not (incident.is_closed or incident.is_decided))
    found = (_call(incident, clock, tracker) for incident in waiting)
    return [call for call in found if call]


def _call(incident: Incident, clock: Clock, tracker: Tracker) -> Call | None:
    rules, as_of, kept = tracker.rules, tracker.as_of, tracker.rows.sheets[INCIDENTS].numbers
    anchor = earliest(incident, clock.anchor)
    due = rules.deadline(clock, anchor) if anchor else None
    stage = _stage(due, rules.calendar(clock).between(as_of, due), as_of) if due else None
    before_start = any(
        result.state == State.BEFORE_START and result.clock.mail == clock.mail for result in incident.clocks.values()
    )
    if due is None or stage is None or before_start:
        return None
    meetings = [column for each in standard_clocks() if each.mail == clock.mail for column in each.stop]
    panel = (
        result.due
        for result in incident.clocks.values()
        if result.is_pending and result.clock.mail == "after the day 4 call"
    )
    needs = (column.id for column in tracker_schema().sheets[INCIDENTS].column if column.needed_for)
    return Call(
        incident.shown_reference,
        incident.operational_head,
        stage,
        any(map(incident.is_filled, meetings)),
        due,
        next(panel, None),
        tuple(Need(incident.heading(column), incident.is_filled(column), column in kept) for column in needs),
        criteria_in_words(incident),
    )


def _stage(due: dt.date, left: int, as_of: dt.date) -> CallStage | None:
    if due > as_of:
        return CallStage.WARNED if left == 1 else None
    if due == as_of:
        return CallStage.CALLED
    return CallStage.REPEATED if left < 0 else None
