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
