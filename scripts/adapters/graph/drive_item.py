"""The tracker in SharePoint: find it by site, library and path, by a sharing link, or by ids.

Names are quoted piece by piece, so that “#”, “%”, “+” and apostrophes mean themselves. Other files of the folder are
named only where they are near to what was sought: they may be named after a child.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.errors import Refused
from scripts.adapters.settings.config import SharePointSettings
from scripts.adapters.storage.store import check_file
from tracker_schema.errors import TrackerUnusable
from tracker_schema.wording import did_you_mean, nearest

ITEM = "$select=id,name,eTag,size,webUrl,parentReference,file,folder"


@dataclass(frozen=True)
class DriveItem:
    """A workbook in its library, as it was at one moment.

    drive   the id of the library
    item    the id of the file, which stays when it is renamed or moved within the library
    name    its file name
    etag    its version
    size    in bytes
    hash    the QuickXorHash of its content; None when SharePoint gives none
    link    its web address
    """

    drive: str
    item: str
    name: str
    etag: str
    size: int
    hash: str | None = None
    link: str = ""

    @property
    def path(self) -> str:
        """Its path in Graph."""
        return f"{_drive(self.drive)}/items/{quote(self.item)}"


def find_item(calls: Calls, settings: SharePointSettings) -> DriveItem:
    """Return the workbook that `settings` name.

    Raises TrackerUnusable when the site, the library, a folder or the file does not exist, or may not be seen.
    """
    if settings.drive is not None and settings.item is not None:
        return _by_ids(calls, settings.drive, settings.item)
    if settings.link is not None:
        return _by_link(calls, settings.link)
    path = settings.path or ""
    drive = _library(calls, settings.site or "", settings.library)
    found = _find(calls, drive, path)
    if found is None:
        raise _missing(calls, drive, settings.library, path)
    return item_in(found, drive, path)


def refresh(calls: Calls, item: DriveItem) -> DriveItem:
    """Return the workbook as it is now. Raises TrackerUnusable when it was deleted, or may no longer be seen."""
    try:
        found = calls.read(f"{item.path}?{ITEM}")
    except Refused as refused:
        raise read_error(refused, item) from None
    return item_in(found, item.drive, item.name)


def read_error(refused: Refused, item: DriveItem) -> TrackerUnusable:
    """Return what it means that Graph `refused` to give a workbook that was there a moment ago."""
    if refused.status == 404:
        return TrackerUnusable(
            f"{item.name} was deleted or moved elsewhere while this program ran.",
            "Put it back, or give its new place in config.toml under [sharepoint].",
        )
    return _access_error(refused, f"the tracker {item.name}")


def _access_error(refused: Refused, what: str) -> TrackerUnusable:
    """Return what it means that reading `what` was `refused`; a refusal that is not about access as it is."""
    if refused.status != 403:
        return refused
    return TrackerUnusable(
        f"This program may not see {what}.",
        "Ask IT to grant its app registration “write” on that one site (Sites.Selected), or, where a person is signed "
        "in, to share the tracker with that account.",
    )


def site_address(site: str) -> str:
    """Return the address of a site, such as https://contoso.sharepoint.com/sites/slt, as Graph takes it."""
    parts = urlsplit(site)
    path = unquote(parts.path).strip("/")  # the browser's address bar quotes a space as %20
    return f"{parts.hostname}:/{quote(path)}:" if path else str(parts.hostname)


def _drive(drive: str) -> str:
    return f"/drives/{quote(drive, safe='!')}"


def _library(calls: Calls, site: str, library: str) -> str:
    """Return the id of the site's document library of that name."""
    try:
        drives = calls.read_all(f"/sites/{site_address(site)}/drives?$select=id,name,webUrl")
    except Refused as refused:
        if refused.status in (400, 404):
            raise TrackerUnusable(
                f"There is no site {site}.",
                "Open it in the browser, and copy its address up to and including the name after /sites/ to "
                "sharepoint.site in config.toml.",
            ) from None
        raise _access_error(refused, f"the site {site}") from None
    by_name = {drive["name"].casefold(): drive for drive in drives}
    # A library's name in its address, such as Shared Documents, is accepted too.
    by_name = {unquote(drive["webUrl"].rpartition("/")[2]).casefold(): drive for drive in drives} | by_name
    if library.casefold() in by_name:
        return str(by_name[library.casefold()]["id"])
    near = nearest(library, by_name)
    names = ", ".join(f"“{name}”" for name in sorted(drive["name"] for drive in drives))
    there = f"There is {names}." if names else "There is none that this program may see."
    remedy = f"Did you mean “{by_name[near]['name']}”?" if near else there
    raise TrackerUnusable(f"The site {site} has no library “{library}”.", f"{remedy} Correct sharepoint.library.")


def _by_ids(calls: Calls, drive: str, item: str) -> DriveItem:
    what = "the file that sharepoint.item names"
    try:
        found = calls.read(f"{_drive(drive)}/items/{quote(item)}?{ITEM}")
    except Refused as refused:
        if refused.status in (400, 404):
            raise TrackerUnusable(
                "There is no library or no file with the ids that config.toml gives.",
                "Copy sharepoint.drive and sharepoint.item again, as section 2 of docs/for-it.md describes.",
            ) from None
        raise _access_error(refused, what) from None
    return item_in(found, drive, what)


def _by_link(calls: Calls, link: str) -> DriveItem:
    token = base64.urlsafe_b64encode(link.encode()).decode().rstrip("=")
    what = "what the sharing link leads to"
    try:
        found = calls.read(f"/shares/u!{token}/driveItem?{ITEM}")
    except Refused as refused:
        if refused.status in (400, 404):
            raise TrackerUnusable(
                "The sharing link no longer leads anywhere.",
                "Copy the link of the workbook again, to sharepoint.link in config.toml.",
            ) from None
        if refused.status == 403:
            raise TrackerUnusable(
                "This program may not see what the sharing link leads to.",
                "A grant on the site may not cover links: give site, library and path instead of link in config.toml. "
                "If those are refused too, ask IT to grant the app registration “write” on that one site.",
            ) from None
        raise
    return item_in(found, found["parentReference"]["driveId"], what)


def _find(calls: Calls, drive: str, path: str) -> Any:
    """Return what Graph says about a path in a library, None when nothing is there."""
    try:
        return calls.read(f"{_drive(drive)}/root:/{quote(path)}?{ITEM}")
    except Refused as refused:
        if refused.status == 404:
            return None
        raise _access_error(refused, "the library of the tracker") from None


def _missing(calls: Calls, drive: str, library: str, path: str) -> TrackerUnusable:
    """Return the error that names the first piece of the path that does not exist, and what is near to it."""
    *folders, name = path.split("/")
    known, missing, kind = "", name, "file"
    for depth, folder in enumerate(folders, 1):
        if _find(calls, drive, "/".join(folders[:depth])) is None:
            missing, kind = folder, "folder"
            break
        known = "/".join(folders[:depth])
    where = f"the folder “{known}”" if known else f"the library “{library}”"
    within = f"root:/{quote(known)}:/children" if known else "root/children"
    children = calls.read_all(f"{_drive(drive)}/{within}?$select=name,file,folder&$top=999")
    names = [child["name"] for child in children if kind in child or kind == "file"]
    near = did_you_mean(missing, names, likeness=0.8) or "Check whether it was moved or renamed."
    return TrackerUnusable(f"There is no {kind} “{missing}” in {where}.", f"{near} Correct sharepoint.path.")


def item_in(found: dict[str, Any], drive: str, path: str) -> DriveItem:
    """Return the workbook in Graph's answer `found`; `drive` is its library, and `path` what errors call it.

    Raises TrackerUnusable when it is no workbook, or is too large.
    """
    if "folder" in found:
        raise TrackerUnusable(f"{path} is a folder.", "Name the workbook in it, in config.toml under [sharepoint].")
    hashes = found.get("file", {}).get("hashes", {})
    item = DriveItem(
        drive,
        str(found["id"]),
        str(found["name"]),
        str(found["eTag"]),
        int(found.get("size", 0)),
        hashes.get("quickXorHash"),
        str(found.get("webUrl", "")),
    )
    check_file(item.name, item.size)
    return item
