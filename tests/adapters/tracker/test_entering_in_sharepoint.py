"""Entries put into a tracker in SharePoint, while people work in it; what a person does is done before each request."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from scripts import check_tracker
from scripts.adapters.settings.config import SignInSettings
from scripts.adapters.storage.sharepoint_store import SharePointStore
from scripts.adapters.tracker.entering import Entered, enter
from scripts.adapters.workbook.read import Names
from scripts.adapters.workbook.xlsx import NewColumn, Package, patch
from tests.adapters.graph.sharepoint import COLUMN, NAME, NEXT_COLUMN, column_numbers, place_settings, put, saved
from tests.adapters.tracker.test_entering import NEW, PERSONS, RETURNED, SCOPING, TUESDAY
from tests.adapters.workbook.xlsx.books import changed_parts
from tests.builders import rules
from tests.scripts.layouts import per_notification, save_sheets
from tests.scripts.trackers import AS_OF, cells_of, incident, save_tracker, told
from tests.servers.graph.redirect import Killed
from tracker_schema.errors import TrackerBusy, TrackerError, TrackerUnusable
from tracker_schema.layouts.layouts import PER_NOTIFICATION, Layout
from tracker_schema.layouts.rows import column_letters
from tracker_schema.returns.entries.entries import Entry

if TYPE_CHECKING:
    from tests.servers.graph.files.files import Item
    from tests.servers.graph.server import GraphServer

COMPLETED = Entry("incidents", "CI-2", {"heads_met": AS_OF, "decision_reason": "=1+1"})
ENTRIES = (NEW, COMPLETED, RETURNED)
REFERENCE, AWARE, OUTCOME, HEADS_MET = (COLUMN[each] for each in ("reference", "aware_date", "outcome", "heads_met"))
RETURNS = column_numbers("scoping", SCOPING[0])
ROW = f"A7:{column_letters(len(COLUMN))}7"
"""The range of the first row below the two incidents."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, bytes]:
    """Two incidents and two returns: in tables, or not."""
    folder = tmp_path_factory.mktemp("books")
    incidents = [incident("CI-1"), incident("CI-2")]
    return {
        table: save_tracker(folder / f"{table}.xlsx", incidents, scoping=SCOPING, table=table).read_bytes()
        for table in (True, False)
    }


class Office:
    """The tracker in SharePoint, and the job that enters."""

    def __init__(self, graph: GraphServer, folder: Path, mode: str) -> None:
        self.graph = graph
        self.folder = folder
        self.mode = mode
        self.item: Item

    def put(self, data: bytes) -> None:
        """Begin anew with this workbook."""
        self.item = put(self.graph, data)

    def enter(self, *entries: Entry, names: Names | None = None) -> Entered:
        """Run the job and return its result."""
        names = names or Names()
        who = SignInSettings(method="secret", tenant=self.graph.entra.tenant, client_id=self.graph.entra.client_id)
        store = SharePointStore(place_settings(mode=self.mode), who, names.columns)
        return enter(
            store,
            names,
            rules(),
            entries or ENTRIES,
            AS_OF,
            allowed=PERSONS,
            dry_run=False,
            progress=lambda _: None,
        )

    def cells(self, sheet: str = "Incidents") -> list[list[Any]]:
        """Return the rows below the headings as people see them now."""
        return cells_of(saved(self.item, self.folder / "now.xlsx"), sheet)[4:]

    def references(self) -> Counter[str]:
        return Counter(row[0] for row in self.cells() if row[0] != "")

    def row(self, reference: str) -> dict[str, Any]:
        """Return the cells of the incident's only row, by column id."""
        (found,) = (row for row in self.cells() if row[0] == reference)
        return dict(zip(COLUMN, found, strict=False))

    def returned(self) -> list[Any]:
        """Return the cells under Returned."""
        return [row[RETURNS["returned"] - 1] for row in self.cells("Scoping")]

    def check_entered(self) -> None:
        """Check that everything is where it should be, once."""
        self.check_incidents()
        assert sorted(map(str, self.returned())) == ["", str(TUESDAY)]

    def check_incidents(self) -> None:
        """Check the incidents."""
        assert self.references()["CI-3"] == 1
        assert self.row("CI-3")["aware_date"] == dt.date(2026, 11, 17)
        entered = self.row("CI-3")
        assert [entered[column] for column in ("outcome", "abuse_or_neglect", "form_received")] == [
            *("Death", "Known", AS_OF),
        ]
        assert self.row("CI-2")["heads_met"] == AS_OF
        assert self.row("CI-2")["decision_reason"] == "=1+1"
        assert not Package.open(self.item.live).scan("Incidents").formulas_without_result
        for table in Package.open(self.item.live).tables("Incidents"):
            assert table.last_row == 4 + len(self.cells())


@pytest.fixture
def office(
    request: pytest.FixtureRequest,
    graph: GraphServer,
    tmp_path: Path,
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    return Office(graph, tmp_path, getattr(request, "param", "cells"))


in_each_mode = pytest.mark.parametrize("office", ["cells", "upload", "auto"], indirect=True)
with_and_without_table = pytest.mark.parametrize("table", [True, False], ids=["table", "plain"])


@in_each_mode
@with_and_without_table
def test_entries_are_written_and_read_back(office: Office, books: dict[bool, bytes], table: bool) -> None:
    office.put(books[table])
    before = office.cells()
    done = office.enter()
    assert (done.refusal, done.rows_added, done.cells_written) == (None, 1, 8)
    office.check_entered()
    for old, new in zip(before, office.cells(), strict=False):
        assert [value for value in old if value != ""] == [value for place, value in enumerate(new) if old[place] != ""]
    again = office.enter()
    assert (again.cells_written, again.rows_added, again.refusal) == (0, 0, None)
    assert not any(placed.conflicts for placed in again.plan.placed)


def test_a_whole_file_changes_only_where_it_must(office: Office, books: dict[bool, bytes]) -> None:
    office.mode = "upload"
    office.put(books[True])
    office.enter(NEW)
    assert changed_parts(books[True], office.item.live) <= {
        "xl/worksheets/sheet1.xml",
        "xl/tables/table1.xml",
        "xl/styles.xml",
    }


def test_excel_adds_the_row_to_the_table_itself(office: Office, books: dict[bool, bytes]) -> None:
    office.put(books[True])
    done = office.enter()
    (request,) = office.graph.requests_to("/rows", "POST")
    (values,) = request.json()["values"]
    sent = dict(zip(COLUMN, values, strict=True))
    assert (sent["reference"], sent["aware_date"], sent["outcome"]) == ("'CI-3", 46343, "Death")
    assert {sent[column] for column in ("initials", "date_of_birth", "incident_date")} == {""}
    assert list(done.remarks) == []


def test_below_a_plain_log_the_number_formats_follow_and_the_rest_is_told(
    office: Office, books: dict[bool, bytes]
) -> None:
    office.put(books[False])
    done = office.enter()
    assert not office.graph.requests_to("/rows", "POST")
    assert done.remarks == (
        f"Incidents!{ROW} was added while the workbook was open in Excel, so drop-downs and colours may end above it. "
        "Copy the format of the row above onto it there.",
    )
    (sent,) = (each.json() for each in office.graph.requests_to(ROW, "PATCH"))
    formats = dict(zip(COLUMN, sent["numberFormat"][0], strict=True))
    dates = ("date_of_birth", "incident_date", "aware_date")
    assert {column: formats[column] for column in ("reference", "initials", *dates)} == {
        "reference": None,
        "initials": None,
        **dict.fromkeys(dates, "yyyy-mm-dd"),
    }
    values = dict(zip(COLUMN, sent["values"][0], strict=True))
    assert (values["reference"], values["initials"]) == ("'CI-3", None)


def test_an_empty_row_of_the_table_is_used(office: Office, books: dict[bool, bytes]) -> None:
    from tests.servers.graph.excel.editing import edited, resize

    office.put(edited(books[True], lambda book: resize(next(iter(book["Incidents"].tables.values())), 0, 1)))
    office.enter()
    assert not office.graph.requests_to("/rows", "POST")
    office.check_entered()


@pytest.mark.parametrize("office", ["auto"], indirect=True)
@with_and_without_table
def test_the_whole_file_goes_unless_somebody_has_it_open(office: Office, books: dict[bool, bytes], table: bool) -> None:
    office.put(books[table])
    office.enter()
    assert not office.graph.requests_to("createSession")
    office.put(books[table])
    office.item.locked_by = "Ann Sample"
    assert office.enter().refusal is None
    assert office.graph.requests_to("createSession")
    office.check_entered()
    office.put(books[table])
    office.item.locked_by = "Ann Sample"
    office.graph.excel.refuse("EditModeAccessDenied")
    refusal = office.enter().refusal
    assert isinstance(refusal, TrackerBusy)
    assert "is locked by Ann Sample, so nothing was written" in str(refusal)
    assert office.item.live == books[table]


def test_a_log_on_several_sheets(office: Office) -> None:
    years = {"2025": ["CI-1"], "2026": ["CI-2", "CI-4"]}
    path = save_sheets(
        office.folder / "years.xlsx", {year: [incident(each) for each in refs] for year, refs in years.items()}
    )
    book = openpyxl.load_workbook(path)
    for year, references in years.items():
        book[year].add_table(Table(displayName=f"T{year}", ref=f"A3:Q{3 + len(references)}"))
    book.save(path)
    office.put(path.read_bytes())
    names = Names(sheets={"incidents": ["2026"], "closed": ["2025"]})
    done = office.enter(NEW, COMPLETED, Entry("incidents", "CI-1", {"heads_met": AS_OF}), names=names)
    assert (done.refusal, done.rows_added) == (None, 1)
    assert [row[0] for row in cells_of(saved(office.item, office.folder / "now.xlsx"), "2026")[3:]] == [
        *("CI-2", "CI-4", "CI-3"),
    ]
    assert {name: table.last_row for name in years for table in Package.open(office.item.live).tables(name)} == {
        "2025": 4,
        "2026": 6,
    }
    (request,) = office.graph.requests_to("/rows", "POST")
    assert "T2026" in request.path
    again = office.enter(NEW, COMPLETED, Entry("incidents", "CI-1", {"heads_met": AS_OF}), names=names)
    assert not again.plan


def test_a_log_with_a_row_for_each_notification(office: Office) -> None:
    rows = per_notification([incident("CI-1"), incident("CI-2", panel_notified=AS_OF)])
    office.put(save_sheets(office.folder / "log.xlsx", {"Incidents": rows}).read_bytes())
    names = Names(layout=Layout(kind=PER_NOTIFICATION))
    done = office.enter(NEW, COMPLETED, names=names)
    assert (done.refusal, done.rows_added) == (None, 1)
    cells = cells_of(saved(office.item, office.folder / "now.xlsx"))
    new = dict(zip(cells[2], cells[-1], strict=True))
    assert [new[heading] for heading in ("Reference", "Notification type", "Date of notification", "Outcome")] == [
        *("CI-3", "Critical incident", AS_OF, "Death"),
    ]
    assert not office.enter(NEW, COMPLETED, names=names).plan


# What a person may do meanwhile


def fills_the_cells(graph: GraphServer, item: Item) -> None:
    """Type other dates where ours were to go."""
    graph.person_edits(item, {"Incidents": {(6, HEADS_MET): dt.date(2026, 11, 19)}})
    graph.person_edits(item, {"Scoping": {(6, RETURNS["returned"]): dt.date(2026, 11, 20)}})


def adds_the_same(graph: GraphServer, item: Item) -> None:
    """Add the incident that we were to add, with another outcome."""
    last = max(row for row, _ in graph_cells(item) if row)
    if not any(value == "CI-3" for value in graph_cells(item).values()):
        graph.person_edits(item, {"Incidents": {(last + 1, REFERENCE): "CI-3", (last + 1, OUTCOME): "Other"}})


def adds_another(graph: GraphServer, item: Item) -> None:
    """Add another incident below the last."""
    last = max(row for row, _ in graph_cells(item))
    graph.person_edits(item, {"Incidents": {(last + 1, REFERENCE): "CI-9", (last + 1, AWARE): AS_OF}})


def inserts_above(graph: GraphServer, item: Item) -> None:
    graph.insert_row(item, "Incidents", 5, {REFERENCE: "CI-9", AWARE: dt.date(2026, 11, 20)})


def sorts(graph: GraphServer, item: Item) -> None:
    graph.sort_rows(item, "Incidents", REFERENCE, 5, descending=True)
    graph.sort_rows(item, "Scoping", RETURNS["agency"], 5)


def graph_cells(item: Item) -> dict[tuple[int, int], Any]:
    from tests.servers.graph.files.people import sheet_values

    return sheet_values(item, "Incidents")


def moments(office: Office, book: bytes, *entries: Entry) -> list[int]:
    """Return the number of each request of a run, from the one that opens the workbook on."""
    office.put(book)
    office.enter(*entries)
    paths = [request.path for request in office.graph.run]
    first = next((n for n, path in enumerate(paths, 1) if path.endswith("createSession")), len(paths) - 2)
    return list(range(first, len(paths) + 1))


with_moves = pytest.mark.parametrize("deed", [inserts_above, sorts])


@with_and_without_table
@with_moves
def test_rows_that_move_do_no_harm(
    deed: Callable[[GraphServer, Item], None], office: Office, books: dict[bool, bytes], table: bool
) -> None:
    for number in moments(office, books[table], NEW, COMPLETED):
        office.put(books[table])
        office.graph.before_request(number, lambda: deed(office.graph, office.item))
        assert office.enter(NEW, COMPLETED).refusal is None, f"before request {number}"
        office.check_incidents()
        others = ["CI-9"] if deed is inserts_above else []
        assert office.references() == Counter(["CI-1", "CI-2", "CI-3", *others]), f"before request {number}"
        assert office.row("CI-1")["heads_met"] == ""


def test_what_a_person_fills_in_stays(office: Office, books: dict[bool, bytes]) -> None:
    for number in moments(office, books[True], COMPLETED):
        office.put(books[True])
        office.graph.before_request(number, lambda: fills_the_cells(office.graph, office.item))
        done = office.enter(COMPLETED)
        written = [n for n, each in enumerate(office.graph.run, 1) if each.method == "PATCH"]
        # Between our last read and our write nobody can know.
        if number not in written:
            assert office.row("CI-2")["heads_met"] == dt.date(2026, 11, 19), f"before request {number}"
        assert done.refusal is None


@with_and_without_table
@pytest.mark.parametrize("deed", [adds_the_same, adds_another])
def test_an_incident_that_a_person_adds_stays_and_is_not_added_twice(
    deed: Callable[[GraphServer, Item], None], office: Office, books: dict[bool, bytes], table: bool
) -> None:
    for number in moments(office, books[table], NEW):
        office.put(books[table])
        office.graph.before_request(number, lambda: deed(office.graph, office.item))
        done = office.enter(NEW)
        written = [n for n, each in enumerate(office.graph.run, 1) if each.method == "PATCH"]
        if number in written and not table:
            continue  # between our last read and our write nobody can know
        assert done.refusal is None, f"before request {number}"
        if office.references()["CI-3"] == 2:  # two at one moment: neither is lost, and it is reported
            assert office.graph.run[number - 1].path.endswith("/rows")
            assert "has more than one row" in done.plan.placed[0].unplaced[0]
            continue
        others = ["CI-9"] if deed is adds_another else []
        assert office.references() == Counter(["CI-1", "CI-2", "CI-3", *others]), f"before request {number}"
        assert office.row("CI-3")["aware_date"] == dt.date(2026, 11, 17)


@pytest.mark.parametrize(
    ("office", "table", "trouble"),
    [
        *(("cells", True, trouble) for trouble in ("before", "after", "killed before", "killed after")),
        *(("cells", False, trouble) for trouble in ("after", "killed after")),
        ("upload", True, "after"),
    ],
    indirect=["office"],
)
def test_nothing_is_entered_twice(office: Office, books: dict[bool, bytes], table: bool, trouble: str) -> None:
    entries = (RETURNED, NEW) if trouble == "after" else (NEW,)
    for number in moments(office, books[table], *entries):
        office.put(books[table])
        if trouble.startswith("killed"):
            office.graph.kill_at(number, after_work=trouble.endswith("after"))
            with pytest.raises(Killed):
                office.enter(*entries)
            office.graph.new_run()
        else:
            drop: Any = trouble
            office.graph.after_request(number - 1, lambda drop=drop: office.graph.fault(drop=drop))  # type: ignore[misc]
        assert office.enter(*entries).refusal is None, f"at request {number}"
        assert office.references() == Counter(["CI-1", "CI-2", "CI-3"]), f"at request {number}"
        assert office.row("CI-3")["aware_date"] == dt.date(2026, 11, 17)
        assert office.returned() == ["", TUESDAY if RETURNED in entries else ""]


# Trouble of a known kind


def test_a_formula_that_somebody_puts_in_between_is_left(office: Office, books: dict[bool, bytes]) -> None:
    office.put(books[False])
    office.enter(COMPLETED)
    (patched,) = [n for n, each in enumerate(office.graph.run, 1) if each.method == "PATCH"][:1]

    def types_a_formula() -> None:
        from tests.servers.graph.excel import entering

        office.item.save(entering.enter(office.item.live, "Incidents", {(6, HEADS_MET): '=IF(A6="","","")'}, AS_OF, {}))

    office.put(books[False])
    office.graph.before_request(patched - 1, types_a_formula)
    office.enter(COMPLETED)
    assert (6, HEADS_MET) in Package.open(office.item.live).formulas_and_values("Incidents", 0)[0]


def test_a_column_that_somebody_moves_in_between(office: Office, books: dict[bool, bytes]) -> None:
    office.put(books[False])
    store_read = office.graph.requests_to
    office.enter()
    first = next(n for n, each in enumerate(office.graph.run, 1) if "usedRange" in each.path)
    office.put(books[False])
    office.graph.before_request(
        first, lambda: office.item.save(patch(office.item.live, {}, [NewColumn("Incidents", 4, NEXT_COLUMN, "Mine")]))
    )
    assert office.enter().refusal is None
    office.check_entered()
    assert store_read("createSession")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"code": "InsertDeleteConflict", "status": 409}, "because it would push another table down. Make room below"),
        ({"code": "InsertDeleteConflict", "status": 400}, "because it would push another table down. Make room below"),
        ({"code": "badRequest", "status": 400}, "Excel's service does not change Critical incidents.xlsx"),
    ],
)
def test_a_table_that_excel_does_not_let_grow(
    fault: dict[str, Any], message: str, office: Office, books: dict[bool, bytes]
) -> None:
    office.put(books[True])
    office.graph.fault(method="POST", path_contains="/rows", times=9, **fault)
    refusal = office.enter(NEW).refusal
    assert isinstance(refusal, TrackerUnusable)
    assert message in str(refusal)
    assert office.item.live == books[True]


def test_a_table_that_does_not_grow_although_excel_says_so(office: Office, books: dict[bool, bytes]) -> None:
    office.put(books[True])
    office.graph.fault(method="POST", path_contains="/rows", times=99, status=201, body={"index": 2})
    refusal = office.enter(NEW).refusal
    assert isinstance(refusal, TrackerError)
    assert refusal.exit_code == 4
    assert office.item.live == books[True]


def test_its_status_is_worked_out_like_any_others(
    office: Office, books: dict[bool, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    office.put(books[True])
    office.enter()
    path = saved(office.item, office.folder / NAME)
    assert check_tracker.main(["--tracker", str(path), "--as-of", AS_OF.isoformat(), "--json"]) == 0
    assert [each["status"] for each in told(capsys.readouterr().out)["incidents"]][2] == "Due today"
