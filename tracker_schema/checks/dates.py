"""Dates in the future, in the wrong order, or outside the calendar."""

from __future__ import annotations

import datetime as dt

from tracker_schema.checks.findings import Findings
from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.results import AWARE_WITHIN_DAYS
from tracker_schema.columns.schema import Column
from tracker_schema.incidents.incident import Incident
from tracker_schema.wording import short_date


def check_dates(findings: Findings, column: Column, as_of: dt.date) -> None:
    """Note the dates of `column` that are after `as_of`, or before a date that they cannot be before."""
    dated = [(record, facts, date) for record, facts in findings.subjects if (date := facts.date(column.id))]
    if not column.may_be_future:
        for record, facts, date in dated:
            if date > as_of:
                remedy = "Enter what has happened, when it has happened."
                findings.add("future-date", record, facts, column.id, "is after today", remedy)
    for other in column.not_before:
        hidden = column.personal or findings.sheet.sheet.columns[other].personal
        for record, facts, date in dated:
            earlier = facts.date(other)
            if earlier is None or date >= earlier:
                continue
            heading = facts.heading(other)
            predicate = (
                f"is before “{heading}”"
                if hidden
                else f"({short_date(date)}) is before “{heading}” ({short_date(earlier)})"
            )
            findings.add("date-order", record, facts, column.id, predicate, "One of them is wrong.")


def check_calendar(findings: Findings, rules: Rules) -> None:
    """Note the dates that start a clock and are outside the years whose bank holidays are known."""
    predicate = (
        "starts a clock that runs outside the years whose bank holidays are known, "
        f"{rules.days.first.year} to {rules.days.last.year}"
    )
    remedy = "Correct the date, or ask for a newer list of bank holidays."
    for record, facts in findings.subjects:
        for result in record.clocks.values():
            if result.outside_calendar:
                for column in result.clock.anchor:
                    if facts.date(column) == result.anchor:
                        findings.add("outside-bank-holidays", record, facts, column, predicate, remedy, stops=True)


def check_awareness(findings: Findings, incident: Incident) -> None:
    """Note when the council became aware of an incident long after it happened."""
    aware, happened = incident.date("aware_date"), incident.date("incident_date")
    if aware and happened and (aware - happened).days > AWARE_WITHIN_DAYS:
        predicate = f"is more than {AWARE_WITHIN_DAYS} days after “{incident.heading('incident_date')}”"
        findings.add("aware-long-after-incident", incident, incident, "aware_date", predicate, "Check both dates.")
