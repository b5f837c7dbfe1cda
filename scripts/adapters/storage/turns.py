"""One at a time: whoever comes second waits, and says so; a turn ends with its process, however that ends."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tracker_schema.errors import TrackerError


@contextlib.contextmanager
def one_at_a_time(
    lock: Path, who: str, seconds: float, too_long: TrackerError, say: Callable[[str], None]
) -> Iterator[None]:
    """Nobody else has the turn that the file `lock` stands for until this block ends.

    If somebody has it, `say` is told that `who`, such as “Another run is at work”, is waited for. Raises `too_long`
    when that takes more than so many `seconds`, and OSError when there can be no such file.
    """
    from filelock import FileLock, Timeout

    turn = FileLock(lock, mode=0o600)
    try:
        turn.acquire(timeout=0)
    except Timeout:
        say(f"{who}; this one waits for it.")
        try:
            turn.acquire(timeout=seconds)
        except Timeout:
            raise too_long from None
    try:
        yield
    finally:
        turn.release()


def is_taken(lock: Path) -> bool:
    """Whether somebody has the turn that the file `lock` stands for, just now."""
    from filelock import FileLock, Timeout

    if not lock.exists():
        return False
    try:
        with FileLock(lock, mode=0o600).acquire(timeout=0):
            return False
    except Timeout:
        return True
