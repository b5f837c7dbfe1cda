"""An incident is one object: everything the tracker says of it, and nothing of another."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.builders import MONDAY, assess_rows
from tracker_schema.clocks.results import State
from tracker_schema.errors import UsageError
from tracker_schema.incidents.incident import new_incident

SCOPING = [
    {"reference": "ci-2026-002", "agency": "Made-up Police", "sent": MONDAY},
    {"reference": "CI-2026-001", "agency": "Made-up Health", "sent": MONDAY, "returned": MONDAY},
]
TRACKER = assess_rows(
    {"reference": "CI-2026-001", "aware_date": MONDAY, "initials": "X.Y.", "outcome": "Serious harm",
     "abuse_or_neglect": "Suspected", "place": "In area", "risk": "Made up:\r\nfirst\n\nsecond\tline"},
    {"reference": "CI-2026-002", "aware_date": "soon", "abuse_or_neglect": "no"},
    {"reference": "", "aware_date": MONDAY},
    scoping=SCOPING,
    actions=[{"reference": "CI-2026-002", "action": "Made up: visit", "due": dt.date(2026, 11, 20)}],
)  # fmt: skip


def test_an_incident_holds_its_facts_clocks_and_rows() -> None:
    incident = TRACKER.find(" ci-2026-001 ")
    found = (incident.reference, incident.row, incident.criteria, incident.is_closed)
    assert found == ("CI-2026-001", 5, "met", False)
    assert incident["aware_date"] == MONDAY
    assert incident["sex"] is None
    assert incident.status == "Due soon"
    assert [child["initials"] for child in incident.children] == ["X.Y."]
    result = incident.clocks["notify_panel"]
    expected = (State.RUNNING, MONDAY, dt.date(2026, 11, 30), 5)
    assert (result.state, result.anchor, result.due, result.working_days_left) == expected
    assert "notify_ofsted" not in incident.clocks
    assert [(each.agency, each.status) for each in incident.scoping] == [("Made-up Health", "Returned")]
    assert incident.actions == []


def test_the_lines_of_a_free_text_stay() -> None:
    assert TRACKER.find("CI-2026-001").as_typed("risk") == "Made up:\nfirst\n\nsecond\tline"


def test_what_cannot_be_read_is_no_value_and_is_named_with_its_cell() -> None:
    incident = TRACKER.find("CI-2026-002")
    assert incident["aware_date"] is None
    assert {column: incident.address(column) for column in incident.unreadable} == {"aware_date": "Incidents!O6"}
    assert incident.criteria == "ruled out"
    assert {problem.row for problem in incident.problems} == {6}
    assert [action.status for action in incident.actions] == ["Overdue"]
    assert incident.scoping_of("made-up police").return_due == dt.date(2026, 11, 30)


def test_nothing_of_a_person_is_in_what_a_program_prints() -> None:
    shown = repr(TRACKER.find("CI-2026-001")) + repr(TRACKER.find("CI-2026-001").children[0])
    assert "X.Y." not in shown
    assert "Made up" not in shown


def test_every_open_incident_with_a_reference_comes_in_order() -> None:
    assert [incident.reference for incident in TRACKER.open_incidents] == ["CI-2026-001", "CI-2026-002"]


def test_an_unknown_reference_is_refused_with_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"no incident CI-2026-003\. Did you mean “CI-2026-00"):
        TRACKER.find("CI-2026-003")


def test_an_agency_that_is_not_on_the_sheet_has_a_row_to_come() -> None:
    new = TRACKER.find("CI-2026-001").scoping_of(" School ")
    assert (new.agency, new.row, new.returned) == ("School", 0, None)


def test_an_incident_that_is_new_says_nothing_but_how_many_children() -> None:
    incident = new_incident(2)
    assert (incident.is_new, incident.reference, len(incident.children)) == (True, "New incident", 2)
    assert (incident["aware_date"], incident.children[0]["initials"], incident.clocks) == (None, None, {})
