"""Write the status columns of a worksheet through Excel's service while people work beside them.

The sheet is read as it is at this moment, each row found by its reference, and each cell compared with what it held
when the tracker was read. Only then is it written, and read back. Nobody but us writes these columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.adapters.graph.excel.excel_values import number_format_for
from scripts.adapters.graph.excel.live_sheet import LiveSheet
from scripts.adapters.graph.excel.open_sheet import OpenSheet
from scripts.adapters.graph.excel.ranges import ranges
from scripts.adapters.workbook.column_format import body_width, heading_width
from scripts.adapters.workbook.xlsx import Range
from tracker_schema.errors import TrackerError
from tracker_schema.incidents.plan import CellWrite, NewHeading, Plan


class StatusCells:
    """The plan's part for one worksheet."""

    def __init__(self, sheet: OpenSheet, plan: Plan) -> None:
        self._sheet = sheet
        self._headings = [heading for heading in plan.headings if heading.sheet == sheet.read.name]
        self._writes = [write for write in plan.cells if write.sheet == sheet.read.name]

    def write(self) -> None:
        """Add the headings that are missing, write the cells that do not hold their value yet, and read them back.

        Raises TrackerChanged when a person's change came in between, and TrackerError when columns moved meanwhile.
        """
        if not self._headings and not self._writes:
            return
        live = self._sheet.live()
        missing = [heading for heading in self._headings if heading.column not in live.numbers]
        if missing:
            self._add(missing, live)
            live = self._sheet.live()
            if any(heading.column not in live.numbers for heading in missing):
                raise live.changed()
            self._format(missing, live)
        cells = self._to_write(live)
        for area in ranges(cells, live.ours):
            writes = [[cells.get((row, column)) for column in area.columns] for row in area.rows]
            values = [[write and self._sheet.to_send(write.new) for write in row] for row in writes]
            formats = [[_format(live, cells, row, column) for column in area.columns] for row in area.rows]
            self._sheet.write(area, values, formats)
        if cells or missing:
            self._read_back(live, cells)

    def _add(self, missing: Sequence[NewHeading], live: LiveSheet) -> None:
        if self._sheet.table is not None:
            for heading in missing:
                self._sheet.add_column(heading.heading)
            return
        first, last = missing[0], missing[-1]
        is_free = all(live.is_empty_from(heading.row, heading.number) for heading in missing)
        if not is_free or last.number - first.number != len(missing) - 1:
            raise live.changed()
        area = Range(first.row, first.number, first.row, last.number)
        self._sheet.write(area, [[self._sheet.to_send(heading.heading) for heading in missing]])

    def _format(self, added: Sequence[NewHeading], live: LiveSheet) -> None:
        """Make the columns that were added wide enough, and visible, from their headings to the end of the log."""
        for heading in added:
            number = live.numbers[heading.column]
            area = Range(heading.row, number, max([heading.row, *heading.rows]), number)
            self._sheet.format_column(area, max(body_width(heading.definition), heading_width(heading.heading)))

    def _to_write(self, live: LiveSheet) -> dict[tuple[int, int], CellWrite]:
        """Return the writes that are still to be done, by where their cells are now."""
        cells = {}
        for write in self._writes:
            cell = self._cell_now(live, write)
            if live.holds(*cell, write.new):
                continue
            if not live.holds(*cell, write.old):
                raise live.changed()
            cells[cell] = write
        return cells

    def _cell_now(self, live: LiveSheet, write: CellWrite) -> tuple[int, int]:
        if write.column not in live.numbers:
            raise live.changed()
        return live.row_now(write.row), live.numbers[write.column]

    def _read_back(self, before: LiveSheet, cells: Mapping[tuple[int, int], CellWrite]) -> None:
        """Raise TrackerChanged unless every cell holds its value beside its reference.

        `before` is the sheet as it was when `cells` were written. Rows that moved since then cost only our own cells,
        which the next attempt corrects. But a column that was inserted or deleted may mean that a person's cells were
        overwritten.
        """
        live = self._sheet.live()
        if any(live.numbers.get(column, number) != number for column, number in before.numbers.items()) and cells:
            raise column_moved(self._sheet, ", ".join(str(area) for area in ranges(cells, before.ours)))
        for write in self._writes:
            if not live.holds(*self._cell_now(live, write), write.new):
                raise live.changed()


def column_moved(sheet: OpenSheet, addresses: str) -> TrackerError:
    """Return the error for columns that moved while the cells at `addresses` were being written."""
    return TrackerError(
        f"Somebody inserted or deleted a column of the sheet “{sheet.read.name}” at the very moment when {addresses} "
        "was written.",
        "Check those cells, and take any that were overwritten from the version before (in SharePoint: Version "
        "history).",
    )


def _format(live: LiveSheet, cells: Mapping[tuple[int, int], CellWrite], row: int, column: int) -> str | None:
    write = cells.get((row, column))
    return number_format_for(write.new, live.number_format(row, column)) if write else None
