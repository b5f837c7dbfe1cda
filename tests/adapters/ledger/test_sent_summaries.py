"""What is remembered of earlier mail: the calendars' entries, and what SLT was told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.ledger.sent_summaries import LastSummary, SentSummaries
from tests.builders import MONDAY
from tests.tracker_schema.mail.cases import deadline
from tracker_schema.errors import MailNotSent
from tracker_schema.mail.case_lines import CaseState
from tracker_schema.mail.deadlines import Deadline

KEYS = {("ci-1", "critical_incident"), ("ci-1", "decision: Notify Panel")}
CASES = {"ci-1": CaseState("Decision", "Overdue")}


def sequences(file: Path, *deadlines: Deadline) -> list[int]:
    with SentSummaries(file) as memory:
        return [entry.sequence for entry in memory.next_calendar(deadlines, MONDAY)]


def test_entries_are_remembered_before_they_are_sent_so_that_a_run_cut_off_loses_none(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    assert sequences(file, deadline(after=3)) == [0]
    assert sequences(file, deadline(after=5)) == [1]  # and here the run ends, without having sent the file
    assert sequences(file, deadline(after=5)) == [1]  # the next one sends it
    assert sequences(file, deadline(after=3)) == [2]  # and moving back is a move too
    assert sequences(file) == [3]
    assert sequences(file, deadline(after=3)) == [4]


def test_a_file_of_before_changes_had_a_day_is_taken_on(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    with SentSummaries(file) as memory:
        memory.next_calendar([deadline(after=3)], MONDAY)
        memory.connection.execute("ALTER TABLE calendar_entry DROP COLUMN changed")
    assert sequences(file, deadline(after=3)) == [0]
    assert sequences(file) == [1]
    with SentSummaries(file) as memory:
        assert [each.changed for each in memory.calendar_entries().values()] == [MONDAY]


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
