"""Counting working days: days a person can look up, and the same count done day by day."""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Iterator

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given
from hypothesis import strategies as st

from tracker_schema.calendar.working_days import (
    OutsideCalendar,
    WorkingDays,
    add_months,
    england_and_wales,
    read_bank_holidays,
)
from tracker_schema.errors import SchemaError

DAYS = england_and_wales()
ONE_DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    """The day written as “Mon 23 Nov 2026”, which must be that day of the week."""
    found = dt.datetime.strptime(text, "%a %d %b %Y").date()  # noqa: DTZ007 - a day has no time zone
    assert text.startswith(found.strftime("%a")), f"{text} is a {found:%A}"
    return found


def due(anchor: dt.date, length: int, calendar: WorkingDays = DAYS, *, count_from: int = 0) -> dt.date | None:
    return calendar.due(anchor, length, count_from=count_from)


def left(as_of: dt.date, deadline: dt.date) -> int:
    return DAYS.between(as_of, deadline)


# Known days. On the right, what lies between.

DAY_4_AND_DAY_5 = [
    # Council aware, day 4, day 5
    ("Mon 23 Nov 2026", "Fri 27 Nov 2026", "Mon 30 Nov 2026"),  # an ordinary week
    ("Fri 27 Nov 2026", "Thu 03 Dec 2026", "Fri 04 Dec 2026"),
    ("Sat 28 Nov 2026", "Thu 03 Dec 2026", "Fri 04 Dec 2026"),  # aware on a Saturday: Monday is day 1
    ("Sun 29 Nov 2026", "Thu 03 Dec 2026", "Fri 04 Dec 2026"),  # aware on a Sunday: the same
    ("Mon 21 Dec 2026", "Tue 29 Dec 2026", "Wed 30 Dec 2026"),  # Fri 25 Christmas Day, Mon 28 for Boxing Day
    ("Thu 24 Dec 2026", "Mon 04 Jan 2027", "Tue 05 Jan 2027"),  # and Fri 1 Jan New Year's Day
    ("Fri 25 Dec 2026", "Mon 04 Jan 2027", "Tue 05 Jan 2027"),  # aware on Christmas Day: Tue 29 is day 1
    ("Sat 26 Dec 2026", "Mon 04 Jan 2027", "Tue 05 Jan 2027"),  # Boxing Day, a Saturday
    ("Mon 28 Dec 2026", "Mon 04 Jan 2027", "Tue 05 Jan 2027"),  # its substitute day
    ("Tue 29 Dec 2026", "Tue 05 Jan 2027", "Wed 06 Jan 2027"),
    ("Wed 24 Mar 2027", "Thu 01 Apr 2027", "Fri 02 Apr 2027"),  # Good Friday 26 March, Easter Monday 29 March
    ("Fri 26 Mar 2027", "Fri 02 Apr 2027", "Mon 05 Apr 2027"),  # aware on Good Friday: Tue 30 is day 1
    ("Thu 02 Apr 2026", "Fri 10 Apr 2026", "Mon 13 Apr 2026"),  # Good Friday 3 April, Easter Monday 6 April
    ("Thu 30 Apr 2026", "Thu 07 May 2026", "Fri 08 May 2026"),  # Early May bank holiday, Mon 4 May
    ("Fri 22 May 2026", "Fri 29 May 2026", "Mon 01 Jun 2026"),  # Spring bank holiday, Mon 25 May
    ("Fri 28 Aug 2026", "Fri 04 Sep 2026", "Mon 07 Sep 2026"),  # Summer bank holiday, Mon 31 August
    ("Mon 31 Aug 2026", "Fri 04 Sep 2026", "Mon 07 Sep 2026"),  # aware on it: Tue 1 Sep is day 1
    ("Fri 24 Dec 2027", "Tue 04 Jan 2028", "Wed 05 Jan 2028"),  # Mon 27 and Tue 28 Dec, Mon 3 Jan: substitute days
    ("Sat 25 Dec 2027", "Tue 04 Jan 2028", "Wed 05 Jan 2028"),  # Christmas Day on a Saturday
    ("Tue 29 Feb 2028", "Mon 06 Mar 2028", "Tue 07 Mar 2028"),  # aware on 29 February
    ("Mon 28 Feb 2028", "Fri 03 Mar 2028", "Mon 06 Mar 2028"),  # over 29 February
    ("Fri 26 Feb 2027", "Thu 04 Mar 2027", "Fri 05 Mar 2027"),  # no 29 February in 2027
    ("Tue 31 May 2022", "Wed 08 Jun 2022", "Thu 09 Jun 2022"),  # Thu 2 and Fri 3 June, the Platinum Jubilee
    ("Fri 16 Sep 2022", "Fri 23 Sep 2022", "Mon 26 Sep 2022"),  # Mon 19 September, the State Funeral
    ("Fri 05 May 2023", "Fri 12 May 2023", "Mon 15 May 2023"),  # Mon 8 May, the Coronation
]


@pytest.mark.parametrize(("aware", "day_4", "day_5"), DAY_4_AND_DAY_5)
def test_day_4_and_day_5(aware: str, day_4: str, day_5: str) -> None:
    assert due(day(aware), 4) == day(day_4)
    assert due(day(aware), 5) == day(day_5)


@pytest.mark.parametrize(
    ("notified", "rapid_review"),
    [
        ("Mon 30 Nov 2026", "Mon 21 Dec 2026"),
        ("Fri 04 Dec 2026", "Tue 29 Dec 2026"),  # over Christmas Day and the substitute for Boxing Day
        ("Wed 30 Dec 2026", "Thu 21 Jan 2027"),  # over New Year's Day
        ("Tue 05 Jan 2027", "Tue 26 Jan 2027"),
        ("Fri 02 Apr 2027", "Fri 23 Apr 2027"),
    ],
)
def test_a_rapid_review_is_due_fifteen_working_days_after_the_notification(notified: str, rapid_review: str) -> None:
    assert due(day(notified), 15) == day(rapid_review)


@pytest.mark.parametrize(
    ("anchor", "day_4"),
    [
        ("Mon 23 Nov 2026", "Thu 26 Nov 2026"),  # Monday itself is day 1
        ("Sat 28 Nov 2026", "Wed 02 Dec 2026"),  # so is a Saturday
        ("Fri 25 Dec 2026", "Thu 31 Dec 2026"),  # so is Christmas Day; Tue 29 is day 2
    ],
)
def test_the_day_itself_is_day_1_where_counting_is_from_1(anchor: str, day_4: str) -> None:
    assert due(day(anchor), 4, count_from=1) == day(day_4)


@pytest.mark.parametrize(
    ("as_of", "deadline", "working_days"),
    [
        ("Mon 23 Nov 2026", "Mon 30 Nov 2026", 5),
        ("Fri 27 Nov 2026", "Mon 30 Nov 2026", 1),
        ("Sat 28 Nov 2026", "Mon 30 Nov 2026", 1),  # on a weekend the next working day is one away
        ("Mon 30 Nov 2026", "Mon 30 Nov 2026", 0),
        ("Sat 28 Nov 2026", "Fri 27 Nov 2026", 0),  # the Saturday after a Friday deadline
        ("Sun 29 Nov 2026", "Fri 27 Nov 2026", 0),
        ("Mon 30 Nov 2026", "Fri 27 Nov 2026", -1),
        ("Mon 28 Dec 2026", "Thu 24 Dec 2026", 0),  # Christmas: nothing but days off since
        ("Tue 29 Dec 2026", "Thu 24 Dec 2026", -1),
        ("Thu 24 Dec 2026", "Tue 29 Dec 2026", 1),
    ],
)
def test_working_days_left(as_of: str, deadline: str, working_days: int) -> None:
    assert left(day(as_of), day(deadline)) == working_days


@pytest.mark.parametrize(
    ("decided", "published_by"),
    [
        ("Mon 31 Aug 2026", "Sun 28 Feb 2027"),  # no 31 February: its last day
        ("Tue 31 Aug 2027", "Tue 29 Feb 2028"),  # a leap year's last day
        ("Sun 30 Aug 2026", "Sun 28 Feb 2027"),
        ("Fri 28 Aug 2026", "Sun 28 Feb 2027"),
        ("Mon 23 Nov 2026", "Sun 23 May 2027"),  # the calendar's day, weekend or not
        ("Tue 29 Feb 2028", "Tue 29 Aug 2028"),  # back to no month's end
        ("Sat 28 Feb 2026", "Fri 28 Aug 2026"),
        ("Tue 31 Mar 2026", "Wed 30 Sep 2026"),
        ("Thu 31 Dec 2026", "Wed 30 Jun 2027"),
    ],
)
def test_six_months_by_the_calendar(decided: str, published_by: str) -> None:
    assert add_months(day(decided), 6) == day(published_by)


@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("Fri 25 Dec 2026", "Christmas Day"),
        ("Sat 26 Dec 2026", "weekend"),
        ("Mon 28 Dec 2026", "Boxing Day (substitute day)"),
        ("Fri 26 Mar 2027", "Good Friday"),
        ("Mon 31 May 2027", "Spring bank holiday"),
        ("Tue 24 Nov 2026", None),
    ],
)
def test_a_day_off_says_why(date: str, why: str | None) -> None:
    assert DAYS.day_off(day(date)) == why
    assert DAYS.is_working_day(day(date)) == (why is None)


# The same, counted day by day.

BANK_HOLIDAYS = frozenset(DAYS.holidays)
dates = st.dates(dt.date(2012, 1, 1), dt.date(2028, 6, 30)) | st.sampled_from(
    [holiday + n * ONE_DAY for holiday in sorted(BANK_HOLIDAYS) if 2012 < holiday.year < 2028 for n in range(-3, 3)]
)
closure_days = st.frozensets(st.dates(dt.date(2026, 12, 1), dt.date(2027, 1, 15)), max_size=8)


def works(date: dt.date, closures: frozenset[dt.date] = frozenset()) -> bool:
    return date.weekday() < 5 and date not in BANK_HOLIDAYS and date not in closures


def following(date: dt.date, step: dt.timedelta = ONE_DAY) -> Iterator[dt.date]:
    while True:
        date += step
        yield date


def nth_working_day(
    anchor: dt.date, length: int, number: int = 0, closures: frozenset[dt.date] = frozenset()
) -> dt.date:
    """The working day with the number `length`, when the anchor has the number `number`."""
    date = anchor
    days = following(anchor)
    while number < length:
        date = next(days)
        number += works(date, closures)
    return date


@given(st.lists(dates, min_size=1), st.integers(1, 40), st.sampled_from([0, 1]))
def test_deadlines_are_those_of_counting_on_fingers(anchors: list[dt.date], length: int, count_from: int) -> None:
    worked_out = [DAYS.due(anchor, length, count_from=count_from) for anchor in anchors]
    assert worked_out == [nth_working_day(anchor, length, count_from) for anchor in anchors]


@given(st.dates(dt.date(2026, 11, 20), dt.date(2027, 1, 15)), st.integers(1, 15), closure_days)
def test_closure_days_do_not_count_where_they_are_honoured(
    anchor: dt.date, length: int, closures: frozenset[dt.date]
) -> None:
    assert due(anchor, length, DAYS.with_closures(closures)) == nth_working_day(anchor, length, 0, closures)
    assert due(anchor, length) == nth_working_day(anchor, length)


@given(dates, st.integers(-90, 90))
def test_working_days_left_are_those_of_counting_on_fingers(as_of: dt.date, apart: int) -> None:
    deadline = min(max(as_of + apart * ONE_DAY, DAYS.first), DAYS.last)
    first, last = min(as_of, deadline), max(as_of, deadline)
    between = sum(works(date) for date in (first + n * ONE_DAY for n in range(1, (last - first).days + 1)))
    assert left(as_of, deadline) == (between if deadline >= as_of else -between)


@given(dates, st.integers(-60, 60).filter(bool))
def test_adding_working_days_is_walking_them(start: dt.date, number: int) -> None:
    step = ONE_DAY if number > 0 else -ONE_DAY
    walked = (date for date in following(start, step) if works(date))
    end = [next(walked) for _ in range(abs(number))][-1]
    if end < DAYS.first:
        with pytest.raises(OutsideCalendar):
            DAYS.add(start, number)
    else:
        assert DAYS.add(start, number) == end


@given(st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 24))
def test_months_keep_the_day_or_take_the_months_last(start: dt.date, months: int) -> None:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    assert add_months(start, months) == dt.date(year, month + 1, min(start.day, last))


# Days for which the bank holidays are not known.


@pytest.mark.parametrize("anchor", [dt.date(2011, 12, 31), dt.date(2029, 1, 1), dt.date(1926, 11, 23)])
def test_no_deadline_is_counted_from_a_day_outside_the_data(anchor: dt.date) -> None:
    assert due(anchor, 5) is None


def test_no_deadline_is_counted_to_a_day_outside_the_data() -> None:
    assert due(day("Fri 22 Dec 2028"), 3) == day("Fri 29 Dec 2028")  # Mon 25 and Tue 26 are bank holidays
    assert due(day("Fri 22 Dec 2028"), 4) is None


@pytest.mark.parametrize("outside", [dt.date(2011, 12, 31), dt.date(2029, 1, 1)])
def test_a_day_outside_the_data_is_refused_by_name(outside: dt.date) -> None:
    said = rf"{outside:%d/%m/%Y} is outside the years whose bank holidays are known, 2012 to 2028\. .*holidays\.json"
    with pytest.raises(OutsideCalendar, match=said):
        DAYS.is_working_day(outside)
    with pytest.raises(OutsideCalendar, match=said):
        left(outside, day("Mon 30 Nov 2026"))
    with pytest.raises(OutsideCalendar, match=said):
        DAYS.add(outside, 1)


def test_walking_out_of_the_data_is_refused_by_name() -> None:
    with pytest.raises(OutsideCalendar, match=r"01/01/2029 is outside the years whose bank holidays are known"):
        DAYS.add(day("Fri 29 Dec 2028"), 1)


# The data themselves.


def test_the_bank_holidays_are_those_of_gov_uk_day_by_day() -> None:
    theirs = BankHolidays(use_cached_holidays=True)
    division = BankHolidays.ENGLAND_AND_WALES
    known = [holiday["date"] for holiday in theirs.get_holidays(division)]
    date = dt.date(known[0].year, 1, 1)
    while date <= dt.date(known[-1].year, 12, 31):
        assert (date in DAYS.holidays) == theirs.is_holiday(date, division), f"{date:%A %d %B %Y}"
        assert DAYS.is_working_day(date) == theirs.is_work_day(date, division), f"{date:%A %d %B %Y}"
        date += ONE_DAY


def test_the_bank_holidays_reach_back_to_2012_and_say_when_they_were_taken() -> None:
    assert DAYS.first <= dt.date(2012, 1, 1)
    assert DAYS.taken is not None


def test_the_bank_holidays_reach_twelve_months_ahead() -> None:
    today = dt.datetime.now(dt.UTC).date()
    assert DAYS.last >= today + dt.timedelta(days=365), (
        f"tracker_schema/calendar/bank_holidays.json ends on {DAYS.last:%d/%m/%Y}, in less than 12 months, and no "
        "deadline can be counted beyond it. Download https://www.gov.uk/bank-holidays.json, add the new events of its "
        "“england-and-wales” to the file (keep the older years), and put the day of the download in “taken”."
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"england-and-wales": {}}', '{"england-and-wales": {"events": [{}]}}']
)
def test_a_file_in_another_format_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(SchemaError, match=r"^bank_holidays\.json is not a bank holiday file as GOV\.UK publishes it"):
        read_bank_holidays(text)


def test_a_file_without_bank_holidays_is_refused() -> None:
    with pytest.raises(SchemaError, match="no bank holidays"):
        read_bank_holidays(json.dumps({"england-and-wales": {"events": []}}))
