"""The record of the jobs, in the file of the ledger: each run with its period and its result."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from scripts.adapters.ledger.database import CHECK_FILE, LedgerFile, timestamp
from tracker_schema.errors import TrackerError

JobState = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class JobRun:
    """The runs of a job for one period.

    state       running, done or failed
    attempts    how many runs there were
    exit_code   of the last run that ended, None when none has
    why         the last sentence of that run
    changed     when the last run began or ended, in UTC
    """

    state: JobState
    attempts: int
    exit_code: int | None
    why: str
    changed: dt.datetime


class JobRecord(LedgerFile):
    """The record of the jobs; use it as a context manager."""

    def unusable(self, reason: str, remedy: str = CHECK_FILE) -> TrackerError:
        """Return the error that the file cannot be used. No job is run then, because it might run twice."""
        return TrackerError(
            f"The record of the jobs, in {self.file}, cannot be used ({reason}), so no job was run.", remedy
        )

    def find(self, job: str, period: str) -> JobRun | None:
        """Return the runs of `job` for `period`; None when there was none."""
        with self.translate_errors():
            row = self.connection.execute(
                "SELECT state, attempts, exit_code, why, changed FROM job WHERE name = ? AND period = ?", [job, period]
            ).fetchone()
        if row is None:
            return None
        state, attempts, code, why, changed = row
        return JobRun(state, attempts, code, why, self.moment(changed))

    def begin(self, job: str, period: str, moment: dt.datetime) -> None:
        """Record that a run of `job` for `period` begins."""
        with self.transaction():
            self.connection.execute(
                "INSERT INTO job (name, period, state, attempts, changed) VALUES (?, ?, 'running', 1, ?) "
                "ON CONFLICT (name, period) DO UPDATE SET state = 'running', attempts = attempts + 1, "
                "changed = excluded.changed",
                [job, period, timestamp(moment)],
            )

    def finish(self, job: str, period: str, exit_code: int, why: str, moment: dt.datetime) -> None:
        """Record the result of that run: done with exit code 0, else failed."""
        with self.transaction():
            self.connection.execute(
                "UPDATE job SET state = ?, exit_code = ?, why = ?, changed = ? WHERE name = ? AND period = ?",
                ["failed" if exit_code else "done", exit_code, why, timestamp(moment), job, period],
            )

    def was_begun_before(self, job: str, moment: dt.datetime) -> bool:
        """Return whether any run of `job` began before `moment`."""
        with self.translate_errors():
            found = self.connection.execute(
                "SELECT 1 FROM job WHERE name = ? AND changed < ? LIMIT 1", [job, timestamp(moment)]
            ).fetchone()
        return found is not None
