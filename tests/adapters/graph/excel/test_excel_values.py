"""What is sent to Excel is stored as it was meant, and a read of it is known for the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.adapters.graph.excel.excel_values import answered, is_same, number_format_for, to_send
from tests.servers.graph.excel.typing_in import as_typed
from tracker_schema.columns.excel_limits import LONGEST_TEXT
from tracker_schema.columns.parsing import NO_RESULT, ErrorValue
from tracker_schema.errors import TrackerUnusable

TODAY = dt.date(2026, 11, 23)
# What people type that Excel takes for something else, and any text at all.
TRICKY = st.sampled_from(
    [
        *("2026-11-23", "00123", "=1+1", "-5 days", "+44 20 7946 0000", "May 5", "5 May", "'quoted", "TRUE", "false"),
        *("1/2", "1e5", "10%", "£5", "(5)", "12:30", "3 pm", "#N/A", "", " ", "x=1", "a\nb", "a\r\nb", "Yes ", "@ann"),
    ]
)
TEXTS = TRICKY | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
DATES = st.dates(dt.date(1904, 1, 2), dt.date(9999, 12, 31)) | st.datetimes(
    dt.datetime(1904, 1, 2), dt.datetime(9999, 12, 31)
)


@given(TEXTS)
def test_a_text_is_stored_as_that_text(text: str) -> None:
    sent = to_send(text, date_1904=False)
    stored = as_typed(sent, TODAY) if isinstance(sent, str) else sent
    assert stored == text
    assert is_same(stored, text, date_1904=False)


@given(DATES, st.booleans())
def test_a_date_is_sent_as_the_days_that_excel_counts(date: dt.date, date_1904: bool) -> None:
    sent = to_send(date, date_1904=date_1904)
    first = dt.datetime(1904, 1, 1) if date_1904 else dt.datetime(1899, 12, 30)
    moment = date if isinstance(date, dt.datetime) else dt.datetime.combine(date, dt.time())
    assert isinstance(sent, int | float)
    assert abs(first + dt.timedelta(days=sent) - moment) < dt.timedelta(milliseconds=2)
    assert is_same(sent, date, date_1904=date_1904)
    assert not is_same(sent + 1, date, date_1904=date_1904)
    assert answered(date, date_1904=date_1904) == sent


@pytest.mark.parametrize(
    ("date", "date_1904", "serial"),
    [
        (dt.date(1900, 3, 1), False, 61),
        (dt.date(2026, 11, 23), False, 46349),
        (dt.date(2026, 11, 23), True, 44887),
        (dt.datetime(2026, 11, 23, 12), False, 46349.5),
    ],
)
def test_known_dates(date: dt.date, date_1904: bool, serial: float) -> None:
    assert to_send(date, date_1904=date_1904) == serial


@given(st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans())
def test_a_number_or_truth_value_is_sent_as_it_is(value: float) -> None:
    assert to_send(value, date_1904=False) is value
    assert is_same(value, value, date_1904=False)


@pytest.mark.parametrize(
    "value",
    [
        "x" * (LONGEST_TEXT + 1),
        "\N{GRINNING FACE}" * (LONGEST_TEXT // 2 + 1),
        float("nan"),
        float("inf"),
        dt.date(1900, 2, 28),
        dt.datetime(2026, 11, 23, tzinfo=dt.UTC),
    ],
)
def test_what_no_cell_can_hold(value: Any) -> None:
    with pytest.raises(TrackerUnusable):
        to_send(value, date_1904=False)


@pytest.mark.parametrize(
    ("live", "value", "same"),
    [
        ("", None, True),
        ("", "", True),
        (0, None, False),
        (0, "", False),
        (1, True, False),
        (True, True, True),
        (True, 1, False),
        ("1", 1, False),
        (1, 1.0, True),
        ("a\nb", "a\r\nb", True),
        ("a ", "a", False),
        ("#REF!", ErrorValue("#REF!"), True),
        ("", ErrorValue("#REF!"), False),
        ("anything", NO_RESULT, True),
        (0.5, dt.time(12), True),
        (1.5, dt.timedelta(hours=36), True),
        (None, 3, False),
    ],
)
def test_whether_two_cells_are_the_same(live: Any, value: Any, same: bool) -> None:
    assert is_same(live, value, date_1904=False) is same


@pytest.mark.parametrize(
    ("value", "current", "needed"),
    [
        (dt.date(2026, 11, 23), "General", "dd/mm/yyyy"),
        (dt.date(2026, 11, 23), "0.00", "dd/mm/yyyy"),
        (dt.date(2026, 11, 23), "hh:mm", "dd/mm/yyyy"),
        (dt.date(2026, 11, 23), "d mmm yyyy", None),
        (dt.date(2026, 11, 23), "[$-809]dd mmmm yyyy", None),
        (dt.date(2026, 11, 23), '"day" 0', "dd/mm/yyyy"),
        (dt.datetime(2026, 11, 23, 9), "General", "dd/mm/yyyy hh:mm"),
        (dt.datetime(2026, 11, 23), "General", "dd/mm/yyyy"),
        (3, "dd/mm/yyyy", "General"),
        (3, "[h]:mm", "General"),
        (3, "General", None),
        (3, "0 [Red]", None),
        ("text", "dd/mm/yyyy", None),
        (None, "dd/mm/yyyy", None),
    ],
)
def test_the_number_format_that_a_value_needs(value: Any, current: str, needed: str | None) -> None:
    assert number_format_for(value, current) == needed
