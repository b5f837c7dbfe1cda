"""Headings in one row or two: which columns they are."""

from __future__ import annotations

from typing import Any

import pytest

from tracker_schema.columns.headings import Headings, HeadingSearch, best_row
from tracker_schema.columns.schema import tracker_schema

INCIDENTS = tracker_schema().sheets["incidents"]
GROUPS = ["Incident", "", "", "Panel", "", "Rapid review", ""]
HEADINGS = ["Ref", "Date aware", "Outcome", "Notified", "Reference", "Completed", "Sent"]
MERGED = ((2, 1, 2, 3), (2, 4, 2, 5), (2, 6, 2, 7))
FOUND = {
    "reference": 1,
    "aware_date": 2,
    "outcome": 3,
    "panel_notified": 4,
    "panel_reference": 5,
    "rapid_review_completed": 6,
    "rapid_review_sent": 7,
}


def found(rows: list[list[Any]], search: HeadingSearch, **configured: str) -> Headings:
    headings = best_row(INCIDENTS, rows, configured, search)
    assert headings is not None
    return headings


@pytest.mark.parametrize("merged", [(), MERGED])
def test_a_heading_may_be_known_by_its_group_heading(merged: tuple[tuple[int, int, int, int], ...]) -> None:
    rows: list[list[Any]] = [["A title"], GROUPS, HEADINGS, ["CI-1", 46344.0, "Death", "", "", "", ""]]
    headings = found(rows, HeadingSearch(merged))
    assert (headings.row, headings.numbers) == (3, FOUND)
    assert headings.texts[4] == "Panel / Notified"
    assert headings.texts[2] == "Date aware", "it is known without its group"


def test_a_group_heading_reaches_as_far_as_it_is_merged() -> None:
    rows: list[list[Any]] = [["", "", "Panel", "", ""], ["Ref", "Date aware", "Notified", "Response", "Reference"]]
    headings = found(rows, HeadingSearch(((1, 3, 1, 4),)), reference="Ref")
    assert headings.numbers == {"reference": 1, "aware_date": 2, "panel_notified": 3, "panel_response": 4}
    assert headings.unknown == {5: "Reference"}


def test_headings_merged_over_both_rows_beside_groups() -> None:
    rows: list[list[Any]] = [["Ref", "Date aware", "Panel", ""], ["", "", "Notified", "Reference"]]
    headings = found(rows, HeadingSearch(((1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4))))
    assert headings.row == 2
    assert headings.numbers == {"reference": 1, "aware_date": 2, "panel_notified": 3, "panel_reference": 4}


def test_a_configured_heading_may_name_its_group() -> None:
    rows: list[list[Any]] = [GROUPS, ["Ref", "Date aware", "Outcome", "When", "No", "When", "To DfE"]]
    configured = {"panel_notified": "Panel / When", "rapid_review_completed": "rapid review/when"}
    numbers = found(rows, HeadingSearch(), **configured).numbers
    assert (numbers["panel_notified"], numbers["rapid_review_completed"]) == (4, 6)


@pytest.mark.parametrize("first", [["Death", "", "In area"], ["CI-1", "", "Death"]])
def test_a_row_of_data_is_not_taken_for_headings(first: list[Any]) -> None:
    rows: list[list[Any]] = [["Ref", "Date aware", "Outcome"], first]
    assert found(rows, HeadingSearch()).row == 1


@pytest.mark.parametrize(("rows_of_headings", "row"), [(1, 2), (2, 2), (None, 2)])
def test_banners_above_headings_change_nothing(rows_of_headings: int | None, row: int) -> None:
    rows: list[list[Any]] = [["The incident", "", "What was decided"], ["Reference", "Date aware", "Decision"]]
    headings = found(rows, HeadingSearch(rows=rows_of_headings))
    assert (headings.row, headings.numbers) == (row, {"reference": 1, "aware_date": 2, "decision": 3})
