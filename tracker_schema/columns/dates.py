"""The date in a cell: strict British dates. Nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re

from tracker_schema.columns.excel_limits import EPOCH
from tracker_schema.columns.parsing import Cell, Fault, Unreadable, cleaned, refuse_without_value
from tracker_schema.columns.privacy import quotable
from tracker_schema.columns.schema import plain
from tracker_schema.wording import DAYS, MONTHS

EXAMPLE = "Type it as day/month/year, for example 05/11/2026."

# A bare number is taken for a date only within these years: no reference, age or count is mistaken for one.
_SERIAL_FROM, _SERIAL_TO = dt.date(1950, 1, 1), dt.date(2099, 12, 31)
# Nobody in a tracker was born, or did anything, outside these years.
_FIRST_YEAR, _LAST_YEAR = 1900, 2099

_MONTH_NUMBERS = {name[:letters].lower(): number for number, name in enumerate(MONTHS, 1) for letters in (3, 9)}
_MONTH_NUMBERS |= {"sept": 9}
_WEEKDAY_NUMBERS = {name[:letters].lower(): number for number, name in enumerate(DAYS) for letters in (3, 9)}
_WEEKDAY_NUMBERS |= {"tues": 1, "thur": 3, "thurs": 3}
# A time of day may follow, and is left aside; one that names a time zone may not, for it can mean another day here.
_TIME = r"(?:[T\s,]+(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d(?:\.\d+)?)?\s*(?:am|pm)?)?"
_FLAGS = re.IGNORECASE | re.ASCII
_BRITISH = re.compile(rf"(\d{{1,2}})\s*([/.-])\s*(\d{{1,2}})\s*\2\s*(\d{{2}}|\d{{4}}){_TIME}", _FLAGS)
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", _FLAGS)
_WORDS = re.compile(
    r"(?:([a-z]{3,9})[,.]?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?([a-z]{3,9})[.,]?[\s-]+(\d{2}|\d{4})" + _TIME,
    _FLAGS,
)
_DATE_WITHIN = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}\s*[/.-]\s*\d{{1,2}}(?:\s*[/.-]\s*\d+)?|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{'|'.join(_MONTH_NUMBERS)})\b(?:\s+\d+)?)",
    _FLAGS,
)
_SERIAL = re.compile(r"\d{5}(?:\.0*)?", re.ASCII)
NOT_YET = frozenset({"", "na", "n/a", "tbc", "tba", "tbd", "none", "pending", "unknown", "notknown", "no"})


def parse_date(cell: Cell, *, date_1904: bool = False) -> tuple[dt.date | None, Fault | None]:
    """Return the cell as a date, None for an empty one; with a fault if it can be read but should be corrected.

    `date_1904` means that the workbook counts its days from 1904. Raises Unreadable for anything but a British date, an
    ISO date, or a number with which Excel stores one.
    """
    if isinstance(cell, dt.date):
        return _in_range(cell.date() if isinstance(cell, dt.datetime) else cell), None
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _date_of_serial(cell, date_1904)
    if isinstance(cell, str):
        text = cleaned(cell)
        if not text:
            return None, None
        return _date_of_serial(float(text), date_1904) if _SERIAL.fullmatch(text) else (_date_of_text(text), None)
    refuse_without_value(cell)
    if isinstance(cell, dt.time):
        raise _no_date("holds a time of day without a date")
    raise _no_date("does not hold a date")


def _date_of_serial(number: float, date_1904: bool) -> tuple[dt.date, Fault]:
    epoch = EPOCH[date_1904]
    if not (_SERIAL_FROM - epoch).days <= number < (_SERIAL_TO - epoch).days + 1:
        raise _no_date("holds a number that is not a date")
    day = epoch + dt.timedelta(days=int(number))
    predicate = f"holds the plain number {int(number)}, which is how Excel stores {day:%d/%m/%Y}"
    unquoted = "holds a plain number instead of a date"
    return day, Fault("date-as-number", predicate, unquoted, "Format the cell as a date.", blocking=False)


def _date_of_text(text: str) -> dt.date:
    if match := _BRITISH.fullmatch(text):
        day, _, month, year = match.groups()
        return _checked(text, year, int(month), int(day))
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
        return _checked(text, year, int(month), int(day))
    if match := _WORDS.fullmatch(text):
        weekday, day, name, year = match.groups()
        month = _MONTH_NUMBERS.get(name.casefold())
        weekday_number = _WEEKDAY_NUMBERS.get(weekday.casefold()) if weekday else None
        if month and (not weekday or weekday_number is not None):
            date = _checked(text, year, month, int(day))
            if weekday and date.weekday() != weekday_number:
                raise _no_date(f"is a {date:%A}", text)
            return date
    if plain(text) in NOT_YET or not any(map(str.isalnum, text)):
        raise _no_date("is not a date", text, remedy="Leave the cell empty until there is one.")
    words, dates = _DATE_WITHIN.subn("", text)
    if dates == 1 and any(map(str.isalpha, words)):
        reason = "holds a date and other words"
        remedy = "To keep both, leave only the date here, with its year, and move the words to a comment or a column."
        raise Unreadable(Fault("unreadable-date", reason, reason, remedy))
    raise _no_date("is not a date", text)


def _checked(text: str, year: str, month: int, day: int) -> dt.date:
    if len(year) == 2:
        remedy = "Type all four figures of the year, for example 05/11/2026."
        raise _no_date("has a year of two figures", text, remedy=remedy)
    try:
        date = dt.date(int(year), month, day)
    except ValueError:
        reason = "has no such month (the day comes first)" if month > 12 >= day else "is not a day of the calendar"
        raise _no_date(reason, text) from None
    return _in_range(date, text)


def _in_range(date: dt.date, text: str | None = None) -> dt.date:
    if not _FIRST_YEAR <= date.year <= _LAST_YEAR:
        raise _no_date(f"has the year {date.year}, which cannot be right", text or f"{date:%d/%m/%Y}")
    return date


def _no_date(reason: str, text: str | None = None, *, remedy: str = EXAMPLE) -> Unreadable:
    if text is None:
        return Unreadable(Fault("unreadable-date", reason, reason, remedy))
    unquoted = "does not hold a date that can be read"
    predicate = f"holds “{text}”, which {reason}" if quotable(text) else unquoted
    return Unreadable(Fault("unreadable-date", predicate, unquoted, remedy))
