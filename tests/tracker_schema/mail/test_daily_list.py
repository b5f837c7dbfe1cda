"""What the daily list holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from tests.builders import MONDAY, assess_rows
from tests.tracker_schema.mail.cases import DAYS, asked_of, day, incident, only
from tracker_schema.mail.daily_list import begins_the_week, daily_list
from tracker_schema.mail.deadlines import Deadline


def clocks_of(deadlines: Sequence[Deadline]) -> set[str | None]:
    return {deadline.clock.id if deadline.clock else None for deadline in deadlines}


def test_the_list_has_everything_that_needs_the_head_of_service() -> None:
    rows = [
        incident("CI-1", form_received=MONDAY),
        incident("CI-2", aware_date="tbc"),
        incident("CI-3", aware_date=day(-30), closed=day(-3)),
    ]
    by = only("decide_threshold", "heads_of_service_meet", "notify_panel", "scoping_return")
    tracker = assess_rows(*rows, scoping=[asked_of(sent=day(-6))], as_of=day(4), by=by)
    found = daily_list(tracker)
    assert clocks_of(found.today) == {"decide_threshold", "heads_of_service_meet"}
    assert clocks_of(found.soon) == {"notify_panel"}
    assert [deadline.agency for deadline in found.overdue] == ["Example Police"]
    assert [problem.cell for problem in found.errors] == [tracker.incidents[1].address("aware_date")]
    assert not found.is_empty


def test_the_list_is_empty_when_nothing_needs_anybody() -> None:
    by = only("report_incident", "decide_threshold", "notify_panel")
    found = daily_list(assess_rows(incident(form_received=MONDAY), as_of=MONDAY, by=by))
    assert found.is_empty


def test_facts_that_are_not_known_are_asked_for_with_their_cell_and_errors_first() -> None:
    rows = [
        incident("CI-1", abuse_or_neglect="Not known"),
        incident("CI-2", outcome="Death", looked_after="", decision="Notify Panel", decision_date=day(1)),
        incident("CI-3", abuse_or_neglect="", closed=day(1)),
    ]
    tracker = assess_rows(*rows, as_of=day(2))
    found = daily_list(tracker)
    first, second = tracker.incidents[:2]
    asked = [(question.references, question.cell, question.stops) for question in found.questions]
    assert asked == [
        (("CI-2",), second.address("looked_after"), True),
        (("CI-1",), first.address("abuse_or_neglect"), False),
    ]
    assert "Was the child looked after?" in found.questions[0].question
    assert not found.errors
    assert not found.is_empty


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ({"outcome": "Death"}, True),
        ({"outcome": ""}, True),  # nothing says
        ({"outcome": "Serious harm"}, False),
        ({"outcome": "Death", "date_of_birth": dt.date(2000, 1, 1)}, False),  # nobody of 18 is looked after
        ({"outcome": "Death", "panel_notified": day(1)}, False),  # one form serves both
        ({"outcome": "Death", "closed": day(1)}, False),
    ],
)
def test_a_log_without_a_column_for_looked_after_is_asked_in_words(cells: dict[str, Any], asked: bool) -> None:
    row = dict(incident(**{"date_of_birth": "", "panel_notified": "", "closed": ""} | cells))
    del row["looked_after"]
    found = daily_list(assess_rows(row, columns=list(row), as_of=day(1)))
    questions = [question for question in found.questions if not question.cell]
    assert [question.references for question in questions] == [("CI-1",)] * asked
    assert all("no column “Looked after”" in question.question for question in questions)


@pytest.mark.parametrize("column", ["outcome", "abuse_or_neglect"])
def test_a_log_without_a_column_for_what_decides_on_the_panel_is_asked_too(column: str) -> None:
    row = dict(incident(outcome="Death", decision=""))
    del row[column]
    (question,) = [each for each in daily_list(assess_rows(row, columns=list(row))).questions if not each.cell]
    assert question.references == ("CI-1",)
    row["decision"] = "Notify Panel"
    assert not [each for each in daily_list(assess_rows(row, columns=list(row))).questions if not each.cell]


def test_a_decision_against_the_facts_is_named_until_there_is_a_reason_and_then_with_it() -> None:
    decided: dict[str, Any] = {"decision": "Threshold not met", "decision_date": MONDAY, "place": "In area"}
    rows = [incident("CI-1", **decided, decision_reason="Made up: private"), incident("CI-2", **decided)]
    tracker = assess_rows(*rows)
    found = daily_list(tracker)
    assert [(each.reference, each.explained) for each in found.decisions] == [("CI-2", False), ("CI-1", True)]
    assert found.decisions[0].words == (
        "The decision is “Threshold not met”, although the facts recorded meet the Panel’s criteria; no reason is "
        "recorded."
    )
    assert found.decisions[1].words.endswith("; a reason is recorded.")
    assert "private" not in repr(found.decisions)
    assert not found.errors
    assert tracker.incidents[1].status == "Check data"
    only_explained = daily_list(assess_rows(rows[0], by=only("decide_threshold")))
    assert only_explained.is_empty


def test_a_local_review_is_made_known_although_the_log_has_no_column_for_that() -> None:
    row = {"reference": "CI-1", "aware_date": day(-9), "review_decision": "Local review", "review_decided": MONDAY}
    named = [
        bool(daily_list(assess_rows(row, columns=list(row), as_of=day(after))).unrecorded) for after in (0, 1, 6, 7)
    ]
    assert named == [True, True, True, False]
    (deadline,) = daily_list(assess_rows(row, columns=list(row))).unrecorded
    assert deadline.label == "Inform the Panel, Ofsted and DfE of the local review"
    assert not daily_list(assess_rows(row)).unrecorded  # it is among the deadlines
    closed = row | {"closed": MONDAY}
    assert not daily_list(assess_rows(closed, columns=list(closed))).unrecorded


def test_once_a_week_the_list_says_what_is_not_watched() -> None:
    row = {"reference": "CI-1", "aware_date": MONDAY, "form_received": MONDAY}
    monday, tuesday = (daily_list(assess_rows(row, columns=list(row), as_of=day(after))) for after in (0, 1))
    assert "Notify the national Panel" in monday.not_watched
    assert "Return the Initial Scoping template" in monday.not_watched
    assert "Send the Critical Incident Form" not in monday.not_watched
    # Without a column for it nobody can say that SLT has discussed a case.
    assert "Discuss at SLT" in monday.not_watched
    assert not tuesday.not_watched
    assert not daily_list(assess_rows(row, scoping=[])).not_watched


@pytest.mark.parametrize(
    ("date", "begins"),
    [
        ("2026-11-23", True),
        ("2026-11-24", False),
        ("2026-11-28", False),  # a Saturday
        ("2026-12-28", False),  # a bank holiday
        ("2026-12-29", True),
        ("2027-03-30", True),  # after Easter Monday
    ],
)
def test_a_week_begins_on_its_first_working_day(date: str, begins: bool) -> None:
    assert begins_the_week(dt.date.fromisoformat(date), DAYS) is begins
