"""The Notes sheet of a new tracker: what every status and every column means, in plain English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.workbook.new import styles as looks
from tracker_schema.columns.schema import Column, Sheet, TrackerSchema

INTRODUCTION = (
    "People keep this tracker: type, sort, filter and add rows as in any spreadsheet, and change colours and widths.",
    "The scripts read every row, work out what is due when, and write only the shaded columns.",
    "What is typed into a shaded column is replaced the next time the scripts run. They never change anything else.",
    "Columns may be moved, and further columns added. Please keep the headings, so that the scripts can find them.",
    "Dates are typed day first: 05/11/2026 is 5 November 2026. When a date is not known, leave the cell empty.",
    "Working days are Monday to Friday, less the bank holidays of England and Wales; day 1 is the next of them.",
)

# The words are those of columns.toml's choices; a test holds the two together.
MEANINGS = {
    "incidents": {
        "Closed": "The Closed column is filled in. The row is not touched again.",
        "Overdue": "At least one step is past its deadline; Overdue steps names each.",
        "Check data": "Something in the row cannot be read or is missing, so that a deadline cannot be worked out; "
        "Data problems says what.",
        "Due today": "A step is due today.",
        "Due soon": "A step is due within two working days, or it is time to ask the Panel for its reply.",
        "On track": "Steps are open, and none is due soon.",
        "Before start": "Nothing is open but steps that were due before the day from which these scripts raise alarms.",
        "Complete": "Nothing is open. The row can be closed.",
    },
    "scoping": {
        "Not sent": "The template has not been sent yet: Sent is empty.",
        "Awaited": "Sent, and not due soon.",
        "Due soon": "Due back within two working days.",
        "Due today": "Due back today.",
        "Overdue": "Past its date, and not returned.",
        "Returned": "Came back in time.",
        "Returned late": "Came back after its date.",
        "Before start": "Was due before the day from which these scripts raise alarms.",
        "Check data": "Sent or Returned cannot be read.",
    },
    "actions": {
        "No due date": "Due is empty.",
        "On track": "Open, and not due soon.",
        "Due soon": "Due within two working days.",
        "Due today": "Due today.",
        "Overdue": "Past its date, and not done.",
        "Done": "Done in time.",
        "Done late": "Done after its date.",
        "Before start": "Was due before the day from which these scripts raise alarms.",
        "Check data": "Due or Done cannot be read.",
    },
}

_WIDTHS = (12, 30, 16, 52, 34, 80)
_TITLES = ("Sheet", "Column", "Who fills it in", "What may stand in it", "When it is needed", "What it says")


def add_notes(workbook: Workbook, schema: TrackerSchema) -> None:
    """Nothing; puts the Notes sheet at the end of `workbook` (a write-only one with the looks' styles)."""
    page: Worksheet = workbook.create_sheet("Notes")
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    page.sheet_view.showGridLines = False
    looks.set_up_pages(page, paper=looks.A4, wide=1)
    for number, (style, values) in enumerate(_rows(schema), 1):
        if style == "Tracker line" and len(values) > 1:
            for colour in looks.status_rules(values[1:2]):
                page.conditional_formatting.add(f"B{number}", colour)
        if style == "Tracker note":
            page.row_dimensions[number].height = looks.height_of(max(map(looks.lines, values, _WIDTHS)))
        page.append([looks.cell(page, value, style) for value in values])


def _rows(schema: TrackerSchema) -> Iterator[tuple[str, Sequence[str]]]:
    """Each row's style and what it says."""
    empty: tuple[str, Sequence[str]] = ("Tracker line", ())
    yield "Tracker title", ["Critical incident tracker: notes"]
    for line in INTRODUCTION:
        yield "Tracker line", [line]
    yield empty
    yield "Tracker title", ["What each status means"]
    yield "Tracker heading", ["Sheet", "Status", "Meaning", "", "", ""]
    for sheet in schema.sheet:
        for status, meaning in MEANINGS[sheet.id].items():
            yield "Tracker line", [sheet.heading, status, meaning]
    yield empty
    yield "Tracker title", ["What each column is for"]
    yield "Tracker heading", _TITLES
    for sheet in schema.sheet:
        for note in _column_notes(sheet):
            yield "Tracker note", note


def _column_notes(sheet: Sheet) -> Iterator[Sequence[str]]:
    for column in sheet.column:
        who = "Automatic" if column.by_script else "A person"
        yield sheet.heading, column.heading, who, _allowed(column, sheet), _needed(column, sheet), column.about


def _allowed(column: Column, sheet: Sheet) -> str:
    if column.type == "choice":
        return "One of: " + "; ".join(column.choices)
    if column.type == "number":
        return "A whole number"
    if column.type == "text":
        return "Text that no other row has" if column.unique else "Text"
    earlier = [sheet.columns[other].heading for other in column.not_before]
    words = "A date" + (", also one to come" if column.may_be_future else "")
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
