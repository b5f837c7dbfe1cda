"""Find the ranges to write so that many cells take few requests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from scripts.adapters.workbook.xlsx import Range

# So many rows with nothing to write may be between two that go into one request. They are sent as null, which leaves
# them as they are, and cost less than another request.
BRIDGED_ROWS = 100
MOST_ROWS = 500


def ranges(cells: Collection[tuple[int, int]], ours: Sequence[int]) -> Iterator[Range]:
    """Yield the ranges that hold all of `cells`, each a row and a column, from the left and from the top.

    `ours` are the numbers of our columns, in order: no range reaches into any other.
    """
    for side_by_side in _runs(ours, 1):
        columns = set(side_by_side)
        rows = sorted({row for row, column in cells if column in columns})
        for together in _runs(rows, BRIDGED_ROWS + 1):
            for start in range(0, len(together), MOST_ROWS):
                taken = set(together[start : start + MOST_ROWS])
                numbers = [column for row, column in cells if row in taken and column in columns]
                yield Range(min(taken), min(numbers), max(taken), max(numbers))


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
