"""The SLT meetings around a day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_schema.calendar.working_days import OutsideCalendar, england_and_wales
from tracker_schema.mail.slt_meetings import WEEKDAYS, Meetings, meetings_around

DAYS = england_and_wales()


@pytest.mark.parametrize(
    ("day", "last", "next_", "after_next"),
    [
        ("2026-11-23", "2026-11-17", "2026-11-24", "2026-12-01"),  # a Monday
        ("2026-11-24", "2026-11-17", "2026-12-01", "2026-12-08"),  # the meeting's own day: the mail goes before it
        ("2026-11-25", "2026-11-24", "2026-12-01", "2026-12-08"),
        ("2026-11-29", "2026-11-24", "2026-12-01", "2026-12-08"),  # a Sunday
        ("2026-12-28", "2026-12-22", "2026-12-29", "2027-01-05"),
    ],
)
def test_the_meetings_around_a_day(day: str, last: str, next_: str, after_next: str) -> None:
    found = meetings_around(dt.date.fromisoformat(day), "Tuesday", DAYS)
    assert found == Meetings(*map(dt.date.fromisoformat, (last, next_, after_next)))


def test_a_meeting_on_a_bank_holiday_is_held_on_the_next_working_day() -> None:
    found = meetings_around(dt.date(2027, 3, 27), "Monday", DAYS)  # the Saturday before Easter
    assert found.next == dt.date(2027, 3, 30)
    assert meetings_around(dt.date(2027, 3, 30), "Monday", DAYS).last == dt.date(2027, 3, 22)
    assert meetings_around(dt.date(2026, 12, 26), "Friday", DAYS).last == dt.date(2026, 12, 18)  # Christmas to the 29th
    assert meetings_around(dt.date(2026, 12, 30), "Friday", DAYS).last == dt.date(2026, 12, 29)


@given(st.dates(dt.date(2024, 2, 1), dt.date(2028, 11, 30)), st.sampled_from(WEEKDAYS))
def test_they_are_working_days_on_either_side_and_about_a_week_apart(day: dt.date, weekday: str) -> None:
    found = meetings_around(day, weekday, DAYS)
    assert found.last < day < found.next
    assert DAYS.is_working_day(found.last)
    assert DAYS.is_working_day(found.next)
    assert found.next - found.last <= dt.timedelta(days=7 + 7 + 4)


def test_beyond_the_bank_holidays_known_it_is_refused() -> None:
    with pytest.raises(OutsideCalendar):
        meetings_around(dt.date(2028, 12, 31), "Tuesday", DAYS)
