"""A problem with the tracker, as data, and the list of those found on one sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tracker_schema.parsing import Mask
from tracker_schema.tracker import Facts

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `cell` is its address (“Incidents!K5”); `row` its number in the worksheet, None for a
    problem of the sheet as a whole; `column` the column's id, None when that is not known either.
    """

    code: str
    severity: Severity
    cell: str
    message: str
    row: int | None = None
    column: str | None = None


class Findings:
    """The problems found on one sheet so far."""

    def __init__(self, facts: Facts, stopped: Mapping[str, Mask]) -> None:
        self.facts = facts
        self.problems: list[Problem] = []
        self._stopped = stopped

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
        read = self.facts.read
        stopped = self._stopped.get(column) if stops else None
        for position in positions:
            sentence = says if isinstance(says, str) else says(position)
            self.problems.append(
                Problem(
                    code,
                    "error" if stopped is not None and stopped[position] else "warning",
                    read.address(column, position),
                    f"“{read.heading(column)}” {sentence}{'' if sentence.endswith('?') else '.'}",
                    read.rows[position],
                    column,
                )
            )

    def add_about_headings(self, code: str, severity: Severity, cell: str, message: str, column: str | None) -> None:
        """Note something about the sheet's headings."""
        self.problems.append(Problem(code, severity, cell, message, None, column))
