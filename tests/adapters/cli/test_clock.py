"""The date in London, whatever the machine is set to."""

from __future__ import annotations

import datetime as dt

import pytest

from scripts.adapters.cli import clock


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-06-30T22:59:00Z", dt.date(2026, 6, 30)),
        ("2026-06-30T23:01:00Z", dt.date(2026, 7, 1)),  # summer time: midnight in London was a minute ago
        ("2026-12-31T23:59:00Z", dt.date(2026, 12, 31)),
    ],
)
def test_today_is_londons(moment: str, day: dt.date) -> None:
    assert clock.day_in_london(dt.datetime.fromisoformat(moment)) == day
