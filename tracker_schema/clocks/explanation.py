"""Why a deadline is what it is: its anchor, its rule and source, and every day in between, counted or not and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.clocks.clocks import Clock, Rules
from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.layouts.record import Record


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One calendar day: its number in the count, or None with the reason why it does not count."""

    day: dt.date
    number: int | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DateInCell:
    """A date of the tracker, with the heading above it and the address of its cell."""

    day: dt.date
    heading: str
    cell: str


@dataclass(frozen=True, slots=True)
class UnknownFact:
    """A fact that is not known: its heading, and the address of its cell, "" when the workbook has no column for it."""

    heading: str
    cell: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause of a clock: the cell that says until when, and whether its reason is recorded."""

    until: DateInCell
    explained: bool


@dataclass(frozen=True)
class Explanation:
    """One clock on one row, explained.

    result     the clock
    anchor     the cell that started it, None when none did
    stopped    the cell that stopped it, None when none did
    days       every calendar day from the anchor to the deadline
    unknown    the facts for want of which nobody can tell whether it applies
    pause      its pause, None when it is not paused
    """

    result: ClockResult
    anchor: DateInCell | None
    stopped: DateInCell | None
    days: Sequence[CountedDay]
    unknown: Sequence[UnknownFact] = ()
    pause: Pause | None = None

    @property
    def rule(self) -> str:
        """The rule of counting, in a sentence."""
        clock = self.result.clock
        day_1 = "the day itself is day 1" if clock.count_from else "day 1 is the next working day"
        closures = "; council closure days do not count" if clock.honours_closures else ""
        if clock.unit == "working days":
            return f"{clock.limit}: {day_1}; weekends and bank holidays do not count{closures}"
        if clock.unit == "SLT meetings":
            return "the first SLT meeting after that day; one on a bank holiday is held on the next working day"
        return f"{clock.limit} by the calendar; every day counts"


def explain(record: Record, children: Sequence[Record], result: ClockResult, rules: Rules) -> Explanation:
    """Return why one of the clocks of `record` has the deadline it has.

    `children` are the children of the incident, or the record itself.
    """
    clock = result.clock
    days: list[CountedDay] = []
    if result.anchor and result.due:
        days = list(count_days(result.anchor, result.due, clock, rules.calendar(clock)))
    return Explanation(
        result,
        _cell_with(record, clock.anchor, result.anchor),
        _cell_with(record, clock.stop, result.stopped),
        days,
        unknown_facts(children, result.unknown),
        _pause(record) if result.state == State.PAUSED else None,
    )


def unknown_facts(children: Sequence[Record], columns: Sequence[str]) -> list[UnknownFact]:
    """Return the facts in `columns` that are not known of one of the children."""
    return [
        UnknownFact(child.heading(column), child.address(column) if child.has_column(column) else "")
        for column in columns
        for child in children
        if column not in child.unreadable and child[column] in (None, "Not known")
    ]


def _pause(record: Record) -> Pause | None:
    until = _cell_with(record, ("paused_until",), record.date("paused_until"))
    return Pause(until, record.is_filled("pause_reason")) if until else None


def count_days(anchor: dt.date, due: dt.date, clock: Clock, calendar: WorkingDays) -> Iterator[CountedDay]:
    """Return every calendar day from `anchor` to `due`, with its number in the count of `clock`."""
    number: int = clock.count_from
    yield CountedDay(anchor, number)
    for ahead in range(1, (due - anchor).days + 1):
        day = anchor + dt.timedelta(days=ahead)
        reason = calendar.day_off(day) if clock.unit == "working days" else None
        if reason is None:
            number += 1
        yield CountedDay(day, None if reason else number, reason)


def why_not(record: Record, clock: Clock, result: ClockResult | None) -> str:
    """Return why a clock has no deadline on a row, as the rest of a sentence that starts with its label.

    `result` is None when the clock does not apply to the row.
    """
    if clock.missing_columns(record.sheet.numbers):
        return "is not worked out: the tracker has no column for its start, or none for its end"
    if result is None and clock.condition:
        return f"does not apply: it runs only when {clock.condition.sentence}"
    empty = " and ".join(f"“{record.heading(column)}”" for column in clock.anchor if record.has_column(column))
    return f"has not started: {empty} {'are' if ' and ' in empty else 'is'} empty"


def _cell_with(record: Record, columns: Sequence[str], date: dt.date | None) -> DateInCell | None:
    """Return the first of the cells in `columns` that holds `date`."""
    if date is None:
        return None
    column = next(column for column in columns if record.date(column) == date)
    return DateInCell(date, record.heading(column), record.address(column))
