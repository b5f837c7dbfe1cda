"""A problem with the tracker, as data, and the list of those found on one sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tracker_schema.columns.parsing import Mask
from tracker_schema.tracker import Facts

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


class Findings:
    """The problems found on one sheet so far. Its `facts` have a row for each child; what is said of an incident with
    several is noted once.
    """

    def __init__(self, facts: Facts, stopped: Mapping[str, Mask]) -> None:
        self.facts = facts
        self.problems: list[Problem] = []
        self._stopped = stopped
        self._incidents = facts.read.incident_of.tolist()
        self._noted: set[tuple[str, str, str]] = set()

    def add(
        self,
        code: str,
        column: str,
        where: Mask | Iterable[int],
        says: str | Callable[[int], str],
        *,
        stops: bool = False,
    ) -> None:
        """Note `code` for `column` on the rows `where` (a mask, or positions). `says` is the sentence after the
        heading, or gives it for a position. With `stops` it is an error where a clock cannot be told for it.
        """
        positions = np.flatnonzero(where).tolist() if isinstance(where, np.ndarray) else where
        stopped = self._stopped.get(column) if stops else None
        for position in positions:
            sentence = says if isinstance(says, str) else says(position)
            place = self.facts.read.place(column, position)
            message = f"“{place.heading}” {sentence}{'' if sentence.endswith('?') else '.'}"
            noted = (code, place.address, message)
            if noted not in self._noted:
                self._noted.add(noted)
                severity: Severity = "error" if stopped is not None and stopped[position] else "warning"
                incident = self._incidents[position]
                self.problems.append(Problem(code, severity, place.address, message, place.row, column, incident))

    def add_about_headings(self, code: str, severity: Severity, cell: str, message: str, column: str | None) -> None:
        """Note something about the sheet's headings."""
        self.problems.append(Problem(code, severity, cell, message, None, column))
