from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from tests.servers.graph.client import SHEET, tracker
from tests.servers.graph.files.files import Item
from tests.servers.graph.files.people import sheet_values
from tests.servers.graph.server import GraphServer


@pytest.fixture
def item(graph: GraphServer) -> Item:
    return graph.add_file("/Tracker.xlsx", tracker())


def column(item: Item, number: int) -> list[object]:
    """Return the values below the heading of a column, down to the last one."""
    values = sheet_values(item, SHEET)
    last = max(row for row, _ in values)
    return [values.get((row, number), "") for row in range(2, last + 1)]


def table_of(item: Item) -> str:
    return str(openpyxl.load_workbook(io.BytesIO(item.content))[SHEET].tables["tblIncidents"].ref)


def test_a_person_types_into_cells(graph: GraphServer, item: Item) -> None:
    etag = item.etag
    graph.person_edits(item, {SHEET: {(2, 2): None, (3, 4): "Done", (4, 3): dt.date(2026, 12, 24)}})
    assert item.etag != etag
    assert (column(item, 2)[0], column(item, 4)[1], column(item, 3)[2]) == ("", "Done", 46380)


def test_a_person_sorts_the_rows(graph: GraphServer, item: Item) -> None:
    graph.person_edits(item, {SHEET: {(2, 4): "b", (4, 4): "a"}})
    graph.sort_rows(item, SHEET, 4, 2)
    assert column(item, 1) == ["CI-3", "CI-1", "CI-2"]
    assert column(item, 3) == [46359, 46357, 46358]
    graph.sort_rows(item, SHEET, 3, 2, descending=True)
    assert column(item, 1) == ["CI-3", "CI-2", "CI-1"]


def test_a_person_inserts_and_deletes_rows(graph: GraphServer, item: Item) -> None:
    graph.insert_row(item, SHEET, 3, {1: "CI-new", 3: dt.date(2026, 12, 24)})
    assert column(item, 1) == ["CI-1", "CI-new", "CI-2", "CI-3"]
    assert column(item, 3) == [46357, 46380, 46358, 46359]
    assert table_of(item) == "A1:D5"
    graph.delete_row(item, SHEET, 2)
    graph.delete_row(item, SHEET, 2)
    assert column(item, 1) == ["CI-2", "CI-3"]
    assert table_of(item) == "A1:D3"
