"""A sheet whose rows were put together from several rows or worksheets; `combine_sheets` makes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker_schema.layouts.layouts import DATE
from tracker_schema.layouts.log_lines import LogLines
from tracker_schema.layouts.rows import Place, SheetRows


@dataclass(frozen=True, eq=False, kw_only=True)
class CombinedRows(SheetRows):
    """A sheet whose rows were put together from the lines of a log.

    log: the lines
    lines_of: the lines of each row
    sources: by column id, the line that each row has its cell from; -1: from none
    closed: for each row, True if it counts as closed without a date of closing
    rows_of_children: the same sheet with a row for each child; None when no incident has several
    incidents: of a sheet with a row for each child, the position of the incident of each row
    other_references: further references of incidents, in small letters, with the position of the incident
    """

    log: LogLines
    lines_of: Sequence[Sequence[int]]
    sources: Mapping[str, Sequence[int]]
    closed: list[bool]
    rows_of_children: CombinedRows | None = None
    incidents: Sequence[int] | None = None
    other_references: Mapping[str, int]

    @property
    def pages(self) -> Sequence[SheetRows]:  # noqa: D102  as in SheetRows
        return self.log.pages

    def lines(self, position: int) -> list[tuple[SheetRows, int]]:  # noqa: D102
        return [(self.log.page_of[line], self.log.row_of[line]) for line in self.lines_of[position]]

    def positions_on(self, page: SheetRows) -> Sequence[int]:  # noqa: D102
        return [
            position
            for position, of_line in zip(self._position_of_line, self.log.page_of, strict=True)
            if of_line is page
        ]

    @cached_property
    def _position_of_line(self) -> list[int]:
        positions = [0] * len(self.log)
        for position, lines in enumerate(self.lines_of):
            for line in lines:
                positions[line] = position
        return positions

    def place(self, column: str, position: int) -> Place:  # noqa: D102
        place = self.cell_for(column, position)
        return place or self.log.place_or_reference(DATE, self.lines_of[position][0])

    def cell_for(self, column: str, position: int) -> Place | None:  # noqa: D102
        source = self.sources[column][position] if column in self.sources else -1
        if source >= 0:
            return self.log.place(column, source)
        lines = self.lines_of[position]
        # The cell is empty: where it is to be filled in.
        for line in lines:
            if self.log.date_columns.get(line) == column:
                return self.log.place(DATE, line)
        places = (self.log.place(column, line) for line in lines)
        return next((place for place in places if place), None)

    @property
    def side_by_side(self) -> Mapping[str, int]:  # noqa: D102
        first, *others = (page.numbers for page in self.pages)
        if any(numbers != first for numbers in others) or any(len(lines) > 1 for lines in self.lines_of):
            return {}
        return {column: number for column, number in first.items() if column in self.numbers}

    @property
    def counted_closed(self) -> list[bool]:  # noqa: D102
        return self.closed

    @property
    def children(self) -> CombinedRows | None:  # noqa: D102
        return self.rows_of_children

    @cached_property
    def incident_of(self) -> list[int]:  # noqa: D102
        return list(range(len(self)) if self.incidents is None else self.incidents)

    @property
    def also_called(self) -> Mapping[str, int]:  # noqa: D102
        return self.other_references
