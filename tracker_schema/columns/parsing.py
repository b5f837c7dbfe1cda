"""The cells of a workbook, and their text.

A cell is a str, float, bool, datetime.date, datetime.datetime, datetime.time or datetime.timedelta; "" when it is
empty; an `ErrorValue` or `NO_RESULT` where Excel has no value to give; and a `Disagreement` where several cells hold
different values of one fact.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from dataclasses import dataclass
from typing import Any

Cell = Any

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")


class NoResult(enum.Enum):
    """A cell whose formula has no stored result."""

    NO_RESULT = enum.auto()


NO_RESULT = NoResult.NO_RESULT


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell in which Excel shows an error, such as #REF!."""

    text: str


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date in a cell of a text column: the day, and the text that Excel shows for it."""

    day: dt.date
    text: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """In place of a cell: several cells hold different values of one fact. `cells` are their addresses."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell.

    code: the code of the problem
    predicate: what is wrong: the sentence after the column's heading, without its full stop
    unquoted: the same without a word of the cell, for columns that are personal
    remedy: what to do about it, a sentence
    blocking: the cell has no value that can be used
    """

    code: str
    predicate: str
    unquoted: str
    remedy: str
    blocking: bool = True


class Unreadable(Exception):
    """A cell cannot be read, because of `fault`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def is_blank(cell: Cell) -> bool:
    """Return True if a cell holds nothing, or nothing but spaces."""
    return isinstance(cell, str) and not cell.strip()


def cleaned(text: str) -> str:
    """Return `text` without invisible characters, with one ordinary space between words."""
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())


def parse_text(cell: Cell) -> tuple[str | None, Fault | None]:
    """Return the cell as cleaned text, None for an empty one. Raises Unreadable for a cell without a value."""
    if isinstance(cell, str):
        return cleaned(cell) or None, None
    refuse_without_value(cell)
    if isinstance(cell, ShownDate):
        return cell.text, None
    if isinstance(cell, float):
        return (str(int(cell)) if cell.is_integer() else repr(cell)), None
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}", None
    return str(cell), None


def parse_reference(cell: Cell) -> tuple[str | None, Fault | None]:
    """Return the cell as `parse_text` does, with a fault when it holds a date: Excel makes dates of some references."""
    text, fault = parse_text(cell)
    if isinstance(cell, dt.date | ShownDate):
        day = cell.day if isinstance(cell, ShownDate) else cell
        predicate = f"holds the date {day:%d/%m/%Y}, which Excel shows as “{text}”, and no reference"
        remedy = "Format the cell as Text, and type the reference again: Excel makes dates of references such as 3/26."
        fault = Fault("reference-is-date", predicate, "holds a date and no reference", remedy, blocking=False)
    return text, fault


def refuse_without_value(cell: Cell) -> None:
    """Raise Unreadable for a cell in which Excel has no value, or for a Disagreement."""
    if isinstance(cell, ErrorValue):
        predicate = f"shows the Excel error {cell.text}"
        raise Unreadable(Fault("excel-error", predicate, predicate, "Correct the formula, or type the value."))
    if isinstance(cell, Disagreement):
        predicate = f"is not the same in {' and '.join(cell.cells)}, which are about one incident"
        raise Unreadable(Fault("rows-disagree", predicate, predicate, "Correct the wrong one."))
    if cell is NO_RESULT:
        predicate = "holds a formula without a stored result"
        remedy = "Open the tracker in Excel and save it."
        raise Unreadable(Fault("formula-without-result", predicate, predicate, remedy))
