"""References that end in a child's letter are parted, unasked, only where that cannot be mistaken."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import pytest

from tracker_schema.layouts.child_references import NO_DATES, split_references

# The last row is one like them of another incident; a sheet for each type has the day on the first of its sheets only.
ROWS = ["CI-2026-001a", "CI-2026-001b", "CI-2026-001a", "CI-2026-001b", "CI-2026-002"]


@pytest.mark.parametrize(
    ("when", "parted"),
    [
        (["May", "May", "May", "May", "June"], True),
        (["May", "May", NO_DATES, NO_DATES, "June"], True),
        (["May", "June", NO_DATES, NO_DATES, "June"], False),
        (["May", None, NO_DATES, NO_DATES, "June"], False),
        (["May", NO_DATES, NO_DATES, NO_DATES, "June"], False),  # of child b it is not known
        ([NO_DATES] * 5, False),
    ],
)
def test_rows_of_one_incident_have_the_same_days_wherever_days_are_kept(
    when: Sequence[Hashable], *, parted: bool
) -> None:
    split = split_references(ROWS, lambda: when, always=None)
    assert [name.child or None for name in split] == (["a", "b", "a", "b", None] if parted else [None] * 5)
    assert {name.incident for name in split} == ({"CI-2026-001", "CI-2026-002"} if parted else set(ROWS))
