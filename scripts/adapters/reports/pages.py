"""The pages of a report in Excel: their marking, widths, lines and tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.workbook.new import styles
from tracker_schema.columns.excel_limits import LONGEST_TEXT
from tracker_schema.layouts.record import Value
from tracker_schema.wording import printable, shortened

_HIGHEST_ROW = 400  # points; Excel takes 409


@dataclass(frozen=True)
class Table:
    """A page of a workbook and its table.

    name: the name of the page
    about: a sentence above the table
    columns: the heading of each column, and its width in characters
    rows: its rows
    without: the sentence in place of the rows when there are none
    """

    name: str
    about: str
    columns: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[Value]]
    without: str


def new_workbook(title: str, council: str) -> Workbook:
    """Return a workbook without a page, with the styles of a new tracker."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for style in styles.named_styles().values():
        workbook.add_named_style(style)
    workbook.properties.creator = council
    workbook.properties.title = title
    return workbook


def add_page(workbook: Workbook, name: str, widths: Sequence[float], marking: str) -> Worksheet:
    """Add a page that prints as wide as a sheet of A4; `widths` are those of its columns, in characters."""
    page: Worksheet = workbook.create_sheet(name)
    for number, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.sheet_view.showGridLines = False
    styles.set_up_pages(page, paper=styles.A4, wide=1, marking=marking)
    return page


def add_line(page: Worksheet, row: int, text: str, style: str = "Tracker line") -> None:
    """Write a line of text in that row."""
    page.cell(row, 1, text).style = style


def marked(title: str, marking: str) -> str:
    """Return a title with the protective marking before it; `marking` may be ""."""
    return f"{marking}: {title}" if marking else title


def saved(workbook: Workbook) -> bytes:
    """Return the bytes of the workbook."""
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def add_table(page: Worksheet, top: int, table: Table) -> None:
    """Write the table, with its headings in row `top`, below the lines at the head of its page."""
    for number, (heading, _) in enumerate(table.columns, 1):
        page.cell(top, number, printable(heading)).style = "Tracker heading"
    page.row_dimensions[top].height = styles.height_of(2)
    page.freeze_panes = f"A{top + 1}"
    page.print_title_rows = f"{top}:{top}"
    if not table.rows:
        add_line(page, top + 1, table.without)
        return
    for row, values in enumerate(table.rows, top + 1):
        _write_row(page, row, values, [width for _, width in table.columns])
    page.auto_filter.ref = f"A{top}:{page.cell(top + len(table.rows), len(table.columns)).coordinate}"


def _write_row(page: Worksheet, row: int, values: Sequence[Value], widths: Sequence[float]) -> None:
    most = 1
    for number, (value, width) in enumerate(zip(values, widths, strict=True), 1):
        cell = page.cell(row, number)
        if isinstance(value, str):
            text = shortened(printable(value), LONGEST_TEXT)
            # What somebody typed is text, even if it begins as a formula does.
            cell.value, cell.data_type, cell.style = text, "s", "Tracker sentences"
            most = max(most, styles.lines(text, width - 2))
        else:
            cell.value = value
            cell.style = "Tracker number" if isinstance(value, int) else "Tracker date"
    page.row_dimensions[row].height = min(styles.height_of(most), _HIGHEST_ROW)
