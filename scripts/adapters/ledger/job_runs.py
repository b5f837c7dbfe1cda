"""Which job was run for which period, and how it ended: beside the messages, in the file of the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from scripts.adapters.ledger.database import LedgerFile, written

JobState = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class JobRun:
    """How the runs of a job for one period went; `why` is the last one's last sentence, `changed` a moment in UTC."""

    state: JobState
    attempts: int
    exit_code: int | None
    why: str
    changed: dt.datetime


class JobRecord(LedgerFile):
    """The record in the ledger's file; use it as a context manager."""

    def find(self, job: str, period: str) -> JobRun | None:
        """How `job` went for `period`; None when it was never begun."""
        with self.told():
            row = self.rows.execute(
                "SELECT state, attempts, exit_code, why, changed FROM job WHERE name = ? AND period = ?", [job, period]
            ).fetchone()
        if row is None:
            return None
        state, attempts, code, why, changed = row
        return JobRun(state, attempts, code, why, dt.datetime.fromisoformat(changed))

    def begin(self, job: str, period: str, moment: dt.datetime) -> None:
        """Enter that `job` is begun for `period`, for the first time or once more."""
        with self.transaction():
            self.rows.execute(
                "INSERT INTO job (name, period, state, attempts, changed) VALUES (?, ?, 'running', 1, ?) "
                "ON CONFLICT (name, period) DO UPDATE SET state = 'running', attempts = attempts + 1, "
                "changed = excluded.changed",
                [job, period, written(moment)],
            )

    def finish(self, job: str, period: str, exit_code: int, why: str, moment: dt.datetime) -> None:
        """Enter how it ended: done with exit code 0, else failed."""
        with self.transaction():
            self.rows.execute(
                "UPDATE job SET state = ?, exit_code = ?, why = ?, changed = ? WHERE name = ? AND period = ?",
                ["failed" if exit_code else "done", exit_code, why, written(moment), job, period],
            )

    def was_begun_before(self, job: str, moment: dt.datetime) -> bool:
        """Whether `job` had ever been begun before `moment`."""
        with self.told():
            found = self.rows.execute(
                "SELECT 1 FROM job WHERE name = ? AND changed < ? LIMIT 1", [job, written(moment)]
            ).fetchone()
        return found is not None
