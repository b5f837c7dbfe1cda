"""Where each day stands on a line: days apart as time goes, but a long time in which nothing happens drawn shorter."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

# No stretch without a date in it is drawn longer than so many days.
LONGEST = 14


@dataclass(frozen=True)
class DayScale:
    """A line from `left` to `right` (in any unit) on which all of `days` stand; the days differ and are in order."""

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
        """Where the day stands; one before or after all of them stands at the end."""
        after = bisect.bisect_left(self.days, day)
        if after in (0, len(self.days)):
            return self._places[min(after, len(self.days) - 1)]
        first, last = self.days[after - 1], self.days[after]
        share = (day - first).days / (last - first).days
        return self._places[after - 1] + share * (self._places[after] - self._places[after - 1])

    @cached_property
    def shortened(self) -> tuple[tuple[float, float], ...]:
        """The stretches that are drawn shorter than they are, as their beginnings and ends."""
        return tuple(
            (self._places[number], self._places[number + 1])
            for number, (before, after) in enumerate(pairwise(self.days))
            if (after - before).days > LONGEST
        )

    def ticks(self, wanted: Iterable[dt.date], apart: float) -> list[dt.date]:
        """Those of `wanted` that stand at least `apart` from each other; the earlier in the order goes first."""
        chosen: list[dt.date] = []
        for day in wanted:
            if all(abs(self.place(day) - self.place(other)) >= apart for other in chosen):
                chosen.append(day)
        return sorted(chosen)


def day_scale(days: Iterable[dt.date], left: float, right: float) -> DayScale:
    """The scale for those days, of which there has to be one at least."""
    return DayScale(tuple(sorted(set(days))), left, right)
