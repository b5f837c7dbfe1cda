"""Small counts are suppressed, all others rounded, and nothing else shows a suppressed count."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tracker_schema.evidence.disclosure import rounded, suppress_small_counts
from tracker_schema.evidence.timeliness import Line, Timeliness
from tracker_schema.layouts.layouts import layout_schema


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1022, 1020), (None, None)],
)
def test_counts_are_rounded_to_the_nearest_5_and_1_to_4_are_suppressed(count: int | None, shown: int | None) -> None:
    assert rounded(count) == shown


def line(within: int, late: int, label: str = "April to June 2026", not_made: int = 0) -> Line:
    made = within + late
    return Line(label, made, within, late, within / made if made else None, 3 if made else None, not_made)


def published(*lines: Line, total: Line, **counts: dict[str, int | None]) -> Timeliness:
    kind = layout_schema().type[0]
    reasons, late_steps = counts.get("reasons", {}), counts.get("late_steps", {})
    return suppress_small_counts(Timeliness(kind, "5 working days", lines, total, reasons, late_steps))


def test_a_share_is_suppressed_with_any_of_its_counts() -> None:
    cases = [line(18, 2), line(2, 18), line(2, 2), line(18, 0), line(0, 6), line(13, 7), line(0, 0)]
    shares = [each.share for each in published(*cases, total=line(20, 20)).lines]
    assert shares == [None, None, None, 1.0, 0.0, 13 / 20, None]


def test_the_median_is_suppressed_with_the_number_of_notifications() -> None:
    few, more = published(line(2, 1), line(20, 1), total=line(22, 2)).lines
    assert (few.median_days, more.median_days) == (None, 3)


def test_a_total_is_rounded_from_the_true_total() -> None:
    found = published(line(7, 7), line(7, 7), total=line(14, 14, not_made=3))
    assert [each.made for each in (*found.lines, found.total)] == [15, 15, 30]
    assert [each.within for each in (*found.lines, found.total)] == [5, 5, 15]
    assert found.total.not_made is None


def test_reasons_are_rounded_and_the_order_of_suppressed_ones_says_nothing() -> None:
    reasons: dict[str, int | None] = {"Oversight": 4, "Other": 12, "Absence or handover": 1, "Awaiting information": 7}
    found = published(total=line(9, 24), reasons=reasons)
    assert list(found.reasons.items()) == [
        ("Other", 10),
        ("Awaiting information", 5),
        ("Absence or handover", None),
        ("Oversight", None),
    ]


@pytest.mark.parametrize("late", range(1, 5))
def test_reports_that_differ_in_a_small_count_only_are_the_same(late: int) -> None:
    """With the same rounded number of notifications, nothing shows which small number of them was late."""
    found = published(line(22 - late, late), total=line(22 - late, late), reasons={"Oversight": late})
    assert {getattr(found.total, each.name) for each in fields(Line)} == {"April to June 2026", 20, None, 3, 0}
    assert found.reasons == {"Oversight": None}
