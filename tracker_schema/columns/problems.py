"""A problem with the tracker, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct in the workbook.

    code        the rule, such as “date-order”
    severity    error: it keeps a clock from being worked out; warning: it does not; note: it asks nothing
    cell        where it is, such as “Incidents!K5”
    problem     what is wrong, a sentence
    remedy      what to do about it, a sentence; "" when the problem says it all
    row         the number of the row in the worksheet, None when it is about the headings
    column      the id of the column, None when it is about none of ours
    heading     the heading that it is about, "" when it is about none
    position    which row of its sheet it is about, counted from 0; None when it is about no single row
    needed      of a heading that is missing: whether a clock is worked out from it
    """

    code: str
    severity: Severity
    cell: str
    problem: str
    remedy: str = ""
    row: int | None = None
    column: str | None = None
    heading: str = ""
    position: int | None = None
    needed: bool = False

    @property
    def message(self) -> str:
        """The problem and its remedy, in one text."""
        return f"{self.problem} {self.remedy}".strip()
