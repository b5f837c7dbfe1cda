"""A new tracker: what a person finds in it, and that it stays the same to the byte."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from scripts.adapters.workbook.column_format import STATUS_COLOURS
from scripts.adapters.workbook.new import styles
from scripts.adapters.workbook.new.new_workbook import AUTOMATIC, FIRST_ROW, HEADING_ROW, build
from scripts.adapters.workbook.read import Names, read_tracker
from tests.made_up_sample import sample
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.columns.schema import Column, Sheet, new_tracker_schema, plain
from tracker_schema.documents.wanted import suggestions
from tracker_schema.made_up import Formula, cases

ROOT = Path(__file__).parents[4]
AS_OF = date(2026, 11, 24)  # Tuesday
SHEETS = new_tracker_schema().sheet
WITH_STATUS = [sheet for sheet in SHEETS if any(column.by_script and column.choices for column in sheet.column)]
COLUMNS = [(sheet, column) for sheet in SHEETS for column in sheet.column]


@pytest.fixture(scope="module")
def empty() -> Workbook:
    return load_workbook(io.BytesIO(build({})))


@pytest.fixture(scope="module")
def demo() -> Workbook:
    return load_workbook(io.BytesIO(build(cases(AS_OF, england_and_wales()))))


def letter_of(sheet: Sheet, column: Column) -> str:
    return get_column_letter(1 + sheet.column.index(column))


def rule_of(page: Worksheet, letter: str) -> Any:
    """The one rule that covers the column's first row and its 2000th."""
    rules = [rule for rule in page.data_validations.dataValidation if f"{letter}{FIRST_ROW}" in rule.sqref]
    assert len(rules) <= 1
    return rules[0] if rules and f"{letter}2000" in rules[0].sqref else None


def texts(page: Worksheet) -> Iterator[str]:
    for row in page.iter_rows(values_only=True):
        yield from (value for value in row if isinstance(value, str))


# What the scripts find in it


@pytest.mark.parametrize("rows", [{}, cases(AS_OF, england_and_wales())], ids=["empty", "demo"])
def test_the_reader_finds_every_heading_in_its_own_place(rows: dict[str, Any]) -> None:
    tracker = read_tracker(build(rows), "new.xlsx", Names())
    for sheet in SHEETS:
        read = tracker.sheets[sheet.id]
        assert read.heading_row == HEADING_ROW
        assert list(read.numbers) == [column.id for column in sheet.column]
        assert not read.unknown
        assert len(read) == len(rows.get(sheet.id, []))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_nothing_above_the_headings_reads_as_a_heading(sheet: Sheet, empty: Workbook) -> None:
    headings = {plain(name) for column in sheet.column for name in (column.heading, *column.aliases)}
    above = empty[sheet.heading].iter_rows(max_row=HEADING_ROW - 1, values_only=True)
    found = {plain(str(value)) for row in above for value in row if value}
    assert found
    assert not found & headings


def test_values_are_read_back() -> None:
    incident = {
        "reference": "CI-2026-001",
        "child_id": "007",
        "aware_date": AS_OF,
        "form_received": 46350,
        "decision_date": "last Tuesday",
        "panel_reference": AS_OF,
        "panel_notified": Formula("=TODAY()"),
        "partners_told": "#REF!",
        "summary": "=1+1",
        "risk": "A & B < C “quoted”\nand a second line",
    }
    package = build({"incidents": [incident, {"reference": "CI-2026-002"}]})
    row = CalamineWorkbook.from_filelike(io.BytesIO(package)).get_sheet_by_name("Incidents").to_python()[HEADING_ROW]
    place = {column.id: number for number, column in enumerate(SHEETS[0].column)}
    for column in ("reference", "child_id", "aware_date", "decision_date", "panel_reference", "summary", "risk"):
        assert row[place[column]] == incident[column]
    assert row[place["form_received"]] == 46350.0  # the bare number, not the date that Excel could show for it

    page = load_workbook(io.BytesIO(package))["Incidents"]
    cells = {column: page.cell(FIRST_ROW, number + 1) for column, number in place.items()}
    assert (cells["panel_notified"].data_type, cells["panel_notified"].value) == ("f", "=TODAY()")
    assert (cells["partners_told"].data_type, cells["partners_told"].value) == ("e", "#REF!")
    assert cells["panel_reference"].number_format == "dd/mm/yyyy"
    # The row below has the format of its own column, whatever is above it.
    assert page.cell(FIRST_ROW + 1, place["panel_reference"] + 1).number_format == "@"
    assert page.cell(FIRST_ROW + 1, place["form_received"] + 1).number_format == "dd/mm/yyyy"


@pytest.mark.parametrize(
    ("row", "message"),
    [({"learning": ["a", "b"]}, "learning cannot hold list"), ({"agency": "Police"}, "incidents has no column agency")],
)
def test_what_the_tracker_cannot_hold_is_refused_by_the_name_of_its_column(
    row: dict[str, object], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        build({"incidents": [{}, row]})


# What a person finds in it


def test_the_sheets(empty: Workbook) -> None:
    assert empty.sheetnames == ["Incidents", "Scoping", "Actions", "Documents", "SLT", "Notes", "Lists"]
    assert [page.title for page in empty if page.sheet_state != "visible"] == ["Lists"]
    assert all("OFFICIAL-SENSITIVE" in page["B1"].value for page in empty.worksheets[:5])


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_each_sheet_is_a_table_that_ends_with_its_last_row(sheet: Sheet, empty: Workbook, demo: Workbook) -> None:
    rows = len(cases(AS_OF, england_and_wales()).get(sheet.id, [{}]))
    for workbook, last_row in ((empty, FIRST_ROW), (demo, HEADING_ROW + rows)):
        page = workbook[sheet.heading]
        (table,) = page.tables.values()
        assert table.ref == f"A{HEADING_ROW}:{letter_of(sheet, sheet.column[-1])}{last_row}"
        assert table.autoFilter.ref == table.ref
        headings = [cell.value for cell in page[HEADING_ROW]]
        assert headings == [column.name for column in table.tableColumns] == [one.heading for one in sheet.column]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_headings_and_references_stay_in_sight(sheet: Sheet, empty: Workbook) -> None:
    page = empty[sheet.heading]
    assert page.freeze_panes == "B5"
    assert page.print_title_rows == "$3:$4"
    assert page.print_title_cols == "$A:$A"
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0
    assert all(cell.alignment.wrap_text for cell in page[HEADING_ROW])


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=lambda part: part.id)
def test_a_column_is_wide_enough_and_formatted_to_the_bottom(sheet: Sheet, column: Column, empty: Workbook) -> None:
    page, letter = empty[sheet.heading], letter_of(sheet, column)
    dimension, cell = page.column_dimensions[letter], page[f"{letter}{FIRST_ROW}"]
    assert dimension.width > max(len(word) for word in column.heading.split())
    for place in (dimension, cell):  # the rows to come, and the row that is there
        assert (place.number_format == "dd/mm/yyyy") == (column.type == "date")
        assert place.fill.start_color.rgb[-6:] == (styles.SHADE if column.by_script else styles.WHITE)
    heading = page[f"{letter}{HEADING_ROW}"].fill.start_color.rgb[-6:]
    assert heading == (styles.GREY if column.by_script else styles.NAVY)


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=lambda part: part.id)
def test_drop_downs_and_messages_of_a_cell(sheet: Sheet, column: Column, empty: Workbook) -> None:
    rule = rule_of(empty[sheet.heading], letter_of(sheet, column))
    if column.by_script:
        assert rule.promptTitle == "Filled in automatically"
        assert not rule.type
    elif column.choices:
        assert rule.type == "list"
        cells = empty["Lists"][rule.formula1.removeprefix("Lists!")]
        assert tuple(cell.value for (cell,) in cells) == column.choices
        assert all(choice in rule.error for choice in column.choices)
    elif column.type == "date":
        assert rule.type == "date"
        assert "05/11/2026" in rule.prompt
        assert "05/11/2026" in rule.error
    elif column.id == "reference":
        assert rule.type == ("custom" if sheet.id == "incidents" else "list")
    elif sheet.id == "documents":
        assert (rule.type, rule.errorStyle) == ("list", "warning")  # people may type what the list does not have
        cells = empty["Lists"][rule.formula1.removeprefix("Lists!")]
        cells = cells if isinstance(cells, tuple) else ((cells,),)
        assert tuple(cell.value for (cell,) in cells) == tuple(suggestions()[column.id])
    else:
        assert rule is None
        return
    assert rule.showInputMessage
    assert rule.showErrorMessage
    assert rule.allow_blank
    assert rule.prompt.startswith(column.about)
    # Beyond this Excel takes the file for a damaged one.
    assert len(rule.promptTitle or "") <= 32
    assert len(rule.errorTitle or "") <= 32
    assert len(rule.prompt) <= 255
    assert len(rule.error or "") <= 225


def test_rules_and_colours_go_on_below_the_last_row() -> None:
    package = build(sample(1500, AS_OF, england_and_wales()))
    page = load_workbook(io.BytesIO(package))["Incidents"]
    assert all("2504" in str(rule.sqref) for rule in page.data_validations.dataValidation)
    assert all("2504" in str(colours.sqref) for colours in page.conditional_formatting)


@pytest.mark.parametrize("sheet", WITH_STATUS, ids=lambda sheet: sheet.id)
def test_every_status_has_its_colour(sheet: Sheet, empty: Workbook) -> None:
    (status,) = (column for column in sheet.column if column.by_script and column.choices)
    letter = letter_of(sheet, status)
    (colours,) = empty[sheet.heading].conditional_formatting
    assert str(colours.sqref) == f"{letter}{FIRST_ROW}:{letter}2000"
    assert [rule.formula for rule in colours.rules] == [[f'"{choice}"'] for choice in status.choices]
    assert all(rule.dxf.fill.bgColor.rgb != rule.dxf.font.color.rgb for rule in colours.rules)


def luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("fill", "text"),
    [
        *STATUS_COLOURS.values(),
        *((banner, styles.INK) for banner in (*styles.BANNERS, styles.AUTOMATIC_BANNER)),
        *((heading, styles.WHITE) for heading in (styles.NAVY, styles.GREY)),
        (styles.SHADE, styles.INK),
        (styles.WHITE, styles.GREY),
    ],
)
def test_every_text_can_be_read_on_its_colour(fill: str, text: str) -> None:
    lighter, darker = sorted((luminance(fill), luminance(text)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 7


# The banner row and the Notes sheet


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_the_banner_names_every_group_where_it_starts(sheet: Sheet, empty: Workbook) -> None:
    page = empty[sheet.heading]
    assert sheet.column[0].group
    for column in sheet.column:
        if column.group:
            assert page[f"{letter_of(sheet, column)}{HEADING_ROW - 1}"].value == column.group
    automatic = {letter_of(sheet, column) for column in sheet.written_by_script()}
    found = {cell.column_letter for cell in page[HEADING_ROW - 1] if cell.value == AUTOMATIC}
    assert found <= automatic
    assert min(automatic, key=lambda letter: (len(letter), letter)) in found


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=lambda part: part.id)
def test_the_notes_explain_every_column(sheet: Sheet, column: Column, empty: Workbook) -> None:
    rows = [row for row in empty["Notes"].iter_rows(values_only=True) if row[:2] == (sheet.heading, column.heading)]
    # A status may be called as a column is: “Closed”.
    ((_, _, who, allowed, needed, about),) = (map(str, row) for row in rows if row[5])
    assert who == ("Automatic" if column.by_script else "A person")
    assert about == column.about
    assert all(choice in allowed for choice in column.choices)
    if column.required and not column.by_script:
        assert needed == "On every row"


@pytest.mark.parametrize(
    ("heading", "needed"),
    [
        ("Reason for decision", "When Decision is Threshold not met"),
        ("Decision date", "When Decision is filled in"),
        ("Closed", "When it is known"),
        ("Status", "Leave it to the scripts"),
    ],
)
def test_the_notes_say_when_a_column_is_needed(heading: str, needed: str, empty: Workbook) -> None:
    rows = [row for row in empty["Notes"].iter_rows(values_only=True) if row[1] == heading and row[5]]
    assert rows[0][4] == needed


def test_the_notes_explain_every_status(empty: Workbook) -> None:
    found = list(texts(empty["Notes"]))
    for sheet in WITH_STATUS:
        (status,) = (column for column in sheet.column if column.by_script and column.choices)
        assert len(status.meanings) == len(status.choices)
        assert set(status.meanings) <= set(found)
        assert set(status.choices) <= set(STATUS_COLOURS)
    assert any("write only the shaded columns" in text for text in found)


# The same to the byte, and without a trace of who made it


def test_the_same_rows_give_the_same_bytes_on_another_day_and_in_another_process() -> None:
    rows = cases(AS_OF, england_and_wales())
    code = (
        "import datetime, hashlib\n"
        "from scripts.adapters.workbook.new.new_workbook import build\n"
        "from tracker_schema.made_up import cases\n"
        "from tracker_schema.calendar.working_days import england_and_wales\n"
        f"rows = cases(datetime.date.fromisoformat('{AS_OF}'), england_and_wales())\n"
        "print(hashlib.sha256(build(rows)).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    other = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == hashlib.sha256(build(rows)).hexdigest()


def test_the_workbook_does_not_contain_its_author_or_date() -> None:
    package = build({})
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(2026, 1, 1, 0, 0, 0)}
    properties = load_workbook(io.BytesIO(package)).properties
    assert properties.creator == properties.title == "Critical incident tracker"
    assert properties.lastModifiedBy is None
    assert properties.created == properties.modified == datetime(2026, 1, 1)
