"""run_schedule, as Task Scheduler calls it: what is due is done once, and what fails is told."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import run_schedule, weekly_summary
from scripts.adapters.schedule import runner as scheduling
from scripts.adapters.schedule.jobs import Job, in_each_pass, timetable
from scripts.adapters.settings.mail_settings import ScheduleSettings
from scripts.adapters.workbook.new.new_workbook import build
from tests.scripts.run_here import RunHere
from tests.scripts.trackers import PROJECT, incident, run_job, save_tracker, statuses, told
from tracker_schema.mail.periods import Period

FORM = {"reference": "CI-2026-001", "document": "Critical Incident Form"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a tracker, and settings by which its check is due at any time of the day."""
    save_tracker(tmp_path / "tracker.xlsx", [incident("CI-2026-001")])
    (tmp_path / "config.toml").write_text(
        "[tracker]\nfile = 'tracker.xlsx'\ncopies = 0\n[ledger]\nfile = 'own/ledger.sqlite3'\n"
        "[schedule]\ncheck_tracker = '00:00'\nsend_reminders = 'never'\nweekly_summary = 'never'\n",
        "utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))  # for the jobs that it runs
    return tmp_path


def test_what_is_due_is_done_once(folder: Path, run_here: RunHere) -> None:
    shown = run_here(run_schedule.main, "--dry-run")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "00:00  due" in shown.stdout
    first = run_job("run_schedule", "--once", "--json", cwd=folder)
    assert (first.returncode, first.stderr) == (0, "")
    check = told(first.stdout)["jobs"][0]
    today = check["period"][:10]
    assert {**check, "period": "", "next": ""} == {
        "job": "check_tracker", "period": "", "state": "done", "attempts": 1, "exit_code": 0, "next": "",
        "why": "13 cells written.",
    }  # fmt: skip
    assert dt.datetime.fromisoformat(check["next"]) == dt.datetime.fromisoformat(today) + dt.timedelta(days=1)
    assert set(statuses(folder / "tracker.xlsx")) == {"CI-2026-001"}
    # What a person puts in its place is not touched before the next period.
    content = save_tracker(folder / "tracker.xlsx", [incident("CI-2026-002")]).read_bytes()
    again = told(run_here(run_schedule.main, "--once", "--json").stdout)["jobs"][0]
    if again["period"] == check["period"]:  # unless midnight came in between
        assert again["attempts"] == 1
        assert (folder / "tracker.xlsx").read_bytes() == content


def test_a_job_that_fails_is_told_and_the_others_go_on(folder: Path, run_here: RunHere) -> None:
    (folder / "tracker.xlsx").write_bytes(b"no workbook")
    done = run_here(run_schedule.main, "--once")
    assert done.returncode == 3
    assert done.stderr.startswith("check_tracker for ")
    assert "00:00 ended with code 3: " in done.stderr
    assert "Save it as an Excel Workbook" in done.stderr
    assert "failed, to be tried again" in done.stdout
    later = run_here(run_schedule.main, "--once")
    assert (later.returncode, later.stderr) == (3, "")


def test_each_pass_makes_what_is_asked_for(folder: Path, run_here: RunHere) -> None:
    wanted = build({"incidents": [incident("CI-2026-001")], "documents": [FORM, {"document": "Unheard of"}]})
    (folder / "tracker.xlsx").write_bytes(wanted)
    first = run_job("run_schedule", "--once", "--json", cwd=folder)
    assert (first.returncode, first.stderr) == (0, "")
    made = told(first.stdout)["jobs"][-1]
    assert (made["job"], made["period"], made["state"], made["next"]) == ("make_document", "each pass", "done", None)
    (form,) = (folder / "Cases").rglob("*.docx")
    assert form.name.startswith("CI-2026-001 critical-incident-form")
    workbook = build({"incidents": [incident("CI-2026-001")], "documents": [FORM]})
    (folder / "tracker.xlsx").write_bytes(workbook)  # a second row, in a later pass
    again = told(run_job("run_schedule", "--once", "--json", cwd=folder).stdout)["jobs"][-1]
    assert (again["state"], again["attempts"]) == ("done", 2)
    assert len(list((folder / "Cases").rglob("*.docx"))) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--as-of", "2026-11-23"], "run_schedule uses the real time; leave out --as-of"),
        (["--json"], "--json takes --once or --dry-run"),
    ],
)
def test_options_that_do_not_go_together(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_schedule.parse(words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_slip_in_the_settings_is_told_at_once(folder: Path, run_here: RunHere) -> None:
    (folder / "config.toml").write_text("[schedule]\nweekly_summary = 'Funday 09:00'\nsend_reminders = '7:30'\n")
    done = run_here(run_schedule.main)
    assert (done.returncode, done.stderr) == (
        2,
        'config.toml:2: schedule.weekly_summary must be a weekday and a time, like "Monday 09:00", or "never".\n'
        "config.toml:3: schedule.send_reminders, entry 1, must be a time of day in quotes, with two figures for hours "
        'and minutes, like "07:30".\n',
    )


def test_it_stays_and_works_until_it_is_ended(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "scripts.run_schedule"],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(PROJECT)}, stderr=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        (folder / "tracker.xlsx").write_bytes(b"no workbook")
        assert process.stderr is not None
        assert process.stderr.readline().startswith("check_tracker for ")
        assert process.poll() is None
        process.terminate()


@pytest.mark.parametrize("job", [*timetable(ScheduleSettings()), *in_each_pass()], ids=lambda job: job.name)
def test_every_job_of_the_timetable_takes_its_options(job: Job, folder: Path) -> None:
    parse = importlib.import_module(f"scripts.{job.name}").parse
    options = parse(["--config", "config.toml", *job.arguments(Period("2026-W53", dt.datetime(2026, 12, 29)))])
    assert options.config == Path("config.toml")
    if job.names_the_week:
        assert options.week == "2026-W53"


def test_a_week_is_written_as_one() -> None:
    parse = importlib.import_module("scripts.weekly_summary").parse
    assert parse(["--week", "2026-W3"]).week == "2026-W03"
    for wrong in ("2026-W54", "2026-11-23", "48"):
        with pytest.raises(SystemExit):
            parse(["--week", wrong])


def test_a_job_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(scheduling, "SECONDS_FOR_A_JOB", 0.0)
    monkeypatch.chdir(folder)
    assert scheduling.run_in_a_process(None, "check_tracker", []) == (
        1, "It was still at work after 0 minutes and was ended.",
    )  # fmt: skip


def test_the_summary_goes_once_for_the_week_it_is_named_for(folder: Path, run_here: RunHere) -> None:
    """Friday's summary, kept back over Easter, and the Friday's after: two weeks, two mails."""
    for day, week, result in (
        ("2026-04-07", "2026-W14", "drafted"), ("2026-04-10", "2026-W15", "drafted"),
        ("2026-04-10", "2026-W15", "done before"),
    ):  # fmt: skip
        done = run_here(weekly_summary.main, "--json", "--as-of", day, "--week", week)
        assert (done.returncode, done.stderr) == (0, "")
        assert [each["result"] for each in json.loads(done.stdout)["mail"]] == [result]


def test_a_damaged_record_of_the_jobs_is_not_mail_that_was_not_sent(folder: Path, run_here: RunHere) -> None:
    record = folder / "own" / "ledger.sqlite3"
    record.parent.mkdir()
    record.write_text("This is no database. " * 100)
    done = run_here(run_schedule.main, "--once")
    assert done.returncode == 1
    assert done.stderr == (
        f"The record of the jobs, in {record.relative_to(folder)}, cannot be used (file is not a database), so no job "
        "was run. Check that this account may write there and that the disk is not full.\n"
    )
