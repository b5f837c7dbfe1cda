"""What Excel makes of text that is typed into a cell, in a United Kingdom locale."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_NUMBER = re.compile(r"([+-]?)£?(\d[\d,]*(?:\.\d*)?|\.\d+)(e[+-]?\d+)?(%?)", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_BRACKETS = re.compile(r"\((\d+(?:\.\d+)?)\)")
_FRACTION = re.compile(r"(\d+) (\d+)/(\d+)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_TIME = re.compile(r"(\d{1,2})(?::(\d\d))?(?::(\d\d))?(?: ?([ap])m)?", re.IGNORECASE)
_ERRORS = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}
_FIRST_DAY = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, its equals sign left out."""

    text: str


Typed = str | int | float | bool | dt.date | dt.datetime | Formula


def as_typed(text: str, today: dt.date) -> Typed:
    """Return what a cell of the format General holds after `text` was typed into it."""
    if text.startswith("'"):
        return text[1:]
    plain = text.strip()
    if plain.upper() in ("TRUE", "FALSE"):
        return plain.upper() == "TRUE"
    for reading in (_number, _moment):
        found = reading(plain, today)
        if found is not None:
            return found
    if plain[:1] in ("=", "+", "-", "@") and len(plain) > 1:
        return Formula(plain.lstrip("=@") if plain[0] in "=@" else plain.removeprefix("+"))
    return plain.upper() if plain.upper() in _ERRORS else text


def _number(text: str, today: dt.date) -> int | float | None:
    found = _NUMBER.fullmatch(text)
    if found:
        sign, digits, exponent, percent = found.groups()
        if "," in digits and not _GROUPED.fullmatch(digits):
            return None
        number = float(f"{sign}{digits.replace(',', '')}{exponent or ''}") / (100 if percent else 1)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if brackets := _BRACKETS.fullmatch(text):
        return _number(f"-{brackets[1]}", today)
    if (fraction := _FRACTION.fullmatch(text)) and int(fraction[3]):
        return int(fraction[1]) + int(fraction[2]) / int(fraction[3])
    return None


def _moment(text: str, today: dt.date) -> dt.date | dt.datetime | float | None:
    """Return a date, a date with a time, or a time of day alone as a fraction."""
    if only := _time(text):
        return only
    day, _, rest = text.rpartition(" ")
    clock = _time(rest)
    if clock is None and rest.lower() in ("am", "pm"):
        day, _, hour = day.rpartition(" ")
        clock = _time(f"{hour} {rest}")
    if clock is not None and (date := _date(day, today)):
        return dt.datetime.combine(date, dt.time()) + dt.timedelta(seconds=round(clock * 86_400))
    return _date(text, today)


def _time(text: str) -> float | None:
    found = _TIME.fullmatch(text)
    if not found or not (found[2] or found[4]):
        return None
    hour, minute, second = (int(found[part] or 0) for part in (1, 2, 3))
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    return (hour * 3600 + minute * 60 + second) / 86_400 if minute < 60 and second < 60 else None


def _date(text: str, today: dt.date) -> dt.date | None:
    """Day before month; a year of two digits is one from 1930 to 2029."""
    parts = [part for part in re.split(r"[ ,/-]+", text.lower()) if part]
    months = [_month(part) for part in parts]
    if any(months):
        at = next(index for index, month in enumerate(months) if month)
        numbers = parts[:at] + parts[at + 1 :]
        return _named(months[at] or 0, numbers, today)
    if not 2 <= len(parts) <= 3 or not re.fullmatch(r"\d{1,4}([/-]\d{1,4}){1,2}", text):
        return None
    if len(parts) == 3:
        year, month, day = parts if len(parts[0]) == 4 else reversed(parts)
        return _valid(_year(year), month, day)
    first, second = parts
    return _valid(today.year, second, first) or _valid(_year(second), first, "1")


def _named(month: int, numbers: list[str], today: dt.date) -> dt.date | None:
    if not all(number.isdigit() for number in numbers):
        return None
    if len(numbers) == 2:
        return _valid(_year(numbers[1]), str(month), numbers[0])
    if len(numbers) == 1:
        return _valid(today.year, str(month), numbers[0]) or _valid(_year(numbers[0]), str(month), "1")
    return None


def _month(part: str) -> int | None:
    if part in _MONTHS:
        return _MONTHS.index(part) + 1
    return _MONTH_NAMES.index(part) + 1 if part in _MONTH_NAMES else None


def _year(text: str) -> int:
    if not text.isdigit() or len(text) == 3:
        return 0
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < 30 else 1900)


def _valid(year: int, month: str, day: str) -> dt.date | None:
    try:
        found = dt.date(year, int(month), int(day))
    except ValueError:
        return None
    return found if found >= _FIRST_DAY else None
