"""The part of the checklist about Excel's service: sessions, cells and durations."""

from __future__ import annotations

import datetime as dt
import io
import time
from typing import Any
from urllib.parse import quote

from python_calamine import CalamineWorkbook

from scripts.adapters.cli import clock
from scripts.adapters.doctor.checks import TRACKER, Answer, check, fine, not_checked, warning, wrong
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.doctor.local_file import size
from scripts.adapters.doctor.smoke.trial_copy import TYPE
from scripts.adapters.graph.drive_item import refresh
from scripts.adapters.graph.errors import Refused
from scripts.adapters.graph.excel.excel_values import DATE_FORMAT, is_same, to_send
from scripts.adapters.graph.excel.sessions import excel_session
from scripts.adapters.workbook.xlsx import Range
from tracker_schema.columns.schema import INCIDENTS

COPY, SESSION, CELL = "The copy", "5 Session", "6 Cell written"
DEVELOPERS = "Send this to the developers: run doctor with --smoke --json."
ROWS_BELOW = 6
"""The number of empty rows above the cells that a trial writes, so that no table grows around them."""
ATTEMPTS, SECONDS_BETWEEN = 30, 2.0
SLOW_SECONDS = 60


def seconds_now() -> float:
    """Return the seconds of a clock that measures durations."""
    return time.monotonic()


def put(examined: Examined, etag: str) -> str:
    """Upload the whole copy as a change of version `etag`, and return its new eTag. Raises Refused."""
    answer = examined.calls.once(
        "put", f"{examined.copy.path}/content", examined.snapshot.data, TYPE | {"If-Match": etag}
    )
    return str(answer.json()["eTag"])


@check("4 Open in Excel", needs=(COPY,), exit_code=TRACKER)
def open_in_excel(examined: Examined) -> Answer:
    """Check that a whole file is refused, and cells are accepted, while a person has the file open."""
    if examined.ask is None:
        return _takes_a_person()
    examined.ask(f"Open “{examined.copy.name}” in Excel, click into a cell, and press Enter here.")
    try:
        put(examined, refresh(examined.calls, examined.copy).etag)
        whole = "is taken"
    except Refused as refused:
        named = "is named" if refused.holder else "is not named"
        whole = f"is refused ({refused.status}; who has it open {named})"
    try:
        with excel_session(examined.calls, examined.copy, keeps_changes=True):
            cells = "is granted"
    except Refused as refused:
        cells = f"is refused ({refused.code})"
    return fine(f"While a person has the file open, a whole file {whole}, and a session {cells}.")


@check(SESSION, needs=(COPY,), exit_code=TRACKER)
def session(examined: Examined) -> Answer:
    """Check that Excel's service opens the copy for changes that stay, and how fast."""
    began = seconds_now()
    try:
        with excel_session(examined.calls, examined.copy, keeps_changes=True):
            examined.seconds["session"] = seconds_now() - began
    except Refused as refused:
        examined.failed[SESSION] = SESSION  # no cell can be written, which is no mistake of anybody's
        return warning(
            f"Excel's service refuses a session ({refused.code}).",
            'Whole files are uploaded instead; to write cells, sign in as a person: [sign_in] method = "device".',
        )
    return fine(f"Excel's service grants a session within {examined.seconds['session']:.1f} s.")


@check(CELL, needs=(SESSION,), exit_code=TRACKER)
def cell(examined: Examined) -> Answer:
    """Measure the time until a download shows a cell that was written."""
    row = _free_row(examined)
    with excel_session(examined.calls, examined.copy, keeps_changes=True) as opened:
        opened.send("patch", _range(examined, row, 1), {"values": [["smoke"]]})
        began = seconds_now()
    for _ in range(ATTEMPTS):
        data = examined.calls.get(f"{examined.copy.path}/content").content
        rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(data))
            .get_sheet_by_name(_sheet(examined))
            .to_python(skip_empty_area=False)
        )
        if len(rows) >= row and rows[row - 1][0] == "smoke":
            return fine(f"A cell was written, without @odata.type (8), and a download showed it after {_since(began)}.")
        clock.pause(SECONDS_BETWEEN)
    return wrong(f"A cell was written, and no download showed it within {_since(began)}.", DEVELOPERS)


@check("6 Seen by a person", needs=(CELL,), exit_code=TRACKER)
def seen(examined: Examined) -> Answer:
    """Check that a person who has the file open sees a cell that is written meanwhile."""
    if examined.ask is None:
        return _takes_a_person()
    row = _free_row(examined)
    with excel_session(examined.calls, examined.copy, keeps_changes=True) as opened:
        opened.send("patch", _range(examined, row, 1), {"values": [["seen"]]})
    where = f"in cell A{row} of the sheet “{_sheet(examined)}” of “{examined.copy.name}”"
    if examined.ask(f"Is there the word “seen” {where}, open in Excel, within a minute? (y/n)").lower().startswith("y"):
        return fine("A person who has the file open sees what is written.")
    return warning("A person who has the file open does not see what is written.", DEVELOPERS)


@check("7 Values", needs=(SESSION,), exit_code=TRACKER)
def values(examined: Examined) -> Answer:
    """Check that a date, a text of figures and a text like a formula are stored as such."""
    date_1904 = examined.rows.date_1904
    meant = [dt.date(2026, 11, 23), "00123", "=x"]
    with excel_session(examined.calls, examined.copy, keeps_changes=True) as opened:
        place = _range(examined, _free_row(examined), len(meant))
        sent = [to_send(value, date_1904=date_1904) for value in meant]
        opened.send("patch", place, {"values": [sent], "numberFormat": [[DATE_FORMAT, None, None]]})
        answer = opened.get(f"{place}?$select=values,numberFormat")
    got = answer["values"][0]
    not_stored = [
        f"{name} is answered as {value!r}"
        for name, value, want in zip(("a date", "the text 00123", "the text =x"), got, meant, strict=True)
        if not is_same(value, want, date_1904=date_1904)
    ]
    if not_stored:
        return wrong(f"Not everything is stored as it was sent: {'; '.join(not_stored)}.", DEVELOPERS)
    shown = answer["numberFormat"][0][0]
    return fine(f"A date, the text 00123 and the text =x are stored as they were sent; dates show as {shown}.")


@check("10 Durations", needs=(COPY,), exit_code=TRACKER)
def durations(examined: Examined) -> Answer:
    """Measure the durations with a workbook as large as the tracker."""
    began = seconds_now()
    data = examined.calls.get(f"{examined.copy.path}/content").content
    examined.seconds["download"] = seconds_now() - began
    if "session" in examined.seconds:
        began = seconds_now()
        with excel_session(examined.calls, examined.copy, keeps_changes=False) as opened:
            opened.get(f"worksheets/{quote(_sheet(examined), safe='')}/usedRange(valuesOnly=true)?$select=values")
        examined.seconds["used range"] = seconds_now() - began
    rows = sum(len(sheet) for sheet in examined.rows.sheets.values())
    listed = ", ".join(f"{what} {seconds:.1f} s" for what, seconds in examined.seconds.items())
    found = f"With {size(len(data))} and {rows} rows: {listed}."
    if max(examined.seconds.values()) > SLOW_SECONDS:
        return warning(found, "Split the log by year, or see to the connection.")
    return fine(found)


def _sheet(examined: Examined) -> str:
    return examined.rows.sheets[INCIDENTS].name


def _free_row(examined: Examined) -> int:
    """The number of a row far below everything on the sheet."""
    address = f"worksheets/{quote(_sheet(examined), safe='')}/usedRange(valuesOnly=true)?$select=rowIndex,rowCount"
    with excel_session(examined.calls, examined.copy, keeps_changes=False) as opened:
        used: dict[str, Any] = opened.get(address)
    return int(used["rowIndex"]) + int(used["rowCount"]) + ROWS_BELOW


def _range(examined: Examined, row: int, width: int) -> str:
    return f"worksheets/{quote(_sheet(examined), safe='')}/range(address='{Range(row, 1, row, width)}')"


def _since(began: float) -> str:
    return f"{seconds_now() - began:.0f} s"


def _takes_a_person() -> Answer:
    return not_checked("This takes a person who opens the copy in Excel.", "Run doctor with --smoke --interactive.")


CHECKS = (open_in_excel, session, cell, seen, values, durations)
