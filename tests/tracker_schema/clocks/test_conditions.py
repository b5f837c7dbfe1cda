"""What a fact that cannot be read leaves open."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.builders import MONDAY, assess_rows

LATE = MONDAY - dt.timedelta(days=14)
INCIDENT = {"reference": "CI-2026-001", "aware_date": LATE, "form_received": LATE, "date_of_birth": dt.date(2015, 3, 4)}


def state(clock: str, **cells: Any) -> str:
    return assess_rows(INCIDENT | cells).incidents[0].clocks[clock].state.words


@pytest.mark.parametrize("typed", ["No", "n/a", "tbc", "see e-mail"])
def test_a_withdrawal_that_cannot_be_read_does_not_end_the_rapid_review(typed: str) -> None:
    notified = {"decision": "Notify Panel", "decision_date": LATE, "panel_notified": LATE}
    assert state("rapid_review", **notified, notification_withdrawn=typed) == "cannot tell"


@pytest.mark.parametrize(
    "cells", [{"decision": "perhaps"}, {"aware_date": "soon"}, {"aware_date": dt.date(2009, 1, 5)}]
)
def test_the_meeting_of_the_heads_of_service_cannot_be_told(cells: dict[str, Any]) -> None:
    assert state("heads_of_service_meet", **cells) == "cannot tell"


@pytest.mark.parametrize("typed", ["No", "n/a", "yes", "31/02/2026"])
def test_a_word_under_closed_does_not_close_an_incident(typed: str) -> None:
    decided = {"decision": "Refer to DSPP only", "decision_date": LATE}
    (incident,) = assess_rows(INCIDENT | decided | {"closed": typed}).incidents
    assert incident.status in ("Overdue", "Check data")
    (problem,) = [problem for problem in incident.problems if problem.column == "closed"]
    assert (problem.code, problem.severity) == ("unreadable-date", "error")


def test_a_fact_is_an_error_only_where_it_is_what_stops_a_clock() -> None:
    (incident,) = assess_rows(INCIDENT | {"aware_date": "soon", "decision": "Notify Panel", "place": "Mars"}).incidents
    severities = {problem.column: problem.severity for problem in incident.problems}
    assert severities["aware_date"] == "error"
    assert severities["place"] == "warning"


def test_one_stray_date_is_offered_to_one_step_only() -> None:
    late = {"decision": "Notify Panel", "decision_date": LATE, "panel_reference": LATE + dt.timedelta(days=2)}
    problems = assess_rows(INCIDENT | late).incidents[0].problems
    assert [problem.column for problem in problems if problem.code == "wrong-column"] == ["panel_notified"]
