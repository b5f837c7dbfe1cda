"""What the daily list holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.builders import MONDAY, assess_rows
from tests.tracker_schema.mail.cases import DAYS, asked_of, day, incident, only
from tracker_schema.clocks.results import State
from tracker_schema.mail.daily_list import DailyList, Item, begins_the_week, daily_list
from tracker_schema.mail.deadlines import Deadline


def items_of(found: DailyList) -> list[Item]:
    return [item for case in found.cases for item in (*case.new, *case.rest)]


def steps_in(found: DailyList, state: State) -> list[Deadline]:
    return [item.deadline for item in items_of(found) if item.deadline and item.deadline.state == state]


def to_put_right(found: DailyList) -> list[Item]:
    """What is to be put right in the rows, but for dates of birth, which these cases do not have."""
    items = (item for item in items_of(found) if not item.deadline and "closed" not in item.key[1])
    return [item for item in items if "date_of_birth" not in item.key[1]]


def clocks_in(found: DailyList, state: State) -> set[str | None]:
    return {deadline.clock.id if deadline.clock else None for deadline in steps_in(found, state)}


def test_the_list_has_everything_that_needs_the_head_of_service() -> None:
    rows = [
        incident("CI-1", form_received=MONDAY),
        incident("CI-2", aware_date="tbc"),
        incident("CI-3", aware_date=day(-30), closed=day(-3)),
    ]
    by = only("decide_threshold", "heads_of_service_meet", "notify_panel", "scoping_return")
    tracker = assess_rows(*rows, scoping=[asked_of(sent=day(-6))], as_of=day(4), by=by)
    found = daily_list(tracker)
    assert clocks_in(found, State.DUE_TODAY) == {"decide_threshold", "heads_of_service_meet"}
    assert clocks_in(found, State.DUE_SOON) == {"notify_panel"}
    assert [deadline.agency for deadline in steps_in(found, State.OVERDUE)] == ["Example Police"]
    assert (found.overdue, found.today, found.soon) == (1, 2, 1)
    (error,) = to_put_right(found)
    assert (error.cell, error.stops) == (tracker.incidents[1].address("aware_date"), True)
    # All of it is new, the case with something overdue first.
    assert [case.reference for case in found.cases] == ["CI-1", "CI-2", ""]
    assert found.new == len(items_of(found))
    assert not any(case.rest for case in found.cases)


def test_what_is_new_since_the_last_list_comes_first_and_the_rest_in_short() -> None:
    by = only("decide_threshold", "notify_panel")
    rows = [incident("CI-1"), incident("CI-2", aware_date=day(1))]
    before = daily_list(assess_rows(*rows, as_of=day(2), by=by))
    same = daily_list(assess_rows(*rows, as_of=day(2), by=by), before.keys, day(2))
    assert (same.new, same.is_empty) == (0, False)
    # A day later what was due soon is due today or tomorrow, and something more is due soon.
    after = daily_list(assess_rows(*rows, as_of=day(4), by=by), before.keys, day(2))
    first = after.cases[0]
    assert [(item.deadline.key, item.deadline.state) for item in first.new if item.deadline] == [
        ("decide_threshold", State.DUE_TODAY),
        ("notify_panel", State.DUE_SOON),
    ]
    # A date that was changed moves its deadline, which is new again.
    moved = daily_list(assess_rows({**rows[0], "aware_date": day(-1)}, as_of=day(2), by=by), before.keys, day(2))
    assert {item.deadline.due for case in moved.cases for item in case.new if item.deadline} == {day(3), day(4)}


def test_a_row_that_moves_is_no_news_and_what_was_put_right_and_is_wrong_again_is() -> None:
    wrong = incident("CI-2", aware_date="tbc")
    actions = [{"reference": "CI-1", "action": "Made up", "owner": "Ann Sample", "due": day(-3), "done": ""}]
    one = daily_list(assess_rows(incident("CI-1"), wrong, actions=actions))
    other = daily_list(assess_rows(wrong, incident("CI-1"), actions=actions), one.keys, MONDAY)
    assert other.new == 0
    right = daily_list(assess_rows(incident("CI-1"), incident("CI-2"), actions=actions), one.keys, MONDAY)
    again = daily_list(assess_rows(incident("CI-1"), wrong, actions=actions), right.keys, MONDAY)
    assert [(case.reference, len(case.new)) for case in again.cases if case.new] == [("CI-2", 1)]


@pytest.mark.parametrize(
    ("number", "owner", "label"),
    [
        ("3", "Ann Sample's team", "Action 3, Ann Sample's team"),
        ("", "Housing", "Action, Housing"),
        ("Rec 1.2", "", "Action Rec 1.2"),
        ("ask the mother on 3 May", "", "Action"),
    ],
)
def test_an_action_is_told_by_its_number_or_owner_and_never_by_a_row(number: str, owner: str, label: str) -> None:
    action = {"reference": "CI-1", "number": number, "action": "Made up", "owner": owner, "due": day(-3), "done": ""}
    found = daily_list(assess_rows(incident(), actions=[action], by=only("decide_threshold")))
    (step,) = steps_in(found, State.OVERDUE)
    assert step.label_with_owner == label
    # What is remembered, and what SLT is shown, has no owner.
    assert "Ann" not in repr(found.keys) + step.label + step.owner


def test_the_list_is_empty_when_nothing_needs_anybody() -> None:
    by = only("report_incident", "decide_threshold", "notify_panel")
    known = incident(form_received=MONDAY, date_of_birth=dt.date(2015, 3, 4))
    found = daily_list(assess_rows(known, as_of=MONDAY, by=by))
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
    asked = {item.key[0]: item for item in to_put_right(found)}
    assert {name: (item.cell, item.stops) for name, item in asked.items()} == {
        "ci-2": (second.address("looked_after"), True),
        "ci-1": (first.address("abuse_or_neglect"), False),
    }
    assert "Was the child looked after?" in asked["ci-2"].words


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
    questions = _without_cell(daily_list(assess_rows(row, columns=list(row), as_of=day(1))))
    assert len(questions) == asked
    assert all(words.startswith("CI-1: ") and "no column “Looked after”" in words for words in questions)


@pytest.mark.parametrize("column", ["outcome", "abuse_or_neglect"])
def test_a_log_without_a_column_for_what_decides_on_the_panel_is_asked_too(column: str) -> None:
    row = dict(incident(outcome="Death", decision=""))
    del row[column]
    (question,) = _without_cell(daily_list(assess_rows(row, columns=list(row))))
    assert question.startswith("CI-1: ")
    row["decision"] = "Notify Panel"
    assert not _without_cell(daily_list(assess_rows(row, columns=list(row))))


def _without_cell(found: DailyList) -> list[str]:
    return [item.words for item in to_put_right(found) if not item.cell]


def test_a_decision_against_the_facts_is_named_until_there_is_a_reason_and_then_with_it() -> None:
    decided: dict[str, Any] = {"decision": "Threshold not met", "decision_date": MONDAY, "place": "In area"}
    rows = [incident("CI-1", **decided, decision_reason="Made up: private"), incident("CI-2", **decided)]
    tracker = assess_rows(*rows)
    found = daily_list(tracker)
    told = {item.key[0]: item for item in to_put_right(found)}
    assert "although the facts recorded meet the Panel’s criteria; no reason is recorded." in told["ci-2"].words
    assert (told["ci-2"].asks, told["ci-1"].asks) == (True, False)
    assert told["ci-1"].words.endswith("; a reason is recorded.")
    assert "private" not in repr(told)
    assert tracker.incidents[1].status == "Check data"
    # It is told of once with its reason; without one it stays.
    again = daily_list(tracker, found.keys, MONDAY)
    assert [item.key[0] for item in to_put_right(again)] == ["ci-2"]


def test_a_local_review_is_made_known_although_the_log_has_no_column_for_that() -> None:
    row = {"reference": "CI-1", "aware_date": day(-9), "review_decision": "Local review", "review_decided": MONDAY}
    named = [
        bool(_unrecorded(daily_list(assess_rows(row, columns=list(row), as_of=day(after))))) for after in (0, 1, 6, 7)
    ]
    assert named == [True, True, True, False]
    (deadline,) = _unrecorded(daily_list(assess_rows(row, columns=list(row))))
    assert deadline.label == "Inform the Panel, Ofsted and DfE of the local review"
    assert not _unrecorded(daily_list(assess_rows(row)))  # it is among the deadlines
    closed = row | {"closed": MONDAY}
    assert not _unrecorded(daily_list(assess_rows(closed, columns=list(closed))))


def _unrecorded(found: DailyList) -> list[Deadline]:
    return [item.deadline for item in items_of(found) if item.deadline and not item.has_column]


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
