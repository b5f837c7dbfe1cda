"""The tracker as a file on this computer, or in a folder that OneDrive keeps in step with SharePoint.

A write leaves either the old file or the new one, whole. In the order in which things can go wrong:

    no other run writes it -> nobody has it open -> it is what was read -> the new version lies beside it, on the disk
    -> a copy of the old one is kept -> once more: nobody has it open, it is what was read -> one takes the other's
    place -> it is read back
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from scripts.adapters.storage.atomic_write import remove_left_overs, sync_folder, temporary_file
from scripts.adapters.storage.backups import KeptCopies
from scripts.adapters.storage.lock_files import lock_on
from scripts.adapters.storage.one_run import only_run_on
from scripts.adapters.storage.store import Snapshot
from scripts.adapters.workbook.read import changed
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerError, TrackerUnusable
from tracker_schema.plan import Plan

LARGEST = 200 * 2**20
WORKBOOKS = (".xlsx", ".xlsm")


class LocalStore:
    """One tracker at `path`.

    Before each write a copy of the version that is replaced is put in `copies_folder`, and the newest `copies` of them
    stay there. No copies are kept when the folder is None or the number 0.
    """

    def __init__(self, path: Path, *, copies_folder: Path | None, copies: int) -> None:
        self._path = path
        self._copies = KeptCopies(copies_folder, copies, path.name) if copies_folder and copies else None

    def read(self) -> Snapshot:
        """The file as it is now.

        Raises TrackerUnusable when there is no such file, or it is not an .xlsx or .xlsm workbook by its name, is
        empty, too large or unreadable, and TrackerBusy when another program has it to itself.
        """
        path = self._path
        try:
            self._refuse_other_files(path.stat())
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise TrackerUnusable(_missing(path)) from None
        except PermissionError:
            if os.access(path, os.R_OK):
                raise TrackerBusy(f"{path.name} is held by another program; try again when it is closed") from None
            raise TrackerUnusable(f"{path} may not be read by this account; ask its owner for access") from None
        except OSError as error:
            raise TrackerUnusable(
                f"{path} cannot be read ({_reason(error)}); if OneDrive keeps it in step, "
                'see that OneDrive runs, and choose "Always keep on this device" for the file'
            ) from None
        if not data:
            raise TrackerUnusable(f"{path} is empty; if OneDrive is still fetching it, try again when it has finished")
        return Snapshot(data, hashlib.sha256(data).hexdigest(), path.name)

    def write(self, snapshot: Snapshot, plan: Plan) -> Snapshot:
        """The file after `plan`, made from what `snapshot` read, has been carried out.

        Raises TrackerUnusable when a cell of the plan cannot be changed without harm, and otherwise as `replace`.
        """
        return self.replace(snapshot, changed(snapshot.data, plan))

    def replace(self, snapshot: Snapshot, new: bytes) -> Snapshot:
        """The file after `new` has taken the place of what `snapshot` read.

        Raises TrackerBusy when somebody has the file open, TrackerChanged when it is no longer what `snapshot` read,
        and TrackerError when the disk is full, the folder may not be written to, or no copy can be kept. In each case
        the file is as it was, and nothing else is left behind.
        """
        target = self._path.resolve()  # of a link: what it points to, so that the link stays a link
        with only_run_on(target) as alone:
            if not alone:
                raise TrackerBusy(
                    f"{self._path.name} is being written by another run of this program, so nothing was written; "
                    "run again"
                )
            return self._write(target, snapshot, new)

    def _write(self, target: Path, snapshot: Snapshot, new: bytes) -> Snapshot:
        self._refuse_unless_free(snapshot)
        if not os.access(target, os.W_OK):
            raise TrackerUnusable(f"{self._path.name} is read-only; clear that mark, or ask its owner for access")
        remove_left_overs(target.parent, target.name)
        with (
            _plainly(f"{self._path.name} could not be written"),
            temporary_file(target.parent, target.name, new) as temporary,
        ):
            _give_permissions_of(target, temporary)
            copy = self._keep_copy(snapshot)
            try:
                self._refuse_unless_free(snapshot)
                self._replace(temporary, target)
            except BaseException:
                if copy and temporary.exists():
                    with contextlib.suppress(OSError):
                        copy.unlink()
                raise
        sync_folder(target.parent)
        written = self._read_back(new, copy)
        if self._copies and copy:
            self._copies.remove_oldest(copy)
        return written

    def _refuse_other_files(self, status: os.stat_result) -> None:
        path = self._path
        if stat.S_ISDIR(status.st_mode):
            raise TrackerUnusable(f"{path} is a folder; name the workbook in it")
        if path.suffix.lower() not in WORKBOOKS:
            raise TrackerUnusable(f"{path.name} is no .xlsx or .xlsm workbook; open it in Excel and save it as .xlsx")
        if status.st_size > LARGEST:
            size, limit = status.st_size // 2**20, LARGEST // 2**20
            raise TrackerUnusable(f"{path.name} has {size} MB, more than the {limit} MB that a tracker may have")

    def _refuse_unless_free(self, snapshot: Snapshot) -> None:
        for workbook in dict.fromkeys((self._path, self._path.resolve())):
            if lock := lock_on(workbook):
                by = f" by {lock.holder}" if lock.holder else ""
                raise TrackerBusy(
                    f"{self._path.name} is open in {lock.program}{by}, so nothing was written; "
                    f"close it and run again, or if nobody has it open, delete {lock.path.name} beside it"
                )
        if self.read().version != snapshot.version:
            raise TrackerChanged(f"{self._path.name} was saved by somebody just now, so nothing was written; run again")

    def _keep_copy(self, snapshot: Snapshot) -> Path | None:
        if self._copies is None:
            return None
        try:
            return self._copies.keep(snapshot)
        except OSError as error:
            raise TrackerError(
                f"{self._path.name} was not written, because no copy of it could be put in {self._copies.folder} "
                f"({_reason(error)}); mend that, or name another folder as copies_folder in config.toml"
            ) from None

    def _replace(self, temporary: Path, target: Path) -> None:
        try:
            temporary.replace(target)
        except (PermissionError, FileNotFoundError):  # not found: a run on another computer cleared our file away
            raise TrackerBusy(
                f"{self._path.name} is held by another program, so nothing was written; close it and run again"
            ) from None

    def _read_back(self, new: bytes, copy: Path | None) -> Snapshot:
        before = f"the version before is kept as {copy}" if copy else "no copy of the version before was kept"
        try:
            written = self.read()
        except TrackerError:
            raise TrackerError(
                f"{self._path.name} was written but could not be read back; open it and look; {before}"
            ) from None
        if written.version != hashlib.sha256(new).hexdigest():
            raise TrackerError(
                f"{self._path.name} does not hold what was written to it, because somebody saved it at the same moment "
                f"or the disk is at fault; open it and look; {before}"
            )
        return written


def _missing(path: Path) -> str:
    if not path.parent.is_dir():
        return f"{path} does not exist, nor does its folder; check the path, and that the drive or OneDrive is there"
    workbooks = [
        found.name
        for found in path.parent.iterdir()
        if found.suffix.lower() in WORKBOOKS and not found.name.startswith(("~", "."))
    ]
    # Close matches only: other files of that folder may be named for a child.
    by_name = {name.lower(): name for name in workbooks}
    close = get_close_matches(path.name.lower(), by_name, 1, cutoff=0.8)
    remedy = f'did you mean "{by_name[close[0]]}"?' if close else "check its name and folder"
    return f"{path} does not exist; {remedy}"


def _give_permissions_of(target: Path, temporary: Path) -> None:
    # Where the system or a network drive refuses, the permissions are those that the folder gives.
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
def _plainly(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TrackerError(f"{what} ({_reason(error)}); it is as it was") from None


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "this account may not write in that folder"
    return error.strerror or type(error).__name__
