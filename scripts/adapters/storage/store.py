"""What every place that keeps a tracker can do, whether it is a folder on this computer or SharePoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from scripts.adapters.storage.case_folders.folders import CaseFolders
from tracker_schema.errors import TrackerUnusable
from tracker_schema.incidents.plan import Plan
from tracker_schema.layouts.rows import WorkbookRows

WORKBOOKS = (".xlsx", ".xlsm")
LARGEST_FILE = 200 * 2**20
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The tracker's file as it was at one moment.

    data      its bytes
    version   changes whenever anybody saves the file: the SHA-256 of `data` on disk, the eTag in SharePoint
    name      its file name, to show to people
    where     its web address in SharePoint or its path on a disk, for people to open it; "" when that is not known
    remarks   what a person should check of the file, as sentences
    """

    data: bytes = field(repr=False)
    version: str
    name: str
    where: str = ""
    remarks: tuple[str, ...] = ()


class Store(Protocol):
    """One place that keeps one tracker."""

    @property
    def checked_on_days(self) -> int:
        """After how many calendar days the day of the last check is renewed though nothing else has changed."""
        ...

    def read(self) -> Snapshot:
        """Return the file as it is now.

        Raises TrackerUnusable when it cannot be read, and TrackerBusy when it cannot be read just now.
        """
        ...

    def case_folders(self, folder: str) -> CaseFolders:
        """Return the folder of the cases; `folder` starts from the tracker's own."""
        ...

    def write(self, snapshot: Snapshot, rows: WorkbookRows, plan: Plan) -> Snapshot:
        """Carry out `plan`, which was made from the `rows` of `snapshot`, and return the file after that.

        With an empty plan the file stays as it is.

        Raises TrackerBusy when somebody has the file open, TrackerChanged when it is no longer what `snapshot` holds,
        and TrackerError when it cannot be written.
        """
        ...


def check_file(name: str, size: int) -> None:
    """Raise TrackerUnusable when the file `name`, of `size` bytes, is not a workbook by its name, or is too large."""
    if not name.lower().endswith(WORKBOOKS):
        raise TrackerUnusable(f"{name} is not an .xlsx or .xlsm workbook.", "Open it in Excel and save it as .xlsx.")
    if size > LARGEST_FILE:
        raise TrackerUnusable(
            f"{name} has {size // 2**20} MB, more than the {LARGEST_FILE // 2**20} MB that a tracker may have.",
            "Move old years or pictures to another workbook.",
        )
