"""The explanation of an incident's deadlines, as JSON and as lines for people."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

from tracker_schema.clocks.clocks import Clock, Rules
from tracker_schema.clocks.explanation import CountedDay, DateInCell, Explanation, explain, why_not
from tracker_schema.clocks.results import State
from tracker_schema.clocks.timed_record import TimedRecord
from tracker_schema.columns.schema import INCIDENTS, SCOPING
from tracker_schema.errors import UsageError
from tracker_schema.incidents.incident import ScopingReturn, Tracker
from tracker_schema.wording import did_you_mean, long_date, printable, time_left

_WIDTH = 110


@dataclass(frozen=True)
class Explained:
    """A clock that has a deadline, and the incident or scoping return that it is of."""

    record: TimedRecord
    explanation: Explanation

    @property
    def name(self) -> str:
        """The reference, and for a scoping return the agency."""
        if isinstance(self.record, ScopingReturn):
            return f"{self.record.reference}, {self.record.agency or 'agency not named'}"
        return self.record.reference


@dataclass(frozen=True)
class Explanations:
    """The clocks of one incident.

    tracker     the tracker
    reference   the reference as the person typed it
    explained   the clocks that have a deadline
    others      the clocks that have none, each with the reason
    """

    tracker: Tracker
    reference: str
    explained: Sequence[Explained]
    others: Sequence[tuple[Clock, str]]


def find(tracker: Tracker, reference: str, clock_id: str | None) -> Explanations:
    """Return the clocks of the incident with that reference, or one of them when `clock_id` names it.

    Capitals in the reference do not count. Raises UsageError when there is no such incident or no such clock.
    """
    clocks = _asked_for(tracker.rules, clock_id)
    incident = tracker.find(reference)
    records: dict[str, Sequence[TimedRecord]] = {INCIDENTS: [incident], SCOPING: incident.scoping}
    explained: list[Explained] = []
    others: list[tuple[Clock, str]] = []
    for clock in clocks:
        for record in records[clock.sheet]:
            result = record.clocks.get(clock.id)
            if result is None or result.state is State.NOT_STARTED:
                others.append((clock, why_not(record, clock, result)))
            else:
                explained.append(Explained(record, explain(record, result, tracker.rules)))
    return Explanations(tracker, reference, explained, others)


def _asked_for(rules: Rules, clock_id: str | None) -> Sequence[Clock]:
    by_id = {clock.id: clock for clock in rules.clocks}
    if clock_id is None:
        return rules.clocks
    if clock_id not in by_id:
        remedy = did_you_mean(clock_id, by_id) or f"The clocks are {', '.join(by_id)}."
        raise UsageError(f"There is no clock {clock_id}, or config.toml switches it off.", remedy)
    return [by_id[clock_id]]


class DateJson(TypedDict):
    """A date, with its heading and its cell."""

    date: str
    heading: str
    cell: str


class DayJson(TypedDict):
    """A day of the count: its number, or None with the reason why it does not count."""

    date: str
    counted: int | None
    why_not: str | None


class ClockJson(TypedDict):
    """A clock that has a deadline; `of` is the reference, or the reference and the agency."""

    id: str
    label: str
    row: int
    anchor: DateJson | None
    rule: str
    basis: str
    source: str
    owner: str
    due: str | None
    stopped: DateJson | None
    state: str
    working_days_left: int | None
    days: list[DayJson]
    of: str


class OtherClockJson(TypedDict):
    """A clock that has no deadline, and why."""

    id: str
    label: str
    why: str


class ExplanationsJson(TypedDict):
    """All clocks of one incident."""

    as_of: str
    tracker: str
    reference: str
    clocks: list[ClockJson]
    without_deadline: list[OtherClockJson]


def as_json(found: Explanations) -> ExplanationsJson:
    """Return the explanations as a JSON object."""
    return ExplanationsJson(
        as_of=found.tracker.as_of.isoformat(),
        tracker=found.tracker.name,
        reference=found.reference,
        clocks=[_clock_json(explained) for explained in found.explained],
        without_deadline=[OtherClockJson(id=clock.id, label=clock.label, why=why) for clock, why in found.others],
    )


def _clock_json(explained: Explained) -> ClockJson:
    explanation = explained.explanation
    result, clock = explanation.result, explanation.result.clock
    return ClockJson(
        id=clock.id,
        label=clock.label,
        row=explained.record.row,
        anchor=_date_json(explanation.anchor),
        rule=explanation.rule,
        basis=clock.basis,
        source=clock.source,
        owner=clock.owner,
        due=result.due.isoformat() if result.due else None,
        stopped=_date_json(explanation.stopped),
        state=result.state.words,
        working_days_left=result.working_days_left,
        days=[DayJson(date=day.day.isoformat(), counted=day.number, why_not=day.reason) for day in explanation.days],
        of=explained.name,
    )


def _date_json(date: DateInCell | None) -> DateJson | None:
    return DateJson(date=date.day.isoformat(), heading=date.heading, cell=date.cell) if date else None


def show(found: Explanations) -> None:
    """Print the explanations for people."""
    as_of = found.tracker.as_of
    for explained in found.explained:
        explanation = explained.explanation
        print(printable(f"{explained.name}: {explanation.result.clock.label}"))
        for label, text in _facts(explanation, as_of):
            print(textwrap.fill(printable(text), _WIDTH, initial_indent=f"  {label:<9}", subsequent_indent=" " * 11))
        for line in _day_lines(explanation.days, as_of):
            print(f"  {line}")
        print()
    if not found.explained:
        print(printable(f"{found.reference}: none of these clocks runs."))
    for clock, why in found.others:
        print(textwrap.fill(printable(f"{clock.label} ({clock.id}) {why}."), _WIDTH, subsequent_indent="  "))


def _facts(explanation: Explanation, as_of: dt.date) -> Iterator[tuple[str, str]]:
    result, clock = explanation.result, explanation.result.clock
    yield "From", _in_words(explanation.anchor) or "a date that cannot be read"
    yield "Rule", explanation.rule
    yield "Basis", clock.basis
    yield "Source", clock.source
    if clock.condition:
        yield "Applies", f"when {clock.condition.sentence}; {clock.condition.source}"
    yield "Owner", clock.owner
    yield "Due", long_date(result.due) if result.due else "cannot be worked out"
    state = result.state.words
    if explanation.stopped:
        state += f": {_in_words(explanation.stopped)}"
    elif result.due and result.working_days_left is not None:
        state += f", {time_left(result.due, result.working_days_left, as_of)}"
    yield "State", state


def _in_words(date: DateInCell | None) -> str:
    return f"{long_date(date.day)}, “{date.heading}” in {date.cell}" if date else ""


def _day_lines(days: Sequence[CountedDay], as_of: dt.date) -> Iterator[str]:
    for day in days:
        counted = f"day {day.number}" if day.number is not None else "-"
        notes = [
            day.reason or "",
            "the clock starts" if day is days[0] else "",
            "due" if day is days[-1] else "",
            "today" if day.day == as_of else "",
        ]
        yield f"{long_date(day.day):<28}{counted:<8}{', '.join(filter(None, notes))}".rstrip()
    if days and as_of > days[-1].day:
        yield f"{long_date(as_of):<28}{'':<8}today, after the deadline"
