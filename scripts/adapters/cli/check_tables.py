"""The result of a check for people: what is overdue, due and wrong, the most urgent first, with the cell to correct."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.tracker.checking import Check
from tracker_schema.checks.headings import MISSING_HEADING
from tracker_schema.clocks.results import ClockResult
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.incidents.guard import HEADING_GONE
from tracker_schema.incidents.incident import Action, Incident, ScopingReturn, Tracker
from tracker_schema.incidents.meetings import MeetingPlan
from tracker_schema.mail.waiting import paused, waiting
from tracker_schema.wording import counted, long_date, printable, short_date, time_left

_WIDTH = 110
_NOTHING = "Nothing was written."
# The statuses that ask somebody to act, the most urgent first.
_URGENT = ("Overdue", "Check data", "Due today", "Due soon", "Chase")
_SEVERITIES = ("error", "warning")

Row = TypeVar("Row", Incident, ScopingReturn, Action)


def show(check: Check) -> None:
    """Print the check as tables on a terminal, as plain lines elsewhere."""
    tracker = check.tracker
    print(f"{tracker.name}, as on {long_date(tracker.as_of)}")
    _show_changes_of_log(tracker)
    _show_incidents(tracker)
    _show_waiting(tracker)
    _show_scoping(tracker.scoping)
    _show_actions(tracker.actions)
    _show_meetings(check.meetings)
    to_correct = [problem for problem in tracker.problems if problem.severity != "note"]
    _show_problems([problem for problem in to_correct if problem.code != HEADING_GONE])
    _show_notes([problem for problem in tracker.problems if problem.severity == "note"])
    if check.dry_run:
        _show_changes(check)
    print()
    print(_totals(tracker))
    print(_written(check))


def _urgent(rows: Sequence[Row], due: Callable[[Row], dt.date | None]) -> list[Row]:
    """Return the rows that ask somebody to act, the most urgent first, then by their deadline."""
    urgent = [row for row in rows if row.status in _URGENT]
    return sorted(urgent, key=lambda row: (_URGENT.index(row.status), due(row) or dt.date.min))


def _show_changes_of_log(tracker: Tracker) -> None:
    for change in tracker.changes:
        print("\n" + textwrap.fill(printable(change.message), _WIDTH))


def _show_incidents(tracker: Tracker) -> None:
    rows = []
    for incident in _urgent(tracker.incidents, lambda row: row.next_step.due if row.next_step else None):
        step = incident.next_step
        left = None
        if step and step.due and step.working_days_left is not None:
            left = time_left(step.due, step.working_days_left, tracker.as_of)
        rows.append(
            [
                incident.status,
                incident.where,
                "; ".join(filter(None, (_label(step) if step else "", incident.waits_for))),
                _date(step.due) if step else "",
                left or "",
                "; ".join(incident.overdue_steps),
            ]
        )
    if rows:
        show_table("Incidents", ("Status", "Reference", "Next step", "Due", "Time left", "Overdue"), rows)


def _label(step: ClockResult) -> str:
    authority = step.clock.authority
    return f"{step.clock.label} ({authority})" if authority else step.clock.label


def _show_waiting(tracker: Tracker) -> None:
    """Print the paused reviews, and the cases whose stage has no deadline."""
    on_hold = [
        [each.reference, each.label, _date(each.due), _date(each.until), "recorded" if each.explained else "MISSING"]
        for each in paused(tracker)
    ]
    if on_hold:
        show_table("Paused", ("Reference", "Step", "Date", "Paused until", "Reason"), on_hold)
    rows = [[each.reference, each.what] for each in waiting(tracker)]
    if rows:
        show_table("Waiting, with no deadline", ("Reference", "Waits for"), rows)


def _show_scoping(returns: Sequence[ScopingReturn]) -> None:
    rows = [
        [row.status, row.where, row.agency or row.sheet.where(row.position), _date(row.return_due)]
        for row in _urgent(returns, lambda row: row.return_due)
    ]
    if rows:
        show_table("Scoping returns", ("Status", "Reference", "Agency", "Due"), rows)


def _show_actions(actions: Sequence[Action]) -> None:
    rows = [
        [action.status, action.where, action.sheet.where(action.position), _date(action.due)]
        for action in _urgent(actions, lambda _: None)
    ]
    if rows:
        show_table("Actions", ("Status", "Reference", "Action", "Due"), rows)


def _show_meetings(meetings: MeetingPlan) -> None:
    """Print how many incidents SLT discussed at each new meeting, and of which that cannot be told."""
    for met in meetings.discussed:
        if met.incidents is not None:
            print(f"\nSLT met on {long_date(met.met_on)}: {counted(met.incidents, 'incident')} discussed.")
    for sentence in meetings.not_entered:
        print(textwrap.fill(printable(sentence), _WIDTH))


def _show_problems(problems: Sequence[Problem]) -> None:
    ordered = sorted(problems, key=lambda problem: _SEVERITIES.index(problem.severity))
    if ordered:
        rows = [[problem.severity, problem.cell, problem.message] for problem in ordered]
        show_table("To correct (an error stops a clock, a warning does not)", ("", "Cell", "What is wrong"), rows)


def _show_notes(notes: Sequence[Problem]) -> None:
    """Print the missing headings, those that a clock needs in a table and the others by name; first all other notes."""
    needed, unneeded = [], dict[str, list[str]]()
    for note in notes:
        sheet = note.cell.partition("!")[0]
        if note.code != MISSING_HEADING:
            print("\n" + textwrap.fill(printable(f"{sheet}: {note.message}"), _WIDTH))
        elif note.needed:
            needed.append((sheet, note.message))
        else:
            unneeded.setdefault(sheet, []).append(note.heading)
    if needed:
        show_table("Missing headings", ("Sheet", ""), needed)
    for sheet, headings in unneeded.items():
        text = f"{sheet} also has no column for these, and no deadline needs them: {', '.join(headings)}."
        print("\n" + textwrap.fill(printable(text), _WIDTH))


def _show_changes(check: Check) -> None:
    rows = [[new.cell, "heading", "", new.heading] for new in check.plan.headings]
    headings = {column.id: column.heading for sheet in tracker_schema().sheet for column in sheet.column}
    cells = [*check.meetings.cells, *check.plan.cells]
    rows += [[write.cell, headings[write.column], _shown(write.old), _shown(write.new)] for write in cells]
    if rows:
        show_table("What would be written", ("Cell", "Column", "Now", "Then"), rows)


def _totals(tracker: Tracker) -> str:
    by_status = Counter(incident.status for incident in tracker.incidents)
    ours = tracker_schema().sheets[INCIDENTS].written_by_script()
    order = next(column for column in ours if column.type == "choice").choices
    counts = ", ".join(f"{by_status[status]} {status.lower()}" for status in order if by_status[status])
    severities = Counter(problem.severity for problem in tracker.problems)
    wrong = f"{counted(severities['error'], 'error')} and {counted(severities['warning'], 'warning')}"
    children = sum(len(incident.children) for incident in tracker.incidents)
    of_children = f" with {children} children" if children > len(tracker.incidents) else ""
    incidents = f"{counted(len(tracker.incidents), 'incident')}{of_children}"
    return f"{incidents}{': ' + counts if counts else ''}; {wrong} in the data."


def _written(check: Check) -> str:
    if check.refusal:
        return f"Not everything was written; {counted(check.written, 'cell')} written." if check.written else _NOTHING
    if check.dry_run:
        planned = len(check.meetings.cells) + len(check.plan.cells) + len(check.plan.headings)
        return f"Dry run: nothing was written; {counted(planned, 'cell')} would be."
    if check.written:
        return f"{counted(check.written, 'cell')} written."
    return "The status columns are up to date; nothing was written."


def _date(day: dt.date | None) -> str:
    return short_date(day) if day else ""


def _shown(value: Any) -> str:
    if isinstance(value, float):  # a workbook keeps every number as a float
        return f"{value:g}"
    return "" if value is None else _date(value) if isinstance(value, dt.date) else str(value)
