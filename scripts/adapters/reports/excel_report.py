"""The timeliness report as an Excel workbook: for each type of notification its tables and a chart, and notes."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.text import RichText
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.reports import content
from scripts.adapters.reports.content import Cell, Report
from scripts.adapters.reports.pages import add_line, add_page, marked, new_workbook, saved
from scripts.adapters.workbook.new import styles
from tracker_schema.evidence.timeliness import Timeliness

_WIDTHS = (30, 12, 16, 12, 18, 18, 18)
_NOTES_WIDTH = 110
# The row of the headings of the first table.
_TABLE = 6
_SERIES = (styles.NAVY, "9C3F00")  # white text is legible on both


def build(report: Report) -> bytes:
    """Return the bytes of the workbook."""
    workbook = new_workbook(f"{content.TITLE}, {report.period}", report.council)
    for found in report.types:
        _add_type(workbook, report, found)
    _add_notes(workbook, report)
    return saved(workbook)


def _add_type(workbook: Workbook, report: Report, found: Timeliness) -> None:
    page = _add_page(workbook, found.kind.name, _WIDTHS, report)
    add_line(page, 3, f"{report.council}, {report.period}")
    headline = content.headline(found, published=report.published)
    add_line(page, 4, f"{found.kind.name}: {headline}")
    row = _table(page, _TABLE, content.headings(found), list(content.rows(found)))
    last = row - 2  # the quarters, without their total
    for title, rows in content.reason_tables(found):
        row = _table(page, row + 1, [title, content.NUMBER], rows)
    _chart(page, found, last, row + 1)


def _table(page: Worksheet, row: int, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> int:
    """Write a table with its headings in `row`, and return the row below it."""
    for number, heading in enumerate(headings, 1):
        page.cell(row, number, heading).style = "Tracker heading"
    page.row_dimensions[row].height = styles.height_of(2)
    for below, cells in enumerate(rows, row + 1):
        for number, value in enumerate(cells, 1):
            cell = page.cell(below, number, value)
            cell.style = "Tracker text" if number == 1 else "Tracker number"
            if isinstance(value, float):
                cell.number_format = "0%"
    return row + 1 + len(rows)


def _chart(page: Worksheet, found: Timeliness, last: int, row: int) -> None:
    """Add a chart of the quarters, the last of which is in row `last`, or a sentence when there are no numbers."""
    split = found.limit is not None and any(line.within is not None for line in found.lines)
    if not any(line.made for line in found.lines):
        add_line(page, row, "There is no chart, because no quarter has a number to show.")
        return
    if any(line.made is None or (split and None in (line.within, line.late)) for line in found.lines):
        add_line(page, row, "A quarter with a suppressed number has no bar for it.")
        row += 1
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 80
    chart.title = f"{found.kind.name}: {'within the limit and late' if split else 'made'}, by quarter"
    chart.add_data(
        Reference(page, min_col=3 if split else 2, max_col=4 if split else 2, min_row=_TABLE, max_row=last),
        titles_from_data=True,
    )
    chart.set_categories(Reference(page, min_col=1, min_row=_TABLE + 1, max_row=last))
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
    """Return labels with the number on each bar, in white; a bar of 0 has none."""
    labels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False, numFmt="0;;;")
    text = CharacterProperties(solidFill=styles.WHITE, b=True)
    labels.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=text), endParaRPr=text)])
    return labels


def _add_notes(workbook: Workbook, report: Report) -> None:
    page = _add_page(workbook, "How to read this", (_NOTES_WIDTH,), report)
    for row, note in enumerate(content.notes(report), 4):
        page.cell(row, 1, note).style = "Tracker note"
        page.row_dimensions[row].height = styles.height_of(styles.lines(note, _NOTES_WIDTH - 10))


def _add_page(workbook: Workbook, name: str, widths: Sequence[float], report: Report) -> Worksheet:
    """Add a page that prints on one sheet of paper, with its title and who may see it."""
    page = add_page(workbook, name, widths, report.marking)
    page.page_setup.fitToHeight = 1
    add_line(page, 1, marked(content.TITLE, report.marking), "Tracker title")
    add_line(page, 2, report.numbers)
    return page
