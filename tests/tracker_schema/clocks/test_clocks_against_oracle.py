"""Every clock and status of random rows, worked out by the code for all rows at once and by the oracle one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.builders import assess_rows
from tests.tracker_schema.clocks.oracle import CLOCKS, UNREADABLE, Fact, Row, RowStatus, Settings, read_row, stand
from tests.tracker_schema.clocks.random_rows import (
    OUTSIDE,
    UNREADABLE_CELLS,
    Recipe,
    cell_and_fact,
    row_status,
    rows_of_recipes,
    rules_of,
    settings_of_councils,
    standing,
)
from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.incidents.assess import clocks_worked_out


# Not shrunk: the message shows the one row that differs.
@settings(
    max_examples=140,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rows_of_recipes, settings_of_councils)
def test_every_clock_and_status_of_random_rows(recipes: list[dict[str, Recipe]], council: Settings) -> None:
    rows = [{column: cell_and_fact(recipe, council.as_of) for column, recipe in row.items()} for row in recipes]
    cells = [{column: cell for column, (cell, _) in row.items()} for row in rows]
    tracker = assess_rows(*cells, as_of=council.as_of, by=rules_of(council))
    worked_out = clocks_worked_out(tracker.rows.sheets[INCIDENTS], tracker.rules)
    for position, (row, incident) in enumerate(zip(rows, tracker.incidents, strict=True)):
        clocks, status = read_row({column: fact for column, (_, fact) in row.items()}, council)
        both = {clock.id: (standing(incident.clocks.get(clock.id)), clocks.get(clock.id)) for clock in worked_out}
        differing = {clock_id: (ours, theirs) for clock_id, (ours, theirs) in both.items() if ours != theirs}
        said = {column: cell for column, cell in cells[position].items() if cell != ""}
        assert not differing, f"as of {council}, the code and the oracle differ on {said}"
        assert row_status(incident) == status, f"as of {council}: {said}"
        for result in incident.clocks.values():
            if result.state == State.CANNOT_TELL:
                in_error = {problem.column for problem in incident.problems if problem.severity == "error"}
                assert in_error & set(result.clock.columns), f"no word of why: {said}"


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
        wanted = stand(clock, Row({column: fact for column, (_, fact) in row.items()}, council))
        assert wanted
        assert standing(scoping_return.clock) == wanted
        assert scoping_return.status == RETURN_STATUS[wanted.state]
        if wanted.due:
            assert scoping_return.return_due == wanted.due


# The oracle itself, where the answer is known


def test_the_oracle_knows_the_worked_table() -> None:
    clocks, status = read_row({"aware_date": dt.date(2026, 12, 24)}, Settings(dt.date(2026, 12, 29)))
    assert {clock_id: (found.state, found.due, found.left) for clock_id, found in clocks.items() if found.due} == {
        "report_incident": ("due today", dt.date(2026, 12, 29), 0),
        "decide_threshold": ("running", dt.date(2027, 1, 4), 3),
        "notify_panel": ("running", dt.date(2027, 1, 5), 4),
        "tell_partners": ("running", dt.date(2027, 1, 5), 4),
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
