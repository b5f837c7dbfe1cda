"""Entries put into a tracker: what was empty is filled, what a person saved in between stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.workbook.defined_name import DefinedName

from scripts import check_tracker
from scripts.adapters.storage.local_store import LocalStore
from scripts.adapters.storage.store import Store
from scripts.adapters.tracker.entering import Entered, enter
from scripts.adapters.workbook.new.new_workbook import build
from scripts.adapters.workbook.read import Names
from scripts.adapters.workbook.xlsx import Package
from tests.adapters.workbook.xlsx.books import part, parts, zipped
from tests.builders import rules
from tests.scripts.trackers import AS_OF, address_of, cells_of, column_of, incident, save_tracker, told
from tracker_schema.columns.schema import new_tracker_schema, tracker_schema
from tracker_schema.incidents.incident import Tracker
from tracker_schema.layouts.rows import column_letters
from tracker_schema.returns.entries.entries import Entry

TUESDAY = dt.date(2026, 11, 24)
PERSONS = {sheet.id: [column.id for column in sheet.column if not column.by_script] for sheet in tracker_schema().sheet}
SCOPING = [
    {"reference": "CI-1", "agency": agency, "contact": None, "sent": AS_OF, "returned": None}
    for agency in ("Police", "Health")
]


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    return save_tracker(tmp_path / "log.xlsx", [incident("CI-1"), incident("CI-2")], scoping=SCOPING)


def entered(path: Path, *entries: Entry, dry_run: bool = False, store: Store | None = None) -> Entered:
    return enter(
        store or LocalStore(path, copies_folder=None, copies=0),
        Names(),
        rules(),
        entries,
        AS_OF,
        allowed=PERSONS,
        dry_run=dry_run,
        progress=lambda _: None,
    )


def edited(path: Path, cells: Mapping[Any, Any], sheet: str = "incidents") -> Path:
    """The tracker after a person typed into it: by column id and row, or by the address of a cell beside the log."""
    page = tracker_schema().sheets[sheet].heading
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        address = place if isinstance(place, str) else address_of(path, place[0], place[1], sheet).partition("!")[2]
        book[page][address] = value
    book.save(path)
    return path


NEW = Entry(
    "incidents",
    "CI-3",
    {"aware_date": dt.date(2026, 11, 17), "outcome": "Death", "abuse_or_neglect": "Known", "form_received": AS_OF},
    new_row=True,
)
RETURNED = Entry("scoping", "CI-1", {"returned": TUESDAY}, "Health")


def test_an_empty_cell_is_filled(tracker: Path) -> None:
    before = cells_of(tracker)
    done = entered(tracker, RETURNED)
    assert (done.refusal, done.cells_written, done.rows_added) == (None, 1, 0)
    assert column_of(tracker, "Returned", "Scoping") == ["", TUESDAY]
    assert cells_of(tracker) == before
    again = entered(tracker, RETURNED)
    assert (again.cells_written, again.plan.placed[0].conflicts) == (0, [])


def test_a_dry_run_writes_nothing(tracker: Path) -> None:
    before = tracker.read_bytes()
    done = entered(tracker, RETURNED, dry_run=True)
    assert done.plan.cells
    assert done.cells_written == 0
    assert tracker.read_bytes() == before


class Interrupted(LocalStore):
    """A tracker into which a person types just before each of the first writes."""

    edits: list[tuple[str, Any]]

    def write(self, *arguments: Any) -> Any:
        if self.edits:
            sheet, cells = self.edits.pop(0)
            edited(self._path, cells, sheet)
        return super().write(*arguments)


def test_what_a_person_types_in_between_stays(tracker: Path) -> None:
    store = Interrupted(tracker, copies_folder=None, copies=0)
    store.edits = [("scoping", {("returned", 6): dt.date(2026, 11, 20)})]
    done = entered(tracker, RETURNED, store=store)
    assert done.cells_written == 0
    assert [conflict.cell for conflict in done.plan.placed[0].conflicts] == [
        address_of(tracker, "returned", 6, "scoping")
    ]
    assert column_of(tracker, "Returned", "Scoping") == ["", dt.date(2026, 11, 20)]


def test_entries_may_be_made_from_the_tracker_as_it_is(tracker: Path) -> None:
    store = Interrupted(tracker, copies_folder=None, copies=0)
    store.edits = [("scoping", {("agency", 6): "Nurses"})]
    seen: list[list[str]] = []

    def entries(read: Tracker) -> list[Entry]:
        agencies = [row.agency for row in read.scoping]
        seen.append(agencies)
        return [Entry("scoping", "CI-1", {"returned": TUESDAY}, agencies[-1])]

    done = enter(store, Names(), rules(), entries, AS_OF, allowed=PERSONS, dry_run=False, progress=lambda _: None)
    assert seen == [["Police", "Health"], ["Police", "Nurses"]]
    assert done.cells_written == 1


def test_a_formula_that_shows_nothing_is_left(tracker: Path) -> None:
    done = entered(edited(tracker, {("returned", 6): '=IF(D6="","","")'}, "scoping"), RETURNED)
    assert done.cells_written == 0
    assert done.plan.placed[0].conflicts[0].message == (
        f"{address_of(tracker, 'returned', 6, 'scoping')}, “Returned”, holds a formula and was not changed. "
        "Compare the two."
    )


def test_a_tracker_that_is_open_is_left_alone(tracker: Path) -> None:
    (tracker.parent / "~$log.xlsx").write_bytes(b"\x06Sample" + bytes(158))
    before = tracker.read_bytes()
    done = entered(tracker, RETURNED)
    assert done.refusal is not None
    assert done.refusal.exit_code == 4
    assert done.cells_written == 0
    assert tracker.read_bytes() == before


# New rows


@pytest.mark.parametrize("table", [False, True])
def test_a_new_incident_is_checked_like_any_other(
    table: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker = save_tracker(tmp_path / "log.xlsx", [incident("CI-1"), incident("CI-2")], table=table)
    arguments = ["--tracker", str(tracker), "--as-of", AS_OF.isoformat(), "--json"]
    assert check_tracker.main(arguments) == 0
    capsys.readouterr()
    checked = cells_of(tracker)
    done = entered(tracker, NEW)
    assert (done.refusal, done.rows_added) == (None, 1)
    assert cells_of(tracker)[:6] == checked
    assert column_of(tracker, "Reference") == ["CI-1", "CI-2", "CI-3"]
    assert column_of(tracker, "Date aware")[2] == dt.date(2026, 11, 17)
    assert column_of(tracker, "Status")[2] == ""
    tables = Package.open(tracker.read_bytes()).tables("Incidents")
    assert [table.last_row for table in tables] == ([7] if table else [])
    assert check_tracker.main(arguments) == 0
    told_of = told(capsys.readouterr().out)
    assert [each["reference"] for each in told_of["incidents"]] == ["CI-1", "CI-2", "CI-3"]
    assert column_of(tracker, "Status")[2] == told_of["incidents"][2]["status"] == "Due today"
    assert column_of(tracker, "Next due")[2] == dt.date(2026, 11, 23)
    again = entered(tracker, NEW)
    assert (again.cells_written, again.rows_added) == (0, 0)


def test_a_tracker_of_our_own_making_grows_from_empty(tmp_path: Path) -> None:
    tracker = tmp_path / "new.xlsx"
    tracker.write_bytes(build({}))
    rows = [Entry("incidents", f"CI-{n}", NEW.values, new_row=True) for n in range(1, 4)]
    for entries in (rows[:1], rows[1:], rows):
        done = entered(tracker, *entries, Entry("scoping", "CI-1", {"sent": AS_OF}, "Police", new_row=True))
        assert done.refusal is None
    assert column_of(tracker, "Reference") == ["CI-1", "CI-2", "CI-3"]
    assert column_of(tracker, "Agency", "Scoping") == ["Police"]
    book = openpyxl.load_workbook(tracker)
    page = book["Incidents"]
    width = {sheet.id: len(sheet.column) for sheet in new_tracker_schema().sheet}
    assert page.tables["Incidents"].ref == f"A4:{column_letters(width['incidents'])}7"
    assert book["Scoping"].tables["Scoping"].ref == f"A4:{column_letters(width['scoping'])}5"
    for number in range(1, width["incidents"] + 1):
        first, last = page.cell(5, number), page.cell(7, number)
        assert (first.number_format, first.fill.fgColor.rgb, first.alignment.wrap_text, first.border.top.style) == (
            last.number_format,
            last.fill.fgColor.rgb,
            last.alignment.wrap_text,
            last.border.top.style,
        )


def test_several_forms_at_once(tracker: Path) -> None:
    done = entered(
        tracker,
        NEW,
        Entry("incidents", "CI-4", {"aware_date": AS_OF}, new_row=True),
        Entry("incidents", "CI-2", {"decision": "Threshold not met", "outcome": "Death"}, new_row=True),
        RETURNED,
    )
    assert (done.rows_added, done.refusal) == (2, None)
    assert column_of(tracker, "Reference") == ["CI-1", "CI-2", "CI-3", "CI-4"]
    assert column_of(tracker, "Decision") == ["", "Threshold not met", "", ""]
    assert column_of(tracker, "Returned", "Scoping") == ["", TUESDAY]
    assert [conflict.cell for conflict in done.plan.placed[2].conflicts] == [address_of(tracker, "outcome", 6)]


@pytest.mark.parametrize(
    ("below", "first"),
    [
        ({("reference", 7): "Total", ("date_of_birth", 7): 2}, "reference"),
        ({("initials", 7): "Checked by A. Sample"}, "initials"),
    ],
)
def test_what_stands_right_below_the_log_is_not_written_over(
    below: Mapping[Any, Any], first: str, tracker: Path
) -> None:
    before = edited(tracker, below).read_bytes()
    done = entered(tracker, NEW)
    assert done.plan.placed[0].unplaced == (
        f"{address_of(tracker, first, 7)} is not empty, so no row can be added below the log. Insert empty rows in "
        "Excel below row 6, and run again.",
    )
    assert tracker.read_bytes() == before
    book = openpyxl.load_workbook(tracker)
    book["Incidents"].insert_rows(7)
    book.save(tracker)
    assert entered(tracker, NEW).rows_added == 1
    assert cells_of(tracker)[6][0] == "CI-3"
    assert [cell for cell in cells_of(tracker)[7] if cell != ""] == list(below.values())


def test_a_remark_further_down_is_no_part_of_the_log(tracker: Path) -> None:
    edited(tracker, {("reference", 9): "Checked by A. Sample"})
    entered(tracker, NEW)
    assert [line[0] for line in cells_of(tracker)[4:]] == ["CI-1", "CI-2", "CI-3", "", "Checked by A. Sample"]


def test_a_reference_that_people_have_put_aside_is_completed(tracker: Path) -> None:
    edited(tracker, {("reference", 7): "CI-3", ("reference", 8): "CI-4"})
    done = entered(tracker, NEW, Entry("incidents", "CI-5", {"aware_date": AS_OF}, new_row=True))
    assert done.rows_added == 1
    assert column_of(tracker, "Reference") == ["CI-1", "CI-2", "CI-3", "CI-4", "CI-5"]
    assert [line[0] for line in cells_of(tracker) if AS_OF in line] == ["CI-3", "CI-5"]


def test_an_incident_without_a_reference_is_part_of_the_log(tracker: Path) -> None:
    edited(tracker, {("aware_date", 7): AS_OF, ("outcome", 7): "Death"})
    entered(tracker, NEW)
    assert column_of(tracker, "Reference") == ["CI-1", "CI-2", "", "CI-3"]


def test_a_row_with_neither_reference_nor_date_aware_is_not_written_over(tracker: Path) -> None:
    before = edited(tracker, {("incident_date", 7): AS_OF, ("outcome", 7): "Death"}).read_bytes()
    assert "is not empty" in entered(tracker, NEW).plan.placed[0].unplaced[0]
    assert tracker.read_bytes() == before


def test_a_list_beside_the_log_is_not_in_the_way(tracker: Path) -> None:
    edited(tracker, {"T4": "Teams"} | {f"T{row}": "Made up" for row in range(5, 20)})
    assert entered(tracker, NEW).rows_added == 1
    assert column_of(tracker, "Teams") == ["Made up"] * 15


def test_a_column_of_a_persons_own_beside_the_log_is_part_of_it(tracker: Path) -> None:
    edited(tracker, {"R4": "Our notes", "R7": "Made up"})
    assert entered(tracker, NEW).plan.placed[0].unplaced[0].startswith("Incidents!R7 is not empty")


def test_formulas_that_people_have_filled_down_are_used(tracker: Path) -> None:
    edited(tracker, {"R4": "Days"} | {f"R{row}": f"=TODAY()-E{row}" for row in range(5, 30)})
    done = entered(tracker, NEW)
    assert (done.rows_added, list(done.plan.placed[0].by_hand)) == (1, [])
    book = openpyxl.load_workbook(tracker)
    assert [book["Incidents"][f"{letter}7"].value for letter in "AR"] == ["CI-3", "=TODAY()-E7"]


def test_a_formula_that_does_not_go_down_is_told(tracker: Path) -> None:
    edited(tracker, {"R4": "Days"} | {f"R{row}": f"=TODAY()-E{row}" for row in (5, 6)})
    assert entered(tracker, NEW).plan.placed[0].by_hand == [
        "Incidents!R6 holds a formula that Incidents!R7 may lack. If it does, fill it down in Excel."
    ]


def test_what_reads_the_log_down_to_its_end_is_told(tracker: Path) -> None:
    book = openpyxl.load_workbook(tracker)
    summary = book.create_sheet("SLT summary")
    for address, formula in {
        "A1": '=COUNTIF(Incidents!$G$5:$G$6,"Death")',
        "A2": "=COUNTA(Incidents!A4:A6)-1",
        "A3": "=COUNTA(Incidents!A:A)+Incidents!$E$6+SUM(A5:A6)",
        "A4": "=COUNTA(Scoping!A5:A6)",
        "A5": "=COUNTA('Incidents'!$A$5:$A$99)",
    }.items():
        summary[address] = formula
    book["Incidents"]["T1"] = "=MAX(E5:E6)"
    book.defined_names["Outcomes"] = DefinedName("Outcomes", attr_text="Incidents!$G$5:$G$6")
    book["Incidents"].print_area = "A1:Q6"
    chart = BarChart()
    chart.add_data(Reference(book["Incidents"], min_col=5, min_row=4, max_row=6), titles_from_data=True)
    summary.add_chart(chart, "C3")
    book.save(tracker)
    done = entered(tracker, NEW, Entry("incidents", "CI-4", {"aware_date": AS_OF}, new_row=True))
    assert [list(placed.by_hand) for placed in done.plan.placed] == [
        [
            "Incidents!T1, SLT summary!A1, SLT summary!A2, the name Outcomes, the print area and 1 more stop at row 6 "
            "of the sheet “Incidents”. Extend them in Excel to include the new row."
        ],
        [],
    ]
    assert openpyxl.load_workbook(tracker)["SLT summary"]["A1"].value == '=COUNTIF(Incidents!$G$5:$G$6,"Death")'


def test_a_drop_down_whose_range_cannot_be_read_is_reported(tracker: Path) -> None:
    contents: dict[str, str | bytes] = {**parts(tracker.read_bytes())}
    lists = '</sheetData><dataValidations count="1"><dataValidation type="list" sqref="#REF!"/></dataValidations>'
    contents["xl/worksheets/sheet1.xml"] = part(tracker.read_bytes()).replace("</sheetData>", lists)
    tracker.write_bytes(zipped(contents))
    assert entered(tracker, NEW).plan.placed[0].by_hand == [
        "A drop-down for #REF! on the sheet “Incidents” was not extended to the new row, because its range cannot be "
        "read. Correct it in Excel."
    ]


def test_a_totals_row_of_a_table_is_not_written_over(tmp_path: Path) -> None:
    tracker = save_tracker(tmp_path / "log.xlsx", [incident("CI-1"), incident("CI-2")], table=True)
    book = openpyxl.load_workbook(tracker)
    table = book["Incidents"].tables["T_incidents"]
    table.ref, table.totalsRowCount = "A4:Q7", 1
    book.save(tracker)
    done = entered(tracker, NEW)
    assert done.plan.placed[0].unplaced[0].startswith(f"{address_of(tracker, 'reference', 7)} is not empty, so no row")


def test_an_incident_that_somebody_adds_in_between_is_not_added_twice(tracker: Path) -> None:
    store = Interrupted(tracker, copies_folder=None, copies=0)
    store.edits = [("incidents", {("reference", 7): "CI-3", ("outcome", 7): "Other"})]
    done = entered(tracker, NEW, store=store)
    assert (done.rows_added, column_of(tracker, "Reference")) == (0, ["CI-1", "CI-2", "CI-3"])
    assert [conflict.cell for conflict in done.plan.placed[0].conflicts] == [address_of(tracker, "outcome", 7)]
    assert column_of(tracker, "Date aware")[2] == dt.date(2026, 11, 17)
