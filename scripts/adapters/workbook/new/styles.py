"""How a new tracker looks: its cell styles, the width of its columns, and the colours of its statuses."""

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

from tracker_schema.columns.schema import Column, Sheet

MARKING = "OFFICIAL-SENSITIVE"

# Every text colour below reads on its fill with a contrast of at least 7 to 1 (WCAG AAA); a test works it out.
INK, NAVY, GREY = "1A1A1A", "1F3864", "404040"
WHITE, SHADE = "FFFFFF", "EFEFEF"
BANNERS = ("D9E2F3", "B4C6E7")
AUTOMATIC_BANNER = "BFBFBF"

# (fill, text) of each status. The words say the same, so nothing is lost in a black and white print.
_RED, _PURPLE, _ORANGE = ("FFC7CE", "7A0008"), ("E4DFEC", "3F1F5F"), ("FFD9B3", "5E2B00")
_YELLOW, _GREEN, _BLUE, _PALE = ("FFF2B3", "4D3A00"), ("D5F0D8", "004B12"), ("DDEBF7", NAVY), ("D9D9D9", "262626")
STATUS_COLOURS = {
    "Overdue": _RED,
    "Check data": _PURPLE,
    "Due today": _ORANGE,
    "Due soon": _YELLOW,
    "On track": _GREEN,
    "Awaited": _GREEN,
    "Complete": _BLUE,
    "Done": _BLUE,
    "Done late": _BLUE,
    "Returned": _BLUE,
    "Returned late": _BLUE,
    "Closed": _PALE,
    "Before start": _PALE,
    "Not sent": _PALE,
    "No due date": _PALE,
}

# Excel's numbers for paper.
A3, A4 = 8, 9

DATE_FORMAT = "dd/mm/yyyy"

# How wide text columns are, in characters; those that are not named hold a word or two.
_WIDTHS = {
    "operational_head": 20,
    "summary": 44,
    "risk": 36,
    "immediate_action": 36,
    "partner_views": 36,
    "decision_reason": 36,
    "learning": 36,
    "outcome_of_action": 36,
    "next_step": 30,
    "overdue_steps": 36,
    "data_problems": 90,
    "agency": 24,
    "contact": 40,
    "action": 44,
    "owner": 20,
    "action_status": 26,
    "outcome": 36,
}
_LONG_TEXT = 24
_WORD_OR_TWO, _DATE_OR_NUMBER, _LONGEST_CHOICE = 16, 12, 22
_FILTER_BUTTON = 4

_LINE = 13.5


def width(column: Column) -> float:
    """How wide `column` is, in characters: enough for what stands in it and for the longest word of its heading."""
    if column.type == "choice":
        longest = max(len(choice) for choice in column.choices) + 3
        body = _WIDTHS.get(column.id, min(longest, _LONGEST_CHOICE))
    elif column.type == "text":
        body = _WIDTHS.get(column.id, _WORD_OR_TWO)
    else:
        body = _DATE_OR_NUMBER
    # Bold letters are a little wider than the figures that a column's width is counted in.
    heading = max(len(word) for word in column.heading.split()) * 1.15 + _FILTER_BUTTON
    return round(max(body, heading), 1)


def lines(text: str, characters: float) -> int:
    """How many lines `text` takes, near enough, in a column so many characters wide."""
    return math.ceil(len(text) / characters)


def height(sheet: Sheet, row: Mapping[str, object]) -> float:
    """How high a row that holds `row` is: enough for its longest text, and for what the scripts have yet to write.

    Excel would find that out itself as long as nothing is said here; other programs do not.
    """
    most = max((lines(str(row[column.id]), width(column)) for column in sheet.column if column.id in row), default=1)
    if "data_problems" in sheet.columns:
        # Words where a date belongs will be a sentence each, of which five are spelled out.
        words = sum(column.type == "date" and isinstance(row.get(column.id), str) for column in sheet.column)
        most = max(most, 3, 1 + min(words, 5))
    return height_of(most)


def height_of(lines: int) -> float:
    """How high a row of so many lines is."""
    return lines * _LINE + 4


def heading_height(sheet: Sheet) -> float:
    """How high the row of headings is."""
    return height_of(max(lines(column.heading, width(column) - _FILTER_BUTTON) for column in sheet.column))


def cell_style(kind: str, *, automatic: bool) -> str:
    """The name of the style of a body cell that holds `kind`: "text", "sentences", "date" or "number"."""
    return f"Tracker {kind}, automatic" if automatic else f"Tracker {kind}"


def kind_of(column: Column) -> str:
    """What a body cell of `column` holds, as `cell_style` asks for it."""
    if column.type == "choice" or _WIDTHS.get(column.id, 0) > _LONG_TEXT:
        return "sentences"
    return column.type


def cell(page: Worksheet, value: str | None, style: str) -> Cell:
    """A cell for a row of `page`, a sheet of a write-only workbook, in the named `style`."""
    made = WriteOnlyCell(page, value)
    made.style = style
    return made


def named_styles() -> dict[str, NamedStyle]:
    """Each style that the sheets use, by its name. As named styles they can be changed in Excel in one place."""
    return {style.name: style for style in (*_body_styles(), *_other_styles())}


def dress(dimension: ColumnDimension, style: NamedStyle) -> None:
    """Nothing; gives the cells of a column that are not written the look of `style`, so also the rows to come."""
    dimension.font, dimension.fill, dimension.border = style.font, style.fill, style.border
    dimension.alignment, dimension.number_format = style.alignment, style.number_format


def _body_styles() -> Iterator[NamedStyle]:
    wrapped = Alignment(vertical="top", wrap_text=True)
    formats = {
        # Short text is kept as typed: a child's number does not lose its leading noughts.
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
    """A rule for each of `statuses` that colours the cells that say it."""
    for status in statuses:
        fill, text = STATUS_COLOURS[status]
        look = DifferentialStyle(font=Font(color=text, bold=True), fill=_fill(fill))
        yield Rule(type="cellIs", operator="equal", formula=[f'"{status}"'], dxf=look)


def _box() -> Border:
    line = Side(style="thin", color="BFBFBF")
    return Border(left=line, right=line, top=line, bottom=line)


def _font(colour: str = INK, *, bold: bool = False, italic: bool = False, size: int = 10) -> Font:
    return Font(name="Calibri", size=size, bold=bold, italic=italic, color=colour)


def _fill(colour: str) -> PatternFill:
    # Cells take the fill from start_color, conditional formats from end_color.
    return PatternFill("solid", start_color=colour, end_color=colour)


def set_up_pages(page: Worksheet, *, paper: int, wide: int) -> None:
    """Nothing; makes `page` print in landscape, `wide` sheets of `paper` (Excel's number for it) across, and marked."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = paper
    page.page_setup.fitToWidth = wide
    page.page_setup.fitToHeight = 0  # as many down as it takes
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.6, header=0.3, footer=0.3)
    # Excel's own codes: &A the sheet's name, &P the page's number, &N how many there are.
    header, footer = HeaderFooterItem(), HeaderFooterItem()
    header.center.text = footer.center.text = MARKING
    footer.left.text = "Critical incident tracker: &A"
    footer.right.text = "Page &P of &N"
    page.HeaderFooter.oddHeader, page.HeaderFooter.oddFooter = header, footer
