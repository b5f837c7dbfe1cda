"""The result of a check as one JSON object for other programs; the classes are its shape."""

from __future__ import annotations

import datetime as dt
from typing import Any, NotRequired, TypedDict

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


class CheckJson(TypedDict):
    """The whole check.

    `slt` are the new meetings of SLT, and `slt_not_entered` says for which incidents a person has to enter them.
    `log_changes` are those of the log since the last run, and `problems` those of no single incident. Only a dry run
    has `changes`: the cells that would be written.
    """

    as_of: str
    tracker: str
    incidents: list[IncidentJson]
    scoping: list[ScopingJson]
    actions: list[ActionJson]
    slt: list[MeetingJson]
    slt_not_entered: list[str]
    log_changes: list[LogChangeJson]
    problems: list[ProblemJson]
    written: WrittenJson
    changes: NotRequired[list[ChangeJson]]


def as_json(check: Check) -> CheckJson:
    """Return the check as a JSON object."""
    tracker = check.tracker
    others = [
        problem
        for sheet, problems in tracker.by_sheet.items()
        for problem in problems
        if problem.position is None or sheet != INCIDENTS
    ]
    result = CheckJson(
        as_of=tracker.as_of.isoformat(),
        tracker=tracker.name,
        incidents=[_incident(incident) for incident in tracker.incidents],
        scoping=[_scoping(row, row.clock) for row in tracker.scoping if row.clock],
        actions=[_action(action) for action in tracker.actions],
        slt=[_meeting(each) for each in check.meetings.discussed],
        slt_not_entered=list(check.meetings.not_entered),
        log_changes=[_log_change(change) for change in tracker.changes],
        problems=[_problem(problem) for problem in others],
        written=WrittenJson(cells=check.written, dry_run=check.dry_run),
    )
    if check.dry_run:
        headings = [ChangeJson(cell=new.cell, old=None, new=new.heading) for new in check.plan.headings]
        planned = [*check.meetings.cells, *check.plan.cells]
        cells = [ChangeJson(cell=new.cell, old=_plain(new.old), new=_plain(new.new)) for new in planned]
        result["changes"] = headings + cells
    return result


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
