"""What has to be remembered of earlier mail besides that it went, in tables of its own in the ledger's file: how each
deadline stands in people's calendars, and what SLT was told in which week's summary.

Nothing is in it but references, our own words, dates, and uids made from references.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.adapters.ledger.database import LedgerFile
from tracker_schema.mail.calendar_entries import CalendarEntry, Remembered, next_entries
from tracker_schema.mail.happenings import Key
from tracker_schema.mail.steps import Step

_TABLES = """
CREATE TABLE IF NOT EXISTS calendar_entry (
    uid TEXT PRIMARY KEY, due TEXT NOT NULL, sequence INTEGER NOT NULL, cancelled INTEGER NOT NULL,
    changed TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS summary (period TEXT PRIMARY KEY, as_of TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS told (
    period TEXT NOT NULL, reference TEXT NOT NULL, what TEXT NOT NULL, PRIMARY KEY (period, reference, what)
);
"""


@dataclass(frozen=True)
class Told:
    """On which day the summary before was made, and what had been told by then; None where nothing is remembered."""

    since: dt.date | None = None
    keys: frozenset[Key] | None = None


class Memory(LedgerFile):
    """What is remembered in the ledger's file; use it as a context manager."""

    def __init__(self, file: Path) -> None:
        """As LedgerFile."""
        super().__init__(file)
        with self.transaction():
            for statement in _TABLES.split(";")[:-1]:
                self.rows.execute(statement)
            columns = {name for _, name, *_ in self.rows.execute("PRAGMA table_info(calendar_entry)")}
            if "changed" not in columns:  # a file of before
                long_ago = dt.date.min.isoformat()
                self.rows.execute(f"ALTER TABLE calendar_entry ADD COLUMN changed TEXT NOT NULL DEFAULT '{long_ago}'")

    def calendar(self, steps: Iterable[Step], as_of: dt.date) -> list[CalendarEntry]:
        """The entries that the open `steps` come to as on `as_of`, remembered as they now are.

        That is before they are sent: when the run ends in between, the next file has them all once more, with numbers
        at least as high as anybody can have been sent.
        """
        with self.transaction():
            entries = next_entries(steps, self.calendar_entries(), as_of)
            self.rows.executemany(
                "INSERT OR REPLACE INTO calendar_entry VALUES (?, ?, ?, ?, ?)",
                [
                    (each.uid, each.due.isoformat(), each.sequence, each.step is None, each.changed.isoformat())
                    for each in entries
                ],
            )
        return entries

    def calendar_entries(self) -> dict[str, Remembered]:
        """How each entry was sent last, by uid."""
        with self.told():
            rows = self.rows.execute("SELECT uid, due, sequence, cancelled, changed FROM calendar_entry").fetchall()
        return {
            uid: Remembered(dt.date.fromisoformat(due), sequence, bool(cancelled), dt.date.fromisoformat(changed))
            for uid, due, sequence, cancelled, changed in rows
        }

    def told_before(self, period: str) -> Told:
        """What was told by the last summary of a week before `period`."""
        with self.told():
            found = self.rows.execute(
                "SELECT period, as_of FROM summary WHERE period < ? ORDER BY period DESC LIMIT 1", [period]
            ).fetchone()
            if found is None:
                return Told()
            keys = self.rows.execute("SELECT reference, what FROM told WHERE period = ?", [found[0]]).fetchall()
        return Told(dt.date.fromisoformat(found[1]), frozenset((reference, what) for reference, what in keys))

    def remember(self, period: str, as_of: dt.date, keys: Collection[Key]) -> None:
        """Remember that SLT was told of `keys` by the summary of `period`, made on `as_of`; and forget what was told
        by those before the last one.
        """
        with self.transaction():
            self.rows.execute("INSERT OR REPLACE INTO summary VALUES (?, ?)", [period, as_of.isoformat()])
            self.rows.execute("DELETE FROM told WHERE period = ?", [period])
            self.rows.executemany("INSERT INTO told VALUES (?, ?, ?)", [(period, *key) for key in sorted(keys)])
            kept = self.rows.execute("SELECT period FROM summary ORDER BY period DESC LIMIT 2").fetchall()
            for table in ("summary", "told"):
                self.rows.execute(f"DELETE FROM {table} WHERE period < ?", [kept[-1][0]])  # noqa: S608
