"""A copy beside a tracker in SharePoint for trials; it is removed again whatever happens.

It is beside the tracker because the folder decides who may write and read there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from scripts.adapters.doctor.moment import this_computers_time
from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.drive_item import DriveItem
from scripts.adapters.graph.errors import Refused
from tracker_schema.errors import TrackerError, TrackerUnusable

TYPE = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@contextlib.contextmanager
def trial_copy(calls: Calls, place: DriveItem, data: bytes, name: str) -> Iterator[DriveItem]:
    """Make a file beside `place` that holds `data` and whose name begins with `name`; remove it afterwards.

    Raises Refused or NoAnswer when it cannot be made, and TrackerUnusable when it cannot be removed, or when there is
    such a file already, which is left alone.
    """
    parent, _ = folder_of(calls, place)
    full = f"{name}, delete me {this_computers_time():%H%M%S}{PurePosixPath(place.name).suffix}"
    address = f"/drives/{quote(place.drive, safe='!')}/items/{quote(parent)}:/{quote(full)}"
    try:
        made = calls.once("put", f"{address}:/content?@microsoft.graph.conflictBehavior=fail", data, TYPE).json()
    except Refused as refused:
        if refused.has_code("nameAlreadyExists"):
            raise TrackerUnusable(f"“{full}” is beside the tracker already.", "Run doctor again.") from None
        raise
    except BaseException:  # no answer, or somebody stops the run: it may have been made
        _remove(calls, address, full)
        raise
    try:
        yield DriveItem(place.drive, str(made["id"]), full, str(made["eTag"]), len(data))
    finally:
        _remove(calls, address, full)


def left_over(calls: Calls, place: DriveItem, name: str) -> list[str]:
    """Return the names of such copies beside `place` that a killed run left."""
    parent, _ = folder_of(calls, place)
    address = f"/drives/{quote(place.drive, safe='!')}/items/{quote(parent)}/children?$select=name&$top=999"
    return [str(each["name"]) for each in calls.read_all(address) if str(each["name"]).startswith(name)]


def folder_of(calls: Calls, place: DriveItem) -> tuple[str, str]:
    """Return the id of the folder in which `place` is, and its path within the library."""
    parent: dict[str, Any] = calls.read(f"{place.path}?$select=parentReference")["parentReference"]
    return str(parent["id"]), unquote(str(parent.get("path", "")).partition("root:")[2]).strip("/")


def _remove(calls: Calls, address: str, name: str) -> None:
    try:
        calls.repeated("delete", address, None)
    except Refused as refused:
        if refused.status != 404:  # it was never made, or a first attempt removed it and the answer was lost
            raise _left(name) from None
    except TrackerError:
        raise _left(name) from None


def _left(name: str) -> TrackerUnusable:
    return TrackerUnusable(
        f"The copy “{name}” beside the tracker could not be removed.",
        "Delete it there, because it holds what the tracker holds.",
    )
