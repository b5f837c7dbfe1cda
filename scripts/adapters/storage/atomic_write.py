"""Write a file whole or not at all: to a temporary file beside it first, which is on the disk before it counts.

    write_new    a file where there is none yet
    write_over   a file, whatever was there
    move_into    a file into a folder, where nothing is replaced
    give_name    another name to a file, where nothing is replaced
    replace      put a file in another's place; every rename over a file goes through here
    remove       delete a file

A run that is killed can leave its temporary file; the next run that writes in that folder deletes it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import hashlib
import itertools
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from scripts.adapters.storage.held_files import patiently

# OneDrive does not sync .tmp files, so no half-written tracker reaches other people's computers.
_TEMPORARY = re.compile(r"\.critical-incident-tracker-[0-9a-f]{8}-[0-9a-f]{8}\.tmp")

PRIVATE = 0o600
"""The rights of a file with details of a case: only this account reads it."""

_NEW_FILE = "new file"
# Of a run at the same moment, which starts by deleting what it takes for left over.
_MOST_TRIES = 5
RENAME_NOREPLACE, RENAME_EXCHANGE = 1, 2
_AT_FDCWD = -100
_NOT_POSSIBLE = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP}  # on this disk or system
_NO_LINKS = {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.EINVAL}


def write_new(path: Path, data: bytes, *, rights: int | None = PRIVATE) -> None:
    """Write `data` to `path`, where there must be no file yet, whole or not at all.

    `rights` are those of the file, where the system keeps such: for this account only, or None for those that new files
    get. Raises FileExistsError when there is a file, even one that somebody makes at this very moment; theirs
    is kept. Raises another OSError when it cannot be written.
    """
    clear_left_overs(path.parent)
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    for attempt in range(1, _MOST_TRIES + 1):
        with temporary_file(path.parent, _NEW_FILE, data, rights=rights) as temporary:
            try:
                give_name(temporary, path)
            except FileNotFoundError:
                if attempt == _MOST_TRIES or not path.parent.is_dir():
                    raise
                continue
        sync_folder(path.parent)
        return


def write_over(path: Path, data: bytes, *, rights: int | None = PRIVATE) -> None:
    """Write `data` to `path`, in the place of what is there, whole or not at all. `rights` are as in `write_new`.

    Raises OSError when it cannot be written; what was there is still there then.
    """
    with temporary_file(path.parent, _NEW_FILE, data, rights=rights) as temporary:
        replace(temporary, path)
    sync_folder(path.parent)


def replace(new: Path, target: Path) -> None:
    """Rename `new` to `target`, in the place of any file there. Raises OSError when that cannot be done."""
    patiently(lambda: new.replace(target))


def move_into(folder: Path, path: Path) -> Path:
    """Move a file into a folder, with a number in its name if that is taken; return its new path.

    Raises OSError when it cannot be moved; then it is left in place.
    """
    for number in itertools.count(1):
        place = folder / (path.name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        try:
            place.touch(exist_ok=False)  # this reserves the name: the file replaces the empty one
        except FileExistsError:
            if place.stat().st_size:  # an empty file was left by a run that was stopped here
                continue
        try:
            replace(path, place)
        except OSError:
            with contextlib.suppress(OSError):
                remove(place)
            raise
        return place
    raise AssertionError  # there is always another number


def remove(path: Path) -> None:
    """Delete a file, if there is one. Raises OSError when that cannot be done."""
    patiently(lambda: path.unlink(missing_ok=True))


@contextlib.contextmanager
def temporary_file(folder: Path, purpose: str, data: bytes, *, rights: int | None = PRIVATE) -> Iterator[Path]:
    """Make a hidden file in `folder` that holds `data`, and delete it afterwards unless the block renamed it.

    The data is on the disk. `rights` are as in `write_new`. The first time a run does this in a folder, it deletes the
    files for the same `purpose` that killed runs left there.
    """
    _remove_left_overs_once(folder.absolute(), purpose)
    path = folder / f"{temporary_prefix(purpose)}{secrets.token_hex(4)}.tmp"
    try:
        path.touch(mode=0o666 if rights is None else PRIVATE, exist_ok=False)
        if rights not in (None, PRIVATE):
            path.chmod(rights)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        with contextlib.suppress(OSError):
            remove(path)


def remove_left_overs(folder: Path, purpose: str) -> None:
    """Delete the temporary files for `purpose` that killed runs left in `folder`."""
    for path in list(folder.iterdir()):
        if _TEMPORARY.fullmatch(path.name) and path.name.startswith(temporary_prefix(purpose)):
            with contextlib.suppress(OSError):
                path.unlink()


def clear_left_overs(folder: Path) -> None:
    """Delete what killed runs left in `folder` of new files, once in a run.

    Writing a file there does this too; a job calls it that may find that there is nothing to write.
    """
    _remove_left_overs_once(folder.absolute(), _NEW_FILE)


def sync_folder(folder: Path) -> None:
    """Put the names in `folder` on the disk, where the system can do that; Windows does it by itself."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def temporary_prefix(purpose: str) -> str:
    """Return how the names of the temporary files for `purpose` begin."""
    # A digest: with the tracker's own name in it, the name of the temporary file could be too long.
    return f".critical-incident-tracker-{hashlib.sha256(purpose.encode()).hexdigest()[:8]}-"


def renameat2(one: Path, other: Path, flag: int) -> bool:
    """Rename `one` to `other` as RENAME_NOREPLACE or RENAME_EXCHANGE says, in one step; return False where the disk or
    the system cannot do that. Raises OSError when it fails.
    """
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # macOS, or an old C library
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), flag) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_POSSIBLE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def give_name(file: Path, path: Path) -> None:
    """Rename `file` to `path`, where no file may be. Raises FileExistsError when there is one."""
    if os.name == "nt":  # a rename there never replaces a file
        patiently(lambda: file.rename(path))
    elif not renameat2(file, path, RENAME_NOREPLACE):
        _link(file, path)


def _link(temporary: Path, path: Path) -> None:
    try:
        path.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A disk without links, such as a memory stick or some network drives.
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.rename(path)


@functools.cache
def _remove_left_overs_once(folder: Path, purpose: str) -> None:
    # Once in a run, not for each file: with thousands of files in the folder, looking through it takes long.
    with contextlib.suppress(OSError):
        remove_left_overs(folder, purpose)
