"""The cases of the made-up logs, and columns that no tracker needs.

A `Log` is a workbook with the truth about it: which columns a person who knows the process would recognise.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.made_up_sample import sample
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.columns.schema import INCIDENTS

AS_OF = dt.date(2026, 11, 23)
Case = Mapping[str, Any]
Write = Callable[[Any], Any]


@dataclass(frozen=True)
class Col:
    """A column of a made-up log: its heading, the id of our column (None: none of ours), and its cells.

    `holds` is a column id whose value is written, or a function of the case; without it the cells are those of
    `is_`. `words` are this council's own for the choices, `write` changes each cell that is not empty.
    """

    heading: str
    is_: str | None
    holds: str | Callable[[Case], Any] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    write: Write | None = None

    def means(self, case: Case) -> Any:
        """Return the meaning of the cell in the row of `case`, in the words of a new tracker; None: it is empty."""
        source = self.holds or self.is_
        value = source(case) if callable(source) else case.get(source) if source else None
        return None if value == "" else value

    def cell(self, case: Case) -> Any:
        """Return the cell in the row of `case`."""
        value = self.means(case)
        if value is None:
            return None
        value = self.words.get(value, value) if isinstance(value, str) else value
        return self.write(value) if self.write else value


@dataclass
class Log:
    """A council's workbook and the truth about it: by sheet and column number, the id of the column or None."""

    name: str
    workbook: openpyxl.Workbook
    truth: dict[tuple[str, int], str | None] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    kind: str = "one row per incident"
    struck: Sequence[str] = ()
    filled: list[tuple[Sequence[Col], Sequence[Case]]] = field(default_factory=list)

    def saved(self) -> bytes:
        """Return the workbook's bytes."""
        file = io.BytesIO()
        self.workbook.save(file)
        return file.getvalue()

    def fill(self, sheet: Worksheet, columns: Sequence[Col], cases: Sequence[Case], row: int, first: int = 1) -> int:
        """Write the headings of `columns` in `row`, from column number `first` on, and the cases below.

        Gives the last row.
        """
        for number, column in enumerate(columns, first):
            sheet.cell(row, number, column.heading)
            if column.is_ or column.heading:
                self.truth[sheet.title, number] = column.is_
            for choice, word in column.words.items():
                if column.is_:
                    self.words.setdefault(column.is_, {})[word] = choice
            sheet.column_dimensions[get_column_letter(number)].width = 16
        self.filled.append((columns, cases))
        for position, case in enumerate(cases, row + 1):
            for number, column in enumerate(columns, first):
                value = column.cell(case)
                cell = sheet.cell(position, number, value)
                if isinstance(value, dt.date):
                    cell.number_format = "dd/mm/yyyy hh:mm" if isinstance(value, dt.datetime) else "dd/mm/yyyy"
        return row + len(cases)


_LETTERS = "ABCDEFGHJKLMNPRSTVWXYZ"
_TEXTS = (
    "Made up: found at home by a relative and taken to hospital, where fractures of different ages were seen.",
    "Made up: a fall from a window; the account given does not fit the injury.",
    "Made up: two weeks in intensive care after an overdose of a parent's medicine.",
    "Made up: unresponsive in the family home. Post-mortem awaited.",
    "Made up: stabbed in a park by a person not known to the family; two other children were present.",
)


def chance(*seed: object) -> random.Random:
    """Return random numbers that are the same on every run."""
    return random.Random(repr(seed))  # noqa: S311


@cache
def cases(number: int) -> tuple[Case, ...]:
    """Return this number of made-up cases, oldest first, with more varied texts and initials than the demonstration."""
    rng = chance(number)
    made: list[Case] = []
    for incident in sample(number, AS_OF, england_and_wales())[INCIDENTS]:
        case = dict(incident)
        case["initials"] = rng.choice(_LETTERS) + rng.choice(_LETTERS)
        case["child_id"] = str(rng.randrange(1_000_000, 1_999_999))
        case["summary"] = rng.choice(_TEXTS)
        case["ethnicity"] = rng.choice(["White British", "Mixed", "Pakistani", "Not stated", "Black African"])
        case["practitioner"] = rng.choice(["A. Practitioner", "B. Example", "C. Madeup", "D. Worker"])
        if isinstance(case["aware_date"], dt.date):
            case["position"] = len(made) + 1
        else:
            continue  # a case with mistakes in it is not tried here
        made.append(case)
    return tuple(made)


# Columns that no tracker needs


def text(*texts: str) -> Callable[[Case], str]:
    """Return a function that gives one of `texts`, the same for a case on every run."""
    return lambda case: chance(case["reference"], texts).choice(texts)


def after(column: str, days: int) -> Callable[[Case], dt.date | None]:
    """Return a function that gives the date so many `days` after that of `column`."""
    return lambda case: case[column] + dt.timedelta(days=days) if isinstance(case.get(column), dt.date) else None


def number(start: int, end: int) -> Callable[[Case], int]:
    """Return a function that gives a number between the two."""
    return lambda case: chance(case["reference"], start, end).randrange(start, end)


def age(case: Case) -> int | None:
    """Return the child's age in years."""
    return (
        (case["aware_date"] - case["date_of_birth"]).days // 365
        if isinstance(case.get("date_of_birth"), dt.date)
        else None
    )


# How cells are written


def day_first(value: Any) -> Any:
    """Return a date as text, the day first."""
    return value if isinstance(value, str) else f"{value:%d/%m/%Y}"


def at_a_time(value: Any) -> Any:
    """Return a date with a time of day."""
    return value if isinstance(value, str) else dt.datetime.combine(value, dt.time(9 + value.day % 8, value.day % 60))


def iso(value: Any) -> Any:
    """Return a date as text, the year first, as in an exported list."""
    return value if isinstance(value, str) else value.isoformat()
