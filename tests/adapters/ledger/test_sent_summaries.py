"""What is remembered of earlier mail: what SLT was told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.ledger.sent_summaries import LastSummary, SentSummaries
from tests.builders import MONDAY
from tracker_schema.errors import MailNotSent
from tracker_schema.mail.case_lines import CaseState

KEYS = {("ci-1", "critical_incident"), ("ci-1", "decision: Notify Panel")}
CASES = {"ci-1": CaseState("Decision", "Overdue")}


def test_what_is_told_is_that_of_the_last_week_before(tmp_path: Path) -> None:
    with SentSummaries(tmp_path / "ledger.sqlite3") as memory:
        assert memory.last_before("2026-W48") == LastSummary()
        memory.remember("2026-W47", MONDAY, KEYS, CASES)
        memory.remember("2026-W48", MONDAY + dt.timedelta(days=7), [*KEYS, ("ci-2", "closed")], {})
        assert memory.last_before("2026-W47") == LastSummary()
        assert memory.last_before("2026-W48") == LastSummary(MONDAY, frozenset(KEYS), CASES)
        assert memory.last_before("2027-W01").as_of == MONDAY + dt.timedelta(days=7)
        assert memory.last_before("2027-W01").reported == frozenset(KEYS) | {("ci-2", "closed")}


def test_only_the_last_two_weeks_are_kept(tmp_path: Path) -> None:
    with SentSummaries(tmp_path / "ledger.sqlite3") as memory:
        for week in range(40, 49):
            memory.remember(f"2026-W{week}", MONDAY, KEYS, CASES)
        assert memory.connection.execute("SELECT DISTINCT period FROM told ORDER BY period").fetchall() == [
            *(("2026-W47",), ("2026-W48",)),
        ]


def test_a_week_that_was_quiet_is_remembered_as_one(tmp_path: Path) -> None:
    with SentSummaries(tmp_path / "ledger.sqlite3") as memory:
        memory.remember("2026-W47", MONDAY, [], {})
        assert memory.last_before("2026-W48") == LastSummary(MONDAY, frozenset())


def test_it_shares_the_ledgers_file(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    with SentSummaries(file) as memory:
        memory.remember("2026-W47", MONDAY, KEYS, CASES)
    with Ledger(file) as ledger:
        assert ledger.entries() == []
    with SentSummaries(file) as memory:
        assert memory.last_before("2026-W48").as_of == MONDAY


def test_a_file_that_is_no_ledger_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    file.write_text("not a database, and long enough to be looked at " * 40)
    with pytest.raises(MailNotSent, match="cannot be used"):
        SentSummaries(file)
