"""Locks between runs of this program on one computer. The system releases a lock when its process ends, however."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.adapters.settings.paths import user_state_folder
from tracker_schema.errors import TrackerBusy, TrackerError


@contextlib.contextmanager
def exclusive_lock(
    file: Path,
    busy: TrackerError,
    *,
    seconds: float = 0.0,
    on_wait: Callable[[], object] = lambda: None,
    failure: type[TrackerError] = TrackerError,
) -> Iterator[None]:
    """Hold the lock `file` until the block ends, so that no other run can hold it.

    When another run holds it, call `on_wait` and wait for at most so many `seconds`. Raises `busy` when it is still
    held after that, and an error of the class `failure` when the lock cannot be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(file, mode=0o600)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire(timeout=seconds)
    except Timeout:
        raise busy from None
    except OSError as error:
        raise failure(
            f"The lock file {file} cannot be used ({error.strerror}), so nothing was done.",
            "Let this account write in that folder.",
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def tracker_lock(tracker: Path) -> Iterator[None]:
    """Hold the lock on writing `tracker` until the block ends.

    It keeps apart two runs of one user on one computer, such as the schedule and a person at the keyboard. Runs on
    different computers are kept apart by the tracker's version. Raises TrackerBusy when another run holds it, and
    TrackerError when the lock cannot be made.
    """
    digest = hashlib.sha256(os.fsencode(os.path.normcase(tracker))).hexdigest()[:16]
    busy = TrackerBusy(f"Another run of this program is writing {tracker.name}, so nothing was written.", "Run again.")
    with exclusive_lock(user_state_folder() / "locks" / f"{digest}.lock", busy):
        yield


def is_locked(file: Path) -> bool:
    """Return whether a run holds the lock `file` at this moment."""
    from filelock import FileLock, Timeout

    if not file.exists():
        return False
    try:
        with FileLock(file, mode=0o600).acquire(timeout=0):
            return False
    except Timeout:
        return True
