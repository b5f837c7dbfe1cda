"""The sites of the made-up tenant, their libraries, and the files in those."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.servers.graph.excel.books import Place

SHAREPOINT_HOST = "contoso.sharepoint.com"


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was once."""

    label: str
    content: bytes = field(repr=False)


@dataclass
class Item:
    """A file in a library."""

    drive: Drive = field(repr=False)
    folder: str  # such as "/Trackers"; "" is the library itself
    name: str
    content: bytes = field(repr=False)  # what a download gets
    guid: str = field(default_factory=lambda: str(uuid.uuid4()).upper())
    changes: int = 1  # of anything about the item
    content_changes: int = 1
    history: list[Version] = field(default_factory=list, repr=False)  # newest first
    checked_out_by: str | None = None  # who keeps it from everybody else until it is checked in
    is_record: bool = False  # a retention label keeps it as it is
    locked_by: str | None = None  # who has it open; "" is somebody whom Microsoft does not name
    unsaved: bytes | None = field(default=None, repr=False)  # what workbook sessions have changed and not saved yet
    number_formats: dict[tuple[str, Place], str] = field(default_factory=dict, repr=False)  # of empty cells

    @property
    def id(self) -> str:
        """The item's id, which a rename or a move leaves as it is."""
        return f"01{self.guid.replace('-', '')}"

    @property
    def path(self) -> str:
        """Its path in its library, such as "/Trackers/Tracker.xlsx"."""
        return f"{self.folder}/{self.name}"

    @property
    def etag(self) -> str:
        """Changes with the item: its contents, its name, its place."""
        return self.etag_of(self.changes)

    def etag_of(self, changes: int) -> str:
        """Return the ETag after so many changes."""
        return f'"{{{self.guid}}},{changes}"'

    @property
    def ctag(self) -> str:
        """Changes with the contents alone."""
        return f'"c:{{{self.guid}}},{self.content_changes}"'

    @property
    def web_url(self) -> str:
        """The address of the file in its library."""
        return f"{self.drive.web_url}{quote(self.path)}"

    @property
    def share_link(self) -> str:
        """The link that "Copy link" gives."""
        return f"https://{self.drive.site.host}/:x:/s/{self.drive.site.name}/E{self.guid.replace('-', '')}?e=4xMpL3"

    @property
    def live(self) -> bytes:
        """The workbook as people in Excel see it, with the changes that are not stored yet."""
        return self.content if self.unsaved is None else self.unsaved

    def save(self, content: bytes) -> None:
        """Store new contents; what was there becomes a version."""
        self.unsaved = None
        self.history.insert(0, Version(f"{self.content_changes}.0", self.content))
        self.content = content
        self.content_changes += 1
        self.changes += 1

    def rename(self, name: str) -> None:
        """Give it another name, as a person would."""
        self.name = name
        self.changes += 1

    def move(self, folder: str) -> None:
        """Put it into another folder of the library, as a person would."""
        self.folder = folder.rstrip("/")
        self.changes += 1

    def is_at(self, url: str) -> bool:
        """Return True when a sharing link, or an address copied from the browser, leads to it."""
        address = url.partition("?")[0]
        source = parse_qs(urlsplit(url).query).get("sourcedoc", [""])[0]
        return (
            address == self.share_link.partition("?")[0]
            or unquote(self.web_url) in (unquote(url), unquote(address))
            or source.upper() == f"{{{self.guid}}}"
        )


@dataclass
class Drive:
    """A document library."""

    site: Site = field(repr=False)
    name: str
    folder: str  # its name in addresses: "Shared Documents" for the library that is named Documents
    items: dict[str, Item] = field(default_factory=dict)
    permissions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by path; whom each lets in
    made_folders: set[str] = field(default_factory=set)  # also those without a file
    is_full: bool = False
    id: str = field(default_factory=lambda: f"b!{uuid.uuid4().hex}{uuid.uuid4().hex}")

    @property
    def web_url(self) -> str:
        """The address of the library."""
        return f"{self.site.web_url}/{quote(self.folder)}"

    def add(self, path: str, content: bytes) -> Item:
        """Put a file there, such as "/Trackers/Tracker.xlsx"."""
        folder, _, name = f"/{path.strip('/')}".rpartition("/")
        item = Item(self, folder, name, content)
        self.items[item.id] = item
        return item

    def rename_folder(self, path: str, new: str) -> None:
        """Give a folder another path, as a person would."""
        self.made_folders = {new if each == path else each for each in self.made_folders}
        for item in self.items.values():
            if item.folder == path:
                item.folder = new

    def at(self, path: str) -> Item | None:
        """Return the file at a path, in any spelling of capitals."""
        return next((item for item in self.items.values() if item.path.lower() == path.lower()), None)

    def folders(self) -> dict[str, str]:
        """Return the folders by their ids: the library itself, those that were made and those that hold files."""
        paths = {""}
        for folder in [*self.made_folders, *(item.folder for item in self.items.values())]:
            steps = folder.split("/")
            paths |= {"/".join(steps[:count]) for count in range(1, len(steps) + 1)}
        return {folder_id(self, path): path for path in paths}


@dataclass
class Site:
    """A SharePoint site, and what an app with Sites.Selected was granted on it: "read", "write" or nothing."""

    path: str  # such as "/sites/slt"
    grant: str | None
    host: str = SHAREPOINT_HOST
    drives: list[Drive] = field(default_factory=list)
    guids: tuple[str, str] = field(default_factory=lambda: (str(uuid.uuid4()), str(uuid.uuid4())))

    @property
    def id(self) -> str:
        """The site's id, of three parts."""
        return ",".join((self.host, *self.guids))

    @property
    def name(self) -> str:
        """The last word of its address."""
        return self.path.rpartition("/")[2]

    @property
    def web_url(self) -> str:
        """The address of the site."""
        return f"https://{self.host}{quote(self.path)}"

    def add_drive(self, name: str, folder: str | None = None) -> Drive:
        """Add a library."""
        drive = Drive(self, name, folder or name)
        self.drives.append(drive)
        return drive


def all_items(sites: list[Site]) -> Iterator[Item]:
    """Return the files of all sites."""
    for site in sites:
        for drive in site.drives:
            yield from drive.items.values()


def folder_id(drive: Drive, path: str) -> str:
    """Return the id of a folder."""
    return f"01F{uuid.uuid5(uuid.NAMESPACE_URL, drive.id + path.lower()).hex.upper()}"
