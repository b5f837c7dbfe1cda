"""What is wrong with a sheet: every cell, every heading, and what the rows owe each other.

A rule here is a code, the columns it touches and a sentence with the remedy; the message never quotes a personal
cell. An *error* stops a clock from being worked out on that row, a *warning* does not, a *note* is about the sheet
and asks nothing. The rules across the columns of an incident are in `process_checks`.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.results import State
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, Column, plain
from tracker_schema.layouts.rows import SheetRows, column_letters
from tracker_schema.old_clocks import Reading, missing_columns
from tracker_schema.old_facts import Facts, Findings, Mask
from tracker_schema.process_checks import check_process
from tracker_schema.working_days import Days

MISSING_HEADING = "missing-heading"

# What a note on a missing heading ends in, when no clock is the worse for it.
NOT_NEEDED = "no clock needs it"

# Among more references than these, looking for one like a wrong one takes longer than it helps.
MOST_COMPARED = 2_000


def check(
    facts: Facts, readings: Mapping[str, Reading], rules: Rules, as_of: dt.date, known: Sequence[str]
) -> list[Problem]:
    """Everything wrong on one sheet, in the order of the rules.

    `readings` are its clocks, `known` the references of the Incidents sheet. Where an incident has several children,
    the row of each is looked at.
    """
    if facts.children is not facts:
        incidents = facts.children.incident_of
        readings = {clock: reading.at(incidents) for clock, reading in readings.items()}
    remarks, facts = facts.read.remarks, facts.children
    findings = Findings(facts, _stopped(facts, readings))
    findings.problems += remarks
    _check_headings(findings, rules)
    for column in facts.read.sheet.columns.values():
        if facts.has(column.id) and not column.by_script:
            _check_column(findings, column, as_of)
    _check_calendar(findings, readings.values(), rules)
    if facts.read.sheet.id == INCIDENTS:
        check_process(findings, readings, rules, as_of)
    else:
        _check_reference_is_known(findings, known)
    return findings.problems


def _stopped(facts: Facts, readings: Mapping[str, Reading]) -> dict[str, Mask]:
    """By column: on which rows a clock cannot be told for want of it, or lacks its anchor."""
    stopped: dict[str, Mask] = {}
    for reading in readings.values():
        clock, cannot_tell = reading.clock, reading.is_in(State.CANNOT_TELL)
        for column in clock.columns:
            mask = cannot_tell if column in (*clock.anchor, *clock.stop) else cannot_tell & reading.unclear
            if column in clock.anchor:
                mask = mask | reading.is_in(State.NOT_STARTED)
            stopped[column] = stopped.get(column, False) | mask
    # What is not worked out by a clock, and stops a status all the same: when an incident was closed, and the
    # deadlines of actions, which are typed.
    typed = {INCIDENTS: ("closed",), ACTIONS: ("due", "done")}.get(facts.read.sheet.id, ())
    return stopped | dict.fromkeys(typed, np.ones(len(facts), bool))


def _check_headings(findings: Findings, rules: Rules) -> None:
    facts, sheet = findings.facts, findings.facts.read
    missing = [column for column in sheet.sheet.column if not column.by_script and not facts.has(column.id)]
    names = {plain(name): column for column in missing for name in (column.heading, *column.aliases)}
    for page in sheet.pages:
        _check_page(findings, page, names)
    for column in missing:
        findings.add_about_headings(
            MISSING_HEADING,
            "note",
            sheet.address_of_headings(),
            f"There is no heading “{column.heading}”; {_without(column, facts, rules)}.",
            column.id,
        )


def _check_page(findings: Findings, read: SheetRows, names: Mapping[str, Column]) -> None:
    """The headings of one worksheet; `names` are those of the columns that are missing."""
    for number, heading in read.unknown.items():
        near = difflib.get_close_matches(plain(heading), names, 1, cutoff=0.8)
        if near:
            column = names[near[0]]
            findings.add_about_headings(
                "similar-heading",
                "warning",
                f"{read.name}!{column_letters(number)}{read.heading_row}",
                f"“{' '.join(heading.split())}” is no heading that is known; if it is “{column.heading}”, correct it, "
                f"or name it in config.toml as columns.{read.sheet.id}.{column.id}.",
                column.id,
            )
    for number, column_id in read.repeated.items():
        findings.add_about_headings(
            "repeated-heading",
            "warning",
            f"{read.name}!{column_letters(number)}{read.heading_row}",
            f"“{read.heading(column_id)}” stands twice; only the first is read. Rename this one.",
            column_id,
        )
    ours = [column.id for column in read.sheet.written_by_script()]
    last = max((read.numbers.get(column, read.next_column) for column in ours), default=0)
    if 0 < read.filtered_to < last:
        findings.add_about_headings(
            "filter-stops-short",
            "warning",
            f"{read.name}!{column_letters(read.filtered_to)}{read.heading_row}",
            "The filter ends here, before the status columns, so that sorting leaves them behind; in Excel switch it "
            "off and on again (Data, Filter) with a heading of the status columns selected too.",
            None,
        )


def _without(column: Column, facts: Facts, rules: Rules) -> str:
    """What it means for the clocks that the sheet does not have `column`."""
    if facts.read.sheet.id == ACTIONS and column.id in ("due", "done"):
        return "without it the actions are not followed up"
    clocks = [clock for clock in rules.clocks if clock.sheet == facts.read.sheet.id and column.id in clock.columns]
    if stopped := [clock.label for clock in clocks if column.id in missing_columns(clock, facts)]:
        return f"without it this is not worked out: {'; '.join(stopped)}"
    return f"it is taken as empty for: {'; '.join(clock.label for clock in clocks)}" if clocks else NOT_NEEDED


def _check_column(findings: Findings, column: Column, as_of: dt.date) -> None:
    facts = findings.facts
    parsed = facts.column(column.id)
    for position, fault in parsed.faults.items():
        says = (fault.unquoted if column.personal else fault.predicate) + "; " + fault.remedy
        findings.add(fault.code, column.id, [position], says, stops=fault.blocking)
    if column.required:
        findings.add("required", column.id, ~parsed.filled, "is empty; fill it in on every row", stops=True)
    needed = np.zeros(len(facts), bool)
    for condition in column.required_when:
        holds = facts.is_one_of(condition.column, *condition.is_) if condition.is_ else facts.filled(condition.column)
        because = f"“{facts.read.heading(condition.column)}” is " + (
            " or ".join(f"“{choice}”" for choice in condition.is_) if condition.is_ else "filled in"
        )
        says = f"is empty; fill it in, because {because}"
        findings.add("required-when", column.id, holds & ~parsed.filled & ~needed, says, stops=True)
        needed |= holds
    if column.unique:
        _check_unique(findings, column)
    if column.type == "date":
        _check_dates(findings, column, as_of)


def _check_unique(findings: Findings, column: Column) -> None:
    facts = findings.facts
    rows_of: dict[str, list[int]] = {}
    incidents, last = facts.read.incident_of, -1
    for position, value in enumerate(facts.column(column.id).values):
        if value and incidents[position] != last:  # further children of one incident share its reference
            rows_of.setdefault(value.casefold(), []).append(position)
        last = incidents[position]
    for positions in rows_of.values():
        if len(positions) > 1:
            for position in positions:
                others = ", ".join(facts.read.address(column.id, other) for other in positions if other != position)
                says = (
                    f"stands also in {others}; give each incident a reference of its own, or if the log has several "
                    "rows for one, say so in config.toml under [layout]"
                )
                findings.add("duplicate-reference", column.id, [position], says)


def _check_dates(findings: Findings, column: Column, as_of: dt.date) -> None:
    facts = findings.facts
    dates = facts.column(column.id).values
    if not column.may_be_future:
        says = "is after today; enter what has happened, when it has happened"
        findings.add("future-date", column.id, dates > np.datetime64(as_of), says)
    for other in column.not_before:
        earlier = facts.column(other).values
        hidden = column.personal or facts.read.sheet.columns[other].personal
        findings.add(
            "date-order", column.id, dates < earlier, _before(facts.read.heading(other), dates, earlier, hidden=hidden)
        )


def _before(heading: str, dates: Days, earlier: Days, *, hidden: bool) -> Callable[[int], str]:
    """What to say of a date that is before that of the column headed `heading`; `hidden` quotes neither."""
    if hidden:
        return lambda position: f"is before “{heading}”; one of them is wrong"
    return lambda position: (
        f"({_day(dates[position])}) is before “{heading}” ({_day(earlier[position])}); one of them is wrong"
    )


def _day(date: np.datetime64) -> str:
    return f"{date.astype(object):%d/%m/%Y}"


def _check_calendar(findings: Findings, readings: Iterable[Reading], rules: Rules) -> None:
    no_rows = np.zeros(len(findings.facts), bool)
    seen: dict[str, Mask] = {}
    says = (
        f"starts a clock that runs outside the bank holidays known, {rules.days.first.year} to {rules.days.last.year}; "
        "correct the date, or have the list of bank holidays brought up to date"
    )
    for reading in readings:
        for column in reading.clock.anchor:
            dates = findings.facts.column(column).values
            new = reading.uncovered & (dates == reading.anchor)
            new[seen.get(column, no_rows)] = False
            findings.add("outside-bank-holidays", column, new, says, stops=True)
            seen[column] = seen.get(column, no_rows) | new


def _check_reference_is_known(findings: Findings, known: Sequence[str]) -> None:
    incidents = {reference.casefold(): reference for reference in known}
    for position, reference in enumerate(findings.facts.column("reference").values):
        if reference and reference.casefold() not in incidents:
            compared = incidents if len(incidents) < MOST_COMPARED else ()
            near = difflib.get_close_matches(reference.casefold(), compared, 1, cutoff=0.8)
            hint = f"did you mean {incidents[near[0]]}?" if near else "correct it, or log the incident"
            findings.add("unknown-reference", "reference", [position], f"is not on the sheet of incidents; {hint}")
