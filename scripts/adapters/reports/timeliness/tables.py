"""What the timeliness report says, in words and rows, whether they end up in Excel or in Word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker_schema.evidence.fit_to_tell import Counts, Line
from tracker_schema.evidence.suppression import FEWEST
from tracker_schema.evidence.timeliness import Quarter, Timeliness
from tracker_schema.wording import counted, long_date

KEPT_BACK = "[c]"
NOTHING = "–"
REASON, NUMBER = "Reason", "Number"

Cell = int | float | str

_NOTES = (
    "Worked out from the critical incident tracker as it stood on {day}.",
    "A notification belongs to the quarter in which it was made.",
    "One that is overdue and not made belongs to the quarter of its deadline.",
    "A death told to both the Panel and Ofsted counts once: one form serves both.",
    "An incident counts once, however many children it concerns.",
    "Working days are Monday to Friday without the bank holidays of England and Wales.",
    "They are counted from the day the council became aware, which is day 0.",
    "A notification is counted when its own date and, where there is a limit, the day of awareness can be read.",
    "{kept_back} stands for a number kept back: it is from 1 to {most}, or would let such a number be worked out.",
    "{nothing} stands where there is nothing to tell, or where fewer than {few} are too few to tell it of.",
    "Pass on one report of each quarter, when it is over: two whose periods overlap may tell by their difference.",
)


@dataclass(frozen=True)
class Report:
    """Everything a report is made from: the council's name and marking, the quarters from `first` to `last`, the day it
    was made as on, and what was found for each notification type.
    """

    council: str
    marking: str
    first: Quarter
    last: Quarter
    as_of: dt.date
    types: Sequence[Timeliness]

    @property
    def title(self) -> str:
        """What stands on top of it."""
        return "Timeliness of notifications"

    @property
    def marked_title(self) -> str:
        """The title behind the marking, where there is one."""
        return f"{self.marking}: {self.title}" if self.marking else self.title

    @property
    def period(self) -> str:
        """The time it covers, such as “1 April 2026 to 30 September 2026”."""
        return f"{_day(self.first.first)} to {_day(self.last.last)}"

    @property
    def file_stem(self) -> str:
        """The name of its files, without their ending."""
        return f"Timeliness {self.first.first:%Y-%m} to {self.last.last:%Y-%m}"


def _day(day: dt.date) -> str:
    return long_date(day).partition(" ")[2]


def headline(found: Timeliness) -> str:
    """How the type did in the whole period, in one sentence."""
    total = found.total
    if total.made == 0:
        return "None was made."
    if total.made is None:
        return "Too few were made for their number to be shown."
    made = f"{counted(total.made, 'was', 'were')} made"
    if found.limit is None:
        return f"{made}. The procedure sets no time limit for them."
    if total.share is not None:
        return f"{made}, {total.within:,} of them ({_percent(total.share)}) within {found.limit}."
    if total.at_least is not None:
        return f"{made}, at least {_percent(total.at_least)} of them within {found.limit}."
    return f"{made}. How many were within {found.limit} is not shown, because one of the numbers is under {FEWEST}."


def headings(found: Timeliness) -> list[str]:
    """The headings of the type's table."""
    if found.limit is None:
        return ["Quarter", "Made", "Half made within (working days)"]
    return [
        "Quarter",
        "Made",
        f"Within {found.limit}",
        "Late",
        "Share within the limit",
        "Half made within (working days)",
        "Overdue, not made",
    ]


def rows(found: Timeliness) -> Iterator[list[Cell]]:
    """The rows of the type's table, the total last: numbers, shares from 0 to 1, and words."""
    for line in (*found.lines, found.total):
        half = _shown(line.half_by, none=KEPT_BACK if _keeps_half_by(line, found) else NOTHING)
        if found.limit is None:
            yield [line.label, _shown(line.made), half]
        else:
            yield [
                line.label,
                _shown(line.made),
                _shown(line.within),
                _shown(line.late),
                _share(line),
                half,
                _shown(line.not_made),
            ]


def _keeps_half_by(line: Line, found: Timeliness) -> bool:
    """Whether the working days within which half were made are kept back, not only too few to tell of."""
    return line.made is None or (found.limit is not None and line.made >= FEWEST)


def in_words(cell: Cell) -> str:
    """A cell of `rows` as it is read: a share in per cent."""
    if isinstance(cell, float):
        return _percent(cell)
    return f"{cell:,}" if isinstance(cell, int) else cell


def explanations(found: Timeliness) -> Iterator[tuple[str, Counts]]:
    """What is told of why notifications were late, under its title; nothing where none was, or all is kept back."""
    for title, counts in (("Why they were late", found.reasons), ("What was late before them", found.stages)):
        if counts:
            yield title, counts


def reasons(counts: Counts) -> Iterator[list[Cell]]:
    """A row for each reason with its number."""
    for reason, count in counts.items():
        yield [reason, _shown(count)]


def notes(report: Report) -> list[str]:
    """How to read the report, a sentence or two each."""
    return [
        note.format(day=long_date(report.as_of), kept_back=KEPT_BACK, nothing=NOTHING, few=FEWEST, most=FEWEST - 1)
        for note in _NOTES
    ]


def _share(line: Line) -> Cell:
    if line.share is not None:
        return line.share
    if line.at_least is not None:
        return f"{_percent(line.at_least)} or more"
    return NOTHING if line.made == 0 else KEPT_BACK


def whole_percent(share: float) -> float:
    """The share rounded down to a hundredth, so that nothing short of all is 100 %."""
    return int(share * 100 + 1e-9) / 100


def _percent(share: float) -> str:
    return f"{whole_percent(share):.0%}"


def _shown(count: int | None, none: str = KEPT_BACK) -> Cell:
    return none if count is None else count
