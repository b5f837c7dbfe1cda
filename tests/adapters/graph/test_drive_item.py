"""Find the tracker in SharePoint, and what the error is when it is not there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.drive_item import find_item, refresh
from scripts.adapters.settings.config import SharePointSettings
from tests.adapters.graph.sharepoint import NAME, PATH, SITE, calls_of, place_settings
from tracker_schema.errors import TrackerUnusable

if TYPE_CHECKING:
    from tests.servers.graph.entra.certificates import AppCertificate
    from tests.servers.graph.server import GraphServer


@pytest.fixture
def calls(graph: GraphServer, tmp_path: Path, app_certificate: AppCertificate, waits: list[float]) -> Calls:
    return calls_of(graph, tmp_path, app_certificate)


def at(path: str, **more: str) -> SharePointSettings:
    return SharePointSettings(**{"site": SITE, "path": path} | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path",
    [
        "Tracker.xlsx",
        "Tracker #1.xlsx",
        "100 % sure.xlsx",
        "A + B & C.xlsx",
        "Head of Service's log (2026-27).xlsm",
        "Żółw, d'été; a=b@c!.xlsx",
        "Safe guarding/Year #2/50%25/Tracker.xlsx",
    ],
)
def test_any_name(path: str, calls: Calls, graph: GraphServer) -> None:
    graph.add_file("/decoy.xlsx", b"x")
    item = graph.add_file(f"/{path}", b"here")
    found = find_item(calls, at(path))
    assert (found.item, found.name, found.etag, found.size) == (item.id, item.name, item.etag, 4)
    assert found.drive == graph.drive.id


@pytest.mark.parametrize("library", ["Documents", "documents", "Shared Documents"])
def test_a_library_by_its_name_or_by_that_in_its_address(library: str, calls: Calls, graph: GraphServer) -> None:
    graph.add_file("/a.xlsx", b"x")
    assert find_item(calls, at("a.xlsx", library=library)).drive == graph.drive.id


def test_another_library(calls: Calls, graph: GraphServer) -> None:
    log = graph.site.add_drive("Incident log")
    item = graph.add_file("/a.xlsx", b"x", log)
    assert find_item(calls, at("a.xlsx", library="Incident log")).item == item.id


def test_by_a_sharing_link(calls: Calls, graph: GraphServer) -> None:
    item = graph.add_file("/T/Tracker #1.xlsx", b"x")
    for link in (item.share_link, item.web_url):
        assert find_item(calls, SharePointSettings(link=link)).item == item.id


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"site": "https://contoso.sharepoint.com/sites/slr"},
            "There is no site https://contoso.sharepoint.com/sites/slr. Open it in the browser",
        ),
        ({"site": "https://contoso.sharepoint.com/sites/closed"}, "This program may not see the site https://contoso"),
        ({"library": "Document"}, "has no library “Document”. Did you mean “Documents”? Correct sharepoint.library."),
        ({"library": "Files"}, "has no library “Files”. There is “Documents”. Correct sharepoint.library."),
        (
            {"path": "Logs/Tracker.xlsx"},
            "There is no folder “Logs” in the library “Documents”. Did you mean “Log”? Correct sharepoint.path.",
        ),
        (
            {"path": "Log/2026/Trakcer.xlsx"},
            "There is no file “Trakcer.xlsx” in the folder “Log/2026”. Did you mean “Tracker.xlsx”?",
        ),
        (
            {"path": "Log/2027/Tracker.xlsx"},
            "There is no folder “2027” in the folder “Log”. Check whether it was",
        ),
        ({"path": "Zoe.xlsx"}, "There is no file “Zoe.xlsx” in the library “Documents”. Check whether it was moved"),
    ],
)
def test_what_is_not_there(settings: dict[str, str], message: str, calls: Calls, graph: GraphServer) -> None:
    graph.add_site("/sites/closed", grant=None)
    graph.add_file("/Log/2026/Tracker.xlsx", b"x")
    graph.add_file("/Report about somebody.xlsx", b"x")
    with pytest.raises(TrackerUnusable) as caught:
        find_item(calls, at(**{"path": "Log/2026/Tracker.xlsx"} | settings))
    assert message in str(caught.value)
    assert "somebody" not in str(caught.value)


def test_by_the_ids_of_the_library_and_the_file(calls: Calls, graph: GraphServer) -> None:
    item = graph.add_file(f"/{PATH}", b"PK")
    ids = {"site": None, "path": None, "drive": graph.drive.id}
    found = find_item(calls, place_settings(**ids, item=item.id))
    assert (found.item, found.name) == (item.id, NAME)
    assert not graph.requests_to("/sites/")
    with pytest.raises(TrackerUnusable, match="no library or no file with the ids"):
        find_item(calls, place_settings(**ids, item="01NOWHERE"))


def test_a_site_whose_address_has_a_space(calls: Calls, graph: GraphServer) -> None:
    drive = graph.add_site("/sites/slt team").add_drive("Documents", "Shared Documents")
    item = graph.add_file(f"/{PATH}", b"PK", drive)
    for address in ("https://contoso.sharepoint.com/sites/slt%20team", "https://contoso.sharepoint.com/sites/slt team"):
        assert find_item(calls, place_settings(site=address)).item == item.id


def test_lists_go_on_on_further_pages(calls: Calls, graph: GraphServer) -> None:
    graph.drives.page_size = 2
    for number in range(5):
        graph.site.add_drive(f"Library {number}", f"Library {number}")
    item = graph.add_file(f"/{PATH}", b"PK", graph.site.add_drive("Trackers", "Trackers"))
    assert find_item(calls, place_settings(library="Trackers")).item == item.id


def test_a_link_that_leads_nowhere(calls: Calls) -> None:
    link = f"{SITE}/Shared%20Documents/{quote('gone.xlsx')}"
    with pytest.raises(TrackerUnusable, match=r"no longer leads anywhere\. Copy the link of the workbook again"):
        find_item(calls, SharePointSettings(link=link))


def test_a_link_to_another_kind_of_file(calls: Calls, graph: GraphServer) -> None:
    item = graph.add_file("/T/Tracker.docx", b"x")
    with pytest.raises(TrackerUnusable, match=r"Tracker\.docx is not an \.xlsx or \.xlsm workbook"):
        find_item(calls, SharePointSettings(link=item.web_url))


def test_a_site_that_may_not_be_seen_any_more(calls: Calls, graph: GraphServer) -> None:
    graph.add_file("/a.xlsx", b"x")
    found = find_item(calls, at("a.xlsx"))
    graph.site.grant = None
    with pytest.raises(TrackerUnusable, match=r"may not see the tracker a\.xlsx\. Ask IT to grant"):
        refresh(calls, found)


def test_renamed_moved_and_deleted(calls: Calls, graph: GraphServer) -> None:
    item = graph.add_file("/T/a.xlsx", b"x")
    graph.add_file("/U/b.xlsx", b"x")
    found = find_item(calls, at("T/a.xlsx"))
    item.rename("c.xlsx")
    item.move("/U")
    again = refresh(calls, found)
    assert (again.item, again.name) == (item.id, "c.xlsx")
    assert again.etag != found.etag
    del graph.drive.items[item.id]
    with pytest.raises(TrackerUnusable, match=r"a\.xlsx was deleted or moved elsewhere while this program ran"):
        refresh(calls, found)
