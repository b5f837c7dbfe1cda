"""Which lines of a log are about which incident, and about which child of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker_schema.columns.parsing import is_blank
from tracker_schema.layouts.layouts import PER_INCIDENT
from tracker_schema.layouts.log_lines import LogLines, comparable, numbers_children


@dataclass(frozen=True)
class LineGroups:
    """The lines of a log by incident and child, which are numbered from 0 in the order of their first lines.

    of_incident: the lines of each incident
    of_child: the lines about each child alone; an only child has all lines of the incident
    incident_of_child: of each child, its incident
    """

    of_incident: Sequence[Sequence[int]]
    of_child: Sequence[Sequence[int]]
    incident_of_child: Sequence[int]

    @cached_property
    def incident_of_line(self) -> list[int]:
        """Return the incident of each line."""
        return _group_of_line(self.of_incident, sum(map(len, self.of_incident)))

    @cached_property
    def child_of_line(self) -> list[int]:
        """Return the child of each line; -1 for a line about all children of its incident."""
        return _group_of_line(self.of_child, len(self.incident_of_line))

    @cached_property
    def children_of(self) -> list[list[int]]:
        """Return the children of each incident."""
        children: list[list[int]] = [[] for _ in self.of_incident]
        for child, incident in enumerate(self.incident_of_child):
            children[incident].append(child)
        return children


def _group_of_line(groups: Sequence[Sequence[int]], count: int) -> list[int]:
    group_of = [-1] * count
    for group, lines in enumerate(groups):
        for line in lines:
            group_of[line] = group
    return group_of


def group_lines(log: LogLines) -> LineGroups:
    """Return the lines of `log` by incident and child."""
    of_incident = _by_incident(log)
    of_child: list[Sequence[int]] = []
    incident_of_child: list[int] = []
    for incident, lines in enumerate(of_incident):
        children = _by_child(log, lines) if len(lines) > 1 else []
        for lines_of_child in children if len(children) > 1 else [lines]:
            of_child.append(lines_of_child)
            incident_of_child.append(incident)
    return LineGroups(of_incident, of_child, incident_of_child)


def _by_incident(log: LogLines) -> list[list[int]]:
    """Return the lines with the same reference; in a log with a row for each incident, only of several children."""
    references = [each.incident.casefold() if each.incident else None for each in log.references]
    several = {reference for reference, mark in zip(references, log.marks, strict=True) if mark}
    groups: dict[str | int, list[int]] = {}
    for line, reference in enumerate(references):
        alone = reference is None or (log.layout.kind == PER_INCIDENT and reference not in several)
        groups.setdefault(line if alone or reference is None else reference, []).append(line)
    return list(groups.values())


def _by_child(log: LogLines, lines: Sequence[int]) -> list[list[int]]:
    """Return the lines about each child, of the lines about one incident; the others are about all its children."""
    groups: dict[str, list[int]] = {}
    for line in lines:
        if mark := log.marks[line]:
            groups.setdefault(mark, []).append(line)
    if not groups or _marks_number_notifications(log, lines):
        return []
    for line in lines:
        if log.marks[line]:
            continue
        if log.layout.kind == PER_INCIDENT:
            groups.setdefault("", []).append(line)
        elif identity := _identity(log, line):
            alike = (mark for mark, group in groups.items() if _identity(log, group[0]) == identity)
            groups.setdefault(next(alike, ""), []).append(line)
    return list(groups.values())


def _marks_number_notifications(log: LogLines, lines: Sequence[int]) -> bool:
    """Return True if the ends of the references number the notifications of one child, and no children.

    That is so if each line is about another type, and nothing else says that the ends are children.
    """
    if log.layout.kind == PER_INCIDENT or log.layout.child_in_reference or any(map(numbers_children, log.pages)):
        return False
    return len({log.types[line] for line in lines}) == len(lines)


def _identity(log: LogLines, line: int) -> dict[str, object]:
    """Return who the child of the line is, as far as the line says."""
    columns = log.sheet.identity("number", "initials", "birth")
    cells = {column: log.cells[column][line] for column in columns if column in log.cells}
    return {column: comparable(cell) for column, cell in cells.items() if not is_blank(cell)}
