"""One pass over the timetable: run each job that is due and not done, in a process of its own.

The record in the ledger's file knows what was done, so it does not matter how often a pass is made, or for how long
none was. A job that fails is tried again after growing gaps, and does not keep the others from running.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from scripts.adapters.cli.clock import pause
from scripts.adapters.ledger.job_runs import JobRecord, JobRun
from scripts.adapters.schedule.jobs import Job
from scripts.adapters.storage.locks import exclusive_lock, is_locked
from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.errors import TrackerBusy
from tracker_schema.mail.periods import Period, before, coming, newest
from tracker_schema.wording import printable

GAPS = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120))
"""The time that a failed job waits before each next attempt. After the last attempt it stays failed."""
SECONDS_FOR_A_JOB = 3600.0
SECONDS_FOR_ANOTHER_PASS = 600.0
MINUTES_BETWEEN_PASSES = 5
_WORST_FIRST = (1, 2, 3, 5, 4)
_LONGEST_REASON = 500
_LONDON = ZoneInfo("Europe/London")

Run = Callable[[str, Sequence[str]], tuple[int, str]]
"""Runs the job of that name with options, and returns its exit code and its last sentence."""


class State(StrEnum):
    """The state of a job in its newest period."""

    DONE = "done"
    TO_BE_TRIED_AGAIN = "failed, to be tried again"
    FAILED = "failed"
    RUNNING = "running"
    DUE = "due"
    NOT_YET = "not yet"


@dataclass(frozen=True)
class JobStatus:
    """One job after a pass.

    job        its name
    period     its newest period, None when there was none yet
    state      its state in that period
    attempts   how many runs it had
    exit_code  of the last run, 0 when that did not fail
    why        the last sentence of the last run, "" when there was none
    changed    when the last run began or ended, in UTC; None when there was none
    next       when its next period begins, in London, without a time zone; None when that is not known
    """

    job: str
    period: str | None
    state: State
    attempts: int
    exit_code: int
    why: str
    changed: dt.datetime | None
    next: dt.datetime | None

    @property
    def has_failed(self) -> bool:
        """Whether its last run failed, whether it will be tried again or not."""
        return self.state in (State.FAILED, State.TO_BE_TRIED_AGAIN)


def in_london(moment: dt.datetime) -> dt.datetime:
    """Return the time in London at `moment`, without a time zone."""
    return moment.astimezone(_LONDON).replace(tzinfo=None)


@contextlib.contextmanager
def only_pass(ledger: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Keep all other passes waiting until the block ends; `say` reports that another one is waited for.

    Raises TrackerBusy when the other one takes too long.
    """
    too_long = TrackerBusy("Another run_schedule is still at work, so this one did nothing.")

    def on_wait() -> None:
        say("Another run_schedule is at work; this one waits for it.")

    with exclusive_lock(_lock(ledger), too_long, seconds=SECONDS_FOR_ANOTHER_PASS, on_wait=on_wait):
        yield


def run_due(
    jobs: Sequence[Job],
    record: JobRecord,
    calendar: WorkingDays,
    clock: Callable[[], dt.datetime],
    run: Run,
    say: Callable[[str], None],
) -> list[JobStatus]:
    """Run those of `jobs` that are due at the time of `clock`, and return the status of each job.

    Call it only within `only_pass`: a run that is recorded as running was then interrupted. `say` reports each
    failure. Raises OutsideCalendar when the bank holidays that are known do not reach this day, and TrackerError when
    the record cannot be used.
    """
    statuses = []
    for job in jobs:
        moment = clock()
        period = _due_period(job, record, calendar, moment)
        if period is not None:
            last = record.find(job.name, period.name)
            if last is None:
                _report_missed_week(job, period, record, calendar, moment, say)
            record.begin(job.name, period.name, clock())
            code, why = run(job.name, job.arguments(period))
            record.finish(job.name, period.name, code, why, clock())
            if code and not (job.is_in_each_pass and last and last.why == why):  # said once, not in each pass
                say(f"{job.name} for {period.name} ended with code {code}: {why or 'it did not say why.'}")
        statuses.append(_status(job, record, calendar, moment, is_running=False))
    return statuses


def job_statuses(jobs: Sequence[Job], record: JobRecord, calendar: WorkingDays, moment: dt.datetime) -> list[JobStatus]:
    """Return the status of each of `jobs` at `moment`, and run nothing. Raises as `run_due`."""
    is_running = is_locked(_lock(record.file))
    return [_status(job, record, calendar, moment, is_running=is_running) for job in jobs]


def exit_code(statuses: Sequence[JobStatus]) -> int:
    """Return 0 when no job has failed, else the most serious of their exit codes.

    A busy tracker is the least serious, and does not count while the job will be tried again.
    """
    codes = {
        status.exit_code
        for status in statuses
        if status.has_failed and (status.state is State.FAILED or status.exit_code != TrackerBusy.exit_code)
    }
    return next((code for code in _WORST_FIRST if code in codes), max(codes, default=0))


def run_in_a_process(config: Path | None, job: str, arguments: Sequence[str]) -> tuple[int, str]:
    """Run `python -m scripts.JOB`. Return its exit code and its last sentence, which says why it failed, if it did."""
    try:
        done = _run(config, job, arguments)
    except subprocess.TimeoutExpired:
        return 1, f"It was still at work after {SECONDS_FOR_A_JOB / 60:.0f} minutes and was ended."
    printed = done.stderr if done.returncode else done.stdout
    lines = [" ".join(printable(line).split()) for line in printed.splitlines() if line.strip()]
    # A job that a signal ended has a code below zero.
    return (done.returncode if done.returncode >= 0 else 1), (lines[-1][:_LONGEST_REASON] if lines else "")


def remarks_of_doctor(config: Path | None) -> list[dict[str, str]]:
    """Return what doctor found that somebody should see to: name, found and remedy of each."""
    try:
        checks = json.loads(_run(config, "doctor", ["--dry-run", "--json"]).stdout)["checks"]
    except (subprocess.TimeoutExpired, ValueError):
        return [{"name": "doctor", "found": "It could not look at this computer.", "remedy": "Run it by hand."}]
    return [check for check in checks if check["verdict"] in ("wrong", "warning")]


def _run(config: Path | None, job: str, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    options = ["--config", str(config)] if config else []
    return subprocess.run(  # noqa: S603 - our own program, with options of our own
        [sys.executable, "-m", f"scripts.{job}", *options, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS_FOR_A_JOB,
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def watch(one_pass: Callable[[], object]) -> NoReturn:
    """Call `one_pass` now and then every few minutes, until the process is ended."""
    import schedule

    scheduler = schedule.Scheduler()
    scheduler.every(MINUTES_BETWEEN_PASSES).minutes.do(one_pass)
    one_pass()
    while True:
        pause(min(60.0, max(1.0, scheduler.idle_seconds or 1.0)))
        scheduler.run_pending()


def _lock(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.schedule.lock")


def _due_period(job: Job, record: JobRecord, calendar: WorkingDays, moment: dt.datetime) -> Period | None:
    """The newest period of a job, if the job is to be run for it at `moment`."""
    now = in_london(moment)
    period = newest(job.timing, now, calendar)
    if period is None or not job.timing.is_still_due(period, now, calendar):
        return None
    return period if job.is_in_each_pass or _may_run(record.find(job.name, period.name), moment) else None


def _may_run(last: JobRun | None, moment: dt.datetime) -> bool:
    """Whether another run may begin. A run that is recorded as running was interrupted: no other pass is at work."""
    if last is None:
        return True
    if last.state == "done" or last.attempts > len(GAPS):
        return False
    return last.state == "running" or moment >= last.changed + GAPS[last.attempts - 1]


def _report_missed_week(
    job: Job, period: Period, record: JobRecord, calendar: WorkingDays, moment: dt.datetime, say: Callable[[str], None]
) -> None:
    """Report a week that passed without its run. A missed day needs no report: the next run does its work."""
    earlier = before(job.timing, period, calendar) if job.names_the_week else None
    if earlier is None or not record.was_begun_before(job.name, moment):
        return
    found = record.find(job.name, earlier.name)
    if found is None or found.state != "done":
        say(f"{job.name} for {earlier.name} was never done, and its time is past; this is the one for {period.name}.")


def _status(job: Job, record: JobRecord, calendar: WorkingDays, moment: dt.datetime, *, is_running: bool) -> JobStatus:
    now = in_london(moment)
    period = newest(job.timing, now, calendar)
    last = record.find(job.name, period.name) if period else None
    following = None if job.is_in_each_pass else coming(job.timing, now, calendar)
    code, why = 0, ""
    state = State.NOT_YET if _due_period(job, record, calendar, moment) is None else State.DUE
    if last is not None and last.state == "running" and is_running:
        state = State.RUNNING
    elif last is not None and last.state == "done":
        state, why = State.DONE, last.why
    elif period is not None and last is not None:
        again = (job.is_in_each_pass or last.attempts <= len(GAPS)) and job.timing.is_still_due(period, now, calendar)
        state = State.TO_BE_TRIED_AGAIN if again else State.FAILED
        code, why = (1, "The run was interrupted.") if last.state == "running" else (last.exit_code or 1, last.why)
    return JobStatus(
        job.name,
        period.name if period else None,
        state,
        last.attempts if last else 0,
        code,
        why,
        last.changed if last else None,
        following.begins if following else None,
    )
