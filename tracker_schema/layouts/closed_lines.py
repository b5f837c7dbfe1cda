"""When an incident with several lines in a log is closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tracker_schema.columns.parsing import Cell, Unreadable, is_blank, parse_text
from tracker_schema.columns.problems import Problem
from tracker_schema.layouts.line_groups import LineGroups
from tracker_schema.layouts.log_lines import LogLines
from tracker_schema.layouts.log_remarks import remark
from tracker_schema.layouts.merge_columns import MergedColumn


def says_closed(cell: Cell, words: Iterable[str]) -> bool:
    """Return True if a cell says one of the `words`, alone or before others, such as “Yes 12/11”."""
    try:
        text = parse_text(cell)[0] or ""
    except Unreadable:
        return False
    said = text.casefold()
    return any(
        said.startswith(word) and not said[len(word) : len(word) + 1].isalnum() and "?" not in said
        for word in map(str.casefold, words)
    )


def open_unless_all_closed(log: LogLines, groups: LineGroups, columns: Mapping[str, MergedColumn]) -> Iterator[Problem]:
    """Empty, in `columns`, the date of closing of each incident of which a line is still open; yield a remark for it.

    A line without the date on which the council became aware holds only its own notification: it need not be closed.
    """
    aware = log.cells.get("aware_date") or [""] * len(log)
    closed = _closed_lines(log)
    for column_id, merged in columns.items():
        if log.sheet.columns[column_id].of_several_rows != "every":
            continue
        for incident, lines in enumerate(groups.of_incident):
            source = merged.lines[incident]
            still_open = (
                line
                for line in lines
                if not closed[line] and not is_blank(aware[line]) and column_id in log.page_of[line].numbers
            )
            line = next(still_open, None)
            if source >= 0 and line is not None:
                there, here = log.place_or_reference(column_id, source), log.place_or_reference(column_id, line)
                problem = f"“{there.heading}” is filled in at {there.address} and not at {here.address}."
                remedy = "The incident is open until both are."
                yield remark(log, groups, "closed-in-part", line, column_id, problem, remedy)
                merged.cells[incident], merged.lines[incident] = "", -1


def closed_without_date(log: LogLines, groups: LineGroups, columns: Mapping[str, MergedColumn]) -> list[bool]:
    """Return, for each incident, True if all its lines are closed and it has no date of closing, readable or not."""
    lines = _closed_lines(log)
    closed = [all(lines[line] for line in of_incident) for of_incident in groups.of_incident]
    if "closed" not in columns:
        return closed
    return [here and is_blank(cell) for here, cell in zip(closed, columns["closed"].cells, strict=True)]


def _closed_lines(log: LogLines) -> list[bool]:
    """Return, for each line, True if it is in a place or format that means closed, or has a date of closing."""
    placed = [closed for page in log.pages for closed in page.counted_closed]
    dates = log.cells.get("closed") or [""] * len(log)
    return [here or not is_blank(date) for here, date in zip(placed, dates, strict=True)]
