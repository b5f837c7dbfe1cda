"""Who can tell what is missing or wrong in the tracker: its problems, counted by whom to ask."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.old_assessment import Assessment

KEEPER = "Head of Service for Safeguarding"
"""Who keeps the tracker, by the council's guidance, and so can mend all that is nobody else's."""

REPORTER = "operational Head of Service"
"""Who reports an incident on the Critical Incident Form, by the same guidance."""

# The first column of the Incidents sheet that the Critical Incident Form does not bring.
_AFTER_THE_FORM = "form_received"


@dataclass(frozen=True, slots=True)
class ToMend:
    """How many problems one role can mend: those that stop a deadline from being worked out, and the others."""

    ask: str
    errors: int
    warnings: int

    @property
    def all(self) -> int:
        """Both together."""
        return self.errors + self.warnings


def to_mend(assessment: Assessment) -> list[ToMend]:
    """The problems of the tracker by whom to ask, most first; notes on headings ask nothing of anybody."""
    counts: Counter[tuple[str, str]] = Counter(
        (whom_to_ask(sheet_id, problem), problem.severity)
        for sheet_id, sheet in assessment.sheets.items()
        for problem in sheet.problems
        if problem.severity != "note"
    )
    roles = {role for role, _ in counts}
    found = [ToMend(role, counts[role, "error"], counts[role, "warning"]) for role in roles]
    return sorted(found, key=lambda each: (-each.all, each.ask))


def whom_to_ask(sheet_id: str, problem: Problem) -> str:
    """The role of the person who can tell what belongs in the problem's cell.

    What the form brings, the one who sent it knows; a date that ends a step, the one who takes that step.
    """
    if sheet_id != INCIDENTS or problem.row is None or problem.column is None:
        return KEEPER
    columns = list(tracker_schema().sheets[INCIDENTS].columns)
    if problem.column not in columns:  # one that only a log of another layout has
        return KEEPER
    if columns.index(problem.column) < columns.index(_AFTER_THE_FORM) and problem.column != "reference":
        return REPORTER
    owners = (clock.owner for clock in standard_clocks() if clock.sheet == INCIDENTS and problem.column in clock.stop)
    return next(owners, KEEPER)
