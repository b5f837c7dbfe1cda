"""The reports, letters and briefings hold what the guidance asks of each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from scripts.adapters.word.templates.form_fields import form_of
from scripts.adapters.word.templates.template import read_template
from scripts.adapters.word.templates.template_files import template_path
from tests.word.documents import opened, text_of
from tests.word.field_list import fields_used
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.documents.documents import documents
from tracker_schema.documents.forms import Field

NARRATIVE = (
    *("rapid-review-report", "review-decision-letter", "director-briefing", "operational-head-notice"),
    *("review-report", "learning-briefing", "case-timeline"),
)
COLUMNS = tracker_schema().sheets[INCIDENTS].columns


def fields(name: str) -> dict[str, Field]:
    """Every answer of the document by its tag, those in rows among them."""
    form = form_of(documents()[name])
    return {field.tag: field for field in [*form.fields, *(field for group in form.groups for field in group.fields)]}


def paragraphs(name: str, style: str) -> list[str]:
    """The text of each paragraph of the template whose style begins so."""
    return [each.text for each in opened(template_path(name)).paragraphs if each.style.name.startswith(style)]


def facts(name: str) -> set[str]:
    """The columns that the template shows."""
    used = fields_used(read_template(template_path(name)))
    return {path.rpartition(".")[2] for path in used if path.startswith(("incident.", "children: "))} & set(COLUMNS)


def lists(name: str) -> set[str]:
    """The lists of which the template shows each element."""
    return set(re.findall(r"for each in (\w+)", text_of(template_path(name))))


def sentences(name: str) -> Iterator[tuple[str, str]]:
    """Each paragraph outside of the tables, with the conditions on which it is there."""
    conditions: list[str] = []
    for paragraph in opened(template_path(name)).paragraphs:
        if begun := re.fullmatch(r"\{%p (?:if|for) (.*) %\}", paragraph.text):
            conditions.append(begun[1])
        elif paragraph.text.startswith("{%p end"):
            conditions.pop()
        else:
            yield paragraph.text, " and ".join(conditions)


def test_the_rapid_review_has_its_four_aims_and_an_answer_to_each() -> None:
    assert len(paragraphs("rapid-review-report", "List Bullet")) == 4
    asked = fields("rapid-review-report")
    for aim in (
        {"summary", "background", "key_episode_what", "key_episode_why"},
        {"risk", "immediate_action", "children_safe", "urgent_action", "shared_now"},
        {"improvements", "seen_before", "identity", "disability_context", "inequality"},
        {"review_decision", "decision_why", "next_action"},
    ):
        assert aim <= set(asked)
    assert asked["review_decision"].choices == ("Local review", "National review", "No review")
    assert asked["decision_why"].required
    assert {"agencies", "chronology"} <= set(lists("rapid-review-report"))


def test_the_decision_letter_goes_to_all_three_and_names_form_and_reviewer() -> None:
    letter = "review-decision-letter"
    for addressee in ("Child Safeguarding Practice Review Panel", "Ofsted", "Department for Education"):
        assert addressee in text_of(template_path(letter))
    asked = fields(letter)
    assert {tag for tag in asked if asked[tag].required} >= {
        "review_decision",
        "review_form",
        "reviewer",
        "decision_why",
    }
    forms = COLUMNS["review_form"].choices
    assert asked["review_form"].choices == forms
    assert len(forms) == 4
    # One opening for each decision, and one for a decision that the tracker does not say yet.
    conditions = " ".join(condition for _, condition in sentences(letter))
    for decision in COLUMNS["review_decision"].choices:
        assert f'"{decision}"' in conditions
    assert "not incident.review_decision" in conditions
    # Nothing of the child goes into it.
    assert not {fact for fact in facts(letter) if COLUMNS[fact].personal}


def test_the_directors_learn_what_was_notified_when_the_risk_the_action_and_the_media() -> None:
    briefing = "director-briefing"
    assert facts(briefing) >= {
        *("aware_date", "panel_notified", "ofsted_notified", "cspr_referred", "decision", "decision_reason"),
        *("risk", "immediate_action", "partner_views", "summary", "next_step", "next_due"),
    }
    assert {"media", "media_what", "media_lines", "children_safe", "asked"} <= set(fields(briefing))
    assert "Lead Member" in text_of(template_path(briefing))
    # Not who the child is.
    assert not facts(briefing) & {"child_id", "initials", "date_of_birth", "practitioner"}


def test_the_operational_head_learns_of_the_referral_and_arranges_support() -> None:
    notice = "operational-head-notice"
    assert "{{ incident.cspr_referred }}" in text_of(template_path(notice))
    assert "practitioner" in facts(notice)
    asked = fields(notice)
    assert {tag for tag in asked if asked[tag].required} == {"told_on", "supporter", "support_what", "link"}
    assert len([tag for tag in asked if asked[tag].kind == "checkbox"]) == 5


def test_the_review_report_has_a_part_for_each_feature_of_a_good_report_and_a_checklist() -> None:
    headings = paragraphs("review-report", "Heading")
    parts = {match[1] for heading in headings if (match := re.match(r"(\d+)\. ", heading))}
    boxes = [field for field in fields("review-report").values() if field.kind == "checkbox"]
    qualities = [field for field in boxes if field.tag.startswith("quality_")]
    features = [field for field in boxes if field.tag.startswith("feature_")]
    assert (len(qualities), len(features)) == (4, 6)
    named = [re.search(r"\(part (\d+)\)$", field.label) for field in features]
    assert [match[1] for match in named if match] == ["1", "3", "4", "5", "6", "7"]
    assert parts == {"1", "2", "3", "4", "5", "6", "7"}
    # The child's perspective and the family's context are a part of their own.
    assert {"perspective", "family_context"} <= set(fields("review-report"))


def test_the_learning_briefing_has_themes_practice_questions_and_what_follows() -> None:
    briefing = "learning-briefing"
    asked = {"learning", "differently_now", "team_questions", "follows_what", "team_change"}
    assert asked <= set(fields(briefing))
    assert "Questions for the team" in paragraphs(briefing, "Heading")
    questions = paragraphs(briefing, "List Bullet")
    assert len(questions) >= 5
    assert all(question.endswith("?") for question in questions)
    assert "audits, training" in text_of(template_path(briefing))
    assert not {fact for fact in facts(briefing) if COLUMNS[fact].personal}


def test_the_case_timeline_has_both_pictures_and_every_clock() -> None:
    assert read_template(template_path("case-timeline")).pictures == {"flowchart", "timeline"}
    assert "clocks" in lists("case-timeline")
    assert not fields("case-timeline")


@pytest.mark.parametrize("name", NARRATIVE)
def test_a_day_in_a_sentence_is_named_only_when_it_is_known(name: str) -> None:
    for text, condition in sentences(name):
        for field in re.findall(r"\{\{ ((?:clock|incident)\.[\w.]+) \}\}", text):
            if field.startswith("clock.") or COLUMNS[field.partition(".")[2]].type == "date":
                assert field in condition, text
