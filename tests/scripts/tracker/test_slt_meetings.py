"""SLT met: a day on the sheet SLT, or on the command line, fills in “Last discussed at SLT”."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from scripts import check_tracker
from tests.adapters.graph.sharepoint import NAME, config_file, put, saved
from tests.scripts.run_here import RunHere

if TYPE_CHECKING:
    from tests.servers.graph.server import GraphServer

FIRST, SECOND = dt.date(2026, 11, 10), dt.date(2026, 11, 17)
AS_OF = dt.date(2026, 11, 20)
AWARE = dt.date(2026, 11, 4)
Rows = list[dict[str, Any]]


def book(path: Path, incidents: Rows, meetings: list[object], *, heading: str = "Met on", name: str = "SLT") -> Path:
    """A tracker with those incidents, and those days on which SLT met."""
    workbook = openpyxl.Workbook()
    page = workbook.worksheets[0]
    page.title = "Incidents"
    columns = list(dict.fromkeys(column for row in incidents for column in row))
    page.append([HEADING[column] for column in columns])
    for row in incidents:
        page.append([row.get(column) for column in columns])
    page = workbook.create_sheet(name)
    page.append([heading])
    for day in meetings:
        page.append([day])
    path.parent.mkdir(exist_ok=True)
    workbook.save(path)
    return path


HEADING = {
    "reference": "Reference",
    "aware_date": "Date aware",
    "outcome": "Outcome",
    "slt_discussed": "Last discussed at SLT",
    "closed": "Closed",
    "child_number": "Child number",
}


def case(reference: str, **cells: object) -> dict[str, Any]:
    row = {"aware_date": AWARE, "slt_discussed": None, "closed": None}
    return {"reference": reference, **row, "outcome": "Serious harm", **cells}


def check(run_here: RunHere, path: Path, *more: object, as_of: dt.date = AS_OF) -> dict[str, Any]:
    done = run_here(check_tracker.main, "--tracker", path, "--as-of", as_of, "--json", *more)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def column(path: Path, heading: str, sheet: str = "Incidents") -> list[Any]:
    """The cells below a heading, dates as dates."""
    rows: list[tuple[Any, ...]] = list(openpyxl.load_workbook(path)[sheet].values)
    at = rows[0].index(heading)
    return [row[at].date() if isinstance(row[at], dt.datetime) else row[at] for row in rows[1:]]


def discussed(path: Path) -> list[Any]:
    return column(path, "Last discussed at SLT")


def test_every_case_that_was_open_is_marked_and_a_later_day_stays(tmp_path: Path, run_here: RunHere) -> None:
    path = book(
        tmp_path / NAME,
        [
            case("CI-1"),
            case("CI-2", slt_discussed=dt.date(2026, 11, 5)),
            case("CI-3", slt_discussed=dt.date(2026, 11, 18)),
            case("CI-4", closed=dt.date(2026, 11, 9)),
            case("CI-5", closed=dt.date(2026, 11, 12)),
            case("CI-6", aware_date=dt.date(2026, 11, 11)),
            case("CI-7", slt_discussed="10/11 and 12/11"),
            case("CI-8", slt_discussed="=TODAY()"),
            case("CI-9", aware_date=None),
        ],
        [FIRST],
    )
    told = check(run_here, path)
    day = dt.date(2026, 11, 18)
    assert discussed(path) == [FIRST, FIRST, day, None, FIRST, None, "10/11 and 12/11", "=TODAY()", None]
    assert column(path, "Incidents discussed", "SLT") == [3]
    assert told["slt"] == [{"met_on": "2026-11-10", "incidents_discussed": 3}]
    unread, formula, no_day = told["slt_not_entered"]
    assert unread.startswith("Incidents!C8, “Last discussed at SLT” of CI-7, cannot be read")
    assert "Incidents!C9" in formula
    assert "holds a formula" in formula
    assert "CI-9" in no_day
    assert check(run_here, path)["written"]["cells"] == 0


def test_two_meetings_text_and_one_to_come(tmp_path: Path, run_here: RunHere) -> None:
    later = dt.date(2026, 11, 24)
    cases = [case("CI-1", closed=dt.date(2026, 11, 12)), case("CI-2"), case("CI-3", aware_date=dt.date(2026, 11, 16))]
    path = book(tmp_path / NAME, cases, ["17/11/2026", FIRST, later, "some day in June 26"])
    told = check(run_here, path)
    assert discussed(path) == [FIRST, SECOND, SECOND]
    assert column(path, "Incidents discussed", "SLT") == [2, 2, None, None]
    assert {each["cell"] for each in told["problems"] if each["cell"].startswith("SLT!")} == {"SLT!A4", "SLT!A5"}
    check(run_here, path, as_of=later)
    assert discussed(path) == [FIRST, later, later]


def test_a_case_entered_later_was_not_discussed(tmp_path: Path, run_here: RunHere) -> None:
    path = book(tmp_path / NAME, [case("CI-1")], [FIRST])
    check(run_here, path)
    workbook = openpyxl.load_workbook(path)
    page = workbook["Incidents"]
    page.cell(3, 1, "CI-2")
    page.cell(3, 2, AWARE)
    workbook.save(path)
    check(run_here, path)
    assert discussed(path) == [FIRST, None]


def test_the_same_from_the_command_line(tmp_path: Path, run_here: RunHere) -> None:
    path = book(tmp_path / NAME, [case("CI-1")], [])
    dry = check(run_here, path, "--slt-met", FIRST, "--dry-run")
    assert {"cell": "Incidents!C2", "old": None, "new": "2026-11-10"} in dry["changes"]
    assert discussed(path) == [None]
    assert check(run_here, path, "--slt-met", FIRST)["slt"] == [{"met_on": "2026-11-10", "incidents_discussed": 1}]
    assert discussed(path) == [FIRST]
    refused = run_here(check_tracker.main, "--tracker", path, "--as-of", AS_OF, "--slt-met", "2026-11-21")
    assert refused.returncode == 2
    assert "not after today" in refused.stderr
    shown = run_here(check_tracker.main, "--tracker", path, "--as-of", AS_OF, "--slt-met", SECOND).stdout
    assert "SLT met on Tuesday 17 November 2026: 1 incident discussed." in shown


def test_rows_for_each_child_hidden_sheets_and_mapped_headings(tmp_path: Path, run_here: RunHere) -> None:
    known = dt.date(2026, 11, 3)
    rows = [
        case("CI-1/1", aware_date=dt.date(2026, 11, 2), slt_discussed=None),
        case("CI-1/2", aware_date=dt.date(2026, 11, 2), slt_discussed=known),
        case("CI-2/1"),
        case("CI-2/2"),
    ]
    path = book(tmp_path / NAME, rows, [FIRST], heading="Date of SLT", name="Meetings")
    workbook = openpyxl.load_workbook(path)
    workbook["Meetings"].sheet_state = "hidden"
    workbook.save(path)
    (tmp_path / "config.toml").write_text(
        '[sheets]\nslt = "Meetings"\n\n[columns.slt]\nmet_on = "Date of SLT"\n\n[layout]\nchild_in_reference = true\n',
        "utf-8",
    )
    told = check(run_here, path, "--config", tmp_path / "config.toml")
    assert told["slt"] == [{"met_on": "2026-11-10", "incidents_discussed": 2}]
    # In a log with a row for each child the day goes where the last one was.
    assert discussed(path) == [None, FIRST, FIRST, None]


def test_a_log_without_the_column_is_told_which_one_to_add(tmp_path: Path, run_here: RunHere) -> None:
    row = case("CI-1")
    del row["slt_discussed"]
    path = book(tmp_path / NAME, [row], [FIRST])
    told = check(run_here, path)
    assert "no column “Last discussed at SLT”" in told["slt_not_entered"][0]
    assert column(path, "Incidents discussed", "SLT") == [None]


def test_another_sheet_called_slt_is_left_alone(tmp_path: Path, run_here: RunHere) -> None:
    path = book(tmp_path / NAME, [case("CI-1")], ["Minutes of 10/11/2026"], heading="Minutes")
    assert "not-that-sheet" in {each["code"] for each in check(run_here, path)["problems"]}
    assert discussed(path) == [None]
    assert list(openpyxl.load_workbook(path)["SLT"].values) == [("Minutes",), ("Minutes of 10/11/2026",)]


@pytest.mark.parametrize("mode", ["cells", "upload"])
def test_in_sharepoint_killed_at_any_request_and_run_again(
    mode: str,
    graph: GraphServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tests.servers.graph.redirect import Killed

    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    arguments = ["--config", str(config_file(graph, tmp_path, mode=mode)), "--as-of", AS_OF.isoformat(), "--json"]
    cases = [case("CI-1"), case("CI-2", slt_discussed=dt.date(2026, 11, 5)), case("CI-3", closed=dt.date(2026, 11, 12))]
    data = book(tmp_path / "made" / NAME, cases, [FIRST, SECOND]).read_bytes()

    def is_right() -> bool:
        path = saved(item, tmp_path / "saved.xlsx")
        counts = column(path, "Incidents discussed", "SLT")
        return (discussed(path), counts) == ([SECOND, SECOND, FIRST], [3, 2])

    item = put(graph, data)
    graph.new_run()
    check_tracker.main(arguments)
    assert is_right()
    writes = [number for number, request in enumerate(graph.run, 1) if request.method not in ("GET", "DELETE")]
    for number in writes[::2]:
        item = put(graph, data)
        graph.new_run()
        graph.kill_at(number, after_work=True)
        with pytest.raises(Killed):
            check_tracker.main(arguments)
        graph.new_run()
        check_tracker.main(arguments)
        assert is_right(), f"killed after request {number}"
    capsys.readouterr()
