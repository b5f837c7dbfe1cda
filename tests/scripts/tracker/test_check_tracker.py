"""The main job through its command line, on real files."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from scripts import check_tracker
from scripts.adapters.tracker import checking, read_plan_write
from tests.adapters.workbook.xlsx.books import changed_parts
from tests.scripts.trackers import (
    AS_OF,
    address_of,
    cells_of,
    column_of,
    incident,
    run_job,
    save_tracker,
    statuses,
    told,
)
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.errors import TrackerBusy, TrackerUnusable, UsageError
from tracker_schema.incidents.plan import plan_writes

OURS = ["Status", "Next step", "Next due", "Working days left", "Overdue steps", "Data problems", "Checked on"]
COLUMNS = 17  # of a person's, in `incident`


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    """Three incidents: one running, one overdue, one closed."""
    return save_tracker(
        tmp_path / "tracker" / "Critical incidents.xlsx",
        [
            incident("CI-2026-001"),
            incident("CI-2026-002", aware_date=dt.date(2026, 11, 12), incident_date=dt.date(2026, 11, 12)),
            incident(
                "CI-2026-003",
                abuse_or_neglect="No",
                decision="Threshold not met",
                decision_date=dt.date(2026, 11, 19),
                decision_reason="made up",
                closed=dt.date(2026, 11, 20),
            ),
        ],
    )


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tracker").mkdir()
    monkeypatch.chdir(tmp_path)


def check(tracker: Path, *more: str) -> int:
    return check_tracker.main(["--tracker", str(tracker), "--as-of", AS_OF.isoformat(), *more])


def check_json(tracker: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert check(tracker, "--json", *more) == 0
    return told(capsys.readouterr().out)


# ---------------------------------------------------------------------------------------------- what it works out


def test_the_json_is_what_other_programs_are_promised(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = check_json(tracker, capsys)
    assert found["as_of"] == "2026-11-23"
    assert found["tracker"] == "Critical incidents.xlsx"
    ours = [cell for heading in OURS for cell in (heading, *column_of(tracker, heading)) if cell != ""]
    assert found["written"] == {"cells": len(ours), "dry_run": False}
    first = found["incidents"][0]
    assert {key: first[key] for key in first if key not in ("clocks", "problems")} == {
        "reference": "CI-2026-001",
        "row": 5,
        "rows": [{"sheet": "Incidents", "row": 5}],
        "children": 1,
        "status": "Due soon",
        "next_step": "Decide on the threshold",
        "next_due": "2026-11-24",
        "working_days_left": 1,
    }
    clocks = {clock["id"]: clock for clock in first["clocks"]}
    assert clocks["notify_panel"] == {
        "id": "notify_panel",
        "basis": "statutory guidance",
        "anchor": "2026-11-18",
        "due": "2026-11-25",
        "stopped": None,
        "state": "due soon",
        "working_days_left": 2,
        "unknown": [],
    }
    assert clocks["report_incident"]["state"] == "met"
    assert clocks["report_incident"]["working_days_left"] is None
    assert "notify_ofsted" not in clocks
    assert {"code", "severity", "cell", "message"} == set(found["problems"][0])


def test_the_status_columns_say_what_was_worked_out(tracker: Path) -> None:
    assert check(tracker) == 0
    assert statuses(tracker) == {"CI-2026-001": "Due soon", "CI-2026-002": "Overdue", "CI-2026-003": "Closed"}
    assert column_of(tracker, "Next step") == ["Decide on the threshold", "Decide on the threshold", ""]
    assert column_of(tracker, "Next due") == [dt.date(2026, 11, 24), dt.date(2026, 11, 18), ""]
    assert column_of(tracker, "Working days left") == [1, -3, ""]
    assert column_of(tracker, "Overdue steps")[0] == ""
    assert column_of(tracker, "Overdue steps")[1].startswith("Decide on the threshold; ")
    assert column_of(tracker, "Checked on") == [AS_OF] * 3


def test_scoping_and_actions_have_their_own_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sent = {"reference": "CI-2026-001", "agency": "Primary school", "sent": dt.date(2026, 11, 16), "returned": None}
    done = {"reference": "CI-2026-009", "action": "made up", "due": dt.date(2026, 11, 20), "done": None}
    tracker = save_tracker(
        tmp_path / "tracker" / "t.xlsx", [incident("CI-2026-001")], scoping=[sent], actions=[done], table=True
    )
    found = check_json(tracker, capsys)
    assert found["scoping"] == [
        {"reference": "CI-2026-001", "agency": "Primary school", "row": 5, "due": "2026-11-23", "state": "due today"}
    ]
    assert [problem["code"] for problem in found["problems"] if problem["severity"] != "note"] == ["unknown-reference"]
    assert column_of(tracker, "Return due", "Scoping") == [dt.date(2026, 11, 23)]
    assert column_of(tracker, "Return status", "Scoping") == ["Due today"]
    assert column_of(tracker, "Action status", "Actions") == ["Overdue"]


def test_a_second_run_leaves_the_file_untouched(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tracker) == 0
    capsys.readouterr()
    before = (tracker.read_bytes(), tracker.stat().st_mtime_ns)
    assert check_json(tracker, capsys)["written"] == {"cells": 0, "dry_run": False}
    assert (tracker.read_bytes(), tracker.stat().st_mtime_ns) == before


def test_the_next_day_renews_open_rows_and_leaves_closed_ones(tracker: Path) -> None:
    assert check(tracker) == 0
    check_tracker.main(["--tracker", str(tracker), "--as-of", "2026-11-24"])
    assert column_of(tracker, "Checked on") == [dt.date(2026, 11, 24), dt.date(2026, 11, 24), AS_OF]


def test_a_dry_run_shows_each_change_and_makes_none(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tracker.read_bytes()
    found = check_json(tracker, capsys, "--dry-run")
    assert found["written"] == {"cells": 0, "dry_run": True}
    assert [change["new"] for change in found["changes"][:7]] == OURS
    assert {"cell": "Incidents!R6", "old": None, "new": "Overdue"} in found["changes"]
    assert check(tracker, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "Incidents!R6" in shown
    assert "Dry run: nothing was written" in shown
    assert tracker.read_bytes() == before
    assert not list(tracker.parent.glob("*.tmp"))


# -------------------------------------------------------------------------------------- a workbook made by others


@pytest.mark.parametrize("table", [False, True], ids=["plain range", "table"])
def test_nothing_but_our_columns_changes(tmp_path: Path, table: bool) -> None:
    tracker = save_tracker(tmp_path / "tracker" / "t.xlsx", [incident(f"CI-{n:03}") for n in range(30)], table=table)
    before, cells = tracker.read_bytes(), cells_of(tracker)
    assert check(tracker) == 0
    allowed = {"xl/worksheets/sheet1.xml", "xl/styles.xml"} | ({"xl/tables/table1.xml"} if table else set())
    assert changed_parts(before, tracker.read_bytes()) <= allowed
    width = len(cells[0])
    assert [row[:width] for row in cells_of(tracker)] == cells
    assert cells_of(tracker)[3][width:] == OURS
    page = openpyxl.load_workbook(tracker)["Incidents"]
    if table:
        assert page.tables["T_incidents"].ref == "A4:X34"
    assert page.cell(4, width + 1).font.b, "the new heading looks like its neighbour"
    assert page.cell(5, width + 3).number_format in ("mm-dd-yy", "dd/mm/yyyy"), "shown as a date"


def test_headings_in_any_spelling_and_by_config(tmp_path: Path) -> None:
    headings = {"reference": "  ref.\nNo ", "aware_date": "LA first heard", "form_received": "CI FORM RECEIVED"}
    tracker = save_tracker(tmp_path / "tracker" / "t.xlsx", [incident("CI-1")], headings=headings)
    with pytest.raises(TrackerUnusable, match=r"Row 4 .*no heading “Date aware”.*config.toml"):
        check(tracker)
    Path("config.toml").write_text('[columns.incidents]\naware_date = "LA first heard"\nstatus = "Deadlines"\n')
    assert check(tracker) == 0
    assert column_of(tracker, "Deadlines") == ["Due soon"]


def test_totals_blank_rows_and_repeated_headings_are_no_incidents(tmp_path: Path) -> None:
    tracker = save_tracker(tmp_path / "tracker" / "t.xlsx", [incident("CI-1"), incident("CI-2")])
    workbook = openpyxl.load_workbook(tracker)
    page = workbook["Incidents"]
    for column in range(1, COLUMNS + 1):
        page.cell(9, column, page.cell(4, column).value)  # the headings again, below two blank rows
        page.cell(10, column, page.cell(6, column).value)
    page["A10"] = "CI-3"
    page["A12"], page["E12"] = "Total", 3
    page["E13"] = 3
    page.row_dimensions[6].hidden = True
    page.column_dimensions["C"].hidden = True
    workbook.save(tracker)
    assert check(tracker) == 0
    status = column_of(tracker, "Status")
    assert status == ["Due soon", "Due soon", "", "", "", "Due soon", "", "", ""]


def test_the_sheet_is_found_by_its_headings(tmp_path: Path) -> None:
    tracker = save_tracker(tmp_path / "tracker" / "t.xlsx", [incident("CI-1")])
    workbook = openpyxl.load_workbook(tracker)
    workbook["Incidents"].title = "2026-27"
    workbook.create_sheet("Notes", 0)["A1"] = "Reference"
    workbook.save(tracker)
    assert check(tracker) == 0
    assert column_of(tracker, "Status", "2026-27") == ["Due soon"]


def test_somebodys_own_status_column_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracker = save_tracker(tmp_path / "tracker" / "t.xlsx", [incident("CI-1", status="Open, see file")])
    before = tracker.read_bytes()
    assert check(tracker) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "CI-1" in shown
    assert "Incidents!R5 holds something that this program did not write" in shown
    assert tracker.read_bytes() == before
    Path("config.toml").write_text('[columns.incidents]\nstatus = "Deadline status"\n')
    assert check(tracker) == 0
    assert column_of(tracker, "Status") == ["Open, see file"]
    assert column_of(tracker, "Deadline status") == ["Due soon"]


def test_a_row_that_was_emptied_loses_its_status(tracker: Path) -> None:
    assert check(tracker) == 0
    workbook = openpyxl.load_workbook(tracker)
    for column in range(1, COLUMNS + 1):
        workbook["Incidents"].cell(6, column).value = None
    workbook.save(tracker)
    assert check(tracker) == 0
    assert column_of(tracker, "Status") == ["Due soon", "", "Closed"]


# --------------------------------------------------------------------------------------------- people at work


def _edited(tracker: Path, edit: str) -> None:
    """What a person may do to the tracker between our read and our write."""
    workbook = openpyxl.load_workbook(tracker)
    page = workbook["Incidents"]
    if edit == "a row is inserted above":
        page.insert_rows(5)
        page["A5"], page["B5"], page["E5"] = "CI-2026-000", "ZZ", dt.date(2026, 11, 23)
    elif edit == "the rows are sorted":
        page.move_range("A5:Q5", rows=3)
        page.move_range("A7:Q7", rows=-2)
        page.move_range("A8:Q8", rows=-1)
    elif edit == "a row is deleted":
        page.delete_rows(5)
    else:
        page.cell(6, [cell.value for cell in page[4]].index("Decision") + 1, "Refer to DSPP only")
    workbook.save(tracker)


@pytest.mark.parametrize(
    "edit", ["a row is inserted above", "the rows are sorted", "a row is deleted", "a decision is typed"]
)
def test_an_edit_between_read_and_write_survives(tracker: Path, edit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    edits = [edit]

    def plan_and_be_overtaken(*arguments: Any, **more: Any) -> Any:
        if edits:
            _edited(tracker, edits.pop())
        return original(*arguments, **more)

    original = plan_writes
    monkeypatch.setattr(checking, "plan_writes", plan_and_be_overtaken)
    assert check(tracker) == 0
    after = statuses(tracker)
    expected = {"CI-2026-001": "Due soon", "CI-2026-002": "Overdue", "CI-2026-003": "Closed"}
    if edit == "a row is deleted":
        del expected["CI-2026-001"]
    if edit == "a row is inserted above":
        expected["CI-2026-000"] = "Due soon"
    if edit == "a decision is typed":
        assert "Refer to DSPP only" in column_of(tracker, "Decision")
        expected["CI-2026-002"] = "Check data"  # the decision has no date yet, and nothing else is owed
    assert after == expected


def test_a_tracker_that_is_saved_all_the_time_is_left_to_the_next_run(
    tracker: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def plan_and_be_overtaken(*arguments: Any, **more: Any) -> Any:
        workbook = openpyxl.load_workbook(tracker)
        workbook["Incidents"].cell(2, 1, f"{workbook['Incidents'].cell(2, 1).value or ''}.")
        workbook.save(tracker)
        return original(*arguments, **more)

    original = plan_writes
    monkeypatch.setattr(checking, "plan_writes", plan_and_be_overtaken)
    with pytest.raises(TrackerBusy, match="each time"):
        check(tracker)
    assert len(openpyxl.load_workbook(tracker)["Incidents"]["A2"].value) == read_plan_write.ATTEMPTS
    assert "Nothing was written." in capsys.readouterr().out


def test_while_excel_has_it_open_nothing_is_written(tracker: Path) -> None:
    (tracker.parent / f"~${tracker.name}").write_bytes(b"\x0aAnn Sample".ljust(165, b"\0"))
    before = tracker.read_bytes()
    done = run_job("check_tracker", "--tracker", tracker, "--json", cwd=tracker.parent)
    assert done.returncode == 4
    assert "Ann Sample" in done.stderr
    assert told(done.stdout)["written"]["cells"] == 0
    assert tracker.read_bytes() == before


def test_the_version_before_is_kept_elsewhere(tracker: Path, own_home: Path) -> None:
    before = tracker.read_bytes()
    assert check(tracker) == 0
    kept = [path for path in own_home.rglob("*.xlsx") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [before]
    assert [path.name for path in tracker.parent.iterdir()] == [tracker.name]


# -------------------------------------------------------------------------------------------- what cannot be used


def _with_incident_headings(path: Path, *headings: str) -> Path:
    workbook = openpyxl.Workbook()
    workbook.create_sheet("Incidents", 0).append(headings)
    workbook.save(path)
    return path


def test_a_tracker_that_cannot_be_used_is_exit_3_and_one_sentence(tmp_path: Path) -> None:
    other = tmp_path / "tracker"
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le").ljust(2000, b"\0")
    files = {
        "missing.xlsx": None,
        "encrypted.xlsx": encrypted,
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(2000, b"\0"),
        "text.xlsx": b"Reference,Date aware\r\n",
        "empty.xlsx": b"",
        "cut.xlsx": save_tracker(other / "whole.xlsx", [incident("CI-1")]).read_bytes()[:3000],
        "no sheet.xlsx": _with_incident_headings(other / "a.xlsx", "Something", "else").read_bytes(),
        "no date.xlsx": _with_incident_headings(other / "b.xlsx", "Reference", "Outcome").read_bytes(),
    }
    for name, content in files.items():
        path = other / name
        if content is not None:
            path.write_bytes(content)
        done = run_job("check_tracker", "--tracker", path, cwd=tmp_path)
        assert done.returncode == 3, name
        assert done.stdout == "", name
        assert len(done.stderr.strip().splitlines()) == 1, (name, done.stderr)
        assert "Traceback" not in done.stderr
        if content is not None:
            assert path.read_bytes() == content, name


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--tracker FILE"),
        (("--config", "nowhere.toml"), "nowhere.toml"),
        (("--as-of", "23/11/2026"), "2026-11-23"),
        (("--dryrun",), "--dry-run"),
        (("--as-of", "2031-01-01", "--tracker", "t.xlsx"), "bank_holidays.json"),
        (("--demo", "--tracker", "t.xlsx"), "--demo makes its own"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_to_do(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    save_tracker(tmp_path / "t.xlsx", [incident("CI-1")])
    done = run_job("check_tracker", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_config_or_a_tracker_it_says_how_to_start() -> None:
    with pytest.raises(UsageError, match="--demo"):
        check_tracker.main([])


# ---------------------------------------------------------------------------------------------------- the demonstration


def test_the_demonstration_shows_every_status_and_can_be_run_again(tmp_path: Path) -> None:
    # On a Wednesday: from Friday on SLT's discussion on Tuesday is due soon, and no open case is On track.
    for _ in range(2):
        done = run_job("check_tracker", "--demo", "--json", "--as-of", "2026-11-25", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        found = told(done.stdout)
        shown = {incident["status"] for incident in found["incidents"]}
        assert shown | {"Before start"} == set(tracker_schema().sheets["incidents"].columns["status"].choices)
        assert found["written"]["cells"] > 100
    assert [path.name for path in (tmp_path / "demo").iterdir()] == [found["tracker"]]


def test_the_demonstration_needs_no_settings_and_keeps_no_copies(
    tmp_path: Path, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("config.toml").write_text('[columns.incidents]\naware_date = "Something else"\n')
    assert check_tracker.main(["--demo", "--as-of", AS_OF.isoformat()]) == 0
    assert "the cases are made up" in capsys.readouterr().out
    assert not list(own_home.rglob("*.xlsx"))
    with pytest.raises(UsageError, match="The demonstration cannot be made"):
        check_tracker.main(["--demo", "--as-of", "2030-01-01"])


def test_output_to_an_old_windows_console_does_not_fail(tmp_path: Path) -> None:
    done = run_job("check_tracker", "--demo", cwd=tmp_path, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "“Date aware”" in done.stdout


def test_json_is_all_there_is_on_standard_output(tmp_path: Path) -> None:
    done = run_job("check_tracker", "--demo", "--json", "--dry-run", cwd=tmp_path)
    assert json.loads(done.stdout)["written"] == {"cells": 0, "dry_run": True}


def test_what_waits_is_paused_or_is_to_be_chased_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = dt.date(2026, 6, 1)
    notified = {"decision": "Notify Panel", "decision_date": day, "panel_notified": day, "partners_told": day}
    decided = {"rapid_review_completed": day, "review_decided": day, "aware_date": day, "form_received": day}
    national = notified | decided | {"review_decision": "National review", "review_completed": None}
    paused = notified | decided | {"review_decision": "Local review", "paused_until": dt.date(2027, 1, 4)}
    paused["review_published"] = None
    rows = [
        incident("CI-1", **national),
        incident("CI-2", **paused),
        incident("CI-3", **notified, aware_date=day, form_received=day),
    ]
    tracker = save_tracker(tmp_path / "waits.xlsx", rows)
    options = ["--tracker", str(tracker), "--as-of", AS_OF.isoformat(), "--dry-run"]
    assert check_tracker.main(options) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "CI-1 Wait for the review to be completed" in shown
    assert "Publish the local review" in shown
    assert "MISSING" in shown
    assert "Complete the rapid review (national)" in shown
    assert "Advance copy sent" not in shown  # a column that only some councils want
    assert check_tracker.main([*options, "--json"]) == 0
    found = {each["reference"]: each for each in told(capsys.readouterr().out)["incidents"]}
    states = {clock["id"]: (clock["state"], clock["basis"]) for clock in found["CI-2"]["clocks"]}
    assert states["publish_local_review"] == ("paused", "statutory guidance")
    assert {each["reference"]: each["next_step"] for each in found.values()}.keys() == {"CI-1", "CI-2", "CI-3"}


def test_the_json_says_which_fact_is_not_known_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decided = {"decision": "Notify Panel", "decision_date": dt.date(2026, 11, 20), "outcome": "Death"}
    tracker = save_tracker(
        tmp_path / "unknown.xlsx", [incident("CI-1", **decided, looked_after=None, ofsted_notified=None)]
    )
    check_tracker.main(["--tracker", str(tracker), "--as-of", AS_OF.isoformat(), "--dry-run", "--json"])
    (found,) = told(capsys.readouterr().out)["incidents"]
    (clock,) = [each for each in found["clocks"] if each["unknown"]]
    assert (clock["id"], clock["state"]) == ("notify_ofsted", "cannot tell")
    assert clock["unknown"] == [{"heading": "Looked after", "cell": address_of(tracker, "looked_after", 5)}]
    assert found["status"] == "Check data"


# ------------------------------------------------------------------------------------- in a workbook of people's own


@pytest.fixture
def adopted(tracker: Path) -> Path:
    """The same log with looks of its own, all columns beside it hidden, as people hide those they do not use."""
    workbook = openpyxl.load_workbook(tracker)
    page = workbook["Incidents"]
    for row in page.iter_rows(min_row=4):
        for cell in row:
            cell.font = Font(name="Arial", bold=cell.row == 4, strike=cell.row == 7)  # the closed one
    unused = page.column_dimensions[get_column_letter(COLUMNS + 1)]
    unused.min, unused.max, unused.width, unused.hidden = COLUMNS + 1, 16_384, 13, True
    workbook.save(tracker)
    return tracker


def test_the_first_run_writes_columns_that_can_be_read(adopted: Path) -> None:
    assert check(adopted) == 0
    page = openpyxl.load_workbook(adopted)["Incidents"]
    for number, heading in enumerate(OURS, COLUMNS + 1):
        letter = get_column_letter(number)
        column = page.column_dimensions[letter]
        assert not column.hidden
        assert column.width > len(heading)
        assert page[f"{letter}4"].font.b
        for row in (5, 6, 7):
            cell = page[f"{letter}{row}"]
            assert (cell.font.name, cell.font.strike, cell.alignment.wrap_text) == ("Arial", False, True)
            if isinstance(cell.value, dt.date):
                assert cell.number_format == "dd/mm/yyyy"
    rest = page.column_dimensions[get_column_letter(COLUMNS + len(OURS) + 1)]
    assert (rest.hidden, rest.min, rest.max) == (True, COLUMNS + len(OURS) + 1, 16_384)
    assert not page.conditional_formatting
    written = adopted.read_bytes()
    assert check(adopted) == 0
    assert adopted.read_bytes() == written


def test_colours_come_on_asking_also_when_the_columns_are_there(adopted: Path, tmp_path: Path) -> None:
    assert check(adopted) == 0
    settings = tmp_path / "config.toml"
    settings.write_text("[tracker]\nstatus_colours = true\n")
    for day in ("2026-11-24", "2026-11-25"):
        options = ["--config", str(settings), "--tracker", str(adopted), "--as-of", day]
        assert check_tracker.main(options) == 0
        page = openpyxl.load_workbook(adopted)["Incidents"]
        (area,) = page.conditional_formatting
        status = get_column_letter(COLUMNS + 1)
        assert str(area.sqref) == f"{status}5:{status}1048576"
        assert {rule.formula[0].strip('"') for rule in area.rules} >= {"Overdue", "Check data", "Due soon", "Closed"}
