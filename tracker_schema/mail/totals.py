"""The totals of the tracker's own columns, which the weekly summary reconciles to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker_schema.clocks.results import State
from tracker_schema.clocks.timed_record import TimedRecord
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, tracker_schema
from tracker_schema.incidents.incident import BEFORE_START, CLOSED, Tracker


@dataclass(frozen=True)
class Totals:
    """The totals of the tracker's own columns. A status that no row has is left out.

    incidents        the number of incidents by status
    returns          the number of scoping returns by status
    actions          the number of actions by status
    steps_overdue    the number of steps that the Overdue steps of all rows name
    """

    incidents: Mapping[str, int]
    returns: Mapping[str, int]
    actions: Mapping[str, int]
    steps_overdue: int

    @property
    def logged(self) -> int:
        """The number of incidents in the tracker."""
        return sum(self.incidents.values())

    @property
    def open(self) -> int:
        """The number of incidents that ask something of somebody: neither closed nor of before the start."""
        return sum(self.open_by_status.values())

    @property
    def open_by_status(self) -> Mapping[str, int]:
        """The number of open incidents by status."""
        return {status: count for status, count in self.incidents.items() if status not in (CLOSED, BEFORE_START)}


def totals(tracker: Tracker) -> Totals:
    """Return the totals of the tracker."""
    overdue = (
        result.state == State.OVERDUE
        for incident in tracker.incidents
        if not incident.is_closed
        for result in incident.clocks.values()
    )
    return Totals(
        _counts(INCIDENTS, tracker.incidents),
        _counts(SCOPING, tracker.scoping),
        _counts(ACTIONS, tracker.actions),
        sum(overdue),
    )


def _counts(sheet_id: str, records: Sequence[TimedRecord]) -> dict[str, int]:
    """Return the number of rows by status, in the order of the schema's choices."""
    column = next(column for column in tracker_schema().sheets[sheet_id].written_by_script() if column.choices)
    counts = Counter(record[column.id] for record in records)
    return {status: counts[status] for status in column.choices if counts[status]}
