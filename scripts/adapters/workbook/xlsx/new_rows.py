"""Where new rows go: right below a log, whose table then grows, and how they come to look like its last row."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.edits import Claim, RowLooks, SheetEdits
from scripts.adapters.workbook.xlsx.tables import TablePart

# Of the last row, what a new one takes; not that it is hidden, part of an outline, or as high as its text needs.
_KEPT = frozenset({b"s", b"customFormat", b"thickTop", b"thickBot"})
_HEIGHT = frozenset({b"ht", b"customHeight"})

_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_OF_ANOTHER_ROW = re.compile(r"(?<![\w.$])\$?[A-Z]{1,3}[0-9]{1,7}(?![\w.(])|(?<![\w.$])[0-9]+:|:[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to add at `row`, 1-based, of a sheet, right below its log, of which it has the first to the last column.

    It looks like the row `like`; where that is None the log is empty. When it is the next below a table (ListObject)
    the table grows by it. A row that is there already, empty, stays as it is.
    """

    sheet: str
    row: int
    like: int | None
    first_column: int
    last_column: int


def place_rows(rows: Sequence[NewRow], tables: Sequence[TablePart], edits: SheetEdits) -> dict[str, int]:
    """How many rows each table grows by, by its part; the rows and what they claim go into `edits`.

    Raises TrackerUnusable when the place of a row belongs to another table, or to the totals row of its own.
    """
    gained: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: row.row):
        place = Range(row.row, row.first_column, row.row, row.last_column)
        own = next((part for part in tables if _is_next_below(part, gained, place)), None)
        claim = Claim(place, "a new row", over_formulas=own is None)
        formulas: dict[int, str] = {}
        if own is not None:
            if own.table.totals_rows:
                why = f"is in the totals row of the table '{own.table.name}'; insert an empty row above it in Excel"
                raise edits.refused(row.row, row.first_column, why)
            gained[own.part] = gained.get(own.part, 0) + 1
            formulas = own.calculated_formulas()
        edits.claimed.append(claim)
        for part in tables:
            if part is not own and not part.table.range.holds(row.row, row.first_column):
                edits.check_claims(part.table.range, f"the table '{part.table.name}'; move that table")
        edits.new_rows[row.row] = RowLooks(row.like, row.first_column, row.last_column, formulas)
        edits.cells.setdefault(row.row, {})
    return gained


def _is_next_below(part: TablePart, gained: dict[str, int], place: Range) -> bool:
    """Whether a table ends right above that place; its totals row, if it has one, is at that place then."""
    area = part.table.range
    edge = area.last_row - part.table.totals_rows + gained.get(part.part, 0)
    side_by_side = area.first_column <= place.last_column and place.first_column <= area.last_column
    return edge == place.first_row - 1 and side_by_side


def plain_formula(content: bytes, prefix: bytes) -> str | None:
    """The formula in what a cell contains; None when there is none, or it is shared or fills a range."""
    found = re.match(rb"\s*<%bf>([^<]*)</%bf>" % (re.escape(prefix), re.escape(prefix)), content)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else None


def is_carried_down(formula: str | None, of_column: str | None) -> bool:
    """Whether the formula that a table has for a column goes into a new row as it stands.

    It does when the row above holds that very formula, and it names no cell by a row that would have to be another.
    """
    if formula is None or formula != of_column:
        return False
    rest = _QUOTED.sub("", formula)
    while (shorter := _BRACKETED.sub("", rest)) != rest:
        rest = shorter
    return _OF_ANOTHER_ROW.search(rest) is None


class Model:
    """The last row of a log: what a new one takes from it."""

    def __init__(self, tag: bytes) -> None:
        """Start with the row's start tag."""
        attributes = markup.attributes(tag)
        fixed = attributes.get(b"customHeight") in (b"1", b"true")
        kept = {name for name in attributes if name in _KEPT or (fixed and name in _HEIGHT)}
        bare = markup.without_attributes(tag, attributes.keys() - kept)
        self.attributes = bare.rstrip(b"/>").partition(b"row")[2].rstrip()
        self.styles: dict[int, int] = {}
        self.formulas: dict[int, str | None] = {}
