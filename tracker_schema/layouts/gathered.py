"""A sheet whose rows were put together out of those of several rows or worksheets; `gathering` makes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tracker_schema.layouts.layouts import DATE
from tracker_schema.layouts.rows import Place, SheetRows


@dataclass(frozen=True, eq=False)
class CombinedRows(SheetRows):
    """A sheet whose rows were put together out of those of its pages.

    `lines_of` says for each row of the frame which lines it was made of: positions in `all_lines`, which hold for each
    row of each page the position of the page and the number of the row. `sources` says by column id from which line
    each row of the frame has its cell (-1: from none), `dated` which of those are under the heading of the
    notification's date, as (column, line).
    """

    gathered: Sequence[SheetRows] = ()
    all_lines: Sequence[tuple[int, int]] = ()
    lines_of: Sequence[Sequence[int]] = ()
    sources: Mapping[str, Sequence[int]] = field(default_factory=dict)
    dated: frozenset[tuple[str, int]] = frozenset()
    date_columns: Mapping[int, str] = field(default_factory=dict)
    closed_by_place: list[bool] = field(default_factory=list)
    of_children: CombinedRows | None = None
    incidents: Sequence[int] | None = None
    other_names: Mapping[str, int] = field(default_factory=dict)

    @property
    def pages(self) -> Sequence[SheetRows]:  # noqa: D102  as in SheetRows
        return self.gathered

    def lines(self, position: int) -> list[tuple[SheetRows, int]]:  # noqa: D102
        return [(self.gathered[page], row) for page, row in map(self.all_lines.__getitem__, self.lines_of[position])]

    def positions_on(self, page: SheetRows) -> Sequence[int]:  # noqa: D102
        number = next(number for number, each in enumerate(self.gathered) if each is page)
        start = sum(len(each) for each in self.gathered[:number])
        return self._position_of_line[start : start + len(page)]

    @cached_property
    def _position_of_line(self) -> list[int]:
        positions = [0] * len(self.all_lines)
        for position, lines in enumerate(self.lines_of):
            for line in lines:
                positions[line] = position
        return positions

    def place(self, column: str, position: int) -> Place:  # noqa: D102
        found = self.cell_for(column, position)
        if found is not None:
            return found
        line = self.lines_of[position][0]
        page = self.gathered[self.all_lines[line][0]]
        return self._cell(line, DATE if DATE in page.numbers else "reference")

    def cell_for(self, column: str, position: int) -> Place | None:  # noqa: D102
        source = self.sources[column][position] if column in self.sources else -1
        if source >= 0:
            return self._cell(source, DATE if (column, source) in self.dated else column)
        lines = self.lines_of[position]
        # An empty one: where it is to be filled in.
        for line in lines:
            if self.date_columns.get(line) == column:
                return self._cell(line, DATE)
        with_column = (line for line in lines if column in self.gathered[self.all_lines[line][0]].numbers)
        return next((self._cell(line, column) for line in with_column), None)

    def _cell(self, line: int, column: str) -> Place:
        number, row = self.all_lines[line]
        page = self.gathered[number]
        return Place(page, row, page.numbers[column], page.heading(column))

    @property
    def side_by_side(self) -> Mapping[str, int]:  # noqa: D102
        first, *others = (page.numbers for page in self.gathered)
        alike = all(numbers == first for numbers in others)
        if not alike or any(len(lines) > 1 for lines in self.lines_of):
            return {}
        return {column: number for column, number in first.items() if column in self.numbers}

    @property
    def counted_closed(self) -> list[bool]:  # noqa: D102
        return self.closed_by_place

    @property
    def children(self) -> CombinedRows | None:  # noqa: D102
        return self.of_children

    @cached_property
    def incident_of(self) -> list[int]:  # noqa: D102
        return list(range(len(self)) if self.incidents is None else self.incidents)

    @property
    def also_called(self) -> Mapping[str, int]:  # noqa: D102
        return self.other_names
