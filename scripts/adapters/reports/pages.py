"""The pages of a report in Excel: their marking, widths and lines."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.workbook.new import styles


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
