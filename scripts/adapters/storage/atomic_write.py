"""Write a file whole or not at all: to a temporary file beside it first, which is on the disk before it counts."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

# OneDrive does not sync .tmp files, so no half-written tracker reaches other people's computers.
_TEMPORARY = re.compile(r"\.critical-incident-tracker-[0-9a-f]{8}-[0-9a-f]{8}\.tmp")


@contextlib.contextmanager
def temporary_file(folder: Path, purpose: str, data: bytes) -> Iterator[Path]:
    """Make a hidden file in `folder` that holds `data`, and delete it afterwards unless the block renamed it.

    The data is on the disk, and only this account can read it. `purpose` lets `remove_left_overs` find the file if the
    run is killed.
    """
    path = folder / f"{_prefix(purpose)}{secrets.token_hex(4)}.tmp"
    try:
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


def write_new(path: Path, data: bytes) -> None:
    """Write `data` to `path`, where there must be no file yet, whole or not at all.

    Raises FileExistsError when there is one, even one that somebody makes at this very moment; theirs is kept.
    """
    with path.open("xb") as file:
        try:
            file.write(data)
        except BaseException:
            file.close()
            path.unlink()
            raise


def remove_left_overs(folder: Path, purpose: str) -> None:
    """Delete the temporary files for `purpose` that killed runs left in `folder`."""
    for path in list(folder.iterdir()):
        if _TEMPORARY.fullmatch(path.name) and path.name.startswith(_prefix(purpose)):
            with contextlib.suppress(OSError):
                path.unlink()


def sync_folder(folder: Path) -> None:
    """Put the names in `folder` on the disk, where the system can do that; Windows does it by itself."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _prefix(purpose: str) -> str:
    # A digest: with the tracker's own name in it, the name of the temporary file could be too long.
    return f".critical-incident-tracker-{hashlib.sha256(purpose.encode()).hexdigest()[:8]}-"
