"""What several rows say of one fact: the one cell that stands for them, or that they do not agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker_schema.columns.parsing import Disagreement, is_blank
from tracker_schema.columns.schema import Column
from tracker_schema.layouts.log_lines import Lines, comparable


def merged(
    lines: Lines, column: Column, cells: Sequence[Any], groups: Sequence[int], count: int
) -> tuple[list[Any], list[int]]:
    """The cell of each of `count` groups of lines, and the line that it is from (-1: there is none).

    `cells` are the column's on every line, and `groups` says which group each line is in (-1: in none). Cells that say
    the same in other words agree. Which of several is taken, columns.toml says.
    """
    values: list[Any] = [""] * count
    sources = [-1] * count
    others: dict[int, list[int]] = {}
    for line, (cell, group) in enumerate(zip(cells, groups, strict=True)):
        if cell == "" or group < 0 or is_blank(cell):  # the first is by far the commonest, and the quickest to tell
            continue
        if sources[group] < 0:
            values[group], sources[group] = cell, line
        elif cell != values[group]:
            others.setdefault(group, []).append(line)
    for group, more in others.items():
        values[group], sources[group] = _settled(lines, column, cells, [sources[group], *more])
    return values, sources


def _settled(lines: Lines, column: Column, cells: Sequence[Any], among: Sequence[int]) -> tuple[Any, int]:
    """The cell that stands for those of the lines `among`, which are not written alike, and its line."""
    parsed = lines.parsed(column, [cells[line] for line in among])
    unreadable = [position for position, fault in parsed.faults.items() if fault.blocking]
    if unreadable:  # that is to be mended first
        line = among[min(unreadable)]
        return cells[line], line
    said: dict[Any, int] = {}
    for line, value in zip(among, parsed.values, strict=True):
        if value is not None:  # else it is a word of the council's own that counts as empty
            said.setdefault(comparable(value), line)
    first = min(said.values(), default=among[0])
    match column.of_several_rows:
        case "latest" | "every":
            first = said[max(said)]
        case "earliest":
            first = said[min(said)]
        case "same" if len(said) > 1:
            return Disagreement(tuple(lines.address(line, column.id) for line in said.values())), first
    return cells[first], first
