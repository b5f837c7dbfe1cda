"""How dates and counts are written for people."""

from __future__ import annotations

import datetime as dt

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def long_date(day: dt.date) -> str:
    """The date in full, such as “Monday 30 November 2026”, whatever the computer's own language."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def medium_date(day: dt.date) -> str:
    """The date in short words, such as “Mon 30 Nov 2026”."""
    return f"{_DAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def day_and_month(day: dt.date) -> str:
    """The date without its weekday and year, such as “30 November”."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def near_date(day: dt.date, as_of: dt.date) -> str:
    """The date in short, such as “30 Nov”; with its year when it lies more than half a year from `as_of`."""
    year = "" if abs(day - as_of) < dt.timedelta(days=180) else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1][:3]}{year}"


def short_date(day: dt.date) -> str:
    """The date in figures, such as “30/11/2026”."""
    return f"{day:%d/%m/%Y}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """The number with its noun, such as “1 incident” or “1,200 incidents”."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def time_left(due: dt.date, left: int, as_of: dt.date) -> str:
    """How long there is until `due`, or how long it is past: `left` is the working days left, below zero when past."""
    if due == as_of:
        return "today"
    if due > as_of:
        return f"{counted(left, 'working day')} left"
    return f"{counted(-left, 'working day')} past" if left else "past"


def printable(text: str) -> str:
    """`text` on one line and without control characters, which could play tricks on a terminal or in a header."""
    return "".join(character if character.isprintable() else " " for character in text)


def shortened(text: str, most: int) -> str:
    """`text`, or its beginning and “…” where it has more than `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
