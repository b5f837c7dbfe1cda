"""The folders of cases on a disk, or in a folder that OneDrive syncs with SharePoint."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from scripts.adapters.cli import clock
from scripts.adapters.storage.atomic_write import move_into, write_new
from scripts.adapters.storage.case_folders.folders import PROCESSED, RETURNED, SECONDS_TO_SETTLE
from tracker_schema.errors import UsageError


class FoldersOnDisk:
    """The folder at `root`; `tracker` is the workbook, from which links lead to it."""

    def __init__(self, root: Path, tracker: Path) -> None:
        self._root = root
        self._tracker = tracker
        self._beside = tracker.resolve().parent

    @property
    def name(self) -> str:
        """Its name, to show to people."""
        return self._root.name

    def cases(self) -> Collection[str]:
        """Return the names of the folders in it; none when it is not there yet. Raises UsageError."""
        return self._entries(self._root, folders=True)

    def files(self, case: str) -> Collection[str]:
        """Return the names of the files of a case; none when it has no folder. Raises UsageError."""
        return self._entries(self._root / case, folders=False)

    def read(self, case: str, name: str) -> bytes | None:
        """Return the content of a file of a case; None when it is not there any more. Raises UsageError."""
        try:
            return (self._root / case / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UsageError(
                f"A file in the folder {self.name} cannot be read ({error.strerror}).", "Close it, and run again."
            ) from None

    def add(self, case: str, name: str, data: bytes) -> bool:
        """Put a new file into the folder of a case; return False when one of that name is there. Raises UsageError."""
        folder = self._root / case
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (self._root / RETURNED).mkdir(exist_ok=True)  # so that people find where forms go
            # Who may open the folder may open what is in it.
            write_new(folder / name, data, rights=folder.stat().st_mode & 0o666)
        except FileExistsError:
            if folder.is_dir():
                return False
            raise UsageError(f"{folder.name} in the folder {self.name} is no folder.", "Rename that file.") from None
        except OSError as error:
            raise UsageError(
                f"Nothing can be put into the folder {self.name} ({error.strerror}).",
                "Make room there, or ask its owner for access; the next run tries again.",
            ) from None
        return True

    def returned(self, within: str, copies: Path) -> Sequence[Path]:
        """Return the forms that came back, without those that may still be being written. Raises UsageError."""
        folder = self._root / RETURNED / within
        if within:  # where a person is asked to move forms
            with suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
        settled = clock.moment().timestamp() - SECONDS_TO_SETTLE
        found = []
        for name in sorted(self._entries(folder, folders=False), key=str.casefold):
            with suppress(OSError):
                status = (folder / name).stat()
                if status.st_size and max(status.st_mtime, status.st_ctime) <= settled:
                    found.append(folder / name)
        return found

    def file_away(self, within: str, form: Path, case: str) -> None:
        """Move a form to PROCESSED in the folder of its case. Raises OSError when it cannot be moved."""
        folder = self._root / case / PROCESSED
        folder.mkdir(parents=True, exist_ok=True)
        move_into(folder, form)

    def open_to_more(self) -> bool | None:
        """Return whether the folder's rights are wider than the tracker's; None where the system does not say."""
        if os.name == "nt":  # its lists of access are not in the mode
            return None
        try:
            folder, tracker = self._root.stat(), self._tracker.stat()
        except FileNotFoundError:
            return False
        except OSError:
            return None
        others, group = stat.S_IROTH, stat.S_IRGRP
        wider = folder.st_mode & ~tracker.st_mode
        same_group = folder.st_gid == tracker.st_gid
        return bool(wider & others or wider & group or (folder.st_mode & group and not same_group))

    def address(self, case: str, name: str = "") -> str:
        """Return the address of a file of a case, or of its folder: from the tracker's folder where that holds it."""
        target = self._root.resolve() / case / name
        if target.is_relative_to(self._beside):
            return quote(target.relative_to(self._beside).as_posix(), safe="/ '()[],;&=+!$@~")
        return target.as_uri()

    def _entries(self, folder: Path, *, folders: bool) -> Collection[str]:
        try:
            return [each.name for each in folder.iterdir() if each.is_dir() == folders]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise UsageError(
                f"The folder {self.name} cannot be read ({error.strerror}).", "Ask its owner for access."
            ) from None
