"""Documents asked for in a tracker in SharePoint, with people, other runs and death at every request."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from scripts.adapters.graph.calls import Calls
from scripts.adapters.settings.build import council_of, rules_of
from scripts.adapters.settings.config import Config, SignInSettings
from scripts.adapters.settings.documents_settings import DocumentsSettings
from scripts.adapters.storage.sharepoint_store import SharePointStore
from scripts.adapters.word.documents.asked import Asked, make_asked
from scripts.adapters.word.documents.making import Maker, Order
from tests.adapters.graph.sharepoint import place_settings, put, saved
from tests.scripts.trackers import AS_OF, cells_of, incident, save_tracker
from tests.servers.graph.redirect import Killed
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.errors import TrackerBusy

if TYPE_CHECKING:
    from tests.servers.graph.files.files import Item
    from tests.servers.graph.server import GraphServer

FORM = "Critical Incident Form"
FIRST = 5
ROWS = [{"reference": "CI-1", "document": FORM}, {"reference": "CI-2", "document": FORM}]
FILES = [f"/Trackers/Cases/CI-{number}/CI-{number} critical-incident-form 2026-11-23.docx" for number in (1, 2)]


# Each request of a pass is tried with EVERY_REQUEST=1; without it every so many, which takes a tenth of the time.
STEP = 1 if os.environ.get("EVERY_REQUEST") else 7


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a small tracker with two incidents, for each of which a form is wanted."""
    path = save_tracker(
        tmp_path_factory.mktemp("book") / "made.xlsx", [incident("CI-1", risk=None), incident("CI-2", risk=None)]
    )
    workbook = openpyxl.load_workbook(path)
    page = workbook.create_sheet("Documents")
    columns = tracker_schema().sheets["documents"].columns
    for number, (column, definition) in enumerate(columns.items(), 1):
        page.cell(FIRST - 1, number, definition.heading)
        for row, values in enumerate(ROWS, FIRST):
            page.cell(row, number, values.get(column))
    workbook.save(path)
    return path.read_bytes()


class QuickMaker(Maker):
    """Makes documents that hold nothing."""

    def make(self, order: Order) -> bytes:
        return f"made on {order.as_of}".encode()


class Office:
    """The tracker in SharePoint, and the job that makes what is asked for."""

    def __init__(self, graph: GraphServer, folder: Path, book: bytes) -> None:
        self.graph = graph
        self.mode = "auto"
        self.documents = DocumentsSettings()
        self.item: Item
        self._folder = folder
        self._book = book

    def begin(self, book: bytes | None = None) -> None:
        """Begin anew, without any folder of a case."""
        self.graph.drive.made_folders.clear()
        self.item = put(self.graph, book or self._book)

    def store(self) -> SharePointStore:
        who = SignInSettings(method="secret", tenant=self.graph.entra.tenant, client_id=self.graph.entra.client_id)
        return SharePointStore(place_settings(mode=self.mode), who, {})

    def make(self) -> Asked:
        config = Config(documents=self.documents)
        store = self.store()
        maker = QuickMaker(rules_of(config), council_of(config))
        ledger = self._folder / "ledger.sqlite3"
        return make_asked(config, store, maker, AS_OF, ledger=ledger, dry_run=False, progress=lambda _: None)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the sheet Documents that hold anything, by heading, as people see them now."""
        cells = cells_of(saved(self.item, self._folder / "now.xlsx"), "Documents")[3:]
        return [dict(zip(cells[0], row, strict=True)) for row in cells[1:] if any(cell != "" for cell in row)]

    def files(self) -> list[str]:
        return sorted(item.path for item in self.graph.drive.items.values() if item is not self.item)

    def requests(self) -> int:
        """Return how many requests a pass takes."""
        self.begin()
        assert self.make().refusal is None
        return len(self.graph.run)

    def finish(self) -> None:
        """Run passes until one was not kept from writing, as run_schedule does."""
        for _ in range(3):
            if self.make().refusal is None:
                return
        raise AssertionError("still refused")


@pytest.fixture
def office(
    graph: GraphServer, tmp_path: Path, book: bytes, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> Office:
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    return Office(graph, tmp_path, book)


def check_made(office: Office, when: str = "") -> None:
    """Check that both documents were made once, and entered with a link."""
    assert office.files() == FILES, when
    by_reference = {row["Reference"]: row for row in office.rows()}
    for reference in ("CI-1", "CI-2"):
        row = by_reference[reference]
        assert (row["Made on"], row["Remark"]) == (AS_OF, ""), when
        assert row["File"] == f"{reference} critical-incident-form 2026-11-23", when


@pytest.mark.parametrize("mode", ["auto", "cells", "upload"])
def test_each_is_made_once_in_the_same_library(office: Office, mode: str) -> None:
    office.begin()
    office.mode = mode
    assert office.make().refusal is None
    check_made(office)
    from tests.servers.graph.excel.books import read_book

    link = read_book(office.item.live).pages["Documents"].at(5, 5).formula
    assert link == (
        '=HYPERLINK("https://contoso.sharepoint.com/sites/slt/Shared%20Documents/Trackers/Cases/CI-1/'
        'CI-1%20critical-incident-form%202026-11-23.docx?web=1","CI-1 critical-incident-form 2026-11-23")'
    )
    before = office.item.live
    assert not office.make().lines
    assert office.item.live == before
    office.graph.drives.page_size = 1
    assert office.make().refusal is None
    check_made(office)


def edits(office: Office) -> None:
    """Ask for another document, in a row above, and write beside the others."""
    if len(office.rows()) == 2:
        office.graph.insert_row(office.item, "Documents", FIRST, {1: "CI-2", 2: "Unheard of"})
        office.graph.person_edits(office.item, {"Incidents": {(5, 3): "ZY"}})


def sorts(office: Office) -> None:
    office.graph.sort_rows(office.item, "Documents", 1, FIRST, descending=True)


@pytest.mark.parametrize(("mode", "deed"), [("auto", edits), ("auto", sorts), ("upload", edits)])
def test_a_person_edits_the_sheet_before_every_request(
    office: Office, deed: Callable[[Office], None], mode: str
) -> None:
    office.mode = mode
    for number in range(STEP // 2 + 1, office.requests() + 1, STEP):
        office.begin()
        office.graph.before_request(number, lambda: deed(office))
        office.finish()
        office.graph.new_run()
        office.finish()
        check_made(office, f"before request {number}")
        if deed is edits and len(office.rows()) == 3:
            (own,) = (row for row in office.rows() if row["Document"] == "Unheard of")
            assert "no document with that name" in own["Remark"], f"before request {number}"


def test_another_pass_at_every_request(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    once, number, at = Calls.once, 0, 0

    def with_another_pass(calls: Calls, *arguments: Any) -> Any:
        nonlocal number
        number += 1
        if number == at:
            office.finish()
        return once(calls, *arguments)

    monkeypatch.setattr(Calls, "once", with_another_pass)
    for at in range(STEP // 2 + 1, office.requests() + 1, STEP):
        office.begin()
        number = 0
        office.finish()
        check_made(office, f"before request {at}")


@pytest.mark.parametrize(("mode", "after_work"), [("auto", False), ("auto", True), ("upload", True)])
def test_killed_before_and_after_every_request(office: Office, mode: str, after_work: bool) -> None:
    office.mode = mode
    for number in range(STEP // 2 + 1, office.requests() + 1, STEP):
        office.begin()
        office.graph.kill_at(number, after_work=after_work)
        with pytest.raises(Killed):
            office.make()
        office.graph.new_run()
        office.graph.excel.end_sessions("invalidSession")
        office.finish()
        check_made(office, f"killed at request {number}")


def test_an_answer_that_is_lost_makes_nothing_twice(office: Office) -> None:
    office.begin()
    office.graph.fault(method="PUT", path_contains=".docx", drop="after", times=2)
    office.graph.fault(method="POST", path_contains="children", status=503, after_work=True)
    office.finish()
    check_made(office)


def test_a_file_of_somebodys_is_not_overwritten(office: Office) -> None:
    office.begin()
    theirs = office.graph.add_file(FILES[0], b"theirs")
    office.finish()
    assert theirs.content == b"theirs"
    assert office.rows()[0]["File"] == "CI-1 critical-incident-form 2026-11-23 (2)"
    assert len(office.files()) == 3


def test_a_full_library_and_one_that_may_only_be_read(office: Office) -> None:
    office.begin()
    office.graph.drive.is_full = True
    assert office.make().refusal is None
    assert office.rows()[0]["Remark"] == "The library is full, so nothing can be put into it. Make room in it."
    assert (office.rows()[0]["Made on"], office.files()) == ("", [])
    office.graph.drive.is_full = False
    office.finish()
    check_made(office)
    office.begin()
    office.graph.site.grant = "read"
    assert office.make().refusal is not None
    assert office.files() == []


def test_a_folder_from_the_root_of_the_library(office: Office) -> None:
    office.begin()
    office.documents = DocumentsSettings(folder="/Case files/2026 #1")
    office.finish()
    assert office.files()[0].startswith("/Case files/2026 #1/CI-1/")
    assert "2026%20%231" in office.graph.requests_to("/content", "PUT")[0].target


def test_a_renamed_folder_is_said(office: Office) -> None:
    office.begin()
    office.finish()
    office.graph.drive.rename_folder("/Trackers/Cases/CI-1", "/Trackers/Cases/CI-1 old")
    office.finish()
    assert "is not there any more" in office.rows()[0]["Remark"]
    assert office.rows()[1]["Remark"] == ""
    office.graph.drive.rename_folder("/Trackers/Cases/CI-1 old", "/Trackers/Cases/CI-1")
    office.finish()
    check_made(office)


def test_what_the_stage_calls_for_is_entered_and_made(office: Office) -> None:
    office.begin()
    office.documents = DocumentsSettings(make="stage")
    office.finish()
    rows = office.rows()
    assert len(rows) == len(office.files()) > 4
    assert {row["Made on"] for row in rows} == {AS_OF}
    assert len({(row["Reference"], row["Document"]) for row in rows}) == len(rows)
    office.item.locked_by = "Ann Sample"  # people have it open
    office.finish()
    assert len(office.rows()) == len(rows)


def test_the_sheet_is_added_unless_somebody_has_the_workbook_open(office: Office, tmp_path: Path) -> None:
    from tests.adapters.graph.sharepoint import workbook

    office.begin(workbook(tmp_path, [incident("CI-1")]))
    office.documents = DocumentsSettings(sheet=True)
    office.item.locked_by = "Ann Sample"
    refusal = office.make().refusal
    assert isinstance(refusal, TrackerBusy)
    assert "Ann Sample" in str(refusal)
    office.item.locked_by = None
    assert office.make().refusal is None
    cells = cells_of(saved(office.item, tmp_path / "now.xlsx"), "Documents")
    assert cells[1][:3] == ["Reference", "Document", "Agency"]


def test_whether_the_folder_is_open_to_more_people_than_the_tracker(office: Office) -> None:
    office.begin()
    drive, folders = office.graph.drive, office.store().case_folders("Cases")
    assert folders.open_to_more() is False  # there is none yet
    drive.made_folders.add("/Trackers/Cases")
    ann = {"id": "1", "grantedToV2": {"user": {"id": "ann"}}}
    drive.permissions = {"/Trackers/Cases": [ann], office.item.path: [ann]}
    assert folders.open_to_more() is False
    drive.permissions["/Trackers/Cases"] = [ann, {"id": "2", "link": {"scope": "organization"}}]
    assert folders.open_to_more() is True
    office.graph.fault(method="GET", path_contains="permissions", status=403, code="accessDenied")
    assert folders.open_to_more() is None
