"""The bytes of a workbook, read so that they surely are those of the version that SharePoint names.

A download comes from another server than the version does. It may be cut off, damaged, or still the version before. So
its size, its QuickXorHash and its own ETag are compared with those of the version, and it is read again when one of
them differs.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

from scripts.adapters.cli import clock
from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.drive_item import DriveItem, read_error, refresh
from scripts.adapters.graph.errors import Refused
from tracker_schema.errors import TrackerBusy, TrackerUnusable

READS = 4
"""How often a file is read again that is saved meanwhile, or that is not what its version says."""
SECONDS_TO_SETTLE = 5.0
"""How long a download takes to show what people and we change."""

_ETAG = re.compile(r'(?:W/)?"?\{?([0-9A-F-]{36})\}?,(\d+)"?', re.IGNORECASE)
_BLOCK = 160
"""Bytes after which the positions of QuickXorHash repeat, and bits of the hash."""
_NOT_JUST_NOW = frozenset({409, 412, 423})


@dataclass(frozen=True)
class Download:
    """What one download gave: the bytes, and its own ETag, "" when it had none."""

    data: bytes = field(repr=False)
    etag: str


def read_version(calls: Calls, item: DriveItem, *, compare: bool = True) -> tuple[bytes, DriveItem]:
    """Return the bytes of the workbook, and the version that they are of, which may be later than `item`.

    Without `compare`, bytes count that came twice, as is right where SharePoint's size and hash are never those of a
    download. Raises TrackerBusy when the bytes do not match the version after several reads, and TrackerUnusable when
    the workbook is empty, was deleted, or may no longer be read.
    """
    why, previous = "", None
    for _ in range(READS):
        if why:
            clock.pause(SECONDS_TO_SETTLE)
        found = _download(calls, item)
        before, item = item, refresh(calls, item)
        if before.etag != item.etag:
            why, previous = "", None
            continue
        if found is None:
            why = "it cannot be downloaded"
        elif compare and (differs := _difference(found, item)):
            why = differs
        elif found.data == previous or (compare and item.hash is not None):
            if not found.data:
                raise TrackerUnusable(f"{item.name} is empty.", "Restore an earlier version of it in SharePoint.")
            return found.data, item
        elif previous is not None:
            why = "two downloads of it differ"
        previous = found and found.data
    if not why:
        raise TrackerBusy(f"{item.name} is saved again and again while it is read.", "The next run catches up.")
    raise TrackerBusy(
        f"SharePoint did not give {item.name} as it is stored, in {READS} attempts: {why}.",
        "The workbook itself may be in order. The next run catches up; if none does, see “Downloads that do not match” "
        "in docs/for-it.md.",
    )


def quick_xor_hash(data: bytes) -> str:
    """Return the QuickXorHash of `data` in base64, as SharePoint gives it.

    Each byte is XORed into 160 bits, 11 bits further to the left than the byte before, then the length into the last
    64.
    Source: https://learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash
    """
    folded = 0
    for start in range(0, len(data), _BLOCK):
        folded ^= int.from_bytes(data[start : start + _BLOCK], "little")
    mixed = 0
    for position, byte in enumerate(folded.to_bytes(_BLOCK, "little")):
        mixed ^= byte << (position * 11 % _BLOCK)
    mixed = (mixed ^ mixed >> _BLOCK) & (2**_BLOCK - 1) ^ len(data) << 96
    return base64.b64encode(mixed.to_bytes(_BLOCK // 8, "little")).decode()


def _download(calls: Calls, item: DriveItem) -> Download | None:
    """Return a download; None when SharePoint gives none just now, as while it stores a new version."""
    try:
        response = calls.get(f"{item.path}/content")
    except Refused as refused:
        if refused.status in _NOT_JUST_NOW:
            return None
        raise read_error(refused, item) from None
    return Download(bytes(response.content), response.headers.get("ETag", ""))


def _difference(found: Download, item: DriveItem) -> str:
    """Return in what a download is not the version `item`, "" when nothing tells them apart."""
    if len(found.data) != item.size:
        return f"{len(found.data)} bytes came of a file of {item.size}"
    if item.hash is not None and quick_xor_hash(found.data) != item.hash:
        return "the bytes are not those of its hash"
    came, wanted = _ETAG.fullmatch(found.etag), _ETAG.fullmatch(item.etag)
    if came and wanted and came[1].upper() == wanted[1].upper() and came[2] != wanted[2]:
        return "another version of it came"
    return ""
