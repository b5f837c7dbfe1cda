"""One request at a time: which are repeated, after how long, and what a failure means."""

from __future__ import annotations

import email.utils
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from scripts.adapters.graph.calls import ATTEMPTS, LONGEST_WAIT, Calls
from scripts.adapters.graph.errors import NoAnswer, Refused, retry_after
from scripts.adapters.graph.session import TIMEOUT
from tests.adapters.graph.sharepoint import calls_of
from tracker_schema.errors import SignInRefused, TrackerUnreachable, TrackerUnusable

if TYPE_CHECKING:
    from tests.servers.graph.entra.certificates import AppCertificate
    from tests.servers.graph.server import GraphServer

SITES = "/sites/contoso.sharepoint.com:/sites/slt:/drives"


@pytest.fixture
def calls(graph: GraphServer, tmp_path: Path, app_certificate: AppCertificate, waits: list[float]) -> Calls:
    found = calls_of(graph, tmp_path, app_certificate)
    found.get(SITES)  # so that signing in is over
    graph.new_run()
    return found


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_goes_away_by_itself_is_asked_again(
    status: int, calls: Calls, graph: GraphServer, waits: list[float]
) -> None:
    graph.fault(path_contains="/drives", status=status, times=2)
    assert calls.get(SITES).json()["value"]
    assert len(waits) == 2
    assert 0.5 <= waits[0] <= 1 <= waits[1] <= 2


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 412, 423, 501, 507])
def test_what_does_not_is_asked_once(status: int, calls: Calls, graph: GraphServer, waits: list[float]) -> None:
    graph.fault(path_contains="/drives", status=status, code="made up", inner="within")
    with pytest.raises(Refused) as caught:
        calls.get(SITES)
    assert caught.value.status == status
    assert caught.value.codes == ("made up", "within")
    assert caught.value.has_code("WITHIN")
    assert len(graph.run) == 1
    assert waits == []


def test_nobody_waits_after_the_last_attempt(calls: Calls, graph: GraphServer, waits: list[float]) -> None:
    graph.fault(path_contains="/drives", status=503, times=99)
    with pytest.raises(TrackerUnreachable, match="SharePoint has too many requests and did not answer"):
        calls.get(SITES)
    assert len(graph.run) == ATTEMPTS
    assert len(waits) == ATTEMPTS - 1


def test_as_long_as_microsoft_asks(calls: Calls, graph: GraphServer, waits: list[float]) -> None:
    graph.fault(path_contains="/drives", status=429, headers={"Retry-After": "30"})
    graph.fault(path_contains="/drives", status=503, headers={"Retry-After": "0"})
    calls.get(SITES)
    assert waits == [30, 0]


def test_until_the_time_that_microsoft_names_by_its_own_clock(
    calls: Calls, graph: GraphServer, waits: list[float]
) -> None:
    import datetime as dt

    graph.clock_ahead = dt.timedelta(minutes=50)
    until = email.utils.format_datetime(graph.now() + dt.timedelta(seconds=40), usegmt=True)
    graph.fault(path_contains="/drives", status=429, headers={"Retry-After": until})
    graph.entra.token_seconds = 36_000
    calls.get(SITES)
    assert 35 <= waits[0] <= 41


def test_not_longer_than_a_person_would(calls: Calls, graph: GraphServer, waits: list[float]) -> None:
    graph.fault(path_contains="/drives", status=429, headers={"Retry-After": str(int(LONGEST_WAIT) + 31)})
    with pytest.raises(NoAnswer, match=r"Run again in 2 minutes") as caught:
        calls.get(SITES)
    assert caught.value.not_done
    assert caught.value.exit_code == 4
    assert waits == []


@pytest.mark.parametrize("header", ["", "soon", "-3", "Mon, 23 Nov 2026"])
def test_a_retry_after_that_says_nothing(header: str) -> None:
    response = requests.Response()
    response.headers["Retry-After"] = header
    assert retry_after(response) is None


def test_a_token_that_ran_out_is_renewed_once(calls: Calls, graph: GraphServer, waits: list[float]) -> None:
    graph.entra.expire_tokens()
    assert calls.get(SITES).status_code == 200
    assert [request.status for request in graph.run if request.host == "graph.microsoft.com"] == [401, 200]
    graph.fault(path_contains="/drives", status=401, times=2)
    with pytest.raises(SignInRefused, match=r"does not accept .* \(401 InvalidAuthenticationToken\)"):
        calls.get(SITES)
    assert waits == []


def test_a_write_is_sent_once(calls: Calls, graph: GraphServer, waits: list[float]) -> None:
    item = graph.add_file("/a.xlsx", b"old")
    path = f"/drives/{graph.drive.id}/items/{item.id}/content"
    for drop in ("before", "after"):
        graph.fault(method="PUT", drop=drop)
        with pytest.raises(NoAnswer) as caught:
            calls.once("put", path, b"new", {"If-Match": item.etag})
        assert not caught.value.not_done
    assert len(graph.requests_to("/content", "PUT")) == 2
    assert item.content == b"new"
    assert {request.headers["if-match"] for request in graph.requests_to("/content", "PUT")}
    assert waits == []


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (requests.exceptions.SSLError("x"), TrackerUnusable, "REQUESTS_CA_BUNDLE"),
        (requests.exceptions.ProxyError("x"), NoAnswer, "Check HTTPS_PROXY"),
        (requests.exceptions.ReadTimeout("x"), NoAnswer, "does not answer in time"),
        (requests.exceptions.ConnectionError("secret-host"), NoAnswer, "Check that this computer is online"),
        (requests.exceptions.ChunkedEncodingError("x"), NoAnswer, "The next run catches up"),
    ],
)
def test_no_answer_at_all(
    error: Exception, kind: type[Exception], message: str, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(HTTPAdapter, "send", failing)
    with pytest.raises(kind, match=message) as caught:
        calls.get(SITES)
    assert "secret-host" not in str(caught.value)


def test_everything_has_a_time_limit(
    graph: GraphServer, tmp_path: Path, app_certificate: AppCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = []
    send = HTTPAdapter.send

    def noting(self: HTTPAdapter, request: Any, *args: Any, **options: Any) -> Any:
        limits.append((request.url.split("/")[2], options["timeout"]))
        return send(self, request, *args, **options)

    monkeypatch.setattr(HTTPAdapter, "send", noting)
    calls_of(graph, tmp_path, app_certificate).get(SITES)
    assert {host for host, _ in limits} == {"login.microsoftonline.com", "graph.microsoft.com"}
    assert {limit for _, limit in limits} == {TIMEOUT}


def test_the_libraries_log_nothing(calls: Calls, graph: GraphServer, caplog: pytest.LogCaptureFixture) -> None:
    graph.fault(path_contains="/drives", status=404)
    with pytest.raises(Refused):
        calls.get(SITES)
    assert not [record for record in caplog.records if record.levelno < logging.CRITICAL]


# What the client does that is worked round here: these fail when a new version does it otherwise.


def test_the_clients_own_retry_still_turns_a_put_into_a_post(
    graph: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import office365.runtime.retry
    from office365.graph_client import GraphClient
    from office365.runtime.client_request_exception import ClientRequestException

    monkeypatch.setattr(office365.runtime.retry, "sleep", lambda _: None)
    graph.add_file("/T/a.xlsx", b"old")
    client = GraphClient(lambda: {"access_token": graph.entra.token(), "token_type": "Bearer"})
    client.with_auto_retry(max_retry=2, timeout_secs=0)
    graph.fault(method="PUT", status=429)
    with pytest.raises(ClientRequestException):
        client.drives[graph.drive.id].root.get_by_path("T").upload("a.xlsx", b"new").execute_query()
    assert [request.method for request in graph.run] == ["PUT", "POST"]
