"""Why SharePoint does not take a change of the workbook: each cause with its own sentence and remedy.

A refusal has the same few statuses and codes for many causes. So the workbook is asked for what is known of it (is it
checked out, has it a label that keeps it), and Microsoft's message is searched for the words that tell the rest apart.
"""

from __future__ import annotations

import re
from typing import Any

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.drive_item import DriveItem, read_error
from scripts.adapters.graph.errors import Refused
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerError, TrackerUnusable

_MUST_CHECK_OUT = re.compile(r"must (first )?(be )?check(ed)? ?out|requires? check-? ?out", re.IGNORECASE)
_CHECKED_OUT = re.compile(r"checked out", re.IGNORECASE)
_KEPT = re.compile(r"\brecord\b|retention|\bhold\b|\bcompliance\b", re.IGNORECASE)
_READ_ONLY = re.compile(r"read-? ?only|site is locked|\bno ?access\b.{0,20}lock", re.IGNORECASE)


class Locked(TrackerBusy):
    """Somebody has the workbook open, so that nobody else can change it."""


def is_lock(refused: Refused) -> bool:
    """Return True when the refusal is about a lock, of whatever kind, and not about permissions."""
    words = ("resourceLocked", "notAllowed", "AccessConflict")
    return refused.status == 423 or (refused.status in (400, 403, 409) and any(map(refused.has_code, words)))


def write_error(
    calls: Calls, item: DriveItem, refused: Refused, consequence: str = "nothing was written"
) -> TrackerError:
    """Return what it means that SharePoint refuses to change `item`; `consequence` ends the sentence about it."""
    if refused.status != 404 and (cause := _cause(calls, item, refused, consequence)):
        return cause
    match refused.status:
        case 404:
            return read_error(refused, item)
        case 409 | 412:
            return TrackerChanged(f"Somebody saved {item.name} just now, so {consequence}.", "Run again.")
        case 403:
            return TrackerUnusable(
                f"This program may read {item.name} but not change it ({refused.code}).",
                "Ask IT to grant its app registration “write” on that site, or to let the signed-in account edit it.",
            )
        case 413 | 507:
            return TrackerUnusable(f"The library of {item.name} is full.", "Make room in it.")
    return refused


def _cause(calls: Calls, item: DriveItem, refused: Refused, consequence: str) -> TrackerError | None:
    """Return the error for a workbook that is locked in any way; None when it is not that."""
    said = refused.message
    if _MUST_CHECK_OUT.search(said):
        return TrackerUnusable(
            f"The library of {item.name} lets a file be changed only by whoever has checked it out, so {consequence}.",
            "Ask an owner of the site to switch that off for this library: Library settings, Versioning settings, "
            "Require Check Out.",
        )
    lock = is_lock(refused)
    publication = _known(calls, item, f"{item.path}?$select=publication", "publication") if lock else {}
    if publication.get("level") == "checkout" or _CHECKED_OUT.search(said):
        who = publication.get("checkedOutBy", {}).get("user", {}).get("displayName") or _name(refused.holder)
        return TrackerBusy(
            f"{item.name} is checked out by {who or 'somebody whom SharePoint does not name'}, so {consequence}.",
            "Ask them to check it in, or an owner of the library to discard the check-out. The next run catches up.",
        )
    kept = _known(calls, item, f"{item.path}/retentionLabel", "retentionSettings") if lock else {}
    if kept.get("isRecordLocked") or kept.get("isContentUpdateAllowed") is False or _KEPT.search(said):
        return TrackerUnusable(
            f"{item.name} is kept unchanged by a record, retention or hold setting, so {consequence} ({refused.code}).",
            "Ask the council's records manager to unlock the record, or to take the label off this workbook.",
        )
    if _READ_ONLY.search(said):
        return TrackerUnusable(
            f"The site or library of {item.name} is read-only for everybody, so {consequence} ({refused.code}).",
            "Ask IT to look at the site's lock state and its policies.",
        )
    if not lock:
        return None
    return locked(item, refused, consequence)


def locked(item: DriveItem, refused: Refused, consequence: str = "nothing was written") -> Locked:
    """Return the error for a workbook that somebody has open, whom SharePoint may or may not name."""
    if who := _name(refused.holder):
        return Locked(
            f"{item.name} is locked by {who}, so {consequence}.",
            "Run again when it is closed, or let the next run catch up.",
        )
    return Locked(
        f"{item.name} is locked by somebody whom SharePoint does not name, so {consequence}.",
        "Run again when it is closed, or let the next run catch up. If nobody has it open, give IT what SharePoint "
        f"said: {refused.code}.",
    )


def _name(holder: str | None) -> str:
    return holder.partition("[")[0].strip() if holder else ""


def _known(calls: Calls, item: DriveItem, path: str, name: str) -> dict[str, Any]:
    """Return what SharePoint says about `item` under `name`; nothing when it does not say."""
    try:
        found = calls.once("get", path, None).json().get(name)
    except (TrackerError, ValueError, AttributeError):
        return {}
    return found if isinstance(found, dict) else {}
