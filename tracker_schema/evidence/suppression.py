"""Small counts kept back, so that nobody can tell from a table who is behind a number, nor work it out from the rest.

A count of 1 to 4 is not shown. Where the total is, one count kept back would be the total less the others; so further
rows are kept back until what is left over for all of them together is no small count either.
"""

from __future__ import annotations

from collections.abc import Sequence

FEWEST = 5
_EXTREMES = ({1}, {FEWEST - 1})


def is_small(count: int) -> bool:
    """Whether `count` is one that is kept back: 1 to 4, for that there was nobody says nothing of anybody."""
    return 0 < count < FEWEST


def kept_back(rows: Sequence[Sequence[int]]) -> frozenset[int] | None:
    """The positions of the rows to keep back from a table whose totals by column are shown; None when the totals must
    be kept back too, and with them every row.

    `rows` are the counts, a tuple for each row, the same columns in each. A row is shown whole or not at all, so that
    all that is told of a row kept back is its share in what the totals leave over: at least 5 in each column, or
    nothing, over two rows or more. Which rows they are hangs on the counts alone and not on their order, so that any of
    them may have what any other has, even to a reader who knows this rule.
    """
    if any(map(is_small, _sums(rows))):
        return None
    hidden = {position for position, row in enumerate(rows) if any(map(is_small, row))}
    # The smallest go first, so that as much as possible stays to be seen, and those of the same counts together; rows
    # of nothing would hide nothing.
    alike: dict[tuple[int, ...], set[int]] = {}
    for position, row in enumerate(rows):
        if any(row) and position not in hidden:
            alike.setdefault(tuple(row), set()).add(position)
    others = sorted(alike, key=lambda row: (sum(row), row))
    joined: list[set[int]] = []
    while _tells(rows, hidden):
        if not others:
            return None
        joined.append(alike[others.pop(0)])
        hidden |= joined[-1]
    for positions in joined:  # what a later one made needless
        if not _tells(rows, hidden - positions):
            hidden -= positions
    return frozenset(hidden)


def _tells(rows: Sequence[Sequence[int]], hidden: set[int]) -> bool:
    """Whether what the totals leave over for the rows in `hidden` tells a small count.

    It does where it is one itself, and where it leaves one way only: all have one, or the most that is small.
    """
    columns = list(zip(*(rows[position] for position in hidden), strict=True))
    return len(hidden) == 1 or any(is_small(sum(column)) or set(column) in _EXTREMES for column in columns)


def _sums(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]
