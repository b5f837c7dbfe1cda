"""The file in which the ledger is kept: an SQLite database on a disk of this computer, written whole or not at all."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from scripts.adapters.storage.local_disk import not_local
from tracker_schema.errors import MailNotSent, UsageError

VERSION = 1
SECONDS_FOR_A_WRITE = 60.0

_TABLES = """
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    stage TEXT NOT NULL,
    period TEXT NOT NULL,
    role TEXT NOT NULL,
    domain TEXT NOT NULL,
    recipient TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('going', 'sent', 'not sent', 'unknown')),
    way TEXT NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 1,
    entered TEXT NOT NULL,
    changed TEXT NOT NULL,
    UNIQUE (kind, reference, stage, period, recipient)
);
CREATE TABLE counted (
    month TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (month, kind, state)
);
CREATE TABLE job (
    name TEXT NOT NULL,
    period TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    attempts INTEGER NOT NULL,
    exit_code INTEGER,
    why TEXT NOT NULL DEFAULT '',
    changed TEXT NOT NULL,
    PRIMARY KEY (name, period)
);
CREATE TABLE digest_key (key BLOB NOT NULL);
"""


class LedgerFile:
    """The database in `file`, which is made when it is not there, open only to this account."""

    def __init__(self, file: Path) -> None:
        """Raises UsageError when `file` is not on a disk of this computer, and MailNotSent when it is no ledger."""
        if why := not_local(file):
            raise UsageError(
                f"The ledger {file} lies {why}, where two runs could not be kept apart; name a file on a disk of this "
                "computer as ledger.file in config.toml."
            )
        self.file = file
        with self.told():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)
            self.rows = sqlite3.connect(file, timeout=SECONDS_FOR_A_WRITE, isolation_level=None)
        try:
            with self.told():
                self._prepare()
        except BaseException:
            self.rows.close()
            raise

    def __enter__(self) -> Self:
        """This file itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.rows.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written until this block ends is written, or nothing of it; nobody else writes meanwhile.

        Raises MailNotSent when the file cannot be used.
        """
        with self.told():
            self.rows.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.rows.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self.rows.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Nothing; that the file cannot be used is raised as MailNotSent, in a sentence."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            what = error.strerror if isinstance(error, OSError) else str(error)
            raise MailNotSent(
                f"The ledger {self.file} cannot be used ({what}), so nothing more was sent; see that this account may "
                "write there and that the disk is not full. If the file is damaged, put it aside under another name: "
                "what was sent in the present week may then go once more."
            ) from None

    def _prepare(self) -> None:
        # A write-ahead log would be files beside the file; and a commit counts only once the folder is on the disk too.
        self.rows.execute("PRAGMA journal_mode = DELETE")
        self.rows.execute("PRAGMA synchronous = EXTRA")
        with self.transaction():
            (version,) = self.rows.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise MailNotSent(
                    f"The ledger {self.file} is of a newer version of this program; run that one. Nothing was sent."
                )
            if version == 0:
                for statement in _TABLES.split(";")[:-1]:
                    self.rows.execute(statement)
                self.rows.execute("INSERT INTO digest_key VALUES (?)", [secrets.token_bytes(32)])
                self.rows.execute(f"PRAGMA user_version = {VERSION}")
            (self.digest_key,) = self.rows.execute("SELECT key FROM digest_key").fetchone()


def written(moment: dt.datetime) -> str:
    """`moment` as the ledger has it: in UTC, to the second."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
