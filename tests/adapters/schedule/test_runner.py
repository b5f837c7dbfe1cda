"""The timetable: whatever happens to the computer, each period has its run once; a failure keeps nobody back."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scripts.adapters.ledger.job_runs import JobRecord
from scripts.adapters.schedule import runner as scheduling
from scripts.adapters.schedule.jobs import timetable
from scripts.adapters.schedule.runner import GAPS, JobStatus, exit_code, job_statuses, only_pass, run_due, watch
from scripts.adapters.settings.mail_settings import ScheduleSettings
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.errors import TrackerBusy
from tracker_schema.mail.periods import newest

LONDON = ZoneInfo("Europe/London")
CALENDAR = england_and_wales()
MINUTE = dt.timedelta(minutes=1)


def in_london(moment: dt.datetime) -> dt.datetime:
    """What a clock on a wall in London shows; not the program's own, which is looked at here."""
    return moment.astimezone(LONDON).replace(tzinfo=None)


class Killed(BaseException):
    """The process ends here."""


class Computer:
    """A computer with a clock, a record, and jobs that end as the test says; it writes down what was run when."""

    def __init__(self, record: JobRecord, settings: ScheduleSettings | None = None) -> None:
        self.record = record
        self.jobs = timetable(settings or ScheduleSettings())
        self.now = dt.datetime(2026, 11, 23, 9, 0, tzinfo=LONDON).astimezone(dt.UTC)
        self.fails: dict[str, tuple[int, str]] = {}
        self.ran: list[tuple[dt.datetime, str, tuple[str, ...]]] = []
        self.said: list[str] = []
        self.dies = False

    def at(self, text: str) -> list[JobStatus]:
        """A pass at that time in London."""
        self.now = dt.datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(dt.UTC)
        return self.one_pass()

    def one_pass(self, run: Callable[[str, Sequence[str]], tuple[int, str]] | None = None) -> list[JobStatus]:
        return run_due(self.jobs, self.record, CALENDAR, lambda: self.now, run or self._run, self.said.append)

    def runs_of(self, job: str) -> list[tuple[str, ...]]:
        return [arguments for _, name, arguments in self.ran if name == job]

    def _run(self, job: str, arguments: Sequence[str]) -> tuple[int, str]:
        self.ran.append((in_london(self.now), job, tuple(arguments)))
        if self.dies:
            raise Killed
        return self.fails.get(job, (0, "This was fine."))


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Computer]:
    with JobRecord(tmp_path / "ledger.sqlite3") as record:
        yield Computer(record)


def of(statuses: list[JobStatus], job: str) -> JobStatus:
    return next(each for each in statuses if each.job == job)


def test_what_is_due_is_run_in_its_order_and_once(computer: Computer) -> None:
    found = computer.at("2026-11-23 09:00")
    assert [(job, arguments) for _, job, arguments in computer.ran] == [
        ("check_tracker", ()), ("send_reminders", ()), ("weekly_summary", ("--week", "2026-W48")),
    ]  # fmt: skip
    assert [(each.job, each.period, each.state) for each in found] == [
        ("check_tracker", "2026-11-23 06:30", "done"),
        ("send_reminders", "2026-11-23 07:30", "done"),
        ("weekly_summary", "2026-W48", "done"),
        ("ledger", "2026-W47", "not yet"),
    ]
    assert of(found, "weekly_summary").next == dt.datetime(2026, 11, 30, 9, 0)
    assert exit_code(found) == 0
    for minute in (1, 15, 30):
        computer.at(f"2026-11-23 09:{minute}" if minute > 9 else f"2026-11-23 09:0{minute}")
    assert len(computer.ran) == 3
    assert computer.said == []


def test_a_job_that_fails_is_tried_again_five_times_and_then_stays_failed(computer: Computer) -> None:
    computer.fails["weekly_summary"] = (5, "Mail was not sent to SLT: the mail relay hung up.")
    start = dt.datetime(2026, 11, 23, 9, 0, tzinfo=LONDON).astimezone(dt.UTC)
    for minutes in range(12 * 60):
        computer.now = start + minutes * MINUTE
        found = computer.one_pass()
        assert exit_code(found) == 5
    tried = [when - in_london(start) for when, job, _ in computer.ran if job == "weekly_summary"]
    assert tried == [sum(GAPS[:number], dt.timedelta()) for number in range(6)]
    assert sorted(GAPS) == list(GAPS)
    assert of(found, "weekly_summary").state == "failed"
    assert of(found, "weekly_summary").why == "Mail was not sent to SLT: the mail relay hung up."
    assert (
        computer.said
        == ["weekly_summary for 2026-W48 ended with code 5: Mail was not sent to SLT: the mail relay hung up."] * 6
    )
    # The others had their runs all the same, and the next week begins anew.
    assert len(computer.runs_of("check_tracker")) == 3
    assert exit_code(computer.at("2026-11-27 12:00")) == 5
    computer.fails.clear()
    assert exit_code(computer.at("2026-11-30 09:00")) == 0
    assert computer.said[-1] == (
        "weekly_summary for 2026-W48 was never done, and its time is past; this is the one for 2026-W49."
    )


def test_a_tracker_in_use_is_an_error_only_when_it_stays_so(computer: Computer) -> None:
    computer.fails["check_tracker"] = (4, "Somebody has it open.")
    first = computer.at("2026-11-24 06:30")
    assert (of(first, "check_tracker").state, exit_code(first)) == ("failed, to be tried again", 0)
    computer.at("2026-11-24 06:34")
    assert len(computer.runs_of("check_tracker")) == 1
    for _ in range(5 * 60):
        computer.now += MINUTE
        found = computer.one_pass()
    assert (of(found, "check_tracker").state, exit_code(found)) == ("failed", 4)
    computer.fails.clear()
    assert exit_code(computer.at("2026-11-24 12:30")) == 0


def test_a_job_that_recovers(computer: Computer) -> None:
    computer.fails["check_tracker"] = (3, "The tracker is not there.")
    first = computer.at("2026-11-24 06:30")
    assert (of(first, "check_tracker").state, exit_code(first)) == ("failed, to be tried again", 3)
    computer.fails.clear()
    assert exit_code(computer.at("2026-11-24 06:34")) == 3
    assert exit_code(computer.at("2026-11-24 06:35")) == 0


@pytest.mark.parametrize(
    ("codes", "gravest"), [((0, 0), 0), ((4, 0), 0), ((4, 5), 5), ((5, 3), 3), ((3, 2), 2), ((2, 1), 1), ((0, 9), 9)]
)
def test_the_exit_code_is_the_gravest(codes: tuple[int, int], gravest: int, computer: Computer) -> None:
    jobs = ("check_tracker", "send_reminders")
    computer.fails = {job: (code, "x") for job, code in zip(jobs, codes, strict=True) if code}
    assert exit_code(computer.at("2026-11-24 07:30")) == gravest


def test_a_run_that_was_killed_is_run_again_and_counts(computer: Computer) -> None:
    computer.dies = True  # with the first job of the day
    for attempt in range(1, 7):
        with pytest.raises(Killed):
            computer.at(f"2026-11-24 06:{30 + attempt}")
    assert len(computer.runs_of("check_tracker")) == 6
    computer.dies = False
    found = computer.at("2026-11-24 06:59")
    assert len(computer.runs_of("check_tracker")) == 6
    check = of(found, "check_tracker")
    assert (check.state, check.exit_code, check.why) == ("failed", 1, "The run was interrupted.")


def test_how_they_stand_without_running_any(computer: Computer) -> None:
    def stand() -> list[str]:
        return [each.state for each in job_statuses(computer.jobs, computer.record, CALENDAR, computer.now)]

    computer.now = dt.datetime(2026, 11, 23, 9, 0, tzinfo=LONDON).astimezone(dt.UTC)
    assert stand() == ["due", "due", "due", "not yet"]
    assert computer.ran == []
    computer.one_pass()
    assert stand() == ["done", "done", "done", "not yet"]


def test_a_job_that_is_running_elsewhere_is_no_failure_but_an_interrupted_one_is(computer: Computer) -> None:
    computer.dies = True
    with only_pass(computer.record.file, print):
        with pytest.raises(Killed):
            computer.at("2026-11-24 06:30")
        running = job_statuses(computer.jobs, computer.record, CALENDAR, computer.now)
    assert (of(running, "check_tracker").state, exit_code(running)) == ("running", 0)
    left = job_statuses(computer.jobs, computer.record, CALENDAR, computer.now)
    assert (of(left, "check_tracker").why, exit_code(left)) == ("The run was interrupted.", 1)


def test_jobs_that_are_never_to_run(tmp_path: Path) -> None:
    settings = ScheduleSettings(check_tracker=(), send_reminders=(), weekly_summary="never")
    with JobRecord(tmp_path / "ledger.sqlite3") as record:
        computer = Computer(record, settings)
        computer.at("2026-11-25 09:00")
        assert [(job, arguments) for _, job, arguments in computer.ran] == [("ledger", ("--tidy",))]


# A year


def year(computer: Computer, first: dt.date, asleep: Callable[[dt.datetime], bool]) -> None:
    """A pass every quarter of an hour for a year, but while the computer is asleep. It was at work the year before."""
    start = dt.datetime.combine(first, dt.time(), LONDON).astimezone(dt.UTC)
    for job in computer.jobs:
        earlier = newest(job.timing, in_london(start), CALENDAR)
        assert earlier is not None
        computer.record.begin(job.name, earlier.name, start)
        computer.record.finish(job.name, earlier.name, 0, "", start)
    end = dt.datetime.combine(first.replace(year=first.year + 1), dt.time(), LONDON).astimezone(dt.UTC)
    computer.now = start
    while computer.now < end:
        if not asleep(computer.now):
            computer.one_pass()
        computer.now += 15 * MINUTE


@pytest.fixture
def fast_record(tmp_path: Path) -> Iterator[JobRecord]:
    """A record that does not wait for the disk."""
    with JobRecord(tmp_path / "ledger.sqlite3") as record:
        record.connection.execute("PRAGMA synchronous = OFF")
        record.connection.execute("PRAGMA journal_mode = MEMORY")
        yield record


@pytest.mark.parametrize(("weekly", "first_year"), [("Monday 09:00", 2026), ("Friday 16:30", 2027)])
def test_a_year_with_outages_has_every_weeks_summary_once(weekly: str, first_year: int, fast_record: JobRecord) -> None:
    settings = ScheduleSettings(check_tracker=(), send_reminders=("01:30",), weekly_summary=weekly)
    computer = Computer(fast_record, settings)
    chance = random.Random(5)  # noqa: S311
    # Outages of up to two days, a third of the time; and all nights but those of the clock changes.
    outages = []
    moment = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC)
    while moment.year == first_year:
        length = dt.timedelta(hours=chance.randint(1, 48))
        outages.append((moment, moment + length))
        moment += length + dt.timedelta(hours=chance.randint(24, 120))
    changes = {dt.date(first_year, 3, 28), dt.date(first_year, 3, 29), dt.date(first_year, 10, 25)}

    def asleep(now: dt.datetime) -> bool:
        night = now.hour < 6 and now.date() not in changes
        return night or any(begun <= now < ended for begun, ended in outages)

    year(computer, dt.date(first_year, 1, 1), asleep)
    sent = [(when, arguments[1]) for when, job, arguments in computer.ran if job == "weekly_summary"]
    weeks = [week for _, week in sent]
    assert len(weeks) in (52, 53)
    assert max(Counter(weeks).values()) == 1
    assert weeks == sorted(weeks)
    assert all(CALENDAR.is_working_day(when.date()) for when, _ in sent)
    assert not [sentence for sentence in computer.said if "never done" in sentence]
    late = [when for when, _ in sent if f"{when:%H:%M}" != weekly[-5:]]
    assert 5 < len(late) < 45  # the outages did hit some of them, and not all
    reminders = Counter(when.date() for when, job, _ in computer.ran if job == "send_reminders")
    assert max(reminders.values()) == 1
    assert all(CALENDAR.is_working_day(day) for day in reminders)


def test_a_year_without_outages_keeps_to_the_minute_through_both_clock_changes(fast_record: JobRecord) -> None:
    settings = ScheduleSettings(check_tracker=("01:30",), send_reminders=(), weekly_summary="Monday 09:00")
    computer = Computer(fast_record, settings)
    year(computer, dt.date(2026, 1, 1), lambda now: now.hour not in (0, 1, 2, 8, 9))
    sent = [when for when, job, _ in computer.ran if job == "weekly_summary"]
    assert {when.time() for when in sent} == {dt.time(9)}
    assert len(sent) == 52
    assert {when.date() for when in sent if when.weekday()} == {
        dt.date(2026, 4, 7), dt.date(2026, 5, 5), dt.date(2026, 5, 26), dt.date(2026, 9, 1), dt.date(2026, 12, 29),
    }  # fmt: skip
    checks = Counter(when.date() for when, job, _ in computer.ran if job == "check_tracker")
    assert set(checks.values()) == {1}
    assert len(checks) == 365


def test_a_computer_that_was_off_for_a_month_sends_one_summary_and_tells(computer: Computer) -> None:
    computer.at("2026-10-26 09:00")
    computer.at("2026-11-24 12:00")
    assert computer.runs_of("weekly_summary") == [("--week", "2026-W44"), ("--week", "2026-W48")]
    assert computer.said == [
        "weekly_summary for 2026-W47 was never done, and its time is past; this is the one for 2026-W48."
    ]


def test_a_computer_that_was_off_beyond_the_grace_waits_for_the_next_week(computer: Computer) -> None:
    assert of(computer.at("2026-11-27 12:00"), "weekly_summary").state == "not yet"
    assert computer.runs_of("weekly_summary") == []


# Two at once, and for ever


def test_two_passes_at_once_one_waits_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "made" / "ledger.sqlite3"
    said: list[str] = []
    order: list[str] = []
    waits = threading.Event()

    def say(sentence: str) -> None:
        said.append(sentence)
        waits.set()

    def second() -> None:
        with only_pass(file, say):
            order.append("second")
        waits.set()  # had it not waited, the first one is not to wait for that

    thread = threading.Thread(target=second)
    with only_pass(file, said.append):
        thread.start()
        waits.wait()
        order.append("first")
    thread.join()
    assert (order, said) == (["first", "second"], ["Another run_schedule is at work; this one waits for it."])


def test_another_pass_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "SECONDS_FOR_ANOTHER_PASS", 0.0)
    file = tmp_path / "ledger.sqlite3"
    with only_pass(file, print), pytest.raises(TrackerBusy, match="did nothing"), only_pass(file, lambda _: None):
        raise AssertionError("both are at work")


def test_watching_passes_again_every_few_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    import time_machine

    passes: list[float] = []
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, 0, tzinfo=LONDON), tick=False) as clock:
        begun = dt.datetime.now(dt.UTC)

        def one_pass() -> None:
            passes.append((dt.datetime.now(dt.UTC) - begun).total_seconds())
            if len(passes) == 4:
                raise Killed

        monkeypatch.setattr(scheduling, "pause", lambda seconds: clock.shift(seconds))
        with pytest.raises(Killed):
            watch(one_pass)
    assert passes == [0, 300, 600, 900]
