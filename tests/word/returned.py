"""Forms as they come back in the tests of the jobs: one of each kind, filled in for made-up people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tests.word.forms import Value, filled, unfilled
from tracker_schema.incidents.incident import NEW_INCIDENT

CI, SCOPING = "critical-incident-form", "initial-scoping"
POLICE, TRUST = "Example Police", "Example Hospital Trust"

SCOPED: dict[str, Value] = {
    "completed_by": "Made up: A. Sample",
    "completed_on": dt.date(2026, 11, 20),
    "involved": "Yes, now",
    "involvement": "Made up: seen twice.",
    "action_needed": "No",
    "learning": "Made up: share sooner.",
}
REPORTED: dict[str, Value] = {
    "completed_by": "Made up: B. Sample",
    "completed_on": dt.date(2026, 11, 22),
    "operational_head": "Made up: C. Sample",
    "child_1_child_id": "X0001",
    "child_1_initials": "QQ",
    "child_1_date_of_birth": dt.date(2016, 2, 29),
    "child_1_looked_after": "No",
    "child_1_protection_plan": "Recently ended",
    "incident_date": dt.date(2026, 11, 21),
    "aware_date": dt.date(2026, 11, 22),
    "place": "In area",
    "child_1_outcome": "Serious harm",
    "child_1_abuse_or_neglect": "Suspected",
    "summary": "Made up: a fall.\nSecond line, with = and <tags> & more.",
    "risk": "=1+1",
    "immediate_action": "Made up: moved to a safe place.",
    "partner_views": "Made up: the police agree.",
}


def scoped(agency: str = POLICE, reference: str = "CI-2026-032", **more: Value) -> bytes:
    return filled(unfilled(SCOPING, reference, agency), {**SCOPED, **more})


def reported(reference: str = NEW_INCIDENT, **more: Value) -> bytes:
    return filled(unfilled(CI, reference), {**REPORTED, **more})


def details(reference: str, more: Mapping[str, Value] | None = None, children: int = 1) -> bytes:
    """The case details of an incident, filled in; `more` are further answers by tag."""
    values: dict[str, Value] = {}
    for number in range(1, children + 1):
        values |= {f"child_{number}_full_name": f"Zed {number} Example", f"child_{number}_address": "1 Made-up Street"}
    household = [{"household_name": "Ann Example", "household_relationship": "Mother", "household_born": "01/02/1990"}]
    form = unfilled("case-details", reference, children=children)
    return filled(form, {**values, **(more or {})}, {"household": household})
