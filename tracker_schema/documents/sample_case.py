"""Two made-up cases, to try the templates on: one of which everything is recorded, and one of which nothing is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from tracker_schema.case import Case, CaseClock, child_columns, new_case
from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, Column, tracker_schema

AGENCY = "Made-up agency"
REFERENCE = "CI-SAMPLE"
CHILDREN = 2


def full_case(as_of: dt.date) -> Case:
    """A case of which every cell is filled in, every clock has run, and there are several children."""
    facts = _row(INCIDENTS, as_of) | {"closed": None}
    clocks = [
        CaseClock(clock, State.RUNNING, as_of, as_of + dt.timedelta(days=5), None, 3) for clock in standard_clocks()
    ]
    return Case(
        reference=REFERENCE,
        row=5,
        as_of=as_of,
        facts=facts,
        children=tuple({column: facts[column] for column in child_columns()} for _ in range(CHILDREN)),
        clocks=tuple(clock for clock in clocks if clock.clock.sheet == INCIDENTS),
        scoping=(_row(SCOPING, as_of) | {"agency": AGENCY},),
        actions=(_row(ACTIONS, as_of),),
        problems=(),
        unreadable={},
        criteria="met",
    )


def empty_case(as_of: dt.date) -> Case:
    """A case of which nothing is recorded but its reference, and an agency that was not yet asked."""
    asked = dict.fromkeys(tracker_schema().sheets[SCOPING].columns) | {"agency": AGENCY}
    return replace(new_case(as_of), scoping=(asked,))


def _row(sheet: str, as_of: dt.date) -> dict[str, Any]:
    return {column.id: _filled(column, as_of) for column in tracker_schema().sheets[sheet].column}


def _filled(column: Column, as_of: dt.date) -> Any:
    if column.id == "reference":
        return REFERENCE
    if column.type == "date":
        return as_of
    if column.type == "number":
        return 3
    return column.choices[0] if column.choices else f"Made up: {column.heading}"
