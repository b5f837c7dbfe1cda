"""Logs in every layout that councils keep them in, through the main job: read as one, written on each of their rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scripts import check_tracker, explain_deadline
from tests.adapters.workbook.xlsx.books import changed_parts
from tests.scripts.layouts import HEADINGS, TYPES, Rows, by_year, cell, per_notification, save_sheets, sheet_per_type
from tests.scripts.trackers import AS_OF, cells_of, column_of, incident, save_tracker, told
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.errors import TrackerUnusable

OURS = [column.heading for column in tracker_schema().sheets["incidents"].written_by_script()]
PER_NOTIFICATION = '[layout]\nkind = "one row per notification"\n'
Sheets = Mapping[str, Rows]


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007


def logged(reference: str, **cells: object) -> dict[str, object]:
    return incident(reference, **{"rapid_review_completed": None} | cells)


INCIDENTS = [
    logged("CI-2026-001"),
    logged(
        "CI-2026-002",
        decision="Notify Panel",
        decision_date=day("19/11/2026"),
        panel_notified=day("20/11/2026"),
        partners_told=day("20/11/2026"),
    ),
    logged(
        "CI-2026-003",
        incident_date=day("29/12/2025"),
        aware_date=day("30/12/2025"),
        form_received=day("31/12/2025"),
        decision="Notify Panel",
        decision_date=day("02/01/2026"),
        panel_notified=day("05/01/2026"),
        partners_told=day("05/01/2026"),
        cspr_referred=day("08/01/2026"),
        rapid_review_completed=day("20/01/2026"),
        panel_response=day("02/02/2026"),
        review_decision="No review",
        review_decided=day("20/01/2026"),
    ),
    logged(
        "CI-2025-009",
        incident_date=day("20/11/2025"),
        aware_date=day("21/11/2025"),
        form_received=day("21/11/2025"),
        decision="Refer to DSPP only",
        decision_date=day("25/11/2025"),
        cspr_referred=day("25/11/2025"),
        closed=day("01/02/2026"),
        outcome="Other",
    ),
]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs the check of a workbook with the settings in a config.toml; gives the JSON.

    SLT meets on Thursdays, so that on this Monday its discussion is not due soon.
    """
    monkeypatch.chdir(tmp_path)
    for folder in ("shared", "plain"):
        (tmp_path / folder).mkdir(exist_ok=True)

    def run(tracker: Path, settings: str = "", *options: str) -> Any:
        Path("config.toml").write_text(f'[slt]\nmeets = "Thursday"\n{settings}', "utf-8")
        capsys.readouterr()
        code = check_tracker.main(["--tracker", str(tracker), "--as-of", AS_OF.isoformat(), "--json", *options])
        assert code == 0
        return told(capsys.readouterr().out)

    return run


def essence(found: Any) -> dict[str, Any]:
    """What was found out of each incident, wherever it stands."""
    kept = ("status", "next_step", "next_due", "working_days_left", "clocks", "children")
    return {each["reference"]: {key: each[key] for key in kept} for each in found["incidents"]}


LAYOUTS: dict[str, tuple[Sheets, str]] = {
    "one row per notification": ({"Log": per_notification(INCIDENTS)}, PER_NOTIFICATION),
    "one row per notification, the facts on the first": (
        {"Log": per_notification(INCIDENTS, shared_once=True)},
        PER_NOTIFICATION,
    ),
    "one sheet per type": (sheet_per_type(INCIDENTS), '[layout]\nkind = "one sheet per type"\n'),
    "one sheet per year": (by_year(INCIDENTS), '[sheets]\nincidents = "20*"\n'),
    "years, notifications and what is closed": (
        {
            "2026": per_notification(INCIDENTS[:2]),
            "2025": per_notification(INCIDENTS[2:3]),
            "Done with": per_notification(INCIDENTS[3:]),
        },
        f'{PER_NOTIFICATION}[sheets]\nincidents = ["2025", "2026"]\nclosed = "Done with"\n',
    ),
}


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Sheets, str]:
    sheets, settings = LAYOUTS[request.param]
    return save_sheets(tmp_path / "shared" / "Log.xlsx", sheets), sheets, settings


def test_the_same_is_found_as_with_one_row_per_incident(
    layout: tuple[Path, Sheets, str], check: Callable[..., Any], tmp_path: Path
) -> None:
    path, sheets, settings = layout
    plain = check(save_tracker(tmp_path / "plain" / "t.xlsx", INCIDENTS))
    assert essence(check(path, settings, "--dry-run")) == essence(plain)
    assert {each["status"] for each in plain["incidents"]} == {"Due soon", "Closed", "Complete", "On track"}
    found = check(path, settings, "--dry-run")
    rows = [(each["sheet"], each["row"]) for one in found["incidents"] for each in one["rows"]]
    assert sorted(rows) == sorted((name, 4 + n) for name, of_sheet in sheets.items() for n in range(len(of_sheet)))


def test_each_row_of_an_incident_says_what_is_worked_out_for_it_and_nothing_else_changes(
    layout: tuple[Path, Sheets, str], check: Callable[..., Any]
) -> None:
    path, sheets, settings = layout
    before, cells = path.read_bytes(), {name: cells_of(path, name) for name in sheets}
    statuses = {reference: each["status"] for reference, each in essence(check(path, settings)).items()}
    parts = {f"xl/worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)}
    assert changed_parts(before, path.read_bytes()) <= parts | {"xl/styles.xml"}
    for name, before_run in cells.items():
        width = len(before_run[0])
        assert [row[:width] for row in cells_of(path, name)] == before_run
        assert cells_of(path, name)[2][width:] == OURS
        references = column_of(path, "Reference", name)
        assert column_of(path, "Status", name) == [statuses[reference] for reference in references]
        assert column_of(path, "Checked on", name) == [AS_OF] * len(references)
    written = path.read_bytes()
    assert check(path, settings)["written"]["cells"] == 0
    assert path.read_bytes() == written


def test_a_date_in_the_column_beside_its_own_is_seen_on_sheets_of_years_too(
    tmp_path: Path, check: Callable[..., Any]
) -> None:
    late = {"aware_date": day("02/11/2026"), "incident_date": day("02/11/2026")}
    sheets = {
        "2025": [incident("CI-1", aware_date=day("03/11/2025"), closed=day("01/12/2025"))],
        "2026": [incident("CI-2", **late, heads_met=None, panel_notified=None, decision_reason=day("05/11/2026"))],
    }
    found = check(save_sheets(tmp_path / "shared" / "Log.xlsx", sheets), '[sheets]\nincidents = "20*"\n')
    place = cell(sheets["2026"], "decision_date", 4, "2026")
    assert {problem["cell"] for problem in problems(found, "wrong-column")} == {place}


# Contradictions


def problems(found: Any, code: str) -> list[Any]:
    everywhere = [problem for each in found["incidents"] for problem in each["problems"]] + found["problems"]
    return [problem for problem in everywhere if problem["code"] == code]


def test_rows_that_say_different_things_are_both_named_and_neither_is_believed(
    tmp_path: Path, check: Callable[..., Any]
) -> None:
    rows = per_notification(INCIDENTS[1:2])
    rows[1]["aware_date"] = day("17/11/2026")
    rows[0]["initials"], rows[1]["initials"] = "QX", "XQ"
    found = check(save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows}), PER_NOTIFICATION)
    aware, initials = sorted(problems(found, "rows-disagree"), key=lambda each: str(each["severity"]))
    assert (aware["severity"], aware["cell"]) == ("error", cell(rows, "aware_date", 4))
    both = " and ".join(cell(rows, "aware_date", row) for row in (4, 5))
    assert aware["message"].startswith(f"“Date aware” is not the same in {both}, ")
    assert " and ".join(cell(rows, "initials", row) for row in (4, 5)) in initials["message"]
    assert "QX" not in str(found)
    assert found["incidents"][0]["status"] == "Check data"
    clock = next(clock for clock in found["incidents"][0]["clocks"] if clock["id"] == "notify_panel")
    assert clock["state"] == "cannot tell"


def test_the_same_said_in_other_words_is_no_contradiction(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = per_notification(INCIDENTS[1:2])
    rows[0]["aware_date"], rows[0]["outcome"], rows[0]["initials"] = "18/11/2026 09:15", "seriously harmed", "Z.Z."
    rows[1]["aware_date"] = dt.datetime(2026, 11, 18, 16, 40)
    found = check(save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows}), PER_NOTIFICATION)
    assert problems(found, "rows-disagree") == []
    assert found["incidents"][0]["status"] == "On track"


def test_a_date_of_the_notification_that_its_own_column_contradicts(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = per_notification(INCIDENTS[1:2])
    rows[1]["panel_notified"] = day("19/11/2026")
    found = check(save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows}), PER_NOTIFICATION)
    (problem,) = problems(found, "rows-disagree")
    assert (
        f"is not the same in {cell(rows, 'panel_notified', 5)} and {cell(rows, 'notification_date', 5)}"
        in problem["message"]
    )


def test_a_date_that_cannot_be_read_is_named_where_it_stands(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = per_notification(INCIDENTS[1:2])
    rows[1]["notification_date"] = "31/11/2026"
    found = check(save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows}), PER_NOTIFICATION)
    (problem,) = problems(found, "unreadable-date")
    assert (problem["cell"], problem["severity"]) == (cell(rows, "notification_date", 5), "error")
    assert problem["message"].startswith("“Date of notification” holds “31/11/2026”, which is not a day")


def test_an_incident_is_open_until_each_of_its_rows_is_closed(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = per_notification(INCIDENTS[3:])
    rows[1]["closed"] = None
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows})
    found = check(path, PER_NOTIFICATION)
    assert found["incidents"][0]["status"] == "On track"  # it waits for the partnership's decision
    (problem,) = problems(found, "closed-in-part")
    assert f"filled in at {cell(rows, 'closed', 4)} and not at {cell(rows, 'closed', 5)}" in problem["message"]


# The types


def test_the_words_of_the_type_column_are_the_councils_own(tmp_path: Path, check: Callable[..., Any]) -> None:
    words = dict(zip(TYPES, ("Local form", "SIN", "to the LCSPR group"), strict=True))
    rows = [row | {"notification_type": words[row["notification_type"]]} for row in per_notification(INCIDENTS)]
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows}, headings={"notification_type": "What is it?"})
    settings = PER_NOTIFICATION + '[columns.incidents]\nnotification_type = "What is it?"\n'
    found = check(path, settings, "--dry-run")
    told_of = problems(found, "notification-type")
    assert {problem["cell"] for problem in told_of} == {
        cell(rows, "notification_type", row)
        for row in (4, 5, 7, 9)  # the others are of a closed case
    }
    assert {problem["severity"] for problem in told_of} == {"error"}
    assert all(
        problem["message"].startswith("“What is it?” is not on the list, so the date in its row") for problem in told_of
    )
    own = '[choices.notification_type]\n"Local form" = "Critical incident"\n"To the LCSPR group" = "CSPR referral"\n'
    plain = check(save_tracker(tmp_path / "plain" / "t.xlsx", INCIDENTS), "", "--dry-run")
    assert essence(check(path, settings + own)) == essence(plain)


def test_the_date_of_a_type_may_be_another_date(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = per_notification(INCIDENTS[1:2], shared_once=True)
    del rows[0]["aware_date"]
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows})
    settings = f'{PER_NOTIFICATION}[layout.dates]\ncritical_incident = "aware_date"\n'
    clocks = {clock["id"]: clock for clock in check(path, settings)["incidents"][0]["clocks"]}
    assert (clocks["notify_panel"]["anchor"], clocks["notify_panel"]["due"]) == ("2026-11-18", "2026-11-25")
    assert clocks["notify_panel"]["stopped"] == "2026-11-20"


def test_without_a_type_column_the_job_says_what_to_do(tmp_path: Path, check: Callable[..., Any]) -> None:
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": [dict(each) for each in INCIDENTS]})
    with pytest.raises(TrackerUnusable, match=r"no heading “Notification type”\. .*\[columns.incidents\]"):
        check(path, PER_NOTIFICATION)
    with pytest.raises(TrackerUnusable, match=r"it is not clear which sheet is of which type .*sheets\.national_panel"):
        check(path, '[layout]\nkind = "one sheet per type"\n')


def test_sheets_of_types_by_their_configured_names(tmp_path: Path, check: Callable[..., Any]) -> None:
    names = {"Critical incident": "In house", "National Panel": "DfE", "CSPR referral": "Partnership"}
    sheets = {names[type_]: rows for type_, rows in sheet_per_type(INCIDENTS).items()}
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", sheets | {"Teams": [{"team": "Heron"}]})
    settings = '[layout]\nkind = "one sheet per type"\n[sheets]\ncritical_incident = "in house"\n'
    settings += 'national_panel = "DfE"\ncspr_referral = "Partnership"\n'
    plain = check(save_tracker(tmp_path / "plain" / "t.xlsx", INCIDENTS), "", "--dry-run")
    assert essence(check(path, settings)) == essence(plain)


def test_no_sheet_of_several_has_a_heading_that_must_be_there(tmp_path: Path, check: Callable[..., Any]) -> None:
    sheets = by_year(INCIDENTS)
    for row in (row for rows in sheets.values() for row in rows):
        del row["aware_date"]
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", sheets)
    settings = '[sheets]\nincidents = ["2025", "2026"]\n'
    with pytest.raises(TrackerUnusable, match=r"“Date aware” is a heading of none of the sheets “2025”, “2026”\. Add"):
        check(path, settings)
    with pytest.raises(
        TrackerUnusable, match=r"columns.incidents.team is headed “Area”, but none of the sheets “2025”"
    ):
        check(path, settings + '[columns.incidents]\nteam = "Area"\n')
    with pytest.raises(TrackerUnusable, match=r"sheets.incidents is “2024”, but the workbook has only “2025”, “2026”"):
        check(path, '[sheets]\nincidents = ["2024", "2026"]\n')
    with pytest.raises(TrackerUnusable, match="no sheet “Incidents”"):
        check(path)


# What is closed


def test_what_is_struck_through_or_on_a_sheet_of_what_is_closed_is_closed(
    tmp_path: Path, check: Callable[..., Any]
) -> None:
    rows = [incident("CI-2026-001"), incident("CI-2026-002")]
    sheets = {"Log": rows, "Archive": [incident("CI-2025-001")]}
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", sheets, struck=["CI-2026-002"])
    settings = '[sheets]\nclosed = "Arch*"\n'
    found = check(path, settings)
    assert {each["reference"]: each["status"] for each in found["incidents"]} == {
        "CI-2026-001": "Due soon",
        "CI-2026-002": "Closed",
        "CI-2025-001": "Closed",
    }
    (note,) = problems(found, "struck-through")
    assert (note["severity"], note["cell"]) == ("note", cell(rows, "reference", 5))
    assert column_of(path, "Status", "Archive") == ["Closed"]
    found = check(path, settings + '[layout]\nstruck_through = "open"\n')
    assert [each["status"] for each in found["incidents"]] == ["Due soon", "Due soon", "Closed"]
    assert problems(found, "struck-through") == []


def test_a_row_that_is_struck_through_in_part_is_open(tmp_path: Path, check: Callable[..., Any]) -> None:
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": [incident("CI-1")]}, struck=["CI-1"])
    workbook = openpyxl.load_workbook(path)
    workbook["Log"].cell(4, 4).font = openpyxl.styles.Font(strike=False)
    workbook.save(path)
    assert check(path)["incidents"][0]["status"] == "Due soon"


# Headings, and references


def test_group_headings_over_headings_and_merged_cells(tmp_path: Path, check: Callable[..., Any]) -> None:
    workbook = openpyxl.Workbook()
    page = workbook.worksheets[0]
    page.title = "Register"
    page.append(["Example Council: register of incidents (made up)"])
    page.append([" "])
    upper = ["Ref", "Date aware", "Outcome", "Abuse or neglect", "Panel", None, None, "Rapid review", None, "HoS", None]
    lower = [None, None, None, None, "Notified", "Reference", "Response", "Completed", "Sent", "Decision", "Date of"]
    page.append(upper)
    page.append(lower)
    for area in ("A1:K1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:G3", "H3:I3", "J3:K3"):
        page.merge_cells(area)
    page.append(["CI-1", day("18/11/2026"), "Death", "Known", day("19/11/2026"), "P-1", None, None, None, None, None])
    path = tmp_path / "shared" / "Log.xlsx"
    workbook.save(path)
    settings = '[columns.incidents]\ndecision_date = "HoS / Date of"\n'
    found = check(path, settings)
    assert {clock["id"] for clock in found["incidents"][0]["clocks"]} >= {"notify_panel", "rapid_review", "panel_reply"}
    clocks = {clock["id"]: clock for clock in found["incidents"][0]["clocks"]}
    assert clocks["notify_panel"]["stopped"] == "2026-11-19"
    assert clocks["rapid_review"]["anchor"] == "2026-11-19"
    assert cells_of(path, "Register")[3][11:] == OURS
    assert check(path, settings)["written"]["cells"] == 0
    with pytest.raises(TrackerUnusable, match=r"Row 4 .* has no heading"):
        check(path, f"[layout]\nheading_rows = 1\n{settings}")


def test_a_reference_made_of_two_columns(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows: Rows = [
        {"reference_prefix": 2025, **incident("7", aware_date=day("20/11/2026")), "reference": 7},
        {"reference_prefix": 2026, **incident("7"), "reference": 7},
    ]
    headings = {"reference_prefix": "Year", "reference": "No."}
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows}, headings=headings)
    settings = '[layout]\njoined_with = "-"\n[columns.incidents]\nreference_prefix = "Year"\nreference = "No."\n'
    found = check(path, settings)
    assert [each["reference"] for each in found["incidents"]] == ["2025-7", "2026-7"]
    assert problems(found, "duplicate-reference") == []
    assert column_of(path, "Status", "Log") == ["On track", "Due soon"]


# Several children


def child(number: object, **cells: object) -> dict[str, object]:
    return {"child_number": number, **incident("CI-2026-014"), **cells}


def test_several_children_are_one_incident(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = [
        child("A", initials="AA", date_of_birth=day("01/01/2005"), outcome="Serious harm"),
        child("B", initials="BB", date_of_birth=day("01/01/2015"), outcome="Death", looked_after="Yes"),
        {"child_number": None, **incident("CI-2026-015")},
    ]
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": [dict(row) for row in rows]})
    found = check(path)
    assert [(each["reference"], each["children"]) for each in found["incidents"]] == [
        ("CI-2026-014", 2),
        ("CI-2026-015", 1),
    ]
    clocks = {clock["id"]: clock["state"] for clock in found["incidents"][0]["clocks"]}
    assert clocks["notify_panel"] == "due soon", "one of them is under 18"
    assert clocks["notify_ofsted"] == "due soon", "one of them was looked after and has died"
    assert problems(found, "duplicate-reference") == problems(found, "rows-disagree") == []
    assert column_of(path, "Status", "Log") == ["Due soon"] * 3
    assert check(path)["written"]["cells"] == 0


def test_a_childs_cell_that_cannot_be_read_is_named_where_it_stands(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = [
        child(1, date_of_birth=day("01/01/2005")),
        child(2, date_of_birth="31/02/2015"),
        child(3, date_of_birth=day("01/01/2015"), aware_date="soon"),
    ]
    found = check(save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows}))
    assert {problem["cell"] for problem in problems(found, "unreadable-date")} == {
        cell(rows, "date_of_birth", 5),
        cell(rows, "aware_date", 6),
    }
    assert "31/02" not in str(found)


def test_children_at_the_end_of_the_reference(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = [
        incident("CI-2026-013"),
        incident("CI-2026-014", date_of_birth=day("01/01/2005")),
        incident("CI-2026-014b", date_of_birth=day("01/01/2015")),
        incident("CI-2026-016", aware_date=day("19/11/2026")),
        incident("CI-2026-016b"),  # another day: another incident, for all that can be told
    ]
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows})
    found = check(path, "", "--dry-run")
    assert [(each["reference"], each["children"]) for each in found["incidents"]] == [
        ("CI-2026-013", 1),
        ("CI-2026-014", 2),
        ("CI-2026-016", 1),
        ("CI-2026-016b", 1),
    ]
    (note,) = problems(found, "children-in-reference")
    assert (note["severity"], note["cell"]) == ("note", cell(rows, "reference", 6))
    assert "several children of one incident: CI-2026-014. If they are not" in note["message"]
    found = check(path, "[layout]\nchild_in_reference = true\n", "--dry-run")
    assert problems(found, "children-in-reference") == []
    assert [each["children"] for each in found["incidents"]] == [1, 2, 2]
    assert len(problems(found, "rows-disagree")) == 1
    found = check(path, "[layout]\nchild_in_reference = false\n", "--dry-run")
    assert len(found["incidents"]) == 5


@pytest.mark.parametrize("references", [("2026/1", "2026/2", "2026/10"), ("1", "2", "3"), ("CI1", "CI2a", "CI3")])
def test_references_that_only_look_as_if_they_ended_in_a_child(
    references: tuple[str, ...], tmp_path: Path, check: Callable[..., Any]
) -> None:
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": [incident(reference) for reference in references]})
    assert [each["reference"] for each in check(path)["incidents"]] == list(references)


def test_rows_below_one_merged_reference_are_children(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = [
        incident("CI-1", date_of_birth=day("01/01/2005")),
        {"date_of_birth": day("01/01/2015"), "initials": "BB", "outcome": "Death", "abuse_or_neglect": "Known"},
        incident("CI-2"),
    ]
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": [dict(row) for row in rows]})
    workbook = openpyxl.load_workbook(path)
    workbook["Log"].merge_cells("A4:A5")
    workbook.save(path)
    found = check(path)
    assert [(each["reference"], each["children"]) for each in found["incidents"]] == [("CI-1", 2), ("CI-2", 1)]
    assert column_of(path, "Status", "Log") == ["Due soon"] * 3


def test_a_scoping_row_may_name_a_child(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = [incident("CI-13"), incident("CI-14/1"), incident("CI-14/2")]
    sent = [{"reference": name, "agency": "School", "sent": AS_OF} for name in ("CI-14/2", "CI-14", "CI-14/3")]
    found = check(save_tracker(tmp_path / "shared" / "t.xlsx", rows, scoping=sent))
    (problem,) = problems(found, "unknown-reference")
    assert problem["cell"] == cell(sent, "reference", 7, "Scoping")


def test_two_rows_about_one_child_are_named(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = [child(1), child(2), child(2)]
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows})
    (problem,) = problems(check(path), "duplicate-row")
    assert (problem["cell"], problem["severity"]) == (cell(rows, "reference", 6), "warning")
    assert f"Another row, {cell(rows, 'reference', 5)}, is about the same incident and child too" in problem["message"]


def test_a_column_headed_child_that_holds_names_is_left_alone(tmp_path: Path, check: Callable[..., Any]) -> None:
    rows = [{**child("Made-up Person"), "reference": "CI-1"}, {**child("Another Person"), "reference": "CI-1"}]
    found = check(save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows}))
    assert [each["children"] for each in found["incidents"]] == [1, 1]
    assert len(problems(found, "duplicate-reference")) == 2
    assert "Person" not in str(found)


def test_one_panel_notification_covers_several_children(tmp_path: Path, check: Callable[..., Any]) -> None:
    form = {"notification_type": "CI", "notification_date": day("18/11/2026")}
    about = {key: cell for key, cell in incident("CI-1").items() if key not in ("form_received", "panel_notified")}
    rows = [
        {**form, "child_number": "1", **about, "date_of_birth": day("01/01/2005")},
        {**form, "child_number": "2", **about, "date_of_birth": day("01/01/2015")},
        {"notification_type": "SIN", "notification_date": day("20/11/2026"), "child_number": None, "reference": "CI-1"},
    ]
    found = check(save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": rows}), PER_NOTIFICATION)
    (one,) = found["incidents"]
    assert (one["children"], [each["row"] for each in one["rows"]]) == (2, [4, 5, 6])
    clocks = {clock["id"]: clock for clock in one["clocks"]}
    assert clocks["notify_panel"]["stopped"] == "2026-11-20"
    assert problems(found, "rows-disagree") == problems(found, "duplicate-row") == []


def test_the_tables_count_incidents_and_children(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_sheets(tmp_path / "shared" / "Log.xlsx", {"Log": [child(1), child(2)]}, struck=[])
    assert check_tracker.main(["--tracker", str(path), "--as-of", AS_OF.isoformat()]) == 0
    assert "1 incident with 2 children: 1 due soon; " in capsys.readouterr().out


def test_every_column_has_a_heading_here() -> None:
    assert set(HEADINGS) >= set(tracker_schema().sheets["incidents"].columns)


def test_an_explanation_names_the_cells_where_the_dates_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = save_sheets(tmp_path / "Log.xlsx", sheet_per_type(INCIDENTS))
    Path("config.toml").write_text('[layout]\nkind = "one sheet per type"\n')
    arguments = ["--tracker", str(path), "--as-of", AS_OF.isoformat()]
    assert explain_deadline.main(["CI-2026-002", "--clock", "rapid_review", *arguments]) == 0
    shown = capsys.readouterr().out
    assert "From     Friday 20 November 2026, “Date of notification” in National Panel!A4" in shown


def test_an_incident_is_found_by_the_reference_of_any_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = save_tracker(tmp_path / "t.xlsx", [incident("CI-13"), incident("CI-14"), incident("CI-14b")])
    arguments = ["--tracker", str(path), "--as-of", AS_OF.isoformat()]
    assert explain_deadline.main(["ci-14B", "--clock", "notify_panel", *arguments]) == 0
    assert "Wednesday 25 November 2026" in capsys.readouterr().out
