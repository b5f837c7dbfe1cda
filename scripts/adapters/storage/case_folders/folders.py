"""What the folders of cases can do, wherever they are. Nothing in them is ever overwritten or deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol

RETURNED, ENTER, PROCESSED = "Returned forms", "Enter", "Processed"
"""The folder of forms that come back, beside those of the cases; in it that of forms that a person lets in; and in the
folder of a case that of forms that are entered.
"""
SECONDS_TO_SETTLE = 60
"""A form that was saved less than this ago may still be being written or synced."""


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
        """Return the names of the files of a case; none when it has no folder. Raises as `cases`.

        Here and in `read`, `case` may go on with “/” and the name of a folder in it.
        """
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

    def returned(self, within: str, copies: Path) -> Sequence[Path]:
        """Return the forms that came back, as files on this computer; `copies` is a folder for copies of them.

        `within` is ENTER for those that a person lets in, else "". Files that may still be being written are left out.
        Raises UsageError or TrackerBusy.
        """
        ...

    def file_away(self, within: str, form: Path, case: str) -> None:
        """Move a form, one of those that `returned` gave, to PROCESSED in the folder of its case.

        Its name gets a number when it is taken. Raises OSError when it cannot be moved, and then it is left in place.
        """
        ...

    def open_to_more(self) -> bool | None:
        """Return whether the folder is open to somebody to whom the tracker is not; None when that cannot be seen.

        Raises TrackerBusy when it cannot be read just now.
        """
        ...

    def address(self, case: str, name: str = "") -> str:
        """Return the address that opens a file of a case, or its folder, from a cell of the tracker."""
        ...
