"""Single cells changed through Excel's own service, while people have the workbook open.

Each sheet is read as it is this moment, each row found by its reference, and each cell compared with what it held when
the tracker was read; only then is it written, and read back. Nobody but us writes these columns, so a request that may
or may not have been carried out is settled by starting over: a cell that holds its value already is left alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from scripts.adapters.graph.calls import Calls, NoAnswer, Refused
from scripts.adapters.graph.excel_values import is_same, number_format_for, to_send
from scripts.adapters.graph.live_sheet import USED, LiveSheet
from scripts.adapters.graph.places import Place, look_again
from scripts.adapters.graph.ranges import ranges
from scripts.adapters.graph.sessions import ExcelSession, open_session
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerError
from tracker_schema.plan import CellWrite, NewHeading, Plan
from tracker_schema.tracker import SheetAsRead, Tracker, column_letters


class ExcelRefused(Exception):
    """Excel's service does not edit this workbook for us; the whole file can still be uploaded."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(str(refused))
        self.status = refused.status


class _SessionLost(Exception):
    """The session has ended before its time."""


@dataclass(frozen=True, eq=False)
class Work:
    """What is to be written into the tracker that was read as `tracker`.

    `headings` are this council's own by sheet id and column id; `tables` the name of the table, by the name of the
    worksheet, whose right end our new columns join.
    """

    tracker: Tracker
    plan: Plan
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)


def write_cells(calls: Calls, place: Place, work: Work) -> None:
    """Carry out the plan, cell by cell.

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
                for read in work.tracker.sheets.values():
                    _Sheet(session, read, work).write()
            return
        except NoAnswer as trouble:
            calls.wait(trouble, attempt)
        except _SessionLost:
            sessions_lost += 1
            if sessions_lost > 1:
                raise TrackerBusy(
                    f"Excel's service ended its session on {place.name} twice; the next run catches up."
                ) from None


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
        if refused.status == 404:  # the workbook, or a sheet or table of it
            look_again(calls, place)
        if refused.status in (404, 409, 412):
            raise TrackerChanged(f"{place.name} was changed by somebody just now; run again.") from None
        if refused.status in (400, 403, 405, 406, 422, 501):
            raise ExcelRefused(refused) from None
        raise


def locked(place: Place, holder: str | None) -> TrackerBusy:
    """What to raise when somebody has the workbook to himself."""
    who = holder.partition("[")[0].strip() if holder else ""
    return TrackerBusy(
        f"{place.name} is locked by {who or 'somebody whom SharePoint does not name'}, so nothing was written; run "
        "again when it is closed, or let the next run catch up."
    )


class _Sheet:
    """The plan's part for one worksheet."""

    def __init__(self, session: _Session, read: SheetAsRead, work: Work) -> None:
        self._session = session
        self._read = read
        self._configured = work.headings.get(read.sheet.id, {})
        self._date_1904 = work.tracker.date_1904
        self._table = work.tables.get(read.name)
        self._headings = [heading for heading in work.plan.headings if heading.sheet == read.name]
        self._writes = [write for write in work.plan.cells if write.sheet == read.name]

    def write(self) -> None:
        """Add the headings that are missing, write the cells that do not hold their value yet, and read them back."""
        if not self._headings and not self._writes:
            return
        live = self._live()
        missing = [heading for heading in self._headings if heading.column not in live.numbers]
        if missing:
            self._add(missing, live)
            live = self._live()
        cells = self._to_write(live)
        for area in ranges(cells, live.ours):
            grid = [[cells.get((row, number)) for number in area.columns] for row in area.rows]
            self._patch(str(area), grid, [[self._format(live, place, cells) for place in line] for line in area.places])
        if cells or missing:
            self._read_back(live, cells)

    def _live(self) -> LiveSheet:
        answer = self._session.get(f"worksheets/{quote(self._read.name, safe='')}/{USED}")
        return LiveSheet.of(answer, self._read, self._configured, date_1904=self._date_1904)

    def _add(self, missing: Sequence[NewHeading], live: LiveSheet) -> None:
        if self._table is not None:
            for heading in missing:
                self._session.send("post", f"tables/{quote(self._table, safe='')}/columns", {"name": heading.heading})
            return
        if not all(live.is_empty_from(heading.row, heading.number) for heading in missing):
            raise live.changed()
        first, last = missing[0], missing[-1]
        if last.number - first.number != len(missing) - 1:
            raise live.changed()
        address = f"{column_letters(first.number)}{first.row}:{column_letters(last.number)}{first.row}"
        self._patch(address, [[heading.heading for heading in missing]], [])

    def _to_write(self, live: LiveSheet) -> dict[tuple[int, int], CellWrite]:
        """The writes that are still to be done, by the row and column where they are to be done now."""
        cells = {}
        for write in self._writes:
            if write.column not in live.numbers:
                raise live.changed()
            row, number = live.row_now(write.row), live.numbers[write.column]
            holds = live.value(row, number)
            if is_same(holds, write.new, date_1904=self._date_1904):
                continue
            if not is_same(holds, write.old, date_1904=self._date_1904):
                raise live.changed()
            cells[row, number] = write
        return cells

    def _format(
        self, live: LiveSheet, place: tuple[int, int], cells: Mapping[tuple[int, int], CellWrite]
    ) -> str | None:
        write = cells.get(place)
        return number_format_for(write.new, live.number_format(*place)) if write else None

    def _patch(self, address: str, grid: Sequence[Sequence[CellWrite | str | None]], formats: list[Any]) -> None:
        """Write a range; None leaves a cell of it alone."""
        values = [[self._sent(cell) for cell in line] for line in grid]
        body: dict[str, Any] = {"values": values}
        if any(any(line) for line in formats):
            body["numberFormat"] = formats
        self._session.send("patch", f"worksheets/{quote(self._read.name, safe='')}/range(address='{address}')", body)

    def _sent(self, cell: CellWrite | str | None) -> object:
        if cell is None:
            return None
        return to_send(cell.new if isinstance(cell, CellWrite) else cell, date_1904=self._date_1904)

    def _read_back(self, before: LiveSheet, cells: Mapping[tuple[int, int], CellWrite]) -> None:
        """Nothing, when every cell holds its value beside its reference; the rows may have moved under our hands.

        `before` is the sheet as it was when `cells` were written. Moved rows cost only our own cells, which the next
        look puts right; but where a column was inserted or deleted in that instant, a person's cells may be hit.
        """
        live = self._live()
        if any(live.numbers.get(column, number) != number for column, number in before.numbers.items()) and cells:
            addresses = ", ".join(str(area) for area in ranges(cells, before.ours))
            raise TrackerError(
                f"Somebody inserted or deleted a column of the sheet “{self._read.name}” in the very instant in which "
                f"{addresses} was written; look at those cells, and take any that were overwritten from the version "
                "before (in SharePoint: Version history)."
            )
        for write in self._writes:
            if write.column not in live.numbers:
                raise live.changed()
            holds = live.value(live.row_now(write.row), live.numbers[write.column])
            if not is_same(holds, write.new, date_1904=self._date_1904):
                raise live.changed()
