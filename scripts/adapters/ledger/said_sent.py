"""The agencies of which the Scoping sheet said at the last run that their reminders were sent, in the ledger's file.

They are kept as references and digests of agencies.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from scripts.adapters.ledger.database import MailLedgerFile
from tracker_schema.mail.chasers import ChaserKey

_TABLE = """
CREATE TABLE IF NOT EXISTS said_sent (reference TEXT NOT NULL, agency TEXT NOT NULL, PRIMARY KEY (reference, agency))
"""


class SaidSent(MailLedgerFile):
    """What the Scoping sheet said at the last run; use it as a context manager."""

    def __init__(self, file: Path) -> None:
        """Open the file. Raises as MailLedgerFile."""
        super().__init__(file)
        with self.transaction():
            self.connection.execute(_TABLE)

    def before(self) -> set[ChaserKey]:
        """Return the rows that said so at the last run."""
        with self.translate_errors():
            return set(self.connection.execute("SELECT reference, agency FROM said_sent"))

    def remember(self, rows: Collection[ChaserKey]) -> None:
        """Remember the rows that say so now."""
        with self.transaction():
            self.connection.execute("DELETE FROM said_sent")
            self.connection.executemany("INSERT INTO said_sent VALUES (?, ?)", sorted(rows))
