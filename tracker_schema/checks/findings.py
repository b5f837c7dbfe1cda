"""The problems found on one sheet so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from tracker_schema.clocks.results import State, anchors_that_count
from tracker_schema.clocks.timed_record import TimedRecord
from tracker_schema.columns.parsing import Fault
from tracker_schema.columns.problems import Problem, Severity
from tracker_schema.columns.schema import ACTIONS, INCIDENTS
from tracker_schema.incidents.incident import Incident
from tracker_schema.layouts.record import Record
from tracker_schema.layouts.rows import SheetRows

# What no clock is worked out from, and a status all the same: a column that cannot be read there is an error.
_STATUS_COLUMNS = {INCIDENTS: ("closed",), ACTIONS: ("due", "done")}


class Findings:
    """The problems found on one sheet so far.

    sheet       the rows of the sheet
    subjects    what is checked: each row's record with the facts on it; an incident comes once for each child
    faults      what is wrong with single cells: by column id, then by position among the subjects
    as_of       the day for which the tracker is checked
    gone        the ids of the columns that the sheet had at the last run and has no more; the guard names them
    problems    the problems so far; each is noted on its record too
    settled     the cells of which the one problem is noted that explains all others

    Of a closed incident only what people decided or left open is noted, and its row does not show it.
    """

    def __init__(
        self,
        sheet: SheetRows,
        subjects: Sequence[tuple[TimedRecord, Record]],
        faults: Mapping[str, Mapping[int, Fault]],
        as_of: dt.date,
        gone: Collection[str] = (),
    ) -> None:
        self.sheet = sheet
        self.as_of = as_of
        self.gone = gone
        self.subjects = subjects
        self.faults = faults
        self.problems: list[Problem] = []
        self.settled: set[str] = set()
        self._noted: set[tuple[str, str, str]] = set()

    def add(
        self,
        code: str,
        record: TimedRecord,
        facts: Record,
        column: str,
        predicate: str,
        remedy: str = "",
        *,
        stops: bool = False,
        severity: Severity | None = None,
        of_closed: bool = False,
    ) -> None:
        """Note a problem with the cell in `column`.

        `predicate` is the sentence after the column's heading, without its full stop. With `stops` the problem is an
        error when a clock of the record cannot be worked out because of that column; `severity` settles it outright.
        With `of_closed` it is noted of a closed incident too, whose row does not show it.
        Several children of an incident get the same problem once.
        """
        if _is_closed(record) and not of_closed:
            return
        place = facts.place(column)
        sentence = f"“{place.heading}” {predicate}."
        key = (code, place.address, sentence)
        if key in self._noted:
            return
        self._noted.add(key)
        if severity is None:
            severity = "error" if stops and column in self._blocking_columns(record) else "warning"
        problem = Problem(
            code, severity, place.address, sentence, remedy, place.row, column, place.heading, record.position
        )
        self.problems.append(problem)
        record.problems.append(problem)

    def note(self, problem: Problem, record: TimedRecord | None = None) -> None:
        """Note a problem that is made already, on its record when it is about one."""
        if record is not None and _is_closed(record):
            return
        self.problems.append(problem)
        if record is not None:
            record.problems.append(problem)

    def _blocking_columns(self, record: TimedRecord) -> set[str]:
        """Return the columns for want of which a clock of the record, or its status, cannot be worked out."""
        blocking = set(_STATUS_COLUMNS.get(self.sheet.sheet.id, ()))
        for result in record.clocks.values():
            clock = result.clock
            if result.state == State.CANNOT_TELL:
                dates = {*clock.anchor, *clock.stop, *(condition.column for condition in clock.anchor_if.values())}
                blocking.update(clock.columns if result.condition_unreadable else dates)
            elif result.state == State.NOT_STARTED:
                blocking.update(anchors_that_count(clock, record))
        return blocking


def _is_closed(record: TimedRecord) -> bool:
    return isinstance(record, Incident) and record.is_closed
