"""The age bands of the national statistics, and one for care leavers."""

from __future__ import annotations

from tracker_schema.calendar.working_days import age_on
from tracker_schema.evidence.columns import evidence_columns
from tracker_schema.layouts.record import Record

# The first age above the band.
_AGE_BANDS = (
    (0, "Unborn"),
    (1, "Under 1"),
    (6, "1 to 5"),
    (11, "6 to 10"),
    (16, "11 to 15"),
    (18, "16 and 17"),
    (25, "18 to 24"),
)
_OLDER = "25 or over"


def age_band(child: Record) -> str | None:
    """Return the band of the child's age on the day of the incident, or when that is blank, of awareness.

    None when the date of birth or both of these days are not known.
    """
    columns = evidence_columns()
    born = child.date(columns.born)
    day = next((day for column in columns.age_on if (day := child.date(column))), None)
    if born is None or day is None:
        return None
    age = age_on(born, day)
    return next((band for below, band in _AGE_BANDS if age < below), _OLDER)
