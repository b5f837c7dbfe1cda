"""Steps that are outstanding on a closed incident, or recorded in the wrong column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from tracker_schema.checks.findings import Findings
from tracker_schema.clocks.clocks import Clock
from tracker_schema.clocks.results import State
from tracker_schema.columns.dates import parse_date
from tracker_schema.columns.parsing import Unreadable
from tracker_schema.columns.problems import Problem
from tracker_schema.incidents.incident import Incident
from tracker_schema.layouts.record import Record
from tracker_schema.layouts.rows import SheetRows

# Of many closed incidents, so many are named.
MOST_NAMED = 12
# A date typed in the wrong column is beside the right one, at most this many columns away.
WRONG_COLUMN_WITHIN = 2

_STARTS_LIKE_A_DATE = re.compile(r"\s*\d{1,4}[\s/.-]")


def check_closed(findings: Findings, incidents: Sequence[Incident]) -> None:
    """Note once which closed incidents have statutory steps that are not done: a closed row carries no problem."""
    outstanding: dict[str, list[str]] = {}
    for incident in incidents:
        if incident.is_closed:
            for result in incident.open_clocks:
                if result.clock.is_statutory:
                    outstanding.setdefault(incident.shown_reference, []).append(result.clock.label)
    if not outstanding:
        return
    named = [f"{reference} ({'; '.join(steps)})" for reference, steps in list(outstanding.items())[:MOST_NAMED]]
    more = f", and {len(outstanding) - MOST_NAMED} more" if len(outstanding) > MOST_NAMED else ""
    findings.note(
        Problem(
            "closed-with-steps-outstanding",
            "warning",
            findings.sheet.address_of_headings(),
            f"Closed, but a statutory step is not done or not recorded: {', '.join(named)}{more}.",
            "Record the step, or reopen the case.",
        )
    )


def check_published(findings: Findings, incident: Incident) -> None:
    """Note when a review is published and not recorded as completed."""
    if incident.is_closed or not incident.has_column("review_completed"):
        return
    if incident.is_filled("review_published") and not incident.is_filled("review_completed"):
        findings.add(
            "published-not-completed",
            incident,
            incident,
            "review_completed",
            f"is empty, but “{incident.heading('review_published')}” is filled in",
            "Enter when the review was completed.",
        )


def columns_beside(sheet: SheetRows, clocks: Sequence[Clock]) -> dict[str, list[str]]:
    """Return the columns that are near the one that stops a clock, by the clock's id.

    `clocks` are those that can be worked out on the sheet. A log whose rows are put together from several has none.
    """
    numbers = sheet.side_by_side
    found: dict[str, list[str]] = {}
    for clock in clocks:
        right = numbers.get(_stop_column(clock, sheet)) if clock.stop else None
        if right is not None:
            found[clock.id] = [
                column for column, number in numbers.items() if 0 < abs(number - right) <= WRONG_COLUMN_WITHIN
            ]
    return found


def _stop_column(clock: Clock, sheet: SheetRows) -> str:
    return next(column for column in clock.stop if column in sheet.numbers)


def check_wrong_columns(
    findings: Findings,
    incident: Incident,
    beside: Mapping[str, Sequence[str]],
    as_of: dt.date,
) -> None:
    """Note the overdue steps whose date may have been typed in a column beside the right one.

    `beside` is what `columns_beside` gives of this sheet.
    """
    overdue = [result for result in incident.clocks.values() if result.state == State.OVERDUE]
    for child in incident.children if overdue else ():
        used: set[str] = set()
        for result in overdue:
            for column in beside.get(result.clock.id, ()):
                stray = None if column in used else _stray_date(child, column)
                if stray and result.anchor and result.anchor <= stray <= as_of:
                    stop = _stop_column(result.clock, child.sheet)
                    predicate = (
                        f"is empty and the step is overdue, but “{child.heading(column)}” beside it holds a date"
                    )
                    remedy = "If that is the date of this step, move it here."
                    findings.add("wrong-column", incident, child, stop, predicate, remedy)
                    used.add(column)
                    break


def _stray_date(facts: Record, column: str) -> dt.date | None:
    """Return the date in a column that should hold none, None when there is none. A date column has its own meaning."""
    schema = facts.sheet.sheet.columns[column]
    if schema.by_script or schema.type == "date":
        return None
    cell = facts.sheet.cells[column][facts.position]
    if not (isinstance(cell, dt.date) or (isinstance(cell, str) and _STARTS_LIKE_A_DATE.match(cell))):
        return None
    try:
        date, fault = parse_date(cell)
    except Unreadable:
        return None
    return None if fault else date
