"""What each job found in the log at its last run, in a table of its own in the ledger's file.

It holds only references, headings and dates. Each tracker is known by a digest of where it is. A run with --tracker
remembers in the ledger of trials, and a dry run remembers nothing, so neither changes what a scheduled run knows.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from scripts.adapters.ledger.database import LedgerFile, was_used
from scripts.adapters.ledger.returns_so_far import ReturnsSoFar
from scripts.adapters.settings.config import Config
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.errors import TrackerError, TrackerUnusable
from tracker_schema.incidents.guard import remembered
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.memory import Change, Memory, Source, merge, require_known, without, without_unused
from tracker_schema.incidents.own_columns import last_checked

Job = Literal["check_tracker", "send_reminders", "weekly_summary"]

_SOURCES: dict[Job, Source] = {"check_tracker": "check", "send_reminders": "list", "weekly_summary": "summary"}
_TABLE = """
CREATE TABLE IF NOT EXISTS log_memory (
    tracker TEXT NOT NULL, job TEXT NOT NULL, as_of TEXT NOT NULL, found TEXT NOT NULL, PRIMARY KEY (tracker, job)
)
"""
_MEMORY = TypeAdapter(Memory)


class LogMemory:
    """What `job` remembers of one tracker: the file `tracker` of the command line, else the configured one.

    before    what the last run found, None when there was none or it cannot be read
    damage    that it cannot be read, None when it can
    """

    def __init__(self, config: Config, tracker: Path | None, job: Job, *, dry_run: bool) -> None:
        self.before: Memory | None = None
        self.damage: Change | None = None
        self._file = config.ledger.file_of(trial=tracker is not None)
        self._tracker = _digest(config, tracker)
        self._job = job
        self._dry_run = dry_run
        known = was_used(self._file) or config.ledger.file_of(trial=True).exists()
        self._may_have_sent = not (dry_run or known or tracker or config.mail.transport == "drafts")
        if not self._file.exists():
            return
        try:
            found = self._recall()
        except TrackerError as error:
            self.damage = _damage(error)
        else:
            self.before = found and _still_kept(found, config)

    def forget(self, names: Collection[str]) -> None:
        """Record that a person removed the incidents, headings or worksheets of those `names` on purpose.

        Raises UsageError when none of them was there at the last run, and TrackerError when that cannot be kept.
        """
        if self.before is None:
            return
        require_known(self.before, names)
        self.before = without(self.before, names)
        if self._dry_run:
            return
        with LedgerFile(self._file) as ledger, ledger.transaction():
            for job, found in ledger.connection.execute(
                "SELECT job, found FROM log_memory WHERE tracker = ?", [self._tracker]
            ).fetchall():
                kept = _MEMORY.dump_json(without(_read(found, ledger), names)).decode()
                ledger.connection.execute(
                    "UPDATE log_memory SET found = ? WHERE tracker = ? AND job = ?", [kept, self._tracker, job]
                )

    def guarded(self, tracker: Tracker) -> Tracker:
        """Return the tracker, whose changes also say when what the last run found cannot be read.

        If this computer knows nothing of the tracker though it was checked on an earlier day, mail waits until a person
        has said that nothing goes a second time: another computer sends it, or the ledger is lost with its folder.
        """
        if self._may_have_sent and self.before is None and self.damage is None:
            checked = last_checked(tracker.rows.sheets[INCIDENTS])
            if checked and checked < tracker.as_of:
                with contextlib.suppress(TrackerError), LedgerFile(self._file) as ledger:
                    ledger.doubt()
        return replace(tracker, changes=[self.damage, *tracker.changes]) if self.damage else tracker

    def renew(self, tracker: Tracker) -> Change | None:
        """Remember what was found in `tracker`, unless this is a dry run; return why it cannot be remembered, if so."""
        if self._dry_run:
            return None
        found = remembered(tracker, _SOURCES[self._job])
        values = [self._tracker, self._job, found.as_of.isoformat(), _MEMORY.dump_json(found).decode()]
        try:
            with LedgerFile(self._file) as ledger, ledger.transaction():
                ledger.connection.execute(_TABLE)
                ledger.connection.execute("INSERT OR REPLACE INTO log_memory VALUES (?, ?, ?, ?)", values)
        except TrackerError as error:
            return _damage(error)
        return None

    def _recall(self) -> Memory | None:
        """Return what this job found last, with what only other jobs know; else what another job found last.

        The forms that wait are those of now.
        """
        with ReturnsSoFar(self._file) as ledger:
            with ledger.transaction():
                ledger.connection.execute(_TABLE)
                query = "SELECT found FROM log_memory WHERE tracker = ? ORDER BY job = ? DESC, as_of DESC"
                found = ledger.connection.execute(query, [self._tracker, self._job]).fetchall()
            memories = [_read(text, ledger) for (text,) in found]
            return replace(merge(memories[0], memories[1:]), forms=ledger.left_children()) if memories else None


def raise_for_gone_headings(tracker: Tracker) -> None:
    """Raise TrackerUnusable when a heading or a sheet of the last run is gone and a deadline hangs on it."""
    stopping = tracker.stopping_changes
    if stopping:
        raise TrackerUnusable(
            " ".join(change.problem for change in stopping),
            " ".join(dict.fromkeys(change.remedy for change in stopping)),
        )


def _still_kept(memory: Memory, config: Config) -> Memory:
    """Return what the log still is to have: the settings may say since then that it has no such sheet or column."""
    sheets = [sheet for sheet, name in config.sheets if name is False]
    columns = {
        sheet: [column for column, heading in headings.items() if not heading]
        for sheet, headings in config.columns.model_dump().items()
    }
    return without_unused(memory, sheets, columns)


def _read(text: str, ledger: LedgerFile) -> Memory:
    try:
        return _MEMORY.validate_json(text)
    except ValidationError:
        raise ledger.unusable("what it keeps of the last run is damaged") from None


def _damage(error: TrackerError) -> Change:
    return Change(
        "memory",
        f"Nobody can tell whether a heading or a row is gone from the tracker since the last run. {error.problem}",
        f"Compare the tracker with an earlier version of its file. {error.remedy}".strip(),
    )


def _digest(config: Config, tracker: Path | None) -> str:
    """Return what the tracker is known by: a digest, because a path may hold a name."""
    place = tracker or config.tracker.file
    where = f"file {os.path.realpath(place)}" if place else ""
    if tracker is None and config.sharepoint:
        where = f"sharepoint {config.sharepoint.model_dump_json(include={'site', 'library', 'path', 'link'})}"
    return hashlib.sha256(where.encode(errors="surrogateescape")).hexdigest()[:32]
