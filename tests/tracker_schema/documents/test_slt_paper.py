"""The paper for SLT: every case that needs somebody, the most urgent first, and what is new of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from tests.builders import MONDAY, Cells, assess_rows
from tests.tracker_schema.mail.cases import incident
from tracker_schema.documents.documents import documents
from tracker_schema.documents.shown import Council, Fields
from tracker_schema.documents.slt_paper import cases_of, fields_of_paper
from tracker_schema.mail.events import Key

PAPER = documents()["slt-paper"]
LAST_WEEK = MONDAY - dt.timedelta(days=7)
LATE = LAST_WEEK - dt.timedelta(days=7)


def paper(*rows: Cells, reported: set[Key] | None = None, **sheets: Any) -> Fields:
    tracker = assess_rows(*rows, **sheets)
    return fields_of_paper(PAPER, cases_of(tracker, LAST_WEEK, reported), MONDAY, Council())


def test_every_open_case_is_there_the_most_urgent_first_and_a_closed_one_only_with_news() -> None:
    rows = (
        incident("CI-1", form_received=MONDAY),
        incident("CI-2", aware_date=LATE),
        incident("CI-3", aware_date="soon"),
        incident("CI-4", closed=MONDAY),
        incident("CI-5", aware_date=LATE, closed=LATE),
        incident("", aware_date=MONDAY),
    )
    said = paper(*rows)
    assert [each["reference"] for each in said["cases"]][:2] == ["CI-2", "CI-3"]
    assert {each["reference"] for each in said["cases"]} == {"CI-1", "CI-2", "CI-3", "CI-4", "row 10"}
    by_reference = {each["reference"]: each for each in said["cases"]}
    assert by_reference["CI-3"]["due"] == "Cannot be told"
    assert by_reference["CI-4"]["stage"] == "Closed"
    assert by_reference["row 10"]["stage"] == "Stage not known: no reference"
    assert not said["remembered"]


def test_a_change_is_what_the_last_summary_did_not_report_however_it_is_dated() -> None:
    row = incident("CI-1", aware_date=LATE, form_received=LATE, decision="Notify Panel", decision_date=LATE)
    (line,) = paper(row, reported={("ci-1", "critical_incident")})["cases"]
    assert line["change"].splitlines() == [
        "Decision: Notify Panel (Mon 9 Nov 2026)",
        "Became overdue: Notify the national Panel",
        "Became overdue: Tell the safeguarding partners",
    ]
    (line,) = paper(incident("CI-1"), reported={("ci-1", "logged")})["cases"]
    assert line["change"] == "No change"
    assert not line["change"]


def test_a_case_with_new_facts_has_a_part_with_decisions_actions_and_outcomes() -> None:
    row = incident(
        "CI-1",
        form_received=MONDAY,
        cspr_referred=MONDAY,
        decision="Refer to DSPP only",
        decision_date=MONDAY,
        outcome_of_action="Made up: it helped.",
        learning="Made up: ask early.",
    )
    action = {
        "reference": "CI-1",
        "action": "Made up: visit",
        "owner": "Head of Service One",
        "outcome": "Made up: done",
    }
    (part,) = paper(row, incident("CI-2", aware_date=LATE), reported={("ci-2", "logged")}, actions=[action])["news"]
    assert part["reference"] == "CI-1"
    assert "CSPR referral (Mon 23 Nov 2026)" in part["notified"].splitlines()
    assert part["decided"] == "Decision: Refer to DSPP only (Mon 23 Nov 2026)"
    assert "Outcome of action recorded" in part["new"]
    assert part["incident"]["outcome_of_action"] == "Made up: it helped."
    assert [(each["action"], each["outcome"]) for each in part["actions"]] == [("Made up: visit", "Made up: done")]


def test_the_part_of_a_case_says_where_its_folder_is() -> None:
    tracker = assess_rows(incident("CI-1", form_received=MONDAY), incident("CI-2", form_received=MONDAY))
    cases = replace(cases_of(tracker, LAST_WEEK, None), folders={"CI-1": "Cases/CI-1"})
    said = {case["reference"]: case["folder"] for case in fields_of_paper(PAPER, cases, MONDAY, Council())["news"]}
    assert said == {"CI-1": "Cases/CI-1", "CI-2": "No folder yet"}
    assert not said["CI-2"]
