"""Find the ranges to write so that many cells take few requests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tracker_schema.layouts.rows import column_letters

Cell = tuple[int, int]

# So many rows with nothing to write may be between two that go into one request. They are sent as null, which leaves
# them as they are, and cost less than another request.
BRIDGED_ROWS = 100
MOST_ROWS = 500


@dataclass(frozen=True)
class Area:
    """A range of cells, from its first to its last row and column, by their numbers."""

    first_row: int
    last_row: int
    first_number: int
    last_number: int

    def __str__(self) -> str:
        first = f"{column_letters(self.first_number)}{self.first_row}"
        return f"{first}:{column_letters(self.last_number)}{self.last_row}"

    @property
    def rows(self) -> range:
        """The numbers of its rows."""
        return range(self.first_row, self.last_row + 1)

    @property
    def columns(self) -> range:
        """The numbers of its columns."""
        return range(self.first_number, self.last_number + 1)

    @property
    def cells(self) -> list[list[Cell]]:
        """Its cells, row by row, each as (row, column)."""
        return [[(row, number) for number in self.columns] for row in self.rows]


def ranges(cells: Collection[Cell], ours: Sequence[int]) -> Iterator[Area]:
    """Yield the ranges that hold all of `cells`, from the left and from the top.

    `ours` are the numbers of our columns, in order: no range reaches into any other.
    """
    for side_by_side in _runs(ours, 1):
        columns = set(side_by_side)
        rows = sorted({row for row, number in cells if number in columns})
        for together in _runs(rows, BRIDGED_ROWS + 1):
            for start in range(0, len(together), MOST_ROWS):
                taken = set(together[start : start + MOST_ROWS])
                numbers = [number for row, number in cells if row in taken and number in columns]
                yield Area(min(taken), max(taken), min(numbers), max(numbers))


def _runs(numbers: Sequence[int], furthest: int) -> Iterator[list[int]]:
    """Yield `numbers`, which are in order, cut where one is more than `furthest` from the one before."""
    run: list[int] = []
    for number in numbers:
        if run and number - run[-1] > furthest:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
