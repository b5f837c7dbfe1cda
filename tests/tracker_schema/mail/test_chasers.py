"""Which agency is reminded on which day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY, assess_rows, rules, sheet_as_read
from tests.tracker_schema.mail.cases import asked_of, day, incident
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.plan import plan_writes
from tracker_schema.layouts.rows import WorkbookRows
from tracker_schema.mail.calls import calls
from tracker_schema.mail.chasers import ChaserKey, Stage, chaser_key, chasers, set_last_chased
from tracker_schema.returns.returns_so_far import ReturnSoFar


@pytest.mark.parametrize(
    ("after", "stages"),
    [
        (0, []),
        (2, []),
        (3, [Stage.BEFORE_DUE]),
        (4, [Stage.BEFORE_DUE]),  # the same one, which the ledger knows
        (5, [Stage.DUE_TODAY]),
        (6, [Stage.OVERDUE]),
        (7, [Stage.OVERDUE]),
        (8, [Stage.OVERDUE, Stage.ESCALATED]),
        (10, [Stage.OVERDUE, Stage.ESCALATED]),
        (11, [Stage.ESCALATED]),
        (13, [Stage.ESCALATED]),
        (14, []),  # after an outage of weeks nobody gets a storm of old messages
    ],
)
def test_an_agency_is_reminded_more_and_more_urgently(after: int, stages: list[Stage]) -> None:
    found = chasers(assess_rows(incident(), scoping=[asked_of()], as_of=day(after)), 3)
    assert [chaser.stage for chaser in found.chasers] == stages
    assert found.not_chased == ()


def test_an_agency_that_has_returned_is_left_in_peace() -> None:
    rows = [asked_of(returned=day(4)), asked_of("Example Hospital", returned=day(6)), asked_of("Housing", sent="")]
    assert chasers(assess_rows(incident(), scoping=rows, as_of=day(6)), 3).chasers == ()


@pytest.mark.parametrize("after", [1, 3, 8, 30])
def test_a_file_that_a_person_must_read_is_named_from_the_day_it_came_and_stops_the_reminders(after: int) -> None:
    tracker = assess_rows(incident(), scoping=[asked_of(), asked_of("Housing", returned=day(1))], as_of=day(after))
    (row, returned) = tracker.scoping
    came = ReturnSoFar(day(1), unread=True)
    so_far = {chaser_key(each.reference, each.agency): came for each in (row, returned)}
    found = chasers(tracker, 3, so_far)
    assert found.chasers == ()
    (sentence,) = found.not_chased
    assert sentence.startswith(f"{row.address('agency')}: a file that may be this return came on")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"reference": "CI-9"}, "there is no open incident with this reference"),
        ({"reference": ""}, "there is no open incident with this reference"),
        ({"reference": "CI-2"}, "there is no open incident with this reference"),  # which is closed
        ({"agency": ""}, "no agency is named"),
    ],
)
def test_a_return_that_cannot_be_chased_is_named_with_its_cell(row: dict[str, str], why: str) -> None:
    closed = incident("CI-2", closed=MONDAY)
    tracker = assess_rows(incident(), closed, scoping=[{**asked_of(), **row}], as_of=day(6))
    found = chasers(tracker, 3)
    assert found.chasers == ()
    (sentence,) = found.not_chased
    assert sentence.startswith(f"{tracker.scoping[0].address(*row)}: {why}")


def _last_chased(tracker: Tracker, chased: dict[ChaserKey, dt.date]) -> dict[int, Any]:
    news = set_last_chased(tracker, chased)
    written = {cell.row: cell.new for cell in plan_writes(tracker).cells if cell.column == "last_chased"}
    assert news is bool(written)
    return written


def test_when_an_agency_was_last_chased_is_planned_for_its_row_and_no_other() -> None:
    rows = [asked_of(), asked_of("Example Hospital"), asked_of(reference="CI-2")]
    tracker = assess_rows(incident(), incident("CI-2"), scoping=rows, as_of=day(6))
    assert _last_chased(tracker, {}) == {}
    assert _last_chased(tracker, {chaser_key("ci-1", "EXAMPLE POLICE"): day(6)}) == {5: day(6)}


def test_a_later_day_and_whatever_else_stands_under_last_chased_stays() -> None:
    columns = ["reference", "agency", "sent", "returned", "return_due", "return_status", "last_chased"]
    rows = [
        asked_of("A", last_chased=day(4), return_status="Awaited"),
        asked_of("B", last_chased=day(8), return_status="Awaited"),
        asked_of("C", last_chased="by telephone", return_status="Awaited"),
    ]
    sheets = {
        "incidents": sheet_as_read("incidents", [incident()], [*incident(), "checked_on"]),
        "scoping": sheet_as_read("scoping", rows, columns),
    }
    tracker = assess(WorkbookRows("Log.xlsx", sheets), rules(), day(6))
    chased = {chaser_key("CI-1", agency): day(6) for agency in ("A", "B")}
    assert set_last_chased(tracker, chased)
    # Of the others nothing is planned, so that their cells stay as they are.
    assert [each.worked_out.get("last_chased") for each in tracker.scoping] == [day(6), None, None]


@given(st.lists(st.integers(0, 40), max_size=12))
@settings(max_examples=15)
def test_over_a_case_each_stage_is_reached_once_and_in_order_whatever_days_are_missed(days: list[int]) -> None:
    seen: list[str] = []
    for after in sorted(set(days)):
        tracker = assess_rows(incident(), scoping=[asked_of()], as_of=day(after))
        reached = [chaser.stage.value for chaser in chasers(tracker, 3).chasers]
        reached += [call.stage.value for call in calls(tracker)]
        seen += [stage for stage in reached if stage not in seen]
    agency = [stage for stage in seen if stage in ("before-due", "due-today", "overdue", "escalated")]
    heads = [stage for stage in seen if stage not in agency]
    assert agency == sorted(agency, key=["before-due", "due-today", "overdue", "escalated"].index)
    assert heads == sorted(heads, key=["warned", "called", "repeated"].index)
