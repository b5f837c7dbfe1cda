"""The tracker where people work in it: a file in a SharePoint library.

There are two ways to write. Cell by cell through Excel's service, which works while the workbook is open; or the whole
file, which SharePoint takes only while nobody has it open and only when it is still the version that was read. Either
way a person's edit is kept, and what was written is read back. In mode “auto”, our own columns are written cell by
cell, and people's cells and new sheets as the whole file; people's cells cell by cell only while somebody has the
workbook open.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Mapping
from functools import partial
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from scripts.adapters.cli import clock
from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.download import READS, SECONDS_TO_SETTLE, read_version
from scripts.adapters.graph.drive_item import DriveItem, find_item, item_in, refresh
from scripts.adapters.graph.errors import NoAnswer, Refused, content_of
from scripts.adapters.graph.excel import cells
from scripts.adapters.graph.excel.excel_values import answered, is_same
from scripts.adapters.graph.excel.open_sheet import Work
from scripts.adapters.graph.excel.sessions import ExcelRefused
from scripts.adapters.graph.session import new_session
from scripts.adapters.graph.sign_in import sign_in
from scripts.adapters.graph.write_refusals import Locked, write_error
from scripts.adapters.settings.config import SharePointSettings, SignInSettings
from scripts.adapters.storage.case_folders.in_library import FoldersInLibrary
from scripts.adapters.storage.store import Snapshot
from scripts.adapters.workbook.read import changed, remarks_on
from scripts.adapters.workbook.xlsx import Package
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerError, TrackerUnusable
from tracker_schema.incidents.plan import Plan
from tracker_schema.layouts.rows import WorkbookRows

_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
}


class SharePointStore:
    """One tracker in SharePoint, where `settings` say.

    `who` signs in, and `headings` are this council's own headings, by sheet id and column id. Nothing is sent to
    Microsoft before the first read.
    """

    def __init__(
        self, settings: SharePointSettings, who: SignInSettings, headings: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._settings = settings
        self._who = who
        self._headings = headings
        self._mode = settings.mode
        self._calls: Calls | None = None
        self._item: DriveItem | None = None
        self._changes_met = 0

    @property
    def checked_on_days(self) -> int:
        """After how many calendar days the day of the last check is renewed though nothing else has changed."""
        return self._settings.checked_on_days

    def read(self) -> Snapshot:
        """Return the file as it is now; its version is its eTag.

        Raises TrackerUnusable when it cannot be read (SignInRefused: because we are not let in), and TrackerBusy when
        it cannot be read just now.
        """
        if self._changes_met:
            clock.pause(SECONDS_TO_SETTLE * 2 ** (self._changes_met - 1))
        calls = self._connect()
        item = refresh(calls, self._item) if self._item else find_item(calls, self._settings)
        data, self._item = read_version(calls, item, compare=self._settings.compare_downloads)
        return Snapshot(data, self._item.etag, self._item.name, self._item.link)

    def case_folders(self, folder: str) -> FoldersInLibrary:
        """Return the folder of the cases in the same library; `folder` starts from the tracker's own, or with “/”."""
        return FoldersInLibrary(self._located, folder)

    def write(self, snapshot: Snapshot, rows: WorkbookRows, plan: Plan) -> Snapshot:
        """Carry out `plan`, which was made from the `rows` of `snapshot`, and return the file after that.

        After a write cell by cell the version is still the one before, because SharePoint stores the change later.
        Raises TrackerUnusable when a cell cannot be changed without harm or we may not change it, TrackerBusy when
        somebody has locked the file, TrackerChanged when a person's edit came in between, TrackerUnreachable when it
        is not known whether it was written, which the next run settles; and TrackerError when it cannot be read back.
        """
        if not plan:
            return snapshot
        calls, item = self._connect(), self._item
        if item is None:
            raise TrackerUnusable("The tracker can be written only after it was read.")
        try:
            return self._write(calls, item, snapshot, rows, plan)
        except TrackerChanged:
            self._changes_met += 1
            raise

    def _write(self, calls: Calls, item: DriveItem, snapshot: Snapshot, rows: WorkbookRows, plan: Plan) -> Snapshot:
        new = changed(snapshot.data, plan)
        upload = partial(self._upload, calls, item, snapshot, new, rows, plan)
        write_cells = partial(self._write_cells, calls, item, snapshot, new, rows, plan)
        if plan.sheets:  # Excel's service adds none with drop-downs
            return upload()
        if plan.peoples and self._mode == "auto":  # the whole file cannot hit people's cells, and keeps a row's format
            try:
                return upload()
            except Locked as locked:
                try:
                    return write_cells()
                except ExcelRefused as refused:
                    raise (refused.passes if refused.sent and refused.passes else locked) from None
        if self._mode == "upload":
            return upload()
        try:
            return write_cells()
        except ExcelRefused as refused:
            if self._mode == "cells":
                raise (refused.passes or _not_for_us(refused, item)) from None
            self._mode = "upload"
            if refused.sent:  # some of it may be in the workbook, so it is planned again
                raise TrackerChanged(f"Excel's service stopped in the middle of {item.name}.", "Run again.") from None
        return upload()

    def _located(self) -> tuple[Calls, DriveItem]:
        calls = self._connect()
        if self._item is None:
            self._item = find_item(calls, self._settings)
        return calls, self._item

    def _connect(self) -> Calls:
        if self._calls is None:
            session = new_session()
            self._calls = Calls(sign_in(self._who, session), session)
        return self._calls

    def _write_cells(
        self, calls: Calls, item: DriveItem, snapshot: Snapshot, new: bytes, rows: WorkbookRows, plan: Plan
    ) -> Snapshot:
        package, tables = Package.open(snapshot.data), {}
        for page in (page for sheet in rows.sheets.values() for page in sheet.pages):
            part = package.table_with_heading(page.name, page.heading_row, page.numbers[page.sheet.row_key[0]])
            if part is not None:
                tables[page.name] = part.table.name
        remarks = cells.write_cells(calls, item, Work(rows, plan, self._headings, tables))
        return dataclasses.replace(snapshot, data=new, remarks=tuple(remarks))

    def _upload(
        self, calls: Calls, item: DriveItem, snapshot: Snapshot, new: bytes, rows: WorkbookRows, plan: Plan
    ) -> Snapshot:
        headers = {"If-Match": snapshot.version, "Content-Type": _TYPES[item.name[-5:].lower()]}
        attempt, known = 0, {snapshot.version}
        while True:
            attempt += 1
            try:
                answer = content_of(calls.once("put", f"{item.path}/content", new, headers))
                item = item_in(answer, item.drive, item.name)
                known.add(item.etag)
                break
            except Refused as refused:
                raise write_error(calls, item, refused) from None
            except NoAnswer as error:
                # Somebody may have saved it meanwhile, perhaps ourselves: what it holds now decides.
                if not error.not_done and (now := refresh(calls, item)).etag != snapshot.version:
                    item = now
                    break
                calls.wait(error, attempt)
        return self._read_back(calls, item, known, rows, plan)

    def _read_back(self, calls: Calls, item: DriveItem, known: set[str], rows: WorkbookRows, plan: Plan) -> Snapshot:
        """Return the file after an upload; `known` are the versions before it and of it.

        Raises TrackerChanged when somebody has saved another version since, and TrackerBusy when SharePoint still shows
        the one before after several looks.
        """
        for attempt in range(READS):
            if attempt:
                clock.pause(SECONDS_TO_SETTLE)
            data, item = read_version(calls, item, compare=self._settings.compare_downloads)
            written = Snapshot(data, item.etag, item.name, item.link)
            if _holds(written, plan, date_1904=rows.date_1904):
                return dataclasses.replace(written, remarks=remarks_on(data, plan))
            if item.etag not in known:
                raise TrackerChanged(f"Somebody saved {item.name} just now.", "Run again.")
        raise TrackerBusy(
            f"{item.name} was uploaded, but SharePoint still shows the version before.", "The next run checks it."
        )


def _not_for_us(refused: ExcelRefused, item: DriveItem) -> TrackerUnusable:
    return TrackerUnusable(
        f"Excel's service does not change {item.name} for this program (error {refused.code}).",
        'Set sharepoint.mode = "auto" or "upload" in config.toml, or sign in as a person: [sign_in] method = "device".',
    )


def _holds(written: Snapshot, plan: Plan, *, date_1904: bool) -> bool:
    """Return True when the workbook holds everything in `plan`; SharePoint may have changed other bytes of it.

    Raises TrackerError when it cannot be read back.
    """
    wanted = [(cell.sheet, cell.row, cell.number, cell.new) for cell in plan.cells]
    wanted += [(new.sheet, new.row, new.number, new.heading) for new in plan.headings]
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(written.data))
        if any(new.definition.heading not in workbook.sheet_names for new in plan.sheets):
            return False
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in dict.fromkeys(sheet for sheet, *_ in wanted)
        }
    except WorksheetNotFound:  # somebody renamed it
        return False
    except (CalamineError, OSError, ValueError):
        raise TrackerError(
            f"{written.name} was uploaded but could not be read back.",
            "Open it in Excel and check it. The version before is in SharePoint, under Version history.",
        ) from None
    return all(
        is_same(answered(_cell(sheets[sheet], row, number), date_1904=date_1904), value, date_1904=date_1904)
        for sheet, row, number, value in wanted
    )


def _cell(rows: list[list[Any]], row: int, number: int) -> Any:
    return rows[row - 1][number - 1] if row <= len(rows) and number <= len(rows[row - 1]) else ""
