"""What the status columns say: of an incident, worst first, and of an action against its typed deadline."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.builders import MONDAY, assess_rows, rules
from tracker_schema.columns.parsing import ErrorValue

Cells = dict[str, Any]


def november(day: int) -> dt.date:
    return dt.date(2026, 11, day)


# Known of on Wednesday 18 November 2026, with a decision.
DECIDED: Cells = {
    "reference": "CI-2026-001",
    "aware_date": november(18),
    "date_of_birth": dt.date(2015, 3, 4),
    "form_received": november(18),
    "outcome": "Serious harm",
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
    """Return what our columns say of one incident that SLT, unless the cells say otherwise, has discussed that day."""
    by = rules(slt_weekday=as_of.weekday())
    return assess_rows({"slt_discussed": as_of} | cells, as_of=as_of, by=by).incidents[0].worked_out


@pytest.mark.parametrize(
    ("cells", "as_of", "wanted"),
    [
        (DECIDED, MONDAY, "Complete"),
        (NOTIFIED, MONDAY, "On track"),  # the rapid review, due on Friday 11 December
        (NOTIFIED, dt.date(2026, 12, 3), "On track"),  # six working days left
        (NOTIFIED, dt.date(2026, 12, 4), "Due soon"),  # five, of which a rapid review warns
        (NOTIFIED, dt.date(2026, 12, 11), "Due today"),
        (NOTIFIED, dt.date(2026, 12, 12), "Overdue"),  # on the Saturday already
        (NOTIFIED | {"rapid_review_completed": "soon"}, MONDAY, "Check data"),
        (NOTIFIED | {"rapid_review_completed": "soon", "directors_told": ""}, dt.date(2026, 11, 24), "Overdue"),
        (NOTIFIED | {"rapid_review_completed": "soon", "directors_told": ""}, MONDAY, "Check data"),  # due today too
        (NOTIFIED | {"directors_told": "", "lead_member_briefed": ""}, MONDAY, "Due today"),  # and due soon
        (NOTIFIED | {"lead_member_briefed": ""}, MONDAY, "Due soon"),
        (DECIDED | {"rapid_review_sent": november(2)}, MONDAY, "Chase"),  # to be asked about: no breach
        (NOTIFIED | {"slt_discussed": november(9)}, MONDAY, "Chase"),  # a meeting of SLT has passed without it
        (NOTIFIED | {"slt_discussed": november(9), "lead_member_briefed": ""}, MONDAY, "Due soon"),  # before a chase
        (DECIDED | {"outcome": ""}, MONDAY, "Check data"),  # whether Ofsted is to be told depends on it
        (DECIDED | {"abuse_or_neglect": "Not known"}, MONDAY, "Complete"),  # against the facts, with a reason
        (DECIDED | {"abuse_or_neglect": "Not known", "decision_reason": ""}, MONDAY, "Check data"),
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
    found = status(cells | {"decision": "Notify Panel", "decision_date": november(19)})
    assert (found["next_step"], found["next_due"]) == ("Notify the national Panel", november(25))


def test_overdue_steps_are_listed_in_the_order_of_the_process_without_what_is_to_be_chased() -> None:
    facts = {"outcome": "Serious harm", "abuse_or_neglect": "Known"}
    found = status(facts | {"aware_date": november(9), "rapid_review_sent": november(2)})
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


# Of these nothing is due: what a case waits for is its next step, without a date.
REVIEWED: Cells = NOTIFIED | {
    "rapid_review_completed": november(20),
    "rapid_review_sent": november(20),
    "panel_response": november(20),
    "review_decided": november(20),
    "operational_head_told": november(20),
}
NATIONAL = REVIEWED | {"review_decision": "National review"}
PUBLISHED = REVIEWED | {
    "review_decision": "Local review",
    "review_form": "Audit",
    "reviewer": "A. Reviewer",
    "review_informed": november(20),
    "review_published": november(20),
}
REFERRED = NOTIFIED | {"notification_withdrawn": november(20), "cspr_referred": november(20)}
REFERRED |= {"operational_head_told": november(20)}


@pytest.mark.parametrize(
    ("cells", "waits_for"),
    [
        (NATIONAL, "Wait for the review to be completed"),
        (PUBLISHED, "Wait for the review to be completed"),
        (REVIEWED, "Wait for the decision on a review"),
        (REFERRED, "Wait for the partnership’s decision on the referral"),
        (REFERRED | {"dspp_decision": "Other learning", "dspp_decided": november(20)}, "Share the learning with teams"),
    ],
)
def test_a_case_that_waits_says_for_what(cells: Cells, waits_for: str) -> None:
    found = status(cells)
    assert found["status"] == "On track"
    assert (found["next_step"], found["next_due"], found["working_days_left"]) == (waits_for, None, None)
    # SLT's meeting comes first when it is due soon or today; when it has passed, the status says so.
    soon = status(cells | {"slt_discussed": november(17)})
    assert soon["next_step"] == f"Discuss at SLT; {waits_for}"
    assert (soon["status"], soon["next_due"]) == ("Due today", MONDAY)
    passed = status(cells | {"slt_discussed": november(9)})
    assert (passed["status"], passed["next_step"], passed["next_due"]) == ("Chase", waits_for, None)


def test_a_paused_review_is_on_track_and_comes_back_by_itself() -> None:
    # To be published by Thursday 1 October 2026.
    paused = PUBLISHED | {"review_published": "", "review_decided": dt.date(2026, 4, 1), "pause_reason": "Made up"}
    until = {"paused_until": dt.date(2026, 12, 1)}
    found = status(paused | until)
    assert found["status"] == "On track"
    assert (found["next_step"], found["next_due"]) == ("Paused until 01/12/2026: Publish the local review", None)
    assert found["overdue_steps"] is None
    back = status(paused | until, dt.date(2026, 12, 1))
    assert (back["status"], back["overdue_steps"]) == ("Overdue", "Publish the local review")


def test_a_statutory_notification_is_never_paused() -> None:
    found = status(DECIDED | {"decision": "Notify Panel", "abuse_or_neglect": "Known", "aware_date": november(9)}
                   | {"paused_until": dt.date(2026, 12, 1)})  # fmt: skip
    assert "Notify the national Panel" in str(found["overdue_steps"])


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
