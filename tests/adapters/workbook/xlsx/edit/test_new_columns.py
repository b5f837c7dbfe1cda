"""Status columns are added at the right of what is there, and a table grows with them."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table as OpenpyxlTable
from openpyxl.worksheet.table import TableColumn

from scripts.adapters.workbook.xlsx import NewColumn, Package, Range, Table, patch
from tests.adapters.workbook.xlsx.books import (
    MAIN,
    book,
    changed_parts,
    part,
    prefixed,
    saved,
    sheet,
    value,
    values,
)
from tracker_schema.errors import TrackerUnusable

TABLE = "xl/tables/table1.xml"
STATUS = ["Status", "Next step", "Next due", "Working days left", "Overdue steps", "Data problems", "Checked on"]


def table_part(
    reference: str = "A1:B3",
    headings: tuple[str, ...] = ("Reference", "Team"),
    attributes: str = "",
    filtered: str | None = "A1:B3",
) -> str:
    columns = "".join(f'<tableColumn id="{n * 3}" name="{heading}"/>' for n, heading in enumerate(headings, 1))
    inside = f'<autoFilter ref="{filtered}"/>' if filtered else ""
    inside += f'<tableColumns count="{len(headings)}">{columns}</tableColumns><tableStyleInfo name="x"/>'
    return (
        f'<table xmlns="{MAIN}" id="1" name="Log" displayName="Log" comment="not ref=\'A1\'" ref="{reference}"'
        f"{attributes}>{inside}</table>"
    )


def book_with_tables(*tables: str, rows: str | None = None, after: str = "") -> bytes:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="urn:x/table" Target="../tables/table{n}.xml"/>'
        for n in range(1, len(tables) + 1)
    )
    default = (
        '<row r="1" spans="1:2"><c r="A1" s="5" t="inlineStr"><is><t>Reference</t></is></c>'
        '<c r="B1" s="5" t="inlineStr"><is><t>Team</t></is></c></row>'
        '<row r="2" spans="1:2"><c r="A2"><v>1</v></c></row><row r="3" spans="1:2"><c r="A3"><v>2</v></c></row>'
    )
    return book(
        sheet(default if rows is None else rows, after=after),
        more={
            "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="urn:r">{links}</Relationships>',
            **{f"xl/tables/table{n}.xml": table for n, table in enumerate(tables, 1)},
        },
    )


def log(status_rows: int = 3) -> bytes:
    """A table of two columns as openpyxl makes it."""
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = "One"
    page.append(["Reference", "Team"])
    for number in range(status_rows):
        page.append([f"CI-{number}", "North"])
    page.add_table(OpenpyxlTable(displayName="Log", ref=f"A1:B{status_rows + 1}"))
    return saved(workbook)


def test_seven_columns_at_once() -> None:
    source = log()
    columns = [NewColumn("One", 1, 3 + n, heading) for n, heading in enumerate(STATUS)]
    cells: dict[int, dict[int, Any]] = {row: {3: "On track", 5: dt.date(2026, 11, 23), 6: 4} for row in (2, 3, 4)}
    patched = patch(source, {"One": cells}, columns)
    assert changed_parts(source, patched) == {"xl/worksheets/sheet1.xml", TABLE, "xl/styles.xml"}
    grid = values(patched)
    assert grid[0] == ["Reference", "Team", *STATUS]
    assert grid[1] == ["CI-0", "North", "On track", "", dt.date(2026, 11, 23), 4.0, "", "", ""]
    assert Package.open(patched).tables("One") == [Table("Log", 1, 1, 4, 9, 1, 0)]
    read = openpyxl.load_workbook(io.BytesIO(patched))["One"].tables["Log"]
    assert read.ref == read.autoFilter.ref == "A1:I4"
    assert [column.name for column in read.tableColumns] == ["Reference", "Team", *STATUS]
    assert len({column.id for column in read.tableColumns}) == 9
    assert 'tableColumns count="9"' in part(patched, TABLE)


def test_only_the_extent_and_the_columns_of_the_table_part_change() -> None:
    source = book_with_tables(table_part())
    patched = part(patch(source, {}, [NewColumn("One", 1, 3, "Status")]), TABLE)
    assert patched == (
        table_part(reference="A1:C3", filtered="A1:C3")
        .replace('count="2"', 'count="3"')
        .replace("</tableColumns>", '<tableColumn id="7" name="Status"/></tableColumns>')
    )


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Next\nstep", "Next_x000a_step"),
        ('The "big" <one> & more', "The &quot;big&quot; &lt;one&gt; &amp; more"),
        ("it's [#5] @home", "it's [#5] @home"),
        ("Tab\there", "Tab_x0009_here"),
        ("_x000a_", "_x005F_x000a_"),
        ("Fällig – Ŵ", "Fällig – Ŵ"),
    ],
)
def test_a_heading_is_coded_for_the_table(heading: str, name: str) -> None:
    patched = patch(book_with_tables(table_part()), {}, [NewColumn("One", 1, 3, heading)])
    assert f'<tableColumn id="7" name="{name}"/>' in part(patched, TABLE)
    assert value(patched, 1, 3) == heading
    with pytest.raises(TrackerUnusable, match=r"a column .* already"):
        patch(patched, {}, [NewColumn("One", 1, 4, heading.upper() if "x0" not in heading else heading)])


def test_new_headings_are_formatted_like_the_one_at_their_left() -> None:
    source = book_with_tables(table_part())
    patched = patch(source, {}, [NewColumn("One", 1, 3, "Status"), NewColumn("One", 1, 4, "Next")])
    assert re.findall(r'<c r="[CD]1" s="5" ', part(patched)) == ['<c r="C1" s="5" ', '<c r="D1" s="5" ']
    assert 'row r="1" spans="1:4"' in part(patched)


def test_an_empty_cell_where_the_heading_goes_may_have_a_style_of_its_own() -> None:
    rows = '<row r="1"><c r="A1" s="5"/><c r="B1" s="5"/><c r="C1" s="4"/></row>'
    patched = patch(book_with_tables(table_part(), rows=rows), {}, [NewColumn("One", 1, 3, "Status")])
    assert '<c r="C1" s="5" t="inlineStr"><is><t>Status</t>' in part(patched)


def test_beside_a_plain_range_only_a_heading_is_added() -> None:
    source = book(sheet('<row r="4"><c r="A4" s="5"><v>1</v></c></row>'))
    patched = patch(source, {"One": {5: {2: "x"}}}, [NewColumn("One", 4, 2, "Status"), NewColumn("One", 4, 3, "Next")])
    assert changed_parts(source, patched) == {"xl/worksheets/sheet1.xml"}
    assert values(patched)[3:] == [[1.0, "Status", "Next"], ["", "x", ""]]
    assert part(patched).count('s="5"') == 3


def test_a_heading_below_a_table_row_or_away_from_it_leaves_the_table_alone() -> None:
    source = book_with_tables(table_part())
    for row, column in ((1, 4), (2, 3), (9, 3)):
        assert changed_parts(source, patch(source, {}, [NewColumn("One", row, column, "Status")])) == {
            "xl/worksheets/sheet1.xml"
        }


def test_a_totals_row_gets_no_cell() -> None:
    source = book_with_tables(table_part(attributes=' totalsRowCount="1"', filtered="A1:B2"))
    assert Package.open(source).tables("One") == [Table("Log", 1, 1, 3, 2, 1, 1)]
    patched = patch(source, {"One": {2: {3: "x"}}}, [NewColumn("One", 1, 3, "Status")])
    assert 'ref="A1:C3" totalsRowCount="1"><autoFilter ref="A1:C2"/>' in part(patched, TABLE)
    assert "C3" not in part(patched)
    with pytest.raises(TrackerUnusable, match="One!A3 is in the totals row"):
        patch(source, {"One": {3: {1: "x"}}})


def test_a_table_without_a_heading_row_does_not_grow() -> None:
    source = book_with_tables(table_part(attributes=' headerRowCount="0"', filtered=None))
    assert changed_parts(source, patch(source, {}, [NewColumn("One", 1, 4, "Status")])) == {"xl/worksheets/sheet1.xml"}


def test_a_table_without_a_filter_grows_without_one() -> None:
    patched = patch(book_with_tables(table_part(filtered=None)), {}, [NewColumn("One", 1, 3, "Status")])
    assert "autoFilter" not in part(patched, TABLE)


def test_a_prefixed_table() -> None:
    patched = patch(book_with_tables(prefixed(table_part())), {}, [NewColumn("One", 1, 3, "Status")])
    assert '<x:tableColumn id="7" name="Status"/></x:tableColumns>' in part(patched, TABLE)


ROWS = '<row r="1"><c r="B1"/></row><row r="3"><c r="A3"/><c r="C3">{}</c></row>'


@pytest.mark.parametrize(
    "content", ["<v>1</v>", "<f>A1</f>", "<f>A1</f><v>2</v>", "<is><t>x</t></is>", '<f t="shared" si="0"/>']
)
@pytest.mark.parametrize("cells", [{}, {3: {3: "x"}}, {3: {2: "x"}}])
def test_a_place_that_is_taken_is_refused(content: str, cells: dict[int, dict[int, str]]) -> None:
    source = book_with_tables(table_part(), rows=ROWS.format(content))
    with pytest.raises(TrackerUnusable, match="Cell One!C3 is not empty"):
        patch(source, {"One": cells}, [NewColumn("One", 1, 3, "Status")])
    below = book_with_tables(table_part(), rows=ROWS.format(content).replace("3", "4"))
    assert value(patch(below, {}, [NewColumn("One", 1, 3, "Status")]), 1, 3) == "Status"


@pytest.mark.parametrize("content", ["", "<v></v>", "<v/>"])
def test_a_place_with_nothing_but_a_style_is_free(content: str) -> None:
    source = book_with_tables(table_part(), rows=ROWS.format(content))
    assert value(patch(source, {}, [NewColumn("One", 1, 3, "Status")]), 1, 3) == "Status"


def test_a_plain_heading_needs_a_free_cell_too() -> None:
    source = book(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>'))
    with pytest.raises(TrackerUnusable, match="One!B1 is not empty"):
        patch(source, {}, [NewColumn("One", 1, 2, "Status")])


def test_a_place_that_belongs_to_something_else_is_refused() -> None:
    other = table_part(reference="C2:D9", headings=("x", "y")).replace("Log", "Other").replace('id="1"', 'id="2"')
    with pytest.raises(TrackerUnusable, match=r"One!C1 starts a new column, .* run into the table 'Other'"):
        patch(book_with_tables(table_part(), other), {}, [NewColumn("One", 1, 3, "Status")])
    with pytest.raises(TrackerUnusable, match="run into the table 'Log'"):
        patch(book_with_tables(table_part()), {}, [NewColumn("One", 1, 2, "Status")])
    merged = '<mergeCells count="1"><mergeCell ref="C3:D4"/></mergeCells>'
    with pytest.raises(TrackerUnusable, match="run into the merged cells C3:D4"):
        patch(book_with_tables(table_part(), after=merged), {}, [NewColumn("One", 1, 3, "Status")])


def test_a_place_in_a_pivot_table_is_refused() -> None:
    links = '<Relationship Id="r1" Type="urn:x/pivotTable" Target="/xl/pivotTables/pivotTable1.xml"/>'
    source = book(
        sheet(),
        more={
            "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="urn:r">{links}</Relationships>',
            "xl/pivotTables/pivotTable1.xml": '<pivotTableDefinition><location ref="B3:D9"/></pivotTableDefinition>',
        },
    )
    with pytest.raises(TrackerUnusable, match="One!C4 starts a new column, which would run into a pivot table"):
        patch(source, {}, [NewColumn("One", 4, 3, "Status")])


@pytest.mark.parametrize("kind", ["queryTable", "xml"])
def test_a_table_that_a_query_fills_is_refused(kind: str) -> None:
    source = book_with_tables(table_part(attributes=f' tableType="{kind}"'))
    with pytest.raises(TrackerUnusable, match="filled by a query"):
        patch(source, {}, [NewColumn("One", 1, 3, "Status")])
    assert value(patch(source, {"One": {2: {2: "x"}}}), 2, 2) == "x"


@pytest.mark.parametrize("heading", ["team", "", "x" * 256])
def test_a_heading_the_table_cannot_have_is_refused(heading: str) -> None:
    with pytest.raises(TrackerUnusable, match=r"already|1 to 255"):
        patch(book_with_tables(table_part()), {}, [NewColumn("One", 1, 3, heading)])


def test_two_new_columns_of_one_name_are_refused() -> None:
    with pytest.raises(TrackerUnusable, match="'STATUS' already"):
        patch(book_with_tables(table_part()), {}, [NewColumn("One", 1, 3, "Status"), NewColumn("One", 1, 4, "STATUS")])


def test_a_heading_of_a_table_cannot_be_overwritten() -> None:
    source = book_with_tables(table_part())
    with pytest.raises(TrackerUnusable, match="One!B1 is a heading of the table 'Log'"):
        patch(source, {"One": {1: {2: "x"}}})
    assert patch(source, {"One": {1: {2: "Team"}}}) is source


def test_tables_and_filters_are_found() -> None:
    second = table_part(reference="$D$4:E9", headings=("x", "y")).replace("Log", "Other")
    source = book_with_tables(table_part(), second, after='<autoFilter ref="A20:C30"/>')
    package = Package.open(source)
    assert package.tables("One") == [Table("Log", 1, 1, 3, 2, 1, 0), Table("Other", 4, 4, 9, 5, 1, 0)]
    assert package.scan("One").auto_filter == Range(20, 1, 30, 3)
    assert Package.open(book(sheet())).scan("One").auto_filter is None


def test_openpyxl_tables_with_a_totals_row() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(log()))
    table = workbook["One"].tables["Log"]
    table.tableColumns = [TableColumn(id=1, name="Reference"), TableColumn(id=2, name="Team")]
    table.ref, table.totalsRowCount = "A1:B5", 1
    patched = patch(saved(workbook), {}, [NewColumn("One", 1, 3, "Status")])
    assert Package.open(patched).tables("One") == [Table("Log", 1, 1, 5, 3, 1, 1)]
