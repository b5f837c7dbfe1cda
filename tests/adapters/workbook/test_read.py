"""Reading a tracker out of workbooks of every make."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table, TableColumn

from scripts.adapters.workbook.read import Names, read_tracker
from tests.adapters.workbook.xlsx.books import saved
from tests.builders import HEADING_ROW, cell, save_workbook
from tracker_schema.columns.column_values import read_column
from tracker_schema.columns.parsing import NO_RESULT, ErrorValue
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.layouts import Layout
from tracker_schema.layouts.rows import SheetRows, WorkbookRows

AWARE = dt.date(2026, 11, 18)


def read(workbook: openpyxl.Workbook | Path, **names: object) -> WorkbookRows:
    data = workbook.read_bytes() if isinstance(workbook, Path) else saved(workbook)
    return read_tracker(data, "tracker.xlsx", Names(**names))  # type: ignore[arg-type]


def incidents(workbook: openpyxl.Workbook | Path, **names: object) -> SheetRows:
    return read(workbook, **names).sheets["incidents"]


def book(*rows: tuple[object, ...], name: str = "Incidents") -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = name
    for row in rows:
        workbook.worksheets[0].append(list(row))
    return workbook


def test_every_cell_knows_where_it_stands(tmp_path: Path) -> None:
    rows = {"incidents": [{"reference": "CI-1", "aware_date": AWARE}, {}, {"reference": "CI-2", "closed": AWARE}]}
    sheet = incidents(save_workbook(tmp_path / "t.xlsx", rows))
    assert sheet.heading_row == HEADING_ROW
    assert sheet.rows == [5, 7]
    assert sheet.address("aware_date", 1) == cell("aware_date", 7)
    assert sheet.cells["aware_date"] == [AWARE, ""]
    assert sheet.cells["closed"] == ["", AWARE]


def test_headings_in_any_spelling() -> None:
    row = (" REF.\nNo: ", "date  aware", "Abuse / Neglect", "DOB", "Décision", "Panel, Ofsted & DfE informed")
    sheet = incidents(book((), ("Title",), row, ("CI-1", AWARE)))
    assert sheet.numbers == {
        "reference": 1,
        "aware_date": 2,
        "abuse_or_neglect": 3,
        "date_of_birth": 4,
        "review_informed": 6,
    }
    assert sheet.unknown == {5: "Décision"}


def test_a_proper_heading_goes_before_an_alias_and_a_second_one_is_told() -> None:
    sheet = incidents(book(("Ref", "Reference", "Date aware", "Date aware"), ("x", "CI-1", AWARE, AWARE)))
    assert sheet.numbers == {"reference": 2, "aware_date": 3}
    assert sheet.repeated == {4: "aware_date"}
    assert sheet.unknown == {1: "Ref"}


def test_a_configured_heading_is_the_only_one() -> None:
    workbook = book(("Reference", "Date aware", "First heard"), ("CI-1", AWARE, dt.date(2026, 11, 17)))
    columns = {"incidents": {"aware_date": "first  heard"}}
    assert incidents(workbook, columns=columns).numbers == {"reference": 1, "aware_date": 3}
    columns = {"incidents": {"decision": "Outcome of HoS call"}}
    with pytest.raises(TrackerUnusable, match=r"columns\.incidents\.decision.*row 1 .*no such heading"):
        incidents(workbook, columns=columns)


def test_a_configured_heading_goes_before_the_proper_heading_of_another_column() -> None:
    workbook = book(("Ref", "Date aware", "Outcome", "Panel notified"), ("CI-1", AWARE, "Placed", "Yes"))
    configured = {"incidents": {"outcome_of_action": "Outcome", "panel_notified": ""}}
    sheet = incidents(workbook, columns=configured)
    assert sheet.numbers == {"reference": 1, "aware_date": 2, "outcome_of_action": 3}
    assert sheet.unknown == {4: "Panel notified"}


def test_own_words_for_choices_come_along() -> None:
    sheet = incidents(
        book(("Ref", "Date aware", "Outcome"), ("CI-1", AWARE, "SI")), choices={"outcome": {"SI": "Death"}}
    )
    column = sheet.sheet.columns["outcome"]
    read = read_column(column, sheet.cells["outcome"], {}, sheet.own_words["outcome"], date_1904=False)
    assert read.values == ["Death"]


def test_a_group_heading_above_is_not_taken_for_the_headings() -> None:
    sheet = incidents(book(("Incident", None, "Decision"), ("Ref", "Date aware", "Outcome"), ("CI-1", AWARE, "Death")))
    assert sheet.heading_row == 2


def test_the_totals_row_of_a_table_is_no_incident() -> None:
    workbook = book(("Reference", "Date aware", "Team"), ("CI-1", AWARE, "Heron"), ("Number of incidents", 1, None))
    table = Table(displayName="Log", ref="A1:C3", totalsRowCount=1)
    table.tableColumns = [TableColumn(id=n, name=name) for n, name in enumerate(("Reference", "Date aware", "Team"), 1)]
    workbook.worksheets[0].add_table(table)
    assert incidents(workbook).rows == [2]


@pytest.mark.parametrize(
    "row",
    [
        *[("Total", 3, None), (None, 3.0, 2), (None, "TOTAL", 7), ("Sub-total", None, None)],
        *[("ref", "DATE aware", "team"), ("Notes: amber rows are waiting for the police", None, None)],
        *[("CI-2", None, None), (None, None, "Team Otter"), (7, None, None), ("CI 2 of 2026", None, None)],
        *[("KEY", None, None), ("Red", None, "Overdue"), ("Updated by A. Sample", None, None)],
        *[("e.g. CI-7", AWARE, "Heron"), ("CI-7", AWARE, "Example"), ("Last updated", AWARE, None)],
    ],
)
def test_rows_that_are_no_incidents(row: tuple[object, ...]) -> None:
    assert incidents(book(("Ref", "Date aware", "Team"), ("CI-1", AWARE, "Heron"), row)).rows == [2]


@pytest.mark.parametrize(
    "row",
    [
        *[("CI-2", None, "Heron"), (None, AWARE, None), ("CI-2a", None, "Heron"), ("Panel case", AWARE, None)],
        ("Notes: amber rows are waiting for the police", AWARE, None),
    ],
)
def test_rows_that_are_incidents_with_something_missing(row: tuple[object, ...]) -> None:
    assert incidents(book(("Ref", "Date aware", "Team"), ("CI-1", AWARE, "Heron"), row)).rows == [2, 3]


def test_rows_that_are_no_incidents_are_named_once() -> None:
    rows = [("CI-1", AWARE, "Heron"), ("CI-2",), ("CI-3",), (), ("KEY",), ("Red", None, "Overdue"), ("2025/26",)]
    sheet = incidents(book(("Ref", "Date aware", "Team"), *rows))
    assert sheet.in_advance == {3: "CI-2", 4: "CI-3"}
    assert [(remark.code, remark.severity, remark.cell, remark.message) for remark in sheet.remarks] == [
        (
            "not-entries",
            "note",
            "Incidents!A3",
            "Not read as entries, because they lack a date or a reference like the others: rows 6 to 8. Typed in "
            "advance, for new incidents: the references in rows 3 and 4.",
        )
    ]


def test_the_incidents_below_a_title_of_closed_ones_are_closed() -> None:
    headings = ("Ref", "Date aware", "Team")
    rows = [("CI-3", AWARE), (), ("CLOSED CASES",), headings, ("CI-1", AWARE), ("2025",), ("CI-2", None, "Heron")]
    sheet = incidents(book(headings, *rows, ("OPEN CASES",), ("CI-4", AWARE)))
    assert sheet.rows == [2, 6, 8, 10]
    assert sheet.counted_closed == [False, True, True, False]


def test_hidden_filtered_and_merged_parts_are_read_all_the_same() -> None:
    workbook = book(("Critical incidents",), (), ("Ref", "Date aware"), ("CI-1", AWARE), ("CI-2", AWARE))
    page = workbook.worksheets[0]
    page.merge_cells("A1:D2")
    page.auto_filter.ref = "A3:B5"
    page.row_dimensions[5].hidden = True
    page.column_dimensions["B"].hidden = True
    page.sheet_state = "hidden"
    workbook.create_sheet("Front page")
    assert incidents(workbook).cells["reference"] == ["CI-1", "CI-2"]


def test_what_excel_has_no_value_for_is_told_apart_from_nothing() -> None:
    workbook = book(("Ref", "Date aware", "Decision date", "Outcome"), ("CI-1", "=TODAY()", "#N/A", None))
    sheet = incidents(workbook)
    assert sheet.cells["aware_date"] == [NO_RESULT]
    assert sheet.cells["decision_date"] == [ErrorValue("#N/A")]
    assert sheet.cells["outcome"] == [""]


def test_a_1904_workbook_has_the_same_dates(tmp_path: Path) -> None:
    rows = {"incidents": [{"reference": "CI-1", "aware_date": AWARE}]}
    tracker = read(save_workbook(tmp_path / "t.xlsx", rows, epoch_1904=True))
    assert tracker.date_1904
    assert tracker.sheets["incidents"].cells["aware_date"] == [AWARE]


def test_the_sheet_is_found_by_name_alias_or_headings_and_else_asked_for() -> None:
    headings = ("Ref", "Date aware")
    assert incidents(book(headings, name="  INCIDENT log ")).name == "  INCIDENT log "
    workbook = book(headings, name="2026-27")
    assert incidents(workbook).name == "2026-27"
    workbook.create_sheet("2025-26").append(headings)
    with pytest.raises(TrackerUnusable, match=r"2 of them could be it: “2026-27”, “2025-26”"):
        read(workbook)
    assert incidents(workbook, sheets={"incidents": "2025-26"}).name == "2025-26"
    with pytest.raises(TrackerUnusable, match=r"sheets\.incidents is “2024-25”"):
        read(workbook, sheets={"incidents": "2024-25"})
    with pytest.raises(TrackerUnusable, match="none of them has the headings"):
        read(book(("Something", "else"), name="Sheet1"))


def with_sheet(
    workbook: openpyxl.Workbook, name: str, *rows: tuple[object, ...], state: str = "visible"
) -> openpyxl.Workbook:
    page = workbook.create_sheet(name)
    for row in rows:
        page.append(row)
    page.sheet_state = state
    return workbook


HEADINGS = ("Ref", "Date aware")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_never_goes_before_a_visible_one(state: str) -> None:
    workbook = book(HEADINGS, ("CI-2", AWARE), name="Incidents 2026")
    sheet = incidents(with_sheet(workbook, "Incidents", HEADINGS, ("CI-1", AWARE), state=state))
    assert sheet.name == "Incidents 2026"
    assert [(remark.code, remark.severity, remark.message) for remark in sheet.remarks] == [
        (
            "other-sheet",
            "note",
            "The sheet “Incidents 2026” is read as the log. “Incidents” (hidden) could be it too. To choose, name one "
            'or several in config.toml: sheets.incidents = ["Incidents 2026"].',
        )
    ]


def test_headings_and_rows_go_before_the_name() -> None:
    workbook = with_sheet(book(HEADINGS, ("CI-1", AWARE), name="2026"), "Incidents", ("Name", "Telephone"), ("A", "1"))
    assert incidents(workbook).name == "2026"
    workbook = with_sheet(book(HEADINGS, ("CI-1", AWARE), name="2026"), "Incidents", HEADINGS)
    assert incidents(workbook).name == "2026"
    workbook = with_sheet(book(HEADINGS, ("CI-1", AWARE), name="2026"), "Incidents", HEADINGS, ("CI-2", AWARE))
    sheet = incidents(workbook)
    assert sheet.name == "Incidents"
    assert [(remark.code, remark.severity) for remark in sheet.remarks] == [("other-sheet", "warning")]


def test_a_list_with_the_name_of_an_optional_sheet_is_not_it() -> None:
    workbook = with_sheet(book(HEADINGS, ("CI-1", AWARE)), "Agencies", ("Agency", "Contact"), ("Police", "Desk"))
    tracker = read(workbook)
    assert list(tracker.sheets) == ["incidents"]
    assert [remark.code for remark in tracker.sheets["incidents"].remarks] == ["not-that-sheet"]
    tracker = read(workbook, sheets={"scoping": ()})
    assert list(tracker.sheets) == ["incidents"]
    assert not tracker.sheets["incidents"].remarks
    with_sheet(workbook, "Scoping", ("Reference", "Agency"), ("CI-1", "Police"))
    assert read(workbook).sheets["scoping"].name == "Scoping"
    assert "scoping" not in read(workbook, sheets={"scoping": ()}).sheets


def test_a_name_in_the_settings_is_that_name() -> None:
    workbook = with_sheet(book(HEADINGS, ("CI-1", AWARE), name="Log-2026"), "Log 2026", HEADINGS, ("CI-2", AWARE))
    assert incidents(workbook, sheets={"incidents": " log 2026 "}).name == "Log 2026"
    with pytest.raises(TrackerUnusable, match=r"sheets\.incidents is “Log_2026”"):
        read(workbook, sheets={"incidents": "Log_2026"})


def test_headings_of_symbols_are_told_apart() -> None:
    workbook = book(("🚩", "#", "Date aware", "–"), ("x", "CI-1", AWARE, "y"))
    sheet = incidents(workbook, columns={"incidents": {"reference": "#"}})
    assert sheet.numbers == {"reference": 2, "aware_date": 3}
    workbook = book(("Ref.", "Ref", "Date aware"), ("x", "CI-1", AWARE))
    assert incidents(workbook, columns={"incidents": {"reference": "Ref"}}).numbers["reference"] == 2


def test_references_are_what_excel_shows() -> None:
    workbook = book(("Ref", "Date aware", "Team", "Outcome"), (14, AWARE, 7, "Death"), (dt.date(2026, 3, 1), AWARE))
    page = workbook.worksheets[0]
    page["A2"].number_format = '"CI-2026-"000'
    page["A3"].number_format = "mmm-yy"
    page["C2"].number_format = '"Team "0'
    sheet = incidents(with_sheet(workbook, "Scoping", ("Reference", "Agency"), ("CI-2026-014", "Police")))
    read = read_column(sheet.sheet.columns["reference"], sheet.cells["reference"], {}, date_1904=False)
    assert read.values == ["CI-2026-014", "Mar-26"]
    assert [(fault.code, fault.predicate) for fault in read.faults.values()] == [
        ("reference-is-date", "holds the date 01/03/2026, which Excel shows as “Mar-26”, and no reference")
    ]
    assert sheet.cells["team"] == ["Team 7", ""]
    assert sheet.stored == {(2, 1): 14.0, (2, 3): 7.0, (3, 1): dt.date(2026, 3, 1)}


CLOSED_BY = Layout(closed_column="Case status", closed_words=("Closed", "Y", "TRUE"))


def test_closed_in_words() -> None:
    said = ["Closed", "closed - NFA", "Open", "Y 12/11", True, "Yearly", "", "Closed?"]
    rows = [(f"CI-{number}", AWARE, cell) for number, cell in enumerate(said, 1)]
    workbook = book((*HEADINGS, "Case status"), *rows)
    assert not any(incidents(workbook).counted_closed)
    expected = [True, True, False, True, True, False, False, False]
    assert incidents(workbook, layout=CLOSED_BY).counted_closed == expected
    with pytest.raises(TrackerUnusable, match=r"closed\.column is headed “Case status”"):
        incidents(book(HEADINGS, ("CI-1", AWARE)), layout=CLOSED_BY)


def test_words_in_the_column_of_the_date_of_closing_are_no_faults() -> None:
    rows = [("CI-1", AWARE, "Y"), ("CI-2", AWARE, "No"), ("CI-3", AWARE, AWARE), ("CI-4", AWARE, "20/3 perhaps")]
    layout = Layout(closed_column="Closed?", closed_words=("Y",))
    sheet = incidents(book((*HEADINGS, "Closed?"), *rows), columns={"incidents": {"closed": "Closed?"}}, layout=layout)
    assert sheet.counted_closed == [True, False, False, False]
    assert sheet.cells["closed"] == ["", "", AWARE, "20/3 perhaps"]


def test_the_one_sheet_that_comes_near_is_told_what_it_lacks() -> None:
    workbook = book(("Log no", "Date LA heard of it", "Outcome"), ("CI-1", AWARE, "Death"), name="2026-27")
    workbook.create_sheet("Teams").append(["Team", "Head"])
    with pytest.raises(TrackerUnusable, match=r"Row 1 of the sheet “2026-27” has no heading “Date aware”"):
        read(workbook)


def test_our_columns_go_where_nothing_is_in_the_way() -> None:
    workbook = book(("Ref", "Date aware", None, None, "Notes"), ("CI-1", AWARE))
    assert incidents(workbook).next_column == 6
    workbook.worksheets[0]["H9"] = "a remark beside the log"
    assert incidents(workbook).next_column == 9


def test_a_table_without_room_at_its_right_is_refused_with_the_column() -> None:
    workbook = book(("Ref", "Date aware", None, None, "A list of teams"), ("CI-1", AWARE, None, None, "Heron"))
    workbook.worksheets[0].add_table(Table(displayName="Log", ref="A1:B2"))
    with pytest.raises(TrackerUnusable, match=r"7 more columns at its right end, but column E"):
        read(workbook)


@pytest.mark.parametrize(("area", "reaches"), [("A3:B5", 2), ("A3:K5", 11), ("A9:B10", 0), (None, 0)])
def test_how_far_the_filter_reaches(area: str | None, reaches: int) -> None:
    workbook = book(("Critical incidents",), (), ("Ref", "Date aware"), ("CI-1", AWARE), ("CI-2", AWARE))
    workbook.worksheets[0].auto_filter.ref = area
    assert incidents(workbook).filtered_to == reaches


def test_what_is_left_of_ours_on_an_emptied_row_is_known() -> None:
    workbook = book(("Ref", "Date aware", "Status", "Checked on"), (None, " ", "Overdue", AWARE), ("CI-2", AWARE))
    sheet = incidents(workbook)
    assert sheet.rows == [3]
    assert sheet.emptied == [(2, 3, "status", "Overdue"), (2, 4, "checked_on", AWARE)]


@pytest.mark.parametrize("stray", ["XFD1048576", "BK900000"])
def test_a_stray_cell_far_out_is_named_instead_of_filling_the_memory(stray: str) -> None:
    workbook = book(("Ref", "Date aware"), ("CI-1", AWARE))
    workbook.worksheets[0][stray] = "x"
    with pytest.raises(TrackerUnusable, match=f"reaches as far as {stray}"):
        read(workbook)


def test_a_year_and_a_number_in_advance_are_no_incident() -> None:
    rows = [("2026-27", "1", AWARE), ("2026-27", "2", None)]
    workbook = book(("FY", "No", "Date aware"), *rows)
    sheet = incidents(workbook, columns={"incidents": {"reference": "No", "reference_prefix": "FY"}})
    assert (sheet.rows, sheet.pages[0].in_advance) == ([2], {})
