"""A worksheet's XML, read once from front to back in blocks of whole rows, however large it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.archive import damaged
from tracker_schema.errors import TrackerUnusable

_LONGEST_STRETCH = 64 << 20  # bytes before the rows, or of one row; far more than any program writes

_TAG_OPEN = ord("<")

_ROWS_START = re.compile(rb"""<((?:[A-Za-z_][\w.-]*:)?)sheetData(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*)?/?>""")


class SheetReader:
    """The bytes of a worksheet, in three stages.

    head      up to the first row; there from the start
    blocks()  the rows
    tail      what comes after the rows; there once all blocks are read
    prefix    of the elements, such as b"x:" or b""
    encoding  of the part
    is_empty  the sheet has no rows: its element is <sheetData/>
    place     names the sheet in an error message
    """

    def __init__(self, pieces: Iterator[bytes], place: str) -> None:
        """Read the head from the pieces of a part.

        Raises TrackerUnusable when the part has no element for rows, or its encoding is not based on ASCII.
        """
        self.place = place
        self.tail = b""
        self._pieces = pieces
        self._rest = b""
        self._read_more()
        self.encoding = markup.encoding_of(self._rest, place)
        while (match := _ROWS_START.search(self._rest)) is None:
            self._read_more()
        self.head, self._rest = self._rest[: match.end()], self._rest[match.end() :]
        self.prefix = match[1]
        self.is_empty = self.head.endswith(b"/>")

    def head_tree(self) -> markup.Element:
        """Return the worksheet element up to the rows: dimension, columns and so on."""
        closing = b"" if self.is_empty else b"</%bsheetData>" % self.prefix
        return markup.parse(self.head + closing + b"</%bworksheet>" % self.prefix, self.place)

    def frame_tree(self) -> markup.Element:
        """Return the worksheet element without its rows. Call it after the blocks have been read."""
        return markup.parse(self.head + self.tail, self.place)

    def blocks(self) -> Iterator[bytes]:
        """Yield the rows in blocks of about a megabyte; each block holds whole rows.

        Raises TrackerUnusable when the part is cut off, or has comments between its cells: a comment could hold
        something that looks like a cell.
        """
        if self.is_empty:
            self.tail = self._rest + b"".join(self._pieces)
            return
        row_start, rows_end = b"<%brow" % self.prefix, b"</%bsheetData" % self.prefix
        while (end := self._rest.find(rows_end)) < 0:
            cut = self._rest.rfind(row_start)  # the last row may not be complete yet
            if cut > 0:
                yield self._checked(self._rest[:cut])
                self._rest = self._rest[cut:]
            self._read_more()
        yield self._checked(self._rest[:end])
        self.tail = self._rest[end:] + b"".join(self._pieces)

    def has_formulas(self) -> bool:
        """Return True when the sheet holds a formula. Reads the rows as far as needed."""
        mark = b"<%bf" % self.prefix
        formula = re.compile(rb"%b[\s/>]" % re.escape(mark))
        return any(mark in block and formula.search(block) is not None for block in self.blocks())

    def _read_more(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            raise damaged(f"{self.place} has no rows or breaks off")
        self._rest += piece
        if len(self._rest) > _LONGEST_STRETCH:
            raise TrackerUnusable(f"The workbook's {self.place} has a row of more than {_LONGEST_STRETCH >> 20} MB.")

    def _checked(self, block: bytes) -> bytes:
        if _has_tag(block, b"!") or _has_tag(block, b"?"):
            raise TrackerUnusable(
                f"The workbook's {self.place} has XML comments between its cells.", "Open it in Excel and save it."
            )
        return block


def _has_tag(block: bytes, sign: bytes) -> bool:
    """Return True when a tag in the block starts with the sign. One byte is found far faster than two."""
    at = block.find(sign)
    while at > 0 and block[at - 1] != _TAG_OPEN:
        at = block.find(sign, at + 1)
    return at > 0
