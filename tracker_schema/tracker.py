"""A tracker as it was read: for each sheet a frame of its cells, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd

from tracker_schema.columns import Column, Sheet
from tracker_schema.parsing import Mask, ParsedColumn, parse_column


@cache
def column_letters(number: int) -> str:
    """The letters of a worksheet's column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters


@dataclass(frozen=True, eq=False)
class SheetAsRead:
    """One sheet of the workbook.

    `frame` has a row for each row of the sheet that holds something of a person's, indexed by its number in the
    worksheet, and a column for each heading that is known, by column id: raw cells, as `parsing` takes them.
    `numbers` maps a column id to its number in the worksheet, `headings` to the heading as it stands.
    A column of ours that is not there yet has the heading it is to get. `unknown` maps the column number of every
    other heading to what it says, `repeated` that of a heading that stands twice to its column id. `next_column` is
    where the next heading of ours goes, `filtered_to` the last column of the sheet's own filter over these headings
    (0: there is none, or it is a table's). `emptied` are cells of ours left on rows from which a person has removed
    everything: row, column number, column id, and what the cell holds. `own_words` holds, by column id, this council's
    own words for choices with the choice that each means.
    """

    sheet: Sheet
    name: str
    heading_row: int
    frame: pd.DataFrame
    numbers: Mapping[str, int]
    headings: Mapping[str, str]
    unknown: Mapping[int, str] = field(default_factory=dict)
    repeated: Mapping[int, str] = field(default_factory=dict)
    next_column: int = 0
    filtered_to: int = 0
    emptied: Sequence[tuple[int, int, str, Any]] = ()
    own_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.frame)

    def heading(self, column: str) -> str:
        """The heading as it stands in the workbook, or the schema's own where the workbook has none."""
        return self.headings.get(column) or self.sheet.columns[column].heading

    @cached_property
    def rows(self) -> list[int]:
        """The number in the worksheet of each row of the frame."""
        numbers: list[int] = self.frame.index.tolist()
        return numbers

    def address(self, column: str, position: int) -> str:
        """Where the cell is, such as “Incidents!K5”: `position` counts the frame's rows from 0."""
        return f"{self.name}!{column_letters(self.numbers[column])}{self.rows[position]}"

    def address_of_headings(self) -> str:
        """Where the headings start, such as “Incidents!A4”."""
        return f"{self.name}!{column_letters(min(self.numbers.values()))}{self.heading_row}"


@dataclass(frozen=True, eq=False)
class Tracker:
    """The sheets of a tracker by the schema's sheet id; `name` is the file's name."""

    name: str
    sheets: Mapping[str, SheetAsRead]
    date_1904: bool = False


class Facts:
    """What a sheet says, column by column, each read once and when it is first asked for."""

    def __init__(self, read: SheetAsRead, synonyms: Mapping[str, Sequence[str]], *, date_1904: bool = False) -> None:
        self.read = read
        self._synonyms = synonyms
        self._date_1904 = date_1904
        self._parsed: dict[str, ParsedColumn] = {}

    def __len__(self) -> int:
        return len(self.read)

    def has(self, column: str) -> bool:
        """Whether the sheet has the column at all."""
        return column in self.read.numbers

    def column(self, column: str) -> ParsedColumn:
        """The column's values; one that the sheet does not have is empty on every row."""
        if column not in self._parsed:
            schema = self.read.sheet.columns[column]
            cells = self.read.frame[column].tolist() if self.has(column) else [""] * len(self)
            self._parsed[column] = self._read(schema, cells)
        return self._parsed[column]

    def _read(self, column: Column, cells: Sequence[object]) -> ParsedColumn:
        own_words = self.read.own_words.get(column.id, {})
        return parse_column(column, cells, self._synonyms, own_words, date_1904=self._date_1904)

    def filled(self, column: str) -> Mask:
        """On which rows the column holds anything, readable or not."""
        return self.column(column).filled

    def is_one_of(self, column: str, *choices: str) -> Mask:
        """On which rows the column holds one of `choices`."""
        return np.isin(self.column(column).values, choices) if choices else np.zeros(len(self), bool)
