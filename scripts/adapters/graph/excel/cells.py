"""Write single cells through Excel's own service, while people have the workbook open.

A request that may or may not have been carried out is settled by starting over: a cell that holds its value already is
left alone, and a row that exists is not added again.
"""

from __future__ import annotations

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.drive_item import DriveItem, refresh
from scripts.adapters.graph.errors import NoAnswer, Refused
from scripts.adapters.graph.excel.open_sheet import OpenSheet, Work
from scripts.adapters.graph.excel.sessions import ExcelRefused, ExcelSession, excel_session
from scripts.adapters.graph.excel.status_cells import StatusCells
from scripts.adapters.graph.excel.user_cells import UserCells
from scripts.adapters.graph.write_refusals import is_lock, write_error
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerUnusable

_NOT_FOR_US = frozenset({400, 403, 405, 406, 413, 422, 501})
_WITHIN_NOT_FOR_US = ("invalidSession", "unsupportedWorkbook", "filteredRange", "payloadTooLarge", "rangeExceedsLimit")
_AGAIN = frozenset({"invalidsession", "invalidsessionrecreatable"})


def write_cells(calls: Calls, item: DriveItem, work: Work) -> list[str]:
    """Carry out a plan cell by cell, and return what a person should check afterwards, as sentences.

    Raises ExcelRefused when the service cannot serve this workbook, TrackerChanged when a person's change came in
    between, TrackerBusy when the workbook is locked, and NoAnswer when the service does not answer. Then some cells of
    ours may be written and others not.
    """
    attempt, lost = 0, 0
    sessions: list[ExcelSession] = []
    while True:
        attempt += 1
        try:
            with excel_session(calls, item, keeps_changes=True) as session:
                sessions.append(session)
                return _carry_out(session, work)
        except NoAnswer as error:
            try:
                calls.wait(error, attempt)
            except NoAnswer:
                raise _in_vain(error, sessions) from None
        except Refused as refused:
            if not _is_lost(refused):
                raise _meaning(calls, item, refused, sessions) from None
            lost += 1
            if lost > 1:
                twice = TrackerBusy(
                    f"Excel's service ended its session on {item.name} twice.", "The next run catches up."
                )
                raise ExcelRefused(refused.code, sent=_sent(sessions), passes=twice) from None


def try_cells(calls: Calls, item: DriveItem, work: Work, *, keeps_changes: bool) -> ExcelRefused | None:
    """Open a session on a workbook and read what a write would read first; return why that fails, or None.

    Raises TrackerBusy when the workbook is locked.
    """
    sessions: list[ExcelSession] = []
    try:
        with excel_session(calls, item, keeps_changes=keeps_changes) as session:
            sessions.append(session)
            for page in (page for sheet in work.rows.sheets.values() for page in sheet.pages):
                OpenSheet(session, page, work).live()
    except NoAnswer as error:
        found = _in_vain(error, sessions)
    except Refused as refused:
        found = _meaning(calls, item, refused, sessions)
    else:
        return None
    if isinstance(found, ExcelRefused):
        return found
    raise found from None


def _carry_out(session: ExcelSession, work: Work) -> list[str]:
    remarks = []
    for read in (page for sheet in work.rows.sheets.values() for page in sheet.pages):
        sheet = OpenSheet(session, read, work)
        if work.plan.peoples:
            remarks += UserCells(sheet, work.plan).write()
        else:
            StatusCells(sheet, work.plan).write()
    return remarks


def _sent(sessions: list[ExcelSession]) -> bool:
    return any(session.sent for session in sessions)


def _is_lost(refused: Refused) -> bool:
    """Return True when a new session may do what one that ended did not."""
    return any(code.lower() in _AGAIN for code in refused.codes)


def _in_vain(error: NoAnswer, sessions: list[ExcelSession]) -> Exception:
    """Return what it means that the service gave no answer after several attempts.

    It has answered with an error of its own: then only this service has trouble, and an upload may well work. Not so
    where it asks to be left alone for a while, or where nothing answers at all.
    """
    if not error.code or error.wait is not None or error.code.startswith("429"):
        return error
    return ExcelRefused(error.code, sent=_sent(sessions), passes=error)


def _meaning(calls: Calls, item: DriveItem, refused: Refused, sessions: list[ExcelSession]) -> Exception:
    """Return what it means that Excel's service `refused` a request."""
    if any(map(refused.has_code, _WITHIN_NOT_FOR_US)) and not refused.has_code("AccessConflict"):
        return ExcelRefused(refused.code, sent=_sent(sessions))
    if refused.has_code("InsertDeleteConflict"):
        return TrackerUnusable(
            f"Excel cannot add a row to the log's table in {item.name}, because it would push another table down.",
            "Make room below the log by hand.",
        )
    if is_lock(refused):
        return write_error(
            calls, item, refused, "not everything was written" if _sent(sessions) else "nothing was written"
        )
    if refused.status == 404:  # the workbook, or a sheet or table of it
        refresh(calls, item)
    if refused.status in (404, 409, 412):
        return TrackerChanged(f"Somebody changed {item.name} just now.", "Run again.")
    if refused.status in _NOT_FOR_US:
        return ExcelRefused(refused.code, sent=_sent(sessions))
    return refused
