"""Put a new version of a file in its place without losing what somebody saves at that very moment.

A plain rename loses what was saved after the last look at the file. So the two files are exchanged at one moment, where
the system can do that, and what came out is compared with what was read. Linux has renameat2 for it, Windows
ReplaceFileW, which also keeps the file's access rights and the time when it was created; it moves the old file away
first, so that a run that is killed there leaves no file in its place.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import re
import sys
from collections.abc import Callable
from pathlib import Path

from scripts.adapters.storage.atomic_write import RENAME_EXCHANGE, remove, renameat2, replace, temporary_prefix
from scripts.adapters.storage.held_files import patiently

# Windows: a disk without it; both files keep their names; the old one has the name of the backup.
_NOT_SUPPORTED, _MOVED_AWAY = {1, 50, 87, 120}, 1177

# What was in its place and what was to come there, by the beginning of their SHA-256.
_EXCHANGING = re.compile(r"[0-9a-f]{16}-[0-9a-f]{16}-?\.tmp")
_MOVED = "-.tmp"  # the end of the old file's name while Windows exchanges the two
_DIGITS = 16


class SavedMeanwhile(Exception):
    """Somebody saved the file at that very moment. Their version is in its place, and ours is not.

    other  a second version that somebody saved meanwhile, if there is one; it is in no place any more
    """

    def __init__(self, other: bytes | None = None) -> None:
        super().__init__()
        self.other = other


def put_in_place(new: Path, target: Path, *, read: str, written: str) -> None:
    """Put the file `new` in the place of `target`, if `target` still has the content that was read.

    `read` and `written` are the SHA-256 of what was read from `target`, and of `new`. Raises SavedMeanwhile when
    somebody has saved another version, and OSError when the exchange is not possible; `target` is as it was then. A
    system that cannot exchange files renames `new` over `target`.
    """
    # If the run is killed between the two steps, `versions_left` knows by this name what it finds.
    beside = new.with_name(f"{temporary_prefix(target.name)}{read[:_DIGITS]}-{written[:_DIGITS]}.tmp")
    replace(new, beside)
    try:
        exchanged = _exchange(beside, target)
    except BaseException:
        _remove(beside)
        raise
    if not exchanged:
        return
    try:
        theirs = _digest(beside) != read
    except OSError:
        _exchange(beside, target)
        raise
    if not theirs:
        _remove(beside)
        return
    _exchange(beside, target)
    other = None
    if _digest(beside) != written:  # somebody has saved once more: that is the newest
        _exchange(beside, target)
        other = beside.read_bytes()
    _remove(beside)
    raise SavedMeanwhile(other)


def keep_versions_left(target: Path, keep: Callable[[bytes], object]) -> None:
    """Call `keep` with each version that somebody saved when a run that was killed was just writing `target`.

    What such runs left beside `target` is deleted. Raises OSError when that cannot be done.
    """
    for path in _left(target):
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest()[:_DIGITS] not in path.name:
            keep(data)
        remove(path)


def moved_away(target: Path) -> Path | None:
    """Return where `target` is, if a run that was killed had just moved it away; None otherwise.

    Raises OSError when its folder cannot be looked through.
    """
    return next((path for path in _left(target) if path.name.endswith(_MOVED)), None)


def _left(target: Path) -> list[Path]:
    prefix = temporary_prefix(target.name)
    names = ((path, path.name.removeprefix(prefix)) for path in target.parent.iterdir())
    return [path for path, name in names if name != path.name and _EXCHANGING.fullmatch(name)]


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # the next run does it
        remove(path)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two files at one moment; return False where that is not possible and `one` was renamed over `other`."""
    if sys.platform == "win32":
        if _exchange_on_windows(one, other):
            return True
    elif _exchange_on_linux(one, other):
        return True
    replace(one, other)
    return False


def _exchange_on_linux(one: Path, other: Path) -> bool:
    return renameat2(one, other, RENAME_EXCHANGE)


if sys.platform == "win32":

    def _exchange_on_windows(one: Path, other: Path) -> bool:
        away = one.with_name(f"{one.stem}{_MOVED}")
        if not patiently(lambda: _replace_file(one, other, away)):
            return False
        replace(away, one)
        return True

    def _replace_file(one: Path, other: Path, away: Path) -> bool:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        if kernel.ReplaceFileW(str(other), str(one), str(away), 0, None, None):
            return True
        number = ctypes.get_last_error()
        if number == _MOVED_AWAY:
            replace(away, other)
        if number in _NOT_SUPPORTED:
            return False
        raise ctypes.WinError(number)
