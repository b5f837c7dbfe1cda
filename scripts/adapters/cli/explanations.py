"""The explanation of an incident's deadlines, as lines for people."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker_schema.clocks.clocks import Clock, Rules
from tracker_schema.clocks.explanation import (
    DateInCell,
    Explanation,
    UnknownFact,
    explain,
    unknown_facts,
    why_not,
)
from tracker_schema.clocks.results import State
from tracker_schema.clocks.timed_record import TimedRecord
from tracker_schema.columns.schema import INCIDENTS, SCOPING
from tracker_schema.errors import UsageError
from tracker_schema.incidents.incident import Incident, ScopingReturn, Tracker
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
                undecided = incident.undecided(clock.id) if result is None else ()
                others.append((clock, _undecided(incident, undecided) or why_not(record, clock, result)))
            else:
                children = incident.children if record is incident else [record]
                explained.append(Explained(record, explain(record, children, result, tracker.rules)))
    return Explanations(tracker, reference, explained, others)


def _undecided(incident: Incident, columns: Sequence[str]) -> str:
    """Return that nobody can tell whether a clock applies while those facts are not known; "" when all are known."""
    unknown = unknown_facts(incident.children, columns)
    return f"may apply: nobody can tell while {_not_known(unknown)}" if unknown else ""


def _not_known(facts: Sequence[UnknownFact]) -> str:
    """Return which facts are not known and where they belong."""
    places = [f"“{fact.heading}” ({fact.cell or 'the tracker has no column for it'})" for fact in facts]
    return f"{' and '.join(places)} {'is' if len(places) == 1 else 'are'} not known"


def _asked_for(rules: Rules, clock_id: str | None) -> Sequence[Clock]:
    by_id = {clock.id: clock for clock in rules.clocks}
    if clock_id is None:
        return rules.clocks
    if clock_id not in by_id:
        remedy = did_you_mean(clock_id, by_id) or f"The clocks are {', '.join(by_id)}."
        raise UsageError(f"There is no clock {clock_id}, or config.toml switches it off.", remedy)
    return [by_id[clock_id]]


def show(found: Explanations) -> None:
    """Print the explanations for people."""
    as_of = found.tracker.as_of
    for explained in found.explained:
        explanation = explained.explanation
        print(printable(f"{explained.name}: {explanation.result.clock.label}"))
        for label, text in _facts(explanation, as_of):
            print(textwrap.fill(printable(text), _WIDTH, initial_indent=f"  {label:<9}", subsequent_indent=" " * 11))
        for line in _day_lines(explanation, as_of):
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
    if explanation.unknown:
        state += f": {_not_known(explanation.unknown)}"
    elif explanation.pause:
        reason = "a reason is recorded" if explanation.pause.explained else "no reason is recorded"
        state += f" until {_in_words(explanation.pause.until)}; {reason}"
    elif explanation.stopped:
        state += f": {_in_words(explanation.stopped)}"
    elif result.due and result.working_days_left is not None:
        state += f", {time_left(result.due, result.working_days_left, as_of)}"
    yield "State", state


def _in_words(date: DateInCell | None) -> str:
    return f"{long_date(date.day)}, “{date.heading}” in {date.cell}" if date else ""


def _day_lines(explanation: Explanation, as_of: dt.date) -> Iterator[str]:
    days = explanation.days
    paused_until = explanation.pause.until.day if explanation.pause else as_of
    for day in days:
        counted = f"day {day.number}" if day.number is not None else "-"
        notes = [
            day.reason or "",
            "the clock starts" if day is days[0] else "",
            "due" if day is days[-1] else "",
            "today" if day.day == as_of else "",
            "paused" if as_of <= day.day < paused_until else "",
        ]
        yield _line(day.day, counted, notes)
    if days and explanation.pause:
        yield from _pause_lines(days[-1].day, paused_until, as_of)
    elif days and as_of > days[-1].day:
        yield _line(as_of, "", ["today", "after the deadline"])


def _pause_lines(due: dt.date, until: dt.date, as_of: dt.date) -> Iterator[str]:
    """Give a line for each day of a pause after the deadline, and one for the day on which it ends."""
    day = max(due + dt.timedelta(days=1), as_of)
    while day < until:
        yield _line(day, "", ["today" if day == as_of else "", "paused", "after the deadline"])
        day += dt.timedelta(days=1)
    if until > due:
        yield _line(until, "", ["the pause ends", "the deadline has not moved"])


def _line(day: dt.date, counted: str, notes: Sequence[str]) -> str:
    return f"{long_date(day):<28}{counted:<8}{', '.join(filter(None, notes))}".rstrip()
