"""A case seen whole: everything the tracker says of one incident, and nothing of another."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.builders import MONDAY, assessed
from tracker_schema.case import all_cases, find_case
from tracker_schema.clocks.results import State
from tracker_schema.errors import UsageError

SCOPING = [
    {"reference": "ci-2026-002", "agency": "Made-up Police", "sent": MONDAY},
    {"reference": "CI-2026-001", "agency": "Made-up Health", "sent": MONDAY, "returned": MONDAY},
]
ASSESSMENT = assessed(
    {"reference": "CI-2026-001", "aware_date": MONDAY, "initials": "X.Y.", "outcome": "Serious harm",
     "abuse_or_neglect": "Suspected", "place": "In area", "risk": "Made up:\r\nfirst\n\nsecond\tline"},
    {"reference": "CI-2026-002", "aware_date": "soon", "abuse_or_neglect": "no"},
    {"reference": "", "aware_date": MONDAY},
    scoping=SCOPING,
    actions=[{"reference": "CI-2026-002", "action": "Made up: visit", "due": dt.date(2026, 11, 20)}],
)  # fmt: skip


def test_a_case_holds_its_facts_clocks_and_rows() -> None:
    case = find_case(ASSESSMENT, " ci-2026-001 ")
    assert (case.reference, case.row, case.criteria, case.closed) == ("CI-2026-001", 5, "met", False)
    assert case.facts["aware_date"] == MONDAY
    assert case.facts["sex"] is None
    assert case.facts["status"] == "Due soon"
    assert [child["initials"] for child in case.children] == ["X.Y."]
    clock = case.clock_by_id["notify_panel"]
    assert (clock.state, clock.anchor, clock.due, clock.left) == (State.RUNNING, MONDAY, dt.date(2026, 11, 30), 5)
    assert "notify_ofsted" not in case.clock_by_id
    assert [(row["agency"], row["return_status"]) for row in case.scoping] == [("Made-up Health", "Returned")]
    assert case.actions == ()


def test_the_lines_of_a_free_text_stay() -> None:
    assert find_case(ASSESSMENT, "CI-2026-001").facts["risk"] == "Made up:\nfirst\n\nsecond\tline"


def test_what_cannot_be_read_is_no_value_and_is_named_with_its_cell() -> None:
    case = find_case(ASSESSMENT, "CI-2026-002")
    assert case.facts["aware_date"] is None
    assert dict(case.unreadable) == {"aware_date": "Incidents!O6"}
    assert case.criteria == "ruled out"
    assert {problem.row for problem in case.problems} == {6}
    assert [row["action_status"] for row in case.actions] == ["Overdue"]
    assert case.scoping_of("made-up police")["return_due"] == dt.date(2026, 11, 30)


def test_nothing_of_a_person_is_in_what_a_program_prints() -> None:
    shown = repr(find_case(ASSESSMENT, "CI-2026-001"))
    assert "X.Y." not in shown
    assert "Made up" not in shown


def test_every_case_with_a_reference_comes_in_order() -> None:
    assert [case.reference for case in all_cases(ASSESSMENT)] == ["CI-2026-001", "CI-2026-002"]


def test_an_unknown_reference_or_agency_is_told_with_what_there_is() -> None:
    with pytest.raises(UsageError, match="no incident CI-2026-003; did you mean CI-2026-00"):
        find_case(ASSESSMENT, "CI-2026-003")
    with pytest.raises(UsageError, match="no scoping row for School; those asked are Made-up Health"):
        find_case(ASSESSMENT, "CI-2026-001").scoping_of("School")
