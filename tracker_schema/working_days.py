"""The calendar for the old engine: the plain one, which also takes numpy arrays. It goes when the old engine goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker_schema.calendar import working_days as plain
from tracker_schema.calendar.working_days import OutsideCalendar, age_on

__all__ = ["Days", "OutsideCalendar", "WorkingDays", "add_months", "age_on", "england_and_wales", "read_bank_holidays"]

Days = npt.NDArray[np.datetime64]

ONE_DAY = np.timedelta64(1, "D")


class WorkingDays(plain.WorkingDays):
    """The plain calendar; of arrays it answers with arrays."""

    @property
    def _calendar(self) -> np.busdaycalendar:
        return np.busdaycalendar(holidays=np.array([*self.holidays, *self.closures], dtype="datetime64[D]"))

    def with_closures(self, closures: Collection[dt.date]) -> WorkingDays:
        """As the plain one."""
        return WorkingDays(self.holidays, closures, self.taken)

    def closed_on(self, closures: Collection[dt.date]) -> WorkingDays:
        """As with_closures."""
        return self.with_closures(closures)

    def covers(self, days: Any) -> Any:
        """As the plain one."""
        if not isinstance(days, np.ndarray | np.datetime64):
            return super().covers(days)
        return (days >= np.datetime64(self.first)) & (days <= np.datetime64(self.last))

    def due(self, anchors: Any, length: int, *, count_from: int = 0) -> Any:
        """As the plain one."""
        if not isinstance(anchors, np.ndarray):
            return super().due(anchors, length, count_from=count_from)
        ahead = np.timedelta64(length - count_from, "D")
        anchored = np.where(self.covers(anchors), anchors, np.datetime64("NaT", "D"))
        due = np.busday_offset(anchored, ahead, roll="backward", busdaycal=self._calendar) if ahead else anchored
        return np.where(self.covers(due), due, np.datetime64("NaT", "D"))

    def left(self, today: dt.date, due: Days) -> npt.NDArray[np.int64]:
        """Working days after `today` up to and including each `due` day; 0 for NaT."""
        self.require(today, "The day to work out the clocks for,")
        now = np.datetime64(today)
        return self.between(np.full(due.shape, now), np.where(np.isnat(due), now, due))  # type: ignore[no-any-return]

    def between(self, starts: Any, ends: Any) -> Any:
        """As the plain one."""
        if not isinstance(starts, np.ndarray):
            return super().between(starts, ends)
        earlier, later = np.minimum(starts, ends), np.maximum(starts, ends)
        days = np.busday_count(earlier + ONE_DAY, later + ONE_DAY, busdaycal=self._calendar)
        return np.where(ends < starts, -days, days)


def add_months(anchors: Days, months: int) -> Days:
    """As the plain one, of arrays."""
    month = anchors.astype("datetime64[M]")
    day_of_month = anchors - month.astype("datetime64[D]")
    target = month + np.timedelta64(months, "M")
    last_day = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - ONE_DAY
    moved: Days = np.minimum(target.astype("datetime64[D]") + day_of_month, last_day)
    return moved


def read_bank_holidays(text: str, name: str = "bank_holidays.json") -> WorkingDays:
    """As the plain one."""
    read = plain.read_bank_holidays(text, name)
    return WorkingDays(read.holidays, taken=read.taken)


@cache
def england_and_wales() -> WorkingDays:
    """As the plain one."""
    read = plain.england_and_wales()
    return WorkingDays(read.holidays, taken=read.taken)
