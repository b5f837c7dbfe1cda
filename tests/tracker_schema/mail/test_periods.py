"""Each period is due at its own time, once, and never on a day off."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.mail.periods import Daily, Timing, Weekly, before, coming, due, newest

CALENDAR = england_and_wales()
MONDAYS = Weekly(0, dt.time(9), 3)
REMINDERS = Daily((dt.time(7, 30),), working_days_only=True)
CHECKS = Daily((dt.time(16, 30), dt.time(6, 30)))

days = st.dates(dt.date(2024, 3, 1), dt.date(2028, 10, 1))
times = st.times().map(lambda time: time.replace(second=0, microsecond=0))
weeklies = st.builds(Weekly, st.integers(0, 6), times, st.integers(0, 4))
dailies = st.builds(Daily, st.lists(times, min_size=1, max_size=3, unique=True).map(tuple), st.booleans())


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def name(timing: Timing, text: str) -> str | None:
    period = due(timing, at(text), CALENDAR)
    return period.name if period else None


@pytest.mark.parametrize(
    ("timing", "moment", "period"),
    [
        (MONDAYS, "2026-11-23 08:59", None),  # Monday
        (MONDAYS, "2026-11-23 09:00", "2026-W48"),
        (MONDAYS, "2026-11-26 23:59", "2026-W48"),  # Thursday: the third working day after
        (MONDAYS, "2026-11-27 00:00", None),
        (MONDAYS, "2026-04-06 09:00", None),  # Easter Monday
        (MONDAYS, "2026-04-07 08:59", None),
        (MONDAYS, "2026-04-07 09:00", "2026-W15"),
        (MONDAYS, "2026-04-10 12:00", "2026-W15"),  # moved by a day, and so is its grace
        (MONDAYS, "2026-12-28 10:00", None),  # Boxing Day's substitute
        (MONDAYS, "2026-12-29 09:00", "2026-W53"),
        (MONDAYS, "2027-01-04 09:00", "2027-W01"),
        (Weekly(4, dt.time(9), 3), "2026-04-03 12:00", None),  # Good Friday
        (Weekly(4, dt.time(9), 3), "2026-04-07 09:00", "2026-W14"),  # the Tuesday after, but still the week's before
        (Weekly(4, dt.time(9), 3), "2026-04-10 09:00", "2026-W15"),
        (Weekly(4, dt.time(9), 3), "2026-11-29 12:00", None),  # a Sunday, within the grace
        (Weekly(4, dt.time(9), 3), "2026-11-30 12:00", "2026-W48"),
        (Weekly(5, dt.time(9), 0), "2026-11-30 12:00", "2026-W48"),  # Saturdays, so Mondays
        (MONDAYS, "2026-03-30 09:00", "2026-W14"),  # the day after the clocks went forward
        (MONDAYS, "2026-10-26 09:00", "2026-W44"),  # and back
        (REMINDERS, "2026-11-23 07:29", None),
        (REMINDERS, "2026-11-23 23:59", "2026-11-23 07:30"),
        (REMINDERS, "2026-11-22 12:00", None),  # Sunday
        (REMINDERS, "2026-12-25 12:00", None),
        (CHECKS, "2026-11-22 06:30", "2026-11-22 06:30"),
        (CHECKS, "2026-11-22 16:30", "2026-11-22 16:30"),
        (CHECKS, "2026-11-23 06:29", None),  # yesterday's is past
    ],
)  # fmt: skip
def test_what_is_due_when(timing: Timing, moment: str, period: str | None) -> None:
    assert name(timing, moment) == period


def test_of_four_missed_weeks_only_the_newest_is_due() -> None:
    assert name(MONDAYS, "2026-11-24 12:00") == "2026-W48"
    found = newest(MONDAYS, at("2026-11-27 12:00"), CALENDAR)
    assert found is not None
    assert found.name == "2026-W48"
    assert due(MONDAYS, at("2026-11-27 12:00"), CALENDAR) is None


def test_what_comes_next_and_what_came_before() -> None:
    found = coming(MONDAYS, at("2026-12-22 10:00"), CALENDAR)
    assert found is not None
    assert (found.name, found.begins) == ("2026-W53", at("2026-12-29 09:00"))
    earlier = before(MONDAYS, found, CALENDAR)
    assert earlier is not None
    assert earlier.name == "2026-W52"
    assert coming(MONDAYS, at("2028-12-28 10:00"), CALENDAR) is None


@given(timing=weeklies | dailies, day=days, time=times)
def test_what_is_due_has_begun_and_is_the_newest(timing: Timing, day: dt.date, time: dt.time) -> None:
    now = dt.datetime.combine(day, time)
    found, last, following = due(timing, now, CALENDAR), newest(timing, now, CALENDAR), coming(timing, now, CALENDAR)
    assert last is not None
    assert following is not None
    assert last.begins <= now < following.begins
    assert found in (None, last)
    assert following == newest(timing, following.begins, CALENDAR)
    assert before(timing, following, CALENDAR) == last


@given(timing=weeklies, day=days)
def test_every_iso_week_has_one_period_and_it_is_on_a_working_day(timing: Weekly, day: dt.date) -> None:
    names = []
    for ahead in range(7 * 12):
        for period in timing.on(day + dt.timedelta(days=ahead), CALENDAR):
            names.append(period.name)
            assert CALENDAR.is_working_day(period.begins.date())
            nominal = dt.date.fromisocalendar(int(period.name[:4]), int(period.name[6:]), timing.weekday + 1)
            assert dt.timedelta(0) <= period.begins.date() - nominal <= dt.timedelta(days=5)
    weeks = {dt.date.fromisocalendar(int(each[:4]), int(each[6:]), 1) for each in names}
    assert len(names) == len(weeks)
    assert 11 <= len(names) <= 13
    assert max(weeks) - min(weeks) == dt.timedelta(weeks=len(names) - 1)


@given(timing=weeklies, day=days, time=times)
def test_a_weeks_job_is_never_due_on_a_day_off(timing: Weekly, day: dt.date, time: dt.time) -> None:
    if due(timing, dt.datetime.combine(day, time), CALENDAR):
        assert CALENDAR.is_working_day(day)
