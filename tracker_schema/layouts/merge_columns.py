"""One cell for a fact that several lines of a log may state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tracker_schema.columns.parsing import Cell, Disagreement, is_blank
from tracker_schema.columns.schema import Column
from tracker_schema.layouts.log_lines import LogLines, comparable


class MergedColumn(NamedTuple):
    """A column with one cell for each group of lines.

    cells: the cell of each group
    lines: the line that each cell is from, -1 when no line has one
    """

    cells: list[Cell]
    lines: list[int]


def merge_column(
    log: LogLines, column: Column, cells: Sequence[Cell], groups: Sequence[int], count: int
) -> MergedColumn:
    """Return the column with one cell for each of `count` groups.

    `cells` are the column's on every line, `groups` the number of each line's group (-1: none). Cells that state the
    same in other words agree. columns.toml says which of several different cells counts; if none does, the cell is a
    Disagreement.
    """
    merged = MergedColumn([""] * count, [-1] * count)
    others: dict[int, list[int]] = {}
    for line, (cell, group) in enumerate(zip(cells, groups, strict=True)):
        if cell == "" or group < 0 or is_blank(cell):  # the first is the commonest, and the quickest to see
            continue
        if merged.lines[group] < 0:
            merged.cells[group], merged.lines[group] = cell, line
        elif cell != merged.cells[group]:
            others.setdefault(group, []).append(line)
    for group, lines in others.items():
        merged.cells[group], merged.lines[group] = _choose(log, column, cells, [merged.lines[group], *lines])
    return merged


def _choose(log: LogLines, column: Column, cells: Sequence[Cell], lines: Sequence[int]) -> tuple[Cell, int]:
    """Return the cell that counts, of those of `lines`, which are not written alike, and its line."""
    read = log.read(column, [cells[line] for line in lines])
    unreadable = [position for position, fault in read.faults.items() if fault.blocking]
    if unreadable:  # that is to be corrected first
        line = lines[min(unreadable)]
        return cells[line], line
    line_of: dict[Any, int] = {}
    for line, value in zip(lines, read.values, strict=True):
        if value is not None:  # else it is a word of the council's own that counts as empty
            line_of.setdefault(comparable(value), line)
    if not line_of:
        return cells[lines[0]], lines[0]
    chosen = min(line_of.values())
    match column.of_several_rows:
        case "latest" | "every":
            chosen = line_of[max(line_of)]
        case "earliest":
            chosen = line_of[min(line_of)]
        case "same" if len(line_of) > 1:
            addresses = [log.place_or_reference(column.id, line).address for line in line_of.values()]
            return Disagreement(tuple(addresses)), chosen
    return cells[chosen], chosen
