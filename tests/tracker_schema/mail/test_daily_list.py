"""What the daily list holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

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
