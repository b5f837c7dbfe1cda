"""The reports, letters and briefings hold what the guidance asks of each of them."""

from __future__ import annotations

import re

import pytest

from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.documents.documents import Document, documents
from tracker_schema.documents.fields import Field, criteria

NARRATIVE = (
    *("rapid-review-report", "review-decision-letter", "director-briefing", "operational-head-notice"),
    *("review-report", "learning-briefing", "case-timeline"),
)


def fields(name: str) -> dict[str, Field]:
    """Every answer of the document by its tag, those in rows among them."""
    document = documents()[name]
    single = [field for _, field in document.fields()]
    return {field.tag: field for field in [*single, *(field for group in document.groups() for field in group.field)]}


def headings(document: Document) -> list[str]:
    return [section.heading for section in document.sections if section.heading]


def facts(document: Document) -> set[str]:
    return {fact for section in document.sections for fact in section.facts}


def said(document: Document) -> str:
    """All that the document itself says, in one line."""
    texts = [text for section in document.sections for text in (*section.text, *section.bullets, section.heading or "")]
    return " ".join(texts)


def test_the_rapid_review_has_its_four_aims_and_an_answer_to_each() -> None:
    report = documents()["rapid-review-report"]
    (aims,) = [section.bullets for section in report.sections if section.bullets]
    assert len(aims) == 4
    asked = fields("rapid-review-report")
    for aim in (
        {"summary", "background", "involvement_what", "key_episode_what", "key_episode_why"},
        {"risk", "immediate_action", "children_safe", "urgent_action", "shared_now"},
        {"improvements", "seen_before", "identity", "disability_context", "inequality"},
        {"review_decision", "decision_why", "next_action"},
    ):
        assert aim <= set(asked)
    assert asked["review_decision"].choices == ("Local review", "National review", "No review")
    assert asked["decision_why"].required
    for tag in ("local_criteria", "local_circumstances", "panel_criteria", "panel_circumstances"):
        assert {field.tag for field in criteria()[tag].field} <= set(asked)
    assert "agencies" in {section.table for section in report.sections}


def test_the_decision_letter_goes_to_all_three_and_names_form_and_reviewer() -> None:
    letter = documents()["review-decision-letter"]
    for addressee in ("Child Safeguarding Practice Review Panel", "Ofsted", "Department for Education"):
        assert addressee in said(letter)
    asked = fields("review-decision-letter")
    assert {tag for tag in asked if asked[tag].required} >= {
        "review_decision",
        "review_form",
        "reviewer",
        "decision_why",
    }
    forms = tracker_schema().sheets[INCIDENTS].columns["review_form"].choices
    assert asked["review_form"].choices == forms
    assert len(forms) == 4
    # One opening for each decision, and one for a decision that the tracker does not say yet.
    conditions = " ".join(section.only_if or "" for section in letter.sections)
    for decision in tracker_schema().sheets[INCIDENTS].columns["review_decision"].choices:
        assert f'"{decision}"' in conditions
    assert "not incident.review_decision" in conditions
    # Nothing of the child goes into it.
    assert not {fact for fact in facts(letter) if tracker_schema().sheets[INCIDENTS].columns[fact].personal}


def test_the_directors_learn_what_was_notified_when_the_risk_the_action_and_the_media() -> None:
    briefing = documents()["director-briefing"]
    assert facts(briefing) >= {
        *("aware_date", "panel_notified", "ofsted_notified", "cspr_referred", "decision", "decision_reason"),
        *("risk", "immediate_action", "partner_views", "summary", "next_step", "next_due"),
    }
    assert {"media", "media_what", "media_lines", "children_safe", "asked"} <= set(fields("director-briefing"))
    assert "Lead Member" in said(briefing)
    # Not who the child is.
    assert not facts(briefing) & {"child_id", "initials", "date_of_birth", "practitioner"}


def test_the_operational_head_learns_of_the_referral_and_arranges_support() -> None:
    notice = documents()["operational-head-notice"]
    assert "incident.cspr_referred" in said(notice)
    assert "practitioner" in facts(notice)
    asked = fields("operational-head-notice")
    assert {tag for tag in asked if asked[tag].required} == {"told_on", "supporter", "support_what", "link"}
    assert len([tag for tag in asked if asked[tag].kind == "checkbox"]) == 5


def test_the_review_report_has_a_part_for_each_feature_of_a_good_report_and_a_checklist() -> None:
    report = documents()["review-report"]
    parts = {match[1] for heading in headings(report) if (match := re.match(r"(\d+)\. ", heading))}
    boxes = [field for _, field in report.fields() if field.kind == "checkbox"]
    qualities = [field for field in boxes if field.tag.startswith("quality_")]
    features = [field for field in boxes if field.tag.startswith("feature_")]
    assert (len(qualities), len(features)) == (4, 6)
    named = [re.search(r"\(part (\d+)\)$", field.label) for field in features]
    assert [match[1] for match in named if match] == ["1", "3", "4", "5", "6", "7"]
    assert parts == {"1", "2", "3", "4", "5", "6", "7"}
    # The child's perspective and the family's context are a part of their own.
    assert {"perspective", "family_context"} <= set(fields("review-report"))


def test_the_learning_briefing_has_themes_practice_questions_and_what_follows() -> None:
    briefing = documents()["learning-briefing"]
    assert {"learning", "differently_now", "team_questions", "follows_what", "team_change"} <= set(
        fields("learning-briefing")
    )
    (questions,) = [section.bullets for section in briefing.sections if section.heading == "Questions for the team"]
    assert len(questions) >= 5
    assert all(question.endswith("?") for question in questions)
    assert re.search(r"audits, training", said(briefing))
    columns = tracker_schema().sheets[INCIDENTS].columns
    assert not {fact for fact in facts(briefing) if columns[fact].personal}


def test_the_case_timeline_has_both_pictures_and_every_clock() -> None:
    timeline = documents()["case-timeline"]
    assert [section.picture for section in timeline.sections if section.picture] == ["flowchart", "timeline"]
    assert "clocks" in {section.table for section in timeline.sections}
    assert not fields("case-timeline")


@pytest.mark.parametrize("name", NARRATIVE)
def test_a_day_in_a_sentence_is_named_only_when_it_is_known(name: str) -> None:
    columns = tracker_schema().sheets[INCIDENTS].columns
    for section in documents()[name].sections:
        for field in re.findall(r"\{\{ ((?:clock|incident)\.[\w.]+) \}\}", " ".join(section.text)):
            if field.startswith("clock.") or columns[field.partition(".")[2]].type == "date":
                assert field in (section.only_if or ""), section.text
