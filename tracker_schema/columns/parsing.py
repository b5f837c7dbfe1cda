"""The value of a cell: strict British dates, choices, texts. Nothing is guessed.

A column comes in as the workbook's own values: str, float, bool, datetime.date, datetime.datetime, datetime.time,
datetime.timedelta, "" for an empty cell, `ErrorValue` or `NO_RESULT` where Excel has no value to give, and a
`Disagreement` where several cells say different things of one fact.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tracker_schema.columns.excel_limits import EPOCH
from tracker_schema.columns.privacy import quotable
from tracker_schema.columns.schema import Column, plain
from tracker_schema.wording import DAYS, MONTHS, nearest

Cell = Any

EXAMPLE = "Type it as day/month/year, for example 05/11/2026."

# A bare number is taken for a date only within these years: no reference, age or count is mistaken for one.
_SERIAL_FROM, _SERIAL_TO = dt.date(1950, 1, 1), dt.date(2099, 12, 31)
# Nobody in a tracker was born, or did anything, outside these years.
_FIRST_YEAR, _LAST_YEAR = 1900, 2099

_MONTH_NUMBERS = {name[:letters].lower(): number for number, name in enumerate(MONTHS, 1) for letters in (3, 9)}
_MONTH_NUMBERS |= {"sept": 9}
_WEEKDAY_NUMBERS = {name[:letters].lower(): number for number, name in enumerate(DAYS) for letters in (3, 9)}
_WEEKDAY_NUMBERS |= {"tues": 1, "thur": 3, "thurs": 3}
# A time of day may follow, and is left aside; one that names a time zone may not, for it can mean another day here.
_TIME = r"(?:[T\s,]+(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d(?:\.\d+)?)?\s*(?:am|pm)?)?"
_FLAGS = re.IGNORECASE | re.ASCII
_BRITISH = re.compile(rf"(\d{{1,2}})\s*([/.-])\s*(\d{{1,2}})\s*\2\s*(\d{{2}}|\d{{4}}){_TIME}", _FLAGS)
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", _FLAGS)
_WORDS = re.compile(
    r"(?:([a-z]{3,9})[,.]?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?([a-z]{3,9})[.,]?[\s-]+(\d{2}|\d{4})" + _TIME,
    _FLAGS,
)
_SERIAL = re.compile(r"\d{5}(?:\.0*)?", re.ASCII)
_NOT_COMPARED = re.compile(r"[\s.,;:/'’_-]+")
NOT_YET = frozenset({"", "na", "n/a", "tbc", "tba", "tbd", "none", "pending", "unknown", "notknown", "no"})
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


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """The cells of a column as values.

    values: a text, a date or None for each cell; None also for a cell that cannot be read
    faults: what is wrong with a cell, by its position; after a fault that is `blocking` the cell has no value
    """

    values: list[str | dt.date | None]
    faults: dict[int, Fault]


def read_column(
    column: Column,
    cells: Sequence[Cell],
    synonyms: Mapping[str, Sequence[str]],
    own_words: Mapping[str, str] = MappingProxyType({}),
    *,
    date_1904: bool,
) -> ColumnValues:
    """Return the values of `cells`, read as the schema's `column`.

    `synonyms` maps a choice to other ways of writing it. `own_words` maps this council's own words for the choices of
    this column to the choice they mean ("": the cell counts as empty); they go before the synonyms. In a date column
    they all count as empty. `date_1904` means that the workbook counts its days from 1904.
    """
    if not any(cells) and cells.count("") == len(cells):  # the commonest column, and the quickest to see
        return ColumnValues([None] * len(cells), {})
    if column.type == "date":
        empty = {_normalized(word) for word in own_words}
        cells = [_unless_one_of(cell, empty) for cell in cells] if empty else cells
        return _read_each(cells, lambda cell: parse_date(cell, date_1904=date_1904))
    known = choice_words(column.choices, synonyms, own_words)
    return _read_each(cells, (lambda cell: parse_choice(cell, known)) if known else parse_text)


def _unless_one_of(cell: Cell, words: Collection[str]) -> Cell:
    return "" if isinstance(cell, str) and _normalized(cell) in words else cell


_Read = tuple[str | dt.date | None, Fault | None]


def _read_each(cells: Sequence[Cell], read: Callable[[Cell], _Read]) -> ColumnValues:
    """Return what `read` makes of each cell.

    A column repeats the same few cells, so each different cell is read once.
    """

    def read_or_fault(cell: Cell) -> _Read:
        try:
            return read(cell)
        except Unreadable as complaint:
            return None, complaint.fault

    different = set(cells)
    if True in different or False in different:  # to a set TRUE and 1 are one thing, and not so as cells
        read_cells = [read_or_fault(cell) for cell in cells]
    else:
        read_once = {cell: read_or_fault(cell) for cell in different}
        if not any(fault for _, fault in read_once.values()):
            values_once = {cell: value for cell, (value, _) in read_once.items()}
            return ColumnValues([values_once[cell] for cell in cells], {})
        read_cells = [read_once[cell] for cell in cells]
    faults = {position: fault for position, (_, fault) in enumerate(read_cells) if fault}
    return ColumnValues([value for value, _ in read_cells], faults)


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
    _refuse_without_value(cell)
    if isinstance(cell, float):
        return (str(int(cell)) if cell.is_integer() else repr(cell)), None
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}", None
    return str(cell), None


def parse_date(cell: Cell, *, date_1904: bool = False) -> tuple[dt.date | None, Fault | None]:
    """Return the cell as a date, None for an empty one; with a fault if it can be read but should be corrected.

    `date_1904` means that the workbook counts its days from 1904. Raises Unreadable for anything but a British date, an
    ISO date, or a number with which Excel stores one.
    """
    if isinstance(cell, dt.date):
        return _in_range(cell.date() if isinstance(cell, dt.datetime) else cell), None
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _date_of_serial(cell, date_1904)
    if isinstance(cell, str):
        text = cleaned(cell)
        if not text:
            return None, None
        return _date_of_serial(float(text), date_1904) if _SERIAL.fullmatch(text) else (_date_of_text(text), None)
    _refuse_without_value(cell)
    if isinstance(cell, dt.time):
        raise _no_date("holds a time of day without a date")
    raise _no_date("does not hold a date")


def _date_of_serial(number: float, date_1904: bool) -> tuple[dt.date, Fault]:
    epoch = EPOCH[date_1904]
    if not (_SERIAL_FROM - epoch).days <= number < (_SERIAL_TO - epoch).days + 1:
        raise _no_date("holds a number that is not a date")
    day = epoch + dt.timedelta(days=int(number))
    predicate = f"holds the plain number {int(number)}, which is how Excel stores {day:%d/%m/%Y}"
    unquoted = "holds a plain number instead of a date"
    return day, Fault("date-as-number", predicate, unquoted, "Format the cell as a date.", blocking=False)


def _date_of_text(text: str) -> dt.date:
    if match := _BRITISH.fullmatch(text):
        day, _, month, year = match.groups()
        return _checked(text, year, int(month), int(day))
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
        return _checked(text, year, int(month), int(day))
    if match := _WORDS.fullmatch(text):
        weekday, day, name, year = match.groups()
        month = _MONTH_NUMBERS.get(name.casefold())
        weekday_number = _WEEKDAY_NUMBERS.get(weekday.casefold()) if weekday else None
        if month and (not weekday or weekday_number is not None):
            date = _checked(text, year, month, int(day))
            if weekday and date.weekday() != weekday_number:
                raise _no_date(f"is a {date:%A}", text)
            return date
    if plain(text) in NOT_YET:
        raise _no_date("is not a date", text, remedy="Leave the cell empty until there is one.")
    raise _no_date("is not a date", text)


def _checked(text: str, year: str, month: int, day: int) -> dt.date:
    if len(year) == 2:
        raise _no_date("has a year of two figures", text, remedy="Type all four, for example 05/11/2026.")
    try:
        date = dt.date(int(year), month, day)
    except ValueError:
        reason = "has no such month (the day comes first)" if month > 12 >= day else "is not a day of the calendar"
        raise _no_date(reason, text) from None
    return _in_range(date, text)


def _in_range(date: dt.date, text: str | None = None) -> dt.date:
    if not _FIRST_YEAR <= date.year <= _LAST_YEAR:
        raise _no_date(f"has the year {date.year}, which cannot be right", text or f"{date:%d/%m/%Y}")
    return date


def _no_date(reason: str, text: str | None = None, *, remedy: str = EXAMPLE) -> Unreadable:
    if text is None:
        return Unreadable(Fault("unreadable-date", reason, reason, remedy))
    unquoted = "does not hold a date that can be read"
    predicate = f"holds “{text}”, which {reason}" if quotable(text) else unquoted
    return Unreadable(Fault("unreadable-date", predicate, unquoted, remedy))


def choice_words(
    choices: Sequence[str],
    synonyms: Mapping[str, Sequence[str]],
    own_words: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Return each way of writing one of `choices`, as `_normalized` has it, with the choice it means ("": empty)."""
    words = {_normalized(word): choice for choice in choices for word in synonyms.get(choice, ())}
    words |= {_normalized(word): choice for word, choice in own_words.items()}
    return words | {_normalized(choice): choice for choice in choices}


def _normalized(choice: str) -> str:
    """Return a choice without the capitals, spaces and punctuation that do not change what it means.

    Stricter than `plain`, with which headings are compared: “No?” is not “No”, and an unknown letter is not dropped.
    """
    return _NOT_COMPARED.sub("", choice.casefold())


def parse_choice(cell: Cell, known: Mapping[str, str]) -> tuple[str | None, Fault | None]:
    """Return the choice that the cell means, None for an empty one; `known` comes from `choice_words`.

    Raises Unreadable for any other text; its fault offers the nearest choice.
    """
    if isinstance(cell, bool):
        cell = "Yes" if cell else "No"
    text, _ = parse_text(cell)
    if text is None:
        return None, None
    words = _normalized(text)
    if words in known:
        return known[words] or None, None
    meant = {word: choice for word, choice in known.items() if choice}
    near = nearest(words, meant, likeness=0.8)
    choices = "; ".join(dict.fromkeys(meant.values()))
    remedy = f"Did you mean “{meant[near]}”?" if near else f"Choose one of: {choices}."
    raise Unreadable(Fault("not-a-choice", "is not on the list", "is not on the list", remedy))


def _refuse_without_value(cell: Cell) -> None:
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
