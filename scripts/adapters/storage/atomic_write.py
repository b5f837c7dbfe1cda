"""Writing a file as a whole or not at all: to a temporary file beside it first, and on the disk before it counts."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

# OneDrive leaves .tmp files alone, so that no half-written tracker is carried to everybody's computer.
_TEMPORARY = re.compile(r"\.critical-incident-tracker-[0-9a-f]{8}-[0-9a-f]{8}\.tmp")


@contextlib.contextmanager
def temporary_file(folder: Path, purpose: str, data: bytes) -> Iterator[Path]:
    """A new hidden file in `folder` that holds `data`, safe on the disk, and is gone afterwards unless it was renamed.

    Nobody but this account can read it. `purpose` is what `remove_left_overs` knows it by.
    """
    path = folder / f"{_opening(purpose)}{secrets.token_hex(4)}.tmp"
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
    """Writes `data` to `path`, where there must be no file yet, whole or not at all.

    Raises FileExistsError, even when somebody makes the file at this very moment; theirs stays.
    """
    with path.open("xb") as file:
        try:
            file.write(data)
        except OSError:
            file.close()
            path.unlink()
            raise


def remove_left_overs(folder: Path, purpose: str) -> None:
    """Removes the temporary files for `purpose` that a run left in `folder` when it was killed."""
    for path in list(folder.iterdir()):
        if _TEMPORARY.fullmatch(path.name) and path.name.startswith(_opening(purpose)):
            with contextlib.suppress(OSError):
                path.unlink()


def sync_folder(folder: Path) -> None:
    """Puts the names in `folder` on the disk, where the system can do that; Windows does it by itself."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _opening(purpose: str) -> str:
    # A digest, for with the tracker's own name in it the name of the temporary file might be too long.
    return f".critical-incident-tracker-{hashlib.sha256(purpose.encode()).hexdigest()[:8]}-"
