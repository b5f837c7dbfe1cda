"""What a check found, for a person: what is overdue, due and wrong, worst first, with the cell to mend."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Any

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.tracker.checking import Check
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, tracker_schema
from tracker_schema.old_assessment import SheetAssessment
from tracker_schema.validation import MISSING_HEADING, NOT_NEEDED
from tracker_schema.wording import counted, long_date, printable, short_date, time_left

# The statuses that ask something of somebody, worst first. (“Not sent”, “Awaited”, “Returned” and the like do not.)
_URGENT = ("Overdue", "Check data", "Due today", "Due soon")
_SEVERITIES = ("error", "warning")


def show(check: Check) -> None:
    """Print the check as tables on a terminal, as plain lines elsewhere."""
    assessment = check.assessment
    print(f"{assessment.tracker.name}, as on {long_date(assessment.as_of)}")
    _show_incidents(assessment.sheets[INCIDENTS], assessment.as_of)
    if SCOPING in assessment.sheets:
        _show_scoping(assessment.sheets[SCOPING])
    if ACTIONS in assessment.sheets:
        _show_actions(assessment.sheets[ACTIONS])
    problems = [problem for sheet in assessment.sheets.values() for problem in sheet.problems]
    _show_problems([problem for problem in problems if problem.severity != "note"])
    _show_notes([problem for problem in problems if problem.severity == "note"])
    if check.dry_run:
        _show_changes(check)
    print()
    print(_totals(assessment.sheets[INCIDENTS], problems))
    print(_written(check))


def _urgent(sheet: SheetAssessment, column: str) -> list[int]:
    """The positions of the rows that ask something of somebody, worst first, then by their deadline."""
    statuses = sheet.status.get(column, [])
    return sorted(
        (position for position, status in enumerate(statuses) if status in _URGENT),
        key=lambda position: (_URGENT.index(statuses[position]), _when(sheet, position)),
    )


def _when(sheet: SheetAssessment, position: int) -> str:
    due = sheet.status.get("next_due", sheet.status.get("return_due", []))
    return str(due[position]) if due and due[position] else ""


def _show_incidents(sheet: SheetAssessment, as_of: dt.date) -> None:
    status = sheet.status
    rows = []
    for position in _urgent(sheet, "status"):
        due = status["next_due"][position]
        rows.append(
            [
                status["status"][position],
                _reference(sheet, position),
                status["next_step"][position] or "",
                _date(due),
                time_left(due, status["working_days_left"][position], as_of) if due else "",
                status["overdue_steps"][position] or "",
            ]
        )
    if rows:
        show_table("Incidents", ("Status", "Reference", "Next step", "Due", "Time left", "Overdue"), rows)


def _show_scoping(sheet: SheetAssessment) -> None:
    agencies = sheet.facts.column("agency").values
    rows = [
        [
            sheet.status["return_status"][position],
            _reference(sheet, position),
            agencies[position] or sheet.facts.read.where(position),
            _date(sheet.status["return_due"][position]),
        ]
        for position in _urgent(sheet, "return_status")
    ]
    if rows:
        show_table("Scoping returns", ("Status", "Reference", "Agency", "Due"), rows)


def _show_actions(sheet: SheetAssessment) -> None:
    due = sheet.facts.column("due").values.astype(object)
    rows = [
        [
            sheet.status["action_status"][position],
            _reference(sheet, position),
            sheet.facts.read.where(position),
            _date(due[position]),
        ]
        for position in _urgent(sheet, "action_status")
    ]
    if rows:
        show_table("Actions", ("Status", "Reference", "Action", "Due"), rows)


def _show_problems(problems: Sequence[Problem]) -> None:
    ordered = sorted(problems, key=lambda problem: _SEVERITIES.index(problem.severity))
    if ordered:
        rows = [[problem.severity, problem.cell, problem.message] for problem in ordered]
        show_table("To mend (an error stops a clock, a warning does not)", ("", "Cell", "What is wrong"), rows)


def _show_notes(notes: Sequence[Problem]) -> None:
    """The headings that are not there: a table of those that a clock needs, and the names of all others. Before them
    what else there is to note.
    """
    about_headings = [note for note in notes if note.code == MISSING_HEADING]
    for note in notes:
        if note not in about_headings:
            print("\n" + textwrap.fill(printable(f"{note.cell.partition('!')[0]}: {note.message}"), 110))
    notes = about_headings
    needed = [note for note in notes if NOT_NEEDED not in note.message]
    if needed:
        show_table("Headings that are not there", ("Sheet", ""), [_sheet_and_message(note) for note in needed])
    others: dict[str, list[str]] = {}
    for note in notes:
        if note not in needed:
            sheet, message = _sheet_and_message(note)
            others.setdefault(sheet, []).append(message.split("”")[0].partition("“")[2])
    for sheet, headings in others.items():
        text = f"Not there on {sheet} either, and needed by no clock: {', '.join(headings)}."
        print("\n" + textwrap.fill(printable(text), 110))


def _sheet_and_message(note: Problem) -> tuple[str, str]:
    return note.cell.partition("!")[0], note.message


def _show_changes(check: Check) -> None:
    rows = [[new.cell, "heading", "", new.heading] for new in check.plan.headings]
    headings = {column.id: column.heading for sheet in tracker_schema().sheet for column in sheet.column}
    rows += [[write.cell, headings[write.column], _shown(write.old), _shown(write.new)] for write in check.plan.cells]
    if rows:
        show_table("What would be written", ("Cell", "Column", "Now", "Then"), rows)


def _totals(sheet: SheetAssessment, problems: Sequence[Problem]) -> str:
    by_status = Counter(sheet.status["status"])
    order = sheet.facts.read.sheet.columns["status"].choices
    counts = ", ".join(f"{by_status[status]} {status.lower()}" for status in order if by_status[status])
    severities = Counter(problem.severity for problem in problems)
    wrong = f"{counted(severities['error'], 'error')} and {counted(severities['warning'], 'warning')}"
    children = sum(sheet.facts.children_per_incident)
    of_children = f" with {children} children" if children > len(sheet.facts) else ""
    incidents = f"{counted(len(sheet.facts), 'incident')}{of_children}"
    return f"{incidents}{': ' + counts if counts else ''}; {wrong} in the data."


def _written(check: Check) -> str:
    if check.refusal:
        return "Nothing was written."
    cells = counted(len(check.plan.cells) + len(check.plan.headings), "cell")
    if check.dry_run:
        return f"Dry run: nothing was written; {cells} would be."
    return f"{cells} written." if check.plan else "The status columns are up to date; nothing was written."


def _reference(sheet: SheetAssessment, position: int) -> str:
    return sheet.facts.column("reference").values[position] or sheet.facts.read.where(position)


def _date(day: Any) -> str:
    return short_date(day) if day else ""


def _shown(value: Any) -> str:
    if isinstance(value, float):  # as which a workbook keeps every number
        return f"{value:g}"
    return "" if value is None else _date(value) if isinstance(value, dt.date) else str(value)
