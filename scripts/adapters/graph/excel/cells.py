"""Single cells changed through Excel's own service, while people have the workbook open.

What it refuses is understood here: that somebody else has the workbook, that its session has ended, that it does not
edit this workbook for us. A request that may or may not have been carried out is settled by starting over: a cell that
holds its value already is left alone, and a row that stands is not added again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from scripts.adapters.graph.calls import Calls, NoAnswer, Refused
from scripts.adapters.graph.excel.page import Page, Work
from scripts.adapters.graph.excel.sessions import ExcelSession, open_session
from scripts.adapters.graph.excel.status_cells import OurColumns
from scripts.adapters.graph.excel.user_cells import PeoplesCells
from scripts.adapters.graph.places import Place, look_again
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerUnusable


class ExcelRefused(Exception):
    """Excel's service does not edit this workbook for us; the whole file can still be uploaded."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(str(refused))
        self.status = refused.status


class _SessionLost(Exception):
    """The session has ended before its time."""


def write_cells(calls: Calls, place: Place, work: Work) -> list[str]:
    """What a person should see to after the plan was carried out, cell by cell, as sentences.

    Raises ExcelRefused when the service will not have it, TrackerChanged when a person's change came in between,
    TrackerBusy when the workbook is locked, and NoAnswer when the service does not answer: then some cells of ours may
    be written and others not.
    """
    sessions_lost = 0
    attempt = 0
    while True:
        attempt += 1
        try:
            with _session(calls, place) as session:
                return _carry_out(session, work)
        except NoAnswer as trouble:
            calls.wait(trouble, attempt)
        except _SessionLost:
            sessions_lost += 1
            if sessions_lost > 1:
                raise TrackerBusy(
                    f"Excel's service ended its session on {place.name} twice; the next run catches up."
                ) from None


def _carry_out(session: _Session, work: Work) -> list[str]:
    remarks = []
    for worksheet in (worksheet for sheet in work.tracker.sheets.values() for worksheet in sheet.pages):
        page = Page(session, worksheet, work)
        if work.plan.peoples:
            remarks += PeoplesCells(page, work.plan).write()
        else:
            OurColumns(page, work.plan).write()
    return remarks


class _Session:
    """An open workbook whose changes are kept, and whose refusals are understood."""

    def __init__(self, calls: Calls, place: Place, opened: ExcelSession) -> None:
        self._calls = calls
        self._place = place
        self._opened = opened

    def get(self, path: str) -> Any:
        with _understood(self._calls, self._place):
            return self._opened.get(path)

    def send(self, method: str, path: str, body: dict[str, Any]) -> None:
        with _understood(self._calls, self._place):
            self._opened.send(method, path, body)


@contextlib.contextmanager
def _session(calls: Calls, place: Place) -> Iterator[_Session]:
    with _understood(calls, place):
        opened = open_session(calls, place, keeps_changes=True)
    with contextlib.closing(opened):
        yield _Session(calls, place, opened)


@contextlib.contextmanager
def _understood(calls: Calls, place: Place) -> Iterator[None]:
    """Says what a refusal of Excel's service means."""
    try:
        yield
    except Refused as refused:
        if refused.says("AccessConflict") or refused.status == 423:
            raise locked(place, refused.holder) from None
        if refused.says("invalidSession"):
            raise _SessionLost from None
        if refused.says("InsertDeleteConflict"):
            raise TrackerUnusable(
                f"Excel cannot add a row to the log's table in {place.name}, because it would push another table down; "
                "make room below the log by hand."
            ) from None
        if refused.status == 404:  # the workbook, or a sheet or table of it
            look_again(calls, place)
        if refused.status in (404, 409, 412):
            raise TrackerChanged(f"{place.name} was changed by somebody just now; run again.") from None
        if refused.status in (400, 403, 405, 406, 422, 501):
            raise ExcelRefused(refused) from None
        raise


class Locked(TrackerBusy):
    """Somebody has the workbook to himself, or open in Excel."""


def locked(place: Place, holder: str | None) -> Locked:
    """What to raise when somebody has the workbook to himself."""
    who = holder.partition("[")[0].strip() if holder else ""
    return Locked(
        f"{place.name} is locked by {who or 'somebody whom SharePoint does not name'}, so nothing was written; run "
        "again when it is closed, or let the next run catch up."
    )
