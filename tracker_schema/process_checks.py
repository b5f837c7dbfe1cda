"""What is wrong with an incident as a whole: its facts, its decision and its steps do not agree."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import numpy as np

from tracker_schema import duties
from tracker_schema.clocks.clocks import STATUTORY, Rules
from tracker_schema.clocks.results import AWARE_WITHIN_DAYS, State
from tracker_schema.columns.dates import parse_date
from tracker_schema.columns.parsing import Unreadable
from tracker_schema.old_clocks import Reading
from tracker_schema.old_facts import Facts, Findings, Mask
from tracker_schema.working_days import Days

# A date typed in the wrong column stands beside the right one, at most this many columns away.
WRONG_COLUMN_WITHIN = 2

_STARTS_LIKE_A_DATE = re.compile(r"\s*\d{1,4}[\s/.-]")


def check_process(findings: Findings, readings: Mapping[str, Reading], rules: Rules, as_of: dt.date) -> None:
    """Add to `findings` what is wrong across the columns of the Incidents sheet; `readings` are its clocks."""
    _check_panel_and_looked_after(findings)
    if findings.facts.has("decision"):
        _check_decision(findings)
    if findings.facts.has("date_of_birth"):
        _check_age_is_known(findings, rules, as_of)
    if findings.facts.has("incident_date"):
        _check_awareness(findings)
    if findings.facts.has("closed") or findings.facts.closed.any():
        _check_closed(findings, readings)
    _check_wrong_columns(findings, readings, as_of)


def _not_considered(facts: Facts) -> Mask:
    """Where the Panel is sent the death of a looked after child without abuse or neglect."""
    return (
        facts.is_one_of("looked_after", "Yes")
        & facts.is_one_of("outcome", "Death")
        & facts.is_one_of("abuse_or_neglect", "No")
        & (facts.is_one_of("decision", "Notify Panel") | facts.filled("panel_notified"))
    )


def _check_panel_and_looked_after(findings: Findings) -> None:
    facts = findings.facts
    column = next((column for column in ("decision", "panel_notified") if facts.has(column)), None)
    if column:
        says = (
            "sends the Panel the death of a looked after child without abuse or neglect; the Panel will not consider "
            f"it, DfE and Ofsted act on it. Check “{facts.read.heading('abuse_or_neglect')}” and the decision"
        )
        findings.add("panel-will-not-consider", column, facts.of_every_child(_not_considered(facts)), says)


def _check_decision(findings: Findings) -> None:
    facts = findings.facts
    source = "(Children Act 2004, section 16C); check the facts and the decision"
    turned_down = facts.is_one_of("decision", "Threshold not met", "Refer to DSPP only")
    says = f"is not to notify the Panel, but the facts recorded meet the Panel's criteria {source}"
    findings.add("decision-contradicts-facts", "decision", duties.criteria_met(facts).yes & turned_down, says)
    to_panel = facts.is_one_of("decision", "Notify Panel") & ~_not_considered(facts)
    findings.add(
        "decision-contradicts-facts",
        "decision",
        facts.of_every_child(duties.ruled_out(facts).yes & to_panel),
        lambda position: f"is to notify the Panel, but {_what_rules_out(facts, position)} rules that out {source}",
    )


def _what_rules_out(facts: Facts, position: int) -> str:
    """The first recorded fact that rules the Panel out on the row, by its heading; never by a date of birth."""
    for column, ruling in (("abuse_or_neglect", "No"), ("outcome", "Other"), ("place", "Elsewhere in England")):
        if facts.column(column).values[position] == ruling:
            return f"“{facts.read.heading(column)}”, which is “{ruling}”,"
    column = "normally_resident" if facts.column("place").values[position] == "Outside England" else "date_of_birth"
    return f"“{facts.read.heading(column)}”"


def _check_age_is_known(findings: Findings, rules: Rules, as_of: dt.date) -> None:
    facts = findings.facts
    situation = duties.Situation(as_of, facts.column("aware_date").values, rules.days.first, rules.care_leavers)
    panel = duties.DUTIES["panel_to_be_notified"].holds(facts, situation).yes
    grave = facts.is_one_of("outcome", "Death", "Serious harm")
    leaver = facts.is_one_of("outcome", "Death") & facts.is_one_of("care_leaver", "Yes")
    says = "is empty, and the child's age decides who must be notified; fill it in, unless the child was not yet born"
    findings.add("required-when", "date_of_birth", (panel & grave | leaver) & ~facts.filled("date_of_birth"), says)


def _check_awareness(findings: Findings) -> None:
    facts = findings.facts
    gap = facts.column("aware_date").values - facts.column("incident_date").values
    says = f"is more than {AWARE_WITHIN_DAYS} days after “{facts.read.heading('incident_date')}”; check both dates"
    findings.add("aware-long-after-incident", "aware_date", gap > np.timedelta64(AWARE_WITHIN_DAYS, "D"), says)


def _check_closed(findings: Findings, readings: Mapping[str, Reading]) -> None:
    closed = findings.facts.closed
    outstanding: dict[int, list[str]] = {}
    for reading in readings.values():
        if reading.clock.basis == STATUTORY:
            for position in np.flatnonzero(reading.open & closed).tolist():
                outstanding.setdefault(position, []).append(reading.clock.label)
    dated = findings.facts.filled("closed")
    for position, labels in outstanding.items():
        why, remedy = "is filled in", "Record it, or empty this cell"
        if not dated[position]:
            why, remedy = (
                "is struck through, or on a sheet of what is closed",
                "Record it, or let the row count as open",
            )
        says = f"{why}, but not done or not recorded: {'; '.join(labels)}. {remedy}"
        column = "closed" if dated[position] else "reference"
        findings.add("closed-with-steps-outstanding", column, [position], says)


def _check_wrong_columns(findings: Findings, readings: Mapping[str, Reading], as_of: dt.date) -> None:
    facts, numbers = findings.facts, findings.facts.read.side_by_side
    idle = _idle(readings)
    strays: dict[str, Days] = {}
    for reading in readings.values():
        stop = next(column for column in reading.clock.stop if facts.has(column))
        found = np.zeros(len(facts), bool)
        for column, number in numbers.items():
            if stop in numbers and 0 < abs(number - numbers[stop]) <= WRONG_COLUMN_WITHIN:
                if column not in strays:
                    strays[column] = _stray_dates(facts, column, idle)
                plausible = (reading.anchor <= strays[column]) & (strays[column] <= np.datetime64(as_of))
                misplaced = reading.is_in(State.OVERDUE) & plausible & ~found
                says = (
                    f"is empty and the step is overdue, but “{facts.read.heading(column)}” beside it holds a date; "
                    "if that is the date of this step, move it here"
                )
                findings.add("wrong-column", stop, misplaced, says)
                found |= misplaced
                strays[column] = np.where(misplaced, np.datetime64("NaT", "D"), strays[column])  # one step's date only


def _idle(readings: Mapping[str, Reading]) -> dict[str, Mask]:
    """By column that stops a clock: the rows on which no clock that it could stop has started."""
    idle: dict[str, Mask] = {}
    for reading in readings.values():
        for column in reading.clock.stop:
            idle[column] = idle.get(column, True) & reading.is_in(State.LEFT_OUT, State.NOT_STARTED)
    return idle


def _stray_dates(facts: Facts, column: str, idle: Mapping[str, Mask]) -> Days:
    """The dates in a column that has no use for them itself (datetime64[D] by row; NaT where there is none)."""
    schema = facts.read.sheet.columns[column]
    if schema.type == "date":
        return np.where(idle.get(column, False), facts.column(column).values, np.datetime64("NaT", "D"))
    strays: Days = np.full(len(facts), np.datetime64("NaT", "D"))
    if not schema.by_script:
        for position, cell in enumerate(facts.read.cells[column]):
            if isinstance(cell, dt.date) or (isinstance(cell, str) and _STARTS_LIKE_A_DATE.match(cell)):
                strays[position] = _date_in(cell)
    return strays


def _date_in(cell: object) -> np.datetime64:
    try:
        date, fault = parse_date(cell)
    except Unreadable:
        date, fault = None, None
    return np.datetime64(date if date and not fault else "NaT", "D")
