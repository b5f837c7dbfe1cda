"""The format of a new tracker: cell styles, widths and heights, and the printed page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.workbook.column_format import STATUS_COLOURS, body_width, heading_width
from tracker_schema.columns.schema import Column, Sheet

MARKING = "OFFICIAL-SENSITIVE"

# Every text colour below has a contrast of at least 7 to 1 with its fill (WCAG AAA); a test checks this.
INK, NAVY, GREY = "1A1A1A", "1F3864", "404040"
WHITE, SHADE = "FFFFFF", "EFEFEF"
BANNERS = ("D9E2F3", "B4C6E7")
AUTOMATIC_BANNER = "BFBFBF"

# Excel's numbers for paper.
A3, A4 = 8, 9

DATE_FORMAT = "dd/mm/yyyy"

# Widths in characters. Text in a wider column than _LONG_TEXT is sentences.
_LONG_TEXT = 24
_FILTER_BUTTON = 4

_LINE = 13.5


def width(column: Column) -> float:
    """Return the width of a column in characters: enough for its cells and for the longest word of its heading."""
    return round(max(body_width(column), heading_width(max(column.heading.split(), key=len))), 1)


def lines(text: str, characters: float) -> int:
    """Return about how many lines a text takes in a column of that width in characters."""
    return math.ceil(len(text) / characters)


def height(sheet: Sheet, row: Mapping[str, object]) -> float:
    """Return the height of a row in points: enough for its longest text, and for what the scripts will write.

    `row` has the row's values by column id. Excel works the height out itself; other programs do not.
    """
    most = max((lines(str(row[column.id]), width(column)) for column in sheet.column if column.id in row), default=1)
    if any(column.type == "text" for column in sheet.written_by_script()):
        # Each word in place of a date gives a sentence in Data problems, of which five are written out.
        words = sum(column.type == "date" and isinstance(row.get(column.id), str) for column in sheet.column)
        most = max(most, 3, 1 + min(words, 5))
    return height_of(most)


def height_of(lines: int) -> float:
    """Return the height of a row of that many lines, in points."""
    return lines * _LINE + 4


def heading_height(sheet: Sheet) -> float:
    """Return the height of the row of headings, in points."""
    return height_of(max(lines(column.heading, width(column) - _FILTER_BUTTON) for column in sheet.column))


def cell_style(kind: str, *, automatic: bool) -> str:
    """Return the name of the style of a cell below the headings; `kind` is "text", "sentences", "date" or "number"."""
    return f"Tracker {kind}, automatic" if automatic else f"Tracker {kind}"


def kind_of(column: Column) -> str:
    """Return the kind of a column's cells, for `cell_style`."""
    if column.type == "choice" or (column.width or 0) > _LONG_TEXT:
        return "sentences"
    return column.type


def cell(page: Worksheet, value: str | None, style: str) -> Cell:
    """Return a cell in a named style, for a row of a sheet in a write-only workbook."""
    made = WriteOnlyCell(page, value)
    made.style = style
    return made


def named_styles() -> dict[str, NamedStyle]:
    """Return the styles that the sheets use, by name. Excel can change a named style in one place."""
    return {style.name: style for style in (*_body_styles(), *_other_styles())}


def format_column(dimension: ColumnDimension, style: NamedStyle) -> None:
    """Give the cells of a column that are not written a style, so that rows to come have it."""
    dimension.font, dimension.fill, dimension.border = style.font, style.fill, style.border
    dimension.alignment, dimension.number_format = style.alignment, style.number_format


def _body_styles() -> Iterator[NamedStyle]:
    wrapped = Alignment(vertical="top", wrap_text=True)
    formats = {
        # Excel keeps short text as it is typed, for example the leading noughts of a child's number.
        "text": ("@", wrapped),
        "sentences": ("General", wrapped),
        "date": (DATE_FORMAT, Alignment(vertical="top", horizontal="center")),
        "number": ("0", Alignment(vertical="top", horizontal="center")),
    }
    for kind, (number_format, alignment) in formats.items():
        for automatic in (False, True):
            yield NamedStyle(
                cell_style(kind, automatic=automatic),
                font=_font(),
                fill=_fill(SHADE if automatic else WHITE),
                border=_box(),
                alignment=alignment,
                number_format=number_format,
            )


def _other_styles() -> Iterator[NamedStyle]:
    for name, colour in (("Tracker heading", NAVY), ("Tracker heading, automatic", GREY)):
        yield NamedStyle(
            name,
            font=_font(WHITE, bold=True),
            fill=_fill(colour),
            border=_box(),
            alignment=Alignment(vertical="center", wrap_text=True),
        )
    middle = Alignment(vertical="center")
    for number, colour in enumerate((*BANNERS, AUTOMATIC_BANNER)):
        yield NamedStyle(f"Tracker banner {number + 1}", font=_font(bold=True), fill=_fill(colour), alignment=middle)
    yield NamedStyle("Tracker title", font=_font(NAVY, bold=True, size=14), fill=_fill(WHITE), alignment=middle)
    yield NamedStyle("Tracker hint", font=_font(GREY, italic=True), fill=_fill(WHITE), alignment=middle)
    yield NamedStyle("Tracker note", font=_font(), border=_box(), alignment=Alignment(vertical="top", wrap_text=True))
    yield NamedStyle("Tracker line", font=_font(), alignment=Alignment(vertical="top"))


def status_rules(statuses: Sequence[str]) -> Iterator[Rule]:
    """Yield a rule for each status that colours the cells with it."""
    for status in statuses:
        fill, text = STATUS_COLOURS[status]
        style = DifferentialStyle(font=Font(color=text, bold=True), fill=_fill(fill))
        yield Rule(type="cellIs", operator="equal", formula=[f'"{status}"'], dxf=style)


def _box() -> Border:
    line = Side(style="thin", color="BFBFBF")
    return Border(left=line, right=line, top=line, bottom=line)


def _font(colour: str = INK, *, bold: bool = False, italic: bool = False, size: int = 10) -> Font:
    return Font(name="Calibri", size=size, bold=bold, italic=italic, color=colour)


def _fill(colour: str) -> PatternFill:
    # Cells take the fill from start_color, conditional formats from end_color.
    return PatternFill("solid", start_color=colour, end_color=colour)


def set_up_pages(page: Worksheet, *, paper: int, wide: int, marking: str = MARKING) -> None:
    """Make a sheet print in landscape, with `marking`; `wide` sheets of `paper` (Excel's number for it) across."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = paper
    page.page_setup.fitToWidth = wide
    page.page_setup.fitToHeight = 0  # as many down as it takes
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.6, header=0.3, footer=0.3)
    # Excel's codes: &A is the sheet's name, &P the page's number, &N the number of pages.
    header, footer = HeaderFooterItem(), HeaderFooterItem()
    header.center.text = footer.center.text = marking
    footer.left.text = "Critical incident tracker: &A"
    footer.right.text = "Page &P of &N"
    page.HeaderFooter.oddHeader, page.HeaderFooter.oddFooter = header, footer
