"""Libraries, folders and files as an answer shows them."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from tests.servers.graph.files.files import Drive, Item, folder_id

SAVED_AT = "2026-11-20T08:00:00Z"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def drive_properties(drive: Drive) -> dict[str, Any]:
    """Return a library, as an answer shows it."""
    return {"id": drive.id, "name": drive.name, "driveType": "documentLibrary", "webUrl": drive.web_url}


def children(drive: Drive, path: str) -> tuple[list[str], list[Item]]:
    """Return the folders in a folder, and the files."""
    folders = [each for each in drive.folders().values() if each and each.rpartition("/")[0] == path]
    return sorted(folders), [item for item in drive.items.values() if item.folder == path]


def folder_properties(drive: Drive, path: str) -> dict[str, Any]:
    """Return a folder, as an answer shows it."""
    folders, items = children(drive, path)
    identifier = folder_id(drive, path)
    return {
        "id": identifier,
        "name": path.rpartition("/")[2] or "root",
        "eTag": f'"{{{identifier}}},1"',
        "size": sum(len(item.content) for item in items),
        "webUrl": f"{drive.web_url}{quote(path)}",
        "parentReference": {"driveId": drive.id, "id": folder_id(drive, path.rpartition("/")[0])},
        "folder": {"childCount": len(folders) + len(items)},
    }


def item_properties(item: Item) -> dict[str, Any]:
    """Return a file, as an answer shows it."""
    drive = item.drive
    return {
        "id": item.id,
        "name": item.name,
        "eTag": item.etag,
        "cTag": item.ctag,
        "size": len(item.content),
        "webUrl": item.web_url,
        "lastModifiedDateTime": SAVED_AT,
        "lastModifiedBy": {"user": {"displayName": "Ann Sample", "email": "ann.sample@contoso.com"}},
        "parentReference": {
            "driveId": drive.id,
            "driveType": "documentLibrary",
            "id": folder_id(drive, item.folder),
            "path": f"/drives/{drive.id}/root:{quote(item.folder)}",
            "siteId": drive.site.id,
        },
        "publication": _publication(item),
        "file": {"mimeType": _XLSX, "hashes": {"quickXorHash": _quick_xor_hash(item.content)}},
    }


def _publication(item: Item) -> dict[str, Any]:
    if item.checked_out_by is None:
        return {"level": "published", "versionId": f"{item.content_changes}.0"}
    return {"level": "checkout", "checkedOutBy": {"user": {"displayName": item.checked_out_by}}}


def label_properties(item: Item) -> dict[str, Any]:
    """Return the retention label of a file, as an answer shows it."""
    settings = {"isRecordLocked": item.is_record, "isContentUpdateAllowed": not item.is_record}
    return {"name": "Case records" if item.is_record else "", "retentionSettings": settings}


@lru_cache(maxsize=64)
def _quick_xor_hash(content: bytes) -> str:
    """Return the hash bit by bit, as Microsoft describes it: byte n goes to bit 11 n of 160, around the end."""
    bits = 0
    for byte_number, byte in enumerate(content):
        place = byte_number * 11 % 160
        bits ^= byte << place if place <= 152 else (byte << place) % 2**160 | byte >> (160 - place)
    return base64.b64encode((bits ^ len(content) << 96).to_bytes(20, "little")).decode()
