"""The problems of the tracker, counted by the role that can correct them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.incidents.incident import Tracker
from tracker_schema.layouts.layouts import notification_types

KEEPER = "Head of Service for Safeguarding"
"""Who keeps the tracker, by the council's guidance, and corrects everything that nobody else does."""

REPORTER = "operational Head of Service"
"""Who reports an incident on the Critical Incident Form, by the same guidance."""


@dataclass(frozen=True, slots=True)
class DataQuality:
    """The number of problems that one role can correct.

    ask         the role
    errors      problems that keep a deadline from being worked out
    warnings    all others
    """

    ask: str
    errors: int
    warnings: int


def data_quality(tracker: Tracker) -> list[DataQuality]:
    """Return the problems of the tracker by role, most first. Notes on headings ask nothing of anybody."""
    counts: Counter[tuple[str, str]] = Counter(
        (who_to_ask(sheet, problem), problem.severity)
        for sheet, problems in tracker.by_sheet.items()
        for problem in problems
        if problem.severity != "note"
    )
    roles = {role for role, _ in counts}
    found = [DataQuality(role, counts[role, "error"], counts[role, "warning"]) for role in roles]
    return sorted(found, key=lambda each: (-each.errors - each.warnings, each.ask))


def who_to_ask(sheet: str, problem: Problem) -> str:
    """Return the role of the person who knows what belongs in the problem's cell.

    What the form brings is known to whoever sent it; the date that ends a step, to whoever takes that step.
    """
    if sheet != INCIDENTS or problem.row is None or problem.column is None:
        return KEEPER
    columns = list(tracker_schema().sheets[INCIDENTS].columns)
    if problem.column not in columns:  # a column that only another layout of the log has
        return KEEPER
    form_received = notification_types()[0].date
    # Everything before that column comes with the form, but for the reference, which the keeper gives.
    if 0 < columns.index(problem.column) < columns.index(form_received):
        return REPORTER
    owners = (clock.owner for clock in standard_clocks() if clock.sheet == INCIDENTS and problem.column in clock.stop)
    return next(owners, KEEPER)
