"""What is written into a cell is what is read from it."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.adapters.workbook.xlsx import CellValue, patch
from tests.adapters.workbook.xlsx.books import (
    STYLES,
    book,
    changed_parts,
    part,
    parts_of,
    relations,
    sheet,
    value,
    values,
    workbook_part,
    zipped,
)
from tracker_schema.columns.links import Link
from tracker_schema.errors import TrackerUnusable

EMPTY = book(sheet())
ONE_CELL = book(sheet('<row r="1"><c r="A1" s="5" t="b"><v>1</v></c></row>'))


def written(cell: CellValue, source: bytes = ONE_CELL) -> object:
    return value(patch(source, {"One": {1: {1: cell}}}), 1, 1)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("Overdue", "Overdue"),
        ("=1+1", "=1+1"),
        ("+44 20", "+44 20"),
        ("@home", "@home"),
        ("-", "-"),
        ("'quoted", "'quoted"),
        ('"quoted"', '"quoted"'),
        ("a < b & c > d ]]>", "a < b & c > d ]]>"),
        ("  two  spaces  ", "  two  spaces  "),
        ("line\nbreak\tand tab\r\n", "line\nbreak\tand tab\r\n"),
        ("_x0041_ and _x005F_", "_x0041_ and _x005F_"),
        ("_x0041_x0042_", "_x0041_x0042_"),
        ("\x01\x1f\x0b", "\x01\x1f\x0b"),
        ("naïve – ŵ 漢 🙂", "naïve – ŵ 漢 🙂"),
        ("", ""),
        ("x" * 32_767, "x" * 32_767),
        (7, 7.0),
        (-0.1, -0.1),
        (1e-7, 1e-7),
        (1e300, 1e300),
        (True, True),
        (False, False),
        (dt.date(2026, 11, 23), dt.date(2026, 11, 23)),
        (dt.date(1900, 3, 1), dt.date(1900, 3, 1)),
        (dt.date(9999, 12, 31), dt.date(9999, 12, 31)),
        (dt.datetime(2026, 11, 23), dt.date(2026, 11, 23)),
        (dt.datetime(2026, 11, 23, 17, 0), dt.datetime(2026, 11, 23, 17, 0)),
        (dt.datetime(2026, 11, 23, 23, 59, 59), dt.datetime(2026, 11, 23, 23, 59, 59)),
        (None, ""),
    ],
)
@pytest.mark.parametrize("source", [EMPTY, ONE_CELL], ids=["empty sheet", "cell there"])
def test_a_value_is_read_back(cell: CellValue, read: object, source: bytes) -> None:
    assert written(cell, source) == read
    assert type(written(cell, source)) is type(read)


@given(st.text(st.characters(exclude_characters="\ufffe\uffff", exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_read_back(text: str) -> None:
    assert written(text) == text


@pytest.mark.parametrize(("character", "spelt"), [("\ufffe", "_xFFFE_"), ("\uffff", "_xFFFF_")])
def test_the_two_characters_that_calamine_does_not_read_back_are_coded(character: str, spelt: str) -> None:
    assert f"<t>a{spelt}</t>" in part(patch(ONE_CELL, {"One": {1: {1: f"a{character}"}}}))


@given(st.text(alphabet="_x05F41 \n<", max_size=30))
def test_text_that_looks_like_an_escape_is_read_back(text: str) -> None:
    assert written(text) == text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
def test_any_number_is_read_back(number: float) -> None:
    assert written(number) == number


@given(st.datetimes(min_value=dt.datetime(1900, 3, 1), max_value=dt.datetime(9000, 1, 1)))
@settings(max_examples=60)
def test_a_moment_is_read_back_to_the_millisecond(moment: dt.datetime) -> None:
    read = written(moment)
    if isinstance(read, dt.date) and not isinstance(read, dt.datetime):
        read = dt.datetime(read.year, read.month, read.day)
    assert isinstance(read, dt.datetime)
    assert abs(read - moment) <= dt.timedelta(milliseconds=1)


def test_1904_is_another_first_day() -> None:
    source = book(sheet(), more={"xl/workbook.xml": workbook_part("One", inside='<workbookPr date1904="1"/>')})
    for day in (dt.date(1904, 1, 1), dt.date(2026, 11, 23)):
        assert written(day, source) == (day if day.year > 1904 else dt.time(0))
    assert "<v>44888</v>" in part(patch(source, {"One": {1: {1: dt.date(2026, 11, 24)}}}))


def test_1904_of_an_extension_is_not_that_of_the_workbook() -> None:
    extension = '<extLst><ext uri="{1}"><x15:workbookPr xmlns:x15="urn:x" date1904="1"/></ext></extLst>'
    source = book(sheet(), more={"xl/workbook.xml": workbook_part("One", after=extension)})
    assert "<v>46350</v>" in part(patch(source, {"One": {1: {1: dt.date(2026, 11, 24)}}}))


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("x" * 32_768, "32,767 characters"),
        ("🙂" * 16_384, "32,767 characters"),
        ("half \ud83d", "no valid Unicode"),
        (float("nan"), "no cell can hold"),
        (float("-inf"), "no cell can hold"),
        (10**400, "no cell can hold"),
        (dt.date(1900, 2, 28), "before the first"),
        (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "time zone"),
    ],
)
def test_a_value_no_cell_can_hold_is_refused(cell: CellValue, why: str) -> None:
    with pytest.raises(TrackerUnusable, match=rf"Cell One!C2 .*{why}"):
        patch(EMPTY, {"One": {2: {3: cell}}})


def test_text_outside_the_encoding_becomes_character_references() -> None:
    latin = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>caf\u00e9</t></is></c></row>').replace(
        "UTF-8", "ISO-8859-1"
    )
    source = book("", more={"xl/worksheets/sheet1.xml": latin.encode("latin-1")})
    patched = patch(source, {"One": {1: {2: "Łódź"}}})
    read = openpyxl.load_workbook(io.BytesIO(patched))["One"]
    assert [cell.value for cell in read[1]] == ["café", "Łódź"]


def test_a_style_that_was_copied_on_another_day_is_used_again() -> None:
    source = book(sheet('<row r="1"><c r="A1" s="5"/><c r="B1" s="5"/></row>'))
    first_day = patch(source, {"One": {1: {1: dt.date(2026, 11, 23)}}})
    second_day = patch(first_day, {"One": {1: {2: dt.date(2026, 11, 24)}}})
    assert changed_parts(first_day, second_day) == {"xl/worksheets/sheet1.xml"}
    assert part(second_day).count('s="7"') == 2


# Style numbers are those of books.STYLES.
@pytest.mark.parametrize(
    ("style", "cell", "number_format"),
    [
        (0, dt.date(2026, 11, 23), 165),
        (5, dt.date(2026, 11, 23), 165),
        (4, dt.datetime(2026, 11, 23, 9, 30), 165),
        (3, dt.date(2026, 11, 23), 165),
        (1, 12.5, 0),
        (3, 12.5, 0),
        (6, 3, 0),
    ],
)
def test_a_style_that_would_mislead_is_copied_once(style: int, cell: CellValue, number_format: int) -> None:
    source = book(sheet(f'<row r="1"><c r="A1" s="{style}"/><c r="B1" s="{style}"/></row>'))
    patched = patch(source, {"One": {1: {1: cell, 2: cell}}})
    styles = part(patched, "xl/styles.xml")
    copy = styles.partition("</cellXfs>")[0].rpartition("<xf ")[2]
    assert 'cellXfs count="8"' in styles
    assert f'numFmtId="{number_format}"' in copy
    assert 'applyNumberFormat="1"' in copy
    assert ("wrapText" in copy) == (style == 5)
    before = styles.replace(f"<xf {copy}", "").replace('cellXfs count="8"', 'cellXfs count="7"')
    if isinstance(cell, dt.date):  # day first for every reader, which no built-in format is
        code = "dd/mm/yyyy hh:mm" if isinstance(cell, dt.datetime) else "dd/mm/yyyy"
        before = before.replace(f'<numFmt numFmtId="165" formatCode="{code}"/>', "")
        before = before.replace('numFmts count="2"', 'numFmts count="1"')
    assert before == STYLES
    assert part(patched).count('s="7"') == 2


@pytest.mark.parametrize(
    ("style", "cell"),
    [(1, dt.date(2026, 1, 1)), (6, dt.date(2026, 1, 1)), (2, dt.datetime(2026, 1, 1, 9)), (4, 0.5), (1, "text"),
     (3, True), (5, 7)],
)  # fmt: skip
def test_a_style_that_suits_stays(style: int, cell: CellValue) -> None:
    source = book(sheet(f'<row r="1"><c r="A1" s="{style}"><v>1</v></c></row>'))
    patched = patch(source, {"One": {1: {1: cell}}})
    assert changed_parts(source, patched) == {"xl/worksheets/sheet1.xml"}
    assert f's="{style}"' in part(patched)


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("dd/mm/yyyy", True),
        ("[$-809]d mmmm yyyy;@", True),
        ("mmm-yy", True),
        ("m/d/yy h:mm", True),
        ("yyyy", True),
        ("[Red]0.00", False),
        ('0 "days"', False),
        ("0\\d", False),
        ("h:mm:ss", False),
        ("[h]:mm", False),
        ("mm:ss.0", False),
        ("h:mm AM/PM", False),
        ("General", False),
        ("#,##0.00_d", False),
        ("[$£-809]#,##0.00", False),
        ("0.00E+00", False),
    ],
)
def test_a_number_format_shows_a_day_or_not(code: str, is_date: bool) -> None:
    styles = STYLES.replace("dd/mm/yyyy;@", code.replace('"', "&quot;"))
    source = book(sheet('<row r="1"><c r="A1" s="6"/></row>'), more={"xl/styles.xml": styles})
    patched = patch(source, {"One": {1: {1: dt.date(2026, 11, 23)}}})
    assert ('s="6"' in part(patched)) == is_date
    assert value(patched, 1, 1) == dt.date(2026, 11, 23)


def test_a_date_in_a_workbook_whose_plain_cells_show_dates() -> None:
    styles = STYLES.replace('<xf numFmtId="0" fontId="0"/>', '<xf numFmtId="164" fontId="0"/>')
    source = book(sheet('<row r="1"><c r="A1"/></row>'), more={"xl/styles.xml": styles})
    patched = patch(source, {"One": {1: {1: dt.date(2026, 11, 23), 2: dt.date(2026, 11, 24)}}})
    assert changed_parts(source, patched) == {"xl/worksheets/sheet1.xml"}
    assert [value(patched, 1, 1), value(patched, 1, 2)] == [dt.date(2026, 11, 23), dt.date(2026, 11, 24)]


def test_a_workbook_without_styles_takes_text_and_numbers_and_says_why_no_dates() -> None:
    links = ("rId1", "worksheet", "worksheets/sheet1.xml")
    bare = parts_of(sheet(), more={"xl/_rels/workbook.xml.rels": relations(links)})
    del bare["xl/styles.xml"]
    source = zipped(bare)
    patched = patch(source, {"One": {1: {1: "text", 2: 2.5}}})
    assert [value(patched, 1, 1), value(patched, 1, 2)] == ["text", 2.5]
    with pytest.raises(TrackerUnusable, match="no list of cell styles"):
        patch(source, {"One": {1: {1: dt.date(2026, 1, 1)}}})


def test_alternative_styles_are_counted_as_one_branch() -> None:
    alternative = (
        '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice Requires="x"><xf numFmtId="14"/></mc:Choice>'
        '<mc:Fallback><xf numFmtId="14"/></mc:Fallback></mc:AlternateContent>'
    )
    styles = STYLES.replace('<cellXfs count="7">', f'<cellXfs count="8">{alternative}')
    source = book(sheet('<row r="1"><c r="A1" s="0"/><c r="B1" s="1"/></row>'), more={"xl/styles.xml": styles})
    patched = patch(source, {"One": {1: {1: dt.date(2026, 1, 1), 2: dt.date(2026, 1, 1)}}})
    assert '<c r="A1" s="0"><v>' in part(patched)
    assert '<c r="B1" s="8"><v>' in part(patched)
    uneven = styles.replace("<mc:Fallback>", '<mc:Fallback><xf numFmtId="9"/>')
    with pytest.raises(TrackerUnusable, match="depend on the program"):
        patch(book(sheet(), more={"xl/styles.xml": uneven}), {"One": {1: {1: dt.date(2026, 1, 1)}}})


def test_a_link_is_a_formula_with_its_result_and_text_when_it_is_too_long() -> None:
    link = Link('Cases/CI-1/a "b" & c.docx', 'a "b" & c.docx')
    long = Link("x" * 256, "shown")
    patched = patch(book(sheet()), {"One": {1: {1: link, 2: long}}})
    assert values(patched, "One") == [[link.text, "shown"]]
    page = openpyxl.load_workbook(io.BytesIO(patched))["One"]
    assert page["A1"].value == '=HYPERLINK("Cases/CI-1/a ""b"" & c.docx","a ""b"" & c.docx")'
    assert page["B1"].data_type == "s"
    assert patch(patched, {"One": {1: {1: link, 2: long}}}) is patched
    assert values(patch(patched, {"One": {1: {1: "text"}}}), "One") == [["text", "shown"]]
