"""Why a date is what it is: the anchor, the rule and its source, and every day in between, counted or not and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker_schema.clocks.clocks import Clock, Rules
from tracker_schema.clocks.results import State
from tracker_schema.old_assessment import SheetAssessment
from tracker_schema.old_clocks import Reading
from tracker_schema.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One calendar day on the way: its number in the count, or None with the reason why it does not count."""

    day: dt.date
    number: int | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DateInCell:
    """A date of the tracker, under which heading it stands, and in which cell."""

    day: dt.date
    heading: str
    cell: str


@dataclass(frozen=True)
class Explanation:
    """One clock on one row. `anchor`, `due` and `stopped` are None where there is none; then `days` is empty too."""

    clock: Clock
    row: int
    state: State
    working_days_left: int | None
    anchor: DateInCell | None
    due: dt.date | None
    stopped: DateInCell | None
    days: list[CountedDay]

    @property
    def rule(self) -> str:
        """The rule of counting in a sentence."""
        day_1 = "the day itself is day 1" if self.clock.count_from else "day 1 is the next working day"
        closures = "; council closure days do not count" if self.clock.honours_closures else ""
        if self.clock.unit == "working days":
            return f"{self.clock.limit}: {day_1}; weekends and bank holidays do not count{closures}"
        return f"{self.clock.limit} by the calendar; every day counts"


def explain(sheet: SheetAssessment, position: int, clock_id: str, rules: Rules) -> Explanation:
    """Why the clock stands as it does on one row of `sheet`, given by its position from 0.

    Raises KeyError when the clock is not worked out on that sheet.
    """
    reading = sheet.readings[clock_id]
    anchor = _date_in(sheet, reading.clock.anchor, position, reading.anchor[position])
    due = _date(reading.due[position])
    return Explanation(
        clock=reading.clock,
        row=sheet.facts.read.rows[position],
        state=State(reading.state[position]),
        working_days_left=int(reading.left[position]) if reading.open[position] else None,
        anchor=anchor,
        due=due,
        stopped=_date_in(sheet, reading.clock.stop, position, reading.stopped[position]),
        days=list(count_days(anchor.day, due, reading.clock, rules.calendar(reading.clock))) if anchor and due else [],
    )


def count_days(anchor: dt.date, due: dt.date, clock: Clock, calendar: WorkingDays) -> Iterator[CountedDay]:
    """Every calendar day from `anchor` to `due`, with its number in the count of `clock`."""
    number: int = clock.count_from
    yield CountedDay(anchor, number)
    for ahead in range(1, (due - anchor).days + 1):
        day = anchor + dt.timedelta(days=ahead)
        reason = calendar.day_off(day) if clock.unit == "working days" else None
        if reason is None:
            number += 1
        yield CountedDay(day, None if reason else number, reason)


def why_not(reading: Reading | None, sheet: SheetAssessment, position: int, clock: Clock) -> str:
    """Why a clock has no deadline on a row, as the rest of a sentence that starts with its label.

    `reading` is None where the sheet lacks a column for the clock.
    """
    if reading is None:
        return "is not worked out: the tracker has no column for its start, or none for its end"
    if clock.condition and reading.state[position] == State.LEFT_OUT:
        return f"does not apply: it runs only when {clock.condition.sentence}"
    empty = " and ".join(f"“{sheet.facts.read.heading(column)}”" for column in clock.anchor if sheet.facts.has(column))
    return f"has not started: {empty} {'are' if ' and ' in empty else 'is'} empty"


def _date_in(sheet: SheetAssessment, columns: tuple[str, ...], position: int, date: np.datetime64) -> DateInCell | None:
    """The first of `columns` that holds `date` on the row."""
    if np.isnat(date):
        return None
    read = sheet.facts.read
    column = next(column for column in columns if sheet.facts.column(column).values[position] == date)
    return DateInCell(dt.date.fromisoformat(str(date)), read.heading(column), read.address(column, position))


def _date(date: np.datetime64) -> dt.date | None:
    return None if np.isnat(date) else dt.date.fromisoformat(str(date))
