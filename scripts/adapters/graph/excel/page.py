"""One worksheet of an open workbook, as Excel's service gives it and takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

from scripts.adapters.graph.excel.excel_values import to_send
from scripts.adapters.graph.excel.live_sheet import USED, WITH_FORMULAS, LiveSheet
from scripts.adapters.graph.excel.ranges import Area
from tracker_schema.assessment.plan import Plan
from tracker_schema.layouts.rows import SheetRows, WorkbookRows


class Session(Protocol):
    """An open workbook."""

    def get(self, path: str) -> Any:
        """The answer to a GET within it."""

    def send(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Change something within it."""


@dataclass(frozen=True, eq=False)
class Work:
    """What is to be written into the tracker that was read as `tracker`.

    `headings` are this council's own by sheet id and column id; `tables` the name of the table, by the name of the
    worksheet, whose right end our new columns join and whose end new rows do.
    """

    tracker: WorkbookRows
    plan: Plan
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)


class Page:
    """The worksheet that was read as `read`, and its table."""

    def __init__(self, session: Session, read: SheetRows, work: Work) -> None:
        self.read = read
        self.date_1904 = work.tracker.date_1904
        table = work.tables.get(read.name)
        self.table = f"tables/{quote(table, safe='')}" if table is not None else None
        self._used = WITH_FORMULAS if work.plan.peoples else USED
        self._session = session
        self._configured = work.headings.get(read.sheet.id, {})
        self._path = f"worksheets/{quote(read.name, safe='')}"

    def live(self) -> LiveSheet:
        """The sheet as it is this moment."""
        answer = self._session.get(f"{self._path}/{self._used}")
        return LiveSheet.of(answer, self.read, self._configured, date_1904=self.date_1904)

    def look(self, area: Area) -> tuple[list[Any], list[str]]:
        """What each cell of an area of one row holds, formulas as formulas, and how it is formatted."""
        found = self._session.get(f"{self._path}/range(address='{area}')?$select=formulas,numberFormat")
        return list(found["formulas"][0]), [str(look) for look in found["numberFormat"][0]]

    def write(self, area: Area, values: Sequence[Sequence[Any]], formats: Sequence[Sequence[str | None]] = ()) -> None:
        """Write values, as `sent` gives them, into an area, and number formats where there are any; None leaves a cell
        alone.
        """
        body: dict[str, Any] = {"values": values}
        if any(any(line) for line in formats):
            body["numberFormat"] = formats
        self._patch(area, body)

    def format(self, area: Area, formats: Sequence[str | None]) -> None:
        """Give the cells of an area of one row number formats; None leaves a cell alone."""
        self._patch(area, {"numberFormat": [list(formats)]})

    def put_back(self, area: Area, contents: Sequence[Any]) -> None:
        """Write what the cells of an area of one row held, formulas as formulas; None leaves a cell alone."""
        as_typed = [held if held is None or str(held).startswith("=") else self.sent(held) for held in contents]
        self._patch(area, {"formulas": [as_typed]})

    def add_column(self, heading: str) -> None:
        """Add a column at the right end of the table."""
        self._session.send("post", f"{self.table}/columns", {"name": heading})

    def add_row(self, values: Sequence[Any]) -> None:
        """Add a row with those values, as `sent` gives them, at the end of the table; None leaves a cell to the table,
        which has a formula for it.
        """
        self._session.send("post", f"{self.table}/rows", {"values": [values]})

    def end_of_table(self) -> int:
        """The number of the table's last row."""
        answer = self._session.get(f"{self.table}/range?$select=rowIndex,rowCount")
        return int(answer["rowIndex"]) + int(answer["rowCount"])

    def sent(self, value: Any) -> object:
        """A value as it is sent; None is sent as the empty text, which empties a cell."""
        return to_send(value, date_1904=self.date_1904)

    def _patch(self, area: Area, body: dict[str, Any]) -> None:
        self._session.send("patch", f"{self._path}/range(address='{area}')", body)
