"""Small counts are kept back, and cannot be worked out from what is shown."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_schema.evidence.suppression import is_small, kept_back


@pytest.mark.parametrize(
    ("rows", "hidden"),
    [
        ([], set()),
        ([(0,), (0,)], set()),
        ([(5,), (12,), (0,)], set()),
        ([(7,), (2,), (9,)], {0, 1}),  # 2 alone is the total less the others
        ([(1,), (1,), (9,)], {0, 1, 2}),  # so are 1 and 1 together
        ([(3,), (2,), (9,)], {0, 1}),  # 3 and 2 may be 5 and 0
        ([(6, 1), (5, 0), (8, 5)], {0, 2}),  # not the second: its late are none, and 1 would be left over
        ([(1,), (0,), (0,)], None),
        ([(40, 1), (30, 2)], None),  # three late in all
        ([(5, 0), (0, 5)], set()),
        ([(3,), (0,), (4,)], {0, 2}),
    ],
)
def test_what_is_kept_back(rows: list[tuple[int, ...]], hidden: set[int] | None) -> None:
    assert kept_back(rows) == hidden


COUNTS = st.integers(0, 7)
TABLES = st.integers(1, 2).flatmap(lambda width: st.lists(st.tuples(*[COUNTS] * width), min_size=1, max_size=4))


@given(TABLES)
def test_no_small_count_is_shown_nor_can_be_worked_out(rows: Sequence[tuple[int, ...]]) -> None:
    hidden = kept_back(rows)
    if hidden is None:
        return
    shown = [row for at, row in enumerate(rows) if at not in hidden]
    totals = [sum(column) for column in zip(*rows, strict=True)]
    assert not any(map(is_small, itertools.chain(totals, *shown)))
    # Everything that a reader could think of: each table of whole numbers that has what is shown and the totals.
    left_over = [total - sum(row[at] for row in shown) for at, total in enumerate(totals)]
    for column, total in enumerate(left_over):
        ways = [way for way in itertools.product(range(total + 1), repeat=len(hidden)) if sum(way) == total]
        for place, at in enumerate(sorted(hidden)):
            if is_small(rows[at][column]):
                assert len({way[place] for way in ways}) > 1


@given(TABLES)
def test_no_more_is_kept_back_than_there_is_reason_for(rows: Sequence[tuple[int, ...]]) -> None:
    hidden = kept_back(rows)
    small = any(is_small(count) for row in rows for count in row)
    totals = [sum(column) for column in zip(*rows, strict=True)]
    if hidden is None:
        # A small total, or what is small cannot be joined by enough to be hidden among.
        assert any(map(is_small, totals)) or small
    else:
        assert bool(hidden) == small
