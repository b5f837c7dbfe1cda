"""Who is called on which day about an incident without a decision."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.builders import assess_rows, rules
from tests.tracker_schema.mail.cases import day, incident
from tracker_schema.clocks.clocks import changed, standard_clocks
from tracker_schema.documents.documents import documents
from tracker_schema.documents.forms import Form
from tracker_schema.documents.shown import Council, fields_of
from tracker_schema.mail.calls import CallStage, calls


@pytest.mark.parametrize(
    ("after", "stage"),
    [
        *((0, None), (1, None), (2, None)),
        (3, CallStage.WARNED),
        (4, CallStage.CALLED),
        (5, CallStage.REPEATED),
        (9, CallStage.REPEATED),  # the computer was off on days 3 to 8
        (10, CallStage.REPEATED),  # a case that is logged late is called on the day it is first seen
        (200, CallStage.REPEATED),
    ],
)
def test_the_heads_are_warned_on_day_3_called_on_day_4_and_again_on_day_5(after: int, stage: CallStage | None) -> None:
    found = calls(assess_rows(incident(), as_of=day(after)))
    assert [call.stage for call in found] == ([stage] if stage else [])


def test_days_off_do_not_count() -> None:
    before_christmas = incident(aware_date=dt.date(2026, 12, 22))  # a Tuesday; day 3 is the 29th, day 4 the 30th
    stages = {
        date: [call.stage for call in calls(assess_rows(before_christmas, as_of=dt.date(2026, 12, date)))]
        for date in (24, 29, 30, 31)
    }
    assert stages == {24: [], 29: [CallStage.WARNED], 30: [CallStage.CALLED], 31: [CallStage.REPEATED]}


@pytest.mark.parametrize(
    "settled",
    [
        {"decision": "Threshold not met", "decision_date": day(2)},
        {"decision": "Notify Panel"},  # undated: a problem of the data, and not of the decision
        {"decision_date": day(2)},
        {"closed": day(3)},
        {"aware_date": "last Tuesday"},
    ],
)
def test_nobody_is_called_when_it_is_settled_or_cannot_be_told(settled: dict[str, Any]) -> None:
    assert calls(assess_rows(incident(**settled), as_of=day(4))) == []


@pytest.mark.parametrize("after", [3, 4, 5])
def test_a_meeting_is_no_decision(after: int) -> None:
    met, decided = incident(heads_met=day(2)), incident("CI-2", heads_met=day(2), decision="Notify Panel")
    found = calls(assess_rows(met, decided, incident("CI-3"), as_of=day(after)))
    assert [(call.reference, call.met) for call in found] == [("CI-1", True), ("CI-3", False)]
    by = rules(start_from=day(5))
    assert calls(assess_rows(met, as_of=day(5), by=by)) == []


def test_the_call_says_what_the_meeting_needs_and_never_what_it_is() -> None:
    said = {"risk": "Made up: private", "partner_views": "Made up: private"}
    (call,) = calls(assess_rows(incident(**said), as_of=day(4)))
    assert [(need.heading, need.recorded) for need in call.needs] == [
        ("Specific risk", True),
        ("Immediate action", False),
        ("Partner views", True),
    ]
    assert (call.head, call.meet_by, call.panel_by) == ("Head of Service One", day(4), day(5))
    assert "private" not in repr(call)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"place": "In area"},
            "The facts recorded meet the Panel’s criteria (Children Act 2004, section 16C); people decide.",
        ),
        ({"place": ""}, "The facts recorded so far neither meet the Panel’s criteria nor rule them out."),
        ({"outcome": "Other"}, "A fact recorded rules the Panel out (Children Act 2004, section 16C); people decide."),
    ],
)
def test_the_call_says_of_the_facts_what_the_document_of_day_4_says(facts: dict[str, Any], sentence: str) -> None:
    tracker = assess_rows(incident(**facts), as_of=day(4))
    (call,) = calls(tracker)
    assert call.criteria == sentence
    form = Form(documents()["day-4-meeting"], (), ())
    council = Council("Example Council", "the partnership", "")
    assert fields_of(form, tracker.incidents[0], day(4), tracker.rules, council)["criteria"] == sentence


def test_where_the_facts_rule_the_panel_out_no_day_for_it_is_named() -> None:
    (call,) = calls(assess_rows(incident(outcome="Other"), as_of=day(4)))
    assert call.panel_by is None


def test_the_day_for_the_panel_is_named_while_a_fact_that_decides_it_is_not_known() -> None:
    (call,) = calls(assess_rows(incident(outcome=""), as_of=day(4)))
    assert call.panel_by == day(5)


def test_the_council_may_meet_on_another_day_or_not_at_all() -> None:
    by_id = {clock.id: clock for clock in standard_clocks()}
    earlier = changed(by_id["heads_of_service_meet"], {"length": 3})
    sooner = rules(clocks=tuple(earlier if clock.id == earlier.id else clock for clock in standard_clocks()))
    assert [call.stage for call in calls(assess_rows(incident(), as_of=day(3), by=sooner))] == [CallStage.CALLED]
    without = rules(clocks=tuple(clock for clock in standard_clocks() if clock.id != "heads_of_service_meet"))
    assert [call.stage for call in calls(assess_rows(incident(), as_of=day(4), by=without))] == [CallStage.CALLED]
    neither = rules(clocks=(by_id["notify_panel"],))
    assert calls(assess_rows(incident(), as_of=day(4), by=neither)) == []
