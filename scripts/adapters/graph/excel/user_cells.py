"""Cells that are people's, filled for them through Excel's service, and rows added below their log, while they work.

Only what is empty is written. To the end of a log's table Excel adds a row by itself, with its values, so that it
cannot hit anything else. Any other row is looked at once more right before it is written, and the sheet right after:
should somebody have moved rows in the very instant between the two, what was hit is put back and the caller begins
anew; where that cannot be done for sure, the cells are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scripts.adapters.graph.excel.excel_values import GENERAL, is_same, number_format_for
from scripts.adapters.graph.excel.live_sheet import LiveSheet
from scripts.adapters.graph.excel.page import Page
from scripts.adapters.graph.excel.ranges import Area
from scripts.adapters.graph.excel.status_cells import column_moved
from tracker_schema.assessment.plan import CellWrite, NewRow, Plan
from tracker_schema.errors import TrackerChanged, TrackerError


class PeoplesCells:
    """The plan's part for one worksheet."""

    def __init__(self, page: Page, plan: Plan) -> None:
        self._page = page
        self._end_of_table = 0
        self._new = {row.row: row for row in sorted(plan.rows) if row.sheet == page.read.name}
        self._writes: dict[int, list[CellWrite]] = {row: [] for row in self._new}
        for write in plan.cells:
            if write.sheet == page.read.name:
                self._writes.setdefault(write.row, []).append(write)

    def write(self) -> list[str]:
        """What a person should see to, after all cells were filled and all rows added, each read back."""
        if not self._writes:
            return []
        if self._new and self._page.table is not None:
            self._end_of_table = self._page.end_of_table()
        live = self._page.live()
        if live.numbers != self._page.read.numbers:
            raise live.changed()
        remarks = []
        for row, writes in self._writes.items():
            new = self._new.get(row)
            if new is None:
                live = self._fill(live, writes)
                continue
            now, stands = self._place_of(live, new)
            if not stands and self._end_of_table == now - 1:
                live = self._append(live, new, writes)
            elif not stands:
                if self._page.table is not None and self._page.end_of_table() != self._end_of_table:
                    raise live.changed()
                live = self._add_below(live, now, new, writes)
                if self._page.table is None:
                    remarks.append(self._says_what_did_not_follow(now, new))
            self._check(live, self._place_of(live, new)[0], writes)
        return remarks

    def _place_of(self, live: LiveSheet, new: NewRow) -> tuple[int, bool]:
        return live.row_of_new(new, {write.column: write.new for write in self._writes[new.row]})

    def _check(self, live: LiveSheet, row: int, writes: Sequence[CellWrite]) -> None:
        """Raise TrackerChanged unless the row holds everything that is to be written into it."""
        if not self._holds(live, row, writes):
            raise live.changed()

    def _holds(self, live: LiveSheet, row: int, writes: Sequence[CellWrite]) -> bool:
        date_1904 = self._page.date_1904
        return all(is_same(live.value(row, write.number), write.new, date_1904=date_1904) for write in writes)

    def _fill(self, live: LiveSheet, writes: Sequence[CellWrite]) -> LiveSheet:
        """The sheet after the cells of one row were filled that do not hold their value yet."""
        row = live.row_now(writes[0].row)
        missing = [write for write in writes if not self._holds(live, row, [write])]
        if not missing:
            return live
        area = Area(row, row, min(live.numbers.values()), max(live.numbers.values()))
        formats = self._formats(live, area, missing, None)
        after = self._written(live, area, missing, formats)
        try:
            now = after.row_now(writes[0].row)
        except TrackerChanged:
            now = 0
        if not now or not self._holds(after, now, writes):
            self._put_back(live, after, area, missing)
            raise after.changed()
        return after

    def _add_below(self, live: LiveSheet, row: int, new: NewRow, writes: Sequence[CellWrite]) -> LiveSheet:
        """The sheet after a row was written where nothing stood."""
        area = Area(row, row, new.first, new.last)
        formats = self._formats(live, area, writes, new.like)
        after = self._written(live, area, writes, formats)
        others = _others(area, writes)
        is_somebodys = any(after.content(row, number) != live.content(row, number) for number in others)
        if is_somebodys or (after.lost(live) and live.rows_like(after, row, others)):
            self._put_back(live, after, area, writes)
            raise after.changed()
        return after

    def _written(
        self, live: LiveSheet, area: Area, writes: Sequence[CellWrite], formats: Sequence[str | None]
    ) -> LiveSheet:
        """The sheet after the cells were written, in one request, into an area of one row."""
        values = {write.number: self._page.sent(write.new) for write in writes}
        first, last = min(values), max(values)
        if any(formats):
            first, last = area.first_number, area.last_number
        narrow = Area(area.first_row, area.first_row, first, last)
        shown = [formats[number - area.first_number] for number in narrow.columns]
        self._page.write(narrow, [[values.get(number) for number in narrow.columns]], [shown])
        after = self._page.live()
        if after.numbers != live.numbers:
            raise column_moved(self._page, str(narrow))
        return after

    def _append(self, live: LiveSheet, new: NewRow, writes: Sequence[CellWrite]) -> LiveSheet:
        """The sheet after Excel added a row to the table, for which nothing else can be in the way."""
        values = {write.number: self._page.sent(write.new) for write in writes}
        above = live.row_now(new.like) if new.like else 0
        for number in range(new.first, new.last + 1):
            has_formula = above and str(live.content(above, number)).startswith("=")
            values.setdefault(number, None if has_formula else "")
        self._page.add_row([values[number] for number in range(new.first, new.last + 1)])
        self._end_of_table = self._page.end_of_table()
        after = self._page.live()
        row, stands = self._place_of(after, new)
        if not stands or self._end_of_table < row:
            raise after.changed()
        area = Area(row, row, new.first, new.last)
        looks = self._page.look(area)[1]
        formats = _formats_for(writes, area, looks, looks)
        if any(formats):
            self._page.format(area, formats)
        return after

    def _formats(self, live: LiveSheet, area: Area, writes: Sequence[CellWrite], like: int | None) -> list[str | None]:
        """The number formats that a row needs; those of the row that it is to look like go before plain ones.

        Raises TrackerChanged when a cell to be filled is not empty, or the row is not the one that was seen before.
        """
        held, looks = self._page.look(area)
        if any(str(held[write.number - area.first_number]).strip() for write in writes):
            raise live.changed()
        if any(live.content(area.first_row, number) != what for number, what in zip(area.columns, held, strict=True)):
            raise live.changed()
        above = live.row_now(like) if like else 0
        models = [live.number_format(above, number) if above else GENERAL for number in area.columns]
        return _formats_for(writes, area, looks, models)

    def _put_back(self, before: LiveSheet, after: LiveSheet, area: Area, writes: Sequence[CellWrite]) -> None:
        """Put back what the writes hit instead of an empty cell, in whatever row stands there now.

        Raises TrackerError, naming the cells, when it cannot be told what that was.
        """
        row = area.first_row
        if not self._holds(after, row, writes):  # moved again since: a person's cells are his again, or were not hit
            return
        others = _others(area, writes)
        hit = before.rows_like(after, row, others)
        if len(hit) != 1:
            raise TrackerError(
                f"Somebody moved rows of the sheet “{self._page.read.name}” in the very instant in which {area} was "
                "written; look at those cells, and take any that were overwritten from the version before (in "
                "SharePoint: Version history)."
            )
        contents = [None if number in others else before.content(hit[0], number) for number in area.columns]
        self._page.put_back(area, contents)

    def _says_what_did_not_follow(self, row: int, new: NewRow) -> str:
        return (
            f"{self._page.read.name}!{Area(row, row, new.first, new.last)} was added while the workbook was open in "
            "Excel, so drop-downs and colours may end above it; copy the format of the row above onto it there."
        )


def _others(area: Area, writes: Sequence[CellWrite]) -> list[int]:
    """The columns of an area into which nothing is written."""
    written = {write.number for write in writes}
    return [number for number in area.columns if number not in written]


def _formats_for(
    writes: Sequence[CellWrite], area: Area, looks: Sequence[str], models: Sequence[str]
) -> list[str | None]:
    """The number format to give each cell of a row, None where it may stay; its model's goes before a plain one."""
    news: dict[int, Any] = {write.number: write.new for write in writes}
    formats: list[str | None] = []
    for number, look, model in zip(area.columns, looks, models, strict=True):
        taken = model if look.casefold() == GENERAL.casefold() != model.casefold() else None
        needed = number_format_for(news[number], taken or look) if number in news else None
        formats.append(needed or taken)
    return formats
