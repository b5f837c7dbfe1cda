"""New columns can be read in people's own workbook: widths, the looks of the log, dates day first, colours."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.workbook.xlsx import CellValue, ColouredColumn, ColumnFormat, NewColumn, Range, patch
from tests.adapters.workbook.xlsx.books import STYLES, book, changed_parts, part, prefixed, saved, sheet, values

SHEET, STYLE_SHEET = "xl/worksheets/sheet1.xml", "xl/styles.xml"
LAST_ROW = 1_048_576
DAY = dt.date(2026, 11, 23)
COLOURS = {"Overdue": ("FFC7CE", "7A0008"), "On track": ("D5F0D8", "004B12")}
ROWS = (
    '<row r="1"><c r="A1" s="5" t="inlineStr"><is><t>Ref</t></is></c><c r="B1" s="5" t="inlineStr"><is><t>Team</t></is>'
    '</c></row><row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>'
)


def columns(
    row: int = 1, first: int = 3, rows: tuple[int, ...] = (2, 3), like: tuple[int, ...] = ()
) -> list[NewColumn]:
    """A text column of 40 characters, and a date."""
    text = ColumnFormat(40, 10, False, rows, like or rows)
    date = ColumnFormat(12, 13.5, True, rows, like or rows)
    return [NewColumn("One", row, first, "Status", text), NewColumn("One", row, first + 1, "Next due", date)]


def patched(source: bytes, new: list[NewColumn] | None = None, **more: Any) -> bytes:
    new = columns() if new is None else new
    rows = new[0].format.rows if new[0].format else ()
    first = new[0].column
    return patch(source, {"One": {row: {first: "Overdue", first + 1: DAY} for row in rows}}, new, **more)


def each_column(xml: str) -> dict[int, dict[str, str]]:
    """The attributes of the <col> of each column, without the columns that it covers."""
    found: dict[int, dict[str, str]] = {}
    for tag in re.findall(r"<(?:x:)?col\s[^>]*>", xml):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        first, last = int(attributes.pop("min")), int(attributes.pop("max"))
        for number in range(first, last + 1):
            assert number not in found
            found[number] = attributes
    assert list(found) == sorted(found)
    return found


COLS = {
    "none": "",
    "empty": "<cols/>",
    "at the left": '<cols><col min="1" max="2" width="14" customWidth="1"/></cols>',
    "at the right": '<cols><col min="9" max="12" width="14" customWidth="1"/></cols>',
    "the rest hidden": '<cols><col min="3" max="16384" width="13" customWidth="1" hidden="1"/></cols>',
    "all the same": '<cols><col min="1" max="16384" width="20" style="5" customWidth="1" x="kept"/></cols>',
    "only ours": '<cols><col min="3" max="3" hidden="1"/><col min="4" max="4" width="3"></col></cols>',
    "a collapsed group": (
        '<cols><col min="2" max="3" outlineLevel="1" hidden="1"/><col min="4" max="6" outlineLevel="2" hidden="1"/>'
        '<col min="7" max="7" collapsed="1"/></cols>'
    ),
}


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("cols", COLS.values(), ids=COLS.keys())
def test_only_our_own_columns_get_a_width_and_are_visible(cols: str, prefix: str) -> None:
    made = sheet(ROWS, before=cols)
    source = book(prefixed(made) if prefix else made)
    new = part(patched(source))
    before, after = each_column(part(source)), each_column(new)
    ours = {number: after.pop(number) for number in (3, 4)}
    assert after == {number: kept for number, kept in before.items() if number not in ours}
    assert [each["width"] for each in ours.values()] == ["40", "13.5"]
    assert all(each["customWidth"] == "1" for each in ours.values())
    assert not any({"hidden", "outlineLevel"} & each.keys() for each in ours.values())
    assert new.index("cols>") < new.index("sheetData>")


def test_widths_among_random_columns() -> None:
    chance = random.Random(11)  # noqa: S311  not for secrets
    for _ in range(200):
        edges = sorted(chance.sample(range(1, 40), chance.randint(2, 12)))
        written = ""
        for first, last in pairwise(edges):
            if chance.random() < 0.7:
                hidden = ' hidden="1"' if chance.random() < 0.5 else ""
                written += f'<col min="{first}" max="{last - 1}" width="{first}.5"{hidden}/>'
        at = chance.randint(3, 38)
        source = book(sheet(ROWS, before=f"<cols>{written}</cols>" if written else ""))
        after = each_column(part(patched(source, columns(first=at))))
        assert [after.pop(number)["width"] for number in (at, at + 1)] == ["40", "13.5"]
        kept = each_column(part(source))
        assert after == {number: each for number, each in kept.items() if number not in (at, at + 1)}


def log(change: Callable[[Worksheet], None] | None = None) -> bytes:
    """A log with looks of its own: Arial, boxes, a purple heading, a struck and grey closed row, dates dd-mmm-yy."""
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = "One"
    page.append(["Ref", "Date aware"])
    for number in range(1, 5):
        page.append([f"CI-{number}", dt.date(2026, 11, number)])
    line = Side(style="thin", color="FF999999")
    for row in page.iter_rows():
        for cell in row:
            closed, heading = cell.row in {2, 3}, cell.row == 1
            cell.font = Font(name="Arial", size=10, bold=heading, strike=closed)
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            if closed or heading:
                cell.fill = PatternFill("solid", start_color="FFBBBBBB" if closed else "FF7030A0")
            cell.alignment = Alignment(horizontal="center", vertical="bottom")
            cell.protection = Protection(locked=False)
            if isinstance(cell.value, dt.date):
                cell.number_format = "dd-mmm-yy"
    if change:
        change(page)
    return saved(workbook)


OPEN = columns(rows=(2, 3, 4, 5), like=(4, 5))


def read(data: bytes) -> Worksheet:
    page = openpyxl.load_workbook(io.BytesIO(data))["One"]
    assert isinstance(page, Worksheet)
    return page


def formats_of(cell: Any) -> list[str]:
    formats = cell.font, cell.fill, cell.border, cell.alignment, cell.number_format, cell.protection
    return [repr(each) for each in formats]


def test_headings_and_cells_look_like_those_beside_them() -> None:
    source = log()
    new = patched(source, OPEN)
    page, was = read(new), read(source)
    for column in ("C", "D"):
        heading = page[f"{column}1"]
        assert formats_of(heading) == formats_of(was["B1"])
        for row in range(2, 6):  # also of closed rows: an open case is never struck through or grey
            cell = page[f"{column}{row}"]
            assert formats_of(cell)[:3] == formats_of(was["B5"])[:3]
            assert (cell.alignment.wrap_text, cell.alignment.vertical) == (True, "top")
            assert cell.number_format == ("General" if column == "C" else "dd/mm/yyyy")
    for line in was.iter_rows():
        for cell in line:
            assert page[cell.coordinate].value == cell.value
            assert formats_of(page[cell.coordinate]) == formats_of(cell)
    assert changed_parts(source, new) == {SHEET, STYLE_SHEET}
    again: dict[int, dict[int, CellValue]] = {row: {3: "Overdue", 4: DAY} for row in (2, 3, 4, 5)}
    assert patch(new, {"One": again}) is new


def test_an_empty_cell_of_ours_has_the_looks_too_but_one_that_holds_something_is_left_alone() -> None:
    source = log(lambda page: page.__setitem__("D4", "mine"))
    new = patch(source, {"One": {2: {3: "Overdue"}}}, OPEN)
    page = read(new)
    assert page["D4"].value == "mine"
    assert formats_of(page["D4"]) == formats_of(read(source)["D4"])
    assert page["D5"].border.left.style == "thin"
    assert values(new)[4] == ["CI-4", dt.date(2026, 11, 4), "", ""]


def test_a_date_in_a_text_column_is_shown_as_one() -> None:
    page = read(patch(log(), {"One": {4: {3: DAY}, 5: {4: 7}}}, OPEN))
    assert (page["C4"].value, page["C4"].number_format) == (dt.datetime(2026, 11, 23), "dd/mm/yyyy")
    assert (page["D5"].value, page["D5"].number_format) == (7, "General")
    assert page["C4"].border.left.style == page["D5"].border.left.style == "thin"


def test_rows_typed_below_the_log_later_show_dates_day_first_and_without_a_box() -> None:
    new = patched(log(), OPEN)
    later = patch(new, {"One": {9: {3: "On track", 4: DAY}}})
    page = read(later)
    assert (page["D9"].number_format, page["D9"].font.name) == ("dd/mm/yyyy", "Arial")
    assert (page["D9"].border.left.style, page["D9"].fill.fill_type) == (None, None)
    assert page["C9"].alignment.wrap_text


def test_a_key_beside_the_headings_is_not_taken_for_one() -> None:
    def add_key(page: Worksheet) -> None:
        page["D1"] = "Yellow = with the Head of Service"
        page["D1"].fill = PatternFill("solid", start_color="FFFF0000")

    page = read(patched(log(add_key), columns(first=5, rows=(2, 3, 4, 5), like=(4, 5))))
    assert page["E1"].fill.start_color.rgb == page["F1"].fill.start_color.rgb == "FF7030A0"
    assert page["E5"].font.name == "Arial"


def test_a_turned_heading_is_level_in_a_column_that_is_wide_enough() -> None:
    def turn(page: Worksheet) -> None:
        for cell in page[1]:
            cell.alignment = Alignment(textRotation=90, wrap_text=True)

    page = read(patched(log(turn), OPEN))
    assert (page["C1"].alignment.textRotation, page["C1"].alignment.wrap_text) == (0, True)
    assert page["B1"].alignment.textRotation == 90


def test_larger_letters_get_a_wider_column() -> None:
    def enlarge(page: Worksheet) -> None:
        for row in page.iter_rows():
            for cell in row:
                cell.font = Font(name="Arial", size=22)  # twice the usual size, in which widths are counted

    page = read(patched(log(enlarge), OPEN))
    assert (page.column_dimensions["C"].width, page.column_dimensions["D"].width) == (80, 27)


def test_a_log_in_which_every_row_is_struck_through() -> None:
    page = read(patched(log(), columns(rows=(2, 3), like=(2, 3))))
    assert not page["C2"].font.strike


def test_a_row_with_a_style_of_its_own() -> None:
    rows = ROWS.replace('<row r="3">', '<row r="3" s="5" customFormat="1">')
    new = part(patched(book(sheet(rows)), columns(like=(3,))))
    styles = part(patched(book(sheet(rows)), columns(like=(3,))), STYLE_SHEET)
    style = int(re.findall(r'<c r="C2" s="(\d+)"', new)[0])
    added = re.findall(r"<xf [^>]*?/>|<xf [^>]*>.*?</xf>", styles.partition("<cellXfs")[2].partition("</cellXfs")[0])
    assert 'fontId="1"' in added[style]


def protect(page: Worksheet) -> None:
    page.protection.password = "made up"  # noqa: S105
    page.protection.enable()


def turn_over(page: Worksheet) -> None:
    page.sheet_view.rightToLeft = True


def freeze(page: Worksheet) -> None:
    page.freeze_panes = "B2"
    page.auto_filter.ref = "A1:B5"


def colour_whole_columns(page: Worksheet) -> None:
    rule = FormulaRule(formula=['$A1="CI-1"'], fill=PatternFill("solid", end_color="FFFF0000"))  # type: ignore[no-untyped-call]
    page.conditional_formatting.add("A1:Z1048576", rule)
    page.conditional_formatting.add("A1:XFD1048576", rule)


def group(page: Worksheet) -> None:
    page.column_dimensions.group("C", "H", hidden=True)
    page.column_dimensions["J"].hidden = True


def add_table(page: Worksheet) -> None:
    page.add_table(Table(displayName="Log", ref="A1:B5"))


@pytest.mark.parametrize("change", [protect, turn_over, freeze, colour_whole_columns, group, add_table])
def test_whatever_the_sheet_has_stays(change: Callable[[Worksheet], None]) -> None:
    source = log(change)
    new = patched(source, OPEN)
    assert changed_parts(source, new) - {"xl/tables/table1.xml"} == {SHEET, STYLE_SHEET}
    old, now = part(source), part(new)
    assert now.partition("</sheetData>")[2] == old.partition("</sheetData>")[2]
    without_columns = [
        re.sub(r"<cols>.*</cols>|<dimension[^>]*>", "", xml.partition("<sheetData>")[0]) for xml in (old, now)
    ]
    assert without_columns[0] == without_columns[1]
    before, after = each_column(old), each_column(now)
    assert {n: c for n, c in before.items() if n not in (3, 4)} == {n: c for n, c in after.items() if n not in (3, 4)}
    assert all("hidden" not in after[number] for number in (3, 4))


def colours(column: int = 3) -> list[ColouredColumn]:
    return [ColouredColumn("One", Range(2, column, LAST_ROW, column), COLOURS)]


def test_colours_are_added_on_asking_after_those_of_people_and_only_once() -> None:
    def colour(page: Worksheet) -> None:
        colour_whole_columns(page)
        page.merge_cells("A8:B8")
        page.print_options.gridLines = True

    source = log(colour)
    new = patched(source, OPEN, coloured=colours())
    page = read(new)
    theirs = [rule for area in ("A1:Z1048576", "A1:XFD1048576") for rule in page.conditional_formatting[area]]
    ours = page.conditional_formatting["C2:C1048576"]
    assert [rule.formula for rule in ours] == [['"Overdue"'], ['"On track"']]
    assert [rule.dxf.fill.end_color.rgb for rule in ours] == ["FFFFC7CE", "FFD5F0D8"]
    assert [rule.dxf.font.color.rgb for rule in ours] == ["FF7A0008", "FF004B12"]
    assert min(rule.priority for rule in ours) > max(rule.priority for rule in theirs)
    assert (
        part(new).index("<mergeCells") < part(new).rindex("<conditionalFormatting") < part(new).index("<printOptions")
    )
    assert patch(new, {}, coloured=colours()) is new
    assert patched(source, OPEN, coloured=colours()) == new


def test_colours_of_their_own_for_our_words_are_kept() -> None:
    def colour(page: Worksheet) -> None:
        rule = CellIsRule(operator="equal", formula=['"Overdue"'], fill=PatternFill("solid", end_color="FF0000FF"))  # type: ignore[no-untyped-call]
        page.conditional_formatting.add("A2:F99", rule)

    source = log(colour)
    assert patch(source, {}, coloured=colours()) is source
    assert patch(source, {}, coloured=colours(column=9)) is not source


@pytest.mark.parametrize(
    "styles",
    [
        STYLES,
        STYLES.replace('<dxfs count="1"><dxf><numFmt numFmtId="0" formatCode="dd/mm/yyyy"/></dxf></dxfs>', ""),
        re.sub(r"<dxfs.*</dxfs>", '<dxfs count="0"/>', STYLES),
        re.sub(r"<numFmts.*</numFmts>", "", STYLES).replace('<xf numFmtId="164"/>', '<xf numFmtId="15"/>'),
        prefixed(STYLES),
    ],
)
def test_whatever_lists_of_formats_the_workbook_has(styles: str) -> None:
    source = book(sheet(ROWS), more={STYLE_SHEET: styles})
    new = patched(source, coloured=colours())
    made = part(new, STYLE_SHEET)
    names = [name for name in re.findall(r"<(?:x:)?(\w+) count=", made) if name in ("numFmts", "cellXfs", "dxfs")]
    assert names == ["numFmts", "cellXfs", "dxfs"]
    page = openpyxl.load_workbook(io.BytesIO(new))["One"]
    assert page["D2"].number_format == "dd/mm/yyyy"
    ours = page.conditional_formatting["C2:C1048576"]
    assert [rule.dxf.fill.end_color.rgb for rule in ours] == ["FFFFC7CE", "FFD5F0D8"]


def test_without_a_format_the_column_is_as_the_sheet_has_it() -> None:
    source = book(sheet(ROWS))
    new = patch(source, {}, [NewColumn("One", 1, 3, "Status")])
    assert changed_parts(source, new) == {SHEET}
    assert "<cols>" not in part(new)
