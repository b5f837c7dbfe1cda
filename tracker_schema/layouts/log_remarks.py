"""What a person should know of how a log was put together."""

from __future__ import annotations

from collections.abc import Iterator

from tracker_schema.columns.parsing import is_blank
from tracker_schema.columns.problems import Problem, Severity
from tracker_schema.layouts.layouts import CHILD, DATE, PER_INCIDENT, TYPE
from tracker_schema.layouts.line_groups import LineGroups
from tracker_schema.layouts.log_lines import LogLines


def log_remarks(log: LogLines, groups: LineGroups) -> Iterator[Problem]:
    """Yield the remarks on references, types and marks of children, and on lines about the same thing."""
    yield from _on_references_taken_for_children(log)
    yield from _on_types(log, groups)
    for line, (predicate, remedy) in log.unread_marks.items():
        heading = log.place_or_reference(CHILD, line).heading
        yield remark(log, groups, "child-number", line, CHILD, f"“{heading}” {predicate}.", remedy)
    yield from _on_duplicates(log, groups)


def remark(
    log: LogLines,
    groups: LineGroups,
    code: str,
    line: int,
    column: str,
    problem: str,
    remedy: str,
    severity: Severity = "warning",
) -> Problem:
    """Return a problem about the line's cell of a column."""
    known = column if column in log.sheet.columns else None
    address = log.place_or_reference(column, line).address
    position = groups.incident_of_line[line]
    return Problem(code, severity, address, problem, remedy, log.row_of[line], known, position=position)


def _on_references_taken_for_children(log: LogLines) -> Iterator[Problem]:
    """Yield which references were taken, without a setting, for those of several children of one incident."""
    lines = [line for line, reference in enumerate(log.references) if reference.child]
    if lines and not log.layout.child_in_reference:
        incidents = ", ".join(dict.fromkeys(str(log.references[line].incident) for line in lines))
        problem = f"By their references and dates, these count as several children of one incident: {incidents}."
        remedy = "If they are not, write child_in_reference = false under [layout] in config.toml."
        address = log.place_or_reference("reference", lines[0]).address
        yield Problem("children-in-reference", "note", address, problem, remedy)


def _on_types(log: LogLines, groups: LineGroups) -> Iterator[Problem]:
    heading = next((page.heading(TYPE) for page in log.pages if TYPE in page.numbers), "")
    dates = log.cells_in(DATE)
    for line, (predicate, remedy) in log.unread_types.items():
        has_date = not is_blank(dates[line])
        problem = f"“{heading}” {predicate}{', so the date in its row is not read' if has_date else ''}."
        yield remark(log, groups, "notification-type", line, TYPE, problem, remedy, "error" if has_date else "warning")


def _on_duplicates(log: LogLines, groups: LineGroups) -> Iterator[Problem]:
    """Yield which lines are about the same child, or the same notification of the same child."""
    first_of: dict[tuple[int, str, str | None], int] = {}
    for line, about in enumerate(zip(groups.incident_of_line, log.marks, log.types, strict=True)):
        incident, _, type_ = about
        if len(groups.of_incident[incident]) == 1 or (log.layout.kind != PER_INCIDENT and type_ is None):
            continue
        first = first_of.setdefault(about, line)
        if first != line:
            what = "child" if type_ is None else f"notification, “{type_}”,"
            there = log.place_or_reference("reference", first).address
            problem = f"Another row, {there}, is about the same incident and {what} too."
            remedy = "Correct one of them, or enter which child each is about."
            yield remark(log, groups, "duplicate-row", line, "reference", problem, remedy)
