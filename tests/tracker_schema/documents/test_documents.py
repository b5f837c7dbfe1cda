"""documents.toml: when each document is called for, what it lacks, and an error in it is named with its place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from scripts.adapters.word.templates.form_fields import form_of
from tests.builders import MONDAY, assess_rows
from tracker_schema.columns.schema import check_data
from tracker_schema.documents.documents import DocumentList, document_of_tag, documents
from tracker_schema.documents.forms import missing_fields
from tracker_schema.errors import SchemaError


def called_for(**facts: Any) -> list[str]:
    incident = assess_rows({"reference": "CI-1", "looked_after": "No", **facts}, scoping=[]).find("CI-1")
    return [document.name for document in documents().values() if document.is_called_for(incident)]


@pytest.mark.parametrize("name", ["critical-incident-form", "day-4-meeting", "panel-notification"])
def test_the_heads_of_service_are_asked_for_what_they_need(name: str) -> None:
    required = {field.tag for field in form_of(documents()[name]).fields if field.column and field.required}
    assert {"risk", "immediate_action", "partner_views"} <= required


@pytest.mark.parametrize(
    "name", ["critical-incident-form", "day-4-meeting", "panel-notification", "cspr-referral", "rapid-review-report"]
)
def test_the_criteria_are_complete(name: str) -> None:
    # As many as the guidance has, besides the kinds of harm and the duty itself.
    whole = {"duty": 6, "harm": 8, "panel": 7, "local": 8}
    tags = [field.tag for field in form_of(documents()[name]).fields if field.kind == "checkbox"]
    found = {kind: sum(tag.startswith(f"{kind}_") for tag in tags) for kind in whole}
    assert {kind: count for kind, count in found.items() if count} == {
        kind: count for kind, count in whole.items() if kind in LISTS[name]
    }


LISTS = {
    "critical-incident-form": ("duty", "harm", "panel", "local"),
    "day-4-meeting": ("duty", "harm", "panel", "local"),
    "panel-notification": ("duty", "harm", "panel"),
    "cspr-referral": ("harm", "local"),
    "rapid-review-report": ("panel", "local"),
}


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({"aware_date": MONDAY}, ["critical-incident-form", "panel-notification", "case-timeline"]),
        (
            {"aware_date": dt.date(2026, 11, 18), "form_received": MONDAY},
            ["day-4-meeting", "panel-notification", "case-timeline"],
        ),
        (
            {"aware_date": MONDAY, "form_received": MONDAY, "decision": "Refer to DSPP only", "decision_date": MONDAY},
            ["cspr-referral", "case-timeline"],
        ),
        (
            {"aware_date": MONDAY, "form_received": MONDAY, "decision": "Refer to DSPP only", "decision_date": MONDAY,
             "cspr_referred": MONDAY},
            ["director-briefing", "operational-head-notice", "case-timeline"],
        ),
        (
            {"aware_date": MONDAY, "form_received": MONDAY, "decision": "Notify Panel", "decision_date": MONDAY,
             "panel_notified": MONDAY, "directors_told": MONDAY, "lead_member_briefed": MONDAY},
            ["rapid-review-report", "case-timeline"],
        ),
        (
            {"aware_date": MONDAY, "form_received": MONDAY, "decision": "Notify Panel", "decision_date": MONDAY,
             "panel_notified": MONDAY, "directors_told": MONDAY, "lead_member_briefed": MONDAY,
             "rapid_review_completed": MONDAY, "rapid_review_sent": MONDAY, "panel_response": MONDAY,
             "review_decision": "Local review", "review_decided": MONDAY},
            ["review-decision-letter", "operational-head-notice", "review-report", "case-timeline"],
        ),
        # Every decision is told to those who are to know of it, whichever it is.
        *(
            (
                {"aware_date": MONDAY, "form_received": MONDAY, "decision": "Refer to DSPP only",
                 "decision_date": MONDAY, "cspr_referred": MONDAY, "directors_told": MONDAY,
                 "lead_member_briefed": MONDAY, "operational_head_told": MONDAY, "dspp_decision": "Progress",
                 "dspp_decided": MONDAY, "review_decision": decision, "review_decided": MONDAY},
                ["review-decision-letter", "case-timeline"],
            )
            for decision in ("National review", "No review")
        ),
        ({"aware_date": MONDAY, "closed": MONDAY}, []),
        (
            {"aware_date": MONDAY, "form_received": MONDAY, "outcome": "Death", "looked_after": "Yes",
             "abuse_or_neglect": "No"},
            ["ofsted-notification", "case-timeline"],
        ),
    ],
)  # fmt: skip
def test_the_stage_of_a_case_calls_for_its_documents(facts: dict[str, Any], names: list[str]) -> None:
    assert called_for(**facts) == names


def test_an_agency_that_has_not_returned_calls_for_its_scoping() -> None:
    for returned, wanted in (("", True), (MONDAY, False)):
        row = {"reference": "CI-1", "agency": "Police", "returned": returned}
        incident = assess_rows({"reference": "CI-1", "aware_date": MONDAY}, scoping=[row]).find("CI-1")
        assert documents()["initial-scoping"].is_called_for(incident) is wanted


def test_what_the_tracker_lacks_for_a_document_is_told_by_its_labels() -> None:
    incident = assess_rows({"reference": "CI-1", "aware_date": MONDAY, "child_id": "Made up 1"}).find("CI-1")
    lacking = missing_fields(form_of(documents()["critical-incident-form"]), incident)
    assert "Specific risk" in lacking
    assert "Looked after" in lacking
    assert not {"Child ID", "Date the council became aware"} & set(lacking)


@pytest.mark.parametrize(
    ("decision", "lacks"), [("", True), ("Local review", True), ("National review", False), ("No review", False)]
)
def test_the_reviewer_is_missing_only_where_there_is_to_be_a_local_review(decision: str, lacks: bool) -> None:
    incident = assess_rows({"reference": "CI-1", "aware_date": MONDAY, "review_decision": decision}).find("CI-1")
    assert ("Name of the reviewer" in missing_fields(form_of(documents()["review-decision-letter"]), incident)) is lacks


def test_a_document_for_each_agency_lacks_one_where_none_is_to_be_asked() -> None:
    incident = assess_rows({"reference": "CI-1", "aware_date": MONDAY}, scoping=[]).find("CI-1")
    assert missing_fields(form_of(documents()["initial-scoping"]), incident) == ["An agency on the Scoping sheet"]
    asked = assess_rows({"reference": "CI-1"}, scoping=[{"reference": "CI-1", "agency": "Police"}]).find("CI-1")
    assert "An agency on the Scoping sheet" not in missing_fields(form_of(documents()["initial-scoping"]), asked)


def test_a_form_is_known_by_its_tag() -> None:
    found = document_of_tag("form:initial-scoping")
    assert found is not None
    assert found.title == "Initial Scoping"
    assert document_of_tag("form:another") is None
    assert document_of_tag("initial-scoping") is None


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ('{ clock = "notify" }', "there is no clock notify"),
        ('{ clock = "notify_panel", always = true }', "needs one of"),
        ("{ }", "needs one of"),
        ('{ clock = "notify_panel", states = ["late"] }', "no state of a clock"),
        ('{ column = "decision", is = ["Maybe"] }', "no choice of decision"),
        ('{ column = "decision", until = "sent" }', "there is no column sent"),
    ],
)
def test_a_wrong_reason_is_named(call: str, says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        check_data("documents.toml", f"{DOCUMENT}called_for = [{call}]", DocumentList)


DOCUMENT = '[[document]]\nname = "trial"\ntitle = "Trial"\nmade_for = "nobody"\npurpose = "To try."\n'


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('columns = ["aware"]', "there is no column aware on the sheet incidents"),
        ('later = ["returned"]', "there is no column returned on the sheet incidents"),
        ('per_agency = true\ncolumns = ["risk"]', "there is no column risk on the sheet scoping"),
        ("most_children = 0", "most_children"),
        ('[[box]]\ntags = ["a"]\nticked_when = [{ column = "outcome", is = ["Harm"] }]', "“Harm” is no choice"),
        (
            '[[box]]\ntags = ["a"]\nticked_when = [{ column = "outcome", is = ["Death"] }]\n'
            'and_when = [{ column = "decided", filled = true }]',
            "there is no column decided",
        ),
        ('[[box]]\ntags = ["a"]\nand_when = [{ column = "outcome", is = ["Death"] }]', "ticked_when"),
    ],
)
def test_a_wrong_entry_is_named(more: str, says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        check_data("documents.toml", f"{DOCUMENT}called_for = [{{ always = true }}]\n{more}", DocumentList)
