"""What the Director is told, and of which dates that mail marks as statutory."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.builders import MONDAY, assess_rows, rules
from tests.tracker_schema.mail.cases import day, incident
from tracker_schema.mail.deadlines import open_deadlines
from tracker_schema.mail.escalations import Escalation, escalations

BORN = {"date_of_birth": dt.date(2006, 1, 1)}  # 20 years old


def test_the_director_is_told_of_statutory_dates_that_have_passed_and_of_no_others() -> None:
    row = incident(initials="ZQ", place="In area")
    assert escalations(assess_rows(row, as_of=day(5))) == []  # Monday 30 November is the last day
    panel, partners = escalations(assess_rows(row, as_of=day(6)))
    keeper = "Head of Service for Safeguarding"
    assert panel == Escalation("CI-1", "notify_panel", "Notify the national Panel", keeper, day(5))
    assert partners.label == "Tell the safeguarding partners"
    assert "ZQ" not in repr((panel, partners))


def test_a_step_that_facts_not_known_leave_open_counts_with_their_headings() -> None:
    tracker = assess_rows(incident(outcome=""), as_of=day(6))
    panel, partners = escalations(tracker)
    assert (panel.label, panel.unknown) == ("Notify the national Panel", ("Outcome",))
    assert partners.unknown == ("Outcome",)


@pytest.mark.parametrize(
    "quiet", [{"closed": day(6)}, {"panel_notified": day(6), "partners_told": day(6)}, {"outcome": "Other"}]
)
def test_nobody_is_told_of_what_is_done_does_not_apply_or_is_closed(quiet: dict[str, Any]) -> None:
    assert escalations(assess_rows(incident(**quiet), as_of=day(7))) == []


def test_what_was_due_before_the_start_is_no_news() -> None:
    assert escalations(assess_rows(incident(), as_of=day(7), by=rules(start_from=day(6)))) == []


@pytest.mark.parametrize(
    ("facts", "authority"),
    [
        ({"looked_after": "Yes"}, "statutory"),
        ({"looked_after": "No", "care_leaver": "Yes"}, "national"),
        ({"looked_after": "Yes", "care_leaver": "Yes"}, "statutory"),
        ({"looked_after": "", "care_leaver": "Yes"}, "statutory"),  # nothing says that the child was not looked after
        ({"looked_after": "", "care_leaver": "Yes"} | BORN, "national"),
    ],
)
def test_a_care_leavers_death_is_told_by_national_guidance(facts: dict[str, Any], authority: str) -> None:
    tracker = assess_rows(incident(outcome="Death", **facts), as_of=day(7))
    (deadline,) = [each for each in open_deadlines(tracker) if each.clock and each.clock.id == "notify_ofsted"]
    assert deadline.authority == authority
    told = "notify_ofsted" in {each.clock for each in escalations(tracker)}
    assert told is (authority == "statutory")


def test_a_rapid_review_is_due_by_national_guidance() -> None:
    notified: dict[str, Any] = {"decision": "Notify Panel", "decision_date": MONDAY, "panel_notified": MONDAY}
    tracker = assess_rows(incident(**notified, partners_told=MONDAY), as_of=day(20))
    marks = {each.label: each.authority for each in open_deadlines(tracker)}
    assert marks["Complete the rapid review"] == "national"
    assert marks["Tell the directors"] == ""
    assert escalations(tracker) == []
