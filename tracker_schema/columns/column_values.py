"""A whole column of cells as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tracker_schema.columns.choices import choice_words, normalized, parse_choice
from tracker_schema.columns.dates import parse_date
from tracker_schema.columns.parsing import Cell, Fault, Unreadable, parse_reference, parse_text
from tracker_schema.columns.schema import Column


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
        empty = {normalized(word) for word in own_words}
        cells = [_unless_one_of(cell, empty) for cell in cells] if empty else cells
        return _read_each(cells, lambda cell: parse_date(cell, date_1904=date_1904))
    known = choice_words(column.choices, synonyms, own_words)
    if column.id == "reference":
        return _read_each(cells, parse_reference)
    return _read_each(cells, (lambda cell: parse_choice(cell, known)) if known else parse_text)


def _unless_one_of(cell: Cell, words: Collection[str]) -> Cell:
    return "" if isinstance(cell, str) and normalized(cell) in words else cell


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
