"""From the rows of a workbook to the tracker as on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeVar

from tracker_schema.checks.check import check_children, check_incidents, check_sheet
from tracker_schema.checks.findings import Findings
from tracker_schema.checks.references import check_references
from tracker_schema.clocks.clocks import Clock, Rules
from tracker_schema.clocks.results import ClockResult, RunningClock, State
from tracker_schema.clocks.timed_record import TimedRecord
from tracker_schema.columns.column_values import read_column
from tracker_schema.columns.parsing import Fault
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import ACTIONS, DOCUMENTS, INCIDENTS, SCOPING, SLT, tracker_schema
from tracker_schema.incidents.guard import changes_since, gone_headings, gone_on, problems_of, uncertain
from tracker_schema.incidents.incident import Action, Incident, Meeting, ScopingReturn, Tracker, WantedDocument
from tracker_schema.incidents.memory import GoneHeading, Memory
from tracker_schema.incidents.own_columns import columns_left_alone
from tracker_schema.incidents.stages import goes_on
from tracker_schema.incidents.status import set_action_status, set_incident_status, set_scoping_status
from tracker_schema.layouts.record import Record, Value
from tracker_schema.layouts.rows import SheetRows, WorkbookRows

R = TypeVar("R", bound=Record)
Faults = Mapping[str, Mapping[int, Fault]]
Subjects = Sequence[tuple[TimedRecord, Record]]


def assess(rows: WorkbookRows, rules: Rules, as_of: dt.date, before: Memory | None = None) -> Tracker:
    """Return the tracker in `rows` as on `as_of`: clocks, problems and what our columns are to say.

    `before` is what the last run found in it. A clock that hangs on a heading which is gone since then cannot be told.

    Raises OutsideCalendar when the calendar does not cover `as_of`.
    """
    rules.days.require(as_of, "The day for which the clocks are worked out,")
    problems: dict[str, list[Problem]] = {INCIDENTS: []}
    gone = gone_headings(before, rows)
    sheet = rows.sheets[INCIDENTS]
    incidents, subjects, faults = _read_incidents(sheet, date_1904=rows.date_1904)
    known = [name for incident in incidents for name in (incident.reference, *incident.names) if name]
    scoping: list[ScopingReturn] = []
    if SCOPING in rows.sheets:
        scoping = _assess_others(
            rows.sheets[SCOPING], ScopingReturn, rows.date_1904, known, rules, as_of, problems, gone
        )
        clocks = clocks_worked_out(rows.sheets[SCOPING], rules, gone)
        for scoping_return in scoping:
            set_scoping_status(scoping_return, clocks)
    actions: list[Action] = []
    if ACTIONS in rows.sheets:
        actions = _assess_others(rows.sheets[ACTIONS], Action, rows.date_1904, known, rules, as_of, problems, gone)
        for action in actions:
            set_action_status(action, rules, as_of)
    wanted: list[WantedDocument] = []
    if DOCUMENTS in rows.sheets:
        wanted = _assess_others(
            rows.sheets[DOCUMENTS], WantedDocument, rows.date_1904, known, rules, as_of, problems, gone
        )
    meetings: list[Meeting] = []
    if SLT in rows.sheets:
        meetings = _assess_others(rows.sheets[SLT], Meeting, rows.date_1904, known, rules, as_of, problems, gone)
    _attach(incidents, scoping, actions, has_scoping=SCOPING in rows.sheets)
    problems[INCIDENTS] = _assess_incidents(
        sheet, incidents, subjects, faults, rules, as_of, gone, before.forms if before else {}
    )
    others = {each: found for each, found in ((SCOPING, scoping), (ACTIONS, actions)) if each in rows.sheets}
    changes = changes_since(before, rows, incidents, others, gone, rules, as_of)
    for sheet_id, found in problems.items():
        found += [problem for _, problem in columns_left_alone(rows, sheet_id)]
    return Tracker(
        rows.name, as_of, rules, rows, incidents, scoping, actions, wanted, meetings, problems, before, changes
    )


def _read_incidents(sheet: SheetRows, *, date_1904: bool) -> tuple[list[Incident], Subjects, Faults]:
    """Return the incidents of a sheet with their children, what is to be checked of it, and the faults of its cells."""
    incidents, faults = _read(sheet, Incident, date_1904=date_1904)
    closed = sheet.counted_closed
    for incident in incidents:
        incident.is_closed = "closed" in incident.values or closed[incident.position]
        incident.children = [incident]
    for name, position in sheet.also_called.items():
        incidents[position].names.append(name)
    subjects: list[tuple[TimedRecord, Record]] = [(incident, incident) for incident in incidents]
    if sheet.children is not None:
        children, faults = _read(sheet.children, Record, date_1904=date_1904)
        for incident in incidents:
            incident.children = []
        subjects = []
        for child, position in zip(children, sheet.children.incident_of, strict=True):
            incidents[position].children.append(child)
            subjects.append((incidents[position], child))
    return incidents, subjects, faults


def _assess_incidents(
    sheet: SheetRows,
    incidents: Sequence[Incident],
    subjects: Subjects,
    faults: Faults,
    rules: Rules,
    as_of: dt.date,
    gone: Sequence[GoneHeading],
    waiting_forms: Mapping[str, int],
) -> list[Problem]:
    """Work out the clocks, problems and status of each incident, and return the problems of the sheet."""
    clocks = clocks_worked_out(sheet, rules)
    running = [RunningClock(clock, rules, as_of) for clock in clocks_worked_out(sheet, rules, gone)]
    of_case = [clock for clock in running if clock.clock.is_of_case]
    first = [clock for clock in running if not clock.clock.is_of_case]
    for incident in incidents:
        incident.clocks = _results(first, incident, incident.children, gone)
        incident.rules = rules
        if of_case and not incident.is_closed and goes_on(incident):
            incident.clocks |= _results(of_case, incident, incident.children, gone)
    findings = _check(sheet, subjects, faults, rules, as_of, gone)
    check_incidents(findings, incidents, clocks, rules)
    for incident in incidents:
        if (told := waiting_forms.get(incident.reference.casefold(), 0)) > len(incident.children):
            check_children(findings, incident, told)
    unrecorded = [
        RunningClock(clock, rules, as_of)
        for clock in rules.clocks_of(INCIDENTS)
        if _end_cannot_be_recorded(clock, sheet)
    ]
    of_headings = problems_of(gone, sheet, rules)
    for incident in incidents:
        if of_headings and any(result.state == State.CANNOT_TELL for result in incident.clocks.values()):
            missing = gone_on(gone, incident)
            incident.problems += [problem for problem in of_headings if problem.needed and problem.column in missing]
        set_incident_status(incident, unrecorded, rules, as_of)
    return [*of_headings, *findings.problems]


def _assess_others(
    sheet: SheetRows,
    kind: type[TimedRecordT],
    date_1904: bool,
    known: Sequence[str],
    rules: Rules,
    as_of: dt.date,
    problems: dict[str, list[Problem]],
    gone: Sequence[GoneHeading],
) -> list[TimedRecordT]:
    """Return the rows of a sheet that names incidents, with their clocks and problems."""
    records, faults = _read(sheet, kind, date_1904=date_1904)
    running = [RunningClock(clock, rules, as_of) for clock in clocks_worked_out(sheet, rules, gone)]
    for record in records:
        record.clocks = _results(running, record, [record], gone)
    findings = _check(sheet, [(record, record) for record in records], faults, rules, as_of, gone)
    if "reference" in sheet.numbers:
        check_references(findings, known)
    problems[sheet.sheet.id] = [*problems_of(gone, sheet, rules), *findings.problems]
    return records


TimedRecordT = TypeVar("TimedRecordT", bound=TimedRecord)


def _results(
    running: Sequence[RunningClock], record: TimedRecord, children: Sequence[Record], gone: Sequence[GoneHeading]
) -> dict[str, ClockResult]:
    """Return the clocks that apply to a row, by clock id."""
    results = [(clock.clock, clock.result(record, children)) for clock in running]
    if missing := gone_on(gone, record):
        results = [(clock, uncertain(clock, result, record, missing)) for clock, result in results]
    return {clock.id: result for clock, result in results if result}


def _check(
    sheet: SheetRows,
    subjects: Sequence[tuple[TimedRecord, Record]],
    faults: Faults,
    rules: Rules,
    as_of: dt.date,
    gone: Sequence[GoneHeading],
) -> Findings:
    lost = frozenset(each.column for each in gone if each.sheet == sheet.sheet.id)
    findings = Findings(sheet, subjects, faults, as_of, lost)
    by_position = {record.position: record for record, _ in subjects}
    for remark in sheet.remarks:
        findings.note(remark, None if remark.position is None else by_position[remark.position])
    check_sheet(findings, rules, as_of)
    return findings


def _read(sheet: SheetRows, kind: type[R], *, date_1904: bool) -> tuple[list[R], Faults]:
    """Return a record for each row of the sheet, and the faults by column id and position."""
    synonyms = tracker_schema().synonyms
    values: list[dict[str, Value]] = [{} for _ in sheet.rows]
    unreadable: list[dict[str, Fault]] = [{} for _ in sheet.rows]
    faults: dict[str, Mapping[int, Fault]] = {}
    for column in sheet.sheet.column:
        if column.id not in sheet.numbers:
            continue
        own_words = sheet.own_words.get(column.id, {})
        read = read_column(column, sheet.cells[column.id], synonyms, own_words, date_1904=date_1904)
        for row, value in zip(values, read.values, strict=True):
            if value is not None:
                row[column.id] = value
        for position, fault in read.faults.items():
            if fault.blocking:
                unreadable[position][column.id] = fault
        faults[column.id] = read.faults
    records = [kind(sheet, position, *facts) for position, facts in enumerate(zip(values, unreadable, strict=True))]
    return records, faults


def clocks_worked_out(sheet: SheetRows, rules: Rules, gone: Sequence[GoneHeading] = ()) -> list[Clock]:
    """Return the clocks that the sheet has the columns for, counting those that are `gone`, in the process's order."""
    columns = {*sheet.numbers, *(each.column for each in gone if each.sheet == sheet.sheet.id)}
    return [clock for clock in rules.clocks_of(sheet.sheet.id) if not clock.missing_columns(columns)]


def _end_cannot_be_recorded(clock: Clock, sheet: SheetRows) -> bool:
    """Return whether a statutory clock can start on this sheet and nobody can enter that its step is done."""
    starts = any(column in sheet.numbers for column in clock.anchor)
    return clock.is_statutory and starts and not any(column in sheet.numbers for column in clock.stop)


def _attach(
    incidents: Sequence[Incident], scoping: Sequence[ScopingReturn], actions: Sequence[Action], *, has_scoping: bool
) -> None:
    """Give each incident its scoping returns and its actions."""
    scoping_by_name: dict[str, list[ScopingReturn]] = {}
    for scoping_return in scoping:
        scoping_by_name.setdefault(scoping_return.reference.casefold(), []).append(scoping_return)
    actions_by_name: dict[str, list[Action]] = {}
    for action in actions:
        actions_by_name.setdefault(action.reference.casefold(), []).append(action)
    for incident in incidents:
        names = dict.fromkeys(name.casefold() for name in (incident.reference, *incident.names) if name)
        incident.scoping = [each for name in names for each in scoping_by_name.get(name, ())]
        incident.has_scoping_sheet = has_scoping
        incident.actions = [each for name in names for each in actions_by_name.get(name, ())]
