"""Numbers that may be passed on: counts of 1 to 4 are suppressed and all others rounded to the nearest 5.

This is what the Department for Education does in its statistics of serious incident notifications.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tracker_schema.evidence.timeliness import Line, Timeliness

SMALLEST_SHOWN = 5
_ROUNDED_TO = 5


def suppress_small_counts(found: Timeliness) -> Timeliness:
    """Return the same with rounded counts, and None for those that are suppressed.

    A total is rounded from the true total. A share is suppressed with any of its counts, and so is a median with the
    number of notifications.
    """
    return replace(
        found,
        lines=tuple(map(_line, found.lines)),
        total=_line(found.total),
        reasons=_counts(found.reasons),
        late_steps=_counts(found.late_steps),
    )


def rounded(count: int | None) -> int | None:
    """Return the count rounded to the nearest 5, or None for 1 to 4; 0 stays 0."""
    if count is None or 0 < count < SMALLEST_SHOWN:
        return None
    return (count + _ROUNDED_TO // 2) // _ROUNDED_TO * _ROUNDED_TO


def _line(line: Line) -> Line:
    made, within, late = rounded(line.made), rounded(line.within), rounded(line.late)
    return Line(
        line.label,
        made,
        within,
        late,
        share=None if None in (made, within, late) else line.share,
        median_days=line.median_days if made else None,
        not_made=rounded(line.not_made),
    )


def _counts(counts: Mapping[str, int | None]) -> dict[str, int | None]:
    # Suppressed counts come last in the order of the alphabet, which says nothing about them.
    shown = {name: rounded(count) for name, count in counts.items()}
    return dict(sorted(shown.items(), key=lambda item: (item[1] is None, -(item[1] or 0), item[0])))
