"""The new bytes of a worksheet: its edits are made while its rows are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.edit.cells import CellWriter
from scripts.adapters.workbook.xlsx.edit.column_widths import width_cuts
from scripts.adapters.workbook.xlsx.edit.extend_ranges import extended
from scripts.adapters.workbook.xlsx.edit.row_editor import RowEditor
from scripts.adapters.workbook.xlsx.edit.sheet_edits import Obstacle, SheetEdits
from scripts.adapters.workbook.xlsx.edit.status_colours import ColouredColumn, colour_cuts
from scripts.adapters.workbook.xlsx.edit.style_editor import StyleEditor
from scripts.adapters.workbook.xlsx.rows import RowFinder, column_styles
from scripts.adapters.workbook.xlsx.sheet_reader import SheetReader
from tracker_schema.columns.excel_limits import LAST_ROW

_AFTER_ALL = LAST_ROW + 1


class SheetEditor:
    """Yields a worksheet's bytes with the edits made.

    Known once all pieces are read:

    changed       the bytes differ from those that were there
    has_formulas  the sheet holds a formula
    """

    def __init__(
        self,
        reader: SheetReader,
        edits: SheetEdits,
        writer: CellWriter,
        styles: StyleEditor,
        coloured: Sequence[ColouredColumn],
    ) -> None:
        """Read the head of the sheet. Raises TrackerUnusable when a value would be outside the sheet."""
        self.changed = False
        self.has_formulas = False
        self._reader = reader
        self._edits = edits
        self._styles = styles
        self._coloured = coloured
        self._head = reader.head_tree()
        self._area = edits.area()
        self._finder = RowFinder(reader)
        self._editor = RowEditor(reader.prefix, self._finder, writer, edits, column_styles(self._head))
        self._templates = {new.like for new in edits.new_rows.values()}
        self._rows = iter(sorted({*edits.cells, *edits.styles}))
        self._next_row = next(self._rows, _AFTER_ALL)
        self._formula_mark = b"<%bf" % reader.prefix
        self._formula = markup.start_tags(reader.prefix, "f")

    @property
    def added_formulas(self) -> set[tuple[int, int]]:
        """The (row, column) of each formula that was copied down to a new row."""
        return self._editor.added_formulas

    @property
    def replaced_formulas(self) -> set[tuple[int, int]]:
        """The (row, column) of each cell whose formula was replaced."""
        return self._editor.replaced_formulas

    def pieces(self) -> Iterator[bytes]:
        """Yield the new bytes of the part, piece by piece.

        Raises TrackerUnusable when an edit would harm something; that may be known only after the last piece.
        """
        opens_up = self._reader.is_empty and self._area is not None  # <sheetData/> gets its first rows
        yield self._opening(opens_up)
        for block in self._reader.blocks():
            yield self._edited(block)
        yield b"".join(self._rows_before(_AFTER_ALL))
        if opens_up:
            yield b"</%bsheetData>" % self._reader.prefix
        frame = self._reader.frame_tree()
        self._check_frame(frame)
        yield self._tail(frame)

    def _opening(self, opens_up: bool) -> bytes:
        """Return the head, with its dimension widened to what is written, and the widths of new columns."""
        head = self._reader.head
        cuts = [(len(head) - 2, len(head), b">")] if opens_up else []
        found = self._head.child("dimension")
        reference = found.attributes.get("ref") if found else None
        if found and reference and self._area:
            wider = Range.parse(reference).widened(self._area)
            if wider != Range.parse(reference):
                cuts.append(markup.attribute_cut(head, found, "ref", str(wider)))
        widths = width_cuts(head, self._head, self._reader.prefix, self._edits.columns)
        self.changed = self.changed or bool(widths)
        return markup.splice(head, [*cuts, *widths])

    def _edited(self, block: bytes) -> bytes:
        if self._formula_mark in block:
            self._note_formulas(block)
        pieces: list[bytes] = []
        at = 0
        for number, start, opened in self._finder.rows(block):
            if number > self._next_row:
                pieces += [block[at:start], *self._rows_before(number)]
                at = start
            wanted = self._edits.cells.get(number, {}) if number == self._next_row else {}
            claimed = self._edits.claimed_at(number) if self._edits.claimed else {}
            if number == self._next_row:
                self._next_row = next(self._rows, _AFTER_ALL)
            if wanted or claimed or number in self._edits.styles or number in self._templates:
                end = self._finder.row_end(block, opened)
                row = block[start:end]
                if number in self._templates:
                    self._editor.keep_as_template(number, row, opened - start)
                edited = self._editor.edited(number, row, opened - start, wanted, claimed)
                if edited is not row:
                    self.changed = True
                    pieces += [block[at:start], edited]
                    at = end
        return b"".join([*pieces, block[at:]])

    def _rows_before(self, number: int) -> Iterator[bytes]:
        """Yield the wanted rows that come before a row and are not there yet."""
        while self._next_row < number:
            claimed = self._edits.claimed_at(self._next_row) if self._next_row in self._edits.new_rows else {}
            row = self._editor.new_row(self._next_row, self._edits.cells.get(self._next_row, {}), claimed)
            if row:
                self.changed = True
                yield row
            self._next_row = next(self._rows, _AFTER_ALL)

    def _note_formulas(self, block: bytes) -> None:
        """Note the ranges that one formula fills, which is in the first cell of its range."""
        if b"ref" not in block:
            self.has_formulas = self.has_formulas or self._formula.search(block) is not None
            return
        occupied = [each for each in self._editor.occupied if each.area.last_row > self._finder.last_row]
        for formula in self._formula.finditer(block):
            self.has_formulas = True
            attributes = markup.attributes(formula[0])
            if b"ref" in attributes and attributes.get(b"t") in (b"array", b"dataTable"):
                area = Range.parse(attributes[b"ref"].decode("ascii", "replace"))
                if area.first_row < area.last_row or area.first_column < area.last_column:
                    occupied.append(Obstacle(area, "the range of an array formula", "Clear that formula in Excel."))
        self._editor.occupied = occupied

    def _tail(self, frame: markup.Element) -> bytes:
        """Return what comes after the rows, with colours, and with what covers the last row extended to new ones."""
        whole = self._reader.head + self._reader.tail
        cuts: list[markup.Cut] = []
        if self._edits.new_rows:
            is_first = next(iter(self._edits.new_rows.values())).like is None
            cuts += extended(whole, frame, self._edits.new_area(), is_first=is_first)
        for column in self._coloured:
            cuts += colour_cuts(whole, frame, column, self._styles)
        self.changed = self.changed or bool(cuts)
        return markup.splice(whole, cuts)[len(self._reader.head) :]

    def _check_frame(self, frame: markup.Element) -> None:
        """Check the edits against the merged cells, which are listed after the rows."""
        for element in frame.grandchildren("mergeCells"):
            self._edits.check_merged(Range.parse(element.attributes.get("ref", "")))
