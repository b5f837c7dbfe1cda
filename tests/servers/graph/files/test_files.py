from __future__ import annotations

from urllib.parse import quote

import pytest
import requests
from office365.runtime.client_request_exception import ClientRequestException
from office365.runtime.exceptions import AccessDeniedException, FileLockedException

from tests.servers.graph.client import Client, refused, response_of, tracker
from tests.servers.graph.files.files import Item
from tests.servers.graph.server import GraphServer

NAMES = ["Tracker.xlsx", "Tracker #1.xlsx", "100% of cases.xlsx", "A+B.xlsx", "Ann's, old (2).xlsx", "Übersicht.xlsx"]


@pytest.fixture
def item(graph: GraphServer) -> Item:
    return graph.add_file("/Trackers/Tracker #1.xlsx", tracker())


@pytest.fixture
def client(graph: GraphServer, item: Item) -> Client:
    return Client(graph, item)


def test_a_file_is_found_and_downloaded(client: Client, item: Item) -> None:
    site = client.office.sites.get_by_url("https://contoso.sharepoint.com/sites/slt").execute_query()
    drive = next(each for each in site.drives.get().execute_query() if each.name == "Documents")
    root = client.office.drives[drive.id].root
    found = root.get_by_path(quote("Trackers/Tracker #1.xlsx")).get().execute_query()
    assert (found.id, found.etag, found.ctag) == (item.id, item.etag, item.ctag)
    assert client.office.drives[drive.id].items[found.id].get_content().execute_query().value == item.content


@pytest.mark.parametrize("name", NAMES)
def test_awkward_names(graph: GraphServer, client: Client, name: str) -> None:
    item = graph.add_file(f"/Cases {name}/{name}", b"contents")
    root = client.office.drives[item.drive.id].root
    assert root.get_by_path(quote(f"Cases {name}/{name}")).get().execute_query().id == item.id
    for link in (item.web_url, item.share_link):
        shared = client.office.shares.by_url(link).drive_item.get().execute_query()
        assert (shared.id, shared.parent_reference.driveId) == (item.id, item.drive.id)


def test_an_address_from_the_browser_leads_to_the_file(client: Client, item: Item) -> None:
    page = "https://contoso.sharepoint.com/:x:/r/sites/slt/_layouts/15/Doc.aspx"
    link = f"{page}?sourcedoc=%7B{item.guid}%7D&file=Tracker.xlsx&action=default&mobileredirect=true"
    assert client.office.shares.by_url(link).drive_item.get().execute_query().id == item.id
    with pytest.raises(ClientRequestException) as error:
        client.office.shares.by_url(
            "https://contoso.sharepoint.com/:x:/s/slt/Enothing"
        ).drive_item.get().execute_query()
    assert refused(error) == (404, "itemNotFound")


def test_the_default_library_and_others(graph: GraphServer, client: Client) -> None:
    other = graph.site.add_drive("Case files")
    drives = client.call("get", f"/sites/{graph.site.id}/drives?$select=id,name").json()["value"]
    assert drives == [{"id": graph.drive.id, "name": "Documents"}, {"id": other.id, "name": "Case files"}]
    assert (
        client.call("get", f"/sites/{graph.site.id}/drive").json()["webUrl"].endswith("/sites/slt/Shared%20Documents")
    )


def test_a_download_goes_to_another_host_without_the_token(graph: GraphServer, client: Client, item: Item) -> None:
    assert client.item("get", "/content").content == item.content
    redirected, download = graph.log[-2:]
    assert redirected.status == 302
    assert (download.host, download.authorization) == ("contoso.sharepoint.com", "")
    refusal = requests.get(
        f"https://{download.host}{download.target}", headers={"Authorization": "Bearer x"}, timeout=5
    )
    assert refusal.status_code == 401


def test_a_not_modified_file_is_not_sent(client: Client, item: Item) -> None:
    assert client.item("get", If_None_Match=item.etag).status_code == 304


def test_upload_with_if_match(client: Client, item: Item) -> None:
    stale = item.etag
    answer = client.item("put", "/content", b"second", If_Match=stale).json()
    assert (item.content, answer["eTag"]) == (b"second", item.etag)
    with pytest.raises(ClientRequestException) as error:
        client.item("put", "/content", b"third", If_Match=stale)
    assert refused(error) == (412, "resourceModified")
    assert item.content == b"second"


def test_the_other_ways_in_which_a_stale_upload_may_end(graph: GraphServer, client: Client, item: Item) -> None:
    graph.drives.conflict_status = 409
    with pytest.raises(ClientRequestException) as error:
        client.item("put", "/content", b"new", If_Match='"old"')
    assert refused(error) == (409, "resourceModified")
    graph.drives.ignores_if_match = True
    client.item("put", "/content", b"new", If_Match='"old"')
    assert item.content == b"new"


def test_sharepoint_may_rewrite_an_upload(graph: GraphServer, client: Client, item: Item) -> None:
    graph.drives.rewrites_uploads = True
    answer = client.item("put", "/content", tracker(), If_Match=item.etag).json()
    assert answer["eTag"] != item.etag


def test_a_copy_is_made_and_removed(graph: GraphServer, client: Client, item: Item) -> None:
    folder = client.item("get").json()["parentReference"]["id"]
    place = f"/drives/{item.drive.id}/items/{folder}:/{quote('Copy #1.xlsx')}"
    answer = client.call("put", f"{place}:/content", b"copy")
    assert answer.status_code == 201
    copy = item.drive.items[answer.json()["id"]]
    assert (copy.path, copy.content) == ("/Trackers/Copy #1.xlsx", b"copy")
    with pytest.raises(ClientRequestException) as error:
        client.call("put", f"{place}:/content?@microsoft.graph.conflictBehavior=fail", b"copy")
    assert refused(error) == (409, "nameAlreadyExists")
    assert client.call("delete", f"/drives/{item.drive.id}/items/{copy.id}").status_code == 204
    assert list(item.drive.items.values()) == [item]
    with pytest.raises(ClientRequestException) as error:
        client.call("get", f"/drives/{item.drive.id}/items/{copy.id}")
    assert refused(error) == (404, "itemNotFound")


def test_folders(client: Client, item: Item) -> None:
    folder = client.call("get", f"/drives/{item.drive.id}/root:/Trackers").json()
    assert (folder["name"], folder["folder"]) == ("Trackers", {"childCount": 1})
    children = client.call("get", f"/drives/{item.drive.id}/items/{folder['id']}/children?$select=name").json()
    assert children["value"] == [{"name": "Tracker #1.xlsx"}]
    top = client.call("get", f"/drives/{item.drive.id}/root/children?$select=name,folder").json()
    assert top["value"] == [{"name": "Trackers", "folder": {"childCount": 1}}]
    with pytest.raises(ClientRequestException) as error:
        client.call("get", f"/drives/{item.drive.id}/root:/Nowhere:/children")
    assert refused(error) == (404, "itemNotFound")


def test_a_renamed_or_moved_file_keeps_its_id(client: Client, item: Item) -> None:
    etag, ctag = item.etag, item.ctag
    item.rename("Tracker 2027.xlsx")
    item.move("/Archive")
    found = client.call("get", f"/drives/{item.drive.id}/root:/archive/tracker%202027.xlsx:").json()
    assert (found["id"], found["cTag"]) == (item.id, ctag)
    assert found["eTag"] != etag
    client.item("patch", "", {"name": "Tracker.xlsx"})
    assert item.path == "/Archive/Tracker.xlsx"


def test_a_file_that_is_open_cannot_be_replaced(client: Client, item: Item) -> None:
    item.locked_by = "Ann Sample"
    for method, path in (("put", "/content"), ("delete", "")):
        with pytest.raises(FileLockedException) as error:
            client.item(method, path, b"new")
        assert error.value.lock_owner == "Ann Sample"
    item.locked_by = ""
    with pytest.raises(FileLockedException) as error:
        client.item("put", "/content", b"new")
    assert response_of(error).status_code == 423
    assert error.value.lock_owner is None


def test_versions_are_listed_read_and_restored(client: Client, item: Item) -> None:
    first = item.content
    client.item("put", "/content", b"second")
    assert [version["id"] for version in client.item("get", "/versions").json()["value"]] == ["2.0", "1.0"]
    assert client.item("get", "/versions/1.0/content").content == first
    client.item("post", "/versions/1.0/restoreVersion")
    assert item.content == first
    assert [version.label for version in item.history] == ["2.0", "1.0"]


@pytest.mark.parametrize(
    ("roles", "grant", "reads", "writes"),
    [
        (["Sites.Selected"], "write", True, True),
        (["Sites.Selected"], "read", True, False),
        (["Sites.Selected"], None, False, False),
        (["Sites.Read.All"], None, True, False),
        (["Sites.ReadWrite.All"], None, True, True),
        (["Mail.Send"], "write", False, False),
    ],
)
def test_what_a_token_opens(graph: GraphServer, roles: list[str], grant: str | None, reads: bool, writes: bool) -> None:
    graph.entra.roles = roles
    item = graph.add_site("/sites/other", grant).add_drive("Documents").add("/Tracker.xlsx", tracker())
    client = Client(graph, item)
    for allowed, request in ((reads, ("get", "")), (writes, ("put", "/content", b"new"))):
        if allowed:
            client.item(*request)
        else:
            with pytest.raises(AccessDeniedException) as error:
                client.item(*request)
            assert refused(error) == (403, "accessDenied")
