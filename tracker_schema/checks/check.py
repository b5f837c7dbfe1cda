"""Every check of a sheet, in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tracker_schema.checks.cells import check_cells
from tracker_schema.checks.dates import check_awareness, check_calendar, check_future, check_order
from tracker_schema.checks.decision import check_age_is_known, check_decision, check_panel, check_unknown_facts
from tracker_schema.checks.findings import Findings
from tracker_schema.checks.headings import check_headings
from tracker_schema.checks.steps import check_closed, check_published, check_wrong_columns, columns_beside
from tracker_schema.clocks.clocks import Clock, Rules
from tracker_schema.incidents.incident import Incident


def check_sheet(findings: Findings, rules: Rules, as_of: dt.date) -> None:
    """Note what is wrong with the headings and the cells of a sheet, whichever it is."""
    check_headings(findings, rules)
    there = [column for column in findings.sheet.sheet.column if column.id in findings.sheet.numbers]
    peoples = [column for column in there if not column.by_script]
    dates = [column for column in peoples if column.type == "date"]
    check_calendar(findings, rules, as_of)
    for column in peoples:
        check_cells(findings, column)
    for column in dates:
        check_future(findings, column, as_of)
    check_order(findings, dates)


def check_incidents(findings: Findings, incidents: Sequence[Incident], clocks: Sequence[Clock], rules: Rules) -> None:
    """Note what is wrong across the columns of an incident.

    `clocks` are those that can be worked out on the sheet of incidents.
    """
    has = findings.sheet.numbers
    beside = columns_beside(findings.sheet.children or findings.sheet, clocks)
    for incident in incidents:
        check_panel(findings, incident)
        check_decision(findings, incident)
        check_unknown_facts(findings, incident, rules)
        if "date_of_birth" in has:
            check_age_is_known(findings, incident)
        check_awareness(findings, incident)
        check_published(findings, incident)
        check_wrong_columns(findings, incident, beside, findings.as_of)
    check_closed(findings, incidents)


def check_children(findings: Findings, incident: Incident, told: int) -> None:
    """Note that a form tells of `told` children of an incident, and waits because the log has no place for them all."""
    findings.add(
        "child-without-row",
        incident,
        incident,
        "reference",
        f"is also that of a form which waits: it tells of {told} children, and the log has no place for child "
        f"{len(incident.children) + 1}",
        "Read the form now: each child may have to be notified of. Give each child a row; then the form is entered.",
        severity="error",
    )
