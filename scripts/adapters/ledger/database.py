"""The file of the ledger: an SQLite database on a disk of this computer. Each change is written whole or not at all."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from scripts.adapters.storage.local_disk import not_local
from tracker_schema.errors import MailNotSent, TrackerError, UsageError

VERSION = 2
SECONDS_FOR_A_WRITE = 60.0
CHECK_FILE = "Check that this account may write there and that the disk is not full."

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
    source TEXT NOT NULL DEFAULT '',
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
    """The database in `file`, which is made when it does not exist, open only to this account."""

    def __init__(self, file: Path) -> None:
        """Raise UsageError when `file` is not on a disk of this computer, and `unusable` when it cannot be opened."""
        if why := not_local(file):
            raise UsageError(
                f"The ledger {file} is {why}, where two runs at the same time cannot be prevented.",
                "Name a file on a disk of this computer as ledger.file in config.toml.",
            )
        self.file = file
        with self.translate_errors():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)
            self.connection = sqlite3.connect(file, timeout=SECONDS_FOR_A_WRITE, isolation_level=None)
        try:
            with self.translate_errors():
                self._prepare()
        except BaseException:
            self.connection.close()
            raise

    def __enter__(self) -> Self:
        """Return this file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.connection.close()

    def unusable(self, reason: str, remedy: str = CHECK_FILE) -> TrackerError:
        """Return the error that the file cannot be used; a subclass says what follows from that."""
        return TrackerError(f"The ledger {self.file} cannot be used ({reason}).", remedy)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all that is written until this block ends, or nothing of it; nobody else writes meanwhile.

        Raises `unusable` when the file cannot be used.
        """
        with self.translate_errors():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def translate_errors(self) -> Iterator[None]:
        """Raise `unusable` in place of an error of SQLite or of the file system."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self.unusable(str(error.strerror if isinstance(error, OSError) else error)) from None

    def _prepare(self) -> None:
        # DELETE: no write-ahead log, so there is only one file. EXTRA: a commit waits until the folder is on the disk.
        self.connection.execute("PRAGMA journal_mode = DELETE")
        self.connection.execute("PRAGMA synchronous = EXTRA")
        with self.transaction():
            (version,) = self.connection.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise self.unusable("a newer version of this program made it", "Run that version.")
            if version == 0:
                for statement in _TABLES.split(";")[:-1]:
                    self.connection.execute(statement)
                self.connection.execute("INSERT INTO digest_key VALUES (?)", [secrets.token_bytes(32)])
            if version == 1:
                self.connection.execute("ALTER TABLE message ADD COLUMN source TEXT NOT NULL DEFAULT ''")
            if version < VERSION:
                self.connection.execute(f"PRAGMA user_version = {VERSION}")
            (self.digest_key,) = self.connection.execute("SELECT key FROM digest_key").fetchone()


class MailLedgerFile(LedgerFile):
    """The same file for the jobs that send mail: without it nothing may be sent."""

    def unusable(self, reason: str, remedy: str = CHECK_FILE) -> TrackerError:
        """Return the error that the file cannot be used, and that therefore nothing more was sent."""
        return MailNotSent(
            f"The ledger {self.file} cannot be used ({reason}), so nothing more was sent.",
            f"{remedy} If the file is damaged, rename it: messages of this week may then be sent once more.",
        )


def timestamp(moment: dt.datetime) -> str:
    """Return `moment` as the ledger stores it: in UTC, to the second."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
