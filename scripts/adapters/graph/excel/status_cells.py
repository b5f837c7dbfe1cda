"""The columns of a worksheet that are ours, written through Excel's service while people work beside them.

The sheet is read as it is this moment, each row found by its reference, and each cell compared with what it held when
the tracker was read; only then is it written, and read back. Nobody but us writes these columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scripts.adapters.graph.excel.excel_values import is_same, number_format_for
from scripts.adapters.graph.excel.live_sheet import LiveSheet
from scripts.adapters.graph.excel.page import Page
from scripts.adapters.graph.excel.ranges import Area, ranges
from tracker_schema.assessment.plan import CellWrite, NewHeading, Plan
from tracker_schema.errors import TrackerError


class OurColumns:
    """The plan's part for one worksheet."""

    def __init__(self, page: Page, plan: Plan) -> None:
        self._page = page
        self._headings = [heading for heading in plan.headings if heading.sheet == page.read.name]
        self._writes = [write for write in plan.cells if write.sheet == page.read.name]

    def write(self) -> None:
        """Add the headings that are missing, write the cells that do not hold their value yet, and read them back."""
        if not self._headings and not self._writes:
            return
        live = self._page.live()
        missing = [heading for heading in self._headings if heading.column not in live.numbers]
        if missing:
            self._add(missing, live)
            live = self._page.live()
        cells = self._to_write(live)
        for area in ranges(cells, live.ours):
            found = [[cells.get(place) for place in line] for line in area.places]
            values = [[write and self._page.sent(write.new) for write in line] for line in found]
            formats = [[_format(live, place, cells) for place in line] for line in area.places]
            self._page.write(area, values, formats)
        if cells or missing:
            self._read_back(live, cells)

    def _add(self, missing: Sequence[NewHeading], live: LiveSheet) -> None:
        if self._page.table is not None:
            for heading in missing:
                self._page.add_column(heading.heading)
            return
        if not all(live.is_empty_from(heading.row, heading.number) for heading in missing):
            raise live.changed()
        first, last = missing[0], missing[-1]
        if last.number - first.number != len(missing) - 1:
            raise live.changed()
        area = Area(first.row, first.row, first.number, last.number)
        self._page.write(area, [[self._page.sent(heading.heading) for heading in missing]])

    def _to_write(self, live: LiveSheet) -> dict[tuple[int, int], CellWrite]:
        """The writes that are still to be done, by the row and column where they are to be done now."""
        cells = {}
        for write in self._writes:
            if write.column not in live.numbers:
                raise live.changed()
            row, number = live.row_now(write.row), live.numbers[write.column]
            holds = live.value(row, number)
            if self._is_same(holds, write.new):
                continue
            if not self._is_same(holds, write.old):
                raise live.changed()
            cells[row, number] = write
        return cells

    def _is_same(self, live: Any, value: Any) -> bool:
        return is_same(live, value, date_1904=self._page.date_1904)

    def _read_back(self, before: LiveSheet, cells: Mapping[tuple[int, int], CellWrite]) -> None:
        """Nothing, when every cell holds its value beside its reference; the rows may have moved under our hands.

        `before` is the sheet as it was when `cells` were written. Moved rows cost only our own cells, which the next
        look puts right; but where a column was inserted or deleted in that instant, a person's cells may be hit.
        """
        live = self._page.live()
        if any(live.numbers.get(column, number) != number for column, number in before.numbers.items()) and cells:
            raise column_moved(self._page, ", ".join(str(area) for area in ranges(cells, before.ours)))
        for write in self._writes:
            if write.column not in live.numbers:
                raise live.changed()
            holds = live.value(live.row_now(write.row), live.numbers[write.column])
            if not self._is_same(holds, write.new):
                raise live.changed()


def column_moved(page: Page, addresses: str) -> TrackerError:
    """What to raise when columns moved in the very instant in which those cells were written."""
    return TrackerError(
        f"Somebody inserted or deleted a column of the sheet “{page.read.name}” in the very instant in which "
        f"{addresses} was written; look at those cells, and take any that were overwritten from the version before "
        "(in SharePoint: Version history)."
    )


def _format(live: LiveSheet, place: tuple[int, int], cells: Mapping[tuple[int, int], CellWrite]) -> str | None:
    write = cells.get(place)
    return number_format_for(write.new, live.number_format(*place)) if write else None
