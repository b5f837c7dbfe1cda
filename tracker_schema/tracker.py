"""A tracker as it was read: for each sheet a frame of its cells, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from tracker_schema.columns.headings import PLAIN_LOOK, HeadingLook
from tracker_schema.columns.parsing import Mask, ParsedColumn, parse_column
from tracker_schema.columns.schema import Column, Sheet

if TYPE_CHECKING:
    from tracker_schema.problems import Problem


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
    own words for choices with the choice that each means. `struck` are the rows that are struck through from end to
    end; `is_closed` says that every row of the sheet counts as closed, and `notification_type` of which type all of
    them are (None: that is not said by the sheet). `merged_references` are the rows over which one reference is merged.
    `look` is how the headings were looked for, `remarks` what was noticed on the way.

    A log that has several rows for an incident, or stands on several worksheets, is a `GatheredSheet`: a frame of its
    own, put together from the `pages`. Whoever is after cells of the workbook asks `place`, `lines` and `pages`.
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
    struck: frozenset[int] = frozenset()
    is_closed: bool = False
    notification_type: str | None = None
    merged_references: Sequence[range] = ()
    look: HeadingLook = PLAIN_LOOK
    remarks: Sequence[Problem] = ()

    def __len__(self) -> int:
        return len(self.frame)

    def heading(self, column: str) -> str:
        """The heading as it stands in the workbook, or the schema's own where the workbook has none."""
        return self.headings.get(column) or self.sheet.columns[column].heading

    @cached_property
    def rows(self) -> list[int]:
        """The number in its worksheet of each row of the frame; of the first of them, where one stands for several."""
        numbers: list[int] = self.frame.index.tolist()
        return numbers

    @property
    def pages(self) -> Sequence[SheetAsRead]:
        """The worksheets of which this consists."""
        return (self,)

    def lines(self, position: int) -> list[tuple[SheetAsRead, int]]:
        """The rows of the workbook that are about a row of the frame: the worksheet of each, and its number there."""
        return [(self, self.rows[position])]

    def where(self, position: int) -> str:
        """Where a row of the frame stands, for one without a reference: “row 5”, with its sheet if there are more."""
        page, row = self.lines(position)[0]
        return f"{page.name}, row {row}" if len(self.pages) > 1 else f"row {row}"

    def positions_on(self, page: SheetAsRead) -> Sequence[int]:
        """Which row of the frame each row of `page`, one of the pages, is about."""
        return range(len(page))

    def place(self, column: str, position: int) -> Place:
        """The cell of the workbook that holds the fact, or is to hold it: `position` counts the frame's rows from 0."""
        return Place(self, self.rows[position], self.numbers[column], self.heading(column))

    def cell_for(self, column: str, position: int) -> Place | None:
        """That cell; None where no row of the workbook that is about it has one for such a fact."""
        return self.place(column, position) if column in self.numbers else None

    def address(self, column: str, position: int) -> str:
        """Where that cell is, such as “Incidents!K5”."""
        return self.place(column, position).address

    @property
    def side_by_side(self) -> Mapping[str, int]:
        """The numbers of the columns whose cells stand side by side for each row of the frame; else none."""
        return self.numbers

    def address_of_headings(self) -> str:
        """Where the headings start, such as “Incidents!A4”."""
        return f"{self.name}!{column_letters(min(self.numbers.values()))}{self.heading_row}"

    @property
    def counted_closed(self) -> Mask:
        """Which rows of the frame count as closed whether or not they say when."""
        if self.is_closed:
            return np.ones(len(self), bool)
        return np.isin(self.rows, list(self.struck)) if self.struck else np.zeros(len(self), bool)

    @property
    def children(self) -> SheetAsRead | None:
        """The same sheet with a row for each child; None where no incident has several."""
        return None

    @property
    def incident_of(self) -> npt.NDArray[np.int64]:
        """Of a sheet with a row for each child: which incident each is in. Of any other: each row is its own."""
        return np.arange(len(self))

    @property
    def also_called(self) -> Mapping[str, int]:
        """Further references by which an incident is known, in small letters, with its row of the frame."""
        return {}


class Place(NamedTuple):
    """One cell of the workbook: its worksheet, its row and column number there, and the heading above it."""

    page: SheetAsRead
    row: int
    number: int
    heading: str

    @property
    def address(self) -> str:
        """Where the cell is, such as “Incidents!K5”."""
        return f"{self.page.name}!{column_letters(self.number)}{self.row}"


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
        self._children: Facts | None = None

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

    @property
    def children(self) -> Facts:
        """The same facts with a row for each child; these themselves where no incident has several."""
        if self.read.children is None:
            return self
        if self._children is None:
            self._children = Facts(self.read.children, self._synonyms, date_1904=self._date_1904)
        return self._children

    @property
    def children_per_incident(self) -> list[int]:
        """How many children each row is about."""
        counts: list[int] = np.bincount(self.children.read.incident_of, minlength=len(self)).tolist()
        return counts

    def of_every_child(self, mask: Mask) -> Mask:
        """Where `mask` holds for every child of the incident; the facts have a row for each child."""
        incidents = self.read.incident_of
        every = np.ones(len(self), bool)
        np.logical_and.at(every, incidents, mask)
        return every[incidents]

    @cached_property
    def closed(self) -> Mask:
        """On which rows the incident is closed: it says when, or stands where, or as, what is closed does."""
        closed = self.column("closed")
        return closed.filled & ~closed.unreadable | self.read.counted_closed

    def filled(self, column: str) -> Mask:
        """On which rows the column holds anything, readable or not."""
        return self.column(column).filled

    def is_one_of(self, column: str, *choices: str) -> Mask:
        """On which rows the column holds one of `choices`."""
        return np.isin(self.column(column).values, choices) if choices else np.zeros(len(self), bool)
