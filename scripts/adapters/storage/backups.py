"""Dated copies of earlier versions of the tracker, in a folder that only this account can open."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scripts.adapters.storage.atomic_write import write_over
from scripts.adapters.storage.store import Snapshot


@dataclass(frozen=True, slots=True)
class Backups:
    """The newest copies of one tracker.

    folder    where they are; it need not exist yet
    number    how many are kept
    tracker   the name of the tracker's file
    """

    folder: Path
    number: int
    tracker: str

    def add(self, snapshot: Snapshot) -> Path:
        """Write a copy of `snapshot` and return its path. Raises OSError when it cannot be written."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = Path(self.tracker)
        copy = self.folder / f"{name.stem} {_now():%Y-%m-%d %H%M%S} {snapshot.version[:8]}{name.suffix}"
        write_over(copy, snapshot.data)
        return copy

    def remove_oldest(self, newest: Path) -> None:
        """Delete the oldest copies of this tracker beyond the number to keep, and nothing else; never `newest`."""
        name = Path(self.tracker)
        dated = r" \d{4}-\d\d-\d\d \d{6} [0-9a-f]{8}"
        ours = re.compile(re.escape(name.stem) + dated + re.escape(name.suffix))
        others = sorted(path for path in self.folder.iterdir() if ours.fullmatch(path.name) and path != newest)
        for path in others[: max(0, len(others) + 1 - self.number)]:
            # One that cannot be deleted now, perhaps because somebody has it open, is deleted by a later run.
            with contextlib.suppress(OSError):
                path.unlink()


def _now() -> datetime:
    """Return the time by this computer's clock, for the name of a copy and nothing else."""
    return datetime.now(UTC).astimezone()
