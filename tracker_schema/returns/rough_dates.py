"""The day from which an event in a chronology is sorted, from whatever an agency wrote as its date or period."""

from __future__ import annotations

import datetime as dt
import re

from tracker_schema.columns.dates import parse_date
from tracker_schema.columns.parsing import Unreadable, cleaned
from tracker_schema.wording import MONTHS

_FLAGS = re.IGNORECASE | re.ASCII
_NUMBERS = {name[:letters].lower(): number for number, name in enumerate(MONTHS, 1) for letters in (3, 9)}
_NUMBERS |= {"sept": 9, "spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_YEAR = r"((?:19|20)\d\d)"
_NAME = rf"({'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\.?"
# In this order, at the same place of the text the longer one counts.
_DAY = re.compile(rf"(?<!\d)(\d{{1,2}})\s*[./-]\s*(\d{{1,2}})\s*[./-]\s*({_YEAR}|\d\d)(?!\d)", _FLAGS)
_ISO = re.compile(rf"(?<!\d){_YEAR}-(\d\d)-(\d\d)(?!\d)", _FLAGS)
_DAY_NAMED = re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_NAME},?\s+{_YEAR}(?!\d)", _FLAGS)
_MONTH = re.compile(rf"(?<!\d)(0?[1-9]|1[0-2])\s*[./-]\s*{_YEAR}(?!\d)", _FLAGS)
_MONTH_NAMED = re.compile(rf"\b{_NAME}(?:\s+of)?,?\s+{_YEAR}(?!\d)", _FLAGS)
_ONLY_YEAR = re.compile(rf"(?<![\d/.-]){_YEAR}(?!\d)", _FLAGS)


def first_day(text: str) -> dt.date | None:
    """Return the day that the text names first, or the first day of the period that it names; None when it names none.

    It only sorts: a chronology shows the text itself. A year of two figures is of this century.
    """
    text = cleaned(text)
    try:
        day, doubtful = parse_date(text)
    except Unreadable:
        day, doubtful = None, None
    if day and not doubtful:
        return day
    found = [
        *((match.start(), -len(match[0]), _made(match[3], match[2], match[1])) for match in _DAY.finditer(text)),
        *((match.start(), -len(match[0]), _made(match[1], match[2], match[3])) for match in _ISO.finditer(text)),
        *((match.start(), -len(match[0]), _made(match[3], match[2], match[1])) for match in _DAY_NAMED.finditer(text)),
        *((match.start(), -len(match[0]), _made(match[2], match[1], "1")) for match in _MONTH.finditer(text)),
        *((match.start(), -len(match[0]), _made(match[2], match[1], "1")) for match in _MONTH_NAMED.finditer(text)),
        *((match.start(), -len(match[0]), _made(match[1], "1", "1")) for match in _ONLY_YEAR.finditer(text)),
    ]
    return min(found, key=lambda each: each[:2])[2] if found else None


def _made(year: str, month: str, day: str) -> dt.date | None:
    number = _NUMBERS.get(month.casefold()) or int(month)
    try:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
    except ValueError:
        return None
