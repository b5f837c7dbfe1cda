"""The Notes sheet of a new tracker: what every status and every column means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.workbook.new import styles
from tracker_schema.columns.schema import Column, Sheet, TrackerSchema

INTRODUCTION = (
    "People keep this tracker: type, sort, filter and add rows as in any spreadsheet, and change colours and widths.",
    "The scripts read every row, work out what is due when, and write only the shaded columns.",
    "What is typed into a shaded column is replaced the next time the scripts run. They change nothing else, but one:",
    "when you type the date of a meeting on the sheet SLT, “Last discussed at SLT” is filled in for open incidents.",
    "Columns may be moved, and further columns added. Please keep the headings, so that the scripts can find them.",
    "Dates are typed day first: 05/11/2026 is 5 November 2026. When a date is not known, leave the cell empty.",
    "Working days are Monday to Friday, less the bank holidays of England and Wales; day 1 is the next of them.",
)

_WIDTHS = (12, 30, 16, 52, 34, 80)
_TITLES = ("Sheet", "Column", "Who fills it in", "What it can hold", "When it is needed", "What it is for")


def add_notes(workbook: Workbook, schema: TrackerSchema) -> None:
    """Add the Notes sheet to a write-only workbook that has the named styles."""
    page: Worksheet = workbook.create_sheet("Notes")
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    page.sheet_view.showGridLines = False
    styles.set_up_pages(page, paper=styles.A4, wide=1)
    for number, (style, values) in enumerate(_rows(schema), 1):
        if style == "Tracker line" and len(values) > 1:
            for colour in styles.status_rules(values[1:2]):
                page.conditional_formatting.add(f"B{number}", colour)
        if style == "Tracker note":
            page.row_dimensions[number].height = styles.height_of(max(map(styles.lines, values, _WIDTHS)))
        page.append([styles.cell(page, value, style) for value in values])


def _rows(schema: TrackerSchema) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the style and the texts of each row."""
    empty: tuple[str, Sequence[str]] = ("Tracker line", ())
    yield "Tracker title", ["Critical incident tracker: notes"]
    for line in INTRODUCTION:
        yield "Tracker line", [line]
    yield empty
    yield "Tracker title", ["What each status means"]
    yield "Tracker heading", ["Sheet", "Status", "Meaning", "", "", ""]
    for sheet in schema.sheet:
        for column in sheet.column:
            for status, meaning in zip(column.choices, column.meanings, strict=False):
                yield "Tracker line", [sheet.heading, status, meaning]
    yield empty
    yield "Tracker title", ["What each column is for"]
    yield "Tracker heading", _TITLES
    for sheet in schema.sheet:
        for column in sheet.column:
            who = "Automatic" if column.by_script else "A person"
            allowed, needed = _allowed(column, sheet), _needed(column, sheet)
            yield "Tracker note", [sheet.heading, column.heading, who, allowed, needed, column.about]


def _allowed(column: Column, sheet: Sheet) -> str:
    if column.type == "choice":
        return "One of: " + "; ".join(column.choices)
    if column.type == "number":
        return "A whole number"
    if column.type == "text":
        return "Text that no other row has" if column.unique else "Text"
    earlier = [sheet.columns[other].heading for other in column.not_before]
    words = "A date" + (", also in the future" if column.may_be_future else "")
    return words + (f"; not before {' or '.join(earlier)}" if earlier else "")


def _needed(column: Column, sheet: Sheet) -> str:
    if column.by_script:
        return "Leave it to the scripts"
    if column.required:
        return "On every row"
    conditions = []
    for condition in column.required_when:
        heading = sheet.columns[condition.column].heading
        conditions.append(f"{heading} is {' or '.join(condition.is_)}" if condition.is_ else f"{heading} is filled in")
    return f"When {', or '.join(conditions)}" if conditions else "When it is known"
