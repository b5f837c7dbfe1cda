"""The whole of the check: from a tracker as it was read to its clocks, its problems and what its status columns say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tracker_schema import old_status as status
from tracker_schema import validation
from tracker_schema.clocks.clocks import Rules
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, tracker_schema
from tracker_schema.layouts.rows import WorkbookRows
from tracker_schema.old_clocks import Reading, read_clocks
from tracker_schema.old_facts import Facts, Mask
from tracker_schema.old_status import StatusColumns


@dataclass(frozen=True, eq=False)
class SheetAssessment:
    """One sheet: what it says, its clocks by id in the order of the process, its problems, and its status columns."""

    facts: Facts
    readings: Mapping[str, Reading]
    problems: list[Problem]
    status: StatusColumns

    @property
    def at_rest(self) -> Mask:
        """Which incidents ask nothing of anybody: those that are closed, and those of before the start."""
        before_start: Mask = np.array([said == "Before start" for said in self.status["status"]], bool)
        return before_start | self.facts.closed


@dataclass(frozen=True, eq=False)
class Assessment:
    """The sheets of a tracker by the schema's sheet id, as on one day."""

    tracker: WorkbookRows
    as_of: dt.date
    sheets: Mapping[str, SheetAssessment]


def assess(tracker: WorkbookRows, rules: Rules, as_of: dt.date) -> Assessment:
    """The clocks, problems and status columns of `tracker` on `as_of`.

    Raises OutsideCalendar when the bank holidays known do not reach `as_of`.
    """
    synonyms = tracker_schema().synonyms
    known: list[str] = []
    sheets: dict[str, SheetAssessment] = {}
    for sheet_id in (INCIDENTS, SCOPING, ACTIONS):
        if sheet_id not in tracker.sheets:
            continue
        facts = Facts(tracker.sheets[sheet_id], synonyms, date_1904=tracker.date_1904)
        if sheet_id == INCIDENTS:
            known = [reference for reference in facts.column("reference").values if reference]
            known += facts.read.also_called
        readings = read_clocks(facts, rules, as_of)
        problems = validation.check(facts, readings, rules, as_of, known)
        sheets[sheet_id] = SheetAssessment(
            facts, readings, problems, _status(sheet_id, facts, readings, problems, rules, as_of)
        )
    return Assessment(tracker, as_of, sheets)


def _status(
    sheet_id: str,
    facts: Facts,
    readings: Mapping[str, Reading],
    problems: list[Problem],
    rules: Rules,
    as_of: dt.date,
) -> StatusColumns:
    if sheet_id == INCIDENTS:
        return status.incident_status(facts, readings, problems, rules, as_of)
    if sheet_id == SCOPING:
        return status.scoping_status(readings)
    return status.action_status(facts, rules, as_of)
