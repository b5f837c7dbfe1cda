"""Working days: Monday to Friday less the bank holidays of England and Wales, and council closure days if asked.

Day 0 is the day counted from, so day 1 is the next working day, even when day 0 is not a working day itself.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

from tracker_schema.errors import SchemaError, UsageError


class OutsideCalendar(UsageError):
    """The bank holidays of a day are not known."""


class WorkingDays:
    """A calendar of working days, for the years whose bank holidays are known.

    holidays    each bank holiday with its name
    closures    further days on which the council is closed
    taken       the day on which the list of bank holidays was taken from GOV.UK, None when that is not known
    first       the first day that the calendar covers
    last        the last day that it covers
    """

    def __init__(
        self, holidays: Mapping[dt.date, str], closures: Collection[dt.date] = (), taken: dt.date | None = None
    ) -> None:
        self.holidays = dict(holidays)
        self.closures = frozenset(closures)
        self.taken = taken
        self.first = dt.date(min(holidays).year, 1, 1)
        self.last = dt.date(max(holidays).year, 12, 31)
        # Every working day in order, and for each day covered how many of them there are up to and including it.
        self._working_days: list[dt.date] = []
        self._counts: list[int] = []
        self._day_zero = self.first.toordinal()
        for ordinal in range(self._day_zero, self.last.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            if day.weekday() < 5 and day not in self.holidays and day not in self.closures:
                self._working_days.append(day)
            self._counts.append(len(self._working_days))

    def with_closures(self, closures: Collection[dt.date]) -> WorkingDays:
        """Return the same calendar in which `closures` are not working days."""
        return WorkingDays(self.holidays, closures, self.taken)

    def covers(self, day: dt.date) -> bool:
        """Return whether the bank holidays of the day's year are known."""
        return self.first <= day <= self.last

    def require(self, day: dt.date, what: str) -> None:
        """Raise OutsideCalendar, naming `what` the day is, when the calendar does not cover it."""
        if not self.covers(day):
            raise OutsideCalendar(
                f"{what} {day:%d/%m/%Y} is outside the years whose bank holidays are known, "
                f"{self.first.year} to {self.last.year}.",
                "Correct the date, or put GOV.UK's newer list in tracker_schema/calendar/bank_holidays.json.",
            )

    def due(self, anchor: dt.date, length: int, *, count_from: int = 0) -> dt.date | None:
        """Return the `length`-th working day after `anchor`; None when the calendar does not cover one of the two.

        With `count_from=1` the anchor is itself day 1, working day or not.
        """
        if not self.covers(anchor):
            return None
        ahead = length - count_from
        if ahead == 0:
            return anchor
        number = self._count(anchor) + ahead
        return self._working_days[number - 1] if number <= len(self._working_days) else None

    def between(self, start: dt.date, end: dt.date) -> int:
        """Return the number of working days after `start` up to and including `end`.

        When `end` comes first: minus the working days after it up to and including `start`. So from a Saturday back
        to the Friday before it is 0. Raises OutsideCalendar when the calendar does not cover one of the two.
        """
        self.require(start, "The day to count from,")
        self.require(end, "The day to count to,")
        return self._count(end) - self._count(start)

    def add(self, start: dt.date, days: int) -> dt.date:
        """Return the `days`-th working day after `start`, or before it when `days` is below zero.

        Raises OutsideCalendar when the calendar does not cover one of the two.
        """
        self.require(start, "The day to count from,")
        before = self._count(start) - (days < 0 and self.is_working_day(start))
        number = before + days - (days > 0)
        if not 0 <= number < len(self._working_days):
            self.require((self.first if days < 0 else self.last) + dt.timedelta(days=days), "The day counted to,")
        return self._working_days[number]

    def is_working_day(self, day: dt.date) -> bool:
        """Return whether people work on the day. Raises OutsideCalendar when the calendar does not cover it."""
        return self.day_off(day) is None

    def day_off(self, day: dt.date) -> str | None:
        """Return why `day` is not a working day: a bank holiday's name, “council closed” or “weekend”; else None.

        Raises OutsideCalendar when the calendar does not cover it.
        """
        self.require(day, "The day")
        if day in self.holidays:
            return self.holidays[day]
        if day.weekday() >= 5:
            return "weekend"
        return "council closed" if day in self.closures else None

    def _count(self, day: dt.date) -> int:
        return self._counts[day.toordinal() - self._day_zero]


def next_meeting(day: dt.date, weekday: int, days: WorkingDays) -> dt.date | None:
    """Return the first weekly meeting after `day`; None when the calendar does not cover it.

    The meeting is on `weekday` (Monday is 0), or on the next working day when that is a bank holiday.
    """
    if not days.covers(day):
        return None
    for ahead in range(-6, 15):
        usual = day + dt.timedelta(days=ahead)
        if usual.weekday() != weekday or not days.covers(usual):
            continue
        held = usual if days.is_working_day(usual) else days.due(usual, 1)
        if held is None or held > day:
            return held
    return None


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month `months` later, or the last day of that month.

    31 August and six months is 28 February, or 29 February in a leap year.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def age_on(born: dt.date, day: dt.date) -> int:
    """Return the age in years on `day`. Somebody born on 29 February has a birthday on 1 March in a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def read_bank_holidays(text: str, name: str = "bank_holidays.json") -> WorkingDays:
    """Return the calendar of a file in GOV.UK's bank holidays format, for England and Wales.

    `text` is its JSON; a key "taken" (YYYY-MM-DD) says when it was taken. Raises SchemaError, naming the file, when it
    is not such a file.
    """
    try:
        content = json.loads(text)
        events = content["england-and-wales"]["events"]
        holidays = {
            dt.date.fromisoformat(event["date"]): event["title"] + (" (substitute day)" if _substitute(event) else "")
            for event in events
        }
        taken = dt.date.fromisoformat(content["taken"]) if "taken" in content else None
    except (ValueError, KeyError, TypeError) as error:
        raise SchemaError(f"{name} is not a bank holiday file as GOV.UK publishes it ({error!r}).") from None
    if not holidays:
        raise SchemaError(f"{name} has no bank holidays of England and Wales.")
    return WorkingDays(holidays, taken=taken)


def _substitute(event: Mapping[str, str]) -> bool:
    return "substitute" in event.get("notes", "").casefold()


@cache
def england_and_wales() -> WorkingDays:
    """Return the calendar of bank_holidays.json. Raises SchemaError when that file is not in GOV.UK's format."""
    return read_bank_holidays(files(__package__).joinpath("bank_holidays.json").read_text("utf-8"))
