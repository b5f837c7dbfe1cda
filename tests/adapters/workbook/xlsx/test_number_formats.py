"""What Excel shows for numbers and dates with simple formats."""

from __future__ import annotations

import datetime as dt

import pytest

from scripts.adapters.workbook.xlsx.number_formats import shown_date, shown_number


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        *[(14.0, '"CI-2026-"000', "CI-2026-014"), (1234.0, '"CI-"000', "CI-1234"), (7.0, "0", "7"), (7.0, "00", "07")],
        *[(1426.0, '00"/"00', "14/26"), (126.0, "0\\/00", "1/26"), (14.0, '000" (closed)"', "014 (closed)")],
        *[(5.0, "CI-000", None), (5.0, "0.00", None), (5.5, '"CI-"000', None), (-5.0, '"CI-"000', None)],
        *[(5.0, "#,##0", None), (5.0, '"CI-"000;"x"0', None), (5.0, "General", None), (5.0, '"none"', None)],
    ],
)
def test_numbers(number: float, code: str, shown: str | None) -> None:
    assert shown_number(number, code) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        *[("mmm-yy", "Mar-26"), ("d-mmm", "1-Mar"), ("dd/mm/yyyy", "01/03/2026"), ("[$-809]mmm\\-yy;@", "Mar-26")],
        *[("d/m/yy", "1/3/26"), ("h:mm", None), ('"week of "d mmm', "week of 1 Mar")],
    ],
)
def test_dates(code: str, shown: str | None) -> None:
    assert shown_date(dt.date(2026, 3, 1), code) == shown
