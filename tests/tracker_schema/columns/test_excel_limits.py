"""What Excel can hold: texts and dates at the edge."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker_schema.columns.excel_limits import LONGEST_TEXT, is_too_long, serial_number

MOMENT = dt.datetime(2026, 11, 23, 17, 0)


@pytest.mark.parametrize("text", ["", "x" * LONGEST_TEXT, "\N{SLIGHTLY SMILING FACE}" * (LONGEST_TEXT // 2)])
def test_a_text_that_fits(text: str) -> None:
    assert not is_too_long(text)


@pytest.mark.parametrize("text", ["x" * (LONGEST_TEXT + 1), "\N{SLIGHTLY SMILING FACE}" * (LONGEST_TEXT // 2 + 1)])
def test_a_text_that_is_too_long(text: str) -> None:
    assert is_too_long(text)


@pytest.mark.parametrize(
    ("moment", "date_1904", "number"),
    [
        (dt.date(1900, 3, 1), False, 61),
        (dt.date(1904, 1, 1), True, 0),
        (dt.date(2026, 11, 23), False, 46349),
        (dt.date(2026, 11, 23), True, 46349 - 1462),
        (MOMENT, False, 46349 + 17 / 24),
        (MOMENT.replace(hour=0), False, 46349),
    ],
)
def test_the_number_of_a_date(moment: dt.date, date_1904: bool, number: float) -> None:
    assert serial_number(moment, date_1904=date_1904) == pytest.approx(number, rel=0, abs=1e-10)


@pytest.mark.parametrize(
    ("moment", "date_1904"),
    [(dt.date(1900, 2, 28), False), (dt.date(1903, 12, 31), True), (MOMENT.replace(tzinfo=dt.UTC), False)],
)
def test_a_date_that_no_cell_can_hold(moment: dt.date, date_1904: bool) -> None:
    with pytest.raises(ValueError, match=r"cell cannot hold|first date"):
        serial_number(moment, date_1904=date_1904)
