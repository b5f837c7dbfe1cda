"""How new columns are formatted: their headings like the one beside them, their cells like those of ordinary rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scripts.adapters.workbook.xlsx.edit.new_columns import NewColumn
from scripts.adapters.workbook.xlsx.edit.sheet_edits import ColumnSetting, SheetEdits
from scripts.adapters.workbook.xlsx.edit.style_editor import StyleEditor
from scripts.adapters.workbook.xlsx.rows import RowFinder, column_styles, has_value, row_style, style_of
from scripts.adapters.workbook.xlsx.sheet_reader import SheetReader

_WIDEST = 255  # Excel's limit, in characters


@dataclass(slots=True)
class _Beside:
    """What is at the left of new columns.

    column    the nearest column whose heading has the style of another heading too, so that no key or note beside the
              headings is taken for one; else the nearest with a heading; else the one right beside them
    heading   the style of its heading
    bodies    how many ordinary rows have each style in it
    """

    column: int
    heading: int
    bodies: Counter[int] = field(default_factory=Counter)

    def body(self, struck_through: frozenset[int]) -> int:
        """Return the style that most ordinary rows have in the column; not a struck one where there is another."""
        ranked = [style for style, _ in self.bodies.most_common()]
        return next((style for style in ranked if style not in struck_through), ranked[0] if ranked else 0)


def format_columns(columns: Sequence[NewColumn], reader: SheetReader, styles: StyleEditor, edits: SheetEdits) -> None:
    """Enter the styles of the cells of new columns, and the columns' widths, in `edits`. Reads the sheet's rows.

    Raises TrackerUnusable when the sheet is damaged.
    """
    by_row: dict[int, list[NewColumn]] = {}
    for column in columns:
        by_row.setdefault(column.row, []).append(column)
    found = _look_beside(by_row, reader)
    for row, group in by_row.items():
        beside = found[row]
        heading = styles.for_heading(beside.heading)
        body = beside.body(styles.struck_through)
        for column in group:
            edits.styles.setdefault(row, {})[column.column] = heading
            if column.format is None:
                continue
            is_date = column.format.is_date
            style = styles.for_column(body, is_date=is_date)
            for number in column.format.rows:
                edits.styles.setdefault(number, {})[column.column] = style
            width = max(column.format.width * styles.size(body), column.format.heading_width * styles.size(heading))
            edits.columns[column.column] = ColumnSetting(
                min(round(width, 1), _WIDEST), styles.for_column(body, is_date=is_date, has_box=False)
            )


def _look_beside(by_row: Mapping[int, Sequence[NewColumn]], reader: SheetReader) -> dict[int, _Beside]:
    """Return what is beside the new columns of each heading row."""
    defaults = column_styles(reader.head_tree())
    found: dict[int, _Beside] = {}
    for row, group in by_row.items():
        left = min(column.column for column in group) - 1
        found[row] = _Beside(left, defaults.get(left, 0))
    ordinary: dict[int, list[_Beside]] = {}
    for row, group in by_row.items():
        for number in next((column.format.like for column in group if column.format), ()):
            ordinary.setdefault(number, []).append(found[row])
    finder = RowFinder(reader)
    for block in reader.blocks():
        for number, start, opened in finder.rows(block):
            if number not in found and number not in ordinary:
                continue
            row_bytes = block[start : finder.row_end(block, opened)]
            usual = row_style(row_bytes[: opened - start])
            cells = finder.cells(row_bytes, number)
            in_cells = {cell.column: style_of(row_bytes[cell.start : cell.opened]) for cell in cells}
            if number in found:
                left = found[number].column
                filled = [cell.column for cell in cells if cell.column <= left and has_value(row_bytes, cell)]
                often = Counter(in_cells[column] for column in filled)
                alike = [column for column in filled if often[in_cells[column]] > 1]
                column = (alike or filled or [left])[-1]
                style = in_cells.get(column, defaults.get(column, 0) if usual is None else usual)
                found[number].column, found[number].heading = column, style
            for beside in ordinary.get(number, ()):
                default = defaults.get(beside.column, 0) if usual is None else usual
                beside.bodies[in_cells.get(beside.column, default)] += 1
    return found
