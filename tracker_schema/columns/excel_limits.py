"""What Excel can hold: the size of a sheet, the length of a text, and the days it counts dates from."""

from __future__ import annotations

import datetime as dt

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384  # XFD

LONGEST_TEXT = 32_767  # of one cell, in UTF-16 units

# Day 0 of a workbook's dates, by whether the workbook counts from 1904. Excel takes 1900 for a leap year; from
# 1 March 1900 on its numbers are days after 30 December 1899, and before that they are not reliable.
EPOCH = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
FIRST_DATE = {False: dt.date(1900, 3, 1), True: dt.date(1904, 1, 1)}


def is_too_long(text: str) -> bool:
    """Return True when a cell cannot hold `text`: it has more than LONGEST_TEXT UTF-16 units.

    A character beyond U+FFFF, such as an emoji, is two units.
    """
    if len(text) <= LONGEST_TEXT // 2:
        return False
    return len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_TEXT


def serial_number(moment: dt.date, *, date_1904: bool) -> float:
    """Return the number by which a workbook holds a date or a datetime: days after its day 0, an int for a whole day.

    A time of day is a fraction with eleven places, which are microseconds. `date_1904` says that the workbook counts
    from 1904. Raises ValueError for a datetime with a time zone, and for a day before FIRST_DATE.
    """
    if isinstance(moment, dt.datetime):
        if moment.tzinfo is not None:
            raise ValueError("A cell cannot hold a time zone.")
        day, time = moment.date(), moment - dt.datetime.combine(moment, dt.time())
    else:
        day, time = moment, dt.timedelta()
    if day < FIRST_DATE[date_1904]:
        raise ValueError("The date is before the first date that the workbook can hold.")
    days = (day - EPOCH[date_1904]).days
    return round(days + time / dt.timedelta(days=1), 11) if time else days
