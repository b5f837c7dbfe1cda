"""Small counts kept back, so that nobody can tell from a table who is behind a number, nor work it out from the rest.

A count of 1 to 4 is not shown. Where the total is, one count kept back would be the total less the others; so further
rows are kept back until what is left over for all of them together is no small count either.
"""

from __future__ import annotations

from collections.abc import Sequence

FEWEST = 5


def is_small(count: int) -> bool:
    """Whether `count` is one that is kept back: 1 to 4, for that there was nobody says nothing of anybody."""
    return 0 < count < FEWEST


def kept_back(rows: Sequence[Sequence[int]]) -> frozenset[int] | None:
    """The positions of the rows to keep back from a table whose totals by column are shown; None when the totals must
    be kept back too, and with them every row.

    `rows` are the counts, a tuple for each row, the same columns in each. A row is shown whole or not at all, so that
    all that is told of a row kept back is its share in what the totals leave over: at least 5 in each column, or
    nothing, over two rows or more, of which each may have had all or none.
    """
    if any(map(is_small, _sums(rows))):
        return None
    hidden = {position for position, row in enumerate(rows) if any(map(is_small, row))}
    # The smallest go first, so that as much as possible stays to be seen; rows of nothing would hide nothing.
    others = sorted((sum(row), position) for position, row in enumerate(rows) if sum(row) and position not in hidden)
    joined: list[int] = []
    while _tells(rows, hidden):
        if not others:
            return None
        joined.append(others.pop(0)[1])
        hidden.add(joined[-1])
    for position in joined:  # what a later one made needless
        if not _tells(rows, hidden - {position}):
            hidden.remove(position)
    return frozenset(hidden)


def _tells(rows: Sequence[Sequence[int]], hidden: set[int]) -> bool:
    """Whether what the totals leave over for the rows in `hidden` tells a small count."""
    return len(hidden) == 1 or any(map(is_small, _sums([rows[position] for position in hidden])))


def _sums(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]
