"""Which rows below the headings belong to a log: not its totals, headings repeated further down, keys or notes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

from scripts.adapters.workbook.xlsx import Package
from tracker_schema.columns.headings import Headings
from tracker_schema.columns.parsing import Cell, is_blank
from tracker_schema.columns.schema import Sheet, plain
from tracker_schema.layouts.row_kinds import RowKinds, RowSorter
from tracker_schema.layouts.rows import merged_references

_TOTALS = frozenset({"total", "totals", "grandtotal", "sum", "count", "subtotal"})


class LogRows:
    """The rows of one worksheet as rows of a log.

    ours: the numbers of the columns that this program writes
    persons: the numbers of the columns that people fill in
    """

    def __init__(
        self,
        sheet: Sheet,
        headings: Headings,
        package: Package,
        name: str,
        merged: Sequence[tuple[int, int, int, int]] = (),
    ) -> None:
        """`merged` are the worksheet's merged cells: first row and column, last row and column."""
        self.ours = [number for column, number in headings.numbers.items() if sheet.columns[column].by_script]
        self.persons = [number for number in headings.numbers.values() if number not in self.ours]
        self._sheet = sheet
        self._headings = headings
        self._reference = headings.numbers[sheet.row_key[0]]
        self._totals = _totals_rows(package, name, headings.row)
        self._merged = merged

    def is_filled(self, cells: Sequence[Cell]) -> bool:
        """Return True if a person has entered something in the row."""
        return any(not is_blank(cells[number - 1]) for number in self.persons)

    def sort(self, rows: Sequence[Sequence[Cell]]) -> RowKinds:
        """Return what the rows below the headings are; `rows` are all rows of the worksheet."""
        headings = self._headings
        filled = [
            (row, cells)
            for row, cells in enumerate(rows[headings.row :], headings.row + 1)
            if self.is_filled(cells) and not self.is_totals_row(row) and not self._adds_up(cells)
        ]
        others = {*headings.unknown, *headings.repeated}
        return RowSorter(self._sheet, headings.numbers, others).sort(
            filled,
            merged_references(self._merged, headings.row, self._reference),
            self._separators(),
            [row for row, cells in filled if self._repeats_headings(cells)],
        )

    def _separators(self) -> Collection[int]:
        """Return the rows whose reference is merged with the cells beside it."""
        return {
            row
            for top, left, bottom, right in self._merged
            if left <= self._reference <= right and left < right
            for row in range(top, bottom + 1)
        }

    def is_totals_row(self, row: int) -> bool:
        """Return True for a totals row of the table."""
        return row in self._totals

    def _adds_up(self, cells: Sequence[Cell]) -> bool:
        """Return True if “Total” is in place of the reference; or if there are only figures, and perhaps that word."""
        reference = cells[self._reference - 1]
        if not is_blank(reference):
            return _is_total(reference)
        filled = (cells[number - 1] for number in self.persons if not is_blank(cells[number - 1]))
        return all(isinstance(cell, float) or _is_total(cell) for cell in filled)

    def _repeats_headings(self, cells: Sequence[Cell]) -> bool:
        """Return True if the row repeats the headings, as people do in a long sheet."""
        first = self._first_headings
        return bool(first) and all(_is_text(cells[number - 1], text) for number, text in first)

    @cached_property
    def _first_headings(self) -> list[tuple[int, str]]:
        """Return the first few headings as headings are compared, with the numbers of their columns."""
        texts = self._headings.own_texts
        there = [number for number in self._headings.numbers.values() if texts[number]]
        return [(number, plain(texts[number])) for number in there[:3]]


def _totals_rows(package: Package, name: str, heading_row: int) -> range:
    """Return the totals rows of the table with its headings in `heading_row`."""
    for table in package.tables(name):
        if table.first_row == heading_row and table.totals_rows:
            return range(table.last_row - table.totals_rows + 1, table.last_row + 1)
    return range(0)


def _is_total(cell: Cell) -> bool:
    return isinstance(cell, str) and plain(cell) in _TOTALS


def _is_text(cell: Cell, text: str) -> bool:
    return isinstance(cell, str) and plain(cell) == text
