"""documents.toml and its contents hold what the guidance asks, and a slip in them is named with its place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.builders import MONDAY, assessed
from tracker_schema.case import find_case
from tracker_schema.columns.schema import check_data, tracker_schema
from tracker_schema.documents.documents import Contents, _Documents, document_of_tag, documents, missing_fields
from tracker_schema.documents.fields import criteria
from tracker_schema.errors import SchemaError

NAMES = (
    "critical-incident-form", "day-4-meeting", "panel-notification", "ofsted-notification", "cspr-referral",
    "initial-scoping", "rapid-review-report", "review-decision-letter", "director-briefing", "operational-head-notice",
    "review-report", "learning-briefing", "case-timeline",
)  # fmt: skip
FORMS = NAMES[:6]


def called_for(**facts: Any) -> list[str]:
    case = find_case(assessed({"reference": "CI-1", **facts}, scoping=[]), "CI-1")
    return [document.name for document in documents().values() if document.is_called_for(case)]


def test_the_documents_are_those_of_the_process() -> None:
    assert tuple(documents()) == NAMES


@pytest.mark.parametrize("name", FORMS)
def test_a_form_can_be_made_of_its_contents(name: str) -> None:
    document = documents()[name]
    tags = [field.tag for _, field in document.fields()]
    tags += [field.tag for group in document.groups() for field in group.field]
    assert len(set(tags)) == len(tags) > 10
    for _, field in document.fields():
        assert field.label.strip() == field.label


def test_a_field_that_mirrors_a_column_is_as_the_column() -> None:
    fields = {field.tag: field for _, field in documents()["critical-incident-form"].fields()}
    column = tracker_schema().sheets["incidents"].columns["protection_plan"]
    mirrored = fields["protection_plan"]
    assert (mirrored.label, mirrored.choices, mirrored.help, mirrored.kind) == (
        column.heading,
        column.choices,
        column.about,
        "choice",
    )
    assert fields["view"].choices == tracker_schema().sheets["incidents"].columns["decision"].choices
    assert fields["view"].column is None
    assert (fields["initials"].tag_of(2), fields["risk"].tag_of(None)) == ("child_2_initials", "risk")


@pytest.mark.parametrize("name", ["critical-incident-form", "day-4-meeting", "panel-notification"])
def test_the_heads_of_service_are_asked_for_what_they_need(name: str) -> None:
    required = {field.column for _, field in documents()[name].fields() if field.required}
    assert {"risk", "immediate_action", "partner_views"} <= required


def test_the_criteria_are_complete() -> None:
    # As many as the guidance has, besides the kinds of harm and the duty itself.
    assert {name: len(each.field) for name, each in criteria().items()} == {
        "duty_to_notify": 6,
        "serious_harm": 8,
        "panel_criteria": 3,
        "panel_circumstances": 4,
        "local_criteria": 4,
        "local_circumstances": 4,
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
            ["review-decision-letter", "review-report", "case-timeline"],
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
        case = find_case(assessed({"reference": "CI-1", "aware_date": MONDAY}, scoping=[row]), "CI-1")
        assert documents()["initial-scoping"].is_called_for(case) is wanted


def test_what_the_tracker_lacks_for_a_document_is_told_by_its_labels() -> None:
    case = find_case(assessed({"reference": "CI-1", "aware_date": MONDAY, "child_id": "Made up 1"}), "CI-1")
    lacking = missing_fields(documents()["critical-incident-form"], case)
    assert "Specific risk" in lacking
    assert "Looked after" in lacking
    assert not {"Child ID", "Date the council became aware"} & set(lacking)


@pytest.mark.parametrize(
    ("decision", "lacks"), [("", True), ("Local review", True), ("National review", False), ("No review", False)]
)
def test_the_reviewer_is_missing_only_where_there_is_to_be_a_local_review(decision: str, lacks: bool) -> None:
    case = find_case(assessed({"reference": "CI-1", "aware_date": MONDAY, "review_decision": decision}), "CI-1")
    assert ("Name of the reviewer" in missing_fields(documents()["review-decision-letter"], case)) is lacks


def test_a_document_for_each_agency_lacks_one_where_none_is_to_be_asked() -> None:
    case = find_case(assessed({"reference": "CI-1", "aware_date": MONDAY}, scoping=[]), "CI-1")
    assert missing_fields(documents()["initial-scoping"], case) == ["An agency on the Scoping sheet"]
    asked = find_case(assessed({"reference": "CI-1"}, scoping=[{"reference": "CI-1", "agency": "Police"}]), "CI-1")
    assert "An agency on the Scoping sheet" not in missing_fields(documents()["initial-scoping"], asked)


def test_a_form_is_known_by_its_tag() -> None:
    found = document_of_tag("form:initial-scoping")
    assert found is not None
    assert found.title == "Initial Scoping"
    assert document_of_tag("form:another") is None
    assert document_of_tag("initial-scoping") is None


@pytest.mark.parametrize(
    ("slip", "says"),
    [
        ('[[section]]\n[[section.field]]\ncolumn = "aware"', "there is no column aware"),
        ('[[section]]\n[[section.field]]\ncolumn = "decision"\nchoices = ["Yes"]', "leave them out"),
        ('[[section]]\n[[section.field]]\ntag = "a"\nlabel = "A"', "help goes with every kind"),
        ('[[section]]\n[[section.field]]\ntag = "a"\nlabel = "A"\nhelp = "x"\nkind = "choice"', "choices goes with"),
        ('[[section]]\nfacts = ["height"]', "there is no column height"),
        ('[[section]]\ncriteria = "other"', "there is no list of criteria other"),
        (
            '[[section]]\n[[section.field]]\ntag = "a"\nlabel = "A"\nhelp = "x"\n'
            '[[section.field]]\ntag = "a"\nlabel = "A"\nhelp = "x"',
            "the tag a stands twice",
        ),
        (
            '[[section]]\n[[section.field]]\ntag = "reference"\nlabel = "A"\nhelp = "x"',
            "the tag reference stands twice",
        ),
        (
            '[[section]]\n[[section.field]]\ntag = "a"\nlabel = "A"\nkind = "checkbox"\n'
            'ticked_when = [{ column = "outcome", is = ["Harm"] }]',
            "“Harm”, which is no choice of outcome",
        ),
        (
            '[[section]]\n[[section.field]]\ntag = "a"\nlabel = "A"\nhelp = "x"\n'
            'not_asked_when = [{ column = "decision", is = ["Maybe"] }]',
            "not_asked_when names “Maybe”, which is no choice of decision",
        ),
        (
            '[[section]]\n[[section.field]]\ntag = "a"\nlabel = "A"\nkind = "checkbox"\n'
            'and_when = [{ column = "outcome", is = ["Death"] }]',
            "and_when goes with ticked_when",
        ),
    ],
)
def test_a_slip_in_the_contents_is_named(slip: str, says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        check_data("contents/trial.toml", slip, Contents)


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
def test_a_slip_in_the_list_is_named(call: str, says: str) -> None:
    text = (
        '[[document]]\nname = "trial"\ntitle = "Trial"\nmade_for = "nobody"\npurpose = "To try."\n'
        f"called_for = [{call}]"
    )
    with pytest.raises(SchemaError, match=says):
        check_data("documents.toml", text, _Documents)
