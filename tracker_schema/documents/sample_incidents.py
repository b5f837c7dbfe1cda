"""Two made-up incidents, to try the templates on: one of which everything is recorded, and one of which nothing is.

For a document of all cases: one case of which everything is new, and no case at all.
"""

from __future__ import annotations

import datetime as dt

from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, Column, tracker_schema
from tracker_schema.documents.case_details import CaseDetails
from tracker_schema.documents.documents import AGENCY, REFERENCE
from tracker_schema.documents.forms import Form
from tracker_schema.documents.slt_paper import Case, Cases
from tracker_schema.evidence.themes import SharedFeatures
from tracker_schema.incidents.incident import Action, Incident, ScopingReturn, new_incident, new_scoping_return, no_rows
from tracker_schema.incidents.memory import Change
from tracker_schema.layouts.record import Value
from tracker_schema.mail.events import Event

SAMPLE_AGENCY = "Made-up agency"
SAMPLE_REFERENCE = "CI-SAMPLE"
CHILDREN = 2


def full_incident(as_of: dt.date) -> Incident:
    """Return an incident with several children of which every cell is filled in and every clock runs."""
    incident = Incident(no_rows(INCIDENTS), 0, _values(INCIDENTS, as_of), {})
    incident.children = [incident] * CHILDREN
    incident.scoping = [ScopingReturn(no_rows(SCOPING), 0, _values(SCOPING, as_of), {})]
    incident.actions = [Action(no_rows(ACTIONS), 0, _values(ACTIONS, as_of), {})]
    due = as_of + dt.timedelta(days=5)
    for clock in standard_clocks():
        if clock.sheet == INCIDENTS:
            incident.clocks[clock.id] = ClockResult(clock, State.RUNNING, as_of, due, None, 3)
    return incident


def earlier_incidents(as_of: dt.date) -> list[SharedFeatures]:
    """Return an earlier incident that has a feature in common with the first."""
    return [SharedFeatures(full_incident(as_of), ("Made up: a feature in common",))]


def sample_details(form: Form, children: int) -> CaseDetails:
    """Return the case details of an incident with so many children, every answer given and a row in each table."""
    single = {field.tag_of(number): "Made up" for field in form.fields for number in (None, *range(1, children + 1))}
    rows = {group.tag: [{field.tag: "Made up" for field in group.fields}] for group in form.groups}
    return CaseDetails(form, single, rows)


def empty_incident() -> Incident:
    """Return an incident of which nothing is recorded but its reference, and an agency that was not asked yet."""
    incident = new_incident()
    incident.scoping = [new_scoping_return(SAMPLE_AGENCY)]
    return incident


def sample_cases(as_of: dt.date) -> list[Cases]:
    """Return the cases of a tracker with one incident, of which everything is new; and those of a tracker with none."""
    incident = full_incident(as_of)
    news = Event(incident.reference, 0, "Made up: something new", as_of, (incident.reference, "made up"), closed=False)
    gone = Change("heading", "Made up: a heading is gone.", "Put it back.")
    return [Cases([Case(incident, [news])], as_of, True, [gone]), Cases([], as_of, False)]


def _values(sheet_id: str, as_of: dt.date) -> dict[str, Value]:
    values = {column.id: _value(column, as_of) for column in tracker_schema().sheets[sheet_id].column}
    return values | {REFERENCE: SAMPLE_REFERENCE} | ({AGENCY: SAMPLE_AGENCY} if AGENCY in values else {})


def _value(column: Column, as_of: dt.date) -> Value:
    if column.type == "date":
        return as_of
    if column.type == "number":
        return 3
    return column.choices[0] if column.choices else f"Made up: {column.heading}"
