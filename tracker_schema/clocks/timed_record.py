"""A record with clocks and problems."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from tracker_schema.clocks.results import ClockResult
from tracker_schema.columns.parsing import Fault
from tracker_schema.columns.problems import Problem
from tracker_schema.layouts.record import Record, Value
from tracker_schema.layouts.rows import SheetRows
from tracker_schema.wording import printable, shortened

# A longer text is no reference and no agency; the rest of it is left out.
_LONGEST_NAME = 60


class TimedRecord(Record):
    """An incident, a scoping return or an action: its facts, its clocks and what is wrong with it.

    clocks      by clock id, in the order of the process: those that apply to it
    problems    what is wrong with its row or rows
    """

    __slots__ = ("clocks", "problems")

    def __init__(
        self, sheet: SheetRows, position: int, values: Mapping[str, Value], unreadable: Mapping[str, Fault]
    ) -> None:
        super().__init__(sheet, position, values, unreadable)
        self.clocks: dict[str, ClockResult] = {}
        self.problems: list[Problem] = []

    @property
    def shown_reference(self) -> str:
        """Its reference as it is shown outside the tracker: short and on one line; “row 5” when it has none."""
        return short_name(self.reference) or self.sheet.where(self.position)

    @property
    def open_clocks(self) -> list[ClockResult]:
        """The clocks that have started and have not stopped, in the order of the process."""
        return [result for result in self.clocks.values() if result.is_open]

    @property
    def where(self) -> str:
        """Its reference, or its row when it has none: “row 5”, with the worksheet when the log is on several."""
        return self.reference or self.sheet.where(self.position)

    @property
    def has_error(self) -> bool:
        """Whether one of its problems keeps a clock from being worked out."""
        return any(problem.severity == "error" for problem in self.problems)


def short_name(text: str) -> str:
    """Return a reference or the name of an agency as it is shown outside the tracker: short and on one line."""
    return shortened(printable(text), _LONGEST_NAME)


def digest(name: str) -> str:
    """Return what a name is known by where it may not be kept, in any spelling of capitals: letters and figures."""
    return hashlib.sha256(name.casefold().encode()).hexdigest()[:8]
