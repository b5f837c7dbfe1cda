"""The pairs of headings and columns with the highest total score, each heading and column in one pair at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Scores = Mapping[int, Mapping[str, float]]
"""By the number of a heading and the id of a column, the score of the pair."""

Pairs = dict[int, str]
"""By the number of a heading, the id of its column."""


def best_pairs(scores: Scores) -> Pairs:
    """Return the pairs whose scores add up to most. A pair has a score above 0; a heading may have no column."""
    return {number: name for part in parts_of(scores) for number, name in _of_part(part).items()}


def total_score(pairs: Pairs, scores: Scores) -> float:
    """Return the sum of the scores of the pairs."""
    return sum(scores[number][name] for number, name in pairs.items())


def parts_of(scores: Scores) -> list[Scores]:
    """Return `scores` in parts that have no column in common, without pairs of a score of 0 or less."""
    parts: list[tuple[set[str], dict[int, Mapping[str, float]]]] = []
    for number, names in scores.items():
        wanted = {name: value for name, value in names.items() if value > 0}
        if not wanted:
            continue
        joined = [part for part in parts if not part[0].isdisjoint(wanted)]
        parts = [part for part in parts if part[0].isdisjoint(wanted)]
        together: dict[int, Mapping[str, float]] = {n: w for _, inside in joined for n, w in inside.items()}
        parts.append((set(wanted).union(*(names_of for names_of, _ in joined)), together | {number: wanted}))
    return [inside for _, inside in parts]


def _of_part(scores: Scores) -> Pairs:
    numbers = sorted(scores)
    names = sorted({name for values in scores.values() for name in values})
    # A heading without a column gets a spare column with a score of 0.
    costs = [[-scores[number].get(name, 0.0) for name in names] + [0.0] * len(numbers) for number in numbers]
    return {
        number: names[column]
        for number, column in zip(numbers, cheapest(costs), strict=True)
        if column < len(names) and names[column] in scores[number]
    }


def cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return for each row of `costs` its column, so that no two rows share one and the sum of the costs is least.

    There are at least as many columns as rows. This is the Hungarian method with shortest augmenting paths (Jonker
    and Volgenant, 1987).
    """
    width = len(costs[0]) if costs else 0
    row_prices, column_prices = [0.0] * (len(costs) + 1), [0.0] * (width + 1)
    row_of = [0] * (width + 1)  # by column, both counted from 1; row 0 is none
    for row in range(1, len(costs) + 1):
        row_of[0] = row
        way = _shortest_way(costs, row_of, row_prices, column_prices)
        for column, before in way.items():
            row_of[column] = row_of[before]
    by_row = {row: column - 1 for column, row in enumerate(row_of) if column and row}
    return [by_row[row] for row in range(1, len(costs) + 1)]


def _shortest_way(
    costs: Sequence[Sequence[float]], row_of: list[int], row_prices: list[float], column_prices: list[float]
) -> dict[int, int]:
    """Return the columns on the way from a free one back to column 0, each with the one before it.

    Updates both lists of prices.
    """
    width = len(column_prices) - 1
    least, before = [float("inf")] * (width + 1), [0] * (width + 1)
    seen: set[int] = set()
    column = 0
    while row_of[column]:
        seen.add(column)
        row = row_of[column]
        for other in _others(width, seen):
            reduced = costs[row - 1][other - 1] - row_prices[row] - column_prices[other]
            if reduced < least[other]:
                least[other], before[other] = reduced, column
        nearest = min(_others(width, seen), key=least.__getitem__)
        step = least[nearest]
        for other in range(width + 1):
            if other in seen:
                row_prices[row_of[other]] += step
                column_prices[other] -= step
            else:
                least[other] -= step
        column = nearest
    way: dict[int, int] = {}
    while column:
        way[column] = before[column]
        column = before[column]
    return way


def _others(width: int, seen: set[int]) -> Iterator[int]:
    return (column for column in range(1, width + 1) if column not in seen)
