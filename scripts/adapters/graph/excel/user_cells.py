"""Fill people's cells through Excel's service, and add rows below their log, while they work.

A cell is written only if it still holds what was read, mostly nothing. A row at the end of the log's table is added by
Excel itself, with its values, so it cannot hit anything else. Any other row is read once more right before it is
written, and the sheet right after. When somebody moved rows between the two, what was overwritten is put back and the
caller starts over; where that is not certain, the cells are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scripts.adapters.graph.excel.excel_values import GENERAL, is_same, number_format_for
from scripts.adapters.graph.excel.live_sheet import LiveSheet
from scripts.adapters.graph.excel.open_sheet import OpenSheet
from scripts.adapters.graph.excel.status_cells import column_moved
from scripts.adapters.workbook.xlsx import Range
from tracker_schema.errors import TrackerChanged, TrackerError
from tracker_schema.incidents.plan import CellWrite, NewRow, Plan


class UserCells:
    """The plan's part for one worksheet."""

    def __init__(self, sheet: OpenSheet, plan: Plan) -> None:
        self._sheet = sheet
        self._end_of_table = 0
        self._new = {row.row: row for row in sorted(plan.rows) if row.sheet == sheet.read.name}
        self._writes: dict[int, list[CellWrite]] = {row: [] for row in self._new}
        for write in plan.cells:
            if write.sheet == sheet.read.name:
                self._writes.setdefault(write.row, []).append(write)

    def write(self) -> list[str]:
        """Fill all cells and add all rows, each read back. Return what a person should check, as sentences.

        Raises TrackerChanged when a person's change came in between, and TrackerError when we may have overwritten it.
        """
        if not self._writes:
            return []
        if self._new and self._sheet.table is not None:
            self._end_of_table = self._sheet.end_of_table()
        live = self._sheet.live()
        if live.numbers != self._sheet.read.numbers:
            raise live.changed()
        remarks = []
        for row, writes in self._writes.items():
            new = self._new.get(row)
            if new is None:
                live = self._fill(live, writes)
                continue
            now, exists = self._find(live, new)
            if not exists and self._end_of_table == now - 1:
                live = self._append(live, new, writes)
            elif not exists:
                if self._sheet.table is not None and self._sheet.end_of_table() != self._end_of_table:
                    raise live.changed()
                live = self._add_below(live, now, new, writes)
                if self._sheet.table is None:
                    remarks.append(self._remark(now, new))
            if not _holds(live, self._find(live, new)[0], writes):
                raise live.changed()
        return remarks

    def _find(self, live: LiveSheet, new: NewRow) -> tuple[int, bool]:
        return live.row_of_new(new, {write.column: write.new for write in self._writes[new.row]})

    def _fill(self, live: LiveSheet, writes: Sequence[CellWrite]) -> LiveSheet:
        """Fill the cells of one row that do not hold their value yet, and return the sheet after that."""
        row = live.row_now(writes[0].row)
        missing = [write for write in writes if not live.holds(row, write.number, write.new)]
        if not missing:
            return live
        area = Range(row, min(live.numbers.values()), row, max(live.numbers.values()))
        after = self._write(live, area, missing, self._formats(live, area, missing, None))
        try:
            is_right = _holds(after, after.row_now(writes[0].row), writes)
        except TrackerChanged:  # the row cannot be found any more
            is_right = False
        if not is_right:
            self._put_back(live, after, area, missing)
            raise after.changed()
        return after

    def _add_below(self, live: LiveSheet, row: int, new: NewRow, writes: Sequence[CellWrite]) -> LiveSheet:
        """Write a new row where the sheet is empty, and return the sheet after that."""
        area = Range(row, new.first, row, new.last)
        after = self._write(live, area, writes, self._formats(live, area, writes, new.like))
        others = _others(area, writes)
        is_somebodys = any(after.content(row, number) != live.content(row, number) for number in others)
        if is_somebodys or (after.lost(live) and live.rows_like(after, row, others)):
            self._put_back(live, after, area, writes)
            raise after.changed()
        return after

    def _write(
        self, live: LiveSheet, area: Range, writes: Sequence[CellWrite], formats: Sequence[str | None]
    ) -> LiveSheet:
        """Write the cells of an area of one row in one request, and return the sheet after that."""
        values = {write.number: self._sheet.to_send(write.new) for write in writes}
        first, last = min(values), max(values)
        if any(formats):
            first, last = area.first_column, area.last_column
        narrow = Range(area.first_row, first, area.first_row, last)
        shown = [formats[number - area.first_column] for number in narrow.columns]
        self._sheet.write(narrow, [[values.get(number) for number in narrow.columns]], [shown])
        after = self._sheet.live()
        if after.numbers != live.numbers:
            raise column_moved(self._sheet, str(narrow))
        return after

    def _append(self, live: LiveSheet, new: NewRow, writes: Sequence[CellWrite]) -> LiveSheet:
        """Let Excel add a row to the table, and return the sheet after that."""
        values = {write.number: self._sheet.to_send(write.new) for write in writes}
        above = live.row_now(new.like) if new.like else 0
        for number in range(new.first, new.last + 1):
            has_formula = above and str(live.content(above, number)).startswith("=")
            values.setdefault(number, None if has_formula else "")
        self._sheet.add_row([values[number] for number in range(new.first, new.last + 1)])
        self._end_of_table = self._sheet.end_of_table()
        after = self._sheet.live()
        row, exists = self._find(after, new)
        if not exists or self._end_of_table < row:
            raise after.changed()
        area = Range(row, new.first, row, new.last)
        current = self._sheet.row(area)[1]
        formats = _formats_for(writes, area, current, current)
        if any(formats):
            self._sheet.set_formats(area, formats)
        return after

    def _formats(self, live: LiveSheet, area: Range, writes: Sequence[CellWrite], like: int | None) -> list[str | None]:
        """Return the number formats that a row needs, those of the row `like` before plain ones.

        Raises TrackerChanged when a cell no longer holds what was read, or the row is no longer as `live` has it.
        """
        contents, current = self._sheet.row(area)
        for write in writes:
            content = contents[write.number - area.first_column]
            is_blank = not str(content).strip() and not str(write.old).strip()
            if not is_blank and not is_same(content, write.old, date_1904=self._sheet.date_1904):
                raise live.changed()
        if contents != [live.content(area.first_row, number) for number in area.columns]:
            raise live.changed()
        above = live.row_now(like) if like else 0
        models = [live.number_format(above, number) if above else GENERAL for number in area.columns]
        return _formats_for(writes, area, current, models)

    def _put_back(self, before: LiveSheet, after: LiveSheet, area: Range, writes: Sequence[CellWrite]) -> None:
        """Put back what the writes overwrote instead of empty cells, in whatever row is there now.

        Raises TrackerError, which names the cells, when it is not certain what that was.
        """
        row = area.first_row
        if not _holds(after, row, writes):  # moved again since: the row has its cells back, or was never hit
            return
        others = _others(area, writes)
        hit = before.rows_like(after, row, others)
        if len(hit) != 1:
            raise TrackerError(
                f"Somebody moved rows of the sheet “{self._sheet.read.name}” at the very moment when {area} was "
                "written.",
                "Check those cells, and take any that were overwritten from the version before (in SharePoint: Version "
                "history).",
            )
        contents = [None if number in others else before.content(hit[0], number) for number in area.columns]
        self._sheet.put_back(area, contents)

    def _remark(self, row: int, new: NewRow) -> str:
        return (
            f"{self._sheet.read.name}!{Range(row, new.first, row, new.last)} was added while the workbook was open in "
            "Excel, so drop-downs and colours may end above it. Copy the format of the row above onto it there."
        )


def _holds(live: LiveSheet, row: int, writes: Sequence[CellWrite]) -> bool:
    return all(live.holds(row, write.number, write.new) for write in writes)


def _others(area: Range, writes: Sequence[CellWrite]) -> list[int]:
    """Return the numbers of the columns of an area into which nothing is written."""
    written = {write.number for write in writes}
    return [number for number in area.columns if number not in written]


def _formats_for(
    writes: Sequence[CellWrite], area: Range, current: Sequence[str], models: Sequence[str]
) -> list[str | None]:
    """Return the number format to give each cell of a row, None where the `current` one may stay.

    A plain one gives way to that of the model row.
    """
    values: dict[int, Any] = {write.number: write.new for write in writes}
    formats: list[str | None] = []
    for number, own, model in zip(area.columns, current, models, strict=True):
        copied = model if own.casefold() == GENERAL.casefold() != model.casefold() else None
        needed = number_format_for(values[number], copied or own) if number in values else None
        formats.append(needed or copied)
    return formats
