"""Where new rows go: right below a log, whose table then grows; and the row they are formatted like."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.edit.sheet_edits import Claim, NewRow, Obstacle, SheetEdits
from scripts.adapters.workbook.xlsx.tables import TablePart

# What a new row takes from the last one: not that it is hidden or in an outline, nor a height that fits its text.
_KEPT = frozenset({b"s", b"customFormat", b"thickTop", b"thickBot"})
_HEIGHT = frozenset({b"ht", b"customHeight"})


def place_rows(rows: Sequence[NewRow], tables: Sequence[TablePart], edits: SheetEdits) -> dict[str, int]:
    """Return how many rows each table grows by, by its part. The rows and the cells they need go into `edits`.

    Raises TrackerUnusable when a row would go into another table, or into the totals row of its own.
    """
    gained: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: row.row):
        place = Range(row.row, row.first_column, row.row, row.last_column)
        own = next((part for part in tables if _is_next_below(part, gained, place)), None)
        if own is not None:
            if own.table.totals_rows:
                why = f"is in the totals row of the table '{own.table.name}'"
                raise edits.refused(row.row, row.first_column, why, "Insert an empty row above it in Excel.")
            gained[own.part] = gained.get(own.part, 0) + 1
            edits.formulas[row.row] = own.calculated_formulas()
        edits.claimed.append(Claim(place, "a new row", over_formulas=own is None))
        for part in tables:
            if part is not own and not part.table.range.holds(row.row, row.first_column):
                edits.check_claims(Obstacle(part.table.range, f"the table '{part.table.name}'", "Move that table."))
        edits.new_rows[row.row] = row
        edits.cells.setdefault(row.row, {})
    return gained


def _is_next_below(part: TablePart, gained: dict[str, int], place: Range) -> bool:
    """Return True when a table ends right above that place; its totals row, if it has one, is at that place."""
    area = part.table.range
    edge = area.last_row - part.table.totals_rows + gained.get(part.part, 0)
    side_by_side = area.first_column <= place.last_column and place.first_column <= area.last_column
    return edge == place.first_row - 1 and side_by_side


class RowTemplate:
    """What a new row takes from the last row of a log.

    attributes  of the row's start tag, as bytes
    styles      of its cells, by column
    formulas    of its cells, by column; None for a shared formula and where there is none
    """

    def __init__(self, tag: bytes) -> None:
        """Start with the start tag of the row."""
        attributes = markup.attributes(tag)
        has_fixed_height = attributes.get(b"customHeight") in (b"1", b"true")
        kept = {name for name in attributes if name in _KEPT or (has_fixed_height and name in _HEIGHT)}
        bare = markup.without_attributes(tag, attributes.keys() - kept)
        self.attributes = bare.rstrip(b"/>").partition(b"row")[2].rstrip()
        self.styles: dict[int, int] = {}
        self.formulas: dict[int, str | None] = {}
