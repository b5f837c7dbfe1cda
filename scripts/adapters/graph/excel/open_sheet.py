"""One worksheet of a workbook that Excel's service has open: read it, and write into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from scripts.adapters.graph.errors import NoAnswer, Refused, content_of
from scripts.adapters.graph.excel.excel_values import to_send
from scripts.adapters.graph.excel.live_sheet import USED, WITH_FORMULAS, LiveSheet
from scripts.adapters.graph.excel.sessions import ExcelRefused, ExcelSession
from scripts.adapters.workbook.xlsx import Range
from tracker_schema.errors import TrackerChanged, TrackerUnusable
from tracker_schema.incidents.plan import Plan
from tracker_schema.layouts.rows import SheetRows, WorkbookRows

# Excel's service counts the width of a column in points; a character of the usual font is 7 pixels wide.
_POINTS_OF_A_CHARACTER, _POINTS_BESIDE = 5.25, 3.75


@dataclass(frozen=True, eq=False)
class Work:
    """What is to be written into a tracker.

    rows       the tracker as it was read
    plan       what to write
    headings   this council's own headings, by sheet id and column id
    tables     by the name of the worksheet, the name of the table that our new columns and people's new rows join
    """

    rows: WorkbookRows
    plan: Plan
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)


class OpenSheet:
    """The open worksheet that was read as `read`.

    read        the worksheet as it was read from the file
    date_1904   its workbook counts dates from 1904
    table       the path of its table; None when the log is not in one
    """

    def __init__(self, session: ExcelSession, read: SheetRows, work: Work) -> None:
        self.read = read
        self.date_1904 = work.rows.date_1904
        table = work.tables.get(read.name)
        self.table = f"tables/{quote(table, safe='')}" if table is not None else None
        self._used = WITH_FORMULAS if work.plan.peoples else USED
        self._session = session
        self._configured = work.headings.get(read.sheet.id, {})
        self._path = f"worksheets/{quote(read.name, safe='')}"

    def live(self) -> LiveSheet:
        """Return the sheet as it is at this moment."""
        answer = self._session.get(f"{self._path}/{self._used}")
        return LiveSheet.from_answer(answer, self.read, self._configured, date_1904=self.date_1904)

    def row(self, area: Range) -> tuple[list[Any], list[str]]:
        """Return what the cells of an area of one row hold, formulas as formulas, and their number formats."""
        answer = self._session.get(f"{self._path}/range(address='{area}')?$select=formulas,numberFormat")
        return list(answer["formulas"][0]), [str(number_format) for number_format in answer["numberFormat"][0]]

    def write(self, area: Range, values: Sequence[Sequence[Any]], formats: Sequence[Sequence[str | None]] = ()) -> None:
        """Write values, as `to_send` returns them, into an area, and number formats where there are any.

        None leaves a cell as it is.
        """
        body: dict[str, Any] = {"values": values}
        if any(any(row) for row in formats):
            body["numberFormat"] = formats
        self._patch(area, body)

    def set_formats(self, area: Range, formats: Sequence[str | None]) -> None:
        """Set the number formats of the cells of an area of one row; None leaves a cell as it is."""
        self._patch(area, {"numberFormat": [list(formats)]})

    def format_column(self, area: Range, characters: float) -> None:
        """Make a column visible and that many characters wide; `area` are its cells, whose text starts at the top."""
        self._patch(area, {"columnHidden": False})
        width = {"columnWidth": round(characters * _POINTS_OF_A_CHARACTER + _POINTS_BESIDE, 2)}
        body = {**width, "wrapText": True, "verticalAlignment": "Top"}
        self._session.send("patch", f"{self._path}/range(address='{area}')/format", body)

    def put_back(self, area: Range, contents: Sequence[Any]) -> None:
        """Write what the cells of an area of one row held, formulas as formulas; None leaves a cell as it is."""
        typed = [held if held is None or str(held).startswith("=") else self.to_send(held) for held in contents]
        self._patch(area, {"formulas": [typed]})

    def add_column(self, heading: str) -> str:
        """Add a column at the right end of the table under this heading, and return the name under which it came.

        One that came under another name is given this one, or removed. Raises ExcelRefused when it was removed,
        TrackerChanged when somebody added columns at the same moment, and TrackerUnusable when it could be neither.
        """
        columns = f"{self.table}/columns"
        before = {column["id"] for column in self._session.get(f"{columns}?$select=id,name")["value"]}
        try:
            added = content_of(self._session.send("post", columns, {"name": heading}))
        except NoAnswer as error:
            if error.not_done:
                raise
            now = self._session.get(f"{columns}?$select=id,name,values")["value"]
            new = [column for column in now if column["id"] not in before]
            if not new:  # it was not carried out; the caller starts over
                raise
            added = new[0]
            if len(new) > 1 or any(value != "" for row in added["values"][1:] for value in row):
                raise self.changed() from None
        if added["name"] != heading:
            self._name_or_remove(f"{columns}/{quote(str(added['id']), safe='')}", str(added["name"]), heading)
        return str(added["name"])

    def _name_or_remove(self, column: str, name: str, heading: str) -> None:
        try:
            if content_of(self._session.repeat("patch", column, {"name": heading})).get("name") == heading:
                return
        except (Refused, NoAnswer):
            pass
        try:
            self._session.repeat("delete", column)
        except (Refused, NoAnswer):
            raise TrackerUnusable(
                f"Excel's service added a column “{name}” to the sheet “{self.read.name}” instead of “{heading}”, and "
                "takes neither the right name nor its removal.",
                f"Name that column “{heading}”, or delete it.",
            ) from None
        raise ExcelRefused(f"it names a new column “{name}”", sent=True)

    def changed(self) -> TrackerChanged:
        """Return the error for a sheet that is no longer what it was when it was read."""
        return TrackerChanged(f"Somebody changed the sheet “{self.read.name}” just now.", "Run again.")

    def add_row(self, values: Sequence[Any]) -> None:
        """Add a row at the end of the table, with values as `to_send` returns them.

        None leaves a cell to the table, which has a formula for it.
        """
        self._session.send("post", f"{self.table}/rows", {"values": [values]})

    def end_of_table(self) -> int:
        """Return the number of the table's last row."""
        answer = self._session.get(f"{self.table}/range?$select=rowIndex,rowCount")
        return int(answer["rowIndex"]) + int(answer["rowCount"])

    def to_send(self, value: Any) -> object:
        """Return a value as it is sent; None as the empty text, which empties a cell."""
        return to_send(value, date_1904=self.date_1904)

    def _patch(self, area: Range, body: dict[str, Any]) -> None:
        self._session.send("patch", f"{self._path}/range(address='{area}')", body)
