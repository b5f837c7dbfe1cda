"""Write single cells through Excel's own service, while people have the workbook open.

A request that may or may not have been carried out is settled by starting over: a cell that holds its value already is
left alone, and a row that exists is not added again.
"""

from __future__ import annotations

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.drive_item import DriveItem, refresh
from scripts.adapters.graph.errors import NoAnswer, Refused
from scripts.adapters.graph.excel.open_sheet import OpenSheet, Work
from scripts.adapters.graph.excel.sessions import ExcelSession, excel_session
from scripts.adapters.graph.excel.status_cells import StatusCells
from scripts.adapters.graph.excel.user_cells import UserCells
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerUnusable


class ExcelRefused(Exception):
    """Excel's service does not edit this workbook for us; the whole file can still be uploaded."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(str(refused))
        self.status = refused.status


class Locked(TrackerBusy):
    """Somebody has the workbook open, so that nobody else can change it."""


def locked(item: DriveItem, holder: str | None, consequence: str = "nothing was written") -> Locked:
    """Return the error for a workbook that `holder` has locked; None when SharePoint does not name anybody."""
    who = holder.partition("[")[0].strip() if holder else ""
    return Locked(
        f"{item.name} is locked by {who or 'somebody whom SharePoint does not name'}, so {consequence}.",
        "Run again when it is closed, or let the next run catch up.",
    )


def write_cells(calls: Calls, item: DriveItem, work: Work) -> list[str]:
    """Carry out a plan cell by cell, and return what a person should check afterwards, as sentences.

    Raises ExcelRefused when the service does not edit this workbook, TrackerChanged when a person's change came in
    between, TrackerBusy when the workbook is locked, and NoAnswer when the service does not answer. Then some cells of
    ours may be written and others not.
    """
    attempt, sessions, sessions_lost = 0, 0, 0
    while True:
        attempt += 1
        try:
            with excel_session(calls, item, keeps_changes=True) as session:
                sessions += 1
                return _carry_out(session, work)
        except NoAnswer as error:
            calls.wait(error, attempt)
        except Refused as refused:
            if refused.has_code("AccessConflict") or refused.status == 423:
                consequence = "not everything was written" if sessions else "nothing was written"
                raise locked(item, refused.holder, consequence) from None
            if not refused.has_code("invalidSession"):
                raise _meaning(refused, calls, item) from None
            sessions_lost += 1
            if sessions_lost > 1:
                raise TrackerBusy(
                    f"Excel's service ended its session on {item.name} twice.", "The next run catches up."
                ) from None


def _carry_out(session: ExcelSession, work: Work) -> list[str]:
    remarks = []
    for read in (page for sheet in work.rows.sheets.values() for page in sheet.pages):
        sheet = OpenSheet(session, read, work)
        if work.plan.peoples:
            remarks += UserCells(sheet, work.plan).write()
        else:
            StatusCells(sheet, work.plan).write()
    return remarks


def _meaning(refused: Refused, calls: Calls, item: DriveItem) -> Exception:
    """Return what it means that Excel's service `refused` a request."""
    if refused.has_code("InsertDeleteConflict"):
        return TrackerUnusable(
            f"Excel cannot add a row to the log's table in {item.name}, because it would push another table down.",
            "Make room below the log by hand.",
        )
    if refused.status == 404:  # the workbook, or a sheet or table of it
        refresh(calls, item)
    if refused.status in (404, 409, 412):
        return TrackerChanged(f"Somebody changed {item.name} just now.", "Run again.")
    return ExcelRefused(refused) if refused.status in (400, 403, 405, 406, 422, 501) else refused
