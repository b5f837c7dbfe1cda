"""Which lines of a log are about which incident, and about which child of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tracker_schema.columns.parsing import is_blank
from tracker_schema.layouts.layouts import PER_INCIDENT
from tracker_schema.layouts.log_lines import Lines, comparable, says_which_child

# What tells one child from another.
_IDENTITY = ("child_id", "initials", "date_of_birth")


@dataclass(frozen=True)
class Owners:
    """The incident of each line, the lines of each incident, the lines about each child, and the incident it is in.

    Incidents and children are in the order of their first lines. Where an incident has several children, a line of it
    may be about none of them in particular.
    """

    incident_of_line: Sequence[int]
    lines_of: Sequence[Sequence[int]]
    lines_of_child: Sequence[Sequence[int]]
    incident_of_child: Sequence[int]


def owners_of(log: Lines) -> Owners:
    """Whose the lines of `log` are."""
    finding = _Finding(log)
    incident_of_line, lines_of = finding.incidents()
    return Owners(incident_of_line, lines_of, *finding.children(lines_of))


class _Finding:
    def __init__(self, log: Lines) -> None:
        self.log = log

    def incidents(self) -> tuple[list[int], list[list[int]]]:
        """The incident of each line, and the lines of each incident."""
        stems = [name.stem.casefold() if name.stem else None for name in self.log.names]
        several = {stem for stem, mark in zip(stems, self.log.marks, strict=True) if mark}
        groups: dict[object, list[int]] = {}
        for line, stem in enumerate(stems):
            alone = stem is None or (self.log.layout.kind == PER_INCIDENT and stem not in several)
            groups.setdefault(line if alone else stem, []).append(line)
        incident_of_line = [0] * len(self.log.all_lines)
        for incident, lines in enumerate(groups.values()):
            for line in lines:
                incident_of_line[line] = incident
        return incident_of_line, list(groups.values())

    def children(self, lines_of: Sequence[Sequence[int]]) -> tuple[list[Sequence[int]], list[int]]:
        """The lines about each child alone, and the incident it is in; of an only child these are all lines."""
        lines_of_child: list[Sequence[int]] = []
        incident_of_child: list[int] = []
        for incident, lines in enumerate(lines_of):
            groups = self._by_child(lines) if len(lines) > 1 else []
            for group in groups if len(groups) > 1 else [lines]:
                lines_of_child.append(group)
                incident_of_child.append(incident)
        return lines_of_child, incident_of_child

    def _by_child(self, lines: Sequence[int]) -> list[list[int]]:
        """The lines about each child, of those about one incident; the others are about all of its children."""
        groups: dict[str, list[int]] = {}
        for line in lines:
            if mark := self.log.marks[line]:
                groups.setdefault(mark, []).append(line)
        if not groups or self._only_numbers_notifications(lines):
            return []
        unmarked = [line for line in lines if not self.log.marks[line]]
        for line in unmarked:
            identity = self._identity(line)
            if not identity and self.log.layout.kind != PER_INCIDENT:
                continue
            alike = (mark for mark, group in groups.items() if identity and self._identity(group[0]) == identity)
            mark = "" if self.log.layout.kind == PER_INCIDENT else next(alike, "")
            groups.setdefault(mark, []).append(line)
        return list(groups.values())

    def _only_numbers_notifications(self, lines: Sequence[int]) -> bool:
        """Whether what ends the references, unasked, does not tell children apart but the notifications of one."""
        if (
            self.log.layout.kind == PER_INCIDENT
            or self.log.layout.child_in_reference
            or any(map(says_which_child, self.log.pages))
        ):
            return False
        types = [self.log.types[line] for line in lines]
        return len(set(types)) == len(types)

    def _identity(self, line: int) -> dict[str, Any]:
        """What the line says of who the child is."""
        there = (
            column for column in _IDENTITY if column in self.log.cells and not is_blank(self.log.cells[column][line])
        )
        return {column: comparable(self.log.cells[column][line]) for column in there}
