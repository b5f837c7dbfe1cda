"""The tracker workbook: bytes into rows, and bytes back with a plan's cells changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from scripts.adapters.workbook.column_format import STATUS_COLOURS, body_width, heading_width
from scripts.adapters.workbook.find_sheets import LogSheet, Names, find_worksheets
from scripts.adapters.workbook.open_workbook import OpenWorkbook, open_workbook
from scripts.adapters.workbook.worksheet import read_page, with_closed_words, with_strikethrough
from scripts.adapters.workbook.xlsx import (
    ColouredColumn,
    ColumnFormat,
    NewColumn,
    NewRow,
    Package,
    Range,
    patch,
    with_sheets,
)
from tracker_schema.columns.excel_limits import LAST_ROW
from tracker_schema.columns.headings import HeadingSearch, missing_configured_heading
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import INCIDENTS, Sheet, tracker_schema
from tracker_schema.errors import TrackerUnusable
from tracker_schema.incidents.plan import NewHeading, Plan
from tracker_schema.layouts.combine_sheets import combine_sheets
from tracker_schema.layouts.layouts import with_layout
from tracker_schema.layouts.rows import SheetRows, WorkbookRows

__all__ = ["Names", "changed", "read_tracker"]


def read_tracker(data: bytes, file_name: str, names: Names) -> WorkbookRows:
    """Return the rows of the tracker in a workbook's bytes.

    Raises TrackerUnusable when `data` is no readable workbook, or one that lacks a sheet or a heading it needs.
    """
    workbook = open_workbook(data, file_name)
    sheets = {}
    remarks: list[Problem] = []
    log: Sequence[LogSheet] = ()
    for sheet in tracker_schema().sheet:
        found = find_worksheets(sheet, workbook, names)
        remarks += found.remarks
        if sheet.id == INCIDENTS:
            log = found.worksheets
            sheets[sheet.id] = _read_incidents(sheet, workbook, log, names)
        elif found.worksheets and not any(found.worksheets[0].name == each.name for each in log):
            configured = names.columns.get(sheet.id, {})
            sheets[sheet.id] = read_page(sheet, workbook, found.worksheets[0].name, configured)
    incidents = sheets[INCIDENTS]
    if remarks:
        sheets[INCIDENTS] = replace(incidents, remarks=[*remarks, *incidents.remarks])
    return WorkbookRows(file_name, sheets, workbook.package.date_1904)


def _read_incidents(sheet: Sheet, workbook: OpenWorkbook, worksheets: Sequence[LogSheet], names: Names) -> SheetRows:
    """Return the log of incidents, from one or more worksheets."""
    layout, configured = names.layout, names.columns.get(sheet.id, {})
    laid_out = with_layout(sheet, layout, configured)
    search = HeadingSearch(rows=layout.heading_rows, partial=len(worksheets) > 1)
    pages = []
    for worksheet in worksheets:
        page = read_page(laid_out, workbook, worksheet.name, configured, search)
        page = with_closed_words(page, workbook, layout, partial=search.partial)
        page = with_strikethrough(page, workbook.package) if layout.strikethrough_closed else page
        pages.append(
            replace(
                page,
                own_words=names.choices,
                is_closed=worksheet.is_closed,
                notification_type=worksheet.notification_type,
            )
        )
    if search.partial:
        _check_headings_of_all(laid_out, pages, configured)
    return combine_sheets(sheet, pages, layout, date_1904=workbook.package.date_1904)


def _check_headings_of_all(sheet: Sheet, pages: Sequence[SheetRows], configured: Mapping[str, str]) -> None:
    """Raise TrackerUnusable when a heading that is required, or that config.toml names, is on none of the pages."""
    where = "none of the sheets " + ", ".join(f"“{page.name}”" for page in pages)
    there = {column for page in pages for column in page.numbers}
    for column in sheet.column:
        if column.id in there or column.by_script:
            continue
        if configured.get(column.id):
            raise missing_configured_heading(sheet, column.id, configured[column.id], where)
        if column.required:
            raise TrackerUnusable(
                f"“{column.heading}” is a heading of {where}.",
                f"Add it to one of them, or give your heading for it in config.toml: under [columns.{sheet.id}], "
                f"{column.id}.",
            )


def changed(data: bytes, plan: Plan) -> bytes:
    """Return the workbook's bytes with the changes of `plan`, and everything else as it was.

    Raises TrackerUnusable when a cell cannot be changed without harm to the workbook.
    """
    if plan.sheets:
        # Loaded here: its rules for cells are openpyxl's, which takes long to load.
        from scripts.adapters.workbook.new.added_sheet import added_sheet

        package = Package.open(data)
        data = with_sheets(data, [each for new in plan.sheets for each in added_sheet(new, package)])
    cells: dict[str, dict[int, dict[int, Any]]] = {}
    for write in plan.cells:
        cells.setdefault(write.sheet, {}).setdefault(write.row, {})[write.number] = write.new
    headings = [NewColumn(new.sheet, new.row, new.number, new.heading, _format_of(new)) for new in plan.headings]
    rows = [NewRow(new.sheet, new.row, new.like, new.first, new.last) for new in plan.rows]
    coloured = [
        ColouredColumn(
            column.sheet,
            Range(column.first_row, column.number, LAST_ROW, column.number),
            {word: STATUS_COLOURS[word] for word in column.words},
        )
        for column in plan.coloured
    ]
    return patch(data, cells, headings, rows, coloured)


def remarks_on(data: bytes, plan: Plan) -> tuple[str, ...]:
    """Return what to say of a workbook whose file is changed by `plan`, past the protection of its sheets."""
    package = Package.open(data)
    names = dict.fromkeys([cell.sheet for cell in plan.cells] + [new.sheet for new in plan.headings])
    return tuple(
        f"The sheet “{name}” is protected. Its cells were changed all the same, as part of the whole file; to have it "
        "told from people's own changes, unlock the status columns (Format Cells, Protection)."
        for name in names
        if name in package.worksheets and package.is_protected(name)
    )


def _format_of(new: NewHeading) -> ColumnFormat:
    column = new.definition
    widths = body_width(column), heading_width(new.heading)
    return ColumnFormat(*widths, column.type == "date", new.rows, new.ordinary)
