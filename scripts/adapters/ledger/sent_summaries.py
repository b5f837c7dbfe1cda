"""What the summaries sent so far contained, in tables of their own in the ledger's file: week by week
the events that were reported to SLT, and the stage and status of each case.

They hold only references, our own words and dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.adapters.ledger.database import MailLedgerFile
from tracker_schema.mail.case_lines import CaseState
from tracker_schema.mail.events import Key

# Between two summaries, when it is not known when the last one was made.
_A_WEEK = dt.timedelta(weeks=1)
_TABLES = """
CREATE TABLE IF NOT EXISTS summary (period TEXT PRIMARY KEY, as_of TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS told (
    period TEXT NOT NULL, reference TEXT NOT NULL, what TEXT NOT NULL, PRIMARY KEY (period, reference, what)
);
CREATE TABLE IF NOT EXISTS case_state (
    period TEXT NOT NULL, reference TEXT NOT NULL, stage TEXT NOT NULL, status TEXT NOT NULL,
    PRIMARY KEY (period, reference)
);
"""


@dataclass(frozen=True)
class LastSummary:
    """The summary before.

    as_of       its day; None when none is remembered
    reported    the keys of the events reported by then; None when none is remembered
    cases       the state of each open case then, by its reference in small letters; None when none is remembered
    """

    as_of: dt.date | None = None
    reported: frozenset[Key] | None = None
    cases: Mapping[str, CaseState] | None = None

    def since(self, as_of: dt.date) -> dt.date:
        """Return the day from which something is new on `as_of`: that of the summary, or a week before."""
        return self.as_of or as_of - _A_WEEK


def last_summary_before(file: Path, period: str) -> LastSummary:
    """Return the last summary of a week before `period` that the ledger in `file` has. Raises as MailLedgerFile."""
    if not file.exists():
        return LastSummary()
    with SentSummaries(file) as summaries:
        return summaries.last_before(period)


class SentSummaries(MailLedgerFile):
    """The summaries sent so far, in the ledger's file; use it as a context manager."""

    def __init__(self, file: Path) -> None:
        """Open the file. Raises as MailLedgerFile."""
        super().__init__(file)
        with self.transaction():
            for statement in _TABLES.split(";")[:-1]:
                self.connection.execute(statement)

    def last_before(self, period: str) -> LastSummary:
        """Return the last summary of a week before `period`."""
        with self.translate_errors():
            found = self.connection.execute(
                "SELECT period, as_of FROM summary WHERE period < ? ORDER BY period DESC LIMIT 1", [period]
            ).fetchone()
            if found is None:
                return LastSummary()
            keys = self.connection.execute("SELECT reference, what FROM told WHERE period = ?", [found[0]]).fetchall()
            states = self.connection.execute(
                "SELECT reference, stage, status FROM case_state WHERE period = ?", [found[0]]
            ).fetchall()
        cases = {reference: CaseState(stage, status) for reference, stage, status in states}
        # An earlier version of this program remembered no cases.
        return LastSummary(self.day(found[1]), frozenset(map(tuple, keys)), cases or None)

    def remember(self, period: str, as_of: dt.date, reported: Collection[Key], cases: Mapping[str, CaseState]) -> None:
        """Remember the keys that the summary of `period`, made on `as_of`, reported, and the state of each of the
        `cases`, by its reference in small letters. Forget all but the last two.
        """
        with self.transaction():
            self.connection.execute("INSERT OR REPLACE INTO summary VALUES (?, ?)", [period, as_of.isoformat()])
            for table in ("told", "case_state"):
                self.connection.execute(f"DELETE FROM {table} WHERE period = ?", [period])  # noqa: S608
            self.connection.executemany(
                "INSERT INTO case_state VALUES (?, ?, ?, ?)",
                [(period, reference, state.stage, state.status) for reference, state in cases.items()],
            )
            self.connection.executemany(
                "INSERT INTO told VALUES (?, ?, ?)", [(period, *key) for key in sorted(reported)]
            )
            kept = self.connection.execute("SELECT period FROM summary ORDER BY period DESC LIMIT 2").fetchall()
            for table in ("summary", "told", "case_state"):
                self.connection.execute(f"DELETE FROM {table} WHERE period < ?", [kept[-1][0]])  # noqa: S608
