from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from office365.runtime.client_request_exception import ClientRequestException

from tests.servers.graph.client import SHEET, Client, refused, response_of, second_code, tracker
from tests.servers.graph.excel.books import read_book
from tests.servers.graph.excel.excel import REFUSALS
from tests.servers.graph.files.files import Item
from tests.servers.graph.files.people import sheet_values
from tests.servers.graph.server import GraphServer

BOOK = "/workbook"
PAGE = f"{BOOK}/worksheets/{SHEET}"


@pytest.fixture
def item(graph: GraphServer) -> Item:
    return graph.add_file("/Tracker.xlsx", tracker())


@pytest.fixture
def client(graph: GraphServer, item: Item) -> Client:
    return Client(graph, item)


def test_a_session_writes_cells_and_nothing_else(graph: GraphServer, client: Client, item: Item) -> None:
    before, etag = read_book(item.content), item.etag
    session = client.session()
    answer = client.range("patch", "C2:D2", {"values": [[None, "Told"]]}, workbook_session_id=session)
    assert answer["values"] == [[46357, "Told"]]
    assert sheet_values(item, SHEET)[2, 4] == "Told"
    assert item.etag != etag
    after = read_book(item.content)
    assert [place for place, cell in after.pages[SHEET].cells.items() if cell != before.pages[SHEET].at(*place)] == [
        (2, 4)
    ]
    assert list(after.pages["Ann's count"].cells) == list(before.pages["Ann's count"].cells)
    assert after.pages[SHEET].tables == before.pages[SHEET].tables
    client.item("post", f"{BOOK}/refreshSession", {}, workbook_session_id=session)
    client.item("post", f"{BOOK}/closeSession", {}, workbook_session_id=session)
    assert graph.excel.sessions == {}


def test_null_leaves_a_cell_alone_and_empty_text_clears_it(client: Client, item: Item) -> None:
    answer = client.range("patch", "A2:C2", {"values": [[None, "", None]]})
    assert answer["values"] == [["CI-1", "", 46357]]
    assert (2, 2) not in sheet_values(item, SHEET)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("2026-11-23", 46349),
        ("'2026-11-23", "2026-11-23"),
        ("00123", 123),
        ("'=1+1", "=1+1"),
        ("TRUE", True),
        (46349, 46349),
        (2.5, 2.5),
        (True, True),
        ("x < y & z", "x < y & z"),
    ],
)
def test_text_is_taken_as_typed(client: Client, item: Item, sent: Any, stored: Any) -> None:
    assert client.range("patch", "D2", {"values": [[sent]]})["values"] == [[stored]]
    assert client.range("get", "D2")["values"] == [[stored]]


def test_a_formula_is_stored_as_one(client: Client, item: Item) -> None:
    answer = client.range("patch", "D2", {"values": [["=A2&B2"]]})
    assert (answer["values"], answer["formulas"]) == ([[0]], [["=A2&B2"]])
    assert read_book(item.content).pages[SHEET].at(2, 4).formula == "=A2&B2"


def test_what_is_no_formula_but_begins_like_one_is_refused(client: Client, item: Item) -> None:
    before = item.content
    with pytest.raises(ClientRequestException) as error:
        client.range("patch", "D2", {"values": [["-5 days"]]})
    assert refused(error) == (400, "InvalidArgument")
    assert item.content == before


def test_a_date_keeps_or_gets_a_date_format(client: Client, item: Item) -> None:
    assert client.range("patch", "C2", {"values": [[46349]]})["numberFormat"] == [["yyyy-mm-dd h:mm:ss"]]
    assert client.range("patch", "D2", {"values": [["23/11/2026"]]})["numberFormat"] == [["dd/mm/yyyy"]]
    assert client.range("patch", "D3", {"values": [[46349]]})["numberFormat"] == [["General"]]
    assert client.range("patch", "D3", {"numberFormat": [["dd/mm/yyyy"]]})["numberFormat"] == [["dd/mm/yyyy"]]
    assert read_book(item.content).pages[SHEET].at(3, 4).number_format == "dd/mm/yyyy"


def test_a_number_format_counts_for_what_is_entered_later(client: Client, item: Item) -> None:
    client.range("patch", "D2:D3", {"numberFormat": [["dd/mm/yyyy"], ["@"]]})
    client.range("patch", "D2:D3", {"values": [[46349], [46349]]})
    page = read_book(item.content).pages[SHEET]
    assert (page.at(2, 4).value, page.at(2, 4).number_format) == (46349, "dd/mm/yyyy")
    assert page.at(3, 4).value == "46349"  # a cell formatted as text takes numbers for text


def test_a_cell_formatted_as_text_takes_all_for_text(client: Client) -> None:
    assert client.range("patch", "H9", {"values": [["00123"]]})["values"] == [["00123"]]


def test_used_ranges(client: Client, item: Item) -> None:
    values = client.item("get", f"{PAGE}/usedRange(valuesOnly=true)?$select=address,values,rowIndex").json()
    assert (values["address"], values["rowIndex"]) == (f"{SHEET}!A1:G4", 0)
    assert values["values"][1] == ["CI-1", "Ann Sample", 46357, "", "", "", ""]
    assert "formulas" not in values
    assert client.item("get", f"{PAGE}/usedRange").json()["address"] == f"{SHEET}!A1:H9"
    workbook = client.office.drives[item.drive.id].items[item.id].workbook
    assert workbook.worksheets[SHEET].used_range().execute_query().values[0][0] == "Reference"


def test_sheets_and_tables(client: Client) -> None:
    pages = client.item("get", f"{BOOK}/worksheets").json()["value"]
    assert [page["name"] for page in pages] == [SHEET, "Ann's count"]
    assert client.range("get", "A1", sheet="Ann's count")["formulas"] == [["=COUNTA(Incidents!A2:A4)"]]
    assert client.range("get", "A1", sheet=pages[0]["id"])["address"] == f"{SHEET}!A1"
    tables = client.item("get", f"{PAGE}/tables").json()["value"]
    assert [table["name"] for table in tables] == ["tblIncidents"]
    header = client.item("get", f"{BOOK}/tables/{quote(tables[0]['id'])}/headerRowRange").json()
    assert header["values"] == [["Reference", "Owner", "Due", "Status"]]


def test_a_table_gets_another_column(client: Client, item: Item) -> None:
    place = f"{BOOK}/tables/tblIncidents/columns"
    assert client.item("post", place, {"index": None, "name": "Next step"}).json()["name"] == "Next step"
    answer = client.item("post", place, {"name": "Status", "values": [["Status"], ["x"], [None], ["2026-11-23"]]})
    assert (answer.status_code, answer.json()) == (
        201,
        {"id": "6", "name": "Status2", "index": 5, "values": [["Status2"], ["x"], [""], [46349]]},
    )
    page = read_book(item.content).pages[SHEET]
    assert str(page.tables[0].range) == "A1:F4"
    assert [page.at(row, 6).value for row in (1, 2, 3, 4)] == ["Status2", "x", "", 46349]
    with pytest.raises(ClientRequestException) as error:
        client.item("post", place, {"name": "Where the title is"})  # Excel itself would move the title aside
    assert refused(error) == (400, "InvalidArgument")


def test_a_table_gets_another_row(client: Client, item: Item) -> None:
    place = f"{BOOK}/tables/tblIncidents/rows"
    answer = client.item("post", place, {"values": [["CI-9", None, "2026-11-23", ""]]})
    assert (answer.status_code, answer.json()) == (201, {"index": 3, "values": [["CI-9", "", 46349, ""]]})
    before = read_book(item.content).pages[SHEET]
    client.item("post", f"{place}/add", {})
    page = read_book(item.content).pages[SHEET]
    assert str(page.tables[0].range) == "A1:D6"
    assert page.at(5, 1).value == "CI-9"
    assert page.at(5, 3).number_format == page.at(4, 3).number_format
    assert {at: cell for at, cell in page.cells.items() if at[0] != 6} == before.cells
    client.range("patch", "A7", {"values": [["below"]]})
    client.item("post", place, {})
    page = read_book(item.content).pages[SHEET]
    assert (page.at(7, 1).value, page.at(8, 1).value) == ("", "below")
    for values in ([["CI-10"]], [["a", "b", "c", "d", "e"]]):
        with pytest.raises(ClientRequestException) as error:
            client.item("post", place, {"values": values})
        assert refused(error) == (400, "InvalidArgument")


def test_values_of_the_wrong_shape_are_refused(client: Client) -> None:
    for body in ({"values": [["a"]]}, {"values": [["a", {}]]}):
        with pytest.raises(ClientRequestException) as error:
            client.range("patch", "A2:B2", body)
        assert refused(error) == (400, "InvalidArgument")
    with pytest.raises(ClientRequestException) as error:
        client.range("get", "A1", sheet="Nowhere")
    assert refused(error) == (404, "ItemNotFound")


def test_a_session_that_keeps_nothing(client: Client, item: Item) -> None:
    before = item.content
    session = client.session(persistent=False)
    client.range("patch", "D2", {"values": [["Told"]]}, workbook_session_id=session)
    assert client.range("get", "D2", workbook_session_id=session)["values"] == [["Told"]]
    assert client.range("get", "D2")["values"] == [[""]]
    assert item.content == before


def test_changes_without_a_session_may_be_lost(graph: GraphServer, client: Client, item: Item) -> None:
    before = item.content
    graph.excel.keeps_sessionless_changes = False
    assert client.range("patch", "D2", {"values": [["Told"]]})["values"] == [["Told"]]
    assert item.content == before


def test_the_stored_file_may_be_late(graph: GraphServer, client: Client, item: Item) -> None:
    before, etag = item.content, item.etag
    graph.excel.save_delay = 3
    session = client.session()
    client.range("patch", "D2", {"values": [["Told"]]}, workbook_session_id=session)
    assert client.range("get", "D2", workbook_session_id=session)["values"] == [["Told"]]
    assert (client.item("get").json()["eTag"], item.content) == (etag, before)
    with pytest.raises(ClientRequestException) as error:  # the third request: it is saved before it is answered
        client.item("put", "/content", b"new", If_Match=etag)
    assert refused(error) == (412, "resourceModified")
    assert sheet_values(item, SHEET)[2, 4] == "Told"
    graph.excel.save_delay = 99
    client.range("patch", "D3", {"values": [["Told"]]}, workbook_session_id=session)
    graph.person_edits(item, {SHEET: {(4, 4): "By Ann"}})
    graph.excel.save_all()
    assert [sheet_values(item, SHEET)[row, 4] for row in (2, 3, 4)] == ["Told", "Told", "By Ann"]


@pytest.mark.parametrize("code", ["invalidSession", "invalidSessionReCreatable"])
def test_a_session_that_has_ended(graph: GraphServer, client: Client, code: str) -> None:
    session = client.session()
    graph.excel.end_sessions(code)
    with pytest.raises(ClientRequestException) as error:
        client.range("get", "D2", workbook_session_id=session)
    assert refused(error) == (404, "itemNotFound")
    assert second_code(error) == code


def test_sessions_that_are_not_this_files(graph: GraphServer, client: Client) -> None:
    other = Client(graph, graph.add_file("/Other.xlsx", tracker())).session()
    closed = client.session()
    client.item("post", f"{BOOK}/closeSession", {}, workbook_session_id=closed)
    for session in (other, closed, "made-up"):
        with pytest.raises(ClientRequestException) as error:
            client.range("get", "D2", workbook_session_id=session)
        assert second_code(error) == "invalidSession"


@pytest.mark.parametrize("code", REFUSALS)
def test_the_excel_service_may_refuse(graph: GraphServer, client: Client, code: str) -> None:
    graph.excel.refuse(code)
    with pytest.raises(ClientRequestException) as error:
        client.session()
    assert refused(error) == (REFUSALS[code][0], code)


def test_a_site_that_may_only_be_read(graph: GraphServer, client: Client) -> None:
    graph.site.grant = "read"
    assert client.range("get", "A2")["values"] == [["CI-1"]]
    client.session(persistent=False)
    with pytest.raises(ClientRequestException) as error:
        client.session()
    assert refused(error) == (403, "accessDenied")


def test_what_is_no_workbook(graph: GraphServer) -> None:
    client = Client(graph, graph.add_file("/Notes.xlsx", b"no workbook"))
    with pytest.raises(ClientRequestException) as error:
        client.item("get", f"{BOOK}/worksheets")
    assert response_of(error).status_code == 400
