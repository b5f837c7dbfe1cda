"""A log in any layout as one sheet with a row for each incident, and one with a row for each child.

    the lines of all worksheets -> their incident and child -> each column, from the lines about one incident
    -> where these do not agree

What several lines state of one fact must be the same, except for the columns that columns.toml names. Where it is not,
neither is taken: the fact cannot be read until somebody corrects it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker_schema.columns.parsing import Cell
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import Column, Sheet
from tracker_schema.layouts.child_references import split_references
from tracker_schema.layouts.closed_lines import closed_without_date, open_unless_all_closed
from tracker_schema.layouts.combined_rows import CombinedRows
from tracker_schema.layouts.layouts import DATE, PER_INCIDENT, PREFIX, Layout
from tracker_schema.layouts.line_groups import LineGroups, group_lines
from tracker_schema.layouts.log_lines import LogLines, dates_on, numbers_children, references_on
from tracker_schema.layouts.log_remarks import log_remarks
from tracker_schema.layouts.merge_columns import MergedColumn, merge_column
from tracker_schema.layouts.rows import SheetRows

_Columns = dict[str, MergedColumn]


def combine_sheets(sheet: Sheet, pages: Sequence[SheetRows], layout: Layout, *, date_1904: bool) -> SheetRows:
    """Return the log with a row for each incident; the worksheet itself, if that is how it is laid out.

    `sheet` is the schema's sheet of incidents, `pages` are the worksheets in their order.
    """
    whole = [reference for page in pages for reference in references_on(page, layout)]
    references = split_references(
        whole,
        lambda: [dates for page in pages for dates in dates_on(page, date_1904=date_1904)],
        always=layout.child_in_reference,
    )
    if len(pages) == 1 and layout.kind == PER_INCIDENT and PREFIX not in pages[0].numbers:
        has_twice = len(set(whole)) < len(whole)
        if not any(each.child for each in references) and not (has_twice and numbers_children(pages[0])):
            return _without_layout_columns(pages[0], sheet)
    return _combined(LogLines(sheet, pages, layout, references, date_1904=date_1904))


def _without_layout_columns(page: SheetRows, sheet: Sheet) -> SheetRows:
    """Return the page without the columns that only other layouts use."""
    others = page.numbers.keys() - sheet.columns.keys()
    unknown = {page.numbers[column]: page.headings[column] for column in others}
    return replace(
        page,
        sheet=sheet,
        cells={column: cells for column, cells in page.cells.items() if column not in others},
        numbers={column: number for column, number in page.numbers.items() if column not in others},
        unknown={**page.unknown, **unknown},
    )


def _combined(log: LogLines) -> CombinedRows:
    groups = group_lines(log)
    cells = dict(log.cells)
    cells["reference"] = [
        each.incident or cell for each, cell in zip(log.references, log.cells["reference"], strict=True)
    ]
    columns = _columns_of_incidents(log, groups, cells)
    remarks = [remark for page in log.pages for remark in page.remarks]
    remarks += open_unless_all_closed(log, groups, columns)
    closed = closed_without_date(log, groups, columns)
    children = None
    if len(groups.of_child) > len(groups.of_incident):
        of_children = _columns_of_children(log, groups, cells, columns)
        _take_gravest(log, groups, columns, of_children)
        incidents = groups.incident_of_child
        closed_of_children = [closed[incident] for incident in incidents]
        children = _rows(log, groups, of_children, groups.of_child, closed_of_children, incidents=incidents)
    remarks += log_remarks(log, groups)
    return _rows(log, groups, columns, groups.of_incident, closed, children=children, remarks=remarks)


def _columns_of_incidents(log: LogLines, groups: LineGroups, cells: Mapping[str, list[Cell]]) -> _Columns:
    """Return each column by incident; a column about each child only for incidents with one."""
    only_child = [incident if len(groups.children_of[incident]) == 1 else -1 for incident in groups.incident_of_line]
    return {
        column.id: merge_column(
            log,
            column,
            cells[column.id],
            only_child if column.of_each_child else groups.incident_of_line,
            len(groups.of_incident),
        )
        for column in map(log.sheet.columns.__getitem__, cells)
    }


def _columns_of_children(
    log: LogLines, groups: LineGroups, cells: Mapping[str, list[Cell]], columns: _Columns
) -> _Columns:
    """Return each column by child; what is not stated of a child is that of its incident."""
    of_children: _Columns = {}
    for column in map(log.sheet.columns.__getitem__, cells):
        if column.of_each_child:
            of_children[column.id] = _of_each_child(log, groups, column, cells[column.id])
        else:
            of_incident = columns[column.id]
            of_children[column.id] = MergedColumn(
                [of_incident.cells[incident] for incident in groups.incident_of_child],
                [of_incident.lines[incident] for incident in groups.incident_of_child],
            )
    return of_children


def _of_each_child(log: LogLines, groups: LineGroups, column: Column, cells: Sequence[Cell]) -> MergedColumn:
    """Return the column by child; a line about all children counts for each without a cell of its own."""
    own = merge_column(log, column, cells, groups.child_of_line, len(groups.of_child))
    shared_lines = [
        incident if child < 0 else -1
        for incident, child in zip(groups.incident_of_line, groups.child_of_line, strict=True)
    ]
    shared = merge_column(log, column, cells, shared_lines, len(groups.of_incident))
    for child, incident in enumerate(groups.incident_of_child):
        if own.lines[child] < 0:
            own.cells[child], own.lines[child] = shared.cells[incident], shared.lines[incident]
    return own


def _take_gravest(log: LogLines, groups: LineGroups, columns: _Columns, of_children: _Columns) -> None:
    """Give an incident with several children the cell of its gravest child: of a choice, the first in its list."""
    for column_id, merged in columns.items():
        column = log.sheet.columns[column_id]
        if not column.of_each_child:
            continue
        of_child = of_children[column_id]
        values = log.read(column, of_child.cells).values
        for incident, children in enumerate(groups.children_of):
            if len(children) > 1:
                child = min(children, key=lambda child: _rank(column, values[child]))
                merged.cells[incident], merged.lines[incident] = of_child.cells[child], of_child.lines[child]


def _rank(column: Column, value: object) -> int:
    return column.choices.index(str(value)) if column.choices and value else len(column.choices)


def _rows(
    log: LogLines,
    groups: LineGroups,
    columns: _Columns,
    lines_of: Sequence[Sequence[int]],
    closed: list[bool],
    *,
    children: CombinedRows | None = None,
    incidents: Sequence[int] | None = None,
    remarks: Sequence[Problem] = (),
) -> CombinedRows:
    first = log.pages[0]
    headings = {column.id: first.heading(column.id) for column in log.sheet.written_by_script()}
    numbers: dict[str, int] = {}
    for column in columns:
        heading = column if log.has(column) else DATE
        page = next(page for page in log.pages if heading in page.numbers)
        numbers[column], headings[column] = page.numbers[heading], page.heading(heading)
    return CombinedRows(
        sheet=log.sheet,
        name=first.name,
        heading_row=first.heading_row,
        cells={column: merged.cells for column, merged in columns.items()},
        rows=[log.row_of[lines[0]] for lines in lines_of],
        numbers=numbers,
        headings=headings,
        own_words=first.own_words,
        remarks=remarks,
        log=log,
        lines_of=lines_of,
        sources={column: merged.lines for column, merged in columns.items()},
        closed=closed,
        rows_of_children=children,
        incidents=incidents,
        other_references={
            each.whole.casefold(): incident
            for each, incident in zip(log.references, groups.incident_of_line, strict=True)
            if each.whole and each.whole != each.incident
        },
    )
