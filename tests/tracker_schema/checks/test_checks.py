"""Every kind of problem: when it is told, of which cell and in which words, and when it is not."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from scripts.adapters.workbook.read import Names, read_tracker
from tests.builders import MONDAY, assess_rows, persons_columns, rules, save_workbook, sheet_as_read
from tracker_schema.columns.parsing import NO_RESULT, ErrorValue
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.errors import TrackerUnusable
from tracker_schema.incidents.assess import assess, clocks_worked_out
from tracker_schema.incidents.incident import Tracker
from tracker_schema.layouts.rows import WorkbookRows

Changes = dict[str, Any]


def november(day: int) -> dt.date:
    return dt.date(2026, 11, day)


# As on Monday 23 November 2026 nothing is wrong with this incident.
SOUND: Changes = {
    "reference": "CI-2026-001",
    "date_of_birth": dt.date(2015, 3, 4),
    "looked_after": "No",
    "care_leaver": "No",
    "incident_date": november(17),
    "aware_date": november(18),
    "place": "In area",
    "normally_resident": "Yes",
    "outcome": "Serious harm",
    "abuse_or_neglect": "Suspected",
    "form_received": november(18),
    "slt_discussed": november(19),
}
NOTIFIED = {"decision": "Notify Panel", "decision_date": november(19), "panel_notified": november(20)}
DECLINED = {"decision": "Threshold not met", "decision_date": november(19), "decision_reason": "Made up"}
LOCAL = {
    "review_decision": "Local review",
    "review_decided": november(20),
    "review_form": "Audit",
    "reviewer": "A. Reviewer",
}
NOT_CONSIDERED = {"outcome": "Death", "looked_after": "Yes", "abuse_or_neglect": "No"}
# The five working days are over on Monday 16 November.
LATE = {
    "incident_date": november(8),
    "aware_date": november(9),
    "form_received": november(9),
    "decision": "Notify Panel",
    "decision_date": november(10),
    "partners_told": november(10),
}


def cell(column: str, row: int = 5, sheet: str = "incidents") -> str:
    """The address of a cell in a tracker that the builders made."""
    schema = tracker_schema().sheets[sheet]
    return f"{schema.heading}!{get_column_letter(persons_columns(schema).index(column) + 1)}{row}"


def told(tracker: Tracker, code: str) -> list[Problem]:
    return [problem for problem in tracker.problems if problem.code == code]


def of(changes: Changes, code: str) -> list[Problem]:
    """The problems of that code with the sound incident, changed so."""
    return told(assess_rows(SOUND | changes), code)


def check(code: str, changes: Changes, column: str, severity: str, gist: str) -> None:
    """The sound incident, changed so, has one problem of that code, of that column's cell, and it says so."""
    (problem,) = of(changes, code)
    assert (problem.severity, problem.cell, problem.row, problem.column) == (severity, cell(column), 5, column)
    assert problem.message.startswith(f"“{tracker_schema().sheets['incidents'].columns[column].heading}” ")
    assert problem.message.endswith((".", "?"))
    assert re.search(gist, problem.message)


def test_nothing_is_wrong_with_a_sound_incident() -> None:
    for changes in ({}, NOTIFIED, LOCAL, DECLINED | {"abuse_or_neglect": "No"}):
        assert assess_rows(SOUND | changes).problems == []


def test_an_address_is_as_excel_shows_it() -> None:
    assert cell("reference") == "Incidents!A5"
    assert of({"team": ErrorValue("#N/A")}, "excel-error")[0].cell == "Incidents!K5"
    assert of({"slt_discussed": "soon"}, "unreadable-date")[0].cell == cell("slt_discussed")


# Cells that cannot be read. It is an error where it stops a clock.


@pytest.mark.parametrize(
    ("column", "typed", "severity", "gist"),
    [
        ("aware_date", "31/02/2026", "error", "holds “31/02/2026”, which is not a day of the calendar. Type it as"),
        ("aware_date", "11/18/2026", "error", "the day comes first"),
        ("slt_discussed", "18/11/26", "error", "a year of two figures"),
        ("partners_told", "by phone", "error", "Type it as day/month/year"),
        ("review_informed", "tbc", "warning", "Leave the cell empty until there is one"),  # no local review
        ("date_of_birth", "31/02/2015", "error", "does not hold a date that can be read. Type it as day/month/year"),
    ],
)
def test_a_date_that_cannot_be_read(column: str, typed: str, severity: str, gist: str) -> None:
    check("unreadable-date", {column: typed}, column, severity, gist)


def test_a_date_kept_as_a_number_stops_nothing() -> None:
    for typed in (46344.0, "46344"):
        gist = "holds the plain number 46344, which is how Excel stores 18/11/2026. Format the cell as a date."
        check("date-as-number", {"aware_date": typed}, "aware_date", "warning", gist)


@pytest.mark.parametrize(
    ("column", "typed", "severity", "gist"),
    [
        ("outcome", "Deth", "error", r"is not on the list. Did you mean “Death”\?$"),
        ("disability", "perhaps", "warning", "Choose one of: Yes; No; Not known"),
    ],
)
def test_what_is_not_on_the_list(column: str, typed: str, severity: str, gist: str) -> None:
    check("not-a-choice", {column: typed}, column, severity, gist)


@pytest.mark.parametrize(("column", "severity"), [("aware_date", "error"), ("team", "warning")])
def test_a_cell_in_which_excel_has_no_value(column: str, severity: str) -> None:
    check("excel-error", {column: ErrorValue("#REF!")}, column, severity, "the Excel error #REF!. Correct the formula")
    check("formula-without-result", {column: NO_RESULT}, column, severity, "Open the tracker in Excel and save it")


def test_a_personal_cell_is_named_and_never_quoted() -> None:
    personal = [column.id for column in tracker_schema().sheets["incidents"].column if column.personal]
    planted = SOUND | dict.fromkeys(personal, "Robin 12/13/2014") | {"incident_date": november(17)}
    for problem in assess_rows(planted, SOUND | {"date_of_birth": dt.date(2026, 12, 24)}).problems:
        assert not re.search("Robin|2014|24/12|2026-12-24", problem.message)


# Cells that are empty


def test_what_is_required_on_every_row() -> None:
    check("required", {"aware_date": ""}, "aware_date", "error", "is empty. Fill it in on every row")
    check("required", {"reference": "\u00a0"}, "reference", "warning", "is empty. Fill it in on every row")


@pytest.mark.parametrize(
    ("changes", "column", "severity", "because"),
    [
        ({"decision": "Notify Panel"}, "decision_date", "error", "“Decision” is filled in"),
        ({"decision_date": november(19)}, "decision", "warning", "“Decision date” is filled in"),
        (DECLINED | {"decision_reason": ""}, "decision_reason", "warning", "“Decision” is “Threshold not met”"),
        (LOCAL | {"reviewer": ""}, "reviewer", "warning", "“Review decision” is “Local review”"),
        (LOCAL | {"review_form": ""}, "review_form", "warning", "“Review decision” is “Local review”"),
        (LOCAL | {"review_decided": ""}, "review_decided", "error", "“Review decision” is filled in"),
        ({"review_decision": "No review"}, "review_decided", "warning", "“Review decision” is filled in"),
        ({"review_decided": november(20)}, "review_decision", "warning", "“Review decided” is filled in"),
    ],
)
def test_what_is_required_because_of_another_column(changes: Changes, column: str, severity: str, because: str) -> None:
    check("required-when", changes, column, severity, f"is empty. Fill it in, because {because}")


@pytest.mark.parametrize(
    "changes",
    [
        {},  # the Panel, below 18
        {"outcome": "Death"},
        DECLINED | {"outcome": "Death", "care_leaver": "Yes", "abuse_or_neglect": "No"},  # Ofsted, below 25
    ],
)
def test_a_date_of_birth_is_required_where_the_age_decides(changes: Changes) -> None:
    gist = "the child's age decides who must be notified. Fill it in"
    check("required-when", changes | {"date_of_birth": ""}, "date_of_birth", "warning", gist)


@pytest.mark.parametrize(
    "changes",
    [
        NOTIFIED,
        DECLINED,
        LOCAL,
        NOTIFIED | {"decision_reason": ""},
        {"review_decision": "National review", "review_decided": november(20)},  # no reviewer, no form
        DECLINED | {"date_of_birth": ""},
        DECLINED | {"date_of_birth": "", "outcome": "Death"},
        {"date_of_birth": "", "outcome": "Other"},
        {"date_of_birth": "", "abuse_or_neglect": "No"},
    ],
)
def test_nothing_more_is_required(changes: Changes) -> None:
    assert of(changes, "required") == []
    assert of(changes, "required-when") == []


# Dates that do not fit


@pytest.mark.parametrize(
    ("changes", "column", "gist"),
    [
        ({"incident_date": november(19)}, "aware_date", r"\(18/11/2026\) is before “Date of incident” \(19/11/2026\)"),
        ({"form_received": november(17)}, "form_received", "is before “Date aware”"),
        (NOTIFIED | {"decision_date": november(16)}, "decision_date", "is before “Date aware”"),
        (NOTIFIED | {"panel_notified": november(16)}, "panel_notified", "is before “Date aware”"),
        (NOTIFIED | {"rapid_review_completed": november(19)}, "rapid_review_completed", "is before “Panel notified”"),
        (LOCAL | {"review_published": november(19)}, "review_published", "is before “Review decided”"),
        ({"date_of_birth": november(18)}, "incident_date", "is before “Date of birth”. One of them is wrong"),
    ],
)
def test_dates_in_the_wrong_order(changes: Changes, column: str, gist: str) -> None:
    check("date-order", changes, column, "warning", gist)


def test_a_return_before_it_was_asked_for() -> None:
    row = {"reference": "CI-2026-001", "agency": "Police", "sent": november(20), "returned": november(19)}
    (problem,) = told(assess_rows(SOUND, scoping=[row]), "date-order")
    assert problem.cell == cell("returned", sheet="scoping")


@pytest.mark.parametrize(
    "changes",
    [
        {"incident_date": november(18)},  # all on one day
        {"incident_date": "", "date_of_birth": ""},
        {"aware_date": "soon"},
        {"form_received": dt.datetime(2026, 11, 18)},
        {"form_received": 46344.0},
    ],
)
def test_dates_in_the_right_order(changes: Changes) -> None:
    assert of(changes, "date-order") == []


def test_a_date_that_lies_ahead() -> None:
    check("future-date", NOTIFIED | {"panel_notified": november(24)}, "panel_notified", "warning", "is after today")
    check("future-date", {"date_of_birth": november(24)}, "date_of_birth", "warning", "is after today")


def test_today_does_not_lie_ahead_and_a_deadline_may() -> None:
    action = {"reference": "CI-2026-001", "action": "Made up", "due": dt.date(2027, 2, 1)}
    assert told(assess_rows(SOUND | {"slt_discussed": MONDAY}, actions=[action]), "future-date") == []


def test_awareness_long_after_the_incident() -> None:
    gist = "is more than 30 days after “Date of incident”. Check both dates"
    check("aware-long-after-incident", {"incident_date": dt.date(2026, 10, 18)}, "aware_date", "warning", gist)
    assert of({"incident_date": dt.date(2026, 10, 19)}, "aware-long-after-incident") == []  # thirty days
    assert of({"incident_date": ""}, "aware-long-after-incident") == []


def test_a_date_outside_the_bank_holidays_known() -> None:
    gist = "outside the years whose bank holidays are known, 2012 to 2028. Correct the date"
    check("outside-bank-holidays", {"aware_date": dt.date(2011, 12, 30)}, "aware_date", "error", gist)
    gist = r"\(02/01/2029\) has a year that cannot be right. Correct the year"
    check("unlikely-year", {"aware_date": dt.date(2029, 1, 2)}, "aware_date", "error", gist)


@pytest.mark.parametrize("column", ["incident_date", "aware_date", "form_received", "decision_date", "panel_notified"])
@pytest.mark.parametrize("year", [2006, 2027, 2062])
def test_one_year_typed_wrong_is_one_remark(column: str, year: int) -> None:
    row = SOUND | NOTIFIED | {"decision_date": november(19)}
    wrong = row | {column: dt.date(year, 11, row[column].day)}
    of_dates = ("date-order", "future-date", "aware-long-after-incident", "outside-bank-holidays", "unlikely-year")
    remarks = [problem.cell for problem in assess_rows(wrong).problems if problem.code in of_dates]
    assert remarks == [cell(column)]


def test_closed_rows_carry_no_data_problems() -> None:
    row = SOUND | {"closed": MONDAY, "incident_date": "soon", "outcome": "?", "form_received": november(1)}
    tracker = assess_rows(row)
    assert not tracker.incidents[0].problems
    assert not [
        problem for problem in tracker.problems if problem.position is not None and "closed" not in problem.code
    ]


def test_a_deadline_outside_the_bank_holidays_known() -> None:
    late = {"review_decided": dt.date(2028, 8, 1)}  # published by 1 February 2029
    assert [problem.cell for problem in of(LOCAL | late, "unlikely-year")] == [cell("review_decided")]
    assert of(LOCAL | {"review_decided": dt.date(2028, 6, 30)}, "outside-bank-holidays") == []
    assert of({"date_of_birth": dt.date(2009, 3, 4)}, "outside-bank-holidays") == []  # starts no clock


# References


def test_a_reference_that_stands_twice() -> None:
    rows = [SOUND, SOUND | {"reference": "ci-2026-001 "}, SOUND | {"reference": "CI-2026-002"}]
    first, second = told(assess_rows(*rows), "duplicate-reference")
    assert (first.severity, first.cell) == ("warning", "Incidents!A5")
    assert "is also in Incidents!A6" in first.message
    assert (second.severity, second.cell) == ("warning", "Incidents!A6")
    assert "is also in Incidents!A5" in second.message


def test_references_that_differ_and_empty_ones_do_not_stand_twice() -> None:
    rows = [SOUND | {"reference": reference} for reference in ("CI-1", "CI-11", "", "")]
    assert told(assess_rows(*rows), "duplicate-reference") == []


def test_a_reference_that_the_incidents_lack() -> None:
    scoping = [{"reference": "CI-2026-01", "agency": "Police"}]
    actions = [{"reference": "OLD/17", "action": "Made up"}]
    in_scoping, in_actions = told(assess_rows(SOUND, scoping=scoping, actions=actions), "unknown-reference")
    assert (in_scoping.severity, in_scoping.cell) == ("warning", "Scoping!A5")
    assert in_scoping.message.endswith("is not on the sheet of incidents. Did you mean “CI-2026-001”?")
    assert (in_actions.severity, in_actions.cell) == ("warning", "Actions!A5")
    assert in_actions.message.endswith("Correct it, or log the incident.")


@pytest.mark.parametrize("reference", ["CI-2026-001", " ci-2026-001\u00a0", ""])
def test_a_reference_is_known_in_any_spelling(reference: str) -> None:
    scoping = [{"reference": reference, "agency": "Police"}]
    assert told(assess_rows(SOUND, scoping=scoping), "unknown-reference") == []


# What the row says as a whole


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"outcome": "Death", "abuse_or_neglect": "Known"},
        {"place": "Outside England"},  # and normally resident
        {"date_of_birth": dt.date(2008, 11, 18)},  # eighteen the day after
        {"decision": "Refer to DSPP only"},
    ],
)
def test_a_decision_against_facts_that_meet_the_criteria(changes: Changes) -> None:
    gist = "is not to notify the Panel, but the facts recorded meet the Panel's criteria .*section 16C"
    check("decision-contradicts-facts", DECLINED | changes, "decision", "warning", f"{gist}.*a reason is recorded")
    gist = f"{gist}.* or enter “Reason for decision”"
    check("decision-contradicts-facts", DECLINED | changes | {"decision_reason": ""}, "decision", "error", gist)


def test_a_decision_that_no_fact_speaks_for() -> None:
    gist = "is not to notify the Panel, but no recorded fact rules the Panel out"
    changes = DECLINED | {"abuse_or_neglect": "Not known"}
    check("decision-contradicts-facts", changes, "decision", "warning", gist)
    check("decision-contradicts-facts", changes | {"decision_reason": ""}, "decision", "error", gist)


def test_a_log_without_a_column_for_reasons_is_only_warned() -> None:
    columns = [column for column in SOUND | DECLINED if column != "decision_reason"]
    row = {column: value for column, value in (SOUND | DECLINED).items() if column in columns}
    (problem,) = told(assess_rows(row, columns=columns), "decision-contradicts-facts")
    assert (problem.severity, problem.remedy) == ("warning", "Check the facts and the decision.")


@pytest.mark.parametrize(
    ("changes", "gist"),
    [
        ({"abuse_or_neglect": "No"}, "“Abuse or neglect”, which is “No”"),
        (NOT_CONSIDERED, "“Abuse or neglect”, which is “No”"),  # besides a warning of its own
        ({"outcome": "Other"}, "“Outcome”, which is “Other”"),
        ({"place": "Elsewhere in England"}, "“Where it happened”, which is “Elsewhere in England”"),
        ({"place": "Outside England", "normally_resident": "No"}, "“Normally resident in area”"),
        ({"date_of_birth": dt.date(2008, 11, 17)}, "“Date of birth”"),  # eighteen on the day
    ],
)
def test_a_decision_for_the_panel_against_a_fact_that_rules_it_out(changes: Changes, gist: str) -> None:
    gist = f"is to notify the Panel, but {gist},? rules that out .*section 16C"
    check("decision-contradicts-facts", NOTIFIED | changes, "decision", "error", gist)
    reason = {"decision_reason": "Made up"}
    check("decision-contradicts-facts", NOTIFIED | changes | reason, "decision", "warning", "a reason is recorded")


@pytest.mark.parametrize(
    "changes",
    [
        {},  # nothing is decided
        NOTIFIED,
        DECLINED | {"abuse_or_neglect": "No"},
        DECLINED | {"outcome": ""},  # a question first
        DECLINED | {"abuse_or_neglect": ""},
        DECLINED | {"outcome": "Deth"},
        DECLINED | {"date_of_birth": dt.date(2008, 11, 17)},
        NOTIFIED | dict.fromkeys(("outcome", "place", "normally_resident", "date_of_birth", "abuse_or_neglect"), ""),
        NOTIFIED | {"abuse_or_neglect": "Not known", "normally_resident": "No"},
        NOTIFIED | {"place": "Outside England", "normally_resident": "Not known"},
        NOTIFIED | {"date_of_birth": dt.date(2008, 11, 18)},
    ],
)
def test_a_decision_that_the_facts_do_not_contradict(changes: Changes) -> None:
    assert of(changes, "decision-contradicts-facts") == []


def test_a_looked_after_childs_death_without_abuse_sent_to_the_panel() -> None:
    gist = "the Panel will not consider it, DfE and Ofsted act on it"
    check("panel-will-not-consider", NOTIFIED | NOT_CONSIDERED, "decision", "warning", gist)
    sent_all_the_same = DECLINED | NOT_CONSIDERED | {"panel_notified": november(20)}
    check("panel-will-not-consider", sent_all_the_same, "decision", "warning", gist)


@pytest.mark.parametrize(
    "changes",
    [
        NOT_CONSIDERED,  # not sent
        DECLINED | NOT_CONSIDERED | {"ofsted_notified": november(20)},
        NOTIFIED | NOT_CONSIDERED | {"looked_after": "Not known"},
        NOTIFIED | NOT_CONSIDERED | {"outcome": "Serious harm"},
        NOTIFIED | NOT_CONSIDERED | {"abuse_or_neglect": "Not known"},
    ],
)
def test_what_the_panel_may_well_consider(changes: Changes) -> None:
    assert of(changes, "panel-will-not-consider") == []


# Facts that decide a duty and are not known

DEATH = {"outcome": "Death", "abuse_or_neglect": "No"}
NOT_ASKED_LOOKED_AFTER = DECLINED | DEATH | {"looked_after": ""}


@pytest.mark.parametrize(
    ("changes", "column", "severity", "question"),
    [
        (DEATH | {"looked_after": ""}, "looked_after", "error", "is empty. Was the child looked after"),  # day 3 of 5
        (DEATH | {"looked_after": "", "aware_date": november(20)}, "looked_after", "warning", "Was the child"),
        (DEATH | {"looked_after": "Not known"}, "looked_after", "error", "is “Not known”. Was the child looked after"),
        (NOT_ASKED_LOOKED_AFTER, "looked_after", "error", "is empty. Was the child looked after"),
        (NOT_ASKED_LOOKED_AFTER | {"aware_date": november(20)}, "looked_after", "error", "Was the child"),
        (NOT_ASKED_LOOKED_AFTER | {"ofsted_notified": november(20)}, "looked_after", "warning", "Was the child"),
        (DECLINED | {"outcome": ""}, "outcome", "error", "is empty. What was the outcome"),
        (DECLINED | {"abuse_or_neglect": ""}, "abuse_or_neglect", "error", "is empty. Is abuse or neglect known"),
        ({"abuse_or_neglect": ""}, "abuse_or_neglect", "error", "is empty. Is abuse"),  # the deadline is due soon
        ({"abuse_or_neglect": "", "aware_date": november(20)}, "abuse_or_neglect", "warning", "is empty. Is abuse"),
        ({"abuse_or_neglect": "Not known"}, "abuse_or_neglect", "warning", "is “Not known”. Is abuse"),
        (NOTIFIED | {"abuse_or_neglect": ""}, "abuse_or_neglect", "warning", "is empty. Is abuse or neglect known"),
        # Who else must be told of a death in another area depends on what the outcome was.
        (
            DECLINED | {"outcome": "", "place": "Elsewhere in England", "looked_after": "Not known"},
            *("outcome", "error", "is empty. What was the outcome"),
        ),
    ],
)
def test_a_fact_that_is_not_known_is_asked_for(changes: Changes, column: str, severity: str, question: str) -> None:
    (problem,) = of({"incident_date": november(17)} | changes, "fact-not-known")
    assert (problem.severity, problem.column, problem.cell) == (severity, column, cell(column))
    assert question in problem.message


@pytest.mark.parametrize(
    "changes",
    [
        {"looked_after": ""},  # nobody died
        DEATH | {"looked_after": "", "date_of_birth": dt.date(2008, 1, 1)},  # not a child
        DEATH | {"looked_after": "", "care_leaver": "Yes"},  # who is told of anyway
        NOT_ASKED_LOOKED_AFTER | {"closed": MONDAY},
    ],
)
def test_a_fact_that_decides_nothing_is_not_asked_for(changes: Changes) -> None:
    assert of(changes, "fact-not-known") == []


def test_a_fact_is_not_asked_for_in_a_column_that_is_not_there() -> None:
    row = {column: value for column, value in (SOUND | DECLINED | DEATH).items() if column != "looked_after"}
    assert told(assess_rows(row, columns=list(row)), "fact-not-known") == []


def test_a_review_that_is_published_and_not_recorded_as_completed() -> None:
    gist = "is empty, but “Review published” is filled in. Enter when the review was completed"
    check("published-not-completed", LOCAL | {"review_published": MONDAY}, "review_completed", "warning", gist)
    done = LOCAL | {"review_published": MONDAY, "review_completed": MONDAY}
    assert of(done, "published-not-completed") == []
    assert of(LOCAL | {"review_published": MONDAY, "closed": MONDAY}, "published-not-completed") == []


def test_closed_with_statutory_steps_outstanding_is_one_remark_and_none_of_the_row() -> None:
    again = SOUND | DECLINED | LOCAL | {"reference": "CI-2026-002", "closed": MONDAY}
    # A rapid review is expected, and no duty of the law.
    expected = SOUND | NOTIFIED | {"reference": "CI-2026-003", "partners_told": november(20), "closed": MONDAY}
    found = assess_rows(SOUND | {"closed": MONDAY}, again, expected)
    (problem,) = told(found, "closed-with-steps-outstanding")
    assert problem.message == (
        "Closed, but a statutory step is not done or not recorded: CI-2026-001 (Notify the national Panel; Tell the "
        "safeguarding partners), CI-2026-002 (Publish the local review). Record the step, or reopen the case."
    )
    assert (problem.severity, problem.cell, problem.position) == ("warning", "Incidents!A4", None)
    assert not any(of_row.code == problem.code for incident in found.incidents for of_row in incident.problems)


@pytest.mark.parametrize(
    "changes",
    [
        {},  # not closed
        DECLINED | {"closed": MONDAY},
        DECLINED | {"closed": MONDAY, "slt_discussed": "", "form_received": ""},  # the council's own steps
        NOTIFIED | {"closed": MONDAY, "partners_told": november(20), "notification_withdrawn": MONDAY},
        NOTIFIED | {"closed": MONDAY, "partners_told": november(20), "rapid_review_completed": MONDAY},
    ],
)
def test_closed_with_nothing_statutory_outstanding(changes: Changes) -> None:
    assert of(changes, "closed-with-steps-outstanding") == []


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({"panel_reference": "16/11/2026"}, "Panel reference"),
        ({"panel_reference": november(16)}, "Panel reference"),
    ],
)
def test_a_step_overdue_because_its_date_is_in_the_wrong_column(changes: Changes, beside: str) -> None:
    gist = f"is empty and the step is overdue, but “{beside}” beside it holds a date. .* move it here"
    check("wrong-column", LATE | changes, "panel_notified", "warning", gist)


@pytest.mark.parametrize(
    "changes",
    [
        LATE,
        LATE | {"panel_reference": "SIN-0016"},
        LATE | {"panel_reference": "16/11"},
        LATE | {"panel_reference": november(6)},  # before anybody was aware
        LATE | {"panel_reference": november(24)},  # not yet
        LATE | {"category": "16/11/2026"},  # too far away
        LATE | {"ofsted_notified": november(16), "outcome": "Death", "looked_after": "Yes"},  # where it belongs
        LATE | {"ofsted_notified": november(16)},  # a date column has its own meaning
        {"panel_reference": november(20)},  # not overdue
    ],
)
def test_no_date_is_in_the_wrong_column(changes: Changes) -> None:
    assert [problem for problem in of(changes, "wrong-column") if problem.column == "panel_notified"] == []


# Headings, in a workbook as a council keeps it


def read(folder: Path, headings: dict[str, str], *, changes: Changes | None = None, **more: Any) -> Tracker:
    """The assessment of a workbook with the sound incident, perhaps changed, and some of its columns headed so."""
    path = folder / "Critical incidents.xlsx"
    save_workbook(path, {"incidents": [SOUND | (changes or {})]}, headings={"incidents": headings}, **more)
    return assess(read_tracker(path.read_bytes(), path.name, Names()), rules(), MONDAY)


def test_a_heading_much_like_a_known_one(tmp_path: Path) -> None:
    (problem,) = told(read(tmp_path, {"panel_notified": "Panel notifed"}), "similar-heading")
    assert (problem.severity, problem.cell) == ("warning", cell("panel_notified", row=4))
    assert problem.problem == "“Panel notifed” is not a heading that this program knows."
    assert problem.remedy.startswith("If it means “Panel notified”, correct it, or name it in config.toml")
    assert "columns.incidents.panel_notified" in problem.message


def test_a_heading_that_stands_twice(tmp_path: Path) -> None:
    (problem,) = told(read(tmp_path, {"learning": "Panel notified"}), "repeated-heading")
    assert (problem.severity, problem.cell) == ("warning", cell("learning", row=4))
    assert "There are two headings “Panel notified”, and only the first is read" in problem.message


@pytest.mark.parametrize(
    ("column", "heading"),
    [
        ("learning", "Colour"),
        ("learning", "Panel notified by"),  # there is a “Panel notified” already
        ("panel_notified", "PANEL\nNOTIFIED:"),
        ("panel_notified", "SIN sent"),
    ],
)
def test_other_headings_are_no_problem(column: str, heading: str, tmp_path: Path) -> None:
    found = read(tmp_path, {column: heading})
    assert told(found, "similar-heading") == []
    assert told(found, "repeated-heading") == []


def test_a_heading_that_is_missing_is_noted_with_what_is_not_worked_out(tmp_path: Path) -> None:
    found = read(tmp_path, {"panel_notified": ""})
    (note,) = told(found, "missing-heading")
    assert (note.severity, note.cell, note.row) == ("note", "Incidents!A4", None)
    assert "There is no heading “Panel notified”" in note.message
    for step in ("Notify the national Panel", "Complete the rapid review"):
        assert step in note.message
    worked_out = {clock.id for clock in clocks_worked_out(found.rows.sheets["incidents"], found.rules)}
    assert not {"notify_panel", "rapid_review"} & worked_out
    assert "tell_directors" in worked_out  # which may start from the CSPR referral too


def test_a_heading_that_no_clock_needs_is_noted_too(tmp_path: Path) -> None:
    (note,) = told(read(tmp_path, {"team": ""}), "missing-heading")
    assert (note.severity, note.column) == ("note", "team")


def test_our_own_headings_are_never_missed(tmp_path: Path) -> None:
    assert told(read(tmp_path, {}), "missing-heading") == []
    assert told(read(tmp_path, {}, script_columns=True), "missing-heading") == []


@pytest.mark.parametrize(("column", "heading"), [("reference", "Reference"), ("aware_date", "Date aware")])
def test_without_a_required_heading_the_tracker_cannot_be_used(column: str, heading: str, tmp_path: Path) -> None:
    with pytest.raises(TrackerUnusable, match=f"no heading “{heading}”. Add it") as refused:
        read(tmp_path, {column: ""})
    assert refused.value.exit_code == 3


def test_a_message_uses_the_councils_own_heading(tmp_path: Path) -> None:
    found = read(tmp_path, {"slt_discussed": "SLT\n date"}, changes={"slt_discussed": "soon"})
    (problem,) = told(found, "unreadable-date")
    assert problem.message.startswith("“SLT date” ")


def test_a_suggested_reference_is_as_it_is_written() -> None:
    found = assess_rows({"reference": "Case 26/017a"}, scoping=[{"reference": "Case 26/017", "agency": "Police"}])
    (problem,) = told(found, "unknown-reference")
    assert "Case 26/017a" in problem.message


@pytest.mark.parametrize(("reaches", "told"), [(0, []), (3, ["Incidents!C4"]), (11, [])])
def test_a_filter_that_leaves_the_status_columns_out(reaches: int, told: list[str]) -> None:
    ours = [column.id for column in tracker_schema().sheets["incidents"].written_by_script()]
    columns = ["reference", "aware_date", "form_received", *ours, "team"]
    read = sheet_as_read("incidents", [{"reference": "CI-1", "aware_date": MONDAY}], columns, filtered_to=reaches)
    problems = assess(WorkbookRows("T.xlsx", {"incidents": read}), rules(), MONDAY).problems
    found = [problem for problem in problems if problem.code == "filter-stops-short"]
    assert [problem.cell for problem in found] == told
    assert all(problem.severity == "warning" and "sorting leaves them behind" in problem.message for problem in found)


def test_a_column_that_may_say_that_a_case_is_closed_is_named_when_none_does() -> None:
    columns = [column for column in persons_columns(tracker_schema().sheets["incidents"]) if column != "closed"]
    row = {column: cell for column, cell in SOUND.items() if column in columns}
    sheet = sheet_as_read("incidents", [row], columns, unknown={90: "Case  status", 91: "Team status notes"})
    found = told(assess(WorkbookRows("t.xlsx", {"incidents": sheet}), rules(), MONDAY), "closed-not-said")
    assert [problem.heading for problem in found] == ["Case status", "Team status notes"]
    assert 'write in config.toml under [closed]: column = "Case status"' in found[0].message
    said = replace(sheet, says_closed=True)
    assert not told(assess(WorkbookRows("t.xlsx", {"incidents": said}), rules(), MONDAY), "closed-not-said")
