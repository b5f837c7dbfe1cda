"""Where the tracker is: a site, a library and a path, or a sharing link; and where it went when it is not there.

Names are quoted piece by piece, so that “#”, “%”, “+” and apostrophes mean themselves. What else lies in a folder is
named only where it is much like what was sought, for other files there may be named for a child.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote, urlsplit

from scripts.adapters.graph.calls import Calls, Refused
from scripts.adapters.settings.config import SharePointSettings
from tracker_schema.errors import TrackerUnusable

ITEM = "$select=id,name,eTag,size,parentReference,file,folder"


@dataclass(frozen=True)
class Place:
    """The workbook in its library; its ids stay when it is renamed or moved within it."""

    drive: str
    item: str
    name: str
    etag: str
    """What it was when it was found."""
    size: int

    @property
    def path(self) -> str:
        """Where Graph has it."""
        return f"/drives/{quote(self.drive, safe='!')}/items/{quote(self.item)}"


def locate(calls: Calls, settings: SharePointSettings) -> Place:
    """The place that `settings` name.

    Raises TrackerUnusable, with the remedy, when the site, the library, the folder or the file is not there, or may
    not be seen.
    """
    if settings.link is not None:
        return _by_link(calls, settings.link)
    site, path = settings.site or "", settings.path or ""
    drive = _library(calls, site, settings.library)
    found = _item(calls, drive, path)
    if found is None:
        raise _missing(calls, drive, settings.library, path)
    return _place(found, drive, path)


def look_again(calls: Calls, place: Place) -> Place:
    """The place as it is now, by its ids. Raises TrackerUnusable when it has been deleted or moved out of sight."""
    try:
        found = calls.get(f"{place.path}?{ITEM}").json()
    except Refused as refused:
        if refused.status == 404:
            raise gone(place) from None
        raise access_denied(refused, f"the tracker {place.name}") from None
    return _place(found, place.drive, place.name)


def gone(place: Place) -> TrackerUnusable:
    """What to raise when the workbook is no longer where it was a moment ago."""
    return TrackerUnusable(
        f"{place.name} was deleted or moved elsewhere while this program ran; put it back, or give its new place in "
        "config.toml under [sharepoint]."
    )


def access_denied(refused: Refused, what: str) -> TrackerUnusable:
    """What `refused` means where reading `what` was tried; any refusal that is not about access is itself."""
    if refused.status not in (401, 403):
        return refused
    return TrackerUnusable(
        f"This program may not see {what}; ask IT to grant its app registration “write” on that one site "
        "(Sites.Selected), or, where a person is signed in, to share the tracker with that account."
    )


def _library(calls: Calls, site: str, library: str) -> str:
    """The id of the site's document library of that name."""
    parts = urlsplit(site)
    path = parts.path.strip("/")
    address = f"{parts.hostname}:/{quote(path)}:" if path else parts.hostname
    try:
        drives = calls.get(f"/sites/{address}/drives?$select=id,name,webUrl").json()["value"]
    except Refused as refused:
        if refused.status in (400, 404):
            raise TrackerUnusable(
                f"There is no site {site}; open it in the browser, and copy its address up to and including the name "
                "after /sites/ to sharepoint.site in config.toml."
            ) from None
        raise access_denied(refused, f"the site {site}") from None
    by_name = {drive["name"].casefold(): drive for drive in drives}
    # What the address calls a library, such as Shared Documents, will do as well.
    by_name = {drive["webUrl"].rpartition("/")[2].replace("%20", " ").casefold(): drive for drive in drives} | by_name
    if library.casefold() in by_name:
        return str(by_name[library.casefold()]["id"])
    names = sorted(drive["name"] for drive in drives)
    close = get_close_matches(library.casefold(), by_name, 1)
    remedy = f"did you mean “{by_name[close[0]]['name']}”?" if close else f"there is {_listed(names)}"
    raise TrackerUnusable(f"The site {site} has no library “{library}”; {remedy} Correct sharepoint.library.")


def _listed(names: list[str]) -> str:
    return (", ".join(f"“{name}”" for name in names) if names else "none that this program may see") + "."


def _by_link(calls: Calls, link: str) -> Place:
    token = base64.urlsafe_b64encode(link.encode()).decode().rstrip("=")
    try:
        found = calls.get(f"/shares/u!{token}/driveItem?{ITEM}").json()
    except Refused as refused:
        if refused.status in (400, 404):
            raise TrackerUnusable(
                "The sharing link leads nowhere any more; copy the link of the workbook again, to sharepoint.link in "
                "config.toml."
            ) from None
        raise access_denied(refused, "what the sharing link leads to") from None
    return _place(found, found["parentReference"]["driveId"], "what the sharing link leads to")


def _item(calls: Calls, drive: str, path: str) -> Any:
    """What Graph tells of a path in a library; None when nothing is there."""
    within = f"root:/{quote(path)}"
    try:
        return calls.get(f"/drives/{quote(drive, safe='!')}/{within}?{ITEM}").json()
    except Refused as refused:
        if refused.status == 404:
            return None
        raise access_denied(refused, "the library of the tracker") from None


def _missing(calls: Calls, drive: str, library: str, path: str) -> TrackerUnusable:
    """Says how far the path leads, and what there is instead."""
    *folders, name = path.split("/")
    known = ""
    for depth, folder in enumerate(folders, 1):
        if _item(calls, drive, "/".join(folders[:depth])) is None:
            where = f"the folder “{known}”" if known else f"the library “{library}”"
            close = _like(calls, drive, known, folder, "folder")
            return TrackerUnusable(f"There is no folder “{folder}” in {where}; {close} Correct sharepoint.path.")
        known = "/".join(folders[:depth])
    where = f"the folder “{known}”" if known else f"the library “{library}”"
    close = _like(calls, drive, known, name, "file")
    return TrackerUnusable(f"There is no file “{name}” in {where}; {close} Correct sharepoint.path.")


def _like(calls: Calls, drive: str, folder: str, name: str, kind: str) -> str:
    within = f"root:/{quote(folder)}:/children" if folder else "root/children"
    children = calls.get(f"/drives/{quote(drive, safe='!')}/{within}?$select=name,file,folder&$top=999").json()["value"]
    names = {child["name"].casefold(): child["name"] for child in children if kind in child or kind == "file"}
    close = get_close_matches(name.casefold(), names, 1, cutoff=0.8)
    return f"did you mean “{names[close[0]]}”?" if close else "look where it is now, or whether it was renamed."


def _place(found: dict[str, Any], drive: str, path: str) -> Place:
    if "folder" in found:
        raise TrackerUnusable(f"{path} is a folder; name the workbook in it, in config.toml under [sharepoint].")
    if not str(found["name"]).casefold().endswith((".xlsx", ".xlsm")):
        raise TrackerUnusable(f"{found['name']} is no .xlsx or .xlsm workbook; open it in Excel and save it as .xlsx.")
    return Place(drive, str(found["id"]), str(found["name"]), str(found["eTag"]), int(found.get("size", 0)))
