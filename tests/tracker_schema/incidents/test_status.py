"""What the status columns say: of an incident, worst first, and of an action against its typed deadline."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.builders import MONDAY, assess_rows
from tracker_schema.columns.parsing import ErrorValue

Cells = dict[str, Any]


def november(day: int) -> dt.date:
    return dt.date(2026, 11, day)


# Known of on Wednesday 18 November 2026, with a decision; SLT has discussed it.
DECIDED: Cells = {
    "reference": "CI-2026-001",
    "aware_date": november(18),
    "date_of_birth": dt.date(2015, 3, 4),
    "form_received": november(18),
    "slt_discussed": november(19),
    "decision": "Threshold not met",
    "decision_date": november(19),
    "decision_reason": "Made up",
    "abuse_or_neglect": "No",
}
NOTIFIED: Cells = DECIDED | {
    "decision": "Notify Panel",
    "abuse_or_neglect": "Suspected",
    "panel_notified": november(20),
    "partners_told": november(20),
    "directors_told": november(20),
    "lead_member_briefed": november(20),
}


def status(cells: Cells, as_of: dt.date = MONDAY) -> Cells:
    """Return what our columns say of one incident."""
    return assess_rows(cells, as_of=as_of).incidents[0].worked_out


@pytest.mark.parametrize(
    ("cells", "as_of", "wanted"),
    [
        (DECIDED, MONDAY, "Complete"),
        (NOTIFIED, MONDAY, "On track"),  # the rapid review, due on Friday 11 December
        (NOTIFIED, dt.date(2026, 12, 8), "On track"),  # three working days left
        (NOTIFIED, dt.date(2026, 12, 9), "Due soon"),  # two
        (NOTIFIED, dt.date(2026, 12, 11), "Due today"),
        (NOTIFIED, dt.date(2026, 12, 12), "Overdue"),  # on the Saturday already
        (NOTIFIED | {"rapid_review_completed": "soon"}, MONDAY, "Check data"),
        (NOTIFIED | {"rapid_review_completed": "soon", "directors_told": ""}, dt.date(2026, 11, 24), "Overdue"),
        (NOTIFIED | {"rapid_review_completed": "soon", "directors_told": ""}, MONDAY, "Check data"),  # due today too
        (NOTIFIED | {"directors_told": "", "lead_member_briefed": ""}, MONDAY, "Due today"),  # and due soon
        (NOTIFIED | {"lead_member_briefed": ""}, MONDAY, "Due soon"),
        (DECIDED | {"rapid_review_sent": november(2)}, MONDAY, "Due soon"),  # to be asked about: a chase is no breach
        (DECIDED | {"aware_date": ""}, MONDAY, "Check data"),
        (DECIDED | {"review_decision": "Local review", "review_form": "Audit"}, MONDAY, "Check data"),
        (DECIDED | {"review_decision": "No review"}, MONDAY, "Complete"),
        (DECIDED | {"disability": "perhaps", "incident_date": november(20)}, MONDAY, "Complete"),  # warnings only
        (DECIDED | {"closed": november(20)}, MONDAY, "Closed"),
        (NOTIFIED | {"closed": november(20)}, dt.date(2027, 2, 1), "Closed"),
        (NOTIFIED | {"closed": november(20), "aware_date": "soon"}, MONDAY, "Closed"),
    ],
)
def test_the_status_is_the_first_that_holds(cells: Cells, as_of: dt.date, wanted: str) -> None:
    assert status(cells, as_of)["status"] == wanted


def test_the_next_step_is_the_open_one_that_is_due_first() -> None:
    found = status(NOTIFIED | {"lead_member_briefed": ""})
    assert (found["next_step"], found["next_due"]) == ("Brief the Lead Member", november(24))
    assert found["working_days_left"] == 1


def test_among_steps_due_on_one_day_it_is_the_first_of_the_process() -> None:
    cells = {"reference": "CI-2026-001", "aware_date": november(18), "form_received": november(18)}
    cells |= {"slt_discussed": november(19)}
    found = status(cells | {"decision": "Notify Panel", "decision_date": november(19)})
    assert (found["next_step"], found["next_due"]) == ("Notify the national Panel", november(25))


def test_overdue_steps_are_listed_in_the_order_of_the_process_without_what_is_to_be_chased() -> None:
    found = status({"reference": "CI-2026-001", "aware_date": november(9), "rapid_review_sent": november(2)})
    assert found["overdue_steps"] == (
        "Send the Critical Incident Form; Decide on the threshold; Heads of Service meet; Notify the national Panel; "
        "Tell the safeguarding partners"
    )
    assert (found["next_step"], found["working_days_left"]) == ("Send the Critical Incident Form", -9)


def test_working_days_left_is_nought_on_the_saturday_after_a_friday_though_overdue() -> None:
    found = status(NOTIFIED, dt.date(2026, 12, 12))
    assert (found["status"], found["working_days_left"]) == ("Overdue", 0)


def test_a_closed_row_has_no_next_step_and_nothing_due_or_overdue() -> None:
    found = status({"reference": "CI-2026-001", "aware_date": november(9), "closed": november(20)})
    asked = ("next_step", "next_due", "working_days_left", "overdue_steps")
    assert {column: found[column] for column in asked} == dict.fromkeys(asked)


def test_a_complete_row_has_no_next_step() -> None:
    found = status(DECIDED)
    assert (found["next_step"], found["next_due"], found["working_days_left"]) == (None, None, None)
    assert found["data_problems"] is None
    assert found["checked_on"] == MONDAY


def test_data_problems_are_spelled_out_errors_first() -> None:
    said = status(DECIDED | {"disability": "perhaps", "aware_date": "31/02/2026"})["data_problems"]
    assert said.startswith("“Date aware” holds “31/02/2026”, which is not a day of the calendar")
    assert "“Disability” is not on the list" in said


def test_of_many_data_problems_the_rest_is_counted() -> None:
    broken = dict.fromkeys(
        ("team", "category", "learning", "reviewer", "panel_reference", "aware_date"), ErrorValue("#N/A")
    )
    said = status(DECIDED | broken)["data_problems"]
    assert said.count("#N/A") == 5
    assert said.endswith("And 1 more.")


@pytest.mark.parametrize(
    ("due", "done", "wanted"),
    [
        ("", "", "No due date"),
        (dt.date(2026, 12, 1), "", "On track"),
        (november(26), "", "On track"),  # three working days left
        (november(25), "", "Due soon"),
        (november(24), "", "Due soon"),
        (MONDAY, "", "Due today"),
        (november(20), "", "Overdue"),
        (november(20), november(20), "Done"),
        (november(20), MONDAY, "Done late"),
        ("", MONDAY, "Done"),
        ("when possible", "", "Check data"),
        (november(20), "yes", "Check data"),
        (dt.date(2031, 1, 1), "", "On track"),  # typed, so that no bank holidays are needed
    ],
)
def test_an_action_stands_against_its_typed_deadline(due: Any, done: Any, wanted: str) -> None:
    action = {"reference": "CI-2026-001", "action": "Made up", "due": due, "done": done}
    assert [found.worked_out for found in assess_rows(DECIDED, actions=[action]).actions] == [{"action_status": wanted}]
