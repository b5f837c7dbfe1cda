"""All other parts of a workbook stay byte for byte."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo

from scripts.adapters.workbook.xlsx import CellValue, NewColumn, patch
from tests.adapters.workbook.xlsx.books import book, changed_parts, part, parts, saved, sheet, values

SHEET = "xl/worksheets/sheet1.xml"


def tracker() -> bytes:
    """A log the way a careful person builds one in Excel: a table, drop-downs, notes, colours, a chart."""
    workbook = openpyxl.Workbook()
    log = workbook.active
    assert log is not None
    log.title = "Incidents"
    log["A1"] = "Serious incident log"
    log["A1"].font = Font(bold=True, size=16)
    log.merge_cells("A1:D1")
    log.append([])
    log.append(["Reference", "Date aware", "Outcome", "Days"])
    for number in range(1, 31):
        log.append(
            [f"CI-{number:03}", dt.date(2026, 1, number), "Death" if number % 3 else None, f"=TODAY()-B{number + 3}"]
        )
        log.cell(number + 3, 2).number_format = "dd/mm/yyyy"
    table = Table(displayName="Log", ref="A3:D33", tableStyleInfo=TableStyleInfo(name="TableStyleMedium2"))
    log.add_table(table)
    validation = DataValidation(type="list", formula1="Lists!$A$1:$A$3")
    validation.add("C4:C200")
    log.add_data_validation(validation)
    rule = CellIsRule(operator="greaterThan", formula=["4"], fill=PatternFill("solid", "FFFF0000"))  # type: ignore[no-untyped-call]
    log.conditional_formatting.add("D4:D200", rule)
    log["C5"].comment = Comment("made-up note", "A. Person")
    log.freeze_panes = "A4"
    log.column_dimensions["A"].width = 18
    log.sheet_view.zoomScale = 85
    log.protection.password = "made up"  # noqa: S105
    lists = workbook.create_sheet("Lists")
    for choice in ("Death", "Serious harm", "Other"):
        lists.append([choice])
    lists.sheet_state = "hidden"
    chart = BarChart()
    chart.add_data(Reference(log, min_col=4, min_row=3, max_row=33), titles_from_data=True)
    workbook.create_sheet("Chart").add_chart(chart, "B2")
    workbook.defined_names["Outcomes"] = DefinedName("Outcomes", attr_text="Lists!$A$1:$A$3")
    workbook.add_named_style(NamedStyle("Case", font=Font(italic=True)))
    return saved(workbook)


def test_a_careful_log() -> None:
    source = tracker()
    columns = [NewColumn("Incidents", 3, 5, "Status"), NewColumn("Incidents", 3, 6, "Next due")]
    cells: dict[int, dict[int, CellValue]] = {row: {5: "On track", 6: dt.date(2026, 12, 1)} for row in range(4, 34)}
    patched = patch(source, {"Incidents": cells}, columns)
    assert changed_parts(source, patched) == {SHEET, "xl/tables/table1.xml", "xl/styles.xml"}
    before, after = values(source, "Incidents"), values(patched, "Incidents")
    assert [row[:4] for row in after] == before
    assert after[2][4:] == ["Status", "Next due"]
    assert all(row[4:] == ["On track", dt.date(2026, 12, 1)] for row in after[3:])
    assert values(patched, "Lists") == values(source, "Lists")
    read = openpyxl.load_workbook(io.BytesIO(patched))
    assert read["Incidents"]["C5"].comment is not None
    assert read["Incidents"].tables["Log"].ref == "A3:F33"
    again = patch(patched, {"Incidents": cells})
    assert again is patched


def test_only_the_cells_of_the_sheet_change() -> None:
    source = tracker()
    patched = patch(source, {"Incidents": {10: {3: "Other"}}})
    old, new = part(source), part(patched)
    assert '<c r="C10" t="inlineStr"><is><t>Death</t>' in old
    start, end = old.index('<c r="C10"'), old.index('<c r="D10"')
    assert new == old[:start] + '<c r="C10" t="inlineStr"><is><t>Other</t></is></c>' + old[end:]


# Parts that other libraries lose, just good enough to be distinguished.
ODD_PARTS: dict[str, str | bytes] = {
    "xl/vbaProject.bin": bytes(range(256)) * 20,
    "xl/vbaProjectSignature.bin": b"signature",
    "xl/threadedComments/threadedComment1.xml": '<ThreadedComments><threadedComment ref="A1"/></ThreadedComments>',
    "xl/persons/person.xml": '<personList xmlns="urn:t"/>',
    "xl/slicers/slicer1.xml": "<slicers/>",
    "xl/slicerCaches/slicerCache1.xml": "<slicerCacheDefinition/>",
    "xl/pivotCache/pivotCacheDefinition1.xml": "<pivotCacheDefinition/>",
    "xl/ctrlProps/ctrlProp1.xml": "<formControlPr/>",
    "xl/media/image1.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "xl/drawings/vmlDrawing1.vml": "<xml><br></xml>",
    "xl/richData/rdrichvalue.xml": "<rvData/>",
    "xl/metadata.xml": "<metadata/>",
    "xl/printerSettings/printerSettings1.bin": b"\0\1",
    "xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0",
    "customXml/item1.xml": "\ufeff<x/>".encode("utf-16-le"),
    "docMetadata/LabelInfo.xml": '<clbl:labelList xmlns:clbl="urn:c"/>',
    "[trash]/0000.dat": b"",
    "xl/webextensions/": b"",
}

ODD_TAIL = (
    '<sheetProtection sheet="1" hashValue="x"/><autoFilter ref="A1:B2"/>'
    '<conditionalFormatting sqref="A1"><cfRule type="dataBar" priority="1"/></conditionalFormatting>'
    '<hyperlinks><hyperlink ref="A1" r:id="rId5"/></hyperlinks><legacyDrawing r:id="rId6"/>'
    '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice Requires="x14"><controls><control><anchor><from>'
    "<row>1</row></from>"
    "</anchor></control></controls></mc:Choice></mc:AlternateContent>"
    '<extLst><ext uri="{78C0D931}" xmlns:x14="urn:x14"><x14:conditionalFormattings/>'
    '<x14:dataValidations count="1"><x14:dataValidation type="list"><xm:f xmlns:xm="urn:xm">Lists!A1</xm:f>'
    "</x14:dataValidation></x14:dataValidations><!-- kept --></ext></extLst>"
)


@pytest.mark.parametrize("cells", [{1: {1: "x"}}, {9: {9: 5, 1: True}}])
def test_odd_parts_and_elements_stay(cells: dict[int, dict[int, str | int | bool]]) -> None:
    rows = (
        '<row r="1" x14ac:dyDescent="0.25" thickBot="1"><c r="A1" s="5"><v>1</v></c><c r="B1" vm="1"><v>2</v></c></row>'
    )
    attributes = ' xmlns:x14ac="urn:x14ac" xmlns:mc="urn:mc" mc:Ignorable="x14ac" xr:uid="{0}" xmlns:xr="urn:xr"'
    before = "<!-- kept --><?kept too?><sheetViews><sheetView workbookViewId='0'/></sheetViews>"
    source = book(sheet(rows, before=before, after=ODD_TAIL, attributes=attributes), more=ODD_PARTS)
    patched = patch(source, {"One": cells})
    assert changed_parts(source, patched) == {SHEET}
    assert list(parts(patched)) == list(parts(source))
    old, new = part(source), part(patched)
    assert new.partition("<sheetData>")[0] == old.partition("<sheetData>")[0]
    assert new.partition("</sheetData>")[2] == old.partition("</sheetData>")[2]
    assert '<row r="1" x14ac:dyDescent="0.25" thickBot="1">' in new
    assert '<c r="B1" vm="1"><v>2</v></c>' in new


def test_a_refusal_leaves_no_trace_in_the_next_patch() -> None:
    source = tracker()
    for _ in range(2):
        with pytest.raises(Exception, match="inside the merged cells"):
            patch(source, {"Incidents": {1: {2: "x"}, 10: {3: "y"}}})
    assert patch(source, {"Incidents": {10: {3: "y"}}}) == patch(source, {"Incidents": {10: {3: "y"}}})
