"""The tracker as a file on this computer, or in a folder that OneDrive syncs with SharePoint.

A write leaves either the old file or the new one, whole. It does this, in this order:

    lock out other runs -> check that nobody has the file open and that it is still what was read -> put the new version
    beside it, on the disk -> back up the old one -> check once more -> exchange the two -> compare what was there with
    what was read: somebody's version goes back to its place -> read it back
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from scripts.adapters.storage.atomic_write import (
    give_name,
    remove_left_overs,
    sync_folder,
    temporary_file,
    write_new,
)
from scripts.adapters.storage.backups import Backups
from scripts.adapters.storage.case_folders.on_disk import FoldersOnDisk
from scripts.adapters.storage.exchange import SavedMeanwhile, keep_versions_left, moved_away, put_in_place
from scripts.adapters.storage.held_files import is_open_elsewhere, may_read, reason
from scripts.adapters.storage.lock_files import lock_on
from scripts.adapters.storage.locks import tracker_lock
from scripts.adapters.storage.store import WORKBOOKS, Snapshot, check_file
from scripts.adapters.storage.synced_folders import conflict_copies, is_synced, stands_still
from scripts.adapters.workbook.read import changed, remarks_on
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerError, TrackerUnusable
from tracker_schema.incidents.plan import Plan
from tracker_schema.layouts.rows import WorkbookRows
from tracker_schema.wording import did_you_mean


class LocalStore:
    """One tracker at `path`.

    Before each write a copy of the old version goes into `copies_folder`, which keeps the newest `copies` of them. No
    copies are made when the folder is None or the number 0.
    """

    def __init__(self, path: Path, *, copies_folder: Path | None, copies: int) -> None:
        self._path = path
        self._backups = Backups(copies_folder, copies, path.name) if copies_folder and copies else None

    checked_on_days = 1

    def read(self) -> Snapshot:
        """Return the file as it is now.

        Raises TrackerUnusable when there is no such file, its name does not end in .xlsx or .xlsm, or it is empty, too
        large or unreadable; and TrackerBusy when another program does not let us read it.
        """
        snapshot = self._as_it_is()
        return dataclasses.replace(snapshot, remarks=(_STANDS_STILL,)) if stands_still(self._path) else snapshot

    def _as_it_is(self) -> Snapshot:
        path = self._path
        if os.fsencode(path) != str(path).encode(errors="replace"):
            name = ascii(str(path))
            raise TrackerUnusable(f"The path {name} has a letter that cannot be shown.", "Rename that file or folder.")
        try:
            self._check_kind(path.stat())
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            if self._is_back():
                return self._as_it_is()
            raise _missing(path) from None
        except PermissionError:
            if may_read(path):
                raise TrackerBusy(f"{path.name} is open in another program.", "Close it and try again.") from None
            raise TrackerUnusable(f"This account is not allowed to read {path}.", "Ask its owner for access.") from None
        except OSError as error:
            raise TrackerUnusable(
                f"{path} cannot be read ({reason(error)}).",
                "If OneDrive syncs it, check that OneDrive is running, and choose “Always keep on this device” for it.",
            ) from None
        if not data:
            raise TrackerUnusable(
                f"{path} is empty.", "If OneDrive is still downloading it, try again when it has finished."
            )
        return Snapshot(data, _version_of(data), path.name, str(path.absolute()))

    def case_folders(self, folder: str) -> FoldersOnDisk:
        """Return the folder of the cases; `folder` starts from the tracker's own, unless it is a whole path."""
        return FoldersOnDisk(self._path.parent / Path(folder).expanduser(), self._path)

    def write(self, snapshot: Snapshot, rows: WorkbookRows, plan: Plan) -> Snapshot:
        """Carry out `plan`, which was made from the `rows` of `snapshot`, and return the file after that.

        With an empty plan only what a run that was killed left beside the file is cleared. Raises TrackerUnusable when
        a cell of the plan cannot be changed without harm, and otherwise as `replace`.
        """
        if not plan:
            target = self._path.resolve()
            try:
                with tracker_lock(target):
                    remove_left_overs(target.parent, target.name)
                    return dataclasses.replace(snapshot, remarks=tuple(self._keep_versions_left(target)))
            except (TrackerError, OSError):  # another run is writing it, or the folder cannot be looked through
                return snapshot
        written = self.replace(snapshot, changed(snapshot.data, plan))
        return dataclasses.replace(written, remarks=(*written.remarks, *remarks_on(snapshot.data, plan)))

    def replace(self, snapshot: Snapshot, new: bytes) -> Snapshot:
        """Put `new` in the place of what `snapshot` holds, and return the file after that.

        Raises TrackerBusy when somebody has the file open, TrackerChanged when it is no longer what `snapshot` holds,
        and TrackerError when the disk is full, this account may not write there, or no backup can be made. In each of
        these cases the file is as it was, and nothing else is left behind.
        """
        target = self._path.resolve()  # where a link points, so that the link stays a link
        with tracker_lock(target):
            self._check_unchanged(snapshot)
            if copies := conflict_copies(target):
                raise TrackerUnusable(
                    f"OneDrive keeps two versions of {self._path.name}: see {', '.join(copies)} beside it. "
                    "Nothing was written.",
                    "Put what is missing into one of them, and delete or rename the other.",
                )
            if not os.access(target, os.W_OK):
                raise _read_only(self._path)
            remove_left_overs(target.parent, target.name)
            backup = self._write(target, snapshot, new)
            sync_folder(target.parent)
            written = self._read_back(new, backup)
            if self._backups and backup:
                self._backups.remove_oldest(backup)
            return dataclasses.replace(written, remarks=tuple(self._keep_versions_left(target)))

    def _is_back(self) -> bool:
        """Return whether the file is there after all, given its name back if a killed run had just moved it away."""
        target = self._path.resolve()
        with contextlib.suppress(OSError):
            if moved_away(target):
                with tracker_lock(target):
                    if away := moved_away(target):
                        give_name(away, target)
        return target.is_file()

    def _write(self, target: Path, snapshot: Snapshot, new: bytes) -> Path | None:
        """Back up the old version and rename the new one over it. Return the backup, None when none is made."""
        with (
            _translate_errors(self._path.name),
            temporary_file(target.parent, target.name, new) as temporary,
        ):
            _copy_permissions(target, temporary)
            backup = self._back_up(snapshot)
            try:
                self._check_unchanged(snapshot)
                self._put_in_place(temporary, target, snapshot.version, _version_of(new))
            except BaseException:
                if backup and not self._holds(new):
                    with contextlib.suppress(OSError):
                        backup.unlink()
                raise
        return backup

    def _check_kind(self, status: os.stat_result) -> None:
        path = self._path
        if stat.S_ISDIR(status.st_mode):
            raise TrackerUnusable(f"{path} is a folder.", "Give the path of the workbook in it.")
        if not stat.S_ISREG(status.st_mode):
            raise TrackerUnusable(f"{path} is not a file.", "Give the path of the workbook.")
        check_file(path.name, status.st_size)

    def _check_unchanged(self, snapshot: Snapshot) -> None:
        """Raise TrackerBusy when somebody has the file open, and TrackerChanged when it is not what was read."""
        for workbook in dict.fromkeys((self._path, self._path.resolve())):
            if lock := lock_on(workbook):
                by = f" by {lock.holder}" if lock.holder else ""
                raise TrackerBusy(
                    f"{self._path.name} is open in {lock.program}{by}, so nothing was written.",
                    f"Close it and run again. If nobody has it open, delete {lock.path.name} beside it.",
                )
        if self._as_it_is().version != snapshot.version:
            raise TrackerChanged(f"Somebody saved {self._path.name} just now, so nothing was written.", "Run again.")

    def _back_up(self, snapshot: Snapshot) -> Path | None:
        if self._backups is None:
            return None
        try:
            return self._backups.add(snapshot)
        except OSError as error:
            raise TrackerError(
                f"{self._path.name} was not written, because no copy of it could be put in {self._backups.folder} "
                f"({reason(error)}).",
                "Correct that, or name another folder as copies_folder in config.toml.",
            ) from None

    def _put_in_place(self, temporary: Path, target: Path, read: str, written: str) -> None:
        name = self._path.name
        try:
            put_in_place(temporary, target, read=read, written=written)
        except FileNotFoundError:  # it deleted our temporary file
            raise TrackerBusy(
                f"A run on another computer is writing {name}, so nothing was written.", "Run again."
            ) from None
        except OSError as error:
            if not (isinstance(error, PermissionError) or is_open_elsewhere(error)):
                raise
            raise TrackerBusy(
                f"{name} is open in another program, so nothing was written.", "Close it and run again."
            ) from None
        except SavedMeanwhile as saved:
            if saved.other is None:
                raise TrackerChanged(f"Somebody saved {name} just now, so nothing was written.", "Run again.") from None
            raise TrackerError(
                f"{name} was saved twice while this run wrote it. It holds the later version; the earlier one is kept "
                f"as {self._keep(saved.other, target)}.",
                "Compare the two.",
            ) from None

    def _keep(self, data: bytes, target: Path) -> Path:
        """Write a version of the tracker that somebody saved to a file of its own, and return that."""
        version = _version_of(data)
        if self._backups:
            return self._backups.add(Snapshot(data, version, self._path.name))
        kept = target.with_name(f"{target.stem} saved at the same moment {version[:8]}{target.suffix}")
        with contextlib.suppress(FileExistsError):
            write_new(kept, data)
        return kept

    def _keep_versions_left(self, target: Path) -> list[str]:
        """Keep what somebody saved when a run that was killed was just writing the file; return sentences about it."""
        kept: list[Path] = []
        try:
            keep_versions_left(target, lambda data: kept.append(self._keep(data, target)))
        except OSError as error:
            return [f"What a run that was stopped left beside {target.name} is still there ({reason(error)})."]
        return [
            f"Somebody saved {target.name} just when an earlier run was stopped. That version is kept as {path}. "
            "Compare it with the tracker."
            for path in kept
        ]

    def _holds(self, data: bytes) -> bool:
        try:
            return self._as_it_is().version == _version_of(data)
        except TrackerError:
            return True  # not known

    def _read_back(self, new: bytes, backup: Path | None) -> Snapshot:
        remedy = "Open it and check it. "
        remedy += f"The version before is kept as {backup}." if backup else "No copy of the version before was kept."
        try:
            written = self._as_it_is()
        except TrackerError as error:
            raise TrackerError(
                f"{self._path.name} was written but could not be read back. {error.problem}", remedy
            ) from None
        if written.version != _version_of(new):
            raise TrackerError(
                f"{self._path.name} does not hold what was written to it: somebody saved it at the same moment, or the "
                "disk is faulty.",
                remedy,
            )
        return written


_STANDS_STILL = (
    "The tracker has not changed for more than a day, while other files of its folder have. If people have changed it, "
    "OneDrive has not brought that to this computer. Check that OneDrive is running and shows no error."
)


def _version_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read_only(path: Path) -> TrackerUnusable:
    if is_synced(path):
        return TrackerUnusable(
            f"{path.name} is read-only: OneDrive syncs this library for reading only.",
            "Ask the owner of the library for the right to edit, and sync it anew.",
        )
    return TrackerUnusable(f"{path.name} is read-only.", "Clear the read-only mark, or ask its owner for access.")


def _missing(path: Path) -> TrackerUnusable:
    if not path.parent.is_dir():
        return TrackerUnusable(
            f"{path} does not exist, nor does its folder.",
            "Check the path, and that the drive or OneDrive is connected.",
        )
    workbooks = [
        file.name
        for file in path.parent.iterdir()
        if file.name.lower().endswith(WORKBOOKS) and not file.name.startswith(("~", "."))
    ]
    # Only a near one is named: other files of that folder may be named after a child.
    remedy = did_you_mean(path.name, workbooks, likeness=0.8) or "Check its name and folder."
    return TrackerUnusable(f"{path} does not exist.", remedy)


def _copy_permissions(target: Path, temporary: Path) -> None:
    # Where the system or a network drive refuses, the file gets the permissions of its folder.
    if hasattr(os, "chown"):
        owner = target.stat()
        for user in (owner.st_uid, -1):  # who may not give a file away may still leave it to its group
            with contextlib.suppress(OSError):
                os.chown(temporary, user, owner.st_gid)
                break
    with contextlib.suppress(OSError):
        shutil.copystat(target, temporary)
        os.utime(temporary)


@contextlib.contextmanager
def _translate_errors(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TrackerError(
            f"{name} could not be written ({reason(error)}). It is as it was.", "Correct that and run again."
        ) from None
