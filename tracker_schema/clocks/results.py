"""One clock on one incident or scoping return."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial

from tracker_schema.clocks.clocks import NATIONAL, Clock, Rules, changed
from tracker_schema.clocks.conditions import Answer, Situation, holds_for_any, unknown_for_any
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.layouts.record import Record

# Beyond this between the incident and the council's becoming aware of it, one of the dates is more likely wrong.
AWARE_WITHIN_DAYS = 30
# The clocks of an incident older than this have all run out, even when the date that starts them cannot be read.
RUNS_WITHIN_DAYS = 365


class State(enum.IntEnum):
    """The state of a clock. One that does not apply to a row has no result, and so no state."""

    NOT_STARTED = 0
    RUNNING = 1
    DUE_SOON = 2
    DUE_TODAY = 3
    OVERDUE = 4
    CHASE = 5
    MET = 6
    MET_LATE = 7
    CANNOT_TELL = 8
    BEFORE_START = 9
    PAUSED = 10

    @property
    def words(self) -> str:
        """The state as it is written, such as “due soon”."""
        return self.name.lower().replace("_", " ")


OPEN = frozenset((State.RUNNING, State.DUE_SOON, State.DUE_TODAY, State.OVERDUE, State.CHASE))


@dataclass(slots=True)
class ClockResult:
    """One clock on one row.

    clock                   the clock
    state                   its state
    anchor                  the date that started it, None when there is none that can be read
    due                     its deadline, None when there is none
    stopped                 the date that stopped it, None when there is none that can be read
    working_days_left       working days after today up to and including the deadline, below zero when past; None when
                            the clock is not open
    condition_unreadable    whether a fact that decides if it applies cannot be read
    outside_calendar        whether its anchor or deadline is outside the years whose bank holidays are known
    unknown                 the columns of the facts that decide whether it applies and are not known
    """

    clock: Clock
    state: State
    anchor: dt.date | None
    due: dt.date | None
    stopped: dt.date | None
    working_days_left: int | None
    condition_unreadable: bool = False
    outside_calendar: bool = False
    unknown: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the clock has started and has not been stopped."""
        return self.state in OPEN

    @property
    def is_pending(self) -> bool:
        """Whether its step may still be due: it is open, or only facts that are not known keep it from being so."""
        return self.is_open or (self.state == State.CANNOT_TELL and bool(self.unknown))


class RunningClock:
    """One clock as this council runs it on one day, ready to be worked out for many rows.

    The calendar must cover the day.
    """

    def __init__(self, clock: Clock, rules: Rules, as_of: dt.date) -> None:
        self.clock = clock
        self._rules = rules
        self._as_of = as_of
        self._calendar = rules.calendar(clock)
        # A log repeats the same few thousand dates.
        self._deadline = cache(partial(rules.deadline, clock))
        self._open_state = cache(self._state_until)
        situation = partial(Situation, as_of, known_from=self._calendar.first, care_leavers=rules.care_leavers)
        self._situation = cache(situation)

    def result(self, record: Record, children: Sequence[Record]) -> ClockResult | None:
        """Return the clock on one row; None when it does not apply.

        `children` are the children of the incident, or the row itself.
        """
        clock, rules = self.clock, self._rules
        anchor, anchor_unreadable = anchor_of(clock, record)
        due = self._deadline(anchor) if anchor else None
        stopped, stop_unreadable = _first_filled(record, clock.stop)
        applies: Answer = True
        unknown: tuple[str, ...] = ()
        if clock.condition:
            situation = self._situation(due)
            applies = holds_for_any(clock.condition, children, situation)
            if clock.condition.unknown and not (stopped or stop_unreadable) and self._is_urgent(record, due):
                unknown = unknown_for_any(clock.condition, children, situation)
            if applies is False and not unknown:
                return None
        outside_calendar = anchor is not None and due is None
        left = None
        if anchor is None and not anchor_unreadable:
            state = State.NOT_STARTED
        elif applies is None or unknown or anchor_unreadable or stop_unreadable or due is None:
            state = State.CANNOT_TELL
        elif stopped:
            state = State.MET if stopped <= due else State.MET_LATE
        elif clock.may_pause and is_paused(record, self._as_of):
            state = State.PAUSED
        else:
            state, left = self._open_state(due)
        if rules.start_from and (state in OPEN or state in (State.NOT_STARTED, State.CANNOT_TELL)):
            undated = anchor_unreadable or outside_calendar
            if due < rules.start_from if due else _is_surely_past(clock, record, rules.start_from, unknown=undated):
                state, left, unknown = State.BEFORE_START, None, ()
        if clock.condition and clock.condition.national and self._is_national(children, due):
            clock = self._by_national_guidance
        return ClockResult(clock, state, anchor, due, stopped, left, applies is None, outside_calendar, unknown)

    @cached_property
    def _by_national_guidance(self) -> Clock:
        return changed(self.clock, {"basis": NATIONAL})

    def _is_national(self, children: Sequence[Record], due: dt.date | None) -> bool:
        """Return whether national guidance, and no law, is why the clock applies to the children."""
        condition, situation = self.clock.condition, self._situation(due)
        if condition is None or condition.national is None:
            return False
        concerned = [child for child in children if condition.holds(child, situation)]
        return bool(concerned) and all(map(condition.national, concerned))

    def _is_urgent(self, record: Record, due: dt.date | None) -> bool:
        """Return whether a fact that is not known stops the clock: a decision is recorded, or its deadline is near."""
        return record.is_filled("decision") or (due is not None and self._open_state(due)[0] != State.RUNNING)

    def _state_until(self, due: dt.date) -> tuple[State, int]:
        """Return the state of a clock that has started and not stopped, and the working days left."""
        left = self._calendar.between(self._as_of, due)
        if due < self._as_of:
            return (State.CHASE if self.clock.is_chase else State.OVERDUE), left
        if due == self._as_of:
            return State.DUE_TODAY, left
        return (State.DUE_SOON if left <= self._rules.warns_from(self.clock) else State.RUNNING), left


def is_paused(record: Record, as_of: dt.date) -> bool:
    """Return whether the review of an incident is paused on `as_of`."""
    until = record.date("paused_until")
    return until is not None and as_of < until


def anchor_of(clock: Clock, record: Record) -> tuple[dt.date | None, bool]:
    """Return the date that starts a clock, None when there is none, and whether a cell for it cannot be read."""
    columns = anchors_that_count(clock, record)
    if clock.anchor_is == "first":
        return _first_filled(record, columns)
    unreadable = bool(record.unreadable) and any(
        column in record.unreadable
        or (column in clock.anchor_if and clock.anchor_if[column].column in record.unreadable)
        for column in columns
    )
    return earliest(record, columns), unreadable


def anchors_that_count(clock: Clock, record: Record) -> Sequence[str]:
    """Return the columns that may start a clock on this row.

    One whose condition cannot be read may, when it is filled in.
    """
    if not clock.anchor_if:
        return clock.anchor
    return [
        column
        for column in clock.anchor
        if (condition := clock.anchor_if.get(column)) is None
        or condition.holds(record)
        or (condition.column in record.unreadable and record.is_filled(column))
    ]


def earliest(record: Record, columns: Sequence[str]) -> dt.date | None:
    """Return the earliest date in `columns` that can be read, None when there is none."""
    if len(columns) == 1:
        return record.date(columns[0])
    return min((date for column in columns if (date := record.date(column))), default=None)


def _first_filled(record: Record, columns: Sequence[str]) -> tuple[dt.date | None, bool]:
    """Return the date in the first of `columns` that is filled in, and whether that cell cannot be read."""
    for column in columns:
        if date := record.date(column):
            return date, False
        if column in record.unreadable:
            return None, True
    return None, False


def is_history(record: Record, start_from: dt.date | None) -> bool:
    """Return whether the incident is older than `start_from`.

    The council was aware before that day; or when that date cannot be read, the incident was so long before it that
    the council must have been. Without a day to start from, no incident is.
    """
    return start_from is not None and _happened_before(record, start_from, AWARE_WITHIN_DAYS)


def _happened_before(record: Record, day: dt.date, margin: int) -> bool:
    """Return whether the council was aware before `day`; without that date, whether the incident was `margin` calendar
    days before it.
    """
    aware, incident = record.date("aware_date"), record.date("incident_date")
    if aware:
        return aware < day
    return incident is not None and incident < day - dt.timedelta(days=margin)


def _is_surely_past(clock: Clock, record: Record, start_from: dt.date, *, unknown: bool) -> bool:
    """Return whether a deadline that cannot be worked out was before `start_from` all the same.

    `unknown` says that its anchor, or the bank holidays of that time, are not known.
    """
    if clock.sheet != INCIDENTS:
        return False
    if unknown and _happened_before(record, start_from - dt.timedelta(days=RUNS_WITHIN_DAYS), 0):
        return True
    return clock.anchor == ("aware_date",) and record.date("aware_date") is None and is_history(record, start_from)
