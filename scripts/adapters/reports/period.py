"""The quarters of a report."""

from __future__ import annotations

import datetime as dt

from tracker_schema.errors import UsageError
from tracker_schema.evidence.quarters import Quarter

_USUAL_QUARTERS = 4
_MOST_QUARTERS = 20


def chosen_quarters(first: dt.date | None, last: dt.date | None, as_of: dt.date) -> tuple[Quarter, Quarter]:
    """Return the first and the last quarter of the report.

    They begin on `first` and end on `last`; without these days they are the last four that were over on `as_of`.
    Raises UsageError when no quarter begins or ends on the day, or the period is in the future or too long.
    """
    current = Quarter.of(as_of)
    usual_end = Quarter.of(first).later(_USUAL_QUARTERS - 1) if first else current.later(-1)
    end = Quarter.of(last) if last else usual_end
    start = Quarter.of(first) if first else end.later(1 - _USUAL_QUARTERS)
    if first and first != start.first:
        raise UsageError(
            f"--from {first} is not the first day of a quarter.", f"Use {start.first} or {start.later(1).first}."
        )
    if last and last != end.last:
        raise UsageError(f"--to {last} is not the last day of a quarter.", f"Use {end.last} or {end.later(-1).last}.")
    if start > end:
        raise UsageError(f"--from {start.first} is after --to {end.last}.", "Swap the two days.")
    if end > current:
        raise UsageError(
            f"--to {end.last} is after the current quarter.", f"Use {current.last} or an earlier last day."
        )
    if end.later(1 - _MOST_QUARTERS) > start:
        raise UsageError(f"A report covers at most {_MOST_QUARTERS} quarters.", "Make two reports.")
    return start, end
