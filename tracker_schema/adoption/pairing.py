"""The pairs that together are worth most, where each thing on either side may be in one pair only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Worth = Mapping[int, Mapping[str, float]]
Pairs = dict[int, str]


def best_pairs(worth: Worth) -> Pairs:
    """The pairs of a number and a name whose worth adds up to most.

    `worth` says by number what a pair with each name is worth; only pairs of a worth above 0 are made, and a number
    or a name may stay alone.
    """
    return {number: name for part in parts_of(worth) for number, name in _of_part(part).items()}


def worth_of(pairs: Pairs, worth: Worth) -> float:
    """What the pairs are worth together."""
    return sum(worth[number][name] for number, name in pairs.items())


def parts_of(worth: Worth) -> list[Worth]:
    """`worth` in parts that have no name in common, pairs that are worth nothing left out."""
    parts: list[tuple[set[str], dict[int, Mapping[str, float]]]] = []
    for number, names in worth.items():
        wanted = {name: value for name, value in names.items() if value > 0}
        if not wanted:
            continue
        joined = [part for part in parts if not part[0].isdisjoint(wanted)]
        parts = [part for part in parts if part[0].isdisjoint(wanted)]
        together: dict[int, Mapping[str, float]] = {n: w for _, inside in joined for n, w in inside.items()}
        parts.append((set(wanted).union(*(names_of for names_of, _ in joined)), together | {number: wanted}))
    return [inside for _, inside in parts]


def _of_part(worth: Worth) -> Pairs:
    numbers = sorted(worth)
    names = sorted({name for values in worth.values() for name in values})
    # A number that stays alone is paired with a name of its own that is worth nothing.
    costs = [[-worth[number].get(name, 0.0) for name in names] + [0.0] * len(numbers) for number in numbers]
    return {
        number: names[column]
        for number, column in zip(numbers, cheapest(costs), strict=True)
        if column < len(names) and names[column] in worth[number]
    }


def cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """For each row of `costs` the column it is given, so that no two share one and the sum of the costs is least.

    There are at least as many columns as rows. This is the Hungarian method with shortest augmenting paths (Jonker
    and Volgenant, 1987).
    """
    width = len(costs[0]) if costs else 0
    row_prices, column_prices = [0.0] * (len(costs) + 1), [0.0] * (width + 1)
    row_of = [0] * (width + 1)  # by column, both counted from 1; row 0 stands for nobody
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
    """The columns on the way from a free one back to column 0, each with the one before it; the prices are renewed."""
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
