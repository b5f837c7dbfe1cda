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
_PUT_BACK = "Put an earlier copy of it back"
_KEY_BYTES = 32

# The application id of a ledger that was made where there had been one: a person has to say that it may be used.
_IN_DOUBT = 1

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
        except OSError as error:
            raise self.unusable(str(error.strerror)) from None
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise self.unusable("another program has it open", "End that program, and run again.") from None
            raise self.unusable(str(error)) from None

    def damaged(self, what: str) -> TrackerError:
        """Return the error that the content of the file is not as this program writes it."""
        return self.unusable(f"{what} is damaged", f"{_PUT_BACK}, or rename it.")

    def day(self, text: object) -> dt.date:
        """Return the day that an entry holds. Raises `damaged` when it holds none."""
        return self.moment(text).date()

    def moment(self, text: object) -> dt.datetime:
        """Return the moment that an entry holds. Raises `damaged` when it holds none."""
        try:
            return dt.datetime.fromisoformat(str(text))
        except ValueError:
            raise self.damaged("an entry in it") from None

    @property
    def in_doubt(self) -> bool:
        """Whether this file is new although there was one before, and no person has said since that it may be used."""
        with self.translate_errors():
            (found,) = self.connection.execute("PRAGMA application_id").fetchone()
        return bool(found == _IN_DOUBT)

    def doubt(self) -> None:
        """Record that there may have been a file before this one, so that a person has to say that it may be used."""
        with self.translate_errors():
            self.connection.execute(f"PRAGMA application_id = {_IN_DOUBT}")

    def accept(self) -> None:
        """Record that a person says that this new file may be used."""
        with self.translate_errors():
            self.connection.execute("PRAGMA application_id = 0")

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
                self.connection.execute("INSERT INTO digest_key VALUES (?)", [secrets.token_bytes(_KEY_BYTES)])
            if version == 1:
                self.connection.execute("ALTER TABLE message ADD COLUMN source TEXT NOT NULL DEFAULT ''")
            if version < VERSION:
                self.connection.execute(f"PRAGMA user_version = {VERSION}")
                if version == 0 and was_used(self.file):
                    self.doubt()
            found = self.connection.execute("SELECT key FROM digest_key").fetchone()
        if not found or not isinstance(found[0], bytes) or len(found[0]) != _KEY_BYTES:
            raise self.damaged("its key")
        self.digest_key: bytes = found[0]


class MailLedgerFile(LedgerFile):
    """The same file for the jobs that send mail: without it nothing may be sent."""

    def unusable(self, reason: str, remedy: str = CHECK_FILE) -> TrackerError:
        """Return the error that the file cannot be used, and that therefore nothing more was sent."""
        if remedy == CHECK_FILE:
            remedy += f" If the file is damaged: {_PUT_BACK[0].lower()}{_PUT_BACK[1:]}, or rename it."
        return MailNotSent(f"The ledger {self.file} cannot be used ({reason}), so nothing more was sent.", remedy)

    def require_known(self) -> None:
        """Raise MailNotSent when the file is in doubt: nobody knows then what was sent."""
        if self.in_doubt:
            raise vanished(self.file)


def mark_used(file: Path) -> None:
    """Leave a mark beside the ledger in `file` that it is in use. Raises OSError when that cannot be written."""
    _mark(file).touch(mode=0o600)


def was_used(file: Path) -> bool:
    """Return whether there was a ledger in `file` before, whether or not it is still there."""
    return _mark(file).exists()


def forget(file: Path) -> None:
    """Delete the ledger in `file`, of a demonstration."""
    file.unlink(missing_ok=True)
    _mark(file).unlink(missing_ok=True)


def vanished(file: Path) -> MailNotSent:
    """Return the error that the ledger in `file` is gone or empty, or new though the tracker was checked before."""
    return MailNotSent(
        f"The ledger {file} is gone, empty or new, although this program has run before, so nothing was sent: every "
        "message might go a second time.",
        f"{_PUT_BACK}. If there is none, see what was sent, then run python -m scripts.ledger --start-anew.",
    )


def _mark(file: Path) -> Path:
    return file.with_name(f"{file.name}.in-use")


def timestamp(moment: dt.datetime) -> str:
    """Return `moment` as the ledger stores it: in UTC, to the second."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
