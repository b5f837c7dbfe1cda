"""A problem with the tracker, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `cell` is its address (“Incidents!K5”), `row` the number of its row in the worksheet, and
    `position` which row of the sheet's frame it is about; None both for a problem of the sheet as a whole. `column` is
    the column's id, None when it is about none.
    """

    code: str
    severity: Severity
    cell: str
    message: str
    row: int | None = None
    column: str | None = None
    position: int | None = None
