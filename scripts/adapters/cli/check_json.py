"""What a check found, as one JSON object for other programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np

from scripts.adapters.tracker.checking import Check
from tracker_schema.clocks.results import State
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING
from tracker_schema.old_assessment import SheetAssessment
from tracker_schema.old_clocks import Reading

Json = dict[str, Any]


def as_json(check: Check) -> Json:
    """The check as a JSON object: every incident with its clocks and problems, the scoping returns, the actions, the
    problems of no one incident, and what was written. A dry run also lists the cells it would change.
    """
    assessment = check.assessment
    incidents = assessment.sheets[INCIDENTS]
    loose = [
        problem
        for sheet in assessment.sheets.values()
        for problem in sheet.problems
        if problem.position is None or sheet is not incidents
    ]
    told: Json = {
        "as_of": assessment.as_of.isoformat(),
        "tracker": assessment.tracker.name,
        "incidents": _incidents(incidents),
        "scoping": _scoping(assessment.sheets[SCOPING]) if SCOPING in assessment.sheets else [],
        "actions": _actions(assessment.sheets[ACTIONS]) if ACTIONS in assessment.sheets else [],
        "problems": [_problem(problem) for problem in loose],
        "written": {"cells": check.cells_written, "dry_run": check.dry_run},
    }
    if check.dry_run:
        headings = [{"cell": new.cell, "old": None, "new": new.heading} for new in check.plan.headings]
        cells = [{"cell": write.cell, "old": _plain(write.old), "new": _plain(write.new)} for write in check.plan.cells]
        told["changes"] = headings + cells
    return told


def _incidents(sheet: SheetAssessment) -> list[Json]:
    of_row: dict[int, list[Json]] = {}
    for problem in sheet.problems:
        if problem.position is not None:
            of_row.setdefault(problem.position, []).append(_problem(problem))
    clocks = _clocks(sheet.readings.values(), len(sheet.facts))
    children = sheet.facts.children_per_incident
    references = sheet.facts.column("reference").values.tolist()
    return [
        {
            "reference": reference,
            "row": row,
            "rows": [{"sheet": page.name, "row": number} for page, number in sheet.facts.read.lines(position)],
            "children": children[position],
            "status": sheet.status["status"][position],
            "next_step": sheet.status["next_step"][position],
            "next_due": _plain(sheet.status["next_due"][position]),
            "working_days_left": sheet.status["working_days_left"][position],
            "clocks": clocks[position],
            "problems": of_row.get(position, []),
        }
        for position, (reference, row) in enumerate(zip(references, sheet.facts.read.rows, strict=True))
    ]


def _clocks(readings: Iterable[Reading], rows: int) -> list[list[Json]]:
    """For each row its clocks, those left out that do not apply."""
    clocks: list[list[Json]] = [[] for _ in range(rows)]
    for reading in readings:
        for position in np.flatnonzero(~reading.is_in(State.LEFT_OUT)).tolist():
            state = State(reading.state[position])
            clocks[position].append(
                {
                    "id": reading.clock.id,
                    "anchor": _iso(reading.anchor[position]),
                    "due": _iso(reading.due[position]),
                    "stopped": _iso(reading.stopped[position]),
                    "state": state.words,
                    "working_days_left": int(reading.left[position]) if reading.open[position] else None,
                }
            )
    return clocks


def _scoping(sheet: SheetAssessment) -> list[Json]:
    reading = sheet.readings.get("scoping_return")
    if reading is None:
        return []
    return [
        {
            "reference": reference,
            "agency": agency,
            "row": row,
            "due": _iso(due),
            "state": State(state).words,
        }
        for reference, agency, row, due, state in zip(
            sheet.facts.column("reference").values,
            sheet.facts.column("agency").values,
            sheet.facts.read.rows,
            reading.due,
            reading.state.tolist(),
            strict=True,
        )
    ]


def _actions(sheet: SheetAssessment) -> list[Json]:
    return [
        {"reference": reference, "row": row, "due": _iso(due), "status": status}
        for reference, row, due, status in zip(
            sheet.facts.column("reference").values,
            sheet.facts.read.rows,
            sheet.facts.column("due").values,
            sheet.status.get("action_status", [None] * len(sheet.facts)),
            strict=True,
        )
    ]


def _problem(problem: Problem) -> Json:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "cell": problem.cell,
        "message": problem.message,
    }


def _iso(day: np.datetime64) -> str | None:
    return None if np.isnat(day) else str(day)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | None) and value != "" else None
