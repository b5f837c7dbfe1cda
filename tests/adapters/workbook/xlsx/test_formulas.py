"""Which formulas may be replaced, and that Excel recalculates the rest."""

from __future__ import annotations

import pytest

from scripts.adapters.workbook.xlsx import NewColumn, Package, patch
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
    workbook_part,
)
from tracker_schema.errors import TrackerUnusable

SHEET = "xl/worksheets/sheet1.xml"
CHAIN = "xl/calcChain.xml"
FORMULA = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>A1</f><v>2</v></c></row>'


def chained(entries: str, *sheets: str, workbook: str | None = None) -> bytes:
    links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    names = ["One", "Two", "Three"][: len(sheets)]
    return book(
        *sheets,
        more={
            CHAIN: f'<calcChain xmlns="{MAIN}">{entries}</calcChain>',
            "xl/workbook.xml": workbook or workbook_part(*names),
            "xl/_rels/workbook.xml.rels": relations(
                *links, ("rId9", "styles", "styles.xml"), ("rId8", "calcChain", "calcChain.xml")
            ),
        },
    )


def test_a_replaced_formula_leaves_the_chain() -> None:
    source = chained('<c r="A1" i="1" l="1"/><c r="B1"/>', sheet(FORMULA))
    patched = patch(source, {"One": {1: {1: "text"}}})
    assert changed_parts(source, patched) == {SHEET, CHAIN, "xl/workbook.xml"}
    assert '<c r="B1" i="1"/></calcChain>' in part(patched, CHAIN)
    assert value(patched, 1, 1) == "text"
    assert "<f>A1</f>" in part(patched)


def test_an_empty_chain_leaves_the_workbook() -> None:
    source = chained('<c r="A1" i="1"/><c r="B1" i="1"></c>', sheet(FORMULA))
    patched = patch(source, {"One": {1: {1: None, 2: 3}}})
    assert changed_parts(source, patched) == {
        SHEET, CHAIN, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
    }  # fmt: skip
    assert CHAIN not in parts(patched)
    for listing in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        assert "calcChain" not in part(patched, listing)
        assert "styles.xml" in part(patched, listing)
    assert Package.open(patched).sheet_names == ["One"]


def test_the_chain_names_its_sheet_only_once_in_a_row() -> None:
    source = chained('<c r="A1" i="2"/><c r="B1"/><c r="A1" i="1"/><c r="B1"/>', sheet(FORMULA), sheet(FORMULA))
    patched = patch(source, {"One": {1: {1: 1}}, "Two": {1: {2: 1}}})
    assert '<c r="A1" i="2"/><c r="B1" i="1"/></calcChain>' in part(patched, CHAIN)


def test_writing_beside_formulas_leaves_the_chain_alone() -> None:
    source = chained('<c r="A1" i="1"/><c r="B1" i="1"/>', sheet(FORMULA))
    assert changed_parts(source, patch(source, {"One": {1: {3: 1}}})) == {SHEET, "xl/workbook.xml"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '<calcPr fullCalcOnLoad="1"/>'),
        ('<calcPr calcId="191029"/>', '<calcPr calcId="191029" fullCalcOnLoad="1"/>'),
        ("<calcPr iterate='1' fullCalcOnLoad='0' x='1'/>", "<calcPr iterate='1' fullCalcOnLoad=\"1\" x='1'/>"),
        ("<definedNames><definedName name='n'>1</definedName></definedNames><extLst/>",
         "<definedNames><definedName name='n'>1</definedName></definedNames><calcPr fullCalcOnLoad=\"1\"/><extLst/>"),
        ("<oleSize/><extLst><calcPr/></extLst>", '<calcPr fullCalcOnLoad="1"/><oleSize/><extLst><calcPr/></extLst>'),
    ],
)  # fmt: skip
def test_excel_recalculates_on_opening(before: str, after: str) -> None:
    source = book(sheet(FORMULA), more={"xl/workbook.xml": workbook_part("One", after=before)})
    assert part(patch(source, {"One": {5: {1: 1}}}), "xl/workbook.xml") == workbook_part("One", after=after)


def test_a_formula_on_another_sheet_counts() -> None:
    source = book(sheet(), sheet(FORMULA.replace("<f>", '<f ca="1">')))
    assert "fullCalcOnLoad" in part(patch(source, {"One": {5: {1: 1}}}), "xl/workbook.xml")


def test_without_formulas_or_changes_the_workbook_part_stays() -> None:
    plain = book(sheet('<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><family/></rPr><t>f</t></r></is></c></row>'))
    assert changed_parts(plain, patch(plain, {"One": {5: {1: 1}}})) == {SHEET}
    with_formula = book(sheet(FORMULA))
    assert patch(with_formula, {"One": {1: {5: None}}}) is with_formula


@pytest.mark.parametrize(
    "formula",
    ['<f t="shared" ref="A1:A9" si="0">B1</f>', '<f t="array" ref="A1">B1</f>', '<f t="dataTable" ref="A1:B2"/>',
     "<f\n t='shared' ref='A1:A9' si='0'>B1</f>"],
)  # fmt: skip
@pytest.mark.parametrize("cell", ["x", None])
def test_a_formula_that_others_share_is_refused(formula: str, cell: str | None) -> None:
    source = book(sheet(f'<row r="1"><c r="A1">{formula}<v>1</v></c></row>'))
    with pytest.raises(TrackerUnusable, match="Cell One!A1 holds a formula that other cells share"):
        patch(source, {"One": {1: {1: cell}}})


def test_one_that_shares_a_formula_may_be_replaced() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    patched = patch(chained('<c r="A1" i="1"/><c r="A2" i="1"/>', sheet(rows)), {"One": {2: {1: "x"}}})
    assert "A2" not in part(patched, CHAIN)
    assert value(patched, 2, 1) == "x"


@pytest.mark.parametrize("kind", ["array", "dataTable"])
def test_the_range_of_an_array_formula_is_refused(kind: str) -> None:
    rows = (
        f'<row r="2"><c r="B2"><f t="{kind}" ref="B2:C4">x</f><v>1</v></c></row><row r="3"><c r="B3"><v>1</v></c></row>'
    )
    source = book(sheet(rows))
    for row, column in ((2, 3), (3, 2), (4, 3)):
        with pytest.raises(TrackerUnusable, match="inside the range of an array formula"):
            patch(source, {"One": {row: {column: "x"}}})
    for row, column in ((1, 2), (3, 1), (2, 4), (5, 2)):
        assert value(patch(source, {"One": {row: {column: "x"}}}), row, column) == "x"


def test_a_column_cannot_be_added_across_an_array_formula() -> None:
    rows = '<row r="1"><c r="A1"><f t="array" ref="A1:B2">x</f><v>1</v></c></row>'
    with pytest.raises(TrackerUnusable, match="One!B1 is inside the range of an array formula"):
        patch(book(sheet(rows)), {}, [NewColumn("One", 1, 2, "Status")])


@pytest.mark.parametrize(
    ("cell", "unresolved"),
    [
        ('<c r="B2"><f>1</f></c>', True),
        ('<c r="B2"><f>1</f><v></v></c>', True),
        ('<c r="B2"><f>1</f><v/></c>', True),
        ('<c r="B2"><f t="shared" si="0"/></c>', True),
        ('<c r="B2" t="str"><f>1</f></c>', True),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', False),
        ('<c r="B2" t="str"><f>""</f><v/></c>', False),
        ('<c r="B2"><f>1</f><v>0</v></c>', False),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', False),
        ('<c r="B2"><v>0</v></c>', False),
        ('<c r="B2"/>', False),
        ("<c r='B2'><f >1</f ></c >", True),
    ],
)
def test_formulas_without_a_result_are_found(cell: str, unresolved: bool) -> None:
    sound = '<c r="{}"><f>1</f><v>1</v></c>'
    rows = f'<row r="1">{sound.format("A1")}</row><row r="2"><c r="A2"/>{cell}{sound.format("C2")}</row>'
    expected = {(2, 2)} if unresolved else set()
    assert Package.open(book(sheet(rows))).scan("One").formulas_without_result == expected
    assert Package.open(book(prefixed(sheet(rows)))).scan("One").formulas_without_result == expected


def test_formulas_without_a_result_are_found_in_cells_without_addresses() -> None:
    data = book(sheet("<row/><row><c/><c><f>1</f></c></row><row r='9'><c><f>2</f><v/></c></row>"))
    assert Package.open(data).scan("One").formulas_without_result == {(2, 2), (9, 1)}


@pytest.mark.parametrize(
    ("rows", "extent"),
    [
        ("", (0, 0)),
        ('<row r="9"><c r="C9" s="5"/></row>', (0, 0)),
        ('<row r="2"><c r="C2"><v>1</v></c></row><row r="9"><c r="B9"><v>1</v></c><c r="Z9" s="5"/></row>', (9, 3)),
        ('<row r="2"><c r="AB2" t="inlineStr"><is><t>x</t></is></c></row><row r="3"/>', (2, 28)),
        ('<row><c/></row><row><c/><c/><c><v>1</v></c><c/></row>', (2, 3)),
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', (1_048_576, 16_384)),
    ],
)  # fmt: skip
def test_the_extent_is_that_of_the_values(rows: str, extent: tuple[int, int]) -> None:
    assert Package.open(book(sheet(rows))).scan("One").extent == extent


def test_error_cells_are_found() -> None:
    rows = (
        '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C1"/></row>'
        "<row r='3'><c t='e' r='D3'><v>#N/A</v></c><c r='E3' t='str'><v>#N/A</v></c><c r='F3' t='e'/></row>"
    )
    package = Package.open(book(sheet(rows)))
    assert package.scan("One").error_cells == {(1, 1): "#REF!", (1, 2): "#DIV/0!", (3, 4): "#N/A", (3, 6): ""}
    assert value(book(sheet(rows)), 1, 1) == ""
