"""The server, driven through the libraries that the tools use: the Office365 client, MSAL and requests."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from office365.graph_client import GraphClient
from office365.runtime.client_request_exception import ClientRequestException
from office365.runtime.http.http_method import HttpMethod
from office365.runtime.http.request_options import RequestOptions
from openpyxl.worksheet.table import Table

from tests.graph_server.files import Item
from tests.graph_server.people import sheet_values
from tests.graph_server.server import GraphServer

SHEET = "Incidents"


def tracker() -> bytes:
    """A table of three incidents."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
    sheet.append(["Reference", "Owner", "Due", "Status"])
    for number in (1, 2, 3):
        sheet.append([f"CI-{number}", "Ann Sample", dt.datetime(2026, 12, number), None])
    sheet.add_table(Table(displayName="tblIncidents", ref="A1:D4"))
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


class Client:
    """The Office365 client, one request at a time."""

    def __init__(self, graph: GraphServer, item: Item) -> None:
        self.office = GraphClient(lambda: {"access_token": graph.entra.token(), "token_type": "Bearer"})
        self.place = f"/drives/{item.drive.id}/items/{item.id}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        options = RequestOptions(self.office.service_root_url + path, method=HttpMethod[method.capitalize()], data=body)
        for name, value in headers.items():
            options.set_header(name.replace("_", "-"), value)
        return self.office.pending_request().execute_request_direct(options)

    def item(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        return self.call(method, self.place + path, body, **headers)

    def range(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        path = f"/workbook/worksheets/{quote(SHEET)}/range(address='{address}')"
        return self.item(method, path, body, **headers).json()

    def session(self, *, persistent: bool = True) -> str:
        body = {"persistChanges": persistent}
        return str(self.item("post", "/workbook/createSession", body).json()["id"])


@pytest.fixture
def item(graph: GraphServer) -> Item:
    return graph.add_file("/Trackers/Tracker #1.xlsx", tracker())


@pytest.fixture
def client(graph: GraphServer, item: Item) -> Client:
    return Client(graph, item)


def refused(error: pytest.ExceptionInfo[ClientRequestException]) -> tuple[int, str]:
    """The status and the code of an error."""
    return error.value.response.status_code, error.value.code


def test_a_file_is_found_and_downloaded(client: Client, item: Item) -> None:
    site = client.office.sites.get_by_url("https://contoso.sharepoint.com/sites/slt").execute_query()
    drive = next(each for each in site.drives.get().execute_query() if each.name == "Documents")
    root = client.office.drives[drive.id].root
    found = root.get_by_path(quote("Trackers/Tracker #1.xlsx")).get().execute_query()
    assert (found.id, found.etag, found.ctag) == (item.id, item.etag, item.ctag)
    assert client.office.drives[drive.id].items[found.id].get_content().execute_query().value == item.content


def test_a_session_writes_cells(graph: GraphServer, client: Client, item: Item) -> None:
    session = client.session()
    before = item.etag
    answer = client.range("patch", "C2:D2", {"values": [[None, "Told"]]}, workbook_session_id=session)
    assert answer["values"] == [[46357, "Told"]]
    assert sheet_values(item, SHEET)[2, 4] == "Told"
    assert item.etag != before
    client.item("post", "/workbook/closeSession", {}, workbook_session_id=session)
    assert graph.excel.sessions == {}
