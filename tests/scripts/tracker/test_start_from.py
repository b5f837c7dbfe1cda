"""History: what was due before the day on which a council starts raises no alarm; what is due from then on does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from scripts import check_tracker, send_reminders, weekly_summary
from tests.scripts.trackers import AS_OF, column_of, incident, save_tracker, told

START = dt.date(2026, 11, 23)  # a Monday, and the day of the run


def on(day: int, month: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, day)


def logged(reference: str, **cells: object) -> dict[str, object]:
    return incident(reference, **{"rapid_review_completed": None} | cells)


def old(reference: str, **cells: object) -> dict[str, object]:
    """An incident that SLT has not discussed since March."""
    return logged(reference, **{"slt_discussed": on(10, 3)} | cells)


INCIDENTS = [
    old("OLD-1", incident_date=on(2, 3), aware_date=on(3, 3), form_received=None),
    old("OLD-2", incident_date=on(2, 3, 2024), aware_date=None, date_of_birth="soon"),
    old("OLD-3", incident_date=on(2, 3, 2024), aware_date=on(3, 3, 2024), panel_notified="N/A", closed="yes"),
    old("OLD-4", incident_date=on(2, 3), aware_date=on(3, 3), panel_notified="N/A"),
    old("OLD-5", incident_date=on(2, 3), aware_date=on(3, 3), closed=on(1, 5)),
    logged("LIVE-1", incident_date=on(16, 11), aware_date=on(16, 11)),  # aware before; the Panel is due on the day
    logged("LIVE-2"),
]
SCOPING = [
    {"reference": "OLD-1", "agency": "School", "sent": on(4, 3), "returned": None},
    {"reference": "LIVE-1", "agency": "School", "sent": on(16, 11), "returned": None},
]
ACTIONS = [
    {"reference": "OLD-1", "action": "made up", "due": on(20, 11), "done": None},
    {"reference": "LIVE-1", "action": "made up", "due": on(24, 11), "done": None},
]


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shared").mkdir()
    Path("config.toml").write_text(f"[clocks]\nstart_from = {START}\n")
    return save_tracker(tmp_path / "shared" / "t.xlsx", INCIDENTS, scoping=SCOPING, actions=ACTIONS)


def check(tracker: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    assert check_tracker.main(["--tracker", str(tracker), "--as-of", AS_OF.isoformat(), "--json"]) == 0
    return told(capsys.readouterr().out)


def test_what_was_due_before_the_start_raises_no_alarm(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = check(tracker, capsys)
    assert {each["reference"]: each["status"] for each in found["incidents"]} == {
        "OLD-1": "Before start",
        "OLD-2": "Before start",
        "OLD-3": "Before start",
        "OLD-4": "Check data",  # of this year: whether a rapid review is still due cannot be told
        "OLD-5": "Closed",
        "LIVE-1": "Due today",
        "LIVE-2": "Due soon",
    }
    clocks = {clock["id"]: clock for clock in found["incidents"][0]["clocks"]}
    assert clocks["notify_panel"] == {
        "id": "notify_panel",
        "basis": "statutory guidance",
        "anchor": "2026-03-03",
        "due": "2026-03-10",
        "stopped": None,
        "state": "before start",
        "working_days_left": None,
        "unknown": [],
    }
    assert column_of(tracker, "Return status", "Scoping") == ["Before start", "Due today"]
    assert column_of(tracker, "Action status", "Actions") == ["Before start", "Due soon"]
    assert column_of(tracker, "Overdue steps") == [""] * 7, "day 4 of LIVE-1 was on the Friday"


def test_what_is_wrong_with_old_rows_is_told_all_the_same(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = check(tracker, capsys)
    told_of = {
        (each["reference"], problem["message"].split("”")[0][1:])
        for each in found["incidents"]
        for problem in each["problems"]
    }
    wanted = {("OLD-2", "Date aware"), ("OLD-2", "Date of birth"), ("OLD-3", "Panel notified"), ("OLD-3", "Closed")}
    assert wanted | {("OLD-4", "Panel notified")} <= told_of
    assert "does not hold a date" in column_of(tracker, "Data problems")[1]


def test_without_a_start_everything_counts(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("config.toml").unlink()
    statuses = [each["status"] for each in check(tracker, capsys)["incidents"]]
    assert statuses[:4] == ["Overdue", "Check data", "Overdue", "Overdue"]


def test_neither_summary_nor_reminders_mention_it(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for job in (weekly_summary, send_reminders):
        arguments = ["--tracker", str(tracker), "--as-of", AS_OF.isoformat(), "--dry-run"]
        assert job.main(arguments) == 0
        shown = capsys.readouterr().out
        assert "OLD-1" not in shown
        assert "OLD-2" not in shown
        assert "OLD-3" not in shown
