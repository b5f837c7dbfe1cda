"""Which rows below the headings of a log are its entries: not keys, notes, titles, examples or numbers in advance."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tracker_schema.columns.parsing import Cell, Unreadable, is_blank, parse_text
from tracker_schema.columns.references import Style, styles_of
from tracker_schema.columns.schema import INCIDENTS, Sheet
from tracker_schema.layouts.layouts import DATE, PREFIX

_EXAMPLE = re.compile(r"\W*(?:e\.?\s?g\b|for example\b|examples?\b|sample\b)", re.IGNORECASE)
_CLOSED = re.compile(r"\b(?:closed|archived?|completed|historic|finished|ended)\b", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:open|current|live|active|ongoing|new)\b", re.IGNORECASE)
_SIGNATURE = re.compile(r"(?:last |date )?(?:updated|reviewed|checked|signed|amended|printed|as at)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d")

# A title of a section has no more words; a longer text is a note.
_WORDS_OF_A_TITLE = 5
# A reference has no more words, and a row with a longer text in its place and little else is a note.
_WORDS_OF_A_REFERENCE = 3


@dataclass(frozen=True)
class RowKinds:
    """What the rows below the headings are, by their numbers in the worksheet.

    entries: the rows of the log
    in_advance: the references that are typed in advance, in rows with nothing else, by row number
    left_out: the rows with a text that is no entry and no reference in advance
    closed: the entries below a title that says they are closed
    """

    entries: Sequence[int]
    in_advance: Mapping[int, str]
    left_out: Sequence[int]
    closed: frozenset[int] = frozenset()


class RowSorter:
    """Sorts the rows of one worksheet.

    sheet: the sheet as which it is read
    numbers: by column id, the number of the column
    others: the numbers of further columns with a heading
    """

    def __init__(self, sheet: Sheet, numbers: Mapping[str, int], others: Collection[int] = ()) -> None:
        self._persons = {column: number for column, number in numbers.items() if not sheet.columns[column].by_script}
        self._all = sorted({*self._persons.values(), *others})
        key = sheet.row_key[0]
        self._reference = numbers[key]
        self._keys = {numbers[column] for column in (key, PREFIX) if column in numbers}
        self._is_whole = PREFIX not in numbers
        self._is_log = sheet.id == INCIDENTS
        dates = [column for column in self._persons if sheet.columns[column].type == "date"]
        aware = [column for column in dates if column in ("aware_date", DATE)] if self._is_log else []
        impersonal = [column for column in dates if not sheet.columns[column].personal]
        self._dates = [self._persons[column] for column in aware or impersonal]

    def sort(
        self,
        rows: Sequence[tuple[int, Sequence[Cell]]],
        merged: Collection[range] = (),
        separators: Collection[int] = (),
        repeated: Collection[int] = (),
    ) -> RowKinds:
        """Return what each of `rows` is: each with its number and its cells from column A on.

        `merged` are the rows over which one reference is merged, `separators` the rows whose reference is merged with
        the cells beside it, `repeated` the numbers of the rows in which the headings are repeated.
        """
        below_first = {row for area in merged for row in area}
        asides = {row for row, cells in rows if self._is_aside(cells)}
        dated = [cells for row, cells in rows if row not in asides and self._is_dated(cells)]
        styles = styles_of(filter(None, map(self._text, dated)))
        entries: list[int] = []
        closed: list[int] = []
        left_out: list[int] = []
        alone: dict[int, str] = {}
        is_closed = False
        for row, cells in rows:
            if row in repeated:
                continue
            is_entry = row in below_first or (row not in asides and self._is_entry(cells, styles))
            if row not in separators and is_entry:
                entries.append(row)
                closed += [row] if is_closed else []
                continue
            text = self._only_text(cells)
            reference = self._text(cells)
            if text and len(text.split()) <= _WORDS_OF_A_TITLE and not self._style_of(styles, reference):
                is_closed = bool(_CLOSED.search(text)) or (is_closed and not _OPEN.search(text))
            if self._is_log and row not in separators and reference and self._is_alone(cells):
                alone[row] = reference
            else:
                left_out.append(row)
        in_advance = self._in_advance(alone, entries, closed, styles)
        left_out += alone.keys() - in_advance.keys()
        return RowKinds(entries, in_advance, sorted(left_out), frozenset(closed))

    def _is_entry(self, cells: Sequence[Cell], styles: Collection[Style]) -> bool:
        if self._is_dated(cells):
            return True
        reference = self._text(cells)
        facts = self._facts(cells)
        if not self._is_log:
            return (
                bool(facts)
                and (reference is None or len(reference.split()) <= _WORDS_OF_A_REFERENCE)
                and (self._has_figure(reference) or not styles or facts > 1)
            )
        if not reference or not facts:
            return False
        if styles:
            return self._style_of(styles, reference) is not None
        return self._has_figure(reference) and len(reference.split()) <= _WORDS_OF_A_REFERENCE

    def _in_advance(
        self, alone: Mapping[int, str], entries: Sequence[int], closed: Sequence[int], styles: Collection[Style]
    ) -> dict[int, str]:
        """Return the references typed in advance: those below the last entry that is not in a closed section."""
        is_open = [row for row in entries if row not in closed]
        after = is_open[-1] if is_open else 0
        before = min((row for row in closed if row > after), default=None)
        found: dict[int, str] = {}
        for row, reference in alone.items():
            style = self._style_of(styles, reference)
            if (
                self._is_whole
                and row > after
                and (before is None or row < before)
                and style
                and style.may_follow(reference)
            ):
                found[row] = reference
        return found

    def _style_of(self, styles: Collection[Style], reference: str | None) -> Style | None:
        return next((style for style in styles if reference and style.fits(reference)), None)

    def _is_dated(self, cells: Sequence[Cell]) -> bool:
        return any(_may_be_date(cells[number - 1]) for number in self._dates)

    def _is_aside(self, cells: Sequence[Cell]) -> bool:
        """Return True if the row is an example or a signature, whatever dates it holds."""
        return self._is_example(cells) or (self._is_dated(cells) and self._is_signature(cells))

    def _is_example(self, cells: Sequence[Cell]) -> bool:
        """Return True if the row says that it is an example."""
        reference = cells[self._reference - 1]
        if isinstance(reference, str) and _EXAMPLE.match(reference):
            return True
        texts = (cells[number - 1] for number in self._all if number <= len(cells))
        return any(isinstance(text, str) and 0 < len(text) <= _LONGEST_MARK and _says_example(text) for text in texts)

    def _is_signature(self, cells: Sequence[Cell]) -> bool:
        """Return True if a row with a date is a signature, such as “Last updated”."""
        reference = self._text(cells)
        if not reference or not (reference.endswith(":") or _SIGNATURE.match(reference)):
            return False
        return self._facts(cells) <= 2

    def _facts(self, cells: Sequence[Cell]) -> int:
        """Return how many cells of people's columns are filled, the reference aside."""
        return sum(not is_blank(cells[number - 1]) for number in self._persons.values() if number not in self._keys)

    def _is_alone(self, cells: Sequence[Cell]) -> bool:
        return all(
            is_blank(cells[number - 1]) for number in self._all if number not in self._keys and number <= len(cells)
        )

    def _only_text(self, cells: Sequence[Cell]) -> str | None:
        filled = [cell for cell in cells if not is_blank(cell)]
        return filled[0] if len(filled) == 1 and isinstance(filled[0], str) else None

    def _text(self, cells: Sequence[Cell]) -> str | None:
        try:
            return parse_text(cells[self._reference - 1])[0]
        except Unreadable:
            return None

    def _has_figure(self, reference: str | None) -> bool:
        return bool(reference and _FIGURE.search(reference))


_SAYS_EXAMPLE = frozenset({"example", "example only", "example row", "for example", "sample", "e.g", "eg"})
_LONGEST_MARK = 30


def _may_be_date(cell: Cell) -> bool:
    """Return True if a cell is a date, a number, or a text with a figure in it, readable or not."""
    if isinstance(cell, str):
        return bool(_FIGURE.search(cell))
    return isinstance(cell, dt.date | float) and not isinstance(cell, bool)


def row_ranges(rows: Iterable[int]) -> str:
    """Return the numbers of rows in words, such as “8 to 10 and 12”."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    words = [f"{run[0]} to {run[-1]}" if len(run) > 2 else " and ".join(map(str, run)) for run in runs]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


@cache
def _says_example(text: str) -> bool:
    return text.strip(" .:()[]-").casefold() in _SAYS_EXAMPLE
