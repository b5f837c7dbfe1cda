"""The timeliness report as an Excel workbook: a table and a chart for each notification type, and notes."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.text import RichText
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.reports.timeliness import tables
from scripts.adapters.reports.timeliness.tables import Cell, Report
from scripts.adapters.workbook.new import styles as looks
from tracker_schema.evidence.timeliness import Timeliness

_WIDTHS = (30, 12, 16, 12, 18, 18, 18)
_NOTES_WIDTH = 110
_SERIES = (looks.NAVY, "9C3F00")  # white reads on both


def build(report: Report) -> bytes:
    """The bytes of the workbook that shows `report`."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for style in looks.named_styles().values():
        workbook.add_named_style(style)
    workbook.properties.creator = report.council
    workbook.properties.title = f"{report.title}, {report.period}"
    for found in report.types:
        _add_type(workbook, report, found)
    _add_notes(workbook, report)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _add_type(workbook: Workbook, report: Report, found: Timeliness) -> None:
    page = workbook.create_sheet(found.kind.name)
    _set_up(page, _WIDTHS)
    _line(page, 1, report.marked_title, "Tracker title")
    _line(page, 2, f"{report.council}, {report.period}", "Tracker line")
    _line(page, 3, f"{found.kind.name}: {tables.headline(found)}", "Tracker line")
    row = _table(page, 5, tables.headings(found), list(tables.rows(found)))
    first, last = 6, row - 2  # the quarters, without their total
    for title, counts in tables.explanations(found):
        row = _table(page, row + 1, [title, tables.NUMBER], list(tables.reasons(counts)))
    _chart(page, found, first, last, row + 1)


def _table(page: Worksheet, row: int, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> int:
    """The row below the table that is put at `row`."""
    for number, heading in enumerate(headings, 1):
        page.cell(row, number, heading).style = "Tracker heading"
    page.row_dimensions[row].height = looks.height_of(2)
    for below, cells in enumerate(rows, row + 1):
        for number, value in enumerate(cells, 1):
            cell = page.cell(below, number, tables.whole_percent(value) if isinstance(value, float) else value)
            cell.style = "Tracker text" if number == 1 else "Tracker number"
            if isinstance(value, float):
                cell.number_format = "0%"
    return row + 1 + len(rows)


def _chart(page: Worksheet, found: Timeliness, first: int, last: int, row: int) -> None:
    """A chart of the quarters below the tables; where every number is kept back, a line that says so."""
    split = found.limit is not None and any(line.within is not None for line in found.lines)
    if not any(line.made for line in found.lines):
        _line(page, row, "There is no chart, because no quarter has a number that can be shown.", "Tracker line")
        return
    if any(line.made is None for line in found.lines):
        _line(page, row, "A quarter whose numbers are kept back has no bar.", "Tracker line")
        row += 1
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 80
    chart.title = f"{found.kind.name}: {'within the limit and late' if split else 'made'}, by quarter"
    chart.add_data(
        Reference(page, min_col=3 if split else 2, max_col=4 if split else 2, min_row=first - 1, max_row=last),
        titles_from_data=True,
    )
    chart.set_categories(Reference(page, min_col=1, min_row=first, max_row=last))
    for series, colour in zip(chart.series, _SERIES, strict=False):
        series.graphicalProperties.solidFill = colour
        series.dLbls = _labels()
    chart.legend.position = "b"
    chart.y_axis.title = "Notifications"
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.y_axis.scaling.min = 0
    chart.width, chart.height = 24, 9
    page.add_chart(chart, f"A{row}")


def _labels() -> DataLabelList:
    """The number on each bar, in white; none on a bar of nothing."""
    labels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False, numFmt="0;;;")
    look = CharacterProperties(solidFill=looks.WHITE, b=True)
    labels.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])
    return labels


def _add_notes(workbook: Workbook, report: Report) -> None:
    page = workbook.create_sheet("How to read this")
    _set_up(page, (_NOTES_WIDTH,))
    _line(page, 1, report.marked_title, "Tracker title")
    for row, note in enumerate(tables.notes(report), 3):
        page.cell(row, 1, note).style = "Tracker note"
        page.row_dimensions[row].height = looks.height_of(looks.lines(note, _NOTES_WIDTH - 10))


def _line(page: Worksheet, row: int, text: str, style: str) -> None:
    page.cell(row, 1, text).style = style


def _set_up(page: Worksheet, widths: Sequence[float]) -> None:
    for number, width in enumerate(widths):
        page.column_dimensions["ABCDEFG"[number]].width = width
    page.sheet_view.showGridLines = False
    looks.set_up_pages(page, paper=looks.A4, wide=1)
