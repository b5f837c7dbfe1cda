"""Whatever is in a file, the result is a workbook or an error message, never a traceback."""

from __future__ import annotations

import datetime as dt
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.adapters.workbook.open_workbook import open_workbook
from scripts.adapters.workbook.xlsx import CellValue, NewColumn, Package, patch
from tests.adapters.workbook.xlsx.books import MAIN, parts, parts_of, relations, sheet, zipped
from tracker_schema.errors import TrackerUnusable

ROWS = (
    '<row r="1" spans="1:2"><c r="A1" t="inlineStr"><is><t>Reference</t></is></c><c r="B1" s="5"><f>1+1</f></c>'
    "</row>"
    '<row r="2"><c r="A2" s="1"><v>46000</v></c><c r="B2" t="e"><f t="shared" ref="B2:B3" si="0">A2</f>'
    "<v>#N/A</v></c></row>"
)
PARTS = parts_of(
    sheet(ROWS, before='<dimension ref="A1:B2"/><cols><col min="1" max="2" style="1"/></cols>',
          after='<autoFilter ref="A1:B2"/><mergeCells><mergeCell ref="F1:G2"/></mergeCells>'),
    more={
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            ("rId1", "table", "../tables/table1.xml"), ("rId2", "pivotTable", "../pivotTables/pivotTable1.xml")
        ),
        "xl/tables/table1.xml": f'<table xmlns="{MAIN}" id="1" displayName="T" ref="A1:B2"><autoFilter ref="A1:B2"/>'
        '<tableColumns count="2"><tableColumn id="1" name="Reference"/><tableColumn id="2" name="x"/></tableColumns>'
        "</table>",
        "xl/pivotTables/pivotTable1.xml": '<pivotTableDefinition><location ref="H1:I2"/></pivotTableDefinition>',
        "xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"><c r="B1" i="1"/><c r="B2"/></calcChain>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId9", "styles", "styles.xml"),
            ("rId8", "calcChain", "calcChain.xml"),
        ),
    },
)  # fmt: skip
TEXTS = {name: content if isinstance(content, bytes) else content.encode() for name, content in PARTS.items()}
SOURCE = zipped(TEXTS)

damaged_bytes = settings(max_examples=250, deadline=None)


def use(data: bytes) -> None:
    """Read and change everything; an error message must be sentences."""
    refused = ""
    try:
        package = Package.open(data)
        for name in package.sheet_names:
            package.tables(name)
            package.scan(name)
        cells: dict[int, dict[int, CellValue]] = {1: {2: "x"}, 2: {1: 5, 3: dt.date(2026, 1, 1)}, 4: {1: None, 2: True}}
        patched = patch(data, {"One": cells}, [NewColumn("One", 1, 3, "Status")])
        assert patched.startswith(b"PK")
    except TrackerUnusable as refusal:
        refused = str(refusal)
    assert refused.endswith(".") or not refused
    assert "\n" not in refused


def test_the_sound_file_can_be_used() -> None:
    patched = patch(SOURCE, {"One": {1: {2: "x"}}} | {"One": {2: {1: 5}}}, [NewColumn("One", 1, 3, "Status")])
    assert parts(patched).keys() == parts(SOURCE).keys()


@given(st.integers(0, len(SOURCE) - 1), st.integers(0, 255))
@damaged_bytes
def test_a_byte_of_the_file_is_wrong(at: int, byte: int) -> None:
    use(SOURCE[:at] + bytes([byte]) + SOURCE[at + 1 :])


@given(st.integers(0, len(SOURCE)), st.integers(0, 40))
@damaged_bytes
def test_a_piece_of_the_file_is_missing(at: int, length: int) -> None:
    use(SOURCE[:at] + SOURCE[at + length :])


@given(
    st.sampled_from(sorted(TEXTS)),
    st.floats(0, 1),
    st.integers(0, 12),
    st.sampled_from(
        ["", "<", ">", '"', "&", "x", "0", "-1", " ", "\0", "<c>", "</row>", "<row>", "<x:", "99999999", "é"]
    ),
)
@settings(max_examples=600, deadline=None)
def test_a_part_is_wrong(name: str, place: float, length: int, put: str) -> None:
    text = TEXTS[name]
    at = int(place * len(text))
    use(zipped({**TEXTS, name: text[:at] + put.encode() + text[at + length :]}, zipfile.ZIP_STORED))


@given(st.sampled_from(sorted(TEXTS)))
@settings(max_examples=30, deadline=None)
def test_a_part_is_missing(name: str) -> None:
    use(zipped({other: text for other, text in TEXTS.items() if other != name}))


@given(st.sampled_from(sorted(TEXTS)), st.sampled_from(["", " ", "<a/>", "<a><b/></a>", "text", "<worksheet/>"]))
@settings(max_examples=100, deadline=None)
def test_a_part_is_something_else(name: str, content: str) -> None:
    use(zipped({**TEXTS, name: content}))


ATTRIBUTES = ['ref="A1:B2"', 'id="1"', 'min="1"', 's="5"', 'count="7"', 'numFmtId="14"', 'i="1"', 'r="B1"',
              'spans="1:2"', 'sheetId="1"']  # fmt: skip


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("text", ["", "x", "-5", "9" * 30, "A1:", "B2:A1", "ZZZZ9", "1.5", "&#65;"])
def test_an_attribute_is_wrong(attribute: str, text: str) -> None:
    name = attribute.partition("=")[0]
    wrong = {part: content.replace(attribute.encode(), f'{name}="{text}"'.encode()) for part, content in TEXTS.items()}
    use(zipped(wrong))


def test_a_cell_in_a_column_that_no_sheet_has_is_refused_before_it_takes_all_memory() -> None:
    beyond = sheet('<row r="1"><c r="A1"><v>1</v></c><c r="ZZZZZZZZZZ1"><v>1</v></c></row>')
    with pytest.raises(TrackerUnusable, match="has a cell in a column that no sheet has"):
        open_workbook(zipped(parts_of(beyond)), "made up.xlsx").worksheet("One")


def test_rows_within_rows_are_refused_before_each_is_searched_through() -> None:
    """100,000 of them took minutes."""
    nested = sheet("<row>" * 100_000 + "</row>" * 100_000)
    with pytest.raises(TrackerUnusable, match=r"row 1 of sheet '\w+' has no end"):
        patch(zipped(parts_of(nested)), {"One": {1: {2: "x"}}}, [])
