"""The Office365 client as the server's own tests use it, one request at a time; and a tracker to send them to."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
import requests
from office365.graph_client import GraphClient
from office365.runtime.client_request_exception import ClientRequestException
from office365.runtime.http.http_method import HttpMethod
from office365.runtime.http.request_options import RequestOptions
from openpyxl.worksheet.table import Table

from tests.servers.graph.files.files import Item
from tests.servers.graph.server import GraphServer

SHEET = "Incidents"


def tracker() -> bytes:
    """Return a table of three incidents, a title beside it, and a formula on a sheet of its own."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
    sheet.append(["Reference", "Owner", "Due", "Status"])
    for number in (1, 2, 3):
        sheet.append([f"CI-{number}", "Ann Sample", dt.datetime(2026, 12, number), None])
    sheet.add_table(Table(displayName="tblIncidents", ref="A1:D4"))
    sheet["G1"] = "Log of incidents (made up)"
    sheet["H9"].number_format = "@"
    count = workbook.create_sheet("Ann's count")
    count["A1"] = "=COUNTA(Incidents!A2:A4)"
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


class Client:
    """The client, and shorthands for one file."""

    def __init__(self, graph: GraphServer, item: Item) -> None:
        self.office: Any = GraphClient(lambda: {"access_token": graph.entra.token(), "token_type": "Bearer"})
        self._place = f"/drives/{item.drive.id}/items/{item.id}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request; an underscore in a header's name means a hyphen."""
        options = RequestOptions(self.office.service_root_url + path, method=HttpMethod[method.capitalize()], data=body)
        for name, value in headers.items():
            options.set_header(name.replace("_", "-"), value)
        return self.office.pending_request().execute_request_direct(options)

    def item(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        """Send a request for the file."""
        return self.call(method, self._place + path, body, **headers)

    def range(self, method: str, address: str, body: Any = None, sheet: str = SHEET, **headers: str) -> Any:
        """Read or change a range, and return the answer's JSON."""
        path = f"/workbook/worksheets/{quote(sheet, safe='')}/range(address='{address}')"
        return self.item(method, path, body, **headers).json()

    def session(self, *, persistent: bool = True) -> str:
        """Open a workbook session and return its id."""
        body = {"persistChanges": persistent}
        return str(self.item("post", "/workbook/createSession", body).json()["id"])


def refused(error: pytest.ExceptionInfo[ClientRequestException]) -> tuple[int, str]:
    """Return the status and the code of an error."""
    return response_of(error).status_code, str(error.value.code)


def response_of(error: pytest.ExceptionInfo[ClientRequestException]) -> requests.Response:
    """Return the answer that the client took for an error."""
    assert error.value.response is not None
    return error.value.response


def second_code(error: pytest.ExceptionInfo[ClientRequestException]) -> str:
    """Return the code of the second level, in which the workbook API gives its reason."""
    return str(response_of(error).json()["error"]["innerError"]["code"])
