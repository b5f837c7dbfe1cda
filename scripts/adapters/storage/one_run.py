"""Only one run of this program at a time writes to one tracker, so that no two take each other's work away.

This is between runs of the same user on the same computer, of which the schedule and somebody at the keyboard may start
two at once. Between computers it is the tracker's version that tells.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.adapters.settings.paths import user_state_folder


@contextlib.contextmanager
def only_run_on(tracker: Path) -> Iterator[bool]:
    """True when no other run is writing to `tracker` and none can begin to before this block ends; else False.

    The system ends the lock when a run is killed. Where it has no locks to give, the answer is True.
    """
    digest = hashlib.sha256(os.path.normcase(tracker).encode()).hexdigest()[:16]
    lock = user_state_folder() / "locks" / f"{digest}.lock"
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield True
        return
    try:
        yield _locked(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
