"""What the folders of cases can do, wherever they are. Nothing in them is ever overwritten or deleted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class CaseFolders(Protocol):
    """The folder that holds a folder for each case."""

    @property
    def name(self) -> str:
        """Its name, to show to people."""
        ...

    def cases(self) -> Collection[str]:
        """Return the names of the folders in it; none when it is not there yet.

        Raises UsageError when it cannot be read, and TrackerBusy when it cannot be read just now.
        """
        ...

    def files(self, case: str) -> Collection[str]:
        """Return the names of the files of a case; none when it has no folder. Raises as `cases`."""
        ...

    def read(self, case: str, name: str) -> bytes | None:
        """Return the content of a file of a case; None when it is not there any more. Raises as `cases`."""
        ...

    def add(self, case: str, name: str, data: bytes) -> bool:
        """Put a new file into the folder of a case, which is made when it is not there; return whether it was new.

        A file of that name stays as it is. Raises UsageError when nothing can be put there, and TrackerBusy when
        nothing can be put there just now.
        """
        ...

    def address(self, case: str, name: str = "") -> str:
        """Return the address that opens a file of a case, or its folder, from a cell of the tracker."""
        ...
