"""The explanation of an incident's deadlines as JSON; the classes are its shape."""

from __future__ import annotations

from typing import TypedDict

from scripts.adapters.cli.explanations import Explained, Explanations
from tracker_schema.clocks.explanation import DateInCell, Pause


class DateJson(TypedDict):
    """A date, with its heading and its cell."""

    date: str
    heading: str
    cell: str


class PauseJson(TypedDict):
    """A pause: the cell that says until when, and whether its reason is recorded."""

    until: DateJson
    reason_recorded: bool


class FactJson(TypedDict):
    """A fact that is not known: its heading, and its cell, None where the tracker has no column for it."""

    heading: str
    cell: str | None


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
    unknown: list[FactJson]
    pause: PauseJson | None
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
        unknown=[FactJson(heading=fact.heading, cell=fact.cell or None) for fact in explanation.unknown],
        pause=_pause_json(explanation.pause),
        of=explained.name,
    )


def _pause_json(pause: Pause | None) -> PauseJson | None:
    until = _date_json(pause.until) if pause else None
    return PauseJson(until=until, reason_recorded=pause.explained) if pause and until else None


def _date_json(date: DateInCell | None) -> DateJson | None:
    return DateJson(date=date.day.isoformat(), heading=date.heading, cell=date.cell) if date else None
