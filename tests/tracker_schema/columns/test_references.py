"""The references that new incidents get."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_schema.columns.references import next_references


@pytest.mark.parametrize(
    ("used", "following"),
    [
        ([], ["CI-2026-001", "CI-2026-002"]),
        (["CI-2026-001", "CI-2026-033"], ["CI-2026-034", "CI-2026-035"]),
        (["CI-2026-033", "CI-2026-007"], ["CI-2026-034", "CI-2026-035"]),
        (["CI-2025-112"], ["CI-2026-001", "CI-2026-002"]),
        (["CI-2025-112", "CI-2026-9"], ["CI-2026-10", "CI-2026-11"]),
        (["2025/26-14"], ["2025/26-15", "2025/26-16"]),
        (["14", "15"], ["16", "17"]),
        (["DUD099"], ["DUD100", "DUD101"]),
        (["CI-2027-004"], ["CI-2027-005", "CI-2027-006"]),
        (["13/26", "14/26"], ["15/26", "16/26"]),
        (["41/25", "42/25"], ["1/26", "2/26"]),
        (["CI-2026-001", "CI-2026-002", "Adviser 7"], ["CI-2026-003", "CI-2026-004"]),
        (["Smallville A", "Smallville B"], ["CI-2026-001", "CI-2026-002"]),
    ],
)
def test_they_go_on_in_the_trackers_own_style(used: list[str], following: list[str]) -> None:
    assert list(islice(next_references(used, (), 2026), 2)) == following


def test_those_typed_in_advance_come_first() -> None:
    given = next_references(["CI-2026-001"], ["CI-2026-003"], 2026, ["CI-2026-002", "CI-2026-003", "CI-2026-004"])
    assert list(islice(given, 3)) == ["CI-2026-002", "CI-2026-004", "CI-2026-005"]


def test_none_is_given_twice() -> None:
    assert next(next_references(["CI-2026-001"], ["ci-2026-002", "CI-2026-004"], 2026)) == "CI-2026-003"


@given(st.lists(st.text("CI-/ 0123456789", min_size=1, max_size=12)))
def test_they_are_new_and_differ(used: list[str]) -> None:
    given = list(islice(next_references(used, (), 2026), 5))
    assert len(set(given)) == 5
    assert not set(given) & set(used)
