"""Clocks, states, status, next step and stage to come of random rows, worked out by the program and by the oracle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.builders import assess_rows
from tests.tracker_schema.clocks.oracle import (
    CLOCKS,
    UNREADABLE,
    Fact,
    Row,
    RowStatus,
    Settings,
    read_clock,
    read_row,
)
from tests.tracker_schema.clocks.random_rows import (
    OUTSIDE,
    UNREADABLE_CELLS,
    Case,
    Recipe,
    cases_of,
    cell_and_fact,
    expected_of,
    missing_columns,
    row_status,
    rows_of_recipes,
    rules_of,
    settings_of_councils,
    tracker_of,
)
from tracker_schema.clocks.results import State
from tracker_schema.incidents.incident import Incident
from tracker_schema.incidents.stages import is_at_the_end

# Not shrunk: the message shows the one case that differs.
without_shrinking: dict[str, Any] = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


def compare(cases: Sequence[Case], council: Settings) -> None:
    for case, incident in zip(cases, tracker_of(cases, council).incidents, strict=True):
        check(case, incident)


def check(case: Case, incident: Incident) -> None:
    clocks, status, to_come = read_row(case.row)
    found = {clock_id: expected_of(result) for clock_id, result in incident.clocks.items()}
    differing = {
        clock_id: (found.get(clock_id), clocks.get(clock_id))
        for clock_id in found.keys() | clocks.keys()
        if found.get(clock_id) != clocks.get(clock_id)
    }
    assert not differing, f"the program and the oracle differ on {case}"
    assert row_status(incident) == status, case
    others = [result for result in incident.open_clocks if not result.clock.is_of_case]
    if not incident.is_closed and not others:
        assert is_at_the_end(incident) is not bool(to_come), (case, to_come)
    for result in incident.clocks.values():
        # (A closed case carries no data problems.)
        if result.state == State.CANNOT_TELL and not incident.is_closed:
            in_error = {problem.column for problem in incident.problems if problem.severity == "error"}
            assert in_error & set(result.clock.columns), f"no word of why: {case}"


@settings(max_examples=140, **without_shrinking)
@given(rows_of_recipes, settings_of_councils)
def test_everything_about_random_rows(recipes: list[dict[str, Recipe]], council: Settings) -> None:
    compare(cases_of(recipes, council), council)


@settings(max_examples=60, **without_shrinking)
@given(rows_of_recipes, settings_of_councils, missing_columns)
def test_everything_about_rows_of_a_log_without_some_columns(
    recipes: list[dict[str, Recipe]], council: Settings, missing: set[str]
) -> None:
    compare(cases_of(recipes, council, sorted(missing)), council)


@settings(max_examples=60, **without_shrinking)
@given(rows_of_recipes, settings_of_councils, st.sampled_from((2, 3)))
def test_everything_about_incidents_of_several_children(
    recipes: list[dict[str, Recipe]], council: Settings, children: int
) -> None:
    compare(cases_of(recipes, council, children=children), council)


RETURN_STATUS = {
    "not started": "Not sent",
    "running": "Awaited",
    "due soon": "Due soon",
    "due today": "Due today",
    "overdue": "Overdue",
    "met": "Returned",
    "met late": "Returned late",
    "cannot tell": "Check data",
    "before start": "Before start",
}
some_dates = st.sampled_from((None, *range(-15, 2), *UNREADABLE_CELLS, *OUTSIDE))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries({"sent": some_dates, "returned": some_dates}), min_size=10), settings_of_councils)
def test_every_return_of_random_scoping_rows(recipes: list[dict[str, Recipe]], council: Settings) -> None:
    rows = [{column: cell_and_fact(recipe, council.as_of) for column, recipe in row.items()} for row in recipes]
    cells = [{column: cell for column, (cell, _) in row.items()} for row in rows]
    tracker = assess_rows(scoping=cells, as_of=council.as_of, by=rules_of(council))
    clock = next(clock for clock in CLOCKS if clock.id == "scoping_return")
    for row, scoping_return in zip(rows, tracker.scoping, strict=True):
        wanted = read_clock(clock, Row({column: fact for column, (_, fact) in row.items()}, council))
        assert wanted
        assert expected_of(scoping_return.clock) == wanted
        assert scoping_return.status == RETURN_STATUS[wanted.state]
        if wanted.due:
            assert scoping_return.return_due == wanted.due


# The oracle itself, where the answer is known


def test_the_oracle_knows_the_worked_table() -> None:
    row = Row({"aware_date": dt.date(2026, 12, 24)}, Settings(dt.date(2026, 12, 29)))
    clocks, status, _ = read_row(row)
    assert {clock_id: (found.state, found.due, found.left) for clock_id, found in clocks.items() if found.due} == {
        "report_incident": ("due today", dt.date(2026, 12, 29), 0),
        "decide_threshold": ("running", dt.date(2027, 1, 4), 3),
        "notify_panel": ("running", dt.date(2027, 1, 5), 4),
        "tell_partners": ("running", dt.date(2027, 1, 5), 4),
        "discuss_at_slt": ("due today", dt.date(2026, 12, 29), 0),
    }
    assert status == RowStatus("Due today", "report_incident", dt.date(2026, 12, 29), 0, ())


@pytest.mark.parametrize(
    ("born", "incident", "adult"),
    [
        (dt.date(2008, 11, 23), dt.date(2026, 11, 22), False),
        (dt.date(2008, 11, 23), dt.date(2026, 11, 23), True),  # on the birthday itself
        (dt.date(2008, 2, 29), dt.date(2026, 2, 28), False),
        (dt.date(2008, 2, 29), dt.date(2026, 3, 1), True),
        (None, dt.date(2026, 3, 1), False),
        (UNREADABLE, dt.date(2026, 3, 1), None),
        (dt.date(2008, 2, 29), UNREADABLE, None),
    ],
)
def test_the_oracle_knows_who_is_of_age(born: Fact, incident: Fact, adult: bool | None) -> None:
    row = Row({"date_of_birth": born, "incident_date": incident}, Settings(dt.date(2026, 11, 23)))
    assert row.reached(18) is adult
    assert row.ruled_out() is adult
