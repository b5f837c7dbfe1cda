"""A line of time on which days are evenly spaced, except that a long time without a date is drawn shorter."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

# A stretch without a date is drawn at most as long as this many days.
LONGEST = 14


@dataclass(frozen=True)
class DayScale:
    """A line of time.

    days: the dates on it, each once and in order
    left, right: where the line begins and ends, in any unit
    """

    days: tuple[dt.date, ...]
    left: float
    right: float

    @cached_property
    def _places(self) -> tuple[float, ...]:
        reached = [0]
        for before, after in pairwise(self.days):
            reached.append(reached[-1] + min((after - before).days, LONGEST))
        unit = (self.right - self.left) / (reached[-1] or 1)
        return tuple(self.left + place * unit for place in reached)

    def place(self, day: dt.date) -> float:
        """Return the position of the day; a day outside the line is at its nearer end."""
        after = bisect.bisect_left(self.days, day)
        if after in (0, len(self.days)):
            return self._places[min(after, len(self.days) - 1)]
        first, last = self.days[after - 1], self.days[after]
        share = (day - first).days / (last - first).days
        return self._places[after - 1] + share * (self._places[after] - self._places[after - 1])

    @cached_property
    def shortened(self) -> tuple[tuple[float, float], ...]:
        """Return the beginning and end of each stretch that is drawn shorter."""
        return tuple(
            (self._places[number], self._places[number + 1])
            for number, (before, after) in enumerate(pairwise(self.days))
            if (after - before).days > LONGEST
        )

    def ticks(self, wanted: Iterable[dt.date], apart: float) -> list[dt.date]:
        """Return those of `wanted`, in order of date, that are at least `apart` from each other.

        Where two are closer, the first of them in `wanted` is kept.
        """
        chosen: list[dt.date] = []
        for day in wanted:
            if all(abs(self.place(day) - self.place(other)) >= apart for other in chosen):
                chosen.append(day)
        return sorted(chosen)


def day_scale(days: Iterable[dt.date], left: float, right: float) -> DayScale:
    """Return the scale for `days`, of which there must be at least one."""
    return DayScale(tuple(sorted(set(days))), left, right)
