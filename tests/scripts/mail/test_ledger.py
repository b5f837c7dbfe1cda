"""The job `ledger`: a person sees what went, and says what became of what nobody knows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from scripts import ledger
from scripts.adapters.ledger.ledger import Ledger, State
from tests.adapters.mail.post_office import MOMENT, chaser, settings, summary
from tests.scripts.run_here import RunHere
from tests.scripts.trackers import incident, run_job, save_tracker, told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with settings, a tracker with an open and a closed incident, and a ledger."""
    save_tracker(
        tmp_path / "tracker.xlsx",
        [incident("CI-2026-001"), incident("CI-2026-002", closed=dt.date(2026, 11, 20))],
    )
    (tmp_path / "config.toml").write_text(
        "[tracker]\nfile = 'tracker.xlsx'\n[ledger]\nfile = 'ledger.sqlite3'\n"
        "[mail]\nallowed_domains = ['council.example']\n[recipients]\nslt = 'ann.sample@council.example'\n",
        "utf-8",
    )
    return tmp_path


def enter(folder: Path, state: State, moment: dt.datetime = MOMENT) -> None:
    config = settings(folder)
    with Ledger(config.ledger.file) as opened, opened.alone(moment, print):
        for message in (summary(config), chaser(config), chaser(config, reference="CI-2026-002")):
            entries = opened.enter(message, message.recipients, "smtp", moment)
            opened.confirm([(entry, state, "why not") for entry in entries], moment)


def test_what_a_person_sees_and_does(folder: Path, run_here: RunHere) -> None:
    enter(folder, "unknown")
    done = run_job("ledger", "--unknown", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    # The settings know the first; of the others there is the role and the domain.
    assert lines[3].split() == [
        *("1", "23/11/2026", "09:30", "unknown", "weekly", "summary", "2026-W48", "ann.sample@council.example"),
        *("smtp", "why", "not"),
    ]
    assert "SLT at council.example" in lines[4]
    assert "agency Example Police at agency.example" in lines[5]
    assert "python -m scripts.ledger --resolve 1 not-sent" in done.stdout
    assert "sent " in run_here(ledger.main, "--resolve", "1", "sent").stdout
    assert "not sent" in run_here(ledger.main, "--resolve", "2", "not-sent").stdout
    left = told(run_here(ledger.main, "--unknown", "--json").stdout)
    assert [each["id"] for each in left["messages"]] == [3, 4]
    again = run_here(ledger.main, "--resolve", "1", "not-sent")
    assert (again.returncode, again.stderr) == (2, "Message 1 is not unknown but sent, so nothing was changed.\n")


def test_nothing_to_see(folder: Path, run_here: RunHere) -> None:
    done = run_here(ledger.main, "--unknown")
    assert done.stdout == ("\n0 messages, each to one recipient.\nNo messages are waiting for you to check.\n")


def test_json_has_no_address(folder: Path, run_here: RunHere) -> None:
    enter(folder, "sent")
    done = run_here(ledger.main, "--json")
    assert "@" not in done.stdout
    first = told(done.stdout)["messages"][0]
    assert len(first.pop("recipient")) == 24
    assert first == {
        "id": 1, "kind": "weekly_summary", "reference": None, "stage": "", "period": "2026-W48", "role": "SLT",
        "domain": "council.example", "state": "sent", "way": "smtp", "why": "why not", "attempts": 1,
        "entered": "2026-11-23T09:30:00+00:00", "changed": "2026-11-23T09:30:00+00:00", "source": "",
    }  # fmt: skip


def test_tidying_up_keeps_what_is_about_open_incidents(folder: Path, run_here: RunHere) -> None:
    enter(folder, "sent", dt.datetime(2024, 1, 2, 9, 0, tzinfo=dt.UTC))
    done = run_here(ledger.main, "--tidy", "--as-of", "2026-11-23")
    assert (done.returncode, done.stderr) == (0, "")
    assert "CI-2026-001" in done.stdout
    assert "CI-2026-002" not in done.stdout
    assert "2024-01  weekly summary  sent   2" in done.stdout


@pytest.mark.parametrize("words", [["x", "sent"], ["1", "lost"]])
def test_resolving_takes_a_number_and_a_word(words: list[str], run_here: RunHere) -> None:
    done = run_here(ledger.main, "--resolve", *words)
    assert done.returncode == 2
    assert "--resolve takes the number of a message, and sent or not-sent" in done.stderr
