"""The explanation of an incident's deadlines: found by its reference, as JSON, and as lines for a person."""

from __future__ import annotations

import datetime as dt
import difflib
import textwrap
from dataclasses import dataclass
from typing import Any

from tracker_schema.case import no_such_incident, positions_of
from tracker_schema.clocks.clocks import Clock, Rules
from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.errors import UsageError
from tracker_schema.old_assessment import Assessment, SheetAssessment
from tracker_schema.old_explanation import CountedDay, DateInCell, Explanation, explain, why_not
from tracker_schema.wording import long_date, printable, time_left

_WIDTH = 110


@dataclass(frozen=True)
class Found:
    """What was asked about: `explained` are the clocks with the name of what they run for (the reference, or the
    reference and the agency), `others` the clocks that have no deadline, each with the reason.
    """

    assessment: Assessment
    reference: str
    explained: list[tuple[str, Explanation]]
    others: list[tuple[Clock, str]]


def find(assessment: Assessment, rules: Rules, reference: str, clock_id: str | None) -> Found:
    """The clocks of the incident with that reference, in any spelling of capitals; of one clock only when it is named.

    Raises UsageError when there is no such incident or no such clock.
    """
    clocks = _asked_for(rules, clock_id)
    rows_of = {sheet_id: positions_of(sheet, reference) for sheet_id, sheet in assessment.sheets.items()}
    if not rows_of[INCIDENTS]:
        raise UsageError(no_such_incident(assessment, reference))
    explained: list[tuple[str, Explanation]] = []
    others: list[tuple[Clock, str]] = []
    for clock in clocks:
        sheet = assessment.sheets.get(clock.sheet)
        if sheet is None:
            continue
        for position in rows_of[clock.sheet]:
            reading = sheet.readings.get(clock.id)
            if reading is None or reading.state[position] in (State.LEFT_OUT, State.NOT_STARTED):
                others.append((clock, why_not(reading, sheet, position, clock)))
            else:
                explained.append((_name(sheet, position), explain(sheet, position, clock.id, rules)))
    return Found(assessment, reference, explained, others)


def _asked_for(rules: Rules, clock_id: str | None) -> list[Clock]:
    if clock_id is None:
        return list(rules.clocks)
    ids = [clock.id for clock in rules.clocks]
    if clock_id not in ids:
        near = difflib.get_close_matches(clock_id, ids, 1)
        hint = f"did you mean {near[0]}?" if near else f"the clocks are {', '.join(ids)}."
        raise UsageError(f"There is no clock {clock_id}, or config.toml switches it off; {hint}")
    return [clock for clock in rules.clocks if clock.id == clock_id]


def _name(sheet: SheetAssessment, position: int) -> str:
    reference: str = sheet.facts.column("reference").values[position]
    if sheet.facts.read.sheet.id == INCIDENTS:
        return reference
    return f"{reference}, {sheet.facts.column('agency').values[position] or 'agency not named'}"


def as_json(found: Found) -> dict[str, Any]:
    """The explanations as a JSON object."""
    return {
        "as_of": found.assessment.as_of.isoformat(),
        "tracker": found.assessment.tracker.name,
        "reference": found.reference,
        "clocks": [_clock_json(explanation) | {"of": name} for name, explanation in found.explained],
        "without_deadline": [{"id": clock.id, "label": clock.label, "why": why} for clock, why in found.others],
    }


def _clock_json(explanation: Explanation) -> dict[str, Any]:
    clock = explanation.clock
    return {
        "id": clock.id,
        "label": clock.label,
        "row": explanation.row,
        "anchor": _date_json(explanation.anchor),
        "rule": explanation.rule,
        "basis": clock.basis,
        "source": clock.source,
        "owner": clock.owner,
        "due": explanation.due.isoformat() if explanation.due else None,
        "stopped": _date_json(explanation.stopped),
        "state": explanation.state.words,
        "working_days_left": explanation.working_days_left,
        "days": [
            {"date": day.day.isoformat(), "counted": day.number, "why_not": day.reason} for day in explanation.days
        ],
    }


def _date_json(date: DateInCell | None) -> dict[str, str] | None:
    return {"date": date.day.isoformat(), "heading": date.heading, "cell": date.cell} if date else None


def show(found: Found) -> None:
    """Print the explanations for a person."""
    as_of = found.assessment.as_of
    for name, explanation in found.explained:
        print(printable(f"{name}: {explanation.clock.label}"))
        for label, text in _facts(explanation, as_of):
            print(textwrap.fill(printable(text), _WIDTH, initial_indent=f"  {label:<9}", subsequent_indent=" " * 11))
        for line in _day_lines(explanation.days, as_of):
            print(f"  {line}")
        print()
    if not found.explained:
        print(printable(f"{found.reference}: none of these clocks runs."))
    for clock, why in found.others:
        print(textwrap.fill(printable(f"{clock.label} ({clock.id}) {why}."), _WIDTH, subsequent_indent="  "))


def _facts(explanation: Explanation, as_of: dt.date) -> list[tuple[str, str]]:
    clock = explanation.clock
    facts = [
        ("From", _in_words(explanation.anchor) or "a date that cannot be read"),
        ("Rule", explanation.rule),
        ("Basis", clock.basis),
        ("Source", clock.source),
    ]
    if clock.condition:
        facts.append(("Applies", f"when {clock.condition.sentence}; {clock.condition.source}"))
    facts += [("Owner", clock.owner), ("Due", long_date(explanation.due) if explanation.due else "cannot be told")]
    stands = explanation.state.words
    if explanation.stopped:
        stands += f": {_in_words(explanation.stopped)}"
    elif explanation.due and explanation.working_days_left is not None:
        stands += f", {time_left(explanation.due, explanation.working_days_left, as_of)}"
    return [*facts, ("Stands", stands)]


def _in_words(date: DateInCell | None) -> str:
    return f"{long_date(date.day)}, “{date.heading}” in {date.cell}" if date else ""


def _day_lines(days: list[CountedDay], as_of: dt.date) -> list[str]:
    lines = []
    for day in days:
        counted = f"day {day.number}" if day.number is not None else "-"
        notes = [
            day.reason or "",
            "the clock starts" if day is days[0] else "",
            "due" if day is days[-1] else "",
            "today" if day.day == as_of else "",
        ]
        lines.append(f"{long_date(day.day):<28}{counted:<8}{', '.join(filter(None, notes))}".rstrip())
    if days and as_of > days[-1].day:
        lines.append(f"{long_date(as_of):<28}{'':<8}today, after the deadline")
    return lines
