"""The tracker in SharePoint: read and written through the real libraries, and what each trouble comes to."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from scripts.adapters.graph import calls
from scripts.adapters.graph.download import SECONDS_TO_SETTLE
from scripts.adapters.settings.config import SignInSettings
from scripts.adapters.storage import store as stores
from scripts.adapters.storage.sharepoint_store import SharePointStore
from scripts.adapters.storage.store import Snapshot
from scripts.adapters.workbook.read import Names, read_tracker
from scripts.adapters.workbook.xlsx import Package
from tests.adapters.graph.sharepoint import COLUMN, NAME, NEXT_COLUMN, PATH, place_settings, saved, workbook
from tests.adapters.workbook.xlsx.books import changed_parts
from tests.scripts.trackers import cells_of, incident
from tracker_schema.columns.schema import INCIDENTS, Column, Sheet, tracker_schema
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerError, TrackerUnreachable, TrackerUnusable
from tracker_schema.incidents.plan import CellWrite, NewHeading, Plan, plan_new_sheet
from tracker_schema.layouts.rows import WorkbookRows

if TYPE_CHECKING:
    from tests.servers.graph.files.files import Item
    from tests.servers.graph.server import GraphServer

STATUS = NEXT_COLUMN
REFERENCE, REASON = COLUMN["reference"], COLUMN["decision_reason"]
Open = Callable[..., SharePointStore]


@pytest.fixture
def opened(graph: GraphServer, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the store of the tracker at `PATH`; arguments are settings of [sharepoint]."""
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    who = SignInSettings(method="secret", tenant=graph.entra.tenant, client_id=graph.entra.client_id)
    return lambda **changes: SharePointStore(place_settings(**changes), who, {})


@pytest.fixture
def item(graph: GraphServer, tmp_path: Path) -> Item:
    """Three incidents, the second and third with one reference; statuses have been written before."""
    rows = [incident("CI-1"), incident("CI-2"), incident("CI-2", aware_date=dt.date(2026, 11, 12)), incident("CI-3")]
    data = workbook(tmp_path, [row | {"status": "On track", "next_due": None} for row in rows])
    return graph.add_file(f"/{PATH}", data)


def plan(*cells: tuple[int, str, Any, Any], references: Sequence[str] = ("CI-1", "CI-2", "CI-2", "CI-3")) -> Plan:
    """Return a plan that writes statuses: row, column, old, new."""
    numbers = {"status": STATUS, "next_due": STATUS + 1}
    return Plan(
        [],
        [
            CellWrite("Incidents", row, numbers[column], column, references[row - 5], old, new)
            for row, column, old, new in cells
        ],
    )


def write(store: SharePointStore, snapshot: Snapshot, plan: Plan) -> Snapshot:
    """Write a plan that was made from the snapshot."""
    return store.write(snapshot, read_tracker(snapshot.data, snapshot.name, Names()), plan)


ONE = plan((5, "status", "On track", "Overdue"))


def cell(item: Item, row: int, number: int, folder: Path, sheet: str = "Incidents") -> Any:
    return cells_of(saved(item, folder / "now.xlsx"), sheet)[row - 1][number - 1]


def edit(item: Item, change: Callable[[Worksheet], object]) -> None:
    """Change the log with openpyxl, and save the file as a person would."""
    book = openpyxl.load_workbook(io.BytesIO(item.live))
    change(book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)
    item.save(stream.getvalue())


def rename(sheet: Worksheet) -> None:
    sheet.title = "Log"


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# Reading


def test_reading(opened: Open, item: Item) -> None:
    snapshot = opened().read()
    assert snapshot == Snapshot(item.content, item.etag, NAME, item.web_url)


def test_nothing_is_asked_before_the_first_read(opened: Open, graph: GraphServer) -> None:
    opened()
    assert graph.log == []


def test_by_a_sharing_link(opened: Open, item: Item) -> None:
    assert opened(site=None, path=None, link=item.share_link).read().data == item.content


def test_what_is_saved_while_it_is_read_is_read_again(opened: Open, item: Item, graph: GraphServer) -> None:
    graph.after_request(4, lambda: graph.person_edits(item, {"Incidents": {(6, REASON): "made up"}}))
    snapshot = opened().read()
    assert (snapshot.data, snapshot.version) == (item.content, item.etag)
    assert len(graph.requests_to("/content")) == 2


def test_what_is_saved_again_and_again(opened: Open, item: Item, graph: GraphServer) -> None:
    for number in range(1, 30):
        graph.after_request(number, lambda: graph.person_edits(item, {"Incidents": {(6, REASON): str(len(graph.log))}}))
    with pytest.raises(TrackerBusy, match="is saved again and again while it is read"):
        opened().read()
    assert len(graph.requests_to("/content")) == 4


def test_an_empty_file(opened: Open, item: Item) -> None:
    item.save(b"")
    with pytest.raises(TrackerUnusable, match=r"is empty\. Restore an earlier version of it in SharePoint"):
        opened().read()


def test_a_file_that_is_too_large(opened: Open, item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "LARGEST_FILE", 1000)
    with pytest.raises(TrackerUnusable, match="MB that a tracker may have"):
        opened().read()


def test_deleted_while_it_is_read(opened: Open, item: Item, graph: GraphServer) -> None:
    graph.after_request(4, lambda: item.drive.items.clear())
    with pytest.raises(TrackerUnusable, match="was deleted or moved elsewhere while this program ran"):
        opened().read()


# Writing, in either mode


@pytest.fixture(params=["cells", "upload"])
def store(request: pytest.FixtureRequest, opened: Open, item: Item) -> SharePointStore:
    return opened(mode=request.param)


def test_values_are_stored_as_they_are_meant(store: SharePointStore, item: Item, tmp_path: Path) -> None:
    day = dt.date(2026, 11, 30)
    written = write(
        store,
        store.read(),
        plan(
            (5, "status", "On track", "=1+1"),
            (5, "next_due", "", day),
            (6, "status", "On track", "2026-11-23"),
            (7, "status", "On track", None),
            (8, "status", "On track", "Overdue\nsince 5 May"),
        ),
    )
    for rows in (cells_of(saved(item, tmp_path / "now.xlsx")), cells_of(_file(tmp_path / "then.xlsx", written.data))):
        assert [row[STATUS - 1] for row in rows[4:8]] == ["=1+1", "2026-11-23", "", "Overdue\nsince 5 May"]
        assert rows[4][STATUS] == day
    assert not Package.open(item.live).scan("Incidents").formulas_without_result


def test_a_row_that_a_person_moved(opened: Open, item: Item, graph: GraphServer, tmp_path: Path) -> None:
    store = opened(mode="cells")
    snapshot = store.read()
    graph.insert_row(item, "Incidents", 5, {REFERENCE: "CI-9"})
    write(store, snapshot, ONE)
    assert cell(item, 6, STATUS, tmp_path) == "Overdue"
    assert cell(item, 6, REFERENCE, tmp_path) == "CI-1"
    assert cell(item, 5, STATUS, tmp_path) == ""


def test_a_row_that_cannot_be_told_from_another(opened: Open, item: Item, graph: GraphServer) -> None:
    store = opened(mode="cells")
    snapshot = store.read()
    graph.insert_row(item, "Incidents", 5, {REFERENCE: "CI-9"})
    before = item.live
    with pytest.raises(TrackerChanged):
        write(store, snapshot, plan((7, "status", "On track", "Overdue")))
    assert item.live == before
    assert not graph.excel.sessions


@pytest.mark.parametrize("reference", [dt.date(2026, 1, 3), 17, 17.5, True, "'quoted", " CI-1 ", "Ref\n1"])
def test_any_reference_is_found_again(
    reference: Any, opened: Open, item: Item, graph: GraphServer, tmp_path: Path
) -> None:
    store = opened(mode="cells")
    graph.person_edits(item, {"Incidents": {(5, REFERENCE): reference}})
    snapshot = store.read()
    graph.insert_row(item, "Incidents", 5, {REFERENCE: "CI-9"})
    write(store, snapshot, ONE)
    assert cell(item, 6, STATUS, tmp_path) == "Overdue"


def test_a_cell_that_is_no_longer_what_it_was(
    store: SharePointStore, item: Item, graph: GraphServer, tmp_path: Path
) -> None:
    snapshot = store.read()
    graph.person_edits(item, {"Incidents": {(5, STATUS): "mine"}})
    with pytest.raises(TrackerChanged):
        write(store, snapshot, ONE)
    assert cell(item, 5, STATUS, tmp_path) == "mine"


def test_a_heading_that_was_renamed(opened: Open, item: Item, graph: GraphServer) -> None:
    store = opened(mode="cells")
    for heading in ((4, REFERENCE), (4, STATUS)):
        snapshot = store.read()
        before = item.live
        graph.person_edits(item, {"Incidents": {heading: "mine"}})
        with pytest.raises(TrackerChanged):
            write(store, snapshot, ONE)
        item.save(before)


def test_a_sheet_that_was_renamed(opened: Open, item: Item) -> None:
    store = opened(mode="cells")
    snapshot = store.read()
    edit(item, rename)
    with pytest.raises(TrackerChanged):
        write(store, snapshot, ONE)


def test_a_row_from_which_a_person_removed_everything(store: SharePointStore, item: Item, tmp_path: Path) -> None:
    edit(item, lambda sheet: sheet.cell(9, STATUS, "On track"))
    left_over = Plan([], [CellWrite("Incidents", 9, STATUS, "status", None, "On track", None)])
    write(store, store.read(), left_over)
    assert len(cells_of(saved(item, tmp_path / "now.xlsx"))) == 8


def test_a_row_that_a_person_fills_again(opened: Open, item: Item, graph: GraphServer, tmp_path: Path) -> None:
    store = opened(mode="cells")
    graph.person_edits(item, {"Incidents": {(9, STATUS): "On track"}})
    snapshot = store.read()
    graph.person_edits(item, {"Incidents": {(9, REFERENCE): "CI-7"}})
    with pytest.raises(TrackerChanged):
        write(store, snapshot, Plan([], [CellWrite("Incidents", 9, STATUS, "status", None, "On track", None)]))
    assert cell(item, 9, STATUS, tmp_path) == "On track"


CHECKED_ON = tracker_schema().sheets[INCIDENTS].columns["checked_on"]
NEW = Plan([NewHeading("Incidents", 4, STATUS + 2, "checked_on", "Checked on", CHECKED_ON)], [])


def test_a_heading_that_somebody_has_added_already(
    opened: Open, item: Item, graph: GraphServer, tmp_path: Path
) -> None:
    store = opened(mode="cells")
    snapshot = store.read()
    graph.person_edits(item, {"Incidents": {(4, STATUS + 3): "Checked on"}})
    write(store, snapshot, NEW)
    assert cells_of(saved(item, tmp_path / "now.xlsx"))[3].count("Checked on") == 1


def test_a_column_inserted_at_the_moment_of_writing_is_reported(opened: Open, item: Item, graph: GraphServer) -> None:
    def insert() -> None:
        edit(item, lambda sheet: sheet.insert_cols(3))

    store = opened(mode="cells")
    snapshot = store.read()
    graph.new_run()
    graph.before_request(2, insert)  # before we look: our columns are found where they are now
    write(store, snapshot, ONE)
    snapshot = store.read()
    graph.new_run()
    graph.before_request(3, insert)
    with pytest.raises(TrackerError, match=r"at the very moment when S5:S5 was written\. Check those cells") as caught:
        write(store, snapshot, plan((5, "status", "Overdue", "Closed")))
    assert caught.value.exit_code == 1


def test_new_columns_join_their_own_table_and_no_other(opened: Open, graph: GraphServer, tmp_path: Path) -> None:
    rows = [incident("CI-1") | {"status": "On track", "next_due": None}]
    item = graph.add_file(f"/{PATH}", workbook(tmp_path, rows, table=True))

    def add_table(sheet: Worksheet) -> None:
        for number in range(30, 33):
            sheet.cell(4, number, f"Mine {number}")
        sheet.add_table(Table(displayName="Mine", ref="AD4:AF5"))

    edit(item, add_table)
    store = opened(mode="cells")
    write(store, store.read(), NEW)
    assert {table.name: table.last_column for table in Package.open(item.live).tables("Incidents")} == {
        "T_incidents": STATUS + 2,
        "Mine": 32,
    }


def test_a_new_column_is_wide_enough_and_visible(opened: Open, item: Item, graph: GraphServer) -> None:
    store = opened(mode="cells")
    write(store, store.read(), NEW)
    (column, shown), *others = graph.excel.shown.items()
    assert (column, others) == (("Incidents", STATUS + 2), [])
    assert shown["columnHidden"] is False
    assert shown["columnWidth"] == 85.12  # in points: 15.5 characters, which “Checked on” takes in bold
    assert (shown["wrapText"], shown["verticalAlignment"]) == (True, "Top")


def test_where_a_heading_was_to_go_stands_something_of_a_persons(opened: Open, item: Item, graph: GraphServer) -> None:
    store = opened(mode="cells")
    snapshot = store.read()
    graph.person_edits(item, {"Incidents": {(6, STATUS + 2): "mine"}})
    before = item.live
    with pytest.raises(TrackerChanged):
        write(store, snapshot, NEW)
    assert item.live == before


def test_may_be_read_but_not_changed(store: SharePointStore, item: Item, graph: GraphServer) -> None:
    graph.site.grant = "read"
    snapshot = store.read()
    with pytest.raises(
        TrackerUnusable, match=r"may read .* but not change it|does not change Critical incidents\.xlsx"
    ):
        write(store, snapshot, ONE)
    assert len(item.history) == 0


def test_written_only_after_it_was_read(opened: Open, item: Item) -> None:
    with pytest.raises(TrackerUnusable, match="written only after it was read"):
        write(opened(), Snapshot(item.content, item.etag, NAME, item.web_url), ONE)


# Cells


@pytest.mark.parametrize("code", ["EditModeAccessDenied", "AccessDenied", "badRequest", "notImplemented"])
def test_where_excel_refuses_the_file_is_uploaded(
    code: str, opened: Open, item: Item, graph: GraphServer, tmp_path: Path
) -> None:
    graph.excel.refuse(code)
    store = opened()
    write(store, store.read(), ONE)
    assert cell(item, 5, STATUS, tmp_path) == "Overdue"
    write(store, store.read(), plan((5, "status", "Overdue", "Closed")))
    assert cell(item, 5, STATUS, tmp_path) == "Closed"
    assert len(graph.requests_to("createSession")) == 1  # that it refuses is remembered
    only_cells = opened(mode="cells")
    snapshot = only_cells.read()
    with pytest.raises(TrackerUnusable, match=r'Set sharepoint\.mode = "auto" or "upload" in config'):
        write(only_cells, snapshot, ONE)


def test_where_excel_refuses_in_the_middle_the_file_is_uploaded(
    opened: Open, item: Item, graph: GraphServer, tmp_path: Path
) -> None:
    graph.fault(method="PATCH", status=403, code="AccessDenied")
    store = opened()
    write(store, store.read(), ONE)
    assert cell(item, 5, STATUS, tmp_path) == "Overdue"
    assert len(graph.requests_to("/content", "PUT")) == 1


@pytest.mark.parametrize("code", ["invalidSessionReCreatable", "invalidSession"])
def test_a_session_that_ends_is_opened_again_once(
    code: str, opened: Open, item: Item, graph: GraphServer, tmp_path: Path
) -> None:
    store = opened(mode="cells")
    snapshot = store.read()
    graph.new_run()
    graph.before_request(3, lambda: graph.excel.end_sessions(code))
    write(store, snapshot, ONE)
    assert cell(item, 5, STATUS, tmp_path) == "Overdue"
    assert len(graph.requests_to("createSession")) == 2
    graph.fault(method="PATCH", status=404, code="itemNotFound", inner=code, times=9)
    with pytest.raises(TrackerBusy, match=r"ended its session on .* twice\. The next run catches up"):
        write(store, store.read(), plan((5, "status", "Overdue", "Closed")))


def test_somebody_who_has_the_workbook_to_himself(opened: Open, item: Item, graph: GraphServer) -> None:
    graph.fault(path_contains="createSession", status=409, code="accessConflict")
    store = opened()
    with pytest.raises(
        TrackerBusy, match="is locked by somebody whom SharePoint does not name, so nothing was written"
    ):
        write(store, store.read(), ONE)


def test_a_lock_in_the_middle_does_not_promise_that_nothing_was_written(
    opened: Open, item: Item, graph: GraphServer
) -> None:
    store = opened(mode="cells")
    snapshot = store.read()
    graph.new_run()
    graph.after_request(3, lambda: graph.fault(method="PATCH", status=423, code="resourceLocked"))
    with pytest.raises(TrackerBusy, match=r"does not name, so not everything was written\."):
        write(store, snapshot, Plan(NEW.headings, ONE.cells))


def test_a_workbook_deleted_before_it_is_written(store: SharePointStore, item: Item) -> None:
    snapshot = store.read()
    item.drive.items.clear()
    with pytest.raises(TrackerUnusable, match="was deleted or moved elsewhere while this program ran"):
        write(store, snapshot, ONE)


def test_a_workbook_renamed_before_it_is_written(
    store: SharePointStore, item: Item, graph: GraphServer, tmp_path: Path
) -> None:
    snapshot = store.read()
    item.rename("Renamed.xlsx")
    try:
        write(store, snapshot, ONE)
    except TrackerChanged:  # of an upload: read again, under the new name
        again = store.read()
        assert again.name == "Renamed.xlsx"
        write(store, again, ONE)
    assert cell(item, 5, STATUS, tmp_path) == "Overdue"


def test_after_rows_moved_under_us_it_is_given_time_to_settle(
    opened: Open, item: Item, graph: GraphServer, waits: list[float]
) -> None:
    store = opened(mode="cells")
    snapshot = store.read()
    graph.person_edits(item, {"Incidents": {(5, STATUS): "mine"}})
    for _ in range(2):
        with pytest.raises(TrackerChanged):
            write(store, snapshot, ONE)
        store.read()
    assert waits == [SECONDS_TO_SETTLE, 2 * SECONDS_TO_SETTLE]


def test_a_download_that_does_not_show_our_change_yet(
    opened: Open, item: Item, graph: GraphServer, tmp_path: Path
) -> None:
    graph.excel.save_delay = 30
    store = opened(mode="cells")
    snapshot = store.read()
    write(store, snapshot, ONE)
    stale = store.read()
    assert stale.data == snapshot.data
    patches = len(graph.requests_to("range(", "PATCH"))
    write(store, stale, ONE)  # as a run just after this one would
    assert len(graph.requests_to("range(", "PATCH")) == patches
    assert cell(item, 5, STATUS, tmp_path) == "Overdue"


# Uploads


@pytest.mark.parametrize("status", [409, 412])
def test_an_edit_since_it_was_read_is_not_overwritten(
    status: int, opened: Open, item: Item, graph: GraphServer
) -> None:
    graph.drives.conflict_status = status
    store = opened(mode="upload")
    snapshot = store.read()
    graph.person_edits(item, {"Incidents": {(6, REASON): "mine"}})
    before = item.content
    with pytest.raises(TrackerChanged, match=r"so nothing was written\. Run again"):
        write(store, snapshot, ONE)
    assert item.content == before


@pytest.mark.parametrize(
    ("owner", "message"),
    [
        ("Ann Sample", "is locked by Ann Sample, so nothing"),
        ("", "is locked by somebody whom SharePoint does not name"),
    ],
)
def test_who_has_it_open(owner: str, message: str, opened: Open, item: Item) -> None:
    store = opened(mode="upload")
    item.locked_by = owner
    with pytest.raises(TrackerBusy, match=message):
        write(store, store.read(), ONE)


def test_sharepoint_may_enter_properties_of_its_own(
    opened: Open, item: Item, graph: GraphServer, tmp_path: Path
) -> None:
    graph.drives.rewrites_uploads = True
    store = opened(mode="upload")
    write(store, store.read(), ONE)
    assert cell(item, 5, STATUS, tmp_path) == "Overdue"


def test_a_full_library(opened: Open, item: Item, graph: GraphServer) -> None:
    graph.fault(method="PUT", status=507, code="quotaLimitReached")
    store = opened(mode="upload")
    with pytest.raises(TrackerUnusable, match=r"is full\. Make room in it"):
        write(store, store.read(), ONE)


NEW_SHEET = Sheet(
    id="wanted",
    heading="Wanted",
    about="One row for each thing.",
    column=(
        Column(id="reference", heading="Reference", type="text", about="Which.", required=True, row_key=True),
        Column(id="thing", heading="Thing", type="text", about="What."),
        Column(id="done_on", heading="Done on", type="date", about="When.", written_by="script"),
    ),
)


def test_a_new_sheet_is_added_to_the_whole_file(opened: Open, item: Item, graph: GraphServer) -> None:
    store = opened()
    snapshot = store.read()
    before = item.content
    rows = read_tracker(snapshot.data, snapshot.name, Names())
    added = plan_new_sheet(rows, NEW_SHEET, {"thing": ["One, two", "Three"]})
    graph.new_run()
    graph.before_request(1, lambda: graph.person_edits(item, {"Incidents": {(5, REASON): "Made up"}}))
    with pytest.raises(TrackerChanged):
        store.write(snapshot, rows, added)
    snapshot = store.read()
    store.write(snapshot, rows, added)
    page = openpyxl.load_workbook(io.BytesIO(item.content))["Wanted"]
    assert [cell.value for cell in page[2]] == ["Reference", "Thing", "Done on"]
    lists = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert lists["A3:A2000"].startswith("Incidents!$A$5:$A$")
    assert lists["B3:B2000"] == "'Wanted lists'!$A$1:$A$2"
    assert page["A2"].font.b  # like the headings of the log
    kept = {name for name in changed_parts(before, item.content) if "worksheets/sheet1" not in name}
    assert not {name for name in kept if "styles" in name or "table" in name}
    assert not plan_new_sheet(replace_id(rows, "wanted"), NEW_SHEET, {})


def replace_id(rows: WorkbookRows, sheet_id: str) -> WorkbookRows:
    """Return the workbook as if it had that sheet."""
    return replace(rows, sheets={**rows.sheets, sheet_id: rows.sheets[INCIDENTS]})


def test_an_upload_that_fails_for_good(opened: Open, item: Item, graph: GraphServer, waits: list[float]) -> None:
    graph.fault(method="PUT", status=503, times=99)
    store = opened(mode="upload")
    with pytest.raises(TrackerUnreachable):
        write(store, store.read(), ONE)
    assert len(graph.requests_to("/content", "PUT")) == calls.ATTEMPTS
    assert len(waits) == calls.ATTEMPTS - 1
    assert len(item.history) == 0


def test_somebody_saves_over_an_upload_whose_answer_was_lost(opened: Open, item: Item, graph: GraphServer) -> None:
    store = opened(mode="upload")
    snapshot = store.read()
    before = item.content
    graph.new_run()
    graph.fault(method="PUT", drop="after")
    graph.after_request(1, lambda: item.save(before))
    with pytest.raises(TrackerChanged):
        write(store, snapshot, ONE)
    assert len(graph.requests_to("/content", "PUT")) == 1


def test_an_upload_that_cannot_be_read_back_is_not_called_somebodys_change(
    opened: Open, item: Item, graph: GraphServer
) -> None:
    store = opened(mode="upload")
    snapshot = store.read()
    graph.new_run()
    graph.after_request(1, lambda: item.save(b"PK damaged"))
    with pytest.raises(TrackerError) as caught:
        write(store, snapshot, ONE)
    assert type(caught.value) is TrackerError
    assert caught.value.problem == f"{NAME} was uploaded but could not be read back."
    assert "Version history" in caught.value.remedy


def test_a_sheet_renamed_right_after_an_upload_is_somebodys_change(
    opened: Open, item: Item, graph: GraphServer
) -> None:
    store = opened(mode="upload")
    snapshot = store.read()
    graph.new_run()
    graph.after_request(1, lambda: edit(item, rename))
    with pytest.raises(TrackerChanged):
        write(store, snapshot, ONE)
