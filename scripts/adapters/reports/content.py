"""The sentences of the timeliness report and the rows of its tables, the same in Excel and in Word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker_schema.evidence.disclosure import SMALLEST_SHOWN
from tracker_schema.evidence.quarters import Quarter
from tracker_schema.evidence.timeliness import Counts, Timeliness
from tracker_schema.wording import MONTHS, counted, long_date

TITLE = "Timeliness of notifications"
# The council in a report whose settings have no name.
UNNAMED = "The council"
SUPPRESSED = "c"
NOTHING = "–"
REASON, NUMBER = "Reason", "Number"

TRUE_NUMBERS = "True numbers; only for people who may see the tracker."
PUBLISHED_NUMBERS = "Rounded to the nearest 5; counts of 1 to 4 are suppressed."

Cell = int | float | str

_NOTES = (
    "The numbers are from the critical incident tracker on {day}.",
    "A notification is counted in the quarter in which it was made.",
    "One that is still overdue is counted in the quarter of its deadline.",
    "A death notified to both the Panel and Ofsted is counted once, because one form serves both.",
    "An incident is counted once, however many children it concerns.",
    "Working days are Monday to Friday without the bank holidays of England and Wales.",
    "They are counted from the day on which the council became aware, which is day 0.",
    "A notification is counted only if its date and, when it has a limit, the day of awareness can be read.",
)
_TRUE_NOTES = (
    "These are true numbers, and a small one may identify a child.",
    "Do not pass them on. Make a report with --publish instead.",
)
_PUBLISHED_NOTES = (
    "Counts are rounded to the nearest 5, as in the Department for Education’s own statistics.",
    "{suppressed} means 1 to {most}: such a count is suppressed. 0 means none.",
    "A percentage is suppressed if one of its counts is. The others are worked out from unrounded counts.",
    "Totals are rounded from the unrounded total, so the numbers above may not add up to them.",
)


@dataclass(frozen=True)
class Report:
    """A timeliness report.

    council: the council's name
    marking: the protective marking, or ""
    first, last: its first and last quarter
    as_of: the day on which it was made
    types: the numbers of each type of notification
    published: the numbers are rounded and suppressed, so that they may be passed on
    """

    council: str
    marking: str
    first: Quarter
    last: Quarter
    as_of: dt.date
    types: Sequence[Timeliness]
    published: bool

    @property
    def numbers(self) -> str:
        """The sentence on who may see the numbers."""
        return PUBLISHED_NUMBERS if self.published else TRUE_NUMBERS

    @property
    def period(self) -> str:
        """The period, such as “1 April 2026 to 30 September 2026”."""
        return f"{_day(self.first.first)} to {_day(self.last.last)}"

    @property
    def file_stem(self) -> str:
        """The name of its files, without their ending."""
        period = f"Timeliness {self.first.first:%Y-%m} to {self.last.last:%Y-%m}"
        return f"{period}, to publish" if self.published else f"{period}, true numbers"


def _day(day: dt.date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def headline(found: Timeliness, *, published: bool) -> str:
    """Return the result of the whole period in one or two sentences."""
    total, about = found.total, "About " if published else ""
    if total.made == 0:
        return "None were made."
    if total.made is None:
        return f"Fewer than {SMALLEST_SHOWN} were made."
    made = f"{about}{counted(total.made, 'was', 'were')} made"
    if found.limit is None:
        return f"{made}. The procedure sets no time limit for them."
    if total.share is None:
        return f"{made}. The share within {found.limit} is suppressed."
    share = in_words(_whole_percent(total.share))
    return f"{made}, {about.lower()}{total.within:,} of them ({share}) within {found.limit}."


def headings(found: Timeliness) -> list[str]:
    """Return the headings of the table of quarters."""
    if found.limit is None:
        return ["Quarter", "Made", "Median working days"]
    return [
        "Quarter",
        "Made",
        f"Within {found.limit}",
        "Late",
        "Share within the limit",
        "Median working days",
        "Still overdue",
    ]


def rows(found: Timeliness) -> Iterator[list[Cell]]:
    """Yield the rows of the table of quarters, the total last: numbers, shares from 0 to 1, and words."""
    for line in (*found.lines, found.total):
        median = NOTHING if line.made == 0 else _shown(line.median_days)
        if found.limit is None:
            yield [line.label, _shown(line.made), median]
        else:
            share = NOTHING if line.made == 0 else _shown(None if line.share is None else _whole_percent(line.share))
            yield [
                line.label,
                _shown(line.made),
                _shown(line.within),
                _shown(line.late),
                share,
                median,
                _shown(line.not_made),
            ]


def reason_tables(found: Timeliness) -> Iterator[tuple[str, list[list[Cell]]]]:
    """Yield the title and the rows of each table on why notifications were late; none when none was late."""
    for title, counts in (("Reasons for lateness", found.reasons), ("First late step", found.late_steps)):
        if counts:
            yield title, _reason_rows(counts)


def _reason_rows(counts: Counts) -> list[list[Cell]]:
    return [[name, _shown(count)] for name, count in counts.items()]


def notes(report: Report) -> list[str]:
    """Return how to read the report, a sentence or two each."""
    last = _PUBLISHED_NOTES if report.published else _TRUE_NOTES
    return [
        note.format(day=long_date(report.as_of), suppressed=SUPPRESSED, most=SMALLEST_SHOWN - 1)
        for note in (*_NOTES, *last)
    ]


def in_words(cell: Cell) -> str:
    """Return a cell of `rows` as text, a share as a percentage."""
    if isinstance(cell, float):
        return f"{cell:.0%}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def _whole_percent(share: float) -> float:
    """Return the share rounded down to a hundredth, so that only all of them are 100%."""
    return int(share * 100 + 1e-9) / 100


def _shown(number: float | None) -> Cell:
    return SUPPRESSED if number is None else number
