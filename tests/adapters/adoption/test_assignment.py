"""The best pairs, compared with all ways to make them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from tracker_schema.adoption.matching.assignment import best_pairs, cheapest, parts_of, total_score

NAMES = "abcde"
SCORES = st.dictionaries(
    st.integers(1, 5), st.dictionaries(st.sampled_from(NAMES), st.integers(-9, 9).map(float), max_size=5), max_size=5
)


def most_by_trying(scores: Mapping[int, Mapping[str, float]]) -> float:
    """Return the highest total score, found by trying every way."""
    numbers = list(scores)
    ways = itertools.permutations([*NAMES, *[None] * len(numbers)], len(numbers))
    return max(
        sum(max(scores[number].get(name, 0.0), 0.0) for number, name in zip(numbers, way, strict=True) if name)
        for way in set(ways)
    )


@given(SCORES)
def test_no_other_pairs_have_a_higher_score(scores: dict[int, dict[str, float]]) -> None:
    pairs = best_pairs(scores)
    assert len(set(pairs.values())) == len(pairs)
    assert all(scores[number][name] > 0 for number, name in pairs.items())
    assert total_score(pairs, scores) == most_by_trying(scores)


@given(SCORES)
def test_parts_have_no_column_in_common_and_lose_nothing(scores: dict[int, dict[str, float]]) -> None:
    parts = parts_of(scores)
    names = [{name for values in part.values() for name in values} for part in parts]
    assert all(one.isdisjoint(other) for one, other in itertools.combinations(names, 2))
    kept = {(n, name) for part in parts for n, values in part.items() for name in values}
    assert kept == {(n, name) for n, values in scores.items() for name, value in values.items() if value > 0}


def test_nothing_to_pair() -> None:
    assert cheapest([]) == []
    assert best_pairs({1: {}, 2: {"a": -1.0}}) == {}
