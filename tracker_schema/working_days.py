"""Working days: Monday to Friday less the bank holidays of England and Wales, and council closure days if asked.

Day 0 is the day counted from, so day 1 is the next working day, also when day 0 is itself no working day.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
import numpy.typing as npt

from tracker_schema.errors import SchemaError

Days = npt.NDArray[np.datetime64]

ONE_DAY = np.timedelta64(1, "D")


class OutsideCalendar(ValueError):
    """A day for which the bank holidays are not known; the message names it and the remedy."""


class WorkingDays:
    """A calendar of working days that refuses what its bank holidays do not cover.

    `holidays` maps each bank holiday to its name, `closures` are further days on which the council is
    closed, `taken` is the day on which the list of bank holidays was taken from GOV.UK.
    """

    def __init__(
        self, holidays: Mapping[dt.date, str], closures: Collection[dt.date] = (), taken: dt.date | None = None
    ) -> None:
        self.holidays = dict(holidays)
        self.closures = frozenset(closures)
        self.taken = taken
        self.first = dt.date(min(holidays).year, 1, 1)
        self.last = dt.date(max(holidays).year, 12, 31)
        self._calendar = np.busdaycalendar(holidays=np.array([*holidays, *closures], dtype="datetime64[D]"))

    def closed_on(self, closures: Collection[dt.date]) -> WorkingDays:
        """The same calendar with `closures` counted as no working days."""
        return WorkingDays(self.holidays, closures, self.taken)

    def covers(self, days: Days) -> npt.NDArray[np.bool_]:
        """Which of `days` (datetime64[D]) lie within the years whose bank holidays are known; NaT does not."""
        return (days >= np.datetime64(self.first)) & (days <= np.datetime64(self.last))

    def require(self, day: dt.date, what: str) -> None:
        """Nothing; raises OutsideCalendar, naming `what` the day is, when the bank holidays do not reach it."""
        if not self.first <= day <= self.last:
            raise OutsideCalendar(
                f"{what} {day:%d/%m/%Y} is outside the bank holidays known, {self.first.year} to {self.last.year}; "
                "correct the date, or put GOV.UK's newer list in tracker_schema/bank_holidays.json"
            )

    def due(self, anchors: Days, length: int, *, count_from: int = 0) -> Days:
        """The `length`-th working day after each anchor; NaT where the anchor or that day is not covered.

        `anchors` is datetime64[D]. With `count_from=1` the anchor day is itself day 1, working day or not.
        """
        ahead = np.timedelta64(length - count_from, "D")
        anchored = np.where(self.covers(anchors), anchors, np.datetime64("NaT", "D"))
        # A day off counts from there all the same: rolling back to the working day before it and going on from
        # that one lands where plain counting does. (Rolling forward, numpy's other choice, is one day late.)
        due = np.busday_offset(anchored, ahead, roll="backward", busdaycal=self._calendar) if ahead else anchored
        return np.where(self.covers(due), due, np.datetime64("NaT", "D"))

    def left(self, today: dt.date, due: Days) -> npt.NDArray[np.int64]:
        """Working days after `today` up to and including each `due` day (datetime64[D], covered).

        For a day that is past: minus the working days after it up to and including today; so 0 on the Saturday
        after a Friday. Of NaT it is 0. Raises OutsideCalendar when `today` is not covered.
        """
        self.require(today, "The day to work out the clocks for,")
        now = np.datetime64(today)
        return self.between(np.full(due.shape, now), np.where(np.isnat(due), now, due))

    def between(self, starts: Days, ends: Days) -> npt.NDArray[np.int64]:
        """Working days after each start up to and including each end (both datetime64[D], covered and dated).

        Where the end comes first: minus the working days after it up to and including the start.
        """
        # numpy counts the other end when the two are swapped, so the earlier one always goes first.
        earlier, later = np.minimum(starts, ends), np.maximum(starts, ends)
        days = np.busday_count(earlier + ONE_DAY, later + ONE_DAY, busdaycal=self._calendar)
        return np.where(ends < starts, -days, days)

    def add(self, start: dt.date, days: int) -> dt.date:
        """The `days`-th working day after `start`, or before it when `days` is below zero.

        Raises OutsideCalendar when either end is not covered.
        """
        self.require(start, "The day to count from,")
        roll: Literal["backward", "forward"] = "backward" if days > 0 else "forward"
        found = np.busday_offset(np.datetime64(start), np.timedelta64(days, "D"), roll=roll, busdaycal=self._calendar)
        end = dt.date.fromisoformat(str(found))
        self.require(end, "The day counted to,")
        return end

    def is_working_day(self, day: dt.date) -> bool:
        """Whether work is done on `day`. Raises OutsideCalendar when it is not covered."""
        return self.day_off(day) is None

    def day_off(self, day: dt.date) -> str | None:
        """Why `day` is no working day: the bank holiday's name, “council closed” or “weekend”; None when it is one.

        Raises OutsideCalendar when it is not covered.
        """
        self.require(day, "The day")
        if day in self.holidays:
            return self.holidays[day]
        if day.weekday() >= 5:
            return "weekend"
        return "council closed" if day in self.closures else None


def add_months(anchors: Days, months: int) -> Days:
    """The same day of the month `months` later for each anchor (datetime64[D]), or that month's last day.

    31 August and six months is 28 February, or 29 in a leap year.
    """
    month = anchors.astype("datetime64[M]")
    day_of_month = anchors - month.astype("datetime64[D]")
    target = month + np.timedelta64(months, "M")
    last_day = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - ONE_DAY
    moved: Days = np.minimum(target.astype("datetime64[D]") + day_of_month, last_day)
    return moved


def read_bank_holidays(text: str, name: str = "bank_holidays.json") -> WorkingDays:
    """The calendar of a file in GOV.UK's bank holidays format, England and Wales.

    `text` is its JSON; a key "taken" (YYYY-MM-DD) tells when it was taken. Raises SchemaError, naming the file,
    when it is not such a file.
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
        raise SchemaError(f"{name}: is not a bank holiday file as GOV.UK publishes it ({error!r})") from None
    if not holidays:
        raise SchemaError(f"{name}: has no bank holidays of England and Wales")
    return WorkingDays(holidays, taken=taken)


def _substitute(event: Mapping[str, str]) -> bool:
    return "substitute" in event.get("notes", "").casefold()


@cache
def england_and_wales() -> WorkingDays:
    """The calendar of bank_holidays.json. Raises SchemaError when that file is not in GOV.UK's format."""
    return read_bank_holidays(files(__package__).joinpath("bank_holidays.json").read_text("utf-8"))
