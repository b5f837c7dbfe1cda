"""What the daily lists so far contained, in a table of its own in the ledger's file: by this the next one knows what is
new. It holds only references, dates and our own words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from scripts.adapters.ledger.database import MailLedgerFile
from tracker_schema.mail.daily_list import Key

_TABLE = """
CREATE TABLE IF NOT EXISTS listed (
    as_of TEXT NOT NULL, reference TEXT NOT NULL, what TEXT NOT NULL, PRIMARY KEY (as_of, reference, what)
)
"""
# A list that holds nothing is remembered too.
_NOTHING = ("", "")


@dataclass(frozen=True, slots=True)
class LastList:
    """The list of an earlier day: that day and the keys of its items, both None when none is remembered."""

    as_of: dt.date | None = None
    keys: frozenset[Key] | None = None


def last_list_before(file: Path, as_of: dt.date) -> LastList:
    """Return the last list of a day before `as_of` that the ledger in `file` has. Raises as MailLedgerFile."""
    if not file.exists():
        return LastList()
    with MailLedgerFile(file) as ledger, ledger.transaction():
        ledger.connection.execute(_TABLE)
        query = (
            "SELECT as_of, reference, what FROM listed WHERE as_of = (SELECT max(as_of) FROM listed WHERE as_of < ?)"
        )
        rows = ledger.connection.execute(query, [as_of.isoformat()]).fetchall()
    if not rows:
        return LastList()
    keys = frozenset((reference, what) for _, reference, what in rows) - {_NOTHING}
    return LastList(dt.date.fromisoformat(rows[0][0]), keys)


def remember_list(file: Path, as_of: dt.date, keys: Collection[Key]) -> None:
    """Remember the keys of the list of that day; forget all but the last two lists. Raises as MailLedgerFile."""
    day = as_of.isoformat()
    with MailLedgerFile(file) as ledger, ledger.transaction():
        ledger.connection.execute(_TABLE)
        ledger.connection.execute("DELETE FROM listed WHERE as_of = ?", [day])
        rows = [(day, *key) for key in {_NOTHING, *keys}]
        ledger.connection.executemany("INSERT INTO listed VALUES (?, ?, ?)", rows)
        ledger.connection.execute(
            "DELETE FROM listed WHERE as_of NOT IN (SELECT DISTINCT as_of FROM listed ORDER BY as_of DESC LIMIT 2)"
        )
