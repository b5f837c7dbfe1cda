"""Rows are added right below a log: its table grows; formats, drop-downs, filters and colours are extended."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import openpyxl
import pytest

from scripts.adapters.workbook.xlsx import CellValue, NewRow, Package, Table, patch
from scripts.adapters.workbook.xlsx.formulas import can_be_copied_down
from scripts.adapters.workbook.xlsx.range_ends import rules_without_range
from tests.adapters.workbook.xlsx.books import (
    MAIN,
    book,
    changed_parts,
    part,
    parts,
    prefixed,
    relations,
    sheet,
    value,
    values,
    workbook_part,
)
from tests.adapters.workbook.xlsx.edit.test_new_columns import TABLE, book_with_tables, table_part
from tests.adapters.workbook.xlsx.test_untouched import tracker
from tracker_schema.errors import TrackerUnusable

SHEET = "xl/worksheets/sheet1.xml"
ROWS = (
    '<row r="1" spans="1:3"><c r="A1" s="5"><v>1</v></c><c r="B1" s="5"><v>2</v></c><c r="C1" s="5"><v>3</v></c></row>'
    '<row r="2" spans="1:3"><c r="A2" s="4"><v>1</v></c><c r="B2" s="6"><v>46000</v></c></row>'
    '<row r="3" spans="1:3" s="5" customFormat="1" ht="30" customHeight="1" hidden="1" outlineLevel="1">'
    '<c r="A3" s="4"><v>2</v></c><c r="B3" s="6"/></row>'
)
NEXT = NewRow("One", 4, 3, 1, 3)


def added(source: bytes, cells: dict[int, dict[int, CellValue]] | None = None, *rows: NewRow) -> bytes:
    """The workbook with row 4 added, or those rows; `cells` are theirs."""
    return patch(source, {"One": cells or {4: {1: 9}}}, new_rows=rows or (NEXT,))


def row(data: bytes, number: int) -> str:
    found = re.search(rf'<row r="{number}"[^>]*?(?:/>|>.*?</row>)', part(data))
    return found[0] if found else ""


def log(after: str = "", rows: str = ROWS, before: str = "") -> bytes:
    return book(sheet(rows, after=after, before=before))


# How the new row is formatted


def test_a_new_row_is_formatted_like_the_row_above() -> None:
    patched = added(log())
    assert row(patched, 4) == (
        '<row r="4" s="5" customFormat="1" ht="30" customHeight="1"><c r="A4" s="4"><v>9</v></c><c r="B4" s="6"/></row>'
    )
    assert part(patched).replace(row(patched, 4), "") == part(log())


def test_values_get_the_format_of_their_cell_or_row() -> None:
    patched = added(log(), {4: {2: dt.date(2026, 11, 23), 3: "x"}})
    assert row(patched, 4).endswith(
        '<c r="A4" s="4"/><c r="B4" s="6"><v>46349</v></c><c r="C4" s="5" t="inlineStr"><is><t>x</t></is></c></row>'
    )


def test_a_height_that_excel_fitted_to_the_text_is_not_copied() -> None:
    rows = ROWS.replace(' customHeight="1"', "")
    assert row(added(log(rows=rows)), 4).startswith('<row r="4" s="5" customFormat="1"><c r="A4"')


def test_several_rows_are_formatted_like_the_last_one() -> None:
    rows = [NewRow("One", number, 3, 1, 3) for number in (4, 5, 6)]
    patched = added(log(), {number: {1: number} for number in (4, 5, 6)}, *rows)
    for number in (4, 5, 6):
        assert row(patched, number) == (
            f'<row r="{number}" s="5" customFormat="1" ht="30" customHeight="1">'
            f'<c r="A{number}" s="4"><v>{number}</v></c><c r="B{number}" s="6"/></row>'
        )


def test_only_the_columns_of_the_log_are_formatted() -> None:
    rows = ROWS.replace('<c r="B3" s="6"/>', '<c r="B3" s="6"/><c r="F3" s="4"><v>7</v></c>')
    assert "F4" not in row(added(log(rows=rows)), 4)


def test_a_prepared_row_stays_as_it_is() -> None:
    prepared = '<row r="4" spans="1:2" ht="20"><c r="A4" s="5"/><c r="B4" s="5"/></row>'
    patched = added(log(rows=ROWS + prepared))
    assert row(patched, 4) == prepared.replace('<c r="A4" s="5"/>', '<c r="A4" s="5"><v>9</v></c>')


def test_a_prepared_row_that_is_hidden_is_shown() -> None:
    prepared = '<row r="4" hidden="1" ht="20"><c r="A4" s="4"/></row>'
    assert row(added(log(rows=ROWS + prepared)), 4).startswith('<row r="4" ht="20"><c r="A4" s="4"><v>9</v></c>')


def test_cells_beside_the_log_stay() -> None:
    prepared = '<row r="4"><c r="F4" s="4"><v>7</v></c></row>'
    patched = added(log(rows=ROWS + prepared))
    assert row(patched, 4) == (
        '<row r="4"><c r="A4" s="4"><v>9</v></c><c r="B4" s="6"/><c r="F4" s="4"><v>7</v></c></row>'
    )


def test_the_first_row_of_an_empty_log() -> None:
    source = log(rows=ROWS.partition('<row r="2"')[0])
    patched = added(source, {2: {1: 9}}, NewRow("One", 2, None, 1, 3))
    assert row(patched, 2) == '<row r="2"><c r="A2"><v>9</v></c></row>'


def test_a_sheet_with_a_prefix() -> None:
    source = book(prefixed(sheet(ROWS, after='<dataValidations><dataValidation sqref="A2:A3"/></dataValidations>')))
    patched = part(added(source))
    assert '<x:row r="4" s="5" customFormat="1" ht="30" customHeight="1"><x:c r="A4" s="4">' in patched
    assert 'sqref="A2:A4"' in patched


def test_the_extent_reaches_the_row() -> None:
    assert '<dimension ref="A1:C4"/>' in part(added(log(before='<dimension ref="A1:C3"/>')))


# Where it goes


@pytest.mark.parametrize("content", ["<v>1</v>", "<is><t>Made up</t></is>", "<f>A1</f><v>1</v>"])
def test_cells_that_are_filled_are_not_overwritten(content: str) -> None:
    below = f'<row r="4"><c r="C4">{content}</c></row>'
    if "<f>" in content:
        assert value(added(log(rows=ROWS + below)), 4, 1) == 9.0
        below = f'<row r="4"><c r="B4">{content}</c></row>'
        with pytest.raises(
            TrackerUnusable,
            match="Cell One!B4 is not empty, but a new row is to go there, so nothing was written",
        ):
            added(book_with_tables(table_part(), rows=ROWS + below))
        return
    with pytest.raises(
        TrackerUnusable,
        match="Cell One!C4 is not empty, but a new row is to go there, so nothing was written",
    ):
        added(log(rows=ROWS + below))


def test_a_row_through_merged_cells_is_refused() -> None:
    with pytest.raises(
        TrackerUnusable,
        match=r"One!A4 starts a new row, .* the merged cells B4:C5, so nothing was written. Unmerge them",
    ):
        added(log(after='<mergeCells count="1"><mergeCell ref="B4:C5"/></mergeCells>'))


def test_a_row_into_another_table_is_refused() -> None:
    other = table_part("C4:D6", headings=("x", "y")).replace("Log", "Other").replace('id="1"', 'id="2"')
    with pytest.raises(
        TrackerUnusable, match=r"One!A4 starts a new row, .* the table 'Other', so nothing was written. Move that table"
    ):
        added(book_with_tables(table_part(), other, rows=ROWS))


def test_a_row_into_a_pivot_table_is_refused() -> None:
    links = '<Relationship Id="r1" Type="urn:x/pivotTable" Target="/xl/pivotTables/pivotTable1.xml"/>'
    source = book(
        sheet(ROWS),
        more={
            "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="urn:r">{links}</Relationships>',
            "xl/pivotTables/pivotTable1.xml": '<pivotTableDefinition><location ref="B4:D9"/></pivotTableDefinition>',
        },
    )
    with pytest.raises(TrackerUnusable, match="One!A4 starts a new row, which would run into a pivot table"):
        added(source)


# Tables


def test_only_the_extent_of_the_table_part_changes() -> None:
    source = book_with_tables(table_part(), rows=ROWS)
    patched = added(source)
    assert changed_parts(source, patched) == {SHEET, TABLE}
    assert part(patched, TABLE) == table_part(reference="A1:B4", filtered="A1:B4")
    assert Package.open(patched).tables("One") == [Table("Log", 1, 1, 4, 2, 1, 0)]


def test_a_table_with_empty_rows_at_its_end_keeps_its_extent() -> None:
    source = book_with_tables(table_part("A1:B9", filtered="A1:B9"), rows=ROWS)
    assert changed_parts(source, added(source)) == {SHEET}


def test_a_table_with_one_empty_row_grows_by_the_second() -> None:
    source = book_with_tables(table_part("A1:B4", filtered="A1:B4"), rows=ROWS)
    patched = added(source, {4: {1: 8}, 5: {1: 9}}, NEXT, NewRow("One", 5, 3, 1, 2))
    assert part(patched, TABLE) == table_part("A1:B5", filtered="A1:B5")


def test_a_table_that_ends_above_the_log_or_beside_it_is_left_alone() -> None:
    for reference in ("A1:B2", "D1:E3"):
        source = book_with_tables(table_part(reference, filtered=reference), rows=ROWS)
        assert changed_parts(source, added(source)) == {SHEET}


def test_a_totals_row_is_not_overwritten() -> None:
    source = book_with_tables(table_part("A1:B4", attributes=' totalsRowCount="1"'), rows=ROWS)
    with pytest.raises(TrackerUnusable, match=r"One!A4 is in the totals row of the table 'Log', .* (Write|Insert)"):
        added(source)
    with pytest.raises(
        TrackerUnusable, match=r"One!A4 is in the totals row of the table 'Log', .* Insert an empty row"
    ):
        patch(source, {"One": {}}, new_rows=[NEXT])


@pytest.mark.parametrize("kind", ["queryTable", "xml"])
def test_a_table_that_a_query_fills_is_refused(kind: str) -> None:
    source = book_with_tables(table_part(attributes=f' tableType="{kind}"'), rows=ROWS)
    with pytest.raises(TrackerUnusable, match=r"filled by a query, so no row can be added. Add the rows by hand"):
        added(source)


# What follows


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("A2:A3", "A2:A4"),
        ("A2:C3", "A2:C4"),
        ("A3", "A3:A4"),
        ("$A$2:$A$3", "A2:A4"),
        ("A2:A9", "A2:A9"),
        ("A:A", "A:A"),
        ("A1:C1", "A1:C1"),
        ("A2", "A2"),
        ("E2:E3", "E2:E3"),
        ("A1 B2:B3 $C$1", "A1 B2:B4 $C$1"),
        ("#REF!", "#REF!"),
        ("#REF! A2:A3", "#REF! A2:A4"),
    ],
)
def test_ranges_that_cover_the_last_row_are_extended(before: str, expected: str) -> None:
    after = (
        '<conditionalFormatting sqref="{0}" pivot="0"><cfRule type="cellIs" priority="1"><formula>1</formula></cfRule>'
        '</conditionalFormatting><dataValidations count="1"><dataValidation type="list" sqref="{0}">'
        "<formula1>Lists!$A$1:$A$3</formula1></dataValidation></dataValidations>"
        '<extLst><ext xmlns:x14="urn:x14" uri="a"><x14:conditionalFormattings><x14:conditionalFormatting '
        'xmlns:xm="urn:xm"><xm:sqref>{0}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext>'
        '<ext uri="b"><x14:dataValidations xmlns:x14="urn:x14" count="1"><x14:dataValidation type="list">'
        '<x14:formula1><xm:f xmlns:xm="urn:xm">Lists!$A$1</xm:f></x14:formula1><xm:sqref xmlns:xm="urn:xm">{1}'
        "</xm:sqref></x14:dataValidation></x14:dataValidations><!-- kept --></ext></extLst>"
    )
    beside = before.replace("A", "F").replace("B", "F").replace("C", "F")
    patched = added(log(after=after.format(before, beside)))
    assert part(patched).partition("</sheetData>")[2] == after.format(expected, beside) + "</worksheet>"


def test_a_range_that_cannot_be_read_is_reported() -> None:
    after = (
        '<conditionalFormatting sqref="#REF!"/><dataValidations count="2"><dataValidation sqref="A2:A3 #REF!"/>'
        '<dataValidation sqref="B2:B3"/></dataValidations>'
    )
    assert rules_without_range(Package.open(log(after=after)), "One") == [
        "a drop-down for #REF!",
        "a conditional format for #REF!",
    ]


def test_a_drop_down_of_newer_excel_is_extended_too() -> None:
    after = (
        '<extLst><ext uri="b"><x14:dataValidations xmlns:x14="urn:x14" count="1"><x14:dataValidation type="list">'
        '<xm:sqref xmlns:xm="urn:xm">B2:B3</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>'
    )
    assert part(added(log(after=after))).endswith(after.replace("B2:B3", "B2:B4") + "</worksheet>")


def test_two_drop_downs_do_not_overlap_afterwards() -> None:
    after = (
        '<dataValidations count="2"><dataValidation type="list" sqref="{}"/>'
        '<dataValidation type="list" sqref="B4:B99"/></dataValidations>'
    )
    patched = part(added(log(after=after.format("A2:C3"))))
    assert after.format("A2:C3 A4 C4") in patched


def test_the_filter_of_the_sheet_grows_with_its_hidden_name() -> None:
    names = (
        '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="{}" hidden="1">One!$A$1:$C${}'
        '</definedName><definedName name="Mine">One!$A$1:$C$3</definedName></definedNames>'
    )
    for sheet_number, last in ((0, 4), (1, 3)):
        source = book(
            sheet(ROWS, after='<autoFilter ref="A1:C3"><filterColumn colId="0"/></autoFilter>'),
            sheet(),
            more={"xl/workbook.xml": workbook_part("One", "Two", after=names.format(sheet_number, 3))},
        )
        patched = added(source)
        assert '<autoFilter ref="A1:C4"><filterColumn colId="0"/></autoFilter>' in part(patched)
        assert names.format(sheet_number, last) in part(patched, "xl/workbook.xml")


@pytest.mark.parametrize("reference", ["A1:C2", "A1:C9", "E1:F3"])
def test_a_filter_that_does_not_end_with_the_log_stays(reference: str) -> None:
    assert f'<autoFilter ref="{reference}"/>' in part(added(log(after=f'<autoFilter ref="{reference}"/>')))


def test_the_filter_of_an_empty_log_grows_but_not_rules_on_its_headings() -> None:
    after = '<autoFilter ref="A1:C1"/><conditionalFormatting sqref="A1:C1"/><conditionalFormatting sqref="A2:C2"/>'
    source = log(after=after, rows=ROWS.partition('<row r="2"')[0])
    rows = [NewRow("One", number, None, 1, 3) for number in (2, 3)]
    patched = part(added(source, {2: {1: 8}, 3: {1: 9}}, *rows))
    assert after.replace('"A1:C1"/><c', '"A1:C3"/><c', 1).replace("A2:C2", "A2:C3") in patched


# Formulas


CALCULATED = (
    f'<table xmlns="{MAIN}" id="1" name="Log" displayName="Log" ref="A1:B3"><tableColumns count="2">'
    '<tableColumn id="1" name="Reference"/><tableColumn id="2" name="Days"><calculatedColumnFormula>{}'
    "</calculatedColumnFormula></tableColumn></tableColumns></table>"
)
STRUCTURED = "IF(Log[[#This Row],[Reference]]&lt;5,&quot;a &amp; B2&quot;,$C$1)"


def calculated(formula: str, above: str, chain: str | None = None) -> bytes:
    links = '<Relationship Id="rId1" Type="urn:x/table" Target="../tables/table1.xml"/>'
    more: dict[str, str | bytes] = {
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="urn:r">{links}</Relationships>',
        "xl/tables/table1.xml": CALCULATED.format(formula),
    }
    if chain:
        more["xl/calcChain.xml"] = chain
        more["xl/_rels/workbook.xml.rels"] = relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId8", "calcChain", "calcChain.xml"),
            ("rId9", "styles", "styles.xml"),
        )
    rows = ROWS.replace('<c r="B3" s="6"/>', f'<c r="B3" s="6"><f>{above}</f><v>1</v></c>')
    return book(sheet(rows), more=more)


def test_the_formula_of_a_calculated_column_is_copied_down() -> None:
    chain = f'<calcChain xmlns="{MAIN}"><c r="B3" i="1"/></calcChain>'
    patched = added(calculated(STRUCTURED, STRUCTURED.replace("&quot;", '"'), chain))
    formula = STRUCTURED.replace("&gt;", ">")
    assert f'<c r="B4" s="6"><f>{formula}</f></c></row>' in row(patched, 4)
    assert part(patched, "xl/calcChain.xml") == chain.replace("</calcChain>", '<c r="B4" i="1"/></calcChain>')
    assert 'fullCalcOnLoad="1"' in part(patched, "xl/workbook.xml")


def test_a_value_replaces_the_formula_of_its_column() -> None:
    patched = added(calculated("Log[Reference]", "Log[Reference]"), {4: {2: "mine"}})
    assert '<c r="B4" s="6" t="inlineStr"><is><t>mine</t></is></c>' in row(patched, 4)


@pytest.mark.parametrize("above", ["TODAY()-A3", "Log[Other]", "Log[Reference]+1"])
def test_a_formula_that_differs_from_the_columns_is_not_copied(above: str) -> None:
    assert "<f>" not in row(added(calculated("Log[Reference]", above)), 4)


@pytest.mark.parametrize(
    ("formula", "carried"),
    [
        ("Log[[#This Row],[Date aware]]+1", True),
        ("IF(Log[[#This Row],[A1 B2]]=1,\"C3\",'My sheet 4'!$A$1)", True),
        ("LOG10(2)+TODAY()", True),
        ("NETWORKDAYS(Log[[#This Row],[x]],TODAY(),Lists!$A$1:$A$9)", True),
        ("A3+1", False),
        ("$A3+1", False),
        ("SUM(A$1:A3)", False),
        ("Other!b3", False),
        ("SUM(3:3)", False),
    ],
)
def test_a_formula_that_names_cells_of_its_row_is_not_copied_down(formula: str, carried: bool) -> None:
    assert can_be_copied_down(formula, formula) is carried
    assert not can_be_copied_down(None, formula)
    assert not can_be_copied_down(formula, None)


# The whole of it


def test_a_careful_log() -> None:
    source = tracker()
    cells: dict[int, dict[int, Any]] = {34: {1: "CI-031", 2: dt.date(2026, 11, 23), 3: "Death"}, 33: {3: "Other"}}
    patched = patch(source, {"Incidents": cells}, new_rows=[NewRow("Incidents", 34, 33, 1, 4)])
    assert changed_parts(source, patched) == {SHEET, TABLE, "xl/workbook.xml"} - (
        {"xl/workbook.xml"} if b"fullCalcOnLoad" in parts(source)["xl/workbook.xml"] else set()
    )
    before, after = values(source, "Incidents"), values(patched, "Incidents")
    assert after[:32] == before[:32]
    assert after[33] == ["CI-031", dt.date(2026, 11, 23), "Death", ""]
    read = openpyxl.load_workbook(io.BytesIO(patched))["Incidents"]
    assert read.tables["Log"].ref == read.tables["Log"].autoFilter.ref == "A3:D34"
    assert read["B34"].number_format == "dd/mm/yyyy"
    assert read["C5"].comment is not None
    old, new = part(source), part(patched)
    assert new.partition("</sheetData>")[2] == old.partition("</sheetData>")[2]  # its rules reach to row 200
