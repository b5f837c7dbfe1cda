"""The folders of cases in the SharePoint library of the tracker, through Microsoft Graph.

A folder or a file is made only where there is none of that name, so a request whose answer was lost is simply made
again. Names are quoted piece by piece, so that “#”, “%” and apostrophes mean themselves.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scripts.adapters.cli import clock
from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.drive_item import DriveItem
from scripts.adapters.graph.errors import Refused
from scripts.adapters.storage.atomic_write import write_new
from scripts.adapters.storage.case_folders.folders import PROCESSED, RETURNED, SECONDS_TO_SETTLE
from tracker_schema.errors import TrackerBusy, UsageError

_FAIL = "@microsoft.graph.conflictBehavior"
_SELECT = "$select=id,name,eTag,size,webUrl,folder,file,lastModifiedDateTime&$top=200"
_FULL = {413, 507}
_LARGEST_COPY = 26 << 20
"""Bytes. Larger than any form that is read."""


class FoldersInLibrary:
    """The folder at `path`, which starts from the tracker's own, or with “/” from the library's root.

    `located` returns the connection, and the tracker.
    """

    def __init__(self, located: Callable[[], tuple[Calls, DriveItem]], path: str) -> None:
        self._located = located
        self._from_root = path.startswith("/")
        self._steps = [step for step in path.strip("/").split("/") if step]
        self._start = ""
        self._addresses: dict[str, str] = {}
        self._forms: dict[Path, str] = {}  # the ids of the forms of which there are copies
        self._known: set[str] = set()  # folders that are surely there

    @property
    def name(self) -> str:
        """Its name, to show to people."""
        return self._steps[-1]

    def cases(self) -> Collection[str]:
        """Return the names of the folders in it; none when it is not there yet. Raises UsageError or TrackerBusy."""
        found = [each for each in self._children(self._steps) if "folder" in each]
        self._addresses |= {each["name"]: each["webUrl"] for each in found}
        return [each["name"] for each in found]

    def files(self, case: str) -> Collection[str]:
        """Return the names of the files of a case; none when it has no folder. Raises UsageError or TrackerBusy."""
        return [each["name"] for each in self._children([*self._steps, case]) if "folder" not in each]

    def read(self, case: str, name: str) -> bytes | None:
        """Return the content of a file of a case; None when it is not there any more.

        Raises UsageError or TrackerBusy.
        """
        try:
            return self._calls.get(f"{self._place([*self._steps, case, name])}:/content").content
        except Refused as refused:
            if refused.status == 404:
                return None
            raise self._meaning(refused) from None

    def add(self, case: str, name: str, data: bytes) -> bool:
        """Put a new file into the folder of a case; return False when one of that name is there.

        Raises UsageError or TrackerBusy.
        """
        folder = [*self._steps, case]
        self._make_all(folder)
        self._make([*self._steps, RETURNED])  # so that people find where forms go
        place = self._place([*folder, name])
        headers = {"Content-Type": "application/octet-stream"}
        try:
            self._calls.repeated("put", f"{place}:/content?{_FAIL}=fail", data, headers)
        except Refused as refused:
            if refused.has_code("nameAlreadyExists"):
                return False
            raise self._meaning(refused) from None
        return True

    def returned(self, within: str, copies: Path) -> Sequence[Path]:
        """Return copies of the forms that came back, without those that may still be being written.

        Of one that is too large to be a form the copy has the size and nothing else. Raises UsageError or TrackerBusy.
        """
        settled = clock.moment() - dt.timedelta(seconds=SECONDS_TO_SETTLE)
        if within:  # where a person is asked to move forms
            self._make_all([*self._steps, RETURNED, within])
        found = []
        for each in self._children([*self._steps, RETURNED, *filter(None, [within])]):
            size, saved = int(each.get("size", 0)), dt.datetime.fromisoformat(each["lastModifiedDateTime"])
            if "folder" in each or not size or saved > settled:
                continue
            copy = copies / Path(each["name"]).name
            if size > _LARGEST_COPY:
                copy.touch(exist_ok=False)
                os.truncate(copy, size)
            else:
                write_new(copy, self._calls.get(f"{self._drive}/items/{quote(each['id'])}/content").content)
            os.utime(copy, (saved.timestamp(), saved.timestamp()))
            self._forms[copy] = each["id"]
            found.append(copy)
        return sorted(found, key=lambda path: path.name.casefold())

    def file_away(self, within: str, form: Path, case: str) -> None:
        """Move a form to PROCESSED in the folder of its case. Raises OSError when it cannot be moved."""
        folder = [*self._steps, case, PROCESSED]
        try:
            self._make_all(folder)
            parent = {"id": self._calls.read(f"{self._place(folder)}?$select=id")["id"]}
            for number in itertools.count(1):
                name = form.name if number == 1 else f"{form.stem} ({number}){form.suffix}"
                try:
                    body = {"parentReference": parent, "name": name}
                    self._calls.repeated("patch", f"{self._drive}/items/{quote(self._forms[form])}", body)
                    return
                except Refused as refused:
                    if not refused.has_code("nameAlreadyExists"):
                        raise
        except Refused as refused:
            raise OSError(refused.status, str(self._meaning(refused))) from None

    def open_to_more(self) -> bool | None:
        """Return whether a person, group or link opens the folder and not the tracker; None when that cannot be seen.

        Raises TrackerBusy.
        """
        try:
            folder = self._calls.read_all(f"{self._place(self._steps)}:/permissions")
        except Refused as refused:
            return False if refused.status == 404 else None
        try:
            tracker = self._calls.read_all(f"{self._located()[1].path}/permissions")
        except Refused:
            return None
        return bool(set(map(_opened_by, folder)) - set(map(_opened_by, tracker)))

    def address(self, case: str, name: str = "") -> str:
        """Return the address on the web of a file of a case, or of its folder. Raises UsageError or TrackerBusy."""
        if case not in self._addresses:
            try:
                found = self._calls.read(f"{self._place([*self._steps, case])}?$select=webUrl")
            except Refused as refused:
                raise self._meaning(refused) from None
            self._addresses[case] = str(found["webUrl"])
        return f"{self._addresses[case]}/{quote(name)}?web=1" if name else self._addresses[case]

    @property
    def _drive(self) -> str:
        return self._located()[1].path.partition("/items/")[0]

    @property
    def _calls(self) -> Calls:
        return self._located()[0]

    def _place(self, steps: Collection[str]) -> str:
        """Return the path in Graph of what is in the library, without the colon that ends it."""
        calls, item = self._located()
        if not self._start:
            drive = item.path.partition("/items/")[0]
            self._start = f"{drive}/root"
            if not self._from_root:
                found = calls.read(f"{item.path}?$select=id,parentReference")
                self._start = f"{drive}/items/{quote(found['parentReference']['id'])}"
        return f"{self._start}:/{'/'.join(map(quote, steps))}" if steps else self._start

    def _children(self, steps: Collection[str]) -> list[dict[str, Any]]:
        try:
            return self._calls.read_all(f"{self._place(steps)}:/children?{_SELECT}")
        except Refused as refused:
            if refused.status == 404:
                return []
            raise self._meaning(refused) from None

    def _make_all(self, steps: Sequence[str]) -> None:
        """Make a folder and those above it, unless they are there."""
        for depth in range(1, len(steps) + 1):
            self._make(steps[:depth])

    def _make(self, steps: Collection[str]) -> None:
        """Make a folder unless it is there."""
        *above, name = steps
        place = self._place(above)
        if f"{place}/{name}" in self._known:
            return
        body = {"name": name, "folder": {}, _FAIL: "fail"}
        try:
            self._calls.repeated("post", f"{place}:/children" if above else f"{place}/children", body)
        except Refused as refused:
            if not refused.has_code("nameAlreadyExists"):
                raise self._meaning(refused) from None
        self._known.add(f"{place}/{name}")

    def _meaning(self, refused: Refused) -> UsageError | TrackerBusy:
        """Return what it means that a request for the folder was refused."""
        where = f"the folder {self.name} of the library"
        if refused.status in _FULL or refused.has_code("quota"):
            return UsageError("The library is full, so nothing can be put into it.", "Make room in it.")
        if refused.status in (401, 403):
            return UsageError(
                f"This program may not put anything into {where}.",
                "Ask IT to grant its app registration “write” on that site, or to let the signed-in account edit it.",
            )
        if refused.status in (404, 409, 412, 423):
            return TrackerBusy(f"Somebody changed {where} just now.", "The next run catches up.")
        return UsageError(f"{refused.problem} It was about {where}.", refused.remedy)


def _opened_by(permission: dict[str, Any]) -> str:
    """Return whom a permission lets in: a person, a group, an app, or everybody with a link of that kind."""
    link = permission.get("link") or {}
    if scope := link.get("scope"):
        return f"link {scope}" if scope != "users" else f"link {permission.get('id')}"
    granted = permission.get("grantedToV2") or permission.get("grantedTo") or {}
    return " ".join(sorted(str(each.get("id") or each.get("displayName")) for each in granted.values()))
