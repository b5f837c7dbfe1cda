"""The calendar: each deadline is one event in a mailbox of the tracker's own, whatever happens to a run."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts import doctor, send_reminders
from tests.scripts.trackers import incident, save_tracker
from tracker_schema.errors import TrackerError

if TYPE_CHECKING:
    from tests.servers.graph.server import GraphServer

MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)
CHILD = {"initials": "QZX", "summary": "QZX-private"}
Run = Callable[[dt.date], int]


@pytest.fixture
def run(
    graph: GraphServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """The job, with the tracker, settings and ledger in one folder."""
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    config = tmp_path / "config.toml"
    config.write_text(
        "[tracker]\nfile = 'log.xlsx'\ncopies = 0\n[ledger]\nfile = 'ledger.sqlite3'\n"
        "[mail]\ndrafts_folder = 'drafts'\n[calendar]\nmailbox = 'tracker@contoso.com'\n"
        f"[sign_in]\nmethod = 'secret'\ntenant = '{graph.entra.tenant}'\nclient_id = '{graph.entra.client_id}'\n",
        "utf-8",
    )

    def job(day: dt.date) -> int:
        graph.new_run()
        return send_reminders.main(["--config", str(config), "--as-of", day.isoformat()])

    return job


def save(folder: Path, **cells: Any) -> None:
    rows = [incident("CI-1", aware_date=TUESDAY - dt.timedelta(days=6), **CHILD, **cells), incident("CI-2", **CHILD)]
    save_tracker(
        folder / "log.xlsx",
        rows,
        scoping=[{"reference": "CI-1", "agency": "Example Police", "sent": MONDAY, "returned": None}],
    )


def shown(graph: GraphServer) -> list[str]:
    """The events of the calendar, each by its day and title."""
    return sorted(f"{each['start']['dateTime'][:10]} {each['subject']}" for each in graph.calendar.events.values())


def test_events_are_made_moved_and_deleted_once(graph: GraphServer, tmp_path: Path, run: Run) -> None:
    save(tmp_path)
    assert run(MONDAY) == 0
    first = shown(graph)
    assert "2026-11-25 CI-1: Notify the national Panel, statutory" in first
    assert any("CI-1: Receive" in each or "Example Police" in each for each in first)
    assert len(first) == len(set(first)) > 3
    assert "QZX" not in str(graph.calendar.events)
    theirs = {"id": "x", "subject": "Lunch", "start": {"dateTime": "2026-11-25T12:00:00"}}
    graph.calendar.events["x"] = theirs
    run(MONDAY)
    assert [each for each in shown(graph) if "Lunch" not in each] == first
    assert not [each for each in graph.run if each.method in ("POST", "PATCH", "DELETE") and "events" in each.path]
    save(tmp_path, panel_notified=TUESDAY, partners_told=TUESDAY)
    run(TUESDAY)
    assert not [each for each in shown(graph) if "CI-1: Notify the national Panel" in each]
    assert graph.calendar.events["x"] == theirs


def test_an_event_that_a_person_moved_or_deleted_comes_back(graph: GraphServer, tmp_path: Path, run: Run) -> None:
    save(tmp_path)
    run(MONDAY)
    first = shown(graph)
    one, other = list(graph.calendar.events)[:2]
    graph.calendar.events[one]["start"] = {"dateTime": "2026-12-24T00:00:00"}
    del graph.calendar.events[other]
    run(MONDAY)
    assert shown(graph) == first


def test_a_heading_that_is_gone_and_a_row_that_is_gone_cancel_nothing(
    graph: GraphServer, tmp_path: Path, run: Run
) -> None:
    import openpyxl

    save(tmp_path)
    run(MONDAY)
    first = shown(graph)
    book = openpyxl.load_workbook(tmp_path / "log.xlsx")
    page = book["Incidents"]
    for cell in page[4]:
        if cell.value in ("Panel notified", "Date aware"):
            cell.value = "Somebody's own words" if cell.value == "Panel notified" else cell.value
    book["Scoping"].delete_rows(5)
    page.delete_rows(6)
    book.save(tmp_path / "log.xlsx")
    with pytest.raises(TrackerError):
        run(TUESDAY)
    assert set(first) <= set(shown(graph))


@pytest.mark.parametrize("after_work", [False, True], ids=["before", "after"])
def test_killed_at_any_request_and_run_again(after_work: bool, graph: GraphServer, tmp_path: Path, run: Run) -> None:
    from tests.servers.graph.redirect import Killed

    save(tmp_path)
    run(MONDAY)
    wanted = shown(graph)
    to_change = len([each for each in graph.run if "/events" in each.path])
    for number in range(1, to_change + 2):
        graph.calendar.events.clear()
        graph.calendar.transactions.clear()
        graph.new_run()
        graph.kill_at(number, after_work=after_work)
        with pytest.raises(Killed):
            run_killed(run, graph, number, after_work=after_work)
        graph.clear_faults()
        run(MONDAY)
        assert shown(graph) == wanted, f"killed at request {number}"


def run_killed(run: Run, graph: GraphServer, number: int, *, after_work: bool) -> None:
    """Run the job, which is killed at that request."""
    renew = graph.new_run
    graph.new_run = lambda: None  # type: ignore[method-assign]
    try:
        run(MONDAY)
    finally:
        graph.new_run = renew  # type: ignore[method-assign]


def test_a_lost_answer_makes_no_second_event(graph: GraphServer, tmp_path: Path, run: Run) -> None:
    save(tmp_path)
    run(MONDAY)
    wanted = shown(graph)
    graph.calendar.events.clear()
    graph.calendar.transactions.clear()
    graph.fault(drop="after", method="POST", path_contains="/calendar/events")
    run(MONDAY)
    assert shown(graph) == wanted


def test_a_calendar_that_may_not_be_kept_is_said_after_the_reminders(
    graph: GraphServer, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path)
    graph.calendar.allowed.clear()
    with pytest.raises(TrackerError, match="not allowed to keep the calendar"):
        run(MONDAY)
    assert list((tmp_path / "drafts").iterdir())
    capsys.readouterr()
    verdicts = []
    for allowed in (set[str](), {"tracker@contoso.com"}):
        graph.new_run()
        graph.calendar.allowed = allowed
        doctor.main(["--config", str(tmp_path / "config.toml"), "--dry-run", "--json"])
        checks = {each["name"]: each for each in json.loads(capsys.readouterr().out)["checks"]}
        verdicts.append(checks["Calendar"]["verdict"])
    assert verdicts == ["wrong", "fine"]
