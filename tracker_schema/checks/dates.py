"""Dates in the future, in the wrong order, or outside the calendar."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from tracker_schema.checks.findings import Findings
from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.results import AWARE_WITHIN_DAYS
from tracker_schema.columns.schema import Column
from tracker_schema.incidents.incident import Incident
from tracker_schema.wording import short_date

_WHEN_IT_HAPPENED = "Enter what has happened, when it has happened."


def check_future(findings: Findings, column: Column, as_of: dt.date) -> None:
    """Note the dates of `column` that are after `as_of`; of such a date nothing else is said."""
    if column.may_be_future:
        return
    for record, facts in findings.subjects:
        date = facts.date(column.id)
        if date is None or date <= as_of or facts.address(column.id) in findings.settled:
            continue
        findings.add("future-date", record, facts, column.id, "is after today", _WHEN_IT_HAPPENED)
        findings.settled.add(facts.address(column.id))


def check_order(findings: Findings, columns: Sequence[Column]) -> None:
    """Note the dates of `columns` that are before a date that they cannot be before.

    A date in the wrong order with several others is noted once, because it is most likely the wrong one.
    """
    pairs_of: dict[int, list[tuple[str, str]]] = {}
    for column in columns:
        for other in column.not_before:
            for at, (_, facts) in enumerate(findings.subjects):
                date, earlier = facts.date(column.id), facts.date(other)
                if date is None or earlier is None or date >= earlier:
                    continue
                if findings.settled.isdisjoint((facts.address(column.id), facts.address(other))):
                    pairs_of.setdefault(at, []).append((column.id, other))
    for at, pairs in sorted(pairs_of.items()):
        left = pairs
        while left:
            counts = Counter(column for pair in left for column in pair)
            (wrong, most), *others = counts.most_common(2)
            if most == 1 or (others and others[0][1] == most):
                wrong = left[0][0]
            _note_order(findings, at, wrong, [pair for pair in left if wrong in pair])
            left = [pair for pair in left if wrong not in pair]


def _note_order(findings: Findings, at: int, wrong: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Note that one date is in the wrong order with those in `pairs`, each a column and the one it cannot be before."""
    record, facts = findings.subjects[at]
    columns = findings.sheet.sheet.columns

    def named(column: str) -> str:
        hidden = columns[wrong].personal or columns[column].personal
        date = facts.date(column)
        return f"“{facts.heading(column)}”" + ("" if hidden or date is None else f" ({short_date(date)})")

    before = [named(other) for column, other in pairs if column == wrong]
    after = [named(column) for column, other in pairs if other == wrong]
    words = " and ".join(
        f"{word} {' and '.join(names)}" for word, names in (("before", before), ("after", after)) if names
    )
    own = facts.date(wrong)
    hidden = columns[wrong].personal or any(columns[column].personal for pair in pairs for column in pair)
    shown = "" if hidden or own is None else f"({short_date(own)}) "
    remedy = "One of them is wrong." if len(pairs) == 1 else "It is probably the wrong one."
    findings.add("date-order", record, facts, wrong, f"{shown}is {words}", remedy)
    findings.settled.update(facts.address(column) for pair in pairs for column in pair)


def check_calendar(findings: Findings, rules: Rules, as_of: dt.date) -> None:
    """Note the dates that start a clock and are outside the years whose bank holidays are known."""
    first, last = rules.days.first.year, rules.days.last.year
    predicate = f"starts a clock that runs outside the years whose bank holidays are known, {first} to {last}"
    remedy = "Correct the date, or ask for a newer list of bank holidays."
    for record, facts in findings.subjects:
        for result in record.clocks.values():
            if not result.outside_calendar:
                continue
            for column in result.clock.anchor:
                date = facts.date(column)
                if date is None or date != result.anchor:
                    continue
                if date > as_of:
                    wrong = f"({short_date(date)}) has a year that cannot be right"
                    findings.add("unlikely-year", record, facts, column, wrong, "Correct the year.", stops=True)
                else:
                    findings.add("outside-bank-holidays", record, facts, column, predicate, remedy, stops=True)
                findings.settled.add(facts.address(column))


def check_awareness(findings: Findings, incident: Incident) -> None:
    """Note when the council became aware of an incident long after it happened."""
    aware, happened = incident.date("aware_date"), incident.date("incident_date")
    dated = [column for column in ("aware_date", "incident_date") if incident.has_column(column)]
    if any(incident.address(column) in findings.settled for column in dated):
        return
    if aware and happened and (aware - happened).days > AWARE_WITHIN_DAYS:
        predicate = f"is more than {AWARE_WITHIN_DAYS} days after “{incident.heading('incident_date')}”"
        findings.add("aware-long-after-incident", incident, incident, "aware_date", predicate, "Check both dates.")
