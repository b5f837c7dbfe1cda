"""Which ranges are written."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.adapters.graph.excel.ranges import BRIDGED_ROWS, MOST_ROWS, ranges


@pytest.mark.parametrize(
    ("cells", "ours", "written"),
    [
        ([], [3, 4], []),
        ([(5, 3)], [3, 4], ["C5:C5"]),
        ([(5, 3), (5, 4), (6, 4)], [3, 4], ["C5:D6"]),
        ([(5, 3), (6, 5)], [3, 5], ["C5:C5", "E6:E6"]),  # a person's column between
        ([(5, 3), (6 + BRIDGED_ROWS, 4)], [3, 4], [f"C5:D{6 + BRIDGED_ROWS}"]),
        ([(5, 3), (7 + BRIDGED_ROWS, 4)], [3, 4], ["C5:C5", f"D{7 + BRIDGED_ROWS}:D{7 + BRIDGED_ROWS}"]),
        (
            [(row, 3) for row in range(1, MOST_ROWS + 2)],
            [3],
            [f"C1:C{MOST_ROWS}", f"C{MOST_ROWS + 1}:C{MOST_ROWS + 1}"],
        ),
    ],
)
def test_known_ranges(cells: list[tuple[int, int]], ours: list[int], written: list[str]) -> None:
    assert [str(area) for area in ranges(cells, ours)] == written


@given(st.sets(st.integers(1, 12), min_size=1), st.data())
def test_every_cell_is_in_one_range_and_no_range_leaves_our_columns(ours: set[int], data: st.DataObject) -> None:
    cells = data.draw(st.sets(st.tuples(st.integers(1, 2000), st.sampled_from(sorted(ours)))))
    written = [cell for area in ranges(cells, sorted(ours)) for cell in itertools.product(area.rows, area.columns)]
    assert len(written) == len(set(written))
    assert cells <= set(written)
    assert {number for _, number in written} <= ours
