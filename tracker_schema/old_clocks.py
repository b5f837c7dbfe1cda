"""The clocks of clocks.toml, worked out for every row of a sheet at once.

The rules of counting are those of `working_days`; on which rows a clock runs, those of `duties`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from tracker_schema.clocks.clocks import CHASE, STATUTORY, Clock, Rules
from tracker_schema.clocks.results import AWARE_WITHIN_DAYS, OPEN, RUNS_WITHIN_DAYS, State
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.duties import DUTIES, Answer, Duty, Situation, certain, holds
from tracker_schema.old_facts import Facts, Mask
from tracker_schema.working_days import Days, WorkingDays, add_months


@dataclass(frozen=True, eq=False)
class Reading:
    """One clock on every row of its sheet.

    `anchor`, `due` and `stopped` are datetime64[D] (NaT: none), `state` int8 by `State`, `left` working days left.
    `unclear` are the rows on which a fact that cannot be read leaves open whether the clock runs, `uncovered` those
    whose anchor or deadline lies outside the bank holidays known.
    """

    clock: Clock
    anchor: Days
    due: Days
    stopped: Days
    state: npt.NDArray[np.int8]
    left: npt.NDArray[np.int64]
    unclear: Mask
    uncovered: Mask

    def is_in(self, *states: State) -> Mask:
        """On which rows the clock is in one of `states`."""
        wanted = np.zeros(len(State), bool)
        wanted[list(states)] = True  # LEFT_OUT, -1, is the last of them
        return wanted[self.state]

    def at(self, rows: npt.NDArray[np.int64]) -> Self:
        """The clock on those rows, given by their positions, in that order."""
        arrays = ("anchor", "due", "stopped", "state", "left", "unclear", "uncovered")
        return replace(self, **{name: getattr(self, name)[rows] for name in arrays})

    @property
    def open(self) -> Mask:
        """On which rows the clock has started and has not been stopped."""
        return self.is_in(*OPEN)


def read_clocks(facts: Facts, rules: Rules, as_of: dt.date) -> dict[str, Reading]:
    """Each of the rules' clocks that the sheet has the columns for, by clock id in the order of the process.

    `facts` are the rows of one sheet. Raises OutsideCalendar when the bank holidays do not reach `as_of`.
    """
    return {
        clock.id: _read_clock(clock, facts, rules, as_of)
        for clock in rules.clocks
        if clock.sheet == facts.read.sheet.id and not missing_columns(clock, facts)
    }


def missing_columns(clock: Clock, facts: Facts) -> tuple[str, ...]:
    """The columns without which `clock` cannot be worked out and which the sheet does not have.

    One anchor and one stop are enough. Heads of Service can only be said to owe a meeting where there is a
    Decision to wait for; every other condition takes a column that is not there as blank.
    """
    needed = [clock.anchor, clock.stop]
    if clock.applies == "heads_of_service_to_meet":
        needed.append(("decision",))
    return tuple(columns[0] for columns in needed if not any(facts.has(column) for column in columns))


def unrecorded_steps(facts: Facts, rules: Rules, as_of: dt.date) -> dict[str, Mask]:
    """By clock id: the rows on which a statutory clock runs whose end this sheet has no column for.

    Nobody can tell whether such a step is done, so that a row of them cannot be called complete.
    """
    return {
        clock.id: ~_read_clock(clock, facts, rules, as_of).is_in(State.LEFT_OUT, State.NOT_STARTED, State.BEFORE_START)
        for clock in rules.clocks
        if clock.sheet == facts.read.sheet.id
        and clock.basis == STATUTORY
        and any(facts.has(column) for column in clock.anchor)
        and not any(facts.has(column) for column in clock.stop)
    }


def _duty(clock: Clock) -> Duty | None:
    return DUTIES[clock.applies] if clock.applies else None


def _read_clock(clock: Clock, facts: Facts, rules: Rules, as_of: dt.date) -> Reading:
    calendar = _old(rules.calendar(clock))
    anchor, anchor_unreadable = _earliest(facts, clock.anchor)
    stopped, stop_unreadable = _first_filled(facts, clock.stop)
    due = deadline(clock, anchor, calendar)
    situation = Situation(as_of, due, calendar.first, rules.care_leavers)
    answer: Answer = holds(duty, facts, situation) if (duty := _duty(clock)) else certain(np.ones(len(facts), bool))

    uncovered = ~np.isnat(anchor) & np.isnat(due)
    started = ~np.isnat(anchor) | anchor_unreadable
    cannot_tell = answer.unclear | anchor_unreadable | stop_unreadable | uncovered
    left = calendar.left(as_of, due)
    today = np.datetime64(as_of)
    state = np.select(
        [
            answer.no,
            ~started,
            cannot_tell,
            ~np.isnat(stopped) & (stopped <= due),
            ~np.isnat(stopped),
            due < today,
            due == today,
            left <= rules.warn_working_days,
        ],
        [
            State.LEFT_OUT,
            State.NOT_STARTED,
            State.CANNOT_TELL,
            State.MET,
            State.MET_LATE,
            State.CHASE if clock.basis == CHASE else State.OVERDUE,
            State.DUE_TODAY,
            State.DUE_SOON,
        ],
        State.RUNNING,
    ).astype(np.int8)
    if rules.start_from:
        past = due < np.datetime64(rules.start_from)
        past |= np.isnat(due) & _surely_past(clock, facts, anchor_unreadable | uncovered, rules.start_from)
        state[past & np.isin(state, (State.NOT_STARTED, State.CANNOT_TELL, *OPEN))] = State.BEFORE_START
    return Reading(clock, anchor, due, stopped, state, left, answer.unclear, uncovered & ~answer.no)


def is_history(facts: Facts, start_from: dt.date | None) -> Mask:
    """Which incidents are of before `start_from`: the council was aware by then, or where that cannot be told, it was
    so long ago that it must have been. None are without a day to start from.
    """
    if start_from is None:
        return np.zeros(len(facts), bool)
    return _happened_before(facts, start_from, AWARE_WITHIN_DAYS)


def _happened_before(facts: Facts, day: dt.date, margin: int) -> Mask:
    """Where the council became aware before `day`; where no such date can be read, that many days before by the date of
    the incident.
    """
    aware, incident = facts.column("aware_date").values, facts.column("incident_date").values
    before = incident < np.datetime64(day) - np.timedelta64(margin, "D")
    return np.where(np.isnat(aware), before, aware < np.datetime64(day))


def _surely_past(clock: Clock, facts: Facts, unknown: Mask, start_from: dt.date) -> Mask:
    """Where the deadline of a clock, which cannot be told, was before `start_from` all the same.

    `unknown` are the rows on which the start of it, or the bank holidays of then, are not known.
    """
    if clock.sheet != INCIDENTS:
        return np.zeros(len(facts), bool)
    past: Mask = unknown & _happened_before(facts, start_from - dt.timedelta(days=RUNS_WITHIN_DAYS), 0)
    if clock.anchor == ("aware_date",):
        past |= np.isnat(facts.column("aware_date").values) & is_history(facts, start_from)
    return past


def _old(calendar: object) -> WorkingDays:
    assert isinstance(calendar, WorkingDays)  # noqa: S101
    return calendar


def deadline(clock: Clock, anchors: Days, plain_calendar: object) -> Days:
    """When `clock` is due for each anchor (datetime64[D]); NaT where `calendar` does not cover both."""
    calendar = _old(plain_calendar)
    if clock.unit == "working days":
        due: Days = calendar.due(anchors, clock.length, count_from=clock.count_from)
        return due
    if clock.unit == "days":
        due = anchors + np.timedelta64(clock.length - clock.count_from, "D")
    else:
        due = add_months(anchors, clock.length)
    return np.where(calendar.covers(anchors) & calendar.covers(due), due, np.datetime64("NaT", "D"))


def _earliest(facts: Facts, columns: tuple[str, ...]) -> tuple[Days, Mask]:
    """The earliest date in `columns`, and where one of them cannot be read, so that there is no telling."""
    dates = facts.column(columns[0]).values
    unreadable = facts.column(columns[0]).unreadable
    for column in columns[1:]:
        dates = np.fmin(dates, facts.column(column).values)
        unreadable = unreadable | facts.column(column).unreadable
    return dates, unreadable


def _first_filled(facts: Facts, columns: tuple[str, ...]) -> tuple[Days, Mask]:
    """The date in the first of `columns` that is filled in, and where that one cannot be read."""
    dates = facts.column(columns[0]).values
    filled, unreadable = facts.column(columns[0]).filled, facts.column(columns[0]).unreadable
    for column in columns[1:]:
        parsed = facts.column(column)
        dates = np.where(filled, dates, parsed.values)
        unreadable = np.where(filled, unreadable, parsed.unreadable)
        filled = filled | parsed.filled
    return dates, unreadable
