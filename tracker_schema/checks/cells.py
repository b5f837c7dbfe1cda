"""Cells that cannot be read, that are empty and must not be, or that repeat a reference."""

from __future__ import annotations

from tracker_schema.checks.findings import Findings
from tracker_schema.clocks.timed_record import TimedRecord
from tracker_schema.columns.schema import Column, Condition
from tracker_schema.layouts.record import Record


def check_cells(findings: Findings, column: Column) -> None:
    """Note the cells of `column` that cannot be read, or are empty although they must be filled in."""
    for position, fault in sorted(findings.faults.get(column.id, {}).items()):
        record, facts = findings.subjects[position]
        predicate = fault.unquoted if column.personal else fault.predicate
        findings.add(fault.code, record, facts, column.id, predicate, fault.remedy, stops=fault.blocking)
    if column.required:
        for record, facts in findings.subjects:
            if not facts.is_filled(column.id):
                findings.add("required", record, facts, column.id, "is empty", "Fill it in on every row.", stops=True)
    if column.required_when:
        for record, facts in findings.subjects:
            if not facts.is_filled(column.id):
                _check_required_when(findings, column, record, facts)
    if column.unique:
        _check_unique(findings, column)


def _check_required_when(findings: Findings, column: Column, record: TimedRecord, facts: Record) -> None:
    for condition in column.required_when:
        if _holds(condition, facts):
            heading = f"“{facts.heading(condition.column)}”"
            choices = " or ".join(f"“{choice}”" for choice in condition.is_)
            because = f"{heading} is {choices or 'filled in'}"
            remedy = f"Fill it in, because {because}."
            findings.add("required-when", record, facts, column.id, "is empty", remedy, stops=True)
            return


def _holds(condition: Condition, facts: Record) -> bool:
    if condition.is_:
        return facts[condition.column] in condition.is_
    return facts.is_filled(condition.column)


def _check_unique(findings: Findings, column: Column) -> None:
    by_value: dict[str, list[tuple[TimedRecord, Record]]] = {}
    last: TimedRecord | None = None
    for record, facts in findings.subjects:
        value = facts.text(column.id)
        if value and record is not last:  # further children of one incident share its reference
            by_value.setdefault(value.casefold(), []).append((record, facts))
        last = record
    for same in by_value.values():
        if len(same) < 2:
            continue
        for record, facts in same:
            others = ", ".join(other.address(column.id) for _, other in same if other is not facts)
            findings.add(
                "duplicate-reference",
                record,
                facts,
                column.id,
                f"is also in {others}",
                "Give each incident a reference of its own; or if the log has several rows for one, say so in "
                "config.toml under [layout].",
            )
