"""One pass over the timetable: each job whose period has come and is not done yet is run, in a process of its own.

Whether it was done, the record beside the ledger knows; so it does not matter who calls this how often, nor for how
long nobody did. A job that fails is tried again, with growing gaps; one that fails keeps no other back.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn
from zoneinfo import ZoneInfo

from scripts.adapters.ledger.job_runs import JobRecord, JobRun
from scripts.adapters.mail.transport.mime import one_line
from scripts.adapters.schedule.jobs import Job
from scripts.adapters.storage.locks import exclusive_lock, is_locked
from tracker_schema.errors import TrackerBusy
from tracker_schema.mail.periods import Period, before, coming, newest
from tracker_schema.working_days import WorkingDays

GAPS = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120))
"""How long a job that failed waits for its next attempt; after the last of them it stays as it is."""
SECONDS_FOR_A_JOB = 3600.0
SECONDS_FOR_ANOTHER_PASS = 600.0
MINUTES_BETWEEN_PASSES = 5
_WORST_FIRST = (1, 2, 3, 5, 4)
_LONDON = ZoneInfo("Europe/London")

Standing = Literal["done", "failed, to be tried again", "failed", "running", "due", "not yet"]
Runner = Callable[[str, Sequence[str]], tuple[int, str]]
"""Runs a job by its name with options; gives its exit code and its last sentence."""


@dataclass(frozen=True)
class Standings:
    """How one job stands after a pass: for its newest period, None where there was none yet; `next` is in London."""

    job: str
    period: str | None
    standing: Standing
    attempts: int
    exit_code: int
    why: str
    next: dt.datetime | None


def in_london(moment: dt.datetime) -> dt.datetime:
    """What the clock on the wall shows in London at `moment`, without a time zone."""
    return moment.astimezone(_LONDON).replace(tzinfo=None)


@contextlib.contextmanager
def only_pass(ledger: Path, say: Callable[[str], None]) -> Iterator[None]:
    """No other pass over the timetable until this block ends; `say` is told when one has to be waited for.

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
    run: Runner,
    say: Callable[[str], None],
) -> list[Standings]:
    """How each of `jobs` stands, once those that are due at the time by `clock` have been run by `run`.

    Call it only within `only_pass`: what is entered as running was interrupted. `say` is told each failure. Raises
    OutsideCalendar when the bank holidays known do not reach this day, and MailNotSent when the record cannot be used.
    """
    found = []
    for job in jobs:
        moment = clock()
        period, ready = _due(job, record, calendar, moment)
        if period is not None and ready:
            if record.find(job.name, period.name) is None:
                _tell_of_a_missed_period(job, period, record, calendar, moment, say)
            _run(job, period, record, clock, run, say)
        found.append(_standings_of(job, record, calendar, moment, at_work=False))
    return found


def standings(jobs: Sequence[Job], record: JobRecord, calendar: WorkingDays, moment: dt.datetime) -> list[Standings]:
    """How each of `jobs` stands at `moment`; nothing is run. Raises what `run_due` raises."""
    at_work = is_locked(_lock(record.file))
    return [_standings_of(job, record, calendar, moment, at_work=at_work) for job in jobs]


def exit_code(standings: Sequence[Standings]) -> int:
    """0 when no job has failed, else the gravest of their exit codes.

    That the tracker is busy is the least grave of them, and is no failure while it is tried again.
    """
    failed = [each for each in standings if each.standing.startswith("failed")]
    codes = {each.exit_code for each in failed if each.standing == "failed" or each.exit_code != TrackerBusy.exit_code}
    return next((code for code in _WORST_FIRST if code in codes), max(codes, default=0))


def run_in_a_process(config: Path | None, job: str, arguments: Sequence[str]) -> tuple[int, str]:
    """The exit code of `python -m scripts.JOB` and the last sentence of its standard error.

    What a job prints on standard output repeats the tracker, by reference, and is thrown away.
    """
    options = ["--config", str(config)] if config else []
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with options of our own
            [sys.executable, "-m", f"scripts.{job}", *options, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS_FOR_A_JOB,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return 1, f"It was still at work after {SECONDS_FOR_A_JOB / 60:.0f} minutes and was ended."
    lines = [one_line(line) for line in done.stderr.splitlines() if line.strip()]
    # A job that a signal ended has a code below zero.
    return (done.returncode if done.returncode >= 0 else 1), (lines[-1][:500] if lines else "")


def watch(one_pass: Callable[[], object]) -> NoReturn:
    """Make a pass now and every few minutes from here on, until the process is ended."""
    import schedule

    scheduler = schedule.Scheduler()
    scheduler.every(MINUTES_BETWEEN_PASSES).minutes.do(one_pass)
    one_pass()
    while True:
        pause(min(60.0, max(1.0, scheduler.idle_seconds or 1.0)))
        scheduler.run_pending()


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def _lock(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.schedule.lock")


def _is_ready(found: JobRun | None, moment: dt.datetime) -> bool:
    """Whether a job whose period has come is to be run now. One that is running was ended: nobody else is at work."""
    if found is None:
        return True
    if found.state == "done" or found.attempts > len(GAPS):
        return False
    return found.state == "running" or moment >= found.changed + GAPS[found.attempts - 1]


def _run(
    job: Job, period: Period, record: JobRecord, clock: Callable[[], dt.datetime], run: Runner,
    say: Callable[[str], None],
) -> None:  # fmt: skip
    record.begin(job.name, period.name, clock())
    code, why = run(job.name, job.arguments(period))
    record.finish(job.name, period.name, code, why if code else "", clock())
    if code:
        say(f"{job.name} for {period.name} ended with code {code}: {why or 'it did not say why.'}")


def _tell_of_a_missed_period(
    job: Job, period: Period, record: JobRecord, calendar: WorkingDays, moment: dt.datetime, say: Callable[[str], None]
) -> None:
    """A week that went by without its run is told when the next one has come; a day is made up for by the next."""
    earlier = before(job.timing, period, calendar) if job.names_the_week else None
    if earlier is None or not record.was_begun_before(job.name, moment):
        return
    found = record.find(job.name, earlier.name)
    if found is None or found.state != "done":
        say(f"{job.name} for {earlier.name} was never done, and its time is past; this is the one for {period.name}.")


def _due(job: Job, record: JobRecord, calendar: WorkingDays, moment: dt.datetime) -> tuple[Period | None, bool]:
    """The newest period of a job, and whether it is to be run for it now."""
    now = in_london(moment)
    period = newest(job.timing, now, calendar)
    if period is None or not job.timing.is_still_due(period, now, calendar):
        return period, False
    return period, _is_ready(record.find(job.name, period.name), moment)


def _standings_of(
    job: Job, record: JobRecord, calendar: WorkingDays, moment: dt.datetime, *, at_work: bool
) -> Standings:
    now = in_london(moment)
    period, ready = _due(job, record, calendar, moment)
    found = record.find(job.name, period.name) if period else None
    following = coming(job.timing, now, calendar)
    code, why = 0, ""
    standing: Standing = "due" if ready else "not yet"
    if found is not None and found.state == "running" and at_work:
        standing = "running"
    elif found is not None and found.state == "done":
        standing = "done"
    elif period is not None and found is not None:
        again = found.attempts <= len(GAPS) and job.timing.is_still_due(period, now, calendar)
        standing = "failed, to be tried again" if again else "failed"
        code, why = (1, "it was interrupted") if found.state == "running" else (found.exit_code or 1, found.why)
    return Standings(
        job.name,
        period.name if period else None,
        standing,
        found.attempts if found else 0,
        code,
        why,
        following.begins if following else None,
    )
