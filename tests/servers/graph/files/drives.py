"""The requests for sites, libraries and files."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Sequence
from typing import Any

from tests.servers.graph.entra.access import Access
from tests.servers.graph.excel.excel import Excel
from tests.servers.graph.exchange import Refusal, Request, Response, no_such_request, not_found, selected
from tests.servers.graph.files.files import Drive, Item, Site, all_items
from tests.servers.graph.files.properties import (
    SAVED_AT,
    children,
    drive_properties,
    folder_properties,
    item_properties,
    label_properties,
)


class Drives:
    """The tenant's files; the attributes are the switches of a test."""

    def __init__(self, excel: Excel) -> None:
        self.sites: list[Site] = []
        self.conflict_status = 412  # or 409, with which some files of SharePoint answer a stale If-Match
        self.ignores_if_match = False  # a tenant where a stale PUT succeeds
        self.page_size = 200  # how many entries of a list come at once
        self.gives_hashes = True  # or not, as of some files
        self.stale_after_uploads = 0  # the same, of those after each upload
        self.stale_downloads = 0  # so many downloads still give the version before, with its ETag
        self.rewrites_uploads = False  # SharePoint enters properties into an uploaded file, and its eTag moves on
        self._excel = excel
        self._downloads: dict[str, Item] = {}

    def answer(self, request: Request, steps: Sequence[str], access: Access) -> Response:
        """Return the answer to a request, its path taken to pieces after /v1.0."""
        match steps:
            case ["sites", address, *rest] if address.endswith(":") or "," not in address:
                path, rest = _path_and_rest(rest) if address.endswith(":") else ("", list(rest))
                return self._site(request, self._find_site(address.rstrip(":"), path), rest, access)
            case ["sites", identifier, *rest]:
                site = next((site for site in self.sites if site.id == identifier), None)
                return self._site(request, site, rest, access)
            case ["drives", identifier, *rest]:
                drives = (drive for site in self.sites for drive in site.drives)
                return self._drive(request, next((d for d in drives if d.id == identifier), None), rest, access)
            case ["shares", share, "driveItem", *rest]:
                url = _shared_url(share)
                item = next((item for item in all_items(self.sites) if item.is_at(url)), None)
                if item is None:
                    raise Refusal(404, "itemNotFound", "The sharing link no longer exists, or you do not have access.")
                access.check_site(item.drive.site, write=request.method not in ("GET", "POST"))
                return self._item(request, item, rest, access)
        raise no_such_request(request)

    def download(self, request: Request) -> Response:
        """Return the answer of the pre-authenticated address to which /content leads."""
        if request.authorization:
            raise Refusal(401, "unauthenticated", "A pre-authenticated address must not be sent a token.")
        item = self._downloads.get(request.query.get("tempauth", ""))
        if item is None:
            raise Refusal(401, "unauthenticated", "The address has expired.")
        if self.stale_downloads and item.history:
            self.stale_downloads -= 1
            return Response(200, item.history[0].content, {"ETag": item.etag_of(item.changes - 1)})
        return Response(200, item.content, {"ETag": item.etag})

    def _find_site(self, host: str, path: str) -> Site | None:
        return next((site for site in self.sites if (site.host, site.path.lower()) == (host, path.lower())), None)

    def _site(self, request: Request, site: Site | None, rest: Sequence[str], access: Access) -> Response:
        if site is None:
            raise Refusal(404, "itemNotFound", "Requested site could not be found")
        access.check_site(site, write=False)
        match request.method, *rest:
            case ["GET"]:
                properties = {"id": site.id, "name": site.name, "displayName": site.name, "webUrl": site.web_url}
                return Response(200, selected(request, properties))
            case ["GET", "drives"]:
                return self._page(request, [selected(request, drive_properties(d)) for d in site.drives])
            case [_, "drive", *within]:
                return self._drive(request, site.drives[0] if site.drives else None, within, access)
            case [_, "drives", identifier, *within]:
                drive = next((drive for drive in site.drives if drive.id == identifier), None)
                return self._drive(request, drive, within, access)
        raise no_such_request(request)

    def _drive(self, request: Request, drive: Drive | None, rest: Sequence[str], access: Access) -> Response:
        if drive is None:
            raise not_found()
        adds = request.method == "POST" and bool(rest) and rest[-1] == "children"
        access.check_site(drive.site, write=adds or request.method in ("PUT", "PATCH", "DELETE"))
        match rest:
            case []:
                return Response(200, selected(request, drive_properties(drive)))
            case ["root", *within]:
                return self._folder(request, drive, "", within)
            case ["root:", *within]:
                path, tail = _path_and_rest(within)
            case ["items", identifier, *within] if identifier.endswith(":"):
                name, tail = _path_and_rest(within)
                path = drive.folders().get(identifier[:-1], "/nowhere") + name
            case ["items", identifier, *tail]:
                if identifier in drive.items:
                    return self._item(request, drive.items[identifier], tail, access)
                if identifier not in drive.folders():
                    raise not_found()
                path = drive.folders()[identifier]
            case _:
                raise no_such_request(request)
        item = drive.at(path)
        if item is not None:
            return self._item(request, item, tail, access)
        if request.method == "PUT" and tail == ["content"]:
            _check_room(drive)
            return Response(201, item_properties(drive.add(path, request.body)))
        return self._folder(request, drive, path, tail)

    def _folder(self, request: Request, drive: Drive, path: str, tail: Sequence[str]) -> Response:
        found = next((each for each in drive.folders().values() if each.lower() == path.lower()), None)
        if found is None:
            raise not_found()
        match request.method, *tail:
            case ["GET"]:
                return Response(200, selected(request, folder_properties(drive, found)))
            case ["GET", "children"]:
                folders, items = children(drive, found)
                inside = [folder_properties(drive, each) for each in folders]
                inside += [item_properties(item) for item in items]
                return self._page(request, [selected(request, each) for each in inside])
            case ["GET", "permissions"]:
                return Response(200, {"value": drive.permissions.get(found, [])})
            case ["POST", "children"]:
                _check_room(drive)
                body = request.json()
                path = f"{found}/{body['name']}"
                if path.lower() in map(str.lower, drive.folders().values()) or drive.at(path):
                    raise name_taken()
                drive.made_folders.add(path)
                return Response(201, folder_properties(drive, path))
        raise no_such_request(request)

    def _item(self, request: Request, item: Item, tail: Sequence[str], access: Access) -> Response:
        match request.method, *tail:
            case ["GET"]:
                if request.headers.get("if-none-match") == item.etag:
                    return Response(304)
                return Response(200, selected(request, self._properties(item)), {"ETag": item.etag})
            case ["PATCH"]:
                return self._change(request, item)
            case ["DELETE"]:
                self._check_free(request, item)
                del item.drive.items[item.id]
                return Response(204)
            case ["GET", "retentionLabel"]:
                return Response(200, label_properties(item))
            case ["GET", "permissions"]:
                return Response(200, {"value": item.drive.permissions.get(item.path, [])})
            case ["GET", "content"]:
                return self._redirect(item)
            case ["PUT", "content"]:
                return self._put(request, item)
            case [_, "versions", *rest]:
                return _versions(request, item, rest, access)
            case [_, "workbook", *rest]:
                return self._excel.answer(request, item, rest, access)
        raise no_such_request(request)

    def _page(self, request: Request, entries: list[dict[str, Any]]) -> Response:
        """Return one page of a list, with a link to the next."""
        start = int(request.query.get("$skiptoken", "0"))
        page: dict[str, Any] = {"value": entries[start : start + self.page_size]}
        if start + self.page_size < len(entries):
            address, _, query = request.target.partition("?")
            kept = [each for each in query.split("&") if each and not each.startswith("$skiptoken")]
            token = f"$skiptoken={start + self.page_size}"
            page["@odata.nextLink"] = f"https://{request.host}{address}?{'&'.join([*kept, token])}"
        return Response(200, page)

    def _properties(self, item: Item) -> dict[str, Any]:
        properties = item_properties(item)
        if not self.gives_hashes:
            del properties["file"]["hashes"]
        return properties

    def _redirect(self, item: Item) -> Response:
        ticket = uuid.uuid4().hex
        self._downloads[ticket] = item
        place = f"{item.drive.site.web_url}/_layouts/15/download.aspx?UniqueId={item.guid.lower()}&tempauth={ticket}"
        return Response(302, None, {"Location": place})

    def _put(self, request: Request, item: Item) -> Response:
        if request.query.get("@microsoft.graph.conflictBehavior") == "fail":
            raise name_taken()
        self._check_free(request, item)
        item.number_formats.clear()
        item.save(request.body)
        self.stale_downloads = max(self.stale_downloads, self.stale_after_uploads)
        answer = Response(200, item_properties(item))
        if self.rewrites_uploads:
            item.save(request.body)
            item.history.pop(0)
        return answer

    def _change(self, request: Request, item: Item) -> Response:
        """Rename or move it."""
        self._check_free(request, item)
        body = request.json()
        name = str(body.get("name", item.name))
        folder = item.folder
        if "parentReference" in body:
            folder = item.drive.folders()[body["parentReference"]["id"]]
        if (there := item.drive.at(f"{folder}/{name}")) and there is not item:
            raise name_taken()
        if name != item.name:
            item.rename(name)
        if folder != item.folder:
            item.move(folder)
        return Response(200, item_properties(item))

    def _check_free(self, request: Request, item: Item) -> None:
        """Raise Refusal when the file has changed since the If-Match, or somebody has it open."""
        wanted = request.headers.get("if-match")
        if wanted not in (None, "*", item.etag, item.ctag) and not self.ignores_if_match:
            raise Refusal(self.conflict_status, "resourceModified", "ETag does not match current item's value")
        if item.checked_out_by or item.is_record:
            raise Refusal(423, "notAllowed", "The operation is not allowed.", inner="resourceLocked")
        if item.locked_by:
            where = f"https://{item.drive.site.host}{item.drive.site.path}/{item.drive.folder}{item.path}"
            owner = f"{item.locked_by} [membership]"
            message = f"The file {where} is locked for shared use by {owner}."
            raise Refusal(423, "resourceLocked", message)
        if item.locked_by is not None or item.unsaved is not None:
            message = "The resource you are attempting to access is locked"
            raise Refusal(423, "notAllowed", message, inner="resourceLocked")


def name_taken() -> Refusal:
    """Return the answer to a request that would overwrite something."""
    return Refusal(409, "nameAlreadyExists", "An item with the same name already exists under the parent.")


def _check_room(drive: Drive) -> None:
    if drive.is_full:
        raise Refusal(507, "quotaLimitReached", "Insufficient space available for this operation.")


def _versions(request: Request, item: Item, rest: Sequence[str], access: Access) -> Response:
    contents = {f"{item.content_changes}.0": item.content} | {each.label: each.content for each in item.history}
    match request.method, *rest:
        case ["GET"]:
            return Response(
                200,
                {
                    "value": [
                        {"id": label, "size": len(content), "lastModifiedDateTime": SAVED_AT}
                        for label, content in contents.items()
                    ]
                },
            )
        case ["GET", label, "content"] if label in contents:
            return Response(200, contents[label])
        case ["POST", label, "restoreVersion"] if label in contents:
            access.check_site(item.drive.site, write=True)
            item.save(contents[label])
            return Response(204)
    raise not_found()


def _path_and_rest(steps: Sequence[str]) -> tuple[str, list[str]]:
    """Return the path up to the step that ends with a colon, and what follows."""
    end = next((at for at, step in enumerate(steps) if step.endswith(":")), len(steps) - 1)
    path = "/".join(steps[: end + 1]).removesuffix(":")
    return (f"/{path}".rstrip("/"), list(steps[end + 1 :]))


def _shared_url(share: str) -> str:
    """Return the address in a share's token, which is its base64 without padding after "u!"."""
    encoded = share.removeprefix("u!")
    try:
        return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Refusal(400, "invalidRequest", "The sharing token is invalid.") from None
