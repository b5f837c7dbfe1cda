"""The open deadlines of a tracker: every clock that runs, every return that is awaited, every action that is not done.

A deadline shows who acts by role, never by name, and the incident by its reference: all of it may leave the tracker.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker_schema.clocks.clocks import Clock
from tracker_schema.clocks.results import RunningClock, State
from tracker_schema.clocks.timed_record import TimedRecord, digest
from tracker_schema.columns.schema import ACTIONS, INCIDENTS
from tracker_schema.incidents.incident import Action, ScopingReturn, Tracker

KEEPER = "Head of Service for Safeguarding"
"""Who keeps the tracker, by the council's guidance."""

REMIND_WITHIN = 5
"""Working days within which a reminder that was missed is still sent. An older one was not missed because a computer
was off, and the daily list and the weekly summary go on naming its deadline."""

# Who does an action is typed by a person, and may be a name: only whoever keeps the tracker is shown it.
_ACTION_OWNER = "as the Actions sheet says"

_ACTION_STATES = {
    "Overdue": State.OVERDUE,
    "Due today": State.DUE_TODAY,
    "Due soon": State.DUE_SOON,
    "On track": State.RUNNING,
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One open deadline of an incident, of a scoping return or of an action.

    clock    the clock, None for an action
    due      the day
    left     working days left, below zero when the day is past
    state    the state of the clock, or of the action
    _record  what it is a deadline of; a template cannot reach it, since it holds personal facts
    """

    _record: TimedRecord = field(repr=False)
    clock: Clock | None
    due: dt.date
    left: int
    state: State

    @property
    def sheet(self) -> str:
        """The id of the sheet that it is on."""
        return self.clock.sheet if self.clock else ACTIONS

    @property
    def row(self) -> int:
        """The number of its row in the worksheet."""
        return self._record.row

    @property
    def reference(self) -> str:
        """The reference of the incident, as it is shown outside the tracker."""
        return self._record.shown_reference

    @property
    def step(self) -> tuple[int, str] | None:
        """The position of its incident and the id of its clock; None when it is a return or an action."""
        return (self._record.position, self.clock.id) if self.clock and self.sheet == INCIDENTS else None

    @property
    def label(self) -> str:
        """The step to take; of an action its number, where its sheet has numbers."""
        if self.clock:
            return self.clock.label
        return f"Action {self._number}" if self._number else "Action"

    @property
    def label_with_owner(self) -> str:
        """The same with the owner of an action as typed, for whoever keeps the tracker and for nobody else."""
        owner = self._record.owner if isinstance(self._record, Action) else ""
        return f"{self.label}, {owner}" if owner else self.label

    @property
    def key(self) -> str:
        """What it is known by among the deadlines of its incident from one day to the next; it holds no name."""
        if self.clock is None:
            return f"action {self._number or self.due.isoformat()}"
        return f"{self.clock.id} {digest(self.agency)}" if self.agency else self.clock.id

    @property
    def _number(self) -> str:
        return self._record.number if isinstance(self._record, Action) else ""

    @property
    def is_discussion(self) -> bool:
        """Whether it is SLT's weekly discussion, which nearly every open case has."""
        return self.clock is not None and self.clock.mail == "discussion"

    @property
    def owner(self) -> str:
        """Who acts, by role."""
        return self.clock.owner if self.clock else _ACTION_OWNER

    @property
    def statutory(self) -> bool:
        """Whether law or statutory guidance sets it."""
        return self.clock is not None and self.clock.is_statutory

    @property
    def authority(self) -> str:
        """Whose deadline it is where lists mark that: “statutory”, “national”, or ""."""
        return self.clock.authority if self.clock else ""

    @property
    def overdue(self) -> bool:
        """Whether the day is past. A date to ask on is never overdue."""
        return self.state == State.OVERDUE

    @property
    def is_return(self) -> bool:
        """Whether it is a scoping return."""
        return isinstance(self._record, ScopingReturn)

    @property
    def agency(self) -> str | None:
        """The agency that is asked, None when it is no scoping return or its row names no agency."""
        return self._record.shown_agency or None if isinstance(self._record, ScopingReturn) else None


def open_deadlines(tracker: Tracker) -> list[Deadline]:
    """Return every open deadline, the earliest first; those of one day in the order of the process.

    A closed incident has none; what an agency still owes, and an action that is still to be done, stays open.
    """
    deadlines = _running(tracker, [incident for incident in tracker.incidents if not incident.is_closed])
    deadlines += _running(tracker, tracker.scoping)
    deadlines += [_of_action(action, tracker) for action in tracker.actions if action.status in _ACTION_STATES]
    return sorted(deadlines, key=lambda deadline: deadline.due)


def statutory_first(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """Return the statutory deadlines and then the others, each in the order they had."""
    return sorted(deadlines, key=lambda deadline: not deadline.statutory)


def not_watched(tracker: Tracker) -> list[str]:
    """Return the labels of the clocks that the tracker has no column for, in the order of the process."""
    sheets = tracker.rows.sheets
    return [
        clock.label
        for clock in tracker.rules.clocks
        if clock.missing_columns(sheets[clock.sheet].numbers if clock.sheet in sheets else ())
    ]


def unrecorded_deadlines(tracker: Tracker) -> list[Deadline]:
    """Return the deadlines to remind of although the tracker has no column for their end, the earliest first.

    Nobody can record that such a step is done, so each is named for some days and no longer.
    """
    numbers = tracker.rows.sheets[INCIDENTS].numbers
    clocks = [
        RunningClock(clock, tracker.rules, tracker.as_of)
        for clock in tracker.rules.clocks_of(INCIDENTS)
        if clock.mail == "reminder without column" and not any(column in numbers for column in clock.stop)
    ]
    found = [
        Deadline(incident, result.clock, result.due, result.working_days_left, result.state)
        for clock in clocks
        for incident in tracker.incidents
        if not incident.is_closed and (result := clock.result(incident, incident.children))
        if result.due and result.working_days_left is not None and result.working_days_left >= -REMIND_WITHIN
    ]
    return sorted(found, key=lambda deadline: deadline.due)


def _running(tracker: Tracker, records: Sequence[TimedRecord]) -> list[Deadline]:
    return [
        Deadline(record, result.clock, result.due, result.working_days_left, result.state)
        for clock in tracker.rules.clocks
        for record in records
        if (result := record.clocks.get(clock.id)) and result.due and result.working_days_left is not None
    ]


def _of_action(action: Action, tracker: Tracker) -> Deadline:
    due, days = action.due or tracker.as_of, tracker.rules.days
    left = days.between(tracker.as_of, due) if days.covers(due) else 0
    return Deadline(action, None, due, left, _ACTION_STATES[action.status])
