"""The result of a check as one JSON object for other programs; the classes are its shape."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, TextIO, TypedDict

from scripts.adapters.tracker.checking import Check
from tracker_schema.clocks.explanation import unknown_facts
from tracker_schema.clocks.results import ClockResult
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.incidents.incident import Action, Incident, ScopingReturn
from tracker_schema.incidents.meetings import Discussed
from tracker_schema.incidents.memory import Change


class RowJson(TypedDict):
    """A row of the workbook: its worksheet and its number."""

    sheet: str
    row: int


class FactJson(TypedDict):
    """A fact that decides whether a clock applies and is not known: its heading, and its cell."""

    heading: str
    cell: str | None


class ClockJson(TypedDict):
    """A clock of an incident. Dates are in ISO form, None where there is none."""

    id: str
    basis: str
    anchor: str | None
    due: str | None
    stopped: str | None
    state: str
    working_days_left: int | None
    unknown: list[FactJson]


class ProblemJson(TypedDict):
    """A problem with a cell or a sheet."""

    code: str
    severity: str
    cell: str
    message: str


class IncidentJson(TypedDict):
    """An incident: all its rows in the workbook, the number of its children, its next step, clocks and problems."""

    reference: str | None
    row: int
    rows: list[RowJson]
    children: int
    status: str
    next_step: str | None
    next_due: str | None
    working_days_left: int | None
    clocks: list[ClockJson]
    problems: list[ProblemJson]


class ScopingJson(TypedDict):
    """A row of the Scoping sheet."""

    reference: str | None
    agency: str | None
    row: int
    due: str | None
    state: str


class ActionJson(TypedDict):
    """A row of the Actions sheet."""

    reference: str | None
    row: int
    due: str | None
    status: str | None


class ChangeJson(TypedDict):
    """A cell that a dry run would change."""

    cell: str
    old: Any
    new: Any


class MeetingJson(TypedDict):
    """A meeting of SLT that was entered: its day, and how many incidents were discussed at it."""

    met_on: str
    incidents_discussed: int | None


class LogChangeJson(TypedDict):
    """What was there at the last run and is gone or changed: a heading, sheet, row or date."""

    kind: str
    references: list[str]
    message: str
    stops_deadlines: bool


class WrittenJson(TypedDict):
    """The number of cells written."""

    cells: int
    dry_run: bool


def write_json(check: Check, stream: TextIO) -> None:
    """Write the check to `stream` as one JSON object, entry by entry: as one text a large log would fill the memory.

    It holds `as_of` and `tracker`; `incidents`, `scoping` and `actions`; `slt`, the new meetings of SLT, and
    `slt_not_entered`, for which incidents a person has to enter them; `log_changes`, those of the log since the last
    run; `problems`, those of no single incident; `written`; and of a dry run `changes`, the cells it would write.
    """
    before = "{"
    for name, value in _parts(check):
        stream.write(f"{before}\n  {json.dumps(name)}: ")
        if isinstance(value, Iterator):
            between = "["
            for entry in value:
                stream.write(f"{between}\n    {json.dumps(entry)}")
                between = ","
            stream.write("[]" if between == "[" else "\n  ]")
        else:
            stream.write(json.dumps(value))
        before = ","
    stream.write("\n}\n")


def _parts(check: Check) -> Iterator[tuple[str, object]]:
    """Yield each name of the object and its value; a list as an iterator of its entries."""
    tracker = check.tracker
    yield "as_of", tracker.as_of.isoformat()
    yield "tracker", tracker.name
    yield "incidents", map(_incident, tracker.incidents)
    yield "scoping", (_scoping(row, row.clock) for row in tracker.scoping if row.clock)
    yield "actions", map(_action, tracker.actions)
    yield "slt", map(_meeting, check.meetings.discussed)
    yield "slt_not_entered", list(check.meetings.not_entered)
    yield "log_changes", map(_log_change, tracker.changes)
    yield (
        "problems",
        (
            _problem(problem)
            for sheet, problems in tracker.by_sheet.items()
            for problem in problems
            if problem.position is None or sheet != INCIDENTS
        ),
    )
    yield "written", WrittenJson(cells=check.written, dry_run=check.dry_run)
    if check.dry_run:
        yield "changes", _changes(check)


def _changes(check: Check) -> Iterator[ChangeJson]:
    for heading in check.plan.headings:
        yield ChangeJson(cell=heading.cell, old=None, new=heading.heading)
    for cell in (*check.meetings.cells, *check.plan.cells):
        yield ChangeJson(cell=cell.cell, old=_plain(cell.old), new=_plain(cell.new))


def _incident(incident: Incident) -> IncidentJson:
    next_step = incident.next_step
    return IncidentJson(
        reference=incident.reference or None,
        row=incident.row,
        rows=[RowJson(sheet=page.name, row=number) for page, number in incident.sheet.lines(incident.position)],
        children=len(incident.children),
        status=incident.status,
        next_step="; ".join(filter(None, (next_step.clock.label if next_step else "", incident.waits_for))) or None,
        next_due=_iso(next_step.due) if next_step else None,
        working_days_left=next_step.working_days_left if next_step else None,
        clocks=[_clock(result, incident) for result in incident.clocks.values()],
        problems=[_problem(problem) for problem in incident.problems],
    )


def _clock(result: ClockResult, incident: Incident) -> ClockJson:
    unknown = unknown_facts(incident.children, result.unknown)
    return ClockJson(
        id=result.clock.id,
        basis=result.clock.basis,
        anchor=_iso(result.anchor),
        due=_iso(result.due),
        stopped=_iso(result.stopped),
        state=result.state.words,
        working_days_left=result.working_days_left,
        unknown=[FactJson(heading=fact.heading, cell=fact.cell or None) for fact in unknown],
    )


def _scoping(row: ScopingReturn, result: ClockResult) -> ScopingJson:
    return ScopingJson(
        reference=row.reference or None,
        agency=row.agency or None,
        row=row.row,
        due=_iso(result.due),
        state=result.state.words,
    )


def _action(action: Action) -> ActionJson:
    return ActionJson(
        reference=action.reference or None, row=action.row, due=_iso(action.due), status=action.status or None
    )


def _meeting(met: Discussed) -> MeetingJson:
    return MeetingJson(met_on=met.met_on.isoformat(), incidents_discussed=met.incidents)


def _log_change(change: Change) -> LogChangeJson:
    return LogChangeJson(
        kind=change.kind,
        references=list(change.references),
        message=change.message,
        stops_deadlines=change.stops,
    )


def _problem(problem: Problem) -> ProblemJson:
    return ProblemJson(code=problem.code, severity=problem.severity, cell=problem.cell, message=problem.message)


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str | int | float) and value != "" else None
