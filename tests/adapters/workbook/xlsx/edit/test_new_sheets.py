"""New worksheets: their parts are added, the three lists of parts grow, and nothing else changes."""

from __future__ import annotations

import io

import openpyxl
import pytest
import python_calamine

from scripts.adapters.workbook.xlsx import NewSheet, with_sheets
from tests.adapters.workbook.xlsx.books import (
    MAIN,
    OFFICE,
    PACKAGE,
    STRICT_MAIN,
    book,
    changed_parts,
    part,
    prefixed,
    relations,
    sheet,
    workbook_part,
)
from tracker_schema.errors import TrackerUnusable

RULE = (
    b'<dataValidation type="list" allowBlank="1" sqref="B3:B20"><formula1>\'The lists\'!$A$1:$A$2</formula1>'
    b"</dataValidation>"
)
ADDED = [
    NewSheet(
        "R&D",
        [[("What a row is <&>", 0), (None, 0)], [("Reference", 5), ("Document", 5)], [(None, 0), ("=1+1", 0)]],
        [(16, 0), (30, 1)],
        2,
        [RULE],
    ),
    NewSheet("The lists", [[("one", 0)], [("two", 0)]], is_hidden=True),
]
LISTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
ROWS = '<row r="1"><c r="A1"><v>1</v></c></row>'


def names_read(data: bytes) -> list[str]:
    """Return the names of the sheets, which openpyxl and python-calamine must agree on."""
    names = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == names
    return names


def test_the_new_sheets_are_read_and_every_other_part_stays() -> None:
    source = book(sheet(ROWS), sheet())
    patched = with_sheets(source, ADDED)
    new = {"xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml"}
    assert changed_parts(source, patched) == LISTS | new
    assert names_read(patched) == ["One", "Two", "R&D", "The lists"]
    workbook = openpyxl.load_workbook(io.BytesIO(patched))
    page = workbook["R&D"]
    assert [cell.value for row in page.iter_rows() for cell in row if cell.value] == [
        "What a row is <&>",
        "Reference",
        "Document",
        "=1+1",
    ]
    assert page["B3"].data_type == "s"  # text stays text
    assert page["A2"].font.b
    assert (page.freeze_panes, page.column_dimensions["B"].width) == ("A3", 30)
    (rule,) = page.data_validations.dataValidation
    assert rule.formula1 == "'The lists'!$A$1:$A$2"
    assert workbook["The lists"].sheet_state == "hidden"


@pytest.mark.parametrize(
    "workbook",
    [
        prefixed(workbook_part("One")),
        f'<workbook xmlns="{MAIN}"><sheets><sheet xmlns:q="{OFFICE}" name="One" sheetId="7" q:id="rId1"/></sheets>'
        "</workbook>",
    ],
    ids=["prefix", "the namespace of the links is declared on the sheet"],
)
def test_a_workbook_in_an_odd_spelling(workbook: str) -> None:
    source = book(sheet(ROWS), more={"xl/workbook.xml": workbook})
    assert names_read(with_sheets(source, ADDED)) == ["One", "R&D", "The lists"]


def test_a_strict_workbook_gets_a_strict_sheet() -> None:
    source = book(sheet(ROWS), more={"xl/workbook.xml": workbook_part("One").replace(MAIN, STRICT_MAIN)})
    assert f'<worksheet xmlns="{STRICT_MAIN}">' in part(with_sheets(source, ADDED), "xl/worksheets/sheet2.xml")


def test_names_and_numbers_that_are_taken_are_not_used_again() -> None:
    links = relations(
        ("RID1", "worksheet", "worksheets/Sheet2.xml"), ("rId9", "styles", "styles.xml"), ("rId3", "x", "y")
    )
    listed = workbook_part("One").replace('"rId1"', '"RID1"').replace('sheetId="1"', 'sheetId="12"')
    more = {"xl/workbook.xml": listed, "xl/_rels/workbook.xml.rels": links, "xl/worksheets/Sheet2.xml": sheet(ROWS)}
    source = book(sheet(), more=more)
    patched = with_sheets(source, ADDED)
    assert names_read(patched) == ["One", "R&D", "The lists"]
    assert 'sheetId="13"' in part(patched, "xl/workbook.xml")
    assert changed_parts(source, patched) == LISTS | {"xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml"}


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"xl/workbook.xml": workbook_part("r&amp;d ")}, "has a sheet “R&D” already"),
        (
            {"xl/workbook.xml": workbook_part("One", inside='<workbookProtection lockStructure="1"/>')},
            "The structure of the workbook is protected",
        ),
        (
            {
                "xl/_rels/workbook.xml.rels": relations(
                    ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "revisionHeaders", "revisions/r.xml")
                ),
                "xl/revisions/r.xml": "<headers/>",
            },
            "shared in Excel's old way",
        ),
        ({"_xmlsignatures/sig1.xml": f'<a xmlns="{PACKAGE}"/>'}, "digitally signed"),
    ],
    ids=["name", "protected", "shared", "signed"],
)
def test_refused_with_a_reason(more: dict[str, str | bytes], why: str) -> None:
    with pytest.raises(TrackerUnusable, match=why):
        with_sheets(book(sheet(ROWS), more=more), ADDED)


@pytest.mark.parametrize("name", ["A" * 32, "a/b"])
def test_a_name_that_excel_does_not_take(name: str) -> None:
    with pytest.raises(TrackerUnusable, match="does not take"):
        with_sheets(book(sheet(ROWS)), [NewSheet(name, [])])
