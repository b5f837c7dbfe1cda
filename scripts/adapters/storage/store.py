"""Where the tracker is kept, and what every such place can do, whether a folder on this computer or SharePoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from tracker_schema.plan import Plan


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The tracker's file as it was at one moment."""

    data: bytes = field(repr=False)
    version: str
    """Changes whenever anybody saves the file; for a file on disk, the SHA-256 of `data`."""
    name: str
    """The file's name, to be shown to people."""
    remarks: tuple[str, ...] = ()
    """What a person should see to after a write, in sentences."""


class Store(Protocol):
    """One place that keeps one tracker."""

    def read(self) -> Snapshot:
        """The file as it is now.

        Raises TrackerUnusable when it cannot be had, and TrackerBusy when it cannot be had just now.
        """
        ...

    def write(self, snapshot: Snapshot, plan: Plan) -> Snapshot:
        """The file after `plan`, made from what `snapshot` read, has been carried out.

        Raises TrackerBusy when somebody has the file open, TrackerChanged when it is no longer what `snapshot` read,
        and TrackerError when it cannot be written. In each case the file is as it was.
        """
        ...
