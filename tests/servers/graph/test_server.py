from __future__ import annotations

import datetime as dt
import time
from email.utils import parsedate_to_datetime

import pytest
import requests
from office365.runtime.client_request_exception import ClientRequestException

from tests.servers.graph.client import SHEET, Client, refused, response_of, tracker
from tests.servers.graph.files.files import Item
from tests.servers.graph.files.people import sheet_values
from tests.servers.graph.redirect import Killed
from tests.servers.graph.server import GraphServer


@pytest.fixture
def item(graph: GraphServer) -> Item:
    return graph.add_file("/Tracker.xlsx", tracker())


@pytest.fixture
def client(graph: GraphServer, item: Item) -> Client:
    return Client(graph, item)


def test_requests_are_written_down_without_their_tokens(graph: GraphServer, client: Client, item: Item) -> None:
    client.item("get", "?$select=id", If_None_Match="x")
    (request,) = graph.requests_to(item.id, "GET")
    assert str(request) == f"GET graph.microsoft.com/v1.0/drives/{item.drive.id}/items/{item.id}?$select=id -> 200"
    assert request.headers["if-none-match"] == "x"
    assert "authorization" not in request.headers
    assert "Bearer" not in repr(request)


def test_faults_with_a_status(graph: GraphServer, client: Client) -> None:
    graph.fault(method="GET", path_contains="/content", status=429, headers={"Retry-After": "30"}, times=2)
    for _ in range(2):
        with pytest.raises(ClientRequestException) as error:
            client.item("get", "/content")
        assert refused(error) == (429, "TooManyRequests")
        assert response_of(error).headers["Retry-After"] == "30"
    client.item("get", "/content")
    graph.fault(status=503, body=b"<html>Busy</html>", headers={"Content-Type": "text/html"})
    assert requests.get("https://graph.microsoft.com/v1.0/me", timeout=5).text == "<html>Busy</html>"
    graph.fault(status=404, inner="invalidSession", code="x")
    graph.clear_faults()
    client.item("get")


def test_a_lost_reply_to_work_that_was_done(graph: GraphServer, client: Client, item: Item) -> None:
    graph.fault(method="PUT", status=504, after_work=True)
    with pytest.raises(ClientRequestException) as error:
        client.item("put", "/content", b"second")
    assert refused(error) == (504, "GatewayTimeout")
    assert item.content == b"second"


@pytest.mark.parametrize(("drop", "content"), [("before", b"first"), ("after", b"second")])
def test_dropped_connections(graph: GraphServer, client: Client, item: Item, drop: str, content: bytes) -> None:
    item.content = b"first"
    graph.fault(method="PUT", drop="before" if drop == "before" else "after")
    with pytest.raises(requests.ConnectionError):
        client.item("put", "/content", b"second")
    assert item.content == content
    assert graph.log[-1].status == 0
    client.item("get")


def test_a_slow_answer(graph: GraphServer, item: Item) -> None:
    graph.fault(path_contains=item.id, delay=30)
    address = f"https://graph.microsoft.com/v1.0/drives/{item.drive.id}/items/{item.id}"
    begun = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        requests.get(address, timeout=0.05)
    assert requests.get(address, timeout=5).status_code == 401  # nobody else waits
    assert time.monotonic() - begun < 5


def test_hooks_run_at_the_nth_request_of_a_run(graph: GraphServer, client: Client, item: Item) -> None:
    graph.before_request(2, lambda: graph.person_edits(item, {SHEET: {(2, 4): "before"}}))
    graph.after_request(2, lambda: graph.person_edits(item, {SHEET: {(2, 4): "after"}}))
    seen = [client.range("get", "D2")["values"][0][0] for _ in range(3)]
    assert seen == ["", "before", "after"]
    graph.new_run()
    graph.before_request(1, lambda: graph.person_edits(item, {SHEET: {(2, 4): "another run"}}))
    assert client.range("get", "D2")["values"] == [["another run"]]
    assert (len(graph.run), len(graph.log)) == (1, 4)


@pytest.mark.parametrize("after_work", [False, True])
def test_a_client_that_dies(graph: GraphServer, client: Client, item: Item, after_work: bool) -> None:
    graph.kill_at(2, after_work=after_work)
    client.item("get")
    for text in ("at the second request", "while cleaning up"):
        with pytest.raises(Killed):
            client.range("patch", "D2", {"values": [[text]]})
    assert sheet_values(item, SHEET).get((2, 4), "") == ("at the second request" if after_work else "")
    graph.new_run()
    client.item("get")


def test_a_network_that_fails(graph: GraphServer, client: Client) -> None:
    graph.drop_from(2)
    client.item("get")
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            client.item("get")


@pytest.mark.parametrize("address", ["https://example.org/", "http://graph.microsoft.com/v1.0/me"])
def test_no_other_address_is_reached(graph: GraphServer, address: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="the test sent a request to"):
        requests.get(address, timeout=5)


def test_what_the_server_does_not_know_is_said(graph: GraphServer, client: Client) -> None:
    with pytest.raises(ClientRequestException, match=r"no answer to GET /v1.0/sites/.*/lists"):
        client.call("get", f"/sites/{graph.site.id}/lists")


def test_the_clock_of_the_server(graph: GraphServer, client: Client) -> None:
    graph.clock_ahead = dt.timedelta(minutes=10)
    answered = parsedate_to_datetime(client.item("get").headers["Date"])
    ahead = answered - dt.datetime.now(dt.UTC)
    assert dt.timedelta(minutes=9) < ahead <= dt.timedelta(minutes=10)


def test_an_error_of_the_test_itself_is_not_lost(graph: GraphServer, client: Client) -> None:
    graph.before_request(1, lambda: graph.person_edits(graph.add_file("/Notes.xlsx", b"no workbook"), {"A": {}}))
    with pytest.raises(requests.ConnectionError):
        client.item("get")
    (accident,) = graph.accidents
    assert "no workbook" in str(accident)
    graph.accidents.clear()  # which the fixture would raise
