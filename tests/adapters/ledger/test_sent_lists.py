"""What is remembered of the daily lists: the last one of an earlier day, and no more than two."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from pathlib import Path

from scripts.adapters.ledger.database import VERSION
from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.ledger.sent_lists import LastList, last_list_before, remember_list
from tests.builders import MONDAY

KEYS = {("ci-1", "overdue notify_panel 2026-11-20"), ("", "incidents heading-twice ")}


def after(days: int) -> dt.date:
    return MONDAY + dt.timedelta(days=days)


def test_the_last_list_is_that_of_an_earlier_day(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    assert last_list_before(file, MONDAY) == LastList()
    remember_list(file, MONDAY, KEYS)
    assert last_list_before(file, MONDAY) == LastList()
    assert last_list_before(file, after(1)) == LastList(MONDAY, frozenset(KEYS))
    remember_list(file, after(1), [])
    remember_list(file, after(1), [])
    assert last_list_before(file, after(1)) == LastList(MONDAY, frozenset(KEYS))
    assert last_list_before(file, after(3)) == LastList(after(1), frozenset())
    remember_list(file, after(3), KEYS)
    assert last_list_before(file, after(1)) == LastList()  # no more than two are kept


def test_a_ledger_of_before_the_versions_were_kept_is_taken_on(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        ledger.connection.execute("ALTER TABLE message DROP COLUMN source")
        ledger.connection.execute("PRAGMA user_version = 1")
    with Ledger(file) as ledger:
        assert ledger.entries() == []
    with contextlib.closing(sqlite3.connect(file)) as rows:
        assert rows.execute("PRAGMA user_version").fetchone() == (VERSION,)
