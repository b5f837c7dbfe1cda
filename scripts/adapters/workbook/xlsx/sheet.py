"""A worksheet part, read once from front to back in stretches of whole rows, however large it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.archive import damaged
from tracker_schema.errors import TrackerUnusable

_LONGEST_STRETCH = 64 << 20  # what stands before the rows, or one row; far more than a program ever writes

_TAG_OPEN = ord("<")

_ROWS_START = re.compile(rb"""<((?:[A-Za-z_][\w.-]*:)?)sheetData(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*)?/?>""")


class SheetReader:
    """The bytes of a worksheet: `head` up to its first row, then `blocks` of rows, then `tail`."""

    def __init__(self, pieces: Iterator[bytes], place: str) -> None:
        """Read the head from the pieces of a part; `place` names the sheet in an error message.

        Raises TrackerUnusable when it holds no rows element or is not in an encoding based on ASCII.
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
        self.empty = self.head.endswith(b"/>")

    def head_tree(self) -> markup.Element:
        """The worksheet element as far as the head goes: dimension, columns and so on."""
        closing = b"" if self.empty else b"</%bsheetData>" % self.prefix
        return markup.parse(self.head + closing + b"</%bworksheet>" % self.prefix, self.place)

    def frame_tree(self) -> markup.Element:
        """The worksheet element without its rows; to be called once the blocks have been read."""
        return markup.parse(self.head + self.tail, self.place)

    def blocks(self) -> Iterator[bytes]:
        """The rows, a few megabytes at a time, none of them torn.

        Raises TrackerUnusable when the part ends in the middle, or has comments between its cells, which could
        hide something that looks like a cell.
        """
        if self.empty:
            self.tail = self._rest + b"".join(self._pieces)
            return
        row_start, rows_end = b"<%brow" % self.prefix, b"</%bsheetData" % self.prefix
        while (end := self._rest.find(rows_end)) < 0:
            cut = self._rest.rfind(row_start)  # of the last row perhaps not all is there yet
            if cut > 0:
                yield self._checked(self._rest[:cut])
                self._rest = self._rest[cut:]
            self._read_more()
        yield self._checked(self._rest[:end])
        self.tail = self._rest[end:] + b"".join(self._pieces)

    def _read_more(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            raise damaged(f"{self.place} has no rows or breaks off")
        self._rest += piece
        if len(self._rest) > _LONGEST_STRETCH:
            raise TrackerUnusable(f"The workbook's {self.place} has a row of more than 64 MB.")

    def _checked(self, block: bytes) -> bytes:
        if _opens(block, b"!") or _opens(block, b"?"):
            raise TrackerUnusable(
                f"The workbook's {self.place} has XML comments between its cells; open it in Excel and save it."
            )
        return block


def _opens(block: bytes, sign: bytes) -> bool:
    """Whether a tag in the block starts with the sign: found by the sign, for one byte is found far faster than two."""
    at = block.find(sign)
    while at > 0 and block[at - 1] != _TAG_OPEN:
        at = block.find(sign, at + 1)
    return at > 0


def has_formulas(reader: SheetReader) -> bool:
    """Whether a sheet holds a formula."""
    mark = b"<%bf" % reader.prefix
    formula = re.compile(rb"%b[\s/>]" % re.escape(mark))
    return any(mark in block and formula.search(block) is not None for block in reader.blocks())
