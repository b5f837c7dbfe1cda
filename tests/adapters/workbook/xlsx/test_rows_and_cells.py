"""Cells are found, replaced and put in order, however a program wrote the sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from scripts.adapters.workbook.xlsx import CellValue, archive, patch, sheet_reader
from tests.adapters.workbook.xlsx.books import (
    MAIN,
    OFFICE,
    STRICT_MAIN,
    STRICT_OFFICE,
    book,
    changed_parts,
    part,
    parts_of,
    sheet,
    value,
    values,
    zipped,
)
from tracker_schema.errors import TrackerUnusable

SHEET = "xl/worksheets/sheet1.xml"
Cells = Mapping[int, Mapping[int, CellValue]]


def rows_after(rows: str, cells: Cells) -> str:
    """The rows of a sheet once cells are written into it; nothing else may have changed."""
    source = book(sheet(rows))
    patched = patch(source, {"One": cells})
    assert changed_parts(source, patched) == {SHEET}
    before, _, rest = part(patched).partition("<sheetData>")
    new, _, after = rest.partition("</sheetData>")
    assert (before, after) == (sheet().partition("<sheetData>")[0], "</worksheet>")
    return new


def text(address: str, content: str, style: str = "") -> str:
    return f'<c r="{address}"{style} t="inlineStr"><is><t>{content}</t></is></c>'


@pytest.mark.parametrize(
    ("rows", "cells", "expected"),
    [
        # nothing there yet
        ("", {2: {2: "x"}}, f'<row r="2">{text("B2", "x")}</row>'),
        ("", {2: {2: None}, 3: {1: 1}}, '<row r="3"><c r="A3"><v>1</v></c></row>'),
        ('<row r="2"/>', {2: {2: "x"}}, f'<row r="2">{text("B2", "x")}</row>'),
        ('<row r="2" ht="20" />', {2: {2: "x"}}, f'<row r="2" ht="20">{text("B2", "x")}</row>'),
        ('<row r="2"></row>', {2: {2: "x"}}, f'<row r="2">{text("B2", "x")}</row>'),
        # before, between and after cells; before, between and after rows
        (
            '<row r="3"><c r="B3"><v>1</v></c><c r="D3"><v>2</v></c></row>',
            {3: {1: "a", 3: "c", 5: "e"}},
            f'<row r="3">{text("A3", "a")}<c r="B3"><v>1</v></c>{text("C3", "c")}<c r="D3"><v>2</v></c>'
            f"{text('E3', 'e')}</row>",
        ),
        (
            '<row r="2"><c r="A2"/></row><row r="4"/>',
            {1: {1: "a"}, 3: {1: "c"}, 5: {1: "e"}},
            f'<row r="1">{text("A1", "a")}</row><row r="2"><c r="A2"/></row><row r="3">{text("A3", "c")}</row>'
            f'<row r="4"/><row r="5">{text("A5", "e")}</row>',
        ),
        # the same letters at the start of another address
        (
            '<row r="1"><c r="A1"><v>1</v></c><c r="AA1"><v>2</v></c></row>',
            {1: {27: "x", 2: "y"}},
            f'<row r="1"><c r="A1"><v>1</v></c>{text("B1", "y")}{text("AA1", "x")}</row>',
        ),
        # the type and value go, the style stays
        (
            '<row r="1"><c r="A1" s="5" t="s"><v>0</v></c><c r="B1" s="5" t="b"><v>1</v></c></row>',
            {1: {1: 2, 2: None}},
            '<row r="1"><c r="A1" s="5"><v>2</v></c><c r="B1" s="5"/></row>',
        ),
        # attributes in another order, other quotes, a line break, one that nobody knows
        (
            """<row spans='1:2' r='1'><c t='n' s='5'\n r='A1'><v>1</v></c ><c  r="B1" ph="1" cm="1" vm="2"/></row >""",
            {1: {1: "x", 2: 3}},
            """<row spans='1:2' r='1'><c\n r='A1' s="5" t="inlineStr"><is><t>x</t></is></c>"""
            """<c  r="B1" ph="1"><v>3</v></c></row >""",
        ),
        # a > inside an attribute
        (
            '<row r="1" x="a>b"><c r="A1" y=">"><v>1</v></c></row>',
            {1: {1: 2}},
            '<row r="1" x="a>b"><c r="A1" y=">"><v>2</v></c></row>',
        ),
        # no addresses at all
        (
            "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
            {1: {2: "x"}, 2: {1: 4, 3: "z"}, 3: {1: "n"}},
            f'<row><c><v>1</v></c><c t="inlineStr"><is><t>x</t></is></c></row>'
            f'<row><c><v>4</v></c>{text("C2", "z")}</row><row r="3">{text("A3", "n")}</row>',
        ),
        # some addresses
        (
            '<row r="2"><c><v>1</v></c><c r="D2"/><c><v>3</v></c></row><row><c r="B3"/></row>',
            {2: {3: "x", 5: 5}, 3: {1: "y"}},
            f'<row r="2"><c><v>1</v></c>{text("C2", "x")}<c r="D2"/><c><v>5</v></c></row>'
            f'<row>{text("A3", "y")}<c r="B3"/></row>',
        ),
        # white space between cells, and rich text whose tags begin like a cell's
        (
            '<row r="1">\n  <c r="A1" t="inlineStr"><is><r><rPr><color/></rPr><t>rich</t></r></is></c>\n</row>\n',
            {1: {1: "x", 2: "y"}},
            f'<row r="1">\n  {text("A1", "x")}{text("B1", "y")}\n</row>\n',
        ),
        # an extension behind the cells of a row
        (
            '<row r="1"><c r="A1"/><extLst><ext uri="{1}"><c r="Z9"/></ext></extLst></row>',
            {1: {2: "y"}},
            f'<row r="1"><c r="A1"/>{text("B1", "y")}<extLst><ext uri="{{1}}"><c r="Z9"/></ext></extLst></row>',
        ),
        # spans reach over what is inserted
        (
            '<row r="1" spans="2:3" ht="9"><c r="B1"/></row>',
            {1: {1: 1, 7: 7}},
            '<row r="1" spans="1:7" ht="9"><c r="A1"><v>1</v></c><c r="B1"/><c r="G1"><v>7</v></c></row>',
        ),
        (
            '<row r="1" spans="1:5 9:12"><c r="A1"/></row>',
            {1: {20: 1}},
            '<row r="1" spans="1:20"><c r="A1"/><c r="T1"><v>1</v></c></row>',
        ),
        # a new cell has the style of its row
        (
            '<row r="1" s="5" customFormat="1"><c r="A1"/></row><row r="2" s="5"><c r="A2"/></row>',
            {1: {2: 1}, 2: {2: 1}},
            '<row r="1" s="5" customFormat="1"><c r="A1"/><c r="B1" s="5"><v>1</v></c></row>'
            '<row r="2" s="5"><c r="A2"/><c r="B2"><v>1</v></c></row>',
        ),
    ],
)
def test_cells_are_inserted_in_order(rows: str, cells: Cells, expected: str) -> None:
    assert rows_after(rows, cells) == expected


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {1: {}},
        {1: {1: None}, 7: {3: None}},
        {1: {2: None}},
        {1: {3: "same"}},
        {1: {4: 5}},
        {1: {5: True}},
    ],
)
def test_the_very_same_bytes_come_back_when_nothing_changes(cells: Cells) -> None:
    rows = f'<row r="1"><c r="A1" s="5"/><c r="B1"></c>{text("C1", "same")}<c r="D1"><v>5</v></c></row>'
    source = book(sheet(rows.replace("</row>", '<c r="E1" t="b"><v>1</v></c></row>')))
    assert patch(source, {"One": cells}) is source


def test_no_edits_at_all() -> None:
    source = book(sheet())
    assert patch(source, {}) is source
    assert patch(source, {"One": {}}) is source


def test_a_second_patch_of_the_same_values_changes_nothing() -> None:
    cells: dict[str, Cells] = {"One": {2: {1: "Overdue", 2: dt.date(2026, 11, 23), 3: -4, 4: None}}}
    once = patch(book(sheet()), cells)
    assert patch(once, cells) is once


def test_a_new_cell_has_the_style_of_its_row_or_column() -> None:
    before = '<cols><col min="1" max="2" width="9" style="5"/><col min="4" max="16384" width="9" style="4"/></cols>'
    patched = patch(book(sheet(before=before)), {"One": {1: {1: 1, 3: 1, 9: 1}}})
    assert '<c r="A1" s="5"><v>1</v></c><c r="C1"><v>1</v></c><c r="I1" s="4"><v>1</v></c>' in part(patched)


@pytest.mark.parametrize(
    ("dimension", "after"),
    [("A1", "A1:C4"), ("B2:D9", "A2:D9"), ("A1:Z99", "A1:Z99"), ("C4", "A4:C4")],
)
def test_the_dimension_reaches_over_what_is_written(dimension: str, after: str) -> None:
    before = f'<sheetPr/><dimension ref="{dimension}"/><sheetViews/>'
    patched = patch(book(sheet(before=before)), {"One": {4: {1: "x", 3: "y"}, 50: {50: None}}})
    assert f'<sheetPr/><dimension ref="{after}"/><sheetViews/>' in part(patched)


def test_a_sheet_of_prefixed_elements() -> None:
    prefixed = (
        f'\ufeff<?xml version="1.0" encoding="utf-8"?><x:worksheet xmlns:x="{MAIN}"><x:dimension ref="A1" />'
        '<x:sheetData><x:row r="1"><x:c r="A1" t="b"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    source = book("", more={SHEET: prefixed})
    patched = patch(source, {"One": {1: {1: "x", 2: 2}, 2: {1: dt.date(2026, 1, 2)}}})
    assert values(patched) == [["x", 2.0], [dt.date(2026, 1, 2), ""]]
    assert changed_parts(source, patched) == {SHEET, "xl/styles.xml"}
    assert '<x:dimension ref="A1:B2" />' in part(patched)
    assert '<x:c r="A1" t="inlineStr"><x:is><x:t>x</x:t></x:is></x:c>' in part(patched)


def test_an_empty_element_for_the_rows_is_filled() -> None:
    closed = sheet().replace("<sheetData></sheetData>", "<sheetData />")
    source = book(closed)
    patched = patch(source, {"One": {2: {2: "x"}}})
    assert part(patched) == closed.replace(
        "<sheetData />", f'<sheetData ><row r="2">{text("B2", "x")}</row></sheetData>'
    )
    assert patch(source, {"One": {2: {2: None}}}) is source


def test_a_strict_workbook_stays_strict() -> None:
    strict = {
        name: content.replace(MAIN, STRICT_MAIN).replace(OFFICE, STRICT_OFFICE) if isinstance(content, str) else content
        for name, content in parts_of(sheet('<row r="1"><c r="A1" t="d"><v>2026-11-23</v></c></row>')).items()
    }
    patched = patch(zipped(strict), {"One": {1: {2: dt.date(2026, 11, 24), 3: "x"}}})
    assert values(patched) == [[dt.date(2026, 11, 23), dt.date(2026, 11, 24), "x"]]
    assert MAIN not in part(patched)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ('<row r="2"/><row r="1"/>', "row 1 of sheet 'One' is out of order"),
        ('<row r="2"/><row r="2"/>', "row 2 of sheet 'One' is out of order"),
        ('<row r="1"><c r="B1"/><c r="A1"/></row>', "cell out of order"),
        ('<row r="1"><c r="A1"/><c r="A1"/></row>', "cell out of order"),
        ('<row r="1"><c r="A2"/></row>', "cell out of order"),
        ('<row r="1"><c r="1A"/></row>', "cell out of order"),
        ('<row r="1"><!-- <c r="A1"/> --></row>', "comments"),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[x]]></t></is></c></row>', "comments"),
        ("<row r='x'/>", "no number"),
    ],
)
def test_rows_that_make_no_sense_are_refused(rows: str, why: str) -> None:
    with pytest.raises(TrackerUnusable, match=why):
        patch(book(sheet(rows)), {"One": {1: {1: "x"}}})


@pytest.mark.parametrize("cells", [{0: {1: "x"}}, {1: {0: "x"}}, {1_048_577: {1: "x"}}, {1: {16_385: "x"}}])
def test_a_cell_outside_the_sheet_is_refused(cells: Cells) -> None:
    with pytest.raises(TrackerUnusable, match="beyond XFD1048576"):
        patch(book(sheet()), {"One": cells})


def test_the_last_cell_of_the_sheet_can_be_written() -> None:
    assert '<c r="XFD1048576"><v>1</v></c>' in part(patch(book(sheet()), {"One": {1_048_576: {16_384: 1}}}))


def test_merged_cells() -> None:
    merged = '<mergeCells count="2"><mergeCell ref="B2:C3"/><mergeCell ref="A9:A2000"/></mergeCells>'
    source = book(sheet(after=merged))
    assert value(patch(source, {"One": {2: {2: "top left"}, 4: {2: "below"}}}), 2, 2) == "top left"
    assert patch(source, {"One": {3: {3: None}}}) is source
    for row, column, cell in ((2, 3, "C2"), (3, 2, "B3"), (1000, 1, "A1000")):
        with pytest.raises(TrackerUnusable, match=f"Cell One!{cell} is inside the merged cells"):
            patch(source, {"One": {row: {column: "x"}}})


def test_a_cell_of_a_pivot_table_is_refused() -> None:
    links = '<Relationship Id="rId1" Type="t/pivotTable" Target="../pivotTables/pivotTable1.xml"/>'
    source = book(
        sheet(),
        more={
            "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="urn:r">{links}</Relationships>',
            "xl/pivotTables/pivotTable1.xml": '<pivotTableDefinition><location ref="B3:D9"/></pivotTableDefinition>',
        },
    )
    with pytest.raises(TrackerUnusable, match="Cell One!C4 is inside a pivot table"):
        patch(source, {"One": {4: {3: "x"}}})
    assert value(patch(source, {"One": {2: {3: "x"}}}), 2, 3) == "x"


def test_an_unknown_sheet_is_named() -> None:
    with pytest.raises(TrackerUnusable, match="no worksheet 'Incidents'"):
        patch(book(sheet()), {"Incidents": {1: {1: "x"}}})


def test_several_sheets_in_one_patch() -> None:
    source = book(sheet(), sheet(), sheet())
    patched = patch(source, {"One": {1: {1: "x"}}, "Three": {2: {1: dt.date(2026, 1, 2)}}})
    assert changed_parts(source, patched) == {SHEET, "xl/worksheets/sheet3.xml", "xl/styles.xml"}
    assert (value(patched, 1, 1), value(patched, 2, 1, "Three")) == ("x", dt.date(2026, 1, 2))


def test_many_rows_without_cells_are_not_one_long_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PIECE", 1_000)
    monkeypatch.setattr(sheet_reader, "_LONGEST_STRETCH", 5_000)
    source = book(sheet("".join(f'<row r="{row}" ht="15" customHeight="1"/>' for row in range(1, 1_000))))
    assert value(patch(source, {"One": {500: {1: "x"}}}), 500, 1) == "x"


def test_a_row_longer_than_what_is_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PIECE", 100_000)
    long_text = "made up " * 4_000
    rows = "".join(
        f'<row r="{row}">'
        + "".join(text(f"{letter}{row}", long_text) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        + "</row>"
        for row in (1, 2, 3, 4)
    )
    source = book(sheet(rows))
    patched = patch(source, {"One": {3: {2: "x", 30: "y"}}})
    assert (value(patched, 3, 2), value(patched, 3, 30)) == ("x", "y")
    assert value(patched, 4, 26) == long_text.strip()
    assert len(part(patched)) == len(part(source)) - len(long_text) + len("x") + len(text("AD3", "y"))
