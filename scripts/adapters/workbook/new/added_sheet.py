"""One of our sheets for a workbook that has none: like a new tracker's, in the formats of the workbook's own log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import tostring

from scripts.adapters.workbook.column_format import body_width, heading_width
from scripts.adapters.workbook.new import data_validation
from scripts.adapters.workbook.xlsx import NewSheet, Package
from tracker_schema.columns.excel_limits import LAST_ROW
from tracker_schema.incidents import plan
from tracker_schema.layouts.rows import SheetRows

HEADING_ROW = 2
_ROWS_READY = 2000
_MOST_ROWS_LOOKED_AT = 200
_AUTOMATIC = "The scripts fill in"


def added_sheet(new: plan.NewSheet, package: Package) -> list[NewSheet]:
    """Return the worksheet, and the hidden one with what its drop-downs offer where there is any.

    Raises TrackerUnusable when the workbook is damaged.
    """
    sheet = new.definition
    page = f"{sheet.heading} lists"
    suggestions = {sheet.id: new.suggestions}
    places = data_validation.lists([sheet], suggestions, page)
    rows = (HEADING_ROW + 1, _ROWS_READY)
    references = _references(new.references) if new.references else None
    rules = (data_validation.rule(each, sheet, rows, places, references, suggestions) for each in sheet.column)
    formats = _Formats(package, new.like)
    filled_in = ", ".join(f"“{column.heading}”" for column in sheet.written_by_script())
    columns = [
        (max(body_width(column), heading_width(column.heading)), formats.body(is_date=column.type == "date"))
        for column in sheet.column
    ]
    made = NewSheet(
        sheet.heading,
        [
            [(f"{sheet.about} {_AUTOMATIC} {filled_in}.", 0), *((None, 0) for _ in sheet.column[1:])],
            [(column.heading, formats.heading) for column in sheet.column],
        ],
        columns,
        HEADING_ROW,
        [_written(rule.to_tree()) for rule in rules if rule],
    )
    if not places:
        return [made]
    words = [[(word, 0) for word in row] for row in data_validation.rows_of(places)]
    return [made, NewSheet(page, words, is_hidden=True)]


def _written(element: Any) -> bytes:
    written: str | bytes = tostring(element)  # text or bytes, by the parser that openpyxl found
    return written if isinstance(written, bytes) else written.encode()


def _references(log: SheetRows) -> str:
    letter = get_column_letter(log.numbers[data_validation.REFERENCE])
    last = min(max([log.heading_row, *log.rows]) + _ROWS_READY, LAST_ROW)
    return f"{data_validation.quoted(log.name)}!${letter}${log.heading_row + 1}:${letter}${last}"


class _Formats:
    """The styles of the cells of a log.

    heading  that of the heading of its references
    """

    def __init__(self, package: Package, log: SheetRows) -> None:
        self._styles = package.styles()
        rows = {log.heading_row, *list(log.rows)[:_MOST_ROWS_LOOKED_AT]}
        styles = package.cell_styles(log.name, log.numbers.values())
        self._cells = {cell: style for cell, style in styles.items() if cell[0] in rows}
        self._log = log
        self.heading = self._cells.get((log.heading_row, log.numbers[data_validation.REFERENCE]), 0)

    def body(self, *, is_date: bool) -> int:
        """Return the style that most cells of texts, or of dates, have; 0, the plain one, when there are none."""
        kind = "date" if is_date else "text"
        numbers = {number for column, number in self._log.numbers.items() if self._is_of(column, kind)}
        unfit = self._styles.struck_through | self._styles.of_typed_text
        found = [style for style in self._ranked(numbers) if style not in unfit]
        dates = self._styles.dates
        usual = [style for style in found if (style in dates) == is_date] or (sorted(dates) if is_date else [])
        return usual[0] if usual else 0

    def _is_of(self, column: str, kind: str) -> bool:
        definition = self._log.sheet.columns[column]
        return definition.type == kind and not definition.by_script

    def _ranked(self, numbers: Collection[int]) -> Sequence[int]:
        counted = Counter(
            style for (row, number), style in self._cells.items() if number in numbers and row != self._log.heading_row
        )
        return [style for style, _ in counted.most_common()]
