"""The cells, and the order of dates and headings, add to the words of a heading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tracker_schema.adoption.matching.column_profile import profile_of
from tracker_schema.adoption.matching.matches import Match, match_headings
from tracker_schema.columns.schema import tracker_schema

INCIDENTS = tracker_schema().sheets["incidents"]
DAYS = [dt.date(2026, 3, day) for day in range(2, 22)]
WEEK_LATER = [day + dt.timedelta(days=7) for day in DAYS]
BORN = [dt.date(2010 + number % 12, 5, 1 + number) for number in range(20)]
YES = ["Yes", "No", "Yes", "N/A"] * 5
LOG: Mapping[str, Sequence[Any]] = {
    "Ref": [f"CI-{number}" for number in range(20)],
    "Date aware": DAYS,
    "Form received": DAYS,
}


def matched(columns: Mapping[str, Sequence[Any]]) -> dict[str, Match]:
    """Return the match of each heading of a log with those columns, from left to right."""
    headings = dict(enumerate(columns, 1))
    cells = {number: profile_of(columns[heading]) for number, heading in headings.items()}
    return {match.heading: match for match in match_headings(INCIDENTS, headings, cells)}


@pytest.mark.parametrize(
    ("heading", "cells", "column"),
    [
        ("Panel notified", WEEK_LATER, "panel_notified"),
        ("Panel notified", YES, None),  # the heading of a date over answers
        ("Panel notified", ["Made up: the Panel was told by telephone, see the file."] * 20, None),
        ("Looked after", YES, "looked_after"),
        ("Looked after", WEEK_LATER, None),
        ("Decision", ["NFA", "SIN"] * 10, "decision"),
        ("Decision", WEEK_LATER, "decision_date"),
        ("Outcome", ["Death", "SI", "Serious harm", "Died"] * 5, "outcome"),
        ("Initials", ["AB", "C.D.", "EF", "GH"] * 5, "initials"),
        ("Birth", BORN, "date_of_birth"),
        ("Birth", WEEK_LATER, None),
        ("Summary", WEEK_LATER, None),
    ],
)
def test_the_cells_decide_when_a_heading_is_ambiguous(heading: str, cells: Sequence[Any], column: str | None) -> None:
    match = matched({**LOG, heading: cells})[heading]
    assert match.column == column or (column is None and not match.sure), match


def test_of_two_headings_alike_the_one_with_the_right_cells_is_it() -> None:
    found = matched({**LOG, "Decision": ["NFA", "SIN"] * 10, "Date of the decision": WEEK_LATER})
    assert (found["Decision"].column, found["Date of the decision"].column) == ("decision", "decision_date")


def test_dates_in_the_wrong_order_count_against_a_column() -> None:
    before = [day - dt.timedelta(days=30) for day in DAYS]
    right = matched({**LOG, "Notified to Panel": WEEK_LATER})["Notified to Panel"]
    wrong = matched({**LOG, "Notified to Panel": before})["Notified to Panel"]
    assert right.sure
    assert right.column == "panel_notified"
    assert wrong.confidence < right.confidence


def test_the_date_of_a_decision_is_beside_it_and_not_without_it() -> None:
    with_it = matched({**LOG, "Decision": ["NFA", "SIN"] * 10, "Decided on": WEEK_LATER})["Decided on"]
    of_another = matched({**LOG, "Review decision": ["Local review", "No review"] * 10, "Decided on": WEEK_LATER})
    assert with_it.sure
    assert with_it.column == "decision_date"
    assert not of_another["Decided on"].sure
    assert "review_decided" in (of_another["Decided on"].column, of_another["Decided on"].runner_up)


def test_the_date_right_of_another_decision_is_not_surely_that_of_the_first() -> None:
    found = matched(
        {**LOG, "Threshold decision": ["NFA", "SIN"] * 10, "On": WEEK_LATER}
        | {"Decision of partnership": ["Local review", "No review"] * 10, "Date decided": WEEK_LATER}
    )
    assert found["Decision of partnership"].column == "review_decision"
    assert not found["Date decided"].sure or found["Date decided"].column == "review_decided"


def test_a_column_is_given_to_one_heading_only() -> None:
    found = matched({**LOG, "Date Panel notified": WEEK_LATER, "Panel notification sent": WEEK_LATER})
    both = [found["Date Panel notified"], found["Panel notification sent"]]
    assert sorted(str(match.column) for match in both).count("panel_notified") == 1
    assert not all(match.sure for match in both)


def test_empty_columns_are_recognised_by_their_headings_alone() -> None:
    found = matched(
        {heading: [""] * 5 for heading in ("Reference", "Date aware", "Panel notified", "Coroner informed")}
    )
    assert [match.column for match in found.values()] == ["reference", "aware_date", "panel_notified", None]
    assert all(match.kinds == ["empty"] for match in found.values())
