"""Find rows and cells in the bytes of a sheet.

Nearly every program writes `<row r="5" ...>` and `<c r="A5" s="3" t="s">`; those are found by searching bytes. A row
written in any other way goes to an XML parser, which is slower and always right. Tests compare the two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import address, column_bytes, column_number
from scripts.adapters.workbook.xlsx.archive import damaged
from scripts.adapters.workbook.xlsx.sheet_reader import SheetReader
from tracker_schema.columns.excel_limits import LAST_COLUMN, LAST_ROW

_MOST_LAYOUTS = 10_000  # kept in memory; a sheet has a few
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_STYLE = re.compile(rb"""\ss\s*=\s*["']([0-9]{1,9})["']""")
_CUSTOM_FORMAT = re.compile(rb"""\scustomFormat\s*=\s*["'](?:1|true)["']""")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?(?:v|is)[\s>]")


class CellBytes(NamedTuple):
    """Where the bytes of a cell are in its row.

    column         counted from 1
    start, opened  the start tag: its first byte, and the byte after it
    end            the byte after the cell; for a cell that is not there all three are where it would be inserted
    """

    column: int
    start: int
    opened: int
    end: int


def style_of(tag: bytes) -> int:
    """Return the style in a start tag."""
    found = _STYLE.search(tag)
    return int(found[1]) if found else 0


def row_style(tag: bytes) -> int | None:
    """Return the style of a row for cells that are not there; None when it has none, so that of the column counts."""
    return style_of(tag) if b"customFormat" in tag and _CUSTOM_FORMAT.search(tag) else None


def column_styles(head: markup.Element) -> dict[int, int]:
    """Return the style of each column that has one, for cells that are not there, from the head of a sheet."""
    return {
        number: column.number("style", 0)
        for columns in head.named("cols")
        for column in columns.named("col")
        if column.number("style", 0)
        for number in range(column.number("min", 1), min(column.number("max", 1), LAST_COLUMN) + 1)
    }


def has_value(row: bytes, cell: CellBytes) -> bool:
    """Return True when a cell of a row holds a value."""
    return _VALUE.search(row, cell.opened, cell.end) is not None


class _UnusualRowError(Exception):
    """The row is not written in the usual way."""


class RowFinder:
    """Finds the rows of a sheet's blocks, in order, and the cells of a row. `last_row` is the last one found."""

    def __init__(self, reader: SheetReader) -> None:
        """Start before the first row of a sheet."""
        self.last_row = 0
        self._place = reader.place
        self._encoding = reader.encoding
        prefix = reader.prefix
        self._row_open, self._row_close = b"<%brow" % prefix, b"</%brow" % prefix
        self._cell_open, self._cell_close = b"<%bc" % prefix, b"</%bc" % prefix
        p = re.escape(prefix)
        self._usual_row = re.compile(rb"""<%brow r="([0-9]{1,7})"[^>"']*(?:"[^"]*"[^>"']*)*>""" % p)
        self._any_row = markup.start_tags(prefix, "row")
        self._cell_letters = re.compile(rb"""<%bc r="([A-Z]{1,3})[0-9]""" % p)
        self._usual_cell = re.compile(rb"""<%bc r="[A-Z]{1,3}[0-9]{1,7}"(?: [\w:]+="[^"<>]*")* ?/?>""" % p)
        self._layouts: dict[bytes, tuple[int, ...]] = {}

    def rows(self, block: bytes) -> Iterator[tuple[int, int, int]]:
        """Yield the number of each row of a block, and where its start tag starts and ends.

        Raises TrackerUnusable when rows are out of order, or there are more than Excel has.
        """
        matches = list(self._usual_row.finditer(block))
        usual = len(matches) == block.count(self._row_open)
        if not usual:
            matches = list(self._any_row.finditer(block))
        for match in matches:
            number = int(match[1]) if usual else self._number(match[0])
            if number <= self.last_row:
                raise damaged(f"row {number} of {self._place} is out of order")
            if number > LAST_ROW:
                raise damaged(f"{self._place} has a row {number}, and {LAST_ROW} is the last one that there is")
            self.last_row = number
            yield number, match.start(), match.end()

    def _number(self, tag: bytes) -> int:
        return self._tree(tag if tag.endswith(b"/>") else tag[:-1] + b"/>").number("r", self.last_row + 1)

    def row_end(self, block: bytes, opened: int) -> int:
        """Return where the row ends whose start tag ends at `opened`. Raises TrackerUnusable when it does not end."""
        if block.startswith(b"/>", opened - 2):
            return opened
        # Not beyond the next row: in a file of rows within rows, each search would go through all that follows.
        until = block.find(self._row_open, opened)
        closing = block.find(self._row_close, opened, until if until > 0 else len(block))
        end = block.find(b">", closing) + 1
        if closing < 0 or end <= opened:
            raise damaged(f"row {self.last_row} of {self._place} has no end")
        return end

    def places(self, row: bytes, number: int, columns: Sequence[int]) -> list[CellBytes]:
        """Return where the cells of those columns, in ascending order, are in a row, or would be inserted.

        Raises TrackerUnusable when the cells are out of order, or one belongs to another row.
        """
        try:
            return self._usual_places(row, number, columns)
        except _UnusualRowError:
            return self._parsed_places(row, number, columns)

    def cells(self, row: bytes, number: int) -> list[CellBytes]:
        """Return all cells of a row. Raises TrackerUnusable as `places` does."""
        try:
            return self._usual_places(row, number, self._layout(row))
        except _UnusualRowError:
            return self._parsed_cells(row, number)[0]

    def column_at(self, row: bytes, number: int, at: int) -> int:
        """Return the column of the cell whose content has the byte `at` of the row, or 0."""
        if at < 0:
            return 0
        letters = self._cell_letters.match(row, row.rfind(self._cell_open, 0, at))
        if letters:
            return column_number(letters[1].decode())
        return next((cell.column for cell in self.cells(row, number) if cell.start < at < cell.end), 0)

    def _layout(self, row: bytes) -> tuple[int, ...]:
        """Return the columns of a row's cells. A sheet has few different rows of columns, so they are kept."""
        letters = self._cell_letters.findall(row)
        if len(letters) != row.count(self._cell_open):
            raise _UnusualRowError
        key = b" ".join(letters)
        layout = self._layouts.get(key)
        if layout is None:
            layout = tuple(column_number(each.decode()) for each in letters)
            if any(left >= right for left, right in pairwise(layout)):
                raise _UnusualRowError
            if len(self._layouts) >= _MOST_LAYOUTS:
                self._layouts.clear()
            self._layouts[key] = layout
        return layout

    def _usual_places(self, row: bytes, number: int, columns: Sequence[int]) -> list[CellBytes]:
        layout = self._layout(row)
        after = -1
        places = []
        for column in columns:
            index = bisect_left(layout, column)
            if index == len(layout):
                if after < 0:
                    after = self._row_tail(row)
                places.append(CellBytes(column, after, after, after))
                continue
            start = row.find(b'%b r="%b%d"' % (self._cell_open, column_bytes(layout[index]), number))
            if start < 0:
                raise _UnusualRowError
            if layout[index] == column:
                places.append(CellBytes(column, start, *self._usual_extent(row, start)))
            else:
                places.append(CellBytes(column, start, start, start))
        return places

    def _usual_extent(self, row: bytes, start: int) -> tuple[int, int]:
        tag = self._usual_cell.match(row, start)
        if tag is None:
            raise _UnusualRowError
        opened = tag.end()
        if row.startswith(b"/>", opened - 2):
            return opened, opened
        closing = row.find(self._cell_close, opened)
        end = closing + len(self._cell_close) + 1
        if closing < 0 or row[end - 1 : end] != b">":
            raise _UnusualRowError
        return opened, end

    def _row_tail(self, row: bytes) -> int:
        """Return where a cell is inserted after all others. Only extensions, which are rare, may follow the cells."""
        end = row.rfind(self._row_close)
        last_tag = row.rfind(b"<", 0, end)
        if end < 0 or not (last_tag == 0 or row.startswith((self._cell_open, self._cell_close), last_tag)):
            raise _UnusualRowError
        return end

    def _parsed_places(self, row: bytes, number: int, columns: Sequence[int]) -> list[CellBytes]:
        cells, tail = self._parsed_cells(row, number)
        layout = [cell.column for cell in cells]
        places = []
        for column in columns:
            index = bisect_left(layout, column)
            if index < len(cells) and layout[index] == column:
                places.append(cells[index])
            else:
                at = cells[index].start if index < len(cells) else tail
                places.append(CellBytes(column, at, at, at))
        return places

    def _parsed_cells(self, row: bytes, number: int) -> tuple[list[CellBytes], int]:
        """Return all cells of a row, and where another is inserted after them."""
        tree = self._tree(row)
        cells: list[CellBytes] = []
        column = 0
        for element in tree.named("c"):
            reference = element.attributes.get("r")
            if reference is None:
                column += 1
            else:
                found = _ADDRESS.fullmatch(reference.strip())
                if found is None or int(found[2]) != number or column_number(found[1]) <= column:
                    raise damaged(f"row {number} of {self._place} has a cell out of order")
                column = column_number(found[1])
            if column > LAST_COLUMN:
                raise damaged(f"{self._place} has a cell {address(number, column)}")
            cells.append(CellBytes(column, element.start, element.opened, element.end))
        return cells, cells[-1].end if cells else tree.opened

    def _tree(self, row: bytes) -> markup.Element:
        return markup.parse(row, f"row {self.last_row} of {self._place}", self._encoding)
