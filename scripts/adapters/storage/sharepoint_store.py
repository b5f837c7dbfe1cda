"""The tracker where it lives: in a SharePoint library, while people have it open.

There are two ways to write. Cell by cell through Excel's service, which works while the workbook is open; and the whole
file, which SharePoint takes only while nobody has it open and only when it is still the version that was read. Either
way a person's edit stays, and what was written is read back. Left the choice, our own columns go cell by cell, and what
is entered for people as the whole file, cell by cell only while somebody has it open.
"""

from __future__ import annotations

import dataclasses
import io
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from scripts.adapters.graph import places
from scripts.adapters.graph.calls import Calls, NoAnswer, Refused, new_session, pause
from scripts.adapters.graph.excel import cells
from scripts.adapters.graph.excel.excel_values import answered, is_same
from scripts.adapters.graph.excel.page import Work
from scripts.adapters.graph.places import Place
from scripts.adapters.graph.sign_in import sign_in
from scripts.adapters.settings.config import SharePointSettings, SignInSettings
from scripts.adapters.storage.store import Snapshot
from scripts.adapters.workbook.read import Names, changed, read_tracker
from scripts.adapters.workbook.xlsx import Package
from tracker_schema.assessment.plan import Plan
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerUnusable

LARGEST = 200 * 2**20
READS = 4
"""How often a file that is saved while it is read is read again."""
SECONDS_TO_SETTLE = 5.0
"""What people and we change in an open workbook takes some seconds until a download shows it."""

_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
}


class SharePointStore:
    """One tracker in SharePoint, where `settings` say; `who` signs in, and `names` are what this council calls things.

    Nothing is asked of Microsoft before the first read.
    """

    def __init__(self, settings: SharePointSettings, who: SignInSettings, names: Names) -> None:
        self._settings = settings
        self._who = who
        self._names = names
        self._mode = settings.mode
        self._calls: Calls | None = None
        self._place: Place | None = None
        self._moved_under_us = 0

    def read(self) -> Snapshot:
        """The file as it is now; its version is its eTag.

        Raises TrackerUnusable when it cannot be had (SignInRefused: because we are not let in), and TrackerBusy when it
        cannot be had just now.
        """
        if self._moved_under_us:
            pause(SECONDS_TO_SETTLE * 2 ** (self._moved_under_us - 1))
        calls = self._connected()
        place = self._find(calls)
        for _ in range(READS):
            _check_size(place.name, place.size)
            data = self._content(calls, place)
            before, place = place, places.look_again(calls, place)
            self._place = place
            if before.etag == place.etag:
                return Snapshot(data, place.etag, place.name)
        raise TrackerBusy(f"{place.name} is saved again and again while it is read; the next run catches up.")

    def write(self, snapshot: Snapshot, plan: Plan) -> Snapshot:
        """The file after `plan`, made from what `snapshot` read, has been carried out.

        After a write cell by cell the version is still the one before, for SharePoint stores the change in its own
        time. Raises TrackerUnusable when a cell cannot be changed without harm or may not be changed by us, TrackerBusy
        when somebody has the file to himself, TrackerChanged when a person's edit came in between, and
        TrackerUnreachable when it is not known what came of it; then the next run puts it right.
        """
        calls, place = self._connected(), self._found()
        new = changed(snapshot.data, plan)
        if plan.peoples and self._mode == "auto":  # nothing of people's can be hit so, and a row keeps its looks
            try:
                return self._upload(calls, place, snapshot, new, plan)
            except cells.Locked as locked:
                open_in_excel = locked
            try:
                return self._write_cells(calls, place, snapshot, new, plan)
            except cells.ExcelRefused:
                raise open_in_excel from None
        if self._mode != "upload":
            try:
                return self._write_cells(calls, place, snapshot, new, plan)
            except cells.ExcelRefused as refused:
                if self._mode == "cells":
                    raise TrackerUnusable(
                        f"Excel's service does not change {place.name} for this program (error {refused.status}); set "
                        'sharepoint.mode = "auto" or "upload" in config.toml, or sign in as a person: '
                        '[sign_in] method = "device".'
                    ) from None
                self._mode = "upload"
        return self._upload(calls, place, snapshot, new, plan)

    def _write_cells(self, calls: Calls, place: Place, snapshot: Snapshot, new: bytes, plan: Plan) -> Snapshot:
        try:
            remarks = cells.write_cells(calls, place, self._work(snapshot, plan))
        except TrackerChanged:
            self._moved_under_us += 1
            raise
        return dataclasses.replace(snapshot, data=new, remarks=tuple(remarks))

    def _connected(self) -> Calls:
        if self._calls is None:
            session = new_session()
            self._calls = Calls(sign_in(self._who, session), session)
        return self._calls

    def _find(self, calls: Calls) -> Place:
        if self._place is not None:
            return places.look_again(calls, self._place)
        self._place = places.locate(calls, self._settings)
        return self._place

    def _found(self) -> Place:
        if self._place is None:
            raise TrackerUnusable("The tracker is written only after it was read.")
        return self._place

    def _content(self, calls: Calls, place: Place) -> bytes:
        try:
            data = calls.get(f"{place.path}/content").content
        except Refused as refused:
            if refused.status == 404:
                raise places.gone(place) from None
            raise places.access_denied(refused, f"what is in {place.name}") from None
        if not data:
            raise TrackerUnusable(f"{place.name} is empty; restore an earlier version of it in SharePoint.")
        return bytes(data)

    def _work(self, snapshot: Snapshot, plan: Plan) -> Work:
        tracker = read_tracker(snapshot.data, snapshot.name, self._names)
        package = Package.open(snapshot.data)
        tables = {}
        for page in (page for read in tracker.sheets.values() for page in read.pages):
            part = package.table_with_heading(page.name, page.heading_row, page.numbers["reference"])
            if part is not None:
                tables[page.name] = part.table.name
        return Work(tracker, plan, self._names.columns, tables)

    def _upload(self, calls: Calls, place: Place, snapshot: Snapshot, new: bytes, plan: Plan) -> Snapshot:
        headers = {"If-Match": snapshot.version, "Content-Type": _TYPES[place.name[-5:].lower()]}
        attempt = 0
        while True:
            attempt += 1
            try:
                answer = calls.once("put", f"{place.path}/content", new, headers).json()
                written = Snapshot(self._content(calls, place), str(answer["eTag"]), snapshot.name)
                break
            except Refused as refused:
                raise _not_taken(refused, place) from None
            except NoAnswer as trouble:
                # Whoever saved it meanwhile, perhaps ourselves: what it holds now tells.
                if not trouble.not_done and (now := places.look_again(calls, place)).etag != snapshot.version:
                    written = Snapshot(self._content(calls, place), now.etag, snapshot.name)
                    break
                calls.wait(trouble, attempt)
        if not _holds(written.data, plan, date_1904=Package.open(snapshot.data).date_1904):
            raise TrackerChanged(f"{place.name} was saved by somebody just now; run again.")
        return written


def _check_size(name: str, size: int) -> None:
    if size > LARGEST:
        raise TrackerUnusable(f"{name} has {size // 2**20} MB, more than the {LARGEST // 2**20} MB a tracker may have.")


def _not_taken(refused: Refused, place: Place) -> Exception:
    """What to raise when SharePoint does not take the new version of the file."""
    match refused.status:
        case 409 | 412:
            return TrackerChanged(f"{place.name} was saved by somebody just now, so nothing was written; run again.")
        case 423:
            return cells.locked(place, refused.holder)
        case 404:
            return places.gone(place)
        case 401 | 403 if refused.says("resourceLocked") or refused.says("notAllowed"):
            return cells.locked(place, refused.holder)
        case 401 | 403:
            return TrackerUnusable(
                f"This program may read {place.name} but not change it; ask IT to grant its app registration “write” "
                "on that site, or the signed-in account the right to edit."
            )
        case 413 | 507:
            return TrackerUnusable(f"The library of {place.name} is full; make room in it.")
    return refused


def _holds(data: bytes, plan: Plan, *, date_1904: bool) -> bool:
    """Whether the workbook holds everything that `plan` says; SharePoint may have changed other bytes of it."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets: dict[str, list[list[Any]]] = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in {write.sheet for write in plan.cells} | {new.sheet for new in plan.headings}
        }
    except (CalamineError, OSError, ValueError):
        return False
    wanted = [(cell.sheet, cell.row, cell.number, cell.new) for cell in plan.cells]
    wanted += [(new.sheet, new.row, new.number, new.heading) for new in plan.headings]
    return all(
        is_same(answered(_at(sheets[sheet], row, number), date_1904=date_1904), value, date_1904=date_1904)
        for sheet, row, number, value in wanted
    )


def _at(rows: list[list[Any]], row: int, number: int) -> Any:
    return rows[row - 1][number - 1] if row <= len(rows) and number <= len(rows[row - 1]) else ""
