"""What agencies have sent back that is not all of their return, in tables of their own in the ledger's file: files that
nobody could read yet, by the folder that they are in, and the answers that a return lacks.

They hold only references, sentences about files, digests of agencies, days, and the labels of our own questions.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts.adapters.ledger.database import LedgerFile
from tracker_schema.mail.chasers import ChaserKey, chaser_key
from tracker_schema.returns.returns_so_far import ReturnSoFar

_TABLES = """
CREATE TABLE IF NOT EXISTS unread_return (
    folder TEXT NOT NULL, reference TEXT NOT NULL, agency TEXT NOT NULL, came_on TEXT NOT NULL,
    PRIMARY KEY (folder, reference, agency)
);
CREATE TABLE IF NOT EXISTS missing_answer (
    reference TEXT NOT NULL, agency TEXT NOT NULL, place INTEGER NOT NULL, label TEXT NOT NULL, came_on TEXT NOT NULL,
    PRIMARY KEY (reference, agency, place)
);
DROP TABLE IF EXISTS left_file;
CREATE TABLE IF NOT EXISTS left_form (
    folder TEXT NOT NULL, place INTEGER NOT NULL, words TEXT NOT NULL, urgent INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS left_child (folder TEXT NOT NULL, reference TEXT NOT NULL, children INTEGER NOT NULL);
"""


class ReturnsSoFar(LedgerFile):
    """What has come back, in the ledger's file; use it as a context manager."""

    def __init__(self, file: Path) -> None:
        """Open the file. Raises as LedgerFile."""
        super().__init__(file)
        with self.transaction():
            for statement in _TABLES.split(";")[:-1]:
                self.connection.execute(statement)

    def by_agency(self) -> dict[ChaserKey, ReturnSoFar]:
        """Return what has come back and is not a whole return, by incident and agency as `chaser_key` makes them."""
        with self.translate_errors():
            unread = self.connection.execute(
                "SELECT reference, agency, MIN(came_on) FROM unread_return GROUP BY reference, agency"
            ).fetchall()
            missing = self.connection.execute(
                "SELECT reference, agency, came_on, label FROM missing_answer ORDER BY reference, agency, place"
            ).fetchall()
        days: dict[ChaserKey, str] = {(reference, agency): day for reference, agency, day in unread}
        not_read, labels = set(days), defaultdict[ChaserKey, list[str]](list)
        for reference, agency, day, label in missing:
            days[reference, agency] = day
            labels[reference, agency].append(label)
        return {key: ReturnSoFar(self.day(day), tuple(labels[key]), key in not_read) for key, day in days.items()}

    def leave_files(self, folder: Path, files: Iterable[tuple[str, bool]]) -> None:
        """Record what is to be said of each file that stays in `folder`, and whether it must be read at once; forget
        what was said before.
        """
        with self.transaction():
            self.connection.execute("DELETE FROM left_form WHERE folder = ?", [str(folder)])
            self.connection.executemany(
                "INSERT INTO left_form VALUES (?, ?, ?, ?)",
                [(str(folder), place, words, urgent) for place, (words, urgent) in enumerate(files)],
            )

    def left_files(self) -> list[tuple[str, bool]]:
        """Return what is to be said of each file that stays where it came in, and whether it must be read at once."""
        with self.translate_errors():
            found = self.connection.execute("SELECT words, urgent FROM left_form ORDER BY folder, place").fetchall()
        return [(words, bool(urgent)) for words, urgent in found]

    def leave_children(self, folder: Path, children: Iterable[tuple[str, int]]) -> None:
        """Record of how many children, by reference, the forms in `folder` tell that the log has no place for, and
        forget what was recorded before.
        """
        name = str(folder.resolve())
        with self.transaction():
            self.connection.execute("DELETE FROM left_child WHERE folder = ?", [name])
            self.connection.executemany(
                "INSERT INTO left_child VALUES (?, ?, ?)",
                [(name, reference.casefold(), number) for reference, number in children],
            )

    def left_children(self) -> dict[str, int]:
        """Return how many children forms tell of that the log has no place for, by reference in small letters."""
        with self.translate_errors():
            query = "SELECT reference, MAX(children) FROM left_child GROUP BY reference"
            return dict(self.connection.execute(query).fetchall())

    def enter(self, reference: str, agency: str, missing: Sequence[str], came_on: dt.date) -> None:
        """Record that a return was read which lacks the answers with these labels; with none it is complete."""
        key = chaser_key(reference, agency)
        with self.transaction():
            self.connection.execute("DELETE FROM missing_answer WHERE reference = ? AND agency = ?", key)
            self.connection.executemany(
                "INSERT INTO missing_answer VALUES (?, ?, ?, ?, ?)",
                [(*key, place, label, came_on.isoformat()) for place, label in enumerate(missing)],
            )

    def leave(self, folder: Path, unread: Iterable[tuple[str, str]], came_on: dt.date) -> None:
        """Record whose files, by reference and agency, are in `folder` unread, and forget those that were there before.

        A file that was there before keeps the day on which it came.
        """
        name = str(folder.resolve())
        keys = {chaser_key(reference, agency) for reference, agency in unread}
        with self.transaction():
            found = self.connection.execute(
                "SELECT reference, agency, came_on FROM unread_return WHERE folder = ?", [name]
            )
            before = {(reference, agency): day for reference, agency, day in found}
            self.connection.execute("DELETE FROM unread_return WHERE folder = ?", [name])
            self.connection.executemany(
                "INSERT INTO unread_return VALUES (?, ?, ?, ?)",
                [(name, *key, before.get(key, came_on.isoformat())) for key in sorted(keys)],
            )


def left_files_in(ledger: Path) -> list[tuple[str, bool]]:
    """Return `left_files` of the record in that file; none when there is no such file."""
    if not ledger.exists():
        return []
    with ReturnsSoFar(ledger) as record:
        return record.left_files()
