"""A download is compared with the version it is to be: what is cut off, damaged, stale or a web page never counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.download import READS, quick_xor_hash, read_version
from scripts.adapters.graph.drive_item import DriveItem, find_item
from tests.adapters.graph.sharepoint import PATH, calls_of, place_settings
from tracker_schema.errors import TrackerBusy

if TYPE_CHECKING:
    from tests.servers.graph.entra.certificates import AppCertificate
    from tests.servers.graph.files.files import Item
    from tests.servers.graph.server import GraphServer

NOW = b"PK the version now"
PAGE: dict[str, Any] = {"body": b"<!DOCTYPE html><title>Blocked</title>", "headers": {"Content-Type": "text/html"}}
BAD: dict[str, dict[str, Any]] = {
    "cut off": {"status": 200, "body": NOW[:9]},
    "damaged": {"status": 200, "body": b"PK the versiom now"},
    "a page": {"status": 200} | PAGE,
    "a page that says no": {"status": 403} | PAGE,
    "just now not": {"status": 409},
}


@pytest.fixture
def calls(graph: GraphServer, tmp_path: Path, app_certificate: AppCertificate, waits: list[float]) -> Calls:
    return calls_of(graph, tmp_path, app_certificate)


@pytest.fixture
def item(graph: GraphServer) -> Item:
    item = graph.add_file(f"/{PATH}", b"PK the version before")
    item.save(NOW)
    return item


def place(calls: Calls) -> DriveItem:
    return find_item(calls, place_settings())


# From the tests of rclone, https://github.com/rclone/rclone/blob/master/backend/onedrive/quickxorhash
@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="), (b"J", "SgAAAAAAAAAAAAAAAQAAAAAAAAA="),
     (b"\xb5\xb4", "taAFAAAAAAAAAAAAAgAAAAAAAAA=")],
)  # fmt: skip
def test_the_hash(data: bytes, expected: str) -> None:
    assert quick_xor_hash(data) == expected


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_is_not_the_version_is_read_again(
    bad: dict[str, Any], calls: Calls, graph: GraphServer, item: Item
) -> None:
    graph.fault(path_contains="/download.aspx", times=2, **bad)
    data, version = read_version(calls, place(calls))
    assert (data, version.etag) == (NOW, item.etag)


def test_the_version_before_is_read_again(calls: Calls, graph: GraphServer, item: Item, waits: list[float]) -> None:
    graph.drives.stale_downloads = 2
    assert read_version(calls, place(calls))[0] == NOW
    assert len(waits) == 2


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_never_is_the_version_is_busy_and_never_to_be_restored(
    bad: dict[str, Any], calls: Calls, graph: GraphServer, item: Item
) -> None:
    graph.fault(path_contains="/download.aspx", times=99, **bad)
    with pytest.raises(TrackerBusy) as caught:
        read_version(calls, place(calls))
    assert "restore" not in str(caught.value).lower()
    assert (caught.value.problem.startswith("SharePoint did not give Critical incidents.xlsx as it is stored")) == (
        "headers" not in bad
    )
    assert ("a web page came from contoso.sharepoint.com" in caught.value.problem) == ("headers" in bad)


def test_without_a_hash_it_has_to_come_twice_alike(
    calls: Calls, graph: GraphServer, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph.drives.gives_hashes = False
    graph.fault(path_contains="/download.aspx", **BAD["damaged"])
    assert read_version(calls, place(calls))[0] == NOW
    assert len(graph.requests_to("/download.aspx")) == 3


def test_where_sharepoints_size_and_hash_are_never_those_of_a_download(
    calls: Calls, graph: GraphServer, item: Item
) -> None:
    graph.fault(path_contains="/download.aspx", times=99, status=200, body=b"PK with properties of the library")
    data, _ = read_version(calls, place(calls), compare=False)
    assert data == b"PK with properties of the library"
    assert len(graph.requests_to("/download.aspx")) == 2 <= READS
