"""The new bytes of one row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import column_bytes
from scripts.adapters.workbook.xlsx.edit.cells import CellContent, CellWriter, Formula
from scripts.adapters.workbook.xlsx.edit.new_rows import RowTemplate
from scripts.adapters.workbook.xlsx.edit.sheet_edits import Claim, Obstacle, SheetEdits
from scripts.adapters.workbook.xlsx.formulas import can_be_copied_down, plain_formula
from scripts.adapters.workbook.xlsx.rows import CellBytes, RowFinder, row_style, style_of
from tracker_schema.columns.links import Link

_SPANS = re.compile(rb"""\sspans\s*=\s*["']([0-9: ]+)["']""")
_NOT_KEPT = {b"s", b"t", b"cm", b"vm"}  # the style is written again; the rest describes the old value


class RowEditor:
    """Replaces, inserts and empties cells in the rows of a sheet.

    replaced_formulas  the (row, column) of each cell whose formula was replaced
    added_formulas     the (row, column) of each formula that was copied down to a new row, or is a link of ours
    occupied           ranges into which no value can be written, as far as they are known
    """

    def __init__(
        self, prefix: bytes, finder: RowFinder, writer: CellWriter, edits: SheetEdits, column_styles: Mapping[int, int]
    ) -> None:
        """Edit rows that `finder` finds; `column_styles` are for cells that are not there yet."""
        self.replaced_formulas: set[tuple[int, int]] = set()
        self.added_formulas: set[tuple[int, int]] = set()
        self.occupied: list[Obstacle] = list(edits.occupied)
        self._prefix = prefix
        self._templates: dict[int, RowTemplate] = {}
        self._finder = finder
        self._writer = writer
        self._edits = edits
        self._column_styles = column_styles
        self._row_open, self._row_close = b'<%brow r="' % prefix, b"</%brow>" % prefix
        self._cell_open = b'<%bc r="' % prefix
        self._formula = markup.start_tags(prefix, "f")
        p = re.escape(prefix)
        self._content = re.compile(rb"<%b(?:(?:f|is)[\s/>]|v(?:\s[^>]*)?>[^<])" % p)
        self._usual_tag = re.compile(rb'(<%bc r="[A-Z]+[0-9]+")(?: s="([0-9]{1,9})")?(?: t="\w+")?/?>' % p)

    def keep_as_template(self, number: int, row: bytes, opened: int) -> None:
        """Keep the format and formulas of a row that new rows are formatted like."""
        template = self._templates[number] = RowTemplate(row[:opened])
        for cell in self._finder.cells(row, number):
            template.styles[cell.column] = style_of(row[cell.start : cell.opened])
            template.formulas[cell.column] = plain_formula(row[cell.opened : cell.end], self._prefix)

    def new_row(self, number: int, wanted: Mapping[int, CellContent], claimed: Mapping[int, Claim]) -> bytes:
        """Return the bytes of a row that was not there before; b"" when it would hold nothing.

        Raises TrackerUnusable as `edited` does.
        """
        template = self._template_of(number)
        tag = self._row_open + b'%d"%b>' % (number, template.attributes if template else b"")
        empty = tag + self._row_close
        row = self.edited(number, empty, len(tag), wanted, claimed)
        return b"" if row is empty else row

    def edited(
        self, number: int, row: bytes, opened: int, wanted: Mapping[int, CellContent], claimed: Mapping[int, Claim]
    ) -> bytes:
        """Return the row with the wanted values in it; the same object when nothing changes.

        `opened` is where its start tag ends. Raises TrackerUnusable when a value cannot be written, or a column that
        must be empty is not.
        """
        whole = row
        if opened == len(row):  # <row/>
            whole = row[:-2].rstrip() + b">" + self._row_close
            opened = len(whole) - len(self._row_close)
        styles = self._edits.styles.get(number, {})
        usual_in_row = row_style(whole[:opened])
        template = self._template_of(number)
        if template:
            wanted = {**self._copied_formulas(number, template), **wanted}
        pieces: list[bytes] = []
        inserted: list[int] = []
        at = opened
        for place in self._finder.places(whole, number, sorted({*wanted, *claimed, *styles})):
            column, start, _, end = place
            if start < end:
                if column in claimed:
                    self._check_free(number, whole, place, claimed[column])
                if column not in wanted and (column not in styles or self._content.search(whole, place.opened, end)):
                    continue
                new = self._replacement(number, whole, place, wanted.get(column), styles.get(column))
                if new == whole[start:end]:
                    continue
            else:
                value = wanted.get(column)
                usual = self._column_styles.get(column, 0) if usual_in_row is None else usual_in_row
                style = styles.get(column, template.styles.get(column, usual) if template else usual)
                if value is None and style == usual:
                    continue
                cell = b'%b%b%d"' % (self._cell_open, column_bytes(column), number)
                new = self._writer.cell(number, column, cell, style, value)
                inserted.append(column)
            if self.occupied:
                self._check_occupied(number, column)
            if isinstance(wanted.get(column), Link):
                self.added_formulas.add((number, column))
            pieces += [whole[at:start], new]
            at = end
        if not pieces:
            return row
        tag = _with_spans(whole[:opened], inserted)
        if number in self._edits.new_rows:  # people hide rows that they prepared
            tag = markup.without_attributes(tag, {b"hidden"})
        return b"".join([tag, *pieces, whole[at:]])

    def _template_of(self, number: int) -> RowTemplate | None:
        """Return the template of a new row; None for any other row, and where the log was empty."""
        new = self._edits.new_rows.get(number)
        return self._templates.get(new.like) if new and new.like else None

    def _copied_formulas(self, number: int, template: RowTemplate) -> dict[int, CellContent]:
        """Return the formulas of the table's columns that go unchanged into a new row."""
        copied: dict[int, CellContent] = {
            column: Formula(formula)
            for column, formula in self._edits.formulas.get(number, {}).items()
            if can_be_copied_down(template.formulas.get(column), formula)
        }
        self.added_formulas |= {(number, column) for column in copied.keys() - self._edits.cells[number].keys()}
        return copied

    def _replacement(
        self, number: int, row: bytes, place: CellBytes, value: CellContent, own_style: int | None
    ) -> bytes:
        """Return the bytes of a cell that is there with another value."""
        old = row[place.start : place.end]
        content = row[place.opened : place.end]
        if value is None and own_style is None and not self._content.search(content):
            return old
        self._note_replaced_formula(number, place.column, content)
        tag = row[place.start : place.opened]
        usual = self._usual_tag.fullmatch(tag)
        if usual:
            start, style = usual[1], int(usual[2] or 0)
        else:
            start, style = markup.without_attributes(tag, _NOT_KEPT).rstrip(b"/>").rstrip(), style_of(tag)
        return self._writer.cell(number, place.column, start, style if own_style is None else own_style, value)

    def _note_replaced_formula(self, number: int, column: int, content: bytes) -> None:
        formula = self._formula.search(content)
        if formula is None:
            return
        if b"ref" in markup.attributes(formula[0]):
            raise self._edits.refused(
                number, column, "holds a formula that other cells share", "Clear that formula in Excel."
            )
        self.replaced_formulas.add((number, column))

    def _check_free(self, number: int, row: bytes, place: CellBytes, claim: Claim) -> None:
        if claim.over_formulas and self._formula.search(row, place.opened, place.end):
            return
        if self._content.search(row, place.opened, place.end):
            raise self._edits.refused(
                number, place.column, f"is not empty, but {claim.what} is to go there", "Move what it holds."
            )

    def _check_occupied(self, number: int, column: int) -> None:
        for obstacle in self.occupied:
            if obstacle.area.holds(number, column):
                raise self._edits.refused(number, column, f"is inside {obstacle.name}", obstacle.remedy)


def _with_spans(tag: bytes, inserted: Sequence[int]) -> bytes:
    """Return the row's start tag with its spans (its first and last column) widened to the inserted cells."""
    found = _SPANS.search(tag) if inserted else None
    if found is None:
        return tag
    ends = [int(end) for end in found[1].replace(b":", b" ").split()]
    if not ends or (min(ends) <= inserted[0] and inserted[-1] <= max(ends)):
        return tag
    widened = b"%d:%d" % (min(*ends, inserted[0]), max(*ends, inserted[-1]))
    return tag[: found.start(1)] + widened + tag[found.end(1) :]
