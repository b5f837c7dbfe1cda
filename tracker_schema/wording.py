"""Dates, counts and suggestions in words, the same in every job."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def long_date(day: dt.date) -> str:
    """Return the date in full, such as “Monday 30 November 2026”, whatever the computer's own language."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def medium_date(day: dt.date) -> str:
    """Return the date in short words, such as “Mon 30 Nov 2026”."""
    return f"{DAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def day_and_month(day: dt.date) -> str:
    """Return the date without its weekday and year, such as “30 November”."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def near_date(day: dt.date, as_of: dt.date) -> str:
    """Return the date in short, such as “30 Nov”; with its year when it is more than half a year from `as_of`."""
    year = "" if abs(day - as_of) < dt.timedelta(days=180) else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1][:3]}{year}"


def short_date(day: dt.date) -> str:
    """Return the date in figures, such as “30/11/2026”."""
    return f"{day:%d/%m/%Y}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return the number with its noun, such as “1 incident” or “1,200 incidents”."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def sentence(text: str) -> str:
    """Return `text` with a capital as its first letter, for the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def time_left(due: dt.date, left: int, as_of: dt.date) -> str:
    """Return the time until `due` in words, or since it. `left` is in working days, and below zero when it is past."""
    if due == as_of:
        return "today"
    if due > as_of:
        return f"{counted(left, 'working day')} left"
    return f"{counted(-left, 'working day')} past" if left else "past"


def nearest(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """Return the one of `known` that somebody who wrote `word` probably meant; None when none is near.

    Capitals do not count. `likeness` is the ratio of difflib, from 0 to 1, below which two words are not near.
    """
    by_word = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(word.casefold(), by_word, 1, likeness)
    return by_word[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """Return a remedy such as “Did you mean “Police”?”; "" when none of `known` is near `word` (see `nearest`)."""
    near = nearest(word, known, likeness=likeness)
    return f"Did you mean “{near}”?" if near is not None else ""


def printable(text: str) -> str:
    """Return `text` on one line, without control characters, which could change a terminal or a mail header."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)


def shortened(text: str, most: int) -> str:
    """Return `text`, or its beginning and “…” where it has more than `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
